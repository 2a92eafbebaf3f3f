"""Text -> moments, a whole column at a time.

A column is cut into pieces. A piece in plain ISO is read by pyarrow at once; what is left is matched against SHAPES,
each distinct text once. Whether the day or the month comes first is decided for the whole column, never row by row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.cells.date_parts import OF_SEVERAL_ZONES, Parts, clock, date_of, offset, since_1900, since_1970
from insight.tables.cells.date_shapes import LONGEST, SHAPES, TIME_SHAPES, plain_dates
from insight.tables.cells.day_order import AmbiguousDates, DayOrder, day_order
from insight.tables.cells.local_times import at_midnight, own_zone, to_utc
from insight.tables.cells.values import MISSING_VALUES, present, valid_mask

__all__ = ["AmbiguousDates", "Moments", "clock_times", "moments"]

PIECE = 1 << 16
TRIED_FIRST, PATIENCE = 100, 20  # texts that tell which shape is tried next, and how often they may tell none
FIRST, LAST = np.datetime64("1900-01-01"), np.datetime64("2200-12-31T23:59:59.999999")  # beyond lie slips and marks


@dataclass(frozen=True, eq=False)
class Moments:
    """A column of dates, read.

    values : datetime64[us]: UTC where `timezone` is given, else the wall clock as written; NaT where not valid
    dayfirst : what was decided; None where it made no difference
    mixed : bool, rows without an offset in a column where others have one
    doubled, skipped : bool, rows whose wall clock time came twice in the time zone (taken as the first) or never
        (moved to the first moment after the gap)
    odd : what else had to be decided -> bool, the rows: contrary (the other order of day and month), unit (counts of
        time in another unit than most; like the contrary ones not valid), dotted (day first for its points),
        century (years of two digits), first_day (a month, week or quarter), serial (numbers of days),
        zone (an abbreviation of several time zones), clock (no readable time in the column beside)
    """

    values: np.ndarray
    valid: np.ndarray
    dates_only: bool
    timezone: str | None
    dayfirst: bool | None
    mixed: np.ndarray
    doubled: np.ndarray
    skipped: np.ndarray
    odd: dict[str, np.ndarray] = field(default_factory=dict)

    def series(self, kept: np.ndarray | slice = slice(None)) -> pd.Series:
        naive = pd.Series(self.values[kept])
        return naive.dt.tz_localize("UTC").dt.tz_convert(self.timezone) if self.timezone else naive


@dataclass(eq=False)
class _Walls:
    """Moments before time zones: wall clock times, or UTC where aware."""

    wall: np.ndarray
    aware: np.ndarray
    valid: np.ndarray
    dayfirst: bool | None = None
    odd: dict[str, np.ndarray] = field(default_factory=dict)


def moments(
    column: pa.ChunkedArray,
    *,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    name: str = "date",
    time: pa.ChunkedArray | None = None,
) -> Moments:
    """Read a column of dates or times; `time` is the column beside it with the time of day, where the file has one.

    Times without an offset are taken to be in `timezone`; times with one are converted to it, else to the time zone
    of a column whose format has one, else to UTC. Dates before
    1900 or after 2200 do not count as dates: they are slips, or stand for "none" and "never". Raises AmbiguousDates
    where day and month cannot be told apart and `dayfirst` is not given.

    >>> found = moments(pa.chunked_array([["31/01/2026", "01/02/2026 10:30", "soon"]]))
    >>> found.values.astype("datetime64[m]").astype(str).tolist(), found.dayfirst
    (['2026-01-31T00:00', '2026-02-01T10:30', 'NaT'], True)
    """
    if pa.types.is_timestamp(column.type):
        wall = np.array(pc.fill_null(column.cast(pa.int64()), 0).to_numpy()).view("datetime64[us]")
        valid = valid_mask(column).copy()
        found = _Walls(wall, valid & (column.type.tz is not None), valid)
    else:
        found = _from_text(column, dayfirst, name)
    wall, valid = found.wall, found.valid
    valid &= (wall >= FIRST) & (wall <= LAST)
    aware = found.aware & valid
    naive = valid & ~aware
    if time is not None:
        hours, told = clock_times(time)
        found.odd["clock"] = naive & ~told
        wall[naive & told] += hours[naive & told]
    zone = timezone or (own_zone(column.type) if aware.any() else None)
    doubled, skipped = np.zeros(len(wall), bool), np.zeros(len(wall), bool)
    dates_only = bool(at_midnight(wall[naive]).all())
    if zone is not None:
        local = pd.DatetimeIndex(wall[aware]).tz_localize("UTC").tz_convert(zone).tz_localize(None)
        dates_only = dates_only and bool(at_midnight(local.to_numpy()).all())
        wall[naive], doubled[naive], skipped[naive] = to_utc(wall[naive], zone)
    mixed = naive if aware.any() else np.zeros(len(wall), bool)
    wall[~valid] = np.datetime64("NaT")
    return Moments(wall, valid, dates_only, zone, found.dayfirst, mixed, doubled, skipped, found.odd)


def _from_text(text: pa.ChunkedArray, dayfirst: bool | None, name: str) -> _Walls:
    found = _Walls(np.zeros(len(text), "datetime64[us]"), np.zeros(len(text), bool), valid_mask(text).copy())
    hard, places, start = [], [], 0
    for chunk in text.chunks:
        for cut in range(0, len(chunk), PIECE):
            piece = chunk.slice(cut, PIECE)
            place = slice(start, start + len(piece))
            start = place.stop
            for zone in (None, "UTC"):
                try:
                    piece.slice(0, 3).cast(pa.timestamp("us", zone))  # to fail on every value takes long
                    plain = piece.cast(pa.timestamp("us", zone))
                except pa.ArrowInvalid:
                    continue
                found.wall[place] = np.asarray(plain.cast(pa.int64()).fill_null(0)).view("datetime64[us]")
                found.aware[place] = found.valid[place] & (zone is not None)
                break
            else:
                hard.append(piece)
                places.append(np.arange(place.start, place.stop))
    if hard:
        _read_hard(found, present(pa.chunked_array(hard), MISSING_VALUES), np.concatenate(places), dayfirst, name)
    return found


def _read_hard(found: _Walls, text: pa.ChunkedArray, place: np.ndarray, dayfirst: bool | None, name: str) -> None:
    """Fill in the rows at `place`, each distinct text read once."""
    kinds = text.combine_chunks().dictionary_encode()
    code = np.asarray(kinds.indices.fill_null(0))
    known, found.dayfirst = _by_shape(kinds.dictionary, dayfirst, name)
    if not len(known.valid):
        return found.valid.__setitem__(place, False)
    given = np.asarray(text.is_valid())
    found.valid[place] = known.valid[code] & given
    found.wall[place], found.aware[place] = known.wall[code], known.aware[code] & found.valid[place]
    for what, texts in known.odd.items():
        found.odd[what] = np.zeros(len(found.wall), bool)
        found.odd[what][place] = texts[code] & given


def _by_shape(texts: pa.Array, dayfirst: bool | None, name: str) -> tuple[_Walls, bool | None]:
    size = len(texts)
    known = _Walls(np.zeros(size, "datetime64[us]"), np.zeros(size, bool), np.zeros(size, bool))
    matched = list(_matches(plain_dates(texts), SHAPES))
    order = day_order([(at, parts) for at, parts in matched if parts.has("a")], texts, dayfirst, name)
    for at, parts in matched:
        if parts.has("epoch"):
            (moment, fits), told = since_1970(parts), np.ones(len(at), bool)
            _mark(known, "unit", at[~fits])
        elif parts.has("serial"):
            (moment, fits), told = since_1900(parts), np.zeros(len(at), bool)
            _mark(known, "serial", at)
        else:
            moment, fits, told = _calendar_moment(parts, order)
            _mark(known, "century", at[fits & parts.present("yy")])
            _mark(known, "first_day", at[fits & ~(parts.present("d") | parts.present("a") | parts.present("weekday"))])
            _mark(known, "zone", at[fits & np.asarray(pc.is_in(parts.text("zone"), pa.array(OF_SEVERAL_ZONES)))])
        known.wall[at], known.valid[at], known.aware[at] = moment, fits, fits & told
    _mark(known, "contrary", order.contrary)
    _mark(known, "dotted", order.dotted)
    return known, order.dayfirst


def _calendar_moment(parts: Parts, order: DayOrder) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    date, fits = date_of(parts, order.dayfirst is not False)
    time_of_day, ticks = clock(parts)
    ahead, told, exists = offset(parts)
    return date + time_of_day - ahead, fits & ticks & exists, told


def _mark(known: _Walls, what: str, at: np.ndarray) -> None:
    if len(at):
        known.odd.setdefault(what, np.zeros(len(known.wall), bool))[at] = True


def _matches(texts: pa.Array, shapes: tuple[str, ...]) -> Iterator[tuple[np.ndarray, Parts]]:
    """(positions, parts) for each shape that some of the texts have; the shape of most texts goes first.

    A few texts tell which shape comes next, since to try one on all of them takes long.
    """
    possible = pc.and_(pc.match_substring_regex(texts, r"\d"), pc.less_equal(pc.binary_length(texts), LONGEST))
    left, untold = np.flatnonzero(np.asarray(possible)), 0
    while len(left) and untold < PATIENCE:
        some = texts.take(pa.array(left[:TRIED_FIRST])).to_pylist()
        hits = {shape: sum(1 for text in some if _compiled(shape).fullmatch(text)) for shape in shapes}
        shape = max(hits, key=hits.get)
        if not hits[shape]:
            untold, left = untold + 1, left[TRIED_FIRST:]
            continue
        found = _extracted(texts, left, shape)
        left = np.setdiff1d(left, found[0], assume_unique=True)
        yield found
    for shape in shapes if len(left) else ():
        found = _extracted(texts, left, shape)
        left = np.setdiff1d(left, found[0], assume_unique=True)
        if len(found[0]):
            yield found


def _extracted(texts: pa.Array, left: np.ndarray, shape: str) -> tuple[np.ndarray, Parts]:
    matches = pc.extract_regex(texts.take(pa.array(left)), f"^(?:{shape})$")
    fits = matches.is_valid()
    return left[np.asarray(fits)], Parts(matches.filter(fits))


@cache
def _compiled(shape: str) -> re.Pattern:
    return re.compile(shape)


def clock_times(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """A column with times of day as timedelta64[us], and where there is one.

    >>> clock_times(pa.chunked_array([["09:30", "2:05 pm", "14", "1405", "noon"]]))[0].astype("timedelta64[m]").tolist()
    [datetime.timedelta(seconds=34200), datetime.timedelta(seconds=50700), datetime.timedelta(seconds=50400), \
datetime.timedelta(seconds=50700), datetime.timedelta(0)]
    """
    hours, told = np.zeros(len(column), "timedelta64[us]"), np.zeros(len(column), bool)
    if pa.types.is_timestamp(column.type):  # a spreadsheet shows the time of a day in 1899
        wall = np.array(pc.fill_null(column.cast(pa.int64()), 0).to_numpy()).view("datetime64[us]")
        return wall - wall.astype("datetime64[D]"), valid_mask(column).copy()
    text = present(column, MISSING_VALUES)
    kinds = text.combine_chunks().dictionary_encode()
    size = len(kinds.dictionary)
    known, fits = np.zeros(size, "timedelta64[us]"), np.zeros(size, bool)
    for at, parts in _matches(plain_dates(kinds.dictionary), TIME_SHAPES):
        known[at], fits[at] = clock(parts)
    if size:
        code = np.asarray(kinds.indices.fill_null(0))
        told = fits[code] & np.asarray(text.is_valid())
        hours = np.where(told, known[code], np.timedelta64(0, "us"))
    return hours, told
