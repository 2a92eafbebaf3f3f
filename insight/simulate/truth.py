"""The truth of a simulated shop as literals: what it was made with, and what came of it."""

import numpy as np
import pandas as pd

from insight.simulate import world
from insight.simulate.world import CHANNELS, STEPS, Calendar

INCIDENTS = {  # what happens, and the factor it puts on a step conversion
    "checkout_bug": ("On mobile, checkout -> purchase is multiplied; payment_error events appear.", world.BUG_FACTOR),
    "tracking_gap": ("Page events are lost; purchases, recorded by the server, are not.", None),
    "promo_weekend": ("3x the first visits, 20 % off, checkout -> purchase is multiplied.", world.PROMO_FACTOR),
    "product_page_test": (
        "First visitors see page A or B; B multiplies product_view -> add_to_cart.",
        world.TEST_FACTOR,
    ),
}


def truth_of(when: Calendar, crowd: pd.DataFrame, visits: pd.DataFrame, bought: pd.DataFrame, settings: dict) -> dict:
    """All truths of the shop. Rates are 0 to 1, money is EUR, a week is the unit of the purchase model."""
    model = settings["repeat"]
    return {
        "settings": settings,
        "funnel": _funnel(),
        "incidents": {
            name: {
                "meaning": INCIDENTS[name][0],
                "first_day": when.date(first),
                "last_day": when.date(last),
                "factor": INCIDENTS[name][1],
            }
            for name, (first, last) in when.incidents.items()
        },
        "decision": {
            "meaning": "Chance of 0, 1, 2, 3 return visits, each a gap of longest_gap_days * Beta(1, 2.2) after "
            "the one before; first orders by the time since the first visit.",
            "return_visits": {kind: list(chances) for kind, chances in world.RETURN_VISITS.items()},
            "return_channels": {kind: dict(shares) for kind, shares in world.RETURN_CHANNELS.items()},
            "longest_gap_days": world.LONGEST_GAP_DAYS,
            "longest_days": 3 * world.LONGEST_GAP_DAYS,
            "first_orders_within": _first_orders_within(crowd, bought),
        },
        "attribution": attribution_truth(visits, bought),
        "repeat": {
            "meaning": "Repeat purchases of the model with these parameters; one time unit is a week.",
            "model": model,
            "unit": "7D",
            **world.REPEAT[model],
            "loyalty": {name: c.loyalty for name, c in CHANNELS.items()},
        },
        "spend": _spend(),
        "churn": _churn(crowd, when.days),
        "mail": _mail(),
        "consent": {
            "meaning": "Chance to agree; to mail, by how far the person ever gets.",
            "email": dict(world.CONSENT_EMAIL),
            "ads": world.CONSENT_ADS,
            "analytics": world.CONSENT_ANALYTICS,
        },
        "budget": {
            "meaning": "First visits of the channel grow as daily budget ** elasticity.",
            "elasticity": {name: c.elasticity for name, c in CHANNELS.items() if c.elasticity is not None},
        },
        "no_effect": ["region", "age_band given first_channel"],
    }


def _spend() -> dict:
    """What an order is worth, and what it costs."""
    return {
        "meaning": "Gamma-Gamma; mean_order = p v / (q - 1).",
        **world.SPEND,
        "mean_order": world.SPEND["p"] * world.SPEND["v"] / (world.SPEND["q"] - 1),
        "cost_share": {name: cost for name, (_, cost, _) in world.CATEGORIES.items()},
        "refund_share": world.REFUNDS,
    }


def _mail() -> dict:
    """How newsletters are answered."""
    return {
        "meaning": "Newsletters: opened by subject line, clicked once opened; chance to unsubscribe: unsubscribe * "
        "fatigue ** (other newsletters of the last 14 days). Who orders by a newsletter opens it again.",
        "open_rate": dict(world.OPEN_RATE),
        "clicks_per_open": world.CLICKS_PER_OPEN,
        "unsubscribe": world.UNSUBSCRIBE,
        "fatigue": world.FATIGUE,
    }


def _funnel() -> dict:
    """Step conversions by first channel; the last one averaged over devices, which are alike in every channel."""
    mobile = world.DEVICES["mobile"]
    average = 1 - mobile + mobile * world.MOBILE_FACTOR
    conversion = {}
    for name, channel in CHANNELS.items():
        if channel.share:
            *early, purchase = channel.conversion
            conversion[name] = dict(zip(STEPS[1:], [*early, round(purchase * average, 6)], strict=True))
    return {
        "meaning": "Chance to reach each step from the one before, on plain days, by first channel.",
        "steps": list(STEPS),
        "conversion": conversion,
        "shares": {name: c.share for name, c in CHANNELS.items() if c.share},
        "mobile_factor": world.MOBILE_FACTOR,
        "devices": dict(world.DEVICES),
    }


def attribution_truth(visits: pd.DataFrame, bought: pd.DataFrame) -> dict:
    """First orders by the channel that closed them, and how many would be lost without each paid channel."""
    firsts = bought[bought["new_customers"] == 1].set_index("person")
    closed = firsts["channel"].value_counts()
    path = visits[(visits["kind"] == "decision") & visits["person"].isin(firsts.index) & visits["caused"].astype(bool)]
    caused = path[["person", "channel"]].drop_duplicates()
    caused = caused.assign(amount=firsts["amount"].reindex(caused["person"]).array)
    lost = caused.groupby("channel")["amount"].agg(["size", "sum"])
    return {
        "meaning": "First orders: closed by the channel (last touch), and lost if the channel were switched off. "
        "Two channels may both be needed for one order. Repeat orders need no channel.",
        "first_orders": len(firsts),
        "incremental_share": {name: c.incremental for name, c in CHANNELS.items() if c.incremental is not None},
        "last_touch": {name: int(closed.get(name, 0)) for name in CHANNELS},
        "incremental": {
            name: {"orders": int(lost["size"].get(name, 0)), "revenue": round(float(lost["sum"].get(name, 0.0)), 2)}
            for name, c in CHANNELS.items()
            if c.incremental is not None
        },
    }


def _first_orders_within(crowd: pd.DataFrame, bought: pd.DataFrame) -> dict:
    firsts = bought[bought["new_customers"] == 1]
    waited = firsts["seconds"].to_numpy() - world.clock(crowd["at"].to_numpy())[firsts["person"]]
    within = {days: int(np.sum(waited <= days * world.DAY)) for days in (1, 3, 7, 14)}
    return {f"{days}D": round(number / max(len(firsts), 1), 4) for days, number in within.items()}


def _churn(crowd: pd.DataFrame, days: int) -> dict:
    buyers = crowd["stops"].dropna()
    return {
        "meaning": "Buyers by the end of the data, and those who would still buy again.",
        "buyers": len(buyers),
        "still_customers": int(np.sum(buyers >= days)),
    }
