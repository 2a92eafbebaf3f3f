"""Groups and their traits in a picture: what is more and what is less common in a group than in all customers."""

import altair as alt
import numpy as np
import pandas as pd

from insight.charts.clusters_heat import LETTERS, SMALL, Heads, heat_map
from insight.charts.marks import PLAIN, silent
from insight.charts.theme import Palette, palette, shortened
from insight.clusters.profile import Profile
from insight.clusters.scaling import SEPARATOR
from insight.clusters.words import feature_name, trait_amount
from insight.language import _, _n, chance, count, interval, percent

MOST_ROWS = {False: 20, True: 12}  # values and numbers; of more those that differ most clearly
MOST_COLUMNS = {False: 12, True: 5}  # groups
HIDDEN = "·"
DOUBLE = 2.0  # times as common as in all, or half as common: the full colour


def profile_index(result: Profile, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """A column a group, a row a value of a trait: the text is the index, 100 being the average of all customers, the
    colour says more or less, where the difference from everybody else is clear. Of a number the text is the median."""
    colours = palette(theme)
    cells = pd.concat([_of_shares(result), _of_numbers(result)], ignore_index=True)
    shown = result.groups[~result.groups["is_hidden"]]
    groups = shown["group"].tolist()[: MOST_COLUMNS[narrow]]
    cells = cells[cells["group"].isin(groups)]
    if not (cells["text"] != HIDDEN).any():
        return silent(_("There is nothing to compare the groups by."), colours, narrow)
    names = _telling(cells, MOST_ROWS[narrow])
    cells = cells[cells["name"].isin(names)]
    cells["row"] = cells["name"].map({name: at for at, name in enumerate(names)})
    cells["column"] = cells["group"].map({name: at for at, name in enumerate(groups)})
    small = narrow or len(groups) >= SMALL
    heads = Heads(
        [_cut(name) if narrow else name for name in names],
        [shortened(name, _letters(len(groups), narrow)) for name in groups],
        [count(n) if small else _("{n} customers", n=count(n)) for n in shown["n_customers"][: len(groups)]],
    )
    titles = {"group": _("Group"), "name": _("Trait"), "share_text": _("In the group"), "all_text": _("Of all")}
    titles |= {"index_text": _("Index"), "q_text": _("Against everybody else")}
    words = "; ".join(cells["group"] + ", " + cells["name"] + ": " + cells["text"])
    said = _notes(result, cells, colours, len(shown) - len(groups))
    return heat_map(cells, heads, colours, titles, said, narrow=narrow, description=f"{words}.")


def _cut(name: str) -> str:
    """A row's name where there is little room: rather all of the value than all of the trait."""
    trait, _is, value = name.partition(SEPARATOR)
    return f"{shortened(trait, max(4, LETTERS[True] - len(value) - 1))}={value}" if value else name


def _letters(columns: int, narrow: bool) -> int:
    return max(4, (34 if narrow else 84) // columns)


def _telling(cells: pd.DataFrame, most: int) -> list[str]:
    """The rows to draw, in the order of the traits: all that say something, or those with the smallest q."""
    names = list(dict.fromkeys(cells["name"][cells["text"] != HIDDEN]))
    if len(names) <= most:
        return names
    best = cells.groupby("name")["q_value"].min().fillna(1.0)
    kept = set(best.sort_values(kind="stable").index[:most])
    return [name for name in names if name in kept]


def _of_shares(result: Profile) -> pd.DataFrame:
    cells = result.shares[["group", "trait", "trait_value", "q_value"]].copy()
    cells["name"] = [
        f"{feature_name(t)}{SEPARATOR}{v}" for t, v in zip(cells["trait"], cells["trait_value"], strict=True)
    ]
    table = result.shares
    cells["text"] = [count(index) if index == index else HIDDEN for index in table["index"]]
    cells["share_text"] = [
        _("{share} ({interval}) of {n}", share=percent(r.share), interval=interval(r.ci_low, r.ci_high),
          n=count(r.n_known)) if not r.is_hidden else _hidden_share(result)
        for r in table.itertuples()
    ]  # fmt: skip
    cells["all_text"] = table["average_share"].map(percent)
    cells["index_text"] = [
        f"{count(r.index_)} ({count(r.index_low)}–{count(r.index_high)})" if not r.is_hidden else "–"
        for r in table.rename(columns={"index": "index_"}).itertuples()
    ]
    with np.errstate(divide="ignore"):
        more = np.log(table["index"].to_numpy(float) / 100) / np.log(DOUBLE)
    return _tested(cells, np.where(table["is_hidden"], np.nan, more), result)


def _of_numbers(result: Profile) -> pd.DataFrame:
    cells, table = result.numbers[["group", "trait", "q_value"]].copy(), result.numbers
    written = trait_amount(result)
    cells["name"] = cells["trait"].map(feature_name)
    cells["text"] = [written(r.trait, r.median, False) if not r.is_hidden else HIDDEN for r in table.itertuples()]
    cells["share_text"] = [
        _("median {median} ({low} to {high}) of {n}", median=written(r.trait, r.median),
          low=written(r.trait, r.ci_low), high=written(r.trait, r.ci_high), n=count(r.n_known))
        if not r.is_hidden else _hidden(result) for r in table.itertuples()
    ]  # fmt: skip
    cells["all_text"] = [_("median {median}", median=written(r.trait, r.average_median)) for r in table.itertuples()]
    cells["index_text"] = "–"
    return _tested(cells, 2 * (table["percentile"].to_numpy(float) - 0.5) * DOUBLE, result)


def _tested(cells: pd.DataFrame, more: np.ndarray, result: Profile) -> pd.DataFrame:
    """With colour only where the difference is clear, and with the test in words."""
    clear = (cells["q_value"] <= 1 - result.level).to_numpy()
    cells["more"] = np.where(clear, more, np.nan)
    cells["q_text"] = [
        _("not tested") if q != q else _("q {q}", q=chance(q)) if is_clear else _("no clear difference (q {q})",
          q=chance(q))
        for q, is_clear in zip(cells["q_value"], clear, strict=True)
    ]  # fmt: skip
    return cells


def _hidden(result: Profile) -> str:
    return _("fewer than {n} customers", n=count(result.minimum))


def _hidden_share(result: Profile) -> str:
    return _("fewer than {n} customers, or it would tell such a number", n=count(result.minimum))


def _notes(result: Profile, cells: pd.DataFrame, colours: Palette, more: int) -> list[tuple[str, str]]:
    said = [
        (colours.primary, _("Clearly more than everybody else")),
        (colours.second, _("Clearly less")),
        (PLAIN, _("Texts: index, all customers = 100. Numbers: median.")),
    ]
    if (cells["text"] == HIDDEN).any():
        said.append((PLAIN, _("· not shown: fewer than {n}, or it would tell such a number", n=count(result.minimum))))
    if more > 0:
        said.append((PLAIN, _n("and {n} more group below", "and {n} more groups below", more, n=count(more))))
    return said
