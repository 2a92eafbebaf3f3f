"""The definition cards of journeys, filled with the visitor's own numbers."""

import pandas as pd

from insight.explain.cards import Card
from insight.funnel import TOO_FEW
from insight.journeys import END, SPECIAL, Paths, TimeToEvent, Transitions
from insight.journeys.words import backwards, counted, each, events_name, node_name, part
from insight.language import _, _n, confidence, count, duration, interval, length, plain, points, points_interval


def paths_card(result: Paths) -> Card:
    """The definition of a node's share, of the largest one next to the start or anchor."""
    at = -1 if backwards(result) else 1
    formula = r"\text{share}_{k,a} = \frac{n_{k,a}}{N}"
    sentences = [_counted(result)]
    column = result.nodes[(result.nodes["position"] == at) & ~result.nodes["event"].isin(SPECIAL)]
    if len(column):
        row = column.loc[column["n"].idxmax()]
        formula += rf" = \frac{{{_number(row['n'])}}}{{{_number(result.n_units)}}}"
        if result.n_units >= TOO_FEW:
            formula += rf" = {_share(row['share'])}"
        sentences.append(_("In the formula: **{event}** at k = {k}.", event=plain(row["event"]), k=at))
    sentences += [
        _("Out of: N = {customers}, in every column. Who has no further event stays in “{end}”.",
          customers=counted(result, result.n_units), end=node_name(END)),
        *_comparison(result),
        _left_out(result),
    ]  # fmt: skip
    source = _(
        "As the paths of PostHog, the flows of Mixpanel, the journeys of Amplitude; Newcombe 1998 for differences."
    )
    return Card(_("Share at a step"), formula, tuple(sentences), source, "insight.journeys.paths")


def _counted(result: Paths) -> str:
    values = {"depth": result.depth, "each": each(result)}
    for name in ("after", "before"):
        if events := getattr(result, name):
            values[name] = plain(events_name(events))
    if result.after and result.before:
        return _("Counted: the way from the first **{after}** to the next **{before}**, one path for {each}.", **values)
    if result.before:
        return _("Counted: the {depth} steps before the first **{before}**, one path for {each}.", **values)
    if result.after:
        return _("Counted: the {depth} steps after the first **{after}**, one path for {each}.", **values)
    return _("Counted: the first {depth} steps, one path for {each}.", **values)


def _comparison(result: Paths) -> list[str]:
    """The difference of two groups at the node where it is largest."""
    if not result.groups:
        return []
    rows = result.node_differences
    row = rows.loc[rows["difference"].abs().idxmax()]
    values = {"event": plain(node_name(row["event"])), "level": confidence(result.level)}
    values |= {"first": plain(result.groups[0]), "second": plain(result.groups[1]), "points": points(row["difference"])}
    values["interval"] = points_interval(row["ci_low"], row["ci_high"])
    return [_("Difference: share of **{first}** minus share of **{second}**, for **{event}** {points} points ({level} "
              "interval {interval}, Newcombe’s).", **values)]  # fmt: skip


def _left_out(result: Paths) -> str:
    said = []
    if result.without_anchor:
        said.append(_("{customers} without the anchor", customers=counted(result, result.without_anchor)))
    if result.never_arrived:
        said.append(_("{customers} who never arrived", customers=counted(result, result.never_arrived)))
    return _left_out_with(said, result.hidden, result.left_out)


def _left_out_with(said: list[str], hidden: int, left_out: int) -> str:
    """What is not counted: what is said, and rows."""
    if hidden:
        said.append(_n("{n} hidden row", "{n} hidden rows", hidden, n=count(hidden)))
    if left_out:
        said.append(_n("{n} row after the last day", "{n} rows after the last day", left_out, n=count(left_out)))
    return _("Left out: {what}.", what="; ".join(said)) if said else _("Nothing was left out.")


def transitions_card(result: Transitions) -> Card:
    """The definition of a transition's share, of the commonest one between two events."""
    formula = r"\text{share}_{ab} = \frac{n_{ab}}{\sum_x n_{ax}}"
    sentences = [
        _("Counted: how often an event is directly followed by another, out of all that leaves it."),
    ]
    moves = result.counts[~result.counts["from_event"].isin(SPECIAL) & ~result.counts["to_event"].isin(SPECIAL)]
    if len(moves):
        row = moves.iloc[0]
        leaving = int(result.counts["count"][result.counts["from_event"] == row["from_event"]].sum())
        formula += rf" = \frac{{{_number(row['count'])}}}{{{_number(leaving)}}}"
        if leaving >= TOO_FEW:
            formula += rf" = {_share(row['share'])}"
        values = {"a": plain(row["from_event"]), "b": plain(row["to_event"]), "n": count(row["customers"])}
        sentences.append(_("In the formula: from **{a}** to **{b}**, of {n} customers.", **values))
    sentences.append(_("Out of: {units}.", units=counted(result, result.n_units)))
    sentences.append(_("No interval: the same customer counts many times, and the passages are not independent."))
    sentences.append(_left_out_with([], result.hidden, result.left_out))
    source = _("The first-order Markov view of a clickstream, as the transition matrix of retentioneering.")
    return Card(_("Transition"), formula, tuple(sentences), source, "insight.journeys.transitions")


def time_to_event_card(result: TimeToEvent) -> Card:
    """The definition of the share that has arrived by a time, at the longest length that can be told."""
    formula = r"F(t) = 1 - \prod_{t_i \le t} \Bigl(1 - \frac{d_i}{n_i}\Bigr)"
    names = {"origin": plain(events_name(result.origin)), "target": plain(events_name(result.target))}
    sentences = [
        _("Counted: the time from each customer’s first **{origin}** to the next **{target}**.", **names),
        _("Out of: {n} customers; {arrived} arrived, the others are followed to the end of the data (censored).",
          n=count(result.entered), arrived=count(result.arrived)),
    ]  # fmt: skip
    known = result.marks[result.marks["arrived_share"].notna()]
    if len(known) and result.entered >= TOO_FEW:
        row = known[known["group"] == known["group"].iloc[0]].iloc[-1]
        formula += rf" \qquad F(\text{{{duration(row['seconds'])}}}) = {_share(row['arrived_share'])}"
        sentences.append(_interval(result, row))
    sentences.append(_("A median is told only where the curve gets to a half while enough are observed."))
    sentences.append(_left_out_with([], 0, result.left_out))
    source = _(
        "Kaplan & Meier 1958, JASA 53; Greenwood’s variance, log-log interval; Mantel 1966 for the log-rank test."
    )
    return Card(_("Time to event"), formula, tuple(sentences), source, "insight.journeys.time_to_event")


def _interval(result: TimeToEvent, row: pd.Series) -> str:
    values = {
        "level": confidence(result.level), "interval": interval(row["ci_low"], row["ci_high"]),
        "length": length(row["within"]), "n": count(row["at_risk"]), "group": plain(row["group"]),
    }  # fmt: skip
    if result.by is not None:
        return _("For **{group}** at {length}: {level} interval {interval}, {n} still observed.", **values)
    return _("At {length}: {level} interval {interval}, {n} still observed.", **values)


def _number(n: float) -> str:
    return count(n).replace(",", "{,}")


def _share(rate: float) -> str:
    return part(rate).replace("%", r"\%").replace("<", r"\lt ")
