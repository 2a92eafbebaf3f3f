"""How others would count retention, in words."""

import pandas as pd

from insight.explain.cohorts import aliases, retention_caption
from insight.language import _, percent, points
from insight.retention import TOO_FEW
from insight.retention.peers import OURS, RetentionPeers
from insight.retention.words import customers, period_name, way_to_count

SAME = 0.0005  # differences below this show as 0.0 points


def retention_peers_reading(result: RetentionPeers) -> str:
    """What other ways to count say, as Markdown: the range over the tools, then the setting that moves it most."""
    tools, when = result.tools, period_name(result.ours, result.at)
    ours = tools.iloc[0]
    notes = " ".join(
        [_("Each row is a set of settings of the same function, after the tool’s documentation."), aliases()]
    )
    if pd.isna(ours["n_customers"]) or ours["n_customers"] < TOO_FEW:
        few = _(
            "Fewer than {few} customers have lived to the end of {period}: no rates to compare.",
            few=TOO_FEW,
            period=when,
        )
        return f"{few}\n\n{notes}"
    n = customers(int(ours["n_customers"]))
    headline = _(
        "Here **{rate}** of {customers} are retained in {period}.",
        rate=percent(ours["retention"]),
        customers=n,
        period=when,
    )
    rated = tools[tools["n_customers"].fillna(0) >= TOO_FEW]
    return " ".join([headline, *_range(rated), *_mover(rated)]) + "\n\n" + notes


def retention_peers_caption(result: RetentionPeers) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    return _("As others count · {caption}", caption=retention_caption(result.ours))


def _range(rated: pd.DataFrame) -> list[str]:
    """The lowest and the highest of the tools' rates."""
    tools = rated[rated["tool"] != OURS]
    if tools.empty:
        return [_("The defaults of none of the tools give a rate on this data.")]
    low, high = tools["retention"].min(), tools["retention"].max()
    if high - low < SAME:
        return [_("By default {tools} would say {low}.", tools=", ".join(tools["tool"]), low=percent(low))]
    values = {"low": percent(low), "high": percent(high), "points": points(high - low).lstrip("+")}
    values["lowest"] = ", ".join(tools["tool"][tools["retention"] < low + SAME])
    values["highest"] = ", ".join(tools["tool"][tools["retention"] > high - SAME])
    said = _(
        "By default the tools would say from {low} ({lowest}) to {high} ({highest}), {points} points apart.", **values
    )
    return [said]


def _mover(rated: pd.DataFrame) -> list[str]:
    """The single change that moves the rate most."""
    changed = rated[(rated["tool"] == OURS) & (rated["changed"] != "")]
    if changed.empty or changed["difference"].abs().max() < SAME:
        return [_("No single setting of theirs moves the rate.")]
    most = changed.loc[changed["difference"].abs().idxmax()]
    name = way_to_count(most["tool"], most["changed"], most["settings"])
    values = {"way": name, "points": points(most["difference"])}
    return [_("Of the settings by themselves, one moves it most: **{way}**, {points} points.", **values)]
