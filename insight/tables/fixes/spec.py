"""Fixes: what a visitor wants changed in a file before it is used, as literals that can be read, kept and replayed.

A fix is its name, or a dict of its name and what it needs::

    {"fix": "pseudonymise", "columns": ["email"], "key": "..."}   cells -> keyed hashes; equal cells stay equal
    {"fix": "drop_columns", "columns": ["phone"]}                 as if the file had no such columns
    "decimal_comma" | "decimal_point"                             what stands before the decimals of all numbers
    "lower_ids"                                                   customer ids without upper case: Ana -> ana
    "strip_zeros"                                                 customer ids without leading zeros: 0042 -> 42
    {"fix": "merge_events", "into": "buy", "names": ["Buy"]}      other names of one kind of event
    {"fix": "merge_values", "column": "channel", "into": "email", "names": ["E-Mail"]}
    {"fix": "drop_rows", "column": "status", "values": ["cancelled"]}
    {"fix": "drop_customers", "ids": ["test"]}
    {"fix": "drop_outside", "from": "2025-01-01", "to": "2025-12-31"}   days, both inclusive; one of them may be missing
    "drop_future"                                                 dates far after all others (quality/days.py)
    "drop_duplicates"                                             exact copies of earlier rows
    "drop_repeated_events"                                        same customer, event and time as an earlier row
    "total_per_order"                                             the amount is the order's total, written on each line

They are done in this order, whatever the order they are asked for in. Columns are named as in the file, except in
merge_values, which works on the table's own. What each changed is a finding.
"""

from dataclasses import dataclass

from insight.errors import InsightError, UnknownValue
from insight.periods import day_start


@dataclass(frozen=True)
class Fix:
    """needs : the settings of a fix and what each is ("text", "texts" or "day");  kinds : the tables it is for"""

    needs: dict[str, str]
    kinds: tuple[str, ...] = ("events", "orders", "campaigns", "customers", "contacts", "feedback", "paths")
    optional: bool = False  # one of the settings is enough


_ONCE = ("events", "orders", "campaigns", "customers", "contacts", "feedback")  # two equal rows may be one
_DATED = ("events", "orders", "campaigns", "contacts", "feedback")
_OF_CUSTOMERS = ("events", "orders", "customers", "contacts", "feedback")
FIXES = {  # in the order in which they are done
    "pseudonymise": Fix({"columns": "texts", "key": "text"}),
    "drop_columns": Fix({"columns": "texts"}),
    "decimal_comma": Fix({}),
    "decimal_point": Fix({}),
    "lower_ids": Fix({}, _OF_CUSTOMERS),
    "strip_zeros": Fix({}, _OF_CUSTOMERS),
    "merge_events": Fix({"into": "text", "names": "texts"}, ("events",)),
    "merge_values": Fix({"column": "text", "into": "text", "names": "texts"}),
    "drop_rows": Fix({"column": "text", "values": "texts"}),
    "drop_customers": Fix({"ids": "texts"}, _OF_CUSTOMERS),
    "drop_outside": Fix({"from": "day", "to": "day"}, _DATED, optional=True),
    "drop_future": Fix({}, _DATED),
    "drop_duplicates": Fix({}, _ONCE),
    "drop_repeated_events": Fix({}, ("events",)),
    "total_per_order": Fix({}, ("orders",)),
}


def checked_fixes(fixes: list | None, kind: str) -> list:
    """The fixes asked for, once each, in the order in which they are done.

    Raises UnknownValue for a fix or a setting that does not exist, InsightError for one that lacks something.

    >>> checked_fixes([{"fix": "drop_outside", "to": "2025-12-31"}, {"fix": "lower_ids"}], "events")
    ['lower_ids', {'fix': 'drop_outside', 'to': '2025-12-31'}]
    """
    allowed = [name for name, fix in FIXES.items() if kind in fix.kinds]
    if not isinstance(fixes, list | tuple | None):
        raise InsightError(f"fixes = {fixes!r} is not a list. Write fixes={['drop_duplicates']!r}.")
    checked = [_checked(fix, allowed) for fix in fixes or []]
    if {"decimal_comma", "decimal_point"} <= set(map(name_of, checked)):
        raise InsightError("fixes: decimal_comma and decimal_point exclude each other. Keep one of them.")
    order = sorted(checked, key=lambda fix: (allowed.index(name_of(fix)), repr(fix)))
    return [fix for at, fix in enumerate(order) if fix not in order[:at]]


def name_of(fix: str | dict) -> str:
    """What a fix is called, however it is written."""
    return fix if isinstance(fix, str) else fix["fix"]


def _checked(fix: object, allowed: list[str]) -> str | dict:
    asked = {"fix": fix} if isinstance(fix, str) else fix
    if not isinstance(asked, dict) or not isinstance(asked.get("fix"), str) or asked["fix"] not in allowed:
        raise UnknownValue("fixes", asked.get("fix", fix) if isinstance(asked, dict) else fix, allowed)
    name, needed = asked["fix"], FIXES[asked["fix"]]
    for key in asked:
        if key != "fix" and key not in needed.needs:
            raise UnknownValue(f"fixes: {name}", key, needed.needs)
    filled = {key: what for key, what in needed.needs.items() if asked.get(key) is not None}
    given = {key: _value(name, key, what, asked[key]) for key, what in filled.items()}
    lacking = [key for key in needed.needs if key not in given]
    if lacking and (not needed.optional or not given):
        raise InsightError(f"The fix {name} needs {' and '.join(map(repr, lacking))}: {_example(name)}.")
    return {"fix": name, **given} if given else name


def _value(name: str, key: str, what: str, value: object) -> object:
    if what == "day":
        day_start(value, setting=f"fixes: {name}: {key}")
        return value
    if what == "text" and isinstance(value, str) and value.strip():
        return value
    if what == "texts" and isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value):
        return sorted(set(value))
    raise InsightError(f"The fix {name}: {key} = {value!r} is no {'list of texts' if what == 'texts' else 'text'}.")


def _example(name: str) -> str:
    texts = {"text": "...", "texts": ["..."], "day": "2025-01-01"}
    return repr({"fix": name, **{key: texts[what] for key, what in FIXES[name].needs.items()}})
