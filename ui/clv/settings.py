"""The settings of the Customer value page: what they may be, and the inputs that choose them. Common ones in front."""

import math

import streamlit as st

from insight.clv.formula import YearOfOrders
from insight.clv.simple import PAYMENTS
from insight.language import _, length
from ui import session
from ui.churn.settings import is_contract
from ui.groups import is_audience, names_few
from ui.margin import margin_input

LEVELS = [0.8, 0.9, 0.95, 0.99]
HORIZONS = ["90D", "180D", "365D", "730D", "1095D"]
MODELS = {
    "auto": _("The one that foretold best"),
    "bg_nbd": "BG/NBD",
    "mbg_nbd": "MBG/NBD",
    "pareto_nbd": "Pareto/NBD",
}
MOST_YEARS, MOST_DISCOUNT, MOST_CHANGE = 20.0, 50, 50
EXAMPLE = {"aov": 50.0, "orders": 4.0, "margin": 0.3, "cac": 40.0}  # for who has no file
PERIODS = {"week": _("week"), "month": _("month"), "year": _("year")}
AHEAD = [3, 5, 6, 12, 24, 36]  # periods of a contract
LONGEST_TEXT = 400  # characters of typed numbers
CONVENTIONS = {"start": _("At the start of each year"), "end": _("At the end of each year")}


def clv_settings(orders, sections: list[str]) -> session.Choices:
    """The page's settings; `orders` : None where there are none."""
    return session.settings(
        "clv",
        orders,
        margin=(None, lambda share: share is None or (type(share) is float and 0 < share <= 1)),
        horizon=("365D", HORIZONS),
        discount=(0, range(MOST_DISCOUNT + 1)),
        model=("auto", list(MODELS)),
        level=(0.95, LEVELS),
        by=(None, lambda by: names_few(by) and (by in (None, "cohort") or is_audience(by) or _is_column(orders, by))),
        aov=(None, _amount),
        orders=(None, _amount),
        cac=(None, _amount),
        years=(3.0, lambda n: type(n) is float and 0 < n <= MOST_YEARS),
        retention=(100, range(101)),
        payments=("start", list(PAYMENTS)),
        profit=(0, range(100)),
        change=(10, range(1, MOST_CHANGE + 1)),
        survivors=("", lambda text: isinstance(text, str) and len(text) <= LONGEST_TEXT),
        contract=(None, is_contract),
        period=("month", list(PERIODS)),
        ahead=(12, AHEAD),
        payment=(None, _amount),
        show=(sections[0], sections),
    )


def _amount(n: object) -> bool:
    return n is None or (type(n) is float and n >= 0 and math.isfinite(n))


def _is_column(orders, by: object) -> bool:
    column = by["column"] if isinstance(by, dict) else by
    return orders is not None and column in session.columns_of(orders)


def of_formula(choose: session.Choices) -> dict[str, object]:
    """The settings as `clv_formula` takes them, those that are not the usual ones; the margin always."""
    asked = {"margin": choose["margin"], "acquisition_cost": choose["cac"], "average_order_value": choose["aov"]}
    asked |= {"orders_per_year": choose["orders"]}
    asked = {name: value for name, value in asked.items() if value is not None or name == "margin"}
    return asked | _of_calculator(choose)


def of_simple(choose: session.Choices) -> dict[str, object]:
    """The settings as `simple_clv` takes them, where every number is typed."""
    typed = {"average_order_value": choose["aov"], "orders_per_year": choose["orders"], "margin": choose["margin"]}
    cost = {} if choose["cac"] is None else {"acquisition_cost": choose["cac"]}
    return typed | {"years": choose["years"]} | cost | _of_calculator(choose)


def _of_calculator(choose: session.Choices) -> dict[str, object]:
    asked = {"years": (choose["years"], 3.0), "annual_discount": (choose["discount"] / 100, 0.0)}
    asked["annual_retention"] = (None if choose["retention"] == 100 else choose["retention"] / 100, None)
    asked |= {"payments": (choose["payments"], "start"), "profit_share": (choose["profit"] / 100, 0.0)}
    asked["change"] = (choose["change"] / 100, 0.1)
    return {name: value for name, (value, usual) in asked.items() if value != usual}


def of_model(choose: session.Choices) -> dict[str, object]:
    """The settings as `customer_value` takes them. Without a margin the value of 1 unit of revenue is 1: revenue."""
    asked = {"margin": choose["margin"] or 1.0}
    asked |= {"horizon": choose["horizon"]} if choose["horizon"] != "365D" else {}
    asked |= {"annual_discount": choose["discount"] / 100} if choose["discount"] else {}
    asked |= {"model": choose["model"]} if choose["model"] != "auto" else {}
    return asked | ({"level": choose["level"]} if choose["level"] != 0.95 else {})


