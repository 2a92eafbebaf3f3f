"""Movement between segments: who was where at one date, and where they are at a later one."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.log import Facts, Log
from insight.periods import day_start, timestamp
from insight.rfm import limits_of
from insight.rfm.settings import Settings, read_settings
from insight.rfm.tables import moves_table
from insight.rfm.tally import buyers, pairs, pairs_merged, segments_by
from insight.tables.table import Counted, counted

NOBODY_YET = "(no purchase yet)"


@dataclass(frozen=True, eq=False)
class RfmMovement:
    """Result of :func:`rfm_movement`.

    moves : one row a pair of segments with at least one customer, best segments first
        from_segment   str    at the end of `before`; "(no purchase yet)" for who had none
        to_segment     str    at the end of `as_of`
        n_customers    int    how many went that way, or stayed
        share          float  of all who were in `from_segment`
        revenue        float  what they bought in between, refunds taken off
    thresholds : the limits of the scores, the same at both dates
    names : the segments, best first
    n_customers : customers with a purchase at `as_of`
    stayed : those of them whose segment is the same at both dates
    before, as_of : the last day of each of the two observed times
    currency : of the amounts, None where the file does not say
    """

    moves: pd.DataFrame
    names: list[str]
    thresholds: dict[str, list]
    n_customers: int
    stayed: int
    before: str
    as_of: str
    currency: str | None


def rfm_movement(
    orders,
    *,
    before: str,
    as_of: str | None = None,
    thresholds: dict[str, list] | None = None,
    monetary: str = "total",
    segments: list[list[str]] | None = None,
) -> RfmMovement:
    """How customers moved between segments from one day to a later one.

    The limits of the scores are the same at both dates, so that whoever moves has done something, or has let time
    pass; with limits taken anew at each date customers move because others did. Everybody grows older by the days in
    between, so a segment that nobody joins empties by itself.

    orders, thresholds, monetary, segments : as for `rfm`; limits that are not given are the fifths at `before`
    before, as_of : last day of the earlier and of the later observed time

    Raises as `rfm`, and InsightError where `before` does not lie before `as_of`.
    Source: transition tables of segments, as in Pfeifer & Carraway 2000, J. Interactive Marketing 14:43.

    >>> from insight import read_orders
    >>> orders = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": ["ana", "ben", "ana"], "amount": [9, 8, 5],
    ...                        "order_date": ["2026-01-01", "2026-01-02", "2026-01-30"]})
    >>> rfm_movement(read_orders(orders), before="2026-01-02").moves[["from_segment", "to_segment", "n_customers"]]
          from_segment to_segment  n_customers
    0  Potential loyal    At risk            1
    1          At risk  Champions            1
    """
    table = counted(orders, "rfm_movement", "orders")
    facts = table.facts
    as_of = facts.as_of_day(as_of)
    given = {"thresholds": thresholds, "monetary": monetary, "segments": segments}
    asked, limits = two_dates(table, facts, given, before, as_of)
    count = partial(moves, facts=facts, settings=given, before=before, as_of=as_of, thresholds=limits)
    n, revenue = table.tally(count, pairs_merged)
    return RfmMovement(
        moves=moves_table(n, revenue, [*asked.names, NOBODY_YET], facts.decimals),
        names=asked.names,
        thresholds=limits,
        n_customers=int(n.sum()),
        stayed=int(np.trace(n)),
        before=before,
        as_of=as_of,
        currency=facts.one_currency(),
    )


def two_dates(
    table: Counted, facts: Facts, given: dict[str, object], before: str, as_of: str
) -> tuple[Settings, dict[str, list]]:
    """The settings, checked, and the limits of the scores, which are those of the earlier date."""
    facts.one_currency()
    earlier, first = day_start(before, facts.timezone, setting="before", days_later=1), facts.first_time
    if earlier <= first:
        day = timestamp(first, facts.timezone).date()
        raise InsightError(f"before = {before!r} lies before the first row ({day}).")
    if earlier >= facts.end_of_data(as_of):
        raise InsightError(f"before = {before!r} must lie before as_of = {as_of!r}.")
    _, limits = limits_of(table, facts, given | {"as_of": before})
    return read_settings(given, facts), limits


def moves(
    log: Log, facts: Facts, settings: dict[str, object], before: str, as_of: str, thresholds: dict[str, list]
) -> tuple[np.ndarray, np.ndarray]:
    """Customers, and minor units bought in between, by segment before (the last row: none yet) and segment after."""
    start, end, _, revenue = customer_moves(log, facts, settings, before, as_of, thresholds)
    return pairs(start, end, revenue, len(read_settings(settings, facts).names) + 1)


def customer_moves(
    log: Log, facts: Facts, settings: dict[str, object], before: str, as_of: str, thresholds: dict[str, list]
) -> tuple[np.ndarray, ...]:
    """Of each customer with a purchase at `as_of`: the numbers of both segments, the code, minor units in between."""
    asked = read_settings(settings, facts)
    dates = [buyers(log, facts, facts.end_of_data(day)) for day in (before, as_of)]
    segment = [segments_by(found, asked, thresholds, facts.decimals) for found in dates]
    earlier, later = dates
    start = np.full(len(later.code), len(asked.names))
    known = np.searchsorted(later.code, earlier.code)
    start[known] = segment[0]
    revenue = later.revenue.copy()
    revenue[known] -= earlier.revenue
    return start, segment[1], later.code, revenue
