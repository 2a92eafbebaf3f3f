"""Several files about the same people: how well they match, what keeps them apart, and what one says of the other."""

import ast
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight import funnel
from insight.errors import InsightError, UnknownValue
from insight.tables import (
    add_traits,
    customer_matches,
    join_findings,
    read_campaigns,
    read_contacts,
    read_customers,
    read_events,
    read_orders,
    sample,
)
from tests.files import patient

EVENTS = b"user,event,time,region\nana,visit,2026-01-01,north\nben,visit,2026-01-02,south\neve,buy,2026-01-03,\n"
CUSTOMERS = b"id,country,region,age_band\nana,DE,north,25-34\nben,FR,east,\nzoe,IT,west,35-44\n"


def log_of(*ids):
    return read_events(pd.DataFrame({"user": list(ids), "event": "visit", "time": pd.Timestamp("2026-01-01 10:00")}))


def people(*ids):
    return read_customers(pd.DataFrame({"customer_id": list(ids), "country": "DE"}))


ids = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=8)


@settings(patient, max_examples=25)
@given(ids, ids)
def test_matches_are_those_of_two_sets(left, right):
    (match,) = customer_matches({"events": log_of(*left), "customers": people(*right)}).itertuples()
    both = set(left) & set(right)
    assert (match.left, match.right) == ("events", "customers")
    assert (match.n_left, match.n_right, match.n_both) == (len(set(left)), len(set(right)), len(both))
    assert match.share_of_left == len(both) / len(set(left))
    assert match.share_of_right == len(both) / len(set(right))


def test_tables_without_customers_are_left_out():
    spend = read_campaigns(b"date,spend\n2026-01-01,5\n")
    assert customer_matches({"campaigns": spend, "events": log_of("ana")}).empty
    assert customer_matches({}).columns.tolist()[-1] == "share_of_right"


def test_the_tables_of_the_sample_shop_belong_together():
    tables = {
        kind: sample(f"shop_{kind}") for kind in ("events", "orders", "campaigns", "customers", "contacts", "feedback")
    }
    matches = customer_matches(tables).set_index(["left", "right"])
    assert len(matches) == 10
    assert matches.loc[("events", "customers"), "n_both"] == 3990  # ten came only on the days without tracking
    assert (matches.xs("customers", level="right")["share_of_left"] == 1).all()
    assert join_findings(tables).empty


@pytest.mark.parametrize(
    ("left", "right", "code", "fix"),
    [
        (["Ana", "BEN", "eve"], ["ana", "ben", "eve"], "ids_differ_in_case", "lower_ids"),
        (["007", "042"], ["7", "42"], "ids_differ_in_zeros", "strip_zeros"),
    ],
)
def test_ids_that_are_only_written_differently_are_found_and_can_be_mended(left, right, code, fix):
    found = join_findings({"events": log_of(*left), "customers": people(*right)})
    assert found[["code", "fix", "severity"]].to_numpy().tolist() == [[code, fix, "warning"]]
    frame = pd.DataFrame({"user": left, "event": "visit", "time": pd.Timestamp("2026-01-01 10:00")})
    mended = {"events": read_events(frame, fixes=[fix]), "customers": people(*right)}
    assert join_findings(mended).empty
    assert customer_matches(mended)["n_both"].tolist() == [len(left)]


def test_ids_that_differ_in_case_and_in_zeros_are_mended_one_after_the_other():
    frame = pd.DataFrame({"user": ["00A7", "0B42"], "event": "visit", "time": pd.Timestamp("2026-01-01 10:00")})
    tables = {"events": read_events(frame), "customers": people("a7", "b42")}
    found = join_findings(tables)
    assert found[["code", "fix"]].to_numpy().tolist() == [["ids_differ_in_both", "lower_ids"]]
    assert "but for upper and lower case and leading zeros" in found["finding"][0]
    tables["events"] = read_events(frame, fixes=["lower_ids"])
    assert join_findings(tables)[["code", "fix"]].to_numpy().tolist() == [["ids_differ_in_zeros", "strip_zeros"]]
    tables["events"] = read_events(frame, fixes=["lower_ids", "strip_zeros"])
    assert join_findings(tables).empty


def test_files_with_nobody_in_common_are_said():
    found = join_findings({"events": log_of("ana"), "customers": people("ben")})
    assert found["finding"].tolist() == ["events.csv and customers.csv have no customer in common"]


def test_traits_that_disagree_are_counted_by_customer():
    found = join_findings({"events": read_events(EVENTS), "customers": read_customers(CUSTOMERS)})
    disagree = found.query("code == 'traits_disagree'")
    assert disagree["finding"].tolist() == ["1 customer has another region in events.csv than in customers.csv"]
    assert disagree["rows"].tolist() == [1]


def test_files_that_end_far_apart_are_a_note():
    orders = read_orders(b"user,date,amount\nana,2026-03-01,5\n")
    found = join_findings({"events": log_of("ana"), "orders": orders})
    assert found["finding"].tolist() == ["events.csv ends on 1 Jan 2026, orders.csv on 1 Mar 2026"]


