"""The address of a page: what an opened link brings, and what the page then says of itself.

It holds the name of the data, the filter and the settings that differ from the usual ones, each as its literal
(Streamlit's `bind` would write the translated label). It never holds data, and never a list of customers.
"""

import time

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from insight.language import _
from insight.tables import samples
from ui import link
from ui.session import selection
from ui.session.data import SOURCE, UPLOAD, WANTED, current, uploads, use_sample, use_source
from ui.session.sources import offers

PENDING = "link.pending"  # page -> (LINK or SET_UP, its settings from there), until the page takes them
LINK, SET_UP = "link", "set-up"
NOTICE = "link.notice"  # what was wrong with the link
HERE = "link.page"  # the page of the last run
MOVED = "link.moved"  # this run shows another page than the last
MENU = "link.menu"  # page -> parameters that the menu's entry for it carries
FILES = "link.files"  # page -> start of the fingerprint of the table it shows
SETTINGS = "link.settings"  # page -> the names of its settings
FILE_LENGTH = 12  # characters of a fingerprint in a link
SAMPLE = "sample:"  # stands before a sample's name where a source of this server has the same
MENU_PAUSE = 0.1  # seconds the browser needs to write the new page's address before its parameters


def arrive(page: str) -> None:
    """Take in the link of this run, if it brings one: on arrival, after back or forward, or with a link between pages.

    In every other run the address is an echo of what the page published, possibly of an older run: not an instruction.
    """
    before, st.session_state[HERE] = st.session_state.get(HERE), page
    st.session_state[MOVED] = before not in (None, page)
    params = st.query_params.to_dict()
    if not params or (before == page and not getattr(get_script_run_ctx(), "is_history_navigation", False)):
        return
    if st.session_state[MOVED] and params == st.session_state.get(MENU, {}).get(page):
        return  # our own menu: it says what is already so
    name, file = params.pop("data", None), params.pop("file", None)
    if name == UPLOAD:
        st.session_state[SOURCE] = UPLOAD if uploads() else None
        st.session_state[WANTED] = (file or "")[:FILE_LENGTH]
    elif name in offers():
        use_source(name)
    elif name is not None and (sample := name.removeprefix(SAMPLE)) in set(samples()["dataset"]):
        use_sample(sample)
    elif name is not None:
        say(_("The link names data that does not exist here. Choose what to look at below."))
    problem = selection.take(params, waits=name == UPLOAD and not uploads())
    if problem:
        say(problem)
    st.session_state.setdefault(PENDING, {})[page] = LINK, {name: link.value_of(text) for name, text in params.items()}


def say(problem: str) -> None:
    """Keep what was wrong with the link until the frame shows it."""
    st.session_state[NOTICE] = " ".join(filter(None, [st.session_state.get(NOTICE), problem]))


def notice() -> str | None:
    """What was wrong with the link, once."""
    return st.session_state.pop(NOTICE, None)


def wanted() -> str | None:
    """The start of the fingerprint of the file that an opened link was made with, until it is there."""
    return st.session_state.get(WANTED)


def publish(table=None, **parameters: str) -> None:
    """Write the address of this page: which data (by name or by the start of its fingerprint), filter, parameters."""
    page = st.session_state.get(HERE)
    if table is not None:
        st.session_state.setdefault(FILES, {})[page] = _origin(table).fingerprint[:FILE_LENGTH]
    address = {**_data(page), **selection.parameters(), **parameters}
    if address != st.query_params.to_dict() and not (current() is None and wanted() is not None):
        if st.session_state.pop(MOVED, False):
            time.sleep(MENU_PAUSE)
        st.query_params.from_dict(address)


def address(page: str) -> dict[str, str]:
    """The parameters with which the menu opens a page: what it will publish, so that the browser notes one visit."""
    names = st.session_state.get(SETTINGS, {}).get(page, [])
    keys = {name: f"{page}.{name}" for name in names if f"{page}.{name}" in st.session_state}
    values = {name: st.session_state[key] for name, key in keys.items()}
    usual = {name: st.session_state[key + ".default"] for name, key in keys.items()}
    data = _data(page)
    found = {**data, **selection.parameters(), **(link.changed(values, usual) if data else {})}
    st.session_state.setdefault(MENU, {})[page] = found
    return found


def all_settings() -> dict[str, dict[str, object]]:
    """page -> the settings that differ from the usual ones, of every page that was visited."""
    found = {}
    for page, names in st.session_state.get(SETTINGS, {}).items():
        keys = {name: f"{page}.{name}" for name in names if f"{page}.{name}" in st.session_state}
        chosen = {
            name: st.session_state[key]
            for name, key in keys.items()
            if not link.same(st.session_state[key], st.session_state[key + ".default"])
        }
        found |= {page: chosen} if chosen else {}
    return found


def restore_settings(settings: dict[str, dict[str, object]]) -> None:
    """Take settings back, page by page: what is not allowed becomes the usual value, with a notice."""
    for page, values in settings.items():
        st.session_state.setdefault(PENDING, {})[page] = SET_UP, dict(values)


def _data(page: str | None) -> dict[str, str]:
    data = current()
    if data is None:
        return {}
    if not data.is_mine:
        return {"data": SAMPLE + data.name if data.is_sample and data.name in offers() else data.name}
    fingerprints = [table.fingerprint[:FILE_LENGTH] for table in data.tables.values()]
    mine = st.session_state.get(FILES, {}).get(page)
    return {"data": UPLOAD, "file": mine if mine in fingerprints else fingerprints[0]}


def _origin(table):
    """The table as it was read, from which this one was made."""
    while table.made is not None:
        table = table.made.tables[0]
    return table
