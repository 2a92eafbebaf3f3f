"""The grammar of a clean-up: which names of the file become which kinds of event."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError, UnknownValue
from insight.journeys.results import SPECIAL

RULES = ("hide", "merge", "folders", "rename")
KEPT, HIDDEN, MERGED, FOLDER, RENAMED = "kept", "hidden", "merged", "folder", "renamed"
RESERVED = re.compile(r"Other \(\d+ (kinds|paths)\)")  # and SPECIAL: what the results call something else


@dataclass(frozen=True, eq=False)
class Kinds:
    """What the events of a file are called.

    names : the kinds that remain, in alphabetical order
    kind : for each event of the file the position in `names`, -1 where it is hidden
    change : for each event of the file what was done to it: KEPT, HIDDEN, MERGED, FOLDER or RENAMED
    """

    names: tuple[str, ...]
    kind: np.ndarray
    change: tuple[str, ...]

    def called(self, events: Sequence[str], codes: tuple[int, ...]) -> tuple[str, ...]:
        """The names in the file behind these kinds. events : all kinds of event of the file."""
        return tuple(events[position] for position in np.flatnonzero(np.isin(self.kind, codes)))


def read_clean(clean: object, events: Sequence[str]) -> Kinds:
    """A clean-up as written (see :func:`insight.journeys.event_kinds`), applied to the kinds of event of a file.

    >>> kinds = read_clean({"merge": [{"contains": "p/", "name": "product"}], "hide": ["ping"]}, ["p/1", "p/2", "ping"])
    >>> kinds.names, kinds.kind.tolist()
    (('product',), [0, 0, -1])
    """
    given = {} if clean is None else clean
    if not isinstance(given, dict):
        raise InsightError(f'clean is a dict such as {{"hide": ["heartbeat"]}}; {clean!r} is not.')
    for key in given:
        if key not in RULES:
            raise UnknownValue("key of clean", key, RULES)
    called, change = list(events), [KEPT] * len(events)
    _merge(called, change, given.get("merge", []), events)
    if "folders" in given:
        _cut(called, change, given["folders"])
    _rename(called, change, given.get("rename", {}))
    _hide(called, change, given.get("hide", []), events)
    called = [f'"{name}"' if name in SPECIAL or RESERVED.fullmatch(name) else name for name in called]
    names = tuple(sorted({name for name, how in zip(called, change, strict=True) if how != HIDDEN}))
    if not names:
        raise InsightError('Every kind of event is hidden: leave one out of "hide".')
    place = {name: position for position, name in enumerate(names)}
    kind = [-1 if how == HIDDEN else place[name] for name, how in zip(called, change, strict=True)]
    return Kinds(names, np.array(kind, np.int32), tuple(change))


def _merge(called: list[str], change: list[str], rules: object, events: Sequence[str]) -> None:
    """Each name that a rule matches is called as the first such rule says."""
    for rule in _listed(rules, "merge"):
        if not isinstance(rule, dict) or not isinstance(rule.get("name"), str) or not rule["name"].strip():
            raise InsightError(f'A rule of "merge" is {{"contains": "product/", "name": "product"}}; {rule!r} is not.')
        pattern = {key: value for key, value in rule.items() if key != "name"}
        for position in np.flatnonzero(_matches(pattern, "merge", events, events)):
            if change[position] == KEPT:
                called[position], change[position] = rule["name"], MERGED


def _cut(called: list[str], change: list[str], folders: object) -> None:
    """Names that are paths keep so many folders."""
    if isinstance(folders, bool) or not isinstance(folders, int) or folders < 1:
        raise InsightError(f'"folders" is how many folders of a path are kept, from 1 up; {folders!r} is not.')
    for position, name in enumerate(called):
        short = folder(name, folders)
        if change[position] == KEPT and short != name:
            called[position], change[position] = short, FOLDER


def folder(name: str, depth: int) -> str:
    """A path cut after so many folders; a name that is no path stays as it is.

    >>> folder("/shop/shoes/42?size=8", 1), folder("https://a.example/shop/shoes#top", 1), folder("visit", 1)
    ('/shop', 'a.example/shop', 'visit')
    """
    if "/" not in name:
        return name
    address = re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*://([^/?#]*)(.*)", name, re.DOTALL)
    host, path = (address[1], address[2]) if address else ("", name)
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    kept = [part for part in path.split("/") if part][:depth]
    leads = "/" if path.startswith("/") or host or not kept else ""
    return host + (leads + "/".join(kept) if kept or not host else "")


def _rename(called: list[str], change: list[str], names: object) -> None:
    texts = isinstance(names, dict) and all(isinstance(one, str) and one.strip() for one in [*names, *names.values()])
    if not texts:
        raise InsightError(f'"rename" is {{"old name": "new name"}}; {names!r} is not.')
    for old in names:
        if old not in called:
            raise UnknownValue('event of "rename"', old, sorted(set(called)))
    for position, name in enumerate(called):
        if name in names and names[name] != name:
            called[position], change[position] = names[name], RENAMED


def _hide(called: list[str], change: list[str], rules: object, events: Sequence[str]) -> None:
    """Names that are left out: of the file, or as they are called by now."""
    for rule in _listed(rules, "hide"):
        pattern = {"events": [rule]} if isinstance(rule, str) else rule
        for position in np.flatnonzero(
            _matches(pattern, "hide", events, called) | _matches(pattern, "hide", called, events)
        ):
            change[position] = HIDDEN


def _listed(rules: object, key: str) -> list:
    if not isinstance(rules, list | tuple):
        raise InsightError(f'"{key}" of clean is a list; {rules!r} is not.')
    return list(rules)


def _matches(pattern: object, key: str, names: Sequence[str], or_called: Sequence[str]) -> np.ndarray:
    """Which names a pattern matches: {"contains": text}, {"regex": text} or {"events": names}."""
    if not isinstance(pattern, dict) or len(pattern) != 1:
        raise InsightError(f'A pattern of "{key}" has one of "contains", "regex" and "events"; {pattern!r} has not.')
    ((how, wanted),) = pattern.items()
    if how not in ("contains", "regex", "events"):
        raise UnknownValue(f'pattern of "{key}"', how, ["contains", "regex", "events"])
    if how == "events":
        for one in _listed(wanted, "events"):
            if one not in names and one not in or_called:
                raise UnknownValue(f'event of "{key}"', one, sorted({*names, *or_called}))
        return np.isin(np.array(names, object), wanted)
    if not isinstance(wanted, str) or not wanted:
        raise InsightError(f'"{how}" of "{key}" is a text to look for; {wanted!r} is not.')
    try:  # RE2 takes time in proportion to the text: no pattern can hold up the server
        find = pc.match_substring_regex if how == "regex" else pc.match_substring
        return find(pa.array(names, pa.string()), wanted).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        raise InsightError(f"regex = {wanted!r} is not a regular expression that can be used (RE2).") from None
