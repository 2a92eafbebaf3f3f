"""Clusters in a picture: what each group is like."""

import altair as alt
import pandas as pd

from insight.charts.clusters_heat import SMALL, Heads, heat_map
from insight.charts.marks import PLAIN, WARNING, silent
from insight.charts.theme import Palette, palette
from insight.clusters import Clusters
from insight.clusters.names import cluster_name
from insight.clusters.words import amount_of, feature_name, is_value
from insight.language import _, count, decimal, percent

STRONG = 1.5  # standard deviations from which a colour is full
FEW = 10  # customers; fewer in a group are outliers rather than a group


def clusters_profile(result: Clusters, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """A column a group, a row a feature: the text is the median (of a text's value the share), the colour how far the
    group's mean lies from that of all, in standard deviations: one colour above, another below."""
    colours = palette(theme)
    if result.k is None:
        return silent(_("No stable groups were found: there is nothing to draw."), colours, narrow)
    cells = _cells(result)
    titles = {"group": _("Group"), "name": _("Feature"), "middle_text": _("Median"), "mean_text": _("Mean")}
    titles |= {"z_text": _("From the mean of all, in standard deviations"), "index_text": _("Index, all = 100")}
    said = "; ".join(cells["group"] + " " + cells["name"] + " " + cells["text"])
    words = _("Groups: {cells}.", cells=said)
    return heat_map(
        cells, _heads(result, narrow), colours, titles, _notes(result, colours), narrow=narrow, description=words
    )


def _cells(result: Clusters) -> pd.DataFrame:
    cells, written = result.profile.copy(), amount_of(result)
    cells["column"] = cells["cluster"].map({group: at for at, group in enumerate(result.sizes["cluster"])})
    cells["row"] = cells["feature"].map({name: at for at, name in enumerate(result.features["feature"])})
    cells["more"] = cells["z_score"] / STRONG
    cells["group"] = [cluster_name(number, result.kind) for number in cells["cluster"]]
    cells["name"] = cells["feature"].map(feature_name)
    cells["mean_text"] = [written(f, v) for f, v in zip(cells["feature"], cells["mean"], strict=True)]
    medians = zip(cells["feature"], cells["median"], strict=True)
    cells["middle_text"] = ["–" if is_value(feature) else written(feature, median) for feature, median in medians]
    cells["text"] = cells["middle_text"].where(cells["middle_text"] != "–", cells["mean_text"])
    cells["text"] = [text.removesuffix(f" {result.currency}") for text in cells["text"]]
    cells["z_text"] = [f"{z:+.1f}".replace("-", "−") for z in cells["z_score"]]
    cells["index_text"] = [count(index) if index == index else "–" for index in cells["index"]]
    return cells


def _heads(result: Clusters, narrow: bool) -> Heads:
    groups = result.sizes["cluster"].tolist()
    short = narrow or len(groups) >= SMALL
    names = [(str(g) if g else _("Once")) if short else cluster_name(g, result.kind) for g in groups]
    below = [
        percent(share, 0) if short else _("{n} · {share}", n=count(n), share=percent(share, 0))
        for n, share in result.sizes[["n_customers", "share"]].to_numpy()
    ]
    return Heads([feature_name(name) for name in result.features["feature"]], names, below)


def _notes(result: Clusters, colours: Palette) -> list[tuple[str, str]]:
    said = [
        (colours.primary, _("More than all customers; full from {n} standard deviations on", n=decimal(STRONG))),
        (colours.second, _("Less than all customers")),
    ]
    if result.features["column"].ne(result.features["feature"]).any():
        said.append((PLAIN, _("Numbers are medians; of “column = value” the share of the group.")))
    else:
        said.append((PLAIN, _("Numbers are medians.")))
    if not result.is_stable:
        said.append((WARNING, _("Asked for: the evidence does not speak for these groups.")))
    if (result.sizes["n_customers"] < FEW).any():
        said.append((WARNING, _("A group of fewer than {few} customers holds outliers.", few=FEW)))
    return said
