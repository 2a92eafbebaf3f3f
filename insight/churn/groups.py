"""Which groups have a name of their own, and what the others are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from insight.language import _


@dataclass(frozen=True)
class Shown:
    """The groups that are shown. `named` : the values with a name, by size; `rest` : what the others are called."""

    named: list[str]
    rest: str | None = None

    @property
    def labels(self) -> list[str]:
        return [*self.named, *([self.rest] if self.rest else [])]

    def numbers(self, names: list[str]) -> list[int]:
        """For each value the number of the group that it is in; of a value that nobody has, any."""
        last = len(self.labels) - 1
        return [self.named.index(name) if name in self.named else last for name in names]

    def values(self, label: object, names: list[str]) -> frozenset[str] | None:
        """The values behind a label; None for a label that is not shown."""
        if label in self.named:
            return frozenset([label])
        return frozenset(names) - set(self.named) if self.rest and label == self.rest else None


def shown_groups(sizes: Mapping[str, int], top: int) -> Shown:
    """The largest values keep their names; bundling a single one would only hide its name.

    sizes : customers by value; a value that nobody has goes nowhere

    >>> shown_groups({"ads": 5, "mail": 9, "seo": 5, "tv": 1}, 2).labels
    ['mail', 'ads', 'Other']
    >>> shown_groups({"ads": 5, "mail": 9, "seo": 5, "tv": 0}, 2).labels
    ['mail', 'ads', 'seo']
    """
    ranked = sorted((name for name in sizes if sizes[name]), key=lambda name: (-sizes[name], name))
    if len(ranked) <= top + 1:
        return Shown(ranked)
    other = _("Other")
    return Shown(ranked[:top], other if other not in ranked[:top] else f"{other} ({len(ranked) - top} more values)")
