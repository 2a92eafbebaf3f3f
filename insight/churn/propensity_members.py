"""The customers with the highest or the lowest chances to come back."""

import numpy as np

from insight.churn.propensity import propensity
from insight.errors import InsightError


def propensity_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers with the highest or the lowest chances of `propensity(table, **settings)`, ascending.

    cell : {"top": 0.1}, the tenth with the highest chances now; {"bottom": 0.1}, that with the lowest
    Of equal chances those with the lower ids come first. Raises UnknownValue, InsightError for another cell.

    >>> from insight import sample
    >>> len(propensity_members(sample("cdnow_orders"), {"horizon": "91D"}, {"top": 0.01}))
    236
    """
    if not isinstance(cell, dict) or len(cell) != 1 or next(iter(cell)) not in ("top", "bottom"):
        raise InsightError(f'A cell of propensity is written {{"top": 0.1}} or {{"bottom": 0.1}}; {cell!r} is not one.')
    ((end, share),) = cell.items()
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise InsightError(f"{end} = {share!r} of a cell is a share between 0 and 1, for example 0.1.")
    customers = propensity(table, **settings).customers
    chance = customers["chance"].to_numpy()
    order = np.argsort(-chance if end == "top" else chance, kind="stable")
    return sorted(customers["customer_id"].iloc[order[: int(np.ceil(share * len(order)))]])
