"""How fit a table is for use: one number, and every point it lost by name."""

from dataclasses import dataclass
from math import floor

import pandas as pd

LOST = {  # severity -> points that a finding costs at least (in one row), and at most (in every row)
    "error": (2, 60),
    "warning": (2, 20),
    "note": (0, 0),  # good to know, nothing wrong
}


@dataclass(frozen=True, eq=False)
class QualityScore:
    """Result of :func:`quality_score`.

    score : 0 to 100; 100 where nothing is wrong
    reasons : one row a finding that cost something, the dearest first
        reason  str    the finding
        column  str    the file's column it is about; empty where it is about whole rows
        points  float  points lost
        share   float  rows it concerns / rows of the file; NA where it concerns no row in particular
    """

    score: int
    reasons: pd.DataFrame


def quality_score(table) -> QualityScore:
    r"""How fit a table is for use, from 0 to 100, and why.

    Every finding costs points, the more rows it concerns the more: with the share :math:`s_i` of the file's rows,

    .. math:: \text{score} = \max\Bigl(0, \Bigl\lfloor 100 - \sum_i (a_i + (b_i - a_i)\, s_i) \Bigr\rfloor\Bigr)

    where a and b are 2 and 60 for an error (rows left out), 2 and 20 for a warning (may mislead), 0 and 0 for a note.
    A finding about no row in particular costs a. A fix takes its finding away and so never lowers the score.

    table : any table that a `read_...` function returns
    The weights are a convention of this project; the list of reasons says more than the number.

    >>> from insight import read_events
    >>> score = quality_score(read_events(b"user,event,time\nana,visit,2026-01-01 09:00\n,buy,2026-01-01 09:05\n"))
    >>> score.score, score.reasons[["reason", "points"]].values.tolist()
    (69, [['Rows without a customer id', 31.0]])
    """
    found = table.findings
    least, most = (found["severity"].map({name: LOST[name][at] for name in LOST}).astype("float64") for at in (0, 1))
    share = found["rows"].clip(upper=table.n_rows) / table.n_rows
    points = least + (most - least) * share
    reasons = pd.DataFrame(
        {
            "reason": found["finding"],
            "column": found["column"],
            "points": points,
            "share": share.where(found["rows"] > 0).astype("Float64"),
        }
    )
    reasons = reasons[reasons["points"] > 0].sort_values("points", ascending=False, kind="stable", ignore_index=True)
    return QualityScore(score=max(0, floor(100 - points.sum() + 1e-9)), reasons=reasons)
