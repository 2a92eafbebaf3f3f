"""The funnel over time: what became of those who came in each day, week or month."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.funnel.comparison import one_rate
from insight.funnel.settings import read_settings
from insight.funnel.tables import row_names
from insight.funnel.trend_tally import TrendTally, calendar_of, first_attempts, merged_trends, trend_tally
from insight.intervals import newcombe, wilson
from insight.periods import timestamp
from insight.tables.table import counted

DIFFERENCE = ("difference", "difference_low", "difference_high")


@dataclass(frozen=True, eq=False)
class FunnelTrend:
    """Result of :func:`funnel_trend`.

    periods : one row a calendar period of the data (or of the chosen dates), in order of time
        period              str    its first day, ISO
        observed            str    "full": it lies in the data and everyone who came in it has had the whole window;
                                   "none": nobody who came in it has; "partial": anything between
        cut                 str    at which ends it reaches beyond the data or the chosen dates: "" for none,
                                   "start", "end", "both"
        entered             int    customers whose first entry lies in it
        reached             int    those of them who reached the last required step within the window; where not
                                   full, so far
        overall_conversion  float  reached / entered; NA unless full
        ci_low, ci_high     float  Wilson interval of overall_conversion
        difference          float  overall_conversion minus that of the period before; NA unless both are full
        difference_low, difference_high
                            float  Newcombe interval of the difference
    steps : one row a period and step: period, step, reached, overall_conversion (NA unless full)
    goal : the name in `steps` of the last required step, which `periods` counts
    overall_conversion : reached / entered over all full periods together; NA without one
    p_value : of Pearson's chi-square test that all full periods have one rate; NA where they are fewer than two or too
        small for it (expected counts below 5 in more than a fifth of them)
    n_customers : customers in the log, whether or not they entered
    entered : customers with an entry in the date range, without those of `removed`
    removed : customers whom an exclusion with the effect "remove" takes out of all counts
    left_out : rows after `as_of`, not used
    days_beyond : days from the last row's to `as_of`, in which nothing more is assumed to have happened
    data_start, data_end : first moment and end of the observed time
    as_of : the last day of the observed time
    dates_only : the file has no clock times, so the order inside a day is unknown
    within, period, order, exclude, start, end, week_start, level : the settings, as given
    """

    periods: pd.DataFrame
    steps: pd.DataFrame
    goal: str
    overall_conversion: float
    p_value: float
    n_customers: int
    entered: int
    removed: int
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    data_end: pd.Timestamp
    as_of: str
    dates_only: bool
    within: str
    period: str
    order: str
    exclude: str | dict | list | None
    start: str | None
    end: str | None
    week_start: str
    level: float


def funnel_trend(
    events,
    *,
    steps: list,
    within: str = "7D",
    period: str = "week",
    order: str = "ordered",
    exclude: str | dict | list | None = None,
    start: str | None = None,
    end: str | None = None,
    as_of: str | None = None,
    week_start: str = "MON",
    level: float = 0.95,
) -> FunnelTrend:
    r"""Follow a funnel from one calendar period to the next.

    Each customer counts once, with the *first* attempt, in the period of the first entry: best attempts would favour
    older periods, whose customers have had more tries. With :math:`E_p` customers who first entered in period p and
    :math:`R_p` of them at the last step no later than the window after their entry,

    .. math:: \text{overall conversion}_p = R_p / E_p, \qquad \text{difference}_p = R_p / E_p - R_{p-1} / E_{p-1}

    A rate stands where the period is fully observed: it lies in the data (from the day of the first row to `as_of`) and
    in the chosen dates, and the window of everyone who came in it has passed.

    events, steps, order, exclude, start, end, as_of, level : as for `funnel`
    within : the window, from the entry to the last step; a trend needs one, or older periods would have had more time
    period : "day", "week" or "month", in the table's time zone
    week_start : the day a week begins, "MON" to "SUN"

    Raises as `funnel`; UnknownValue for another period or weekday; InsightError without a window.
    Source: Amplitude's conversion over time, too, takes the date of the entry; Wilson 1927 for the interval of a rate,
    Newcombe 1998 (method 10) for that of a difference; Cochran 1954, Biometrics 10:417 for when chi-square holds.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ben", "eva"], "event": ["visit", "buy", "visit", "visit"],
    ...     "timestamp": pd.to_datetime(["2026-01-05", "2026-01-06", "2026-01-11", "2026-01-14"])})
    >>> trend = funnel_trend(read_events(log), steps=["visit", "buy"], within="1D")
    >>> trend.periods[["period", "observed", "entered", "reached", "overall_conversion"]]
           period observed  entered  reached  overall_conversion
    0  2026-01-05     full        2        1                 0.5
    1  2026-01-12  partial        1        0                 NaN
    """
    if within is None:
        raise InsightError('A trend needs a window, such as within="7D": without one, older periods had more time.')
    table = counted(events, "funnel_trend", "events")
    given = {"within": within, "order": order, "exclude": exclude, "start": start, "end": end, "level": level}
    given |= {"period": period, "week_start": week_start}
    facts, settings = table.facts, {"steps": steps, "as_of": as_of, **given}
    asked = read_settings(first_attempts(settings), facts)
    tally = table.tally(partial(trend_tally, facts=facts, settings=settings), merged_trends, columns=asked.columns)
    calendar, reached = _calendar(tally, *calendar_of(facts, asked, settings)), tally.reached
    full = (calendar["observed"] == "full").to_numpy()
    overall, p_value = one_rate(reached[full, asked.goal], tally.entered[full])
    return FunnelTrend(
        periods=_periods(calendar, reached[:, asked.goal], level),
        steps=_steps(calendar, reached, row_names(asked)),
        goal=row_names(asked)[asked.goal],
        overall_conversion=overall,
        p_value=p_value,
        n_customers=tally.n_customers,
        entered=int(tally.entered.sum()),
        removed=tally.removed,
        left_out=tally.left_out,
        days_beyond=facts.days_beyond(as_of),
        data_start=timestamp(facts.first_time, facts.timezone),
        data_end=timestamp(asked.observed, facts.timezone),
        as_of=facts.as_of_day(as_of),
        dates_only=facts.dates_only,
        **given,
    )


def _calendar(tally: TrendTally, days: list[str], begins: np.ndarray, opens: int, closes: int) -> pd.DataFrame:
    """What is known of each period: period, observed, cut, entered.

    begins : when each begins, and the end of the last; `opens` <= instant < `closes` can hold an entry
    """
    early, late = begins[:-1] < opens, begins[1:] > closes
    cut = np.select([early & late, early, late], ["both", "start", "end"], "")
    whole = (cut == "") & (tally.passed == tally.entered)
    observed = np.select([whole, (tally.passed == 0) & (tally.entered > 0)], ["full", "none"], "partial")
    return pd.DataFrame({"period": days, "observed": observed, "cut": cut, "entered": tally.entered})


def _periods(calendar: pd.DataFrame, reached: np.ndarray, level: float) -> pd.DataFrame:
    """The `periods` table."""
    entered, full = calendar["entered"].to_numpy(), (calendar["observed"] == "full").to_numpy()
    low, high = wilson(reached, entered, level)
    # the first period has none before it: a rate out of nobody, and so no difference
    before = newcombe(reached, entered, np.append(0, reached[:-1]), np.append(0, entered[:-1]), level)
    both = full & np.append(False, full[:-1])
    shown = {
        "overall_conversion": (_share(reached, entered), full),
        "ci_low": (low, full),
        "ci_high": (high, full),
        **{name: (value, both) for name, value in zip(DIFFERENCE, before, strict=True)},
    }
    rates = {name: np.where(known, value, np.nan) for name, (value, known) in shown.items()}
    return calendar.assign(reached=reached, **rates)


def _steps(calendar: pd.DataFrame, reached: np.ndarray, names: list[str]) -> pd.DataFrame:
    """The `steps` table."""
    full = (calendar["observed"] == "full").to_numpy()[:, None]
    entered = calendar["entered"].to_numpy()[:, None]
    columns = {
        "period": np.repeat(calendar["period"], len(names)).to_numpy(),
        "step": np.tile(names, len(calendar)),
        "reached": reached.ravel(),
        "overall_conversion": np.where(full, _share(reached, entered), np.nan).ravel(),
    }
    return pd.DataFrame(columns)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return part / whole
