"""The settings of a page: what the visitor chose, what an opened link says, or the usual value."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from insight.language import _
from ui import link
from ui.session.address import LINK, PENDING, SETTINGS, publish
from ui.session.data import WANTED


def settings(page: str, table, **declared: tuple[object, Iterable | Callable]) -> "Choices":
    """The settings of a page on a table: ``name=(default, allowed)``.

    `allowed` is a list of values (of items, when the default is a list), or a function that says whether a value is
    allowed. `page` is the page's address and, for an analysis, its name in the catalog.
    """
    choices = Choices(page, table, declared)
    st.session_state.setdefault(SETTINGS, {})[page] = list(declared)
    came_by, given = st.session_state.get(PENDING, {}).pop(page, (None, {}))
    unusable = []
    for name, (default, allowed) in declared.items():
        key = choices.key(name)
        value = st.session_state.get(key, default)
        if link.same(value, st.session_state.get(key + ".default", default)):
            value = default  # never touched; and a default may depend on the data
        if came_by is not None:
            value = given.get(name, default)
        if not _fits(value, default, allowed):
            unusable.append(name)
            value = default
        if key not in st.session_state or not link.same(st.session_state[key], value):
            st.session_state[key] = value  # only then: writing makes the browser's widget start anew
        st.session_state[key + ".default"] = default
    if came_by is not None:
        choices.renew()
        _say_what_could_not_be_used(table, unusable, came_by)
    return choices


def _fits(value: object, default: object, allowed: Iterable | Callable) -> bool:
    if value is link.BrokenLink or isinstance(value, list) != isinstance(default, list):
        return False
    if callable(allowed):
        try:
            return bool(allowed(value))
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
            return False  # a value of a kind nobody expected
    options = {repr(option) for option in allowed}
    return all(repr(item) in options for item in (value if isinstance(value, list) else [value]))


def _say_what_could_not_be_used(table, unusable: list[str], came_by: str) -> None:
    names = ", ".join(unusable)
    if came_by != LINK:
        if unusable:
            said = _("Part of the saved set-up could not be used ({names}). The usual settings are shown there.",
                     names=names)  # fmt: skip
            st.warning(said)
        return
    file = st.session_state.pop(WANTED, None)
    while table is not None and table.made is not None:
        table = table.made.tables[0]  # the file it comes from
    if file and not (table is not None and table.fingerprint.startswith(file)):
        st.warning(_("This link was made with another file. Its settings are used where they fit this one."))
    elif unusable:
        st.warning(_("Part of the link could not be used ({names}). The usual settings are shown there.", names=names))


@dataclass(frozen=True, eq=False)
class Choices:
    """The settings of one page: ``choices[name]`` is the value now; give ``key(name)`` to a widget to let it choose."""

    page: str
    table: object
    declared: dict[str, tuple]

    @property
    def version(self) -> int:
        """Rises when the choices were set past their widgets: part of the keys of an input made of several widgets."""
        return st.session_state.get(self.page + ".version", 0)

    def renew(self) -> None:
        """The choices were set past their widgets: let inputs made of several widgets start anew from them."""
        st.session_state[self.page + ".version"] = self.version + 1

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
