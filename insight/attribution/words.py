"""What the models of attribution are called, for sentences and pictures."""

from insight.language import _

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


def path_words(path: str) -> str:
    """A path as it is shown: arrows between its touches."""
    return path.replace(" > ", " → ") if path else _("(no touch)")


def conversion_words(conversion: str | list[str] | None) -> str:
    """What counts as a conversion, as plain text."""
    if conversion is None:
        return _("an order")
    return conversion if isinstance(conversion, str) else " / ".join(conversion)
