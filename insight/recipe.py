"""How an analysis was set up, as a small file: what the columns mean, what was fixed, the settings of the pages.

    recipe(tables, settings)         -> the file, as bytes of JSON
    read_recipe(content)             -> the Recipe in it, every value checked
    apply_recipe(made, "july.csv")   -> the table, read as the recipe says

A recipe and a file give the same state again, next week's export of the same shape too. It holds no data: names of
columns and of chosen events are settings. Customer ids (of an audience, of a condition, of a fix that leaves customers
out) travel only where the caller says so.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from inspect import signature
from typing import get_args

from insight import tables as tables_package
from insight.audiences.kept import checked_audiences, checked_filter, lists_customers
from insight.errors import InsightError, MissingColumn, UnknownValue
from insight.language import _
from insight.tables.fixes import checked_fixes
from insight.tables.opening.formats import open_table
from insight.tables.recognition.columns import ALTERNATIVES, TABLES

MARK = "marketing_insight_recipe"  # the first key of the file; its value is the version
VERSION = 1
PARTS = ("files", "pages", "audiences", "selection")
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
    audiences : name -> {"rule": rule, "as_of": day or None};  selection : the filter in force, or None
    """

    files: dict[str, Setup]
    pages: dict[str, dict[str, object]] = field(default_factory=dict)
    audiences: dict[str, dict] = field(default_factory=dict)
    selection: dict[str, object] | None = None


def recipe(
    tables: Mapping[str, object],
    settings: Mapping[str, Mapping[str, object]] | None = None,
    *,
    audiences: Mapping[str, object] | None = None,
    selection: Mapping[str, object] | None = None,
    with_ids: bool = False,
) -> bytes:
    """The set-up as the bytes of a JSON file.

    tables : kind -> table; of one that was made from others the files it goes back to are meant
    settings : page -> its settings;  audiences and selection : as of a :class:`Recipe`
    with_ids : whether customer ids travel along; if not, every fix, setting, audience and filter with some is left out
    Raises InsightError where a value is no literal. Returns the same bytes for the same input.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\n")
    >>> read_recipe(recipe({"events": log}, {"funnel": {"within": "7D"}})).pages
    {'funnel': {'within': '7D'}}
    """
    kept = (lambda value: True) if with_ids else (lambda value: not lists_customers(value))

    def only(values: Mapping[str, object] | None) -> dict[str, object]:
        return {name: value for name, value in (values or {}).items() if kept(value)}

    content = {
        MARK: VERSION,
        "files": {table.kind: _written(table, kept) for table in _as_read(tables.values())},
        "pages": {page: left for page, values in (settings or {}).items() if (left := only(values))},
        "audiences": only(audiences),
        "selection": selection if kept(selection) else None,
    }
    try:
        written = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1).encode()
    except (TypeError, ValueError, RecursionError):
        raise InsightError("A recipe holds text, numbers, True, False, None, lists and mappings of these.") from None
    if json.loads(written) != content:
        raise InsightError("A recipe holds lists, not tuples, and mappings whose keys are text.")
    return written


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
    _check(found.keys() <= {MARK, *PARTS}, _("it has parts that are not known"))
    files, pages, audiences, selection = (_mapping(found.get(part), part) for part in PARTS)
    return Recipe(
        files={kind: _setup(kind, entry) for kind, entry in files.items()},
        pages={page: _mapping(values, f"pages.{page}") for page, values in pages.items()},
        audiences=_in_words(checked_audiences, audiences),
        selection=_in_words(checked_filter, selection) or None,
    )


def apply_recipe(recipe: Recipe, source: object, *, kind: str | None = None):
    """A table read from `source` as the recipe says.

    kind : which of the recipe's files this is; by default the one whose columns are all there
    Columns that the recipe names and the file lacks are recognised anew, unless the table needs them.
    Raises InsightError where the recipe does not fit the file, and what the reader raises.
    """
    if kind is not None and kind not in recipe.files:
        raise UnknownValue("kind", kind, recipe.files)
    if kind is not None:
        recipe = replace(recipe, files={kind: recipe.files[kind]})
    sheet, *others = [setup.settings.get("sheet") for setup in recipe.files.values()] or [None]
    raw = open_table(source, sheet=None if others else sheet)
    setup, _lacking = fitting_setup(recipe, raw.columns.column_names, raw.name)
    return reader_of(setup.kind)(source, columns=setup.columns, **setup.settings)


def fitting_setup(recipe: Recipe, column_names: Iterable[str], name: str | None = None) -> tuple[Setup, list[str]]:
    """The set-up for a file with these columns, and the columns it names that the file lacks.

    Of several that fit, the one with the file's name, else the one with the most columns. Raises MissingColumn where
    the file lacks a column that the table needs.
    """
    names, rated = list(column_names), []
    for setup in recipe.files.values():
        lacking = [column for column in setup.columns.values() if column is not None and column not in names]
        present = {key: column for key, column in setup.columns.items() if column is None or column in names}
        rated.append((_needs(setup.kind, present), lacking, replace(setup, columns=present)))
    _check(bool(rated), _("it holds no file"))
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
        for one in _as_read(table.made.tables) if table.made else [table]:
            found.setdefault(one.kind, one)
    return list(found.values())


def _written(table, kept: Callable[[object], bool]) -> dict[str, object]:
    settings = dict(table.settings)
    if fixes := [fix for fix in settings.pop("fixes", []) if kept(fix)]:
        settings["fixes"] = fixes
    return {"name": table.name, "columns": dict(table.columns), "settings": settings}


def _parsed(content: bytes) -> dict:
    _check(len(content) <= LARGEST, _("it is larger than a set-up ever is"))
    try:
        found = json.loads(content.decode("utf-8-sig"))
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()  # no NaN, no 1e999, no half a character
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
    known = [column.name for column in TABLES[kind]]
    for name, column in columns.items():
        _check(name in known, _("{kind} have no column {name}", kind=kind, name=repr(name)))
        _check(isinstance(column, str | None), _("the column for {name} is no text", name=name))
    allowed = {name: one for name, one in signature(reader_of(kind)).parameters.items() if one.kind is one.KEYWORD_ONLY}
    for name, value in settings.items():
        _check(name in allowed, _("reading {kind} has no setting {name}", kind=kind, name=repr(name)))
        _check(type(value) in get_args(allowed[name].annotation), _("{name} takes other values", name=repr(name)))
    _in_words(checked_fixes, settings.get("fixes"), kind)
    _check(isinstance(entry.get("name"), str), _("a file has no name"))
    return Setup(kind, entry["name"], columns, settings)


def _in_words(checked: Callable, *given: object) -> object:
    try:
        return checked(*given)
    except InsightError as problem:
        raise InsightError(_("This recipe cannot be used: {problem}", problem=problem)) from None


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
