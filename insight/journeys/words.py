"""What sentence and picture call things: what is counted, the nodes of a flow, its columns."""

from insight.journeys.results import ARRIVED, END, MORE, START, Paths, Transitions
from insight.journeys.waiting import TOO_FEW
from insight.language import _, _n, count, percent


def counted(result: Paths | Transitions, n: int) -> str:
    """A number of what is counted."""
    if result.unit == "customer":
        return _n("{n} customer", "{n} customers", n, n=count(n))
    return _n("{n} session", "{n} sessions", n, n=count(n))


def counted_title(result: Paths | Transitions) -> str:
    """What is counted, over a column of numbers."""
    return _("Customers") if result.unit == "customer" else _("Sessions")


def events_name(events: str | list | dict) -> str:
    """One of these events, as a choice of them is called, with the conditions on its row.

    >>> events_name("visit"), events_name(["visit", "open_app"])
    ('visit', 'visit / open_app')
    >>> events_name({"events": "visit", "where": [["channel", "==", "ads"]]})
    'visit (channel == ads)'
    """
    if not isinstance(events, dict):
        return events if isinstance(events, str) else " / ".join(events)
    where = ", ".join(" ".join(str(part) for part in condition) for condition in events.get("where") or [])
    return f"{events_name(events['events'])} ({where})" if where else events_name(events["events"])


def each(result: Paths | Transitions) -> str:
    """What has one path, or one row of events."""
    return _("each customer") if result.unit == "customer" else _("each session")


def part(share: float) -> str:
    """A share in a sentence; 100% only where it is all, 0% only where it is nothing.

    >>> part(0.9999), part(1), part(0.0001)
    ('99.9%', '100%', '<0.1%')
    """
    if 0 < share < 0.001:
        return _("<0.1%")
    return percent(min(share, 0.999) if share < 1 else share)


def node_name(event: str, *, short: bool = False) -> str:
    """A node of a flow as people call it; an event and Other by their own name. `short` : for little room."""
    special = {
        START: _("nothing before"), END: _("no further action"), ARRIVED: _("arrived"), MORE: _("more steps"),
    }  # fmt: skip
    if short:
        special |= {START: _("none"), END: _("ended"), MORE: _("more")}
    return special.get(event, event)


def column_name(result: Paths, position: int) -> str:
    """A column of a flow: how many steps it lies after the start, or from the anchor."""
    return column_of(result.after, result.before, position)


def column_of(after: str | list | None, before: str | list | None, position: int) -> str:
    """The same, of paths between these anchors.

    >>> column_of(None, None, 2), column_of("visit", None, 0), column_of("visit", None, 2), column_of(None, "buy", -1)
    ('Step 2', 'visit', '2 after', '1 before')
    """
    if after is None and before is None:
        return _("Step {k}", k=position) if position else _("Start")
    if position == 0:
        return events_name(before if after is None else after)
    return _("{k} before", k=-position) if position < 0 else _("{k} after", k=position)


def way_in_words(after: str | list | None, before: str | list | None, depth: int) -> str:
    """From where to where paths lead, in plain text.

    >>> way_in_words(None, None, 5), way_in_words("visit", "buy", 5)
    ('First 5 steps', 'From visit to buy')
    """
    values = {"after": after and events_name(after), "before": before and events_name(before), "depth": depth}
    if after and before:
        return _("From {after} to {before}", **values)
    if before:
        return _("{depth} steps before {before}", **values)
    if after:
        return _("{depth} steps after {after}", **values)
    return _("First {depth} steps", **values)


def rated(result: Paths) -> bool:
    """Whether there are enough for shares, in each of two groups as well; of fewer there are counts."""
    return min([result.n_units, *(result.group_sizes or [])]) >= TOO_FEW


def backwards(result: Paths) -> bool:
    """Whether the paths lead up to an anchor."""
    return result.before is not None and result.after is None
