"""What to expect of an audience if nothing changes: what those brought in who fitted the same rule a while ago."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np
from scipy.special import ndtri, stdtrit

from insight.audiences import Audience, audience_ids
from insight.audiences.export_steps import check_whole, steps_of
from insight.audiences.spend import Spend, spend_merged, spend_of
from insight.errors import InsightError, NotEnoughData
from insight.periods import day_start

ENOUGH = 30  # customers who fitted then; of fewer nothing is expected
POWER = 0.8  # the chance with which a difference is found


@dataclass(frozen=True, eq=False)
class Expected:
    """What the customers to be contacted would bring in over the next `days` days if they did as those before them.

    n_then : customers who fitted the same rule, and passed the same steps, `days` days before the audience's day
    buyers_then : how many of them bought in the days between
    revenue : what they brought in on average, refunds taken off, times the customers to be contacted now
    low, high : interval of that (t); each customer's revenue is one number, mostly 0
    detectable : the smallest difference between the shares of buyers of treatment and holdout that would be found with
        a chance of 80 % by a two-sided test at `level`, at their sizes and the share of buyers then; NA without a
        holdout, or without a buyer
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


def expected(
    audience: Audience, tables: dict, asked: dict, sizes: tuple[int, int], *, days: int = 90, level: float = 0.95
) -> Expected | None:
    """What to expect of those who are contacted; None where too few fitted the rule then, or there are no orders.

    Who fits a rule now was chosen by how they behave now: of people who have bought nothing lately, the revenue of late
    is 0 by choice. So the rule is asked as of an earlier day, and the days after it are looked at.

    audience : with its day;  sizes : customers to be contacted, and held out;  asked : the steps of the export
    Raises InsightError for days or a level that are none.
    """
    check_whole("days", days)
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        raise InsightError(f"level = {level!r} must be between 0 and 1, for example 0.95.")
    orders = tables.get("orders")
    if orders is None or len(orders.facts.currencies) > 1:
        return None
    earlier = (date.fromisoformat(audience.as_of) - timedelta(days=days)).isoformat()
    then = replace(audience, as_of=earlier)
    try:
        steps, _warnings = steps_of(audience_ids(then, tables).tolist(), then, tables, asked, known_by=earlier)
    except NotEnoughData:  # the data begin later
        return None
    ids = frozenset(steps[-1].ids)
    if len(ids) < ENOUGH:
        return None
    span = [day_start(day, orders.facts.timezone, days_later=1) for day in (earlier, audience.as_of)]
    found = orders.tally(partial(spend_of, ids=ids, closes=span[1], opens=span[0]), spend_merged)
    return _projected(found, len(ids), sizes, 10**orders.facts.decimals, days, level)


def _projected(found: Spend, n: int, sizes: tuple[int, int], unit: int, days: int, level: float) -> Expected:
    contacted, held = sizes
    mean = found.revenue / n
    spread = max(found.squares - n * mean**2, 0) / (n - 1)
    half = float(stdtrit(n - 1, (1 + level) / 2)) * np.sqrt(spread / n)
    low, revenue, high = (float(contacted * one / unit) for one in (mean - half, mean, mean + half))
    detectable = np.nan
    if contacted and held and found.buyers:
        share = found.buyers / n
        errors = ndtri((1 + level) / 2) + ndtri(POWER)  # so many standard errors are found
        detectable = errors * np.sqrt(share * (1 - share) * (1 / contacted + 1 / held))
    return Expected(n, found.buyers, revenue, low, high, float(detectable), days, level)
