"""This visitor's data, results and settings: the only place of st.session_state, st.cache_* and st.query_params.

A page about one analysis reads like this::

    st.title(_("Funnel"))
    events = need("events")                                     # the visitor's table, or a friendly stop
    choose = session.settings("funnel", events,                 # the page's name; name=(default, what is allowed)
                              steps=(proposed_steps(session.sample(events)), funnel_of(events)),
                              within=("7D", WINDOWS))
    st.selectbox(_("Time allowed"), WINDOWS, key=choose.key("within"), persist_state="session", help=...)
    step_picker(choose, "steps", events)                        # an input of several widgets sets choose["steps"]
    choose.publish()                                            # now the address says what the page shows
    with readable_errors():
        answer = session.compute("funnel", events, choose.values())   # cached; answer.result is a Funnel
    draw(answer, funnel_bars, alt=_("Customers at each step"))
    definition_card(answer)                                     # its formula with the visitor's numbers
    take_away(answer, funnel_bars)

`session.table(kind)` is what every page sees: the visitor's table with the filter of the shell applied (some days, one
audience); `session.everyone(kind)` is the table as it was brought, of which rules are asked and choices are offered.

A setting is what the visitor chose in this session, else what the link says, else the default; a value that is not
allowed (any more) becomes the default. An uploaded table lives in this session only, under its fingerprint: Streamlit
never hashes a table (above 50,000 rows it would look at a sample only). Samples are public and read once per process;
so are sources, which whoever runs the server set up: opened once, counted where their rows are, for all visitors.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import server
from ui.session.address import address, all_settings, arrive, notice, publish, restore_settings, wanted
from ui.session.audiences import (
    audience_answer,
    audiences,
    drop_audience,
    export_answer,
    forget_sizes,
    in_words,
    keep_audience,
    name_of,
    restore_audiences,
    saved_audiences,
)
from ui.session.choices import Choices, settings
from ui.session.data import (
    Dataset,
    content_of,
    contents,
    current,
    drop_upload,
    forget_joined,
    leave_source,
    memory,
    read_anew,
    samples_of,
    source_problem,
    source_to_open,
    uploads,
    use_sample,
    use_source,
    use_upload,
    use_uploads,
)
from ui.session.holdings import active, answers, cells, forget_holdings, sample
from ui.session.results import Answer, compute, follow, forget_results, people, rule_for, spec
from ui.session.selection import (
    clear_selection,
    columns_of,
    everyone,
    everything,
    extent,
    filter_chosen,
    filter_key,
    marked,
    restore_selection,
    select,
    selection,
    table,
)
from ui.session.sources import is_source, offers, open_source, opened, opened_on

__all__ = [
    "Answer",
    "Choices",
    "Dataset",
    "active",
    "address",
    "answers",
    "all_settings",
    "arrive",
    "audience_answer",
    "audiences",
    "cells",
    "clear_selection",
    "columns_of",
    "compute",
    "content_of",
    "contents",
    "current",
    "drop_audience",
    "drop_upload",
    "everyone",
    "everything",
    "export_answer",
    "extent",
    "filter_chosen",
    "filter_key",
    "follow",
    "forget",
    "forget_results",
    "in_words",
    "is_source",
    "keep_audience",
    "leave_source",
    "marked",
    "memory",
    "name_of",
    "notice",
    "offers",
    "open_source",
    "opened",
    "opened_on",
    "people",
    "publish",
    "read_anew",
    "restore_audiences",
    "restore_selection",
    "restore_settings",
    "rule_for",
    "sample",
    "samples_of",
    "saved_audiences",
    "select",
    "selection",
    "settings",
    "source_problem",
    "source_to_open",
    "spec",
    "start",
    "table",
    "uploads",
    "use_sample",
    "use_source",
    "use_upload",
    "use_uploads",
    "wanted",
]


def start() -> None:
    """Begin a run of the app: make the process ready (the first run pays, once), let go of widgets that are gone."""
    server.prepare()
    _let_go_of_widgets_that_are_gone()


def forget() -> None:
    """Clear the visitor's tables, results, settings and link: nothing of their data is left in this process."""
    forget_results()
    forget_joined()
    forget_holdings()
    forget_sizes()
    for key in list(st.session_state):
        del st.session_state[key]
    run = get_script_run_ctx()
    run.uploaded_file_mgr.remove_session_files(run.session_id)
    st.query_params.clear()


def _let_go_of_widgets_that_are_gone() -> None:
    """Release what Streamlit keeps for the whole session: the callbacks and formats of widgets that were shown once.

    A function of a page holds all names of that page, the visitor's table among them. There is no public way.
    """
    widgets = getattr(getattr(get_script_run_ctx().session_state, "_state", None), "_new_widget_state", None)
    if widgets is not None:
        for gone in set(widgets.widget_metadata) - set(widgets.states):
            del widgets.widget_metadata[gone]
