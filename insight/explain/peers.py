"""How others would count a funnel, in words."""

from datetime import date

import pandas as pd

from insight.explain.notes import data_notes, within
from insight.funnel import TOO_FEW
from insight.funnel.drops import n_counted, n_customers
from insight.funnel.peers import OURS, FunnelPeers
from insight.funnel.words import counted, goal_name, step_names, way_to_count
from insight.language import _, _n, day, percent, plain, points

SAME = 0.0005  # differences below this show as 0.0 points


def funnel_peers_reading(result: FunnelPeers) -> str:
    """What other ways to count say, as Markdown: the range over the tools, then the setting that moves it most."""
    ours, n = result.tools.iloc[0], n_counted(result.ours.steps)
    notes = " ".join([*_impossible(result), *_about(), *data_notes(result.ours)])
    if n_customers(result.ours) < TOO_FEW:
        few = _("With fewer than {few} customers there are counts and no rates to compare.", few=TOO_FEW)
        return few + "\n\n" + notes
    values = {"customers": counted(result.ours, n), "rate": percent(ours["overall_conversion"])}
    values |= {"last": plain(goal_name(result.ours)), "within": within(result.ours.within)}
    headline = _("This funnel has **{rate}** of {customers} at **{last}** {within}.", **values)
    return " ".join([headline, *_range(result), *_settings(result)]) + "\n\n" + notes


def funnel_peers_caption(result: FunnelPeers) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    names, ours = step_names(result.ours), result.ours
    said = [
        _("{first} to {last}, as others count", first=names[0], last=goal_name(ours)),
        counted(ours, n_counted(ours.steps)),
        _("{first} to {last}", first=day(ours.data_start), last=day(date.fromisoformat(ours.as_of))),
    ]
    return " · ".join(said)


def _range(result: FunnelPeers) -> list[str]:
    """The lowest and the highest of the tools' rates."""
    tools = _rated(result.tools[result.tools["tool"] != OURS])
    if tools.empty:
        return [_("The defaults of none of the tools give a rate on this data.")]
    low, high = tools["overall_conversion"].min(), tools["overall_conversion"].max()
    values = {"low": percent(low), "high": percent(high), "points": points(high - low).lstrip("+")}
    if high - low < SAME and abs(tools["difference"]).max() < SAME:
        return [_("By default {tools} would say the same.", tools=", ".join(tools["tool"]))]
    if high - low < SAME:
        return [_("By default {tools} would say {low}.", tools=", ".join(tools["tool"]), **values)]
    lowest = ", ".join(tools["tool"][tools["overall_conversion"] < low + SAME])
    highest = ", ".join(tools["tool"][tools["overall_conversion"] > high - SAME])
    return [
        _(
            "By default the tools would say from {low} ({lowest}) to {high} ({highest}), {points} points apart.",
            lowest=lowest,
            highest=highest,
            **values,
        )
    ]


def _settings(result: FunnelPeers) -> list[str]:
    """The single change that moves the rate most."""
    changed = _rated(result.tools[(result.tools["tool"] == OURS) & (result.tools["changed"] != "")])
    if changed.empty:
        return []
    moved = changed["difference"].abs()
    if moved.max() < SAME:
        return [_("No single setting of theirs moves this funnel’s rate.")]
    most = changed[moved > moved.max() - SAME]
    names = [way_to_count(*row) for row in most[["tool", "changed", "settings"]].itertuples(index=False)]
    values = {"points": points(most["difference"].iloc[0]), "way": " / ".join(f"**{name}**" for name in names)}
    return [_("Of the settings by themselves, one moves it most: {way}, {points} points.", **values)]


def _impossible(result: FunnelPeers) -> list[str]:
    """The ways this data cannot be counted in."""
    none = result.tools[result.tools["reached_first"].isna()]
    if none.empty:
        return []
    names = [way_to_count(*row) for row in none[["tool", "changed", "settings"]].itertuples(index=False)]
    why = plain(none["note"].iloc[0])
    return [
        _n(
            "Not possible on this data: {ways}. {why}",
            "Not possible on this data: {ways}. The first of them: {why}",
            len(none),
            ways="; ".join(names),
            why=why,
        )
    ]


def _about() -> list[str]:
    return [
        _("Each row is a set of settings of the same function, after the tool’s documentation."),
        _("The tools count everyone so far: who still has time looks lost there."),
        _("How a tool joins several ids of one person is not reproduced."),
    ]


def _rated(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["reached_first"].fillna(0) >= TOO_FEW]
