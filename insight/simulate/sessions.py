"""From visits to the event log: what is seen of a visit, second by second, and what the tracking loses."""

import numpy as np
import pandas as pd

from insight.simulate.purchases import baskets
from insight.simulate.world import REPEAT_CHANNELS, SOCIAL_CAMPAIGNS, Calendar, choose, clock

PLAIN_CAMPAIGN = {"paid_search": "search_generic", "brand_search": "search_brand", "affiliate": "affiliate_partners"}

# What can happen in a visit, in this order: event, the depth it needs, its chance, least and mean extra seconds since
# the event before it.
MOMENTS = (
    ("visit", 1, 1.0, 0, 0),
    ("search", 2, 0.30, 5, 20),
    ("product_view", 2, 1.0, 8, 30),
    ("product_view", 2, 0.45, 20, 60),
    ("product_view", 2, 0.20, 20, 60),
    ("add_to_cart", 3, 1.0, 15, 90),
    ("checkout", 4, 1.0, 20, 80),
    ("payment_error", 4, 0.80, 30, 60),  # only where the checkout bug stops a phone
    ("purchase", 5, 1.0, 45, 120),
)
EVENTS = np.array([moment[0] for moment in MOMENTS])


def repeat_visits(rng: np.random.Generator, people: pd.DataFrame, person: np.ndarray, at: np.ndarray) -> pd.DataFrame:
    """The visits of repeat purchases; the channel only carries them, each buyer follows a rhythm of their own."""
    whose = people.iloc[person]
    channel = choose(rng, REPEAT_CHANNELS, len(person))
    mailable = whose["consent_email"].to_numpy() & (clock(at) < whose["unsubscribed"].to_numpy())
    channel = np.where((channel == "email") & ~mailable, "direct", channel)
    visits = pd.DataFrame({"person": person, "at": at, "depth": 5, "channel": channel, "first": False})
    return visits.assign(gap=0.5, kind="repeat", last=False, caused=False)


def name_campaigns(calendar: Calendar, visits: pd.DataFrame) -> None:
    """Add the campaign of each visit; empty where nobody is paid for the visit."""
    channel, seconds = visits["channel"].to_numpy().astype(str), visits["start"].to_numpy()
    campaign = np.full(len(visits), "", dtype="<U24")
    for name, only in PLAIN_CAMPAIGN.items():
        campaign[channel == name] = only
    campaign[channel == "social"] = social_campaign(calendar, seconds // 86_400)[channel == "social"]
    display, email = channel == "display", channel == "email"
    campaign[display] = np.where(visits["first"][display], "display_prospecting", "display_retargeting")
    campaign[email] = np.where(visits["kind"][email] == "repeat", "refill_reminder", "visit_reminder")
    visits["campaign"] = campaign


def social_campaign(calendar: Calendar, day: np.ndarray) -> np.ndarray:
    """Which campaign ran on social on each day."""
    names = np.array([SOCIAL_CAMPAIGNS.get(month, "social_prospecting") for month in range(13)])
    return names[calendar.month(day)]


def happenings(
    rng: np.random.Generator, calendar: Calendar, people: pd.DataFrame, visits: pd.DataFrame
) -> pd.DataFrame:
    """All events of all visits up to the end of the data, tracked or not, in order of time."""
    n = len(visits)
    whose = people.iloc[visits["person"]]
    stopped = calendar.during("checkout_bug", visits["start"]) & (whose["device"] == "mobile").to_numpy()
    depth = visits["depth"].to_numpy()
    there = np.empty((n, len(MOMENTS)), bool)
    seconds = np.empty((n, len(MOMENTS)), np.int64)
    now = visits["start"].to_numpy().copy()
    for column, (event, needs, chance, least, mean) in enumerate(MOMENTS):
        happens = (depth >= needs) & (rng.random(n) < chance)
        if event == "payment_error":
            happens &= stopped & (depth == 4)
        now += happens * (least + rng.exponential(mean, n).astype(np.int64))
        there[:, column], seconds[:, column] = happens, now
    visit, moment = np.nonzero(there & (seconds < calendar.end))
    amount = np.where(depth >= 3, baskets(rng, whose["spend_scale"].to_numpy()), np.nan)
    log = visits[["person", "channel", "campaign", "kind", "first", "session"]].iloc[visit].reset_index(drop=True)
    log["seconds"], log["event"] = seconds[visit, moment], EVENTS[moment]
    log["value"] = np.where(np.isin(log["event"], ("add_to_cart", "checkout", "purchase")), amount[visit], np.nan)
    return log.sort_values(["seconds", "session"], kind="stable", ignore_index=True)


def tracked(calendar: Calendar, people: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """The event log as it can be downloaded: without the page events of the tracking gap, but with its purchases."""
    seen = log[~calendar.during("tracking_gap", log["seconds"]) | (log["event"] == "purchase")]
    whose = people.iloc[seen["person"]]
    return pd.DataFrame(
        {
            "customer_id": whose["customer_id"].array,
            "timestamp": calendar.timestamps(seen["seconds"].to_numpy()),
            "event": seen["event"].array,
            "session": seen["session"].array,
            "channel": seen["channel"].array,
            "campaign": seen["campaign"].array,
            "device": whose["device"].array,
            "region": whose["region"].array,
            "value": seen["value"].array,
            "variant": whose["variant"].array,
        }
    )
