"""Limits of one's own: where each score begins, one measure at a time."""

import math

import streamlit as st

from insight.language import _
from insight.rfm import Rfm
from insight.rfm.settings import MONETARY
from ui import session

TITLES = {"days_since_last": _("Recency"), "orders": _("Frequency")}  # any other measure is of money
FEWEST_STEPS = 10  # orders that a slider reaches at least
MOST = 10**9  # a limit of anything
ROOM = 2  # a slider of orders ends at so many times its highest limit


def limits_of_one_s_own(choose: session.Choices) -> dict[str, list]:
    """The limits that are chosen, of the measures that are scored now."""
    measures = ("days_since_last", "orders", MONETARY[choose["monetary"]])
    return {measure: own for measure, own in (choose["limits"] or {}).items() if measure in measures}


def can_be_moved(measure: str, limits: list) -> bool:
    """Whether inputs can show these limits: whole days and orders, and amounts that are no fantasy."""
    known = [limit for limit in limits if limit is not None]
    if measure in TITLES:
        return all(isinstance(limit, int) and 0 <= limit <= MOST for limit in known)
    return all(abs(limit) <= MOST for limit in known)


def limit_inputs(choose: session.Choices, fifths: Rfm) -> None:
    """Four limits a measure: sliders of days and orders, numbers of money. Limits start where the fifths are.

    A limit that is moved past another takes it along, so that scores stay in order.
    """
    own = {measure: starting(fifths, measure) for measure in fifths.thresholds}
    own |= {measure: _reached(fifths, measure, limits) for measure, limits in (choose["limits"] or {}).items()}
    choose["limits"] = own
    measures = list(fifths.thresholds)
    measure = st.segmented_control(
        _("Limits of"), measures, default=measures[0], key=f"{choose.key('limits')}.measure.{choose['monetary']}",
        required=True, format_func=lambda name: TITLES.get(name, _("Money")),
        help=_("Each of the three scores has limits of its own."),
    )  # fmt: skip
    for place in range(4):
        _limit(choose, fifths, measure, place)
    if any(own[name] != starting(fifths, name) for name in measures):
        st.button(
            _("Back to the fifths"), key=f"{choose.key('limits')}.back", on_click=_back, args=[choose, fifths],
            type="tertiary", icon=":material/undo:", help=_("All limits where the fifths of this file lie."),
        )  # fmt: skip


def starting(fifths: Rfm, measure: str) -> list[float]:
    """The limits of the fifths, as inputs show them."""
    return _reached(fifths, measure, fifths.thresholds[measure])


def _reached(fifths: Rfm, measure: str, limits: list[float | None]) -> list[float]:
    """The limits; for a score that nobody has, a limit that nobody reaches."""
    if None not in limits:
        return limits
    own = fifths.scores[fifths.scores["measure"] == measure]["highest"]
    known = [own.max(), *(limit for limit in limits if limit is not None)]
    unreached = 0 if measure == "days_since_last" else math.floor(max(n for n in known if n == n)) + 1
    return [unreached if limit is None else limit for limit in limits]


def _limit(choose: session.Choices, fifths: Rfm, measure: str, place: int) -> None:
    now = choose["limits"][measure]
    key = f"{choose.key('limits')}.{choose.version}.{measure}.{place}.{_turns(choose)}"
    highest = fifths.scores[fifths.scores["measure"] == measure]["highest"].max()
    if measure == "days_since_last":
        value = st.slider(
            _("Score {score}: at most so many days ago", score=place + 2), 0, int(max(highest, *now)), int(now[place]),
            key=key, help=_("Days from the last order to the end of the data; 1 is the last day."),
        )  # fmt: skip
    elif measure == "orders":
        most = int(max(FEWEST_STEPS, min(highest + 1, ROOM * max(now)), *now))
        value = st.slider(
            _("Score {score}: at least so many orders", score=place + 2), 0, most, int(now[place]), key=key,
            help=_("Purchases; refunds and free orders are none."),
        )  # fmt: skip
    else:
        value = st.number_input(
            _("Score {score}: from", score=place + 2), value=float(now[place]), format="%g", key=key,
            help=_("In the currency of the file, refunds taken off."),
        )  # fmt: skip
    if value != now[place]:
        choose["limits"] = choose["limits"] | {measure: moved(now, place, value, falling=measure == "days_since_last")}
        if choose["limits"][measure] != [*now[:place], value, *now[place + 1 :]]:
            _turn(choose)
            st.rerun()  # others went along: their inputs show it


def moved(limits: list[float], place: int, value: float, *, falling: bool) -> list[float]:
    """The limits with one of them moved; those that it passes go along, so that they stay in order.

    >>> moved([1, 2, 3, 7], 1, 5, falling=False), moved([180, 90, 30, 7], 2, 100, falling=True)
    ([1, 5, 5, 7], [180, 100, 100, 7])
    """
    lower, higher = (max, min) if falling else (min, max)
    before = [lower(own, value) for own in limits[:place]]
    after = [higher(own, value) for own in limits[place + 1 :]]
    return [*before, value, *after]


def _back(choose: session.Choices, fifths: Rfm) -> None:
    choose["limits"] = {measure: starting(fifths, measure) for measure in fifths.thresholds}
    _turn(choose)


def _turns(choose: session.Choices) -> int:
    """Rises when limits were set past their widgets."""
    return session.memory(choose.page).get("limits.turns", 0)


def _turn(choose: session.Choices) -> None:
    session.memory(choose.page)["limits.turns"] = _turns(choose) + 1
