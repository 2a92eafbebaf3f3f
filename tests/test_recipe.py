"""A recipe and a file give the same state again; a recipe holds no data; a broken one is refused in one sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as any_

from insight.audiences.kept import lists_customers
from insight.errors import InsightError, MissingColumn, UnknownValue
from insight.recipe import apply_recipe, fitting_setup, is_recipe, read_recipe, recipe
from insight.tables import read_events, read_orders
from tests.files import patient

LOG = b"Client;What;When\nana;visit;03/04/2026\nana;buy;05/04/2026\nana;buy;05/04/2026\nben;visit;03/04/2026\n"
READ = {"columns": {"customer_id": "Client", "event": "What", "timestamp": "When"}, "dayfirst": True}


def saved(**more):
    table = read_events(LOG, **READ, fixes=["drop_duplicates"])
    return table, recipe({"events": table}, {"funnel": {"steps": ["visit", "buy"], "within": "7D"}}, **more)


def written(**changes):
    """A valid recipe with these parts changed."""
    return json.dumps({**json.loads(saved()[1]), **changes}).encode()


def test_a_recipe_and_the_file_give_the_same_table_again():
    table, content = saved()
    again = apply_recipe(read_recipe(content), LOG)
    assert again.fingerprint == table.fingerprint
    assert again.frame.equals(table.frame)


def test_next_weeks_export_is_read_in_the_same_way():
    _table, content = saved()
    other = apply_recipe(read_recipe(content), LOG.replace(b"ana;buy", b"eve;buy"))
    assert len(other.frame) == 3
    assert other.frame["timestamp"].iloc[0].day == 3
    assert other.settings["fixes"] == ["drop_duplicates"]


def test_settings_audiences_and_selection_come_back_as_they_were():
    audiences = {"buyers": {"rule": {"did": "buy", "at_least": 1}, "as_of": "2026-04-30"}}
    found = read_recipe(saved(audiences=audiences, selection={"from": "2026-04-01", "only": {"did": "buy"}})[1])
    assert found.pages == {"funnel": {"steps": ["visit", "buy"], "within": "7D"}}
    assert found.audiences == audiences
    assert found.selection == {"from": "2026-04-01", "only": {"did": "buy"}}


def test_a_recipe_holds_no_row_of_the_file():
    _table, content = saved()
    assert not {"ana", "ben"} & set(content.decode().replace('"', " ").split())


def test_customer_ids_travel_only_when_asked_for():
    fixes = ["drop_duplicates", {"fix": "drop_customers", "ids": ["ben"]}]
    table = read_events(LOG, **READ, fixes=fixes)
    vip = {"rule": {"any": [{"did": "buy"}, {"ids": ["ana"]}]}, "as_of": None}
    people = {"audiences": {"vip": vip}, "selection": {"only": {"ids": ["ana"]}}}
    without = read_recipe(recipe({"events": table}, **people))
    assert without.files["events"].settings["fixes"] == ["drop_duplicates"]
    assert without.audiences == {}
    assert without.selection is None
    along = read_recipe(recipe({"events": table}, **people, with_ids=True))
    assert along.files["events"].settings["fixes"] == table.settings["fixes"]
    assert along.audiences == people["audiences"]
    assert along.selection == people["selection"]


@pytest.mark.parametrize("rule", [{"not": {"ids": []}}, [{"column": "customer_id", "is": "==", "value": "ana"}]])
def test_an_id_is_found_however_deep_it_stands(rule):
    assert lists_customers({"all": [{"did": "buy"}, rule]})
    assert not lists_customers({"all": [{"did": "buy"}, {"column": "channel", "value": "ids"}]})


def test_the_same_setup_gives_the_same_bytes():
    assert saved()[1] == saved()[1]


def test_a_recipe_is_known_by_its_content():
    assert is_recipe(saved()[1])
    assert is_recipe(b"\xef\xbb\xbf " + saved()[1])
    for other in (b"", b"{}", b'{"user": 1}\n{"user": 2}', b'[{"marketing_insight_recipe": 1}]', LOG):
        assert not is_recipe(other)


def test_a_file_without_a_needed_column_is_refused_by_its_name():
    with pytest.raises(MissingColumn, match="Client"):
        apply_recipe(read_recipe(saved()[1]), LOG.replace(b"Client", b"Kunde"))


def test_a_column_that_is_only_useful_may_be_missing_and_is_named():
    log = LOG.replace(b"Client;", b"Channel;Client;").replace(b"ana;", b"ads;ana;").replace(b"ben;", b"ads;ben;")
    made = read_recipe(recipe({"events": read_events(log, **READ)}))
    setup, lacking = fitting_setup(made, ["Client", "What", "When"])
    assert lacking == ["Channel"]
    assert "channel" not in setup.columns
    assert len(apply_recipe(made, LOG).frame) == 4


def test_of_several_files_the_one_that_fits_is_chosen():
    orders = read_orders(b"no,Buyer,Day,Paid\n1,ana,2026-01-01,5\n", columns={"customer_id": "Buyer"})
    made = read_recipe(recipe({"events": read_events(LOG, **READ), "orders": orders}))
    assert fitting_setup(made, ["Buyer", "Day", "Paid"])[0].kind == "orders"
    assert apply_recipe(made, LOG).kind == "events"
    assert apply_recipe(made, b"no,Buyer,Day,Paid\n2,ben,2026-01-02,7\n", kind="orders").frame["amount"].tolist() == [7]
    with pytest.raises(UnknownValue):
        apply_recipe(made, LOG, kind="campaigns")


def test_a_table_made_from_others_is_kept_by_the_files_it_goes_back_to():
    from insight.tables.select import select_days

    table, content = saved()
    part = select_days(table, start="2026-04-04")
    assert recipe({"events": part}) == recipe({"events": table})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{" + b" " * 1_000_001, "larger"),
        (b"\xff\xfe", "damaged"),
        (b"{", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"[]", "begin"),
        (b'{"version": 1}', "begin"),
        (b'{"marketing_insight_recipe": true}', "no number"),
        (b'{"marketing_insight_recipe": 0}', "does not exist"),
        (b'{"marketing_insight_recipe": 2}', "newer version"),
        (b'{"marketing_insight_recipe": 1, "x": NaN}', "damaged"),
        (b'{"marketing_insight_recipe": 1, "run": "rm"}', "not known"),
        (b'{"marketing_insight_recipe": 1, "files": []}', "no mapping"),
        (b'{"marketing_insight_recipe": 1, "pages": {"funnel": 3}}', "no mapping"),
        (b'{"marketing_insight_recipe": 1, "selection": ' + b"[" * 30 + b"]" * 30 + b"}", "nested"),
        (written(files={"people": {}}), "kind of table"),
        (written(files={"events": {"name": "a", "columns": {"who": "a"}}}), "no column"),
        (written(files={"events": {"name": "a", "columns": {"event": 3}}}), "no text"),
        (written(files={"events": {"name": "a", "settings": {"source": "/etc/passwd"}}}), "no setting"),
        (written(files={"events": {"name": "a", "settings": {"currency": "EUR"}}}), "no setting"),
        (written(files={"events": {}}), "no name"),
    ],
)
def test_what_is_no_recipe_is_refused_in_one_sentence(content, said):
    with pytest.raises(InsightError, match=said):
        read_recipe(content)


@pytest.mark.parametrize("value", [{"a": (1, 2)}, {"a": {1: 2}}, {"a": float("nan")}, {"a": object()}, {"a": {1, 2}}])
def test_what_is_no_literal_is_not_written(value):
    with pytest.raises(InsightError):
        recipe({}, {"funnel": value})


literals = any_.recursive(
    any_.none() | any_.booleans() | any_.integers() | any_.floats(allow_nan=False, allow_infinity=False) | any_.text(),
    lambda inside: any_.lists(inside, max_size=3) | any_.dictionaries(any_.text(), inside, max_size=3),
    max_leaves=6,
)


@patient
@given(any_.dictionaries(any_.text(), any_.dictionaries(any_.text(), literals, min_size=1, max_size=3), max_size=3))
def test_every_setting_comes_back_as_it_was(pages):
    assert repr(read_recipe(recipe({}, pages)).pages) == repr(pages)


@patient
@given(any_.recursive(literals, lambda inner: any_.dictionaries(any_.sampled_from(["files", "pages"]), inner)))
def test_any_content_is_read_or_refused_but_never_breaks(value):
    content = json.dumps({"marketing_insight_recipe": 1, **(value if isinstance(value, dict) else {"pages": value})})
    try:
        read_recipe(content.encode("utf-8", "surrogatepass"))
    except InsightError:
        return
