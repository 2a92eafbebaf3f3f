"""DuckDB's part: one pass over the files that puts the rows of each customer into one of many buckets.

Which bucket is told by a hash of the customer's id. The id is brought to a form for that in which one customer is
always the same text (17850 and 17850.0, with or without blanks around it); how ids are read is decided elsewhere.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pyarrow as pa

from insight.errors import InsightError, UnreadableFile
from insight.language import _
from insight.sources.files import Files
from insight.sources.table import Progress
from insight.tables.cells.values import MISSING_IDS
from insight.tables.opening.raw import column_names

NOBODY = -1  # the bucket of rows without a customer
WIDE_DIGITS = "０１２３４５６７８９"
SIZE = re.compile(r"\d+(?:\.\d+)? ?[KMGT]i?B", re.IGNORECASE)
UNIT = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
POLLED = 0.1  # seconds between two looks at the progress


def size_in_bytes(size: object) -> int:
    """A size as DuckDB takes it.

    >>> size_in_bytes("2GB"), size_in_bytes("512 MB")
    (2000000000, 512000000)

    Raises InsightError for anything else.
    """
    if not isinstance(size, str) or not SIZE.fullmatch(size.strip()):
        raise InsightError(f'memory_limit = {size!r} is no size. Write it as "2GB" or "512MB".')
    number, unit = re.match(r"([\d.]+) ?([KMGT])", size.strip().upper()).groups()
    return int(float(number) * UNIT[unit])


@dataclass(frozen=True)
class Written:
    """The folders of the buckets, that of the rows without a customer, and how many lines of CSV were put aside.

    A line is put aside where it has more or fewer cells than there are names.
    """

    buckets: list[Path]
    nobody: Path
    put_aside: int


class Engine:
    """A connection that keeps to its memory; what does not fit goes into `folder`.

    Raises InsightError where DuckDB is missing. What DuckDB cannot do is an UnreadableFile that says what to change.
    """

    def __init__(self, memory_limit: str, threads: int, folder: Path):
        size_in_bytes(memory_limit)
        try:
            import duckdb
        except ImportError:
            raise InsightError(
                "Files larger than memory are read with DuckDB, which is not installed here: "
                "pip install -r requirements-scale.txt"
            ) from None
        self.errors, self.memory_limit = duckdb, memory_limit
        settings = {"memory_limit": memory_limit, "threads": threads, "temp_directory": str(folder)}
        self.connection = duckdb.connect(config=settings | {"autoinstall_known_extensions": False})

    def close(self) -> None:
        self.connection.close()

    def first_rows(self, files: Files, n: int) -> pa.Table:
        """The first rows of the files, under their names as they are read."""
        try:
            rows = files.relation(self.connection)
            rows.create_view("source")
            names = column_names(rows.columns)
            return in_zones(rows.limit(n).to_arrow_table().rename_columns(names), files.zones)
        except self.errors.Error as problem:
            raise self._in_words(problem) from None

    def write_buckets(
        self, columns: list[str], customer: str, n: int, folder: Path, on_progress: Progress | None
    ) -> "Written":
        """Write these columns of all rows into `n` buckets in a folder; those of nobody go into one more."""
        name = "bucket"
        while name in columns:
            name += "_"
        written = self.connection.view("source").columns
        # with its table: without, DuckDB takes a column "user" inside a subquery for who is logged in
        source = {name: f"source.{_quoted(own)}" for name, own in zip(column_names(written), written, strict=True)}
        chosen = ", ".join(f"{source[name]} AS {_quoted(name)}" for name in columns)
        rows = f"SELECT {chosen}, {bucket_of(source[customer], n)} AS {name} FROM source"
        where = "'" + str(folder).replace("'", "''") + "'"
        self.connection.execute("SET preserve_insertion_order = false")  # order plays no part, and keeping it costs
        self._run(f"COPY ({rows}) TO {where} (FORMAT parquet, PARTITION_BY ({name}))", on_progress)
        nobody = folder / f"{name}={NOBODY}"
        return Written([one for one in sorted(folder.iterdir()) if one != nobody], nobody, self._put_aside())

    def _run(self, query: str, on_progress: Progress | None) -> None:
        """Run a query, telling how far it is; what the callback raises ends the query."""
        failed: list[Exception] = []

        def execute() -> None:
            try:
                self.connection.execute(query)
            except self.errors.Error as problem:
                failed.append(problem)

        worker = Thread(target=execute, daemon=True)
        worker.start()
        try:
            while worker.is_alive():
                worker.join(POLLED)
                if on_progress is not None and worker.is_alive():
                    on_progress(max(self.connection.query_progress(), 0) / 100)
        finally:
            if worker.is_alive():
                self.connection.interrupt()
                worker.join()
        if failed:
            raise self._in_words(failed[0])

    def _put_aside(self) -> int:
        """Lines of CSV that DuckDB could not cut into cells in the last pass."""
        tables = [name for (name,) in self.connection.execute("SHOW TABLES").fetchall()]
        if "reject_errors" not in tables:
            return 0
        last = "scan_id = (SELECT max(scan_id) FROM reject_errors)"
        lines = f"SELECT DISTINCT file_id, line FROM reject_errors WHERE {last}"
        return self.connection.execute(f"SELECT count(*) FROM ({lines})").fetchone()[0]

    def _in_words(self, problem: Exception) -> InsightError:
        """What DuckDB says may hold cells, so only its kind is told."""
        if isinstance(problem, self.errors.OutOfMemoryException):
            return InsightError(f"memory_limit = {self.memory_limit!r} is too little for these files: give more.")
        kind = type(problem).__name__
        return UnreadableFile(_("DuckDB could not read the files ({kind}): is one of them damaged?", kind=kind))


def in_zones(table: pa.Table, zones: dict[str, str]) -> pa.Table:
    """The table with the time zones that the files give their columns."""
    for name in zones.keys() & set(table.column_names):
        at = table.column_names.index(name)
        table = table.set_column(at, name, table[name].cast(pa.timestamp("us", zones[name])))
    return table


def bucket_of(column: str, n: int) -> str:
    """The bucket of a customer as SQL; `column` : the id, quoted and with its table."""
    missing = ", ".join("'" + word.replace("'", "''") + "'" for word in (*MISSING_IDS, "nan"))
    text = f"SELECT trim(CAST({column} AS VARCHAR), E' \\t\\n\\r\\x0b\\x0c') AS text"
    bare = f"regexp_replace(translate(text, '{WIDE_DIGITS}', '0123456789'), '[\\p{{Z}}\\p{{C}}]', '', 'g')"
    plain = f"SELECT CASE WHEN strlen(text) = length(text) THEN text ELSE {bare} END AS id FROM ({text})"
    person = "CASE WHEN contains(id, '.') THEN regexp_replace(id, '\\.0*$', '') ELSE id END"
    known = f"CASE WHEN id IS NULL OR lower(id) IN ({missing}) THEN {NOBODY} ELSE hash({person}) % {n} END"
    return f"(SELECT {known} FROM ({plain}))"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
