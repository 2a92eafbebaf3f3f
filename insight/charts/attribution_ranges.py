"""The range of each channel's credit over all models of attribution, in a picture."""

import altair as alt
import pandas as pd

from insight.attribution.channels import TOO_FEW, AttributionOf
from insight.attribution.words import MODEL_NAMES, range_words
from insight.charts.attribution import placed, small, too_few
from insight.charts.estimates import AXIS, TRACK, headings
from insight.charts.marks import PLAIN, Ruler, blocks, dots, finished, hits, lines, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette
from insight.language import _, percent

ROW = 66  # pixels from one channel to the next: there is a line under each track


def attribution_ranges(result: AttributionOf, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """Each channel's share of the conversions: a bar from the smallest to the largest under any model, a line for each
    model on it and a dot for the one in front. Whose share depends on the model is named so; the pointer finds the
    share by every model."""
    colours, rows = palette(theme), result.named.reset_index(drop=True)
    if result.n_conversions < TOO_FEW:
        return silent(too_few(result), colours, narrow)
    height, most = ROW * len(rows), float(max(rows["share_high"].max(), 0.01))
    rows["zero"], rows["full"] = 0.0, min(1.0, 1.05 * most)
    rows = placed(rows, narrow, ROW)
    rows["range"] = [range_words(low, high) for low, high in rows[["share_low", "share_high"]].to_numpy()]
    rows["depends"] = rows["model_dependent"].map({True: _("depends on the model"), False: ""})
    rows["right"] = rows["range"]
    if not narrow:
        rows["right"] = rows["range"].where(~rows["model_dependent"], rows["depends"] + " · " + rows["range"])
    rows["ends"] = [_ends(*row) for row in rows[["lowest_model", "highest_model"]].itertuples(index=False)]
    shares = result.credits.merge(rows[["channel", "middle"]], on="channel")[["channel", "model", "share", "middle"]]
    rows, titles = _by_every_model(rows, shares, result.model)
    title = _("Share of the conversions")
    x = Ruler(
        (0, float(rows["full"][0])), axis(colours, title=title, tickCount=4 if narrow else 8, format=".0%", grid=False)
    )
    y = Ruler((0, height), downwards=True)
    layers = [
        blocks(rows, x, y, "zero", "full", color=colours.track, cornerRadius=4),
        blocks(rows, x, y, "share_low", "share_high", color=colours.soft, cornerRadius=4),
        ticks(shares, x, y, "share", TRACK + 6, colours.ink),
        dots(rows, x, y, "share", fill=colours.primary, stroke=colours.background),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        lines(rows, y, "ends", "below", colours.muted, fontSize=12),
        *notes(_notes(result, colours), y, height + AXIS, colours),
    ]
    words = "; ".join(rows["channel"] + " " + rows["range"])
    return finished(layers, colours, height=height, narrow=narrow, description=f"{title}: {words}.")


def _ends(low: str, high: str) -> str:
    if not low:
        return _("the same under every model")
    return _("least: {low} · most: {high}", low=MODEL_NAMES[low], high=MODEL_NAMES[high])


def _by_every_model(rows: pd.DataFrame, shares: pd.DataFrame, front: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows with the share by every model as text, and what the pointer finds: the model in front first."""
    titles = {"channel": _("Channel"), "range": _("Share, over all models"), "depends": _("Note")}
    models = [front, *(name for name in MODEL_NAMES if name in set(shares["model"]) - {front})]
    wide = shares.pivot(index="channel", columns="model", values="share").loc[rows["channel"]]
    texts = {f"by_{model}": wide[model].map(percent).to_numpy() for model in models}
    return rows.assign(**texts), titles | {f"by_{model}": MODEL_NAMES[model] for model in models}


def _notes(result: AttributionOf, colours: Palette) -> list[tuple[str, str]]:
    said = [
        (colours.primary, _("{model}, the model in front", model=MODEL_NAMES[result.model])),
        (colours.soft, _("From the smallest to the largest share")),
        (PLAIN, _("Each line is one model.")),
    ]
    if result.unattributed:
        rest = percent(result.unattributed / result.n_conversions)
        said.append((PLAIN, _("{share} of the conversions had no touch, and belong to no channel.", share=rest)))
    return said + small(result)
