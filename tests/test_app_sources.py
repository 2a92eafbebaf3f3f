"""Sources of the server in the app: set up by its operator, opened once, seen and shared by all visitors."""

import io
import json
import logging
import sys
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from insight import funnel, members, read_events
from insight.notebook import notebook, notebook_zip
from insight.script import script
from tests.app import DATA, FUNNEL, everything_shown, go, open_page
from ui.session import sources

STEPS = ["visit", "cart", "purchase"]
TITLE = "The depot, all years"


def events() -> pd.DataFrame:
    """Sixty customers over sixty days: all visit, 40 have a cart, 20 buy; every second one came by mail."""
    rows = []
    for number in range(60):
        day = pd.Timestamp("2026-01-01 10:00") + pd.Timedelta(days=number)
        done = STEPS[: 1 + (number % 3 > 0) + (number % 3 > 1)]
        for place, event in enumerate(done):
            rows.append((f"c{number:02}", event, day + pd.Timedelta(hours=place), "mail" if number % 2 else "ads"))
    return pd.DataFrame(rows, columns=["customer_id", "event", "timestamp", "channel"])


@pytest.fixture
def depot(tmp_path, monkeypatch):
    """A folder of Parquet that this server offers as "depot"; nobody has opened it yet."""
    folder = tmp_path / "warehouse-7"
    folder.mkdir()
    rows = events()
    rows[:60].to_parquet(folder / "a.parquet", index=False)
    rows[60:].to_parquet(folder / "b.parquet", index=False)
    monkeypatch.setenv("INSIGHT_SOURCE_DEPOT_EVENTS", f"{folder}/*.parquet")
    monkeypatch.setenv("INSIGHT_SOURCE_DEPOT_TITLE", TITLE)
    sources.shelf.clear()
    yield folder
    sources.shelf.clear()


def opened(at):
    at.button(key="source.depot").click().run()
    assert not at.exception
    return at


def texts(at) -> str:
    """What the page says, without the marks that keep names from being Markdown."""
    kinds = (at.title, at.header, at.subheader, at.markdown, at.text, at.error)
    return "\n".join(one.value for kind in kinds for one in kind).replace("\\", "")


def test_a_server_without_sources_says_nothing_of_them():
    assert "Data of this server" not in texts(open_page())


def test_a_source_stands_beside_samples_and_says_who_can_see_it(depot):
    at = open_page()
    assert "Data of this server" in texts(at)
    assert TITLE in texts(at)
    assert "Everybody who can open this page can see the data of this server" in texts(at)


def test_opening_says_what_it_holds_and_what_it_can_answer(depot):
    at = opened(open_page())
    assert at.title[0].value.replace("\\", "") == TITLE
    assert [(one.label.split(": ")[-1], one.value) for one in at.metric][:3] == [
        ("Events", "120"), ("Customers", "60"), ("Days", "60"),
    ]  # fmt: skip
    assert "Kinds of event: visit 60 · cart 40 · purchase 20" in texts(at)
    assert "60 customers and 3 kinds of event" in texts(at)
    assert at.query_params == {"data": "depot"}
    assert at.button(key="forget").label == "Close it"


def test_the_funnel_of_a_source_is_the_funnel_of_its_rows(depot):
    at = go(opened(open_page()), FUNNEL)
    assert at.session_state["funnel.steps"] == STEPS
    mine = funnel(read_events(events()), steps=STEPS, within="7D").steps["reached"].tolist()
    assert f"of {mine[0]} customers" in texts(at)
    assert mine[1] < mine[0]


def test_a_link_opens_a_source_cold_and_holds_no_path(depot):
    at = open_page(FUNNEL, data="depot", within="1D", by="channel")
    assert not at.exception
    assert at.query_params["data"] == "depot"
    assert at.session_state["funnel.by"] == "channel"
    assert "warehouse" not in str(at.query_params)
    assert "customers who did **visit**" in texts(at)


def test_every_section_of_the_funnel_works_on_a_source(depot):
    for section in ("groups", "trend", "peers", "worth", "people"):
        at = open_page(FUNNEL, data="depot", by="channel", show=section)
        assert not at.exception, section
        assert [one.value for one in at.error] == [], section


def test_the_people_of_a_source_can_be_seen_and_looked_at_alone(depot):
    at = open_page(FUNNEL, data="depot", people='{"step":3,"reached":false}')
    cell = {"step": 3, "reached": False}
    n = len(members("funnel", read_events(events()), {"steps": STEPS, "within": "7D"}, cell))
    assert f"**{n}** customers reached cart, but not purchase" in texts(at)
    at.button(key="people.keep").click().run()
    assert not at.exception
    (kept,) = at.session_state["audiences.kept"].values()
    at = open_page(FUNNEL, data="depot", only=json.dumps(kept["rule"]))
    assert f"**{n}** of 60 customers" in texts(at)


