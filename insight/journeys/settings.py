"""The settings of `paths`, read once."""

from dataclasses import dataclass
from itertools import chain

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.intervals import wilson
from insight.journeys.anchors import Anchor, read_anchor
from insight.journeys.naming import Kinds
from insight.journeys.stream import Cuts, columns_of, read_cuts
from insight.log import Facts
from insight.periods import day_start, microseconds

DEEPEST = 20
# The settings of `paths` and what they are when not given.
USUAL = {
    **{"session_gap": "30min", "depth": 5, "unit": "customer", "start": None, "end": None, "as_of": None},
    **{"after": None, "before": None, "within": None, "collapse_repeats": True, "clean": None},
    **{"top": 8, "least_share": 0.0, "top_paths": 1000, "by": None, "level": 0.95},
}


@dataclass(frozen=True)
class Comparison:
    """The two groups that are compared: by the values of a column.

    values : two of them, or one against everyone else; empty for the two largest
    """

    column: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Settings:
    """The settings of `paths`, checked; instants and lengths in microseconds.

    after, before : the anchors; None for none
    within : None for no limit
    opens, closes : the first event (the anchor) lies in opens <= instant < closes; None for no limit
    observed : end of the observed time
    asked : the settings as given
    """

    cuts: Cuts
    kinds: Kinds
    depth: int
    after: Anchor | None
    before: Anchor | None
    within: int | None
    opens: int | None
    closes: int | None
    observed: int
    comparison: Comparison | None
    asked: dict[str, object]

    @property
    def direction(self) -> str:
        """Which way a path is read: "forward", "backward" (to an anchor) or "between" two."""
        return ("between" if self.after else "backward") if self.before else "forward"

    @property
    def may_be_open(self) -> bool:
        """Whether something says until when a path may go on: the pause that ends a session, or `within`."""
        return self.direction == "forward" and (self.cuts.gap is not None or self.within is not None)

    @property
    def counted(self) -> tuple:
        """What the tally depends on, and nothing that only decides how it is shown. Hashable."""
        column = None if self.comparison is None else self.comparison.column
        limits = (self.within, self.opens, self.closes, self.observed)
        return (self.cuts, self.depth, self.after, self.before, *limits, column)

    @property
    def columns(self) -> tuple[str, ...]:
        """The further columns of the file that are looked at."""
        by = () if self.comparison is None else (self.comparison.column,)
        asked = [anchor.columns for anchor in (self.after, self.before) if anchor is not None]
        return (*columns_of(self.cuts), *by, *chain(*asked))

    @property
    def positions(self) -> range:
        """The columns of the diagram."""
        return range(-self.depth, 1) if self.direction == "backward" else range(self.depth + 1)


def read_settings(given: dict[str, object], facts: Facts) -> Settings:
    """The settings of `paths`, as its keyword arguments, checked against the facts of a log.

    Raises UnknownValue for what does not exist, InsightError for what is not possible.
    """
    for key in given:
        if key not in USUAL:
            raise UnknownValue("setting of paths", key, USUAL)
    asked = USUAL | given
    cuts, kinds = read_cuts(asked, facts)
    whole(asked["depth"], "depth", 2, DEEPEST)
    whole(asked["top"], "top", 1)
    whole(asked["top_paths"], "top_paths", 1)
    least = asked["least_share"]
    if isinstance(least, bool) or not isinstance(least, int | float) or not 0 <= least <= 1:
        raise InsightError(f"least_share = {least!r} must be a share of the units, from 0 to 1.")
    wilson(0, 1, asked["level"])
    opens, closes = day_range(asked["start"], asked["end"], facts.timezone)
    return Settings(
        cuts=cuts,
        kinds=kinds,
        depth=asked["depth"],
        **{
            name: None if asked[name] is None else read_anchor(asked[name], name, kinds, facts)
            for name in ("after", "before")
        },
        within=None if asked["within"] is None else microseconds(asked["within"]),
        opens=opens,
        closes=closes,
        observed=facts.end_of_data(facts.as_of_day(asked["as_of"])),
        comparison=_comparison(asked["by"], facts),
        asked=asked,
    )


def day_range(start: str | None, end: str | None, timezone: str | None) -> tuple[int | None, int | None]:
    """The instants at which the days from `start` to `end` begin and end; None for no limit."""
    opens = None if start is None else day_start(start, timezone, setting="start")
    closes = None if end is None else day_start(end, timezone, setting="end", days_later=1)
    if opens is not None and closes is not None and closes <= opens:
        raise InsightError(
            f"The first day lies after the last (start={start!r}, end={end!r}): choose an earlier start."
        )
    return opens, closes


def in_range(time: np.ndarray, opens: int | None, closes: int | None) -> np.ndarray:
    """Which times lie in opens <= instant < closes."""
    inside = np.ones(len(time), bool)
    if opens is not None:
        inside &= time >= opens
    if closes is not None:
        inside &= time < closes
    return inside


def whole(value: object, setting: str, least: int, most: int | None = None) -> None:
    """Raises InsightError for a setting that is not a whole number from `least` (to `most`)."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        limits = f"from {least} to {most}" if most else f"from {least} up"
        raise InsightError(f"{setting} = {value!r} must be a whole number {limits}.")


def _comparison(by: object, facts: Facts) -> Comparison | None:
    if by is None:
        return None
    if not isinstance(by, str | dict):
        raise InsightError(f'by is a column, "device" or {{"column": "device"}}; {by!r} is not.')
    wanted = by if isinstance(by, dict) else {"column": by}
    for key in wanted:
        if key not in ("column", "values"):
            raise UnknownValue("key of by", key, ("column", "values"))
    column, values = wanted.get("column"), wanted.get("values", [])
    if not isinstance(column, str) or column not in facts.columns:
        raise UnknownValue("by", column, facts.columns)
    texts = isinstance(values, list | tuple) and all(isinstance(value, str) for value in values)
    if not texts or len(values) > 2 or len(set(values)) < len(values):
        raise InsightError(f'by values = {values!r} must be one or two different values, such as ["phone", "desktop"].')
    return Comparison(column, tuple(values))
