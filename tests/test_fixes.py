"""One click that mends a file: checked before it is done, done in one order, said, and replayed from its literal."""

import ast
import hmac
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.errors import InsightError, UnknownValue
from insight.tables import inspect_file, read_campaigns, read_customers, read_events, read_orders, sample, samples
from insight.tables.fixes import FIXES, checked_fixes
from tests.files import events, noted, patient

TEXT = """Ana,visit,2026-01-01 09:00
ana,Visit,2026-01-01 10:00
ana,visit,2026-01-02 10:00
ana,visit,2026-01-02 10:00
007,buy,2026-01-03 10:00
test,buy,2026-01-04 10:00
"""
EXAMPLES = [
    "lower_ids",
    "strip_zeros",
    "drop_duplicates",
    "drop_repeated_events",
    {"fix": "merge_events", "into": "visit", "names": ["Visit"]},
    {"fix": "drop_rows", "column": "event", "values": ["buy"]},
    {"fix": "drop_customers", "ids": ["test"]},
    {"fix": "drop_outside", "from": "2026-01-02"},
    {"fix": "drop_outside", "to": "2026-01-03"},
    {"fix": "pseudonymise", "columns": ["event"], "key": "k"},
]


@pytest.mark.parametrize("fix", EXAMPLES, ids=str)
def test_a_fix_is_a_literal_is_said_and_gives_the_same_table_when_it_is_replayed(fix):
    mended = events(TEXT, fixes=[fix])
    assert ast.literal_eval(repr(mended.settings)) == mended.settings == {"fixes": [fix]}
    name = fix if isinstance(fix, str) else fix["fix"]
    assert mended.findings["code"].eq(f"fixed_{name}").any()
    again = events(TEXT, columns=mended.columns, **mended.settings)
    assert again.fingerprint == mended.fingerprint != events(TEXT).fingerprint
    assert again.frame.equals(mended.frame)


@settings(patient, max_examples=25)
@given(st.lists(st.sampled_from(EXAMPLES[:9]), max_size=4), st.randoms())
def test_the_order_in_which_fixes_are_asked_for_plays_no_role(fixes, shuffle):
    shuffled = [*fixes, *fixes[:1]]
    shuffle.shuffle(shuffled)

    def result(fixes):
        try:
            table = events(TEXT, fixes=fixes)
        except InsightError as problem:
            return str(problem)
        return table.frame.to_numpy().tolist(), table.fingerprint

    assert result(shuffled) == result(fixes)


def test_each_fix_does_what_it_says():
    def who(*fixes):
        return events(TEXT, fixes=list(fixes)).frame["customer_id"].tolist()

    assert who("lower_ids") == ["ana"] * 4 + ["007", "test"]
    assert who("strip_zeros")[4] == "7"
    assert who("drop_duplicates") == ["Ana", "ana", "ana", "007", "test"]
    assert who({"fix": "drop_customers", "ids": ["test", "Ana"]}) == ["ana"] * 3 + ["007"]
    assert who("lower_ids", {"fix": "drop_customers", "ids": ["ana"]}) == ["007", "test"]
    assert who({"fix": "drop_rows", "column": "event", "values": ["buy", "Visit"]}) == ["Ana", "ana", "ana"]
    assert who({"fix": "drop_outside", "from": "2026-01-02", "to": "2026-01-03"}) == ["ana", "ana", "007"]
    merged = events(TEXT, fixes=[{"fix": "merge_events", "into": "seen", "names": ["visit", "Visit"]}])
    assert merged.log.events == ["buy", "seen"]


def test_a_fix_says_how_many_rows_it_changed_and_where():
    text = "ana,visit,2026-01-01 10:00\nben,Visit,2026-01-01 10:00\n,visit,2026-01-01 10:00\n"
    merge = {"fix": "merge_events", "into": "visit", "names": ["Visit"]}
    assert noted(events(text, fixes=[merge]))["Names merged as asked"] == (1, [3])
    assert noted(events(text, fixes=["lower_ids"]))["A fix that changed nothing"] == (0, [])
    assert noted(events(text, fixes=[{"fix": "drop_customers", "ids": ["ana"]}]))["Rows left out as asked"] == (1, [2])


