"""The shop's truths: every number that decides what happens, and the calendar of what happens when.

A small online shop for coffee and tea opens on the first day. Whoever reads the data may try to recover these numbers.
"""

from dataclasses import dataclass

import numpy as np

from insight.errors import InsightError

STEPS = ("visit", "product_view", "add_to_cart", "checkout", "purchase")


@dataclass(frozen=True)
class Channel:
    """A way into the shop, and what is true of the people who first come through it."""

    share: float  # of all people, for their first visit
    conversion: tuple[float, float, float, float]  # to each next step of STEPS; purchase: on a desktop, on a plain day
    loyalty: float = 0.0  # who gets the high purchase rates (standard deviations; the rates' distribution is unchanged)
    incremental: float | None = None  # share of its visits that would not happen without it; None: nobody pays for it
    cost_per_click: float = 0.0  # EUR
    click_rate: float = 1.0  # clicks / impressions
    elasticity: float | None = None  # visits grow as budget ** elasticity; None: the spend follows the clicks


CHANNELS = {
    "organic_search": Channel(0.26, (0.64, 0.48, 0.64, 0.78), loyalty=0.2),
    "paid_search": Channel(0.20, (0.68, 0.50, 0.64, 0.78), 0.0, 0.60, 2.20, 0.05, elasticity=0.7),
    "social": Channel(0.24, (0.54, 0.36, 0.54, 0.72), -0.5, 0.90, 1.40, 0.012, elasticity=0.5),
    "direct": Channel(0.12, (0.70, 0.52, 0.68, 0.82), loyalty=0.5),
    "affiliate": Channel(0.09, (0.62, 0.46, 0.62, 0.78), 0.3, 0.50, 0.25, 0.02),
    "display": Channel(0.05, (0.38, 0.26, 0.46, 0.66), -0.3, 0.25, 0.80, 0.002, elasticity=0.6),
    "brand_search": Channel(0.04, (0.74, 0.57, 0.70, 0.84), 0.3, 0.05, 0.45, 0.25),
    "email": Channel(0.00, (0.0, 0.0, 0.0, 0.0), 0.0, 0.35, 0.03, 0.05),  # nobody can be mailed before a first visit
}
NAMES = np.array(list(CHANNELS))

RETURN_CHANNELS = {  # which way people come back before they decide: few come back by an ad, most by the shop's name
    "with a cart": {"brand_search": 0.42, "direct": 0.22, "email": 0.16, "display": 0.10, "organic_search": 0.10},
    "without": {"display": 0.40, "organic_search": 0.20, "direct": 0.20, "email": 0.14, "brand_search": 0.06},
}
RETURN_VISITS = {"with a cart": (0.45, 0.28, 0.17, 0.10), "without": (0.72, 0.17, 0.08, 0.03)}  # 0, 1, 2, 3 of them
LEAST_GAP_DAYS = 0.1  # so that the visits of one person do not overlap
LONGEST_GAP_DAYS = 7.0  # between two visits of one decision: 7 days * Beta(1, 2.2), 2.2 days on average
REPEAT_CHANNELS = {"direct": 0.45, "brand_search": 0.20, "email": 0.20, "organic_search": 0.15}

SOCIAL_CAMPAIGNS = {3: "spring_roast", 4: "spring_roast", 7: "summer_cold_brew", 8: "summer_cold_brew"}
SOCIAL_CAMPAIGNS |= {11: "gift_season", 12: "gift_season"}  # by month; twice the budget of the quiet months
COMMISSION = {"affiliate": 0.10}  # of the revenue: other_cost
CREATIVE = {"social": 0.15}  # of the spend: other_cost

DEVICES = {"mobile": 0.55, "desktop": 0.38, "tablet": 0.07}
MOBILE_FACTOR = 0.88  # on checkout -> purchase
REGIONS = {"north": 0.22, "south": 0.27, "east": 0.18, "west": 0.25, "abroad": 0.08}  # no effect on anything
AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55+")
AGES = {"social": (0.34, 0.36, 0.17, 0.09, 0.04), "other": (0.12, 0.27, 0.27, 0.19, 0.15)}  # age acts only by channel
WEEKDAYS = (1.05, 1.00, 0.98, 0.97, 0.92, 0.98, 1.10)  # first visits, Monday to Sunday
GROWTH = 0.3  # more first visits a day at the end than at the start

BUG_FACTOR = 0.40  # on checkout -> purchase, on mobile, while the bug lasts
PROMO_VISITS, PROMO_FACTOR, PROMO_DISCOUNT = 3.0, 1.10, 0.20  # first visits, checkout -> purchase, off the list price
TEST_FACTOR = 1.15  # variant B of the product page, on product_view -> add_to_cart

