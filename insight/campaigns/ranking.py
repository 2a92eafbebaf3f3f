"""Which campaign is best, without being fooled by the small ones."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betainc, betaincinv, betaln, ndtri

from insight.campaigns import campaign_results
from insight.errors import UnknownValue

RATES = {"ctr": ("clicks", "impressions"), "cvr": ("conversions", "clicks")}
ENOUGH = 5  # campaigns, to learn from them how rates usually spread
POOLED, LEAST = 1e6, 1.35  # beyond such a precision, or below such a gain in likelihood, there is one rate
SURE, LEANING = 0.95, 0.8  # chances of being the best
NEGLIGIBLE = 0.01  # of the rate: an expected loss below it does not matter
GRID = 4000  # points on which chances of being the best are added up
POWER = 0.8


@dataclass(frozen=True, eq=False)
class CampaignRanking:
    """Result of :func:`campaign_ranking`.

    rows : one row a campaign (or what `by` names), the best shrunk rate first, those without trials last
        campaign (or channel, or what `by` names)
                            str    its name
        successes, trials   float  for CTR clicks and impressions, for CVR conversions and clicks
        rate                float  successes / trials; NA without trials
        shrunk_rate         float  the rate pulled towards that of all, the more the fewer trials it has
        shrunk_low, shrunk_high
                            float  credible interval of the true rate
        p_best              float  chance to have the highest true rate of all; NA without trials
        expected_loss       float  how much lower than the best true rate it is, on average; NA without trials
    verdict : "better" - the first is the best (chance 95 % and more, and little to lose); "leaning" - probably;
        "cannot_tell" - neither; "no_difference" - the rates spread no more than chance does
    more_trials : "cannot_tell" and "leaning": about so many more trials, of the first and of the second, would tell
        them apart if their rates are what they seem (80 % power); else NA
    alpha, beta : the spread of true rates, a Beta distribution; learned from five campaigns and more, else Beta(1, 1)
    rate, by, level : the settings, as given
    """

    rows: pd.DataFrame
    verdict: str
    more_trials: float
    alpha: float
    beta: float
    rate: str
    by: str
    level: float


def campaign_ranking(
    campaigns, *, rate: str = "cvr", by: str = "campaign", as_of: str | None = None, level: float = 0.95
) -> CampaignRanking:
    r"""Rank campaigns by a rate, each shrunk towards the others by how little is known of it.

    The true rates are taken to spread as a Beta distribution, whose two numbers make what was seen most likely. Given
    x successes in n trials, the true rate of a campaign is then

    .. math:: p \mid x, n \sim \text{Beta}(x + \alpha,\ n - x + \beta), \qquad
              \text{shrunk rate} = \frac{x + \alpha}{n + \alpha + \beta}

    campaigns, by, as_of, level : as for `campaign_results`; rate : "cvr" or "ctr"
    Rows with more successes than trials are left out: theirs is no rate.

    Raises UnknownValue for another rate; otherwise as `campaign_results`. Several currencies do no harm here.
    Source: Gelman et al., Bayesian Data Analysis, chapter 5 (its rat tumours are the test of the fit).

    >>> from insight import read_campaigns
    >>> table = read_campaigns(b"date,campaign,spend,clicks,conversions\n2026-01-01,a,9,10,3\n2026-01-01,b,9,990,99\n")
    >>> found = campaign_ranking(table)
    >>> found.rows[["campaign", "shrunk_rate", "p_best"]].round(2).values.tolist(), found.verdict
    ([['a', 0.33, 0.98], ['b', 0.1, 0.02]], 'better')
    """
    if rate not in RATES:
        raise UnknownValue("rate", rate, list(RATES))
    part, whole = RATES[rate]
    campaigns = replace(campaigns, currencies=None)  # rates are counts over counts: no amount plays a role
    table = campaign_results(campaigns, by=by, margin=None, as_of=as_of, level=level).rows[[by, part, whole]]
    table = table.set_axis([by, "successes", "trials"], axis="columns").fillna({"successes": 0.0, "trials": 0.0})
    table = table[table["successes"] <= table["trials"]].reset_index(drop=True)
    x, n = table["successes"].to_numpy(), table["trials"].to_numpy()
    alpha, beta, spread = spread_of_rates(x, n)
    a, b = x + alpha, n - x + beta
    best, loss = (np.full(len(n), np.nan) for _column in range(2))
    best[n > 0], loss[n > 0] = chances(a[n > 0], b[n > 0])  # of what was never tried nothing is known
    tails = [(1 - level) / 2, (1 + level) / 2]
    with np.errstate(invalid="ignore"):
        seen = x / n
    columns = {"rate": seen, "shrunk_rate": a / (a + b)}
    columns |= {f"shrunk_{end}": betaincinv(a, b, tail) for end, tail in zip(("low", "high"), tails, strict=True)}
    rows = table.assign(**columns, p_best=best, expected_loss=loss)
    rows = rows.assign(tried=n > 0).sort_values(["tried", "shrunk_rate", by], ascending=[False, False, True])
    rows = rows.drop(columns="tried").reset_index(drop=True)
    tried = rows[rows["trials"] > 0]
    verdict = _verdict(tried) if spread else "no_difference"
    more = _more_trials(tried, level) if verdict in ("leaning", "cannot_tell") else np.nan
    return CampaignRanking(rows, verdict, more, alpha, beta, rate, by, level)


def spread_of_rates(x: np.ndarray, n: np.ndarray) -> tuple[float, float, bool]:
    """The Beta distribution of true rates that makes x successes in n trials most likely; and whether they spread.

    With fewer than five campaigns Beta(1, 1). Where the rates spread no more than chance does, a distribution so
    narrow that all have the common rate.
    """
    x, n = x[n > 0], n[n > 0]
    if len(n) < ENOUGH:
        return 1.0, 1.0, True
    common = x.sum() / n.sum()
    if not 0 < common < 1:
        return POOLED * max(common, 1e-9), POOLED * max(1 - common, 1e-9), False

    def less_likely(log_parameters: np.ndarray) -> float:
        a, b = np.exp(log_parameters)
        return -(betaln(x + a, n - x + b) - betaln(a, b)).sum()

    variance = max(np.average((x / n - common) ** 2, weights=n) - common * (1 - common) * len(n) / n.sum(), 1e-12)
    precision = np.clip(common * (1 - common) / variance - 1, 1.0, POOLED)
    start = np.log([common * precision, (1 - common) * precision])
    found = minimize(less_likely, start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000})
    alpha, beta = np.exp(found.x)
    binomial = -(x * np.log(common) + (n - x) * np.log1p(-common)).sum()
    if alpha + beta > POOLED or binomial - found.fun < LEAST / 2:
        return POOLED * common, POOLED * (1 - common), False
    return float(alpha), float(beta), True


def chances(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of independent Beta(a, b) rates: the chance of each to be the highest, and its expected distance from that.

    >>> best, loss = chances(np.array([2.0, 1]), np.array([1.0, 2]))
    >>> best.round(3).tolist(), loss.round(3).tolist()
    ([0.833, 0.167], [0.033, 0.367])
    """
    if not len(a):
        return np.zeros(0), np.zeros(0)
    low, high = betaincinv(a, b, 1e-12).min(), betaincinv(a, b, 1 - 1e-12).max()
    own = betaincinv(a, b, np.linspace(0, 1, 60)[:, None])  # a narrow one may lie between two points of the grid
    edges = np.unique(np.concatenate([[0, 1], np.linspace(low, high, GRID), *own]))
    below = betainc(a, b, edges[:, None])
    with np.errstate(divide="ignore"):
        log = np.log(np.clip((below[1:] + below[:-1]) / 2, 1e-300, 1))
    others = np.exp(log.sum(axis=1, keepdims=True) - log)
    best = (np.diff(below, axis=0) * others).sum(axis=0)
    all_below = below.prod(axis=1)
    highest = (np.diff(edges) * (1 - (all_below[1:] + all_below[:-1]) / 2)).sum()
    return best / best.sum(), np.maximum(highest - a / (a + b), 0.0)


