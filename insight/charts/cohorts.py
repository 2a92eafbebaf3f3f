"""Cohorts in pictures: who came back, and what they brought in, as grids of cohorts by periods."""

from collections.abc import Callable

import altair as alt
import pandas as pd

from insight.charts.cohorts_grid import MOST_COLUMNS, MOST_ROWS, RAMPS, Grid, grid_chart
from insight.charts.marks import PLAIN, WARNING, silent
from insight.charts.theme import LIGHT, Palette, palette, shortened
from insight.language import _, compact, count, decimal, interval, money, percent, points, points_interval
from insight.retention import ENOUGH, RISING, TOO_FEW, Retention
from insight.retention.revenue import CohortRevenue
from insight.retention.words import cohort_name, period_name, periods_title

EVERYONE = "everyone"  # the key of the row of all cohorts


def retention_heatmap(result: Retention, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The share of each cohort that is retained, by period, below that of all cohorts together.

    What is not over is hatched, what has not begun is empty; cohorts of fewer than 10 customers have no rates. Rates
    "on or after" that will still rise have a small triangle.
    """
    return _retention_grid(result, palette(theme), narrow, counts=False)


def retention_counts(result: Retention, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The customers of each cohort who are retained, by period; everything else as in `retention_heatmap`."""
    return _retention_grid(result, palette(theme), narrow, counts=True)


def cohort_revenue_heatmap(result: CohortRevenue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """What a customer of each cohort has brought in until each period."""
    name = "cumulative_revenue_per_customer"
    return _revenue_grid(result, name, lambda value: money(value, result.currency), palette(theme), narrow)


def cohort_revenue_orders(result: CohortRevenue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The orders of each cohort in each period."""
    return _revenue_grid(result, "orders", count, palette(theme), narrow)


def cohort_revenue_aov(result: CohortRevenue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """What an order of each cohort comes to on average, in each period."""
    return _revenue_grid(result, "aov", lambda value: money(value, result.currency), palette(theme), narrow)


def _retention_grid(result: Retention, colours: Palette, narrow: bool, *, counts: bool) -> alt.LayerChart:
    shown, cohorts = _shown(result, first=1)
    if shown.empty:
        return silent(_("No customer has come far enough to be followed."), colours, narrow)
    few = (shown["n_customers"] < TOO_FEW) & (not counts)
    value = "retained" if counts else "retention"
    full = shown["observed"] == "full"
    shown["value"] = shown[value].astype(float).where(full & ~few)
    write = compact if counts else lambda rate: percent(rate, 0)
    shown["text"] = shown["value"].map(write).where(shown["value"].notna(), "")
    shown["hatched"], shown["rising"] = shown["observed"] == "partial", shown["still_rising"] & shown["value"].notna()
    if counts:  # so many customers of all cohorts together would leave no colour for the others
        shown["value"] = shown["value"].mask(shown["row"] == 0)
    for name, written in _retention_tips(result, shown, few).items():
        shown[name] = written
    titles = {"cell": _("Cohort"), "share": _("Retained"), "part": _("Customers"), "rest": _("Against other cohorts")}
    sizes = cohorts["n_customers"]
    grid = _grid(result, cohorts, sizes, shown)
    said = _notes(result, shown, cohorts, colours, _highest(shown, percent if not counts else count))
    if (few & (shown["row"] > 0)).any():
        said.append((WARNING, _("Grey: fewer than {few} customers, no rate.", few=TOO_FEW)))
    if result.criterion == "on_or_after" and shown["rising"].any():
        said.append((PLAIN, _("Triangle: will still rise; fewer than {n} later periods seen.", n=RISING)))
    everyone = shown[(shown["row"] == 0) & shown["value"].notna()]
    words = "; ".join(everyone["when"] + " " + everyone["share"]) or _("not observed yet")
    description = _("All cohorts together: {periods}.", periods=words)
    return grid_chart(shown, grid, colours, titles, said, narrow=narrow, description=description)


def _retention_tips(result: Retention, shown: pd.DataFrame, few: pd.Series) -> dict[str, list[str]]:
    """What the pointer finds on each cell."""
    when = [period_name(result, k) for k in shown["period"]]
    names = shown["name"].tolist()
    shares, parts, rest = [], [], []
    for row, small in zip(shown.itertuples(), few, strict=True):
        known = row.observed == "full"
        n = {"retained": "–" if pd.isna(row.retained) else count(row.retained), "n": count(row.n_customers)}
        rate = _("{rate} ({interval})", rate=percent(row.retention), interval=interval(row.ci_low, row.ci_high))
        shares.append(_("too few") if small and known else rate if known else _("not over yet"))
        parts.append(_("{retained} of {n}", **n) if known else _("{retained} of {n} so far", **n))
        change = (row.difference, row.difference_low, row.difference_high)
        apart = _(
            "{difference} points ({interval})", difference=points(change[0]), interval=points_interval(*change[1:])
        )
        rest.append(apart if change[0] == change[0] and not small else "–")
    cells = [_("{cohort}, {period}", cohort=name, period=k) for name, k in zip(names, when, strict=True)]
    return {"cell": cells, "when": when, "share": shares, "part": parts, "rest": rest}


def _revenue_grid(
    result: CohortRevenue, column: str, write: Callable[[float], str], colours: Palette, narrow: bool
) -> alt.LayerChart:
    shown, cohorts = _shown(result, first=0)
    if shown.empty:
        return silent(_("Nobody has bought anything yet."), colours, narrow)
    full = shown["observed"] == "full"
    shown["value"] = shown[column].astype(float).where(full)
    short = compact if column == "orders" or shown["value"].max() >= 1000 else decimal
    shown["text"] = shown["value"].map(short).where(shown["value"].notna(), "")
    if column == "orders":
        shown["value"] = shown["value"].mask(shown["row"] == 0)
    shown["hatched"], shown["rising"] = shown["observed"] == "partial", False
    shown["when"] = [period_name(result, k) for k in shown["period"]]
    shown["cell"] = [_("{cohort}, {period}", cohort=a, period=b) for a, b in shown[["name", "when"]].to_numpy()]
    currency = result.currency
    shown["so_far"] = [
        _("{money} ({low} to {high})", money=money(m, currency), low=money(a), high=money(b)) if m == m else "–"
        for m, a, b in shown[["cumulative_revenue_per_customer", "ci_low", "ci_high"]].to_numpy()
    ]
    shown["ordered"] = shown["orders"].map(lambda n: "–" if pd.isna(n) else count(n))
    shown["each"] = shown["aov"].map(lambda value: money(value, currency))
    shown["paid"] = [money(a, currency) for a in shown["revenue"].astype(float)]
    titles = {"cell": _("Cohort"), "so_far": _("Revenue per customer so far"), "ordered": _("Orders in the period")}
    titles |= {"each": _("Average order"), "paid": _("Revenue in the period")}
    grid = _grid(result, cohorts, cohorts["n_customers"], shown)
    said = _notes(result, shown, cohorts, colours, _highest(shown, write))
    everyone = shown[(shown["row"] == 0) & full]
    description = _("All cohorts together: {periods}.", periods="; ".join(everyone["when"] + " " + everyone["text"]))
    return grid_chart(shown, grid, colours, titles, said, narrow=narrow, description=description)


def _shown(result: Retention | CohortRevenue, first: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells that are drawn, with their row and column, that of everyone first; and the cohorts of the rows."""
    cohorts = result.cohorts.tail(MOST_ROWS).reset_index(drop=True)
    everyone = result.average.assign(cohort=EVERYONE)
    everyone["observed"] = ["full" if n else "none" for n in everyone["n_customers"]]
    cells = pd.concat([everyone, result.cells[result.cells["cohort"].isin(cohorts["cohort"])]], ignore_index=True)
    cells = cells[(cells["period"] >= first) & (cells["observed"] != "none")]
    periods = sorted(cells["period"].unique())[:MOST_COLUMNS]
    cells = cells[cells["period"].isin(periods)].reset_index(drop=True)
    order = {EVERYONE: 0} | {cohort: k for k, cohort in enumerate(cohorts["cohort"], 1)}
    cells["row"], cells["column"] = cells["cohort"].map(order), cells["period"].map(periods.index)
    cells["name"] = [_("All") if own == EVERYONE else cohort_name(result, own) for own in cells["cohort"]]
    return cells, cohorts


def _grid(result, cohorts: pd.DataFrame, sizes: pd.Series, shown: pd.DataFrame) -> Grid:
    bracket = getattr(result, "bracket", None)
    heads = [str(k) for k in sorted(shown["period"].unique())]
    if bracket and heads:
        heads[-1] = f"{bracket[0]}–{bracket[1]}"
    return Grid(
        names=[_("All"), *(shortened(cohort_name(result, own), 14) for own in cohorts["cohort"])],
        sizes=[count(result.started), *map(count, sizes)],
        small=[False, *(sizes < ENOUGH)],
        heads=heads,
        above=periods_title(result),
        beside=_("Customers"),
    )


def _highest(shown: pd.DataFrame, write: Callable[[float], str]) -> str:
    """The largest value that has a colour."""
    return write(shown["value"].max()) if shown["value"].notna().any() else ""


def _notes(result, shown: pd.DataFrame, cohorts: pd.DataFrame, colours: Palette, highest: str) -> list[tuple[str, str]]:
    said, ramp = [], RAMPS["light" if colours is LIGHT else "dark"]
    if highest:
        said.append((ramp[-1], _("The stronger the colour, the more: up to {highest}", highest=highest)))
    if shown["hatched"].any():
        said.append((PLAIN, _("Hatched: not over yet. Empty: still to come.")))
    if (cohorts["n_customers"] < ENOUGH).any():
        said.append((WARNING, _("Sizes in this colour: small samples, fewer than {enough}.", enough=ENOUGH)))
    if len(result.cohorts) > MOST_ROWS:
        n = {"n": count(MOST_ROWS), "all": count(len(result.cohorts))}
        said.append((PLAIN, _("The latest {n} of {all} cohorts.", **n)))
    if shown["period"].max() < result.average["period"].max():
        said.append((PLAIN, _("The first {n} periods.", n=count(MOST_COLUMNS))))
    return said
