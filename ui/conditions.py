"""Conditions on the columns of a table, one below the other: choose a column, how to compare, and with what."""

from datetime import date

import pandas as pd
import streamlit as st

from insight.language import _
from ui import session

WORDS = {
    "==": _("is"),
    "!=": _("is not"),
    "<": _("is less than"),
    "<=": _("is at most"),
    ">": _("is more than"),
    ">=": _("is at least"),
    "in": _("is one of"),
    "not in": _("is none of"),
    "contains": _("contains"),
    "is missing": _("is missing"),
}
OF_TEXT = ["==", "!=", "in", "not in", "contains", "is missing"]
OF_TRUTH = ["==", "is missing"]
OF_NUMBERS = [">=", ">", "<=", "<", "==", "!=", "is missing"]
OPERATORS = {"numbers": OF_NUMBERS, "dates": OF_NUMBERS, "truth": OF_TRUTH, "text": OF_TEXT}
MOST_VALUES = 300  # of a column that are offered as a list
WHO_AND_WHEN = {"customer_id", "event", "sequence"}
YEARS = range(1000, 9000)  # that a calendar can turn to
LARGEST = 2**53 - 1  # whole number that a browser can hold


def conditions(where: list, frame: pd.DataFrame, page: str, key: str) -> list:
    """The conditions as changed by the visitor; clearing a column takes its condition away.

    A link can say more than the inputs here: such a condition stays as it is, to be read and removed.
    """
    memory, changed, cleared = session.memory(page), [], False
    columns = [name for name in frame.columns if name not in WHO_AND_WHEN]
    key = f"{key}.{memory.get('conditions', 0)}"  # new inputs once a condition in the middle is gone
    for i, condition in enumerate([*where, None]):
        if condition and not fits_inputs(condition, frame):
            kept = _as_it_is(condition, f"{key}.{i}")
            changed += [condition] if kept else []
            cleared |= not kept
            continue
        column = st.selectbox(
            _("Only where") if i == 0 else _("and where"),
            columns,
            columns.index(condition[0]) if condition else None,
            key=f"{key}.{i}.column",
            placeholder=_("Add a condition"),
            help=_("Only events whose row meets the condition count. Clear the column to remove it."),
        )
        if column is not None:
            now = condition if condition and condition[0] == column else [column]
            changed.append(comparison(frame[column], now, f"{key}.{i}.{column}"))
        elif condition is not None:
            cleared = True
    if cleared:
        memory["conditions"] = memory.get("conditions", 0) + 1
    return changed


def fits_inputs(condition: list, frame: pd.DataFrame) -> bool:
    """Whether the inputs can show a condition without changing it.

    >>> frame = pd.DataFrame({"value": [1.5, 2.0], "channel": ["ads", "mail"]})
    >>> fits_inputs(["value", ">=", 1], frame), fits_inputs(["value", ">=", "1"], frame)
    (True, False)
    >>> fits_inputs(["channel", "in", ["ads"]], frame), fits_inputs(["channel", ">=", "b"], frame)
    (True, False)
    """
    column, how, *rest = condition
    if column in WHO_AND_WHEN:
        return False
    if not rest:
        return True
    (value,), kind = rest, _kind(frame[column])
    if how not in OPERATORS[kind]:
        return False
    if kind == "truth":
        return isinstance(value, bool)
    if kind == "numbers":
        whole = pd.api.types.is_integer_dtype(frame[column])
        return type(value) in ((int,) if whole else (int, float)) and abs(value) <= LARGEST
    if kind == "dates":
        return isinstance(value, str) and _is_day(value)
    if how in ("in", "not in"):
        return all(isinstance(one, str) for one in value) and len(set(value)) == len(value)
    return isinstance(value, str)


def _kind(values: pd.Series) -> str:
    """What a column holds: "numbers", "dates", "truth" (yes or no) or "text"."""
    if pd.api.types.is_bool_dtype(values):
        return "truth"
    if pd.api.types.is_numeric_dtype(values):
        return "numbers"
    return "dates" if pd.api.types.is_datetime64_any_dtype(values) else "text"


def _is_day(text: str) -> bool:
    """Whether a calendar can show it: a day, without a time."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and day.year in YEARS


def _as_it_is(condition: list, key: str) -> bool:
    """A condition to be read; whether it stays."""
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(in_words(condition))
        removed = st.button(_("Remove"), key=f"{key}.remove", icon=":material/delete:", type="tertiary")
    if removed:
        place.empty()
    return not removed


def comparison(values: pd.Series, now: list, key: str) -> list:
    """How a column is compared, and with what. `now` : the condition now, or the column's name alone."""
    kind = _kind(values)
    operators = OPERATORS[kind]
    given = now[1] if len(now) > 1 and now[1] in operators else operators[0]
    with st.grid(2, min_column_width=110, gap="small"):
        how = st.selectbox(
            _("How"), operators, operators.index(given), format_func=WORDS.get, key=f"{key}.how",
            label_visibility="collapsed", help=_("How the column is compared."),
        )  # fmt: skip
        if how == "is missing":
            return [now[0], how]
        value = now[2] if len(now) > 2 else None
        return [now[0], how, _value(values, kind, how, value, f"{key}.{how}")]


def _value(values: pd.Series, kind: str, how: str, now: object, key: str) -> object:
    look = {"label_visibility": "collapsed", "key": key, "help": _("What the column is compared with.")}
    if kind == "truth":
        words = {True: _("yes"), False: _("no")}
        return st.selectbox(_("Value"), list(words), int(now is False), format_func=words.get, **look)
    if kind == "numbers":
        usual = now if isinstance(now, int | float) else values.median()
        usual = 0 if usual is pd.NA or usual != usual else usual
        whole = pd.api.types.is_integer_dtype(values)
        chosen = st.number_input(_("Value"), value=int(usual) if whole else float(usual), **look)
        return now if chosen == now else chosen  # 10 stays 10 in a column of 10.5
    if kind == "dates":
        usual = date.fromisoformat(now[:10]) if isinstance(now, str) else values.min().date()
        return st.date_input(_("Value"), usual, format="YYYY-MM-DD", **look).isoformat()
    if how == "contains":
        return st.text_input(_("Value"), now if isinstance(now, str) else "", **look)
    offered = _offered(values, now)
    if how in ("in", "not in"):
        chosen = now if isinstance(now, list) else [now or offered[0]]
        return st.multiselect(_("Value"), offered, chosen, **look) or chosen
    usual = now[0] if isinstance(now, list) else now
    return st.selectbox(_("Value"), offered, offered.index(usual) if usual in offered else 0, **look)


def _offered(values: pd.Series, now: object) -> list[str]:
    """The commonest values of a column, and those chosen already."""
    counts = values.astype("str").where(values.notna()).value_counts()
    common = sorted(counts.index[:MOST_VALUES])
    chosen = now if isinstance(now, list) else [now]
    return [*common, *(value for value in chosen if isinstance(value, str) and value not in common)] or [""]


def in_words(condition: list) -> str:
    """A condition as a visitor reads it, as plain text.

    >>> in_words(["value", ">=", 100]), in_words(["channel", "in", ["ads", "mail"]]), in_words(["device", "is missing"])
    ('value is at least 100', 'channel is one of ads, mail', 'device is missing')
    """
    column, how, *rest = condition
    value = ", ".join(map(str, rest[0])) if rest and isinstance(rest[0], list) else "".join(map(str, rest))
    return f"{column} {WORDS[how]} {value}".strip()
