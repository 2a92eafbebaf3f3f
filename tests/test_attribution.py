"""Who gets the credit: every rule by hand, by trying everything, and what must hold whatever the paths are."""

from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import read_contacts, read_events, read_orders
from insight.attribution import MODELS, attribution, attribution_models
from insight.attribution.chain import chain_of, removal
from insight.attribution.journeys import read_journeys
from insight.attribution.paths import merged, path_table
from insight.attribution.touches import touch_paths, touch_tally
from insight.errors import InsightError, UnknownValue
from insight.log import prepare_log
from tests.logs import START, log

SHORT = ["A", "B", "A > A > B", "C > A > B", "B > C > B > A", "A > C", "direct > A > direct"]
PATHS = st.lists(
    st.tuples(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=5), st.integers(0, 9), st.integers(0, 9)),
    min_size=1,
    max_size=8,
).map(
    lambda rows: pd.DataFrame(
        [(" > ".join(path), won, won * 10, lost) for path, won, lost in rows],
        columns=["path", "conversions", "value", "nulls"],
    )
)


def paths(*rows):
    return pd.DataFrame(rows, columns=["path", "conversions", "nulls"])


def credit(table, **asked):
    found = attribution(table, **asked).credits
    return dict(zip(found["channel"], found["conversions"], strict=True))


# -- one journey, by hand ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first", {"A": 1}),
        ("last", {"direct": 1}),
        ("last_non_direct", {"C": 1}),
        ("linear", {"A": 0.4, "B": 0.2, "C": 0.2, "direct": 0.2}),
        ("position", {"A": 0.4 + 0.2 / 3, "B": 0.2 / 3, "C": 0.2 / 3, "direct": 0.4}),
        ("shapley", {"A": 0.25, "B": 0.25, "C": 0.25, "direct": 0.25}),
    ],
)
def test_a_rule_shares_one_journey(model, expected):
    found = credit(paths(("A > B > A > C > direct", 1, 0)), model=model)
    assert {name: value for name, value in found.items() if value} == pytest.approx(expected)


def test_one_touch_gets_all_and_two_share_alike_by_position():
    assert credit(paths(("A", 3, 0)), model="position") == {"A": 3}
    assert credit(paths(("A > B", 2, 0)), model="position") == {"A": 1, "B": 1}


def test_where_all_touches_are_direct_the_last_one_gets_it():
    assert credit(paths(("Direct > (direct)", 1, 0)), model="last_non_direct")["(direct)"] == 1


def test_time_decay_uses_the_weights_of_the_paths():
    table = paths(("A > B", 4, 0)).assign(decay_weights=[[0.25, 0.75]])
    assert credit(table, model="time_decay") == {"A": 1, "B": 3}
    twice = pd.concat([table, table.assign(conversions=12, decay_weights=[[0.5, 0.5]])])
    assert credit(twice, model="time_decay") == {"A": 1 + 6, "B": 3 + 6}


def test_time_decay_without_times_is_refused():
    with pytest.raises(InsightError, match="decay_weights"):
        attribution(paths(("A", 1, 0)), model="time_decay")
    with pytest.raises(InsightError, match="one weight for each touch"):
        attribution(paths(("A > B", 1, 0)).assign(decay_weights=[[1.0]]), model="time_decay")


# -- Markov -----------------------------------------------------------------------------------------------------------


def test_the_markov_chain_of_the_textbook():
    found = attribution(paths(("A > B", 1, 0), ("A", 0, 1), ("B", 1, 0))).credits.set_index("channel")
    assert found["removal_effect"].to_dict() == pytest.approx({"A": 0.5, "B": 1.0})
    assert found["conversions"].to_dict() == pytest.approx({"A": 2 / 3, "B": 4 / 3})


def test_a_symmetric_chain_shares_alike():
    table = paths(("A > B", 1, 0), ("A", 0, 1), ("B > A", 1, 0), ("B", 0, 1))
    found = attribution(table).credits
    assert found["removal_effect"].tolist() == pytest.approx([2 / 3, 2 / 3])
    assert found["conversions"].tolist() == pytest.approx([1, 1])


