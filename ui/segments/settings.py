"""The settings of the Segments page: what they may be, and the inputs that choose them. Common ones in front."""

import streamlit as st

from insight.errors import InsightError
from insight.language import _
from insight.rfm.settings import MONETARY, read_settings
from ui import session
from ui.days import day_input, lies_in
from ui.segments.clusters import comparison_settings
from ui.segments.limits import can_be_moved, limit_inputs, limits_of_one_s_own
from ui.segments.names import is_grid

PLACES = {"segment", "from_segment", "to_segment", "recency_score", "frequency_monetary_score", "top_share"}
PLACES |= {"without_purchase"}
AMOUNTS = {"total": _("Total revenue"), "average": _("Average order")}
BY = {False: _("Fifths"), True: _("Limits of my own")}


def segment_settings(orders, sections: list[str]) -> session.Choices:
    """The page's settings, on the orders of everyone."""
    return session.settings(
        "segments",
        orders,
        limits=(None, lambda limits: limits is None or _possible(orders, limits)),
        names=([], lambda grid: not grid or is_grid(grid)),
        monetary=("total", list(MONETARY)),
        as_of=(None, lambda day: lies_in(orders, day)),
        before=(None, lambda day: lies_in(orders, day)),
        people=(None, is_cell),
        moved=(None, is_cell),
        movers=(None, is_cell),
        best=(None, is_cell),
        margin=(None, lambda share: share is None or (type(share) is float and 0 < share <= 1)),
        show=(sections[0], sections),
        **comparison_settings(),
    )


def is_cell(cell: object) -> bool:
    """Whether this may be the address of some of the people; whether it exists, the result says."""
    return cell is None or (isinstance(cell, dict) and set(cell) <= PLACES)


def _possible(orders, limits: object) -> bool:
    """Whether limits can be meant, those of the total and those of the average order."""
    if not isinstance(limits, dict) or not limits:
        return False
    try:
        for measure, own in limits.items():
            monetary = next((name for name, column in MONETARY.items() if column == measure), "total")
            read_settings({"thresholds": {measure: own}, "monetary": monetary}, orders.facts)
    except InsightError:
        return False
    return all(can_be_moved(measure, own) for measure, own in limits.items())


def chosen(choose: session.Choices, table, *, limits: bool = True) -> dict[str, object]:
    """The settings as `rfm` takes them, those that are not the usual ones.

    limits : False for fifths, whatever was chosen
    """
    asked: dict[str, object] = {}
    if choose["as_of"] is not None:
        asked["as_of"] = choose["as_of"]
    if choose["monetary"] != "total":
        asked["monetary"] = choose["monetary"]
    if choose["names"]:
        asked["segments"] = choose["names"]
    own = limits_of_one_s_own(choose)
    if limits and own:
        asked["thresholds"] = own
    return asked | ({"customers": False} if session.is_source(table) else {})


def inputs(choose: session.Choices, everyone, fifths: session.Answer | None) -> None:
    """All inputs, the common ones in front.

    fifths : the answer without limits of one's own, where they start; None where there is none
    """
    if fifths is not None:
        _scores_by(choose, fifths)
    with st.expander(_("More settings")):
        st.segmented_control(
            _("Monetary value"), list(AMOUNTS), key=choose.key("monetary"), required=True, format_func=AMOUNTS.get,
            persist_state="session",
            help=_("The total grows with every order, as frequency does; the average tells something else."),
        )  # fmt: skip
        day_input(
            choose, "as_of", _("As of"), everyone,
            help=_("The last day that is looked at. Empty: the last day of the data."),
        )  # fmt: skip


def _scores_by(choose: session.Choices, fifths: session.Answer) -> None:
    key = f"{choose.key('limits')}.{choose.version}.mode"
    own = st.segmented_control(
        _("Scores by"), list(BY), default=choose["limits"] is not None, key=key, required=True, format_func=BY.get,
        help=_("Fifths compare customers with each other. Limits of your own mean the same in every month; they start "
               "where the fifths of this file lie."),
    )  # fmt: skip
    if own:
        limit_inputs(choose, fifths.result)
    else:
        choose["limits"] = None
