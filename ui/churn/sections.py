"""What follows the picture on the Churn page, one section a tab. Only the open one computes anything."""

from datetime import date

import pandas as pd
import streamlit as st

from insight.charts import churn_groups_dots, churn_trend_line, propensity_deciles_bars
from insight.churn import TOO_FEW
from insight.language import _, _n, count, day, percent
from ui import session
from ui.churn.contracts import contracts, needs_contracts
from ui.churn.settings import FEATURES, PERIODS, contract_table, days_of
from ui.parts import draw
from ui.people import people_of_one
from ui.sections import Section, Shown, figure
from ui.tables import number_table

SHARES = (0.05, 0.1, 0.2, 0.5)  # of the customers, to take along by their chance


def people(answer: session.Answer) -> None:
    """The people behind the numbers of the first picture."""
    found = answer.result
    days = _n("{n} day", "{n} days", found.silent_days, n=count(found.silent_days))
    more = _n("{n} day", "{n} days", found.horizon_days, n=count(found.horizon_days))
    cells = {
        _("have been silent for {days} or more", days=days): {"inactive": True},
        _("have been active in the last {days}, of those known so long", days=days): {"inactive": False},
        _("came back within {more} after {days} of silence", more=more, days=days): {"came_back": True},
        _("did not come back within {more} after {days} of silence", more=more, days=days): {"came_back": False},
        _("came less than {days} ago", days=days): {"too_new": True},
    }
    if found.groups is not None:
        for group in found.groups["group"]:
            said = _("of {group} have been silent for {days} or more", group=group, days=days)
            cells[said] = {"inactive": True, "group": group}
    people_of_one(answer, _("The people behind these numbers"), cells)


def _rated(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the rates of fewer than TOO_FEW customers."""
    few = table["n_customers"] < TOO_FEW
    rates = [name for name in table if name.endswith("_share") or name in ("ci_low", "ci_high")]
    return table.assign(**{name: table[name].mask(few) for name in rates})


def _trend(choose: session.Choices, answer: session.Answer) -> Shown:
    st.segmented_control(
        _("One point for each"), list(PERIODS), key=choose.key("period"), required=True, format_func=PERIODS.get,
        persist_state="session", help=_("On the last day of each period all customers are looked at anew."),
    )  # fmt: skip
    draw(answer, churn_trend_line, alt=_("Share of customers who are silent, over time."))
    rows = _rated(answer.result.periods)
    number_table(rows.assign(day=[day(date.fromisoformat(one)) for one in rows["day"]]))
    return answer, churn_trend_line


def _groups(choose: session.Choices, answer: session.Answer) -> Shown:
    if answer.result.groups is None:
        st.markdown(_("Choose under “Compare groups” what to compare: a column of the file, or an audience you kept."))
        return None
    draw(answer, churn_groups_dots, alt=_("Share of each group that is silent."))
    st.markdown(":small[" + _("Groups were not drawn by lot: that one is silent more often does not say why.") + "]")
    number_table(_rated(answer.result.groups))
    return answer, churn_groups_dots


def _chances(choose: session.Choices, answer: session.Answer) -> Shown:
    st.segmented_control(
        _("What the model looks at"), list(FEATURES), key=choose.key("features"), required=True,
        format_func=FEATURES.get, persist_state="session",
        help=_("How often and how long ago; or also how long known, and how much was bought."),
    )  # fmt: skip
    activity = {"activity": choose["activity"]} if answer.table.kind == "events" and choose["activity"] else {}
    horizon = {"horizon": days_of(choose["horizon"])} if choose["horizon"] else {}
    features = {"features": choose["features"]} if choose["features"] != "few" else {}
    chances = session.compute("propensity", answer.table, {**horizon, **features, **activity})
    shown = figure(chances, propensity_deciles_bars)
    numbers = st.expander(_("The models compared"), key="numbers.models", on_change="rerun")
    if numbers.open:
        with numbers:
            number_table(chances.result.models)
    cells = {_first_of(share): {"top": share} for share in SHARES}
    cells |= {_last_of(share): {"bottom": share} for share in SHARES}
    people_of_one(chances, _("The people by their chance"), cells)
    return shown


def _first_of(share: float) -> str:
    return _("have the highest chances to come back, the first {share}", share=percent(share, 0))


def _last_of(share: float) -> str:
    return _("have the lowest chances to come back, the last {share}", share=percent(share, 0))


def _contracts(choose: session.Choices, answer: session.Answer) -> Shown:
    table, proposed = contract_table({kind: session.table(kind) for kind in ("customers", "events")})
    if table is None:
        needs_contracts()
        return None
    return contracts(choose, table, proposed)


SECTIONS = {
    "chances": Section(_("Who comes back"), _chances),
    "trend": Section(_("Over time"), _trend),
    "groups": Section(_("Groups"), _groups),
    "contracts": Section(_("Contracts"), _contracts),
}
