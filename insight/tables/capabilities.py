"""What tables can answer, and what is missing where they cannot, with the visitor's own numbers."""

from collections.abc import Callable

import pandas as pd

from insight.language import _, _n, count, day
from insight.tables.activity import Activity, activity
from insight.tables.contract_columns import contract_columns
from insight.tables.needs import KINDS, NEEDS

FEWEST_KINDS = 2  # kinds of event that make a funnel or a path
FEWEST_DAYS = 14  # of data: two periods of the shortest useful length, a week
FEWEST_RETURNS = 30  # customers who came back, to say how long a silence is usual
FEWEST_BUYERS = 5  # as many as there are scores
FEWEST_ALIKE = 50  # customers that clusters need
MODEL_CUSTOMERS = 100  # a model of purchases asks for so many customers
MODEL_REPEATERS = 100  # with orders on two days or more
MODEL_GAPS = 3  # and for data as long as so many usual (median) gaps between orders
FEWEST_CHANNELS = 2  # to share a conversion among
COUNTED = ("events", "orders")  # tables whose customers are counted, wherever their rows lie
Answer = tuple[bool, str]
Active = dict[str, Activity]  # kind of table -> how active its customers are


def capabilities(
    tables: dict[str, object],
    *,
    missing: dict[str, list[str]] | None = None,
    active: dict[str, Activity] | None = None,
) -> pd.DataFrame:
    """Which analyses these tables can carry: analysis, possible, reason.

    tables : kind -> table, as the `read_...` functions return them
    missing : kind -> canonical columns that a file lacks for it, where there is one file only; a kind without gaps is
        one that the file can be read as too
    active : kind -> activity of the tables of events and orders, where it is known; else it is counted
    `reason` says with numbers what there is, or what is missing.

    >>> from insight import read_events
    >>> events = read_events(b"user,event,time\\nana,visit,2026-01-01 09:00\\nana,buy,2026-01-01 09:05\\n")
    >>> capabilities({"events": events}).to_dict("records")[0]
    {'analysis': 'overview', 'possible': True, 'reason': '2 events of 1 customer on 1 day.'}
    """
    if active is None:
        active = {kind: activity(table) for kind, table in tables.items() if kind in COUNTED}
    rows = []
    for analysis, (kinds, ask) in ANALYSES.items():
        there = [tables[kind] for kind in kinds if kind in tables]
        asked = [ask(table, active) for table in there] or [(False, _no_table(kinds, missing or {}))]
        possible, reason = next((answer for answer in asked if answer[0]), asked[0])
        rows.append({"analysis": analysis, "possible": possible, "reason": reason})
    return pd.DataFrame(rows, columns=["analysis", "possible", "reason"])


def _no_table(kinds: tuple[str, ...], missing: dict[str, list[str]]) -> str:
    told = [kind for kind in kinds if kind in missing and kind != "customers"]  # any list of ids is one
    other = next((kind for kind in told if not missing[kind]), None)
    if other is not None:
        return _("Read the file as {kind} to answer this.", kind=KINDS[other])
    if told:
        lacking = min((missing[kind] for kind in told), key=len)
        return _("Needs {columns}.", columns=", ".join(NEEDS[name] for name in lacking))
    return _("Needs {tables}.", tables=_(" or ").join(KINDS[kind] for kind in kinds))


def _customers(n: int) -> str:
    return _n("{n} customer", "{n} customers", n, n=count(n))


# -- events -----------------------------------------------------------------------------------------------------------


def _chains(events, active: Active) -> Answer:
    """Funnel and journeys: one thing and then another."""
    found = active[events.kind]
    kinds = len(found.kinds)
    if kinds < FEWEST_KINDS:
        return False, _("The file has one kind of event only; it needs two.")
    if found.customers == found.rows:
        return False, _("Every customer has one event only: nobody goes from one to another.")
    return True, _("{customers} and {kinds} kinds of event.", customers=_customers(found.customers), kinds=count(kinds))


