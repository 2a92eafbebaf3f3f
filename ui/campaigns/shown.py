"""A table of finished words: its first column stays where it is, the others stand to the right."""

import pandas as pd
import streamlit as st

from insight.language import plain

TALL = 30  # rows: a table up to here has no scroll bar of its own


def show_table(shown: pd.DataFrame, alt: str) -> None:
    """The words as they are. `alt` : what the table holds."""
    first, *others = shown.columns
    columns = {first: st.column_config.Column(plain(first), pinned=True)}
    columns |= {name: st.column_config.Column(name, alignment="right") for name in others}
    st.dataframe(
        shown, hide_index=True, column_config=columns, alt=alt, height="content" if len(shown) <= TALL else "auto"
    )