def test_days_of_a_source_can_be_chosen(depot):
    at = open_page(FUNNEL, **{"data": "depot", "from": "2026-01-11", "to": "2026-01-30"})
    assert "**20** of 60 customers" in texts(at)
    assert [one.value for one in at.error] == []


def test_two_visitors_share_the_one_opened_source(depot, visitor, monkeypatch):
    begun = []
    really = sources.opened_table
    monkeypatch.setattr(sources, "opened_table", lambda *given: begun.append(given[0]) or really(*given))
    ana = go(opened(open_page()), FUNNEL)
    shared = list(sources.shelf().answers)
    assert {key[0] for key in shared} == {"activity", "sample", "result"}
    visitor("ben")
    ben = go(opened(open_page()), FUNNEL)
    assert begun == ["depot"]
    assert set(sources.shelf().answers) == set(shared)  # ben's funnel was counted already
    assert texts(ana) == texts(ben)
    visitor("ana")
    ana.button(key="forget").click().run()
    assert "Nothing to look at yet" in texts(ana)
    visitor("ben")
    ben.run()
    assert "customers who did **visit**" in texts(ben)
    assert sources.opened("depot")


def test_a_folder_that_is_missing_says_so_and_where_it_was_only_to_nobody(depot, monkeypatch, caplog):
    monkeypatch.setenv("INSIGHT_SOURCE_DEPOT_EVENTS", "/srv-gone/warehouse-7/*.parquet")
    with caplog.at_level(logging.ERROR):
        at = opened(open_page())
    assert f"{TITLE}: Its files are not where they should be on this server." in texts(at)
    assert "depot" in caplog.text
    assert "srv-gone" not in caplog.text + everything_shown(at)
    cold = open_page(FUNNEL, data="depot")
    assert "Its files are not where they should be" in texts(cold)


@pytest.mark.parametrize(("name", "said"), [("a.parquet", "is damaged"), ("a.txt", "finds in the log what is wrong")])
def test_files_that_cannot_be_read_are_told_without_their_place(depot, monkeypatch, name, said):
    (depot / name).write_bytes(b"no parquet at all")
    if name == "a.txt":  # what the reader says names the folder
        monkeypatch.setenv("INSIGHT_SOURCE_DEPOT_EVENTS", f"{depot}/*.txt")
    at = opened(open_page())
    assert said in texts(at)
    assert "warehouse" not in everything_shown(at)


def test_without_duckdb_the_page_says_what_is_missing(depot, monkeypatch):
    from ui.session import opening

    monkeypatch.setattr(opening, "find_spec", lambda name: None)
    assert "DuckDB is not installed on this server" in opened(open_page()).error[0].value


def test_without_java_or_spark_the_page_says_what_is_missing(depot, monkeypatch):
    from ui.session import opening

    monkeypatch.delenv("INSIGHT_SOURCE_DEPOT_EVENTS")
    monkeypatch.setenv("INSIGHT_SOURCE_DEPOT_SPARK_EVENTS", "shop.events")
    monkeypatch.setattr(opening, "find_spec", lambda name: None)
    assert "Spark is not installed on this server" in opened(open_page()).error[0].value
    monkeypatch.setattr(opening, "find_spec", lambda name: True)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(opening.shutil, "which", lambda name: None)
    assert "there is no Java on this server" in opened(open_page()).error[0].value


@pytest.mark.parametrize("name", ["INSIGHT_SOURCE_DEPOT_SPARK_REMOTE", "INSIGHT_SOURCE_UPLOAD_EVENTS"])
def test_a_source_that_is_not_set_up_rightly_says_so(depot, monkeypatch, name, caplog):
    monkeypatch.delenv("INSIGHT_SOURCE_DEPOT_EVENTS")
    monkeypatch.setenv(name, "x")
    at = open_page()
    at.button(key="source.upload" if "UPLOAD" in name else "source.depot").click().run()
    assert "This source is not set up rightly" in at.error[0].value
    assert "set one of events" in caplog.text or "cannot stand in a link" in caplog.text


def test_secrets_set_up_a_source_with_the_names_of_its_columns(tmp_path):
    events().rename(columns={"event": "was"}).to_csv(tmp_path / "log.csv", index=False)
    sources.shelf.clear()
    at = open_page()
    at.secrets["sources"] = {"depot": {"events": str(tmp_path), "events_columns": {"event": "was"}}}
    opened(at.run())
    assert at.title[0].value == "depot"
    assert sources.opened("depot")["events"].columns["event"] == "was"
    sources.shelf.clear()


def test_a_sample_of_the_same_name_stays_within_reach(depot, monkeypatch):
    monkeypatch.setenv("INSIGHT_SOURCE_SHOP_EVENTS", f"{depot}/*.parquet")
    at = open_page()
    at.button(key="sample.shop").click().run()
    assert at.query_params == {"data": "sample:shop"}
    assert open_page(FUNNEL, data="sample:shop").session_state["data.source"] == "shop"
    assert "of 60 customers" not in texts(open_page(FUNNEL, data="sample:shop"))
    assert open_page(FUNNEL, data="shop").query_params["data"] == "shop"
    assert sources.opened("shop")


