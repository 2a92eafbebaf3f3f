"""For who has no file yet: a template of each kind of table, and how the tables come out of common tools."""

import streamlit as st

from insight.language import _
from insight.tables.templates import EXAMPLES, required_columns, template
from insight.text import exports
from ui.words import ICONS, KIND_NAMES, KINDS, label


def help_with_files() -> None:
    """Folded away: what to export from where, and files to fill in."""
    with st.expander(_("How to get these tables out of your tools"), icon=":material/help:", key="data.fold.tools"):
        tools = exports()
        tool = st.selectbox(
            _("Your tool"),
            list(tools),
            format_func=lambda name: tools[name]["title"],
            key="data.tool",
            width=360,
            help=_("Where your data is now."),
        )
        _how_to(tools[tool])
    fold = st.expander(_("Templates to fill in"), icon=":material/description:", key="data.fold.templates")
    with fold, st.grid(3, min_column_width=260):
        for kind in EXAMPLES:
            with st.container(border=True, height="stretch", gap="small"):
                st.markdown(f"{ICONS[kind]} **{KINDS[kind].capitalize()}**")
                st.markdown(":small[" + _("It needs: {columns}.", columns=_needed(kind)) + "]")
                st.space("stretch")
                st.download_button(
                    _("Template (CSV)"),
                    template(kind),
                    f"{kind}-template.csv",
                    "text/csv",
                    key=f"data.template.{kind}",
                    icon=":material/download:",
                    on_click="ignore",
                    width="stretch",
                    help=_("Three example rows under the names of the columns; replace them by yours."),
                )


def _how_to(entry: dict[str, object]) -> None:
    kinds = ", ".join(KIND_NAMES[kind] for kind in entry["gives"])
    st.markdown(f":small[{_('You get: {kinds}.', kinds=kinds)}]")
    st.markdown(entry["steps"])
    if "query" in entry:
        st.code(entry["query"].strip(), language="sql")
    if "note" in entry:
        st.markdown(f":small[:material/info: {entry['note']}]")
    st.markdown(f":small[{_('Source: {address}', address=entry['source'])}]")


def _needed(kind: str) -> str:
    """The required columns in words, with what may stand instead."""
    words = []
    for name, *instead in required_columns(kind):
        said = f"`{name}` ({label(name).lower()})"
        if instead:
            said += " " + _("or {columns}", columns=", ".join(f"`{other}`" for other in instead))
        words.append(said)
    return ", ".join(words)
