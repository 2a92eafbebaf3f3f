"""Cohorts in pictures: curves over the periods after the start, with their intervals."""

import json

import altair as alt
import pandas as pd

from insight.charts.curves import band, curve
from insight.charts.marks import PLAIN, WARNING, Ruler, dots, finished, flag, hits, notes, silent
from insight.charts.scales import Amounts, amounts
from insight.charts.theme import Palette, axis, palette, shortened
from insight.errors import UnknownValue
from insight.language import _, confidence, count, decimal, interval, money, percent
from insight.retention import ENOUGH, TOO_FEW, Retention
from insight.retention.payback import Payback
from insight.retention.revenue import CohortRevenue
from insight.retention.words import cohort_name, period_name, periods_title

TOP, BOTTOM = 12, 262  # pixels from the top: the highest and the lowest place of a curve
NOTES = 54  # pixels from the drawing to the first note: the axis lies between
MOST = 60  # periods and thin lines drawn; of more cohorts the latest
DOT = 60  # square pixels


def retention_curves(
    result: Retention, *, cohort: str | None = None, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """Retention of all cohorts together with its interval, over thin lines of the single cohorts.

    cohort : one of them, drawn with its own interval beside the curve of all cohorts
    Where fewer than 10 customers count there is no rate; fewer than 30 are hollow dots.
    """
    colours, average = palette(theme), _rated(result.average)
    if average["retention"].notna().sum() < 1:
        return silent(_("No period is over for 10 customers: there is no rate to draw yet."), colours, narrow)
    cells = _rated(result.cells[(result.cells["observed"] == "full") & (result.cells["period"] > 0)])
    own = _chosen(result, cells, cohort)
    drawn = cells[cells["cohort"].isin(result.cohorts["cohort"].tail(MOST))]
    highest = [
        average["ci_high"].fillna(average["retention"]),
        drawn["retention"],
        *([own["ci_high"]] if len(own) else []),
    ]
    scale = amounts(pd.concat(highest).clip(upper=1), TOP, BOTTOM)
    look = {"narrow": narrow, "colours": colours, "title": periods_title(result), "beside": _("Retained")}
    said = [(colours.soft, _("All cohorts, with their {level} interval", level=confidence(result.level)))]
    if result.cohort == "recurring":
        said = [(PLAIN, _("The same customers stand in several cohorts: no interval."))]
    said.append((colours.line, _("Thin lines: single cohorts")))
    if len(own):
        name = cohort_name(result, cohort)
        said.append((colours.second, _("{cohort}, with its interval", cohort=shortened(name, 30))))
    if (average["n_customers"] < ENOUGH).any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {enough} customers.", enough=ENOUGH)))
    average = average.assign(
        when=[period_name(result, k) for k in average["period"]],
        share=[_rate(row) for row in average.itertuples()],
        part=[
            _("{retained} of {n}", retained=count(r), n=count(n))
            for r, n in average[["retained", "n_customers"]].to_numpy()
        ],
    )
    titles = {"when": _("Period"), "share": _("Retained"), "part": _("Customers")}
    words = "; ".join(average["when"] + " " + average["share"])
    description = _("Retained, all cohorts together: {periods}.", periods=words)
    return _curves("retention", average, drawn, own, scale, percent_axis(scale), titles, said, description, **look)


def cohort_revenue_curve(result: CohortRevenue, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """What a customer has brought in by each period, all cohorts together with the interval, over the single cohorts.

    With an acquisition cost the curve is of the margin, and a dashed line is the cost that it has to reach.
    """
    colours, margin = palette(theme), result.margin or 1.0
    column, limits = "cumulative_revenue_per_customer", ("ci_low", "ci_high")
    average = result.average[result.average[column].notna()].head(MOST).copy()
    if average.empty:
        return silent(_("No period is over: there is nothing to add up yet."), colours, narrow)
    drawn = result.cells[
        (result.cells["observed"] == "full") & result.cells["cohort"].isin(result.cohorts["cohort"].tail(MOST))
    ]
    drawn = drawn[drawn["n_customers"] >= TOO_FEW].copy()
    for table in (average, drawn):
        table[[column, *limits]] *= margin
    cost = result.payback.acquisition_cost if result.payback else None
    values = [average[column], average["ci_high"], drawn[column], pd.Series([cost or 0.0])]
    scale = amounts(pd.concat(values), TOP, BOTTOM)
    ticks = {tick: count(tick) if tick == int(tick) else decimal(tick) for tick in scale.ticks}
    average = average.assign(
        when=[period_name(result, k) for k in average["period"]],
        share=[
            _("{money} ({low} to {high})", money=money(m, result.currency), low=money(a), high=money(b))
            for m, a, b in average[[column, *limits]].to_numpy()
        ],
        part=average["n_customers"].map(count),
    )
    what = _("Margin per customer so far") if result.payback else _("Revenue per customer so far")
    titles = {"when": _("Period"), "share": what, "part": _("Customers")}
    said = [(colours.soft, _("All cohorts, with their {level} interval", level=confidence(result.level)))]
    said.append((colours.line, _("Thin lines: single cohorts")))
    description = f"{what}: {'; '.join(average['when'] + ' ' + average['share'])}."
    look = {"narrow": narrow, "colours": colours, "title": periods_title(result), "beside": what}
    return _curves(
        column, average, drawn, drawn[:0], scale, ticks, titles, said, description, **look,
        payback=(result.payback, result), first=0,
    )  # fmt: skip


def _rated(table: pd.DataFrame) -> pd.DataFrame:
    """The rows from period 1 on that have a rate."""
    return table[(table["period"] > 0) & (table["n_customers"] >= TOO_FEW) & (table["period"] <= MOST)]


def _chosen(result: Retention, cells: pd.DataFrame, cohort: str | None) -> pd.DataFrame:
    if cohort is None:
        return cells[:0]
    known = list(result.cohorts["cohort"])
    if cohort not in known:
        raise UnknownValue("cohort", cohort, known)
    return cells[cells["cohort"] == cohort]


def _rate(row) -> str:
    if row.ci_low != row.ci_low:
        return percent(row.retention)
    return _("{rate} ({interval})", rate=percent(row.retention), interval=interval(row.ci_low, row.ci_high))


def percent_axis(scale: Amounts) -> dict[float, str]:
    """The names of an axis of shares: whole percents where every tick is one."""
    digits = 0 if all(abs(100 * tick - round(100 * tick)) < 1e-9 for tick in scale.ticks) else 1
    return {tick: percent(tick, digits) for tick in scale.ticks}


def rulers(period, scale: Amounts, ticks: dict[float, str], titles: tuple[str, str], colours: Palette, narrow: bool):
    """The two scales of a chart over periods; `titles` : of the periods, and of what stands on the left."""
    first, last = int(period.min()), int(period.max())
    every = -(-(last - first + 1) // (8 if narrow else 18))
    shown = [*range(first, last + 1, every)]
    below = axis(colours, title=titles[0], values=shown, format="d", grid=False, labelOverlap="greedy")
    labels = {round(float(scale.at(tick))): text for tick, text in ticks.items()}
    beside = axis(colours, title=titles[1], values=list(labels), labelExpr=f"{json.dumps(labels)}[datum.value]")
    return Ruler((first - 0.4, last + 0.4), below), Ruler((0, BOTTOM + 4), beside, downwards=True)


def _curves(
    column: str,
    average: pd.DataFrame,
    single: pd.DataFrame,
    own: pd.DataFrame,
    scale: Amounts,
    ticks: dict[float, str],
    titles: dict[str, str],
    said: list[tuple[str, str]],
    description: str,
    *,
    colours: Palette,
    narrow: bool,
    title: str,
    beside: str,
    payback: tuple[Payback | None, CohortRevenue] | None = None,
    first: int = 1,
) -> alt.LayerChart:
    """Curves of a column over the periods: everyone with a band, single cohorts thin, one of them in front."""
    average, single, own = (
        _heights(table[table["period"] >= first], column, scale) for table in (average, single, own)
    )
    x, y = rulers(average["period"], scale, ticks, (title, beside), colours, narrow)
    thin = alt.Chart(single[["period", "middle", "cohort"]]).mark_line(strokeWidth=1, color=colours.line, opacity=0.9)
    small = average["n_customers"] < ENOUGH
    size = min(DOT, 2400 / len(average))
    places = {"zero": average["period"] - 0.5, "full": average["period"] + 0.5, "top": TOP, "bottom": BOTTOM}
    paid, words = _payback(payback, scale, x, y, colours) if payback else ([], [])
    layers = [
        thin.encode(x.place(alt.X, "period"), y.place(alt.Y, "middle"), alt.Detail("cohort", type="nominal")),
        band(average, x, y, "period", color=colours.soft),
        band(own, x, y, "period", color=colours.second, opacity=0.2),
        *paid,
        curve(own, x, y, "period", color=colours.second),
        curve(average, x, y, "period", color=colours.primary),
        dots(own, x, y, "period", size=size, fill=colours.second, stroke=colours.second),
        dots(average[~small], x, y, "period", size=size, fill=colours.primary, stroke=colours.primary),
        dots(average[small], x, y, "period", size=size, fill=colours.background, stroke=colours.primary),
        hits(average.assign(**places), x, y, titles),
        *notes([*said, *words], y, BOTTOM + NOTES, colours),
    ]
    return finished(layers, colours, height=BOTTOM + 4, narrow=narrow, description=description)


def _heights(table: pd.DataFrame, column: str, scale: Amounts) -> pd.DataFrame:
    values = {"middle": table[column], "low_at": table["ci_low"], "high_at": table["ci_high"]}
    top = scale.ticks[-1]
    return table.assign(**{name: scale.at(own.astype(float).clip(upper=top)) for name, own in values.items()})


def _payback(given, scale: Amounts, x: Ruler, y: Ruler, colours: Palette) -> tuple[list[alt.Chart], list]:
    """The line of what a customer costs, and an upright one where the margin has reached it."""
    payback, result = given
    if payback is None:
        return [], []
    at = float(scale.at(payback.acquisition_cost))
    row = pd.DataFrame({"from": [x.domain[0]], "to": [x.domain[1]], "at": [at]})
    line = alt.Chart(row).mark_rule(color=colours.ink, strokeDash=[4, 4])
    layers = [line.encode(x.place(alt.X, "from"), alt.X2("to"), y.place(alt.Y, "at"))]
    cost = money(payback.acquisition_cost, result.currency)
    if payback.period is not None:
        late = payback.period > sum(x.domain) / 2
        label = _("Paid back: {period}", period=period_name(result, payback.period))
        layers += flag(payback.period, TOP, label, x, y, colours, foot=BOTTOM, leans="left" if late else "right")
    return layers, [(colours.ink, _("Dashed: what a customer costs, {cost}", cost=cost))]
