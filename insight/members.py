"""Who stands behind a number: every count of an analysis is a set of customers, and this names them."""

from inspect import signature

from insight.catalog import catalog
from insight.errors import UnknownValue


def members(analysis: str, table: object, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of a result, in ascending order.

    They are taken from the arrays that were counted, so there are exactly as many of them as the result says.

    analysis : name in the catalog, "funnel"
    table : the table that was analysed, or the tables by kind
    settings : those of the analysis
    cell : the address of the number, as the analysis writes it: {"step": 3, "reached": False, "group": "ads"}

    Raises UnknownValue for an analysis, a setting or a cell that does not exist; otherwise as the analysis itself.

    >>> from insight import read_events
    >>> log = b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\nben,visit,2026-01-01\\n"
    >>> settings = {"steps": ["visit", "buy"], "within": "1D"}
    >>> members("funnel", read_events(log), settings, {"step": "buy", "reached": False})
    ['ben']
    """
    answering = [name for name, row in catalog.items() if row.members is not None]
    if analysis not in answering:
        raise UnknownValue("analysis", analysis, answering)
    row = catalog[analysis]
    allowed = [name for name, one in signature(row.function).parameters.items() if one.kind is one.KEYWORD_ONLY]
    for setting in settings:
        if setting not in allowed:
            raise UnknownValue("setting", setting, allowed)
    given = table if isinstance(table, dict) else {getattr(table, "kind", row.kind): table}
    asks = [kind for kind in row.also if kind in signature(row.members).parameters]
    return row.members(row.main(given), settings, cell, **{kind: given[kind] for kind in asks if kind in given})
