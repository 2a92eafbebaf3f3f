"""Catalog, lessons and glossary agree with the code, and everything a visitor reads can be translated."""

import ast
import re
from functools import cache
from importlib import import_module
from inspect import signature
from pathlib import Path

import pandas as pd
import pytest

from insight import Trace, funnel, funnel_trace, read_events, sample
from insight.catalog import catalog
from insight.text import essay, glossary
from ui.glossary.words import is_card

ROOT = Path(__file__).parents[1]
SHOWN = [path for top in ("pages", "ui") for path in sorted((ROOT / top).rglob("*.py"))] + [ROOT / "app.py"]
SAID = [path for top in ("explain", "charts", "catalog") for path in sorted((ROOT / "insight" / top).rglob("*.py"))]
# what Streamlit shows of a call's plain arguments, and of its named ones
WIDGETS = {
    *("title", "header", "subheader", "markdown", "write", "text", "caption", "badge", "metric"),
    *("info", "success", "warning", "error", "toast", "spinner", "status", "expander", "tabs", "popover", "dialog"),
    *("button", "download_button", "link_button", "page_link", "form_submit_button", "file_uploader", "Page"),
    *("selectbox", "multiselect", "radio", "segmented_control", "pills", "toggle", "checkbox"),
    *("slider", "select_slider", "number_input", "text_input", "text_area", "date_input", "time_input"),
}
NAMED = ["label", "help", "placeholder", "title", "caption", "captions", "alt", "delta_description", "page_title"]
NAMES = {"Marketing Insight"}  # of the product: the same in every language
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"(^|\s)[^\W\d_]{2,}\s+[^\W\d_]{2,}")
PART = re.compile(r"\s[^\W\d_]{3,}")  # of an f-string
ICON_OR_STYLE = re.compile(r":[a-z]+(-[a-z]+)*\[|:material/\w+:|\.[a-z]+$|^[a-z_./]+\.py$")


def is_translated(call):
    return isinstance(call.func, ast.Name) and call.func.id in ("_", "_n")


def loose_words(node):
    """Words in this expression that no translation would reach."""
    if isinstance(node, ast.Call):
        return []  # of `_`, or of a function that has its own words
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if WORD.search(ICON_OR_STYLE.sub("", node.value)) else []
    if isinstance(node, ast.Subscript | ast.Compare | ast.Lambda):
        return []
    return [text for child in ast.iter_child_nodes(node) for text in loose_words(child)]


