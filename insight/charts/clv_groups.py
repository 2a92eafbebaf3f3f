"""The value of groups in pictures: of a customer they have, and of a new one."""

import altair as alt
import pandas as pd

from insight.charts.estimates import AXIS, ROW, estimates, headings, placed
from insight.charts.marks import PLAIN, WARNING, Ruler, finished, hits, notes, silent
from insight.charts.theme import Palette, axis, palette, shortened
from insight.clv.group_words import group_name
from insight.clv.value_groups import GroupValues
from insight.language import _, _n, confidence, count, money, percent

MOST = 25  # groups in a picture
ENOUGH = 30  # customers: a group of fewer is drawn hollow


def customer_value_by_dots(result: GroupValues, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The expected value of a customer of each group, with its interval. Hollow: fewer than 30 customers."""
    rows = result.groups.head(MOST).reset_index(drop=True)
    rows["rate"] = rows["value_per_customer"]
    rows["low"], rows["high"] = rows["ci_low"] / rows["n_customers"], rows["ci_high"] / rows["n_customers"]
    return _estimated(
        result, rows, _("Expected value of a customer"), _and_more(len(result.groups) - len(rows)), theme, narrow
    )


def customer_value_by_new(result: GroupValues, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """What a new customer of each group brings, with its interval: the most that acquiring one may cost. A group too
    small for a model of its own has none and is not drawn."""
    rows = result.groups[result.groups["new_customer_value"].notna()].head(MOST).reset_index(drop=True)
    rows["rate"], rows["low"], rows["high"] = (
        rows[f"new_customer_{name}"].astype(float) for name in ("value", "low", "high")
    )
    if rows.empty:
        return silent(_("No group is large enough for a model of its own."), palette(theme), narrow)
    return _estimated(
        result, rows, _("Value of a new customer"), _too_small(len(result.groups) - len(rows)), theme, narrow
    )


def _estimated(
    result: GroupValues, rows: pd.DataFrame, title: str, more: list[tuple[str, str]], theme: str, narrow: bool
) -> alt.LayerChart:
    """more : notes on the groups that are not drawn"""
    colours = palette(theme)
    if rows.empty:
        return silent(_("There are no groups."), colours, narrow)
    rows["low"] = rows["low"].clip(lower=0)
    rows["zero"], rows["full"] = 0.0, 1.05 * max(rows[["rate", "high"]].max().max(), 1e-9)
    rows["small"] = rows["n_customers"] < ENOUGH
    rows["n"], rows["held"] = rows["n_customers"].map(count), rows["value_share"].map(lambda own: percent(own, 0))
    rows["figure"] = [
        _("{value} ({low} to {high})", value=money(r.rate), low=money(r.low), high=money(r.high))
        for r in rows.itertuples()
    ]  # fmt: skip
    rows["called"] = [group_name(result.by, own) for own in rows["group"]]
    rows["name"] = [shortened(own, 18 if narrow else 48) for own in rows["called"]]
    rows["name"] += " · " + rows["n"]
    rows["right"] = rows["rate"].map(money) if narrow else rows["figure"]
    rows = placed(rows)
    named = title if result.currency is None else _("{title} in {code}", title=title, code=result.currency)
    x_axis = axis(colours, title=named, tickCount=4 if narrow else 8, grid=False, format=",.10~f")
    x, y = Ruler((0, float(rows["full"][0])), x_axis), Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"called": _("Group"), "n": _("Customers"), "figure": title, "held": _("Share of the expected value")}
    layers = [
        *estimates(rows, x, y, colours),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(_notes(result, rows, more, colours), y, ROW * len(rows) + AXIS, colours),
    ]
    said = "; ".join(rows["called"] + " " + rows["figure"])
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=f"{title}: {said}.")


def _notes(
    result: GroupValues, rows: pd.DataFrame, more: list[tuple[str, str]], colours: Palette
) -> list[tuple[str, str]]:
    said = [(colours.soft, _("{level} interval", level=confidence(result.level)))]
    if rows["small"].any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {enough} customers.", enough=ENOUGH)))
    return [*said, *more]


def _and_more(n: int) -> list[tuple[str, str]]:
    return [(PLAIN, _n("and {n} more group", "and {n} more groups", n, n=count(n)))] if n > 0 else []


def _too_small(n: int) -> list[tuple[str, str]]:
    if n <= 0:
        return []
    words = _n("{n} group is too small for a model of its own.", "{n} groups are too small for a model of their own.",
               n, n=count(n))  # fmt: skip
    return [(WARNING, words)]
