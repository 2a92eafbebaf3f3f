"""What this visitor looks at: a public sample, or tables they brought, which live in this session only."""

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from insight.language import _
from insight.tables import sample, samples

SOURCE = "data.source"  # a sample's name, UPLOAD, or nothing yet
UPLOAD = "upload"
UPLOADS = "data.uploads"  # kind -> (table, content)
WANTED = "link.file"  # the start of the fingerprint of the file that an opened link was made with


@dataclass(frozen=True, eq=False)
class Dataset:
    """What the visitor looks at: a sample, or the files they brought."""

    name: str
    title: str
    is_sample: bool
    tables: dict[str, object]  # kind -> table
    contents: dict[str, bytes]  # kind -> the file it came from, byte for byte


def current() -> Dataset | None:
    """What this visitor looks at, or None when nothing was chosen yet."""
    source = st.session_state.get(SOURCE)
    if source != UPLOAD:
        return _sample(source) if source else None
    uploads = st.session_state[UPLOADS]
    title = ", ".join(dict.fromkeys(table.name for table, _content in uploads.values()))
    return Dataset(
        UPLOAD, title, False, {k: t for k, (t, _c) in uploads.items()}, {k: c for k, (_t, c) in uploads.items()}
    )


def table(kind: str):
    """The visitor's table of this kind, or None."""
    data = current()
    return data.tables.get(kind) if data else None


def use_sample(name: str) -> None:
    """Look at a sample; files of this visit stay until they are forgotten."""
    st.session_state[SOURCE] = name
    st.session_state.pop(WANTED, None)


def use_upload(table, content: bytes, instead_of: str | None = None) -> None:
    """Look at the visitor's own table, beside tables of other kinds they brought (but not `instead_of` this kind)."""
    others = {kind: kept for kind, kept in st.session_state.get(UPLOADS, {}).items() if kind != instead_of}
    st.session_state[UPLOADS] = {**others, table.kind: (table, content)}
    st.session_state[SOURCE] = UPLOAD


def uploads() -> dict[str, object]:
    """The tables this visitor brought, by kind, whether or not they look at them now."""
    return {kind: table for kind, (table, _content) in st.session_state.get(UPLOADS, {}).items()}


def use_uploads() -> None:
    """Look at the visitor's own files again."""
    st.session_state[SOURCE] = UPLOAD


def content_of(upload) -> bytes:
    """The bytes of the upload widget's file. The server's own copy, which Streamlit would keep, is dropped."""
    content, run = upload.getvalue(), get_script_run_ctx()
    run.uploaded_file_mgr.remove_file(run.session_id, upload.file_id)
    return content


def samples_of(kind: str) -> dict[str, str]:
    """The samples that hold a table of this kind: name -> title."""
    rows = samples()
    return dict(rows[rows["kind"] == kind].set_index("dataset")["title"])


def contents() -> dict[str, bytes]:
    """The files the tables came from, byte for byte, by kind, for the notebook that travels with its data."""
    return current().contents


def memory(page: str) -> dict:
    """What a page keeps between its runs (not settings: those are in the link); forgotten with the data."""
    return st.session_state.setdefault(f"{page}.memory", {})


@st.cache_resource(max_entries=16, show_spinner=_("Opening the sample …"))
def _sample(name: str) -> Dataset:
    rows = samples().query("dataset == @name")
    tables = {row.kind: sample(row.name) for row in rows.itertuples(index=False)}
    return Dataset(name, rows["title"].iloc[0], True, tables, {})
