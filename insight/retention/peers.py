"""How other tools would count the same retention by default, and which of their settings makes the difference."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.language import _
from insight.retention import Retention, retention
from insight.retention.settings import CRITERIA

OURS = "ours"
WRITTEN = ("period", "criterion", "clock", "cohort")  # always written down
USUAL = {"returns": None, "bracket": None, "week_start": "MON", "guard": None, "as_of": None, "level": 0.95}


@dataclass(frozen=True)
class Tool:
    """How a tool counts retention by default, as its documentation says."""

    name: str
    criterion: str
    clock: str
    cohort: str
    source: str
    note: str


TOOLS = (
    Tool(
        name="Mixpanel",
        criterion="on_or_after",
        clock="rolling",
        cohort="recurring",
        source=(
            "Retention, https://docs.mixpanel.com/docs/reports/retention (on or after is the default; rolling windows "
            "by default, months of 30 days; a customer can be in more than one bucket; only completed buckets count)"
        ),
        note=_("Its average row weighs large cohorts once more than the pooled rate here does."),
    ),
    Tool(
        name="Amplitude",
        criterion="on_or_after",
        clock="rolling",
        cohort="first",
        source=(
            "Interpret your retention analysis, https://amplitude.com/docs/analytics/charts/retention-analysis/"
            "retention-analysis-interpret (return on or after, new users, when first opened); How time works in a "
            "retention analysis (windows of 24 hours, months of 30 days)"
        ),
        note=_("It rounds times down to the hour there; here they are exact."),
    ),
    Tool(
        name="PostHog",
        criterion="on",
        clock="calendar",
        cohort="first",
        source=(
            "Retention, https://posthog.com/docs/product-analytics/retention (by default on the period; users cannot "
            "exist in more than one cohort; weighted mean)"
        ),
        note="",
    ),
    Tool(
        name="GA4",
        criterion="on",
        clock="calendar",
        cohort="first",
        source="Cohort exploration, https://support.google.com/analytics/answer/9670133 (standard calculation)",
        note="",
    ),
)


@dataclass(frozen=True, eq=False)
class RetentionPeers:
    """Result of :func:`retention_peers`.

    tools : one row a way to count: first this retention, then each tool's defaults, then this one with one change
        tool                str    "ours", or the tool's name
        changed             str    the settings that differ from this retention's, with commas; "" for none
        n_customers         int    customers whose period is over; NA where this data cannot be counted so
        retained            int    those of them who are retained in it
        retention           float  retained / n_customers, all cohorts together
        ci_low, ci_high     float  Wilson interval of retention; NA where cohorts recur
        difference          float  retention minus this one's (0.01 is one point)
        settings            dict   `retention(table, **settings)` gives these numbers in its `average`
        source              str    where the tool documents its defaults; "" for this retention
        note                str    what is not reproduced, or why there is no number; "" for nothing
    ours : the retention that the others are compared with
    at : the period that is compared
    """

    tools: pd.DataFrame
    ours: Retention
    at: int


def retention_peers(
    table,
    *,
    at: int | None = None,
    period: str = "month",
    criterion: str = "on",
    clock: str = "calendar",
    cohort: str | dict = "first",
    returns: str | list | dict | None = None,
    bracket: list | None = None,
    week_start: str = "MON",
    guard: str | None = None,
    as_of: str | None = None,
    level: float = 0.95,
) -> RetentionPeers:
    """Count the same customers as Mixpanel, Amplitude, PostHog and GA4 would by default, and with one setting changed.

    Each way to count is a set of settings of `retention`, written down in the table: nothing here counts in another
    way. The tools' defaults are those of their documentation. As here, what is not over yet is in no rate.

    at : the period that is compared; by default 1, or the last of a bracket
    table and the settings : as for `retention`
    Raises as `retention` where this one cannot be counted; a way that cannot be has a row that says why.
    Source: the column `source` names the page of each tool's documentation.

    >>> from insight import read_orders
    >>> orders = read_orders(b"order_id,customer_id,order_date,amount\\n1,ana,2026-01-05,9\\n2,ben,2026-01-09,9\\n"
    ...                      b"3,ana,2026-02-03,9\\n4,ben,2026-03-29,9\\n5,ana,2026-04-28,9\\n")
    >>> retention_peers(orders).tools.loc[:4, ["tool", "changed", "n_customers", "retention"]]
            tool                   changed  n_customers  retention
    0       ours                                      2        0.5
    1   Mixpanel  criterion, clock, cohort            3        1.0
    2  Amplitude          criterion, clock            2        1.0
    3    PostHog                                      2        0.5
    4        GA4                                      2        0.5
    """
    if isinstance(cohort, dict) and "column" in cohort:
        cohort = "first"  # the average of all values is that of everybody
    asked = {"period": period, "criterion": criterion, "clock": clock, "cohort": cohort, "returns": returns}
    asked |= {"bracket": bracket, "week_start": week_start, "guard": guard, "as_of": as_of, "level": level}
    ours = retention(table, **asked)
    if at is None:
        at = 1 if bracket is None else bracket[1]
    if type(at) is not int or at < 1:
        raise InsightError(f"at = {at!r} must be a period from 1 on.")
    first = _row(OURS, asked, asked, ours, at, None)
    rows = [first]
    for tool in TOOLS:
        settings = asked | {"criterion": tool.criterion, "clock": tool.clock, "bracket": None}
        if cohort in ("first", "recurring"):  # where the visitor says with which event customers start, they do
            settings["cohort"] = tool.cohort
        rows.append(_attempted(table, tool.name, _fitting(settings), asked, at, first, tool.source, tool.note))
    for settings in _single_changes(asked):
        rows.append(_attempted(table, OURS, _fitting(settings), asked, at, first))
    tools = pd.DataFrame(rows).astype({"n_customers": "Int64", "retained": "Int64", "tool": "str", "changed": "str"})
    return RetentionPeers(tools=tools, ours=ours, at=at)


def _single_changes(asked: dict) -> list[dict]:
    """This retention with one setting changed: what each of the differences does by itself."""
    changes = [{"criterion": name, "bracket": None} for name in CRITERIA[:-1]]
    changes.append({"clock": "rolling" if asked["clock"] == "calendar" else "calendar"})
    if asked["cohort"] in ("first", "recurring"):
        changes.append({"cohort": "recurring" if asked["cohort"] == "first" else "first"})
    return [asked | change for change in changes if asked | change != asked]


def _fitting(settings: dict) -> dict:
    """Without a guard where nobody is new."""
    return settings | {"guard": None} if settings["cohort"] == "recurring" else settings


def _attempted(table, tool: str, settings: dict, asked: dict, at: int, first: dict, source="", note="") -> dict:
    try:
        found = retention(table, **settings)
    except InsightError as problem:
        return _row(tool, settings, asked, None, at, first, source, str(problem))
    return _row(tool, settings, asked, found, at, first, source, note)


def _row(
    tool: str, settings: dict, asked: dict, found: Retention | None, at: int, first: dict | None, source="", note=""
):
    changed = ", ".join(name for name in settings if settings[name] != asked[name] and name != "bracket")
    numbers = dict.fromkeys(("retention", "ci_low", "ci_high", "difference"), np.nan)
    counts = {"n_customers": pd.NA, "retained": pd.NA}
    if found is not None:
        row = found.average[found.average["period"] == at]
        if len(row) and row["n_customers"].iloc[0]:
            numbers |= {name: float(row[name].iloc[0]) for name in ("retention", "ci_low", "ci_high")}
            counts = {name: int(row[name].iloc[0]) for name in counts}
            numbers["difference"] = numbers["retention"] - (numbers if first is None else first)["retention"]
        else:
            note = " ".join(filter(None, [note, _("Nobody has lived to the end of period {at}.", at=at)]))
    written = {name: value for name, value in settings.items() if name in WRITTEN or value != USUAL[name]}
    return {"tool": tool, "changed": changed, **counts, **numbers, "settings": written, "source": source, "note": note}
