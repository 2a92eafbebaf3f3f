"""A gym: members who pay by the month, and leave at the end of one of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.simulate.world import choose

# plan -> share of the members, EUR a month, and the parameters of the beta distribution of the chances to leave
PLANS = {"basic": (0.6, 29, 0.8, 6.0), "plus": (0.4, 49, 0.9, 14.0)}
CLUBS = {"old town": 0.5, "river": 0.3, "station": 0.2}  # no effect on anything
JOINING = (2.2, 1.3, 1.0, 0.9, 0.8, 0.7, 0.6, 0.8, 1.2, 1.0, 0.8, 0.7)  # January to December


@dataclass(frozen=True, eq=False)
class Gym:
    """Result of :func:`simulate_contracts`.

    customers : one row a member, in order of joining
        customer_id  str       M0001 ...
        start_date   datetime  the day the contract begins
        end_date     datetime  the first day without it; missing while it runs
        plan         str       basic or plus
        club         str       where the member trains
        monthly_fee  int       EUR
    truth : what it was made with, as literals; each part with its "meaning" in words
    """

    customers: pd.DataFrame
    truth: dict


def simulate_contracts(*, customers: int = 2000, start: str = "2023-01-01", months: int = 36, seed: int = 7) -> Gym:
    """Members of a gym, from its first day, with a known truth.

    Each member has a chance of their own to leave at the end of a month, drawn from the beta distribution of the plan:
    the model of Fader and Hardie (shifted-beta-geometric). So the share that stays rises with age though nobody ever
    changes: those who leave easily are gone. January brings three times as many members as July. The club has no
    effect on anything.

    customers : members who ever joined, at least 10; start : first day; months : of data, at least 3
    Returns a :class:`Gym`. The same settings give the same table to the last digit.
    Raises InsightError.

    >>> gym = simulate_contracts(customers=100, months=12)
    >>> gym.customers.columns.tolist()
    ['customer_id', 'start_date', 'end_date', 'plan', 'club', 'monthly_fee']
    """
    if customers < 10 or months < 3:
        raise InsightError("A gym's story needs at least 10 customers and 3 months.")
    try:
        first = np.datetime64(start, "M")
    except ValueError:
        raise InsightError(f"start = {start!r} is not a date. Write it as 2023-01-01.") from None
    rng = np.random.default_rng(seed)
    month = np.sort(choose(rng, tuple(np.resize(np.roll(JOINING, -(first.astype(int) % 12)), months)), customers))
    joined = (first + month).astype("datetime64[D]") + np.floor(28 * rng.random(customers)).astype(int)
    joined = np.sort(joined)
    plan = choose(rng, {name: own[0] for name, own in PLANS.items()}, customers)
    club = choose(rng, CLUBS, customers)
    chance = rng.beta(*np.array([PLANS[name][2:] for name in plan]).T)
    stays = rng.geometric(np.maximum(chance, 1e-9))  # months paid, at least one
    left = _months_later(joined, np.minimum(stays, 10 * months))
    running = left >= (first + months).astype("datetime64[D]")
    table = pd.DataFrame(
        {
            "customer_id": [f"M{n:0{max(4, len(str(customers)))}d}" for n in range(1, customers + 1)],
            "start_date": joined.astype("datetime64[us]"),
            "end_date": np.where(running, np.datetime64("NaT"), left.astype("datetime64[us]")),
            "plan": plan,
            "club": club,
            "monthly_fee": [PLANS[name][1] for name in plan],
        }
    )
    settings = {"customers": customers, "start": start, "months": months, "seed": seed}
    return Gym(table, _truth(settings))


def _months_later(days: np.ndarray, months: np.ndarray) -> np.ndarray:
    """The same day so many months later; every day is one that all months have."""
    month = days.astype("datetime64[M]")
    return (month + months).astype("datetime64[D]") + (days - month.astype("datetime64[D]"))


def _truth(settings: dict[str, object]) -> dict:
    plans = {
        name: {"share": share, "monthly_fee": fee, "alpha": alpha, "beta": beta}
        for name, (share, fee, alpha, beta) in PLANS.items()
    }
    return {
        "settings": settings,
        "churn": {
            "meaning": "Chances to leave at the end of a month are Beta(alpha, beta); S(t) = B(alpha, beta + t) / "
            "B(alpha, beta).",
            "plans": plans,
        },
        "joining": {"meaning": "New members by month, relative to each other.", "months": list(JOINING)},
        "no_effect": ["club"],
    }
