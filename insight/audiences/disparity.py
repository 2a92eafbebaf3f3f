"""Whether an audience takes some groups of people far more often than others."""

import numpy as np
import pandas as pd

from insight.errors import UnknownValue
from insight.intervals import newcombe, wilson
from insight.log import NOT_SET

FOUR_FIFTHS = 0.8  # of the highest rate: below it a group is flagged
FEW = 30  # customers; of fewer a ratio says little
COLUMNS = {
    "trait": "str", "group": "str", "n_customers": "int64", "selected": "int64", "selection_rate": "float64",
    "ci_low": "float64", "ci_high": "float64", "ratio": "float64", "flagged": "bool", "by_chance": "bool",
    "small": "bool",
}  # fmt: skip


def disparity(customers, ids: list[str], *, traits: list[str], level: float = 0.95) -> pd.DataFrame:
    r"""How often customers of each group are in a selection, against the group that is selected most.

    .. math:: \text{ratio}_g = \frac{s_g / n_g}{\max_h s_h / n_h}

    The highest rate is that of groups of 30 and more, as far as there are any. A ratio below 0.8 is flagged: the rule
    of four fifths. It is a reason to look, not a verdict: a rule may have good reasons, and chance moves small groups.

    customers : the table of customers; ids : those who were selected
    traits : its columns, such as "age_band"; a column of numbers is cut into four groups of about the same size

    Columns out, one row a trait and group: trait, group, n_customers (all in the table), selected, selection_rate,
    ci_low, ci_high (Wilson), ratio, flagged, by_chance (Newcombe's interval of the difference to the group most taken
    holds 0), small (fewer than 30 customers). Raises UnknownValue for another column.
    Source: Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D (1978).

    >>> from insight import read_customers
    >>> table = read_customers(b"id,gender\na,f\nb,f\nc,m\nd,m\n")
    >>> disparity(table, ["a", "b", "c"], traits=["gender"])[["group", "selected", "ratio", "flagged"]].values.tolist()
    [['f', 2, 1.0, False], ['m', 1, 0.5, True]]
    """
    allowed = [name for name in customers.frame if name != "customer_id"]
    chosen = customers.frame["customer_id"].isin(set(ids)).to_numpy(bool)
    parts = []
    for name in traits:
        if name not in allowed:
            raise UnknownValue("protected", name, allowed)
        parts.append(_of_trait(name, groups_of(customers.frame[name]), chosen, level))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return found.astype(COLUMNS)


def _of_trait(name: str, group: pd.Series, chosen: np.ndarray, level: float) -> pd.DataFrame:
    rows = pd.DataFrame({"group": group.to_numpy(object), "selected": chosen})
    rows = rows.groupby("group", sort=True)["selected"].agg(n_customers="size", selected="sum").reset_index()
    rows["selection_rate"] = rows["selected"] / rows["n_customers"]
    rows["ci_low"], rows["ci_high"] = wilson(rows["selected"], rows["n_customers"], level)
    rows["small"] = rows["n_customers"] < FEW
    told = rows[(rows["group"] != NOT_SET) & ~rows["small"]]
    highest = (told if len(told) else rows)["selection_rate"].max()
    rows["ratio"] = rows["selection_rate"] / highest if highest > 0 else np.nan
    most = rows.iloc[(told if len(told) else rows)["selection_rate"].idxmax()]
    counts = rows["selected"], rows["n_customers"], most["selected"], most["n_customers"]
    rows["by_chance"] = newcombe(*counts, level)[2] >= 0
    rows["flagged"] = (rows["ratio"] < FOUR_FIFTHS).fillna(False)
    return rows.assign(trait=name)[list(COLUMNS)]


def groups_of(values: pd.Series, most: int = 12) -> pd.Series:
    """Each customer's group as text: the value; of more than `most` different numbers one of four ranges.

    >>> groups_of(pd.Series([3.0, None])).tolist(), groups_of(pd.Series(range(40))).unique().tolist()
    (['3', '(not set)'], ['0 to 9', '10 to 19', '20 to 29', '30 to 39'])
    """
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values.astype("str").where(values.notna(), NOT_SET).astype("str")
    number = pd.Series(values.to_numpy(float, na_value=np.nan), index=values.index)
    if number.nunique() <= most:
        return number.map(lambda value: f"{value:g}").where(number.notna(), NOT_SET).astype("str")
    told = number[number.notna()]
    place = np.searchsorted(np.quantile(told, [0.25, 0.5, 0.75], method="lower"), told, side="left")
    named = {part: f"{told[place == part].min():g} to {told[place == part].max():g}" for part in np.unique(place)}
    found = pd.Series(NOT_SET, index=values.index, dtype="str")
    found.loc[told.index] = [named[part] for part in place]
    return found
