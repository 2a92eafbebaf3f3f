"""Text -> moments, a whole column at a time: the one place for date formats and time zones.

A column is cut into pieces. A piece in plain ISO is read by pyarrow at once; what is left is matched against SHAPES,
each distinct text once. Whether the day or the month comes first is decided for the whole column, never row by row.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError, UnknownValue
from insight.language import day
from insight.tables.date_shapes import SHAPES, Parts, calendar_day, clock, offset, since_1970
from insight.tables.settings import check_timezone
from insight.tables.values import MISSING_VALUES, present, valid_mask

PIECE = 1 << 16
FIRST, LAST = np.datetime64("1900-01-01"), np.datetime64("2200-12-31T23:59:59.999999")  # beyond lie slips and marks


class AmbiguousDates(InsightError):
    """Nothing in the column tells whether the day or the month comes first: the setting `dayfirst` has to."""

    setting = "dayfirst"


@dataclass(frozen=True, eq=False)
class Moments:
    """A column of dates, read.

    values : datetime64[us]: UTC where `timezone` is given, else the wall clock as written; NaT where not valid
    dayfirst : what was decided; None where it made no difference
    mixed : bool, rows without an offset in a column where others have one
    doubled, skipped : bool, rows whose wall clock time came twice in the time zone (taken as the first) or never
        (moved to the first moment after the gap)
    """

    values: np.ndarray
    valid: np.ndarray
    dates_only: bool
    timezone: str | None
    dayfirst: bool | None
    mixed: np.ndarray
    doubled: np.ndarray
    skipped: np.ndarray

    def series(self, kept: np.ndarray | slice = slice(None)) -> pd.Series:
        naive = pd.Series(self.values[kept])
        return naive.dt.tz_localize("UTC").dt.tz_convert(self.timezone) if self.timezone else naive


def moments(
    column: pa.ChunkedArray, *, dayfirst: bool | None = None, timezone: str | None = None, name: str = "date"
) -> Moments:
    """Read a column of dates or times.

    Times without an offset are taken to be in `timezone`; times with one are converted to it, else to the time zone
    of a column whose format has one, else to UTC. Dates before
    1900 or after 2200 do not count as dates: they are slips, or stand for "none" and "never". Raises AmbiguousDates
    where day and month cannot be told apart and `dayfirst` is not given.

    >>> found = moments(pa.chunked_array([["31/01/2026", "01/02/2026 10:30", "soon"]]))
    >>> found.values.astype("datetime64[m]").astype(str).tolist(), found.dayfirst
    (['2026-01-31T00:00', '2026-02-01T10:30', 'NaT'], True)
    """
    decided = None
    if pa.types.is_timestamp(column.type):
        valid = valid_mask(column).copy()
        wall = np.array(pc.fill_null(column.cast(pa.int64()), 0).to_numpy()).view("datetime64[us]")
        aware = valid & (column.type.tz is not None)
    else:
        wall, aware, valid, decided = _from_text(present(column, MISSING_VALUES), dayfirst, name)
    valid &= (wall >= FIRST) & (wall <= LAST)
    aware &= valid
    naive = valid & ~aware
    zone = timezone or (_own_zone(column.type) if aware.any() else None)
    doubled, skipped = np.zeros(len(wall), bool), np.zeros(len(wall), bool)
    dates_only = bool(_at_midnight(wall[naive]).all())
    if zone is not None:
        local = pd.DatetimeIndex(wall[aware]).tz_localize("UTC").tz_convert(zone).tz_localize(None)
        dates_only = dates_only and bool(_at_midnight(local.to_numpy()).all())
        wall[naive], doubled[naive], skipped[naive] = _to_utc(wall[naive], zone)
    mixed = naive if aware.any() else np.zeros(len(wall), bool)
    wall[~valid] = np.datetime64("NaT")
    return Moments(wall, valid, dates_only, zone, decided, mixed, doubled, skipped)


def _own_zone(kind: pa.DataType) -> str:
    zone = kind.tz if pa.types.is_timestamp(kind) else "UTC"
    try:
        check_timezone(zone)
    except UnknownValue:
        return "UTC"  # the instants are right whatever the zone is called
    return zone


def _at_midnight(wall: np.ndarray) -> np.ndarray:
    return wall == wall.astype("datetime64[D]")


def _to_utc(wall: np.ndarray, zone: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    clock = pd.DatetimeIndex(wall)
    local = clock.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    doubled, skipped = np.zeros(len(wall), bool), np.zeros(len(wall), bool)
    trouble = np.asarray(local.isna())
    utc = local.tz_convert("UTC").tz_localize(None).to_numpy().copy()
    if trouble.any():
        first = np.ones(trouble.sum(), bool)
        skipped[trouble] = clock[trouble].tz_localize(zone, ambiguous=first, nonexistent="NaT").isna()
        doubled[trouble] = ~skipped[trouble]
        moved = clock[trouble].tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
        utc[trouble] = moved.tz_convert("UTC").tz_localize(None).to_numpy()
    return utc, doubled, skipped


def _from_text(text: pa.ChunkedArray, dayfirst: bool | None, name: str):
    wall = np.zeros(len(text), "datetime64[us]")
    aware, valid = np.zeros(len(text), bool), valid_mask(text).copy()
    hard, places, start, decided = [], [], 0, None
    for chunk in text.chunks:
        for cut in range(0, len(chunk), PIECE):
            piece = chunk.slice(cut, PIECE)
            place = slice(start, start + len(piece))
            start = place.stop
            for zone in (None, "UTC"):
                try:
                    piece.slice(0, 3).cast(pa.timestamp("us", zone))  # to fail on every value takes long
                    found = piece.cast(pa.timestamp("us", zone))
                except pa.ArrowInvalid:
                    continue
                wall[place] = np.asarray(found.cast(pa.int64()).fill_null(0)).view("datetime64[us]")
                aware[place] = valid[place] & (zone is not None)
                break
            else:
                hard.append(piece)
                places.append(np.arange(place.start, place.stop))
    if hard:
        kinds = pa.concat_arrays(hard).dictionary_encode()
        place, code = np.concatenate(places), np.asarray(kinds.indices.fill_null(0))
        known_wall, known_aware, known, decided = _by_shape(kinds.dictionary, dayfirst, name)
        valid[place] &= known[code]
        wall[place], aware[place] = known_wall[code], known_aware[code] & valid[place]
    return wall, aware, valid, decided


def _by_shape(texts: pa.Array, dayfirst: bool | None, name: str):
    wall = np.zeros(len(texts), "datetime64[us]")
    aware, known, decided = np.zeros(len(texts), bool), np.zeros(len(texts), bool), None
    for shape in SHAPES:
        matches = pc.extract_regex(texts, f"^{shape}$")
        at = np.flatnonzero(np.asarray(matches.is_valid()) & ~known)
        if not len(at):
            continue
        parts = Parts(matches.take(pa.array(at)))
        if parts.has("epoch"):
            moment, fits = since_1970(parts)
        else:
            if parts.has("a"):
                first, decided = _day_comes_first(parts, texts.take(pa.array(at)), dayfirst, name)
                date, fits = calendar_day(
                    parts["y"], *((parts["b"], parts["a"]) if first else (parts["a"], parts["b"]))
                )
            else:
                date, fits = calendar_day(parts["y"], parts["m"], parts["d"])
            time_of_day, told = clock(parts)
            moment, fits = date + time_of_day - offset(parts), fits & told
        wall[at], known[at] = moment, fits
        aware[at] = fits & (parts.present("zone") | parts.has("epoch"))
    return wall, aware, known, decided


def _day_comes_first(parts: Parts, texts: pa.Array, dayfirst: bool | None, name: str) -> tuple[bool, bool | None]:
    a, b, year = parts["a"], parts["b"], parts["y"]
    day_date, as_day = calendar_day(year, b, a)
    month_date, as_month = calendar_day(year, a, b)
    if not (a != b)[as_day | as_month].any():
        return True, None
    if dayfirst is not None:
        return dayfirst, dayfirst
    only_day, only_month = (as_day & ~as_month).any(), (as_month & ~as_day).any()
    if only_day != only_month:
        return bool(only_day), bool(only_day)
    if only_day:
        raise AmbiguousDates(
            f"In {name!r} some dates have the day first and some the month first. Set dayfirst=True or dayfirst=False "
            "for those that can be read either way; dates of the other kind are then left out."
        )
    at = int(np.flatnonzero(as_day & as_month & (a != b))[0])
    raise AmbiguousDates(
        f"The dates in {name!r} can be read in two ways: {texts[at].as_py()} is {day(day_date[at].item())} with the "
        f"day first, {day(month_date[at].item())} with the month first. Set dayfirst=True or dayfirst=False."
    )
