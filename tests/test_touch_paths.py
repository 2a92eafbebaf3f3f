"""Tables of paths: every way to write one, what stands in it, and the credit that is made of it."""

import pandas as pd
import pytest

from insight import InsightError, read_events, read_orders, read_paths
from insight.attribution import MODELS
from insight.attribution.channels import attribution_of
from insight.attribution.members import attribution_members
from insight.attribution.touches import touch_paths
from insight.explain import attribution_caption, attribution_card, attribution_reading
from insight.tables import capabilities, inspect_file, read_contacts

TEXTBOOK = b"path,conversions,nulls\nA>B,1,0\nA,0,1\nB,1,0\n"


def rows(content, **asked):
    return read_paths(content.encode(), **asked).frame


@pytest.mark.parametrize(
    "path", ["ads > mail", "ads>mail", " ads  >mail ", "ads \u2192 mail", "ads|mail", "ads \u00bb mail"]
)
def test_however_a_path_is_written_it_is_one_path(path):
    assert rows(f"path,conversions\n{path},2\n")["path"].tolist() == ["ads > mail"]


def test_where_a_cell_has_an_arrow_other_signs_belong_to_the_names():
    found = rows("path,conversions\ngoogle / cpc > a|b,2\nx|y,3\n > mail,4\n")["path"].tolist()
    assert found == ["google / cpc > a|b", "x|y", "(unknown) > mail"]


def test_a_path_of_nothing_is_a_conversion_without_a_touch():
    found = attribution_of(read_paths(b"path,conversions\nads,30\n,12\n"), draws=0)
    assert (found.n_conversions, found.unattributed) == (42, 12)
    assert found.channels["channel"].tolist() == ["ads", "(unattributed)"]


def test_names_of_columns_of_other_tools_are_known():
    table = read_paths(b"path,total_conversions,total_conversion_value,total_null\neta > iota,2,5.5,7\n")
    assert table.frame.to_dict("records") == [{"path": "eta > iota", "conversions": 2, "nulls": 7, "value": 5.5}]


def test_rows_of_conversions_0_and_1_are_journeys():
    table = read_paths(b"journey,converted\nads,1\nads,0\nmail,0\n")
    assert table.frame["nulls"].tolist() == [0, 1, 1]
    assert "each is taken as a journey" in table.findings["finding"].str.cat()
    assert attribution_of(table, draws=0).nulls == 2
    for counted in (b"path,conversions\nads,2\nads,0\n", b"path,conversions,nulls\nads,1,3\nads,0,2\n"):
        assert "null_journeys" not in set(read_paths(counted).findings["code"])


def test_equal_rows_are_several_journeys_and_no_copies():
    table = read_paths(b"path,converted\nads,1\nads,1\nads,0\n")
    assert "duplicates" not in set(table.findings["code"])
    assert attribution_of(table, draws=0).n_conversions == 2


def test_rows_that_cannot_be_counted_are_left_out_and_said():
    table = read_paths(b"path,conversions,nulls\nads,x,1\nads,-2,1\nads,3,-1\nads,4,\n")
    assert table.frame.values.tolist() == [["ads", 4, 0]]
    assert {"unreadable_conversions", "below_zero"} <= set(table.findings["code"])
    with pytest.raises(InsightError, match="No row has a path"):
        read_paths(b"path,conversions\n,1\n")


def test_values_keep_the_currency_they_are_marked_with_and_several_are_refused():
    table = read_paths("path,conversions,value\nads,20,\u20ac10.50\nmail,3,\u20ac1\n".encode())
    assert attribution_of(table, draws=0).currency == "EUR"
    assert attribution_of(table, draws=0).total_value == 11.5
    assert attribution_of(read_paths(b"path,conversions,value\nads,20,7\n"), draws=0).currency is None
    mixed = read_paths("path,conversions,value\nads,20,\u20ac10\nmail,3,$1\n".encode())
    with pytest.raises(InsightError, match="Several currencies: EUR, USD"):
        attribution_of(mixed)


def test_a_file_of_paths_is_recognised_and_can_be_attributed():
    report = inspect_file(b"path,conversions,nulls\nads > mail,3,7\nmail,1,0\n")
    assert report.tables[0] == "paths"
    able = report.answers.set_index("analysis").loc["attribution"]
    assert (bool(able["possible"]), able["reason"]) == (True, "2 paths.")


# -- the credit -------------------------------------------------------------------------------------------------------


def test_the_chain_of_the_textbook():
    found = attribution_of(read_paths(TEXTBOOK), draws=0).channels.set_index("channel")
    assert found["conversions"].to_dict() == pytest.approx({"A": 2 / 3, "B": 4 / 3})
    assert found["removal_effect"].to_dict() == pytest.approx({"A": 0.5, "B": 1.0})


