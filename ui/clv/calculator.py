"""The calculator: what a new customer is worth by formula, with the numbers of the file or with typed ones."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from insight.charts import clv_formula_payback, clv_formula_tornado
from insight.clv import simple_clv
from insight.explain import clv_formula_raises, clv_formula_reading, simple_clv_reading
from insight.language import _
from ui import session
from ui.card import definition_card
from ui.clv.settings import calculator_inputs, example_button, of_formula, of_simple
from ui.clv.typed import draw_typed, take_typed_along
from ui.parts import draw, readable_errors
from ui.people import people_of_one
from ui.sections import Shown

OF_FILE = {"margin": None, "average_order_value": 1.0, "orders_per_year": 1.0}  # asks for what the file says, no more


def calculator(choose: session.Choices, table, *, alone: bool) -> Shown:
    """The formula on the visitor's orders. alone : whether the page has no model beside it."""
    answer_side, choice_side = st.columns([7, 3], gap="large")
    with choice_side, st.container(border=True):
        year = session.compute("clv_formula", table, OF_FILE).result.year
        calculator_inputs(choose, year, alone=alone)
    choose.publish()
    with answer_side:
        with readable_errors():
            answer = session.compute("clv_formula", table, of_formula(choose))
        st.markdown(clv_formula_reading(answer.result))
        definition_card(answer)
        if answer.result.simple is not None:
            _pictures(partial(draw, answer), clv_formula_raises(answer.result))
        _people(answer)
    return answer, clv_formula_tornado


def typed_calculator(choose: session.Choices) -> None:
    """The formula where all numbers are typed: for who has no orders here."""
    answer_side, choice_side = st.columns([7, 3], gap="large")
    with choice_side, st.container(border=True):
        calculator_inputs(choose, None, alone=True)
    choose.publish()
    with answer_side:
        if any(choose[name] is None for name in ("aov", "orders", "margin")):
            st.markdown(_("What is a new customer worth? Type your **order value**, **orders a year** and "
                          "**margin**, and what **acquiring** one costs. With your orders the page reads the first "
                          "two."))  # fmt: skip
            example_button(choose)
            return
        with readable_errors():
            found = simple_clv(**of_simple(choose))
        st.markdown(simple_clv_reading(found))
        _pictures(partial(draw_typed, found), clv_formula_raises(found))
        picture = partial(clv_formula_tornado, found)
        take_typed_along("clv", found.schedule, picture, "simple_clv", of_simple(choose))


def _pictures(draws: Callable, raises: str) -> None:
    st.subheader(_("What moves it most"), anchor=False)
    draws(clv_formula_tornado, alt=_("Net CLV with each number less and more."))
    st.markdown(raises)
    st.subheader(_("When it is paid back"), anchor=False)
    draws(clv_formula_payback, alt=_("Margin of a new customer less the cost of acquiring, over the years."))


def _people(answer: session.Answer) -> None:
    cells = {_("bought in the last year"): {"active": True}}
    cells[_("bought before, and not in the last year")] = {"active": False}
    if answer.result.year.earlier:
        cells[_("bought in the year before the last, and again in the last")] = {"kept": True}
        cells[_("bought in the year before the last, and not again in the last")] = {"kept": False}
    people_of_one(answer, _("The people behind these numbers"), cells)
