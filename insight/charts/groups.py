"""The groups of a funnel in a picture: whose overall conversion is higher, and how sure that is."""

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.estimates import AXIS, ROW, TRACK, estimates, headings, placed
from insight.charts.marks import PLAIN, WARNING, Ruler, finished, hits, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.errors import InsightError
from insight.funnel import ENOUGH, TOO_FEW, Funnel
from insight.funnel.drops import goal, n_counted, n_customers
from insight.funnel.words import counted_title, goal_name
from insight.language import _, chance, confidence, count, interval, percent

ABOVE, BELOW = "▲", "▼"


def funnel_groups(result: Funnel, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Overall conversion of each group with its interval, in order of size, beside the rate of all customers.

    Groups that differ from the rest (corrected for the number of groups) have a triangle up or down. Groups with fewer
    than 30 customers are drawn hollow and named small; those with fewer than 10 have no rate.
    Raises InsightError for a funnel without a breakdown.
    """
    if result.groups is None:
        raise InsightError('There are no groups to compare: run the funnel with by="a column" first.')
    if result.groups.empty:
        return silent(_("Nobody did the first step in the chosen dates."), palette(theme), narrow)
    colours, rows = palette(theme), _group_rows(result, narrow)
    height, last = ROW * len(rows), shortened(goal_name(result), 22 if narrow else 60)
    title = _("Share that reached {last}", last=last)
    scale = axis(colours, title=title, format="%", tickCount=4 if narrow else 8, grid=False)
    x, y = Ruler((0, float(rows["full"][0])), scale), Ruler((0, height), downwards=True)
    titles = {"group": _("Group"), "n": counted_title(result), "reached": _("Reached the last step")}
    titles |= {"share": _("Share"), "against": _("Against all others")}
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows[rows["rate"].notna()], x, y, "overall", TRACK + 8, colours.muted),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(_group_notes(rows, result, colours), y, height + AXIS, colours),
    ]
    description = _("Groups: {groups}.", groups="; ".join(rows["group"] + " " + rows["share"] + rows["mark"]))
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _group_rows(result: Funnel, narrow: bool) -> pd.DataFrame:
    """One row a group: its numbers as text, and where everything stands."""
    by_group = dict(tuple(result.groups.groupby("group", sort=False)))
    last = pd.DataFrame([goal(own) for own in by_group.values()]).reset_index(drop=True)
    rows = pd.DataFrame({"group": list(by_group), "size": [n_counted(own) for own in by_group.values()], "zero": 0.0})
    people = rows["group"].map(lambda group: n_customers(result, group))
    few, rows["small"] = people < TOO_FEW, people < ENOUGH
    for name, column in {"rate": "overall_conversion", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = last[column].astype(float).mask(few)
    rows["overall"] = float(goal(result.steps)["overall_conversion"])
    rows["full"] = 1.0 if few.all() else min(1.0, 1.05 * max(rows["high"].max(), rows["overall"][0]))
    rows["n"], rows["reached"] = rows["size"].map(count), last["reached"].astype(int).map(count)
    rows["name"] = rows["group"].map(lambda group: shortened(group, 18 if narrow else 48)) + " · " + rows["n"]
    clear = (last["q_value"] <= 1 - result.level) & ~few
    rows["mark"] = np.select([clear & (rows["rate"] > rows["overall"]), clear], [f" {ABOVE}", f" {BELOW}"], "")
    rows["against"] = [_("–") if q != q else _("q {q}", q=chance(q)) for q in last["q_value"].astype(float)]
    rows["share"] = [
        _("{rate} ({interval})", rate=percent(r.rate), interval=interval(r.low, r.high)) for r in rows.itertuples()
    ]
    rows["share"] = rows["share"].mask(few, _("too few"))
    rows["right"] = (rows["rate"].map(percent).mask(few, _("too few")) if narrow else rows["share"]) + rows["mark"]
    return placed(rows)


def _group_notes(rows: pd.DataFrame, result: Funnel, colours: Palette) -> list[tuple[str, str]]:
    few, said = rows["rate"].isna(), []
    if not few.all():
        said.append((colours.soft, _("{level} interval", level=confidence(result.level))))
        overall = percent(rows["overall"][0])
        words = _("All customers: {rate}", rate=overall), _("All sessions: {rate}", rate=overall)
        said.append((colours.muted, words[result.unit != "customer"]))
    if (rows["mark"] != "").any():
        most = f"{1 - result.level:.2g}"
        said.append((PLAIN, _("▲ ▼ above or below all others together (q up to {most})", most=most)))
    if (rows["small"] & ~few).any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {enough} customers.", enough=ENOUGH)))
    if few.any():
        said.append((WARNING, _("Too few: fewer than {few} customers, no rate.", few=TOO_FEW)))
    return said
