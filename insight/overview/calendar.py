"""The periods of an overview: which are complete, which one is looked at, and with which it is compared."""

from dataclasses import dataclass

import numpy as np

from insight.errors import UnknownValue
from insight.log import Facts
from insight.periods import calendar_periods, day_start, timestamp

YEAR = {"day": 364, "week": 52, "month": 12}  # periods to the one a year before; days and weeks keep their weekdays


@dataclass(frozen=True, eq=False)
class Calendar:
    """The days, weeks or months of the data, in order.

    days : the first day of each, ISO
    begins : when each begins, and the end of the last; instants
    cut : at which ends each reaches beyond the data: "" for none, "start", "end", "both"
    focus : number of the period that is looked at
    before, year_before : of those it is compared with; None where they are not complete, or itself is not
    closes : end of the observed time
    """

    days: list[str]
    begins: np.ndarray
    cut: np.ndarray
    focus: int
    before: int | None
    year_before: int | None
    closes: int

    def __len__(self) -> int:
        return len(self.days)

    @property
    def observed(self) -> np.ndarray:
        """ "full" for complete periods, "partial" for those that the data begins or ends in."""
        return np.where(self.cut == "", "full", "partial")

    @property
    def compared(self) -> tuple[int | None, int | None]:
        return self.before, self.year_before

    def number(self, day: str, setting: str = "at") -> int:
        """The number of the period that begins on this day. Raises UnknownValue, which lists the latest."""
        if day not in self.days:
            raise UnknownValue(setting, day, self.days[::-1])
        return self.days.index(day)


def read_calendar(
    facts: Facts, period: str, at: str | None = None, week_start: str = "MON", as_of: str | None = None
) -> Calendar:
    """The calendar of a log.

    at : first day of the period to look at; None for the last complete one (without one, for the last)
    Raises UnknownValue for a period, a weekday or a day that does not exist.
    """
    opens = day_start(timestamp(facts.first_time, facts.timezone).strftime("%Y-%m-%d"), facts.timezone)
    closes = facts.end_of_data(facts.as_of_day(as_of))
    days, begins = calendar_periods(opens, closes - 1, period, facts.timezone, week_start)
    early, late = begins[:-1] < opens, begins[1:] > closes
    cut = np.select([early & late, early, late], ["both", "start", "end"], "")
    whole = np.flatnonzero(cut == "")
    usual = int(whole[-1]) if len(whole) else len(days) - 1
    found = Calendar(days, begins, cut, usual, None, None, closes)
    focus = usual if at is None else found.number(at)

    def comparable(other: int) -> int | None:
        return other if other >= 0 and cut[focus] == cut[other] == "" else None

    return Calendar(days, begins, cut, focus, comparable(focus - 1), comparable(focus - YEAR[period]), closes)
