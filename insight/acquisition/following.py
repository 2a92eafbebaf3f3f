"""Campaigns and the customers they acquired, side by side: whom, when, for how much, and under which name."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd

from insight.acquisition.costs import TOTALS, Ledger, common_days, ledger_of, money_by_day
from insight.acquisition.names import check_same, matched, names_table
from insight.acquisition.origin import columns_of, origins_of, source_of
from insight.acquisition.tally import AcquisitionTally, Window, acquisition_merged, acquisition_tally, regrouped
from insight.campaigns import check_money
from insight.campaigns.currency import in_one_currency, rows_until
from insight.errors import InsightError, UnknownValue
from insight.log import NOT_SET
from insight.periods import timestamp
from insight.tables.table import counted

HORIZONS = [0, 30, 90, 180, 365]  # days after the acquisition
LONGEST = 3650


@dataclass(frozen=True, eq=False)
class Following:
    """What both analyses of acquisition start from.

    names : of the campaigns, most spend first; spend, cost : (names, days of the window), in the currency
    tally : of the customers under these names; table : every name that is not the same on both sides
    window : of the acquisitions; last : number of its last day; end : number of the last observed day
    unit : minor units of the orders in one unit of the currency
    rows_are : what the rows of the campaigns stand for (see Ledger)
    spend_outside : spend of days when no acquisition was followed; data_start : day of the first order
    days_without_spend : of the window; 0 where rows are totals; n_customers, organic : acquired in the window, and
        of them those whose name no campaign has
    everyone : the tally of all customers, under the names of the orders; counted_as : names of the orders -> campaigns
    """

    names: list[str]
    spend: np.ndarray
    cost: np.ndarray
    tally: AcquisitionTally
    everyone: AcquisitionTally
    counted_as: dict[str, str]
    table: pd.DataFrame
    window: Window
    last: int
    end: int
    unit: int
    currency: str | None
    source: str
    column: str
    rows_are: str
    spend_outside: float
    data_start: str
    days_without_spend: int
    n_customers: int
    organic: int

    def facts(self) -> dict[str, object]:
        """What every result says of how it was counted."""
        tally = self.tally
        return {
            "names": self.table, "currency": self.currency, "source": self.source, "column": self.column,
            "first_day": self.window.first, "last_day": self.window.last, "as_of": self.window.as_of,
            "n_customers": self.n_customers, "organic": self.organic, "before": tally.before, "after": tally.after,
            "rows_are": self.rows_are, "spend_outside": self.spend_outside, "left_out": tally.left_out,
            "data_start": self.data_start, "days_without_spend": self.days_without_spend,
        }  # fmt: skip

    def day(self, number: int) -> str:
        """The day of the window with this number, as ISO text."""
        return (date.fromisoformat(self.window.first) + timedelta(days=number)).isoformat()


def following(orders, campaigns, others: dict[str, object], settings: dict[str, object]) -> Following:
    """The customers that campaigns acquired, and what these cost.

    settings : by, column, source, horizons, margin, extra_cost, same, rates, rows_as, as_of, level
    """
    table = counted(orders, "cohort_roas", "orders")
    if getattr(campaigns, "kind", None) != "campaigns":
        raise InsightError("Value after acquisition needs the table that read_campaigns returns, beside the orders.")
    check_money(settings["margin"], settings["extra_cost"], settings["level"])
    rows, currency = _rows(table, campaigns, settings)
    key = rows[settings["by"]].astype("str").where(rows[settings["by"]].notna(), NOT_SET)
    ledger = ledger_of(rows, settings["by"], settings["rows_as"])
    begun = timestamp(table.facts.first_time, table.facts.timezone).strftime("%Y-%m-%d")
    window, source, column = window_of(table, ledger, begun, others, settings)
    looked_at = [column] if source == "orders" else []
    everyone = table.tally(partial(acquisition_tally, window=window), acquisition_merged, columns=looked_at)
    names = _by_spend(rows, key)
    sizes = _sizes(everyone)
    check_same(settings["same"], everyone.groups, names)
    counted_as = matched([*sizes], names, settings["same"])
    money = money_by_day(rows, key, ledger, names, (window.first, window.last), settings["extra_cost"])
    spend, cost, outside = (one / 10**campaigns.decimals for one in money)
    tally, n = regrouped(everyone, counted_as, names), int(everyone.n.sum())
    named = dict(zip(names, spend.sum(axis=1).tolist(), strict=True))
    return Following(
        names, spend, cost, tally, everyone, counted_as, names_table(sizes, named, counted_as), window,
        last=_days_between(window.first, window.last), end=_days_between(window.first, window.as_of),
        unit=10**table.facts.decimals, currency=currency, source=source, column=column, rows_are=ledger.rows_are,
        spend_outside=outside, data_start=begun, days_without_spend=_without_spend(spend, ledger),
        n_customers=n, organic=n - int(tally.n.sum()),
    )  # fmt: skip


def _without_spend(spend: np.ndarray, ledger: Ledger) -> int:
    """How many days of the window nothing was spent on; that of totals lies on some days only, so 0."""
    return 0 if ledger.rows_are == TOTALS else int((spend.sum(axis=0) == 0).sum())


def _by_spend(rows: pd.DataFrame, key: pd.Series) -> list[str]:
    """The names of the campaigns, most spend first."""
    spent = rows["spend_minor"].astype("float64").groupby(key.to_numpy()).sum()
    return spent.sort_index().sort_values(ascending=False, kind="stable").index.tolist()


def _rows(table, campaigns, settings: dict[str, object]) -> tuple[pd.DataFrame, str | None]:
    """The campaigns' rows that count, in the currency of the orders."""
    by, wanted = settings["by"], table.facts.one_currency()
    as_of = table.facts.as_of_day(settings["as_of"])
    rows, _later = rows_until(campaigns, as_of)
    if by not in rows or rows[by].dtype != "str":
        raise UnknownValue("by", by, [name for name in rows if rows[name].dtype == "str"])
    rows, currency = in_one_currency(campaigns, rows, settings["rates"], wanted)
    return rows, wanted or currency


