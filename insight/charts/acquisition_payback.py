"""LTV to CAC and payback in pictures: when each channel has paid back, how much it is worth, and the margin by day."""

import json
import math

import altair as alt
import pandas as pd

from insight.acquisition.payback import AcquisitionPayback
from insight.acquisition.sums import FEW
from insight.acquisition.words import why_missing
from insight.charts.curves import band, curve
from insight.charts.estimates import AXIS, ROW, TRACK, estimates, headings, placed
from insight.charts.factors import factor_axis, factor_bounds, factor_places
from insight.charts.marks import PLAIN, Ruler, blocks, dots, finished, flag, hits, notes, silent, ticks
from insight.charts.scales import amounts
from insight.charts.theme import Palette, axis, palette, shortened
from insight.errors import UnknownValue
from insight.language import _, _n, confidence, count, decimal, length, money

MOST = 20  # channels in a picture, those with most spend
TOP, BOTTOM, NOTES = 12, 260, 52  # of the curve: pixels from the top, and from the drawing to the first note
POINTS = 200  # on a curve


def acquisition_payback_days(
    result: AcquisitionPayback, *, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """The day on which each channel's customers have paid back, with its interval, on as many days as ten of them could
    be followed. Without a dot: not yet."""
    colours, rows = palette(theme), result.rows.head(MOST).reset_index(drop=True)
    known = rows["days_observed"] >= 0
    if not known.any():
        return silent(_("Nobody has ten customers that could be followed: there is no payback."), colours, narrow)
    rows["zero"], rows["full"] = 0.0, rows["days_observed"].clip(lower=0).astype(float)
    rows["rate"], rows["small"] = rows["payback_day"], rows["n_customers"] < FEW
    reached = rows["payback_earliest"].notna() & (rows["payback_why"] != "no_cost")
    rows["low"] = rows["payback_earliest"].where(reached)
    rows["high"] = rows["payback_latest"].where(rows["payback_latest"].notna(), rows["full"]).where(reached)
    rows["when"] = [payback_words(row) for row in rows.to_dict("records")]
    rows["costs"] = [money(value, result.currency) for value in rows["cac"]]
    rows["followed"], rows["who"] = rows["days_observed"].where(known).map(_whole), rows[result.by]
    rows["right"] = rows["when"] if not narrow else [_short(row) for row in rows.to_dict("records")]
    rows["name"] = [
        f"{shortened(own, 18 if narrow else 46)} · {cost}" for own, cost in rows[["who", "costs"]].to_numpy()
    ]
    rows = placed(rows)
    look = {"title": _("Days after the acquisition"), "tickCount": 4 if narrow else 8, "grid": False, "format": "d"}
    x = Ruler((0, max(float(rows["full"].max()), 1.0)), axis(colours, **look))
    y = Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"who": _("Channel"), "costs": _("CAC"), "when": _("Paid back"), "followed": _("Days followed")}
    said = [
        (colours.primary, _("The margin of its customers has reached what they cost")),
        (colours.soft, _("{level} interval of that day", level=confidence(result.level))),
        (colours.track, _("As long as ten of its customers could be followed")),
    ]
    layers = [
        *estimates(rows[known], x, y, colours),
        ticks(rows[known & (rows["payback_why"] == "not_reached")], x, y, "full", TRACK + 8, colours.warning),
        hits(rows.assign(full=x.domain[1]), x, y, titles),
        *headings(rows, y, colours),
        *notes([*said, *_hidden(result)], y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["who"] + " " + rows["when"])
    return finished(
        layers, colours, height=ROW * len(rows), narrow=narrow, description=_("Payback: {rows}.", rows=words)
    )


def payback_words(row: dict) -> str:
    """When a channel has paid back, and between which days it may have been."""
    if row["payback_why"] == "not_reached":
        return _("not within {n} days", n=count(row["days_observed"] + 1))
    if row["payback_why"]:
        return why_missing(row["payback_why"])
    early, late = row["payback_earliest"], row["payback_latest"]
    if early == late:
        return _("day {n}", n=_whole(row["payback_day"]))
    late = _whole(late) if late == late else _("not yet")
    return _("day {n} ({early} to {late})", n=_whole(row["payback_day"]), early=_whole(early), late=late)


def _short(row: dict) -> str:
    if row["payback_why"]:
        return _("not yet") if row["payback_why"] == "not_reached" else why_missing(row["payback_why"])
    return _("day {n}", n=_whole(row["payback_day"]))


def _whole(n: float) -> str:
    return count(n) if n == n else "–"


def _hidden(result: AcquisitionPayback) -> list[tuple[str, str]]:
    more = len(result.rows) - MOST
    if more <= 0:
        return []
    return [(PLAIN, _n("and {n} more with less spend", "and {n} more with less spend", more, n=count(more)))]


def acquisition_payback_ltv(
    result: AcquisitionPayback, *, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """LTV:CAC of each channel on a logarithmic scale: observed with its interval, and as a model expects it. The
    upright line is 1: below it a customer has not been worth the cost."""
    colours, rows = palette(theme), result.rows.head(MOST).reset_index(drop=True)
    drawn = rows[["ltv_to_cac", "ltv_to_cac_low", "ltv_to_cac_high", "model_ltv_to_cac"]].assign(one=1.0)
    estimate = rows["ltv_to_cac"].fillna(rows["model_ltv_to_cac"])
    if not (estimate > 0).any():
        words = _("There is no LTV:CAC: no ten customers of a channel could be followed for {length}.",
                  length=length(result.horizon))  # fmt: skip
        return silent(words, colours, narrow)
    low, high = factor_bounds(drawn, estimate)
    low, high = min(low, 1.0), max(high, 1.0)
    columns = {"rate": "ltv_to_cac", "low": "ltv_to_cac_low", "high": "ltv_to_cac_high", "model": "model_ltv_to_cac"}
    for name, column in columns.items():
        rows[name] = factor_places(rows[column], low)
    rows["one"], rows["small"], rows["who"] = 0.0, rows["observed_customers"] < FEW, rows[result.by]
    rows["zero"], rows["full"] = math.log10(low), math.log10(high)
    rows["said"] = [_observed(*own) for own in rows[[*list(columns.values())[:3], "ltv_to_cac_why"]].to_numpy()]
    rows["expected"] = [decimal(value) for value in rows["model_ltv_to_cac"]]
    rows["right"] = [_beside(*own, narrow) for own in rows[["said", "ltv_to_cac", "model_ltv_to_cac"]].to_numpy()]
    rows["n"] = rows["observed_customers"].map(count)
    rows["name"] = [f"{shortened(own, 18 if narrow else 40)} · {n}" for own, n in rows[["who", "n"]].to_numpy()]
    rows = placed(rows)
    title = _("LTV:CAC by {length}, logarithmic scale", length=length(result.horizon))
    x = Ruler((math.log10(low), math.log10(high)), factor_axis(low, high, colours, title, narrow))
    y = Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"who": _("Channel"), "said": _("Observed"), "expected": _("Expected by a model"), "n": _("Customers")}
    said = [
        (colours.primary, _("Observed: margin of customers followed so long ÷ what they cost")),
        (colours.soft, _("{level} interval", level=confidence(result.level))),
    ]
    if rows["model"].notna().any():
        said.append((colours.second, _("What a model expects of a new customer ÷ CAC")))
    said.append((colours.ink, _("1: worth as much as it cost")))
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows, x, y, "one", TRACK + 12, colours.ink),
        dots(rows[rows["model"].notna()], x, y, "model", fill=colours.second, stroke=colours.second, size=60),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes([*said, *_hidden(result)], y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["who"] + " " + rows["said"])
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=f"{title}: {words}.")