def untranslated(source):
    """Words handed to Streamlit as they are, in the code of a page."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and ast.unparse(call.func.value) != "log"
        ):
            plain = call.args[:1] if call.func.attr in WIDGETS else []
            named = [word.value for word in call.keywords if word.arg in NAMED]
            found += [text for value in [*plain, *named] for text in loose_words(value) if text not in NAMES]
    return found


def sentences(source):
    """Texts of two words or more in functions, outside docstrings and translation, as charts and readings have them."""
    tree, exempt, parts = ast.parse(source), set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and is_translated(node)):
            exempt |= {id(part) for part in ast.walk(node)}  # messages of errors are not translated yet
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            exempt.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in node.values}
    texts = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    found = [text for text in texts if (PART if id(text) in parts else SENTENCE).search(text.value)]
    in_functions = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    return [text.value for text in found if id(text) in in_functions - exempt]


def result_columns(analysis):
    """Every column of every table in an analysis's results: of its example on the sample shop, with groups where it
    knows them."""
    tables = {kind: sample(f"shop_{kind}") for kind in (analysis.kind, *analysis.also)}
    main, others = tables[analysis.kind], {kind: tables[kind] for kind in analysis.also}
    by = {"by": "channel"} if "by" in signature(analysis.function).parameters else {}
    asked = [analysis.example, analysis.example | by]
    results = [analysis.function(main, **others, **settings) for settings in asked]
    fields = [getattr(result, field) for result in results for field in result.__dataclass_fields__]
    return {column for table in fields if isinstance(table, pd.DataFrame) for column in table.columns}


@cache
def documented_columns():
    """Every column of every table in the results, by analysis."""
    found = {name: result_columns(analysis) for name, analysis in catalog.items()}
    log = pd.DataFrame({"customer_id": ["ana", "ana"], "event": ["visit", "buy"]})
    log["timestamp"] = pd.to_datetime(["2026-01-01", "2026-01-02"])
    found["funnel"] |= set(funnel(read_events(log), steps=["visit", "buy"], within="1D", order="open").steps.columns)
    return found


def traced_columns():
    """The same of the funnel customer by customer, which is no analysis of its own."""
    events = read_events(pd.DataFrame({"customer_id": ["ana"], "event": ["visit"], "timestamp": ["2026-01-01"]}))
    trace = funnel_trace(events, steps=["visit", "visit"], entries="all")
    return {*trace.events.columns, *trace.verdicts.columns}


def test_there_are_pages_and_sentences_to_check():
    assert len([path for path in SHOWN if "pages" in path.parts]) >= 3
    assert len(SAID) >= 5


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_page_shows_is_translated(path):
    assert not untranslated(path.read_text())


@pytest.mark.parametrize("path", SAID, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_chart_or_a_reading_says_is_translated(path):
    assert not sentences(path.read_text())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('st.title("Funnel")', ["Funnel"]),
        ('st.title(_("Funnel"))', []),
        ('left.button(_("Go"), help="Goes")', ["Goes"]),
        ('st.tabs(["One", _("Two")])', ["One"]),
        ('st.markdown(f"Hello {name}")', ["Hello "]),
        ('st.button(_("Go") if a else "Stop")', ["Stop"]),
        ('st.markdown(":small[" + _("Size") + "]")', []),
        ('st.button(":material/delete:", key="delete it")', []),
        ('st.selectbox(_("Which"), options=["a", "b"], key="which one")', []),
    ],
)
def test_the_check_of_pages_finds_loose_words(source, found):
    assert untranslated(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('def f():\n    return "two words"', ["two words"]),
        ('def f():\n    return _("two words")', []),
        ('def f():\n    "A docstring here."\n    return {"a_field": 1}', []),
        ('def f():\n    return f"{n} customers"', [" customers"]),
        ('def f():\n    return f"width - {n}", f"{n}[datum.value]"', []),
    ],
)
def test_the_check_of_sentences_finds_loose_words(source, found):
    assert sentences(source) == found


@pytest.mark.parametrize("name", sorted({analysis.page for analysis in catalog.values()}))
def test_every_page_has_an_essay_of_all_its_parts(name):
    text = essay(name)
    headings = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("#")]
    assert headings == [
        "The question",
        "The definition",
        "The formula",
        "How to read it",
        "What it cannot say",
        "How others count",
        "Source",
    ]
    assert len(text.split()) <= 450
    assert not re.search(r"\b(simply|just|obviously|of course)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("name", catalog)
def test_a_row_of_the_catalog_is_complete(name):
    analysis = catalog[name]
    assert analysis.name == name
    assert len(analysis.exercises) == 2
    assert analysis.kind in ("events", "orders", "campaigns", "contacts")
    assert analysis.table in analysis.function.__annotations__["return"].__dataclass_fields__
    assert ast.literal_eval(repr(analysis.example)) == analysis.example


@pytest.mark.parametrize("term", glossary())
def test_a_term_is_complete_and_its_function_exists(term):
    entry = glossary()[term]
    assert {"title", "definition"} <= set(entry)
    assert set(entry) <= {"title", "definition", "formula", "function", "column"} or is_card(entry)  # test_concepts.py
    assert entry["definition"].endswith(".")
    assert len(entry["definition"].split()) <= 60
    if "function" in entry:
        module, name = entry["function"].rsplit(".", 1)
        assert callable(getattr(import_module(module), name))
    assert "function" in entry or "column" not in entry


def test_every_column_of_a_result_is_in_the_glossary_and_the_other_way_round():
    described = {entry["column"] for entry in glossary().values() if "column" in entry}
    assert described == {column for own in documented_columns().values() for column in own} | traced_columns()
    assert traced_columns() <= set(re.findall(r"\w+", Trace.__doc__))


@pytest.mark.parametrize("name", catalog)
def test_every_column_of_a_result_is_in_its_docstring(name):
    words = set(re.findall(r"\w+", catalog[name].function.__annotations__["return"].__doc__))
    abbreviated = {"p25_seconds_from_previous", "p75_seconds_from_previous", "group"}  # "p25_..., p75_...", "`group`"
    assert documented_columns()[name] - words <= abbreviated


def test_every_analysis_has_its_columns_checked():
    assert set(documented_columns()) == set(catalog)


@pytest.mark.parametrize("name", catalog)
def test_what_computes_reads_sees_and_defines_an_analysis_is_named_after_it(name):
    analysis = catalog[name]
    named = [analysis.function, analysis.reading, analysis.caption, analysis.card, *analysis.charts]
    assert all(function.__name__.startswith(name) for function in named)


def test_the_glossary_cannot_be_changed_by_a_reader():
    glossary()["customer"]["title"] = "changed"
    assert glossary()["customer"]["title"] == "Customer"
