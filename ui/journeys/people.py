"""The people behind a bar, a ribbon or a whole path: who they are, as a list or as an audience."""

import streamlit as st

from insight.charts.journeys_ways import path_words
from insight.explain.journeys_cells import place_in_words
from insight.journeys import SPECIAL, Paths
from insight.language import _
from ui import session
from ui.people import people_of

PLACES = {"position", "event", "source", "target", "path", "left_out", "still_open", "group"}
MOST_PATHS = 50  # whole paths that are offered


def is_cell(cell: object) -> bool:
    """Whether this may be the address of some of the people; whether it exists, the result says."""
    return cell is None or (isinstance(cell, dict) and set(cell) <= PLACES)


def cells(result: Paths) -> dict[str, dict]:
    """Every set of people that is shown: what they did, in words -> the address that `members` takes."""
    nodes = [{"position": node.position, "event": node.event} for node in result.nodes.itertuples()]
    ribbons = [
        {"position": flow.position, "source": flow.source, "target": flow.target}
        for flow in result.flows.itertuples()
        if flow.source != flow.target or flow.source not in SPECIAL  # those only wait
    ]
    listed = result.paths[result.paths["steps"] > 0].head(MOST_PATHS)
    ways = {_("took the path {path}", path=path_words(result, row)): {"path": row.path} for row in listed.itertuples()}
    nowhere = [{"left_out": name} for name in ("without_anchor", "never_arrived") if getattr(result, name)]
    nowhere += [{"still_open": True}] if result.still_open else []
    said = {in_words(result, cell): cell for cell in nodes}
    return said | ways | {in_words(result, cell): cell for cell in [*ribbons, *nowhere]}


def in_words(result: Paths, cell: dict) -> str:
    """What the people of a cell did, in plain text."""
    return place_in_words(result.after, result.before, cell)


def people_behind(choose: session.Choices, answer: session.Answer, clicked: dict | None) -> None:
    """Choose a bar, a ribbon or a path, with a click or with the select, and see who is behind it."""
    memory, found = session.memory(choose.page), cells(answer.result)
    if clicked != memory.get("clicked"):
        memory["clicked"] = clicked
        choose["people"] = clicked
    now = choose["people"] or {}
    cell, group = {name: value for name, value in now.items() if name != "group"}, now.get("group")
    labels = {repr(address): words for words, address in found.items()}
    if cell and repr(cell) not in labels and not clicked:
        choose["people"], cell = None, {}  # of another result
    bars, box = st.container(), None
    if cell:
        labels.setdefault(repr(cell), in_words(answer.result, cell))  # of a ribbon that is not offered
        box = st.container(border=True)
        group = _group(answer.result, group, f"{choose.key('people')}.{choose.version}.group", box)
    more = {} if not cell or group is None else {"group": group}
    options = [*found.values(), *([cell] if cell and cell not in found.values() else [])]
    choose["people"] = {**cell, **more} if cell else None
    chosen = bars.selectbox(
        _("The people behind a bar, a ribbon or a path"),
        [{**address, **more} for address in options],
        None,
        format_func=lambda address: labels.get(repr({k: v for k, v in address.items() if k != "group"}), ""),
        key=choose.key("people"),
        placeholder=_("Click in the picture, or choose here"),
        persist_state="session",
        help=_("Every number is a set of people: see who they are, take the list along, or keep them as an audience."),
    )
    if box is not None and chosen is not None:
        words = labels[repr(cell)] + (f", {group}" if group is not None else "")
        with box:
            people_of(answer, chosen, words, "people")


def _group(result: Paths, now: str | None, key: str, box) -> str | None:
    """The group whose people are asked for; None for all."""
    if result.groups is None:
        return None
    names = [None, *result.groups]
    return box.selectbox(
        _("Group"), names, names.index(now) if now in names else 0, key=key, help=_("Only those of one group."),
        format_func=lambda name: _("All groups") if name is None else name,
    )  # fmt: skip
