"""The same analyses wherever the rows lie: in memory, in files larger than memory, on Spark."""

import dataclasses
import os
import shutil
import subprocess
import sys
from functools import cache
from inspect import signature

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from insight import (
    Audience,
    InsightError,
    audience_ids,
    catalog,
    clv_summary,
    funnel,
    mark_audience,
    members,
    open_events,
    open_orders,
    read_events,
    read_orders,
    rfm,
    sample,
    select_customers,
    spark_events,
    spark_orders,
)
from insight.audiences import unknown_ids
from insight.errors import NotEnoughData, UnknownValue, UnreadableFile
from insight.funnel.people import funnel_people
from insight.funnel.trace import funnel_trace
from insight.rfm.members import rfm_members
from insight.sources import disk
from insight.sources.engine import Engine
from insight.sources.spark import spark_table
from insight.tables.select import select_days

SHOP = ["visit", "product_view", "add_to_cart", "checkout", "purchase"]
COUNTED = [name for name, row in catalog.items() if row.kind in ("events", "orders")]
CELLS = {  # analysis -> the address of a number of its example
    "traffic": {"who": "bounced"},
    "sales": {"who": "returning_customers"},
    "conversion": {"who": "lost_visitors"},
    "rate_change": {"group": "email", "counted": True},
    "rhythm": {"weekday": "MON", "hour": 18},
    "funnel": {"step": 3, "reached": False},
    "funnel_trend": {"period": "2025-03-01", "reached": True},
    "funnel_peers": {"tool": "Mixpanel"},
    "funnel_worth": {"step": 2, "reached": False},
    "paths": {"position": 2, "event": "search"},
    "transitions": {"from_event": "product_view", "to_event": "(end)"},
    "time_to_event": {"arrived": True, "within": "7D"},
    "attribution": {"ended": "converted"},
    "retention": {"cohort": "2025-03-01", "period": 1},
    "cohort_revenue": {"cohort": "2025-03-01", "period": 1},
    "retention_peers": {"tool": "Mixpanel"},
    "churn": {"inactive": True},
    "survival": {"ended": False},
    "propensity": {"top": 0.1},
    "clusters": {"cluster": 1},
    "profile": {"group": "Champions"},
    "cohort_roas": {"acquired_by": "paid_search", "days_after": 90},
    "acquisition_payback": {"acquired_by": "paid_search", "paid_back": True},
    "clv_formula": {"active": True},
    "customer_value": {"decile": 1},
    "customer_value_by": {"group": "email"},
    "contract_renewals": {"ended": True},
    "rfm": {"recency_score": 5, "frequency_monetary_score": 4},
    "rfm_movement": {"from_segment": "Champions", "to_segment": "At risk"},
}
MORE = {  # what counts customer by customer and has no row in the catalog: function, table, settings
    "funnel_trace": (funnel_trace, "events", {"steps": SHOP, "n": 8}),
    "funnel_people": (funnel_people, "events", {"settings": {"steps": SHOP, "by": "channel"}}),
    "rfm_usual": (rfm, "orders", {}),
    "rfm_members": (rfm_members, "orders", {"settings": {}, "cell": {"recency_score": 5}}),
    "clv_summary": (clv_summary, "orders", {}),
}


@pytest.fixture(scope="module")
def spark():
    """Spark on this computer. Without Java its tests skip; in CI that is a failure."""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        missing = "no Java to run Spark with"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    from pyspark.sql import SparkSession

    path = os.pathsep.join(filter(None, [os.getcwd(), os.environ.get("PYTHONPATH")]))
    environment = pytest.MonkeyPatch()
    environment.setenv("PYSPARK_PYTHON", sys.executable)
    environment.setenv("PYTHONPATH", path)
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.adaptive.enabled": "false",  # jobs as small as these are over before they are planned
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "500",  # so that customers span batches
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
    environment.undo()


@pytest.fixture(scope="module")
def shop():
    """Events and orders of the sample shop, as frames."""
    return {"events": sample("shop_events").frame, "orders": sample("shop_orders").frame.drop(columns="amount_minor")}


