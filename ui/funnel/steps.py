"""The steps of a funnel: each one select, and a small menu with its details."""

import streamlit as st

from insight.language import _, length, plain
from insight.tables import EventLog
from ui import session
from ui.funnel.events import event_details, event_select, parts_of, summary, written

MOST_STEPS = 12
GAPS = [None, "1min", "5min", "30min", "1h", "6h", "1D", "3D", "7D", "14D", "30D"]


def step_picker(choose: session.Choices, name: str, events: EventLog) -> None:
    """The steps, one below the other: choose, detail, move, remove, add."""
    memory, steps, move = session.memory(choose.page), [parts_of(step) for step in choose[name]], None
    key = f"{choose.key(name)}.{choose.version}.{memory.get('edits', 0)}"  # new widgets once the list is rearranged
    for i, step in enumerate(steps):
        with st.container(gap=None):
            move = _step(step, i, len(steps), events, choose.page, f"{key}.{i}") or move
    if len(steps) < MOST_STEPS and st.button(_("Add a step"), icon=":material/add:", key=f"{key}.add", type="tertiary"):
        move = ("add", len(steps))
    choose[name] = [written(step) for step in steps]
    if move:
        choose[name] = _moved(choose[name], *move, new=_commonest_unused(events, steps))
        memory["edits"] = memory.get("edits", 0) + 1
        st.rerun()


def _step(step: dict, i: int, n: int, events: EventLog, page: str, key: str) -> tuple[str, int] | None:
    """One step; returns where it should move."""
    move = None
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        with st.container(width="stretch"):
            event_select(step, events, _("Step {n}", n=i + 1), key)
        details = st.popover(
            "⋯", key=f"{key}.details", type="tertiary", on_change="rerun",
            help=_("Step {n}: more events, conditions, name; move or remove it", n=i + 1),
        )  # fmt: skip
    if details.open:
        with details:
            event_details(step, events, page, key)
            _details_of_a_step(step, i, n, key)
            move = _buttons(i, n, key)
    if said := summary(step):
        st.markdown(f":small[{plain(said)}]")
    return move


def _details_of_a_step(step: dict, i: int, n: int, key: str) -> None:
    step["name"] = st.text_input(
        _("Name"), step.get("name") or "", key=f"{key}.name", placeholder=" or ".join(step["events"]), max_chars=60,
        help=_("What the step is called in the picture."),
    )  # fmt: skip
    if i == 0:
        return  # an attempt begins with the first step: nothing lies before it, and it cannot be left out
    gaps = GAPS if step.get("max_gap") in GAPS else [*GAPS, step["max_gap"]]
    step["max_gap"] = st.selectbox(
        _("At most after the step before"),
        gaps,
        gaps.index(step.get("max_gap")),
        format_func=lambda gap: _("No limit of its own") if gap is None else length(gap),
        key=f"{key}.gap",
        help=_("The window from the first step holds as well."),
    )
    if i < n - 1 or step.get("optional"):
        step["optional"] = st.toggle(
            _("May be left out"), step.get("optional", False), key=f"{key}.optional",
            help=_("Who does not do it can still go on; the next step is compared with the last required one."),
        )  # fmt: skip


def _buttons(i: int, n: int, key: str) -> tuple[str, int] | None:
    actions = {
        "up": (_("Up"), ":material/arrow_upward:", i == 0),
        "down": (_("Down"), ":material/arrow_downward:", i == n - 1),
        "remove": (_("Remove"), ":material/delete:", n == 2),
    }
    with st.container(horizontal=True, gap="small"):
        for action, (label, icon, impossible) in actions.items():
            if st.button(label, icon=icon, key=f"{key}.{action}", type="tertiary", disabled=impossible):
                return action, i
    return None


def _commonest_unused(events: EventLog, steps: list[dict]) -> str:
    """The commonest kind of event that is no step yet (of all kinds, when each is one)."""
    counts, used = session.active(events).kinds, {kind for step in steps for kind in step["events"]}
    commonest = sorted(counts, key=counts.get, reverse=True)
    return next((kind for kind in commonest if kind not in used), commonest[0])


def _moved(steps: list, action: str, i: int, new: str) -> list:
    rest = steps[:i] + steps[i + 1 :]
    match action:
        case "add":
            return [*steps[:-1], new, steps[-1]]  # what people aim at stays last
        case "up":
            rest.insert(i - 1, steps[i])
        case "down":
            rest.insert(i + 1, steps[i])
    return rest
