"""The numbers of an overview as people read them: with units, and an interval in one column."""

import pandas as pd
import streamlit as st

from insight.language import _, money, percent
from insight.overview.rate_change import RateChange
from insight.overview.rate_words import effect_range, effect_text, rate_text
from insight.overview.words import KIND, TITLES, change_range, change_text, period_name, range_text, value_text
from insight.text import glossary
from ui import session

MONEY = ("revenue", "sold", "refunded")
ASIDE = ("cut", "observed")


def all_numbers(answer: session.Answer, key: str) -> None:
    """Every period, folded away."""
    numbers = st.expander(_("All numbers"), key=f"overview.numbers.{key}", on_change="rerun")
    if numbers.open:
        with numbers:
            period_table(answer.result)


def period_table(result) -> None:
    """One row a period, the latest first; unfinished ones say so."""
    rows, currency = result.periods.iloc[::-1], getattr(result, "currency", None)
    shown = pd.DataFrame({"period": [period_name(start, result.period) for start in rows["period"]]})
    shown["period"] += [_(" (unfinished)") if cut else "" for cut in rows["cut"]]
    for name in rows:
        if name in KIND:
            shown[name] = [value_text(KIND[name], value, currency) for value in rows[name]]
        elif name in MONEY:
            shown[name] = [money(value, currency) for value in rows[name]]
        elif name not in ("period", *ASIDE) and not name.endswith(("_low", "_high")):
            shown[name] = rows[name].to_numpy()
        if f"{name}_low" in rows:
            ends = rows[[f"{name}_low", f"{name}_high"]].to_numpy()
            shown[f"{name}_low"] = [range_text(KIND[name], *own, currency) for own in ends]
    _show(shown, {f"{name}_low": _("Interval: {what}", what=title) for name, title in TITLES.items()})


def group_table(result) -> None:
    """One row a group, of the measure in front."""
    rows, kind = result.groups[result.groups["measure"] == result.measure], KIND[result.measure]
    currency = getattr(result, "currency", None)
    ranges = rows[["ci_low", "ci_high"]].to_numpy(), rows[["change_low", "change_high"]].to_numpy()
    shown = pd.DataFrame({"group": rows["group"], "value": [value_text(kind, v, currency) for v in rows["value"]]})
    shown["ci_low"] = [range_text(kind, *ends, currency) for ends in ranges[0]]
    shown["n"], shown["share"] = rows["n"], rows["share"].map(percent)
    shown["previous"] = [value_text(kind, value, currency) for value in rows["previous"]]
    shown["change"] = [change_text(kind, value) for value in rows["change"]]
    shown["change_low"] = [change_range(kind, *ends) for ends in ranges[1]]
    shown["year_change"] = [change_text(kind, value) for value in rows["year_change"]]
    empty = [name for name in ("ci_low", "share", "previous", "year_change") if (shown[name] == "–").all()]
    _show(shown.drop(columns=empty), {"ci_low": _("Interval"), "change_low": _("Interval of the change")})


def effect_table(result: RateChange) -> None:
    """One row a group: weights, rates, and what they did to the whole."""
    rows = result.effects
    shown = rows[["group", "n_before", "n"]].copy()
    for name in ("weight_before", "weight"):
        shown[name] = rows[name].map(percent)
    for name in ("rate_before", "rate"):
        shown[name] = [rate_text(result, value) for value in rows[name]]
    ends = rows[["difference_low", "difference_high"]].to_numpy()
    shown["difference_low"] = [effect_range(result, *own) for own in ends]
    for name in ("mix_effect", "rate_effect", "effect"):
        shown[name] = [effect_text(result, value) for value in rows[name]]
    _show(shown, {"difference_low": _("Interval of the rate’s change")})


def _show(shown: pd.DataFrame, titles: dict[str, str]) -> None:
    words = {entry["column"]: entry["title"] for entry in glossary().values() if "column" in entry} | TITLES | titles
    columns = {}
    for name, values in shown.items():
        if pd.api.types.is_numeric_dtype(values):
            columns[name] = st.column_config.NumberColumn(words.get(name, name), format="localized")
        else:
            side = "left" if name in ("group", "period") else "right"
            columns[name] = st.column_config.Column(words.get(name, name), alignment=side)
    st.dataframe(shown, hide_index=True, column_config=columns, alt=_("The numbers behind the picture"))
