"""What follows the picture on the Journeys page, one section a tab. Only the open one computes anything."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from insight.charts import paths_steps, paths_ways, time_to_event_curve, transitions_matrix
from insight.explain import time_to_event_reading, transitions_reading
from insight.funnel.proposal import proposed_steps
from insight.journeys import Transitions, step_matrix
from insight.journeys.words import node_name
from insight.language import _
from insight.tables.spreadsheet import as_csv
from ui import session
from ui.card import definition_card
from ui.journeys.settings import is_event, names
from ui.journeys.tables import all_paths, paths_table, steps_table, transitions_table
from ui.parts import draw
from ui.people import people_of_one
from ui.sections import Section, Shown
from ui.tables import number_table
from ui.take_away import download

SHARED = ("session_gap", "collapse_repeats", "clean")  # settings of paths that transitions know as well
MOST_PASSAGES = 200  # transitions whose people are offered


def section_settings() -> dict[str, tuple]:
    """The settings of the sections, as `session.settings` takes them."""
    return {
        "show": ("steps", list(SECTIONS)),
        "people_of_transitions": (False, [True, False]),
        "origin": (None, is_event),
        "target": (None, is_event),
    }


def _steps(choose: session.Choices, answer: session.Answer, everyone) -> Shown:
    st.markdown(_("The same numbers as a table: each column adds up to everybody."))
    draw(answer, paths_steps, alt=_("Events at each step."))
    _fold("steps", partial(steps_table, answer.result), step_matrix(answer.result).reset_index())
    return answer, paths_steps


def _ways(choose: session.Choices, answer: session.Answer, everyone) -> Shown:
    st.markdown(
        _("A ribbon knows one hop. These are whole paths: who went from the first of these events to the last, in this "
          "order.")
    )  # fmt: skip
    draw(answer, paths_ways, alt=_("The commonest whole paths."))
    _fold("ways", partial(paths_table, answer.result), all_paths(answer.result))
    return answer, paths_ways


def _transitions(choose: session.Choices, answer: session.Answer, everyone) -> Shown:
    asked = {name: answer.settings[name] for name in SHARED if name in answer.settings}
    found = session.compute("transitions", answer.table, {"unit": choose["unit"], **asked})
    st.markdown(transitions_reading(found.result))
    people = st.segmented_control(
        _("What is counted here"), [False, True], key=choose.key("people_of_transitions"), required=True,
        format_func={False: _("Transitions"), True: _("Customers")}.get, persist_state="session",
        help=_("Every time it happens, or the customers to whom it ever happens."),
    )  # fmt: skip
    chart = partial(transitions_matrix, people=people)
    chart.__name__ = f"transitions_matrix({people})"  # what the cache of pictures goes by
    draw(found, chart, alt=_("Which event follows which."))
    definition_card(found)
    _fold("transitions", partial(transitions_table, found.result), found.result.counts)
    people_of_one(found, _("The people behind a cell"), _passages(found.result))
    return found, chart


def _passages(result: Transitions) -> dict[str, dict]:
    """Cells of the matrix: what they did, in words -> the address that `members` takes."""
    return {
        _("went from {source} to {target}", source=node_name(row.from_event), target=node_name(row.to_event)): {
            "from_event": row.from_event,
            "to_event": row.to_event,
        }
        for row in result.counts.head(MOST_PASSAGES).itertuples()
    }


def _time(choose: session.Choices, answer: session.Answer, everyone) -> Shown:
    kinds = names(choose, everyone)
    if len(kinds) < 2:
        st.markdown(_("There is one kind of event only: no time from one to another."))
        return None
    usual = _usual(everyone, kinds)
    with st.grid(2, min_column_width=200):
        for name, label in {"origin": _("From"), "target": _("To")}.items():
            now = choose[name] if choose[name] in kinds else usual[name]
            choose[name] = st.selectbox(
                label, kinds, kinds.index(now), key=f"{choose.key(name)}.{choose.version}.{len(kinds)}",
                help=_("The time from a customer’s first event of one kind to the next of the other."),
            )  # fmt: skip
    asked = {"origin": choose["origin"], "target": choose["target"]}
    asked |= {name: answer.settings[name] for name in ("clean", "start", "end", "level") if name in answer.settings}
    by = answer.settings.get("by")
    if by is not None:
        asked["by"] = by["column"] if isinstance(by, dict) else by
    found = session.compute("time_to_event", answer.table, asked)
    st.markdown(time_to_event_reading(found.result))
    draw(found, time_to_event_curve, alt=_("Who has arrived by when."))
    definition_card(found)
    _fold("time", partial(number_table, found.result.marks), found.result.marks)
    people_of_one(found, _("The people behind the curve"), _waiting(choose["target"]))
    return found, time_to_event_curve


def _usual(everyone, kinds: list[str]) -> dict[str, str]:
    """From where a funnel would begin to its goal, as far as the clean-up keeps their names."""
    steps = [step for step in proposed_steps(session.sample(everyone)) if step in kinds]
    origin = steps[0] if steps else kinds[0]
    return {"origin": origin, "target": steps[-1] if len(steps) > 1 else next(k for k in kinds if k != origin)}


def _waiting(target: str) -> dict[str, dict]:
    return {
        _("arrived at {target}", target=target): {"arrived": True},
        _("have not arrived at {target}", target=target): {"arrived": False},
    }


def _fold(name: str, show: Callable[[], None], table: pd.DataFrame) -> None:
    """All numbers, made when they are opened, and as a file."""
    fold = st.expander(_("All numbers"), key=f"journeys.numbers.{name}", on_change="rerun")
    if fold.open:
        with fold:
            show()
            help = _("All rows, for a spreadsheet.")
            download(_("These numbers (CSV)"), partial(as_csv, table), f"{name}.csv", f"journeys.csv.{name}", help)


SECTIONS = {
    "steps": Section(_("Step by step"), _steps),
    "ways": Section(_("Whole paths"), _ways),
    "transitions": Section(_("What follows what"), _transitions),
    "time": Section(_("How long it takes"), _time),
}
