"""Customers told twice with different answers; scores outside their scale."""

import re

import numpy as np
import pandas as pd

from insight.language import _
from insight.tables.quality.rows import Rows


def note_conflicts(draft, frame: pd.DataFrame) -> None:
    """Say which customers have several rows, and in which columns these disagree."""
    rows = Rows(draft, frame)
    again = frame["customer_id"].duplicated().to_numpy() & ~draft.copies[rows.kept]
    if not frame["customer_id"].duplicated().any():
        return
    hint = _("They become one row: the first value of each column counts.")
    rows.note("same_customer", _("A customer once more"), "note", "customer_id", again, hint)
    kinds = frame.groupby("customer_id", sort=False)
    for name in frame.columns.drop("customer_id"):
        differs = (kinds[name].transform("nunique") > 1).to_numpy()
        if name.startswith("consent_"):
            hint = _("A no counts. Ask those who run the list which answer is right.")
        else:
            hint = _("The first value counts. Which row is right?")
        draft.findings.add(
            _("Rows of one customer that disagree"),
            "warning",
            column=draft.columns.get(name) or name,
            at=rows.kept[differs],
            suggestion=hint,
            code="conflicting_rows",
        )


def note_bad_scores(draft, frame: pd.DataFrame) -> None:
    """Say which scores lie outside the scale that stands beside them."""
    if "scale" not in frame:
        return
    limits = frame["scale"].map({scale: limits_of(scale) for scale in frame["scale"].dropna().unique()})
    low, high = (limits.map(lambda pair, at=at: pair[at] if isinstance(pair, tuple) else np.nan) for at in (0, 1))
    outside = ((frame["score"] < low) | (frame["score"] > high)).to_numpy()
    hint = _("They are kept. Which of the two is right, the score or the scale?")
    Rows(draft, frame).note("outside_scale", _("Scores outside their scale"), "warning", "score", outside, hint)


def limits_of(scale: str) -> tuple[float, float] | None:
    """The ends of a scale as files write it.

    >>> limits_of("1-5"), limits_of("0 to 10"), limits_of("NPS"), limits_of("stars")
    ((1.0, 5.0), (0.0, 10.0), (0.0, 10.0), None)
    """
    if scale.casefold() == "nps":
        return 0.0, 10.0
    ends = re.fullmatch(r"\s*(\d+)\s*(?:-|–|to|\.\.)\s*(\d+)\s*", scale)
    return (float(ends[1]), float(ends[2])) if ends else None
