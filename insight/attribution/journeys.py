"""Paths of touches as arrays: every distinct path once, its channels as numbers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError, MissingColumn
from insight.tables.touch_paths import SEPARATOR, UNKNOWN

UNATTRIBUTED = "(unattributed)"  # a conversion without a touch
OPTIONAL = ("conversions", "value", "nulls")


@dataclass(frozen=True, eq=False)
class Journeys:
    """Distinct paths of at least one touch.

    channel : number of the channel of each touch, path after path
    start : where each path begins in `channel`, and the end of the last
    conversions, value, nulls : of each path, the journeys that ended so
    channels : names, in alphabetical order
    untouched, untouched_value : conversions without any touch, and their value
    decay, decay_value : weight of each touch by time, means over conversions and over value; None where not known
    has_nulls : journeys without a conversion are in the table
    """

    channel: np.ndarray
    start: np.ndarray
    conversions: np.ndarray
    value: np.ndarray
    nulls: np.ndarray
    channels: list[str]
    untouched: float
    untouched_value: float
    decay: np.ndarray | None
    decay_value: np.ndarray | None
    has_nulls: bool

    @property
    def length(self) -> np.ndarray:
        """How many touches each path has."""
        return np.diff(self.start)

    @property
    def path(self) -> np.ndarray:
        """The path that each touch belongs to."""
        return np.repeat(np.arange(len(self.length)), self.length)


def read_journeys(paths: pd.DataFrame) -> Journeys:
    """A table of paths as arrays; equal paths are added up.

    paths : path ("a > b > c"; blank parts are "(unknown)"), conversions; where there are any value, nulls,
        decay_weights, decay_weights_value (a list of one weight a touch)
    Raises MissingColumn without path or conversions; InsightError for counts that are none.
    """
    missing = [name for name in ("path", "conversions") if name not in paths]
    if missing:
        raise MissingColumn(missing, list(paths.columns))
    counts = {name: _counted(paths, name) for name in OPTIONAL}
    text = paths["path"].astype("str").where(paths["path"].notna(), "")
    distinct = pc.dictionary_encode(pa.array(text.to_numpy(object), pa.string()))
    of, unique = distinct.indices.to_numpy(), distinct.dictionary
    touched = pc.not_equal(pc.utf8_trim_whitespace(unique), "").to_numpy(zero_copy_only=False)
    sums = {name: np.bincount(of, values, len(unique)) for name, values in counts.items()}
    parts = pc.split_pattern(unique.filter(pa.array(touched)), SEPARATOR.strip())
    names = pc.utf8_trim_whitespace(parts.flatten())
    coded = pc.dictionary_encode(pc.if_else(pc.equal(names, ""), UNKNOWN, names))
    found = np.asarray(coded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(found)
    rank = np.empty(len(found), np.int64)
    rank[order] = np.arange(len(found))
    start = np.concatenate([[0], np.cumsum(pc.list_value_length(parts).to_numpy(zero_copy_only=False))]).astype(
        np.int64
    )
    decay = [_weights(paths, of, touched, start, *names) for names in DECAY]
    return Journeys(
        channel=rank[coded.indices.to_numpy()],
        start=start,
        **{name: values[touched] for name, values in sums.items()},
        channels=found[order].tolist(),
        untouched=float(sums["conversions"][~touched].sum()),
        untouched_value=float(sums["value"][~touched].sum()),
        decay=decay[0],
        decay_value=decay[1],
        has_nulls="nulls" in paths and bool(counts["nulls"].any()),
    )


DECAY = (("decay_weights", "conversions"), ("decay_weights_value", "value"))


def _counted(paths: pd.DataFrame, name: str) -> np.ndarray:
    if name not in paths:
        return np.zeros(len(paths))
    values = pd.to_numeric(paths[name], errors="coerce").to_numpy(float, na_value=0.0)
    if not np.isfinite(values).all() or (name != "value" and (values < 0).any()):
        raise InsightError(f"The column {name} of the paths must hold numbers from 0 up.")
    return values


def _weights(paths, of, touched, start, column: str, by: str) -> np.ndarray | None:
    """The weight of each touch: the mean of the rows of its path, weighted by their conversions (or value)."""
    if column not in paths or by not in paths:
        return None
    number = np.cumsum(touched) - 1  # of each distinct path among those with a touch
    total = np.zeros(start[-1])
    mass = np.zeros(len(start) - 1)
    for path, own, weight in zip(of, paths[column], paths[by], strict=True):
        if not touched[path] or not weight:
            continue
        at = number[path]
        if own is None or len(own) != start[at + 1] - start[at]:
            raise InsightError(f"Each list in {column} must have one weight for each touch of its path.")
        total[start[at] : start[at + 1]] += weight * np.asarray(own, float)
        mass[at] += weight
    return total / np.repeat(np.where(mass == 0, 1, mass), np.diff(start))
