"""Who comes, by which channel, how far each gets, and the visits it takes: everything up to the first purchase."""

import numpy as np
import pandas as pd

from insight.simulate import world
from insight.simulate.world import CHANNELS, DAY, NAMES, Calendar, choose, clock


def budgets(rng: np.random.Generator, calendar: Calendar, customers: int) -> dict[str, np.ndarray]:
    """Daily media budget in EUR of each channel whose visits follow the budget; it changes from week to week."""
    plans = {}
    month = calendar.month(np.arange(calendar.days))
    for name, channel in CHANNELS.items():
        if channel.elasticity is None:
            continue
        weekly = np.exp(0.5 * rng.standard_normal(calendar.days // 7 + 1))
        daily = np.repeat(weekly, 7)[: calendar.days]
        if name == "social":
            daily = daily * np.where(np.isin(month, list(world.SOCIAL_CAMPAIGNS)), 2.0, 1.0)
        plans[name] = daily / daily.sum() * channel.cost_per_click * channel.share * customers
    return plans


def arrive(rng: np.random.Generator, calendar: Calendar, plans: dict[str, np.ndarray], customers: int) -> pd.DataFrame:
    """One row a person, in order of the first visit: moment, channel, traits, arm of the product page test."""
    day = np.arange(calendar.days)
    season = np.array(world.WEEKDAYS)[calendar.weekday(day)] * (1 + world.GROWTH * day / calendar.days)
    season = season * np.where(calendar.during("promo_weekend", day * DAY), world.PROMO_VISITS, 1.0)
    intensity = np.empty((len(CHANNELS), calendar.days))
    for row, (name, channel) in enumerate(CHANNELS.items()):
        pull = plans[name] ** channel.elasticity if name in plans else np.ones(calendar.days)
        intensity[row] = channel.share * season * pull / pull.mean()
    cell = np.sort(choose(rng, tuple(intensity.T.ravel()), customers))  # day by day, the channels of a day together
    at = cell // len(CHANNELS) + rng.random(customers)
    by_time = np.argsort(at, kind="stable")
    at, channel = at[by_time], NAMES[cell % len(CHANNELS)][by_time]
    ages = {kind: choose(rng, shares, customers) for kind, shares in world.AGES.items()}
    digits = max(5, len(str(customers)))
    people = pd.DataFrame({"customer_id": [f"C{n:0{digits}d}" for n in range(1, customers + 1)]})
    people["at"], people["first_channel"] = at, channel
    people["age_band"] = np.array(world.AGE_BANDS)[np.where(channel == "social", ages["social"], ages["other"])]
    people["region"], people["device"] = choose(rng, world.REGIONS, customers), choose(rng, world.DEVICES, customers)
    arm = choose(rng, {"A": 0.5, "B": 0.5}, customers)
    people["variant"] = np.where(calendar.during("product_page_test", clock(at)), arm, "")
    return people


def decide(rng: np.random.Generator, calendar: Calendar, people: pd.DataFrame) -> pd.DataFrame:
    """The visits up to each person's decision; adds to `people` how far they get (1 = visit, 5 = purchase).

    The last of these visits goes all the way, the earlier ones stop anywhere up to the checkout.
    """
    n = len(people)
    row = people["first_channel"].map({name: row for row, name in enumerate(CHANNELS)})
    rates = np.array([channel.conversion for channel in CHANNELS.values()])[row]
    rates[:, 1] *= np.where(people["variant"] == "B", world.TEST_FACTOR, 1.0)
    reached = np.cumprod(rng.random((n, 3)) < rates[:, :3], axis=1).sum(axis=1) + 1

    carts = reached >= 3
    returns = np.where(carts, *(choose(rng, world.RETURN_VISITS[k], n) for k in ("with a cart", "without")))
    person = np.repeat(np.arange(n), returns + 1)
    first = np.r_[True, person[1:] != person[:-1]]
    gap = np.maximum(world.LONGEST_GAP_DAYS * rng.beta(1.0, 2.2, len(person)), world.LEAST_GAP_DAYS)
    gap = np.where(first, 0.0, gap)
    passed = np.cumsum(gap)
    at = people["at"].to_numpy()[person] + passed - passed[first][person]
    last = np.r_[person[1:] != person[:-1], True]

    moment, mobile = clock(at[last]), (people["device"] == "mobile").to_numpy()
    rate = rates[:, 3] * np.where(mobile, world.MOBILE_FACTOR, 1.0)
    rate = rate * np.where(mobile & calendar.during("checkout_bug", moment), world.BUG_FACTOR, 1.0)
    rate = rate * np.where(calendar.during("promo_weekend", moment), world.PROMO_FACTOR, 1.0)
    people["furthest"] = reached + ((reached == 4) & (rng.random(n) < rate))

    furthest = people["furthest"].to_numpy()[person]
    earlier = 1 + (rng.random(len(person)) * np.minimum(furthest, 4)).astype(np.int64)
    visits = pd.DataFrame({"person": person, "at": at, "gap": gap, "first": first, "last": last})
    visits["depth"] = np.where(last, furthest, earlier)
    return visits


def consent(rng: np.random.Generator, people: pd.DataFrame) -> None:
    """Add what each person agreed to; buyers leave an address more often."""
    n, furthest = len(people), people["furthest"].to_numpy()
    chance = np.select([furthest == 5, furthest > 1], [world.CONSENT_EMAIL["bought"], world.CONSENT_EMAIL["looked"]])
    people["consent_email"] = rng.random(n) < np.where(chance > 0, chance, world.CONSENT_EMAIL["only visited"])
    people["consent_ads"] = rng.random(n) < world.CONSENT_ADS
    people["consent_analytics"] = rng.random(n) < world.CONSENT_ANALYTICS


def come_back(rng: np.random.Generator, people: pd.DataFrame, visits: pd.DataFrame) -> None:
    """Add the channel of each visit, and whether the visit would not have happened without that channel."""
    person = visits["person"].to_numpy()
    whose = people.iloc[person]
    ways = {kind: choose(rng, shares, len(visits)) for kind, shares in world.RETURN_CHANNELS.items()}
    channel = np.where(whose["furthest"] >= 3, ways["with a cart"], ways["without"])
    mailable = whose["consent_email"].to_numpy() & (clock(visits["at"]) < whose["unsubscribed"].to_numpy())
    channel = np.where((channel == "email") & ~mailable, "direct", channel)
    channel = np.where((channel == "display") & ~whose["consent_ads"], "organic_search", channel)
    visits["channel"] = np.where(visits["first"], whose["first_channel"], channel)
    share = visits["channel"].map({name: channel.incremental or 0.0 for name, channel in CHANNELS.items()})
    visits["caused"] = rng.random(len(visits)) < share
