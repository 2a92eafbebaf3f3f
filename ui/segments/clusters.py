"""Clusters on the Segments page: by what customers are compared, in how many groups, and what each is like."""

import streamlit as st

from insight.charts import clusters_evidence, clusters_map, clusters_profile
from insight.clusters.evidence import MOST
from insight.clusters.known import names_of
from insight.clusters.names import cluster_name
from insight.clusters.settings import MOST_FEATURES, usual_features
from insight.clusters.words import feature_name
from insight.explain import clusters_reading
from insight.language import _, count
from ui import session
from ui.card import definition_card
from ui.groups import is_audience, names_few
from ui.parts import draw, readable_errors
from ui.people import people_of_one
from ui.sections import Shown
from ui.segments.group_worth import group_worth
from ui.tables import number_table

KINDS = ["orders", "events", "customers"]  # tables that say something of customers, the first is the usual one
OF = {"orders": _("Purchases"), "events": _("Events"), "customers": _("The table of customers")}
AUTO = "auto"
GROUPS = ("segments", "clusters", "other")  # what profiles can be of


def comparison_settings(kinds: list[str] = KINDS) -> dict[str, tuple]:
    """The settings of clusters and profiles, for the page's own. kinds : of tables, the usual one first"""
    return {
        "of": (kinds[0], list(kinds)),
        "features": ([], lambda names: isinstance(names, list) and all(isinstance(name, str) for name in names)),
        "k": (AUTO, [AUTO, *range(2, MOST + 1)]),
        "apart": (True, [True, False]),
        "groups": ("segments" if "orders" in kinds else "clusters", list(GROUPS)),
        "group": (None, lambda by: by is None or names_few(by) and (is_audience(by) or isinstance(by, str | dict))),
        "persona": (None, lambda name: name is None or isinstance(name, str)),
    }


def tables() -> dict[str, object]:
    """The tables that customers can be compared by, as every page sees them, by kind."""
    return {kind: table for kind in KINDS if (table := session.table(kind)) is not None}


def table_of(choose: session.Choices):
    """The table that customers are compared by."""
    found = tables()
    return found.get(choose["of"]) or next(iter(found.values()))


def table_input(choose: session.Choices) -> None:
    """Which table says what customers are like, where there are several."""
    found = list(tables())
    if choose["of"] not in found:
        choose["of"] = found[0]
    if len(found) > 1:
        st.segmented_control(
            _("Compare customers by"), found, key=choose.key("of"), required=True, format_func=OF.get,
            persist_state="session",
            help=_("What they bought, what they did, or who they are: each table tells something else of them."),
        )  # fmt: skip


def asked_clusters(choose: session.Choices, table) -> dict[str, object]:
    """The settings as `clusters` takes them, those that are not the usual ones."""
    allowed = names_of(table, table.kind)
    features = [name for name in choose["features"] if name in allowed]
    asked: dict[str, object] = {"features": features} if features else {}
    asked |= {"k": choose["k"]} if choose["k"] != AUTO else {}
    asked |= {"one_time": "together"} if not choose["apart"] and table.kind != "customers" else {}
    return asked | day_of(choose, table)


def day_of(choose: session.Choices, table) -> dict[str, str]:
    """The last day, where the page's is one of this table."""
    return {"as_of": choose["as_of"]} if table.kind == "orders" and choose["as_of"] is not None else {}


def clusters_section(choose: session.Choices, *_answer: object) -> Shown:
    """Everything that is said of clusters."""
    picture, side = st.columns([7, 3], gap="large")
    with side, st.container(border=True), readable_errors(stop=False):
        table_input(choose)
        table = table_of(choose)
        _inputs(choose, table)
    with picture, readable_errors(stop=False):
        return _answered(choose, session.compute("clusters", table, asked_clusters(choose, table)))
    return None


def _inputs(choose: session.Choices, table) -> None:
    allowed = names_of(table, table.kind)
    usual = _usual(choose, table)
    now = [name for name in choose["features"] if name in allowed] or usual
    chosen = st.multiselect(
        _("Features"), allowed, now, key=f"{choose.key('features')}.{choose.version}.{table.kind}",
        format_func=feature_name, max_selections=MOST_FEATURES,
        help=_("What makes two customers alike. Each counts the same; two that say nearly the same count double."),
    )  # fmt: skip
    choose["features"] = [] if chosen == usual else chosen
    st.selectbox(
        _("Number of clusters"), [AUTO, *range(2, MOST + 1)], key=choose.key("k"), persist_state="session",
        format_func=lambda k: _("As the evidence says") if k == AUTO else count(k),
        help=_("The number that comes out again when customers are drawn anew, and lies furthest apart; or yours."),
    )  # fmt: skip
    if table.kind != "customers":
        labels = {"orders": _("Keep customers with one order apart"), "events": _("Keep customers of one day apart")}
        st.toggle(
            labels[table.kind], key=choose.key("apart"), persist_state="session",
            help=_("They are so many and so alike that they would be found as a cluster again and again."),
        )  # fmt: skip


def _usual(choose: session.Choices, table) -> list[str]:
    """What is compared where nobody chooses; found once, as it may take a pass over all rows."""
    memory, key = session.memory(choose.page), f"usual.{table.fingerprint}"
    if key not in memory:
        memory[key] = usual_features(table, table.kind)
    return memory[key]


def _answered(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    st.markdown(clusters_reading(result))
    definition_card(answer)
    if result.k is not None:
        draw(answer, clusters_profile, alt=_("What each cluster is like."))
        cells = {_people_words(number, result): {"cluster": int(number)} for number in result.sizes["cluster"]}
        if result.n_missing:
            cells[_("have no value of some feature")] = {"missing": True}
        people_of_one(answer, _("The people of a cluster"), cells)
    st.subheader(_("Why this number"), anchor=False)
    draw(answer, clusters_evidence, alt=_("What speaks for each number of clusters."))
    if result.k is not None:
        _more(choose, answer)
    return answer, clusters_profile if result.k is not None else clusters_evidence


def _people_words(number: int, result) -> str:
    if not number:
        return _("ordered once") if result.kind == "orders" else _("came on one day only")
    return _("are in cluster {number}", number=number)


def _more(choose: session.Choices, answer: session.Answer) -> None:
    """The map, what the clusters are expected to bring, and all numbers."""
    result = answer.result
    if not result.places.empty:
        st.subheader(_("Where they lie"), anchor=False)
        draw(answer, clusters_map, alt=_("The clusters on two features."))
    st.subheader(_("What they are expected to bring"), anchor=False)
    names = {number: cluster_name(number, result.kind) for number in result.sizes["cluster"]}
    groups = result.customers[["customer_id"]].assign(group=result.customers["cluster"].map(names))
    group_worth(choose, answer, groups, _("Cluster"))
    numbers = st.expander(_("All numbers"), key="numbers.clusters", on_change="rerun")
    if numbers.open:
        with numbers:
            number_table(result.sizes.dropna(axis="columns", how="all"))
            number_table(result.profile.assign(feature=result.profile["feature"].map(feature_name)))
            number_table(result.evidence)
            number_table(result.features)