def test_two_files_of_one_name_end_on_days_of_their_own():
    orders = replace(read_orders(b"user,date,amount\nana,2026-03-01,5\n"), name="data.csv")
    found = join_findings({"events": replace(log_of("ana"), name="data.csv"), "orders": orders})
    assert found["finding"].tolist() == ["data.csv (events) ends on 1 Jan 2026, data.csv (orders) on 1 Mar 2026"]


# --- traits --------------------------------------------------------------------------------------------------------


def test_each_row_gets_what_is_known_of_its_customer():
    known = add_traits(read_events(EVENTS), read_customers(CUSTOMERS))
    assert list(known.frame)[-3:] == ["age_band", "country", "region (customer)"]
    assert known.frame["country"].tolist()[:2] == ["DE", "FR"]
    assert known.frame["country"].isna().tolist() == [False, False, True]
    assert known.frame["age_band"].isna().tolist() == [False, True, True]
    assert known.frame["region"].tolist()[:2] == ["north", "south"]
    assert [str(known.frame[name].dtype) for name in ("country", "region (customer)")] == ["str", "str"]


def test_what_is_not_known_of_a_consent_stays_unknown():
    customers = read_customers(b"id,country,consent_email\nana,DE,yes\nben,DE,no\n")
    known = add_traits(read_events(EVENTS), customers, columns=["consent_email"])
    assert str(known.frame["consent_email"].dtype) == "boolean"
    assert known.frame["consent_email"].tolist()[:2] == [True, False]
    assert known.frame["consent_email"].isna().tolist() == [False, False, True]


@settings(patient, max_examples=25)
@given(ids, ids)
def test_traits_agree_with_a_look_up_row_by_row(rows, customers):
    told = {who: f"of {who}" for who in customers}
    table = read_customers(pd.DataFrame({"customer_id": list(told), "country": list(told.values())}))
    known = add_traits(log_of(*rows), table).frame
    assert [value if value == value else None for value in known["country"]] == [told.get(who) for who in rows]


def test_a_breakdown_by_a_trait_needs_no_new_sorting_and_says_who_is_not_known():
    text = EVENTS + b"ana,buy,2026-01-02,north\n"
    events = read_events(text)
    known = add_traits(events, read_customers(CUSTOMERS))
    assert known.log.row is events.log.row
    result = funnel(known, steps=["visit", "buy"], within="1D", entries="all", by="country")
    assert set(result.groups["group"]) == {"DE", "FR"}
    assert known.log.values("country")[1] == ["DE", "FR", "(not set)"]


def test_two_joins_of_one_log_do_not_share_what_they_remember():
    events = read_events(EVENTS)
    first, second = (add_traits(events, read_customers(CUSTOMERS.replace(b"DE", code))) for code in (b"DE", b"AT"))
    assert first.log.values("country")[1] == ["DE", "FR", "(not set)"]
    assert second.log.values("country")[1] == ["AT", "FR", "(not set)"]
    with pytest.raises(UnknownValue):
        events.log.values("country")


def test_lines_of_orders_get_the_traits_too():
    text = b"order,user,date,amount,product\n7,ana,2026-01-01,5,tea\n7,ana,2026-01-01,6,cup\n8,zoe,2026-01-01,6,cup\n"
    known = add_traits(read_orders(text), read_customers(CUSTOMERS), columns=["country"])
    assert known.frame["country"].tolist() == ["DE", "IT"]
    assert known.lines["country"].tolist() == ["DE", "DE", "IT"]


def test_a_joined_table_says_how_it_was_made_and_is_made_the_same_again():
    events, customers = read_events(EVENTS), read_customers(CUSTOMERS)
    known = add_traits(events, customers, columns=["country"])
    assert ast.literal_eval(repr(known.made.settings)) == {"columns": ["country"]}
    assert known.made.tables == (events, customers)
    again = known.made.function(*known.made.tables, **known.made.settings)
    assert again.fingerprint == known.fingerprint != events.fingerprint
    assert add_traits(events, customers).fingerprint != known.fingerprint
    pd.testing.assert_frame_equal(again.frame, known.frame)


def test_what_cannot_be_joined_is_refused_with_what_can():
    events, customers = read_events(EVENTS), read_customers(CUSTOMERS)
    with pytest.raises(UnknownValue, match="Did you mean 'country'"):
        add_traits(events, customers, columns=["contry"])
    with pytest.raises(InsightError, match="read_customers"):
        add_traits(events, events)
    with pytest.raises(InsightError, match="campaigns has no customers"):
        add_traits(read_campaigns(b"date,spend\n2026-01-01,5\n"), customers)


def test_contacts_can_be_joined_too():
    contacts = read_contacts(b"user,date,opened\nana,2026-01-01,1\n")
    assert add_traits(contacts, read_customers(CUSTOMERS)).frame["country"].tolist() == ["DE", "DE"]
