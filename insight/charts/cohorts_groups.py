"""Groups and ways to count beside each other in one period: an estimate with its interval, a row each."""

import altair as alt
import pandas as pd

from insight.charts.estimates import AXIS, ROW, TRACK, estimates, headings, placed
from insight.charts.marks import PLAIN, WARNING, Ruler, finished, hits, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.errors import InsightError
from insight.language import _, confidence, count, interval, money, percent, points, points_interval
from insight.retention import ENOUGH, TOO_FEW, Retention
from insight.retention.peers import OURS, RetentionPeers
from insight.retention.revenue import CohortRevenue
from insight.retention.words import period_name, way_to_count

ABOVE, BELOW = "▲", "▼"


def retention_groups(
    result: Retention, *, at: int | None = None, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """Retention of each group in one period with its interval, in order of size, beside that of everybody.

    at : the period; by default the first after the start (of a bracket its last)
    A triangle marks a group whose difference to all others has an interval without 0; groups of fewer than 30 are
    hollow, those of fewer than 10 have no rate.
    Raises InsightError for a result without a breakdown.
    """
    if result.groups is None:
        raise InsightError('There are no groups to compare: run retention with by="a column" first.')
    colours, at = palette(theme), _period(result, at)
    rows = result.groups[result.groups["period"] == at].reset_index(drop=True)
    if rows.empty:
        return silent(_("No customer has come far enough to be followed."), colours, narrow)
    few, rows["small"] = rows["n_customers"] < TOO_FEW, rows["n_customers"] < ENOUGH
    for name, column in {"rate": "retention", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = rows[column].mask(few)
    everyone = result.average[result.average["period"] == at]["retention"]
    rows["overall"] = float(everyone.iloc[0]) if len(everyone) else float("nan")
    clear = ((rows["difference_low"] > 0) | (rows["difference_high"] < 0)) & ~few
    rows["mark"] = ""
    rows.loc[clear, "mark"] = [f" {ABOVE}" if own > 0 else f" {BELOW}" for own in rows["difference"][clear]]
    rows["share"] = [
        _("{rate} ({interval})", rate=percent(r), interval=interval(a, b)) if a == a else percent(r)
        for r, a, b in rows[["rate", "low", "high"]].to_numpy()
    ]
    rows["share"] = rows["share"].mask(few, _("too few"))
    rows["apart"] = [
        _("{difference} ({interval})", difference=points(d), interval=points_interval(a, b))
        for d, a, b in rows[["difference", "difference_low", "difference_high"]].mask(few).to_numpy()
    ]
    rows["n"] = rows["n_customers"].map(count)
    rows["right"] = (rows["rate"].map(percent).mask(few, _("too few")) if narrow else rows["share"]) + rows["mark"]
    titles = {"group": _("Group"), "n": _("Customers"), "share": _("Retained"), "apart": _("Points from all others")}
    title = _("Retained in {period}", period=period_name(result, at))
    return _estimates(rows, titles, title, _group_notes(rows, result, colours), colours, narrow)


def cohort_revenue_groups(
    result: CohortRevenue, *, at: int | None = None, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """What a customer of each group has brought in by one period, with its interval, in order of size.

    at : the period; by default the last that is over for at least 30 customers of each group that had as many
    Raises InsightError for a result without a breakdown.
    """
    if result.groups is None:
        raise InsightError('There are no groups to compare: run cohort_revenue with by="a column" first.')
    colours, at = palette(theme), _revenue_period(result) if at is None else at
    rows = result.groups[result.groups["period"] == at].reset_index(drop=True)
    if rows.empty:
        return silent(_("No period is over: there is nothing to add up yet."), colours, narrow)
    few, rows["small"] = rows["n_customers"] < TOO_FEW, rows["n_customers"] < ENOUGH
    columns = {"rate": "cumulative_revenue_per_customer", "low": "ci_low", "high": "ci_high"}
    for name, column in columns.items():
        rows[name] = rows[column].mask(few)
    rows["low"] = rows["low"].clip(lower=0)
    everyone = result.average[result.average["period"] == at]["cumulative_revenue_per_customer"]
    rows["overall"], rows["mark"] = float(everyone.iloc[0]), ""
    currency = result.currency
    rows["share"] = [
        _("{money} ({low} to {high})", money=money(m, currency), low=money(a), high=money(b))
        for m, a, b in rows[["rate", "low", "high"]].to_numpy()
    ]
    rows["share"], rows["n"] = rows["share"].mask(few, _("too few")), rows["n_customers"].map(count)
    short = rows["rate"].map(lambda value: money(value, currency)).mask(few, _("too few"))
    rows["right"] = short if narrow else rows["share"]
    titles = {"group": _("Group"), "n": _("Customers"), "share": _("Revenue per customer")}
    title = _("Revenue per customer by the end of {period}", period=period_name(result, at))
    overall = _("All customers: {money}", money=money(rows["overall"][0], currency))
    return _estimates(
        rows, titles, title, _group_notes(rows, result, colours, overall), colours, narrow, money_axis=True
    )


def retention_peers_dots(result: RetentionPeers, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Retention in one period as each tool would count it, and with one setting changed; ours is the upright line."""
    colours, rows = palette(theme), result.tools.copy()
    size = rows["n_customers"].astype(float)
    few, none = size < TOO_FEW, size.isna()
    rows["small"] = size < ENOUGH
    for name, column in {"rate": "retention", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = rows[column].mask(few)
    rows["overall"], rows["mark"] = rows["rate"][0], ""
    rows["group"] = [way_to_count(*row) for row in rows[["tool", "changed", "settings"]].itertuples(index=False)]
    rows["n"] = size.map(lambda n: "–" if n != n else count(n))
    rows["share"] = [
        _("{rate} ({interval})", rate=percent(r), interval=interval(a, b)) if a == a else percent(r)
        for r, a, b in rows[["rate", "low", "high"]].to_numpy()
    ]
    apart = rows["difference"].mask(few).map(points)
    rows["apart"] = apart
    rows["share"] = rows["share"].mask(few, _("too few")).mask(none, _("not possible"))
    rows["right"] = rows["share"].where(few | none | (rows.index == 0), rows["share"] + " · " + apart)
    if narrow:
        rows["right"] = (rows["rate"].map(percent) + " · " + apart).where(~(few | none), rows["share"])
    rows["said"] = [", ".join(f"{name}={value!r}" for name, value in own.items()) for own in rows["settings"]]
    titles = {"group": _("Counted by"), "n": _("Customers"), "share": _("Retained"), "apart": _("Points from ours")}
    titles |= {"said": _("Settings")}
    title = _("Retained in {period}", period=period_name(result.ours, result.at))
    said = []
    if rows["low"].notna().any():
        said.append((colours.soft, _("{level} interval", level=confidence(result.ours.level))))
    if rows["rate"].notna().any():
        said.append((colours.muted, _("As counted here: {rate}; beside each row the points from it",
                                      rate=percent(rows["rate"][0]))))  # fmt: skip
    said.append((PLAIN, _("Bold: tools’ defaults. Below: one setting changed.")))
    bold = (rows["tool"] != OURS) | (rows["changed"] == "")
    return _estimates(rows.drop(columns="settings"), titles, title, said, colours, narrow, bold=bold)


def _period(result: Retention, at: int | None) -> int:
    if at is not None:
        return at
    return 1 if result.bracket is None else result.bracket[1]


def _revenue_period(result: CohortRevenue) -> int:
    """The last period in which every group that ever had enough customers still has; 0 where none had."""
    enough = result.groups[result.groups["n_customers"] >= ENOUGH].groupby("group")["period"].max()
    return int(enough.min()) if len(enough) else 0


def _estimates(
    rows: pd.DataFrame,
    titles: dict[str, str],
    title: str,
    said: list[tuple[str, str]],
    colours: Palette,
    narrow: bool,
    *,
    bold: pd.Series | None = None,
    money_axis: bool = False,
) -> alt.LayerChart:
    """Rows of a group and its estimate: columns group, n, rate, low, high, small, overall, right."""
    height, highest = ROW * len(rows), float(rows[["rate", "high", "overall"]].max().max())
    limit = float("inf") if money_axis else 1.0
    rows["zero"], rows["full"] = 0.0, min(limit, 1.05 * highest) if highest > 0 else 1.0
    rows["name"] = [f"{shortened(own, 20 if narrow else 52)} · {n}" for own, n in rows[["group", "n"]].to_numpy()]
    rows = placed(rows)
    look = {"title": title, "tickCount": 4 if narrow else 8, "grid": False}
    x = Ruler((0, float(rows["full"][0])), axis(colours, **look, format="~s" if money_axis else "%"))
    y = Ruler((0, height), downwards=True)
    bold = pd.Series(True, index=rows.index) if bold is None else bold
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows[rows["rate"].notna()], x, y, "overall", TRACK + 8, colours.muted),
        hits(rows, x, y, titles),
        *headings(rows[bold], y, colours),
        *(headings(rows[~bold], y, colours, weight=400) if (~bold).any() else []),
        *notes(said, y, height + AXIS, colours),
    ]
    words = "; ".join(rows["group"] + " " + rows["share"] + rows["mark"])
    return finished(layers, colours, height=height, narrow=narrow, description=f"{title}: {words}.")


def _group_notes(rows: pd.DataFrame, result, colours: Palette, overall: str = "") -> list[tuple[str, str]]:
    few, said = rows["rate"].isna(), []
    if rows["low"].notna().any():
        said.append((colours.soft, _("{level} interval", level=confidence(result.level))))
    if not few.all():
        said.append((colours.muted, overall or _("All customers: {rate}", rate=percent(rows["overall"][0]))))
    if (rows["mark"] != "").any():
        said.append((PLAIN, _("▲ ▼ the interval of the difference to all others does not hold 0")))
    if (rows["small"] & ~few).any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {enough} customers.", enough=ENOUGH)))
    if few.any():
        said.append((WARNING, _("Too few: fewer than {few} customers, no rate.", few=TOO_FEW)))
    return said