def exact_removal(table, order):
    """Removal effects by solving the chain with fractions, once with everything and once without each channel."""
    steps, begin = {}, {}
    for path, won, lost in table[["path", "conversions", "nulls"]].itertuples(index=False):
        names = path.split(" > ")
        walk = [tuple(names[k : k + order]) for k in range(max(len(names) - order + 1, 1))]
        for at, following in zip(walk, [*walk[1:], None], strict=True):
            own = steps.setdefault(at, {})
            for end, weight in [(following, won + lost)] if following else [("won", won), ("lost", lost)]:
                own[end] = own.get(end, 0) + weight
        begin[walk[0]] = begin.get(walk[0], 0) + won + lost

    def chance(without):
        states = [s for s in steps if without not in s and sum(steps[s].values())]
        rows = [[Fraction(int(s == t)) - Fraction(int(steps[s].get(t, 0)), int(sum(steps[s].values())))
                 for t in states] + [Fraction(int(steps[s].get("won", 0)), int(sum(steps[s].values())))]
                for s in states]  # fmt: skip
        for k in range(len(rows)):  # Gauss; a chain that ends never has a zero here
            pivot = next(i for i in range(k, len(rows)) if rows[i][k])
            rows[k], rows[pivot] = rows[pivot], rows[k]
            rows[k] = [value / rows[k][k] for value in rows[k]]
            for i in range(len(rows)):
                if i != k and rows[i][k]:
                    rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
        solved = {s: row[-1] for s, row in zip(states, rows, strict=True)}
        return sum(int(n) * solved.get(s, 0) for s, n in begin.items())

    whole = chance(None)
    names = sorted({name for path in table["path"] for name in path.split(" > ")})
    return {name: float(1 - chance(name) / whole) if whole else 0.0 for name in names}


