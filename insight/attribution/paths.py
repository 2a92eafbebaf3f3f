"""Journeys added up by path: counts that merge over disjoint sets of customers, and the table they make."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError
from insight.tables.touch_paths import SEPARATOR, UNKNOWN


@dataclass(frozen=True, eq=False)
class Paths:
    """Journeys by path. Arrays of one length but the last two, which have one entry for each touch of each path.

    path : text; conversions, nulls, open : journeys; value : sum over the conversions
    decay, decay_value : weights by time, added up over conversions and over their value
    left_out : rows after the last day of the analysis
    """

    path: pa.Array
    conversions: np.ndarray
    value: np.ndarray
    nulls: np.ndarray
    open: np.ndarray
    decay: np.ndarray
    decay_value: np.ndarray
    left_out: int = 0


def distinct_paths(journey: np.ndarray, channel: np.ndarray, names: list[str], n: int) -> tuple[pa.Array, np.ndarray]:
    """The distinct paths as text, and which one each of the n journeys is."""
    said = [UNKNOWN if name in ("", "(not set)") else name.replace(SEPARATOR.strip(), "/") for name in names]
    starts = np.searchsorted(journey, np.arange(n + 1))
    lists = pa.ListArray.from_arrays(
        pa.array(starts, pa.int32()), pa.array(said, pa.large_string()).take(pa.array(channel))
    )
    coded = pc.dictionary_encode(pc.binary_join(lists, pa.scalar(SEPARATOR, pa.large_string())))
    return coded.dictionary, coded.indices.to_numpy()


def by_path(path, of, journey, weight, conversions, value, nulls, open_, *, left_out: int = 0) -> Paths:
    """Journeys added up by path. `journey`, `weight` : of each touch."""
    n = len(path)
    total = np.bincount(journey, weight, len(of))[journey]
    weight = np.divide(weight, total, out=np.zeros(len(weight)), where=total > 0)
    first = np.searchsorted(journey, np.arange(len(of)))
    at = _offsets(path)[of[journey]] + np.arange(len(journey)) - first[journey]
    size = int(_offsets(path)[-1])
    counts = (np.bincount(of, own, n) for own in (conversions, value, nulls, open_))
    conversions, value, nulls, open_, won = *counts, value
    return Paths(
        path=path,
        conversions=conversions.astype(np.int64),
        value=value,
        nulls=nulls.astype(np.int64),
        open=open_.astype(np.int64),
        decay=np.bincount(at, weight, size),
        decay_value=np.bincount(at, weight * won[journey], size),
        left_out=left_out,
    )


def _offsets(path: pa.Array) -> np.ndarray:
    """Where the touches of each path begin among those of all paths, and their number."""
    touches = pc.if_else(pc.equal(path, ""), 0, pc.add(pc.count_substring(path, SEPARATOR), 1))
    return np.concatenate([[0], np.cumsum(touches.to_numpy(zero_copy_only=False))]).astype(np.int64)


def merged(tallies: list[Paths]) -> Paths:
    """The journeys of all customers, given those of disjoint sets of them."""
    coded = pc.dictionary_encode(pa.concat_arrays([tally.path for tally in tallies]))
    path, of = coded.dictionary, coded.indices.to_numpy()
    counts = {
        name: np.bincount(of, np.concatenate([getattr(tally, name) for tally in tallies]), len(path))
        for name in ("conversions", "value", "nulls", "open")
    }
    offsets = _offsets(path)
    length = np.diff(offsets)[of]
    place = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    at = offsets[of].repeat(length) + place
    sums = {
        name: np.bincount(at, np.concatenate([getattr(tally, name) for tally in tallies]), int(offsets[-1]))
        for name in ("decay", "decay_value")
    }
    counts = {name: own if name == "value" else own.astype(np.int64) for name, own in counts.items()}
    return Paths(path, **counts, **sums, left_out=sum(tally.left_out for tally in tallies))


def path_table(tally: Paths, decimals: int) -> pd.DataFrame:
    """The paths as a table, most journeys first. `decimals` : of the minor unit that values are counted in."""
    offsets = _offsets(tally.path)
    journeys = tally.conversions + tally.nulls + tally.open
    text = np.array(tally.path.to_pylist(), dtype=object)
    if not any(text):
        raise InsightError("No row is a touch: the column channel is empty, or no such event happened.")
    order = np.lexsort((text, -tally.conversions, -journeys))

    def means(sums: np.ndarray, total: np.ndarray) -> list[list[float] | None]:
        return [
            (sums[offsets[k] : offsets[k + 1]] / total[k]).tolist() if total[k] and text[k] else None for k in order
        ]

    return pd.DataFrame(
        {
            "path": pd.array(text[order], dtype="str"),
            "conversions": tally.conversions[order],
            "value": tally.value[order] / 10**decimals,
            "nulls": tally.nulls[order],
            "open": tally.open[order],
            "decay_weights": pd.Series(means(tally.decay, tally.conversions), dtype=object),
            "decay_weights_value": pd.Series(means(tally.decay_value, tally.value), dtype=object),
        }
    )


def grouped_paths(frame: pd.DataFrame) -> pd.DataFrame:
    """Paths that are given, each once, most journeys first: path, conversions, value, nulls, open (0).

    frame : of TouchPaths
    """
    counts = [name for name in ("conversions", "value", "nulls") if name in frame]
    table = frame.groupby("path", as_index=False)[counts].sum()
    table = table.assign(**{name: 0.0 for name in ("value", "nulls") if name not in frame}, open=0)
    table["journeys"] = table["conversions"] + table["nulls"]
    table = table.sort_values(
        ["journeys", "conversions", "path"], ascending=[False, False, True], kind="stable", ignore_index=True
    )
    for name in ("conversions", "nulls"):
        if (table[name] % 1 == 0).all():
            table[name] = table[name].astype(np.int64)
    return table[["path", "conversions", "value", "nulls", "open"]]
