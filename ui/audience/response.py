"""How groups of customers respond to what they were sent, on the Audiences page."""

import streamlit as st

from insight.language import _, length, plain
from ui import session
from ui.audience.fields import NOT_ASKED
from ui.groups import grouped, is_audience
from ui.people import people_of_one
from ui.sections import Shown, figure

RESPONSES = {"open": _("Opens"), "click": _("Clicks"), "unsub": _("Unsubscriptions")}
WINDOWS = ["1D", "3D", "7D", "14D", "30D"]
SEGMENTS = {"segments": {}}
MOST_VALUES = 60  # of a column by which to compare
PREFERRED = ("age_band", "gender", "region", "country", "segment", "variant")


def response_settings() -> dict[str, tuple]:
    """The settings of the section, name=(default, allowed)."""
    return {
        "groups": (None, _is_by),
        "through": (None, lambda name: name is None or isinstance(name, str)),
        "response": ("open", list(RESPONSES)),
        "within": ("7D", WINDOWS),
    }


def _is_by(by: object) -> bool:
    return by is None or isinstance(by, str) or by == SEGMENTS or is_audience(by)


def response_section(choose: session.Choices, _answer: session.Answer) -> Shown:
    """The grid of rates, and each group against the average."""
    contacts, everyone = session.table("contacts"), session.everyone("contacts")
    if contacts is None:
        st.markdown(_("This needs **a table of contacts**: who was written to, and how they reacted."))
        return None
    columns = _columns(everyone)
    by = _inputs(choose, columns)
    choose["groups"] = by
    if by is None:
        st.markdown(_("No column, audience or segment is there to compare by."))
        return None
    table, by = grouped(contacts, everyone, by)
    asked = {"by": by, "response": choose["response"], "within": choose["within"]}
    asked |= {"through": choose["through"]} if choose["through"] in columns else {}
    answer = session.compute("contact_response", table, asked)
    shown = figure(answer)
    _people(answer)
    return shown


def _columns(contacts) -> list[str]:
    """The columns with few enough values to compare by, those that describe people first."""
    frame = contacts.frame
    few = [name for name in frame if name not in NOT_ASKED | {"outcome"} and 2 <= frame[name].nunique() <= MOST_VALUES]
    return sorted(few, key=lambda name: PREFERRED.index(name) if name in PREFERRED else len(PREFERRED))


def _inputs(choose: session.Choices, columns: list[str]) -> object:
    audiences = session.saved_audiences()
    options: list = [name for name in columns if name not in ("channel", "campaign")]
    options += [SEGMENTS] if "orders" in session.everything() else []
    options += [_of_audience(name, kept) for name, kept in audiences.items()]
    options += [name for name in ("channel", "campaign") if name in columns]
    now = choose["groups"]
    options += [now] if now is not None and now not in options and is_audience(now) else []
    with st.grid(4, min_column_width=170):
        by = st.selectbox(
            _("Compare"), options, options.index(now) if now in options else 0, format_func=_name,
            key=f"{choose.key('groups')}.input.{choose.version}", disabled=not options,
            help=_("A column of the customers, their RFM segment, or an audience you kept with everyone else."),
        )  # fmt: skip
        ways = [None, *(name for name in columns if name != by)]
        at = ways.index(choose["through"]) if choose["through"] in ways else 0
        choose["through"] = st.selectbox(
            _("Through"), ways, at, key=f"{choose.key('through')}.input.{choose.version}",
            format_func=lambda name: _("channel or campaign") if name is None else name,
            help=_("The columns of the grid. Left as it is: the channel, or the campaign where there is one channel."),
        )  # fmt: skip
        st.selectbox(
            _("Response"), list(RESPONSES), key=choose.key("response"), format_func=RESPONSES.get,
            persist_state="session", help=_("What counts as a response to a message."),
        )  # fmt: skip
        st.selectbox(
            _("Within"), WINDOWS, key=choose.key("within"), format_func=length, persist_state="session",
            help=_("A response that comes later does not count; younger messages are left out."),
        )  # fmt: skip
    return by


def _of_audience(name: str, kept: dict[str, object]) -> dict[str, object]:
    day = {"as_of": kept["as_of"]} if kept["as_of"] else {}
    return {"audience": name, "rule": kept["rule"], **day}


def _name(by: object) -> str:
    if by == SEGMENTS:
        return _("RFM segment")
    return by if isinstance(by, str) else _("Audience: {name}", name=by["audience"])


def _people(answer: session.Answer) -> None:
    """The people of a row, by what they did."""
    cells = {}
    for group in answer.result.groups["group"]:
        cells[_("{group}: responded", group=group)] = {"group": group, "responded": True}
        cells[_("{group}: never responded", group=group)] = {"group": group, "responded": False}
    people_of_one(answer, _("See the people of"), cells)
    st.markdown(f":small[{plain(_('Keep them to address them, or to leave them alone.'))}]")
