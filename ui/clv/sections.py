"""What follows the picture on the Customer value page, one section a tab. Only the open one computes anything."""

from functools import partial

import pandas as pd
import streamlit as st

from insight.charts import (
    customer_value_by_dots,
    customer_value_by_new,
    customer_value_calibration,
    customer_value_cumulative,
    customer_value_deciles,
    customer_value_holdout,
    customer_value_weekly,
)
from insight.clv.group_words import group_name
from insight.clv.value import CustomerValue
from insight.clv.words import MODEL_NAMES, NAIVE
from insight.explain import (
    customer_value_by_reading,
    customer_value_lift,
    points_worth,
    three_values,
    three_values_reading,
)
from insight.language import _, count, growth, money, percent
from insight.periods import UNITS, microseconds
from insight.tables.spreadsheet import as_csv
from ui import session
from ui.campaigns.payback import payback_section
from ui.card import definition_card
from ui.clv.calculator import calculator, typed_calculator
from ui.clv.contracts import contracts
from ui.clv.settings import of_formula, of_model
from ui.groups import group_picker, grouped, properties
from ui.parts import draw
from ui.people import people_of_one
from ui.sections import Section, Shown
from ui.tables import number_table
from ui.take_away import download

SHOWN = 20_000  # customers in the table on the page; the file holds all


def people(answer: session.Answer) -> None:
    """The people behind the numbers of the first picture."""
    cells = {}
    for row in answer.result.deciles.itertuples():
        if row.n_customers:
            said = _("are in tenth {n} by expected value, {low} or more each", n=count(row.decile),
                     low=money(row.lowest, answer.result.currency))  # fmt: skip
            cells[said] = {"decile": int(row.decile)}
    cells[_("bought on one day only")] = {"repeats": "0"}
    cells[_("are still customers with a probability below {share}", share=percent(0.5, 0))] = {"alive_below": 0.5}
    if answer.result.without_purchase:
        cells[_("have refunds only, and no purchase")] = {"without_purchase": True}
    people_of_one(answer, _("The people behind these numbers"), cells)


def _check(choose: session.Choices, answer: session.Answer, table) -> Shown:
    result = answer.result
    st.markdown(_("Where the dashed line leaves the other one, the model was wrong. Right of the cut it had not seen "
                  "the data.") + " " + customer_value_lift(result))  # fmt: skip
    draw(answer, customer_value_cumulative, alt=_("Repeat purchase days so far, came and expected."))
    draw(answer, customer_value_weekly, alt=_("Repeat purchase days a week, came and expected."))
    st.subheader(_("After the cut, by how often they had come before"), anchor=False)
    draw(answer, customer_value_holdout, alt=_("Mean purchase days after the cut, came and foretold."))
    st.subheader(_("How often customers have come back"), anchor=False)
    draw(answer, customer_value_calibration, alt=_("Customers by repeat purchase days, and as many as expected."))
    st.subheader(_("The models compared"), anchor=False)
    st.markdown(
        _("Errors are means over all back-tests. Where the models lie far apart, nobody knows better than that.")
    )
    number_table(_models(result))
    trials = st.expander(_("All back-tests"), key="numbers.backtest", on_change="rerun")
    if trials.open:
        with trials:
            number_table(_trials(result))
    return answer, customer_value_cumulative


def _models(result: CustomerValue) -> pd.DataFrame:
    rows = result.models.drop(columns="log_likelihood")
    rows = rows.assign(model=rows["model"].map(MODEL_NAMES), mae=rows["mae"].round(2))
    rows["expected_purchases"] = rows["expected_purchases"].round()
    rows["value"], rows["error"] = (
        rows["value"].map(lambda own: money(own, result.currency)),
        rows["error"].map(percent),
    )
    rows["top_share"] = rows["top_share"].map(percent)
    rows = rows.rename(columns={"top_share": _("Revenue of the first tenth")})
    return rows if (rows["note"] != "").any() else rows.drop(columns="note")


def _trials(result: CustomerValue) -> pd.DataFrame:
    rows = result.backtest[["origin", "days", "model", "actual", "expected", "error", "mae", "revenue_error"]]
    names = MODEL_NAMES | {NAIVE: _("as often as so far")}
    rows = rows.assign(model=rows["model"].map(names), mae=rows["mae"].round(2), expected=rows["expected"].round())
    rows["error"], rows["revenue_error"] = rows["error"].map(growth), rows["revenue_error"].map(growth)
    return rows.rename(columns={"days": _("Days foretold")})


def _each(choose: session.Choices, answer: session.Answer, table) -> Shown:
    result = answer.result
    st.markdown(_("Each with the purchase days, spend and value that are expected; between the two columns of 80% lies "
                  "what it comes to, with that probability if the models hold. Of who buys rarely that is most likely "
                  "nothing, so the expected value, a mean, can lie above it. One-time buyers who came on the same day "
                  "are equal: the model knows the same of them."))  # fmt: skip
    wanted = st.text_input(_("Find a customer"), key="clv.find", max_chars=60, placeholder=_("Part of the id"),
                           help=_("Click on a column’s name to sort by it."))  # fmt: skip
    rows = result.customers.sort_values(["value", "customer_id"], ascending=[False, True], ignore_index=True)
    found = rows if not wanted else rows[rows["customer_id"].str.contains(wanted, case=False, regex=False)]
    if found.empty:
        st.text(_("No customer is called so."))
    else:
        _customers(found.head(SHOWN))
    if len(found) > SHOWN:
        st.text(_("The {n} with the highest value; the file holds all.", n=count(SHOWN)))
    download(_("All customers (CSV)"), partial(as_csv, rows), "customer_value.csv", "clv.customers.csv",
             _("One row a customer, with everything the model says."))  # fmt: skip
    return answer, customer_value_deciles


