"""What one visitor brings, no other visitor, no log and no disk ever sees; and what is forgotten is gone."""

import gc
import io
import tempfile
import time
import weakref

import pandas as pd
import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import TESTING_KEY
from streamlit.testing.v1 import AppTest

from insight.catalog import catalog
from insight.recipe import recipe
from insight.tables import read_events
from insight.tables.spreadsheet import as_csv
from tests.app import DATA, EVENTS, FUNNEL, GLOSSARY, ROOT, SECRET, everything_shown, go, open_page, upload
from ui import server, session

PRIVATE = f"""customer_id,event,timestamp,{SECRET}-column
{SECRET}-ana,{SECRET}-visit,2026-01-01,{SECRET}-cell
{SECRET}-ana,{SECRET}-buy,2026-01-02,{SECRET}-cell
{SECRET}-ben,{SECRET}-visit,2026-01-05,{SECRET}-cell
{SECRET}-ben,{SECRET}-buy,2026-01-09,{SECRET}-cell
""".encode()


PEOPLE = b"customer_id,country,segment\nana,DE,new\nben,FR,loyal\n"
ADDRESSES = b"customer_id,event,timestamp,email\n" + b"".join(
    b"c%d,visit,2026-01-01,%s@%d.example.org\n" % (n, SECRET.encode(), n) for n in range(20)
)


def test_an_upload_never_appears_for_another_visitor(visitor):
    visitor("ana")
    ana = go(upload(open_page(), PRIVATE, f"{SECRET}.csv"), FUNNEL)
    assert SECRET in everything_shown(ana)
    visitor("ben")
    for page in (DATA, FUNNEL, GLOSSARY):
        assert SECRET not in everything_shown(open_page(page))
    ben = open_page(FUNNEL, **dict(ana.query_params))
    assert SECRET not in everything_shown(ben)


def test_a_link_holds_settings_and_never_data():
    """Names of events that were chosen as steps are settings; who did them, and the file's name, are data."""
    content = EVENTS.replace(b"ana", f"{SECRET}-ana".encode())
    at = go(upload(open_page(), content, f"{SECRET}.csv"), FUNNEL)
    at.select_slider(key="funnel.within").set_value("1D").run()
    at.selectbox(key="funnel.steps.0.0.1.event").select("purchase").run()
    assert not at.exception
    assert set(at.query_params) == {"data", "file", "within", "steps"}
    assert "purchase" in str(at.query_params["steps"])
    assert SECRET not in str(at.query_params)


def test_two_visitors_with_the_same_file_name_keep_their_own(visitor):
    files = {"ana": b"customer_id,event,timestamp\nx,visit,2026-01-01\n", "ben": PRIVATE}
    open_apps = {}
    for name, content in files.items():
        visitor(name)
        open_apps[name] = upload(open_page(), content)
    visitor("ana")
    assert open_apps["ana"].run().metric[0].value == "1"


# A page that shows one result of a file, so that this does not depend on any real page.
PAGE = """
import io
import streamlit as st
from insight.tables import read_events
from ui import session

session.start()
if content := st.file_uploader("file", key="file"):
    session.use_upload(read_events(io.BytesIO(content.getvalue())), content.getvalue())
st.button("forget", key="forget", on_click=session.forget)
if events := session.table("events"):
    answer = session.compute("counted", events, {"event": "buy"})
    st.text(answer.result)
    st.text(session.spec(answer, answer.chart)[0]["title"])
"""


class Counted:
    """An analysis and its picture that say how often they were made: rows of one event."""

    also = ()

    def __init__(self):
        self.runs = self.drawings = 0

    def function(self, table, *, event):
        self.runs += 1
        return str(int((table.frame["event"] == event).sum()))

    def chart(self, result, *, theme, narrow):
        self.drawings += 1
        return self

    def to_dict(self):
        return {"title": f"drawing {self.drawings}"}


@pytest.fixture
def counted(monkeypatch):
    analysis = Counted()
    monkeypatch.setitem(catalog, "counted", analysis)
    monkeypatch.setattr(session.Answer, "chart", property(lambda _answer: analysis.chart), raising=False)
    return analysis


