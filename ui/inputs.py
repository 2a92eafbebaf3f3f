"""Inputs made of several widgets. What comes out of the visitor's file is shown as plain text only."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from insight.errors import InsightError
from insight.language import _
from insight.periods import microseconds, timestamp
from insight.tables import EventLog, FileReport
from insight.tables.columns import ALTERNATIVES, TABLES
from ui import session

KIND_NAMES = {"events": _("Events"), "orders": _("Orders"), "campaigns": _("Campaign rows")}
ROWS = {"events": _("An event"), "orders": _("An order, or a line of one"), "campaigns": _("A campaign’s day")}
LABELS = {
    "customer_id": _("Who"),
    "event": _("Did what"),
    "timestamp": _("When"),
    "sequence": _("Order at equal times"),
    "session": _("Session"),
    "channel": _("Channel"),
    "campaign": _("Campaign"),
    "device": _("Device"),
    "region": _("Region"),
    "value": _("Value"),
    "variant": _("Variant of a test"),
    "order_id": _("Order number"),
    "order_date": _("When"),
    "amount": _("Amount"),
    "quantity": _("Quantity"),
    "unit_price": _("Price of one"),
    "product": _("Product"),
    "category": _("Category"),
    "discount": _("Discount"),
    "offer": _("Offer or coupon"),
    "cost": _("Cost"),
    "currency": _("Currency"),
    "date": _("Day"),
    "spend": _("Spend"),
    "impressions": _("Impressions"),
    "reach": _("Reach"),
    "clicks": _("Clicks"),
    "conversions": _("Conversions"),
    "new_customers": _("New customers"),
    "revenue": _("Revenue"),
    "other_cost": _("Other cost"),
}
DAY_FIRST = {
    None: _("As recognised"),
    True: _("Day first: 03/04 is 3 April"),
    False: _("Month first: 03/04 is 4 March"),
}


def file_kind(report: FileReport, now: str | None, key: str) -> str:
    """What a row of the file is: an event, an order, or a campaign's day."""
    options = list(ROWS)
    return st.segmented_control(
        _("Each row of this file is"),
        options,
        default=now or next(iter(report.tables), options[0]),
        required=True,
        format_func=ROWS.get,
        key=f"{key}.kind",
        help=_("The same file can be read in several ways; what it can answer depends on it."),
    )


def sheet(report: FileReport, key: str) -> str:
    """Which sheet of a workbook."""
    index = report.sheets.index(report.sheet)
    return st.selectbox(
        _("Sheet"), report.sheets, index, key=f"{key}.sheet", help=_("The sheet of the workbook that holds the table.")
    )


def column_mapping(report: FileReport, kind: str, now: dict, key: str) -> dict[str, str | None]:
    """Which column of the file holds what: canonical name -> the file's name, None for one to be left empty.

    `now` is where the choice starts; what is not in it was recognised.
    """
    guessed = report.guesses.get(kind, {})
    found = {**guessed, **now}
    instead = {name for names in ALTERNATIVES.values() for name in names}  # of a required column
    needed = [c.name for c in TABLES[kind] if c.required or c.name in instead]
    useful = [c.name for c in TABLES[kind] if c.name not in needed]
    with st.grid(3, min_column_width=200):
        chosen = {name: _column(report, name, found.get(name), f"{key}.{kind}.{name}") for name in needed}
    with st.expander(_("More columns")), st.grid(3, min_column_width=200):
        chosen |= {name: _column(report, name, found.get(name), f"{key}.{kind}.{name}") for name in useful}
    return {name: column for name, column in chosen.items() if column is not None or name in guessed}


def _column(report: FileReport, name: str, found: str | None, key: str) -> str | None:
    options = [None, *report.preview.columns]
    return st.selectbox(
        LABELS.get(name, name),
        options,
        index=options.index(found) if found in options else 0,
        format_func=lambda column: _("Not in this file") if column is None else str(column),
        key=key,
        help=_("The column of your file that says this; the table calls it {name}.", name=f"`{name}`"),
    )


