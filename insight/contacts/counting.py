"""The messages that count, each with its group and the way it was sent."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.contacts.messages import RESPONSES, Messages, column_values, kept, messages
from insight.contacts.segments import groups_by
from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.language import _

OTHER = "Other"  # values of a column: data, so the same in every language
EVERYTHING = "all messages"


@dataclass(frozen=True, eq=False)
class Counted:
    """Messages whose window is over, with the group and the way of each, and the names of both.

    rest : what the groups without a name of their own are called; None where each has one
    """

    found: Messages
    group: np.ndarray
    groups: list[str]
    way: np.ndarray
    ways: list[str]
    still_open: int
    through: str | None
    rest: str | None


def read_messages(contacts, orders, by, through, response, within, top, as_of) -> Counted:
    """The messages that count, each with its group and its way. Raises as `contact_response`."""
    if response not in RESPONSES:
        raise UnknownValue("response", response, RESPONSES)
    if isinstance(top, bool) or not isinstance(top, int) or top < 1:
        raise InsightError(f"top = {top!r} must be a whole number from 1 up.")
    every = messages(contacts, within=within, as_of=as_of)
    if not every.over.any():
        raise NotEnoughData(_("No message is old enough for its response to be known. Choose a shorter window."))
    found = kept(every, every.over)
    if through is None:
        through = next((name for name in ("channel", "campaign") if _varies(contacts, name, found)), None)
    ways = np.full(len(found), EVERYTHING, object) if through is None else column_values(contacts, through, found)
    group, groups, rest = _named(groups_by(contacts, orders, by, found, as_of), found, top)
    way, names, _rest = _named(ways, found, top)
    return Counted(found, group, groups, way, names, int((~every.over).sum()), through, rest)


def _varies(contacts, name: str, found: Messages) -> bool:
    return name in contacts.frame and len(set(column_values(contacts, name, found))) > 1


def _named(values: np.ndarray, found: Messages, top: int) -> tuple[np.ndarray, list[str], str | None]:
    """Codes and names, in alphabetical order; beyond the `top` of most customers all are "Other", which comes last and
    is called otherwise where one of those is called so; and that name."""
    codes, names = pd.factorize(values, sort=True)
    pairs = np.unique(np.stack([codes, found.customer]), axis=1)
    size = np.bincount(pairs[0], minlength=len(names))
    large = np.sort(np.lexsort((np.arange(len(names)), -size))[:top])
    if len(names) <= top + 1:  # bundling a single one would only hide its name
        return codes, [str(name) for name in names], None
    place = np.full(len(names), len(large))
    place[large] = np.arange(len(large))
    shown = [str(names[k]) for k in large]
    rest = OTHER if OTHER not in shown else f"{OTHER} ({len(names) - top} more values)"
    return place[codes], [*shown, rest], rest
