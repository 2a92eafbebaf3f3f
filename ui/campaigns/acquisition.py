"""What became of the customers whom campaigns acquired: value by day, LTV to CAC, payback, and who they are."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from insight.acquisition import CohortRoas
from insight.acquisition.costs import ROWS_AS
from insight.acquisition.following import HORIZONS, columns_for
from insight.acquisition.origin import sources_with
from insight.acquisition.words import SOURCES, why_missing
from insight.errors import UnknownValue
from insight.language import _, count, decimal, plain
from ui import session
from ui.campaigns.currency import rates_input
from ui.campaigns.settings import AUTO
from ui.campaigns.shown import show_table
from ui.people import people_of_one
from ui.sections import Shown, figure

MOST_NAMES = 12  # campaigns whose people are offered
ROWS = {
    "auto": _("as their dates say"),
    "days": _("a day"),
    "periods": _("a week or month"),
    "totals": _("a whole campaign"),
}
NO_ORIGIN = {"order_id", "customer_id", "order_date", "timestamp", "amount", "amount_minor", "event", "sequence"}


def value_section(choose: session.Choices, answer: session.Answer) -> Shown:
    """ROAS of acquired customers by day, and the two rankings."""
    orders = orders_or_hint()
    if orders is None:
        return None
    with st.grid(3, min_column_width=200):
        st.selectbox(
            _("Later value until"), [AUTO, *HORIZONS], key=choose.key("at"), persist_state="session",
            format_func=lambda days: _("as long as two can be followed") if days == AUTO else
            _("day {n}", n=count(days)),
            help=_("Days after the first order. Only customers who could be followed so long count, and the spend of "
                   "the days on which they came."),
        )  # fmt: skip
        origin_inputs(choose, orders, answer.result.by)
        rows_as = rows_input(choose)
    asked = shared_settings(choose, answer, orders) | rows_as | ({} if choose["at"] == AUTO else {"at": choose["at"]})
    found = followed("cohort_roas", orders, {"margin": choose["margin"], **asked})
    shown = figure(found)
    st.subheader(_("Day by day"), anchor=False)
    st.markdown(_("ROAS of acquired customers by each day, with its interval, and how many could be followed."))
    show_table(_by_day(found.result), _("ROAS of acquired customers by day"))
    _same_names(choose, found.result)
    people_of_rows(found, lambda name: {_("were acquired by {name}", name=name): {"acquired_by": name}})
    return shown


def people_of_rows(found: session.Answer, cells_of: Callable[[str], dict], at: str = "") -> None:
    """The customers behind each row. `cells_of` : a name -> what its customers did, in words -> their address."""
    rows = found.result.rows
    names = rows[rows["n_customers"] > 0][found.result.by].drop_duplicates().head(MOST_NAMES)
    cells = {words: cell for name in names for words, cell in cells_of(name).items()}
    people_of_one(found, _("The people behind these numbers"), cells, at)


def orders_or_hint():
    """All orders; None where there are none, which is said."""
    orders = session.everyone("orders")
    if orders is None:
        st.markdown(_("What customers brought in later needs a table of **orders** beside the campaigns: add it on the "
                      "Data page."))  # fmt: skip
    return orders


def followed(name: str, orders, asked: dict[str, object]) -> session.Answer:
    """An analysis of acquisition, of the tables as they were brought.

    Of some days only, old customers would look new; and of an audience the spend is not known.
    """
    if session.selection():
        st.markdown(":small[" + _("The filter is left out here: who is new can only be told from all orders, and what "
                                  "was spent is known for all customers together.") + "]")  # fmt: skip
    tables = {kind: session.everyone(kind) for kind in ("campaigns", "events", "customers")}
    return _known_names(name, orders, asked, {kind: own for kind, own in tables.items() if own is not None})


def _known_names(name: str, orders, asked: dict[str, object], tables: dict) -> session.Answer:
    """The analysis; what the visitor said of names that another column has, and this one has not, is left out."""
    try:
        return session.compute(name, orders, asked, tables)
    except UnknownValue as problem:
        if problem.setting != "same":
            raise
        st.markdown(":small[" + _("{name} is no name here: what you said of it is left out.",
                                  name=plain(problem.value)) + "]")  # fmt: skip
        rest = {one: other for one, other in asked["same"].items() if problem.value not in (one, other)}
        others = {key: value for key, value in asked.items() if key != "same"}
        return _known_names(name, orders, others | ({"same": rest} if rest else {}), tables)


def _others() -> dict[str, object]:
    return {kind: session.everyone(kind) for kind in ("events", "customers")}


def origin_inputs(choose: session.Choices, orders, by: str) -> None:
    """Which table says how customers came, where there is a choice; and at what rate spend is counted."""
    others = _others()
    if not sources_with(by, orders, others):
        offered = [name for name in columns_for(orders, others) if name not in NO_ORIGIN]
        st.selectbox(
            _("Which column says it?"), [AUTO, *offered], key=choose.key("column"), persist_state="session",
            format_func=lambda name: _("Choose a column") if name == AUTO else name,
            help=_("Neither orders nor events have a column {by}: name the one that says how a customer came.",
                   by=plain(by)),
        )  # fmt: skip
    elif choose["column"] != AUTO:
        choose["column"] = AUTO
    there = sources_with(by if choose["column"] == AUTO else choose["column"], orders, others)
    if choose["came"] not in there:
        choose["came"] = AUTO
    if len(there) > 1:
        st.selectbox(
            _("How a customer came is said by"), [AUTO, *there[1:]], key=choose.key("came"), persist_state="session",
            format_func=lambda source: SOURCES[there[0] if source == AUTO else source],
            help=_("The first order names what closed it; the first touch what began it."),
        )  # fmt: skip


def rows_input(choose: session.Choices) -> dict[str, object]:
    """What a row of the campaigns stands for, as the analyses take it."""
    rows_as = st.selectbox(
        _("A row of the campaigns is"), ROWS_AS, key=choose.key("rows_as"), persist_state="session",
        format_func=ROWS.get,
        help=_("Whether its spend is that of its day, is spread over its week or month, or is all of a campaign. The "
               "dates say totals where no campaign has two, and periods where they are regular weeks or months."),
    )  # fmt: skip
    return {} if rows_as == "auto" else {"rows_as": rows_as}


def shared_settings(choose: session.Choices, answer: session.Answer, orders) -> dict[str, object]:
    """What both analyses know: as the page counts, and how the orders and the campaigns belong together."""
    asked = {name: answer.settings[name] for name in ("extra_cost", "level") if name in answer.settings}
    by = answer.result.by
    asked |= {"by": by} if by != "channel" else {}
    asked |= {name: choose[own] for name, own in {"source": "came", "column": "column"}.items() if choose[own] != AUTO}
    known = {pair["written_as"]: pair["counted_as"] for pair in choose["same"]}
    asked |= {"same": known} if known else {}
    return asked | _rates(choose, answer, orders)


def _rates(choose: session.Choices, answer: session.Answer, orders) -> dict[str, object]:
    """The rates at which spend is counted in the currency of the orders, asked for where there is a difference."""
    there, wanted = answer.table.currencies or [], orders.facts.currencies
    if len(wanted) != 1 or not set(there) - set(wanted):
        return {}
    if choose["rates"] and set(choose["rates"]) == set(there) - set(wanted):
        return {"rates": choose["rates"]}
    rates_input(choose, "order_rates", there, wanted[0])
    return {"rates": choose["order_rates"]} if choose["order_rates"] else {}


def _same_names(choose: session.Choices, result: CohortRoas) -> None:
    """Names that are nearly the same: the visitor says whether they are."""
    rows = result.names[result.names["suggestion"] != ""]
    near = [{"written_as": one, "counted_as": other} for one, other in rows[["written_as", "suggestion"]].to_numpy()]
    options = [*choose["same"], *(pair for pair in near if pair not in choose["same"])]
    if not options:
        return
    chosen = st.multiselect(
        _("Are these the same?"), options, choose["same"], key=f"{choose.key('same')}.{choose.version}",
        format_func=lambda pair: _("{one} = {other}", one=pair["written_as"], other=pair["counted_as"]),
        placeholder=_("No"), help=_("Names of the orders that may be a campaign under another name."),
    )  # fmt: skip
    if chosen != choose["same"]:
        choose["same"] = chosen
        st.rerun()


def _by_day(result: CohortRoas) -> pd.DataFrame:
    """The ROAS of each campaign at each horizon, in words; all together at the end."""
    total = result.total.assign(**{result.by: _("All together")})
    rows = pd.concat([result.rows, total[result.rows.columns]], ignore_index=True)
    shown = pd.DataFrame({plain(result.by).capitalize(): rows[result.by].drop_duplicates()})
    for days in result.total["days_after"][result.total["roas_why"] != "not_observed"]:
        own = rows[rows["days_after"] == days].set_index(result.by)
        shown[_("Day {n}", n=count(days))] = [_roas(own.loc[name]) for name in shown.iloc[:, 0]]
    return shown


def _roas(row: pd.Series) -> str:
    if row["roas"] != row["roas"]:
        return why_missing(row["roas_why"])
    n = count(row["n_customers"])
    if row["roas_low"] != row["roas_low"]:
        return _("{value} · {n}", value=decimal(row["roas"]), n=n)
    ends = {"low": decimal(max(row["roas_low"], 0.0)), "high": decimal(row["roas_high"])}
    return _("{value} ({low} to {high}) · {n}", value=decimal(row["roas"]), n=n, **ends)
