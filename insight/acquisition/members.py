"""The customers behind a number of acquisition: whom a channel won, and who of them has paid back."""

from functools import partial

import numpy as np

from insight.acquisition.curves import REACHED
from insight.acquisition.following import HORIZONS, Following, following
from insight.acquisition.payback import whole_days
from insight.acquisition.tally import Window, acquired
from insight.errors import InsightError, UnknownValue
from insight.log import Log
from insight.retention.revenue_tally import total

USUAL = {
    "by": "channel", "column": None, "source": None, "horizons": HORIZONS, "margin": None, "extra_cost": 0.0,
    "same": None, "rates": None, "as_of": None, "level": 0.95,
    "rows_as": "auto",
}  # fmt: skip


def cohort_roas_members(orders, settings: dict, cell: dict, campaigns=None, events=None, customers=None) -> list[str]:
    """The ids of the customers behind a number of `cohort_roas(orders, campaigns, **settings)`, in ascending order.

    cell : {"acquired_by": "ads"}, the customers whom this campaign (or what `by` names) acquired; beside it
        {"days_after": 90}, of them those who could be followed so long
    """
    _check(cell, ("acquired_by", "days_after"))
    found = _found(orders, settings, campaigns, events, customers)
    follow = cell.get("days_after", 0)
    if type(follow) is not int or follow < 0:
        raise InsightError(f"days_after = {follow!r} must be a number of days, such as 90.")
    last = min(found.last, found.end - follow)
    return _ids(orders, found, partial(_won, window=found.window, names=_names(found, cell), last=last))


def acquisition_payback_members(
    orders, settings: dict, cell: dict, campaigns=None, events=None, customers=None
) -> list[str]:
    """The ids of the customers behind a number of `acquisition_payback`, in ascending order.

    cell : {"acquired_by": "ads"}, the customers whom this channel acquired; beside it {"paid_back": True}, of them
        those whose own margin so far has reached the CAC of the channel; False for the others
    """
    _check(cell, ("acquired_by", "paid_back"))
    horizons = [whole_days(settings.get("horizon", "365D"))]
    found = _found(orders, settings | {"horizons": horizons}, campaigns, events, customers)
    won = partial(_won, window=found.window, names=_names(found, cell), last=found.last)
    if "paid_back" not in cell:
        return _ids(orders, found, won)
    if cell["acquired_by"] not in found.names:
        raise UnknownValue("acquired_by", cell["acquired_by"], found.names)
    money = found.cost if settings.get("cost", "all") == "all" else found.spend
    number = found.names.index(cell["acquired_by"])
    n = int(found.tally.n[found.tally.place[:, 0] == number].sum())
    cac = float(money[number].sum()) / max(n, 1)
    paid = (settings["margin"] / found.unit, cac, cell["paid_back"])
    return _ids(orders, found, partial(won, paid=paid))


def _check(cell: object, keys: tuple[str, ...]) -> None:
    if not isinstance(cell, dict) or "acquired_by" not in cell:
        raise InsightError(f'A cell is {{"acquired_by": "ads"}}; {cell!r} is not.')
    for key in cell:
        if key not in keys:
            raise UnknownValue("cell", key, keys)


def _found(orders, settings: dict, campaigns, events, customers) -> Following:
    given = {name: settings.get(name, usual) for name, usual in USUAL.items()}
    return following(orders, campaigns, {"events": events, "customers": customers}, given)


def _names(found: Following, cell: dict) -> frozenset[str]:
    """The names in the orders of whoever the cell means: a campaign, or a name that no campaign has."""
    wanted, known = cell["acquired_by"], [*found.names, *found.everyone.groups]
    if wanted not in known:
        raise UnknownValue("acquired_by", wanted, sorted(set(known)))
    if wanted in found.names:
        return frozenset(own for own, counted in found.counted_as.items() if counted == wanted)
    return frozenset([wanted])


def _ids(orders, found: Following, count) -> list[str]:
    return orders.ids(count, columns=[found.column] if found.source == "orders" else [])


def _won(log: Log, window: Window, names: frozenset[str], last: int, paid: tuple | None = None) -> list[str]:
    """The customers of a part acquired under these names by a day of the window; `paid` : who has (not) paid back."""
    used = log.until(int(window.begins[-1]))
    found = acquired(used, window)
    codes = [code for code, name in enumerate(found.names) if name in names]
    behind = np.isin(found.group, codes) & (found.day >= 0) & (found.day <= last)
    if paid is not None:
        to_margin, cac, wanted = paid
        revenue = total(found.minor, found.entry, len(found.customer))
        behind &= (revenue * to_margin >= cac * REACHED) == wanted
    return used.customers[found.customer[behind]].tolist()
