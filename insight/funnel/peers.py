"""How other tools would count the same steps: their defaults as settings of one function, and what each does."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.funnel import Funnel
from insight.funnel.drops import goal, n_counted
from insight.funnel.settings import USUAL
from insight.funnel.several import several_funnels
from insight.language import _
from insight.tables.table import counted

OURS = "ours"
ALWAYS = ("within", "order", "reentry", "entries")  # settings that are written down also where they are the usual


@dataclass(frozen=True)
class Tool:
    """How a tool counts a funnel unless it is told otherwise, and where it says so.

    within, reentry : as for `funnel`; all of them take steps in order, customers, and everyone so far
    exclusion : what an excluded event does: "drop" or "remove"; None where the tool has no such setting
    dates : what its date range limits: "entries" or all "events"
    note : what `funnel` does not reproduce
    """

    name: str
    within: str | None
    reentry: str
    exclusion: str | None
    dates: str
    source: str
    note: str


TOOLS = (
    Tool(
        name="PostHog",
        within="14D",
        reentry="best",
        exclusion="remove",
        dates="events",
        source=(
            "Funnels, https://posthog.com/docs/product-analytics/funnels (sequential by default; people who did an "
            "excluded event are left out of the entire funnel); the window of 14 days, the deepest attempt and the "
            "dates are in its code, https://github.com/PostHog/posthog (FunnelsFilter, funnel-udf, FunnelEventQuery)"
        ),
        note="",
    ),
    Tool(
        name="Mixpanel",
        within="7D",
        reentry="first",
        exclusion="drop",
        dates="entries",
        source=(
            "Funnels Advanced Concepts, https://docs.mixpanel.com/docs/reports/funnels/funnels-advanced (7 days; "
            "uniques enter the first time they do step 1; exclusion steps); Funnels FAQ, "
            "https://docs.mixpanel.com/docs/reports/funnels/funnels-faq (simultaneous events)"
        ),
        note=_("Steps within two seconds of each other count in either order there; here only those of one instant."),
    ),
    Tool(
        name="Amplitude",
        within="1D",
        reentry="best",
        exclusion="drop",
        dates="entries",
        source=(
            "Interpret your funnel analysis, "
            "https://amplitude.com/docs/analytics/charts/funnel-analysis/funnel-analysis-interpret (one day); Funnel "
            "Analysis FAQ, https://amplitude.com/docs/analytics/charts/funnel-analysis/faq (the earliest and longest "
            "path of each user; step 1 in the date range); How Amplitude handles simultaneous events in a funnel"
        ),
        note=_("Steps within one second count in either order there; here only those of one instant."),
    ),
    Tool(
        name="GA4",
        within=None,
        reentry="best",
        exclusion=None,
        dates="events",
        source=(
            "Funnel reports of the Data API, "
            "https://developers.google.com/analytics/devguides/reporting/data/v1/funnels (a closed funnel, indirectly "
            "followed, with no time limit, unless specified: Funnel, FunnelStep)"
        ),
        note="",
    ),
)


@dataclass(frozen=True, eq=False)
class FunnelPeers:
    """Result of :func:`funnel_peers`.

    tools : one row a way to count: first this funnel, then each tool's defaults, then this funnel with one change
        tool                str    "ours", or the tool's name
        changed             str    the settings that differ from this funnel's, with commas; "" for none
        reached_first       int    customers who count; NA where this data cannot be counted so
        reached_last        int    those of them who reached the last required step
        overall_conversion  float  reached_last / reached_first
        ci_low, ci_high     float  Wilson interval of overall_conversion
        difference          float  overall_conversion minus this funnel's (0.01 is one point)
        settings            dict   `funnel(events, **settings)` gives these numbers
        source              str    where the tool documents its defaults; "" for this funnel
        note                str    what is not reproduced, or why there is no number; "" for nothing
    ours : the funnel that the others are compared with
    """

    tools: pd.DataFrame
    ours: Funnel


def funnel_peers(
    events,
    *,
    steps: list,
    within: str | None = "7D",
    order: str = "ordered",
    reentry: str = "best",
    entries: str = "mature",
    start: str | None = None,
    end: str | None = None,
    exclude: str | dict | list | None = None,
    unit: str | dict = "customer",
    as_of: str | None = None,
    level: float = 0.95,
) -> FunnelPeers:
    """Count the same steps as PostHog, Mixpanel, Amplitude and GA4 would by default, and with one setting changed.

    Each way to count is a set of settings of `funnel`, written down in the table: nothing here counts in another way.
    The tools' defaults are those of their documentation; how each of them joins several ids of one person is not
    reproduced. All of them count everyone so far, also those who still have time.

    events and the settings : as for `funnel`
    Raises as `funnel` where this funnel cannot be counted; a tool that cannot be has a row that says why.
    Source: the column `source` names the page of each tool's documentation.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ben", "ben"], "event": ["visit", "buy", "visit", "buy"],
    ...     "timestamp": pd.to_datetime(["2026-01-01", "2026-01-04", "2026-01-01", "2026-01-15"])})
    >>> found = funnel_peers(read_events(log), steps=["visit", "buy"])
    >>> found.tools.loc[:4, ["tool", "changed", "reached_last"]]
            tool                   changed  reached_last
    0       ours                                       1
    1    PostHog           within, entries             2
    2   Mixpanel          reentry, entries             1
    3  Amplitude           within, entries             0
    4        GA4           within, entries             2
    """
    asked = {"within": within, "order": order, "reentry": reentry, "entries": entries}
    asked |= {"start": start, "end": end, "unit": unit, "as_of": as_of, "level": level}
    asked["exclude"] = _exclusions(exclude)
    ways = [_Way(OURS, asked)]
    ways += [_Way(tool.name, _settings_of(tool, asked), tool.source, _note(tool, asked)) for tool in TOOLS]
    ways += [_Way(OURS, settings) for settings in _single_changes(asked)]
    written = [_written(steps, way.settings) for way in ways]
    found = several_funnels(counted(events, "funnel_peers", "events"), written)
    ours = found[0]
    if isinstance(ours, InsightError):
        raise ours
    rows = [way.row(asked, own, funnel, ours) for way, own, funnel in zip(ways, written, found, strict=True)]
    return FunnelPeers(tools=pd.DataFrame(rows).astype({"reached_first": "Int64", "reached_last": "Int64"}), ours=ours)


def _settings_of(tool: Tool, asked: dict) -> dict:
    """The tool's defaults, for the dates and the exclusion that were asked for."""
    defaults = {"within": tool.within, "order": "ordered", "reentry": tool.reentry, "entries": "all"}
    settings = asked | defaults | {"unit": "customer", "exclude": _with_effect(asked["exclude"], tool.exclusion)}
    if tool.dates == "events" and asked["end"] is not None:  # later steps have to lie in the dates, too
        settings["as_of"] = min(filter(None, (asked["end"], asked["as_of"])))
    return settings


