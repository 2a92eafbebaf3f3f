"""Buckets of customers on disk: each one a log that is sorted once, and opened where it lies when it is counted.

A bucket is a folder with the cells of its rows (Parquet, as DuckDB wrote it) and beside them the columns of its log
(.npy, in log order; mapped into memory, so that only what is looked at is read). A further column is made of the cells
when it is asked for.
"""

import shutil
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import ipc, parquet

from insight.log import Log
from insight.log.values import coded
from insight.sources.engine import in_zones
from insight.sources.part import column_of, moments_of
from insight.sources.plan import Plan
from insight.sources.rows import Rows, Told
from insight.sources.survey import all_told, evidence
from insight.sources.table import Progress

T = TypeVar("T")
ARRAYS = ("customer", "time", "event", "moment")


@dataclass(frozen=True)
class Bucket:
    """Some customers, with all their rows.

    zones : of the columns whose format has one
    """

    folder: Path
    zones: dict[str, str]

    def cells(self, columns: Iterable[str], coded: Iterable[str] = ()) -> pa.Table:
        """The cells of these columns, always in the same order of rows; `coded` : texts to read each once."""
        files, read = sorted(self.folder.glob("*.parquet")), {"columns": list(columns), "read_dictionary": list(coded)}
        return in_zones(pa.concat_tables(parquet.read_table(file, **read) for file in files), self.zones)

    def keep(self, log: Log, place: np.ndarray) -> None:
        """Write the log; `place` : where in the cells the row of each row of `log.frame` lies."""
        columns = {name: getattr(log, name) for name in ARRAYS} | {"place": place[log.row]}
        if "amount_minor" in log.frame:
            columns |= {"minor": log.minor, "amount": log.frame["amount"].to_numpy()[log.row]}
        for name, column in columns.items():
            np.save(self.folder / f"{name}.npy", column)
        ids = pa.table({"id": pa.array(log.customers, pa.string())})
        with ipc.new_file(self.folder / "customers.arrow", ids.schema) as file:
            file.write_table(ids)

    def log(self, plan: Plan, names: Iterable[str]) -> Log:
        """The log, whose frame has these columns, in log order too."""
        with pa.memory_map(str(self.folder / "customers.arrow")) as file:
            customers = ipc.open_file(file).read_all()["id"].to_numpy()
        arrays = {name: self._array(name) for name in ARRAYS}
        n = len(arrays["time"])
        made = self._made(plan, customers, arrays)
        asked = dict.fromkeys([*names, *(["amount_minor"] if plan.reading.kind == "orders" else [])])
        columns = {name: made[name]() for name in asked if name in made}
        others = {name: self._column(plan, name) for name in asked if name not in made}
        columns |= {name: kinds if codes is None else kinds.take(codes) for name, (kinds, codes) in others.items()}
        log = Log(
            **arrays,
            row=np.arange(n),
            customers=customers,
            events=list(plan.events),
            frame=pd.DataFrame({name: column.array for name, column in columns.items()}, index=pd.RangeIndex(n)),
            timezone=plan.timezone,
            dates_only=plan.dates_only,
        )
        for name, (kinds, codes) in others.items():
            if codes is not None:  # what log.values would find by looking at every text
                log.remember(("values", name), partial(_values, kinds, codes))
        return log

    def _column(self, plan: Plan, name: str) -> tuple[pd.Series, np.ndarray | None]:
        """A column that is made of the cells, in log order; of texts each kind once, and the kind of each row."""
        sources, place = plan.reading.sources_of(name), self._array("place")
        coded = [source for source in sources if name in plan.reading.further]
        table = self.cells(sources, coded)
        if not coded or not pa.types.is_dictionary(table[coded[0]].type):
            return column_of(Rows(table, plan.reading, plan.told), plan, name, place), None
        cells = table[coded[0]].unify_dictionaries().combine_chunks()
        texts = pa.concat_arrays([cells.dictionary, pa.nulls(1, cells.dictionary.type)])  # the last is for none
        codes = cells.indices.fill_null(len(texts) - 1).to_numpy()[place]
        used = np.flatnonzero(np.bincount(codes, minlength=len(texts)))
        number = np.zeros(len(texts), np.int32)
        number[used] = np.arange(len(used))
        kinds = pa.table({coded[0]: texts.take(pa.array(used))})
        return Rows(kinds, plan.reading, plan.told).further(name), number[codes]

    def _array(self, name: str) -> np.ndarray:
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))

    def _made(self, plan: Plan, customers: np.ndarray, arrays: dict[str, np.ndarray]) -> dict[str, Callable]:
        """The columns that the log itself tells."""
        events = np.array(plan.events, dtype=object)
        return {
            "customer_id": lambda: pd.Series(customers[arrays["customer"]], dtype="str"),
            "timestamp": lambda: moments_of(arrays["time"].view("datetime64[us]"), plan),
            "event": lambda: pd.Series(events[arrays["event"]], dtype="str"),
            "amount_minor": lambda: pd.Series(self._array("minor")),
            "amount": lambda: pd.Series(self._array("amount")),
        }


def _values(kinds: pd.Series, codes: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Codes in log order and their names, as `Log.values` has them."""
    number, names = coded(kinds)
    return number[codes], names


class Buckets:
    """The place of a source on disk. The folder is deleted with it, at the end of the program, or by `close`."""

    name = "disk"

    def __init__(self, folder: Path, buckets: list[Bucket], plan: Plan):
        self.folder, self.buckets, self.plan = folder, buckets, plan
        self._told: Told = {}
        self._lock = Lock()
        self.close = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def tallies(self, count: Callable[[Log], T], columns: tuple[str, ...], on_progress: Progress | None) -> list[T]:
        """The tally of each bucket, one after the other."""
        plan, found = self._plan(columns), []
        for bucket in self.buckets:
            found.append(count(bucket.log(plan, columns)))
            if on_progress is not None:
                on_progress(len(found) / len(self.buckets))
        return found

    def _plan(self, columns: tuple[str, ...]) -> Plan:
        """The plan with what all rows tell of these columns; each is looked through once."""
        with self._lock:
            new = self.plan.untold(columns, self._told)
            if new:
                sources = sorted({self.plan.reading.further[name].source for name in new})
                for bucket in self.buckets:
                    rows = Rows(bucket.cells(sources), self.plan.reading)
                    self._told = all_told(self._told, evidence(rows, new))
            return self.plan.knowing(self._told)
