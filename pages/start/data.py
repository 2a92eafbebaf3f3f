"""Data: bring a file or open a sample, see what was understood of it, and go on."""

import streamlit as st

from insight.catalog import catalog
from insight.language import _, plain
from insight.tables import AmbiguousDates, samples
from insight.text import essay
from ui import session
from ui.files import TYPES, day_or_month_first, facts, findings, read_it_right, take_in
from ui.parts import main_button, problem_box, reason_against, size

memory = session.memory("data")
memory.setdefault("opened", 0)


def bring_a_file() -> None:
    upload = st.file_uploader(
        _("A table of events, orders or campaigns"),
        TYPES,
        key=f"data.upload.{memory['opened']}",  # a new key after each file drops the widget's own copy of it
        help=_("CSV, Excel, Parquet or JSON. Separators, encodings, dates and columns are recognised."),
    )
    st.markdown(
        ":small[:material/lock: "
        + _("Your file stays in memory for this visit and is stored nowhere. “Forget my data” clears it at once.")
        + "]"
    )
    if upload:
        memory["opened"] += 1
        with st.spinner(_("Reading {name} …", name=plain(upload.name))):
            found = take_in(upload.name, session.content_of(upload), memory["opened"])
        memory["refused"] = None if found.report else found
        memory["file"] = found if found.report else memory.get("file")  # what is open stays open
        st.rerun()


def open_sample(name: str) -> None:
    if not getattr(memory.get("file"), "ready", True):
        del memory["file"]  # the visitor has turned to something else
    memory["refused"] = None
    session.use_sample(name)


def offer_samples() -> None:
    with st.grid(3, min_column_width=280):
        for name, rows in samples().groupby("dataset", sort=False):
            with st.container(border=True, height="stretch", gap="small"):
                st.subheader(rows["title"].iloc[0], anchor=False)
                st.markdown(rows["teaches"].iloc[0])
                st.space("stretch")
                st.markdown(":small[" + size(dict(zip(rows["kind"], rows["rows"], strict=True))) + "]")
                st.button(_("Open"), key=f"sample.{name}", on_click=open_sample, args=[name], width="stretch")


def what_it_can_answer(data: session.Dataset, reasons: dict[str, str]) -> None:
    with st.grid(3, min_column_width=280):
        for analysis in catalog.values():
            with st.container(border=True, height="stretch"):
                st.subheader(analysis.title, anchor=False)
                st.markdown(essay(analysis.name).split("\n\n")[1])  # an essay starts with its question
                st.space("stretch")
                why_not = reason_against(analysis, data.tables, reasons)
                if why_not is None:
                    if st.button(_("Show me"), type=main_button(), key=f"go.{analysis.name}", width="stretch"):
                        st.switch_page(f"pages/explore/{analysis.name}.py")
                else:
                    st.text(why_not)


file, data, refused = memory.get("file"), session.current(), memory.get("refused")
if file and file.report and not file.ready:
    st.title(_("How should this file be read?"))
    st.text(file.name)
    if isinstance(file.problem, AmbiguousDates):
        day_or_month_first(file)
    elif file.problem:
        problem_box(file.problem)
    else:
        st.markdown(_("Not every column it needs was recognised. If the file has them, say which they are."))
    read_it_right(file)
elif data:
    st.title(plain(data.title))
    if refused:
        problem_box(refused.problem, file=refused.name, still=data.title)
    facts(data.tables)
    if data.is_sample:
        first = samples().query("dataset == @data.name").iloc[0]
        st.markdown(":small[" + _("{source}. Licence: {licence}.", source=first.source, licence=first.licence) + "]")
    st.header(_("What it can answer"), anchor=False)
    report = file.report if file and not data.is_sample else None
    what_it_can_answer(data, dict(report.answers.set_index("analysis")["reason"]) if report else {})
    st.header(_("What we noticed"), anchor=False)
    findings(data.tables)
    if file and file.ready and not data.is_sample:
        with st.expander(_("How {name} was read", name=plain(file.name)), icon=":material/tune:"):
            read_it_right(file)
else:
    st.title(_("What would you like to look at?"))
    if refused:
        problem_box(refused.problem, file=refused.name)
    if session.wanted() is not None:
        st.info(
            _("A link waits for the file it was made with: a link holds settings, never data. Open the file below.")
        )

if data or (file and file.report):
    with st.expander(_("Look at something else"), icon=":material/folder_open:"):
        bring_a_file()
        offer_samples()
else:
    bring_a_file()
    st.header(_("Or start with a sample"), anchor=False)
    offer_samples()
session.publish()
