"""Whether 03/04/2026 is the third of April or the fourth of March: decided once for a whole column, or asked."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError
from insight.language import day
from insight.tables.cells.date_parts import Parts, calendar_day

NOWHERE = np.zeros(0, "int64")
CLEARLY = 0.95  # of the dates that fit only one order must fit the same one, else the column is asked about


class AmbiguousDates(InsightError):
    """Nothing in the column tells whether the day or the month comes first: the setting `dayfirst` has to."""

    setting = "dayfirst"


@dataclass(frozen=True)
class DayOrder:
    """dayfirst : None where it makes no difference;  contrary : positions of dates that only fit the other order;
    dotted : positions of dates that are read day first for their points alone"""

    dayfirst: bool | None = None
    contrary: np.ndarray = field(default_factory=lambda: NOWHERE)
    dotted: np.ndarray = field(default_factory=lambda: NOWHERE)


def day_order(matched: list[tuple[np.ndarray, Parts]], texts: pa.Array, dayfirst: bool | None, name: str) -> DayOrder:
    """What comes first in the dates at these positions, by the dates that leave no choice.

    Points between the parts (3.4.2026) mean the day comes first: nobody writes the month first with points.
    Raises AmbiguousDates where nothing tells and `dayfirst` is not given.
    """
    if not matched:
        return DayOrder()
    at = np.concatenate([places for places, _parts in matched])
    a, b, year = (np.concatenate([part(parts) for _at, parts in matched]) for part in (_a, _b, Parts.year))
    as_day, as_month = calendar_day(year, b, a)[1], calendar_day(year, a, b)[1]
    if not (a != b)[as_day | as_month].any():
        return DayOrder()
    only_day, only_month, either = as_day & ~as_month, as_month & ~as_day, as_day & as_month & (a != b)
    if dayfirst is not None:
        return DayOrder(dayfirst, at[only_month if dayfirst else only_day])
    telling = only_day.sum() + only_month.sum()
    if telling and max(only_day.sum(), only_month.sum()) >= CLEARLY * telling:
        first = bool(only_day.sum() > only_month.sum())
        return DayOrder(first, at[only_month if first else only_day])
    if telling:
        raise AmbiguousDates(
            f"In {name!r} some dates have the day first and some the month first. Set dayfirst=True or dayfirst=False "
            "for those that can be read either way; dates of the other kind are then left out."
        )
    doubtful = at[either]
    pointed = pc.match_substring_regex(texts.take(pa.array(doubtful)), r"^\D*\d{1,2}\s?\.\s?\d{1,2}\s?\.")
    if pc.all(pointed).as_py():
        return DayOrder(True, dotted=doubtful)
    place = int(np.flatnonzero(either)[0])
    one = slice(place, place + 1)
    asday = calendar_day(year[one], b[one], a[one])[0].item()
    asmonth = calendar_day(year[one], a[one], b[one])[0].item()
    raise AmbiguousDates(
        f"The dates in {name!r} can be read in two ways: {texts[int(at[place])].as_py()} is {day(asday)} with the "
        f"day first, {day(asmonth)} with the month first. Set dayfirst=True or dayfirst=False."
    )


def _a(parts: Parts) -> np.ndarray:
    return parts["a"]


def _b(parts: Parts) -> np.ndarray:
    return parts["b"]
