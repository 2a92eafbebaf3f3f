"""The settings of the Cohorts page: what they may be, and the inputs that choose them. Common ones in front."""

from collections.abc import Callable

import streamlit as st

from insight.errors import InsightError
from insight.language import _, length
from insight.periods import WEEKDAYS
from insight.retention.proposal import proposed_guard, proposed_period
from insight.retention.settings import USUAL, read_settings
from ui import session
from ui.cohorts.starts import cohort_picker, returns_picker
from ui.groups import group_picker, is_audience, names_few

PERIODS = {"day": _("Days"), "week": _("Weeks"), "month": _("Months")}
CRITERIA = {
    "on": _("Active in the period"),
    "on_or_after": _("Active in it or later"),
    "on_or_before": _("Active by then, at least once"),
    "streak": _("Active in every period until then"),
    "bracket": _("Active at least once in a span"),
}
CLOCKS = {"calendar": _("Calendar"), "rolling": _("Own start")}
DAYS = {
    "MON": _("Monday"), "TUE": _("Tuesday"), "WED": _("Wednesday"), "THU": _("Thursday"), "FRI": _("Friday"),
    "SAT": _("Saturday"), "SUN": _("Sunday"),
}  # fmt: skip
GUARDS = ["30D", "60D", "90D", "180D"]
LONGEST = 24  # periods of a bracket's slider
LOOKS = {
    "share": _("Share"),
    "count": _("Customers"),
    "revenue": _("Revenue per customer"),
    "orders": _("Orders"),
    "aov": _("Average order"),
}
OF_RETENTION = ("share", "count")
OF = {"orders": _("Orders"), "events": _("Events")}


def cohort_settings(tables: dict[str, object], **sections: tuple) -> session.Choices:
    """The page's settings on the tables of everyone, by kind: a filter does not change what may be chosen.

    sections : settings of the page's sections, name=(default, allowed)
    """
    main = next(iter(tables.values()))
    may = {name: _possible(tables, name) for name in USUAL}
    looks = list(LOOKS) if "orders" in tables else list(OF_RETENTION)
    return session.settings(
        "cohorts",
        main,
        of=(next(iter(tables)), list(tables)),
        period=(proposed_period(main.facts), list(PERIODS)),
        criterion=("on", list(CRITERIA)),
        bracket=([1, 3], _is_bracket),
        at=(1, lambda at: type(at) is int and 1 <= at <= 10_000),
        by=(None, lambda by: names_few(by) and (is_audience(by) or may["by"](by))),
        cohort=("first", may["cohort"]),
        returns=([], lambda returns: not returns or may["returns"](returns)),
        clock=("calendar", list(CLOCKS)),
        week_start=("MON", list(WEEKDAYS)),
        guard=(None, may["guard"]),
        level=(0.95, [0.8, 0.9, 0.95, 0.99]),
        look=("share", looks),
        **sections,
    )


def _possible(tables: dict[str, object], name: str) -> Callable[[object], bool]:
    """Whether a value of a setting can be meant on one of the tables, whatever the others are."""

    def is_possible(value: object) -> bool:
        for kind, table in tables.items():
            try:
                read_settings({name: value, "period": "month"}, table.facts, kind)
            except InsightError:
                continue
            return True
        return False

    return is_possible


def _is_bracket(bracket: object) -> bool:
    return len(bracket) == 2 and all(type(k) is int for k in bracket) and 1 <= bracket[0] <= bracket[1] <= 1000


def chosen(choose: session.Choices, by: object) -> dict[str, object]:
    """The settings as `retention` takes them: period and criterion always, the others where they are not the usual."""
    asked = {name: choose[name] for name in USUAL if name in choose.declared} | {"by": by}
    asked["returns"] = asked["returns"] or None
    if asked["criterion"] != "bracket":
        asked["bracket"] = None
    if by_value(choose):
        asked["by"] = None
    if asked["cohort"] == "recurring":
        asked["guard"] = None
    return {name: value for name, value in asked.items() if name in ("period", "criterion") or value != USUAL[name]}


