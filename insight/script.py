"""The code behind a result: how its tables were read and made, and the call, as Python anyone can run."""

import math
import re
import unicodedata
from collections.abc import Callable
from inspect import signature
from itertools import starmap
from pprint import pformat

from insight import sources as sources_package
from insight import tables as tables_package
from insight.catalog import Analysis, catalog
from insight.errors import UnknownValue

LINE = 100  # characters a line of the code
LONGEST_NAME = 60  # characters of a file's name: at most 240 bytes, within what file systems take
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # names that Windows refuses


def call(name: str, settings: dict[str, object], tables: object = None) -> str:
    """The code that made a result, from the tables as they were read; one setting a line.

    tables : the table, or the tables by kind, where they were made from others (some customers only, ...)
    Raises UnknownValue for an analysis or a setting that does not exist, TypeError for a value that cannot be written
    down as text, numbers, True, False, None, lists and dicts of these.

    >>> print(call("funnel", {"steps": ["visit", "purchase"], "within": "7D"}))
    result = funnel(
        events,
        steps=['visit', 'purchase'],
        within='7D',
    )
    """
    analysis = analysis_of(name)
    allowed = [setting for setting, p in signature(analysis.function).parameters.items() if p.kind is p.KEYWORD_ONLY]
    for setting in settings:
        if setting not in allowed:
            raise UnknownValue("setting", setting, allowed)
    sources = Sources(by_kind(analysis, tables))
    asked = written_call("result", analysis.function, _arguments(analysis, sources), settings)
    return "\n".join([*sources.making, asked])


def script(name: str, tables: object, settings: dict[str, object]) -> str:
    """The code of a result from nothing on: imports, reading, the parts of tables it uses, the call.

    tables : the table that was analysed, or the tables by kind; their files are looked for beside the script
    Raises as :func:`call`.
    """
    analysis = analysis_of(name)
    sources = Sources(by_kind(analysis, tables))
    read = [read_again(table, sources, table.name) for table in sources.read]
    names = imports([analysis.function, *sources.functions])
    return "\n".join([names, *sources.imports, "", *read, call(name, settings, tables)])


def imports(functions: list[Callable]) -> str:
    """Import statements for these functions."""
    names: dict[str, list[str]] = {}
    for function in functions:
        names.setdefault(function.__module__, []).append(function.__name__)
    return "\n".join(f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(names.items()))


def read_again(table, sources: "Sources", path: str) -> str:
    """The line that reads a table from its file; one on disk or on Spark is called `path` by whoever has it."""
    where = f"spark_table({path!r})" if on_spark(table) else repr(path)
    how = {"columns": table.columns, **table.settings}
    return written_call(sources.variable(table), reader_of(table), where, how)


def reader_of(table) -> Callable:
    """The function that reads or opens a table."""
    return getattr(sources_package if lies_elsewhere(table) else tables_package, table.reader)


def lies_elsewhere(table) -> bool:
    """Whether a table is on disk or on Spark: then there is no file of it to take along."""
    return isinstance(table, sources_package.Source)


def on_spark(table) -> bool:
    """Whether a table is opened with a DataFrame of Spark."""
    return table.reader.startswith("spark")


class Sources:
    """The files an analysis goes back to, and the code that makes its tables of them.

    read : the tables as they were read, each once
    making : a line of code for each table that was made from others, in order
    functions : everything that these lines and the reading of the files call
    imports : further lines that the reading needs
    """

    def __init__(self, by_kind: dict[str, object]):
        self.read: list = []
        self.making: list[str] = []
        self.functions: list[Callable] = []
        self._names: dict[str, str] = {}  # fingerprint -> variable
        self.by_kind = by_kind
        for table in by_kind.values():
            self._add(table)

    def variable(self, table) -> str:
        return self._names[table.fingerprint]

    def path(self, table) -> str:
        """Where the file of a table lies; two files of one name are told apart by their kind."""
        name = safe_name(table.name, table.kind)
        others = {safe_name(other.name, other.kind) for other in self.read if other is not table}
        return f"data/{table.kind}_{name}" if name in others else f"data/{name}"

    def _add(self, table) -> None:
        if table.fingerprint in self._names:
            return
        for source in table.made.tables if table.made else ():
            self._add(source)
        again = sum(name.split("_")[0] == table.kind for name in self._names.values())
        name = self._names[table.fingerprint] = f"{table.kind}_{again + 1}" if again else table.kind
        if table.made is None:
            self.read.append(table)
            self._uses(reader_of(table))
            return
        arguments = ", ".join(self.variable(source) for source in table.made.tables)
        self.making.append(written_call(name, table.made.function, arguments, table.made.settings))
        self._uses(table.made.function)

    @property
    def imports(self) -> list[str]:
        return ["from insight.sources.spark import spark_table"] if any(map(on_spark, self.read)) else []

    def _uses(self, function: Callable) -> None:
        if function not in self.functions:
            self.functions.append(function)


def by_kind(analysis: Analysis, tables: object) -> dict[str, object]:
    """The tables an analysis uses, the main one first; those it does not use are left out."""
    if tables is None:
        return {}
    given = tables if isinstance(tables, dict) else {tables.kind: tables}
    main = analysis.main(given)
    others = {kind: given[kind] for kind in analysis.also if given.get(kind) is not None}
    return {main.kind: main, **others}


def _arguments(analysis: Analysis, sources: Sources) -> str:
    main, *others = sources.by_kind.items() or [(analysis.kind, None)]
    first = analysis.kind if main[1] is None else sources.variable(main[1])
    return ", ".join([first, *(f"{kind}={sources.variable(table)}" for kind, table in others)])


def safe_name(name: str, kind: str) -> str:
    """A file's name as every system takes it: no folders, no quotes, not hidden, not too long.

    >>> safe_name("../June 'export'.csv", "events"), safe_name("..", "events")
    ('June _export_.csv', 'events.csv')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = re.sub(r"[^\w .()+-]", "_", last)[-LONGEST_NAME:].strip(" .")
    return f"_{kept}" if RESERVED.fullmatch(kept) else kept or f"{kind}.csv"


def analysis_of(name: str) -> Analysis:
    """The row of the catalog. Raises UnknownValue, which lists the names."""
    if name not in catalog:
        raise UnknownValue("analysis", name, catalog)
    return catalog[name]


def written_call(result: str, function: Callable, argument: str, settings: dict[str, object]) -> str:
    """An assignment, one setting a line. Raises TypeError for what is no literal."""
    for setting, value in settings.items():
        if not _is_literal(value):
            raise TypeError(f"{setting} = {value!r} cannot be written down as a literal.")
    return "\n".join([f"{result} = {function.__name__}(", f"    {argument},", *starmap(_line, settings.items()), ")"])


def _line(setting: str, value: object) -> str:
    """One setting of a call; a long list or mapping continues below its bracket."""
    start = f"    {setting}="
    written = pformat(value, width=LINE - len(start), sort_dicts=False)
    return start + written.replace("\n", "\n" + " " * len(start)) + ","


def _is_literal(value: object) -> bool:
    """Whether `repr` writes the value so that Python reads back the same."""
    if isinstance(value, list | tuple):
        return type(value) in (list, tuple) and all(map(_is_literal, value))
    if isinstance(value, dict):
        return type(value) is dict and all(map(_is_literal, [*value, *value.values()]))
    return type(value) in (str, int, bool, type(None)) or (type(value) is float and math.isfinite(value))
