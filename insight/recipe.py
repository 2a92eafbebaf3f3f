"""How an analysis was set up, as a small file: what the columns mean, what was fixed, the settings of the pages.

    recipe(tables, settings)         -> the file, as bytes of JSON
    read_recipe(content)             -> the Recipe in it, every value checked
    apply_recipe(made, "july.csv")   -> the table, read as the recipe says

A recipe and a file give the same state again, next week's export of the same shape too. It holds no data: names of
columns and of chosen events are settings. Customer ids (of an audience, of a fix that leaves customers out) travel only
where the caller says so.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from inspect import signature

from insight import tables as tables_package
from insight.errors import InsightError, MissingColumn, UnknownValue
from insight.language import _
from insight.tables.opening.formats import open_table
from insight.tables.recognition.columns import ALTERNATIVES, TABLES

MARK = "marketing_insight_recipe"  # the first key of the file; its value is the version
VERSION = 1
LARGEST = 1_000_000  # bytes
DEEPEST = 20  # lists and mappings inside each other


@dataclass(frozen=True)
class Setup:
    """How one file is read.

    kind : of table;  name : of the file it was made with
    columns : canonical name -> the file's name, None for one that is left empty
    settings : the other arguments of the reader
    """

    kind: str
    name: str
    columns: dict[str, str | None]
    settings: dict[str, object]


@dataclass(frozen=True, eq=False)
class Recipe:
    """What :func:`read_recipe` found.

    files : kind of table -> Setup
    pages : name of a page -> its settings
    audiences : name -> literal rule;  selection : the literal selection in force, or None
    """

    files: dict[str, Setup]
    pages: dict[str, dict[str, object]] = field(default_factory=dict)
    audiences: dict[str, object] = field(default_factory=dict)
    selection: object = None


def recipe(
    tables: Mapping[str, object],
    settings: Mapping[str, Mapping[str, object]] | None = None,
    *,
    audiences: Mapping[str, object] | None = None,
    selection: object = None,
    with_ids: bool = False,
) -> bytes:
    """The set-up as the bytes of a JSON file.

    tables : kind -> table; of one that was made from others the files it goes back to are meant
    settings : page -> its settings;  audiences : name -> literal rule;  selection : a literal
    with_ids : whether customer ids travel along; if not, fixes, audiences and a selection that list some are left out
    Raises InsightError where a value is no literal. Returns the same bytes for the same input.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\n")
    >>> read_recipe(recipe({"events": log}, {"funnel": {"within": "7D"}})).pages
    {'funnel': {'within': '7D'}}
    """
    kept = (lambda value: True) if with_ids else (lambda value: not lists_customers(value))
    content = {
        MARK: VERSION,
        "files": {table.kind: _written(table, kept) for table in _as_read(tables.values())},
        "pages": {page: dict(values) for page, values in (settings or {}).items() if values},
        "audiences": {name: rule for name, rule in (audiences or {}).items() if kept(rule)},
        "selection": selection if kept(selection) else None,
    }
    try:
        written = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1).encode()
    except (TypeError, ValueError, RecursionError):
        raise InsightError("A recipe holds text, numbers, True, False, None, lists and mappings of these.") from None
    if json.loads(written) != content:
        raise InsightError("A recipe holds lists, not tuples, and mappings whose keys are text.")
    return written


def lists_customers(value: object) -> bool:
    """Whether customer ids stand in a literal: in a fix, in an audience's rule, in the settings of a table.

    >>> lists_customers({"all": [{"ids": ["ana"]}]}), lists_customers({"fixes": ["drop_duplicates"]})
    (True, False)
    """
    if isinstance(value, dict):
        return "ids" in value or value.get("column") == "customer_id" or any(map(lists_customers, value.values()))
    return isinstance(value, list) and any(map(lists_customers, value))


def is_recipe(content: bytes) -> bool:
    """Whether a file is a recipe, by its content.

    >>> is_recipe(b'{"marketing_insight_recipe": 1}'), is_recipe(b"user,event,time")
    (True, False)
    """
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"{") and start[1:].lstrip().startswith(f'"{MARK}"'.encode())


def read_recipe(content: bytes) -> Recipe:
    """What a recipe says. Nothing in it is run; every name in it is checked against what exists here.

    Raises InsightError for what is no recipe, too large, of a newer version, or names what does not exist.
    """
    found = _parsed(content)
    _check(found.keys() <= {MARK, "files", "pages", "audiences", "selection"}, _("it has parts that are not known"))
    files, pages = (_mapping(found.get(part), part) for part in ("files", "pages"))
    return Recipe(
        files={kind: _setup(kind, entry) for kind, entry in files.items()},
        pages={page: _mapping(values, f"pages.{page}") for page, values in pages.items()},
        audiences=_mapping(found.get("audiences"), "audiences"),
        selection=found.get("selection"),
    )


def apply_recipe(recipe: Recipe, source: object, *, kind: str | None = None):
    """A table read from `source` as the recipe says.

    kind : which of the recipe's files this is; by default the one whose columns are all there
    Columns that the recipe names and the file lacks are recognised anew, unless the table needs them.
    Raises InsightError where the recipe does not fit the file, and what the reader raises.
    """
    if kind is not None:
        if kind not in recipe.files:
            raise UnknownValue("kind", kind, recipe.files)
        recipe = replace(recipe, files={kind: recipe.files[kind]})
    sheets = [setup.settings.get("sheet") for setup in recipe.files.values()]
    raw = open_table(source, sheet=sheets[0] if len(sheets) == 1 else None)
    setup, _lacking = fitting_setup(recipe, raw.columns.column_names, raw.name)
    return reader_of(setup.kind)(source, columns=setup.columns, **setup.settings)


def fitting_setup(recipe: Recipe, column_names: Iterable[str], name: str | None = None) -> tuple[Setup, list[str]]:
    """The set-up for a file with these columns, and the columns it names that the file lacks.

    Of several that fit, the one with the file's name, else the one with the most columns. Raises MissingColumn where
    the file lacks a column that the table needs.
    """
    names = list(column_names)
    rated = []
    for setup in recipe.files.values():
        lacking = [column for column in setup.columns.values() if column is not None and column not in names]
        present = {key: column for key, column in setup.columns.items() if column is None or column in names}
        rated.append((_needs(setup.kind, present), lacking, replace(setup, columns=present)))
    if not rated:
        raise InsightError(_("The recipe holds no file."))
    rated.sort(key=lambda one: (len(one[0]), one[2].name != name, len(one[1]), -len(one[2].columns)))
    missing, lacking, setup = rated[0]
    if missing:
        raise MissingColumn([recipe.files[setup.kind].columns.get(key) or key for key in missing], names)
    return setup, lacking


def reader_of(kind: str):
    """The function that reads a kind of table: `read_events` for "events"."""
    return getattr(tables_package, f"read_{kind}")


def _as_read(tables: Iterable) -> list:
    """The tables as they were read from files, each kind once."""
    found = {}
    for table in tables:
        made = getattr(table, "made", None)
        for one in _as_read(made.tables) if made else [table]:
            found.setdefault(one.kind, one)
    return list(found.values())


def _written(table, kept: Callable[[object], bool]) -> dict[str, object]:
    settings = dict(table.settings)
    fixes = [fix for fix in settings.pop("fixes", []) if kept(fix)]
    settings |= {"fixes": fixes} if fixes else {}
    return {"name": table.name, "columns": dict(table.columns), "settings": settings}


def _parsed(content: bytes) -> dict:
    _check(len(content) <= LARGEST, _("it is larger than a set-up ever is"))
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise InsightError(_("The recipe is damaged: it is no readable JSON. Save it again.")) from None
    _check(isinstance(found, dict) and MARK in found, _("it does not begin like one"))
    _check(type(found[MARK]) is int, _("its version is no number"))
    if found[MARK] > VERSION:
        raise InsightError(_("The recipe was saved by a newer version of this app. Update, or save it again here."))
    _check(found[MARK] == VERSION, _("its version does not exist"))
    _check(_depth(found) <= DEEPEST, _("its values are nested too deep"))
    return found


def _setup(kind: str, entry: object) -> Setup:
    _check(kind in TABLES, _("it names a kind of table that does not exist: {kind}", kind=repr(kind)))
    entry = _mapping(entry, f"files.{kind}")
    columns, settings = (_mapping(entry.get(part), f"files.{kind}.{part}") for part in ("columns", "settings"))
    known = {column.name for column in TABLES[kind]}
    for name, column in columns.items():
        _check(name in known, _("{kind} have no column {name}", kind=kind, name=repr(name)))
        _check(isinstance(column, str | None), _("the column for {name} is no text", name=name))
    allowed = signature(reader_of(kind)).parameters.keys() - {"source", "columns"}
    for name in settings:
        _check(name in allowed, _("reading {kind} has no setting {name}", kind=kind, name=repr(name)))
    _check(isinstance(entry.get("name"), str), _("a file has no name"))
    return Setup(kind, entry["name"], columns, settings)


def _needs(kind: str, columns: Mapping[str, str | None]) -> list[str]:
    """Required columns that this mapping does not fill."""
    return [
        column.name
        for column in TABLES[kind]
        if column.required
        and not columns.get(column.name)
        and not all(columns.get(part) for part in ALTERNATIVES.get(column.name, (column.name,)))
    ]


def _mapping(value: object, where: str) -> dict:
    _check(isinstance(value, dict | None), _("{where} is no mapping", where=where))
    return value or {}


def _check(holds: bool, problem: str) -> None:
    if not holds:
        raise InsightError(_("This recipe cannot be used: {problem}.", problem=problem))


def _depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0)


def _no_number(name: str) -> float:
    raise ValueError(name)
