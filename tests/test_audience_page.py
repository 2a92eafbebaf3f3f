"""The Audiences page: build a rule, see its size, keep it, export it, see how segments respond."""

import json

import pytest

from insight.audiences import checked_rule
from insight.audiences.holdout import holdout
from tests.app import SECRET, everything_shown, go, open_page, upload
from ui.audience.form import form_of, rule_of

PAGE = "pages/decide/audiences.py"
CUSTOMERS = b"""client id,region,newsletter opt-in,age
ana,east,yes,31
ben,west,no,44
cyd,east,yes,52
secret-4711,west,yes,28
"""


def opened(rule=None, **link):
    """The page with a rule out of a link."""
    asked = {"rule": json.dumps(rule)} if rule is not None else {}
    return open_page(PAGE, data="shop", **asked, **link)


def said(at):
    return "\n".join(one.value for one in at.markdown)


def select(at, label, n=0):
    return [one for one in at.selectbox if one.label == label][n]


# -- form and rule ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        None,
        {"did": "visit"},
        {"not": {"did": "visit"}},
        {"all": [{"did": "visit"}, {"not": {"did": "purchase"}}]},
        {"any": [{"did": "visit"}, {"all": [{"did": "search"}, {"did": "cart"}]}]},
        {"not": {"any": [{"did": "visit"}, {"did": "search"}]}},
        {"all": [{"did": "a"}, {"any": [{"not": {"all": [{"did": "b"}, {"did": "c"}]}}, {"did": "d"}]}]},
    ],
)
def test_a_form_says_the_rule_it_was_made_of(rule):
    assert rule_of(form_of(rule)) in (rule, {"all": [rule]})


def test_a_group_without_conditions_is_as_if_it_were_not_there():
    form = {"how": "all", "parts": [{"not": False, "rule": {"did": "a"}}, {"not": True, "how": "any", "parts": []}]}
    assert rule_of(form) == {"did": "a"}
    assert rule_of({"how": "any", "parts": []}) is None


# -- the rule ---------------------------------------------------------------------------------------------------------


def test_the_page_opens_on_an_audience_that_fits_the_data():
    at = opened()
    assert "**67** of 4,000 customers (1.7%) fit" in said(at)
    assert at.query_params == {"data": "shop"}


EVERY_KIND = [
    {"did": ["visit", "search"], "at_least": 2, "days": 30},
    {"did": "add_to_cart", "at_most": 3, "where": [["value", ">=", 50]]},
    {"did": "purchase", "at_least": 1, "at_most": 1, "from": "2025-03-01", "to": "2025-06-30"},
    {"did": "click", "table": "contacts", "at_least": 2},
    {"measure": "revenue", "is": ">", "value": 99.5, "table": "orders", "days": 90},
    {"measure": "last_day", "is": "<", "value": "2025-06-01", "table": "events"},
    {"status": "reactivated", "days": 60, "silent": 45, "table": "events"},
    {"column": "age_band", "is": "in", "value": ["18-24", "55+"], "table": "customers"},
    {"column": "consent_ads", "is": "==", "value": False, "table": "customers"},
    {"column": "channel", "is": "!=", "value": "email", "of": "first", "table": "events"},
    {"column": "quantity", "is": ">=", "value": 2, "of": "any", "table": "orders"},
    {"members": "rfm", "settings": {}, "cell": {"segment": "Champions"}},
]


def test_every_kind_of_condition_is_shown_by_inputs_and_comes_out_as_it_went_in():
    rule = {"all": [*EVERY_KIND, {"any": [{"not": one} for one in EVERY_KIND[:3]]}]}
    at = opened(rule)
    assert "**As it was given**" not in said(at)
    assert json.loads(at.query_params["rule"]) == rule
    assert not at.exception


DEEP = [
    {"did": "visit", "at_least": 2, "at_most": 5},
    {"members": "funnel", "settings": {"steps": ["visit", "purchase"]}, "cell": {"step": 2}},
    {"measure": "last_day", "is": "<", "value": "2025-06-01", "days": 3},
    {"any": [{"all": [{"did": "visit"}, {"any": [{"did": "search"}, {"did": "purchase"}]}]}, {"did": "checkout"}]},
    {"did": "dance"},
    {"column": "shoe_size", "is": "==", "value": "43"},
]


def test_what_the_inputs_cannot_show_stays_can_be_read_and_can_be_removed():
    at = opened({"all": DEEP})
    assert json.loads(at.query_params["rule"]) == checked_rule({"all": DEEP})
    assert said(at).count("**As it was given**") == len(DEEP)
    assert "shoe_size is 43 at least once" in [one.value for one in at.text]
    assert any("dance" in one.value for one in at.error)  # what the data lack is said, and can be removed
    for _time in range(2):
        [one for one in at.button if one.key.endswith(".remove")][-1].click().run()
    assert json.loads(at.query_params["rule"]) == checked_rule({"all": DEEP[:4]})
    assert not any("dance" in one.value or "shoe" in one.value for one in at.error)