@pytest.fixture(scope="module")
def folders(shop, tmp_path_factory):
    """The frames as files: three of each kind, so that customers span them."""
    found = {}
    for kind, frame in shop.items():
        for form in ("parquet", "csv"):
            folder = found[kind, form] = tmp_path_factory.mktemp(f"{kind}-{form}")
            for part in range(3):
                write(frame.iloc[part::3], folder, f"part{part}", form)
    return found


def write(frame, folder, name, form):
    if form == "parquet":
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    else:
        frame.to_csv(folder / f"{name}.csv.gz", index=False)


@pytest.fixture(scope="module")
def memory(shop):
    return {"events": read_events(shop["events"]), "orders": read_orders(shop["orders"])}


@pytest.fixture(scope="module")
def answered(memory):
    """`answered("funnel")`: what an analysis finds in memory, question by question, and the people of its cell."""

    @cache
    def found(name):
        function, kind, questions = questions_of(name)
        beside = needed(name)
        people = members(name, {kind: memory[kind], **beside}, questions[0], CELLS[name]) if name in CELLS else None
        return [function(memory[kind], **beside, **settings) for settings in questions], people

    return found


@pytest.fixture(scope="module")
def tables(folders, request):
    """`tables("spark")`: the tables that lie there, by kind."""

    @cache
    def lying_on(place):
        if place != "spark":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(disk, "A_ROW", 10_000)  # so that there are several buckets
                return {kind: OPEN[kind](folders[kind, place], memory_limit="64MB") for kind in OPEN}
        session = request.getfixturevalue("spark")
        frames = {kind: session.read.parquet(str(folders[kind, "parquet"])) for kind in ("events", "orders")}
        return {
            "events": spark_events(frames["events"], partitions=2),
            "orders": spark_orders(frames["orders"], partitions=2),
        }

    return lying_on


OPEN = {"events": open_events, "orders": open_orders}


def alike(one, other, what="result"):
    """Assert that two results say the same: counts, words and money exactly, other numbers to 1e-12."""
    if dataclasses.is_dataclass(one) and type(one) is type(other):
        for field in dataclasses.fields(one):
            alike(getattr(one, field.name), getattr(other, field.name), f"{what}.{field.name}")
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, rtol=1e-12, atol=0, obj=what)
    elif isinstance(one, dict):
        assert list(one) == list(other), what
        for name in one:
            alike(one[name], other[name], f"{what}[{name!r}]")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), what
        for at, pair in enumerate(zip(one, other, strict=True)):
            alike(*pair, f"{what}[{at}]")
    elif isinstance(one, np.ndarray | float):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=0, err_msg=what)
    else:
        assert one == other, what


def questions_of(name):
    """The function, the kind of its table, and its questions: the example; where it knows groups, also by channel."""
    if name in MORE:
        function, kind, settings = MORE[name]
        return function, kind, [settings]
    row = catalog[name]
    grouped = "by" in signature(row.function).parameters and "by" not in row.example
    return row.function, row.kind, [row.example, *([row.example | {"by": "channel"}] if grouped else [])]


def needed(name):
    """The tables it cannot do without, beside its own; small ones, which are always in memory."""
    return {kind: sample(f"shop_{kind}") for kind in catalog[name].needs} if name in catalog else {}


@pytest.mark.parametrize("place", ["parquet", "csv", "spark"])
@pytest.mark.parametrize("name", [*COUNTED, *MORE])
def test_an_analysis_finds_the_same_wherever_the_rows_lie(name, place, answered, tables):
    (function, kind, questions), (expected, people), beside = questions_of(name), answered(name), needed(name)
    asked = list(zip(questions, expected, strict=True))
    for settings, one in asked[-1:] if place == "spark" else asked:  # a job takes its time: the fullest question only
        alike(one, function(tables(place)[kind], **beside, **settings))
    if people is not None:
        assert people == members(name, {kind: tables(place)[kind], **beside}, questions[0], CELLS[name])
        assert people


def test_every_analysis_with_people_is_asked_for_some():
    assert CELLS.keys() == {name for name in COUNTED if catalog[name].members is not None}


# -- a filter, an audience, a breakdown by one -------------------------------------------------------------------------

