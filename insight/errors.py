"""What can go wrong, in words a visitor can act on: a message says what to change."""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 20  # allowed values named in a message; more would bury the sentence


class InsightError(ValueError):
    """The data or a setting does not allow this analysis; the message says what to change."""


class UnreadableFile(InsightError):
    """The bytes are not a table this package can read."""


class NotEnoughData(InsightError):
    """The table is right, but holds too little for this question.

    longest_within : the longest window that the data can answer, where a window is what asks too much
    """

    def __init__(self, message: str, longest_within: str | None = None):
        self.longest_within = longest_within
        super().__init__(message)


class MissingColumn(InsightError):
    """A table lacks columns the analysis needs."""

    def __init__(self, missing: Iterable[str], available: Iterable[str], hint: str = ""):
        self.missing, self.available = list(missing), [str(a) for a in available]
        found = f"No column was found for: {', '.join(self.missing)}. Say which columns they are, with columns={{...}}."
        super().__init__(f"{found} The file has: {_listed(self.available)}.{f' {hint}' if hint else ''}")


class UnknownValue(InsightError):
    """A setting names something that does not exist; the message lists what does."""

    def __init__(self, setting: str, value: object, allowed: Iterable[object]):
        self.setting, self.value, self.allowed = setting, value, [str(a) for a in allowed]
        near = get_close_matches(str(value), self.allowed, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"{setting} = {value!r} is not possible.{hint} Choose from: {_listed(self.allowed)}.")


def _listed(names: list[str]) -> str:
    more = f", … ({len(names) - SHOWN} more)" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
