"""What stands between an audience and the people who may be contacted: consent, unsubscribing, a purchase, a cap."""

from dataclasses import dataclass

from insight.audiences import Audience, audience_ids
from insight.audiences.consent import consent_columns, consenting
from insight.audiences.crowd import row_times
from insight.errors import InsightError, NotEnoughData
from insight.language import _, _n, count
from insight.periods import timestamp

BOUGHT = ("purchase", "order", "buy", "bought", "transaction", "order_completed")  # events that say so, without orders
WEEK = 7  # days of the cap


@dataclass(frozen=True, eq=False)
class Step:
    """What was asked, in words, and who is left after it, in ascending order."""

    kind: str
    name: str
    ids: list[str]


def steps_of(ids: list[str], audience: Audience, tables: dict, asked: dict) -> tuple[list[Step], list[str]]:
    """The audience and what each step leaves of it; and what could not be asked, as sentences."""
    steps, warnings = [Step("audience", _("The audience"), ids)], []
    _check(asked)
    for ask in (_consent, _unsubscribed, _bought, _cap):
        found, warning = ask(audience, tables, asked)
        warnings += [warning] if warning else []
        if found is not None:
            kind, name, stays = found
            steps.append(Step(kind, name, [one for one in steps[-1].ids if stays(one)]))
    return steps, warnings


def _check(asked: dict) -> None:
    for name in ("suppress_days", "cap"):
        value = asked[name]
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            raise InsightError(f"{name} = {value!r} must be a whole number from 1 up, or None.")


def _consent(_audience: Audience, tables: dict, asked: dict):
    customers, column = tables.get("customers"), asked["consent"]
    if column is None:
        return None, _("Nobody was asked for consent: you switched that step off.")
    there = consent_columns(customers)
    if column == "auto":
        if not there:
            return None, _("No column says who agreed to be contacted. Check that before anybody is written to; the "
                           "file’s name and its header say so, too.")  # fmt: skip
        column = there[0]
    agreed = consenting(customers, column)
    return ("consent", _("who agreed ({column})", column=column), agreed.__contains__), None


def _unsubscribed(audience: Audience, tables: dict, asked: dict):
    if not asked["unsubscribed"] or "contacts" not in tables:
        return None, None
    gone = _who({"did": "unsub", "table": "contacts"}, audience, tables, "unsub")
    return ("unsubscribed", _("who never unsubscribed"), lambda one: one not in gone), None


def _bought(audience: Audience, tables: dict, asked: dict):
    days = asked["suppress_days"]
    if days is None:
        return None, None
    if "orders" in tables:
        rule = {"measure": "days_since_last", "is": "<=", "value": days, "table": "orders"}
    else:
        kinds = tables["events"].facts.events if "events" in tables else ()
        event = next((name for name in BOUGHT if name in kinds), None)
        if event is None:
            return None, _("Who has bought lately could not be left out: there are no orders, and no event called "
                           "purchase.")  # fmt: skip
        rule = {"did": event, "days": days}
    lately = _who(rule, audience, tables)
    name = _n("who did not buy in the last {n} day", "who did not buy in the last {n} days", days, n=count(days))
    return ("bought", name, lambda one: one not in lately), None


def _cap(audience: Audience, tables: dict, asked: dict):
    most = asked["cap"]
    if most is None:
        return None, None
    if "contacts" not in tables:
        return None, _("How often people were written to is not known: there is no table of contacts.")
    often = _who({"did": "sent", "table": "contacts", "at_least": most, "days": WEEK}, audience, tables, "sent")
    name = _n("who was sent fewer than {n} message in the last 7 days",
              "who was sent fewer than {n} messages in the last 7 days", most, n=count(most))  # fmt: skip
    return ("cap", name, lambda one: one not in often), None


def _who(rule: dict, audience: Audience, tables: dict, outcome: str | None = None) -> set[str]:
    """Who fits a rule as of the audience's day, asked of its table alone; of what nobody ever did, nobody."""
    table = tables[rule.get("table", "events")]
    if outcome is not None and outcome not in set(table.frame["outcome"]):
        return set()
    try:
        return set(audience_ids(Audience(rule, audience.as_of), table).tolist())
    except NotEnoughData:  # the table begins later
        return set()


def last_day(tables: dict) -> str | None:
    """The last day of any table with customers; None where none has dates."""
    days = [tables[kind].facts.last_day for kind in ("events", "orders") if kind in tables]
    for kind in ("contacts", "feedback"):
        if kind in tables:
            times, zone = row_times(tables[kind]), tables[kind].timezone
            days.append(timestamp(int(times.max()), zone).strftime("%Y-%m-%d"))
    return max(days, default=None)