def window_of(
    table, ledger: Ledger, begun: str, others: dict[str, object], settings: dict[str, object]
) -> tuple[Window, str, str]:
    """Who is followed, which table says through what they came, and in which column.

    Acquired between the first and the last day that both the campaigns and the orders have. begun : the first of these
    """
    facts, column = table.facts, settings["column"] or settings["by"]
    source = source_of(settings["source"], column, table, others)
    as_of = facts.as_of_day(settings["as_of"])
    facts.end_of_data(as_of)  # not before the first order
    window = Window(
        *common_days(ledger, begun, as_of),
        as_of=as_of,
        timezone=facts.timezone,
        horizons=tuple(settings["horizons"]),
        column=column if source == "orders" else None,
        whole_days=facts.dates_only,
        origins=origins_of(source, column, others, zoned=facts.timezone is not None),
    )
    return window, source, column


def check_horizons(horizons: object) -> None:
    """Raises InsightError for what are no ascending numbers of days."""
    good = isinstance(horizons, list | tuple) and len(horizons) > 0
    good = good and all(type(one) is int and 0 <= one <= LONGEST for one in horizons)
    if not good or sorted(set(horizons)) != list(horizons):
        raise InsightError(
            f"horizons = {horizons!r} must be days after the acquisition, ascending, such as [0, 30, 90]."
        )


def _sizes(tally: AcquisitionTally) -> dict[str, int]:
    n = np.bincount(tally.place[:, 0], tally.n, len(tally.groups)).astype(int)
    return {name: size for name, size in zip(tally.groups, n.tolist(), strict=True) if size}


def _days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def columns_for(orders, others: dict[str, object]) -> list[str]:
    """The columns of these tables, any of which may say through what a customer came."""
    return sorted({name for table in (orders, *others.values()) if table is not None for name in columns_of(table)})
