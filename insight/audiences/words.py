"""A rule in words: what stands after "customers who", in one plain sentence."""

from datetime import date

from insight.audiences.rules import at_least, kind_of
from insight.explain.cells import cell_in_words
from insight.language import _, _n, count, day

MOST_NAMED = 3  # ids or values named in a sentence; more are counted
COMPARED = {
    "==": lambda value: _("is {value}", value=value),
    "!=": lambda value: _("is not {value}", value=value),
    "<": lambda value: _("is less than {value}", value=value),
    "<=": lambda value: _("is at most {value}", value=value),
    ">": lambda value: _("is more than {value}", value=value),
    ">=": lambda value: _("is at least {value}", value=value),
    "in": lambda value: _("is one of {value}", value=value),
    "not in": lambda value: _("is none of {value}", value=value),
    "contains": lambda value: _("contains {value}", value=value),
    "is missing": lambda value: _("is missing"),
}
MEASURED = {
    "orders": lambda: _("the number of orders"),
    "revenue": lambda: _("the revenue"),
    "average_order_value": lambda: _("the average order value"),
    "events": lambda: _("the number of events"),
    "days_since_first": lambda: _("the number of days since the first time"),
    "days_since_last": lambda: _("the number of days since the last time"),
    "first_day": lambda: _("the first day"),
    "last_day": lambda: _("the last day"),
}


def in_words(rule: dict) -> str:
    """A checked rule as what its customers did; plain text, with names as the file has them.

    >>> in_words({"all": [{"did": "purchase", "at_least": 2, "days": 30}, {"not": {"column": "channel", "is": "==",
    ...                                                                          "value": "ads", "of": "first"}}]})
    'did purchase at least 2 times in the last 30 days; but not: the first channel is ads'
    """
    return SAID[kind_of(rule)](rule)


def _all(rule: dict) -> str:
    said = _inner(rule["all"][0])
    for inner in rule["all"][1:]:
        if "not" in inner:
            said = _("{these}; but not: {those}", these=said, those=_inner(inner["not"]))
        else:
            said = _("{these}; and {those}", these=said, those=_inner(inner))
    return said


def _any(rule: dict) -> str:
    said = _inner(rule["any"][0])
    for inner in rule["any"][1:]:
        said = _("{these}; or {those}", these=said, those=_inner(inner))
    return said


def _not(rule: dict) -> str:
    return _("are not among those who {these}", these=_inner(rule["not"]))


def _inner(rule: dict) -> str:
    """A rule inside another: in brackets where it holds several itself."""
    several = kind_of(rule) in ("all", "any") and len(rule[kind_of(rule)]) > 1
    return f"({in_words(rule)})" if several else in_words(rule)


def _ids(rule: dict) -> str:
    ids = rule["ids"]
    if 0 < len(ids) <= MOST_NAMED:
        return _("are {names}", names=_listed(ids))
    return _n("are on a list of {n} id", "are on a list of {n} ids", len(ids), n=count(len(ids)))


def _members(rule: dict) -> str:
    return cell_in_words(rule["members"], rule["settings"], rule["cell"])


def _did(rule: dict) -> str:
    least, most = at_least(rule), rule.get("at_most")
    events = _listed(rule["did"]) if isinstance(rule["did"], list) else rule["did"]
    values = {"events": events, "least": count(least), "most": count(most or 0)}
    if most == 0:
        said = _("never did {events}", **values)
    elif most is None and least == 1:
        said = _("did {events}", **values)
    elif most is None:
        said = _n("did {events} at least {least} time", "did {events} at least {least} times", least, **values)
    elif least == 0:
        said = _n("did {events} at most {most} time", "did {events} at most {most} times", most, **values)
    elif least == most:
        said = _n("did {events} exactly {most} time", "did {events} exactly {most} times", most, **values)
    else:
        said = _("did {events} {least} to {most} times", **values)
    if rule.get("table") == "contacts":
        said = _("{did} (contacts)", did=said)
    conditions = _(" and ").join(_condition(*condition) for condition in rule.get("where") or [])
    if conditions:
        said = _("{did} where {conditions}", did=said, conditions=conditions)
    return _in_period(said, rule)


def _condition(column: str, how: str, value: object = None) -> str:
    return _("{column} {compared}", column=column, compared=COMPARED[how](_value(value)))


def _column(rule: dict) -> str:
    said = _condition(rule["column"], rule["is"], rule.get("value"))
    match rule.get("of", "any"):
        case "first":
            return _("the first {said}", said=said)
        case "last":
            return _("the last {said}", said=said)
    return said if rule.get("table") == "customers" else _("{said} at least once", said=said)


def _measure(rule: dict) -> str:
    value = day(date.fromisoformat(rule["value"])) if rule["measure"].endswith("_day") else _value(rule["value"])
    compared = COMPARED[rule["is"]](value)
    return _in_period(_("{measure} {compared}", measure=MEASURED[rule["measure"]](), compared=compared), rule)


def _status(rule: dict) -> str:
    buying = rule.get("table", "orders") == "orders"
    values = {"days": _n("{n} day", "{n} days", rule["days"], n=count(rule["days"]))}
    values["silent"] = _n("{n} day", "{n} days", rule["silent"], n=count(rule["silent"]))
    match rule["status"], buying:
        case "new", True:
            return _("bought for the first time in the last {days}", **values)
        case "new", False:
            return _("came for the first time in the last {days}", **values)
        case "returning", True:
            return _("bought in the last {days}, and before that no more than {silent} earlier", **values)
        case "returning", False:
            return _("came in the last {days}, and before that no more than {silent} earlier", **values)
        case "reactivated", True:
            return _("bought in the last {days}, after a silence of more than {silent}", **values)
        case "reactivated", False:
            return _("came in the last {days}, after a silence of more than {silent}", **values)
        case _lapsed, True:
            return _("bought before, but not in the last {days}", **values)
    return _("came before, but not in the last {days}", **values)


def _in_period(said: str, rule: dict) -> str:
    days = {key: day(date.fromisoformat(rule[key])) for key in ("from", "to") if rule.get(key) is not None}
    if rule.get("days") is not None:
        n = rule["days"]
        return _n("{said} in the last {n} day", "{said} in the last {n} days", n, said=said, n=count(n))
    if len(days) == 2:
        return _("{said} from {first} to {last}", said=said, first=days["from"], last=days["to"])
    if "from" in days:
        return _("{said} since {first}", said=said, first=days["from"])
    if "to" in days:
        return _("{said} until {last}", said=said, last=days["to"])
    return said


def _value(value: object) -> str:
    if isinstance(value, list):
        return _listed(value)
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def _listed(values: list) -> str:
    named = ", ".join(str(value) for value in values[:MOST_NAMED])
    more = len(values) - MOST_NAMED
    return named if more <= 0 else _("{named} and {n} more", named=named, n=count(more))


SAID = {
    "all": _all,
    "any": _any,
    "not": _not,
    "ids": _ids,
    "members": _members,
    "did": _did,
    "column": _column,
    "measure": _measure,
    "status": _status,
}
