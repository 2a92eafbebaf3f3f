"""How dates and times are written, and the arithmetic from their parts to a moment.

To teach a new format, add its shape; the named groups say what each part is.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_CLOCK = (
    r"(?:(?:T|\s+)(?P<H>\d{1,2})(?::(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)
_ZONE = r"(?:\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
SHAPES = (
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _CLOCK + _ZONE,  # 2026-01-31 08:26, 2026/1/31
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",  # 20260131
    r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})" + _CLOCK + _ZONE,  # 31/1/2026 or 1/31/2026
    r"(?P<epoch>\d{9,10}|\d{12,13}|\d{15,16}|\d{18}|[1-8]\d{18})(?:\.(?P<f>\d+))?",  # since 1970, in s, ms, us or ns
)
EPOCH_MICROSECONDS = {9: 10**6, 10: 10**6, 12: 10**3, 13: 10**3, 15: 1, 16: 1}  # by number of digits; else ns
EPOCH = np.datetime64(0, "us")


class Parts:
    """The named groups of a match as columns of integers, 0 where a group took no part."""

    def __init__(self, matches: pa.StructArray):
        self.matches = matches
        self.names = {field.name for field in matches.type}

    def has(self, name: str) -> bool:
        return name in self.names

    def text(self, name: str) -> pa.Array:
        return pc.struct_field(self.matches, name) if self.has(name) else pa.array([""] * len(self.matches))

    def present(self, name: str) -> np.ndarray:
        return np.asarray(pc.not_equal(self.text(name), ""))

    def __getitem__(self, name: str) -> np.ndarray:
        return _integers(self.text(name))

    def microseconds(self) -> np.ndarray:
        return _integers(pc.utf8_slice_codeunits(pc.utf8_rpad(self.text("f"), 6, "0"), 0, 6))


def _integers(text: pa.Array) -> np.ndarray:
    return np.asarray(pc.if_else(pc.equal(text, ""), "0", text).cast(pa.int64()))


def calendar_day(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days since 1970 of calendar dates, and whether each date exists."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    fits = (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return days.astype("datetime64[us]"), fits


def clock(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """The time of day, and whether each one exists."""
    hour, minute, second = parts["H"], parts["M"], parts["S"]
    half = np.asarray(pc.utf8_lower(parts.text("half")))
    twelve = half != ""
    fits = (hour < 24) & (minute < 60) & (second < 60) & (~twelve | ((hour >= 1) & (hour <= 12)))
    hour = np.where(twelve, hour % 12 + 12 * (half == "p"), hour)
    micro = ((hour * 60 + minute) * 60 + second) * 10**6 + parts.microseconds()
    return micro.astype("timedelta64[us]"), fits


def offset(parts: Parts) -> np.ndarray:
    """How far each time's clock is ahead of UTC."""
    zones = parts.text("zone").dictionary_encode()
    minutes = np.array([_zone_minutes(zone) for zone in zones.dictionary.to_pylist()], dtype="timedelta64[m]")
    return minutes[np.asarray(zones.indices)]


def _zone_minutes(zone: str) -> int:
    if zone[:1] not in ("+", "-"):
        return 0
    minutes = 60 * int(zone[1:3]) + int(zone[3:].lstrip(":") or 0)
    return -minutes if zone[0] == "-" else minutes


def since_1970(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """Epoch times, in the unit that their number of digits says, and whether each is one."""
    digits = np.asarray(pc.utf8_length(parts.text("epoch")))
    count, fraction = parts["epoch"], parts.microseconds()
    micro = count // 1000
    for length, factor in EPOCH_MICROSECONDS.items():
        micro = np.where(digits == length, count * factor + fraction * factor // 10**6, micro)
    return EPOCH + micro, np.ones(len(micro), bool)
