"""What to expect of an audience if nothing changes: what those brought in who fitted the same rule a while ago."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np
from scipy.special import stdtrit

from insight.audiences import Audience, audience_ids
from insight.audiences.export_steps import steps_of
from insight.errors import NotEnoughData
from insight.log import Log
from insight.periods import day_start
from insight.tables.order_log import PURCHASE

ENOUGH = 30  # customers who fitted then; of fewer nothing is expected
FOUND = 2.8  # standard errors of a difference that is found with a chance of 80 %: 1.96 + 0.84


@dataclass(frozen=True, eq=False)
class Expected:
    """What the customers to be contacted would bring in over the next `days` days if they did as those before them.

    n_then : customers who fitted the same rule, and passed the same steps, `days` days before the audience's day
    buyers_then : how many of them bought in the days between
    revenue : what they brought in on average, refunds taken off, times the customers to be contacted now
    low, high : interval of that (t); each customer's revenue is one number, mostly 0
    detectable : the smallest difference between the shares of buyers of treatment and holdout that would be found with
        a chance of 80 %, at their sizes and the share of buyers then; NA without a holdout, or without a buyer
    days, level : as given
    """

    n_then: int
    buyers_then: int
    revenue: float
    low: float
    high: float
    detectable: float
    days: int
    level: float


@dataclass(frozen=True, eq=False)
class Spend:
    """Buyers, and sum and sum of squares of each customer's revenue in minor units (whole numbers of any size)."""

    buyers: int
    total: int
    squares: int


def expected(
    audience: Audience, tables: dict, asked: dict, sizes: tuple[int, int], *, days: int = 90, level: float = 0.95
) -> Expected | None:
    """What to expect of those who are contacted; None where too few fitted the rule then, or there are no orders.

    Who fits a rule now was chosen by how they behave now: of people who have bought nothing lately, the revenue of late
    is 0 by choice. So the rule is asked as of an earlier day, and the days after it are looked at.

    audience : with its day;  sizes : customers to be contacted, and held out;  asked : the steps of the export
    """
    orders = tables.get("orders")
    if orders is None or len(orders.facts.currencies) > 1:
        return None
    earlier = (date.fromisoformat(audience.as_of) - timedelta(days=days)).isoformat()
    then = replace(audience, as_of=earlier)
    try:
        steps, _warnings = steps_of(audience_ids(then, tables).tolist(), then, tables, asked)
    except NotEnoughData:  # the data begin later
        return None
    ids = frozenset(steps[-1].ids)
    if len(ids) < ENOUGH:
        return None
    span = [day_start(day, orders.facts.timezone, days_later=1) for day in (earlier, audience.as_of)]
    found = orders.tally(partial(spend_of, ids=ids, opens=span[0], closes=span[1]), spend_merged)
    return _projected(found, len(ids), sizes, 10**orders.facts.decimals, days, level)


def _projected(found: Spend, n: int, sizes: tuple[int, int], unit: int, days: int, level: float) -> Expected:
    contacted, held = sizes
    mean = found.total / n
    spread = max(found.squares - n * mean**2, 0) / (n - 1)
    half = float(stdtrit(n - 1, (1 + level) / 2)) * np.sqrt(spread / n)
    low, revenue, high = (float(contacted * one / unit) for one in (mean - half, mean, mean + half))
    detectable = np.nan
    if contacted and held and found.buyers:
        share = found.buyers / n
        detectable = FOUND * np.sqrt(share * (1 - share) * (1 / contacted + 1 / held))
    return Expected(n, found.buyers, revenue, low, high, float(detectable), days, level)


def spend_of(log: Log, ids: frozenset[str], opens: int, closes: int) -> Spend:
    """What those of a list, of the customers of a log, spent from one instant to before another."""
    mine = np.fromiter((one in ids for one in log.customers.tolist()), bool, len(log.customers))
    rows = mine[log.customer] & (log.time >= opens) & (log.time < closes)
    total = np.zeros(len(mine), np.int64)
    np.add.at(total, log.customer[rows], log.minor[rows])
    bought = rows & (log.event == log.events.index(PURCHASE)) if PURCHASE in log.events else rows & False
    return Spend(
        buyers=len(np.unique(log.customer[bought])),
        total=int(total.sum()),
        squares=sum(int(own) ** 2 for own in total[total != 0]),
    )


def spend_merged(parts: list[Spend]) -> Spend:
    """That of all customers, given those of disjoint sets of them."""
    return Spend(*(sum(getattr(part, name) for part in parts) for name in Spend.__dataclass_fields__))
