"""Every criterion from the same counts: how many customers of each cohort came back by it, period by period."""

import numpy as np

from insight.retention.tally import Returns


def retained(
    returns: Returns, shape: tuple[int, int, int], criterion: str, bracket: tuple[int, int] | None = None
) -> np.ndarray:
    r"""Customers by group, cohort and period who are retained by a criterion; period 0 is not counted here.

    A return in period t after one in period s (0 for none) counts

    on            in period t
    on_or_after   in the periods s + 1 to t: at each of them it is the next return
    on_or_before  from t on, if it is the first (s = 0)
    streak        in period t, if there was one in each period before
    bracket       in period b of the bracket a to b, if s < a and t lies in it: it is the first return in the bracket

    shape : how many groups, cohorts and periods (0, 1, ...) there are
    """
    cell = returns.group * shape[1] + returns.cohort
    match criterion:
        case "on":
            return _placed(cell, returns.period, returns.n, shape)
        case "streak":
            return _placed(cell, returns.period, returns.unbroken, shape)
        case "on_or_before":
            return np.cumsum(_placed(cell, returns.period, returns.n * (returns.before == 0), shape), axis=2)
        case "on_or_after":
            longer = (shape[0], shape[1], shape[2] + 1)
            from_then = _placed(cell, returns.before + 1, returns.n, longer)
            until = _placed(cell, returns.period + 1, returns.n, longer)
            return np.cumsum(from_then - until, axis=2)[:, :, :-1]
    first, last = bracket
    inside = (returns.before < first) & (first <= returns.period) & (returns.period <= last)
    last = min(last, shape[2] - 1)
    return _placed(cell[inside], np.full(int(inside.sum()), last), returns.n[inside], shape)


def _placed(cell: np.ndarray, period: np.ndarray, n: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """The counts laid out by group, cohort and period."""
    counts = np.bincount(cell * shape[2] + period, weights=n, minlength=shape[0] * shape[1] * shape[2])
    return counts.astype(np.int64).reshape(shape)