def show(content):
    at = AppTest.from_string(PAGE, default_timeout=60).run()
    at.file_uploader(key="file").upload("big.csv", content, "text/csv").run()
    assert not at.exception
    return at


def big(last_event):
    rows = "".join(f"c{i},visit,2026-01-01\nc{i},buy,2026-01-02\n" for i in range(30_000))
    return f"customer_id,event,timestamp\n{rows}z,visit,2026-01-01\nz,{last_event},2026-01-02\n".encode()


def test_two_large_files_that_differ_in_one_row_never_share_a_result(counted):
    """Trap 4: above 50,000 rows Streamlit would tell two tables apart by a sample of their rows."""
    assert [show(big("buy")).text[0].value, show(big("visit")).text[0].value] == ["30001", "30000"]


def test_a_visitors_results_are_kept_for_them_and_for_nobody_else(counted, visitor):
    """Trap 5: a cache that all visitors share would answer one with what another brought."""
    visitor("ana")
    ana = show(PRIVATE.replace(f"{SECRET}-buy".encode(), b"buy"))
    ana.run()
    assert (counted.runs, counted.drawings) == (1, 1)
    visitor("ben")
    show(PRIVATE.replace(f"{SECRET}-buy".encode(), b"buy"))
    assert (counted.runs, counted.drawings) == (2, 2)


def test_forgotten_results_are_computed_anew(counted):
    content = PRIVATE.replace(f"{SECRET}-buy".encode(), b"buy")
    at = show(content)
    at.file_uploader(key="file").clear()
    at.button(key="forget").click().run()
    assert (counted.runs, counted.drawings) == (1, 1)
    show(content)
    assert (counted.runs, counted.drawings) == (2, 2)


def test_the_same_file_under_another_name_is_called_by_that_name():
    at = upload(open_page(), EVENTS, "first.csv")
    at = upload(go(at, DATA), EVENTS, "second.csv")
    assert {table.name for table, _content in at.session_state["data.uploads"].values()} == {"second.csv"}
    shown = everything_shown(go(at, FUNNEL))
    assert "second" in shown
    assert "first.csv" not in shown


def test_forgetting_leaves_nothing_of_the_file():
    at = go(upload(open_page(), PRIVATE, f"{SECRET}.csv"), FUNNEL)
    table = weakref.ref(at.session_state["data.uploads"]["events"][0])
    at.button(key="forget").click().run()
    assert not at.exception
    assert SECRET not in everything_shown(at)
    assert SECRET not in repr(at.session_state.to_dict())
    assert not at.query_params
    assert SECRET not in everything_shown(go(at, DATA))
    del at.session_state[TESTING_KEY]  # AppTest remembers the functions that format options, and with them the page
    gc.collect()
    assert table() is None


def test_the_uploaders_own_copies_are_dropped_after_reading():
    at = open_page()
    at.file_uploader[0].set_value([("a.csv", EVENTS, "text/csv"), ("b.csv", PEOPLE, "text/csv")]).run()
    assert len(at.session_state["data.uploads"]) == 2
    assert at.file_uploader[0].value in (None, [])
    contents = [value for key, value in at.session_state.to_dict().items() if key.startswith("data.upload.")]
    assert not any(contents)


def test_a_finding_names_rows_and_never_shows_what_stands_in_them():
    dirty = PRIVATE + f"{SECRET}-zoe,{SECRET}-visit,{SECRET}-never,x\n,{SECRET}-buy,2026-01-09,x\n".encode()
    at = upload(open_page(), dirty, "mine.csv")
    found = at.session_state["data.uploads"]["events"][0].findings
    assert {"no_customer_id", "unreadable_timestamp"} <= set(found["code"])
    assert all(isinstance(row, int) for rows in found["examples"] for row in rows)
    assert f"{SECRET}-never" not in "".join(found["finding"] + found["suggestion"])


