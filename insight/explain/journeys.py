"""Paths in words."""

from datetime import date

import numpy as np
import pandas as pd

from insight.explain.journeys_notes import path_notes
from insight.funnel import TOO_FEW
from insight.intervals import wilson
from insight.journeys import END, SPECIAL, START, Paths
from insight.journeys.words import backwards, column_name, counted, events_name, node_name, part, way_in_words
from insight.language import _, confidence, count, day, decimal, interval, percent, plain, points, points_interval

MANY = 0.5  # share of a column in Other from which the picture hides more than it shows
WORTH_SAYING = 0.01  # share from which the second commonest hop is told
MOST_NAMED = 5  # events of a path that a sentence names


def paths_reading(result: Paths) -> str:
    """What the paths say, as Markdown: a paragraph with the answer, one on two groups, one with what to know about it.

    The answer is where most go (or come from) with its n and interval, how many go no further, and the commonest whole
    path. With fewer than 10 units there are counts and no rates; with fewer than 30 a warning.
    """
    if not result.n_units:
        return _("Nobody has such a path in the chosen dates: there is nothing to show.")
    answer = _few(result) if result.n_units < TOO_FEW else _headline(result)
    return "\n\n".join(filter(None, [" ".join(answer), _groups(result), " ".join(path_notes(result))]))


def paths_caption(result: Paths) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        way_in_words(result.after, result.before, result.depth),
        counted(result, result.n_units),
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
        _("each ribbon is one hop"),
    ]
    if result.groups:
        first, second = (f"{name} ({count(n)})" for name, n in zip(result.groups, result.group_sizes, strict=True))
        said.append(_("{first} against {second}", first=first, second=second))
    if result.clean:
        said.append(_("names cleaned up"))
    return " · ".join(said)


def _column(result: Paths, position: int) -> pd.DataFrame:
    """The nodes of a column, the largest first."""
    own = result.nodes[result.nodes["position"] == position]
    return own.sort_values("n", ascending=False, kind="stable")


def _first_hop(result: Paths) -> pd.DataFrame:
    """The column next to the start or anchor."""
    return _column(result, -1 if backwards(result) else 1)


def _few(result: Paths) -> list[str]:
    """What few people do: counts."""
    nodes = _first_hop(result)
    named = ", ".join(f"**{plain(node_name(row.event))}** {count(row.n)}" for row in nodes.head(3).itertuples())
    values = {"customers": counted(result, result.n_units), "events": named}
    if result.before and not result.after:
        return [_("Of {customers} the step before was: {events}.", **values)]
    return [_("Of {customers} the first step was: {events}.", **values)]


def _headline(result: Paths) -> list[str]:
    """Where most go, with n and interval; then who goes no further, and the commonest whole path."""
    kinds = result.steps[~result.steps["event"].isin(SPECIAL)]["event"].unique()
    if len(kinds) == 1 and not (result.after or result.before):
        return [_only(result, kinds[0])]
    nodes = _first_hop(result)
    other = nodes[~nodes["is_event"] & ~nodes["event"].isin(SPECIAL)]
    if len(other) and other["share"].iloc[0] >= MANY:
        return [_in_other(result, other.iloc[0]), *_further(result), *_whole_paths(result)]
    events = nodes[nodes["is_event"]]
    if events.empty:
        return [_nothing_further(result)]
    return [_most(result, events.iloc[0]), *_second(result, events), *_further(result), *_whole_paths(result)]


def _in_other(result: Paths, row: pd.Series) -> str:
    values = {"share": part(row["share"]), "customers": counted(result, result.n_units), "other": plain(row["event"])}
    return _(
        "{share} of {customers} do one of many rare events there, added up as **{other}**: give more events a name, or "
        "merge names that mean the same.",
        **values,
    )


def _only(result: Paths, event: str) -> str:
    values = {"event": plain(event), "customers": counted(result, result.n_units)}
    again = result.nodes[result.nodes["event"] == event]["repeated"].sum()
    said = _("All that {customers} do is **{event}**: one kind of event makes no ways to compare.", **values)
    if again and result.collapse_repeats:
        said += " " + _("Done several times in a row it counts once, and the picture says how often.")
    return said


def _nothing_further(result: Paths) -> str:
    values = {"customers": counted(result, result.n_units), "anchor": plain(column_name(result, 0))}
    if backwards(result):
        return _("For all {customers} **{anchor}** is the first thing they do.", **values)
    return _("None of {customers} does anything after **{anchor}**.", **values)


def _most(result: Paths, row: pd.Series) -> str:
    values = {
        "share": part(row["share"]), "event": plain(row["event"]), "customers": counted(result, result.n_units),
        "anchor": plain(column_name(result, 0)), "sure": _interval(result, int(row["n"])),
    }  # fmt: skip
    if result.after and result.before:
        values["target"] = plain(events_name(result.before))
        if row["event"] in ([result.before] if isinstance(result.before, str) else result.before):
            return _("{customers} get from **{anchor}** to **{target}**, **{share}** of them directly{sure}.", **values)
        return _(
            "{customers} get from **{anchor}** to **{target}**; most often **{event}** comes next: {share}{sure}.",
            **values,
        )
    if backwards(result):
        return _("**{share}** of {customers} come to **{anchor}** from **{event}**{sure}.", **values)
    if result.after:
        return _("After **{anchor}**, **{share}** of {customers} go on to **{event}**{sure}.", **values)
    return _("**{share}** of {customers} begin with **{event}**{sure}.", **values)


