"""How others would count: every row is a funnel of its own settings, and the settings are what the tools document."""

import ast

import pandas as pd
import pytest

from insight import funnel, funnel_peers, sample
from insight.errors import InsightError, NotEnoughData
from insight.funnel.peers import TOOLS
from tests.logs import log

SHOP = ["visit", "product_view", "add_to_cart", "checkout", "purchase"]
EXCLUDE = {"events": ["payment_error"]}


@pytest.fixture(scope="module")
def shop():
    return sample("shop_events")


def tool(result, name):
    return result.tools[result.tools["tool"] == name].iloc[0]


@pytest.mark.parametrize(
    "asked",
    [
        {"within": "1h"},
        {"within": "7D", "entries": "all", "reentry": "first", "exclude": EXCLUDE},
        {"within": None, "entries": "all", "order": "any"},
        {"within": "3D", "order": "open", "unit": "session"},
        {
            "within": "3D",
            "start": "2025-03-01",
            "end": "2025-05-31",
            "exclude": [EXCLUDE, "search"],
            "as_of": "2025-11-30",
        },
    ],
    ids=str,
)
def test_every_row_is_the_funnel_of_its_settings(shop, asked):
    found = funnel_peers(shop, steps=SHOP, **asked)
    for row in found.tools.itertuples():
        assert ast.literal_eval(repr(row.settings)) == row.settings
        steps = funnel(shop, **row.settings).steps
        last = steps.iloc[-1]
        counted = steps["entered_here"].sum() if "entered_here" in steps else steps["reached"].iloc[0]
        assert (row.reached_first, row.reached_last) == (counted, last["reached"])
        assert (row.overall_conversion, row.ci_low, row.ci_high) == tuple(
            last[["overall_conversion", "ci_low", "ci_high"]]
        )
        assert row.difference == row.overall_conversion - found.tools["overall_conversion"][0]
    ours = funnel(shop, steps=SHOP, **asked)
    pd.testing.assert_frame_equal(found.ours.steps, ours.steps)


def test_the_tools_count_as_they_document(shop):
    found = funnel_peers(shop, steps=SHOP, within="3D", exclude=EXCLUDE, start="2025-02-01", end="2025-10-31")
    settings = {name: tool(found, name)["settings"] for name in ("PostHog", "Mixpanel", "Amplitude", "GA4")}
    usual = {"steps": SHOP, "order": "ordered", "entries": "all", "start": "2025-02-01", "end": "2025-10-31"}

    def excluding(effect):
        return {"exclude": [{"effect": effect, **EXCLUDE}]}

    in_dates = {"as_of": "2025-10-31"}  # later steps, too, have to lie in the chosen dates
    assert settings == {
        "PostHog": usual | {"within": "14D", "reentry": "best"} | excluding("remove") | in_dates,
        "Mixpanel": usual | {"within": "7D", "reentry": "first"} | excluding("drop"),
        "Amplitude": usual | {"within": "1D", "reentry": "best"} | excluding("drop"),
        "GA4": usual | {"within": None, "reentry": "best"} | in_dates,
    }
    assert tool(found, "GA4")["note"] == "It has no exclusion inside a funnel, so the exclusion is left out."


def test_each_tool_says_where_it_documents_that(shop):
    found = funnel_peers(shop, steps=SHOP)
    for name, host in {
        "PostHog": "posthog.com", "Mixpanel": "docs.mixpanel.com", "Amplitude": "amplitude.com",
        "GA4": "developers.google.com",
    }.items():  # fmt: skip
        assert f"https://{host}/" in tool(found, name)["source"]
    assert (found.tools["source"][found.tools["tool"] == "ours"] == "").all()


def test_one_setting_at_a_time_is_changed(shop):
    found = funnel_peers(shop, steps=SHOP, within="7D", exclude=EXCLUDE)
    ours = found.tools[found.tools["tool"] == "ours"]
    base = ours.iloc[0]["settings"]
    changed = [{k: v for k, v in row.settings.items() if base.get(k) != v} for row in ours.iloc[1:].itertuples()]
    assert changed == [
        {"reentry": "first"},
        {"entries": "all"},
        {"order": "strict"},
        {"within": "14D"},
        {"within": "1D"},
        {"exclude": [{"effect": "remove", **EXCLUDE}]},
    ]
    assert ours["changed"].tolist() == ["", "reentry", "entries", "order", "within", "within", "exclude"]


def test_without_a_limit_nobody_is_ever_finished_so_that_change_is_not_offered(shop):
    mature = funnel_peers(shop, steps=SHOP, within="7D").tools
    everyone = funnel_peers(shop, steps=SHOP, within="7D", entries="all").tools
    windows = [[row["within"] for row in own["settings"][own["changed"] == "within"]] for own in (mature, everyone)]
    assert windows[0] == ["14D", "1D"]
    assert windows[1][:2] == ["14D", "1D"]
    assert None in windows[1]


def test_a_tool_with_the_same_settings_has_the_same_number(shop):
    found = funnel_peers(shop, steps=SHOP, within="7D", entries="all", reentry="first")
    same = tool(found, "Mixpanel")
    assert same["changed"] == ""
    assert same["difference"] == 0


def test_a_way_that_cannot_be_counted_says_why():
    found = funnel_peers(log("ana visit 0\nana buy 1\nend x 2"), steps=["visit", "buy"], within="1D").tools
    row = found[(found["changed"] == "within") & (found["tool"] == "ours")].iloc[0]
    assert row["settings"]["within"] == "14D"
    assert "Nobody has had 14 days" in row["note"]
    assert row[["reached_first", "reached_last", "overall_conversion", "ci_low", "difference"]].isna().all()
    assert found[found["tool"] == "PostHog"]["reached_last"].tolist() == [1]  # it counts everyone so far


def test_ours_that_cannot_be_counted_is_refused_as_the_funnel_is():
    with pytest.raises(NotEnoughData, match="Nobody has had 7 days"):
        funnel_peers(log("ana visit 0\nana buy 1"), steps=["visit", "buy"])
    with pytest.raises(InsightError, match="Did you mean 'buy'"):
        funnel_peers(log("ana visit 0\nana buy 1"), steps=["visit", "bye"])


def test_four_customers_show_what_each_default_does():
    """Steps visit, buy. ana buys at once, ben on a second visit, cyd after ten days, dan after forty."""
    events = log(
        "ana visit 0\nana buy 0.1\nben visit 0\nben visit 20\nben buy 20.5\ncyd visit 0\ncyd buy 10\n"
        "dan visit 0\ndan buy 40\nend x 60"
    )
    found = funnel_peers(events, steps=["visit", "buy"]).tools.iloc[:5]
    assert dict(zip(found["tool"], found["reached_last"], strict=True)) == {
        "ours": 2,  # ana, ben
        "PostHog": 3,  # and cyd
        "Mixpanel": 1,  # ana: ben's first attempt took twenty days
        "Amplitude": 2,  # ana, ben
        "GA4": 4,
    }


def test_posthog_removes_who_mixpanel_drops():
    events = log("ana visit 0\nana call 1\nana buy 2\nben visit 0\nben buy 1\nend x 60")
    found = funnel_peers(events, steps=["visit", "buy"], exclude="call").tools.iloc[:4]
    assert [[row.tool, row.reached_first, row.reached_last] for row in found.itertuples()] == [
        ["ours", 2, 1], ["PostHog", 1, 1], ["Mixpanel", 2, 1], ["Amplitude", 2, 1],
    ]  # fmt: skip


def test_there_is_one_row_a_tool():
    assert [one.name for one in TOOLS] == ["PostHog", "Mixpanel", "Amplitude", "GA4"]
