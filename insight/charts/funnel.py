"""The funnel in pictures: who reaches each step, and how long it takes."""

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.durations import duration_histogram
from insight.charts.estimates import headings
from insight.charts.marks import NOTE, WARNING, Ruler, blocks, finished, hits, lines, notes, silent, ticks
from insight.charts.theme import Palette, palette, shortened
from insight.errors import UnknownValue
from insight.funnel import ENOUGH, TOO_FEW, Funnel
from insight.funnel.drops import biggest_drops, n_counted, n_customers, step_before, went_on
from insight.funnel.trend import FunnelTrend
from insight.funnel.words import counted, counted_title, goal_name, step_names
from insight.language import _, confidence, count, duration, interval, percent

ROW = 76  # pixels from one step to the next
NAME, TOP, BAR, BETWEEN = 8, 23, 14, 57  # in a row: middle of the name, top and height of the bar, middle of "go on"
LIGHTER = 0.68  # opacity of a step that may be left out


def funnel_bars(result: Funnel, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Customers at each step: a bar whose soft end is the interval of its share, and between the bars how many go on.

    The biggest drop is marked in words and colour. Optional steps are lighter; where customers may enter anywhere, a
    second colour shows who did so at the step. With fewer than 10 customers there are counts and no rates. `narrow`
    fits a phone.
    """
    colours, rows = palette(theme), _step_rows(result, 28 if narrow else 60)
    said, under = _step_notes(result, colours), ROW * (len(rows) - 1) + TOP + BAR
    height = under + NOTE * (len(said) + 0.5)
    x, y = Ruler((0, int(rows["full"][0]))), Ruler((0, height), downwards=True)
    rated, worst = rows[rows["low"].notna()], rows["worst"]
    titles = {"step": _("Step"), "right": _("Reached"), "range": _("Interval"), "kept": _("Of the step before")}
    titles |= {"lost": _("Lost before it"), "time": _("Median time from the entry")}
    if result.order == "open":
        titles |= {"entered": _("Entered at this step")}
    whole_line = {"limit": {"expr": "width"}}
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(rated, x, y, "low", "high", color=colours.soft),
        *_solid(rows[rows["required"]], x, y, colours, 1),
        *_solid(rows[~rows["required"]], x, y, colours, LIGHTER),
        blocks(rows[rows["here"] > rows["came"]], x, y, "came", "here", color=colours.second),
        ticks(rated, x, y, "reached", BAR + 8, colours.ink),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        lines(rows[~worst & (rows["between"] != "")], y, "between", "below", colours.muted, **whole_line),
        lines(rows[worst], y, "between", "below", colours.warning, fontWeight=600, **whole_line),
        *notes(said, y, under + NOTE, colours),
    ]
    description = _("Funnel: {steps}.", steps="; ".join(rows["step"] + " " + rows["right"]))
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _solid(rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette, opacity: float) -> list[alt.Chart]:
    """The solid part of bars: round at both ends where they are full."""
    whole = rows["solid"] == rows["full"]
    look = {"color": colours.primary, "opacity": opacity}
    begun = rows[(rows["solid"] > 0) & ~whole]
    return [
        blocks(begun, x, y, "zero", "solid", **look, cornerRadiusTopLeft=4, cornerRadiusBottomLeft=4),
        blocks(rows[whole], x, y, "zero", "solid", **look, cornerRadius=4),
    ]


def _step_rows(result: Funnel, most: int) -> pd.DataFrame:
    """One row a step: its numbers as text, and where everything stands."""
    steps, n = result.steps, n_counted(result.steps)
    rates = steps[["step_conversion", "overall_conversion", "ci_low", "ci_high"]].astype(float)
    if n_customers(result) < TOO_FEW:
        rates[:] = np.nan
    rows = pd.DataFrame({"step": step_names(result), "reached": steps["reached"].astype(int), "zero": 0})
    rows["full"], rows["required"] = max(n, 1), steps["required"].to_numpy(bool)
    rows["name"] = [_heading(name, required, most) for name, required in rows[["step", "required"]].to_numpy()]
    shares = rates["overall_conversion"].map(percent)
    rows["right"] = rows["reached"].map(count) + (" · " + shares).where(rates["overall_conversion"].notna(), "")
    rows["low"], rows["high"] = rates["ci_low"] * n, rates["ci_high"] * n
    rows["solid"] = rows["here"] = rows["low"].fillna(rows["reached"])
    rows["came"] = rows["solid"]
    if result.order == "open":
        rows["solid"] = rows["came"] = np.minimum(steps["from_previous"], rows["here"])
        rows["entered"] = steps["entered_here"].map(count)
    rows["lost"] = [count(_lost(result, k)) if k else "–" for k in rows.index]
    worst = biggest_drops(result) if rows["required"].sum() > 2 else []  # one drop alone is not the biggest of several
    rows["worst"] = rows.index.isin(worst)
    rows["between"] = ["", *(_between(result, k, worst) for k in rows.index[1:])]
    rows["range"] = [interval(*ends) for ends in zip(rates["ci_low"], rates["ci_high"], strict=True)]
    rows["kept"] = rates["step_conversion"].map(percent)
    rows["time"] = steps["median_seconds"].astype(float).map(duration)
    places = {"heading": NAME, "top": TOP, "middle": TOP + BAR / 2, "bottom": TOP + BAR, "below": BETWEEN - ROW}
    return rows.assign(**{name: ROW * rows.index + offset for name, offset in places.items()})


def _heading(name: str, required: bool, most: int) -> str:
    return shortened(name, most) if required else _("{step} (optional)", step=shortened(name, most - 11))


def _lost(result: Funnel, k: int) -> int:
    """How many of the required step before did not come to a step."""
    return int(result.steps["reached"].iloc[step_before(result.steps, k)]) - went_on(result.steps, k)


def _between(result: Funnel, k: int, worst: list[int]) -> str:
    """What stands between two bars."""
    here, lost = went_on(result.steps, k), _lost(result, k)
    before = here + lost
    if not before:
        return _entering(result, k)
    values = {"rate": percent(here / before), "lost": count(lost), "here": here, "before": before}
    if before < TOO_FEW:
        return _("↓ {here} of {before} go on", **values) + _entering(result, k)
    if not result.steps["required"].iloc[k]:
        return _("↓ {rate} do this on the way", **values)
    if result.order == "any":
        said = _("↓ {rate} do one more", **values)
    elif step_before(result.steps, k) < k - 1 and k not in worst:
        said = _("↓ {rate} go on, with or without this", **values)
    else:
        said = _("↓ {rate} go on", **values)
    if k not in worst:
        return said + _entering(result, k)
    biggest = (
        _("equally big drop, {lost} lost", **values) if len(worst) > 1 else _("biggest drop, {lost} lost", **values)
    )
    return f"{said} · {biggest}{_entering(result, k)}"


def _entering(result: Funnel, k: int) -> str:
    """Who comes in at this step, where one may."""
    here = int(result.steps["entered_here"].iloc[k]) if result.order == "open" else 0
    return " · " + _("{n} enter here", n=count(here)) if here else ""


def _step_notes(result: Funnel, colours: Palette) -> list[tuple[str, str]]:
    n = n_counted(result.steps)
    if not n:
        return [(WARNING, nobody(result))]
    said = []
    if result.order == "open":
        said.append((colours.primary, _("Came from the step before")))
        said.append((colours.second, _("Entered at this step")))
    people = n_customers(result)
    if people < TOO_FEW:
        return [*said, (WARNING, _("Fewer than {few} customers: counts, no rates.", few=TOO_FEW))]
    said.append((colours.soft, _("{level} interval of the share", level=confidence(result.level))))
    if people < ENOUGH:
        said.append((WARNING, _("Small sample: fewer than {enough} customers.", enough=ENOUGH)))
    return said


def nobody(result: Funnel | FunnelTrend) -> str:
    """Why there is nobody to count."""
    if result.removed:
        return _("Everyone who entered is taken out by an exclusion.")
    if result.order in ("any", "open"):
        return _("Nobody did any of the steps in the chosen dates.")
    return _("Nobody did the first step in the chosen dates.")


def funnel_times(
    result: Funnel, *, step: str | None = None, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """How long customers take from the entry to `step` (the last required one, unless named), with median and 90 %.

    Times that differ much are drawn in bins that grow, from seconds to months. Where nobody arrived, the chart says so.
    Raises UnknownValue for a step that is not in the funnel.
    """
    steps, colours, most = result.steps["step"].tolist(), palette(theme), 14 if narrow else 40
    names = step_names(result)
    step = steps[names.index(goal_name(result), 1)] if step is None else step
    if step not in steps[1:]:
        raise UnknownValue("step", step, steps[1:])
    position = steps.index(step, 1)
    times = result.times[result.times["step"] == step].sort_values("seconds")
    n, last = int(times["n"].sum()), shortened(names[position], most)
    if not n:
        return silent(_("Nobody reached {last}: there is no time to show.", last=last), colours, narrow)
    said = {"first": shortened(names[0], most), "last": last, "customers": counted(result, n)}
    if result.order in ("any", "open"):
        title = _("From the entry to {last}: {customers}", **said)
    else:
        title = _("From {first} to {last}: {customers}", **said)
    own, marks = result.steps.iloc[position], {}
    if n >= TOO_FEW:
        late, half = own["p90_seconds"], own["median_seconds"]
        marks[_("90% within {time}", time=duration(late))] = late
        marks[_("Half within {time}", time=duration(half))] = half
    look = {"whole_days": result.dates_only, "narrow": narrow, "counted": counted_title(result)}
    return duration_histogram(times, marks, title, colours, **look)
