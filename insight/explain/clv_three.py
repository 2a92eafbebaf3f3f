"""The three values side by side: what customers brought, what the formula says, what the model expects; and why they
differ."""

import pandas as pd

from insight.clv.drivers import number_text
from insight.clv.formula import ClvFormula
from insight.clv.value import CustomerValue
from insight.explain.clv_value import customers_text, kind_of_value
from insight.language import _, count, decimal, length, money


def three_values(value: CustomerValue, formula: ClvFormula) -> pd.DataFrame:
    """The values as people read them. formula : with the margin of `value`, over the same time.

    Columns: their words for what it is, of whom, a customer, all together.
    """
    n, horizon, code = value.n_customers, length(value.horizon), value.currency
    simple = formula.simple.clv_before_cac
    rows = [
        (_("Historical: so far"), _("everybody who ever bought"), value.historical_total / n, value.historical_total),
        (_("By formula: {horizon}", horizon=horizon), _("a customer who buys at all"), simple, None),
        (_("By model: first {horizon}", horizon=horizon), _("a new customer"), value.new_customer_value, None),
        (_("By model: next {horizon}", horizon=horizon), _("those you have"), value.total / n, value.total),
        (_("Historical and by model"), _("those you have"), (value.historical_total + value.total) / n,
         value.historical_total + value.total),
    ]  # fmt: skip
    titles = [_("Value"), _("Of whom"), _("Each"), _("All together")]
    shown = [(what, who, money(each, code), "–" if every is None else money(every, code))
             for what, who, each, every in rows]  # fmt: skip
    return pd.DataFrame(shown, columns=titles)


def three_values_reading(value: CustomerValue, formula: ClvFormula) -> str:
    """Why they differ, as a Markdown list."""
    simple, code, horizon = formula.simple.clv_before_cac, value.currency, length(value.horizon)
    once = value.n_customers - value.n_repeaters
    values = {
        "kind": kind_of_value(value), "horizon": horizon, "alive": count(value.alive),
        "customers": customers_text(value.n_customers), "formula": money(simple, code),
        "model": money(value.new_customer_value, code), "orders": number_text(formula.orders_per_year),
        "first": money(value.new_customer_first, code), "n": decimal(value.new_customer_purchases),
        "once": count(once),
    }  # fmt: skip
    said = [
        _("- **Historical** looks back and **the model** ahead: of {customers} about {alive} are still customers, and "
          "only they can bring more.", **values),
        _("- **The formula** takes every customer as one who goes on buying {orders} times a year, as those do who "
          "bought at all in the year: {formula} in {horizon}.", **values),
        _("- **The model** takes new customers as they are, {once} of {customers} came once only so far: the first "
          "purchase and {n} purchase days after it, {model}.", **values),
    ]  # fmt: skip
    if simple > value.new_customer_value:
        said.append(
            _(
                "- So the formula is the higher one here, by {more} a new customer; for the cost of acquiring "
                "the model is the careful number.",
                more=money(simple - value.new_customer_value, code),
            )
        )
    elif formula.year.earlier is None:  # a file of less than two years, so its customers came in the course of it
        said.append(
            _(
                "- The formula is the lower one here: of who came in the course of the year it counts the orders "
                "of a part of it only, and nothing is scaled up."
            )
        )
    return "\n".join(said)


def points_worth(value: CustomerValue) -> str:
    """What one more point of margin is worth, and one more customer in a hundred who stays, with the arithmetic."""
    point, n = value.total / value.margin / 100, value.n_customers / 100
    each = value.total / value.alive if value.alive else 0.0
    values = {
        "total": money(value.total, value.currency), "margin": number_text(100 * value.margin),
        "point": money(point, value.currency), "n": number_text(n), "each": money(each, value.currency),
        "alive": count(value.alive), "kept": money(n * each, value.currency), "horizon": length(value.horizon),
    }  # fmt: skip
    said = []
    if value.margin < 1:
        said.append(_("- **One point of margin** more: {total} ÷ {margin} = **{point}** in {horizon}.", **values))
    said.append(_("- **One more in a hundred who are still customers**: {n} customers × {total} ÷ {alive} = {n} × "
                  "{each} = **{kept}** in {horizon}, if they bought like the others who are.", **values))  # fmt: skip
    return "\n".join(said)
