"""Take an analysis away: as the lines of code that made it, as a notebook, as a folder that runs offline."""

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Callable
from inspect import signature
from itertools import starmap
from pathlib import Path
from pprint import pformat

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from insight import tables
from insight.catalog import Analysis, catalog
from insight.errors import InsightError, UnknownValue
from insight.language import _, plain
from insight.text import essay

INSIGHT = Path(__file__).parent
ROOT = INSIGHT.parent
SAMPLES = ROOT / "sample_data"
SOURCES = (".py", ".md", ".toml")
# what the folder needs installed; the versions are those of the requirements files
NEEDED = (
    "pandas",
    "numpy",
    "pyarrow",
    "scipy",
    "altair",
    "vl-convert-python",
    "python-calamine",
    "nbformat",
    "ipykernel",
)
LINE = 100  # characters a line of the notebook's code
LONGEST_NAME = 60  # characters of a file's name: at most 240 bytes, within what file systems take
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # names that Windows refuses


def call(name: str, settings: dict[str, object]) -> str:
    """The line of code that made a result, one setting a line.

    Raises UnknownValue for an analysis or a setting that does not exist, TypeError for a value that cannot be written
    down as text, numbers, True, False, None, lists and dicts of these.

    >>> print(call("funnel", {"steps": ["visit", "purchase"], "within": "7D"}))
    result = funnel(
        table,
        steps=['visit', 'purchase'],
        within='7D',
    )
    """
    analysis = _analysis(name)
    allowed = [setting for setting, p in signature(analysis.function).parameters.items() if p.kind is p.KEYWORD_ONLY]
    for setting in settings:
        if setting not in allowed:
            raise UnknownValue("setting", setting, allowed)
    return _call("result", analysis.function, "table", settings)


def notebook(name: str, table: object, settings: dict[str, object]) -> bytes:
    """A Jupyter notebook that reads the file, checks that it is the same, and repeats the analysis.

    table : the table that was analysed; its file is expected at data/<its name> beside the notebook
    Returns the same bytes for the same input. Raises as :func:`call`.
    """
    analysis, reader = _analysis(name), getattr(tables, table.reader)
    grouped = settings.get("by") is not None
    charts = analysis.charts + (analysis.grouped_charts if grouped else ())
    source = f"data/{safe_name(table.name, table.kind)}"
    read = _call("table", reader, repr(source), {"columns": table.columns, **table.settings})
    cells = [
        new_markdown_cell(f"# {analysis.title}\n\n{essay(name)}"),
        new_markdown_cell(_how_it_was_made(table.name, source)),
        new_code_cell(_imports([analysis.function, *charts, analysis.reading, reader])),
        new_code_cell(f"{read}\n{_same_file(table.fingerprint, source)}"),
        new_code_cell(call(name, settings)),
        new_code_cell(f"result.{analysis.table}"),
        *([new_code_cell(f"result.{analysis.grouped_table}")] if grouped else []),
        *(new_code_cell(f"{chart.__name__}(result)") for chart in charts),
        new_code_cell(f"Markdown({analysis.reading.__name__}(result))"),
    ]
    for number, exercise in enumerate(analysis.exercises, 1):
        cells += [new_markdown_cell(f"### {_('Exercise {number}', number=number)}\n\n{exercise}"), new_code_cell("")]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"  # nbformat would draw them by lot
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    return nbformat.writes(made).encode()


def notebook_zip(name: str, table: object, settings: dict[str, object], content: bytes = b"") -> bytes:
    """A folder as .zip that runs without a network: the notebook, its data, `insight` itself, the versions it needs.

    content : the bytes of the file that the table was read from; of a sample they need not be given
    Returns the same bytes for the same input. Raises as :func:`call`.
    """
    files = {f"{name}.ipynb": notebook(name, table, settings)}
    shipped = tables.samples().set_index("file")
    if not content:
        if table.name not in shipped.index:  # a visitor's name must not become a path on this machine
            raise InsightError(f"The bytes of {table.name!r} are needed: they are not among the samples.")
        content = (SAMPLES / table.name).read_bytes()
    files[f"data/{safe_name(table.name, table.kind)}"] = content
    for path in INSIGHT.rglob("*"):
        if path.suffix in SOURCES:
            files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    files["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    files["requirements.txt"] = "\n".join([*_pins(), ""]).encode()
    is_sample = table.name in shipped.index and content == (SAMPLES / table.name).read_bytes()
    origin = _origin(shipped.loc[table.name]) if is_sample else ""
    files["README.txt"] = (_how_to_start(_analysis(name), table.name) + origin).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path)  # dated 1980, so that the same input gives the same bytes
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            folder.writestr(entry, files[path])
    return made.getvalue()


def safe_name(name: str, kind: str) -> str:
    """A file's name as every system takes it: no folders, no quotes, not hidden, not too long.

    >>> safe_name("../June 'export'.csv", "events"), safe_name("..", "events")
    ('June _export_.csv', 'events.csv')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = re.sub(r"[^\w .()+-]", "_", last)[-LONGEST_NAME:].strip(" .")
    return f"_{kept}" if RESERVED.fullmatch(kept) else kept or f"{kind}.csv"


def _analysis(name: str) -> Analysis:
    if name not in catalog:
        raise UnknownValue("analysis", name, catalog)
    return catalog[name]


def _call(result: str, function: Callable, argument: str, settings: dict[str, object]) -> str:
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


def _imports(functions: list[Callable]) -> str:
    """Import statements for these functions, and what a notebook needs to show them."""
    names: dict[str, list[str]] = {}
    for function in functions:
        names.setdefault(function.__module__, []).append(function.__name__)
    own = [f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(names.items())]
    pictures = 'alt.renderers.enable("svg");  # pictures that need no network; delete this line for tooltips'
    return "\n".join(["import altair as alt", "from IPython.display import Markdown", "", *own, "", pictures])


def _same_file(fingerprint: str, source: str) -> str:
    message = _("This is not the file the notebook was made from. Put that one at {source}.", source=source)
    return f"assert table.fingerprint == {fingerprint!r}, (\n    {message!r}\n)"


def _how_it_was_made(name: str, source: str) -> str:
    return _(
        "This notebook repeats an analysis of **{name}**. Run all cells: the file is read as it was then, its "
        "fingerprint is checked, and the numbers come out the same, to the last digit. The file belongs at "
        "`{source}`, beside this notebook, and so does the folder `insight`; the download “Notebook with data” holds "
        "all three.",
        name=plain(name),
        source=source,
    )


def _how_to_start(analysis: Analysis, name: str) -> str:
    return _(
        "{title}: {name}\n\n"
        "1. Install Python 3.11 or newer.\n"
        "2. In this folder: python -m pip install -r requirements.txt jupyterlab\n"
        "3. Then: jupyter lab {notebook}.ipynb, and Run > Run All Cells.\n\n"
        "Once installed, nothing here needs a network. The data is in data/, the code that computes in insight/.\n",
        title=analysis.title,
        name=" ".join(name.split()),
        notebook=analysis.name,
    )


def _origin(shipped: pd.Series) -> str:
    """Where a sample comes from: source and licence travel with it."""
    values = {"title": shipped["title"], "source": shipped["source"], "licence": shipped["licence"]}
    return _("\nThe data: {title}. {source}. Licence: {licence}.\n", **values)


def _pins() -> list[str]:
    """The exact versions of what the folder needs, as this project pins them."""
    files = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    lines = [line.split("#")[0].strip() for file in files if file.is_file() for line in file.read_text().splitlines()]
    pins = {line.split("==")[0]: line for line in lines if "==" in line}
    return [pins[package] for package in NEEDED]