def reading_options(now: dict[str, object], key: str) -> dict[str, object]:
    """The other settings of reading that a visitor may have to decide; only those that differ from the usual."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        order = st.selectbox(
            _("Dates such as 03/04/2026"),
            list(DAY_FIRST),
            index=list(DAY_FIRST).index(now.get("dayfirst")),
            format_func=DAY_FIRST.get,
            key=f"{key}.dayfirst",
            help=_("Only matters where a date can be read in two ways."),
            width=300,
        )
        without_copies = st.checkbox(
            _("Leave out rows that are exact copies"),
            "fixes" in now,
            key=f"{key}.copies",
            help=_("An export that was made twice counts everything twice. Real repeats differ in time."),
        )
    chosen = {"sheet": now.get("sheet"), "dayfirst": order, "fixes": ["drop_duplicates"] if without_copies else None}
    return {name: value for name, value in chosen.items() if value is not None}


# -- what a funnel asks -----------------------------------------------------------------------------------------------

WINDOWS = ["30min", "1h", "6h", "1D", "3D", "7D", "14D", "30D", "60D", "90D", None]
MOST_STEPS = 12
NO_GROUPS = {"customer_id", "timestamp", "event", "sequence", "session", "value"}


def funnel_of(events: EventLog) -> Callable[[list], bool]:
    """Whether a list of steps is a funnel of these events."""
    return lambda steps: 2 <= len(steps) <= MOST_STEPS and all(step in events.log.events for step in steps)


def is_window(window: str | None) -> bool:
    """Whether this is a length of time, or None for no limit."""
    try:
        return window is None or microseconds(window) > 0
    except InsightError:
        return False


def day_of(events: EventLog) -> Callable[[str | None], bool]:
    """Whether this is an ISO day of the log, or None."""
    first, last = _days(events)
    return lambda day: day is None or first <= date.fromisoformat(day) <= last


def properties(events: EventLog) -> list[str]:
    """The columns by which customers can be compared: what the file says beside who, what and when."""
    return [column for column in events.frame.columns if column not in NO_GROUPS]


def step_picker(choose: session.Choices, name: str, events: EventLog) -> None:
    """The steps of a funnel, one below the other: choose, move, remove, add."""
    memory, kinds, steps = session.memory(choose.page), events.log.events, list(choose[name])
    key = f"{choose.key(name)}.{choose.version}.{memory.get('edits', 0)}"  # new widgets once the list is rearranged
    move = None
    for i, step in enumerate(steps):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            actions = _step_actions(i, len(steps))
            action = st.menu_button(
                str(i + 1), list(actions), key=f"{key}.{i}.menu", format_func=actions.get, type="tertiary",
                help=_("Move or remove step {n}", n=i + 1), disabled=not actions,
            )  # fmt: skip
            steps[i] = st.selectbox(
                _("Step {n}", n=i + 1), kinds, kinds.index(step), key=f"{key}.{i}", label_visibility="collapsed",
                width="stretch", help=_("The event that counts as this step."),
            )  # fmt: skip
            move = (action, i) if action else move
    if len(steps) < MOST_STEPS and st.button(_("Add a step"), icon=":material/add:", key=f"{key}.add", type="tertiary"):
        move = ("add", len(steps))
    choose[name] = steps
    if move:
        choose[name] = _moved(steps, *move, new=_commonest_unused(events, steps))
        memory["edits"] = memory.get("edits", 0) + 1
        st.rerun()


def _commonest_unused(events: EventLog, steps: list[str]) -> str:
    """The commonest kind of event that is no step yet (of all kinds, when each is one)."""
    counts = events.frame["event"].value_counts()
    return next((kind for kind in counts.index if kind not in steps), counts.index[0])


def _step_actions(i: int, n: int) -> dict[str, str]:
    actions = {"up": _("Move up"), "down": _("Move down"), "remove": _("Remove")}
    impossible = {"up": i == 0, "down": i == n - 1, "remove": n == 2}
    return {action: label for action, label in actions.items() if not impossible[action]}


def _moved(steps: list[str], action: str, i: int, new: str) -> list[str]:
    rest = steps[:i] + steps[i + 1 :]
    match action:
        case "add":
            return [*steps[:-1], new, steps[-1]]  # what people aim at stays last
        case "up":
            rest.insert(i - 1, steps[i])
        case "down":
            rest.insert(i + 1, steps[i])
    return rest


def day_picker(choose: session.Choices, name: str, label: str, events: EventLog) -> None:
    """A day of the log, or none."""
    first, last = _days(events)
    now = choose[name] and date.fromisoformat(choose[name])
    chosen = st.date_input(
        label, now, first, last, key=f"{choose.key(name)}.{choose.version}.day", format="YYYY-MM-DD",
        help=_("Limits where attempts start; later steps may come after. Empty: no limit."),
    )  # fmt: skip
    choose[name] = chosen and chosen.isoformat()


def _days(events: EventLog) -> tuple[date, date]:
    log = events.log
    return timestamp(log.first_time, log.timezone).date(), timestamp(log.last_time, log.timezone).date()
