"""The benchmarks compare equals: this project and pandas give the same answers to the same questions."""

import json
from importlib.util import find_spec

import pandas as pd
import pytest

from benchmarks import files, models, report
from benchmarks.compare import _Same
from benchmarks.data import STEPS, TOUCHES, csv_file, events, histories, parquet_folder, paths
from benchmarks.engines import attribution, disk, limit, pandas, project, solved
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


# -- models beside their libraries ------------------------------------------------------------------------------------


def beside(peer):
    """Skips, and says so, where a peer of the benchmarks is not installed: neither the app nor the tests need one."""
    return pytest.mark.skipif(
        find_spec(peer) is None, reason=f"{peer} is not installed: pip install -r benchmarks/requirements.txt"
    )


@beside("lifetimes")
def test_lifetimes_finds_the_same_likelihood(capsys):
    models.clv([3_000], ["bg_nbd", "gamma_gamma"], rounds=1)
    said = capsys.readouterr().out
    assert said.count("lifetimes  ") == 4
    assert "log-likelihood of gamma_gamma" in said


@beside("ChannelAttribution")
def test_channelattribution_is_near_the_exact_answer_and_this_project_is_there(capsys):
    models.attribution([30_000], rounds=1, orders=(1,))
    said = capsys.readouterr().out
    assert said.count("ChannelAttribution   ") == 4
    assert "all models that need no times" in said


@pytest.mark.parametrize("order", [1, 2, 3])
def test_credits_are_those_of_equations_solved_channel_by_channel(order, tmp_path):
    path = tmp_path / "paths.parquet"
    paths(1_000).to_parquet(path)
    ours, exact = attribution.Engine(), solved.Engine()
    assert ours.read(str(path)) == exact.read(str(path)) == 1_000
    for question in (("markov", order), ("rules",)):
        found, expected = (getattr(engine, question[0])(*question[1:]) for engine in (ours, exact))
        assert found.keys() == expected.keys()
        for model, credits in expected.items():
            assert found[model] == pytest.approx(dict(credits))


def test_a_model_that_differs_ends_the_run(capsys):
    models._check_same("log-likelihood", {models.OURS: -1000.0, "peer": -1000.0005}, 1e-6)
    with pytest.raises(SystemExit, match="peer"):
        models._check_same("log-likelihood", {models.OURS: -1000.0, "peer": -1000.01}, 1e-6)
    with pytest.raises(SystemExit, match="nan"):
        models._check_same("log-likelihood", {models.OURS: -1000.0, "peer": float("nan")}, 1e-6)
    exact = {"markov": {"ads": 50.0, "mail": 50.0}}
    models._check_exact("chain", {models.OURS: exact, "peer": {"markov": {"ads": 51.0, "mail": 49.0}}}, exact)
    assert "off by 0.02 of the conversions in all, by 0.02 of a channel's" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="chain: peer says"):
        models._check_exact("chain", {"peer": {"markov": {"ads": 53.0, "mail": 47.0}}}, exact)
    with pytest.raises(SystemExit, match="this project says"):
        models._check_exact("chain", {models.OURS: {"markov": {"ads": 50.0, "mail": 50.001}}}, exact)


def test_histories_and_paths_are_the_same_every_time_and_possible():
    customers = histories(2_000)
    pd.testing.assert_frame_equal(customers, histories(2_000))
    back = customers["frequency"] > 0
    assert 0.3 < back.mean() < 0.6
    assert (customers["recency"] <= customers["T"]).all()
    assert (customers["frequency"] <= 7 * customers["recency"] + 1e-9).all()
    assert (back == (customers["monetary_value"] > 0)).all()
    journeys = paths(2_000)
    pd.testing.assert_frame_equal(journeys, paths(2_000))
    assert (journeys["conversions"] + journeys["nulls"] == 1).all()
    assert set(" > ".join(journeys["path"]).split(" > ")) == set(TOUCHES)
