"""Whether customers are worth what they cost: LTV to CAC of each channel, and the day on which they have paid back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.acquisition.curves import curve_of, payback_day
from insight.acquisition.following import LONGEST, Following, following
from insight.acquisition.modelled import modelled
from insight.acquisition.observed import per_cost, sums_until
from insight.acquisition.sums import FEW, mean_interval
from insight.acquisition.tally import FIRST_ORDER
from insight.campaigns.currency import Rates
from insight.campaigns.ratios import cost_per_event
from insight.errors import InsightError, UnknownValue
from insight.periods import UNITS, microseconds

COSTS = ("all", "media")


@dataclass(frozen=True, eq=False)
class AcquisitionPayback:
    """Result of :func:`acquisition_payback`. Money is in units of the currency; margin is margin x revenue.

    rows : one row a channel (or what `by` names), most spend first
        channel (or campaign, or what `by` names)
                            str    its name in the campaigns
        n_customers         int    acquired in the window
        spend, total_cost   float  of the window
        cac                 float  cost / n_customers, the cost being what `cost` says; cac_low, cac_high : its interval
        cac_why             str    "" or why it is NA
        observed_customers  int    of them those followed for the whole horizon
        observed_cac        float  the same of the days on which these were acquired
        observed_ltv        float  their mean margin within the horizon, before the CAC is taken off; NA of fewer than
                                   ten
        observed_ltv_low, observed_ltv_high
                            float  interval of that mean
        ltv_to_cac          float  observed_ltv / observed_cac; ltv_to_cac_low, ltv_to_cac_high : its interval
        ltv_to_cac_why      str    "" or why it, or its interval, is NA
        model_ltv           float  margin a model expects of a new customer within the horizon, before the CAC;
                                   model_ltv_low, model_ltv_high : its interval; model_why : why it is NA
        model_ltv_to_cac    float  model_ltv / cac
        allowable_cac       float  what a customer may cost: LTV x (1 - target_profit_share)
        allowable_from      str    "observed" or "model": the LTV it is made of; "" where there is none
        payback_day         float  the first day on which the mean margin so far has reached the CAC; NA where not
        payback_earliest, payback_latest
                            float  the same by the upper and lower end of the margin's interval; NA likewise
        payback_why         str    "" or why there is none: "not_reached", "few_customers", "no_cost"
        days_observed       int    the last day for which ten customers could be followed; -1 for none
        margin_so_far       float  the mean margin until then
    total : the same of all of them together
    curve : one row a channel and day after the acquisition, as far as ten customers can be followed
        channel, days_after, n_customers (followed so long)
        margin_per_customer float  mean margin until that day: the days' means over who is observed, added up
        ci_low, ci_high     float  its interval
    blended_cac : cost / all customers acquired in the window, whatever brought them
    names : as in CohortRoas: written_as, found_in, n_customers, spend, counted_as, suggestion
    currency, source, column, first_day, last_day, as_of, n_customers, organic, before, after, rows_are,
        spend_outside, data_start, days_without_spend, left_out : as in CohortRoas
    model_note : why no model could be fitted at all; "" where one was, or was not asked for
    by, margin, horizon, cost, extra_cost, target_profit_share, model, same, rates, rows_as, level : the settings, as
        given
    """

    rows: pd.DataFrame
    total: pd.DataFrame
    curve: pd.DataFrame
    blended_cac: float
    names: pd.DataFrame
    currency: str | None
    source: str
    column: str
    first_day: str
    last_day: str
    as_of: str
    n_customers: int
    organic: int
    before: int
    after: int
    rows_are: str
    spend_outside: float
    data_start: str
    days_without_spend: int
    left_out: int
    model_note: str
    by: str
    margin: float
    horizon: str
    cost: str
    extra_cost: float
    target_profit_share: float
    model: str | None
    same: dict[str, str] | None
    rates: Rates | None
    rows_as: str
    level: float


def acquisition_payback(
    orders,
    campaigns,
    events=None,
    customers=None,
    *,
    margin: float,
    by: str = "channel",
    horizon: str = "365D",
    cost: str = "all",
    extra_cost: float = 0.0,
    target_profit_share: float = 0.0,
    model: str | None = None,
    column: str | None = None,
    source: str | None = None,
    same: dict[str, str] | None = None,
    rates: Rates | None = None,
    rows_as: str = "auto",
    as_of: str | None = None,
    level: float = 0.95,
) -> AcquisitionPayback:
    r"""What a customer of each channel costs and is worth, and when the cost has come back.

    .. math:: \text{CAC} = \frac{\text{cost}}{\text{customers acquired}}, \qquad
        \text{LTV:CAC} = \frac{m \cdot \text{revenue per customer within the horizon}}{\text{CAC}}, \qquad
        \text{payback} = \min \{ d : m \cdot \text{revenue per customer by day } d \ge \text{CAC} \}

    The LTV is that of a newly acquired customer before the CAC is taken off; ratio and CAC are of the same customers.
    It is observed where customers could be followed for the whole horizon; a model can say what to expect of others.

    orders, campaigns, events, customers, by, column, source, extra_cost, same, rates, rows_as, as_of, level : as
        `cohort_roas`
    margin : gross margin as a share of revenue
    horizon : whole days, such as "365D"
    cost : "all" - spend with the share on top, and other cost; "media" - the spend alone
    target_profit_share : share of the LTV that is to be left after the CAC
    model : as in `customer_value`, such as "auto"; None for no model

    Raises as `cohort_roas`; InsightError without a margin, and for a horizon that is not whole days.
    Source: LTV before CAC over CAC, Gupta & Lehmann 2005, Managing Customers as Investments; Garwood 1936, Fay & Feuer
    1997 and Kott 2001 for the intervals.

    >>> from insight import read_campaigns, read_orders
    >>> rows = b"".join(b"%d,c%d,2026-01-%02d,30,ads\n" % (k, k % 12, 1 + k % 28) for k in range(24))
    >>> orders = read_orders(b"order_id,customer_id,order_date,amount,channel\n" + rows)
    >>> campaigns = read_campaigns(b"date,channel,campaign,spend\n2026-01-01,ads,spring,180\n")
    >>> found = acquisition_payback(orders, campaigns, margin=0.5, horizon="7D", as_of="2026-01-28")
    >>> found.rows[["channel", "n_customers", "cac", "payback_why"]].values.tolist()
    [['ads', 12, 15.0, '']]
    """
    if margin is None:
        raise InsightError("What a customer is worth is a matter of margin: give it as a share, such as margin=0.4.")
    if cost not in COSTS:
        raise UnknownValue("cost", cost, COSTS)
    check_share(target_profit_share)
    given = {
        "by": by, "column": column, "source": source, "horizons": [whole_days(horizon)], "margin": margin,
        "same": same, "extra_cost": extra_cost, "rates": rates, "as_of": as_of, "level": level, "cost": cost,
        "target_profit_share": target_profit_share, "rows_as": rows_as,
    }  # fmt: skip
    found = following(orders, campaigns, {"events": events, "customers": customers}, given)
    expected, note = modelled(orders, found, model, horizon, given)
    rows, curves = [], []
    for number, name in enumerate(found.names):
        curve = curve_of(found, [number], margin, level)
        curves.append(curve.assign(**{by: name})[[by, *curve.columns]])
        rows.append({by: name, **_row(found, [number], curve, expected.get(name), given)})
    everyone = list(range(len(found.names)))
    total = _row(found, everyone, curve_of(found, everyone, margin, level), expected.get(None), given)
    return AcquisitionPayback(
        rows=pd.DataFrame(rows).astype({by: "str"}),
        total=pd.DataFrame([total]),
        curve=pd.concat(curves, ignore_index=True).astype({by: "str"}),
        blended_cac=total["total_cost" if cost == "all" else "spend"] / (found.n_customers or np.nan),
        **found.facts(),
        **{"model_note": note, "by": by, "margin": margin, "horizon": horizon, "cost": cost, "extra_cost": extra_cost},
        **{"target_profit_share": target_profit_share, "model": model, "same": same, "rates": rates},
        **{"rows_as": rows_as, "level": level},
    )


def whole_days(horizon: str) -> int:
    """A horizon in days. Raises InsightError for one that is not whole days, or longer than ten years."""
    days, rest = divmod(microseconds(horizon, "horizon"), UNITS["D"])
    if rest or days > LONGEST:
        raise InsightError(f'horizon = {horizon!r} must be whole days, at most {LONGEST}: write "365D".')
    return days


def check_share(share: object) -> None:
    """Raises InsightError for what cannot be the share of the LTV that is to be left."""
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
        raise InsightError(f"target_profit_share = {share!r} must be a share from 0 to below 1, such as 0.3.")


def _row(found: Following, names: list[int], curve: pd.DataFrame, expected, given: dict) -> dict[str, object]:
    """All figures of some names together."""
    money = found.cost if given["cost"] == "all" else found.spend
    paid, n = float(money[names].sum()), int(found.tally.n[np.isin(found.tally.place[:, 0], names)].sum())
    low, high, _why = cost_per_event(paid, n, given["level"])
    cac = paid / n if n else np.nan
    row = {"n_customers": n, "spend": float(found.spend[names].sum()), "total_cost": float(found.cost[names].sum())}
    row |= {"cac": cac, "cac_low": low, "cac_high": high if n else np.nan, "cac_why": "" if n else "no_new_customers"}
    row |= _observed(found, names, given)
    value, value_low, value_high, why = expected or (np.nan, np.nan, np.nan, "no_model")
    row |= {"model_ltv": value, "model_ltv_low": value_low, "model_ltv_high": value_high}
    row |= {"model_why": why, "model_ltv_to_cac": value / cac if paid > 0 and n else np.nan}
    ltv = row["observed_ltv"] if row["observed_ltv"] == row["observed_ltv"] else value
    row["allowable_cac"] = ltv * (1 - given["target_profit_share"])
    row["allowable_from"] = "" if ltv != ltv else "observed" if row["observed_ltv"] == ltv else "model"
    return row | payback_day(curve, cac if paid > 0 else np.nan, "no_cost" if n and not paid > 0 else "")


def _observed(found: Following, names: list[int], given: dict) -> dict[str, object]:
    """What customers who could be followed for the whole horizon were worth, and had cost."""
    margin, level = given["margin"], given["level"]
    sums = sums_until(found, names, given["horizons"][0], FIRST_ORDER + 1)
    cost = sums.cost if given["cost"] == "all" else sums.spend
    ratio, low, high, why = per_cost(sums, cost, level)
    if 0 < sums.n < FEW:
        ratio, low, high, why = np.nan, np.nan, np.nan, "few_customers"
    mean, ends = np.nan, (np.nan, np.nan)
    if sums.n >= FEW:
        mean, ends = margin * sums.total / sums.n, mean_interval(sums.n, sums.total, sums.squares, level)
    return {
        "observed_customers": sums.n, "observed_cac": cost / sums.n if sums.n else np.nan, "observed_ltv": mean,
        "observed_ltv_low": margin * ends[0], "observed_ltv_high": margin * ends[1],
        "ltv_to_cac": margin * ratio if sums.n else np.nan, "ltv_to_cac_low": margin * low,
        "ltv_to_cac_high": margin * high, "ltv_to_cac_why": why,
    }  # fmt: skip
