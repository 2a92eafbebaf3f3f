"""A persona: what is more common in a segment than elsewhere, and how many have all of it. Observed shares only."""

import numpy as np
import pandas as pd

from insight.intervals import wilson

MOST_LINES = 6
COMMON = 0.1  # share of the segment that a value needs for a line
ABOVE = 110  # index from which a value is worth a line
LINES = ["group", "line", "trait", "trait_value", "quartile_low", "quartile_high", "n_customers", "n_known", "share"]
LINES += ["ci_low", "ci_high", "index", "q_value"]


def lines_table(
    shares: pd.DataFrame,
    numbers: pd.DataFrame,
    values: pd.DataFrame,
    label: np.ndarray,
    *,
    level: float,
    minimum: int,
) -> pd.DataFrame:
    """The lines of each group's persona, what sets it apart most clearly first; one a trait.

    Of a text the most common of the values that are clearly more common in the group than elsewhere; of a number the
    middle half of the group, where the group differs clearly. values : texts and numbers of all customers
    """
    alpha = 1 - level
    able = (shares["q_value"] <= alpha) & (shares["share"] >= COMMON) & (shares["index"] >= ABOVE)
    texts = shares[able].sort_values(["share", "trait_value"], ascending=[False, True], kind="stable")
    texts = texts.drop_duplicates(["group", "trait"]).assign(quartile_low=np.nan, quartile_high=np.nan)
    rows = [texts[[*LINES[:1], *LINES[2:]]]]
    for row in numbers[numbers["q_value"] <= alpha].itertuples():
        if (made := _of_number(row, values[row.trait].to_numpy(float), label, level)) is not None:
            rows.append(made[made["n_customers"] >= minimum])
    found = pd.concat([one for one in rows if len(one)] or rows[:1], ignore_index=True)
    found["strength"] = -np.abs(np.log(found["index"].astype(float) / 100))
    found = found.sort_values(["group", "strength", "trait"], kind="stable")
    found["line"] = found.groupby("group").cumcount() + 1
    return found[found["line"] <= MOST_LINES][LINES].reset_index(drop=True).astype({"line": int})


def _of_number(row, values: np.ndarray, label: np.ndarray, level: float) -> pd.DataFrame | None:
    """The middle half of a group's numbers, with how many of the group and of all lie in it."""
    told = ~np.isnan(values)
    inside = told & (values >= row.quartile_low) & (values <= row.quartile_high)
    own = told & (label == row.group)
    n, known = int((inside & own).sum()), int(own.sum())
    index = 100 * (n / known) / (inside.sum() / told.sum())
    if index < ABOVE:
        return None
    low, high = wilson(n, known, level)
    made = {
        "group": row.group, "trait": row.trait, "trait_value": None, "quartile_low": row.quartile_low,
        "quartile_high": row.quartile_high, "n_customers": float(n), "n_known": float(known), "share": n / known,
        "ci_low": float(low), "ci_high": float(high), "index": index, "q_value": row.q_value,
    }  # fmt: skip
    return pd.DataFrame([made])


def matching(lines: pd.DataFrame, values: pd.DataFrame) -> np.ndarray:
    """Which customers match all these lines; nobody where there is none."""
    found = np.full(len(values), bool(len(lines)))
    for row in lines.itertuples():
        own = values[row.trait]
        if row.trait_value is not None and row.trait_value == row.trait_value:
            found &= (own == row.trait_value).to_numpy()
        else:
            found &= own.between(row.quartile_low, row.quartile_high).to_numpy()
    return found
