"""Every notebook that can be taken away runs in an empty folder and gives the numbers of the page."""

import ast
import io
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell

from insight import read_events, sample
from insight.catalog import catalog
from insight.errors import InsightError, UnknownValue
from insight.notebook import ENGINES, NEEDED, notebook, notebook_zip
from insight.script import call, safe_name, script
from insight.tables.select import select_days

ROOT = Path(__file__).parents[1]
IMPORTED_AS = {
    "vl_convert": "vl-convert-python",
    "python_calamine": "python-calamine",
    "chardetng_py": "chardetng-py",
    "sklearn": "scikit-learn",
}
FEW = b"who,what,when\n" + b"".join(
    b"%d,%s,2026-01-%02d\n" % (c, e, c % 9 + 1) for c in range(12) for e in (b"see", b"buy")
)


COLUMNS = {"customer_id": "who", "event": "what", "timestamp": "when"}


@pytest.fixture(scope="module")
def shop():
    return sample("shop_events")


def unpacked(content, folder):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(folder)
    return sorted(path.name for path in folder.iterdir())


def run(folder, name, *more):
    """Run the folder's notebook as Jupyter would, with cells at the end; returns it with its outputs."""
    made = nbformat.reads((folder / f"{name}.ipynb").read_text(), as_version=4)
    made.cells += [new_code_cell(code, id=f"more-{k}") for k, code in enumerate(more)]
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(made, resources=resources, timeout=120).execute()


@pytest.mark.parametrize("name", catalog)
def test_the_folder_runs_alone_and_gives_the_same_numbers(name, tmp_path):
    analysis, table = catalog[name], sample(f"shop_{catalog[name].kind}")
    needed = {kind: sample(f"shop_{kind}") for kind in analysis.needs}
    grouped = {"by": "channel"} if analysis.grouped_table else {}
    settings = {**analysis.example, **grouped}
    found = unpacked(notebook_zip(name, {analysis.kind: table, **needed}, settings), tmp_path)
    assert found == sorted(["LICENSE", "README.txt", "data", f"{name}.ipynb", "insight", "requirements.txt"])
    done = run(
        tmp_path,
        name,
        "import insight; from pathlib import Path; Path('where.txt').write_text(insight.__file__)",
        f"result.{analysis.table}.to_pickle('table.pkl')",
        *(["result.groups.to_pickle('groups.pkl')"] if grouped else []),
    )
    assert (tmp_path / "where.txt").read_text() == str(tmp_path / "insight" / "__init__.py")
    result = analysis.function(table, **needed, **settings)
    exact = {"check_exact": True, "check_dtype": True}
    pd.testing.assert_frame_equal(pd.read_pickle(tmp_path / "table.pkl"), getattr(result, analysis.table), **exact)
    if grouped:
        pd.testing.assert_frame_equal(pd.read_pickle(tmp_path / "groups.pkl"), result.groups, **exact)
    shown = [out["data"] for cell in done.cells for out in cell.get("outputs", ()) if "data" in out]
    assert sum("image/svg+xml" in data for data in shown) == len(analysis.charts) + len(analysis.grouped_charts)
    assert [data["text/markdown"] for data in shown if "text/markdown" in data] == [analysis.reading(result)]


def test_a_file_with_one_changed_cell_trips_the_assertion(tmp_path):
    table = read_events(FEW, columns=COLUMNS)
    unpacked(notebook_zip("funnel", table, {"steps": ["see", "buy"], "within": "1D"}, {"events": FEW}), tmp_path)
    (tmp_path / "data" / table.name).write_bytes(FEW.replace(b"2026-01-09", b"2026-01-08", 1))
    with pytest.raises(CellExecutionError, match="not the file the notebook was made from"):
        run(tmp_path, "funnel")