RULES = [
    {"did": "purchase", "days": 60},
    {"not": {"did": "add_to_cart", "where": [["channel", "==", "email"]]}},
    {"all": [{"column": "device", "is": "==", "value": "mobile", "of": "first"}, {"measure": "events", "value": 5}]},
    {"measure": "days_since_last", "is": "<", "value": 30},
    {"members": "funnel", "settings": {"steps": SHOP}, "cell": {"step": 4, "reached": False}},
    {"any": [{"ids": ["C00002", "C00003", "nobody"]}, {"measure": "last_day", "is": ">=", "value": "2025-12-01"}]},
]


@pytest.mark.parametrize("as_of", [None, "2025-06-30"])
@pytest.mark.parametrize("rule", RULES, ids=str)
def test_an_audience_is_the_same_on_disk(rule, as_of, memory, tables):
    audience = Audience(rule, as_of)
    assert audience_ids(audience, tables("csv")["events"]).tolist() == audience_ids(audience, memory["events"]).tolist()


def test_an_audience_of_buyers_is_the_same_on_disk(memory, tables):
    for rule in ({"measure": "revenue", "is": ">", "value": 120.5}, {"measure": "orders", "value": 2, "days": 200}):
        found = [audience_ids(Audience(rule), one["orders"]).tolist() for one in (memory, tables("parquet"))]
        assert found[0] == found[1]
        assert found[0]
    assert unknown_ids(Audience(RULES[-1]), tables("parquet")["orders"]) == unknown_ids(
        Audience(RULES[-1]), memory["orders"]
    )


@pytest.mark.parametrize("place", ["parquet", "spark"])
def test_days_and_customers_are_chosen_wherever_the_rows_lie(place, memory, tables):
    """Of a filtered table, and with a breakdown by an audience, the same numbers; and it says how it was made."""

    def chosen(events):
        found = select_customers(events, rule=RULES[1])
        found = mark_audience(found, name="buyers", rule=RULES[0])
        return select_days(found, start="2025-03-01", end="2025-10-31")

    one, other = chosen(memory["events"]), chosen(tables(place)["events"])
    assert other.facts == one.facts
    asked = {"steps": SHOP, "by": "buyers", "as_of": "2025-10-31"}
    alike(funnel(one, **asked), funnel(other, **asked))
    assert (other.made.function, other.made.settings) == (one.made.function, one.made.settings)
    assert len({other.fingerprint, other.made.tables[0].fingerprint, tables(place)["events"].fingerprint}) == 3
    with pytest.raises(NotEnoughData, match="lies in these days"):
        select_days(other, start="2026-05-01")


def test_a_rule_about_another_table_is_refused_where_rows_lie_elsewhere(memory, tables):
    events = tables("parquet")["events"]
    with pytest.raises(InsightError, match="chosen by what stands in it alone"):
        select_customers(events, memory["orders"], rule={"measure": "revenue", "value": 5})
    with pytest.raises(UnknownValue, match="'chanel'"):
        select_customers(events, rule={"column": "chanel", "value": "ads"})
    few = select_customers(memory["orders"], events, rule={"measure": "orders", "value": 3})
    assert few.frame["customer_id"].nunique() > 1


def test_what_asks_for_all_rows_is_told_what_to_do(tables):
    for name in ("frame", "log"):
        with pytest.raises(InsightError, match="bring a part that fits in memory to read_events"):
            getattr(tables("parquet")["events"], name)


# -- rows as they are -------------------------------------------------------------------------------------------------


def awkward():
    """Ids that numbers and blanks would spoil, rows without a customer, ties, one customer everywhere; in UTC."""
    ids = ["007", "7", "1234567890123456789", "1234567890123456788", "Zoë", "客户", "x.0", " ana ", "ana", "17850.0"]
    rng = np.random.default_rng(5)
    n = 400
    frame = pd.DataFrame({"user": rng.choice(ids, n), "action": rng.choice(["visit", "cart", "buy"], n)})
    hours = rng.integers(0, 200, n)
    frame["time"] = pd.Timestamp("2026-03-20", tz="UTC") + pd.to_timedelta(hours, unit="h")  # hours: many ties
    frame["plan"] = rng.choice(["10", "10.5", "NA"], n)
    frame.loc[:9, "user"] = ["", None, "NULL", "-", "n/a", "(not set)", "unknown", "ana", "ana", "ana"]
    frame.loc[10:12, "action"] = None
    return frame


