"""What acquired customers brought in, in pictures: the return of first orders and of later ones, and both rankings."""

import math

import altair as alt
import pandas as pd

from insight.acquisition import CohortRoas
from insight.acquisition.sums import FEW
from insight.acquisition.words import days_after
from insight.charts.estimates import AXIS, ROW, TRACK, estimates, headings, placed
from insight.charts.factors import factor_axis, factor_bounds, factor_places
from insight.charts.marks import PLAIN, TEXT, WARNING, Ruler, dots, finished, hits, notes, silent, ticks
from insight.charts.theme import Palette, axis, palette, shortened
from insight.language import _, _n, confidence, count, decimal

MOST = 20  # campaigns in a picture, those with most spend
STEP = 34  # pixels from one place of a ranking to the next


def cohort_roas_growth(result: CohortRoas, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The ROAS of each campaign by the later day with its interval, and that of the first orders of the same customers;
    an upright line at each break-even. The highest first; hollow: fewer than ten customers."""
    colours, rows = palette(theme), _most(result).sort_values("later_roas", ascending=False, ignore_index=True)
    if not (rows["later_roas"] > 0).any():
        return silent(_("There is no ROAS yet: nobody could be followed, or nothing was spent."), colours, narrow)
    rows["even"] = _break_even(result, rows)
    drawn = rows[["first_order_roas", "later_roas", "later_low", "later_high", "even"]]
    low, high = factor_bounds(drawn, rows["later_roas"])
    columns = {"rate": "later_roas", "low": "later_low", "high": "later_high", "first": "first_order_roas"}
    for name, column in columns.items():
        rows[name] = factor_places(rows[column], low)
    rows["at_even"], rows["small"] = factor_places(rows["even"], low), rows["n_customers"] < FEW
    rows["zero"], rows["full"], rows["who"] = math.log10(low), math.log10(high), rows[result.by]
    rows["grown"] = [f"{decimal(a)} → {decimal(b)}" for a, b in rows[["first_order_roas", "later_roas"]].to_numpy()]
    rows["ends"] = [_ends(a, b) for a, b in rows[["later_low", "later_high"]].to_numpy()]
    rows["breaks"], rows["n"] = rows["even"].map(decimal), rows["n_customers"].map(count)
    rows["right"] = rows["grown"] if narrow else rows["grown"] + rows["ends"].map(lambda ends: f"  ({ends})")
    rows["name"] = [f"{shortened(own, 18 if narrow else 46)} · {n}" for own, n in rows[["who", "n"]].to_numpy()]
    rows, by_then = placed(rows), days_after(result.at)
    title = _("ROAS, logarithmic") if narrow else _("Revenue per unit of spend (ROAS), logarithmic scale")
    x = Ruler((math.log10(low), math.log10(high)), factor_axis(low, high, colours, title, narrow))
    y = Ruler((0, ROW * len(rows)), downwards=True)
    titles = {"who": _("Campaign"), "grown": _("First orders → later"), "ends": _("Interval of the later")}
    titles |= {"n": _("Customers"), "breaks": _("Breaks even at")}
    layers = [
        *estimates(rows, x, y, colours),
        ticks(rows[rows["at_even"].notna()], x, y, "at_even", TRACK + 12, colours.ink),
        dots(rows[rows["first"].notna()], x, y, "first", fill=colours.second, stroke=colours.second, size=60),
        hits(rows, x, y, titles),
        *headings(rows, y, colours),
        *notes(_growth_notes(result, rows, colours, by_then), y, ROW * len(rows) + AXIS, colours),
    ]
    words = "; ".join(rows["who"] + " " + rows["grown"])
    said = _("ROAS of first orders → {by_then}: {rows}.", by_then=by_then, rows=words)
    return finished(layers, colours, height=ROW * len(rows), narrow=narrow, description=said)


def _most(result: CohortRoas) -> pd.DataFrame:
    return result.ranks.sort_values("spend", ascending=False, kind="stable").head(MOST)


def _break_even(result: CohortRoas, rows: pd.DataFrame) -> list[float]:
    """The ROAS at which the margin pays all cost of the days that count."""
    own = result.rows[result.rows["days_after"] == result.at].set_index(result.by)
    share = float("nan") if result.margin is None else result.margin
    return [own["total_cost"][name] / (share * own["spend"][name]) for name in rows[result.by]]


def _growth_notes(result: CohortRoas, rows: pd.DataFrame, colours: Palette, by_then: str) -> list[tuple[str, str]]:
    said = [
        (colours.second, _("First orders alone")),
        (colours.primary, _("All that the same customers paid {by_then}", by_then=by_then)),
        (colours.soft, _("{level} interval", level=confidence(result.level))),
    ]
    if rows["even"].notna().any():
        said.append((colours.ink, _("Break-even: below it the campaign has not earned its cost")))
    if rows["small"].any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {few} customers.", few=FEW)))
    return said + _hidden(result)


def _hidden(result: CohortRoas) -> list[tuple[str, str]]:
    more = len(result.ranks) - MOST
    if more <= 0:
        return []
    return [(PLAIN, _n("and {n} more with less spend", "and {n} more with less spend", more, n=count(more)))]


def _ends(low: float, high: float) -> str:
    return _("{low} to {high}", low=decimal(max(low, 0.0)), high=decimal(high)) if low == low else "–"


def cohort_roas_ranks(result: CohortRoas, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The campaigns in order of the ROAS of first orders, on the left, and of all until the later day, on the right.

    Full colour: the change of places is beyond the intervals; dashed: it cannot be told."""
    colours, rows = palette(theme), _most(result)
    if len(rows) < 2:
        return silent(_("There are not two campaigns with a ROAS: nothing to rank."), colours, narrow)
    by = result.by
    for side, value in (("left", "first_order_roas"), ("right", "later_roas")):
        order = rows.sort_values([value, by], ascending=[False, True]).index
        rows[side] = pd.Series(range(len(rows)), order) * STEP + STEP / 2 + STEP
    names = [shortened(name, 12 if narrow else 30) for name in rows[by]]
    rows["before"] = [f"{n} {decimal(v)}" for n, v in zip(names, rows["first_order_roas"], strict=True)]
    rows["after"] = [f"{decimal(v)} {n}" for n, v in zip(names, rows["later_roas"], strict=True)]
    height = STEP * (len(rows) + 1)
    x, y = Ruler((0, 1), axis(colours, labels=False, title=None, grid=False)), Ruler((0, height), downwards=True)
    layers = [
        *_slopes(rows, x, y, colours),
        *_labels(rows, x, y, colours, "left", "before", LEFT),
        *_labels(rows, x, y, colours, "right", "after", RIGHT),
        *_heads(result, x, y, colours),
        *notes(_rank_notes(result, rows, colours), y, height + 12, colours),
    ]
    moves = {"up": _("up"), "down": _("down"), "same": _("same place"), "cannot_tell": _("cannot be told")}
    words = "; ".join(f"{row[by]} {row['first_rank']} → {row['later_rank']} ({moves[row['move']]})"
                      for row in rows.sort_values("first_rank").to_dict("records"))  # fmt: skip
    return finished(layers, colours, height=height, narrow=narrow, description=_("Places: {rows}.", rows=words))


LEFT, RIGHT = 0.4, 0.6  # of the width: where the lines begin and end


def _slopes(rows: pd.DataFrame, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    looks = {
        "up": {"color": colours.primary, "strokeWidth": 3}, "down": {"color": colours.warning, "strokeWidth": 3},
        "same": {"color": colours.muted, "strokeWidth": 1.5},
        "cannot_tell": {"color": colours.muted, "strokeWidth": 1.5, "strokeDash": [4, 4]},
    }  # fmt: skip
    drawn = rows.assign(begin=LEFT, end=RIGHT)
    layers = []
    for move, look in looks.items():
        chart = alt.Chart(drawn[drawn["move"] == move][["begin", "end", "left", "right"]]).mark_rule(**look)
        where = (x.place(alt.X, "begin"), alt.X2("end"), y.place(alt.Y, "left"), alt.Y2("right"))
        layers.append(chart.encode(*where))
    return layers


def _labels(rows, x: Ruler, y: Ruler, colours: Palette, at: str, text: str, place: float) -> list[alt.Chart]:
    """Dots at one end of the lines, and the names beside them."""
    shown, side = rows.assign(place=place, middle=rows[at]), {"align": "right", "dx": -12}
    if place == RIGHT:
        side = {"align": "left", "dx": 12}
    words = alt.Chart(shown[["place", "middle", text]]).mark_text(**TEXT | side, color=colours.ink)
    where = (x.place(alt.X, "place"), y.place(alt.Y, "middle"))
    small, large = shown[shown["n_customers"] < FEW], shown[shown["n_customers"] >= FEW]
    return [
        dots(large, x, y, "place", fill=colours.ink, stroke=colours.ink, size=70),
        dots(small, x, y, "place", fill=colours.background, stroke=colours.ink, size=70),
        words.encode(*where, alt.Text(text, type="nominal")),
    ]


def _heads(result: CohortRoas, x: Ruler, y: Ruler, colours: Palette) -> list[alt.Chart]:
    heads = []
    for place, words in ((LEFT, _("First orders")), (RIGHT, days_after(result.at).capitalize())):
        row = pd.DataFrame({"place": [place], "height": [STEP / 2], "words": [words]})
        side = {"align": "right", "dx": -12} if place == LEFT else {"align": "left", "dx": 12}
        text = alt.Chart(row).mark_text(**TEXT | side, color=colours.muted, fontWeight=600)
        heads.append(text.encode(x.place(alt.X, "place"), y.place(alt.Y, "height"), alt.Text("words", type="nominal")))
    return heads


def _rank_notes(result: CohortRoas, rows: pd.DataFrame, colours: Palette) -> list[tuple[str, str]]:
    said = [
        (colours.primary, _("Gained places, beyond the intervals")),
        (colours.warning, _("Lost places, beyond the intervals")),
    ]
    said = [one for one, move in zip(said, ("up", "down"), strict=True) if (rows["move"] == move).any()]
    if (rows["move"] == "cannot_tell").any():
        said.append((PLAIN, _("Dashed: places change, but the intervals overlap: it cannot be told.")))
    if (rows["n_customers"] < FEW).any():
        said.append((WARNING, _("Hollow: a small sample, fewer than {few} customers.", few=FEW)))
    return [*said, (PLAIN, _("Both rankings: ROAS of the same customers and the same spend.")), *_hidden(result)]
