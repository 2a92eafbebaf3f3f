"""The time from one event to another in words."""

from datetime import date

import pandas as pd

from insight.explain.notes import row_notes
from insight.funnel import ENOUGH, TOO_FEW
from insight.journeys import TimeToEvent
from insight.journeys.words import events_name
from insight.language import _, _n, chance, confidence, count, day, duration, interval, length, percent, plain

MOST_NAMED = 4  # groups that a sentence names


def time_to_event_reading(result: TimeToEvent) -> str:
    """What the times say, as Markdown: the median where it is reached, the share by then, groups, what to know."""
    if not result.entered:
        return _("Nobody has **{origin}** in the chosen dates: there is no time to measure.", **_names(result))
    if not result.arrived:
        said = _n(
            "The {n} customer with **{origin}** was never seen to get to **{target}**.",
            "None of {n} customers with **{origin}** was seen to get to **{target}**.",
            result.entered, n=count(result.entered), **_names(result),
        )  # fmt: skip
        return "\n\n".join(filter(None, [said, " ".join(_notes(result))]))
    if result.entered < TOO_FEW:
        values = {"n": count(result.arrived), "all": count(result.entered), **_names(result)}
        answer = [_("**{n}** of {all} customers got from **{origin}** to **{target}**.", **values)]
    else:
        answer = [_half(result), *_by_then(result)]
    return "\n\n".join(filter(None, [" ".join(answer), _groups(result), " ".join(_notes(result))]))


def time_to_event_caption(result: TimeToEvent) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    names = {"origin": events_name(result.origin), "target": events_name(result.target)}
    said = [
        _("First {origin} to the next {target}", **names),
        _n("{n} customer", "{n} customers", result.entered, n=count(result.entered)),
        _("{n} arrived", n=count(result.arrived)),
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
        _("Kaplan–Meier, {level} interval", level=confidence(result.level)),
    ]
    return " · ".join(said)


def _names(result: TimeToEvent) -> dict[str, str]:
    return {"origin": plain(events_name(result.origin)), "target": plain(events_name(result.target))}


def _everyone(result: TimeToEvent) -> pd.Series | None:
    """The row of all customers, where there is no breakdown."""
    return result.groups.iloc[0] if result.by is None and len(result.groups) else None


def _half(result: TimeToEvent) -> str:
    row = _everyone(result)
    values = {"n": count(result.entered), "arrived": count(result.arrived), **_names(result)}
    if row is None:
        return _("{arrived} of {n} customers with **{origin}** were seen to get to **{target}**.", **values)
    if row["median_seconds"] == row["median_seconds"]:
        half = duration(row["median_seconds"])
        return _("Half of {n} customers get from **{origin}** to **{target}** within **{half}**.", half=half, **values)
    return _(
        "{arrived} of {n} customers with **{origin}** were seen to get to **{target}**. The curve does not get to a "
        "half, so there is no median.",
        **values,
    )


def _by_then(result: TimeToEvent) -> list[str]:
    """How many have arrived by the longest length that can be told, and by a short one."""
    if result.by is not None:
        return []
    known = result.marks[result.marks["arrived_share"].notna()]
    if known.empty:
        return []
    rows = known.iloc[[0, -1]].drop_duplicates("within")
    shares = [_share_by(row) for row in rows.itertuples()]
    if len(shares) == 1:
        return [_("Arrived are {first}.", first=shares[0])]
    return [_("Arrived are {first}, and {last}.", first=shares[0], last=shares[1])]


def _share_by(row) -> str:
    values = {"share": percent(row.arrived_share), "length": length(row.within)}
    if row.ci_low != row.ci_low:
        return _("{share} within {length}", **values)
    return _("{share} within {length} ({interval})", interval=interval(row.ci_low, row.ci_high), **values)


def _groups(result: TimeToEvent) -> str:
    if result.by is None:
        return ""
    rated = result.groups[result.groups["n"] >= TOO_FEW]
    said = []
    for row in rated.head(MOST_NAMED).itertuples():
        values = {"group": plain(row.group), "arrived": count(row.arrived), "n": count(row.n)}
        if row.median_seconds == row.median_seconds:
            said.append(_("**{group}** half within {half}", half=duration(row.median_seconds), **values))
        else:
            said.append(_("**{group}** {arrived} of {n}, fewer than half", **values))
    if not said:
        return _("No group has {few} customers: there is nothing to compare.", few=TOO_FEW)
    groups = "; ".join(said) + "."
    if result.p_value != result.p_value:
        return groups
    p = chance(result.p_value)
    if result.p_value <= 1 - result.level:
        return groups + " " + _("The groups arrive differently (log-rank p {p}).", p=p)
    return groups + " " + _("Such differences are within what chance makes (log-rank p {p}).", p=p)


def _notes(result: TimeToEvent) -> list[str]:
    said = []
    if result.entered < TOO_FEW:
        said.append(_("With fewer than {few} customers there are counts and no rates.", few=TOO_FEW))
    elif result.entered < ENOUGH:
        said.append(_("This is a small sample, fewer than {enough} customers: read the interval.", enough=ENOUGH))
    waiting = result.entered - result.arrived
    if waiting:
        said.append(
            _n("{n} had not arrived when the data ended, and counts for as long as that was observed.",
               "{n} had not arrived when the data ended, and count for as long as that was observed.",
               waiting, n=count(waiting))
        )  # fmt: skip
    dates = {name: day(date.fromisoformat(d)) for name, d in (("a", result.start), ("b", result.end)) if d}
    if len(dates) == 2:
        said.append(_("Starts from {a} to {b} count.", **dates))
    elif result.start:
        said.append(_("Starts on {a} or later count.", **dates))
    elif result.end:
        said.append(_("Starts up to {b} count.", **dates))
    if result.dates_only:
        said.append(_("The file has days without clock times: times are whole days."))
    return [*said, *row_notes(result)]
