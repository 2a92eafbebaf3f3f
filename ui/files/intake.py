"""The files of a visit, on their way to tables: looked into, read as they most likely are meant, read again, let go."""

from dataclasses import replace

import streamlit as st

from insight.errors import InsightError, UnreadableFile
from insight.language import _, _n, count, plain
from insight.recipe import fitting_setup, is_recipe, read_recipe, reader_of
from insight.tables import inspect_file
from insight.tables.opening.formats import open_table
from insight.tables.opening.limits import MEGABYTE, limits
from ui import session
from ui.files.visit import File, Files, visit

SLOW = 2_000_000  # bytes from which the time that has passed is shown


def take_in(uploads: list[tuple[str, bytes]]) -> None:
    """Use what was brought: set-ups first, then each file, at once where it can be recognised."""
    files = visit()
    files.memory["refused"] = []
    for name, content in sorted(uploads, key=lambda upload: not is_recipe(upload[1])):
        if is_recipe(content):
            _use_recipe(files, name, content)
            continue
        file = File(name, content, files.number())
        look(file)
        if file.report is None:
            files.memory["refused"].append((name, file.problem))  # what is open stays open
        elif not file.ready:
            files.memory["asked"] = file
    _restore_selection(files)


def _restore_selection(files: Files) -> None:
    """The saved filter belongs to the saved data: it waits for a file."""
    if files.ready and (chosen := files.memory.pop("selection", None)):
        try:
            session.restore_selection(chosen)
        except InsightError as problem:
            files.say(_("The saved filter cannot be used: {problem}", problem=plain(problem)))


def look(file: File, sheet: str | None = None) -> None:
    """Look into a file, or into another sheet of it, and read it: as a set-up says, else as it is recognised."""
    asked = {} if sheet is None else {"sheet": sheet}
    try:
        with working(file, _("Looking into {name} …", name=plain(file.name))):
            _refuse_large(len(file.content))
            raw = open_table(file.content, **asked)
        with working(file, _reading(raw.columns.num_rows)):
            report = inspect_file(raw, name=file.name)
    except InsightError as problem:
        file.problem, file.ready = problem, False
        return
    table, file.report = report.table, replace(report, table=None)  # else it would be kept after it was read anew
    file.columns, file.settings, file.problem, file.ready = {}, asked, None, False
    if read_as_saved(file):
        return
    if table is not None:
        _use(file, table, {}, asked)
    elif file.report.tables:
        read(file, file.report.tables[0], {}, asked)


def read(file: File, kind: str, columns: dict[str, str | None], settings: dict[str, object]) -> bool:
    """Read a file and look at it; False, with the reason kept, when it cannot be read like this."""
    source = file.report.opened if settings.get("sheet") in (None, file.report.sheet) else file.content
    try:
        with working(file, _reading(file.report.n_rows)):
            table = reader_of(kind)(source, columns=columns or None, **settings)
    except InsightError as problem:
        file.kind, file.columns, file.settings, file.problem = kind, columns, settings, problem
        return False
    _use(file, table, columns, settings)
    return True


def _use(file: File, table, columns: dict[str, str | None], settings: dict[str, object]) -> None:
    """Put a table among the visitor's; what was computed from the one it replaces is let go."""
    files = visit()
    before = files.ready.get(table.kind)
    if before is not None and before is not file:
        said = _("{new} takes the place of {old}: of each kind of table one file is looked at.",
                 new=plain(file.name), old=plain(before.name))  # fmt: skip
        files.say(said)
    if file.ready and file.kind != table.kind:
        let_go(file.kind)
    session.forget_results()
    session.use_upload(table, file.content)
    file.kind, file.columns, file.settings = table.kind, {**columns, **table.columns}, settings
    file.problem, file.ready = None, True
    files.ready[table.kind] = file
    if files.asked is file:
        files.memory["asked"] = None


def use_also_as(file: File, kind: str) -> None:
    """Use a file as a second kind of table beside the first."""
    files = visit()
    other = replace(file, number=files.number(), kind=None, columns={}, problem=None, ready=False)
    sheet = {"sheet": file.settings["sheet"]} if "sheet" in file.settings else {}
    if not read(other, kind, {}, sheet):
        files.memory["asked"] = other