@pytest.fixture(params=[0, 1000], ids=["iterated", "equations"], scope="module")
def small(request):
    """The number of states up to which equations are solved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("insight.attribution.chain"), "SMALL", request.param)
        yield


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@settings(max_examples=20, deadline=None)
@given(table=PATHS)
def test_removal_agrees_with_taking_each_channel_out_of_the_chain(small, order, table):
    found = attribution(table, order=order).credits.set_index("channel")["removal_effect"].to_dict()
    assert found == pytest.approx(exact_removal(table, order), abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(table=PATHS)
def test_one_inverse_iteration_and_equations_give_the_same(small, table):
    journeys = read_journeys(table)
    chain, won = chain_of(journeys, 1), journeys.conversions
    by_inverse, by_iteration = (removal(own, journeys, won) for own in (chain, replace(chain, order=2)))
    assert by_inverse == pytest.approx(by_iteration, abs=1e-9)


def test_repeats_change_nothing_in_a_chain_of_order_one():
    once = paths(("A > B", 3, 2), ("B", 1, 4), ("A > C", 1, 1))
    twice = paths(("A > A > B", 3, 2), ("B > B > B", 1, 4), ("A > C", 1, 1))
    assert credit(once) == pytest.approx(credit(twice))


def test_states_and_how_many_are_poorly_known():
    table = paths(("A > B", 30, 0), ("A > C", 2, 0), ("B", 30, 0))
    one, two = (attribution(table, order=order) for order in (1, 2))
    assert (one.n_states, one.rare_states) == (3, 1 / 3)
    assert (two.n_states, two.rare_states) == (3, 1 / 3)  # A B, A C, and B alone
    assert (attribution(table, model="last").n_states, one.has_nulls) == (0, False)


def test_the_interval_of_a_chain_is_the_same_every_time_and_narrows_with_more_journeys():
    few, many = paths(("A > B", 5, 5), ("B", 5, 9), ("A", 3, 9)), paths(("A > B", 500, 500), ("B", 500, 900))
    one, again = (attribution(few, draws=60).credits for _time in range(2))
    pd.testing.assert_frame_equal(one, again)
    assert ((one["conversions_low"] <= one["conversions"]) & (one["conversions"] <= one["conversions_high"])).all()
    wide = (one["conversions_high"] - one["conversions_low"]) / one["conversions"]
    table = attribution(many, draws=60).credits
    assert ((table["conversions_high"] - table["conversions_low"]) / table["conversions"]).max() < wide.min() / 3
    assert attribution(few).credits["conversions_low"].isna().all()


# -- what holds for all -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [model for model in MODELS if model != "time_decay"])
@settings(max_examples=25, deadline=None)
@given(PATHS)
def test_credits_add_up_to_all_conversions_and_all_value(model, table):
    found = attribution(pd.concat([table, paths(("", 2, 0)).assign(value=7.0)]), model=model)
    total = table["conversions"].sum()
    attributed = found.credits[found.credits["channel"] != "(unattributed)"]
    assert attributed["conversions"].sum() == pytest.approx(total)
    assert attributed["value"].sum() == pytest.approx(table["value"].sum())
    assert found.n_conversions == total + 2
    assert found.credits.set_index("channel")["conversions"]["(unattributed)"] == 2


@settings(max_examples=40, deadline=None)
@given(PATHS)
def test_shapley_agrees_with_its_definition(table):
    names = sorted({name for path in table["path"] for name in path.split(" > ")})
    sets = [(frozenset(path.split(" > ")), won) for path, won in zip(table["path"], table["conversions"], strict=True)]

    def worth(coalition):
        return sum(won for own, won in sets if own <= coalition)

    def value(name):
        others = [other for other in names if other != name]
        total = Fraction(0)
        for size in range(len(others) + 1):
            weight = Fraction(1, len(names) * len(list(combinations(others, size))))
            for chosen in combinations(others, size):
                total += weight * int(worth(frozenset({*chosen, name})) - worth(frozenset(chosen)))
        return float(total)

    assert credit(table, model="shapley") == pytest.approx({name: value(name) for name in names})


@settings(max_examples=25, deadline=None)
@given(PATHS, st.randoms())
def test_the_order_of_touches_does_not_matter_to_linear_and_shapley_nor_that_of_rows_to_any(table, random):
    def shuffled(path):
        names = path.split(" > ")
        random.shuffle(names)
        return " > ".join(names)

    other = table.assign(path=table["path"].map(shuffled))
    for model in ("linear", "shapley"):
        assert credit(other, model=model) == pytest.approx(credit(table, model=model))
    for model in ("first", "markov"):
        assert credit(table[::-1], model=model) == pytest.approx(credit(table, model=model))


def test_equal_paths_are_added_up_and_blank_channels_are_unknown():
    table = pd.DataFrame({"path": ["A >  > B", "A > (unknown)>B", None], "conversions": [1, 2, 4]})
    assert credit(table, model="linear") == pytest.approx({"(unattributed)": 4, "A": 1, "(unknown)": 1, "B": 1})


@pytest.mark.parametrize("model", [model for model in MODELS if model != "time_decay"])
def test_nothing_tiny_and_huge(model):
    nothing = attribution(paths(("A > B", 0, 5)), model=model).credits
    assert nothing["conversions"].tolist() == [0, 0]
    assert nothing["share"].isna().all()
    assert attribution(paths(), model=model).credits.empty
    huge = credit(paths(("A > B", 10**12, 10**12), ("B", 10**12, 0)), model=model)
    assert sum(huge.values()) == pytest.approx(2 * 10**12)
    long = credit(paths((" > ".join("ABC" * 400), 1, 1)), model=model)
    assert sum(long.values()) == pytest.approx(1)


def test_the_range_over_models_names_the_models():
    found = attribution_models(paths(("A > B", 10, 5), ("B", 1, 9), ("A", 1, 3)))
    same = attribution_models(paths(("A", 10, 5), ("B", 1, 9))).channels
    assert same[["lowest_model", "highest_model"]].to_numpy().tolist() == [["", ""]] * 2
    assert found.left_out == {"time_decay": "no_timestamps"}
    row = found.channels.set_index("channel").loc["A"]
    shares = found.credits[found.credits["channel"] == "A"].set_index("model")["share"]
    assert (row["share_low"], row["share_high"]) == (shares.min(), shares.max())
    assert shares[row["lowest_model"]] == shares.min()
    assert shares[row["highest_model"]] == shares.max()
    assert row["model_dependent"] == (shares.max() > 2 * shares.min())
    assert set(shares.index) == set(MODELS) - {"time_decay"}


def test_a_channel_whose_share_is_nothing_under_every_model_depends_on_none():
    found = attribution_models(paths(("A > B", 90_000, 0), ("C > B", 2, 0))).channels.set_index("channel")
    assert found.loc["C", ["lowest_model", "highest_model"]].tolist() == ["", ""]
    assert found["model_dependent"].to_dict() == {"A": True, "B": True, "C": False}


def test_a_path_that_walks_in_circles_is_solved_at_once():
    circles = paths((" > ".join("ABAC" * 125), 50, 9), ("B > C", 3, 3))
    found = attribution(circles, order=2, draws=50).credits
    assert found["conversions"].sum() == pytest.approx(53)
    assert found["removal_effect"].between(0, 1).all()


def test_wrong_settings_say_what_to_change():
    table = paths(("A", 1, 0))
    with pytest.raises(UnknownValue, match="model = 'marcov'"):
        attribution(table, model="marcov")
    for order in (0, 5, 1.5, True):
        with pytest.raises(InsightError, match="from 1 to 4"):
            attribution(table, order=order)
    with pytest.raises(InsightError, match="draws"):
        attribution(table, draws=-1)
    with pytest.raises(InsightError, match="level"):
        attribution(table, level=1)
    with pytest.raises(InsightError, match="conversions"):
        attribution(table.drop(columns="conversions"))
    with pytest.raises(InsightError, match="numbers from 0 up"):
        attribution(table.assign(conversions=-1))


# -- paths from who did what when -------------------------------------------------------------------------------------

DAYS = """
    ana see 0 ads
    ana see 3 mail
    ana purchase 3 -
    ana see 20 ads
    ben see 0 ads
    ben see 40 mail
    ben purchase 75 -
    cid purchase 5 -
    eva see 74 mail
