"""The rows of campaigns that count, in one currency: by their days, and at stated rates where there are several."""

import math

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.log.facts import one_currency
from insight.periods import day_start

MONEY = ("spend", "revenue", "other_cost")
Rates = dict[str, float]


def rows_until(campaigns, as_of: str | None) -> tuple[pd.DataFrame, int]:
    """The rows up to and with this day, and how many are later. None: all of them.

    Raises InsightError for what is no day, and where no row is left.
    """
    frame = campaigns.frame
    if as_of is not None:
        end = day_start(as_of, setting="as_of", days_later=1)
        frame = frame[frame["date"].to_numpy("datetime64[us]").astype(np.int64) < end]
    if frame.empty:
        raise InsightError("No row of the campaigns is left: there are none, or all lie after as_of.")
    return frame, len(campaigns.frame) - len(frame)


def in_one_currency(
    campaigns, frame: pd.DataFrame, rates: Rates | None, to: str | None = None
) -> tuple[pd.DataFrame, str | None]:
    """The rows with all amounts in one currency, in minor units, and which that is.

    frame : of `campaigns`, or some of its rows
    rates : what one unit of a currency is worth in that of the others: {"EUR": 1.08}; None where there is only one
    to : the currency that is wanted; None for the one that has no rate

    Raises InsightError for several currencies without rates, and for rates that do not say what to convert to;
    UnknownValue for a rate of a currency that the file lacks.

    >>> from insight import read_campaigns
    >>> table = read_campaigns(b"date,campaign,spend,currency\\n2026-01-01,a,100,EUR\\n2026-01-01,b,50,USD\\n")
    >>> rows, currency = in_one_currency(table, table.frame, {"EUR": 1.08})
    >>> rows["spend_minor"].tolist(), currency
    ([10800.0, 5000.0], 'USD')
    """
    there = sorted(campaigns.currencies or ())
    check_rates(rates, there)
    left = [code for code in there if code not in (rates or {})]
    if to is None and rates and not left:
        raise InsightError("Every currency has a rate: leave out that of the one the others are converted to.")
    if len(left) > 1 or (to is not None and left and left != [to]):
        need = ", ".join(code for code in left if code != to)
        raise InsightError(
            f"Amounts in several currencies do not add up ({', '.join(sorted({*there, *filter(None, [to])}))}): state "
            f'the rate of {need}, such as rates={{"EUR": 1.08}}, or keep one of them when reading, with currency="EUR".'
        )
    if not rates:
        return frame, to or one_currency(there)
    factor = frame["currency"].map(rates).fillna(1.0).astype("float64")
    exact = [f"{name}_minor" for name in MONEY if f"{name}_minor" in frame]
    return frame.assign(**{name: frame[name].astype("float64") * factor for name in exact}), to or left[0]


def check_rates(rates: object, there: list[str]) -> None:
    """Raises InsightError for what cannot be rates of these currencies."""
    if rates is None:
        return
    if not isinstance(rates, dict) or not rates:
        raise InsightError(f'rates = {rates!r} must say what one unit of a currency is worth, such as {{"EUR": 1.08}}.')
    for code, rate in rates.items():
        if code not in there:
            raise UnknownValue("rates", code, there)
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate < math.inf:
            raise InsightError(f"The rate of {code}, {rate!r}, must be a number above 0, such as 1.08.")
