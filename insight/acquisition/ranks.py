"""The same campaigns by what their customers' first orders brought, and by what they brought later."""

import numpy as np
import pandas as pd

from insight.acquisition.following import Following
from insight.acquisition.observed import per_cost, sums_until
from insight.acquisition.sums import FEW
from insight.acquisition.tally import FIRST_ORDER


def ranks_table(
    found: Following, rows: pd.DataFrame, given: dict[str, object], at: int | None
) -> tuple[int | None, pd.DataFrame]:
    """The horizon of the later ranking, and the `ranks` table of `cohort_roas`. rows : its `rows`."""
    by, level = given["by"], given["level"]
    at = _horizon(rows) if at is None else at
    listed = []
    for number, name in enumerate(found.names if at is not None else ()):
        first = sums_until(found, [number], at, FIRST_ORDER)
        if not first.spend > 0:
            continue
        later = sums_until(found, [number], at, FIRST_ORDER + 1 + list(given["horizons"]).index(at))
        at_first, at_last = (per_cost(one, one.spend, level)[:3] for one in (first, later))
        listed.append((name, first.n, first.spend, found.day(first.last), *at_first, *at_last))
    columns = [by, "n_customers", "spend", "last_acquired", "first_order_roas", "first_order_low", "first_order_high"]
    table = pd.DataFrame(listed, columns=[*columns, "later_roas", "later_low", "later_high"])
    table = table.astype({by: "str", "last_acquired": "str"})
    for name in ("first", "later"):
        value = table["first_order_roas" if name == "first" else "later_roas"]
        table[f"{name}_rank"] = value.rank(ascending=False, method="min").astype("int64")
    table["move"] = pd.array([_move(table, row) for row in range(len(table))], dtype="str")
    return at, table.sort_values(["first_rank", by], ignore_index=True)


def _horizon(rows: pd.DataFrame) -> int | None:
    """The longest horizon in which two have enough customers; else the longest that is observed."""
    rated = rows[rows["roas"].notna()]
    enough = rated[rated["n_customers"] >= FEW]["days_after"].value_counts()
    enough = enough[enough >= 2]
    if len(enough):
        return int(enough.index.max())
    return int(rated["days_after"].max()) if len(rated) else None


def _move(table: pd.DataFrame, row: int) -> str:
    """How one campaign changed places; "cannot_tell" where no change is beyond the intervals."""
    own, moved = table.iloc[row], int(table["first_rank"][row] - table["later_rank"][row])
    sign = np.sign(moved)
    if not sign:
        return "same"
    passed = ((table["first_rank"] - own["first_rank"]) * sign < 0) & (
        (table["later_rank"] - own["later_rank"]) * sign > 0
    )
    if not passed.any():
        return "same"  # others only came to share its place, or left it
    above, below = ("low", "high") if sign > 0 else ("high", "low")
    sure = (table[f"first_order_{above}"] - own[f"first_order_{below}"]) * sign > 0
    sure &= (own[f"later_{above}"] - table[f"later_{below}"]) * sign > 0
    return ("up" if sign > 0 else "down") if (passed & sure).any() else "cannot_tell"
