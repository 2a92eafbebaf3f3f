"""The numbers of an overview as cards: how much, against before, how sure, and its way here."""

import streamlit as st

from insight.explain.notes import when
from insight.explain.overview_notes import last_new
from insight.language import _, plain
from insight.overview.change import TOO_FEW
from insight.overview.words import (
    KIND,
    LOWER_IS_BETTER,
    TITLES,
    WHOLE,
    change_range,
    change_text,
    n_text,
    period_name,
    range_text,
    value_text,
)
from ui import session

IN_FRONT = ["revenue", "orders", "average_order_value", "new_customers", "visitors", "sessions", "bounce_rate",
            "per_visitor"]  # fmt: skip
MOST_IN_FRONT = 8
SPARK = 26  # complete periods of a sparkline


def cards(choose: session.Choices, answers: dict[str, session.Answer], measures: list[str]) -> None:
    """The cards in front, and the others folded away. A click on a name puts the measure into the picture."""
    found = {row.measure: (answer, row) for answer in answers.values() for row in answer.result.measures.itertuples()}
    there = [name for name in measures if name in found]
    front = [name for name in IN_FRONT if name in there]
    front += [name for name in there if name not in front][: max(0, MOST_IN_FRONT - len(front))]
    rest = [name for name in there if name not in front]
    _grid(choose, {name: found[name] for name in there if name in front})
    if rest:
        more = st.expander(_("More numbers"), key="overview.cards", on_change="rerun", icon=":material/add_chart:")
        if more.open:
            with more:
                _grid(choose, {name: found[name] for name in rest})


def rate_cards(choose: session.Choices, answer: session.Answer) -> None:
    """The rates of one answer, side by side."""
    _grid(choose, {row.measure: (answer, row) for row in answer.result.measures.itertuples()}, at="side")


def _grid(choose: session.Choices, shown: dict[str, tuple], at: str = "top") -> None:
    with st.grid(4, min_column_width=150, gap="small"):
        for answer, row in shown.values():
            with st.container(border=True, height="stretch", gap="xsmall", key=f"overview.card.{at}.{row.measure}"):
                _card(choose, answer, row, at)


def _card(choose: session.Choices, answer: session.Answer, row, at: str) -> None:
    result, name, kind = answer.result, row.measure, KIND[row.measure]
    currency, rated = getattr(result, "currency", None), WHOLE[row.measure] is not None
    few = rated and row.n < TOO_FEW
    in_front = choose["measure"] == name
    st.button(
        TITLES[name], key=f"overview.{at}.{name}", type="tertiary", on_click=choose.setter("measure"), args=[name],
        icon=":material/show_chart:" if in_front else None, help=_("Show it over time, and the people behind it."),
    )  # fmt: skip
    st.metric(
        TITLES[name], _("too few") if few else value_text(kind, row.value, currency), label_visibility="collapsed",
        **({} if few else _delta(result, row)), chart_data=_spark(result, name), chart_type="area",
    )  # fmt: skip
    st.markdown("  \n".join(f":small[{line}]" for line in _lines(result, row, few, currency)))


def _delta(result, row) -> dict[str, object]:
    """The change against the period before; in grey where its interval includes 0, or it is too few to tell."""
    if row.change != row.change:
        return {}
    kind, clear = KIND[row.measure], row.change_low > 0 or row.change_high < 0
    better = (row.change > 0) != (row.measure in LOWER_IS_BETTER)
    return {
        "delta": change_text(kind, row.change),
        "delta_color": ("green" if better else "red") if clear else "gray",
        "delta_arrow": "up" if row.change > 0 else "down" if row.change < 0 else "off",
    }


def _lines(result, row, few: bool, currency: str | None) -> list[str]:
    """Below the number: how sure the change is, what the number is out of, and the year before."""
    kind, said = KIND[row.measure], []
    if few:
        return [plain(_("out of {n}", n=n_text(row.measure, row.n)))]
    last = last_new(result, row.measure)
    if last is not None:
        said.append(_("the last ones came {when}", when=when(result, last)))
    if row.change == row.change:
        before = {"day": _("the day before"), "week": _("the week before")}
        since = before.get(result.period) or period_name(result.before, result.period)
        known = row.change_low == row.change_low
        size = change_range(kind, row.change_low, row.change_high) if known else _("too few to tell")
        said.append(_("since {before}: {size}", before=since, size=size))
    if WHOLE[row.measure] is not None:
        values = {"interval": range_text(kind, row.ci_low, row.ci_high, currency), "n": n_text(row.measure, row.n)}
        said.append(_("{interval} · of {n}", **values))
    if row.year_change == row.year_change:
        said.append(_("{change} in a year", change=change_text(kind, row.year_change)))
    return [plain(line) for line in said]


def _spark(result, name: str) -> list[float]:
    """The complete periods up to the one that is looked at."""
    whole = result.periods[(result.periods["observed"] == "full") & (result.periods["period"] <= result.at)]
    values = whole[name].astype(float).tail(SPARK)
    return values.fillna(0).tolist() if len(values) > 1 else [0.0, 0.0]
