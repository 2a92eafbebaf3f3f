"""The funnel in pictures: who reaches each step, how long it takes, how groups compare."""

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.durations import duration_histogram
from insight.charts.marks import NOTE, Ruler, blocks, dots, finished, hits, lines, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.errors import InsightError, UnknownValue
from insight.funnel import ENOUGH, TOO_FEW, Funnel
from insight.funnel.drops import biggest_drops
from insight.language import _, _n, confidence, count, duration, interval, percent

ROW, GROUP_ROW = 76, 52  # pixels from one step, or group, to the next
NAME, TOP, BAR, BETWEEN = 8, 23, 14, 57  # in a row: middle of the name, top and height of the bar, middle of "go on"
TRACK = 8  # height of a group's track
AXIS = 54  # height of an axis with its title


def funnel_bars(result: Funnel, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Customers at each step: a bar whose soft end is the interval of its share, and between the bars how many go on.

    The biggest drop is marked in words and colour. With fewer than 10 customers at the first step there are counts and
    no rates. `narrow` fits a phone.
    """
    colours, rows = palette(theme), _step_rows(result, 28 if narrow else 60)
    said, under = _step_notes(result, colours), ROW * (len(rows) - 1) + TOP + BAR
    height = under + NOTE * (len(said) + 0.5)
    x, y = Ruler((0, int(rows["full"][0]))), Ruler((0, height), downwards=True)
    rated, whole = rows[rows["low"].notna()], rows["solid"] == rows["full"]
    begun, worst = rows[(rows["solid"] > 0) & ~whole], rows["worst"]
    titles = {"step": _("Step"), "right": _("Reached"), "range": _("Interval"), "kept": _("Of the step before")}
    titles |= {"lost": _("Lost before it"), "time": _("Median time from the first step")}
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(rated, x, y, "low", "high", color=colours.soft),
        blocks(begun, x, y, "zero", "solid", color=colours.primary, cornerRadiusTopLeft=4, cornerRadiusBottomLeft=4),
        blocks(rows[whole], x, y, "zero", "solid", color=colours.primary, cornerRadius=4),
        ticks(rated, x, y, "reached", BAR + 8, colours.ink),
        hits(rows, x, y, titles),
        *_headings(rows, y, colours),
        lines(rows[~worst & (rows["between"] != "")], y, "between", "below", colours.muted),
        lines(rows[worst], y, "between", "below", colours.warning, fontWeight=600),
        *notes(said, y, under + NOTE, colours),
    ]
    description = _("Funnel: {steps}.", steps="; ".join(rows["step"] + " " + rows["right"]))
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _step_rows(result: Funnel, most: int) -> pd.DataFrame:
    """One row a step: its numbers as text, and where everything stands."""
    steps, n = result.steps, int(result.steps["reached"].iloc[0])
    rates = steps[["step_conversion", "overall_conversion", "ci_low", "ci_high"]].astype(float)
    if n < TOO_FEW:
        rates[:] = np.nan
    rows = pd.DataFrame({"step": steps["step"], "reached": steps["reached"].astype(int), "zero": 0, "full": max(n, 1)})
    rows["name"] = [shortened(name, most) for name in steps["step"]]
    shares = rates["overall_conversion"].map(percent)
    rows["right"] = rows["reached"].map(count) + (" · " + shares).where(rates["overall_conversion"].notna(), "")
    rows["low"], rows["high"] = rates["ci_low"] * n, rates["ci_high"] * n
    rows["solid"] = rows["low"].fillna(rows["reached"])
    worst = biggest_drops(result) if len(steps) > 2 else []  # one drop alone is not the biggest of several
    rows["worst"] = rows.index.isin(worst)
    rows["between"] = ["", *(_between(result, k, worst) for k in rows.index[1:])]
    rows["range"] = [interval(*ends) for ends in zip(rates["ci_low"], rates["ci_high"], strict=True)]
    rows["kept"] = rates["step_conversion"].map(percent)
    rows["lost"] = rows["reached"].diff().fillna(0).abs().map(count)
    rows["time"] = steps["median_seconds"].astype(float).map(duration)
    places = {"heading": NAME, "top": TOP, "middle": TOP + BAR / 2, "bottom": TOP + BAR, "below": BETWEEN - ROW}
    return rows.assign(**{name: ROW * rows.index + offset for name, offset in places.items()})


def _between(result: Funnel, k: int, worst: list[int]) -> str:
    """What stands between two bars."""
    before, here = (int(reached) for reached in result.steps["reached"].iloc[[k - 1, k]])
    if not before:
        return ""
    if before < TOO_FEW:
        return _("↓ {here} of {before} go on", here=here, before=before)
    values = {"rate": percent(result.steps["step_conversion"].iloc[k]), "lost": count(before - here)}
    if k not in worst:
        return _("↓ {rate} go on", **values)
    if len(worst) > 1:
        return _("↓ {rate} go on · equally big drop, {lost} lost", **values)
    return _("↓ {rate} go on · biggest drop, {lost} lost", **values)


def _step_notes(result: Funnel, colours: Palette) -> list[tuple[str, str]]:
    n = result.steps["reached"].iloc[0]
    if not n:
        return [("", _("Nobody did the first step in the chosen dates."))]
    if n < TOO_FEW:
        return [("", _("Fewer than {few} customers: counts, no rates.", few=TOO_FEW))]
    said = [(colours.soft, _("{level} interval of the share", level=confidence(result.level)))]
    if n < ENOUGH:
        said.append(("", _("Small sample: fewer than {enough} customers.", enough=ENOUGH)))
    return said


def _headings(rows: pd.DataFrame, y: Ruler, colours: Palette) -> list[alt.Chart]:
    """Name on the left, numbers on the right; the name gives way to the numbers."""
    room = {"expr": f"width - {7 * rows['right'].str.len().max() + 12}"}
    return [
        lines(rows, y, "name", "heading", colours.ink, fontSize=14, fontWeight=600, limit=room),
        lines(rows, y, "right", "heading", colours.ink, x="width", fontSize=14),
    ]


def funnel_times(
    result: Funnel, *, step: str | None = None, theme: str = "light", narrow: bool = False
) -> alt.LayerChart:
    """How long customers take from the first step to `step` (the last, unless named), with the median and 90 %.

    Times that differ much are drawn in bins that grow, from seconds to months. Where nobody arrived, the chart says so.
    Raises UnknownValue for a step that is not in the funnel.
    """
    names, colours, most = result.steps["step"].tolist(), palette(theme), 14 if narrow else 40
    step = names[-1] if step is None else step
    if step not in names[1:]:
        raise UnknownValue("step", step, names[1:])
    times = result.times[result.times["step"] == step].sort_values("seconds")
    n, said = int(times["n"].sum()), {"first": shortened(names[0], most), "last": shortened(step, most)}
    if not n:
        return silent(_("Nobody reached {last}: there is no time to show.", **said), colours, narrow)
    title = _n("From {first} to {last}: {n} customer", "From {first} to {last}: {n} customers", n, n=count(n), **said)
    own, marks = result.steps.iloc[names.index(step, 1)], {}
    if n >= TOO_FEW:
        late, half = own["p90_seconds"], own["median_seconds"]
        marks[_("90% within {time}", time=duration(late))] = late
        marks[_("Half within {time}", time=duration(half))] = half
    return duration_histogram(times, marks, title, colours, whole_days=result.dates_only, narrow=narrow)


def funnel_groups(result: Funnel, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Overall conversion of each group with its interval, in order of size, beside the rate of all customers.

    Groups with fewer than 30 customers are drawn hollow and named small; those with fewer than 10 have no rate.
    Raises InsightError for a funnel without a breakdown.
    """
    if result.groups is None:
        raise InsightError('There are no groups to compare: run the funnel with by="a column" first.')
    if result.groups.empty:
        return silent(_("Nobody did the first step in the chosen dates."), palette(theme), narrow)
    colours, rows, everyone = palette(theme), _group_rows(result, narrow), result.steps.iloc[-1]
    rated, height = rows[rows["low"].notna()], GROUP_ROW * len(rows)
    small, large = rated[rated["small"]], rated[~rated["small"]]
    title = _("Share that reached {last}", last=shortened(everyone["step"], 22 if narrow else 60))
    scale = axis(colours, title=title, format="%", tickCount=4 if narrow else 8, grid=False)
    x, y = Ruler((0, float(rows["full"][0])), scale), Ruler((0, height), downwards=True)
    titles = {"group": _("Group"), "n": _("Customers"), "reached": _("Reached the last step"), "share": _("Share")}
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(large, x, y, "low", "high", color=colours.soft, cornerRadius=4),
        blocks(small, x, y, "low", "high", color=colours.soft, cornerRadius=4, opacity=0.5),
        ticks(rated, x, y, "overall", TRACK + 12, colours.muted),
        dots(large, x, y, "rate", fill=colours.primary, stroke=colours.primary),
        dots(small, x, y, "rate", fill=colours.background, stroke=colours.primary),
        hits(rows, x, y, titles),
        *_headings(rows, y, colours),
        *notes(_group_notes(rows, result.level, colours), y, height + AXIS, colours),
    ]
    description = _("Groups: {groups}.", groups="; ".join(rows["group"] + " " + rows["share"]))
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _group_rows(result: Funnel, narrow: bool) -> pd.DataFrame:
    """One row a group: its numbers as text, and where everything stands."""
    by_group = result.groups.groupby("group", sort=False)
    last = by_group.last()
    rows = pd.DataFrame({"group": last.index, "size": by_group["reached"].first().to_numpy(int), "zero": 0.0})
    few, rows["small"] = rows["size"] < TOO_FEW, rows["size"] < ENOUGH
    for name, column in {"rate": "overall_conversion", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = pd.Series(last[column].to_numpy(float)).mask(few)
    rows["overall"] = float(result.steps["overall_conversion"].iloc[-1])
    rows["full"] = 1.0 if few.all() else min(1.0, 1.05 * max(rows["high"].max(), rows["overall"][0]))
    rows["n"], rows["reached"] = rows["size"].map(count), last["reached"].map(count).to_numpy()
    rows["name"] = rows["group"].map(lambda group: shortened(group, 18 if narrow else 48)) + " · " + rows["n"]
    rows["share"] = [
        _("{rate} ({interval})", rate=percent(r.rate), interval=interval(r.low, r.high)) for r in rows.itertuples()
    ]
    rows["share"] = rows["share"].mask(few, _("too few"))
    rows["right"] = rows["rate"].map(percent).mask(few, _("too few")) if narrow else rows["share"]
    places = {"heading": NAME, "top": TOP, "middle": TOP + TRACK / 2, "bottom": TOP + TRACK}
    return rows.assign(**{name: GROUP_ROW * rows.index + offset for name, offset in places.items()})


def _group_notes(rows: pd.DataFrame, level: float, colours: Palette) -> list[tuple[str, str]]:
    few, said = rows["low"].isna(), []
    if not few.all():
        said.append((colours.soft, _("{level} interval", level=confidence(level))))
        said.append((colours.muted, _("All customers: {rate}", rate=percent(rows["overall"][0]))))
    if (rows["small"] & ~few).any():
        said.append(("", _("Hollow: a small sample, fewer than {enough} customers.", enough=ENOUGH)))
    if few.any():
        said.append(("", _("Too few: fewer than {few} customers, no rate.", few=TOO_FEW)))
    return said