def test_days_to_keep_are_days_of_the_table_s_time_zone():
    text = "ana,visit,2026-01-01 23:30Z\nben,visit,2026-01-02 01:30Z\n"
    kept = events(text, timezone="Europe/Berlin", fixes=[{"fix": "drop_outside", "from": "2026-01-02"}])
    assert kept.frame["customer_id"].tolist() == ["ana", "ben"]
    assert events(text, fixes=[{"fix": "drop_outside", "to": "2026-01-01"}]).frame["customer_id"].tolist() == ["ana"]


# --- personal data -------------------------------------------------------------------------------------------------


def test_pseudonyms_are_the_keyed_hash_that_python_computes_and_join_across_files():
    fix = {"fix": "pseudonymise", "columns": ["user"], "key": "secret"}
    text = b"user,event,time\nana@x.org,visit,2026-01-01\n17,visit,2026-01-01\n,visit,2026-01-01\n"
    log = read_events(text, fixes=[fix])
    expected = [hmac.new(b"secret", who, "sha256").hexdigest()[:16] for who in (b"ana@x.org", b"17")]
    assert log.frame["customer_id"].tolist() == expected
    bought = read_orders(b"user,date,amount\n17.0,2026-01-01,5\n", fixes=[fix])
    assert bought.frame["customer_id"].tolist() == expected[1:]
    other = read_orders(b"user,date,amount\n17,2026-01-01,5\n", fixes=[fix | {"key": "another"}])
    assert other.frame["customer_id"].tolist() != expected[1:]


def test_nothing_of_what_was_hashed_is_left_in_the_table():
    fix = {"fix": "pseudonymise", "columns": ["user", "note"], "key": "secret"}
    log = read_events(b"user,event,time,note\nana@x.org,visit,2026-01-01,ana called\n", fixes=[fix])
    assert "ana" not in log.frame.to_csv() + log.findings.to_csv() + " ".join(log.log.customers)
    assert not log.findings["code"].str.startswith("personal").any()


def test_a_column_that_was_left_out_is_nowhere_and_may_still_be_named_by_the_mapping():
    text = b"user,event,time,channel,phone\nana,visit,2026-01-01,ads,+49 171 1234567\n"
    fix = {"fix": "drop_columns", "columns": ["phone", "channel"]}
    log = read_events(text, columns=read_events(text).columns, fixes=[fix])
    assert list(log.frame) == ["customer_id", "timestamp", "event"]
    assert "channel" not in log.columns
    assert read_events(text, columns=log.columns, **log.settings).fingerprint == log.fingerprint


# --- what cannot be done is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fix", "message"),
    [
        ("drop_duplicate", "Did you mean 'drop_duplicates'"),
        ("total_per_order", "fixes = 'total_per_order' is not possible"),
        (5, "fixes = 5 is not possible"),
        ({"what": 1}, "is not possible"),
        ({"fix": "drop_outside"}, "needs 'from' and 'to'"),
        ({"fix": "drop_outside", "from": "soon"}, "'soon' is not a day"),
        ({"fix": "drop_outside", "form": "2026-01-01"}, "Did you mean 'from'"),
        ({"fix": "merge_events", "into": "visit", "names": ["vist"]}, "Did you mean 'visit'"),
        ({"fix": "merge_events", "into": "visit"}, "needs 'names'"),
        ({"fix": "merge_events", "into": "", "names": ["visit"]}, "into = '' is no text"),
        ({"fix": "merge_values", "column": "chanel", "into": "a", "names": ["b"]}, "Choose from: customer_id, event"),
        ({"fix": "drop_rows", "column": "state", "values": ["x"]}, "Choose from: user, event, time"),
        ({"fix": "drop_rows", "column": "event", "values": ["bye"]}, "Did you mean 'buy'"),
        ({"fix": "drop_customers", "ids": ["anna"]}, "Did you mean 'ana'"),
        ({"fix": "drop_customers", "ids": "ana"}, "ids = 'ana' is no list of texts"),
        ({"fix": "drop_columns", "columns": ["phone"]}, "Choose from: user, event, time"),
        ({"fix": "pseudonymise", "columns": ["user"], "key": ""}, "key = '' is no text"),
        ({"fix": "pseudonymise", "columns": ["user"]}, "needs 'key'"),
        ({"fix": "pseudonymise", "columns": ["user"], "key": None}, "needs 'key'"),
    ],
    ids=str,
)
def test_a_fix_that_cannot_be_done_says_what_could(fix, message):
    with pytest.raises(InsightError, match=message):
        events(TEXT, fixes=[fix])