def test_pseudonyms_of_one_visitor_tell_another_nothing(visitor):
    """The key is drawn by lot for each visit: the same address becomes another pseudonym."""
    hidden = {}
    for name in ("ana", "ben"):
        visitor(name)
        at = upload(open_page(), ADDRESSES)
        next(one for one in at.button if one.label == "Replace them by pseudonyms").click().run()
        assert not at.exception
        assert f"{SECRET}@" not in everything_shown(at)
        hidden[name] = set(at.session_state["data.uploads"]["events"][0].frame["email"])
    assert len(hidden["ana"]) == len(hidden["ben"]) == 20
    assert not hidden["ana"] & hidden["ben"]


def test_a_saved_setup_holds_no_cell_of_a_file():
    at = upload(open_page(), PRIVATE.replace(f"{SECRET}-column".encode(), b"channel"), "mine.csv")
    tables = {kind: table for kind, (table, _content) in at.session_state["data.uploads"].items()}
    assert SECRET not in recipe(tables).decode()


def test_the_setup_of_one_visitor_is_not_used_for_another(visitor):
    saved = recipe({"events": read_events(EVENTS, fixes=["drop_duplicates"])}, {"funnel": {"within": "1D"}})
    visitor("ana")
    upload(open_page(), saved, "set-up.json")
    visitor("ben")
    ben = upload(open_page())
    assert not ben.info
    assert "fixes" not in ben.session_state["data.uploads"]["events"][0].settings


def test_a_table_that_is_removed_leaves_nothing_behind():
    at = go(upload(open_page(), PRIVATE, f"{SECRET}.csv"), FUNNEL)
    table = weakref.ref(at.session_state["data.uploads"]["events"][0])
    go(at, DATA)
    next(one for one in at.button if one.label == "Remove this table").click().run()
    assert not at.exception
    assert SECRET not in everything_shown(at)
    del at.session_state[TESTING_KEY]
    gc.collect()
    assert table() is None


def test_a_visitor_who_left_is_released_without_waiting_for_the_next():
    """Trap 9: Streamlit would keep the session, with its tables, until somebody else arrives."""

    class Table:
        pass

    class Left:
        id = "ana"

        def __init__(self):
            self._session_state = SessionState()
            self._session_state["table"] = Table()

        def shutdown(self):
            stopped.append(self.id)

    class Info:
        def __init__(self, session):
            self.session = session

    class Loop:
        def call_soon_threadsafe(self, call, *args):
            call(*args)

    class Objects:
        eventloop = Loop()

    class Manager:
        _session_storage = MemorySessionStorage(ttl_seconds=0.01)

    class Runtime:
        _session_mgr = Manager()

        def _get_async_objs(self):
            return Objects()

    left, stopped = Left(), []
    Manager._session_storage.save(Info(left))
    held = weakref.ref(left._session_state["table"])
    time.sleep(0.05)
    assert held() is not None
    assert server.release(Runtime())
    assert held() is None
    assert stopped == ["ana"]


def test_a_streamlit_that_changed_inside_is_no_reason_to_fail():
    assert server.release(object()) is False


def test_nothing_is_written_to_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # TMPDIR is read only once
    before = {path for path in ROOT.rglob("*") if "__pycache__" not in path.parts and ".git" not in path.parts}
    go(upload(open_page(), PRIVATE, f"{SECRET}.csv"), FUNNEL)
    after = {path for path in ROOT.rglob("*") if "__pycache__" not in path.parts and ".git" not in path.parts}
    assert after == before
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(start):
    frame = pd.DataFrame({f"{start}name": [f"{start}cmd|' /C calc'!A0", "plain"], "n": [-1.5, 2.0]})
    frame["kind"] = pd.Categorical([f"{start}a", "b"])
    safe = pd.read_csv(io.BytesIO(as_csv(frame)), encoding="utf-8-sig")
    assert safe.columns.tolist() == [f"'{start}name", "n", "kind"]
    assert safe.iloc[0, 0].startswith(f"'{start}")
    assert safe["kind"].tolist() == [f"'{start}a", "b"]
    assert safe["n"].tolist() == [-1.5, 2.0]
    assert safe.iloc[1, 0] == "plain"


def test_a_table_opens_in_a_spreadsheet_with_its_accents():
    assert as_csv(pd.DataFrame({"step": ["Kassé"]})).startswith(b"\xef\xbb\xbf")
