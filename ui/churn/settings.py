"""The settings of the Churn page: what they may be, and the inputs that choose them. Common ones in front."""

import streamlit as st

from insight.churn.settings import proposed_horizon
from insight.churn.settings import read_settings as read_churn
from insight.errors import InsightError
from insight.language import _, _n, count
from insight.tables.contract_columns import contract_columns
from ui import session
from ui.groups import group_picker, is_audience, names_few

PROPOSED = 0  # days: as many as the data proposes
HORIZONS = [PROPOSED, 7, 14, 30, 60, 90, 180, 365]  # days
PERIODS = {"day": _("Days"), "week": _("Weeks"), "month": _("Months")}
OF = {"orders": _("Purchases"), "events": _("Events")}
FEATURES = {"few": _("The two that matter most"), "all": _("All that the file allows")}
CONTRACT = {"start", "end", "tenure", "ended", "unit", "by"}
MOST_DAYS = 3650


def churn_settings(tables: dict[str, object], sections: list[str]) -> session.Choices:
    """The page's settings. tables : those of everyone whose customers' activity is looked at, by kind."""
    kinds, first = list(tables), next(iter(tables.values()))
    return session.settings(
        "churn",
        first,
        of=(kinds[0], kinds),
        silent=(None, lambda days: days is None or (type(days) is int and 1 <= days <= MOST_DAYS)),
        horizon=(PROPOSED, HORIZONS),
        by=(None, lambda by: by is None or (names_few(by) and (is_audience(by) or _possible(tables, by=by)))),
        activity=([], lambda names: not names or _possible(tables, activity=names)),
        period=("month", list(PERIODS)),
        features=("few", list(FEATURES)),
        level=(0.95, [0.8, 0.9, 0.95, 0.99]),
        show=(sections[0], sections),
        contract=(None, is_contract),
    )


def is_contract(written: object) -> bool:
    """Whether this may say where a contract is written down; whether it is there, the analysis says."""
    return written is None or (isinstance(written, dict) and set(written) <= CONTRACT)


def _possible(tables: dict[str, object], **setting: object) -> bool:
    """Whether one of the tables knows this."""
    for table in tables.values():
        try:
            read_churn(setting, table.facts)
        except InsightError:
            continue
        return True
    return False


def chosen(choose: session.Choices, table, by: object = None, *, silent: bool = True) -> dict[str, object]:
    """The settings as `churn` takes them, those that are not the usual ones."""
    asked = {
        "silent": days_of(choose["silent"]) if silent else None,
        "horizon": days_of(choose["horizon"]),
        "activity": choose["activity"] or None if table.kind == "events" else None,
        "by": by,
    }
    kept = {name: value for name, value in asked.items() if value is not None}
    kept |= {"period": choose["period"]} if choose["period"] != "month" else {}
    return kept | ({"level": choose["level"]} if choose["level"] != 0.95 else {})


def days_of(n: int | None) -> str | None:
    """A number of days as a length; None for the proposed one."""
    return f"{n}D" if n else None


def group_of(choose: session.Choices, table) -> object:
    """The breakdown, where the table that is looked at has its column."""
    by = choose["by"]
    if by is None or is_audience(by) or _possible({table.kind: table}, by=by):
        return by
    return None


def inputs(choose: session.Choices, tables: dict[str, object], table, proposed: session.Answer) -> None:
    """All inputs, the common ones in front."""
    if len(tables) > 1:
        st.segmented_control(
            _("What counts as activity"), list(tables), key=choose.key("of"), required=True, format_func=OF.get,
            persist_state="session", help=_("Who buys rarely may still look often: two different questions."),
        )  # fmt: skip
    _silence(choose, proposed)
    st.selectbox(
        _("Days more to wait for a return"), HORIZONS, key=choose.key("horizon"), persist_state="session",
        format_func=lambda days: _days(days) if days else _("As proposed ({days})", days=_days(_usual(table))),
        help=_("A silence was no farewell when the customer came back within these days after it."),
    )  # fmt: skip
    group_picker(choose, "by", table)
    with st.expander(_("More settings")):
        if table.kind == "events":
            st.multiselect(
                _("Events that count"), table.facts.events, key=choose.key("activity"), persist_state="session",
                placeholder=_("Any event"), help=_("Only these make a day an active one. Empty: every event does."),
            )  # fmt: skip
        st.selectbox(
            _("Level of the intervals"), [0.8, 0.9, 0.95, 0.99], key=choose.key("level"), format_func="{:.0%}".format,
            persist_state="session", help=_("How sure the interval should be to hold the true rate."),
        )  # fmt: skip


def _usual(table) -> int:
    first, last = table.facts.first_time, table.facts.last_time
    return proposed_horizon((last - first) // 86_400_000_000 + 1)


def _days(n: int) -> str:
    return _n("{n} day", "{n} days", n, n=count(n))


def _silence(choose: session.Choices, proposed: session.Answer) -> None:
    """The days of silence that count as gone: a slider that starts at the proposal."""
    found = proposed.result
    longest = int(max(found.silences["days"].max() if len(found.silences) else 0, found.silent_days, 2))
    now = min(choose["silent"] or found.silent_days, longest)
    key = f"{choose.key('silent')}.{choose.version}.{longest}"
    days = st.slider(
        _("Days of silence that count as gone"), 1, longest, now, key=key,
        help=_("Beside it the picture says how often that would be wrong. It starts at what the data proposes."),
    )  # fmt: skip
    choose["silent"] = None if days == found.silent_days else days


def contract_table(tables: dict[str, object | None]) -> tuple[object | None, dict[str, str]]:
    """The table that may hold contracts, and what is proposed of it. tables : customers and events, or None."""
    customers, events = tables.get("customers"), tables.get("events")
    if customers is not None and (events is None or contract_columns(customers)):
        return customers, contract_columns(customers)
    return events, {}
