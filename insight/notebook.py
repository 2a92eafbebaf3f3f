"""Take an analysis away: as the lines of code that made it, as a notebook, as a folder that runs offline."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from insight import tables as tables_package
from insight.catalog import Analysis
from insight.errors import InsightError
from insight.language import _, _n, plain
from insight.script import Sources, analysis_of, by_kind, call, imports, lies_elsewhere, on_spark, read_again
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
    "scikit-learn",
    "threadpoolctl",
    "altair",
    "vl-convert-python",
    "python-calamine",
    "chardetng-py",
    "nbformat",
    "ipykernel",
)
ENGINES = {"disk": "duckdb", "spark": "pyspark"}  # and where the data lies elsewhere


def notebook(name: str, tables: object, settings: dict[str, object]) -> bytes:
    """A Jupyter notebook that reads the files, checks that they are the same, and repeats the analysis.

    tables : the table that was analysed, or the tables by kind; the file of each is expected beside the notebook, at
        data/<its name>
    Returns the same bytes for the same input. Raises as :func:`call`.
    """
    analysis, sources = analysis_of(name), Sources(by_kind(analysis_of(name), tables))
    grouped = settings.get("by") is not None and analysis.grouped_table
    charts = analysis.charts + (analysis.grouped_charts if grouped else ())
    cells = [
        new_markdown_cell(f"# {analysis.title}\n\n{essay(analysis.page)}"),
        new_markdown_cell(_how_it_was_made(sources)),
        new_code_cell(_imports([analysis.function, *charts, analysis.reading, *sources.functions], sources.imports)),
        *(new_code_cell(_read_again(table, sources)) for table in sources.read),
        new_code_cell(call(name, settings, tables)),
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


def notebook_zip(
    name: str, tables: object, settings: dict[str, object], contents: dict[str, bytes] | None = None
) -> bytes:
    """A folder as .zip that runs without a network: the notebook, its data, `insight` itself, the versions it needs.

    contents : kind of table -> the bytes of the file it was read from; of a sample they need not be given, and of a
        table on disk or on Spark there are none: the folder says where to put them
    Returns the same bytes for the same input. Raises as :func:`call`.
    """
    sources = Sources(by_kind(analysis_of(name), tables))
    files = {f"{name}.ipynb": notebook(name, tables, settings)}
    origins = []
    for table in sources.read:
        if lies_elsewhere(table):
            origins.append(_left_behind(table, sources))
            continue
        content, origin = _file_of(table, (contents or {}).get(table.kind, b""))
        files[sources.path(table)] = content
        origins.append(origin)
    for path in INSIGHT.rglob("*"):
        if path.suffix in SOURCES:
            files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    files["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    files["requirements.txt"] = "\n".join([*_pins(sources.read), ""]).encode()
    names = ", ".join(table.name for table in sources.read)
    files["README.txt"] = (_how_to_start(analysis_of(name), names) + "".join(dict.fromkeys(origins))).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path)  # dated 1980, so that the same input gives the same bytes
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            folder.writestr(entry, files[path])
    return made.getvalue()


def _read_again(table, sources: Sources) -> str:
    path, name = sources.path(table), sources.variable(table)
    if on_spark(table):
        return read_again(table, sources, table.name)
    message = _("This is not the file the notebook was made from. Put that one at {source}.", source=path)
    check = f"assert {name}.fingerprint == {table.fingerprint!r}, (\n    {message!r}\n)"
    return f"{read_again(table, sources, path)}\n{check}"


def _file_of(table, content: bytes) -> tuple[bytes, str]:
    """The bytes of a table's file, and where they come from when it is a sample."""
    shipped = tables_package.samples().set_index("file")
    if table.name not in shipped.index:  # a visitor's name must not become a path on this machine
        if not content:
            raise InsightError(f"The bytes of {table.name!r} are needed: they are not among the samples.")
        return content, ""
    sample = (SAMPLES / table.name).read_bytes()
    return content or sample, _origin(shipped.loc[table.name]) if content in (b"", sample) else ""


def _imports(functions: list[Callable], more: list[str]) -> str:
    """Import statements for these functions, and what a notebook needs to show them."""
    pictures = 'alt.renderers.enable("svg");  # pictures that need no network; delete this line for tooltips'
    always = ["import altair as alt", "from IPython.display import Markdown", ""]
    return "\n".join([*always, imports(functions), *more, "", pictures])


def _how_it_was_made(sources: Sources) -> str:
    names = ", ".join(f"**{plain(table.name)}**" for table in sources.read)
    places = ", ".join(f"`{sources.path(table)}`" for table in sources.read)
    if any(map(lies_elsewhere, sources.read)):
        return _(
            "This notebook repeats an analysis of {names}, data of a server. Where they lie is not written here: put "
            "their place into the cell that opens them. With the same data the numbers come out the same, to the last "
            "digit. The folder `insight` belongs beside this notebook.",
            names=names,
        )
    return _n(
        "This notebook repeats an analysis of {names}. Run all cells: the file is read as it was then, its "
        "fingerprint is checked, and the numbers come out the same, to the last digit. The file belongs at "
        "{places}, beside this notebook, and so does the folder `insight`; the download “Notebook with data” holds "
        "them all.",
        "This notebook repeats an analysis of {names}. Run all cells: the files are read as they were then, their "
        "fingerprints are checked, and the numbers come out the same, to the last digit. The files belong at "
        "{places}, beside this notebook, and so does the folder `insight`; the download “Notebook with data” holds "
        "them all.",
        len(sources.read),
        names=names,
        places=places,
    )


def _left_behind(table, sources: Sources) -> str:
    """What is said instead of the bytes of a table that lies elsewhere."""
    if on_spark(table):
        return _("\nThe data is on Spark: write the table's name into the cell that opens {name}.\n", name=table.name)
    where = sources.path(table)
    return _("\nThe data is not in this folder: put its files at {where}, or change the path.\n", where=where)


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


def _pins(tables: list) -> list[str]:
    """The exact versions of what the folder needs to read these tables, as this project pins them."""
    files = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt", ROOT / "requirements-scale.txt"]
    lines = [line.split("#")[0].strip() for file in files if file.is_file() for line in file.read_text().splitlines()]
    pins = {line.split("==")[0]: line for line in lines if "==" in line}
    engines = dict.fromkeys(ENGINES["spark" if on_spark(one) else "disk"] for one in tables if lies_elsewhere(one))
    return [pins[package] for package in (*NEEDED, *engines)]