def by_value(choose: session.Choices) -> bool:
    """Whether the cohorts are the values of a column."""
    return isinstance(choose["cohort"], dict) and "column" in choose["cohort"]


def inputs(choose: session.Choices, tables: dict[str, object]) -> None:
    """All inputs, the common ones in front."""
    everyone = tables[choose["of"]]
    if len(tables) > 1:
        st.segmented_control(
            _("Customers are active with"), list(tables), key=choose.key("of"), required=True, format_func=OF.get,
            persist_state="session", on_change=_forget_columns, args=[choose],
            help=_("Orders follow who buys again; events follow who does anything again."),
        )  # fmt: skip
    st.segmented_control(
        _("Cohorts and periods"), list(PERIODS), key=choose.key("period"), required=True, format_func=PERIODS.get,
        persist_state="session", help=_("Who started in the same one are a cohort, and are followed in such steps."),
    )  # fmt: skip
    st.selectbox(
        _("Who counts as retained"), list(CRITERIA), key=choose.key("criterion"), format_func=CRITERIA.get,
        persist_state="session", help=_("The line below the sentence says what each would give."),
    )  # fmt: skip
    if choose["criterion"] == "bracket":
        _bracket(choose)
    if not by_value(choose):
        group_picker(choose, "by", everyone, help=_("Each customer belongs to the value at their start."))
    with st.expander(_("More settings")):
        _rare(choose, everyone)


def _forget_columns(choose: session.Choices) -> None:
    """Another table has other columns and events."""
    for name in ("by", "cohort", "returns"):
        choose[name] = choose.declared[name][0]
    if choose["of"] == "events":
        choose["look"] = "share"
    choose.renew()


def _bracket(choose: session.Choices) -> None:
    now = tuple(choose["bracket"])
    span = st.slider(
        _("From period to period"), 1, max(LONGEST, now[1]), now, key=f"{choose.key('bracket')}.{choose.version}",
        help=_("Whoever is active at least once in these periods is retained; period 0 is that of the start."),
    )  # fmt: skip
    choose["bracket"] = list(span)


def _rare(choose: session.Choices, everyone) -> None:
    cohort_picker(choose, everyone)
    if everyone.kind == "events":
        returns_picker(choose, everyone)
    st.segmented_control(
        _("Periods begin with"), list(CLOCKS), key=choose.key("clock"), required=True, format_func=CLOCKS.get,
        persist_state="session", help=_("The calendar, or each customer’s own start: then a month has 30 days."),
    )  # fmt: skip
    if choose["period"] == "week":
        st.selectbox(
            _("Weeks begin on"), list(WEEKDAYS), key=choose.key("week_start"), format_func=DAYS.get,
            persist_state="session", help=_("The first day of a calendar week."),
        )  # fmt: skip
    if choose["cohort"] != "recurring":
        _guard(choose, everyone)
    st.selectbox(
        _("Level of the intervals"), [0.8, 0.9, 0.95, 0.99], key=choose.key("level"), format_func="{:.0%}".format,
        persist_state="session", help=_("How sure the interval should be to hold the true rate."),
    )  # fmt: skip


def _guard(choose: session.Choices, everyone) -> None:
    usual = proposed_guard(everyone)
    options = [
        None,
        *dict.fromkeys([*([usual] if usual else []), *GUARDS, *([choose["guard"]] if choose["guard"] else [])]),
    ]

    def words(guard: str | None) -> str:
        if guard is None:
            return _("Nobody")
        if guard == usual:
            return _("The first {length} (9 of 10 gaps are no longer)", length=length(guard))
        return _("The first {length}", length=length(guard))

    st.selectbox(
        _("Leave out who was there in"), options, key=choose.key("guard"), format_func=words, persist_state="session",
        help=_("Customers of before the data look new in its first days. Who first appears later is new more surely."),
    )  # fmt: skip
