"""What buyers do after their first purchase: when they buy again, when they stop, and what they spend."""

import numpy as np
import pandas as pd

from insight.simulate.world import CATEGORIES, CHANNELS, DAY, PROMO_DISCOUNT, REFUNDS, SPEND, Calendar, choose, clock


def buying_habits(rng: np.random.Generator, channel: np.ndarray, model: str, parameters: dict) -> pd.DataFrame:
    """One row a buyer: purchases a week while active, and the chance (or the weekly rate) of stopping.

    The rates are Gamma(r, alpha) draws whatever the channel; buyers from loyal channels get the higher ones of them,
    so the distribution stays the model's and lifetime value still differs by channel.
    """
    n = len(channel)
    rate = np.sort(rng.gamma(parameters["r"], 1 / parameters["alpha"], n))
    loyalty = pd.Series(channel).map({name: c.loyalty for name, c in CHANNELS.items()}).to_numpy()
    rank = np.empty(n, np.int64)
    rank[np.argsort(loyalty + rng.standard_normal(n), kind="stable")] = np.arange(n)
    if model == "pareto_nbd":
        stopping = rng.gamma(parameters["s"], 1 / parameters["beta"], n)
    else:
        stopping = rng.beta(parameters["a"], parameters["b"], n)
    return pd.DataFrame({"purchase_rate": rate[rank], "stopping": stopping})


def buy_again(rng: np.random.Generator, first: np.ndarray, habits: pd.DataFrame, model: str, end: float) -> tuple:
    """Repeat purchases as arrays: buyer, moment in days; and the day each buyer stops (infinite: still a customer).

    Poisson purchases at the buyer's own rate until the buyer stops: with a fixed chance after each purchase (MBG/NBD),
    after each repeat purchase (BG/NBD), or at an exponential moment (Pareto/NBD).
    """
    rate, stopping = habits["purchase_rate"].to_numpy() / 7, habits["stopping"].to_numpy()
    stops = np.full(len(first), np.inf)
    if model == "pareto_nbd":
        stops = first + rng.exponential(7 / stopping)
    elif model == "mbg_nbd":
        stops = np.where(rng.random(len(first)) < stopping, first, np.inf)
    active, now = np.flatnonzero(stops > first), first.copy()
    buyers, moments = [active[:0]], [now[:0]]
    while len(active):
        now[active] += np.maximum(rng.exponential(1 / rate[active]), 1.0)  # never twice a day: the models count days
        active = active[now[active] < np.minimum(end, stops[active])]
        buyers.append(active)
        moments.append(now[active])
        if model != "pareto_nbd":
            leaves = rng.random(len(active)) < stopping[active]
            stops[active[leaves]] = now[active[leaves]]
            active = active[~leaves]
    return np.concatenate(buyers), np.concatenate(moments), stops


def spend_scales(rng: np.random.Generator, n: int) -> np.ndarray:
    """Each person's own Gamma rate of spending; the mean order is p / rate."""
    return rng.gamma(SPEND["q"], 1 / SPEND["v"], n)


def baskets(rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
    """Amounts of single orders in EUR, to the cent: Gamma(p, the person's rate)."""
    return np.maximum(np.round(rng.gamma(SPEND["p"], 1.0, len(scale)) / scale, 2), 0.01)


def orders_of(rng: np.random.Generator, calendar: Calendar, purchases: pd.DataFrame) -> pd.DataFrame:
    """One row a purchase, in order of time: what was bought, what it cost, what was taken off."""
    n = len(purchases)
    shares = {name: share for name, (share, _, _) in CATEGORIES.items()}
    people = int(purchases["person"].max()) + 1 if n else 0
    favourite = choose(rng, shares, people)[purchases["person"]]
    category = np.where(rng.random(n) < 0.75, favourite, choose(rng, shares, n))
    quantity = 1 + choose(rng, (0.6, 0.22, 0.12, 0.06), n)
    amount = purchases["amount"].to_numpy()
    size = np.digitize(amount / quantity, (15, 40))
    products = np.array([names for _, _, names in CATEGORIES.values()])
    kind = np.argmax(category[:, None] == np.array(list(CATEGORIES)), axis=1)
    promo = calendar.during("promo_weekend", purchases["seconds"].to_numpy())
    voucher = (rng.random(n) < 0.1) & (amount > 20)
    orders = purchases[["person", "customer_id", "seconds"]].reset_index(drop=True)
    orders.insert(0, "order_id", [f"O{number:06d}" for number in range(1, n + 1)])
    orders["amount"], orders["product"], orders["category"] = amount, products[kind, size], category
    orders["quantity"] = quantity
    orders["discount"] = np.where(promo, np.round(amount * PROMO_DISCOUNT / (1 - PROMO_DISCOUNT), 2), voucher * 5.0)
    orders["channel"] = purchases["channel"].to_numpy()
    orders["cost"] = np.round(amount * np.array([cost for _, cost, _ in CATEGORIES.values()])[kind], 2)
    return orders


def refunds_of(rng: np.random.Generator, calendar: Calendar, orders: pd.DataFrame) -> pd.DataFrame:
    """Orders sent back in full: their own rows with everything negative, days after the order they undo."""
    returned = orders[rng.random(len(orders)) < REFUNDS].copy()
    later = clock(returned["seconds"] // DAY + rng.uniform(2, 16, len(returned)))
    returned["seconds"] = later
    returned["order_id"] = "R" + returned["order_id"].str[1:]
    for column in ("amount", "quantity", "discount", "cost"):
        returned[column] = 0 - returned[column]  # not -x, which writes a discount of nothing as -0.0
    return returned[returned["seconds"] < calendar.end]
