"""What a visit keeps of audiences, as literals: a rule under a name, the filter in force; and whether ids are in it."""

from datetime import date

from insight.audiences.rules import checked_rule
from insight.errors import InsightError, UnknownValue
from insight.language import _
from insight.log.conditions import OPERATORS
from insight.periods import day_start
from insight.tables.recognition.kinds import TABLES

LONGEST_NAME = 60
MOST_AUDIENCES = 50
FILTER = ("from", "to", "only", "as_of")
CUSTOMER = "customer_id"


def checked_name(name: object, taken: frozenset[str] = frozenset()) -> str:
    """The name of an audience, without needless spaces: a breakdown by the audience is a column of this name.

    taken : names of the columns of the tables at hand
    Raises InsightError for no text, one longer than 60 characters, and the name of a column.

    >>> checked_name(" left  the cart ")
    'left the cart'
    """
    name = " ".join(name.split()) if isinstance(name, str) else ""
    if not name:
        raise InsightError(_("Give the audience a name."))
    if len(name) > LONGEST_NAME:
        raise InsightError(_("The name of an audience has up to {most} characters.", most=LONGEST_NAME))
    if name in taken or any(name == column.name for columns in TABLES.values() for column in columns):
        raise InsightError(_("A column is called {name}: give the audience another name.", name=name))
    return name


def checked_audiences(kept: object) -> dict[str, dict[str, object]]:
    """Audiences by name, {"rule": rule, "as_of": day or None} each. Raises InsightError for what is none.

    >>> checked_audiences({"buyers": {"rule": {"did": ("buy", "order")}}})
    {'buyers': {'rule': {'did': ['buy', 'order']}, 'as_of': None}}
    """
    if not isinstance(kept, dict):
        raise InsightError("Audiences are kept by name.")
    if len(kept) > MOST_AUDIENCES:
        raise InsightError(_("Up to {most} audiences can be kept.", most=MOST_AUDIENCES))
    return {checked_name(name): _checked_audience(audience) for name, audience in kept.items()}


def _checked_audience(kept: object) -> dict[str, object]:
    if not isinstance(kept, dict) or not {"rule"} <= set(kept) <= {"rule", "as_of"}:
        raise InsightError('An audience is kept as {"rule": rule, "as_of": day or None}.')
    if kept.get("as_of") is not None:
        day_start(kept["as_of"], setting="as_of")
    return {"rule": checked_rule(kept["rule"]), "as_of": kept.get("as_of")}


def checked_filter(chosen: object) -> dict[str, object]:
    """The filter, its rule in full; parts that are None are as if they were not there.

    Raises InsightError for what is none: {"from": day, "to": day, "only": rule, "as_of": day}.

    >>> checked_filter({"from": "2026-03-01", "to": None, "only": {"did": "buy"}})
    {'from': '2026-03-01', 'only': {'did': 'buy'}}
    """
    if not isinstance(chosen, dict):
        raise InsightError('A filter is a mapping such as {"from": "2026-03-01"}.')
    for name in chosen:
        if name not in FILTER:
            raise UnknownValue("filter", name, FILTER)
    given = {name: chosen[name] for name in FILTER if chosen.get(name) is not None}
    for name in given.keys() - {"only"}:
        if not _is_day(given[name]):
            raise InsightError(f"{name} = {given[name]!r} is no day; write it as 2026-03-31.")
    return given | ({"only": checked_rule(given["only"])} if "only" in given else {})


def _is_day(text: object) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False


def lists_customers(value: object) -> bool:
    """Whether customer ids stand in a literal: as a list, in a condition on them, or as the name of a group.

    >>> lists_customers({"all": [{"ids": ["ana"]}]}), lists_customers({"fixes": ["drop_duplicates"]})
    (True, False)
    >>> lists_customers({"did": "buy", "where": [["customer_id", "==", "ana"]]})
    True
    """
    if isinstance(value, dict):
        return _names_customers(value) or any(map(lists_customers, value.values()))
    if not isinstance(value, list | tuple):
        return False
    return _compares_ids(value) or any(map(lists_customers, value))


def _names_customers(value: dict) -> bool:
    """A list of ids, a rule or a fix for some values of the column of ids, or one group of a breakdown by it."""
    if "members" in value and isinstance(value.get("settings"), dict) and isinstance(value.get("cell"), dict):
        by = value["settings"].get("by")
        column = by.get("column") if isinstance(by, dict) else by
        return column == CUSTOMER and value["cell"].get("group") is not None
    of_ids = value.get("column") == CUSTOMER and len(value) > 1 and value.get("is") != "is missing"
    return "ids" in value or of_ids


def _compares_ids(value: list | tuple) -> bool:
    """A condition on the ids: ["customer_id", "==", "ana"]; not that they are missing."""
    return len(value) > 2 and value[0] == CUSTOMER and value[1] in [one for one in OPERATORS if one != "is missing"]