def _attribution(table, active: Active) -> Answer:
    if table.kind == "paths":
        n = len(table.frame)
        return True, _n("{n} path.", "{n} paths.", n, n=count(n))
    if table.kind == "contacts":
        return _contacted(table, active)
    if "channel" not in table.facts.columns:
        return False, _("Needs a channel column in the events.")
    found = active[table.kind]
    channels = len(found.channels)
    if channels < FEWEST_CHANNELS:
        return False, _("The events come through one channel only; it needs two.")
    if len(found.kinds) < FEWEST_KINDS and "orders" not in active:
        return False, _("Needs an event that counts as a conversion, or a table of orders.")
    return True, _("{customers} and {n} channels.", customers=_customers(found.customers), n=count(channels))


def _contacted(contacts, active: Active) -> Answer:
    """Messages as touches before orders."""
    channels = contacts.frame["channel"].nunique() if "channel" in contacts.frame else 0
    if channels < FEWEST_CHANNELS:
        return False, _("Needs contacts through two channels, or events with a channel column.")
    if "orders" not in active:
        return False, _("Needs a table of orders beside the contacts.")
    customers = _customers(contacts.frame["customer_id"].nunique())
    return True, _("{customers} and {n} channels.", customers=customers, n=count(channels))


# -- events or orders -------------------------------------------------------------------------------------------------


def _overview(table, active: Active) -> Answer:
    found = active[table.kind]
    if table.kind == "events":
        values = {"events": count(found.rows), "customers": _customers(found.customers), "n": count(found.n_days)}
        return True, _n("{events} events of {customers} on {n} day.", "{events} events of {customers} over {n} days.",
                        found.n_days, **values)  # fmt: skip
    return _buyers(table, active)


def _retention(table, active: Active) -> Answer:
    found = active[table.kind]
    if not found.rows:
        return False, _NO_PURCHASES
    if found.n_days < FEWEST_DAYS:
        return False, _n(
            "Needs {least} days of data; you have {n}.", "Needs {least} days of data; you have {n}.",
            found.n_days, least=count(FEWEST_DAYS), n=count(found.n_days),
        )  # fmt: skip
    if not found.returned:
        return False, _("Nobody comes back: every customer has one day only.")
    return True, _("{customers} over {n} days.", customers=_customers(found.customers), n=count(found.n_days))


def _churn(table, active: Active) -> Answer:
    if table.kind == "customers":
        return _contracts(table)
    possible, reason = _retention(table, active)
    if not possible:
        return possible, reason
    returned = active[table.kind].returned
    if returned < FEWEST_RETURNS:
        needs = _("Needs {least} customers who came back; you have {n}.", least=FEWEST_RETURNS, n=count(returned))
        return False, needs
    return True, _n("{n} customer came back.", "{n} customers came back.", returned, n=count(returned))


def _contracts(customers) -> Answer:
    """Customers with a contract, of whom the table says when it began and ended, or how long it lasted."""
    columns = contract_columns(customers)
    if not columns:
        return False, _("Needs the days on which customers came and left, or how long each stayed and who is gone.")
    named = {"customers": _customers(len(customers.frame)), "columns": ", ".join(columns.values())}
    return True, _("{customers} with a contract ({columns}).", **named)


# -- orders -----------------------------------------------------------------------------------------------------------

_NO_PURCHASES = _("No order has an amount above zero.")


def _buyers(orders, active: Active) -> Answer:
    currencies = orders.facts.currencies
    if len(currencies) > 1:
        return False, _("Several currencies: {codes}. Keep one of them.", codes=", ".join(sorted(currencies)))
    found = active[orders.kind]
    if not found.rows:
        return False, _NO_PURCHASES
    return True, _(
        "{orders} purchases of {customers}.", orders=count(found.rows), customers=_customers(found.customers)
    )  # fmt: skip


