"""Wall clock times and time zones."""

import numpy as np
import pandas as pd
import pyarrow as pa

from insight.errors import UnknownValue
from insight.tables.settings import check_timezone


def own_zone(kind: pa.DataType) -> str:
    """The time zone of a column whose format has one, else UTC."""
    zone = kind.tz if pa.types.is_timestamp(kind) else "UTC"
    try:
        check_timezone(zone)
    except UnknownValue:
        return "UTC"  # the instants are right whatever the zone is called
    return zone


def at_midnight(wall: np.ndarray) -> np.ndarray:
    """Whether each moment has no time of day."""
    return wall == wall.astype("datetime64[D]")


def to_utc(wall: np.ndarray, zone: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wall clock times of a zone in UTC; which came twice there (the first is meant), which never (moved on)."""
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
