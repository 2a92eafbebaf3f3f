"""What a point would be worth at each step of a funnel, in a picture."""

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.estimates import AXIS, headings
from insight.charts.marks import PLAIN, WARNING, Ruler, blocks, finished, hits, lines, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.funnel import ENOUGH, TOO_FEW
from insight.funnel.worth import FunnelWorth
from insight.language import _, confidence, count, decimal, money, percent

ROW = 70  # pixels from one step to the next
NAME, TOP, BAR, BELOW = (
    8,
    23,
    14,
    52,
)  # in a row: middle of the name, top and height of the bar, middle of the line below


def funnel_worth_bars(result: FunnelWorth, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Extra completions for a point more at each step: a bar whose soft end is the interval.

    Where a point brings most is said beside the step. Where too few customers came there is a sentence instead.
    """
    colours = palette(theme)
    if result.n < TOO_FEW or not result.first:
        return silent(_too_few(result), colours, narrow)
    rows, height = _rows(result, narrow), ROW * len(result.steps)
    scale = axis(
        colours, title=_("More customers at the last step"), tickCount=4 if narrow else 8, grid=False, format="~g"
    )
    x, y = Ruler((0, float(rows["full"][0])), scale), Ruler((0, height), downwards=True)
    known, best = rows[rows["extra"].notna()], rows["best"] != ""
    titles = {
        "step": _("Step"),
        "now": _("Go on to it now"),
        "then": _("With the points"),
        "later": _("Of them complete"),
    }
    titles |= {"more": _("More completions"), "range": _("Interval"), "revenue": _("More revenue")}
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(known[known["high"] > known["low"]], x, y, "low", "high", color=colours.soft),
        blocks(known, x, y, "zero", "low", color=colours.primary, cornerRadiusTopLeft=4, cornerRadiusBottomLeft=4),
        ticks(known, x, y, "extra", BAR + 8, colours.ink),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        lines(rows[~best], y, "line", "below", colours.muted),
        lines(rows[best], y, "line", "below", colours.ink, fontWeight=600),
        *notes(_notes(result, colours), y, height + AXIS, colours),
    ]
    said = "; ".join(rows["step"] + " " + rows["more"])
    return finished(
        layers, colours, height=height, narrow=narrow, description=_("More completions: {steps}.", steps=said)
    )


def _rows(result: FunnelWorth, narrow: bool) -> pd.DataFrame:
    """One row a step: its numbers as text, and where everything stands."""
    steps = result.steps
    places = {"extra": "extra_completions", "low": "completions_low", "high": "completions_high"}
    rows = pd.DataFrame({"step": steps["step"], "zero": 0.0} | {k: steps[column] for k, column in places.items()})
    rows["full"] = 1.05 * max(float(np.nanmax(rows["high"])), 0.01)
    rows["name"] = [shortened(name, 28 if narrow else 60) for name in steps["step"]]
    rows["more"] = steps["extra_completions"].map(decimal)
    rows["range"] = [f"{decimal(a)}–{decimal(b)}" if b > a else "–" for a, b in rows[["low", "high"]].to_numpy()]
    rows["revenue"] = [money(amount, result.value.currency) for amount in steps["extra_revenue"]]
    rows["right"] = "+" + rows["more"] + (" · " + rows["revenue"]).where(steps["extra_revenue"].notna(), "")
    rows["right"] = rows["right"].mask(rows["extra"].isna(), _("not known"))
    rows["now"], rows["later"] = steps["step_conversion"].map(percent), steps["later_conversion"].map(percent)
    rows["then"] = (steps["step_conversion"] + steps["points"] / 100).map(percent)
    rows["best"] = [_best(result, name) for name in steps["step"]]
    change = [_("{now} → {then} go on", now=a, then=b) for a, b in rows[["now", "then"]].to_numpy()]
    rows["line"] = [f"{one} · {best}" if best else one for one, best in zip(change, rows["best"], strict=True)]
    places = {"heading": NAME, "top": TOP, "middle": TOP + BAR / 2, "bottom": TOP + BAR, "below": BELOW}
    return rows.assign(**{name: ROW * rows.index + offset for name, offset in places.items()})


def _best(result: FunnelWorth, name: str) -> str:
    if name not in result.first:
        return ""
    if result.first[0] != name:
        return _("too close to tell from it")
    return _("brings the most")


def _too_few(result: FunnelWorth) -> str:
    if not result.completions:
        return _("Nobody reached the last step: what a point would bring is not known.")
    return _("Fewer than {few} customers: too few to say what a point would bring.", few=count(TOO_FEW))


def _notes(result: FunnelWorth, colours: Palette) -> list[tuple[str, str]]:
    said = [(colours.soft, _("{level} interval, from the later steps", level=confidence(result.level)))]
    said.append((PLAIN, _("If the later steps convert as now. Arithmetic, not a forecast.")))
    if result.n < ENOUGH:
        said.append((WARNING, _("Small sample: fewer than {enough} customers.", enough=ENOUGH)))
    return said
