"""What stands between an audience and the people who may be contacted: consent, unsubscribing, a purchase, a cap."""

from dataclasses import dataclass
from datetime import date

from insight.audiences import Audience, audience_ids
from insight.audiences.consent import consent_columns, consenting, refusal_columns, refusing
from insight.audiences.crowd import row_times
from insight.errors import InsightError, NotEnoughData
from insight.language import _, _n, count
from insight.language import day as day_in_words
from insight.periods import day_start, timestamp

BOUGHT = ("purchase", "order", "buy", "bought", "transaction", "order_completed")  # events that say so, without orders
WEEK = 7  # days of the cap


@dataclass(frozen=True, eq=False)
class Step:
    """What was asked, in words, and who is left after it, in ascending order."""

    kind: str
    name: str
    ids: list[str]


def steps_of(
    ids: list[str], audience: Audience, tables: dict, asked: dict, *, known_by: str | None = None
) -> tuple[list[Step], list[str]]:
    """The audience and what each step leaves of it; and what could not be asked, as sentences.

    known_by : the last day of which is known who unsubscribed; None: all that the table says. A file leaves today,
        whatever day its audience is of
    """
    steps, warnings = [Step("audience", _("The audience"), ids)], []
    for name in ("suppress_days", "cap"):
        if asked[name] is not None:
            check_whole(name, asked[name], " or None")
    asked = asked | {"known_by": known_by}
    for ask in (_consent, _refused, _unsubscribed, _bought, _cap):
        found, warning = ask(audience, tables, asked)
        warnings += [warning] if warning else []
        if found is not None:
            kind, name, stays = found
            steps.append(Step(kind, name, [one for one in steps[-1].ids if stays(one)]))
    return steps, warnings


def check_whole(name: str, value: object, otherwise: str = "") -> None:
    """Raises InsightError for a setting that is no whole number from 1 up; `otherwise` : what else it may be."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InsightError(f"{name} = {value!r} must be a whole number from 1 up{otherwise}.")


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


def _refused(_audience: Audience, tables: dict, asked: dict):
    if not asked["unsubscribed"]:
        return None, None
    customers, warning = tables.get("customers"), None
    columns, unread = refusal_columns(customers)
    if unread:
        warning = _n("The column {names} seems to say who refused, but its answers are not yes and no: check it before "
                     "anybody is written to.",
                     "The columns {names} seem to say who refused, but their answers are not yes and no: check them "
                     "before anybody is written to.", len(unread), names=", ".join(unread))  # fmt: skip
    if not columns:
        return None, warning
    gone = set().union(*(refusing(customers, column) for column in columns))
    name = _("who did not refuse ({columns})", columns=", ".join(columns))
    return ("refused", name, lambda one: one not in gone), warning


def _unsubscribed(_audience: Audience, tables: dict, asked: dict):
    if not asked["unsubscribed"] or "contacts" not in tables:
        return None, None
    contacts = tables["contacts"]
    left = contacts.frame["outcome"].eq("unsub").to_numpy(bool, na_value=False)
    if asked["known_by"] is not None:
        left = left & (row_times(contacts) < day_start(asked["known_by"], contacts.timezone, days_later=1))
    gone = set(contacts.frame["customer_id"][left])
    return ("unsubscribed", _("who never unsubscribed"), lambda one: one not in gone), None


def _bought(audience: Audience, tables: dict, asked: dict):
    days = asked["suppress_days"]
    if days is None:
        return None, None
    if "orders" in tables:
        rule, ends = {"measure": "days_since_last", "is": "<=", "value": days, "table": "orders"}, "orders"
    else:
        kinds = tables["events"].facts.events if "events" in tables else ()
        event = next((name for name in BOUGHT if name in kinds), None)
        if event is None:
            return None, _("Who has bought lately could not be left out: there are no orders, and no event called "
                           "purchase.")  # fmt: skip
        rule, ends = {"did": event, "days": days}, "events"
    lately = _who(rule, audience, tables)
    name = _n("who did not buy in the last {n} day", "who did not buy in the last {n} days", days, n=count(days))
    return ("bought", name, lambda one: one not in lately), _stale(ends, audience, tables)


def _cap(audience: Audience, tables: dict, asked: dict):
    most = asked["cap"]
    if most is None:
        return None, None
    if "contacts" not in tables:
        return None, _("How often people were written to is not known: there is no table of contacts.")
    often = _who({"did": "sent", "table": "contacts", "at_least": most, "days": WEEK}, audience, tables, "sent")
    name = _n("who was sent fewer than {n} message in the last 7 days",
              "who was sent fewer than {n} messages in the last 7 days", most, n=count(most))  # fmt: skip
    return ("cap", name, lambda one: one not in often), _stale("contacts", audience, tables)


def _stale(kind: str, audience: Audience, tables: dict) -> str | None:
    """What is not known because a table ends long before the audience's day."""
    last = last_day({kind: tables[kind]})
    late = (date.fromisoformat(audience.as_of) - date.fromisoformat(last)).days
    if late <= WEEK:
        return None
    values = {"n": count(late), "day": day_in_words(date.fromisoformat(last))}
    match kind:
        case "orders":
            return _("The orders end on {day}, {n} days before the day of the audience: who bought since then is not "
                     "known.", **values)  # fmt: skip
        case "events":
            return _("The events end on {day}, {n} days before the day of the audience: who bought since then is not "
                     "known.", **values)  # fmt: skip
    return _("The contacts end on {day}, {n} days before the day of the audience: who was written to since then is "
             "not known.", **values)  # fmt: skip


def _who(rule: dict, audience: Audience, tables: dict, outcome: str | None = None) -> set[str]:
    """Who fits a rule, asked of its table alone, as of the audience's day or of the table's last one where that is
    earlier; of what nobody ever did, nobody."""
    kind = rule.get("table", "events")
    table, day = tables[kind], min(audience.as_of, last_day({kind: tables[kind]}))
    if outcome is not None and outcome not in set(table.frame["outcome"]):
        return set()
    try:
        return set(audience_ids(Audience(rule, day), table).tolist())
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