def test_a_source_is_read_anew_when_somebody_asks(depot):
    at = opened(open_page())
    before = sources.opened("depot")["events"]
    at.button(key="source.anew").click().run()
    assert sources.opened("depot")["events"] is before  # nothing came
    more = events().assign(customer_id="new")
    more.to_parquet(depot / "c.parquet", index=False)
    at.button(key="source.anew").click().run()
    assert not at.exception
    assert [one.value for one in at.metric][:2] == ["240", "61"]


def test_a_second_who_asks_while_a_source_is_opened_waits_for_the_first(depot, monkeypatch):
    import threading

    go_on, told = threading.Event(), []
    really = sources.opened_table
    monkeypatch.setattr(sources, "opened_table", lambda *given: go_on.wait(5) and really(*given))
    offer = sources.offers()["depot"]
    first = threading.Thread(target=sources.open_source, args=[offer, lambda share, words: None])
    first.start()

    def look(share, words):
        told.append(words)
        go_on.set()

    sources.open_source(offer, look)
    first.join()
    assert told[0] == "Reading the events …"
    assert not sources.shelf().openings


def test_a_count_that_nobody_waits_for_ends_and_leaves_the_turn_to_others(depot):
    opened(open_page())
    table = sources.opened("depot")["events"]

    class Left(Exception):
        pass

    def leave(share, words=""):
        raise Left

    with pytest.raises(Left), sources._turn(sources.shelf(), leave):
        pass
    assert not sources.shelf().turn.locked()
    assert table.n_customers == 60


def test_the_code_and_the_notebook_name_the_source_and_not_its_place(depot):
    opened(open_page())
    table, settings = sources.opened("depot")["events"], {"steps": STEPS, "within": "7D"}
    code = script("funnel", table, settings)
    assert "events = open_events(\n    'depot_events'," in code
    assert "from insight.sources.disk import open_events" in code
    made = notebook("funnel", table, settings)
    assert "'data/depot_events'," in made.decode()
    folder = zipfile.ZipFile(io.BytesIO(notebook_zip("funnel", table, settings)))
    assert not [name for name in folder.namelist() if name.startswith("data/")]
    assert "put its files at data/depot_events" in folder.read("README.txt").decode()
    assert "duckdb==" in folder.read("requirements.txt").decode()
    for text in (code, made.decode(), *(folder.read(name).decode() for name in ("README.txt", "funnel.ipynb"))):
        assert "warehouse" not in text


def test_the_code_of_a_table_on_spark_asks_spark_for_it(depot):
    opened(open_page())
    table = replace(sources.opened("depot")["events"], reader="spark_events")
    code = script("funnel", table, {"steps": STEPS, "within": "7D"})
    assert "events = spark_events(\n    spark_table('depot_events')," in code
    assert "from insight.sources.spark import spark_table" in code
    folder = zipfile.ZipFile(io.BytesIO(notebook_zip("funnel", table, {"steps": STEPS, "within": "7D"})))
    assert "pyspark==" in folder.read("requirements.txt").decode()
    assert "The data is on Spark" in folder.read("README.txt").decode()


LOOK = """
import streamlit as st
from ui import session

session.start()
session.use_source("depot")
session.open_source(session.offers()["depot"], lambda share, words: None)
cells = session.cells(session.everyone("events"))
st.json({"columns": list(cells), "channels": sorted(cells["channel"].unique()), "rows": len(cells)})
"""


def test_conditions_are_offered_by_the_cells_of_some_customers(depot):
    at = AppTest.from_string(LOOK, default_timeout=60).run()
    assert not at.exception
    assert json.loads(at.json[0].value) == {
        "columns": ["customer_id", "timestamp", "event", "channel"],
        "channels": ["ads", "mail"],
        "rows": 120,
    }


def test_the_notebook_of_a_source_runs_where_the_files_are(depot, tmp_path, monkeypatch):
    opened(open_page())
    table, settings = sources.opened("depot")["events"], {"steps": STEPS, "within": "7D"}
    expected = funnel(table, **settings).steps
    (tmp_path / "data").mkdir()
    depot.rename(tmp_path / "data" / "depot_events")
    monkeypatch.chdir(tmp_path)
    cells = json.loads(notebook("funnel", table, settings))["cells"]
    names: dict = {}
    for cell in cells[2:5]:  # the imports, the reading, the call
        exec("".join(cell["source"]), names)
    pd.testing.assert_frame_equal(names["result"].steps, expected)


def test_the_page_offers_the_code_of_a_source_and_no_data(depot):
    at = open_page(FUNNEL, data="depot")
    labels = [one.proto.label for one in at.get("download_button")]
    assert "Notebook with code" in labels
    assert "Notebook with data" not in labels
    assert "warehouse" not in everything_shown(at)


def test_opening_a_source_needs_no_spark(depot):
    loaded = set(sys.modules)
    opened(open_page(DATA))
    assert "pyspark" not in set(sys.modules) - loaded