def _interval(result: Paths, n: int) -> str:
    """The interval of a share, in brackets; of sessions it would need to know how alike a customer's are."""
    if result.unit != "customer" or n == result.n_units:
        return ""
    low, high = (float(end) for end in wilson(n, result.n_units, result.level))
    return " " + _("({level} interval {interval})", level=confidence(result.level), interval=interval(low, high))


def _second(result: Paths, events: pd.DataFrame) -> list[str]:
    """What comes after the first hop of those who begin anywhere; else the second commonest hop."""
    if result.after is None and result.before is None:
        return _next_hop(result, events.iloc[0]["event"])
    if len(events) < 2 or events["share"].iloc[1] < WORTH_SAYING:
        return []
    row = events.iloc[1]
    return [_("Second is **{event}** with {share}.", event=plain(row["event"]), share=part(row["share"]))]


def _further(result: Paths) -> list[str]:
    """How many go no further, or have nothing before, inside the depth."""
    if result.after and result.before:
        return []
    at, stopped = (-result.depth, START) if backwards(result) else (result.depth, END)
    last = _column(result, at)
    share, values = float(last[last["event"] == stopped]["share"].sum()), {"depth": result.depth}
    if backwards(result):
        return [_("{share} have fewer than {depth} steps before it.", share=part(share), **values)] if share else []
    if not share:
        return [_("All go on for {depth} steps or more.", **values)]
    if share == 1:
        return [_("All have ended within {depth} steps.", **values)]
    return [_("{share} go no further within {depth} steps.", share=part(share), **values)]


def _next_hop(result: Paths, event: str) -> list[str]:
    """Where those go who begin with an event."""
    flows = result.flows[(result.flows["position"] == 1) & (result.flows["source"] == event)]
    flows = flows.sort_values("n", ascending=False, kind="stable")
    named = result.nodes[(result.nodes["position"] == 2) & result.nodes["is_event"]]["event"]
    going = flows[flows["target"].isin(named)]
    stop = float(flows[flows["target"] == END]["source_share"].sum())
    values = {"event": plain(event), "stop": part(stop)}
    other = flows[~flows["target"].isin([*named, *SPECIAL])]
    if len(other) and (going.empty or other["n"].iloc[0] > going["n"].iloc[0]):
        values["share"] = part(other["source_share"].iloc[0])
        return [_("From **{event}**, {share} go on to one of many rare events.", **values)]
    if going.empty:
        return [_("Nobody goes on from there.")]
    values |= {"next": plain(going.iloc[0]["target"]), "share": part(going.iloc[0]["source_share"])}
    if stop:
        return [_("From **{event}**, {share} go on to **{next}**, and {stop} do nothing further.", **values)]
    return [_("From **{event}**, {share} go on to **{next}**.", **values)]


def _whole_paths(result: Paths) -> list[str]:
    listed = result.paths[result.paths["steps"] > 0]
    if listed.empty:
        return []
    first = listed.iloc[0]
    events = [f"**{plain(event)}**" for event in first["events"]]
    way = " → ".join(events[:MOST_NAMED] + ["…"] * (len(events) > MOST_NAMED))
    if result.n_paths == 1:
        return [_("Everybody takes the same path: {way}.", way=way)]
    if first["n"] == 1:
        return [_("No two take the same path over {depth} steps.", depth=result.depth)]
    values = {"way": way, "share": part(first["share"]), "all": count(result.n_paths)}
    if first["ended"] and not result.before:
        return [_("Of {all} different paths the commonest is {way} and nothing more, with {share}.", **values)]
    return [_("Of {all} different paths the commonest is {way}, with {share}.", **values)]


def _groups(result: Paths) -> str:
    """Where two groups differ most, and how many such differences chance alone would give."""
    if not result.groups:
        return ""
    names = [plain(name) for name in result.groups]
    sizes = _("**{first}** ({n}) against **{second}** ({m}).", first=names[0], second=names[1],
              n=counted(result, result.group_sizes[0]), m=counted(result, result.group_sizes[1]))  # fmt: skip
    if min(result.group_sizes) < TOO_FEW:
        return sizes + " " + _("With fewer than {few} in a group there is nothing to compare.", few=TOO_FEW)
    rows = result.node_differences[result.node_differences["event"] != START]
    rows = rows[(rows["share_first"] < 1) | (rows["share_second"] < 1)]
    clear = rows[(rows["ci_low"] > 0) | (rows["ci_high"] < 0)]
    if clear.empty:
        return sizes + " " + _("At no step do they differ by more than chance would make them.")
    surest = np.maximum(clear["ci_low"], -clear["ci_high"]).idxmax()  # whose interval stays furthest from 0
    row = clear.loc[surest]
    at = {"event": plain(node_name(row["event"])), "column": column_name(result, row["position"])}
    shares = {"a": percent(row["share_first"]), "b": percent(row["share_second"])}
    gap = {"points": points(row["difference"]), "interval": points_interval(row["ci_low"], row["ci_high"])}
    values = at | shares | gap
    most = _("Clearest difference: **{event}** ({column}), {a} against {b}: {points} points ({interval}).", **values)
    expected = decimal(len(rows) * (1 - result.level))
    chance = _(
        "{k} of {n} shares differ clearly; about {expected} would by chance if the groups were alike.",
        k=count(len(clear)), n=count(len(rows)), expected=expected,
    )  # fmt: skip
    return " ".join([sizes, most, chance])
