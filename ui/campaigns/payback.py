"""LTV to CAC and payback: a tab of the Campaigns page, and a section for pages about customers."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from insight.acquisition.payback import AcquisitionPayback
from insight.acquisition.words import why_missing
from insight.charts import acquisition_payback_curve, acquisition_payback_days, acquisition_payback_ltv
from insight.language import _, count, length, money, plain
from ui import session
from ui.campaigns.acquisition import (
    followed,
    orders_or_hint,
    origin_inputs,
    people_of_rows,
    rows_input,
    shared_settings,
)
from ui.campaigns.settings import COSTS, PAYBACK_HORIZONS, usual_horizon
from ui.campaigns.shown import show_table
from ui.parts import draw
from ui.sections import Shown, figure


def payback_tab(choose: session.Choices, answer: session.Answer) -> Shown:
    """LTV to CAC and payback of each row of the Campaigns page."""
    if choose["margin"] is None:
        st.markdown(_("LTV:CAC and payback need **your gross margin**: type it into the field of that name."))
        return None
    orders = orders_or_hint()
    if orders is None:
        return None
    with st.grid(3, min_column_width=200):
        st.selectbox(
            _("LTV within"), PAYBACK_HORIZONS, key=choose.key("horizon"), format_func=length, persist_state="session",
            help=_("How long a customer’s margin is added up. Only customers who could be followed so long count."),
        )  # fmt: skip
        st.segmented_control(
            _("CAC of"), list(COSTS), key=choose.key("scope"), required=True, format_func=COSTS.get,
            persist_state="session", help=_("All cost is spend, other cost of the file, and the share on top of it."),
        )  # fmt: skip
        st.slider(
            _("Profit to be left, in % of LTV"), 0, 90, step=5, key=choose.key("target"), persist_state="session",
            help=_("A customer may cost LTV × (1 − this share)."),
        )  # fmt: skip
        origin_inputs(choose, orders, answer.result.by)
        rows_as = rows_input(choose)
    st.toggle(
        _("Also what a model expects of a new customer"), key=choose.key("model"), persist_state="session",
        help=_("Where customers could not be followed so long yet. It takes a few seconds, and many customers."),
    )  # fmt: skip
    asked = {"margin": choose["margin"], "horizon": choose["horizon"], **rows_as}
    asked |= shared_settings(choose, answer, orders)
    asked |= {"cost": choose["scope"]} if choose["scope"] != "all" else {}
    asked |= {"target_profit_share": choose["target"] / 100} if choose["target"] else {}
    asked |= {"model": "auto"} if choose["model"] else {}
    return _paid_back(followed("acquisition_payback", orders, asked), choose.page)


def payback_section(margin: float | None, page: str, **settings: object) -> Shown:
    """When customers of each channel have paid back: for pages about customers. None where there are no campaigns.

    margin : as the page knows it; page : its name, which tells its widgets from those of other pages
    settings : others of `acquisition_payback`, such as horizon="365D", model="auto"
    """
    campaigns, orders = session.everyone("campaigns"), session.everyone("orders")
    if campaigns is None or orders is None:
        st.markdown(_("When each channel has paid back needs a table of orders and one of campaigns with their spend: "
                      "add the one that is missing on the Data page."))  # fmt: skip
        return None
    if margin is None:
        st.markdown(_("When each channel has paid back depends on **your margin**: type it into the field of that "
                      "name."))  # fmt: skip
        return None
    asked = {"margin": margin, "horizon": usual_horizon(campaigns), **settings}
    return _paid_back(followed("acquisition_payback", orders, asked), page)


def _paid_back(found: session.Answer, page: str) -> Shown:
    result = found.result
    figure(found, acquisition_payback_days)
    st.subheader(_("Worth and cost"), anchor=False)
    draw(found, acquisition_payback_ltv, alt=_("LTV:CAC of each channel."))
    show_table(_worth(result), _("What a customer costs, is worth, and may cost"))
    without = result.rows[result.rows["model_why"] != ""]
    if result.model is not None and not result.model_note and len(without):
        names = ", ".join(map(plain, without[result.by]))
        why = plain(why_missing(without["model_why"].iloc[0]))
        st.markdown(":small[" + _("No model of {names}. {first}: {why}", names=names, why=why,
                                  first=plain(without[result.by].iloc[0])) + "]")  # fmt: skip
    names = result.rows[result.by].tolist()
    of = st.selectbox(
        _("Margin day by day of"), names, key=f"{page}.payback.of.{result.by}", persist_state="session",
        help=_("How the margin of an average customer grows until it has reached the CAC."),
    )  # fmt: skip
    draw(found, _curve_of(of), alt=_("Margin of a customer by day, and the CAC."))
    people_of_rows(found, _paid_cells, at=page)
    return found, acquisition_payback_days


def _curve_of(of: str) -> Callable:
    chart = partial(acquisition_payback_curve, of=of)
    chart.__name__ = f"{acquisition_payback_curve.__name__}_{of}"  # the cache of pictures goes by the name
    return chart


def _paid_cells(name: str) -> dict[str, dict]:
    return {
        _("were acquired by {name} and have paid back", name=name): {"acquired_by": name, "paid_back": True},
        _("were acquired by {name} and have not paid back yet", name=name): {"acquired_by": name, "paid_back": False},
    }


def _worth(result: AcquisitionPayback) -> pd.DataFrame:
    """What a customer of each costs, is worth and may cost, in words."""
    rows = pd.concat([result.rows, result.total.assign(**{result.by: _("All together")})], ignore_index=True)
    currency, unit = result.currency, f" {result.currency}"

    def amount(row, name: str) -> str:
        value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
        if value != value or low != low or high != high:
            return money(value, currency)
        return _("{value} ({low} to {high})", value=money(value, currency), low=money(low).removesuffix(unit),
                 high=money(high))  # fmt: skip

    records = rows.to_dict("records")
    shown = pd.DataFrame({plain(result.by).capitalize(): rows[result.by]})
    shown[_("Customers")] = [count(row["n_customers"]) for row in records]
    shown[_("CAC ({cost})", cost=COSTS[result.cost].lower())] = [amount(row, "cac") for row in records]
    within = length(result.horizon)
    shown[_("LTV within {length}", length=within)] = [
        why_missing(row["ltv_to_cac_why"]) if row["observed_ltv"] != row["observed_ltv"] else
        amount(row, "observed_ltv") for row in records
    ]  # fmt: skip
    if result.model is not None:
        shown[_("Expected by a model")] = [amount(row, "model_ltv") for row in records]
    shown[_("May cost")] = [money(row["allowable_cac"], currency) for row in records]
    return shown
