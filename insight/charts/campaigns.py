"""What campaigns returned, in pictures: ROAS beside break-even, and profit."""

import math

import altair as alt
import pandas as pd

from insight.campaigns import CampaignResults
from insight.campaigns.words import FEW, why_words
from insight.charts.estimates import AXIS, NAME, TOP, TRACK, estimates, headings
from insight.charts.factors import factor_axis, factor_bounds, factor_places
from insight.charts.marks import PLAIN, WARNING, Ruler, blocks, finished, hits, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.language import _, _n, confidence, count, decimal, money

ROW = 48  # pixels from one campaign to the next
MOST = 25  # campaigns in a picture, those with most spend


def campaign_results_roas(result: CampaignResults, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The ROAS of each campaign with its interval, highest first, on a logarithmic scale; an upright line at
    each break-even. Hollow: fewer than ten conversions. Campaigns without spend have no ROAS and stand last."""
    colours = palette(theme)
    rows = result.rows.head(MOST).sort_values("roas", ascending=False, na_position="last", ignore_index=True)
    if not (rows["roas"] > 0).any():
        return silent(_("There is no ROAS: it needs revenue, and spend."), colours, narrow)
    low, high = factor_bounds(rows[["roas", "roas_low", "roas_high", "break_even_roas"]], rows["roas"])
    rows["rate"], rows["low"], rows["high"] = (
        factor_places(rows[name], low) for name in ("roas", "roas_low", "roas_high")
    )
    rows["even"] = factor_places(rows["break_even_roas"], low)
    rows["zero"], rows["full"] = math.log10(low), math.log10(high)
    rows["small"] = rows["conversions"].fillna(FEW) < FEW
    rows["figure"] = [
        _figure(decimal(row.roas), row.roas_low, row.roas_high, decimal, row.roas_why) for row in rows.itertuples()
    ]
    rows["breaks"] = rows["break_even_roas"].map(decimal)
    rows = _named(rows, result.by, narrow)
    rows["right"] = rows["roas"].map(decimal) if narrow else rows["figure"]
    title = _("Revenue per unit of spend (ROAS), logarithmic scale")
    title = _("ROAS, logarithmic scale") if narrow else title
    x = Ruler((math.log10(low), math.log10(high)), factor_axis(low, high, colours, title, narrow))
    y = Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"who": _("Campaign"), "figure": _("ROAS"), "breaks": _("Breaks even at")}
    said = [(colours.soft, _("{level} interval", level=confidence(result.level)))]
    if rows["even"].notna().any():
        said.append((colours.ink, _("Break-even: below it the campaign loses money")))
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows[rows["even"].notna()], x, y, "even", TRACK + 12, colours.ink),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(said + _common(result, rows), y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["who"] + " " + rows["figure"])
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=_("ROAS: {rows}.", rows=words))


def campaign_results_profit(result: CampaignResults, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The profit of each campaign as a bar from 0, with its interval, the largest first."""
    colours = palette(theme)
    rows = result.rows.head(MOST).sort_values("profit", ascending=False, na_position="last", ignore_index=True)
    if not rows["profit"].notna().any():
        why = why_words(rows["profit_why"].iloc[0])
        return silent(_("There is no profit to draw: {why}.", why=why), colours, narrow)
    known = rows[["profit", "profit_low", "profit_high"]].astype(float)
    lowest, highest = min(0.0, known.min().min()), max(0.0, known.max().max())
    room = 0.05 * ((highest - lowest) or 1.0)
    rows["zero"], rows["full"], rows["nothing"] = lowest - room, highest + room, 0.0
    rows["small"] = rows["conversions"].fillna(FEW) < FEW
    rows["figure"] = [
        _figure(_amount(result)(row.profit), row.profit_low, row.profit_high, _amount(result), row.profit_why)
        for row in rows.itertuples()
    ]
    rows = _named(rows, result.by, narrow)
    rows["right"] = rows["profit"].map(_amount(result)) if narrow else rows["figure"]
    earned, lost = rows[rows["profit"] >= 0], rows[rows["profit"] < 0]
    sure = rows[rows["profit_low"].notna()]
    look = {"title": _profit_title(result, narrow), "tickCount": 4 if narrow else 8, "grid": False}
    x = Ruler((lowest - room, highest + room), axis(colours, **look, format=",.10~f"))
    y = Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"who": _("Campaign"), "figure": _("Profit")}
    said = [(colours.primary, _("Earned")), (colours.warning, _("Lost"))] if len(lost) else []
    if len(sure):
        said.append((PLAIN, _("Lines: {level} interval", level=confidence(result.level))))
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(earned, x, y, "nothing", "profit", color=colours.primary),
        blocks(lost, x, y, "profit", "nothing", color=colours.warning),
        _whiskers(sure, x, y, colours),
        ticks(sure, x, y, "profit_low", TRACK + 4, colours.ink),
        ticks(sure, x, y, "profit_high", TRACK + 4, colours.ink),
        ticks(rows, x, y, "nothing", TRACK + 12, colours.muted),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(said + _common(result, rows, hollow=False), y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["who"] + " " + rows["figure"])
    return finished(
        layers, colours, height=ROW * len(rows), narrow=narrow, description=_("Profit: {rows}.", rows=words)
    )


def _profit_title(result: CampaignResults, narrow: bool) -> str:
    title = _("Profit") if result.currency is None else _("Profit in {currency}", currency=result.currency)
    return title if narrow else _("{profit}: margin × revenue − total cost", profit=title)


def _named(rows: pd.DataFrame, by: str, narrow: bool) -> pd.DataFrame:
    places = {"heading": NAME, "top": TOP, "middle": TOP + TRACK / 2, "bottom": TOP + TRACK}
    rows = rows.assign(**{name: ROW * rows.index + offset for name, offset in places.items()}, who=rows[by])
    return rows.assign(name=[shortened(own, 24 if narrow else 60) for own in rows["who"]])


def _figure(value: str, low: float, high: float, form, why: str) -> str:
    if low == low and high == high:
        return _("{value} ({low} to {high})", value=value, low=form(max(low, 0.0)) if form is decimal else form(low),
                 high=form(high))  # fmt: skip
    return _("{value} · {why}", value=value, why=why_words(why)) if why else value


def _amount(result: CampaignResults):
    return lambda amount: money(amount, result.currency)


def _whiskers(rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> alt.Chart:
    chart = alt.Chart(rows[["profit_low", "profit_high", "middle"]]).mark_rule(color=colours.ink)
    return chart.encode(x.place(alt.X, "profit_low"), alt.X2("profit_high"), y.place(alt.Y, "middle"))


def _common(result: CampaignResults, rows: pd.DataFrame, hollow: bool = True) -> list[tuple[str, str]]:
    said = []
    if hollow and (rows["small"] & rows["roas"].notna()).any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {few} conversions.", few=FEW)))
    more = len(result.rows) - len(rows)
    if more > 0:
        said.append((PLAIN, _n("and {n} more with less spend", "and {n} more with less spend", more, n=count(more))))
    return said
