"""The people behind a bar: who they are, as a list to take along or as an audience to look at alone."""

import streamlit as st

from insight.funnel import Funnel
from insight.language import _, _n
from ui import session
from ui.people import people_of

PLACES = {"step", "reached", "entered_here", "level", "still_open", "group"}


def is_cell(cell: object) -> bool:
    """Whether this may be the address of some of a funnel's people; whether it exists, the funnel says."""
    return cell is None or (isinstance(cell, dict) and set(cell) <= PLACES)


def cells(result: Funnel) -> dict[str, dict]:
    """Every set of people that the picture shows: what they did, in words -> the address that `members` takes."""
    names, required, found = result.steps["step"].tolist(), result.steps["required"].tolist(), {}
    for k, name in enumerate(names, 1):
        if result.order == "any":
            found[_n("did at least {k} of the steps", "did at least {k} of the steps", k, k=k)] = {"level": k}
            continue
        before = [names[i] for i in range(k - 1) if required[i]]
        if before:
            said = _("reached {before}, but not {step}", before=before[-1], step=name)
            found[said] = {"step": k, "reached": False}
        found[_("reached {step}", step=name)] = {"step": k}
        if result.order == "open":
            found[_("entered at {step}", step=name)] = {"step": k, "entered_here": True}
    if result.still_open:
        found[_("entered, and still have time")] = {"still_open": True}
    return found


def cell_in_words(answer: session.Answer, cell: dict) -> str:
    """What the people of a cell did, in plain text."""
    bar, group = _bar_and_group(cell)
    said = next((said for said, address in cells(answer.result).items() if address == bar), "")
    return f"{said}, {group}" if group is not None else said


def _bar_and_group(cell: dict) -> tuple[dict, str | None]:
    return {name: value for name, value in cell.items() if name != "group"}, cell.get("group")


def clicked_cell(result: Funnel, step: str) -> dict | None:
    """Whom a click on a bar asks for: those who got there and no further; at the last bar those who got there."""
    names = result.steps["step"].tolist()
    if step not in names:
        return None
    k = names.index(step) + 1
    if result.order == "any":
        return {"level": k}
    later = [i for i in range(k, len(names)) if result.steps["required"].iloc[i]]
    return {"step": later[0] + 1, "reached": False} if later else {"step": k}


def people_behind(choose: session.Choices, answer: session.Answer, clicked: str | None) -> None:
    """Choose a bar, with a click or with the select, and see who is behind it."""
    memory, found = session.memory(choose.page), cells(answer.result)
    if clicked != memory.get("clicked"):
        memory["clicked"] = clicked
        choose["people"] = clicked and clicked_cell(answer.result, clicked)
    bar, group = _bar_and_group(choose["people"] or {})
    bars, box = st.container(), None
    if bar in found.values():
        box = st.container(border=True)
        group = _group(answer.result, group, f"{choose.key('people')}.{choose.version}.group", box)
    else:
        bar = group = None
    more = {} if group is None else {"group": group}
    choose["people"] = bar and {**bar, **more}
    labels = {repr(cell): label for label, cell in found.items()}
    cell = bars.selectbox(
        _("The people behind a bar"),
        [{**cell, **more} for cell in found.values()],
        None,
        format_func=lambda cell: labels[repr(_bar_and_group(cell)[0])],
        key=choose.key("people"),
        placeholder=_("Click a bar, or choose here"),
        persist_state="session",
        help=_("Every number is a set of people: see who they are, take the list along, or keep them as an audience."),
    )
    if box is not None:
        with box:
            people_of(answer, cell, cell_in_words(answer, cell), "people")


def _group(result: Funnel, now: str | None, key: str, box) -> str | None:
    """The group whose people are asked for; None for all."""
    if result.groups is None:
        return None
    names = [None, *dict.fromkeys(result.groups["group"])]
    return box.selectbox(
        _("Group"), names, names.index(now) if now in names else 0, key=key, help=_("Only those of one group."),
        format_func=lambda name: _("All groups") if name is None else name,
    )  # fmt: skip