def _customers(rows: pd.DataFrame) -> None:
    titles = {
        "customer_id": _("Customer"), "value": _("Expected value"), "value_low": _("80%, from"),
        "value_high": _("80%, to"), "expected_purchases": _("Purchase days expected"),
        "expected_spend": _("Spend on each"), "probability_alive": _("Still a customer"),
        "orders": _("Orders so far"), "revenue": _("Revenue so far"),
    }  # fmt: skip
    formats = {"probability_alive": "percent", "orders": "localized"}
    columns = {
        name: st.column_config.NumberColumn(title, format=formats.get(name, "%.2f")) for name, title in titles.items()
    }
    columns["customer_id"] = st.column_config.TextColumn(titles["customer_id"], pinned=True)
    shown = rows[list(titles)].round({"probability_alive": 3})
    st.dataframe(shown, hide_index=True, column_config=columns, alt=_("Each customer’s expected value"))


def _three(choose: session.Choices, answer: session.Answer, table) -> Shown:
    years = microseconds(choose["horizon"], "horizon") / UNITS["D"] / 365
    asked = of_formula(choose) | {"margin": answer.result.margin, "years": years}
    formula = session.compute("clv_formula", table, asked).result
    st.dataframe(three_values(answer.result, formula), hide_index=True, alt=_("Three values of a customer"))
    st.subheader(_("Why they differ"), anchor=False)
    st.markdown(three_values_reading(answer.result, formula))
    st.subheader(_("What one more point is worth"), anchor=False)
    st.markdown(points_worth(answer.result))
    return answer, customer_value_deciles


def _groups(choose: session.Choices, answer: session.Answer, table) -> Shown:
    everyone = session.everyone("orders")
    cohort = st.segmented_control(
        _("Groups of"), ["cohort", "column"], default="cohort" if choose["by"] in (None, "cohort") else "column",
        key=f"{choose.key('by')}.{choose.version}.kind", required=True,
        format_func={"cohort": _("The month of the first purchase"), "column": _("A column or an audience")}.get,
        help=_("A customer belongs to the group of the first order."),
    )  # fmt: skip
    if cohort == "cohort":
        choose["by"] = "cohort"
    else:
        choose["by"] = None if choose["by"] == "cohort" else choose["by"]
        if not properties(everyone) and not session.saved_audiences():
            st.markdown(_("The orders have no column to compare by. A table of customers would add some."))
            return None
        group_picker(choose, "by", everyone, help=_("A customer belongs to the group of the first order."))
    if choose["by"] is None:
        st.markdown(_("Choose what to compare: a column of the file, or an audience you kept."))
        return None
    marked, by = grouped(table, everyone, choose["by"])
    groups = session.compute("customer_value_by", marked, {"by": by, **of_model(choose)})
    st.markdown(customer_value_by_reading(groups.result))
    draw(groups, customer_value_by_dots, alt=_("Expected value of a customer of each group."))
    st.subheader(_("What a new customer of each brings"), anchor=False)
    draw(groups, customer_value_by_new, alt=_("Value of a new customer of each group."))
    definition_card(groups)
    names = {group: group_name(choose["by"], group) for group in groups.result.groups["group"]}
    cells = {_("are of {group}", group=name): {"group": group} for group, name in names.items()}
    people_of_one(groups, _("The people of a group"), cells)
    numbers = st.expander(_("All numbers"), key="numbers.clv.groups", on_change="rerun")
    if numbers.open:
        with numbers:
            number_table(groups.result.groups)
    return groups, customer_value_by_dots


def _payback(choose: session.Choices, answer: session.Answer, table) -> Shown:
    return payback_section(choose["margin"], choose.page, horizon=choose["horizon"], model="auto")


def _calculator(choose: session.Choices, answer: session.Answer, table) -> Shown:
    return calculator(choose, table, alone=False)


def _contracts(choose: session.Choices, answer: session.Answer, table) -> Shown:
    return contracts(choose, alone=False)


SECTIONS = {
    "check": Section(_("How good it is"), _check),
    "each": Section(_("Each customer"), _each),
    "three": Section(_("Three values"), _three),
    "groups": Section(_("Groups"), _groups),
    "payback": Section(_("Payback by channel"), _payback),
    "calculator": Section(_("Calculator"), _calculator),
    "contracts": Section(_("Contracts"), _contracts),
}


def _formula(choose: session.Choices, table) -> Shown:
    return typed_calculator(choose) if table is None else calculator(choose, table, alone=True)


def _renewals(choose: session.Choices, table) -> Shown:
    return contracts(choose, alone=True)


WITHOUT_MODEL = {  # what there is where no model is possible
    "calculator": Section(_("Calculator"), _formula),
    "contracts": Section(_("Contracts"), _renewals),
}
