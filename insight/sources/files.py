"""The files of a source on disk: which they are, that they agree, and how DuckDB reads all of them as one."""

import csv
import glob
import gzip
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from insight.errors import InsightError, UnreadableFile
from insight.language import _
from insight.tables.opening.formats import open_table
from insight.tables.opening.raw import column_names

PARQUET = (".parquet", ".pq")
CSV = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
SAMPLE = 1 << 20  # bytes of a CSV file that tell how it is written; no line is longer
BUFFER = 1 << 23  # bytes that each thread reads at a time


@dataclass(frozen=True)
class Files:
    """Files of one format with the same columns.

    names : of their columns, as they are written;  separator : of CSV; None for Parquet
    n_rows : of Parquet exactly, of CSV an estimate
    zones : time zones of the columns whose format has one
    """

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    separator: str | None
    n_rows: int
    zones: dict[str, str]

    @property
    def content(self) -> list[tuple[str, int]]:
        """What the files are, for a fingerprint: name and size of each."""
        above = os.path.commonpath([path.parent for path in self.paths])
        return sorted((path.relative_to(above).as_posix(), path.stat().st_size) for path in self.paths)

    def relation(self, duckdb):
        """All rows as one relation of DuckDB; a line of CSV with more or fewer cells than names is put aside."""
        paths = [str(path) for path in self.paths]
        if self.separator is None:
            return duckdb.read_parquet(paths, union_by_name=True, binary_as_string=True)
        written = {"header": True, "delimiter": self.separator, "quotechar": '"', "escapechar": '"'}
        memory = {"buffer_size": BUFFER, "max_line_size": SAMPLE}
        return duckdb.read_csv(paths, all_varchar=True, store_rejects=True, **written, **memory)


def files_of(source: str | Path | Iterable[str | Path]) -> Files:
    """The files in a folder (and the folders in it), of a glob, or of a list.

    Raises UnreadableFile where there are none, of two formats, or where they disagree in their columns.
    """
    paths = _paths(source)
    formats = {ending for path in paths for ending in (PARQUET, CSV) if path.name.casefold().endswith(ending)}
    if not formats:
        raise UnreadableFile(
            f"There is no Parquet or CSV file in {str(source)!r}; known are {', '.join(PARQUET + CSV)}."
        )
    if len(formats) > 1:
        raise UnreadableFile(f'{str(source)!r} has Parquet and CSV files: name one kind, as in "events/*.parquet".')
    (endings,) = formats
    chosen = tuple(path for path in paths if path.name.casefold().endswith(endings))
    return _parquet(chosen) if endings == PARQUET else _csv(chosen)


def _paths(source: str | Path | Iterable[str | Path]) -> list[Path]:
    """The files, in order of their paths; what is hidden or begins with "_" is a tool's own."""
    if isinstance(source, str | Path):
        if os.path.isdir(source):
            found = [path for path in Path(source).rglob("*") if path.is_file()]
        else:
            found = [Path(path) for path in glob.glob(str(source), recursive=True)]
            found = [Path(source)] if not found and os.path.isfile(source) else found
    elif isinstance(source, list | tuple) and all(isinstance(one, str | Path) for one in source):
        found = [Path(one) for one in source]
    else:
        what = f'A source is a folder, a glob such as "events/*.parquet" or a list of files; {source!r} is none.'
        raise InsightError(what)
    if missing := next((path for path in found if not path.is_file()), None):
        raise UnreadableFile(_("The file {path} could not be read. Check its name.", path=repr(str(missing))))
    found = sorted(path for path in found if not path.name.startswith((".", "_")))
    if not found:
        raise UnreadableFile(_("There is no folder and no file {path}. Check its name.", path=repr(str(source))))
    return found


