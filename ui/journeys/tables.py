"""The numbers of journeys as people read them."""

from functools import partial

import pandas as pd
import streamlit as st

from insight.charts.journeys_ways import path_words
from insight.journeys import Paths, Transitions, step_matrix
from insight.journeys.words import column_name, counted_title, node_name
from insight.language import _, percent, points, points_interval

MOST = 200  # rows on the page; the files hold all


def steps_table(result: Paths) -> None:
    """Every kind of event at every step, without Other."""
    wide = step_matrix(result)
    shown = pd.DataFrame({"event": [node_name(event) for event in wide.index]})
    for position in wide.columns:
        shown[str(position)] = [percent(share) if share else "" for share in wide[position]]
    right = partial(st.column_config.Column, alignment="right")
    columns = {str(position): right(column_name(result, position)) for position in wide.columns}
    _table(shown, {"event": _("Event"), **columns})


def paths_table(result: Paths) -> None:
    """Whole paths, the commonest first; of two groups both shares and their difference."""
    rows = result.paths.head(MOST)
    words = [path_words(result, row) if row.steps else row.path for row in rows.itertuples()]
    shown = pd.DataFrame({"path": words, "n": rows["n"], "share": rows["share"].map(percent)})
    right = partial(st.column_config.Column, alignment="right")
    columns = {"path": st.column_config.Column(_("Path"), width="large")}
    columns |= {
        "n": st.column_config.NumberColumn(counted_title(result), format="localized"),
        "share": right(_("Share")),
    }
    if result.groups:
        own = rows[["path"]].merge(result.path_differences, on="path", how="left")
        for place, group in zip(("first", "second"), result.groups, strict=True):
            shown[place] = own[f"share_{place}"].map(percent).to_numpy()
            columns[place] = right(group)
        shown["difference"] = own["difference"].map(points).to_numpy()
        ends = zip(own["ci_low"], own["ci_high"], strict=True)
        shown["interval"] = [points_interval(low, high) for low, high in ends]
        columns |= {"difference": right(_("Difference")), "interval": right(_("Interval"))}
    _table(shown, columns)


def all_paths(result: Paths) -> pd.DataFrame:
    """Every whole path that is listed; of two groups with their differences."""
    rows = result.paths.drop(columns=["events", "loops"])
    return rows.merge(result.path_differences, on="path", how="left") if result.groups else rows


def transitions_table(result: Transitions) -> None:
    """Which event follows which, how often and for how many."""
    rows = result.counts.head(MOST)
    shown = pd.DataFrame(
        {
            "from": rows["from_event"].map(node_name),
            "to": rows["to_event"].map(node_name),
            "count": rows["count"],
            "share": rows["share"].map(percent),
            "customers": rows["customers"],
        }
    )
    number = partial(st.column_config.NumberColumn, format="localized")
    columns = {
        "from": _("From"),
        "to": _("To"),
        "count": number(_("Times")),
        "share": st.column_config.Column(_("Of all that leave it"), alignment="right"),
        "customers": number(_("Customers")),
    }
    _table(shown, columns)


def _table(shown: pd.DataFrame, columns: dict) -> None:
    st.dataframe(shown, hide_index=True, column_config=columns, alt=_("The numbers behind the picture"))
