"""The benchmarks compare equals: this project and pandas give the same answers to the same questions."""

import json

import pandas as pd
import pytest

from benchmarks import files, report
from benchmarks.compare import _Same
from benchmarks.data import STEPS, csv_file, events, parquet_folder
from benchmarks.engines import disk, limit, pandas, project
from benchmarks.questions import QUESTIONS, SEGMENTS, by_segment, segment_number
from insight.rfm import SEGMENTS as OURS


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    """kind of table -> the engines that have read the same file of it."""
    ready = {}
    for kind, n in (("events", 4_000), ("orders", 4_000)):
        path = str(csv_file(kind, n, tmp_path_factory.mktemp(kind)))
        ready[kind] = [module.Engine() for module in (project, pandas, limit)]
        found = [engine.read(kind, path) for engine in ready[kind]]
        assert found[0] == found[1]
        for engine in ready[kind]:
            engine.prepare(kind)
    return ready


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_this_project_and_pandas_answer_alike(question, engines):
    ours, theirs, nobodys = (
        json.loads(json.dumps(getattr(engine, question.name, lambda *given: [])(*question.given(2)), default=int))
        for engine in engines[question.kind]
    )
    assert ours == theirs
    assert ours
    assert nobodys == []


def test_a_different_answer_ends_the_run():
    same = _Same()
    same("funnel", "project", [[1, 5]])
    same("funnel", "pandas", [[1, 5]])
    with pytest.raises(SystemExit, match="pandas says"):
        same("funnel", "pandas", [[1, 6]])


def test_the_segments_are_those_of_the_project():
    grid = [[SEGMENTS[segment_number(r, worth, worth)] for worth in range(1, 6)] for r in range(5, 0, -1)]
    assert grid == OURS
    assert by_segment([(0, 2, 10), (1, 1, 5)]) == [["Lost", 3, 15]]


def test_events_come_in_visits_and_in_order_of_time():
    log = events(5_000, customers=500)
    assert log["timestamp"].is_monotonic_increasing
    assert set(log["event"]) == set(STEPS)
    assert not log.duplicated(["customer_id", "timestamp"]).all()
    same_second = log.groupby(["customer_id", "timestamp"], observed=True)["channel"].nunique()
    assert same_second.max() == 1
    apart = log.sort_values(["customer_id", "timestamp"]).groupby("customer_id")["timestamp"].diff().dropna()
    assert (apart <= pd.Timedelta(minutes=5)).mean() > 0.5


def test_a_folder_is_counted_from_disk_as_its_rows_are_in_memory(tmp_path):
    path = parquet_folder("events", 3_000, tmp_path, parts=3)
    assert len(list(path.iterdir())) == 3
    rows = pd.concat(pd.read_parquet(file) for file in sorted(path.iterdir()))
    rows.to_csv(tmp_path / "events.csv", index=False)
    memory, from_disk = project.Engine(), disk.Engine()
    memory.read("events", str(tmp_path / "events.csv"))
    assert from_disk.read("events", str(path)) == [3_000, rows["customer_id"].nunique()]
    expected = project.funnel(memory.events, steps=list(STEPS), within="7D").steps["reached"].tolist()
    assert from_disk.funnel() == expected


def test_awkward_files_hold_the_same_rows(tmp_path):
    content = csv_file("events", 300, tmp_path).read_text()
    read = {name: project.Engine().read("events", str(path)) for name, path in files.awkward(content, tmp_path).items()}
    assert read.pop("1 % of rows too long")[0] == 297  # which cell is one too many is not known
    assert [found == read["clean"] for found in read.values()] == [True] * len(read)


def test_times_are_written_with_three_digits():
    assert [report._time(seconds) for seconds in (0.0123, 0.123, 1.234, 123.4)] == [
        "12.3 ms",
        "123 ms",
        "1.23 s",
        "123 s",
    ]
