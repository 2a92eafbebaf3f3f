"""A rate that moved, as people read it: its name, its values, its effects, and what it is out of."""

import re

from insight.language import _, _n, count, decimal, money, points
from insight.overview.rate_change import RateChange
from insight.overview.words import TITLES, value_text


def rate_name(result: RateChange) -> str:
    """What the rate is called."""
    return TITLES[result.of]


def rate_text(result: RateChange, value: float) -> str:
    """A value of the rate with its unit."""
    return value_text(result.kind, value, result.currency)


def effect_text(result: RateChange, effect: float) -> str:
    """An effect with its sign: points of a share, else in the unit of the mean."""
    if effect != effect:
        return "–"
    if result.kind == "share":
        return _("{points} points", points=points(effect))
    sign = "+" if effect > 0 else "−" if effect < 0 else ""
    size = money(abs(effect), result.currency) if result.kind == "price" else decimal(abs(effect))
    return sign + size


def adds_up(result: RateChange) -> bool:
    """Whether mix and rates, as they are shown, are together the change as it is shown."""
    parts = (result.mix_effect, result.rate_effect, result.difference)
    mix, rates, whole = (_shown(effect_text(result, part)) for part in parts)
    return abs(mix + rates - whole) < 1e-6


def _shown(text: str) -> float:
    """The number at the beginning of a text."""
    found = re.match(r"[+−]?[\d,.]+", text)
    return float(found[0].replace("−", "-").replace(",", "")) if found else 0.0


def effect_range(result: RateChange, low: float, high: float) -> str:
    """The interval of an effect."""
    return "–" if low != low else _("{low} to {high}", low=effect_text(result, low), high=effect_text(result, high))


def units_of(result: RateChange, n: int) -> str:
    """So many sessions, or orders."""
    if result.unit == "orders":
        return _n("{n} order", "{n} orders", n, n=count(n))
    return _n("{n} session", "{n} sessions", n, n=count(n))
