"""What the models of attribution are called, for sentences and pictures."""

from insight.attribution import NEGLIGIBLE
from insight.language import _, interval, percent

MODEL_NAMES = {
    "first": _("First touch"),
    "last": _("Last touch"),
    "last_non_direct": _("Last that is not direct"),
    "linear": _("Linear"),
    "time_decay": _("Time decay"),
    "position": _("Position (40-20-40)"),
    "shapley": _("Shapley"),
    "markov": _("Markov chain"),
}


def range_words(low: float, high: float) -> str:
    """The smallest and the largest share; one figure where they do not differ by as much as is shown.

    >>> range_words(0.2, 0.35), range_words(0.3431, 0.3432)
    ('20.0–35.0%', '34.3%')
    """
    return percent(high) if high - low < NEGLIGIBLE else interval(low, high)


def path_words(path: str) -> str:
    """A path as it is shown: arrows between its touches."""
    return path.replace(" > ", " → ") if path else _("(no touch)")


def conversion_words(conversion: str | list[str] | None) -> str:
    """What counts as a conversion, as plain text."""
    if conversion is None:
        return _("an order")
    return conversion if isinstance(conversion, str) else " / ".join(conversion)
