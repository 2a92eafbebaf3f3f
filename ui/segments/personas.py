"""Profiles and personas on the Segments page: what a group is like beside everybody, and a card made of it."""

from functools import partial

import pandas as pd
import streamlit as st

from insight.charts import profile_index
from insight.clusters.profile import Profile
from insight.explain import profile_persona, profile_reading
from insight.explain.profile import line_in_words, persona_warning, renamed
from insight.language import _, count, interval, percent, plain
from ui import session
from ui.card import definition_card
from ui.groups import group_picker, grouped
from ui.parts import draw, readable_errors
from ui.people import people_of_one
from ui.sections import Shown
from ui.segments.clusters import GROUPS, asked_clusters, day_of, table_input, table_of
from ui.segments.tables import text_table
from ui.tables import number_table
from ui.take_away import download

OF_WHAT = {"segments": _("RFM segments"), "clusters": _("Clusters"), "other": _("A column or an audience")}


def personas_section(choose: session.Choices, *answers: session.Answer) -> Shown:
    """What the groups are like, and the persona of one of them. answers : of `rfm`, where there are orders."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
            table_input(choose)
            table = table_of(choose)
            _groups_input(choose, table)
        if choose["groups"] == "other":
            everyone = session.everyone(table.kind)
            group_picker(
                choose, "group", everyone, help=_("Each customer is in the group that most of their rows say.")
            )
    with readable_errors(stop=False):
        asked = _asked(choose, table, *answers)
        if asked is None:
            st.markdown(_("Choose under “Compare groups” what to compare: a column of the file, or an audience."))
            return None
        return _answered(choose, session.compute("profile", *asked))
    return None


def _groups_input(choose: session.Choices, table) -> None:
    possible = [name for name in GROUPS if name != "segments" or table.kind == "orders"]
    if choose["groups"] not in possible:
        choose["groups"] = possible[0]
    st.segmented_control(
        _("Groups"), possible, key=choose.key("groups"), required=True, format_func=OF_WHAT.get,
        persist_state="session", help=_("Segments and clusters are those of this page, as they are set there."),
    )  # fmt: skip


def _asked(choose: session.Choices, table, *answers: session.Answer) -> tuple[object, dict[str, object]] | None:
    """The table and the settings of the profile; None where nothing is chosen yet."""
    day = day_of(choose, table)
    if choose["groups"] == "segments":
        own = {name: value for name, value in answers[0].settings.items() if name not in ("customers", "as_of")}
        return table, {"by": {"segments": own}, **day}
    if choose["groups"] == "clusters":
        own = {name: value for name, value in asked_clusters(choose, table).items() if name != "as_of"}
        return table, {"by": {"clusters": own}, **day}
    if choose["group"] is None:
        return None
    marked, by = grouped(table, session.everyone(table.kind), choose["group"])
    return marked, {"by": by, **day}


def _answered(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    st.markdown(profile_reading(result))
    definition_card(answer)
    draw(answer, profile_index, alt=_("What is more and what is less common in each group."))
    _persona(choose, answer)
    numbers = st.expander(_("All numbers"), key="numbers.profile", on_change="rerun")
    if numbers.open:
        with numbers:
            for table in (result.groups, result.shares, result.numbers):
                if len(table):
                    number_table(table)
    return answer, profile_index


def _persona(choose: session.Choices, answer: session.Answer) -> None:
    result = answer.result
    names = result.groups["group"][~result.groups["is_hidden"]].tolist()
    st.subheader(_("Persona"), anchor=False)
    if choose["persona"] not in names:
        choose["persona"] = next((name for name in names if (result.lines["group"] == name).any()), names[0])
    group = st.selectbox(
        _("Of which group"), names, names.index(choose["persona"]),
        key=f"{choose.key('persona')}.{choose.version}.{answer.settings['by']!r}",
        help=_("A persona stands for a group. Here every line is an observed share: no invented name, age or face."),
    )  # fmt: skip
    choose["persona"] = group
    with st.container(border=True):
        _card(result, group)
    text = profile_persona(result, group)
    with st.expander(_("The persona as text, to copy"), icon=":material/content_copy:"):
        st.code(text, language=None, wrap_lines=True)
    words = _("The card as text, with the evidence of each line.")
    download(_("Persona (text)"), partial(str.encode, text), "persona.txt", "segments.persona.txt", words)
    cells = {_("are in {group}", group=group): {"group": group}}
    if result.groups.set_index("group").loc[group, "n_matching"] >= result.minimum:
        cells[_("are in {group} and match all lines", group=group)] = {"group": group, "matching": True}
    shown = result.shares[(result.shares["group"] == group) & ~result.shares["is_hidden"]]
    for row in shown.itertuples():
        said = _("are in {group} and have {trait} {value}", group=group, trait=row.trait, value=row.trait_value)
        cells[said] = {"group": group, "trait": row.trait, "trait_value": row.trait_value}
    people_of_one(answer, _("The people of a group"), cells)


def _card(result: Profile, group: str) -> None:
    """The card: what sets the group apart, with the evidence of each line, and how many have all of it."""
    row = result.groups.set_index("group").loc[group]
    lines = renamed(result.lines[result.lines["group"] == group])
    values = {"n": count(row["n_customers"]), "share": percent(row["group_share"])}
    st.markdown(f"### {plain(group)} :gray-badge[{_('illustrative')}]")
    st.markdown(_("{n} customers, {share} of all.", **values))
    if lines.empty:
        st.text(profile_persona(result, group).splitlines()[-1])
        return
    text_table(
        pd.DataFrame(
            {
                _("Line"): [line_in_words(result, line, markdown=False) for line in lines.itertuples()],
                _("In the segment"): [percent(line.share) for line in lines.itertuples()],
                _("Index, all = 100"): [count(line.index_) for line in lines.itertuples()],
                _("Interval"): [interval(line.ci_low, line.ci_high) for line in lines.itertuples()],
                _("Customers"): [
                    _("{n} of {known}", n=count(line.n_customers), known=count(line.n_known))
                    for line in lines.itertuples()
                ],
            }
        ),
        _("The lines of the persona, with their evidence"),
    )
    st.markdown(f"**{persona_warning(result, group)}**")
