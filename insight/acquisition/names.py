"""Which name in the orders is which in the campaigns: the same, or the same but for capitals, blanks and dashes."""

import re
from difflib import get_close_matches

import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.log import NOT_SET

ALIKE = 0.75  # how alike two names must be to be suggested, 0 to 1 (difflib's ratio)


def loose(name: str) -> str:
    """A name without what people write differently.

    >>> loose("Paid_Search "), loose("paid search"), loose("paid-search")
    ('paid search', 'paid search', 'paid search')
    """
    return " ".join(re.split(r"[\s_\-]+", name.casefold())).strip()


def check_same(same: object, acquired: list[str], campaigns: list[str]) -> None:
    """Raises InsightError for what cannot say which names are the same; UnknownValue for a name that there is not.

    acquired : all names through which customers came; campaigns : those of the campaigns
    """
    if same is None:
        return
    if not isinstance(same, dict):
        raise InsightError('same must say which name of the orders is which of the campaigns: {"Goog": "google"}.')
    for name, target in same.items():
        if name not in acquired:
            raise UnknownValue("same", name, acquired)
        if target not in campaigns:
            raise UnknownValue("same", target, campaigns)


def matched(acquired: list[str], campaigns: list[str], same: dict[str, str] | None) -> dict[str, str]:
    """Names of the orders -> those of the campaigns: as `same` says, the same, or the only one that is loosely so.

    >>> matched(["Search", "mail", "direct", "goog"], ["search", "mail", "google"], {"goog": "google"})
    {'goog': 'google', 'Search': 'search', 'mail': 'mail'}
    """
    found, known = dict(same or {}), set(campaigns)
    by_loose: dict[str, list[str]] = {}
    for name in campaigns:
        by_loose.setdefault(loose(name), []).append(name)
    for name in acquired:
        if name in found or name == NOT_SET:
            continue
        near = by_loose.get(loose(name), [])
        if name in known:
            found[name] = name
        elif len(near) == 1:
            found[name] = near[0]
    return found


def names_table(customers: dict[str, int], spend: dict[str, float], counted_as: dict[str, str]) -> pd.DataFrame:
    """Every name that is not on both sides under the same writing, most customers and most spend first.

    customers, spend : by name in the orders, and in the campaigns; counted_as : as `matched` says
    Columns written_as, found_in ("orders", "campaigns"), n_customers, spend, counted_as, suggestion.
    """
    met = set(counted_as.get(name) for name in customers)
    free = sorted(set(spend) - met)
    rows = []
    for name, n in customers.items():
        target = counted_as.get(name, "")
        if target != name:
            near = [] if target or name == NOT_SET else get_close_matches(loose(name), map(loose, free), 1, ALIKE)
            suggestion = next((own for own in free if loose(own) in near), "")
            rows.append((name, "orders", n, float("nan"), target, suggestion))
    rows += [(name, "campaigns", 0, spend[name], "", "") for name in free]
    columns = ["written_as", "found_in", "n_customers", "spend", "counted_as", "suggestion"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.astype({name: "str" for name in ("written_as", "found_in", "counted_as", "suggestion")})
    order = ["found_in", "n_customers", "spend", "written_as"]
    return table.astype({"n_customers": "int64", "spend": "float64"}).sort_values(
        order, ascending=[False, False, False, True], ignore_index=True
    )
