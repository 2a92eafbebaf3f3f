"""python -m benchmarks.coverage: do the intervals of customer_value hold what they promise, where the truth is known?

    python -m benchmarks.coverage                 # 300 worlds a line, some minutes
    python -m benchmarks.coverage 50              # fewer

In each world customers buy and leave as one of the models says. A model is fitted to what was seen of them, and its
95 % interval of what they spend afterwards is held against what they did spend; likewise the 80 % range of each
customer. Where the fitted model is another than the true one, that is said, as it is with real customers.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight import BgNbd, GammaGamma, MbgNbd, ParetoNbd
from insight.clv.histories import Histories
from insight.clv.ranges import value_ranges
from insight.clv.spend import fit_spend
from insight.clv.uncertainty import Spread, row_slopes, total_spread
from insight.clv.valuation import Base, Valuation, fit
from insight.clv.value_settings import steps
from insight.errors import NotEnoughData

DAYS, LATER = 273, 273  # seen, and foretold: 39 weeks each, as in the papers
SPEND = GammaGamma(p=6.25, q=3.74, v=15.44)
WORLDS = {  # as of CDNOW, counted in days
    "pareto_nbd": ParetoNbd(r=0.553, alpha=10.578 * 7, s=0.606, beta=11.669 * 7),
    "mbg_nbd": MbgNbd(r=0.525, alpha=6.183 * 7, a=0.891, b=1.614),
    "bg_nbd": BgNbd(r=0.243, alpha=4.414 * 7, a=0.793, b=2.426),
}
LINES = [  # truth, fitted, customers
    *(("pareto_nbd", "pareto_nbd", n) for n in (300, 2_357, 20_000)),
    *(("mbg_nbd", "mbg_nbd", n) for n in (300, 2_357, 20_000)),
    *(("bg_nbd", "bg_nbd", n) for n in (300, 2_357)),
    *(("pareto_nbd", "bg_nbd", n) for n in (2_357, 20_000)),
]


@dataclass(frozen=True, eq=False)
class World:
    """`base` : what was seen of the customers; later : what each of its rows spent in the days after"""

    base: Base
    later: np.ndarray


def world(name: str, n: int, random: np.random.Generator) -> World:
    """Customers of a model, who arrive in the first four fifths of the days seen."""
    truth = WORLDS[name]
    age = DAYS - random.uniform(0, 0.8 * DAYS, n)
    purchases = random.poisson(random.gamma(truth.r, 1 / truth.alpha, n) * (age + LATER))
    who = np.repeat(np.arange(n), purchases)
    time = random.random(len(who)) * (age + LATER)[who]
    order = np.lexsort((time, who))
    who, time = who[order], time[order]
    if isinstance(truth, ParetoNbd):
        alive = time < random.exponential(1 / random.gamma(truth.s, 1 / truth.beta, n))[who]
    else:
        number = np.arange(len(who)) - np.repeat(np.cumsum(purchases) - purchases, purchases)
        last = random.geometric(np.maximum(random.beta(truth.a, truth.b, n), 1e-12)) - truth.chances
        alive = number < last[who]
    who, time = who[alive], time[alive]
    spent = random.gamma(SPEND.p, 1, len(who)) / random.gamma(SPEND.q, 1 / SPEND.v, n)[who]
    seen = time <= age[who]
    x = np.bincount(who[seen], minlength=n).astype(float)
    last_time = np.zeros(n)
    np.maximum.at(last_time, who[seen], time[seen])
    total, later = (np.bincount(who[part], spent[part], minlength=n) for part in (seen, ~seen))
    order = np.lexsort((age, last_time, x))
    histories = Histories(x[order], last_time[order], age[order], np.ones(n))
    return World(Base(x[order], total[order], np.ones(n), histories, np.arange(n)), later[order])


def forecasts(truth: str, fitted: str, n: int, worlds: int, seed: int = 0) -> Iterator[dict[str, float]]:
    """Of each world: how far off the total was, and whether the intervals held it."""
    for number in range(worlds):
        own = world(truth, n, np.random.default_rng([seed, n, number]))
        base = own.base
        try:
            model = fit(fitted, base.histories)
        except NotEnoughData:
            continue
        valuation = Valuation(model, fit_spend(base.x, base.total, base.n), base, steps(LATER, 0.0, 1.0), 1.0)
        spread, actual = total_spread(valuation, row_slopes(valuation)), own.later.sum()
        low, high = value_ranges(valuation, 0.0)
        parts = {"parameters": (1, 0), "chance": (0, 1), "both": (1, 1)}
        ends = {
            part: Spread(spread.parameters * one, spread.chance * other).interval(valuation.total, 0.95)
            for part, (one, other) in parts.items()
        }
        yield {
            "error": valuation.total / actual - 1,
            **{part: own_low <= actual <= own_high for part, (own_low, own_high) in ends.items()},
            "customers": np.mean((low <= own.later) & (own.later <= high)),
            "above": np.mean(own.later > high),
        }


def main(worlds: int) -> None:
    rows = []
    for truth, fitted, n in LINES:
        found = pd.DataFrame(forecasts(truth, fitted, n, max(worlds // (3 if n > 10_000 else 1), 1)))
        rows.append({"truth": truth, "fitted": fitted, "n": n, "worlds": len(found), **found.mean().round(3)})
        print(pd.DataFrame(rows[-1:]).to_string(index=False, header=len(rows) == 1), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
