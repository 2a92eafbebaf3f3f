"""The grammar of a rule: who belongs to an audience, as a literal that a link, a notebook and a file can carry.

A rule is one of::

    {"all": [rule, ...]}    {"any": [rule, ...]}    {"not": rule}    {"ids": ["ana", "ben"]}
    {"members": "funnel", "settings": {...}, "cell": {"step": 3}, "table": "events"}      the people behind a number
    {"did": "purchase", "at_least": 1, "at_most": None, "where": [["value", ">=", 100]], "table": "events", period}
    {"column": "channel", "is": "==", "value": "ads", "of": "any" | "first" | "last", "table": "events"}
    {"measure": "orders", "is": ">=", "value": 2, "table": "orders", period}
    {"status": "new" | "returning" | "reactivated" | "lapsed", "days": 30, "silent": 90, "table": "orders"}

What somebody "did" is an event, or the outcome of a contact ("table": "contacts"). A period is "days": 30 (the last 30
days up to as_of), or "from" and "to" (days, inclusive), or nothing.
"""

from inspect import signature

from insight.audiences.literals import DEEPEST, MOST_VALUES, is_whole, literal, short, texts
from insight.catalog import catalog
from insight.errors import InsightError, UnknownValue
from insight.log.conditions import read_conditions
from insight.periods import day_start

MOST_CONDITIONS = 100
MOST_IDS = 100_000
LONGEST_PERIOD = 36_525  # days
KINDS = ("events", "orders", "customers", "contacts", "feedback")  # tables with customers, the preferred ones first
MEASURES = {  # measure -> the tables it can be taken from, the usual one first
    "orders": ("orders",),
    "revenue": ("orders",),
    "average_order_value": ("orders",),
    "events": ("events",),
    "days_since_first": ("orders", "events"),
    "days_since_last": ("orders", "events"),
    "first_day": ("orders", "events"),
    "last_day": ("orders", "events"),
}
STATUSES = ("new", "returning", "reactivated", "lapsed")  # of who came at all; each has exactly one
DOING = ("events", "contacts")  # tables that say what somebody did
RECENT, SILENT = 30, 90  # days: what counts as lately, and as a long silence
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
PERIOD = ("days", "from", "to")
KEYS = {  # what a rule is about -> the keys that may stand beside it
    "all": (),
    "any": (),
    "not": (),
    "ids": (),
    "members": ("settings", "cell", "table"),
    "did": ("at_least", "at_most", "where", "table", *PERIOD),
    "column": ("is", "value", "of", "table"),
    "measure": ("is", "value", "table", *PERIOD),
    "status": ("days", "silent", "table"),
}


def kind_of(rule: dict) -> str:
    """What a checked rule is about: one of KEYS.

    >>> kind_of({"did": "purchase", "days": 30})
    'did'
    """
    return next(kind for kind in KEYS if kind in rule)


def checked_rule(rule: object) -> dict:
    """The rule, if it is one: a copy of its own, of dicts, lists, text, numbers, True, False and None.

    Raises UnknownValue for a key, measure, operator or analysis that does not exist; InsightError for a wrong form, for
    more than 8 rules within rules, more than 100 conditions, or more than 100,000 ids.

    >>> checked_rule({"all": [{"did": "visit"}, {"not": {"did": ("purchase",)}}]})
    {'all': [{'did': 'visit'}, {'not': {'did': ['purchase']}}]}
    """
    copied = _checked(rule, 1)
    if (n := sum(1 for _part in rules_within(copied))) > MOST_CONDITIONS:
        raise InsightError(f"A rule holds up to {MOST_CONDITIONS} conditions; this one has {n}.")
    return copied


def rules_within(rule: dict):
    """The rule and every rule within it."""
    yield rule
    for inner in [*rule.get("all", ()), *rule.get("any", ()), *([rule["not"]] if "not" in rule else [])]:
        yield from rules_within(inner)


def _checked(rule: object, depth: int) -> dict:
    if depth > DEEPEST:
        raise InsightError(f"Rules may lie within rules up to {DEEPEST} deep; this one goes deeper.")
    if not isinstance(rule, dict) or not rule:
        raise InsightError(f'A rule is a mapping such as {{"did": "purchase"}}; {short(rule)} is not.')
    kinds = [kind for kind in KEYS if kind in rule]
    if not kinds:
        raise UnknownValue("rule", next(iter(rule)), KEYS)
    if len(kinds) > 1:
        raise InsightError(f'A rule is about one thing, not {" and ".join(kinds)}: join two with {{"all": [...]}}.')
    (kind,) = kinds
    for key in rule:
        if key != kind and key not in KEYS[kind]:
            raise UnknownValue(f"key of a rule with {kind!r}", key, (kind, *KEYS[kind]))
    if kind in ("all", "any"):
        if not isinstance(rule[kind], list | tuple) or not rule[kind]:
            raise InsightError(f'"{kind}" takes a list of rules with at least one in it.')
        return {kind: [_checked(inner, depth + 1) for inner in rule[kind]]}
    if kind == "not":
        return {"not": _checked(rule["not"], depth + 1)}
    if kind == "ids":
        return {"ids": texts("ids", rule["ids"], MOST_IDS)}
    copied = literal(rule)
    CHECKS[kind](copied)
    return copied