def _verdict(rows: pd.DataFrame) -> str:
    if len(rows) < 2:
        return "cannot_tell"
    first = rows.iloc[0]
    if first["p_best"] >= SURE and first["expected_loss"] < NEGLIGIBLE * first["shrunk_rate"]:
        return "better"
    return "leaning" if first["p_best"] >= LEANING else "cannot_tell"


def _more_trials(rows: pd.DataFrame, level: float) -> float:
    """How many more trials of each of the first two would tell their shrunk rates apart."""
    if len(rows) < 2:
        return np.nan
    (one, other), fewest = rows["shrunk_rate"][:2], rows["trials"][:2].min()
    if one == other:
        return np.inf
    return float(max(np.ceil(trials_needed(one, other, level) - fewest), 0.0))


def trials_needed(one: float, other: float, level: float = 0.95) -> float:
    """Trials of each of two rates that show their difference with a chance of 80 %.

    Source: the formula of R's power.prop.test.

    >>> round(float(trials_needed(0.20, 0.25)), 1)
    1093.7
    """
    mean = (one + other) / 2
    sure, power = ndtri((1 + level) / 2), ndtri(POWER)
    root = sure * np.sqrt(2 * mean * (1 - mean)) + power * np.sqrt(one * (1 - one) + other * (1 - other))
    return (root / (one - other)) ** 2