def _single_changes(asked: dict) -> list[dict]:
    """This funnel with one setting changed: what each of the tools' differences does by itself."""
    changes = [
        {"reentry": "first" if asked["reentry"] == "best" else "best"},
        {"entries": "all" if asked["entries"] == "mature" else "mature"},
        {"order": "ordered" if asked["order"] == "strict" else "strict"},
        *({"within": tool.within} for tool in TOOLS),
    ]
    if asked["exclude"] is not None:
        removes = asked["exclude"] == _with_effect(asked["exclude"], "remove")
        changes.append({"exclude": _with_effect(asked["exclude"], "drop" if removes else "remove")})
    if asked["unit"] != "customer":
        changes.append({"unit": "customer"})
    wanted = [asked | change for change in changes if asked | change != asked]
    return [one for one in wanted if one["within"] is not None or one["entries"] == "all"]


def _exclusions(exclude: str | dict | list | None) -> list | None:
    """The exclusions as a list of dicts that say their effect."""
    if exclude is None:
        return None
    written = exclude if isinstance(exclude, list | tuple) else [exclude]
    return [{"effect": "drop"} | (one if isinstance(one, dict) else {"events": one}) for one in written]


def _with_effect(exclude: list | None, effect: str | None) -> list | None:
    """The exclusions with another effect; None where there is none to have."""
    return None if exclude is None or effect is None else [one | {"effect": effect} for one in exclude]


def _note(tool: Tool, asked: dict) -> str:
    without = _("It has no exclusion inside a funnel, so the exclusion is left out.")
    return " ".join(filter(None, [tool.note, without if asked["exclude"] is not None and not tool.exclusion else ""]))


def _written(steps: list, settings: dict) -> dict:
    """The settings as one would write them down: the usual ones always, the rare ones where they are in force."""
    return {"steps": steps} | {k: v for k, v in settings.items() if k in ALWAYS or v != USUAL[k]}


@dataclass(frozen=True)
class _Way:
    """A way to count: whose it is, its settings but for the steps, where it is documented, what is not reproduced."""

    tool: str
    settings: dict[str, object]
    source: str = ""
    note: str = ""

    def row(self, asked: dict, written: dict, found: Funnel | InsightError, ours: Funnel) -> dict[str, object]:
        """The row of `FunnelPeers.tools`; `written` : the settings as one would write them down."""
        changed = ", ".join(name for name, value in self.settings.items() if value != asked[name])
        numbers = dict.fromkeys(("overall_conversion", "ci_low", "ci_high", "difference"), np.nan)
        reached = {"reached_first": pd.NA, "reached_last": pd.NA}
        if isinstance(found, Funnel):
            last = goal(found.steps)
            numbers = {name: float(last[name]) for name in ("overall_conversion", "ci_low", "ci_high")}
            numbers["difference"] = numbers["overall_conversion"] - float(goal(ours.steps)["overall_conversion"])
            reached = {"reached_first": n_counted(found.steps), "reached_last": int(last["reached"])}
        row = {"tool": self.tool, "changed": changed} | reached | numbers
        note = self.note if isinstance(found, Funnel) else str(found)
        return row | {"settings": written, "source": self.source, "note": note}