def _beside(said: str, observed: float, expected: float, narrow: bool) -> str:
    """What stands on the right of a row: what was observed, and what a model expects."""
    if expected != expected or (narrow and observed == observed):
        return said
    model = _("model {value}", value=decimal(expected))
    return f"{said} · {model}" if observed == observed else model


def _observed(value: float, low: float, high: float, why: str) -> str:
    if value != value:
        return why_missing(why) or "–"
    if low != low:
        return decimal(value)
    return _("{value} ({low} to {high})", value=decimal(value), low=decimal(max(low, 0.0)), high=decimal(high))


def acquisition_payback_curve(
    result: AcquisitionPayback, *, of: str | None = None, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """The margin that a customer has brought in by each day, with its interval, and the CAC as a line across.

    of : the channel; by default the one with most spend
    Raises UnknownValue for another.
    """
    colours, names = palette(theme), result.rows[result.by].tolist()
    of = (names[0] if names else None) if of is None else of
    if of not in names:
        raise UnknownValue("of", of, names)
    row, rows = result.rows[result.rows[result.by] == of].iloc[0], result.curve[result.curve[result.by] == of]
    if rows.empty or not row["cac"] > 0:
        return silent(
            _("There is no curve of {of}: {why}.", of=of, why=why_missing(row["payback_why"])), colours, narrow
        )
    rows = rows.iloc[sorted({*range(0, len(rows), -(-len(rows) // POINTS)), len(rows) - 1})].reset_index(drop=True)
    scale = amounts([*rows["ci_high"].clip(upper=2 * rows["margin_per_customer"].max()), row["cac"]], TOP, BOTTOM)
    ends = {"middle": "margin_per_customer", "low_at": "ci_low", "high_at": "ci_high"}
    for name, column in ends.items():
        rows[name] = scale.at(rows[column].clip(lower=scale.ticks[0], upper=scale.ticks[-1]))
    rows["at"], rows["top"], rows["bottom"] = rows["days_after"].astype(float), TOP, BOTTOM
    gap = rows["at"].diff().max() / 2 if len(rows) > 1 else 0.5
    rows["zero"], rows["full"] = rows["at"] - gap, rows["at"] + gap
    rows["when"], rows["n"] = rows["days_after"].map(count), rows["n_customers"].map(count)
    rows["said"] = [_("{m} ({low} to {high})", m=money(m, result.currency), low=money(a), high=money(b))
                    for m, a, b in rows[list(ends.values())].to_numpy()]  # fmt: skip
    labels = {round(float(scale.at(tick))): money(tick) for tick in scale.ticks}
    title = _("Margin per customer so far")
    beside = axis(colours, title=title, values=list(labels), labelExpr=f"{json.dumps(labels)}[datum.value]")
    look = {"title": _("Days after the acquisition"), "format": "d", "grid": False, "tickCount": 4 if narrow else 8}
    x, y = Ruler((0, max(float(rows["at"].max()), 1.0)), axis(colours, **look)), Ruler((0, BOTTOM + 4), beside, True)
    cost = float(scale.at(row["cac"]))
    line = pd.DataFrame({"left": [0.0], "right": [x.domain[1]], "top": [cost - 1], "bottom": [cost + 1]})
    titles = {"when": _("Day"), "said": _("Margin per customer"), "n": _("Customers followed so long")}
    layers = [
        band(rows, x, y, "at", color=colours.soft),
        blocks(line, x, y, "left", "right", color=colours.ink),
        *_paid(row, x, y, colours),
        curve(rows, x, y, "at", color=colours.primary),
        hits(rows, x, y, titles),
        *notes(_curve_notes(result, row, of, colours), y, BOTTOM + NOTES, colours),
    ]
    said = _("{title}, {of}: {rows}.", title=title, of=of, rows="; ".join(rows["when"] + " " + rows["said"]))
    return finished(layers, colours, height=BOTTOM + 4, narrow=narrow, description=said)


def _paid(row, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    if row["payback_day"] != row["payback_day"]:
        return []
    at, label = float(row["payback_day"]), _("paid back: day {n}", n=_whole(row["payback_day"]))
    leans = "right" if at < x.domain[1] / 2 else "left"
    return flag(at, TOP, label, x, y, colours, foot=BOTTOM, leans=leans)


def _curve_notes(result: AcquisitionPayback, row, of: str, colours: Palette) -> list[tuple[str, str]]:
    return [
        (colours.primary, _("Margin of a customer of {of}, on average", of=shortened(of, 16))),
        (colours.soft, _("{level} interval", level=confidence(result.level))),
        (colours.ink, _("CAC: {cac}", cac=money(row["cac"], result.currency))),
        (PLAIN, _("The line ends where ten customers are left.")),
    ]
