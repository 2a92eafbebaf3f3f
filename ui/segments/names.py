"""The names of the 25 fields of the map: whoever edits them still names every field once."""

import pandas as pd
import streamlit as st

from insight.language import _, plain
from insight.rfm import SEGMENTS
from ui import session

LONGEST = 40  # characters of a name


def is_grid(grid: object) -> bool:
    """Whether this names all 25 fields: five lists of five names."""
    rows = grid if isinstance(grid, list) else []
    names = [name for row in rows if isinstance(row, list) and len(row) == 5 for name in row]
    whole = len(rows) == 5 and len(names) == 25
    return whole and all(isinstance(name, str) and 0 < len(name.strip()) <= LONGEST for name in names)


def name_editor(choose: session.Choices) -> None:
    """The map as a table of names to write into, and the way back to the usual ones."""
    st.markdown(
        _("Write into a field to rename it: fields of one name are one segment. Every field keeps exactly one name, so "
          "every customer is in exactly one segment, and counts and revenue add up.")
    )  # fmt: skip
    memory, version = session.memory(choose.page), f"names.{choose.version}"
    now = choose["names"] or SEGMENTS
    first = memory.setdefault(version, now)  # what the editor began with: it keeps the changes itself
    rows = pd.DataFrame(first, columns=[_("FM {score}", score=k) for k in range(1, 6)], dtype="str")
    rows.insert(0, "score", [_("R {score}", score=5 - k) for k in range(5)])
    columns = {"score": st.column_config.Column(_("Scores"), disabled=True, pinned=True)}
    columns |= {
        name: st.column_config.TextColumn(name, required=True, max_chars=LONGEST, help=_("The name of the segment."))
        for name in rows.columns[1:]
    }
    edited = st.data_editor(
        rows, hide_index=True, num_rows="fixed", column_config=columns, key=f"{choose.key('names')}.{choose.version}",
        alt=_("The names of the 25 fields of the map"),
    )  # fmt: skip
    grid = [["" if pd.isna(name) else str(name).strip() for name in row] for row in edited.iloc[:, 1:].to_numpy()]
    if not is_grid(grid):
        st.error(_("Every field needs a name."), icon=":material/error:")
    elif grid != now:
        choose["names"] = [] if grid == SEGMENTS else grid
        st.rerun()  # the map stands above
    if choose["names"]:
        names = ", ".join(plain(name) for name in dict.fromkeys(name for row in now for name in reversed(row)))
        st.markdown(_("Segments now: {names}.", names=names))
        st.button(
            _("Back to the usual names"), key="segments.names.back", on_click=_back, args=[choose],
            icon=":material/undo:", help=_("The names this page starts with."),
        )  # fmt: skip


def _back(choose: session.Choices) -> None:
    choose["names"] = []
    choose.renew()
