"""The settings of a customer's value, checked; and which days of the past it can be tried on."""

from dataclasses import dataclass

import numpy as np

from insight.clv.given import is_number
from insight.clv.words import MODEL_NAMES
from insight.errors import InsightError, UnknownValue
from insight.log import Facts
from insight.periods import UNITS, calendar_periods, microseconds

AUTO = "auto"
LONGEST = 3653  # days, ten years: beyond it nobody knows the customers, and hardly the shop
SHORTEST_TRIAL = 28  # days: shorter trials say more about single days than about customers
MOST_ORIGINS = 3
NEARLY = 0.9
STEP = 7  # days; money is discounted by the week in which it comes
YEAR = 365.25
USUAL = {
    "horizon": "365D", "annual_discount": 0.0, "model": AUTO, "as_of": None, "level": 0.95, "unit": "7D",
    "customers": True,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Settings:
    """The settings, ready to use.

    days : of the horizon; unit_days : of one unit of time; trial_days : of the back-test, 0 where there is none
    dates : every day of the data up to the last of the observed time, ISO text
    origins : numbers of the days up to which the models of the back-test see, the latest first
    asked : as given, with what is usual
    """

    days: int
    unit_days: float
    trial_days: int
    dates: list[str]
    origins: tuple[int, ...]
    asked: dict[str, object]

    @property
    def n_days(self) -> int:
        return len(self.dates)

    @property
    def is_tried(self) -> bool:
        """The back-test foretells as many days as the horizon has, or nearly so."""
        return self.trial_days >= NEARLY * self.days


def read_settings(given: dict[str, object], facts: Facts) -> Settings:
    """Raises UnknownValue and InsightError for settings that are not possible."""
    for key in given:
        if key not in (*USUAL, "margin"):
            raise UnknownValue("setting of customer_value", key, ("margin", *USUAL))
    asked = USUAL | given
    _check_numbers(asked)
    if asked["model"] not in (AUTO, *MODEL_NAMES):
        raise UnknownValue("model", asked["model"], (AUTO, *MODEL_NAMES))
    days = _horizon(asked["horizon"])
    end = facts.end_of_data(facts.as_of_day(asked["as_of"]))
    dates = calendar_periods(facts.first_time, end - 1, "day", facts.timezone)[0]
    trial = min(days, len(dates) // 2)
    trial = trial if trial >= min(days, SHORTEST_TRIAL) else 0
    origins = (len(dates) - 1 - trial - number * max(trial // 2, 1) for number in range(MOST_ORIGINS if trial else 0))
    return Settings(
        days=days,
        unit_days=microseconds(asked["unit"], "unit") / UNITS["D"],
        trial_days=trial,
        dates=dates,
        origins=tuple(origin for origin in origins if origin + 1 >= trial),
        asked=asked,
    )


def _horizon(horizon: object) -> int:
    found = microseconds(horizon, "horizon")
    if found % UNITS["D"] or found > LONGEST * UNITS["D"]:
        raise InsightError(
            f'horizon = {horizon!r} must be a number of whole days, at most ten years: "365D" for a year, "26W".'
        )
    return found // UNITS["D"]


def _check_numbers(asked: dict[str, object]) -> None:
    if asked.get("margin") is None:
        raise InsightError(
            "Value is margin, not revenue: say which share of the revenue is left after the cost of what was sold, "
            "margin=0.4 for 40 %."
        )
    for name, most in (("margin", 1), ("annual_discount", 10), ("level", 1)):
        value = asked[name]
        if not is_number(value) or not 0 <= value <= most or (value == 0 and name != "annual_discount"):
            above = "0 or more" if name == "annual_discount" else "above 0"
            raise InsightError(f"{name} = {value!r} must be a number {above} and at most {most}.")
    if asked["level"] == 1:
        raise InsightError("level = 1 must be below 1, for example 0.95: nothing is certain.")
    if not isinstance(asked["customers"], bool):
        raise InsightError(f"customers = {asked['customers']!r} must be True or False.")


@dataclass(frozen=True, eq=False)
class Horizon:
    """The time that is foretold, in steps.

    ends : of each step, in days; factors : what a unit of money is worth today that comes in each step
    unit_days : of one unit of time
    """

    ends: np.ndarray
    factors: np.ndarray
    unit_days: float

    @property
    def times(self) -> np.ndarray:
        """Ends of the steps in units of time."""
        return self.ends / self.unit_days


def steps(days: int, annual_discount: float, unit_days: float, every: int = STEP) -> Horizon:
    """The horizon in weeks, the last of which may be shorter; without a discount in one step.

    >>> steps(16, 0.1, 7.0).ends.tolist(), steps(16, 0.0, 7.0).factors.tolist()
    ([7, 14, 16], [1.0])
    """
    ends = np.array([days]) if annual_discount == 0 else np.append(np.arange(every, days, every), days)
    return Horizon(ends, (1.0 + annual_discount) ** (-ends / YEAR), unit_days)
