"""What the analyses of an overview share: settings checked, periods, groups, and the tables made of sums."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import UnknownValue
from insight.intervals import wilson
from insight.log import Facts, Log
from insight.overview.breakdown import Breakdown, Groups, read_breakdown
from insight.overview.calendar import Calendar, read_calendar
from insight.overview.change import measures_table, periods_table
from insight.overview.marks import read_notes
from insight.overview.sums import Entries, Measure, Sums, entries, merged_sums, sums_of
from insight.periods import timestamp

# The settings that all of them have, and what they are when not given.
USUAL = {
    **{"measure": None, "period": "week", "at": None, "by": None, "notes": None},
    **{"week_start": "MON", "as_of": None, "level": 0.95},
}


@dataclass(frozen=True, eq=False)
class Asked:
    """The settings of an overview, checked.

    ends : rows from this instant on are not used; None for no limit
    groups : the groups that are shown; None without a breakdown
    """

    measure: str
    calendar: Calendar
    breakdown: Breakdown | None
    groups: Groups | None
    notes: list[list[str]]
    ends: int | None
    level: float


@dataclass(frozen=True, eq=False)
class Tally:
    """The sums of some customers, all together and by group, and how many they and their rows are."""

    all: Sums
    groups: Sums | None
    counts: dict[str, int]


def read_asked(given: dict, facts: Facts, measures: tuple[Measure, ...], groups: Groups | None = None) -> Asked:
    """The settings, as keyword arguments, checked against the facts of a log."""
    asked = USUAL | given
    names = [measure.name for measure in measures]
    measure = names[0] if asked["measure"] is None else asked["measure"]
    if measure not in names:
        raise UnknownValue("measure", measure, names)
    wilson(0, 1, asked["level"])
    calendar = read_calendar(facts, *(asked[name] for name in ("period", "at", "week_start", "as_of")))
    return Asked(
        measure=measure,
        calendar=calendar,
        breakdown=read_breakdown(asked["by"], facts),
        groups=groups,
        notes=read_notes(asked["notes"]),
        ends=None if asked["as_of"] is None else calendar.closes,
        level=asked["level"],
    )


def used_rows(log: Log, asked: Asked) -> Log:
    """The rows that are looked at."""
    return log if asked.ends is None else log.until(asked.ends)


def period_of(log: Log, key: object, times: np.ndarray, calendar: Calendar) -> np.ndarray:
    """The number of the period of each of these instants; remembered by the log under a key of the caller's."""
    known = ("periods of", key, calendar.begins.tobytes())
    return log.remember(known, lambda: np.searchsorted(calendar.begins, times, side="right") - 1)


def sums_by(
    units: tuple[np.ndarray, np.ndarray, dict],
    group: np.ndarray | None,
    finished: Callable[[Entries], Entries],
    measures: tuple[Measure, ...],
    asked: Asked,
) -> tuple[Sums, Sums | None]:
    """The sums of units (customer, period, amounts), all together and, where there are groups, by group.

    finished : adds what is known of a customer and period only, such as being a visitor
    """
    own = finished(entries(*units))
    together = sums_of(own, measures, asked.calendar)
    if group is None:
        return together, None
    split = finished(entries(*units, group))
    return together, sums_of(split, measures, asked.calendar, len(asked.groups.labels))


def merged(parts: list[Tally]) -> Tally:
    """The tally of all customers, from those of disjoint sets of them."""
    groups = None if parts[0].groups is None else merged_sums([part.groups for part in parts])
    counts = {name: sum(part.counts[name] for part in parts) for name in parts[0].counts}
    return Tally(merged_sums([part.all for part in parts]), groups, counts)


def tables(tally: Tally, asked: Asked, measures: tuple[Measure, ...], scale: dict[str, int]) -> dict[str, object]:
    """The tables of a result: periods, measures, groups and group_periods (None without a breakdown)."""
    made = (measures, asked.calendar, scale, asked.level)
    found = {"periods": periods_table(tally.all, *made), "groups": None, "group_periods": None}
    found["measures"] = measures_table(tally.all, *made).drop(columns="group")
    if tally.groups is not None:
        found["groups"] = _groups_table(tally, asked, made)
        found["group_periods"] = _group_periods(tally.groups, asked, made)
    return found


def _groups_table(tally: Tally, asked: Asked, made: tuple) -> pd.DataFrame:
    labels = np.array(asked.groups.labels, dtype=object)
    found = measures_table(tally.groups, *made)
    found.insert(0, "label", labels[found.pop("group")])
    whole = measures_table(tally.all, *made).set_index("measure")["value"]
    total = found["measure"].map(whole)
    sums = found["measure"].isin([measure.name for measure in made[0] if measure.whole is None])
    found["share"] = (found["value"] / total.where(total > 0)).where(sums)
    return found.rename(columns={"label": "group"}).astype({"group": "str"})


def _group_periods(sums: Sums, asked: Asked, made: tuple) -> pd.DataFrame:
    blocks = []
    for number, label in enumerate(asked.groups.labels):
        own = Sums(*({key: found[:, [number]] for key, found in part.items()}
                     for part in (sums.totals, sums.within, sums.behind, sums.across)))  # fmt: skip
        block = periods_table(own, *made)
        block.insert(0, "group", label)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True).astype({"group": "str"})


def told(asked: Asked, facts: Facts, given: dict, left_out: int) -> dict[str, object]:
    """What every result carries beside its tables."""
    calendar, as_of = asked.calendar, given.get("as_of")
    return {
        "measure": asked.measure,
        "at": calendar.days[calendar.focus],
        "before": None if calendar.before is None else calendar.days[calendar.before],
        "year_before": None if calendar.year_before is None else calendar.days[calendar.year_before],
        "finished": calendar.cut[calendar.focus] == "",
        "left_out": left_out,
        "days_beyond": facts.days_beyond(as_of),
        "data_start": timestamp(facts.first_time, facts.timezone),
        "as_of": facts.as_of_day(as_of),
        "dates_only": facts.dates_only,
        "timezone": facts.timezone,
        "period": (USUAL | given)["period"],
        "by": given.get("by"),
        "notes": asked.notes,
        "week_start": (USUAL | given)["week_start"],
        "level": asked.level,
    }
