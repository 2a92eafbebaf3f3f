"""What may import what. The arrows of the design: pages -> ui -> insight, and inside insight downwards only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = [  # of insight, lowest first: a module imports from below, or from its own package
    {"errors", "language"},
    {"periods", "intervals"},
    {"survival"},
    {"log"},
    {"tables"},
    {"sources"},
    {"funnel", "journeys", "overview", "retention", "churn", "rfm", "clv", "attribution", "campaigns", "simulate"},
    {"acquisition", "clusters", "contacts", "renewals"},  # what takes several topics
    {"explain", "text", "charts"},
    {"catalog"},
    {"members", "script"},
    {"audiences", "notebook"},
    {"recipe"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
ONLY_IN = {  # heavy or special libraries, each at home in one place
    "altair": "insight/charts",
    "vl_convert": "insight/charts",
    "python_calamine": "insight/tables",
    "chardetng_py": "insight/tables",
    "nbformat": "insight/notebook",
    "duckdb": "insight/sources",
    "pyspark": "insight/sources",
    "streamlit": "ui pages app.py",
}
SOURCES = sorted(p for top in ("insight", "ui", "pages") for p in (ROOT / top).rglob("*.py")) + [ROOT / "app.py"]
PAGES = sorted((ROOT / "pages").rglob("*.py"))
INSIGHT = sorted((ROOT / "insight").rglob("*.py"))


def named(path):
    return str(path.relative_to(ROOT))


def imported(path):
    """Dotted names of all modules a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)} imports relatively; say from where"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_of_insight(path):
    """The parts of insight a file imports, such as "tables"; a name of the package itself is no part."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("insight.")} & (
        {p.stem for p in (ROOT / "insight").iterdir()} - {"__init__", "__pycache__"}
    )


def test_there_is_something_to_check():
    assert len(PAGES) >= 2
    assert len(INSIGHT) >= 10


def test_every_part_of_insight_has_its_layer():
    parts = {p.stem for p in (ROOT / "insight").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert parts - {"__init__"} <= set(LEVEL)


@pytest.mark.parametrize("path", INSIGHT, ids=named)
def test_insight_knows_nothing_of_the_app(path):
    assert {"streamlit", "ui", "pages", "app"}.isdisjoint(name.split(".")[0] for name in imported(path))


@pytest.mark.parametrize("path", INSIGHT, ids=named)
def test_inside_insight_imports_point_downwards(path):
    part = path.relative_to(ROOT / "insight").parts[0].removesuffix(".py")
    if part == "__init__":
        return  # the front door shows what the parts offer
    wrong = {other for other in parts_of_insight(path) if other != part and LEVEL[other] >= LEVEL[part]}
    assert not wrong


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parts[-2] != "pages"], ids=named)
def test_nobody_imports_a_page_and_only_pages_import_ui(path):
    tops = {name.split(".")[0] for name in imported(path)}
    assert "pages" not in tops
    assert "ui" not in tops or named(path).startswith(("pages", "ui", "app.py"))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_special_libraries_stay_where_they_belong(path):
    for name in {name.split(".")[0] for name in imported(path)} & set(ONLY_IN):
        assert named(path).startswith(tuple(ONLY_IN[name].split())), f"{name} belongs in {ONLY_IN[name]}"


def test_no_page_lies_directly_in_pages():
    """Trap 1: on a fresh server a cold deep link would run such a file alone, without the app around it."""
    assert not list((ROOT / "pages").glob("*.py"))


@pytest.mark.parametrize("path", [p for p in SOURCES if named(p).startswith(("pages", "ui", "app"))], ids=named)
def test_only_the_session_touches_state_caches_and_the_address(path):
    """Traps 4, 5, 7: caches and state are in one place, where their rules are kept; nothing is bound to the address."""
    code = "\n".join(ast.unparse(node) for node in _without_docstrings(path))
    if not named(path).startswith("ui/session/"):
        assert "st.session_state" not in code
        assert "st.cache_" not in code
        assert "st.query_params" not in code
    assert "bind=" not in code
    assert "st.write(" not in code
    assert "unsafe_allow_html" not in code
    assert "st.html(" not in code


def _without_docstrings(path):
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        first = body[0] if isinstance(body := getattr(node, "body", None), list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            first.value.value = ""
    return tree.body
