"""How others would count a funnel, in a picture."""

import altair as alt
import pandas as pd

from insight.charts.estimates import AXIS, ROW, TRACK, estimates, headings, placed
from insight.charts.marks import PLAIN, WARNING, Ruler, finished, hits, notes, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.funnel import ENOUGH, TOO_FEW
from insight.funnel.peers import OURS, FunnelPeers
from insight.funnel.words import counted, counted_title, goal_name, way_to_count
from insight.language import _, confidence, count, interval, percent, points


def funnel_peers_dots(result: FunnelPeers, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Overall conversion as each tool would count it, and with one setting changed; this funnel's is the upright line.

    A way that this data cannot be counted in says so; out of fewer than 10 customers there is no rate.
    """
    colours, rows = palette(theme), _rows(result, narrow)
    height, last = ROW * len(rows), shortened(goal_name(result.ours), 22 if narrow else 60)
    title = _("Share that reached {last}", last=last)
    scale = axis(colours, title=title, format="%", tickCount=4 if narrow else 8, grid=False)
    x, y = Ruler((0, float(rows["full"][0])), scale), Ruler((0, height), downwards=True)
    titles = {"label": _("Counted by"), "n": counted_title(result.ours), "reached": _("Reached the last step")}
    titles |= {"share": _("Share"), "apart": _("Points from this funnel"), "said": _("Settings")}
    bold = (rows["tool"] != OURS) | (rows["changed"] == "")
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows[rows["ours"].notna()], x, y, "ours", TRACK + 8, colours.muted),
        hits(rows, x, y, titles),
        *headings(rows[bold], y, colours),
        *headings(rows[~bold], y, colours, weight=400),
        *notes(_notes(result, rows, colours), y, height + AXIS, colours),
    ]
    description = _("Ways to count: {rows}.", rows="; ".join(rows["label"] + " " + rows["share"]))
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _rows(result: FunnelPeers, narrow: bool) -> pd.DataFrame:
    """One row a way to count: its numbers as text, and where everything stands."""
    rows = result.tools[["tool", "changed", "settings"]].copy()
    size, reached = (result.tools[name].astype(float) for name in ("reached_first", "reached_last"))
    few, none = size < TOO_FEW, size.isna()
    for name, column in {"rate": "overall_conversion", "low": "ci_low", "high": "ci_high"}.items():
        rows[name] = result.tools[column].mask(few)
    rows["small"], rows["zero"], rows["ours"] = size < ENOUGH, 0.0, rows["rate"][0]
    highest = rows["high"].max()
    rows["full"] = min(1.0, 1.05 * highest) if highest > 0 else 1.0
    rows["label"] = [way_to_count(*row) for row in rows[["tool", "changed", "settings"]].itertuples(index=False)]
    rows["name"] = [shortened(label, 28 if narrow else 60) for label in rows["label"]]
    rows["n"], rows["reached"] = (own.map(lambda n: "–" if n != n else count(n)) for own in (size, reached))
    rows["apart"] = result.tools["difference"].mask(few).map(points)
    values = zip(rows["rate"], rows["low"], rows["high"], strict=True)
    shares = pd.Series([_("{rate} ({interval})", rate=percent(r), interval=interval(a, b)) for r, a, b in values])
    short = rows["rate"].map(percent) + " · " + rows["apart"]
    not_rated = {"few": _("too few"), "none": _("not possible")}
    rows["share"], rows["right"] = (
        text.mask(few, not_rated["few"]).mask(none, not_rated["none"])
        for text in (shares, short if narrow else shares + " · " + rows["apart"])
    )
    rows.loc[0, "right"] = rows["share"][0] if not narrow else rows["right"][0].split(" · ")[0]
    rows["said"] = [_settings(settings) for settings in rows["settings"]]
    return placed(rows.drop(columns="settings"))


def _settings(settings: dict[str, object]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in settings.items() if name != "steps")


def _notes(result: FunnelPeers, rows: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    said = []
    if rows["rate"].notna().any():
        said.append((colours.soft, _("{level} interval", level=confidence(result.ours.level))))
    if rows["ours"].notna().any():
        said.append(
            (colours.muted, _("This funnel: {rate}; beside each row the points from it", rate=percent(rows["ours"][0])))
        )
    said.append((PLAIN, _("Bold: tools’ defaults. Below: one setting changed.")))
    few = (rows["share"] == _("too few")).any()
    if few:
        said.append((WARNING, _("Too few: fewer than {customers}, no rate.", customers=counted(result.ours, TOO_FEW))))
    if (rows["small"] & rows["rate"].notna()).any():
        said.append(
            (WARNING, _("Hollow: a small sample, fewer than {customers}.", customers=counted(result.ours, ENOUGH)))
        )
    return said
