"""Campaigns over time: what each week brought, and which weeks are not all in yet."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.campaigns import campaign_results
from insight.campaigns.currency import Rates, in_one_currency, rows_until
from insight.errors import UnknownValue
from insight.periods import calendar_periods, day_start, microseconds


@dataclass(frozen=True, eq=False)
class CampaignTrend:
    """Result of :func:`campaign_trend`.

    periods : one row a period in order, also those without a row in the file
        period        str    its first day (ISO)
        spend, revenue, clicks, conversions
                      float  sums of the period
        roas          float  revenue / spend; NA without spend
        is_whole      bool   all of its days lie between the first and the last day of the file
        is_mature     bool   it ended at least `immature` before the last day: later revenue has had time to come in
    roas : of all rows together
    break_even_roas : as in CampaignResults, of all rows; NA without a margin
    currency, first_day, as_of, left_out : as in CampaignResults
    by, only, period, immature, margin, extra_cost, rates, week_start : the settings, as given
    """

    periods: pd.DataFrame
    roas: float
    break_even_roas: float
    currency: str | None
    first_day: str
    as_of: str
    left_out: int
    by: str
    only: str | None
    period: str
    immature: str
    margin: float | None
    extra_cost: float
    rates: Rates | None
    week_start: str


def campaign_trend(
    campaigns,
    *,
    by: str = "campaign",
    only: str | None = None,
    period: str = "week",
    immature: str = "7D",
    margin: float | None = None,
    extra_cost: float = 0.0,
    rates: Rates | None = None,
    as_of: str | None = None,
    week_start: str = "MON",
) -> CampaignTrend:
    r"""What campaigns cost and brought, period by period.

    .. math:: \text{ROAS}_p = \frac{\text{revenue}_p}{\text{spend}_p}

    Orders come in after the click: a platform adds revenue to a day for as long as its window lasts. A period that
    ended less than `immature` before the last day is therefore not all in yet, and marked.

    campaigns, margin, extra_cost, rates, as_of : as for `campaign_results`
    only : the one value of the column `by` that is followed; None for all
    period : "day", "week" or "month"; week_start : "MON" to "SUN"
    immature : for how long revenue still comes in, such as "7D"

    Raises UnknownValue for a value, a period or a column that does not exist; otherwise as `campaign_results`.

    >>> from insight import read_campaigns
    >>> text = b"date,campaign,spend,revenue\n2026-01-05,a,10,20\n2026-01-12,a,10,50\n2026-01-18,a,5,10\n"
    >>> campaign_trend(read_campaigns(text)).periods[["period", "roas", "is_mature"]].values.tolist()
    [['2026-01-05', 2.0, True], ['2026-01-12', 4.0, False]]
    """
    whole = campaign_results(campaigns, by=by, margin=margin, extra_cost=extra_cost, rates=rates, as_of=as_of)
    wait = microseconds(immature, "immature")
    rows, _currency = in_one_currency(campaigns, rows_until(campaigns, as_of)[0], rates)
    total = whole.total.iloc[0]
    if only is not None:
        known = whole.rows[by].tolist()
        if only not in known:
            raise UnknownValue("only", only, known)
        rows = rows[rows[by].astype("str").where(rows[by].notna(), "(not set)") == only]
        total = whole.rows[whole.rows[by] == only].iloc[0]
    first, end = day_start(whole.first_day), day_start(whole.as_of, days_later=1)
    names, begins = calendar_periods(first, end - 1, period, week_start=week_start)
    at = np.searchsorted(begins, rows["date"].to_numpy("datetime64[us]").astype(np.int64), side="right") - 1
    table = pd.DataFrame({"period": pd.array(names, dtype="str")})
    for name in ("spend", "revenue", "clicks", "conversions"):
        table[name] = _sums(rows, name, at, len(names), campaigns.decimals)
    table["roas"] = table["revenue"] / table["spend"].where(table["spend"] > 0)
    table["is_whole"] = (begins[:-1] >= first) & (begins[1:] <= end)
    table["is_mature"] = begins[1:] + wait <= end
    return CampaignTrend(
        periods=table,
        roas=float(total["roas"]),
        break_even_roas=float(total["break_even_roas"]),
        **{"currency": whole.currency, "first_day": whole.first_day, "as_of": whole.as_of, "left_out": whole.left_out},
        **{"by": by, "only": only, "period": period, "immature": immature, "margin": margin},
        **{"extra_cost": extra_cost, "rates": rates, "week_start": week_start},
    )


def _sums(rows: pd.DataFrame, name: str, at: np.ndarray, n: int, decimals: int) -> np.ndarray:
    """The sums of a column by period, money from exact minor units; NA where the file has no such column."""
    exact = f"{name}_minor"
    if name not in rows:
        return np.full(n, np.nan)
    values = rows[exact if exact in rows else name].to_numpy(float, na_value=0.0)
    return np.bincount(at, np.nan_to_num(values), n) / (10**decimals if exact in rows else 1)
