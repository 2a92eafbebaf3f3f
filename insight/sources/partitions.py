"""Partitions of customers on Spark: what the driver asks for, and what each worker does with its rows."""

import pickle
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TypeVar

import pyarrow as pa

from insight.errors import InsightError
from insight.log import Log
from insight.sources.part import log_of
from insight.sources.plan import Plan
from insight.sources.reading import Reading
from insight.sources.rows import Rows, Told
from insight.sources.survey import Survey, all_told, evidence, surveyed
from insight.sources.table import Extent, Progress, extent_of
from insight.tables.cells.values import MISSING_IDS
from insight.tables.opening.raw import column_names

T = TypeVar("T")
PERSON = "(person)"  # a column for the time of the shuffle
BLANKS = " \t\n\r\x0b\x0c"
WIDE_DIGITS = "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"


class Partitions:
    """The place of a source on Spark.

    rows : the DataFrame, its columns under the names that they are read by
    reading, plan : how rows are read; the plan as soon as all of them were looked through
    n : how many partitions
    """

    name = "Spark"

    def __init__(self, rows, reading: Reading, n: int):
        self.rows, self.reading, self.n = rows, reading, n
        self.plan: Plan | None = None
        self._told: Told = {}
        self._lock = Lock()

    @staticmethod
    def renamed(dataframe):
        """The DataFrame with its columns under the names that a reader would give them."""
        return dataframe.toDF(*column_names(dataframe.columns))

    def close(self) -> None:
        """There is nothing to let go of: the table and the session are the caller's."""

    def each_as_it_lies(self, look: Callable[[pa.Table], T], names: Iterable[str]) -> list[T]:
        """What `look` finds in the rows of each partition of the table as it lies, with these further columns."""
        return _collected(self.rows.select(*self._sources(names)), partial(looked_at, look=look))

    def tallies(self, count: Callable[[Log], T], columns: tuple[str, ...], on_progress: Progress | None) -> list[T]:
        """The tally of each partition, of all rows of some customers."""
        plan = self._planned(columns)
        work = partial(counted, count=count, plan=plan, names=columns)
        found = _collected(self._by_customer(columns), work)
        if on_progress is not None:
            on_progress(1.0)
        return found

    def _sources(self, names: Iterable[str]) -> list[str]:
        """The columns of the source that are needed, as names that Spark takes literally."""
        further = [source for name in names for source in self.reading.sources_of(name)]
        return [_quoted(source) for source in dict.fromkeys([*self.reading.needed, *further])]

    def _by_customer(self, names: Iterable[str]):
        """The needed columns of the rows that have a customer, those of one customer in one partition."""
        rows = self.rows.select(*self._sources(names), _person(self.reading.columns["customer_id"]).alias(PERSON))
        return rows.where(rows[PERSON].isNotNull()).repartition(self.n, PERSON).drop(PERSON)

    def _planned(self, columns: tuple[str, ...]) -> Plan:
        """The plan with what all rows tell of these columns; each is looked through once."""
        with self._lock:
            new = self.plan.untold(columns, self._told)
            if new:
                for told in self.each_as_it_lies(partial(evidence_of, reading=self.reading, names=new), new):
                    self._told = all_told(self._told, told)
            return self.plan.knowing(self._told)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _person(source: str):
    """The id in a form in which one customer is always the same text; null for nobody. Only for the shuffle."""
    from pyspark.sql import functions as f

    text = f.btrim(f.col(_quoted(source)).cast("string"), f.lit(BLANKS))
    bare = f.regexp_replace(f.translate(text, WIDE_DIGITS, "0123456789"), r"[\p{Z}\p{C}]", "")
    text = f.when(f.octet_length(text) == f.char_length(text), text).otherwise(bare)
    nobody = f.lower(text).isin([*MISSING_IDS, "nan"])
    return f.when(~nobody, f.when(text.contains("."), f.regexp_replace(text, r"\.0*$", "")).otherwise(text))


def _collected(rows, work: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]) -> list:
    """What the workers found. Raises InsightError where one of them did."""
    with warnings.catch_warnings():  # said of its functions on pandas, none of which is used here
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        packed = rows.mapInArrow(work, "found binary").collect()
    found = [pickle.loads(row["found"]) for row in packed]
    for one in found:
        if isinstance(one, _Refused):
            raise InsightError(one.why)
    return found


# -- on the workers ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Refused:
    """Why a worker could not read its rows: an error would not come through as it is."""

    why: str


def counted(batches: Iterable[pa.RecordBatch], count: Callable[[Log], T], plan: Plan, names: tuple[str, ...]):
    """The tally of a partition; a customer can span its batches, so they are put together first."""

    def tally(table: pa.Table) -> T | None:
        found = log_of(table, plan, names)
        return None if found is None else count(found[0])

    return looked_at(batches, tally)


def looked_at(batches: Iterable[pa.RecordBatch], look: Callable[[pa.Table], T]) -> Iterator[pa.RecordBatch]:
    """What `look` finds in a partition, packed; nothing where there are no rows, or it finds nothing."""
    batches = [batch for batch in batches if batch.num_rows]
    if not batches:
        return
    try:
        found = look(pa.Table.from_batches(batches))
    except InsightError as problem:
        found = _Refused(str(problem))
    if found is not None:
        yield pa.RecordBatch.from_pydict({"found": pa.array([pickle.dumps(found)], pa.binary())})


def survey_of(table: pa.Table, reading: Reading, further: tuple[str, ...]) -> Survey:
    """What the rows of a partition tell."""
    return surveyed(Rows(table, reading), further)


def evidence_of(table: pa.Table, reading: Reading, names: list[str]) -> Told:
    """What the rows of a partition tell of further columns."""
    return evidence(Rows(table, reading), names)


def extent_and_varying(log: Log, names: tuple[str, ...]) -> tuple[Extent, set[str]]:
    """How far some orders go, and which columns do not belong to an order, since its lines differ in them."""
    return extent_of(log), set(names) - set(log.frame)
