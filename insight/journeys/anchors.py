"""Which events a path is anchored at, or a time runs from and to: their names, and what must hold for their rows."""

from dataclasses import dataclass

from insight.errors import InsightError, UnknownValue
from insight.journeys.naming import Kinds
from insight.log import Facts
from insight.log.conditions import Condition, read_conditions


@dataclass(frozen=True)
class Anchor:
    """Events of any of these kinds (by their codes), with a row that meets all conditions. Hashable."""

    kinds: tuple[int, ...]
    where: tuple[Condition, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the conditions look at."""
        return tuple(condition.column for condition in self.where)


def read_anchor(written: object, setting: str, kinds: Kinds, facts: Facts) -> Anchor:
    """An anchor as written: "visit", ["visit", "open_app"] or {"events": [...], "where": [["value", ">=", 100]]}.

    Raises UnknownValue for an event, a column or an operator that does not exist, InsightError for a wrong form.
    """
    given = written if isinstance(written, dict) else {"events": written}
    for key in given:
        if key not in ("events", "where"):
            raise UnknownValue(f"key of {setting}", key, ("events", "where"))
    events = given.get("events")
    wanted = [events] if isinstance(events, str) else events
    if not isinstance(wanted, list | tuple) or not wanted or not all(isinstance(one, str) for one in wanted):
        raise InsightError(f'{setting} is an event, "visit", or a list of several; {written!r} is not.')
    for one in wanted:
        if one not in kinds.names:
            raise UnknownValue(setting, one, kinds.names)
    where = () if given.get("where") is None else read_conditions(given["where"], facts.columns)
    return Anchor(tuple(sorted({kinds.names.index(one) for one in wanted})), where)
