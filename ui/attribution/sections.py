"""What follows the picture on the Attribution page, one section a tab, and the people behind its numbers."""

import pandas as pd
import streamlit as st

from insight.attribution.channels import AttributionOf
from insight.attribution.words import MODEL_NAMES, path_words
from insight.charts import attribution_credits, attribution_paths
from insight.language import _, _n, count, decimal, money, percent, plain
from ui import session
from ui.parts import draw
from ui.people import people_of, people_of_one
from ui.sections import Section, Shown

MOST_PATHS = 200  # in the table of paths
TALL = 30  # rows: a table up to here has no scroll bar of its own
MOST_NAMED = 30  # paths whose people are offered


def people(answer: session.Answer, clicked: str | None) -> None:
    """The customers behind a clicked channel, or behind what is chosen."""
    if answer.result.touches == "paths":  # which name nobody
        return
    if clicked is not None:
        with st.container(border=True):
            did = _("converted after a touch of {channel}", channel=clicked)
            people_of(answer, {"channel": clicked, "ended": "converted"}, did, "attribution.clicked")
            _conversions_of(answer.result, {"channel": clicked, "ended": "converted"})
    cells = _cells(answer.result)
    said = people_of_one(answer, _("The people behind these numbers"), cells)
    if said is not None:
        _conversions_of(answer.result, cells[said])


def _conversions_of(result: AttributionOf, cell: dict) -> None:
    """How many conversions these customers stand for: people and conversions are not the same unit."""
    if cell["ended"] != "converted" or "channel" not in cell:
        return
    n = result.conversions_after(cell["channel"])
    words = _n(
        "They are counted as customers. Their journeys with {channel} ended in **{n}** conversion.",
        "They are counted as customers. Their journeys with {channel} ended in **{n}** conversions: one customer may "
        "convert more than once.", n, n=count(n), channel=plain(cell["channel"]),
    )  # fmt: skip
    st.markdown(words)


def _cells(result: AttributionOf) -> dict[str, dict]:
    """What they did, in words -> the address that `members` takes."""
    cells = {_("converted"): {"ended": "converted"}}
    for channel in result.named["channel"]:
        cells[_("converted after a touch of {channel}", channel=channel)] = {"channel": channel, "ended": "converted"}
        cells[_("had a journey with {channel} and no conversion", channel=channel)] = {
            "channel": channel, "ended": "null"
        }  # fmt: skip
    if result.unattributed:
        cells[_("converted without a touch")] = {"path": "", "ended": "converted"}
    for path in result.paths["path"].head(MOST_NAMED):
        if path:
            cells[_("converted on the path {path}", path=path_words(path))] = {"path": path, "ended": "converted"}
    return cells


def _credits(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    draw(answer, attribution_credits, alt=_("Credit of each channel by one model."))
    rows = result.channels.sort_values("conversions", ascending=False, ignore_index=True)  # as the picture has them
    sure = rows["conversions_low"].notna().any()
    shown = pd.DataFrame({_("Channel"): rows["channel"]})
    shown[_("Conversions")] = rows["conversions"].map(decimal)
    if sure:
        ends = rows[["conversions_low", "conversions_high"]].to_numpy()
        shown[_("Interval")] = [
            _("{low} to {high}", low=decimal(a), high=decimal(b)) if a == a else "–" for a, b in ends
        ]
        shown[_("Removal effect")] = rows["removal_effect"].map(percent)
    shown[_("Share")] = rows["share"].map(percent)
    if result.total_value:
        shown[_("Value")] = [money(value, result.currency) for value in rows["value"]]
    _table(shown, _("Credit of each channel by one model"))
    _say_currency(result)
    return answer, attribution_credits


def _models(choose: session.Choices, answer: session.Answer) -> Shown:
    credits = answer.result.credits
    wide = credits.pivot(index="channel", columns="model", values="share").reindex(answer.result.channels["channel"])
    shown = pd.DataFrame({_("Channel"): wide.index})
    for model, name in MODEL_NAMES.items():
        if model in wide:
            shown[name] = [percent(share) for share in wide[model]]
    st.markdown(_("The share of the conversions that each model gives to each channel. Every column adds up to 100%."))
    _table(shown, _("Share of each channel under every model"))
    return None


def _paths(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    draw(answer, attribution_paths, alt=_("The commonest paths."))
    rows = result.paths.head(MOST_PATHS)
    shown = pd.DataFrame({_("Path"): rows["path"].map(path_words)})
    columns = {"conversions": _("Conversions"), "nulls": _("Without a conversion"), "open": _("Not known yet")}
    for column, title in columns.items():
        shown[title] = rows[column].map(count)
    ended = rows["conversions"] + rows["nulls"]
    shown[_("Converted, of those that ended")] = (rows["conversions"] / ended.where(ended > 0)).map(percent)
    if result.total_value:
        shown[_("Value")] = [money(value, result.currency) for value in rows["value"]]
    with st.expander(_("All numbers"), key="attribution.numbers.paths"):
        _table(shown, _("Paths and how they ended"))
        _say_currency(result)
        more = len(result.paths) - len(rows)
        if more > 0:
            st.markdown(":small[" + _n("and {n} more path", "and {n} more paths", more, n=count(more)) + "]")
    return answer, attribution_paths


def _say_currency(result: AttributionOf) -> None:
    """Where values are shown and nobody knows in what."""
    if result.total_value and result.currency is None:
        st.markdown(":small[" + _("The file does not name the currency of the values.") + "]")


def _table(shown: pd.DataFrame, alt: str) -> None:
    names = list(shown.columns)
    columns = {name: st.column_config.Column(name, alignment="left" if name == names[0] else "right") for name in names}
    st.dataframe(
        shown, hide_index=True, column_config=columns, alt=alt, height="content" if len(shown) <= TALL else "auto"
    )


SECTIONS = {
    "credits": Section(_("Model in front"), _credits),
    "models": Section(_("All models"), _models),
    "paths": Section(_("Paths"), _paths),
}
