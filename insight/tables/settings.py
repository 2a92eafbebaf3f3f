"""The settings of a reading, checked before they are used: a wrong one is answered with what to write instead."""

import re
from functools import cache
from zoneinfo import available_timezones

from insight.errors import InsightError, UnknownValue


def check_timezone(timezone: str) -> None:
    """Raise UnknownValue unless it is the name of a time zone, or an offset such as "+09:00"."""
    if isinstance(timezone, str) and re.fullmatch(r"[+-](?:0\d|1[0-4]):[0-5]\d", timezone):
        return
    if not isinstance(timezone, str) or timezone not in _timezones():
        raise UnknownValue("timezone", timezone, sorted(_timezones()))


@cache
def _timezones() -> frozenset[str]:
    """By name; the computer's own ("localtime") is none of them, since results would change with the computer."""
    return frozenset(available_timezones()) - {"localtime"}


def check_dayfirst(dayfirst: bool | None) -> None:
    """Raise UnknownValue unless it is True, False or None."""
    if dayfirst is not None and not isinstance(dayfirst, bool):
        raise UnknownValue("dayfirst", dayfirst, (None, True, False))


def check_currency(currency: str | None) -> None:
    """Raise InsightError unless it is text or None."""
    if currency is not None and not isinstance(currency, str):
        raise InsightError(f'currency = {currency!r} is not one currency. Write its code, like "EUR".')


def check_sheet(sheet: str | int | None) -> None:
    """Raise InsightError unless it is a name, a whole number or None."""
    if sheet is not None and (isinstance(sheet, bool) or not isinstance(sheet, str | int)):
        raise InsightError(f"sheet = {sheet!r} is no sheet. Write its name, or its number from 1.")


def checked_columns(
    given: dict[str, str | None] | None, allowed: list[str], file_names: list[str]
) -> dict[str, str | None]:
    """The mapping asked for: canonical names that exist -> names of the file, each used once, or None."""
    if not isinstance(given, dict | None):
        raise InsightError(f"columns = {given!r} must map canonical names to the file's, like {{'event': 'Action'}}.")
    used = {}
    for name, file_name in (given or {}).items():
        if name not in allowed:
            raise UnknownValue("columns", name, allowed)
        if file_name is None:
            continue
        if file_name not in file_names:
            raise UnknownValue(f"columns[{name!r}]", file_name, file_names)
        if file_name in used:
            raise InsightError(
                f"columns: {used[file_name]} and {name} cannot both be {file_name!r}. Choose one of them."
            )
        used[file_name] = name
    return dict(given or {})
