"""Campaigns: what each cost, what came of it, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.campaigns.currency import MONEY, Rates, in_one_currency, rows_until
from insight.campaigns.ratios import (
    Interval,
    cost_per_event,
    effective_trials,
    ratio_interval,
    total_interval,
)
from insight.errors import InsightError, UnknownValue
from insight.intervals import wilson

__all__ = ["CampaignResults", "campaign_results"]

COUNTS = ("impressions", "clicks", "conversions", "new_customers")
COSTS = ("spend", "other_cost", "total_cost")
WHY = {  # an empty denominator -> the reason that stands beside NA
    "impressions": "no_impressions",
    "clicks": "no_clicks",
    "conversions": "no_conversions",
    "new_customers": "no_new_customers",
    "spend": "no_cost",
    "total_cost": "no_cost",
}


@dataclass(frozen=True, eq=False)
class CampaignResults:
    """Result of :func:`campaign_results`.

    rows : one row a campaign (or what `by` names), most spend first
        campaign (or channel, or what `by` names)
                            str    its name; "(not set)" where the file does not say
        spend, other_cost, total_cost, revenue
                            float  sums; total_cost = spend (1 + extra_cost) + other_cost
        impressions, clicks, conversions, new_customers
                            float  sums; NA where the file has no such column
        days                int    dates with a row
        ctr                 float  clicks / impressions; cvr : conversions / clicks (of clicks, not of visits)
        cpc, cpm            float  spend / clicks; 1000 spend / impressions
        cpa                 float  spend / conversions; cac : total_cost / new_customers
        aov                 float  revenue / conversions
        roas                float  revenue / spend
        roi                 float  (margin revenue - total_cost) / total_cost
        profit              float  margin revenue - total_cost
        break_even_roas     float  total_cost / (margin spend): the ROAS at which profit is 0; break_even_roas_why
        max_cpc             float  margin revenue / clicks = margin aov cvr: what a click may cost before it loses
        ctr_low, ctr_high, cvr_low, cvr_high, cpc_low, cpc_high, cpm_low, cpm_high, cpa_low, cpa_high, cac_low,
        cac_high, aov_low, aov_high, roas_low, roas_high, roi_low, roi_high, profit_low, profit_high, max_cpc_low,
        max_cpc_high        float  ends of the interval of each
        ctr_why, cvr_why, cpc_why, cpm_why, cpa_why, cac_why, aov_why, roas_why, roi_why, profit_why, max_cpc_why
                            str    "" or the reason why it, or its interval, is NA
    total : the same of all rows together: sums over sums, never a mean of ratios
    currency : of all amounts; None where the file does not say
    first_day, as_of : the first and the last day that count (ISO)
    left_out : rows after `as_of`, not used
    by, margin, extra_cost, rates, level : the settings, as given
    """

    rows: pd.DataFrame
    total: pd.DataFrame
    currency: str | None
    first_day: str
    as_of: str
    left_out: int
    by: str
    margin: float | None
    extra_cost: float
    rates: Rates | None
    level: float


def campaign_results(
    campaigns,
    *,
    by: str = "campaign",
    margin: float | None,
    extra_cost: float = 0.0,
    rates: Rates | None = None,
    as_of: str | None = None,
    level: float = 0.95,
) -> CampaignResults:
    r"""What each campaign cost, brought, and returned.

    .. math:: \text{ROAS} = \frac{\text{revenue}}{\text{spend}}, \qquad
              \text{ROI} = \frac{m \cdot \text{revenue} - \text{total cost}}{\text{total cost}}

    with the gross margin m. All of it is *attributed*: what a platform or a rule gave the campaign credit for, not
    what would be missing without it.

    Intervals: of the rates Wilson's, with fewer effective trials where the rate spreads over the days more than
    chance; of ratios of sums Fieller's from the daily rows, or from weeks drawn anew where neighbouring days are
    alike; of profit that of the margin on the summed revenue, less the cost, which is known: never below a loss of
    all of it. With fewer than ten days of rows, cost per conversion and per new customer have Poisson limits, and the
    other ratios none ("needs_daily_rows").

    campaigns : Campaigns
    by : the column whose values are compared: "campaign", "channel", or another of the file
    margin : gross margin as a share of revenue, 0 to 1; None where it is not known: then ROI, profit and break-even
        are NA ("no_margin"). It has no default: at a margin that nobody confirmed every ROI is wrong
    extra_cost : cost beside the spend, as a share of it: fees, creative work
    rates : where the file has several currencies, what one unit of each is worth in the one without a rate, such as
        {"EUR": 1.08}
    as_of : last complete day; later rows are ignored and counted
    level : of the intervals

    Raises UnknownValue for a column that does not exist; InsightError for impossible settings, for several currencies
    without rates and where no row is left.
    Source: Fieller 1954; Brown, Cai & DasGupta 2001 for Wilson's interval; Garwood 1936 for Poisson limits.

    >>> from insight import read_campaigns
    >>> table = read_campaigns(b"date,campaign,spend,other_cost,revenue\n2026-01-01,spring,1000,200,3000\n")
    >>> found = campaign_results(table, margin=0.4).rows.loc[0]
    >>> [round(float(found[name]), 2) for name in ("roas", "roi", "profit", "break_even_roas")], found["roas_why"]
    ([3.0, 0.0, 0.0, 3.0], 'needs_daily_rows')
    """
    check_money(margin, extra_cost, level)
    if getattr(campaigns, "kind", None) != "campaigns":
        raise InsightError("campaign_results takes the table that read_campaigns returns.")
    frame, left_out = rows_until(campaigns, as_of)
    if by not in frame:
        raise UnknownValue("by", by, [name for name in frame if frame[name].dtype == "str"])
    frame, currency = in_one_currency(campaigns, frame, rates)
    asked = {"margin": margin, "extra_cost": extra_cost, "level": level}
    key = frame[by].astype("str").where(frame[by].notna(), "(not set)")
    days = frame["date"].dt.strftime("%Y-%m-%d")
    sums = _daily(frame, [key.rename(by), days.rename("day")], campaigns.decimals, extra_cost)
    rows = [{by: name, **_row(own.droplevel(by), asked)} for name, own in sums.groupby(level=by)]
    table = pd.DataFrame(rows).sort_values(["spend", by], ascending=[False, True], ignore_index=True)
    return CampaignResults(
        rows=table.astype({by: "str"}),
        total=pd.DataFrame([_row(sums.groupby(level="day").sum(min_count=1), asked)]),
        currency=currency,
        first_day=min(days),
        as_of=max(days) if as_of is None else as_of,
        left_out=left_out,
        by=by,
        rates=rates,
        **asked,
    )


def check_money(margin: float | None, extra_cost: float, level: float) -> None:
    """Raises InsightError for a margin, a cost or a level that cannot be meant."""
    if margin is not None and (isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 < margin <= 1):
        raise InsightError(f"margin = {margin!r} must be a share of revenue, more than 0 and at most 1, such as 0.4.")
    if isinstance(extra_cost, bool) or not isinstance(extra_cost, int | float) or not 0 <= extra_cost < np.inf:
        raise InsightError(f"extra_cost = {extra_cost!r} must be a share of the spend from 0 up, such as 0.15.")
    wilson(0, 1, level)


def _daily(frame: pd.DataFrame, keys: list[pd.Series], decimals: int, extra_cost: float) -> pd.DataFrame:
    """Sums of each key and day; money from exact minor units. A column that the file lacks is NA."""
    measures = {name: frame[name] for name in COUNTS if name in frame}
    measures |= {name: frame[f"{name}_minor"].astype("float64") for name in MONEY if name in frame}
    sums = pd.DataFrame(measures).groupby([key.to_numpy() for key in keys], sort=True).sum(min_count=1)
    sums.index.names = [key.name for key in keys]
    for name in MONEY:
        sums[name] = sums[name] / 10**decimals if name in sums else np.nan
    for name in COUNTS:
        sums[name] = sums.get(name, np.nan)
    other = sums["other_cost"].fillna(0.0)
    return sums.assign(total_cost=sums["spend"] * (1 + extra_cost) + other)


def _row(daily: pd.DataFrame, asked: dict) -> dict[str, object]:
    """All figures of one campaign, from its days."""
    total, level = daily.sum(min_count=1), asked["level"]
    margin = np.nan if asked["margin"] is None else asked["margin"]
    found = {name: total[name] for name in (*COSTS, "revenue", *COUNTS)} | {"days": len(daily)}
    found |= _rate("ctr", "clicks", "impressions", daily, level) | _rate("cvr", "conversions", "clicks", daily, level)
    found |= _ratio("cpc", "spend", "clicks", daily, level)
    found |= {name: value if name.endswith("why") else 1000 * value
              for name, value in _ratio("cpm", "spend", "impressions", daily, level).items()}  # fmt: skip
    found |= _ratio("cpa", "spend", "conversions", daily, level)
    found |= _ratio("cac", "total_cost", "new_customers", daily, level)
    found |= _ratio("aov", "revenue", "conversions", daily, level)
    found |= _ratio("roas", "revenue", "spend", daily, level)
    back = _ratio("roi", "revenue", "total_cost", daily, level)
    why = "no_margin" if np.isnan(margin) else back["roi_why"]
    found |= {name: margin * back[name] - 1 for name in ("roi", "roi_low", "roi_high")} | {"roi_why": why}
    found |= _profit(daily, margin, level, why)
    spend = total["spend"]
    found["break_even_roas"] = total["total_cost"] / (margin * spend) if spend > 0 else np.nan
    found["break_even_roas_why"] = "no_margin" if np.isnan(margin) else "" if spend > 0 else "no_cost"
    click = _ratio("max_cpc", "revenue", "clicks", daily, level)
    found |= {name: margin * click[name] for name in ("max_cpc", "max_cpc_low", "max_cpc_high")}
    return found | {"max_cpc_why": "no_margin" if np.isnan(margin) else click["max_cpc_why"]}


def _profit(daily: pd.DataFrame, margin: float, level: float, why: str) -> dict[str, object]:
    """What is left after all cost. The cost is known, so the interval is that of the revenue."""
    revenue, profit = daily["revenue"], margin * daily["revenue"] - daily["total_cost"]
    if profit.isna().any():
        return _figures("profit", profit.sum(min_count=1), (np.nan, np.nan, why))
    low, high, unknown = total_interval(revenue.to_numpy(), level)
    low, cost = max(low, min(revenue.sum(), 0.0)), daily["total_cost"].sum()  # no more can be lost than the cost
    return _figures("profit", profit.sum(), (margin * low - cost, margin * high - cost, unknown))


def _rate(name: str, part: str, whole: str, daily: pd.DataFrame, level: float) -> dict[str, object]:
    """A share of counts with Wilson's interval."""
    known = daily[daily[part].notna() & daily[whole].notna()]
    x, n = known[part].sum(), known[whole].sum()
    why = _why_not(daily, part, whole, n)
    if why:
        return _figures(name, np.nan, (np.nan, np.nan, why))
    if x > n:
        return _figures(name, x / n, (np.nan, np.nan, f"more_{part}_than_{whole}"))
    effective = effective_trials(known[part].to_numpy(), known[whole].to_numpy())
    low, high = wilson(x / n * effective, effective, level)
    return _figures(name, x / n, (float(low), float(high), ""))


def _ratio(name: str, above: str, below: str, daily: pd.DataFrame, level: float) -> dict[str, object]:
    """A ratio of sums with its interval."""
    known = daily[daily[above].notna() & daily[below].notna()]
    y, x = known[above].sum(), known[below].sum()
    why, counted = _why_not(daily, above, below, x), below in ("conversions", "new_customers") and above != "revenue"
    if why in ("no_conversions", "no_new_customers") and counted:
        return _figures(name, np.nan, (*cost_per_event(y, 0, level)[:2], why))
    if why:
        return _figures(name, np.nan, (np.nan, np.nan, why))
    found: Interval = ratio_interval(known[above].to_numpy(), known[below].to_numpy(), level)
    if found[2] == "needs_daily_rows" and counted:
        found = cost_per_event(y, x, level)
    return _figures(name, y / x, found)


def _why_not(daily: pd.DataFrame, above: str, below: str, total: float) -> str:
    for column in (above, below):
        if daily[column].isna().all():
            return f"no_column_{column}"
    return "" if total > 0 else WHY[below]


def _figures(name: str, value: float, interval: Interval) -> dict[str, object]:
    low, high, why = interval
    return {name: float(value), f"{name}_low": low, f"{name}_high": high, f"{name}_why": why}