def _parquet(paths: tuple[Path, ...]) -> Files:
    try:
        schemas = [parquet.read_schema(path) for path in paths]
        n_rows = sum(parquet.read_metadata(path).num_rows for path in paths)
    except (pa.ArrowException, OSError):
        raise UnreadableFile(_("A Parquet file is damaged or uses features that cannot be read.")) from None
    first = {field.name: _family(field.type) for field in schemas[0]}
    for path, schema in zip(paths, schemas, strict=True):
        _compare(paths[0], path, first, {field.name: _family(field.type) for field in schema})
    zones = {field.name: field.type.tz for field in schemas[0] if pa.types.is_timestamp(field.type) and field.type.tz}
    return Files(paths, tuple(first), None, n_rows, zones)


def _family(kind: pa.DataType) -> str:
    """Types that can stand in one column without a change of what they say."""
    if pa.types.is_dictionary(kind):
        return _family(kind.value_type)
    if pa.types.is_timestamp(kind):
        return "moment in a time zone" if kind.tz else "moment"
    for family, belongs in (("whole number", pa.types.is_integer), ("number", pa.types.is_floating)):
        if belongs(kind):
            return family
    return "text" if str(kind).removeprefix("large_").removesuffix("_view") in ("string", "binary") else str(kind)


def _compare(first_path: Path, path: Path, first: dict[str, str], other: dict[str, str]) -> None:
    """Raises UnreadableFile where two files do not have the same columns."""
    for name in first.keys() ^ other.keys():
        with_it, without = (first_path, path) if name in first else (path, first_path)
        raise UnreadableFile(
            f"The files disagree in their columns: {with_it.name} has {name!r}, {without.name} has not. "
            "Bring files with the same columns."
        )
    for name, family in first.items():
        if other[name] != family:
            raise UnreadableFile(
                f"The files disagree in {name!r}: {family} in {first_path.name}, {other[name]} in {path.name}. "
                "Write them with the same types."
            )


def _csv(paths: tuple[Path, ...]) -> Files:
    largest = max(paths, key=lambda path: path.stat().st_size)
    sample, packing = _sample(largest)
    opened = open_table(sample)
    if opened.format != "CSV":
        raise UnreadableFile(f"{largest.name} is not CSV but {opened.format}.")
    names = _header(largest, sample, opened.separator)
    if not opened.header or set(opened.columns.column_names) - set(column_names(names)):
        raise UnreadableFile(f"The first line of {largest.name} is not the row of names. Put it there in every file.")
    if opened.encoding != "UTF-8":
        raise UnreadableFile(f"{largest.name} is written in {opened.encoding}: write the files in UTF-8.")
    for path in paths:
        other = _header(path, _sample(path)[0], opened.separator)
        _compare(largest, path, dict.fromkeys(names, ""), dict.fromkeys(other, ""))
        if other != names:
            raise UnreadableFile(f"The columns of {path.name} are in another order than those of {largest.name}.")
    bytes_a_row = len(sample) / max(sample.count(b"\n"), 1)
    n_rows = int(sum(path.stat().st_size for path in paths) * packing / bytes_a_row)
    return Files(paths, tuple(names), opened.separator, n_rows, {})


def _sample(path: Path) -> tuple[bytes, float]:
    """Whole lines from the beginning of a file, and how many bytes become of one."""
    try:
        with path.open("rb") as file:
            plain = file.read(SAMPLE)
            if not path.name.casefold().endswith(".gz"):
                packing = 1.0
            else:
                file.seek(0)
                plain = gzip.GzipFile(fileobj=file).read(SAMPLE)
                packing = len(plain) / max(min(file.tell(), path.stat().st_size), 1)
    except (OSError, EOFError):
        raise UnreadableFile(_("The file {path} could not be read. Check its name.", path=repr(str(path)))) from None
    end = plain.rfind(b"\n") + 1
    return plain[:end] if len(plain) == SAMPLE and end else plain, packing


def _header(path: Path, sample: bytes, separator: str) -> list[str]:
    """The row of names as it is written. Raises UnreadableFile for an empty file."""
    lines = io.StringIO(sample.decode("utf-8-sig", "replace"), newline="")
    header = next(csv.reader(lines, delimiter=separator), [])
    if not header:
        raise UnreadableFile(_("{name} is empty.", name=path.name))
    return header
