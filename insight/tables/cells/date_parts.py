"""From the parts of a date, as date_shapes.py finds them, to a moment: calendar, clock, zones, counts since a day."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.tables.cells.date_shapes import month_numbers
from insight.tables.recognition.vocabulary import words

EPOCH_MICROSECONDS = {9: 10**6, 10: 10**6, 12: 10**3, 13: 10**3, 15: 1, 16: 1}  # by number of digits; else ns: 0
EPOCH = np.datetime64(0, "us")
SPREADSHEET_DAY_0 = np.datetime64("1899-12-30", "us")  # 1900 was no leap year, but spreadsheets count one
DAY = 24 * 3600 * 10**6  # in microseconds
PIVOT = 69  # 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068, as POSIX has it
_HOURS = {"z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3}
_HOURS |= {"est": -5, "edt": -4, "cdt": -5, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9, "kst": 9, "hkt": 8, "aest": 10}
_HOURS |= {"aedt": 11, "awst": 8, "nzst": 12, "nzdt": 13}
OF_SEVERAL_ZONES = ("cst", "ist", "bst", "mst", "ast", "gst", "sst", "wst", "idt", "amt", "art", "brt")
NO_ZONE = np.iinfo("int32").min  # a zone that does not exist


class Parts:
    """The named groups of a match as columns of integers, 0 where a group took no part."""

    def __init__(self, matches: pa.StructArray):
        self.matches = matches
        self.names = {field.name for field in matches.type}

    def has(self, name: str) -> bool:
        return name in self.names

    def text(self, name: str) -> pa.Array:
        return pc.struct_field(self.matches, name) if self.has(name) else pa.repeat("", len(self.matches))

    def present(self, name: str) -> np.ndarray:
        return np.asarray(pc.not_equal(self.text(name), "")) if self.has(name) else np.zeros(len(self.matches), bool)

    def __getitem__(self, name: str) -> np.ndarray:
        return _integers(self.text(name)) if self.has(name) else np.zeros(len(self.matches), "int64")

    def microseconds(self) -> np.ndarray:
        if not self.present("f").any():
            return np.zeros(len(self.matches), "int64")
        return _integers(pc.utf8_slice_codeunits(pc.utf8_rpad(self.text("f"), 6, "0"), 0, 6))

    def part_of_a_day(self) -> np.ndarray:
        """In microseconds, to the nearest second, which is what spreadsheets show."""
        seconds = pc.binary_join_element_wise("0", self.text("part"), ".").cast(pa.float64()).to_numpy() * 86400
        return np.rint(seconds).astype("int64") * 10**6

    def looked_up(self, name: str, table: dict[str, int], unknown: int) -> np.ndarray:
        kinds = self.text(name).dictionary_encode()
        numbers = np.array([table.get(text, unknown) for text in kinds.dictionary.to_pylist()], "int64")
        return numbers[np.asarray(kinds.indices)]

    def year(self) -> np.ndarray:
        short = self["yy"]
        return np.where(short >= PIVOT, 1900, 2000) + short if self.has("yy") else self["y"]


def _integers(text: pa.Array) -> np.ndarray:
    return np.asarray(pc.if_else(pc.equal(text, ""), "0", text).cast(pa.int64()))


def calendar_day(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Calendar dates as moments, and whether each date exists.

    >>> calendar_day(np.array([2024, 2025]), np.array([2, 2]), np.array([29, 29]))[1].tolist()
    [True, False]
    """
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    fits = (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return days.astype("datetime64[us]"), fits


def date_of(parts: Parts, dayfirst: bool) -> tuple[np.ndarray, np.ndarray]:
    """The calendar date, and whether it exists; the first day of a month, a week or a quarter."""
    year = parts.year()
    if parts.has("week"):
        monday = _first_monday(year) + 7 * (parts["week"] - 1).astype("timedelta64[D]")
        fits = (parts["week"] >= 1) & ((parts["week"] <= 52) | (monday < _first_monday(year + 1)))
        return (monday + np.maximum(parts["weekday"] - 1, 0).astype("timedelta64[D]")).astype("datetime64[us]"), fits
    if parts.has("quarter"):
        return calendar_day(year, 3 * parts["quarter"] - 2, np.ones(len(year), "int64"))
    if parts.has("a"):
        return calendar_day(year, *((parts["b"], parts["a"]) if dayfirst else (parts["a"], parts["b"])))
    month = parts.looked_up("mon", month_numbers(), 0) if parts.has("mon") else parts["m"]
    return calendar_day(year, month, parts["d"] if parts.has("d") else np.ones(len(year), "int64"))


def _first_monday(year: np.ndarray) -> np.ndarray:
    """The Monday of ISO week 1, which holds 4 January."""
    fourth = calendar_day(year, np.full(len(year), 1), np.full(len(year), 4))[0].astype("datetime64[D]")
    return fourth - ((fourth.astype("int64") + 3) % 7).astype("timedelta64[D]")


def clock(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """The time of day, and whether each one exists."""
    if parts.has("part") and not parts.has("H"):
        micro = parts.part_of_a_day()
        return micro.astype("timedelta64[us]"), micro < DAY
    hour, minute, second = parts["H"], parts["M"], parts["S"]
    halves = dict.fromkeys(words("morning"), 1) | dict.fromkeys(words("afternoon"), 2)
    half = np.maximum(parts.looked_up("half", halves, 0), parts.looked_up("early", halves, 0))
    fits = (hour < 24) & (minute < 60) & (second < 60) & ((half == 0) | ((hour >= 1) & (hour <= 12)))
    hour = np.where(half > 0, hour % 12 + 12 * (half == 2), hour)
    micro = ((hour * 60 + minute) * 60 + second) * 10**6 + parts.microseconds()
    return micro.astype("timedelta64[us]"), fits


def offset(parts: Parts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How far each time's clock is ahead of UTC, whether that is told, and whether the zone written exists.

    The abbreviations of several zones (CST is in America and in China) tell nothing, but do exist.
    """
    zones = parts.text("zone").dictionary_encode()
    minutes = np.array([_zone_minutes(zone) for zone in zones.dictionary.to_pylist()], "int64")
    exists, several = (
        minutes != NO_ZONE,
        np.array([zone in OF_SEVERAL_ZONES for zone in zones.dictionary.to_pylist()], bool),
    )
    place = np.asarray(zones.indices)
    told = parts.present("zone") & exists[place] & ~several[place]
    return np.where(told, minutes[place], 0).astype("timedelta64[m]"), told, exists[place]


def _zone_minutes(zone: str) -> int:
    name, sign, ahead = zone.partition("+") if "+" in zone else zone.partition("-")
    if not sign:
        return 0 if zone in ("", *OF_SEVERAL_ZONES) else 60 * _HOURS[zone] if zone in _HOURS else NO_ZONE
    hours, minutes = (ahead[:-2].rstrip(":"), ahead[-2:]) if len(ahead) > 2 else (ahead, "0")
    total = 60 * int(hours) + int(minutes)
    return total if sign == "+" else -total


def since_1970(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    r"""Epoch times, in the unit that the number of digits of most says, and whether each is in that unit.

    >>> cells = pc.extract_regex(pa.array(["1767225600", "1767225601", "253402300800000"]), r"(?P<epoch>\d+)")
    >>> since_1970(Parts(cells))[0][:2].astype(str).tolist(), since_1970(Parts(cells))[1].tolist()
    (['2026-01-01T00:00:00.000000', '2026-01-01T00:00:01.000000'], [True, True, False])
    """
    digits = np.asarray(pc.utf8_length(parts.text("epoch")))
    units = np.array([EPOCH_MICROSECONDS.get(length, 0) for length in range(20)])[digits]
    kinds, times = np.unique(units, return_counts=True)
    unit = int(kinds[times.argmax()])
    fits = units == unit
    count, fraction = np.where(fits, parts["epoch"], 0), parts.microseconds()
    return EPOCH + (count * unit + fraction * unit // 10**6 if unit else count // 1000), fits


def since_1900(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """Serial numbers of spreadsheets, and whether each is one.

    >>> from insight.tables.cells.date_shapes import SHAPES
    >>> cells = pc.extract_regex(pa.array(["46053.351388889"]), f"^{SHAPES[-1]}$")
    >>> since_1900(Parts(cells))[0].astype(str).tolist()
    ['2026-01-31T08:26:00.000000']
    """
    return SPREADSHEET_DAY_0 + parts["serial"] * DAY + parts.part_of_a_day(), np.ones(len(parts.matches), bool)
