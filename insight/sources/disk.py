"""Files larger than memory: opened once, then counted one bucket of customers at a time."""

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from shutil import rmtree

from pyarrow import parquet

from insight.language import _
from insight.sources.buckets import Bucket, Buckets
from insight.sources.engine import Engine, size_in_bytes
from insight.sources.files import Files, files_of
from insight.sources.part import log_of
from insight.sources.plan import Plan, findings, settled
from insight.sources.reading import FIRST_ROWS, Reading, first_rows, note, read_as
from insight.sources.rows import Rows
from insight.sources.survey import Survey, surveyed, together
from insight.sources.table import Extent, Progress, Source, extent_of, whole_extent

A_ROW = 400  # bytes that a row takes, at most, while its bucket is sorted
MOST_BUCKETS = 1000


def open_events(
    source: str | Path | Iterable[str | Path],
    *,
    columns: dict[str, str | None] | None = None,
    timezone: str | None = None,
    dayfirst: bool | None = None,
    memory_limit: str = "2GB",
    threads: int | None = None,
    workspace: str | Path | None = None,
    on_progress: Progress | None = None,
) -> Source:
    """Open events in files that do not fit in memory: one row an event, in Parquet or CSV (gz too), all alike.

    source : a folder (with the folders in it), a glob such as "events/*.parquet", or a list of files
    columns, timezone, dayfirst : as for `read_events`; columns are recognised by the first 100,000 rows
    memory_limit : what DuckDB may use, and what the buckets are sized by; the rest of the program is beside it
    threads : that DuckDB uses; by default one a processor
    workspace : where the temporary folder is made; by default where the system has them. It holds the files' columns
        once more and about 30 bytes a row, and is needed as long as the table is: it is deleted with it, at the end
        of the program, or by `close()`
    on_progress : told the share that is done, from 0 to 1, while the files are opened and while anything is counted

    The files are read once. Rows without a customer, a time or an event are left out, counted and named in the
    findings, and so are lines of CSV with more or fewer cells than names. The numbers are those of `read_events` on the
    same rows. What only a reader that sees the whole file could tell apart is refused: dates like 03/04/2026 without
    `dayfirst`, numbers like 1.234,50.

    Raises UnreadableFile, MissingColumn, UnknownValue, NotEnoughData, and InsightError where DuckDB is missing or the
    limit is too little: all say what to change.
    """
    means = _Means(memory_limit, threads, workspace, on_progress)
    return _opened(source, "events", columns, {"timezone": timezone, "dayfirst": dayfirst}, means)


def open_orders(
    source: str | Path | Iterable[str | Path],
    *,
    columns: dict[str, str | None] | None = None,
    timezone: str | None = None,
    dayfirst: bool | None = None,
    currency: str | None = None,
    memory_limit: str = "2GB",
    threads: int | None = None,
    workspace: str | Path | None = None,
    on_progress: Progress | None = None,
) -> Source:
    """Open orders in files that do not fit in memory: one row an order, or one row a line of an order.

    Amounts are exact, lines with one order id are added up, and `currency` keeps one of several, as for `read_orders`.
    The other settings are those of `open_events`, and so is what it raises.
    """
    means = _Means(memory_limit, threads, workspace, on_progress)
    how = {"timezone": timezone, "dayfirst": dayfirst, "currency": currency}
    return _opened(source, "orders", columns, how, means)