"""


def counts(table):
    columns = ["conversions", "nulls", "open"]
    return {path: tuple(own) for path, *own in table[["path", *columns]].itertuples(index=False)}


def test_journeys_end_at_conversions_and_at_silences():
    found = touch_paths(log(DAYS), lookback="30D", as_of="2026-03-17")
    assert counts(found) == {
        "ads > mail": (1, 0, 0),  # ana; her purchase at the same time as the second touch
        "ads": (0, 2, 0),  # ana's later visit; ben's first, as 40 days of silence follow
        "mail": (0, 1, 1),  # ben's second, 35 days before the purchase; eva may still buy
        "": (2, 0, 0),  # ben and cid
    }


def test_the_lookback_is_inclusive_and_drops_what_lies_before_it():
    text = "ana see 0 ads\nana see 20 tv\nana see 30 mail\nana purchase 50 -"
    assert counts(touch_paths(log(text), lookback="30D"))["tv > mail"] == (1, 0, 0)
    assert counts(touch_paths(log(text), lookback="50D"))["ads > tv > mail"] == (1, 0, 0)


def test_rows_of_one_visit_are_one_touch():
    text = "ana see 0 ads\nana see 0.01 ads\nana see 0.02 mail\nana see 0.03 ads\nana see 1 ads\nana purchase 2 -"
    assert counts(touch_paths(log(text))) == {"ads > mail > ads > ads": (1, 0, 0)}
    assert counts(touch_paths(log(text), session_gap=None)) == {"ads > ads > mail > ads > ads": (1, 0, 0)}


def test_only_the_named_events_are_touches_and_one_without_a_channel_is_unknown():
    text = "ana see 0 ads\nana click 1 -\nana click 2 a>b\nana purchase 3 tv"
    assert counts(touch_paths(log(text), touch="click")) == {"(unknown) > a/b": (1, 0, 0)}
    assert counts(touch_paths(log(text))) == {"ads > a/b": (1, 0, 0)}


def test_the_weights_halve_with_each_half_life_and_are_means_over_journeys():
    text = "ana see 0 ads\nana see 7 mail\nana purchase 7 -\nben see 0 ads\nben see 1 mail\nben purchase 1 -"
    found = touch_paths(log(text), half_life="7D").set_index("path").loc["ads > mail"]
    assert found["decay_weights"] == pytest.approx([(1 / 3 + 0.5 ** (1 / 7) / (1 + 0.5 ** (1 / 7))) / 2] + [
        (2 / 3 + 1 / (1 + 0.5 ** (1 / 7))) / 2
    ])  # fmt: skip
    assert found["decay_weights_value"] is None


def test_orders_are_conversions_worth_their_amount():
    orders = read_orders(
        b"order,customer,date,total\n1,ana,2026-01-04 00:00,10.10\n2,ana,2026-01-30 00:00,0.20\n"
        b"3,ben,2026-01-02 09:00,-5\n"
    )
    events = log("ana see 0 ads\nana see 3 mail\nana see 20 ads\nben see 0 ads")
    found = touch_paths(events, orders)
    assert counts(found) == {"ads > mail": (1, 0, 0), "ads": (1, 1, 0)}
    assert dict(zip(found["path"], found["value"], strict=True)) == {"ads > mail": 10.1, "ads": 0.2}
    assert credit(found, model="first") == {"ads": 2, "mail": 0}


def test_orders_by_day_count_at_the_end_of_their_day():
    orders = read_orders(b"order,customer,date,total\n1,ana,2026-01-01,10\n2,ana,2026-01-09,10\n")
    assert counts(touch_paths(log("ana see 0.5 ads\nana see 8.9 mail"), orders)) == {
        "ads": (1, 0, 0), "mail": (1, 0, 0)
    }  # fmt: skip


def test_contacts_are_touches_too():
    contacts = read_contacts(
        b"customer_id,timestamp,channel,outcome\nana,2026-01-01 08:00,mail,sent\nana,2026-01-01 09:00,mail,click\n"
    )
    orders = read_orders(b"order,customer,date,total\n1,ana,2026-01-02 10:00,5\n")
    assert counts(touch_paths(contacts, orders, touch="click")) == {"mail": (1, 0, 0)}


def test_without_any_touch_there_is_nothing_to_attribute():
    with pytest.raises(InsightError, match="No row is a touch"):
        touch_paths(log("ana purchase 1 -\nben see 2 -"))
    with pytest.raises(UnknownValue, match="channel"):
        touch_paths(read_events(b"customer_id,event,timestamp\nana,purchase,2026-01-01\n"))
    with pytest.raises(UnknownValue, match="event"):
        touch_paths(log("ana see 1 ads"))


def journeys_by_hand(rows, lookback, end):
    """Every journey of one customer, by walking along: (path, what became of it). `rows`: (day, event, channel)."""
    found, touches = [], []
    for day, event, channel in sorted(rows, key=lambda row: (row[0], row[1] == "purchase", row[1])):
        if touches and day - touches[-1][0] > lookback:
            found.append((touches, None))
            touches = []
        if event == "purchase":
            found.append(([t for t in touches if day - t[0] <= lookback], day))
            touches = []
        elif channel is not None:
            touches.append((day, channel))
    found += [(touches, None)] if touches else []
    return [
        (" > ".join(c for _d, c in own), "conversions" if won is not None else
         "nulls" if own[-1][0] + lookback <= end else "open")
        for own, won in found
    ]  # fmt: skip


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ana", "ben", "eva"]),
        st.integers(0, 12),
        st.sampled_from(["click", "see", "purchase"]),
        st.sampled_from(["ads", "mail", None]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=80, deadline=None)
@given(ROWS, st.integers(1, 6))
def test_paths_agree_with_walking_along_and_parts_add_up(rows, lookback):
    rows = [*rows, ("ana", 0, "click", "ads"), ("zoe", 12, "purchase", None)]
    table = pd.DataFrame(rows, columns=["customer_id", "day", "event", "channel"])
    table["timestamp"] = START + pd.to_timedelta(table.pop("day"), unit="D")
    events = read_events(table)
    asked = {"lookback": f"{lookback}D", "session_gap": None}
    found = touch_paths(events, **asked)
    expected = {}
    for customer in {row[0] for row in rows}:
        for path, became in journeys_by_hand([row[1:] for row in rows if row[0] == customer], lookback, 13):
            expected.setdefault(path, {"conversions": 0, "nulls": 0, "open": 0})[became] += 1
    assert counts(found) == {path: tuple(own.values()) for path, own in expected.items()}
    facts = events.facts
    given = {"touch": None, "conversion": "purchase", "half_life": "7D", "as_of": None, **asked}
    parts = [own.reset_index(drop=True) for _, own in events.frame.groupby("customer_id")]
    tallies = [touch_tally(prepare_log(part, events=facts.events), facts, given) for part in parts]
    whole = path_table(merged(tallies[::-1]), 0)
    pd.testing.assert_frame_equal(whole.drop(columns=DECAY), found.drop(columns=DECAY))
    for name in DECAY:
        for one, other in zip(whole[name], found[name], strict=True):
            assert one == (None if other is None else pytest.approx(other, rel=1e-12))


DECAY = ["decay_weights", "decay_weights_value"]


def test_a_million_journeys_are_not_walked_one_by_one():
    """The table of paths holds each path once, however many journeys took it."""
    n = 50_000
    table = pd.DataFrame({"customer_id": np.arange(n).astype(str), "event": "see", "channel": "ads"})
    table["timestamp"] = START
    end = pd.DataFrame({"customer_id": ["0"], "event": ["purchase"], "channel": [None], "timestamp": [START]})
    found = touch_paths(read_events(pd.concat([table, end])))
    assert counts(found) == {"ads": (1, 0, n - 1)}
