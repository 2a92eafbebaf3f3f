"""What has to be known of all rows before any part of them is counted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from insight.errors import InsightError
from insight.periods import day_start, timestamp


@dataclass(frozen=True)
class Facts:
    """Of a whole log, so that its customers can be counted in parts and the parts still agree.

    events : the names of all kinds of event, in alphabetical order
    columns : the names of the file's columns
    first_time, last_time : the earliest and the latest time, in microseconds since 1970 UTC
    timezone : IANA name, or None for times that do not say where they were taken
    dates_only : no row has a clock time
    currencies, decimals : of orders: every currency in the table, and the decimals of its minor unit
    """

    events: tuple[str, ...]
    columns: tuple[str, ...]
    first_time: int
    last_time: int
    timezone: str | None = None
    dates_only: bool = False
    currencies: tuple[str, ...] = ()
    decimals: int = 0

    @property
    def last_day(self) -> str:
        """The day of the latest time, as ISO text."""
        return self._day(self.last_time)

    def as_of_day(self, as_of: str | None) -> str:
        """The last complete day as ISO text: `as_of`, or for None the day of the latest time.

        Raises InsightError for anything else that is not an ISO day, "" and 0 as well.
        """
        if as_of is None:
            return self.last_day
        day_start(as_of, self.timezone, setting="as_of")
        return as_of

    def end_of_data(self, as_of: str | None = None) -> int:
        """The end of the observed time; `as_of` is the last complete day, inclusive.

        With `as_of` the midnight that ends that day. Without it the last timestamp; where the file has dates without
        clock times, the midnight that ends the last day.
        """
        if as_of is not None:
            end = day_start(as_of, self.timezone, setting="as_of", days_later=1)
            if end <= self.first_time:
                raise InsightError(f"as_of = {as_of!r} lies before the first row ({self._day(self.first_time)}).")
            return end
        if self.dates_only:
            return day_start(self.last_day, self.timezone, days_later=1)
        return self.last_time

    def days_beyond(self, as_of: str | None = None) -> int:
        """How many days `as_of` lies after the day of the last row; 0 where it does not."""
        beyond = date.fromisoformat(self.as_of_day(as_of)) - date.fromisoformat(self.last_day)
        return max(beyond.days, 0)

    def one_currency(self) -> str | None:
        """The currency of the amounts; None where the file does not say.

        Raises InsightError where there are several: their amounts do not add up.
        """
        return one_currency(self.currencies)

    def _day(self, instant: int) -> str:
        return timestamp(instant, self.timezone).strftime("%Y-%m-%d")


def one_currency(currencies: Collection[str]) -> str | None:
    """The currency of amounts; None where the file does not say. Raises InsightError where there are several.

    >>> one_currency(["EUR"]), one_currency([])
    ('EUR', None)
    """
    if len(currencies) > 1:
        raise InsightError(
            f"Amounts in several currencies do not add up ({', '.join(sorted(currencies))}): keep one of them when "
            'reading, with currency="EUR".'
        )
    return next(iter(currencies), None)
