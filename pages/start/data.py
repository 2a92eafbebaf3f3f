"""Data: bring files or open a sample, see what was understood, mend it, and go on."""

import streamlit as st

from insight.language import _, plain
from insight.tables import samples
from insight.tables.opening.limits import MEGABYTE, limits
from ui import session
from ui.files import intake
from ui.files.answers import what_it_can_answer
from ui.files.findings import applied_fixes, personal_data, what_was_noticed
from ui.files.overview import belonging_together, tables_of_the_visit
from ui.files.reading import ask, how_it_was_read
from ui.files.setups import save_setup, what_was_said
from ui.files.sources import of_the_server, offer_sources, since_when
from ui.files.templates import help_with_files
from ui.files.visit import visit
from ui.parts import problem_box
from ui.words import size

TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "ods", "parquet", "json", "jsonl", "ndjson", "gz", "zip"]
files = visit()


def bring_files() -> None:
    uploads = st.file_uploader(
        _("Tables of events, orders, campaigns, customers, contacts, feedback or paths"),
        TYPES,
        accept_multiple_files=True,
        max_upload_size=limits().packed // MEGABYTE,
        key=f"data.upload.{files.memory['opened']}",  # a new key after each file drops the widget's own copy of it
        help=_("CSV, Excel, Parquet or JSON, one or several. A saved set-up is taken here, too."),
    )
    st.markdown(
        ":small[:material/lock: "
        + _("Your files stay in memory for this visit and are stored nowhere. “Forget my data” clears them at once.")
        + "]"
    )
    if uploads:
        files.number()
        intake.take_in([(upload.name, session.content_of(upload)) for upload in uploads])
        st.rerun()


def open_sample(name: str) -> None:
    files.memory.update(asked=None, refused=[])  # the visitor has turned to something else
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


def show(data: session.Dataset) -> None:
    mine = files.ready if data.is_mine else {}
    tables_of_the_visit(data.tables, named=data.is_mine)
    belonging_together(data.tables)
    if data.is_sample:
        first = samples().query("dataset == @data.name").iloc[0]
        st.markdown(":small[" + _("{source}. Licence: {licence}.", source=first.source, licence=first.licence) + "]")
    if data.is_of_server:
        of_the_server()
        since_when(data.name)
    personal_data(data.tables, mine)
    st.header(_("What it can answer"), anchor=False)
    what_it_can_answer(data.tables, mine)
    st.header(_("What we noticed"), anchor=False)
    applied_fixes(mine)
    what_was_noticed(data.tables, mine)
    for file in mine.values():
        how_it_was_read(file)
    if mine:
        save_setup(data.tables)


data, asked = session.current(), files.asked
if asked:
    st.title(_("How should this file be read?"), anchor=False)
    st.text(asked.name)
elif data:
    several = len({table.name for table in data.tables.values()}) > 1 and data.is_mine
    st.title(_("{n} files", n=len(data.tables)) if several else plain(data.title), anchor=False)
else:
    st.title(_("What would you like to look at?"), anchor=False)
for name, problem in files.memory.get("refused", []):
    problem_box(problem, file=name, still=data.title if data else "")
what_was_said()
if asked:
    ask(asked)
elif data:
    show(data)
elif session.wanted() is not None:
    st.info(_("A link waits for the file it was made with: a link holds settings, never data. Open the file below."))

if data or asked:
    label = _("Bring another file, or look at something else")
    with st.expander(label, icon=":material/folder_open:", key="data.fold.bring"):
        bring_files()
        offer_sources()
        offer_samples()
else:
    bring_files()
    offer_sources()
    st.header(_("Or start with a sample"), anchor=False)
    offer_samples()
help_with_files()
session.publish()
