"""Which column of a file says what: by its name, and where the name says nothing, by what stands in it.

Which columns a kind of table has is in kinds.py; what files call them is in `vocabulary/`, one file a language.
"""

import re
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from insight.tables.recognition.contents import Content, Contents
from insight.tables.recognition.headings import fold
from insight.tables.recognition.kinds import ALTERNATIVES, DATES, TABLES, Column
from insight.tables.recognition.platforms import Platform, platform_columns, platform_of
from insight.tables.recognition.wide import CHANNEL, MEASURES, channels, families
from insight.tables.settings import checked_columns

__all__ = ["ALTERNATIVES", "TABLES", "Column", "Mapping", "missing", "recognise", "starts_with_a_record"]

TOLD_BY_CONTENT = 200  # columns: among more, one that fits by chance is likelier than the one that is meant


@dataclass(frozen=True)
class Mapping:
    """Which column is which.

    columns : canonical name -> the file's name (None: the caller keeps it empty), or a pattern like "*_spend" (wide.py)
    guessed : those told by their content alone
    unfit : required ones whose name is right and whose first values are not
    platform : whose export this is, where it is a known one
    """

    columns: dict[str, str | None]
    guessed: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    platform: Platform | None = None


def recognise(
    kind: str, table: pa.Table, given: dict[str, str | None] | None = None, contents: Contents | None = None
) -> Mapping:
    """Which column of the file is which canonical column of this kind of table.

    given : canonical -> the file's name, where the caller knows it; None keeps a canonical column empty.
    What is not given is told by the platform whose export it is, else by name, and a required column without a known
    name by its content if only one column of the file can be meant. No column is used twice. Raises UnknownValue for
    names that do not exist.
    """
    given = _checked(kind, given, table.column_names)
    contents = Contents(table) if contents is None else contents
    platform = platform_of(kind, contents.headings)
    chosen = dict(given)
    for name, column in platform_columns(platform, contents.headings).items() if platform else ():
        if name not in chosen and (column is None or column not in chosen.values()):
            chosen[name] = column
    for column in TABLES[kind]:
        if column.name not in chosen and (found := _by_name(column, contents, chosen)):
            chosen[column.name] = found
    _settle_price(given, chosen)
    _settle_time(kind, given, chosen, contents)
    if kind == "campaigns" and not {"spend", "channel"} & chosen.keys():
        _settle_channels(given, chosen, table.column_names)
    guessed, unfit = _fill(kind, given, chosen, contents)
    columns = {
        column.name: chosen[column.name]
        for column in TABLES[kind]
        if column.name in chosen and (chosen[column.name] or _by_name(column, contents, chosen))
    }
    return Mapping(columns, guessed, unfit, platform)


def _checked(kind: str, given: dict[str, str | None] | None, names: list[str]) -> dict[str, str | None]:
    """The mapping asked for; a pattern of a wide file stands for the columns it means."""
    patterns = []
    if kind == "campaigns" and isinstance(given, dict):
        asked = [given.get(name) for name in ("channel", *MEASURES)]
        patterns = [
            one for one in asked if isinstance(one, str) and "*" in one and (one == CHANNEL or channels(one, names))
        ]
    return checked_columns(given, [column.name for column in TABLES[kind]], [*names, *patterns])


def _settle_price(given: dict, chosen: dict[str, str | None]) -> None:
    """Without a quantity the price is what was paid."""
    price = None if "unit_price" in given else chosen.get("unit_price")
    if price and fold(price) == "price" and not {"quantity", "amount"} & chosen.keys():
        chosen["amount"] = chosen.pop("unit_price")


def _settle_time(kind: str, given: dict, chosen: dict[str, str | None], contents: Contents) -> None:
    """A time of day belongs to a column of dates without times only."""
    if "time" in given or not chosen.get("time"):
        return
    date = next((chosen[column.name] for column in TABLES[kind] if column.name in DATES & chosen.keys()), None)
    if date is not None and not contents[date].has_days_only:
        del chosen["time"]


def _settle_channels(given: dict, chosen: dict[str, str | None], names: list[str]) -> None:
    """One column a channel: the patterns; other results belong to no channel and are left alone."""
    found = {name: pattern for name, pattern in families(names).items() if name not in given}
    if "spend" in found:
        chosen.update({name: None for name in MEASURES if name in chosen and name not in given})
        chosen.update({"channel": CHANNEL, **found})


def _fill(kind: str, given: dict, chosen: dict[str, str | None], contents: Contents):
    """Find the required columns that no name told: by content, else by a name whose content does not fit."""
    guessed, unfit = [], []
    for column in _missing(kind, chosen):
        if column.name in given:
            continue
        if found := _by_content(column, contents, chosen):
            chosen[column.name] = found
            guessed.append(column.name)
        elif found := _by_name(column, contents, chosen, fitting=False):
            chosen[column.name] = found
            unfit.append(column.name)
    return tuple(guessed), tuple(unfit)


def starts_with_a_record(table: pa.Table) -> bool:
    """Whether the first row is no row of names: no name is known, and one of them is a date or a number.

    >>> [starts_with_a_record(pa.table({name: ["ben"], "visit": ["buy"]})) for name in ("ana", "2026-01-01", "user")]
    [False, True, False]
    """
    known = {name for columns in TABLES.values() for column in columns for name in column.names}
    if known & {fold(name) for name in table.column_names}:
        return False
    values = Content(pa.chunked_array([[name for name in table.column_names if not re.fullmatch(r"\d{4}", name)]]))
    return values.dates > 0 or values.numbers > 0


def missing(kind: str, mapping: Mapping) -> list[str]:
    """The required canonical columns that no column of the file fills."""
    return [column.name for column in _missing(kind, mapping.columns)]


def _missing(kind: str, chosen: dict[str, str | None]) -> list[Column]:
    return [
        column
        for column in TABLES[kind]
        if column.required
        and not chosen.get(column.name)
        and not all(chosen.get(part) for part in ALTERNATIVES.get(column.name, (column.name,)))
    ]


def _by_name(column: Column, contents: Contents, chosen: dict[str, str | None], fitting: bool = True) -> str | None:
    used = set(chosen.values())
    named = [name for known in column.names for name in contents.headings.called(known) if name not in used]
    named += [name for name in contents.headings.in_both(column.names) if name not in used]
    return next((name for name in named if not fitting or contents[name].fits(column.holds)), None)


def _by_content(column: Column, contents: Contents, chosen: dict[str, str | None]) -> str | None:
    """The only column left whose content can be meant; None where there are none or several, or too many to tell."""
    used = set(chosen.values())
    left = [name for name in contents.table.column_names if name not in used]
    if len(left) > TOLD_BY_CONTENT:
        return None
    found = list(islice((name for name in left if contents[name].could_be(column.name, fold(name))), 2))
    return found[0] if len(found) == 1 else None
