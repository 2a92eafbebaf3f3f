"""What pages share: the empty state, readable errors, explanations, and drawing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from insight.errors import InsightError, MissingColumn
from insight.language import _, length, plain
from insight.text import essay
from ui import session
from ui.filter import clear_button, nothing_left
from ui.words import KINDS, LABELS

DATA_PAGE = "pages/start/data.py"
CLICKED, CLICKED_LAYER = "clicked", "hits"  # of a chart: the selection, and the layer that is clicked


def need(*kinds: str):
    """The visitor's table of the first of these kinds that they have.

    Without one, say what is needed, offer it in one click, and stop.
    """
    try:
        table = next((found for found in map(session.table, kinds) if found is not None), None)
    except InsightError as problem:
        nothing_left(problem)
        st.stop()
    if table is not None and session.wanted() is None:
        return table
    data = session.current()
    if table is not None and not data.is_sample:
        return table  # the link's file, or another one: the settings will say so
    _ask_for(kinds, data)
    st.stop()


def _ask_for(kinds: tuple[str, ...], data: session.Dataset | None) -> None:
    with st.container(border=True):
        if session.wanted() is not None:
            st.header(_("This link was made with somebody’s own file"), anchor=False)
            st.markdown(_("A link holds settings, never data. Open the same file to see the same numbers."))
        elif data:
            st.header(_("This page needs another kind of table"), anchor=False)
            st.text(_("There is no such table in {name}.", name=data.title))
        else:
            st.header(_("Nothing to look at yet"), anchor=False)
        either = _("** or **").join(KINDS[kind] for kind in kinds)
        st.markdown(_("This page reads **{kind}**.", kind=either))
        with st.container(horizontal=True):
            if session.wanted() is not None:
                _file_button(main_button())
                _sample_button(kinds[0], "secondary")
            else:
                _sample_button(kinds[0], main_button())
                _file_button("secondary")


def _sample_button(kind: str, look: str) -> None:
    name, title = next(iter(session.samples_of(kind).items()))
    label = _("Open the sample “{title}”", title=title)
    st.button(label, key="need.sample", type=look, on_click=session.use_sample, args=[name])


def _file_button(look: str) -> None:
    if st.button(_("Open a file"), key="need.file", type=look, icon=":material/upload_file:"):
        st.switch_page(DATA_PAGE, query_params=session.address("data"))


@contextmanager
def readable_errors(shorter: Callable[[str], None] | None = None, stop: bool = True) -> Iterator[None]:
    """Show what does not work and what to change, and stop the page, or this part of it only.

    The message may quote the visitor's file: plain text. `shorter` takes the longest window that the data can answer,
    when a window is what asks too much.
    """
    try:
        yield
    except InsightError as problem:
        problem_box(problem)
        offer_window(getattr(problem, "longest_within", None), shorter)
        if session.selection():
            clear_button("clear.problem")
        if stop:
            st.stop()


def main_button() -> str:
    """The type of the button that most will click: filled where its white text can be read on the theme's colour."""
    return "secondary" if st.context.theme.type == "dark" else "primary"


def offer_window(window: str | None, use: Callable[[str], None] | None) -> None:
    """A button that takes the longest window that most customers have had, where the chosen one asks too much."""
    if window and use:
        label = _("Use {length}, which most customers have had", length=length(window))
        st.button(label, key="shorter", on_click=use, args=[window])


def problem_box(problem: InsightError, file: str = "", still: str = "") -> None:
    """What does not work. `file` : the file that was refused; `still` : what the visitor looks at nevertheless."""
    said = [plain(file) + ":"] if file else []
    if isinstance(problem, MissingColumn):
        names = ", ".join(LABELS.get(name, plain(name)) for name in problem.missing)
        said.append(
            _("No column was chosen for: {names}. If the file has none, it cannot be read like this.", names=names)
        )
    else:
        said.append(plain(problem))
    if still:
        said.append(_("You still look at {name}.", name=plain(still)))
    st.error(" ".join(said), icon=":material/error:")


def explanation(name: str) -> None:
    """The essay on an analysis, folded away."""
    with st.expander(_("How this works, and what it cannot say"), icon=":material/school:"):
        st.markdown(essay(name))


def draw(answer: session.Answer, chart: Callable, *, alt: str, key: str | None = None, click: str | None = None):
    """A chart of an answer, from the cache when it was drawn before. `alt` says what kind of picture it is.

    click : a column of what the pointer finds; then a click on a mark gives its value, and the mark is lit
    """
    picture, words = session.spec(answer, chart)
    look = {"alt": f"{alt} {words}".strip(), "key": key, "theme": None}
    if click is None:
        st.vega_lite_chart(picture, **look)
        return None
    event = st.vega_lite_chart(clickable(picture, click), on_select="rerun", selection_mode=[CLICKED], **look)
    marks = event["selection"].get(CLICKED) or []
    return marks[0].get(click) if marks else None


def clickable(picture: dict, field: str) -> dict:
    """The picture with a selection on the layer whose tooltip shows `field`."""
    layers = []
    for layer in picture["layer"]:
        shown = [channel.get("field") for channel in layer.get("encoding", {}).get("tooltip") or []]
        if field in shown:
            lit = {"condition": {"param": CLICKED, "empty": False, "value": 0.15}, "value": 0}
            layer = {**layer, "name": CLICKED_LAYER, "encoding": {**layer["encoding"], "opacity": lit}}
            layer["mark"] = {**layer["mark"], "cursor": "pointer"}
        layers.append(layer)
    chosen = {"name": CLICKED, "select": {"type": "point", "fields": [field]}, "views": [CLICKED_LAYER]}
    return {**picture, "layer": layers, "params": [*picture.get("params", []), chosen]}