def test_equal_paths_are_one_and_every_model_without_times_adds_up():
    table = read_paths(b"path,conversions,nulls,value\nA > B,3,7,30\nA>B,2,1,12\nB,20.5,9,4\n")
    found = attribution_of(table, draws=0)
    assert found.paths.values.tolist() == [["B", 20.5, 4, 9, 0], ["A > B", 5, 42, 8, 0]]
    totals = found.credits.groupby("model")[["conversions", "value"]].sum()
    assert set(totals.index) == set(MODELS) - {"time_decay"}
    assert totals["conversions"].tolist() == pytest.approx([25.5] * 7)
    assert totals["value"].tolist() == pytest.approx([46] * 7)


def test_paths_that_were_taken_away_give_the_same_credit_as_the_events_they_came_from():
    text = b"user,event,time,channel\n" + b"".join(
        b"c%d,see,2026-01-01,%s\nc%d,see,2026-01-0%d,mail\nc%d,%s,2026-01-09,\n"
        % (k, (b"ads", b"tv")[k % 2], k, 2 + k % 5, k, b"purchase" if k % 3 else b"end")
        for k in range(60)
    )
    events = read_events(text)
    paths = touch_paths(events, conversion="purchase", as_of="2026-03-01")[["path", "conversions", "nulls", "value"]]
    again = attribution_of(read_paths(paths.to_csv(index=False).encode()), draws=20)
    first = attribution_of(events, conversion="purchase", as_of="2026-03-01", draws=20)
    columns = ["channel", "conversions", "removal_effect", "conversions_low", "conversions_high"]
    ours, others = (one.channels.sort_values("channel")[columns].reset_index(drop=True) for one in (again, first))
    pd.testing.assert_frame_equal(ours, others)


def test_a_table_of_paths_names_nobody_and_says_so():
    with pytest.raises(InsightError, match="names no customers"):
        attribution_members(read_paths(TEXTBOOK), {}, {"ended": "converted"})


def test_its_sentences_claim_no_dates_and_no_lookback():
    found = attribution_of(read_paths(b"path,conversions,nulls,value\nads > mail,30,7,90\nmail,12,0,5\n"), draws=0)
    said = attribution_reading(found)
    assert "The paths are those of the file: what counts as a touch and as a conversion was settled before." in said
    assert "lookback" not in said
    assert attribution_caption(found) == "42 conversions \u00b7 paths as the file has them \u00b7 not causal"
    sentences = attribution_card(found).sentences
    assert "They are worth 95.00, in a currency that the file does not name." in sentences
    assert not any("may still convert" in sentence for sentence in sentences)


# -- contacts ---------------------------------------------------------------------------------------------------------

CONTACTS = b"""customer_id,timestamp,channel,outcome
ana,2026-01-01 08:00,mail,sent
ana,2026-01-02 08:00,push,click
ben,2026-01-01 08:00,push,sent
"""
ORDERS = b"order,customer,date,total\n1,ana,2026-01-03 10:00,5\n2,ben,2026-01-02 10:00,0\n3,ana,2026-01-03 12:00,-2\n"


def test_contacts_are_touches_before_orders_and_name_their_people():
    contacts, orders = read_contacts(CONTACTS), read_orders(ORDERS)
    found = attribution_of(contacts, orders, draws=0)
    assert found.paths[["path", "conversions", "open"]].values.tolist() == [["mail > push", 1, 0], ["push", 0, 1]]
    assert (found.touches, found.total_value) == ("contacts", 5)
    cell = {"channel": "push", "ended": "converted"}
    assert attribution_members(contacts, {}, cell, orders) == ["ana"]
    clicked = attribution_of(contacts, conversion="click", draws=0)
    assert (clicked.n_conversions, clicked.paths["path"].tolist()) == (1, ["mail", "push"])


def test_orders_that_are_no_conversions_are_counted_and_said():
    found = attribution_of(read_contacts(CONTACTS), read_orders(ORDERS), draws=0)
    assert found.not_bought == 2
    assert "2 free orders and refunds are no conversions, and are not taken off the value." in attribution_reading(
        found
    )
    late = ORDERS + b"4,ana,2026-01-09 10:00,-1\n"  # after the last touch or purchase
    assert attribution_of(read_contacts(CONTACTS), read_orders(late), draws=0).not_bought == 2


@pytest.mark.parametrize(
    ("others", "possible", "reason"),
    [
        ([], False, "Needs a table of orders beside the contacts."),
        ([read_orders(ORDERS)], True, "2 customers and 2 channels."),
    ],
)
def test_what_contacts_can_answer(others, possible, reason):
    tables = {"contacts": read_contacts(CONTACTS), **{one.kind: one for one in others}}
    row = capabilities(tables).set_index("analysis").loc["attribution"]
    assert (bool(row["possible"]), row["reason"]) == (possible, reason)