def same_tables(frame, opened, **how):
    """Assert that a source is the table that a file in memory would be: facts, rows left out, a funnel by plan."""
    memory = read_events(frame, **how)
    assert opened.facts == memory.facts
    assert opened.n_rows == memory.n_rows
    assert opened.n_customers == len(memory.log.customers)
    counted = memory.findings[memory.findings["severity"] == "error"]
    found = opened.findings[opened.findings["severity"] == "error"]
    assert dict(zip(found["code"], found["rows"], strict=True)) == dict(
        zip(counted["code"], counted["rows"], strict=True)
    )
    asked = {"steps": ["visit", "cart", "buy"], "within": "2D", "entries": "all", "by": "plan"}
    alike(funnel(memory, **asked), funnel(opened, **asked))
    alike(*(members("funnel", one, asked, {"step": 1}) for one in (memory, opened)))
    return memory


@pytest.mark.parametrize("zone", [None, "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_awkward_ids_ties_and_time_zones_on_disk(form, zone, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "A_ROW", 1_000_000)
    frame = awkward()
    for part in range(4):
        write(frame.iloc[part::4], tmp_path, f"part{part}", form)
    opened = open_events(tmp_path, timezone=zone, memory_limit="64MB")
    assert len(opened.place.buckets) > 1
    memory = same_tables(frame, opened, timezone=zone)
    assert {"007", "7", "1234567890123456789", "Zoë", "客户", "17850.0"} <= set(memory.log.customers)


def test_awkward_ids_ties_and_time_zones_on_spark(spark, tmp_path):
    frame = awkward()
    frame.to_parquet(tmp_path / "all.parquet", index=False)
    rows = spark.read.parquet(str(tmp_path))
    same_tables(frame, spark_events(rows, timezone="Europe/Berlin", partitions=3), timezone="Europe/Berlin")


def test_whole_numbers_with_a_point_are_one_customer_in_every_file(tmp_path, monkeypatch):
    """One file writes 17850, the other 17850.0: they are the same customer, in the same bucket."""
    for name, ids in (("a", ["17850", "12"]), ("b", ["17850.0", "12.0"])):
        times = pd.date_range("2026-01-01", periods=2, freq="D")
        write(pd.DataFrame({"user": ids, "event": ["a", "b"], "time": times}), tmp_path, name, "csv")
    monkeypatch.setattr(disk, "A_ROW", 10**9)
    opened = open_events(tmp_path)
    assert funnel_people(opened, {"steps": ["a", "a"], "entries": "all"})["customer_id"].tolist() == ["17850"]
    assert opened.n_customers == 2


def test_one_customer_is_a_table_too(tmp_path):
    frame = pd.DataFrame({"user": "ana", "event": ["a", "b"], "time": ["2026-01-01", "2026-01-02"]})
    write(frame, tmp_path, "one", "csv")
    opened = open_events(f"{tmp_path}/*.csv.gz")
    assert funnel(opened, steps=["a", "b"], within="1D").steps["reached"].tolist() == [1, 1]
    assert opened.dates_only
    assert opened.findings["code"].tolist() == ["dates_only"]


def test_names_that_a_query_would_stumble_over(tmp_path):
    folder = tmp_path / "it's here"
    folder.mkdir()
    frame = awkward().rename(columns={"plan": "bucket"}).assign(**{'a "b"': "x"})
    write(frame, folder, "a", "parquet")
    asked = {"steps": ["visit", "buy"], "within": "2D", "entries": "all", "by": "variant"}
    alike(funnel(read_events(frame), **asked), funnel(open_events(folder, workspace=folder), **asked))


def orders_frame():
    """Orders of several lines, in two currencies, with cancellations and amounts of half a cent."""
    rng = np.random.default_rng(6)
    n = 300
    order = rng.integers(0, 120, n)
    frame = pd.DataFrame({"invoice": np.where(order % 10 == 0, "C", "") + pd.Series(536000 + order).astype(str)})
    frame["customer"] = "c" + pd.Series(order % 25).astype(str)
    frame["date"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(order, unit="h")
    frame["quantity"], frame["price"] = rng.integers(-1, 4, n), rng.choice(["0.1", "2.345", "19.99", "100"], n)
    frame["currency"] = np.where(order % 3 == 0, "EUR", "USD")
    frame["shop"] = np.where(order % 2 == 0, "north", "south")
    return frame.assign(product=rng.choice(["tea", "cup"], n))


@pytest.mark.parametrize("currency", ["EUR", None])
@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_lines_are_added_up_to_the_same_orders_on_disk(form, currency, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "A_ROW", 1_000_000)
    frame = orders_frame()
    for part in range(3):
        write(frame.iloc[part::3], tmp_path, f"part{part}", form)
    memory, opened = read_orders(frame, currency=currency), open_orders(tmp_path, currency=currency)
    assert opened.facts == memory.facts
    assert "product" not in opened.facts.columns  # it differs between the lines of an order
    columns = ("order_id", "customer_id", "timestamp", "amount", "amount_minor", "currency", "shop")
    rows = opened.tally(rows_of, pd.concat, columns=columns)
    expected = memory.log.frame.assign(minor=memory.log.frame["amount_minor"])
    alike(in_order(expected[[*rows]]), in_order(rows))


def rows_of(log):
    """The rows of some orders."""
    return log.frame.assign(minor=log.minor)


def in_order(rows):
    return rows.sort_values(["customer_id", "order_id", "currency"], ignore_index=True)


# -- what cannot be opened, and what that costs ------------------------------------------------------------------------

EVENTS = {"user": ["ana", "ben"], "event": ["visit", "buy"], "time": ["2026-01-01 09:00", "2026-01-02 10:00"]}


def folder_of(folder, form="csv", **files):
    """A folder with these files: what is said differs from EVENTS."""
    for name, changed in files.items():
        write(pd.DataFrame(EVENTS | changed), folder, name, form)
    return folder


def test_a_folder_without_files_says_so(tmp_path):
    with pytest.raises(UnreadableFile, match="There is no folder and no file"):
        open_events(tmp_path)
    with pytest.raises(UnreadableFile, match="There is no folder and no file"):
        open_events(tmp_path / "none" / "*.csv")
    (tmp_path / "notes.txt").write_text("none")
    with pytest.raises(UnreadableFile, match="no Parquet or CSV file"):
        open_events(tmp_path)
    with pytest.raises(InsightError, match="A source is a folder"):
        open_events(42)


def test_files_that_disagree_say_where(tmp_path):
    with pytest.raises(UnreadableFile, match="'shop'"):
        open_events(folder_of(tmp_path, a={}, b={"shop": "x"}))
    folder_of(tmp_path, "parquet", a={})
    with pytest.raises(UnreadableFile, match="name one kind"):
        open_events(tmp_path)
    with pytest.raises(UnreadableFile, match="text in a.parquet, whole number in b.parquet"):
        open_events(f"{folder_of(tmp_path, 'parquet', b={'user': [1, 2]})}/*.parquet")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"time": ["03/04/2026", "05/04/2026"]}, "dayfirst=True or dayfirst=False"),
        ({"time": ["31/04/2026 10:00", "25/04/2026 10:00"]}, "set dayfirst=True"),
        ({"time": ["1767225600", "1767225600000"]}, "ms and s since 1970"),
        ({"time": ["soon", "later"]}, "No value in the column 'time' can be read"),
        ({"user": [None, "-"]}, "No row of the source has everything"),
    ],
)
def test_what_only_a_whole_file_can_tell_is_refused(changed, says, tmp_path):
    with pytest.raises(InsightError, match=says):
        open_events(folder_of(tmp_path, a=changed))
    if "time" in changed and "dayfirst" in says:
        read = open_events(tmp_path, dayfirst=True)
        assert read.n_rows == 2