def test_a_visitors_file_with_an_odd_name_travels_under_a_safe_one(tmp_path):
    source = io.BytesIO(FEW)
    source.name = "June 'export' \"новый\".csv"
    table = read_events(source, columns=COLUMNS, timezone="Europe/Paris")
    unpacked(notebook_zip("funnel", table, {"steps": ["see", "buy"], "within": "1D"}, {"events": FEW}), tmp_path)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["June _export_ _новый_.csv"]
    done = run(tmp_path, "funnel", "print(events.fingerprint, result.steps['reached'].tolist())")
    assert done.cells[-1].outputs[0].text.split() == [table.fingerprint, "[12,", "12]"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\June.csv", "June.csv"),
        ("a b'c\"d`e.csv", "a b_c_d_e.csv"),
        ("línea 日本.csv", "línea 日本.csv"),
        (".hidden.csv", "hidden.csv"),
        ("line\nbreak.csv", "line_break.csv"),
        ("CON.csv", "_CON.csv"),
        ("..", "events.csv"),
        ("", "events.csv"),
        ("x" * 300 + ".csv", "x" * 56 + ".csv"),
    ],
)
def test_a_file_name_is_made_safe(name, safe):
    assert safe_name(name, "events") == safe


def test_a_name_cannot_format_the_notebook(shop):
    made = notebook("funnel", replace(shop, name="![x](http://a.b) `c`.csv"), catalog["funnel"].example).decode()
    assert "![x]" not in made
    assert "\\\\!\\\\[x\\\\]" in made


def test_the_same_analysis_gives_the_same_bytes(shop):
    settings = catalog["funnel"].example
    assert notebook("funnel", shop, settings) == notebook("funnel", shop, settings)
    assert notebook_zip("funnel", shop, settings) == notebook_zip("funnel", shop, settings)


@pytest.mark.parametrize("name", catalog)
def test_the_notebook_is_valid_and_its_code_is_python(name):
    table = sample(f"shop_{catalog[name].kind}")
    made = nbformat.reads(notebook(name, table, catalog[name].example).decode(), as_version=4)
    nbformat.validate(made)
    code = [cell.source for cell in made.cells if cell.cell_type == "code"]
    for source in code:
        ast.parse(source)
    assert code[-2:] == ["", ""]  # two exercises, each with room for an answer
    assert made.cells[0].source.startswith(f"# {catalog[name].title}\n")


def test_groups_are_drawn_when_there_are_groups(shop):
    settings = catalog["funnel"].example
    assert b"funnel_groups" not in notebook("funnel", shop, settings)
    assert b"funnel_groups(result)" in notebook("funnel", shop, {**settings, "by": "device"})


def test_the_call_has_one_setting_a_line():
    assert call("funnel", {"steps": ["a", ["b", "c'd"]], "within": None, "level": 0.9}) == (
        "result = funnel(\n    events,\n    steps=['a', ['b', \"c'd\"]],\n    within=None,\n    level=0.9,\n)"
    )


def test_the_code_makes_a_part_of_a_table_before_it_asks(shop):
    part = select_days(select_days(shop, start="2025-02-01"), end="2025-06-30")
    assert call("funnel", {"steps": ["visit", "purchase"]}, part) == (
        "events_2 = select_days(\n    events,\n    start='2025-02-01',\n    end=None,\n)\n"
        "events_3 = select_days(\n    events_2,\n    start=None,\n    end='2025-06-30',\n)\n"
        "result = funnel(\n    events_3,\n    steps=['visit', 'purchase'],\n)"
    )


def test_the_code_runs_beside_the_file(shop, tmp_path, monkeypatch):
    part = select_days(read_events(FEW, columns=COLUMNS), start="2026-01-03")
    (tmp_path / part.name).write_bytes(FEW)
    monkeypatch.chdir(tmp_path)
    settings = {"steps": ["see", "buy"], "within": "1D"}
    done: dict = {}
    exec(script("funnel", part, settings), done)  # as a visitor would run it
    assert done["result"].steps.equals(catalog["funnel"].function(part, **settings).steps)