CONSENT_EMAIL = {"only visited": 0.06, "looked": 0.35, "bought": 0.72}
CONSENT_ADS, CONSENT_ANALYTICS = 0.55, 0.86
OPEN_RATE, CLICKS_PER_OPEN = {"A": 0.24, "B": 0.29}, 0.14  # newsletters; B is the personal subject line
UNSUBSCRIBE, FATIGUE = 0.002, 2.0  # a newsletter; doubled by each other newsletter of the last 14 days
REFUNDS = 0.05  # of orders, in full, 2 to 15 days later

REPEAT = {  # one time unit is a week
    "bg_nbd": {"r": 0.9, "alpha": 7.5, "a": 0.8, "b": 2.5},
    "mbg_nbd": {"r": 0.9, "alpha": 7.5, "a": 0.8, "b": 2.5},
    "pareto_nbd": {"r": 0.9, "alpha": 7.5, "s": 0.7, "beta": 15.0},
}
SPEND = {"p": 6.0, "q": 4.0, "v": 30.0}  # Gamma-Gamma, EUR; the mean order is p v / (q - 1) = 60

CATEGORIES = {  # share of favourites, cost of goods / amount, product by price a piece (under 15, under 40, more)
    "coffee": (0.46, 0.42, ("Espresso 250 g", "Filter roast 1 kg", "Single origin 3 kg")),
    "tea": (0.20, 0.36, ("Green tea 100 g", "Tea selection", "Tea chest")),
    "equipment": (0.20, 0.60, ("Paper filters", "Hand grinder", "Pour-over set")),
    "gifts": (0.14, 0.48, ("Tasting card", "Gift box", "Gift hamper")),
}

HOURS = np.cumsum([0, 1, 0.5, 0.3, 0.2, 0.3, 0.6, 2, 4, 5, 5, 5, 6, 6, 5, 5, 5, 6, 7, 8, 10, 10, 7, 4, 2])
DAY = 86_400  # seconds


@dataclass(frozen=True)
class Calendar:
    """The shop's days; planted incidents as (first, last) day counted from the start, both included."""

    start: np.datetime64
    days: int
    incidents: dict[str, tuple[int, int]]

    @property
    def end(self) -> int:
        """The first second after the data, counted from the start."""
        return self.days * DAY

    def during(self, incident: str, seconds: np.ndarray) -> np.ndarray:
        """Whether each moment falls on a day of the incident."""
        first, last = self.incidents[incident]
        return (seconds >= first * DAY) & (seconds < (last + 1) * DAY)

    def date(self, day: int) -> str:
        return str(self.start + day)

    def timestamps(self, seconds: np.ndarray) -> np.ndarray:
        return self.start.astype("datetime64[us]") + seconds.astype("timedelta64[s]")

    def month(self, day: np.ndarray) -> np.ndarray:
        return (self.start + day).astype("datetime64[M]").astype(np.int64) % 12 + 1

    def weekday(self, day: np.ndarray) -> np.ndarray:
        """Monday is 0; the count of days since 1970 began on a Thursday."""
        return (self.start.astype(np.int64) + day + 3) % 7


def calendar(start: str, days: int) -> Calendar:
    """Place the incidents at fixed shares of the period, the promotion on a weekend."""
    try:
        first = np.datetime64(start, "D")
    except ValueError:
        raise InsightError(f"start = {start!r} is not a date. Write it as 2025-01-01.") from None
    if days < 120:
        raise InsightError(f"days = {days!r} is too short for a shop's story. Choose at least 120.")
    bug, gap, test, promo = (round(share * days) for share in (0.263, 0.611, 0.666, 0.907))
    empty = Calendar(first, days, {})
    promo += int((4 - empty.weekday(np.array(promo))) % 7)  # Friday to Sunday
    spans = {"checkout_bug": (bug, bug + 27), "tracking_gap": (gap, gap + 1), "product_page_test": (test, test + 60)}
    spans["promo_weekend"] = (promo, promo + 2)
    return Calendar(first, days, {name: (a, min(b, days - 1)) for name, (a, b) in spans.items()})


def clock(at: np.ndarray) -> np.ndarray:
    """Seconds for moments given in days, moved inside their day to the hours when people shop.

    The order of moments is kept, so a process simulated in even time stays the same process, read on a real clock.
    """
    day = np.floor(at)
    hour = np.interp(at - day, HOURS / HOURS[-1], np.arange(25))
    return (day * DAY).astype(np.int64) + np.minimum(hour * 3600, DAY - 1).astype(np.int64)


def choose(rng: np.random.Generator, shares: dict[str, float] | tuple, size: int) -> np.ndarray:
    """Draw names (of a dict) or positions (of a tuple) with the given shares."""
    weights = np.array(list(shares.values()) if isinstance(shares, dict) else shares)
    drawn = np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(size), side="right")
    drawn = np.minimum(drawn, len(weights) - 1)  # the shares may add up to a hair under 1
    return np.array(list(shares))[drawn] if isinstance(shares, dict) else drawn