@pytest.mark.parametrize(
    ("values", "known"), [(["1.234,5", "2"], False), (["1.234", "2.500"], False), (["7.5", "x"], True)]
)
def test_numbers_of_another_notation_are_refused_when_they_are_asked_for(values, known, tmp_path):
    opened = open_events(folder_of(tmp_path, a={"value": values}))
    asked = {"steps": ["visit", {"events": ["buy"], "where": [["value", ">", 1]]}], "entries": "all"}
    if known:
        assert funnel(opened, **asked).steps["reached"].tolist() == [1, 0]
    else:
        with pytest.raises(InsightError, match="with a point before the decimals"):
            funnel(opened, **asked)


def test_lines_that_are_no_rows_are_counted(tmp_path):
    text = "user,event,time\nana,visit,2026-01-01\nben,buy\nana,buy,2026-01-02,more\n,buy,2026-01-02\nana,buy,never\n"
    (tmp_path / "a.csv").write_text(text)
    found = open_events(tmp_path).findings.set_index("code")["rows"]
    assert found[["uneven_lines", "no_customer_id", "unreadable_timestamp"]].tolist() == [2, 1, 1]


def test_a_missing_engine_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(InsightError, match="DuckDB, which is not installed here: pip install"):
        open_events(folder_of(tmp_path, a={}))
    with pytest.raises(InsightError, match="PySpark, which is not installed here: pip install"):
        spark_events(None)


