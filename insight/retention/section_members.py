"""The customers behind the numbers beside retention: what cohorts bring in, and how others count."""

from insight.errors import InsightError, UnknownValue
from insight.retention.members import retention_members
from insight.retention.peers import OURS, retention_peers
from insight.retention.revenue_tally import OF_PAYBACK


def cohort_revenue_members(orders, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `cohort_revenue(orders, **settings)`, in ascending order.

    cell : {"cohort": "2026-01-01"}, everyone in it
        {"cohort": "2026-01-01", "period": 3}, of them those who bought in the period, or with "ordered": False those
        who did not; and beside either "group": "ads"

    Raises UnknownValue for a cell that the result does not have; otherwise as `cohort_revenue`.
    """
    if not isinstance(cell, dict):
        raise InsightError(f'A cell of cohort_revenue is written {{"cohort": ..., "period": 3}}; {cell!r} is not.')
    for key in cell:
        if key not in ("cohort", "period", "ordered", "group"):
            raise UnknownValue("cell", key, ("cohort", "period", "ordered", "group"))
    known = {name: value for name, value in settings.items() if name not in OF_PAYBACK}
    return retention_members(orders, known, {"retained" if key == "ordered" else key: own for key, own in cell.items()})


def retention_peers_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind a number of `retention_peers(table, **settings)`, in ascending order.

    cell : {"tool": "Mixpanel"}, whom it would count as retained, or with "retained": False as not retained;
        {"changed": "criterion", "criterion": "streak"} for this retention with one change, and {"tool": "ours"} for it

    Raises UnknownValue for a way to count that the result does not have; otherwise as `retention_peers`.
    """
    found = retention_peers(table, **settings)
    tool, changed = cell.get("tool", OURS), cell.get("changed", "")
    rows = found.tools[found.tools["tool"] == tool]
    if rows.empty:
        raise UnknownValue("tool", tool, found.tools["tool"].unique())
    if tool == OURS:
        rows = rows[rows["changed"] == changed]
        if changed in cell:
            rows = rows[[own.get(changed) == cell[changed] for own in rows["settings"]]]
    if rows.empty:
        raise UnknownValue("changed", cell.get(changed, changed), found.tools["changed"].unique())
    counted = rows["settings"].iloc[0]
    return retention_members(table, counted, {"period": found.at, "retained": cell.get("retained", True)})
