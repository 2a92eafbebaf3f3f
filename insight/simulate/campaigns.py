"""The campaign table as the ad platforms would report it: spend by day, and the purchases of the last click."""

import numpy as np
import pandas as pd

from insight.simulate.sessions import social_campaign
from insight.simulate.world import CHANNELS, COMMISSION, CREATIVE, DAY, Calendar

KEYS = ["day", "channel", "campaign"]
COUNTS = ["budget", "sent", "clicks", "conversions", "new_customers", "revenue"]
ALWAYS_ON = {
    "brand_search": "search_brand",
    "affiliate": "affiliate_partners",
    "display": "display_retargeting",
}


def campaign_table(
    rng: np.random.Generator,
    calendar: Calendar,
    plans: dict[str, np.ndarray],
    visits: pd.DataFrame,
    purchases: pd.DataFrame,
    contacts: pd.DataFrame,
) -> pd.DataFrame:
    """One row a day and campaign. Clicks are the visits opened that day, tracked or not; conversions the purchases."""
    clicks = visits[(visits["campaign"] != "") & (visits["start"] < calendar.end)]
    bought = purchases[purchases["campaign"] != ""]
    facts = [
        _planned(calendar, plans),
        clicks[["channel", "campaign"]].assign(day=clicks["start"] // DAY, clicks=1),
        bought[["channel", "campaign", "new_customers"]].assign(
            day=bought["seconds"] // DAY, conversions=1, revenue=bought["amount"]
        ),
    ]
    sent = contacts[(contacts["action"] == "sent") & (contacts["seconds"] < calendar.end)]
    facts.append(sent[["campaign"]].assign(channel="email", day=sent["seconds"] // DAY, sent=1))
    daily = pd.concat(facts, ignore_index=True).groupby(KEYS, as_index=False)[COUNTS].sum()
    prices = pd.DataFrame(
        {
            "cost_per_click": {name: c.cost_per_click for name, c in CHANNELS.items()},
            "click_rate": {name: c.click_rate for name, c in CHANNELS.items()},
            "commission": pd.Series(COMMISSION),
            "creative": pd.Series(CREATIVE),
        }
    ).fillna(0.0)
    price = prices.loc[daily["channel"]].reset_index(drop=True)
    return _money_and_reach(rng, calendar, daily, price)


def _money_and_reach(
    rng: np.random.Generator, calendar: Calendar, daily: pd.DataFrame, price: pd.DataFrame
) -> pd.DataFrame:
    """Budgets are spent as planned; the other ads are paid by the click, mails by the piece."""
    email, planned = (daily["channel"] == "email").to_numpy(), (daily["budget"] > 0).to_numpy()
    by_click = daily["clicks"] * price["cost_per_click"] * rng.uniform(0.9, 1.1, len(daily))
    by_budget = daily["budget"] * rng.uniform(0.97, 1.03, len(daily))
    spend = np.round(np.select([planned, email], [by_budget, daily["sent"] * price["cost_per_click"]], by_click), 2)
    expected = np.where(planned, by_budget / price["cost_per_click"], daily["clicks"] + 0.3)
    seen = rng.poisson(expected * (1 / price["click_rate"] - 1).to_numpy()) + daily["clicks"]
    other = np.round(daily["revenue"] * price["commission"] + spend * price["creative"], 2)
    return pd.DataFrame(
        {
            "date": calendar.start.astype("datetime64[us]") + (daily["day"] * DAY).to_numpy().astype("timedelta64[s]"),
            "channel": daily["channel"].array,
            "campaign": daily["campaign"].array,
            "spend": np.asarray(spend),
            "impressions": np.where(email, daily["sent"], seen).astype(np.int64),
            "clicks": daily["clicks"].astype(np.int64).array,
            "conversions": daily["conversions"].astype(np.int64).array,
            "new_customers": daily["new_customers"].astype(np.int64).array,
            "revenue": daily["revenue"].round(2).array,
            "other_cost": np.asarray(other),
            "currency": "EUR",
        }
    )


def _planned(calendar: Calendar, plans: dict[str, np.ndarray]) -> pd.DataFrame:
    """A row for each day of each lasting campaign, also where nobody clicked."""
    day = np.arange(calendar.days)
    names = {
        "paid_search": "search_generic",
        "social": social_campaign(calendar, day),
        "display": "display_prospecting",
    }
    rows = [pd.DataFrame({"day": day, "channel": c, "campaign": names[c], "budget": plans[c]}) for c in plans]
    rows += [pd.DataFrame({"day": day, "channel": c, "campaign": name, "budget": 0.0}) for c, name in ALWAYS_ON.items()]
    return pd.concat(rows, ignore_index=True)