def test_spark_says_what_is_missing(monkeypatch):
    with pytest.raises(InsightError, match="takes a DataFrame of PySpark, not a str"):
        spark_events("events")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(InsightError, match="needs Java 17 or later"):
        spark_table("events")


def test_no_engine_is_imported_before_it_is_used():
    """Spark takes seconds to import, and the app runs without either."""
    code = "import insight, sys; sys.exit(bool({'duckdb', 'pyspark'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_temporary_folder_goes_with_the_table(tmp_path):
    (tmp_path / "work").mkdir()
    opened = open_events(folder_of(tmp_path, a={}), workspace=tmp_path / "work")
    assert list((tmp_path / "work").iterdir())
    filtered = select_days(opened, start="2026-01-02")
    del opened
    assert filtered.n_customers == 1
    filtered.close()
    assert not list((tmp_path / "work").iterdir())
    with pytest.raises(InsightError, match="dayfirst"):
        open_events(folder_of(tmp_path, a={"time": "03/04/2026"}), workspace=tmp_path / "work")
    assert not list((tmp_path / "work").iterdir())


def test_progress_is_told_and_may_end_the_work(tmp_path):
    told = []
    opened = open_events(folder_of(tmp_path, a={}), on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    told.clear()
    funnel(opened, steps=["visit", "buy"], entries="all")
    assert told == [1.0]

    def enough(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        funnel(opened.watched(enough), steps=["visit", "buy"], entries="all")


def test_a_log_larger_than_the_memory_limit_is_counted_from_disk(tmp_path):
    """The rows are some 200 MB as a table; DuckDB has 64 MB, and no bucket needs more."""
    rng, n = np.random.default_rng(8), 200_000
    notes = pa.array([f"{k:04}" * 50 for k in range(2_000)])
    for part in range(4):
        who = pa.array(rng.integers(0, 40_000, n)).cast(pa.string())
        what = pa.array(["visit", "cart", "buy"]).take(pa.array(rng.integers(0, 3, n)))
        when = pa.array(1_767_225_600_000_000 + rng.integers(0, 10**6, n) * 1_000_000).cast(pa.timestamp("us"))
        table = pa.table(
            {"user": who, "event": what, "time": when, "note": notes.take(pa.array(rng.integers(0, 2_000, n)))}
        )
        parquet.write_table(table, tmp_path / f"{part}.parquet")
    assert 4 * table.nbytes > 2 * 64e6
    limits = []
    with pytest.MonkeyPatch.context() as patch:
        write_buckets = Engine.write_buckets

        def seen(engine, *given):
            limits.append(engine.connection.execute("SELECT current_setting('memory_limit')").fetchone()[0])
            return write_buckets(engine, *given)

        patch.setattr(Engine, "write_buckets", seen)
        opened = open_events(tmp_path, memory_limit="64MB", threads=2)
    assert limits == ["61.0 MiB"]
    assert len(opened.place.buckets) > 8
    assert opened.n_rows == 4 * n
    found = funnel(opened, steps=["visit", "cart", "buy"], within="1D").steps["reached"].tolist()
    whole = read_events(parquet.read_table(tmp_path, columns=["user", "event", "time"]).to_pandas())
    assert found == funnel(whole, steps=["visit", "cart", "buy"], within="1D").steps["reached"].tolist()
