"""The value by formula in pictures: what moves it most, and when the cost of acquiring is paid back."""

import altair as alt
import pandas as pd

from insight.charts.curves import curve
from insight.charts.estimates import AXIS, NAME, TOP, TRACK, headings
from insight.charts.marks import PLAIN, WARNING, Ruler, blocks, dots, finished, flag, hits, notes, silent, ticks
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette
from insight.clv.drivers import DRIVERS, driver_text, months_text, number_text, share_text, years_text
from insight.clv.formula import ClvFormula
from insight.clv.simple import SimpleClv
from insight.language import _, money

ROW = 46  # pixels from one number to the next
HIGH, LOW = 12, 250  # pixels from the top: where the line may go
NOTES = 54  # pixels from the drawing to the first note: the axis lies between


def clv_formula_tornado(
    result: ClvFormula | SimpleClv, *, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """What net CLV would be with each number a share less and more, the one that moves it most on top."""
    colours, found, currency = palette(theme), _simple(result), _currency(result)
    if found is None or not found.drivers["swing"].max() > 0:
        return silent(_needs_margin(), colours, narrow)
    rows = _moved(found, currency, narrow)
    ends = rows[["net_clv_low", "net_clv_high"]]
    lowest, highest = min(ends.min().min(), found.net_clv), max(ends.max().max(), found.net_clv)
    room = 0.06 * (highest - lowest)
    rows["zero"], rows["full"], rows["now"] = lowest - room, highest + room, found.net_clv
    look = {"title": _axis_title(currency, narrow), "tickCount": 4 if narrow else 8, "format": ",.10~f"}
    x = Ruler((lowest - room, highest + room), axis(colours, grid=False, **look))
    y = Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"name": _("Number"), "from_to": _("From, to"), "right": _("Net CLV then")}
    share = share_text(found.change)
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(rows, x, y, "net_clv_low", "now", color=colours.soft),
        blocks(rows, x, y, "now", "net_clv_high", color=colours.primary),
        ticks(rows, x, y, "now", TRACK + 14, colours.ink),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(_tornado_notes(found, share, currency, colours), y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["name"] + ": " + rows["right"])
    description = _("Net CLV with each number {share} less and more: {rows}.", share=share, rows=words)
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=description)


def _moved(found: SimpleClv, currency: str | None, narrow: bool) -> pd.DataFrame:
    rows = found.drivers.reset_index(drop=True)
    rows["name"] = [DRIVERS[name] for name in rows["driver"]]
    rows["from_to"] = [
        _("{low} to {high}", low=driver_text(r.driver, r.low, currency), high=driver_text(r.driver, r.high, currency))
        for r in rows.itertuples()
    ]
    rows["right"] = [
        _("{low} to {high}", low=money(r.net_clv_low, None), high=money(r.net_clv_high, None))
        for r in rows.itertuples()
    ]
    if not narrow:
        rows["name"] += " · " + rows["from_to"]
    places = {"heading": NAME, "top": TOP, "middle": TOP + TRACK / 2, "bottom": TOP + TRACK}
    return rows.assign(**{name: ROW * rows.index + offset for name, offset in places.items()})


def _tornado_notes(found: SimpleClv, share: str, currency: str | None, colours: Palette) -> list[tuple[str, str]]:
    return [
        (colours.soft, _("{share} less", share=share)),
        (colours.primary, _("{share} more", share=share)),
        (PLAIN, _("Line: net CLV now, {value}", value=money(found.net_clv, currency))),
    ]


def _axis_title(currency: str | None, narrow: bool) -> str:
    title = _("Net CLV") if currency is None else _("Net CLV in {currency}", currency=currency)
    return title if narrow else _("{title}: value of a new customer less the cost of acquiring", title=title)


def clv_formula_payback(
    result: ClvFormula | SimpleClv, *, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """The margin of a new customer so far, less the cost of acquiring, year by year; where it crosses 0 it is paid
    back. The margin of a year is taken as coming in evenly."""
    colours, found, currency = palette(theme), _simple(result), _currency(result)
    if found is None:
        return silent(_needs_margin(), colours, narrow)
    start = pd.DataFrame({"year": [0.0], "net": [-found.acquisition_cost]})
    rows = pd.concat([start, found.schedule[["year", "net"]].astype(float)], ignore_index=True)
    rows["year"] = rows["year"].clip(upper=found.years)  # the last one need not be whole
    scale = amounts(rows["net"], HIGH, LOW)
    rows["middle"], rows["right"] = scale.at(rows["net"]), [money(own, currency) for own in rows["net"]]
    rows["name"] = [years_text(own) for own in rows["year"]]
    half = found.years / len(rows) / 2
    rows["zero"], rows["full"] = (rows["year"] - half).clip(lower=0), (rows["year"] + half).clip(upper=found.years)
    x, y = _rulers(found, scale, currency, colours, narrow)
    nothing = pd.DataFrame({"from": [0.0], "to": [found.years], "at": [scale.at(0.0)]})
    rule = alt.Chart(nothing).mark_rule(color=colours.muted, strokeDash=[4, 4])
    titles = {"name": _("After"), "right": _("Net so far")}
    layers = [
        rule.encode(x.place(alt.X, "from"), alt.X2("to"), y.place(alt.Y, "at")),
        curve(rows, x, y, "year", color=colours.primary),
        dots(rows, x, y, "year", size=50, fill=colours.primary, stroke=colours.primary),
        *_paid_back(found, scale, x, y, colours),
        hits(rows.assign(top=0, bottom=LOW), x, y, titles),
        *notes(_payback_notes(found), y, LOW + NOTES, colours),
    ]
    words = "; ".join(rows["name"] + " " + rows["right"])
    description = _("Margin less cost of acquiring, so far: {rows}.", rows=words)
    return finished(layers, colours, height=LOW, narrow=narrow, description=description)


def _rulers(found: SimpleClv, scale, currency: str | None, colours: Palette, narrow: bool) -> tuple[Ruler, Ruler]:
    step = -(-int(found.years) // (4 if narrow else 10)) or 1
    values = [year for year in range(0, int(found.years) + 1) if year % step == 0]
    x = Ruler((0, found.years * 1.01), axis(colours, title=_("Years since the first purchase"), values=values,
                                           format="d", grid=False))  # fmt: skip
    title = _("Net so far") if currency is None else _("Net so far in {currency}", currency=currency)
    return x, Ruler((0, LOW), scale.axis(colours, number_text, title=title), downwards=True)


def _paid_back(found: SimpleClv, scale, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    if not found.acquisition_cost or found.payback_years != found.payback_years:
        return []
    label = _("paid back after {time}", time=months_text(found.payback_years))
    leans = "left" if found.payback_years > 0.6 * found.years else "right"
    return flag(found.payback_years, HIGH, label, x, y, colours, foot=LOW, leans=leans)


def _payback_notes(found: SimpleClv) -> list[tuple[str, str]]:
    if not found.acquisition_cost:
        return [(WARNING, _("No cost of acquiring is given, so there is nothing to pay back."))]
    if found.payback_years != found.payback_years:
        return [(WARNING, _("It is not paid back in {years}.", years=years_text(found.years)))]
    return [(PLAIN, _("The margin of a year is taken as coming in evenly."))]


def _simple(result: ClvFormula | SimpleClv) -> SimpleClv | None:
    return result.simple if isinstance(result, ClvFormula) else result


def _currency(result: ClvFormula | SimpleClv) -> str | None:
    return result.year.currency if isinstance(result, ClvFormula) else None


def _needs_margin() -> str:
    return _("There is no value to draw: it needs your gross margin.")