def test_a_condition_is_added_changed_and_removed():
    at = opened({"did": "checkout"})
    next(one for one in at.button if one.label == "Add a condition").click().run()
    assert len(json.loads(at.query_params["rule"])["all"]) == 2
    select(at, "Condition on", 1).set_value("status").run()
    select(at, "They are").set_value("lapsed").run()
    rule = json.loads(at.query_params["rule"])
    assert rule["all"][1] == {"status": "lapsed", "days": 30, "silent": 90, "table": "orders"}
    [one for one in at.toggle if one.label == "Not"][1].set_value(True).run()
    assert "not" in json.loads(at.query_params["rule"])["all"][1]
    [one for one in at.button if one.key.endswith(".remove")][0].click().run()
    assert json.loads(at.query_params["rule"]) == {"not": rule["all"][1]}
    assert not at.exception


def test_a_group_is_added_and_leaves_with_its_last_condition():
    at = opened({"did": "checkout"})
    next(one for one in at.button if one.label == "Add a group").click().run()
    assert len(json.loads(at.query_params["rule"])["all"][1]["any"]) == 2
    for _time in range(2):
        [one for one in at.button if one.key.endswith(".remove")][-1].click().run()
    assert json.loads(at.query_params["rule"]) == {"did": "checkout"}


def test_a_kept_audience_is_opened_changed_and_kept_again():
    at = opened({"did": "checkout"})
    at.text_input(key="audiences.keep.name").set_value("near buyers")
    next(one for one in at.button if one.label == "Keep").click().run()
    assert not at.exception
    at.button(key="audiences.start.Gone quiet").click().run()
    assert "lapsed" in at.query_params["rule"]
    at.button(key="audiences.start.near buyers").click().run()
    assert json.loads(at.query_params["rule"]) == {"did": "checkout"}
    go(at, "pages/explore/funnel.py")
    assert any("near buyers" in str(one.options) for one in at.selectbox)


def test_a_list_of_customers_never_stands_in_the_link():
    at = opened({"all": [{"ids": ["C00001", "C00002"]}, {"did": "visit"}]})
    assert "rule" not in at.query_params
    assert "**2** of 4,000 customers" in said(at)


def test_a_rule_that_is_none_is_told_and_the_usual_one_shown():
    at = open_page(PAGE, data="shop", rule='{"did":5}')
    assert any("rule" in one.value for one in at.warning)
    assert "customers (1.7%) fit" in said(at)


def test_nobody_fitting_is_an_answer():
    at = opened({"all": [{"did": "purchase"}, {"not": {"did": "purchase"}}]})
    assert "**Nobody** of 4,000 customers fits" in said(at)
    assert any("Nobody is left to export" in one.value for one in at.error)


def test_everyone_is_where_there_is_no_condition():
    at = opened()
    at.button(key="audiences.start.Everyone").click().run()
    assert "**all 4,000 customers**" in said(at)
    assert at.query_params["rule"] == "null"


# -- export -----------------------------------------------------------------------------------------------------------


def test_a_file_is_made_with_a_key_that_is_shown_once():
    at = opened({"did": "checkout"}, protected='["region"]')
    next(one for one in at.button if one.label == "Make the file").click().run()
    (key,) = [one.value for one in at.code if len(one.value) == 32]
    assert [one.label for one in at.get("download_button")] == ["Download audience_spring_2025-12-31.csv"]
    at.run()
    assert key not in everything_shown(at)
    assert "Made in this visit" in said(at)
    select(at, "Hold out").set_value(0.2).run()
    assert not at.get("download_button")  # the file is of other settings
    assert not at.exception


def test_a_typed_key_is_kept_nowhere():
    at = opened({"did": "checkout"})
    at.text_input(key="audiences.export.key").set_value("my own long secret")
    next(one for one in at.button if one.label == "Make the file").click().run()
    assert not [one for one in at.code if len(one.value) == 32]
    at.run()
    assert "my own long secret" not in everything_shown(at)
    assert "my own long secret" not in str(at.session_state["audiences.memory"])


def test_a_file_of_customers_is_enough(caplog):
    at = go(upload(open_page(), CUSTOMERS, "people.csv"), PAGE)
    assert "all 4 customers" in said(at)
    next(one for one in at.button if one.label == "Make the file").click().run()
    assert not at.exception
    held = int(holdout(["ana", "cyd", SECRET], campaign="spring").sum())
    assert f"**{3 - held}** of 4 customers may be contacted now; {held} " in said(at)
    assert SECRET not in caplog.text
    assert SECRET not in at.query_params.get("rule", "")


# -- response ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", ["variant", '{"segments":{}}', '{"audience":"x","rule":{"did":"checkout"}}'])
def test_response_is_compared_by_columns_segments_and_audiences(groups):
    at = opened(show="response", groups=groups, response="click")
    assert "messages to 1,077 customers were clicked" in said(at)
    assert at.query_params["groups"] == groups
    assert not at.error


def test_without_contacts_the_section_says_what_it_needs():
    at = open_page(PAGE, data="cdnow", show="response")
    assert "This needs **a table of contacts**" in said(at)


def test_the_first_rule_fits_the_days_of_a_short_file():
    rows = "".join(f"{k},c{k},2026-01-{1 + k % 20:02},10\n" for k in range(40))
    at = go(upload(open_page(), ("order_id,customer_id,order_date,amount\n" + rows).encode(), "orders.csv"), PAGE)
    rule = at.session_state["audiences.rule"]
    assert (rule["status"], rule["days"]) == ("lapsed", 10)
