"""The settings of a page, and the link that holds them.

The address is written by :func:`publish` and read by :func:`arrive`, with the literals of the settings themselves
(Streamlit's `bind` would write the translated label).
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from insight.language import _
from insight.tables import samples
from ui import link
from ui.session.data import SOURCE, UPLOAD, WANTED, current, uploads, use_sample

PENDING = "link.pending"  # page -> parameters of the link that was opened, until the page takes them
NOTICE = "link.notice"  # what was wrong with the link
HERE = "link.page"  # the page of the last run
MOVED = "link.moved"  # this run shows another page than the last
FILE_LENGTH = 12  # characters of a fingerprint in a link
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
    name, file = params.pop("data", None), params.pop("file", None)
    if name == UPLOAD:
        st.session_state[SOURCE] = UPLOAD if uploads() else None
        st.session_state[WANTED] = (file or "")[:FILE_LENGTH]
    elif name in set(samples()["dataset"]):
        use_sample(name)
    elif name is not None:
        st.session_state[NOTICE] = _("The link names a sample that does not exist. Choose what to look at below.")
    st.session_state.setdefault(PENDING, {})[page] = params


def notice() -> str | None:
    """What was wrong with the link, once."""
    return st.session_state.pop(NOTICE, None)


def wanted() -> str | None:
    """The start of the fingerprint of the file that an opened link was made with, until it is there."""
    return st.session_state.get(WANTED)


def settings(page: str, table, **declared: tuple[object, Iterable | Callable]) -> "Choices":
    """The settings of a page on a table: ``name=(default, allowed)``.

    `allowed` is a list of values (of items, when the default is a list), or a function that says whether a value is
    allowed. `page` is the page's address and, for an analysis, its name in the catalog.
    """
    choices = Choices(page, table, declared)
    parameters, unusable = st.session_state.get(PENDING, {}).pop(page, None), []
    for name, (default, allowed) in declared.items():
        key = choices.key(name)
        value = st.session_state.get(key, default)
        if link.same(value, st.session_state.get(key + ".default", default)):
            value = default  # never touched; and a default may depend on the data
        if parameters is not None:
            value = _decoded(parameters[name]) if name in parameters else default
        if not _fits(value, default, allowed):
            unusable.append(name)
            value = default
        if key not in st.session_state or not link.same(st.session_state[key], value):
            st.session_state[key] = value  # only then: writing makes the browser's widget start anew
        st.session_state[key + ".default"] = default
    if parameters is not None:
        st.session_state[page + ".version"] = choices.version + 1
        _say_what_could_not_be_used(table, unusable)
    return choices


def _decoded(text: str) -> object:
    try:
        return link.decode(text)
    except link.BrokenLink:
        return link.BrokenLink  # a class is no literal: no list of allowed values holds it


def _fits(value: object, default: object, allowed: Iterable | Callable) -> bool:
    if value is link.BrokenLink or isinstance(value, list) != isinstance(default, list):
        return False
    if callable(allowed):
        try:
            return bool(allowed(value))
        except (TypeError, ValueError, LookupError, AttributeError):  # a value of a kind nobody expected
            return False
    options = {repr(option) for option in allowed}
    return all(repr(item) in options for item in (value if isinstance(value, list) else [value]))


def _say_what_could_not_be_used(table, unusable: list[str]) -> None:
    file = st.session_state.pop(WANTED, None)
    if file and not table.fingerprint.startswith(file):
        st.warning(_("This link was made with another file. Its settings are used where they fit this one."))
    elif unusable:
        names = ", ".join(unusable)
        st.warning(_("Part of the link could not be used ({names}). The usual settings are shown there.", names=names))


@dataclass(frozen=True, eq=False)
class Choices:
    """The settings of one page: ``choices[name]`` is the value now; give ``key(name)`` to a widget to let it choose."""

    page: str
    table: object
    declared: dict[str, tuple]

    @property
    def version(self) -> int:
        """Rises when a link has set the choices: part of the keys of an input made of several widgets."""
        return st.session_state.get(self.page + ".version", 0)

    def key(self, name: str) -> str:
        return f"{self.page}.{name}"

    def __getitem__(self, name: str) -> object:
        return st.session_state[self.key(name)]

    def __setitem__(self, name: str, value: object) -> None:
        """For a value that no single widget holds: a step picker's list, a period's days as ISO text."""
        st.session_state[self.key(name)] = value

    def setter(self, name: str) -> Callable[[object], None]:
        """A callback that sets one choice, for a button that proposes a better one."""
        return lambda value: self.__setitem__(name, value)

    def values(self) -> dict[str, object]:
        """All settings now, ready for `compute`."""
        return {name: self[name] for name in self.declared}

    def publish(self) -> None:
        """Let the address say what the page shows: the data's name and the settings that differ from the default."""
        defaults = {name: default for name, (default, _allowed) in self.declared.items()}
        publish(self.table, **link.changed(self.values(), defaults))


def publish(table=None, **parameters: str) -> None:
    """Write the address of this page: which data (by name or by the start of its fingerprint), and parameters."""
    data = current()
    if data is None:
        here = {}
    elif data.is_sample:
        here = {"data": data.name}
    else:
        mine = table or next(iter(data.tables.values()))
        here = {"data": UPLOAD, "file": mine.fingerprint[:FILE_LENGTH]}
    if {**here, **parameters} != st.query_params.to_dict() and not (data is None and wanted() is not None):
        if st.session_state.pop(MOVED, False):
            time.sleep(MENU_PAUSE)
        st.query_params.from_dict({**here, **parameters})