def value_margin(choose: session.Choices) -> None:
    """The gross margin, without which the page speaks of revenue."""
    help = _("What is left of 100 of revenue after the goods are paid for. Without it there is revenue, no value.")
    margin_input(choose, help=help)


def _take(choose: session.Choices, values: dict[str, object]) -> None:
    for name, value in values.items():
        choose[name] = value
    choose.renew()


def model_inputs(choose: session.Choices) -> None:
    """The inputs of the model, the common ones in front."""
    value_margin(choose)
    st.selectbox(
        _("How far to look ahead"), HORIZONS, key=choose.key("horizon"), format_func=length, persist_state="session",
        help=_("The value is what comes within this time. The further ahead, the less sure."),
    )  # fmt: skip
    with st.expander(_("More settings")):
        discount_input(choose)
        st.selectbox(
            _("Model"), list(MODELS), key=choose.key("model"), format_func=MODELS.get, persist_state="session",
            help=_("By itself the page takes the model that came closest in the back-test."),
        )  # fmt: skip
        st.selectbox(
            _("Level of the intervals"), LEVELS, key=choose.key("level"), format_func="{:.0%}".format,
            persist_state="session", help=_("How sure the interval should be to hold the true value."),
        )  # fmt: skip


def discount_input(choose: session.Choices) -> None:
    """By how much later money counts less."""
    st.slider(
        _("Discount a year, in %"), 0, MOST_DISCOUNT, key=choose.key("discount"), persist_state="session",
        help=_("What money in a year is worth less than money today; companies often take 8 to 15. At 0 it is the "
               "same."),
    )  # fmt: skip


def calculator_inputs(choose: session.Choices, year: YearOfOrders | None, *, alone: bool) -> None:
    """The numbers of the formula.

    year : what the file says; None: everything is typed
    alone : whether margin and discount are asked here, not beside the model
    """
    file = {} if year is None else {"aov": year.average_order_value, "orders": year.orders_per_year}
    if alone:
        value_margin(choose)
    starts = _("It starts at what your orders say; type another number to try it.") if file else ""
    number_input(choose, "aov", _("Order value"), file.get("aov"), 1.0,
            " ".join([_("Revenue ÷ purchases."), starts]))  # fmt: skip
    number_input(choose, "orders", _("Orders a year"), file.get("orders"), 0.1,
            " ".join([_("Of a customer who buys at all."), starts]))  # fmt: skip
    number_input(choose, "cac", _("Cost of acquiring one customer (CAC)"), None, 1.0,
            _("All sales and marketing cost ÷ new customers. No file of orders says it."))  # fmt: skip
    st.slider(
        _("Years a customer stays"), 0.5, MOST_YEARS, step=0.5, format="%g", key=choose.key("years"),
        persist_state="session",
        help=_("An assumption: no file can say how long customers will stay. 3 is a start, not a finding."),
    )  # fmt: skip
    st.slider(
        _("Retention a year, in %"), 0, 100, key=choose.key("retention"), persist_state="session",
        help=_("Of the customers of a year, how many are customers in the next. At 100 everybody stays all years."),
    )  # fmt: skip
    with st.expander(_("More numbers")):
        if alone:
            discount_input(choose)
        st.selectbox(
            _("When customers pay"), list(PAYMENTS), key=choose.key("payments"), format_func=CONVENTIONS.get,
            persist_state="session", help=_("Two conventions; with retention or discount their values differ."),
        )  # fmt: skip
        st.slider(
            _("Profit to keep, in % of the value"), 0, 99, key=choose.key("profit"), persist_state="session",
            help=_("What acquiring may cost is the value less this share."),
        )  # fmt: skip
        st.slider(
            _("What if each number were other by, in %"), 1, MOST_CHANGE, key=choose.key("change"),
            persist_state="session", help=_("For the picture of what moves the value most, and the list below it."),
        )  # fmt: skip


def number_input(choose: session.Choices, name: str, label: str, file: float | None, step: float, help: str) -> None:
    """An amount that starts at what the file says; only another one is a setting."""
    start = None if file is None or file != file else round(file, 2)
    now = start if choose[name] is None else choose[name]
    typed = st.number_input(
        label, 0.0, 1e9, now, step=step, format="%.2f", key=f"{choose.key(name)}.{choose.version}", help=help,
        placeholder=_("Type it"),
    )  # fmt: skip
    choose[name] = None if typed == start else typed


def example_button(choose: session.Choices) -> None:
    """Numbers to try the calculator with."""
    st.button(
        _("Try it with an example"), key="clv.example", icon=":material/lightbulb:", on_click=_take,
        args=[choose, EXAMPLE], help=_("50 an order, 4 orders a year, a margin of 30%, and 40 to acquire a customer."),
    )  # fmt: skip
