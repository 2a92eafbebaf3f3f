"""The customers behind a number of a result of clusters, on any source."""

from insight.clusters import clusters
from insight.clusters.grouping import needed
from insight.clusters.known import known_customers, table_kind
from insight.clusters.scaling import complete
from insight.clusters.settings import read_settings
from insight.errors import InsightError, UnknownValue

USUAL = {"features": None, "k": "auto", "seed": 0, "one_time": "apart", "logged": None, "as_of": None}


def clusters_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `clusters(table, **settings)`, in ascending order.

    cell : {"cluster": 2}, the customers of a group; {"missing": True}, those without a value of some feature
    Raises UnknownValue, InsightError for a cell that the result does not have; otherwise as `clusters`.

    >>> import pandas as pd
    >>> visits = [n % 2 * 500 + n for n in range(60)]
    >>> people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(60)], "visits": visits})
    >>> clusters_members(people, {"k": 2}, {"cluster": 1})[:3]
    ['c1', 'c11', 'c13']
    """
    if not isinstance(cell, dict) or len(cell) != 1 or next(iter(cell)) not in ("cluster", "missing"):
        raise InsightError(
            f'A cell of clusters is written {{"cluster": 2}} or {{"missing": True}}; {cell!r} is not one.'
        )
    if "missing" in cell:
        return _without_values(table, settings, cell)
    customers = clusters(table, **settings).customers
    groups = sorted(customers["cluster"].unique().tolist())
    if cell["cluster"] not in groups:
        raise UnknownValue("cluster", cell["cluster"], groups)
    return customers["customer_id"][customers["cluster"] == cell["cluster"]].tolist()


def _without_values(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    if cell["missing"] is not True:
        raise InsightError('Who has no value of some feature is asked for with {"missing": True}.')
    for name in settings:
        if name not in USUAL:
            raise UnknownValue("setting of clusters", name, USUAL)
    kind = table_kind(table, "clusters")
    asked = read_settings(table, kind, USUAL | settings)
    frame = known_customers(table, kind, needed(asked, kind), asked.as_of).frame
    return frame["customer_id"][~complete(frame, list(asked.features))].tolist()
