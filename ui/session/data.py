"""What this visitor looks at: a public sample, a source of this server, or their own tables.

What they brought lives in this session only; samples and sources are there for all.
"""

from dataclasses import dataclass
from hashlib import blake2b

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from insight.errors import InsightError
from insight.language import _
from insight.tables import sample, samples
from insight.tables.join import add_traits
from ui.session import sources

SOURCE = "data.source"  # a sample's name, SERVER with a source's name, UPLOAD, or nothing yet
UPLOAD = "upload"
SERVER = "server/"
UPLOADS = "data.uploads"  # kind -> (table, content)
DIGESTS = "data.digests"  # kind -> digest of that content
ANEW = "data.anew"  # whether the source is to be read again
PROBLEM = "data.problem"  # (title, why) of a source that could not be opened
WITH_TRAITS = ("events", "orders", "contacts", "feedback")  # tables whose customers may be known from another table
WANTED = "link.file"  # the start of the fingerprint of the file that an opened link was made with


@dataclass(frozen=True, eq=False)
class Dataset:
    """What the visitor looks at.

    origin : "sample", "server" or "upload"
    tables : kind -> table
    contents : kind -> the file it came from, byte for byte, where the visitor brought it
    """

    name: str
    title: str
    origin: str
    tables: dict[str, object]
    contents: dict[str, bytes]

    @property
    def is_sample(self) -> bool:
        return self.origin == "sample"

    @property
    def is_of_server(self) -> bool:
        return self.origin == "server"

    @property
    def is_mine(self) -> bool:
        """Whether the visitor brought it; what is not theirs is there for all."""
        return self.origin == "upload"


def current() -> Dataset | None:
    """What this visitor looks at, or None when nothing was chosen yet."""
    source = st.session_state.get(SOURCE)
    if not source:
        return None
    if source.startswith(SERVER):
        return _of_server(source.removeprefix(SERVER))
    if source != UPLOAD:
        return _sample(source)
    uploads = st.session_state[UPLOADS]
    title = ", ".join(dict.fromkeys(table.name for table, _content in uploads.values()))
    return Dataset(
        UPLOAD, title, UPLOAD, {k: t for k, (t, _c) in uploads.items()}, {k: c for k, (_t, c) in uploads.items()}
    )


def table(kind: str):
    """The visitor's table of this kind, with what a table of customers says of each row's customer; or None."""
    data = current()
    return _with_traits(data, kind) if data and kind in data.tables else None


def is_public(table) -> bool:
    """Whether a table is there for all visitors, as it is: what is computed from it may be shared by all."""
    data = current()
    return (
        data is not None
        and not data.is_mine
        and any(table is public for kind in data.tables for public in (data.tables[kind], _with_traits(data, kind)))
    )


def _with_traits(data: Dataset, kind: str):
    mine, customers = data.tables[kind], data.tables.get("customers")
    if customers is None or kind not in WITH_TRAITS:
        return mine
    joined = _joined_mine if data.is_mine else _joined_shared
    return joined(kind, mine.name, mine.fingerprint, customers.fingerprint, mine, customers)


def use_sample(name: str) -> None:
    """Look at a sample; files of this visit stay until they are forgotten."""
    st.session_state[SOURCE] = name
    st.session_state.pop(WANTED, None)


def use_source(name: str) -> None:
    """Look at a source of this server; files of this visit stay until they are forgotten."""
    use_sample(SERVER + name)


def read_anew() -> None:
    """Let the source that is looked at be read again, for all visitors."""
    st.session_state[ANEW] = True


def source_to_open() -> tuple[sources.Offer, bool] | None:
    """The source that the visitor looks at, where it is to be opened; and whether that is to be done anew."""
    name, anew = (st.session_state.get(SOURCE) or "").partition(SERVER)[2], st.session_state.pop(ANEW, False)
    if name in sources.offers() and (anew or sources.opened(name) is None):
        return sources.offers()[name], anew
    return None


def leave_source(title: str = "", problem: InsightError | None = None) -> None:
    """Look at nothing. `problem` : why the source of this title could not be opened."""
    st.session_state[SOURCE] = None
    st.session_state[PROBLEM] = (title, problem) if problem else None


def source_problem() -> tuple[str, InsightError] | None:
    """The title of the source that could not be opened, and why, until the visitor has turned to something else."""
    return st.session_state.get(PROBLEM) if st.session_state.get(SOURCE) is None else None


def use_upload(table, content: bytes) -> None:
    """Look at the visitor's own table, beside tables of other kinds they brought."""
    _keep({**st.session_state.get(UPLOADS, {}), table.kind: (table, content)})
    st.session_state[DIGESTS] = st.session_state.get(DIGESTS, {}) | {table.kind: blake2b(content).hexdigest()}
    st.session_state[SOURCE] = UPLOAD


def origin() -> str | dict[str, str] | None:
    """What is looked at, however it is read: a sample by its name, files by the digest of their bytes, by kind."""
    source = st.session_state.get(SOURCE)
    return dict(st.session_state.get(DIGESTS, {})) if source == UPLOAD else source


def _keep(tables: dict[str, tuple]) -> None:
    st.session_state.pop(UPLOADS, None)  # Streamlit keeps a value that is written over until the next run
    st.session_state[UPLOADS] = tables
    _joined_mine.clear()


def drop_upload(kind: str) -> None:
    """Let go of one of the visitor's tables."""
    left = {other: kept for other, kept in st.session_state.get(UPLOADS, {}).items() if other != kind}
    _keep(left)
    st.session_state[DIGESTS] = {k: digest for k, digest in st.session_state.get(DIGESTS, {}).items() if k != kind}
    if not left and st.session_state.get(SOURCE) == UPLOAD:
        st.session_state[SOURCE] = None


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
    return Dataset(name, rows["title"].iloc[0], "sample", tables, {})


def _of_server(name: str) -> Dataset | None:
    offer, tables = sources.offers().get(name), sources.opened(name)
    return Dataset(name, offer.title, "server", tables, {}) if offer and tables else None


def _joined(kind: str, name: str, fingerprint: str, customers: str, _table, _customers):
    return add_traits(_table, _customers)


_joined_mine = st.cache_resource(_joined, scope="session", max_entries=4, show_spinner=False)
_joined_shared = st.cache_resource(_joined, max_entries=16, show_spinner=False)


def forget_joined() -> None:
    """Clear what was put together from this visitor's tables."""
    _joined_mine.clear()