@pytest.mark.parametrize(
    "fixes",
    [
        [{"fix": "merge_events", "into": into, "names": ["Visit"]} for into in ("visit", "buy")],
        [
            {"fix": "merge_events", "into": "visit", "names": ["Visit"]},
            {"fix": "merge_events", "into": "buy", "names": ["visit"]},
        ],
        ["decimal_comma", "decimal_point"],
    ],
)
def test_fixes_that_contradict_each_other_are_refused_in_any_order(fixes):
    for order in permutations(fixes):
        with pytest.raises(InsightError):
            events(TEXT, fixes=list(order))


def test_fixes_must_be_a_list():
    with pytest.raises(InsightError, match="not a list"):
        events(TEXT, fixes="drop_duplicates")


def test_a_fix_is_refused_where_it_has_nothing_to_work_on():
    with pytest.raises(UnknownValue, match="merge_events"):
        read_orders(b"user,date,amount\nana,2026-01-01,5\n", fixes=EXAMPLES[4:5])
    with pytest.raises(UnknownValue, match="lower_ids"):
        read_campaigns(b"date,spend\n2026-01-01,5\n", fixes=["lower_ids"])
    with pytest.raises(UnknownValue, match="drop_future"):
        read_customers(b"customer_id,country\nana,DE\n", fixes=["drop_future"])


def test_every_fix_is_for_some_kind_of_table():
    assert all(fix.kinds for fix in FIXES.values())
    assert checked_fixes(None, "events") == checked_fixes([], "orders") == []


# --- what a page offers --------------------------------------------------------------------------------------------


DIRTY = {
    "events": "user,event,time\n"
    + "".join(f"u{n % 40},visit,2026-01-{n % 28 + 1:02} 10:00:{n % 60:02}\n" for n in range(400))
    + "u1,Visit,2026-01-05 11:00:01\nu1,visit,2040-01-01 10:00:00\nu2,visit,1970-01-01 00:00:00\n"
    + "test,visit,2026-01-06 11:00:02\n" * 2,
    "orders": "order,customer,date,amount,status,phone\n1,ana,2026-01-01,5,paid,+49 171 1234567\n"
    "2,ana,2026-01-02,5,refunded,+49 171 1234567\n3,Ana,2026-01-02,5,pending,+49 171 1234567\n",
    "customers": "id,country\nana@example.org,DE\nben@example.org,FR\n",
}
READ = {"events": read_events, "orders": read_orders, "customers": read_customers}


def with_key(fix):
    """A fix as it is offered, with the key that only the caller can choose."""
    return {**fix, "key": "secret"} if isinstance(fix, dict) and "key" in fix else fix


@pytest.mark.parametrize("kind", DIRTY)
def test_every_fix_that_a_finding_offers_takes_the_finding_away(kind):
    read = READ[kind]
    table = read(DIRTY[kind].encode())
    offered = table.findings.dropna(subset="fix")
    assert len(offered) >= {"events": 5, "orders": 4, "customers": 1}[kind]
    for found in offered.itertuples():
        mended = read(DIRTY[kind].encode(), fixes=[with_key(found.fix)])
        assert found.code not in set(mended.findings["code"])


def test_pseudonyms_are_offered_without_a_key_and_refused_until_there_is_one():
    source = DIRTY["customers"].encode()
    (offered,) = read_customers(source).findings["fix"].dropna()
    assert offered == {"fix": "pseudonymise", "columns": ["id"], "key": None}
    with pytest.raises(InsightError, match="pseudonymise needs 'key'"):
        read_customers(source, fixes=[offered])


@pytest.mark.parametrize("name", samples()["name"])
def test_what_is_offered_for_a_sample_is_a_fix_for_its_kind(name):
    table = sample(name)
    for fix in table.findings["fix"].dropna():
        assert checked_fixes([with_key(fix)], table.kind) == [with_key(fix)]


def test_a_missing_fix_is_none():
    assert inspect_file(b"user,event,time\nana,visit,2026-01-01\n").findings["fix"].tolist() == [None]