def _check_members(rule: dict) -> None:
    with_members = [name for name, analysis in catalog.items() if analysis.members is not None]
    if rule["members"] not in with_members:
        raise UnknownValue("members", rule["members"], with_members)
    for key in ("settings", "cell"):
        if not isinstance(rule.get(key), dict):
            raise InsightError(f'A rule with "members" needs "{key}", a mapping; {short(rule.get(key))} is not.')
    analysis = catalog[rule["members"]]
    if rule.get("table", analysis.kind) not in analysis.kinds:
        raise UnknownValue("table", rule["table"], analysis.kinds)
    allowed = signature(analysis.function).parameters
    for setting in rule["settings"]:
        if setting not in allowed:
            raise UnknownValue("setting", setting, [s for s, p in allowed.items() if p.kind is p.KEYWORD_ONLY])


def _check_did(rule: dict) -> None:
    rule["did"] = rule["did"] if isinstance(rule["did"], str) else texts("did", rule["did"], MOST_VALUES)
    for key in ("at_least", "at_most"):
        if rule.get(key) is not None and (not is_whole(rule[key]) or rule[key] < 0):
            raise InsightError(f"{key} = {rule[key]!r} must be a whole number from 0 up.")
    if not rule["did"]:
        raise InsightError('"did" names at least one event.')
    least, most = at_least(rule), rule.get("at_most")
    if most is not None and most < least:
        raise InsightError(f"at_most = {most} lies below at_least = {least}: nobody can do both.")
    if not isinstance(rule.get("where", []), list):
        raise InsightError('where is a list of conditions such as ["value", ">=", 100].')
    for condition in rule.get("where", []):
        _check_condition(condition)
    if rule.get("table", "events") not in DOING:
        raise UnknownValue("table", rule["table"], DOING)
    _check_period(rule)


def at_least(rule: dict) -> int:
    """How often at the least: once; where only `at_most` is given, never will do."""
    given = rule.get("at_least")
    return given if given is not None else int(rule.get("at_most") is None)


def _check_column(rule: dict) -> None:
    if not isinstance(rule["column"], str):
        raise InsightError(f"column = {rule['column']!r} is not the name of a column.")
    rule.setdefault("is", "==")
    _check_condition(condition_of(rule))
    if rule.get("of", "any") not in ("any", "first", "last"):
        raise UnknownValue("of", rule["of"], ["any", "first", "last"])
    if "table" in rule and rule["table"] not in KINDS:
        raise UnknownValue("table", rule["table"], KINDS)


def _check_condition(condition: object) -> None:
    """Its form; whether the table has the column is seen where there is one."""
    read_conditions([condition], condition[:1] if isinstance(condition, list) else [])


def condition_of(rule: dict) -> list:
    """A rule on a column as a condition on its rows."""
    return [rule["column"], rule["is"], *([rule["value"]] if "value" in rule else [])]


def _check_measure(rule: dict) -> None:
    measure, value = rule["measure"], rule.get("value")
    if measure not in list(MEASURES):  # a list can be asked for anything, a mapping only for what has a hash
        raise UnknownValue("measure", measure, MEASURES)
    if rule.setdefault("is", ">=") not in COMPARISONS:
        raise UnknownValue("is", rule["is"], COMPARISONS)
    if "table" in rule and rule["table"] not in MEASURES[measure]:
        raise UnknownValue(f"table of {measure}", rule["table"], MEASURES[measure])
    if measure.endswith("_day"):
        day_start(value, setting="value")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise InsightError(f"value = {short(value)} of {measure} must be a number.")
    _check_period(rule)


def _check_status(rule: dict) -> None:
    if rule["status"] not in list(STATUSES):
        raise UnknownValue("status", rule["status"], STATUSES)
    if rule.get("table", "orders") not in MEASURES["last_day"]:
        raise UnknownValue("table", rule["table"], MEASURES["last_day"])
    for key, usual in (("days", RECENT), ("silent", SILENT)):
        _check_days(key, rule.setdefault(key, usual))


def _check_days(key: str, days: object) -> None:
    if not is_whole(days) or not 1 <= days <= LONGEST_PERIOD:
        raise InsightError(f"{key} = {days!r} must be a whole number from 1 to {LONGEST_PERIOD}.")


def _check_period(rule: dict) -> None:
    days = rule.get("days")
    if days is not None and (rule.get("from") is not None or rule.get("to") is not None):
        raise InsightError('A period is either "days", or "from" and "to".')
    if days is not None:
        _check_days("days", days)
    bounds = [day_start(rule[key], setting=key) for key in ("from", "to") if rule.get(key) is not None]
    if len(bounds) == 2 and bounds[1] < bounds[0]:
        raise InsightError(f"The first day lies after the last (from {rule['from']} to {rule['to']}).")


CHECKS = {
    "members": _check_members,
    "did": _check_did,
    "column": _check_column,
    "measure": _check_measure,
    "status": _check_status,
}
