"""The customers behind a number of an RFM result, on any source."""

from functools import partial

import numpy as np

from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log
from insight.rfm import fifths_of, limits_of
from insight.rfm.movement import NOBODY_YET, customer_moves, two_dates
from insight.rfm.scores import frequency_monetary, scores
from insight.rfm.settings import Settings, read_settings
from insight.rfm.tables import TOP, best_n
from insight.rfm.tally import Counts, buyers, segments_by
from insight.tables.order_log import PURCHASE
from insight.tables.table import Counted, concatenated, counted

NAMED = ("segment", "from_segment")
SCORES = ("recency_score", "frequency_score", "monetary_score", "frequency_monetary_score")


def rfm_members(orders, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `rfm(orders, **settings)`, in ascending order.

    cell : {"segment": "Champions"}; {"recency_score": 5, "frequency_monetary_score": 4}; or one or several of
        recency_score, frequency_score, monetary_score, and a segment; {"from_segment": "Loyal", "segment": "Lost"}:
        where the limits given take the customers of a segment by fifths; {"top_share": 0.1}: the tenth of the customers
        with the highest revenue, of equal ones the first by id; {"without_purchase": True}: who was left out

    Raises UnknownValue and InsightError for a cell that the result does not have; otherwise as `rfm`.

    >>> from insight import read_orders
    >>> orders = read_orders(b"order,customer,date,amount\\n1,ana,2026-01-01,5\\n2,ben,2026-01-02,7\\n")
    >>> rfm_members(orders, {"thresholds": {"revenue": [6, 8, 9, 10]}}, {"monetary_score": 2})
    ['ben']
    """
    table = counted(orders, "rfm_members", "orders")
    facts = table.facts
    facts.one_currency()
    asked = read_settings(settings, facts)
    _check_cell(cell, asked)
    if "without_purchase" in cell:
        return table.ids(partial(_without_purchase, end=asked.end))
    values, limits = limits_of(table, facts, settings)
    if "top_share" in cell:
        return _best(table, facts, asked.end, values.revenue, cell["top_share"])
    fifths = fifths_of(values, asked, facts.decimals)
    count = partial(_those, facts=facts, settings=settings, thresholds=limits, fifths=fifths, cell=cell)
    return table.ids(count)


def rfm_movement_members(orders, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `rfm_movement(orders, **settings)`, in ascending order.

    cell : {"from_segment": "Champions", "to_segment": "At risk"}, or one of the two

    Raises UnknownValue for a segment that does not exist; otherwise as `rfm_movement`.

    >>> from insight import read_orders
    >>> orders = read_orders(b"order,customer,date,amount\\n1,ana,2026-01-01,5\\n2,ben,2026-01-02,7\\n")
    >>> rfm_movement_members(orders, {"before": "2026-01-01"}, {"from_segment": "(no purchase yet)"})
    ['ben']
    """
    table = counted(orders, "rfm_movement_members", "orders")
    facts = table.facts
    rest = {name: value for name, value in settings.items() if name not in ("before", "as_of")}
    before, as_of = settings.get("before"), facts.as_of_day(settings.get("as_of"))
    asked, limits = two_dates(table, facts, rest, before, as_of)
    if not isinstance(cell, dict) or not cell:
        raise InsightError(f'A cell is written {{"from_segment": "Champions"}}; {cell!r} is not one.')
    for key, value in cell.items():
        if key not in ("from_segment", "to_segment"):
            raise UnknownValue("cell", key, ["from_segment", "to_segment"])
        allowed = [*asked.names, NOBODY_YET][: None if key == "from_segment" else -1]
        if value not in allowed:
            raise UnknownValue(key, value, allowed)
    dates = {"before": before, "as_of": as_of}
    count = partial(_movers, facts=facts, settings=rest, thresholds=limits, cell=cell, **dates)
    return table.ids(count)


def _check_cell(cell: object, asked: Settings) -> None:
    if not isinstance(cell, dict) or not cell:
        raise InsightError(f'A cell of rfm is written {{"segment": "Champions"}}; {cell!r} is not one.')
    if "without_purchase" in cell:
        if cell != {"without_purchase": True}:
            raise InsightError('Who has no purchase has no score and no segment: write {"without_purchase": True}.')
        return
    if "top_share" in cell:
        if cell["top_share"] not in TOP.tolist() or len(cell) > 1:
            raise InsightError(f'The best customers are written {{"top_share": 0.1}}, by whole percents; not {cell!r}.')
        return
    for key, value in cell.items():
        if key not in (*NAMED, *SCORES):
            raise UnknownValue("cell", key, [*NAMED, *SCORES, "top_share", "without_purchase"])
        if key == "from_segment" and not asked.thresholds:
            raise InsightError("Without limits of your own (thresholds) nobody moves: from_segment means nothing here.")
        allowed = asked.names if key in NAMED else [1, 2, 3, 4, 5]
        if value not in allowed:
            raise UnknownValue(key, value, allowed)


def _those(log: Log, facts: Facts, settings: dict, thresholds: dict, fifths: dict | None, cell: dict) -> list[str]:
    asked = read_settings(settings, facts)
    found = buyers(log, facts, asked.end)
    recency, frequency, monetary = scores(found, asked, thresholds, facts.decimals)
    worth = frequency_monetary(frequency, monetary)
    own = dict(zip(SCORES, (recency, frequency, monetary, worth), strict=True))
    own["segment"] = asked.named(recency, worth)
    if fifths is not None:
        own["from_segment"] = segments_by(found, asked, fifths, facts.decimals)
    wanted = np.ones(len(recency), bool)
    for key, value in cell.items():
        wanted &= own[key] == (asked.names.index(value) if key in NAMED else value)
    return log.customers[found.code[wanted]].tolist()


def _best(table: Counted, facts: Facts, end: int, revenue: Counts, share: float) -> list[str]:
    """The customers with the highest revenue, as many as the concentration counts."""
    reached = np.cumsum(revenue.n[::-1])
    n = best_n(share, reached[-1])
    least = int(revenue.value[::-1][np.searchsorted(reached, n)])
    found = table.tally(partial(_rich, facts=facts, end=end, least=least), concatenated)
    return sorted(who for _revenue, who in sorted(found)[:n])


def _rich(log: Log, facts: Facts, end: int, least: int) -> list[tuple[int, str]]:
    """The customers with a revenue of at least so many minor units, and minus their revenue before each."""
    found = buyers(log, facts, end)
    rich = found.revenue >= least
    return list(zip((-found.revenue[rich]).tolist(), log.customers[found.code[rich]].tolist(), strict=True))


def _movers(log: Log, facts: Facts, settings: dict, before: str, as_of: str, thresholds: dict, cell: dict) -> list[str]:
    names = [*read_settings(settings, facts).names, NOBODY_YET]
    start, end, code, _ = customer_moves(log, facts, settings, before, as_of, thresholds)
    wanted = np.ones(len(code), bool)
    for key, own in (("from_segment", start), ("to_segment", end)):
        if key in cell:
            wanted &= own == names.index(cell[key])
    return log.customers[code[wanted]].tolist()


def _without_purchase(log: Log, end: int) -> list[str]:
    inside = log.time < end
    bought = inside & (log.event == log.events.index(PURCHASE))
    seen, buyer = (np.logical_or.reduceat(own, log.starts) for own in (inside, bought))
    return log.customers[seen & ~buyer].tolist()