def _segments(table, active: Active) -> Answer:
    """Scores of purchases; of a table of customers clusters and profiles."""
    if table.kind == "customers":
        n = len(table.frame)
        if n < FEWEST_ALIKE:
            return False, _("Needs {least} customers to compare; you have {n}.", least=FEWEST_ALIKE, n=count(n))
        return True, _("{customers} to compare.", customers=_customers(n))
    possible, reason = _buyers(table, active)
    if possible and (n := active[table.kind].customers) < FEWEST_BUYERS:
        return False, _("Needs {least} customers who bought; you have {n}.", least=FEWEST_BUYERS, n=count(n))
    return possible, reason


def _clv(orders, active: Active) -> Answer:
    """By formula wherever somebody bought, and whether a model is possible, too; of contracts, what they keep."""
    if orders.kind == "customers":
        return _contracts(orders)
    possible, reason = _buyers(orders, active)
    if not possible:
        return possible, reason
    found = active[orders.kind]
    if lacks := model_lacks(found):
        return True, _("{purchases} By formula only: {lacks}", purchases=reason, lacks=lacks)
    values = {"customers": _customers(found.customers), "n": count(found.returned)}
    return True, _("{customers}, {n} with orders on 2 days.", **values)


def model_lacks(found: Activity) -> str:
    """What a model of repeat buying lacks, in numbers, for customers so active; "" where it lacks nothing."""
    n, repeaters = found.customers, found.returned
    if n < MODEL_CUSTOMERS:
        return _("a model needs {least} customers who bought; you have {n}.", least=MODEL_CUSTOMERS, n=count(n))
    if repeaters < MODEL_REPEATERS:
        return _("a model needs {least} customers with orders on 2 days; you have {n}.",
                 least=MODEL_REPEATERS, n=count(repeaters))  # fmt: skip
    if found.n_days < MODEL_GAPS * found.usual_gap:
        return _(
            "a model needs {least} days of data, {times} times the usual gap between orders; you have {n}.",
            least=count(MODEL_GAPS * found.usual_gap), times=MODEL_GAPS, n=count(found.n_days),
        )  # fmt: skip
    return ""


# -- campaigns --------------------------------------------------------------------------------------------------------


def _campaigns(campaigns, _active: Active) -> Answer:
    frame = campaigns.frame
    if len(campaigns.currencies or []) > 1:
        return False, _("Several currencies: {codes}. Keep one of them.", codes=", ".join(campaigns.currencies))
    if not (frame["spend_minor"] > 0).any():
        return False, _("Nothing was spent: every spend is zero.")
    outcomes = [name for name in ("impressions", "clicks", "conversions", "revenue") if name in frame]
    if not outcomes:
        return False, _("Needs clicks, conversions or revenue beside the spend.")
    first, last = day(frame["date"].min()), day(frame["date"].max())
    if "revenue" not in frame:
        return True, _("{first} to {last}; without revenue there is no ROAS and no ROI.", first=first, last=last)
    return True, _("{first} to {last}.", first=first, last=last)


def _audiences(table, active: Active) -> Answer:
    n = active[table.kind].customers if table.kind in active else table.frame["customer_id"].nunique()
    return True, _n("{n} customer to choose from.", "{n} customers to choose from.", n, n=count(n))


ANALYSES: dict[str, tuple[tuple[str, ...], Callable]] = {  # analysis -> tables it can start from, and what it asks
    "overview": (("events", "orders"), _overview),
    "funnel": (("events",), _chains),
    "journeys": (("events",), _chains),
    "cohorts": (("orders", "events"), _retention),
    "churn": (("orders", "events", "customers"), _churn),
    "segments": (("orders", "customers"), _segments),
    "clv": (("orders", "customers"), _clv),
    "campaigns": (("campaigns",), _campaigns),
    "attribution": (("events", "contacts", "paths"), _attribution),
    "audiences": (("events", "orders", "customers", "contacts"), _audiences),
}
