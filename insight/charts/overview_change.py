"""Why a rate moved, in a picture: what each group added, by its weight and by its rate."""

import altair as alt
import pandas as pd

from insight.charts.estimates import headings
from insight.charts.marks import PLAIN, WARNING, Ruler, blocks, finished, hits, lines, notes, silent
from insight.charts.theme import Palette, palette, shortened
from insight.language import _, count, percent
from insight.overview.change import ENOUGH
from insight.overview.rate_change import RateChange
from insight.overview.rate_words import effect_text, rate_name, rate_text, units_of

ROW = 74  # pixels from one row to the next
NAME, TOP, BAR, BELOW = 8, 22, 9, 53  # in a row: middle of the name, top of the first bar, height of each, line below
MOST = 12  # groups drawn


def rate_change_bars(result: RateChange, *, theme: str = "light", narrow: bool = False) -> alt.LayerChart:
    """The whole change first, then each group, the largest effect first: two bars from a common zero, what its other
    weight did to the whole rate and what its other rate did. To the right is more, to the left is less.
    """
    colours = palette(theme)
    rows = _rows(result, narrow)
    reach = float(rows[["mix", "rate"]].abs().max(axis=None))
    if not reach > 0:
        return silent(_("Nothing moved: mix and rates are what they were."), colours, narrow)
    height = ROW * len(rows)
    x, y = Ruler((-1.05 * reach, 1.05 * reach)), Ruler((0, height), downwards=True)
    rows = rows.assign(zero=-1.05 * reach, full=1.05 * reach, nothing=0.0)
    upper = rows.assign(top=ROW * rows.index + TOP, bottom=ROW * rows.index + TOP + BAR)
    lower = upper.assign(top=upper["bottom"] + 1, bottom=upper["bottom"] + 1 + BAR)
    titles = {"group": _("Group"), "effect": _("Added to the change"), "mixed": _("by its weight")}
    titles |= {"rated": _("by its rate"), "weights": _("Share of all"), "rates": _("Rate"), "sizes": _("Out of")}
    middle = pd.DataFrame({"at": [0.0], "top": [TOP - 4], "bottom": [height - ROW + TOP + 2 * BAR + 5]})
    zero = alt.Chart(middle).mark_rule(color=colours.muted)
    layers = [
        blocks(upper, x, y, "zero", "full", color=colours.track, opacity=0.6),
        blocks(lower, x, y, "zero", "full", color=colours.track, opacity=0.6),
        blocks(upper, x, y, "nothing", "mix", color=colours.second),
        blocks(lower, x, y, "nothing", "rate", color=colours.primary),
        zero.encode(x.place(alt.X, "at"), y.place(alt.Y, "top"), alt.Y2("bottom")),
        hits(rows.assign(top=ROW * rows.index, bottom=ROW * (rows.index + 1)), x, y, titles),
        *headings(rows, y, colours),
        lines(rows, y, "line", "below", colours.muted, limit={"expr": "width"}),
        *notes(_notes(result, colours), y, height + 14, colours),
    ]
    said = "; ".join(rows["group"] + " " + rows["right"])
    description = _("What each group added to the change of {rate}: {groups}.", rate=rate_name(result), groups=said)
    return finished(layers, colours, height=height, narrow=narrow, description=description)


def _rows(result: RateChange, narrow: bool) -> pd.DataFrame:
    """The whole and one row a group: its numbers as text, and where everything stands."""
    effects = result.effects.head(MOST)
    whole = {"group": _("All together"), "mix": result.mix_effect, "rate": result.rate_effect}
    groups = [{"group": row.group, "mix": row.mix_effect, "rate": row.rate_effect} for row in effects.itertuples()]
    rows = pd.DataFrame([whole, *groups])
    total = [result.difference, *effects["effect"]]
    rows["effect"] = [effect_text(result, value) for value in total]
    rows["mixed"] = [effect_text(result, value) for value in rows["mix"]]
    rows["rated"] = [effect_text(result, value) for value in rows["rate"]]
    weights = [(1.0, 1.0), *zip(effects["weight_before"], effects["weight"], strict=True)]
    rates = [(result.rate_before, result.rate), *zip(effects["rate_before"], effects["rate"], strict=True)]
    sizes = [(result.n_before, result.n), *zip(effects["n_before"], effects["n"], strict=True)]
    arrow = "{} → {}".format
    rows["weights"] = [arrow(percent(a), percent(b)) for a, b in weights]
    rows["rates"] = [arrow(rate_text(result, a), rate_text(result, b)) for a, b in rates]
    rows["sizes"] = [arrow(count(a), units_of(result, b)) for a, b in sizes]
    rows["line"] = rows["rates"] if narrow else [
        _("rate {rates} · share of all {weights}", rates=a, weights=b)
        for a, b in rows[["rates", "weights"]].to_numpy()
    ]  # fmt: skip
    rows.loc[0, "line"] = rows.loc[0, "rates"]
    rows["name"] = [shortened(group, 22 if narrow else 52) for group in rows["group"]]
    rows["right"] = rows["effect"]
    return rows.assign(heading=ROW * rows.index + NAME, below=ROW * rows.index + BELOW)


def _notes(result: RateChange, colours: Palette) -> list[tuple[str, str]]:
    said = [
        (colours.second, _("By weight: more or fewer of the {units} are of the group", units=_units(result))),
        (colours.primary, _("By rate: the group’s own rate is another")),
        (PLAIN, _("All bars add up to the change. Arithmetic, not causes.")),
    ]
    if (result.effects[["n_before", "n"]].min(axis=1) < ENOUGH).any():
        said.append((WARNING, _("Some groups have fewer than {enough}: their rates say little.", enough=ENOUGH)))
    if len(result.effects) > MOST:
        said.append((PLAIN, _("The {most} groups with the largest effect.", most=MOST)))
    return said


def _units(result: RateChange) -> str:
    return {"sessions": _("sessions"), "orders": _("orders")}[result.unit]
