"""The settings of the Audiences page, and audiences to begin with."""

from datetime import date

import streamlit as st

from insight.audiences.rules import checked_rule
from insight.errors import InsightError
from insight.funnel.proposal import proposed_steps
from insight.language import _, plain
from ui import session
from ui.audience.fields import SEGMENTS, Fields

LONG = 90  # days at most of a silence to begin with; a third of it is lately
WORTH_MOST, AT_RISK = "Champions", "At risk"


def audience_settings(fields: Fields, **sections: tuple) -> session.Choices:
    """The page's settings. `sections` : those of what follows, name=(default, allowed)."""
    main = next(iter(fields.tables.values()))
    proposed = next(iter(starters(fields).values()), None)
    choose = session.settings(
        "audiences", main, rule=(proposed, _is_rule), as_of=(None, lambda day: day is None or _is_day(day)), **sections
    )
    if choose["rule"] is not None:
        choose["rule"] = checked_rule(choose["rule"])  # with what it leaves unsaid
    return choose


def _is_rule(rule: object) -> bool:
    if rule is None:
        return True
    try:
        checked_rule(rule)
    except InsightError:
        return False
    return True


def _is_day(day: object) -> bool:
    return date.fromisoformat(day).isoformat() == day


def starters(fields: Fields) -> dict[str, dict[str, object]]:
    """Audiences to begin with, as far as the data can tell them: title -> rule."""
    found = {}
    if "events" in fields.tables:
        steps = proposed_steps(session.sample(fields.tables["events"]))
        if len(steps) > 1 and all(isinstance(step, str) for step in steps[-2:]):
            before, last = steps[-2:]
            left = {"all": [{"did": before, "days": _long(fields.tables["events"])}, {"not": {"did": last}}]}
            found[_("Did {before}, never {last}", before=before, last=last)] = left
    if "orders" in fields.tables:
        silent = _long(fields.tables["orders"])
        ours = {"days": max(silent // 3, 1), "silent": silent, "table": "orders"}
        found[_("Gone quiet")] = {"status": "lapsed", **ours | {"days": silent}}
        found[_("New buyers")] = {"status": "new", **ours}
        found[_("Back after a silence")] = {"status": "reactivated", **ours}
        if "segment" in fields.kinds:
            for name in (WORTH_MOST, AT_RISK):
                found[name] = {"members": SEGMENTS, "settings": {}, "cell": {"segment": name}}
    return {title: checked_rule(rule) for title, rule in found.items()}


def _long(table) -> int:
    """Days of a silence to begin with: no more than half of the data."""
    extent = session.extent(table)
    return max(min(LONG, ((extent.last - extent.first).days + 1) // 2), 1)


def begin_with(choose: session.Choices, fields: Fields) -> None:
    """Buttons that take an audience over into the conditions: proposals, and those kept for this visit."""
    fold = st.expander(_("Start from"), icon=":material/auto_awesome:", key=f"{choose.page}.start")
    with fold, st.container(horizontal=True, gap="small"):
        for title, rule in starters(fields).items():
            _button(choose, title, rule, None, ":material/bolt:")
        for name, kept in session.saved_audiences().items():
            _button(choose, name, kept["rule"], kept["as_of"], ":material/group:")
        _button(choose, _("Everyone"), None, None, ":material/close:")


def _button(choose: session.Choices, title: str, rule: dict | None, as_of: str | None, icon: str) -> None:
    st.button(
        plain(title), key=f"{choose.page}.start.{title}", icon=icon, on_click=_take, args=[choose, rule, as_of],
        help=_("Its conditions take the place of those below."),
    )  # fmt: skip


def _take(choose: session.Choices, rule: dict | None, as_of: str | None) -> None:
    choose["rule"], choose["as_of"] = rule, as_of
    choose.renew()


def as_of_input(choose: session.Choices, fields: Fields) -> None:
    """The day on which the audience is looked at."""
    now = None if choose["as_of"] is None else date.fromisoformat(choose["as_of"])
    with st.expander(_("More settings"), key=f"{choose.page}.more"):
        chosen = st.date_input(
            _("As of"), now, key=f"{choose.key('as_of')}.{choose.version}", format="YYYY-MM-DD",
            help=_("The last day that counts: “in the last 30 days” ends with it. Empty: the last day of the data."),
        )  # fmt: skip
    choose["as_of"] = None if chosen is None else chosen.isoformat()
