"""The people behind a number of the cohorts, in words, after "customers who"."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

from insight.language import _, calendar_period
from insight.retention.words import CRITERION_NAMES, period_name, way_to_count


def retention_words(settings: dict[str, object], cell: dict[str, object]) -> str:
    """Of a cohort, and in a period: who came back, or did not."""
    said = _started(settings, cell)
    if "period" in cell:
        when = _period(settings, cell["period"])
        values = {"said": said, "criterion": CRITERION_NAMES[settings.get("criterion", "on")], "period": when}
        back = cell.get("retained", True)
        said = (
            _("{said} and came back ({criterion}, {period})", **values)
            if back
            else _("{said} and did not come back ({criterion}, {period})", **values)
        )
    return _grouped(said, settings, cell)


def cohort_revenue_words(settings: dict[str, object], cell: dict[str, object]) -> str:
    """Of a cohort, and in a period: who ordered, or did not."""
    said = _started(settings, cell)
    if "period" in cell:
        values = {"said": said, "period": _period(settings, cell["period"])}
        ordered = cell.get("ordered", True)
        said = (
            _("{said} and bought in {period}", **values)
            if ordered
            else _("{said} and did not buy in {period}", **values)
        )
    return _grouped(said, settings, cell)


def retention_peers_words(settings: dict[str, object], cell: dict[str, object]) -> str:
    """Whom a tool, or this retention with one change, counts as retained."""
    changed = cell.get("changed", "")
    tool = way_to_count(cell.get("tool", "ours"), changed, cell)
    bracket = settings.get("bracket") or [1, 1]
    values = {"period": _period(settings, settings.get("at") or bracket[1]), "tool": tool}
    if cell.get("retained", True):
        return _("came back in {period}, counted by: {tool}", **values)
    return _("did not come back in {period}, counted by: {tool}", **values)


def _started(settings: dict[str, object], cell: dict[str, object]) -> str:
    if "cohort" not in cell:
        return _("started")
    cohort, value = settings.get("cohort", "first"), cell["cohort"]
    if isinstance(cohort, dict) and "column" in cohort:
        return _("started with {value} as their {column}", value=value, column=cohort["column"])
    name = calendar_period(date.fromisoformat(value), settings.get("period", "month"))
    return _("were active in {name}", name=name) if cohort == "recurring" else _("started in {name}", name=name)


def _period(settings: dict[str, object], k: int) -> str:
    return period_name(SimpleNamespace(period=settings.get("period", "month"), bracket=settings.get("bracket")), k)


def _grouped(said: str, settings: dict[str, object], cell: dict[str, object]) -> str:
    if "group" not in cell:
        return said
    by = settings["by"]
    column = by["column"] if isinstance(by, dict) else by
    return _("{said} (group {group} of {column})", said=said, group=cell["group"], column=column)


COHORTS_WORDS: dict[str, Callable] = {
    "retention": retention_words,
    "cohort_revenue": cohort_revenue_words,
    "retention_peers": retention_peers_words,
}