@dataclass(frozen=True)
class _Means:
    """What may be used to open files."""

    memory_limit: str
    threads: int | None
    workspace: str | Path | None
    on_progress: Progress | None

    def buckets(self, files: Files) -> int:
        """How many buckets, so that the rows of one fit into half of the memory."""
        rows = max(size_in_bytes(self.memory_limit) // 2 // A_ROW, 1)
        return min(max(ceil(files.n_rows / rows), 1), MOST_BUCKETS)

    def tell(self, begin: float, end: float) -> Progress | None:
        """A callback for a part of the work, which goes from one share of the whole to another."""
        tell = self.on_progress
        return None if tell is None else lambda share: tell(begin + (end - begin) * share)


def _opened(source, kind: str, columns: dict | None, how: dict[str, object], means: _Means) -> Source:
    files = files_of(source)
    folder = Path(tempfile.mkdtemp(prefix="insight-", dir=means.workspace))
    try:
        reading, notes, buckets, left_out = _divided(files, kind, columns, how, means, folder)
        survey = together(_each(buckets, lambda bucket: _surveyed(bucket, reading), means.tell(0.4, 0.7)))
        plan, extent, buckets = _sorted(buckets, settled(reading, survey), means.tell(0.7, 1.0))
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise
    survey.lacking["customer_id", "none"] += left_out["customer"]
    if left_out["line"]:
        finding = _("Lines with more or fewer cells than there are names, left out")
        notes.append(note(finding, "error", rows=left_out["line"], code="uneven_lines"))
    return Source(
        kind=kind,
        reader=f"open_{kind}",
        name=_name(source),
        place=Buckets(folder, buckets, plan),
        known=plan.facts(extent.first, extent.last),
        findings=findings(plan, survey, notes),
        fingerprint=reading.fingerprint(files.content),
        columns=reading.columns,
        settings=reading.settings,
        n_rows=survey.n_rows + sum(left_out.values()),
        extent=extent,
        on_progress=means.on_progress,
    )


def _divided(files: Files, kind: str, columns: dict | None, how: dict, means: _Means, folder: Path):
    """How the files are read, what is to be said about that, the buckets, and rows that are in none of them."""
    engine = Engine(means.memory_limit, means.threads or os.cpu_count() or 1, folder / "spilled")
    try:
        raw = first_rows(engine.first_rows(files, FIRST_ROWS), files.separator)
        reading, notes = read_as(kind, raw, columns, **how)
        written = list(dict.fromkeys([*reading.needed, *(own.source for own in reading.further.values())]))
        customer, progress = reading.columns["customer_id"], means.tell(0.0, 0.4)
        found = engine.write_buckets(written, customer, means.buckets(files), folder / "rows", progress)
    finally:
        engine.close()
    without = sum(parquet.read_metadata(one).num_rows for one in found.nobody.glob("*.parquet"))
    rmtree(found.nobody, ignore_errors=True)
    buckets = [Bucket(one, files.zones) for one in found.buckets]
    return reading, notes, buckets, {"line": found.put_aside, "customer": without}


def _each(buckets: list[Bucket], do: Callable[[Bucket], object], on_progress: Progress | None) -> list:
    found = []
    for bucket in buckets:
        found.append(do(bucket))
        if on_progress is not None:
            on_progress(len(found) / len(buckets))
    return found


def _surveyed(bucket: Bucket, reading: Reading) -> Survey:
    further = reading.further if reading.kind == "orders" else ()
    sources = [reading.further[name].source for name in further]
    return surveyed(Rows(bucket.cells(dict.fromkeys([*reading.needed, *sources])), reading), further)


def _sorted(buckets: list[Bucket], plan: Plan, on_progress: Progress | None) -> tuple[Plan, Extent, list[Bucket]]:
    """Sort each bucket once, and keep its log beside it. Buckets in which no row has everything are left aside."""
    names = plan.reading.further if plan.reading.columns.get("order_id") else ()
    sources = [*plan.reading.needed, *(plan.reading.further[name].source for name in names)]
    varying, extents, kept = set(), [], []

    def keep(bucket: Bucket) -> None:
        found = log_of(bucket.cells(dict.fromkeys(sources)), plan, names)
        if found is not None:
            log, place = found
            bucket.keep(log, place)
            varying.update(name for name in names if name not in log.frame)
            extents.append(extent_of(log))
            kept.append(bucket)

    _each(buckets, keep, on_progress)
    return replace(plan, varying=frozenset(varying)), whole_extent(extents), kept


def _name(source: str | Path | Iterable[str | Path]) -> str:
    """What the table is called."""
    if isinstance(source, str | Path):
        return str(Path(source).name or source)
    return ", ".join(Path(one).name for one in list(source)[:3])
