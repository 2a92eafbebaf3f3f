"""What features are called and how their amounts are written, for pictures and sentences."""

from collections.abc import Callable

from insight.clusters import Clusters
from insight.clusters.profile import Profile
from insight.clusters.scaling import SEPARATOR
from insight.language import _, count, decimal, money, percent

NAMES = {
    "days_since_last": _("Days since the last"),
    "orders": _("Orders"),
    "revenue": _("Revenue"),
    "average_order_value": _("Average order"),
    "active_days": _("Active days"),
    "events": _("Events"),
}
MONEY = ("revenue", "average_order_value")


def feature_name(feature: str) -> str:
    """What a feature is called: as the file has it, but for what was counted here."""
    return NAMES.get(feature, feature)


def is_value(feature: str) -> bool:
    """Whether it is a value of a text, "region = north": then its mean is a share."""
    return SEPARATOR in feature


def amount_of(result: Clusters) -> Callable[[str, float], str]:
    """How an amount of a feature is written: money with its currency, a value of a text as a share."""

    def written(feature: str, amount: float) -> str:
        if feature in MONEY:
            return money(amount, result.currency)
        return percent(amount, 0) if is_value(feature) else _number(amount)

    return written


def trait_amount(result: Profile) -> Callable[..., str]:
    """How a number of a profile is written: `written(trait, amount, with_currency=True)`."""

    def written(trait: str, amount: float, with_currency: bool = True) -> str:
        if trait in MONEY and result.kind == "orders":
            return money(amount, result.currency if with_currency else None)
        return _number(amount)

    return written


def _number(amount: float) -> str:
    """A number, without decimals where it is whole."""
    return (count(amount) if amount == round(amount) else decimal(amount)).replace("-", "−")
