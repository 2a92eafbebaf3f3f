"""The overview counted once more, by loops that a reader can check by eye: nothing of it is shared with the package."""

from collections import defaultdict

import pandas as pd


def sessions_of(frame, gap="30min", by=None):
    """Every session as a dict: who, start, events, seconds, group; a pause longer than `gap` begins a new one."""
    found = []
    for who, rows in frame.sort_values(["timestamp", "event"], kind="stable").groupby("customer_id"):
        last = None
        for row in rows.to_dict("records"):
            if last is None or row["timestamp"] - last > pd.Timedelta(gap):
                found.append({"who": who, "start": row["timestamp"], "rows": []})
            found[-1]["rows"].append(row)
            last = row["timestamp"]
    for session in found:
        first = [row for row in session["rows"] if row["timestamp"] == session["start"]]
        values = ["(not set)" if pd.isna(row[by]) else row[by] for row in first] if by else [""]
        session["group"] = min(values, key=lambda value: (value == "(not set)", value))
        session["seconds"] = int((session["rows"][-1]["timestamp"] - session["start"]).total_seconds())
    return found


def month(time):
    return time.strftime("%Y-%m-01")


def traffic_twin(frame, by=None, gap="30min"):
    """(month, group) -> counts; the group is None for all."""
    found = defaultdict(lambda: defaultdict(int))
    sessions = sessions_of(frame, gap, by)
    visitors, first = defaultdict(set), {}
    for session in sorted(sessions, key=lambda one: one["start"]):
        first.setdefault(session["who"], session)
    for session in sessions:
        n = len(session["rows"])
        for group in {None, session["group"]} if by else {None}:
            own = found[month(session["start"]), group]
            visitors[month(session["start"]), group].add(session["who"])
            own["sessions"] += 1
            own["pages"] += n
            own["bounces"] += n == 1
            own["timed_sessions"] += n > 1
            own["visit_seconds"] += session["seconds"] if n > 1 else 0
            own["new_visitors"] += first[session["who"]] is session
    for key, who in visitors.items():
        found[key]["visitors"] = len(who)
    return found


def sales_twin(frame):
    """month -> counts and minor units."""
    found, first = defaultdict(lambda: defaultdict(int)), {}
    buyers = defaultdict(set)
    for row in frame.sort_values("order_date").to_dict("records"):
        own, minor = found[month(row["order_date"])], row["amount_minor"]
        own["revenue"] += minor
        if minor > 0:
            own["orders"] += 1
            own["sold"] += minor
            buyers[month(row["order_date"])].add(row["customer_id"])
            first.setdefault(row["customer_id"], month(row["order_date"]))
        elif minor < 0:
            own["refunds"] += 1
            own["refunded"] -= minor
        else:
            own["free_orders"] += 1
    for start, who in buyers.items():
        found[start]["buyers"] = len(who)
        found[start]["new_customers"] = sum(first[one] == start for one in who)
        found[start]["returning_customers"] = sum(first[one] < start for one in who)
    return found


def conversion_twin(frame, orders, grace="30min", by=None):
    """(month, group) -> counts; a session converts with a purchase between its start and `grace` after its end.

    A visitor converts with a purchase in the month, or with a session of the month that converts.
    """
    found = defaultdict(lambda: defaultdict(int))
    sessions = sessions_of(frame, "30min", by)
    mine = defaultdict(list)
    for session in sessions:
        mine[session["who"]].append(session)
    bought, converting = defaultdict(set), set()
    for row in orders[orders["amount"] > 0].to_dict("records"):
        bought[row["customer_id"]].add(month(row["order_date"]))
        before = [one for one in mine[row["customer_id"]] if one["start"] <= row["order_date"]]
        last = max(before, key=lambda one: one["start"], default=None)
        if last and row["order_date"] <= last["rows"][-1]["timestamp"] + pd.Timedelta(grace):
            converting.add(id(last))
            bought[row["customer_id"]].add(month(last["start"]))
    people = defaultdict(set)
    for session in sessions:
        for group in {None, session["group"]} if by else {None}:
            own = found[month(session["start"]), group]
            own["sessions"] += 1
            own["converted_sessions"] += id(session) in converting
            people[month(session["start"]), group].add(session["who"])
    for (start, group), who in people.items():
        found[start, group]["visitors"] = len(who)
        found[start, group]["converted_visitors"] = sum(start in bought[one] for one in who)
    return found
