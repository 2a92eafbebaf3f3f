"""Contracts on the page: renewals to expect, of a file that knows when contracts began and ended, or of numbers."""

import re
from functools import partial

import streamlit as st

from insight.charts import contract_renewals_curve
from insight.errors import InsightError
from insight.explain import contract_renewals_reading
from insight.language import _
from insight.renewals import renewals_of_survivors
from ui import session
from ui.churn.contracts import contract_inputs, needs_contracts
from ui.churn.settings import contract_table
from ui.clv.settings import AHEAD, LONGEST_TEXT, PERIODS, number_input, value_margin
from ui.clv.typed import draw_typed, take_typed_along
from ui.parts import readable_errors
from ui.people import people_of_one
from ui.sections import Shown, figure

HIGH_END = "1000, 869, 743, 653, 593, 551, 517, 491"  # Fader & Hardie 2007
FILE, TYPED = "file", "typed"
FEWEST = 3  # typed numbers


def contracts(choose: session.Choices, *, alone: bool) -> Shown:
    """Renewals to expect. alone : whether the margin is asked here, not beside the model"""
    table, proposed = contract_table({kind: session.table(kind) for kind in ("customers", "events")})
    answer_side, choice_side = st.columns([7, 3], gap="large")
    asked = None
    with choice_side, st.container(border=True):
        typed = table is None or _is_typed(choose, bool(proposed))
        if typed:
            _survivors(choose)
        else:
            asked = contract_inputs(choose, table, proposed, groups=False)
        _inputs(choose, alone=alone)
    choose.publish()
    with answer_side, readable_errors(stop=False):
        if typed:
            _of_typed(choose)
        elif asked is None:
            needs_contracts(table.kind)
        else:
            return _of_file(session.compute("contract_renewals", table, asked | _chosen(choose)))
    return None


def _is_typed(choose: session.Choices, knows: bool) -> bool:
    """Whether numbers are typed although there is a file; at first where the file seems to know of no contract."""
    first = FILE if (knows or choose["contract"]) and not choose["survivors"] else TYPED
    chosen = st.segmented_control(
        _("The numbers are"), [FILE, TYPED], default=first, required=True,
        key=f"{choose.key('contract')}.{choose.version}.of", format_func={FILE: _("In my file"), TYPED: _("Typed")}.get,
        help=_("A file with a row for each contract, or the numbers of one cohort."),
    )  # fmt: skip
    return chosen == TYPED


def _survivors(choose: session.Choices) -> None:
    choose["survivors"] = st.text_input(
        _("Customers still there, period by period"), choose["survivors"], max_chars=LONGEST_TEXT,
        key=f"{choose.key('survivors')}.{choose.version}", placeholder="1000, 869, 743, …",
        help=_("Of one cohort: how many began, how many were there a period later, and so on. Three numbers or more."),
    )  # fmt: skip


def _inputs(choose: session.Choices, *, alone: bool) -> None:
    st.segmented_control(
        _("A contract is renewed each"), list(PERIODS), key=choose.key("period"), required=True,
        format_func=PERIODS.get, persist_state="session",
        help=_("The time from one payment to the next."),
    )  # fmt: skip
    st.selectbox(
        _("Periods to look ahead"), AHEAD, key=choose.key("ahead"), persist_state="session",
        help=_("Payments within so many periods are added up."),
    )  # fmt: skip
    number_input(choose, "payment", _("Payment of a period"), None, 1.0, _("What a customer pays at each renewal."))
    if alone:
        value_margin(choose)


def _chosen(choose: session.Choices) -> dict[str, object]:
    """The settings as `contract_renewals` takes them, those that are not the usual ones."""
    asked = {"horizon": choose["ahead"]} if choose["ahead"] != 12 else {}
    asked |= {"period": choose["period"]} if choose["period"] != "month" else {}
    asked |= {"annual_discount": choose["discount"] / 100} if choose["discount"] else {}
    if choose["payment"] is not None and choose["margin"] is not None:
        asked |= {"payment": choose["payment"], "margin": choose["margin"]}
    return asked


def _of_file(answer: session.Answer) -> Shown:
    shown = figure(answer)
    cells = {_("have a contract that runs"): {"ended": False}, _("have a contract that is over"): {"ended": True}}
    people_of_one(answer, _("The people behind these numbers"), cells)
    return shown


def _of_typed(choose: session.Choices) -> None:
    if not choose["survivors"].strip():
        st.markdown(_("How long will customers with a contract stay, and how many payments will they make? Type how "
                      "many of a cohort were still there after each period."))  # fmt: skip
        st.button(
            _("Try it with an example"), key="clv.survivors.example", icon=":material/lightbulb:", on_click=_example,
            args=[choose], help=_("A published cohort of 1,000 over seven years: {numbers}", numbers=HIGH_END),
        )  # fmt: skip
        return
    settings = {"survivors": _numbers(choose["survivors"]), "period": choose["period"], "horizon": choose["ahead"]}
    settings |= _chosen(choose)
    found = renewals_of_survivors(**settings)
    st.markdown(contract_renewals_reading(found))
    draw_typed(found, contract_renewals_curve, alt=_("Contracts still there, as seen and told ahead."))
    picture = partial(contract_renewals_curve, found)
    take_typed_along("renewals", found.periods, picture, "renewals_of_survivors", settings)


def _example(choose: session.Choices) -> None:
    choose["survivors"], choose["period"], choose["ahead"] = HIGH_END, "year", 5
    choose.renew()


def _numbers(text: str) -> list[int]:
    """Whole numbers, apart by commas, semicolons or blanks. Raises InsightError for anything else."""
    parts = [part for part in re.split(r"[;,\s]+", text.strip()) if part]
    if len(parts) < FEWEST or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise InsightError(_("Type three whole numbers or more, apart by commas: how many of a cohort were still there "
                             "after each period."))  # fmt: skip
    return [int(part) for part in parts]