def test_the_notebook_of_a_part_of_a_table_runs(shop, tmp_path):
    part = select_days(shop, start="2025-02-01", end="2025-06-30")
    settings = catalog["funnel"].example
    unpacked(notebook_zip("funnel", part, settings), tmp_path)
    made = nbformat.read(tmp_path / "funnel.ipynb", as_version=4)
    expected = catalog["funnel"].function(part, **settings).steps["reached"].tolist()
    made.cells.append(new_code_cell(f"assert result.steps['reached'].tolist() == {expected}"))
    NotebookClient(made, resources={"metadata": {"path": tmp_path}}).execute()


def test_a_long_setting_continues_below_and_reads_back_the_same():
    steps = [f"event number {k} with 'quotes' and a \\ backslash" for k in range(12)] + ["x" * 200]
    code = call("funnel", {"steps": steps, "by": {"column": "a\nb", "top": 3}})
    assert max(map(len, code.splitlines()[:-3])) <= 100
    read_back = {word.arg: ast.literal_eval(word.value) for word in ast.parse(code).body[0].value.keywords}
    assert read_back == {"steps": steps, "by": {"column": "a\nb", "top": 3}}


@pytest.mark.parametrize(
    "value",
    [
        pd.Timedelta("1D"),
        float("nan"),
        float("inf"),
        {1, 2},
        b"7D",
        pd.Series([1]).iloc[0],
        ["a", pd.NaT],
        {"a": print},
    ],
    ids=repr,
)
def test_a_setting_that_is_not_a_literal_is_refused(value):
    with pytest.raises(TypeError, match=r"^within = "):
        call("funnel", {"steps": ["a", "b"], "within": value})


def test_a_reading_setting_that_is_not_a_literal_is_refused(shop):
    with pytest.raises(TypeError, match=r"^dayfirst = "):
        notebook("funnel", replace(shop, settings={"dayfirst": pd.NA}), catalog["funnel"].example)


def test_unknown_analyses_and_settings_are_refused(shop):
    with pytest.raises(UnknownValue, match="funnel"):
        call("funnels", {})
    with pytest.raises(UnknownValue, match="within"):
        call("funnel", {"within=1); print(": 2})
    with pytest.raises(UnknownValue, match="steps"):
        call("funnel", {"events": shop})


def test_a_name_alone_opens_no_file_of_this_machine(shop):
    for name in ("README.md", "../requirements.txt", "make.py"):
        with pytest.raises(InsightError, match="are needed"):
            notebook_zip("funnel", replace(shop, name=name), catalog["funnel"].example)


def test_source_and_licence_travel_with_a_sample_and_not_with_a_file_of_its_name(shop, tmp_path):
    settings = catalog["funnel"].example
    unpacked(notebook_zip("funnel", shop, settings), tmp_path / "sample")
    assert "Licence: MIT" in (tmp_path / "sample" / "README.txt").read_text()
    unpacked(notebook_zip("funnel", shop, settings, {"events": b"who,what,when"}), tmp_path / "own")
    assert "Licence" not in (tmp_path / "own" / "README.txt").read_text()


def test_the_folder_holds_the_code_and_exact_versions_of_all_it_imports(shop):
    with zipfile.ZipFile(io.BytesIO(notebook_zip("funnel", shop, catalog["funnel"].example))) as packed:
        names = packed.namelist()
        pins = packed.read("requirements.txt").decode().split()
        sources = [packed.read(name).decode() for name in names if name.endswith(".py")]
    kept = [path for path in (ROOT / "insight").rglob("*") if path.suffix in (".py", ".md", ".toml")]
    assert {path.relative_to(ROOT).as_posix() for path in kept} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.startswith(("/", ".."))]
    assert all("==" in pin for pin in pins)
    assert {pin.split("==")[0] for pin in pins} == set(NEEDED)
    imported = {IMPORTED_AS.get(top, top) for source in sources for top in _imports(source)}
    assert imported - {"insight"} - set(ENGINES.values()) == set(NEEDED) - {"ipykernel"}


def _imports(source):
    """Names of the packages outside Python itself that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(source)):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module] if isinstance(node, ast.ImportFrom) else []
        yield from {module.split(".")[0] for module in modules} - set(sys.stdlib_module_names)