def let_go(kind: str) -> None:
    """Drop one table of the visit with everything computed from it; the others stay."""
    visit().ready.pop(kind, None)
    session.drop_upload(kind)
    session.forget_results()


def give_up() -> None:
    """Stop asking about a file: it is not used."""
    visit().memory["asked"] = None


def fix(concerned: list[File], fixes: list) -> None:
    """Add fixes to the settings of files and read them again. Pseudonyms get this visit's key."""
    keyless = [isinstance(one, dict) and "key" in one and one["key"] is None for one in fixes]
    added = [{**one, "key": visit().key} if lacks else one for one, lacks in zip(fixes, keyless, strict=True)]
    for file in concerned:
        with_fixes(file, [*file.fixes, *added])


def undo(file: File, literal: object) -> None:
    """Take a fix back and read the file again."""
    with_fixes(file, [one for one in file.fixes if one != literal])


def with_fixes(file: File, fixes: list) -> None:
    """Read a file again with these fixes; where that does not work, as it was, and why."""
    kind, columns, before = file.kind, file.columns, file.settings
    settings = {name: value for name, value in before.items() if name != "fixes"}
    if not read(file, kind, columns, settings | ({"fixes": fixes} if fixes else {})):
        visit().memory["refused"] = [(file.name, file.problem)]
        file.kind, file.columns, file.settings, file.problem = kind, columns, before, None


def _reading(n_rows: int) -> str:
    return _n("Reading {n} row …", "Reading and sorting {n} rows …", n_rows, n=count(n_rows))


def _refuse_large(size: int) -> None:
    """The widget checks this in the browser only. Raises UnreadableFile."""
    most = limits().packed
    if size > most:
        said = _("The file has more than {most} MB. Bring fewer rows, or pack it as .gz.", most=count(most / MEGABYTE))
        raise UnreadableFile(said)


def working(file: File, words: str):
    """A sign of what is being done, for what may take longer than a second."""
    return st.spinner(words, show_time=len(file.content) > SLOW)


def _use_recipe(files: Files, name: str, content: bytes) -> None:
    """Take in a set-up: the settings of the pages now, the reading of files as they come and of those that are here."""
    try:
        found = read_recipe(content)
    except InsightError as problem:
        files.memory["refused"].append((name, problem))
        return
    try:
        session.restore_audiences(found.audiences)
    except InsightError as problem:
        files.memory["refused"].append((name, problem))
    files.memory.update(recipe=found, selection=found.selection)
    session.restore_settings(found.pages)
    for file in list(files.ready.values()):
        read_as_saved(file)
    if found.files and not files.ready:
        names = ", ".join(dict.fromkeys(plain(setup.name) for setup in found.files.values()))
        files.say(_("The saved set-up waits for its files: {names}.", names=names))


def read_as_saved(file: File) -> bool:
    """Read a file as the visit's set-up says, if there is one for it; what does not fit is said."""
    files, saved = visit(), visit().recipe.files
    sheets = {setup.settings.get("sheet") for setup in saved.values()}
    wanted = next((sheet for sheet in file.report.sheets if sheet in sheets), file.report.sheet)
    if wanted != file.report.sheet and not file.settings:
        look(file, wanted)
        return file.ready
    if not saved:
        return False
    name = plain(file.name)
    try:
        setup, lacking = fitting_setup(files.recipe, file.report.preview.columns, file.name)
    except InsightError:
        files.say(_("{name} has other columns than the saved set-up, so it was read as recognised.", name=name))
        return False
    if not read(file, setup.kind, setup.columns, setup.settings):
        files.say(_("{name} cannot be read as it was saved: {problem}", name=name, problem=plain(file.problem)))
        return False
    files.say(_("{name} is read as it was saved.", name=name))
    if lacking:
        without = ", ".join(map(plain, lacking))
        files.say(_("Columns of the saved set-up that {name} lacks: {names}.", name=name, names=without))
    for other in saved.values():
        if other.name == setup.name and other.kind not in files.ready:  # one file, used as two kinds of table
            twin = replace(file, number=files.number(), ready=False)
            read(twin, other.kind, other.columns, other.settings)
    return True
