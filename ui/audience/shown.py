"""How large the audience is, what it brought in, how each condition narrows it; and keeping it."""

import streamlit as st

from insight.audiences.kept import lists_customers
from insight.audiences.reading import audience_reading
from insight.audiences.size import EVERYONE
from insight.charts.audiences import audience_steps
from insight.language import _, count, decimal, money, percent
from ui import link, session
from ui.audience.kept import keep
from ui.parts import draw
from ui.tables import number_table


def audience_shown(choose: session.Choices) -> session.Answer:
    """The audience in numbers. Raises InsightError where the tables cannot say."""
    rule = choose["rule"]
    answer = session.audience_answer(EVERYONE if rule is None else rule, choose["as_of"])
    result = answer.result
    if rule is None:
        st.markdown(_("These are **all {n} customers**. Add a condition to choose some.", n=count(result.n_all)))
    else:
        st.markdown(audience_reading(result))
    _metrics(result)
    if rule is not None:
        draw(answer, audience_steps, alt=_("Customers left after each condition."))
        numbers = st.expander(_("All numbers"), key="numbers.audience", on_change="rerun")
        if numbers.open:
            with numbers:
                number_table(result.steps)
    return answer


def _metrics(result) -> None:
    shown = {_("Customers"): count(result.n_customers), _("Of all"): percent(result.share)}
    if result.orders > 0:  # NA is not
        shown[_("Revenue so far")] = money(result.revenue, result.currency)
        shown[_("Of all revenue")] = percent(result.revenue_share)
        shown[_("Orders")] = count(result.orders)
        shown[_("Average order")] = money(result.average_order_value, result.currency)
        each = result.revenue / result.n_customers if result.n_customers else float("nan")
        shown[_("Revenue per customer")] = decimal(each)
    with st.container(horizontal=True, gap="medium"):
        for label, value in shown.items():
            st.metric(label, value, width="content")


def keep_it(choose: session.Choices) -> None:
    """Keep the audience under a name: the filter and the groups of every page then offer it."""
    if choose["rule"] is None:
        return
    with st.form("audiences.keep", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            _("Keep it as"), key="audiences.keep.name", max_chars=60, width="stretch",
            placeholder=_("A name of your own"),
            help=_("Every page of this visit offers it, as a filter and as a group. Next week’s file gives next "
                   "week’s customers. A name that is there already is replaced."),
        )  # fmt: skip
        asked = st.form_submit_button(_("Keep"), icon=":material/group_add:")
    if asked and keep(name, choose["rule"], choose["as_of"]):
        st.rerun()


def profile_link(choose: session.Choices) -> None:
    """To the page that compares groups of customers with the average, trait by trait: there this audience is one."""
    rule = choose["rule"]
    if rule is None or lists_customers(rule):
        return
    group = {"audience": _("this audience"), "rule": rule} | ({"as_of": choose["as_of"]} if choose["as_of"] else {})
    asked = {"show": "personas", "groups": "other", "group": link.encode(group)}
    st.page_link(
        "pages/decide/segments.py", label=_("How this audience differs from the average"),
        icon=":material/group_work:", query_params=session.address("segments") | asked,
    )  # fmt: skip
