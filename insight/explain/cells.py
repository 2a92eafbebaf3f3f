"""The people behind a number in words: what one cell of a result says about a customer, after "customers who"."""

from collections.abc import Callable
from datetime import date

from insight.explain.acquisition_cells import ACQUISITION_WORDS
from insight.explain.attribution_cells import ATTRIBUTION_WORDS
from insight.explain.churn_cells import CHURN_WORDS
from insight.explain.clusters_cells import CLUSTERS_WORDS
from insight.explain.clv_cells import CLV_WORDS
from insight.explain.cohorts_cells import COHORTS_WORDS
from insight.explain.contacts_cells import CONTACTS_WORDS
from insight.explain.journeys_cells import JOURNEYS_WORDS
from insight.explain.overview_cells import OVERVIEW_WORDS
from insight.explain.rfm_cells import RFM_WORDS
from insight.funnel.words import way_to_count
from insight.language import _, day, length


def cell_in_words(analysis: str, settings: dict[str, object], cell: dict[str, object]) -> str:
    """What the customers of a cell did; plain text, with names as the file has them.

    What has not been checked against a table yet (a rule out of a link) may be no cell at all: then it says less.

    >>> cell_in_words("funnel", {"steps": ["visit", "cart", "buy"]}, {"step": 3, "reached": False})
    'reached step 2 of visit → cart → buy within 7 days, but not step 3'
    """
    try:
        return WORDS[analysis](settings, cell)
    except (LookupError, TypeError, ValueError, AttributeError):
        return _("are behind a number of {analysis}", analysis=analysis)


def _funnel(settings: dict[str, object], cell: dict[str, object]) -> str:
    names, within = _names(settings["steps"]), settings.get("within", "7D")
    window = _("with no time limit") if within is None else _("within {length}", length=length(within))
    values = {"chain": " → ".join(names), "window": window}
    if "still_open" in cell:
        said = _("entered {chain} and still had time {window} when the data ended", **values)
    elif "removed" in cell:
        said = _("entered {chain} and were removed by an exclusion {window}", **values)
    elif "entered" in cell:
        said = _("entered {chain}", **values)
    else:
        place = cell.get("step", cell.get("level"))
        step = names.index(place) + 1 if place in names else int(str(place).removeprefix("any "))
        words = _of_level if settings.get("order") == "any" else _of_step
        said = words(step, cell, settings["steps"], values)
    if "group" in cell:
        by = settings["by"]
        column = by["column"] if isinstance(by, dict) else by
        said = _("{said} (group {group} of {column})", said=said, group=cell["group"], column=column)
    return said


def _funnel_trend(settings: dict[str, object], cell: dict[str, object]) -> str:
    chain, first = " → ".join(_names(settings["steps"])), day(date.fromisoformat(cell["period"]))
    period = {
        "day": _("on {day}", day=first),
        "week": _("in the week of {day}", day=first),
        "month": _("in the month of {day}", day=first),
    }[settings.get("period", "week")]
    if "reached" not in cell:
        return _("entered {chain} {period}", chain=chain, period=period)
    window = _("within {length}", length=length(settings.get("within", "7D")))
    if cell["reached"]:
        return _("entered {chain} {period} and reached its end {window}", chain=chain, period=period, window=window)
    return _("entered {chain} {period} and did not reach its end {window}", chain=chain, period=period, window=window)


def _funnel_peers(settings: dict[str, object], cell: dict[str, object]) -> str:
    changed = cell.get("changed")
    asked = {name: value for name, value in cell.items() if name not in ("tool", "changed", changed)}
    names = _names(settings["steps"])
    place = asked.get("step", len(names))
    step = names.index(place) + 1 if place in names else place
    values = {"chain": " → ".join(names), "step": step, "tool": cell.get("tool", changed)}
    if changed in cell:
        own = {name: cell[name] for name in ("changed", changed)}
        values["tool"] = way_to_count("ours", changed, own).replace("This", "this", 1)
    if asked.get("reached", True):
        return _("reached step {step} of {chain}, as {tool} would count", **values)
    return _("were lost before step {step} of {chain}, as {tool} would count", **values)


def _of_level(level: int, cell: dict[str, object], steps: list, values: dict[str, str]) -> str:
    if cell.get("reached", True):
        return _("did at least {level} of {chain}, in any order, {window}", level=level, **values)
    return _("did {level} of {chain} and no more, in any order, {window}", level=level - 1, **values)


def _of_step(step: int, cell: dict[str, object], steps: list, values: dict[str, str]) -> str:
    if cell.get("entered_here"):
        return _("entered {chain} at step {step} {window}", step=step, **values)
    if cell.get("reached", True):
        return _("reached step {step} of {chain} {window}", step=step, **values)
    optional = [isinstance(one, dict) and one.get("optional", False) for one in steps]
    before = max(k for k in range(1, step) if not optional[k - 1])
    return _("reached step {before} of {chain} {window}, but not step {step}", before=before, step=step, **values)


def _names(steps: list) -> list[str]:
    """What the steps are called: a name that comes again is numbered."""
    names: list[str] = []
    for step in steps:
        name, again = _name(step), 1
        while (numbered := name if again == 1 else f"{name} ({again})") in names:
            again += 1
        names.append(numbered)
    return names


def _name(step: object) -> str:
    if isinstance(step, dict):
        return step.get("name") or _name(step["events"])
    return step if isinstance(step, str) else " or ".join(step)


WORDS: dict[str, Callable] = {
    "funnel": _funnel,
    "funnel_trend": _funnel_trend,
    "funnel_peers": _funnel_peers,
    "funnel_worth": _funnel,
    **CHURN_WORDS,
    **CLV_WORDS,
    **OVERVIEW_WORDS,
    **CLUSTERS_WORDS,
    **COHORTS_WORDS,
    **CONTACTS_WORDS,
    **JOURNEYS_WORDS,
    **ATTRIBUTION_WORDS,
    **ACQUISITION_WORDS,
    **RFM_WORDS,
}
