"""The Attribution page, its sentences and pictures, and the people behind its numbers."""

import numpy as np
import pandas as pd
import pytest

from insight import members, read_orders
from insight.attribution import MODELS
from insight.attribution.channels import AttributionOf, attribution_of
from insight.attribution.members import _joined, _people, attribution_members
from insight.attribution.touches import touch_paths
from insight.charts import attribution_credits, attribution_paths, attribution_ranges
from insight.errors import InsightError, UnknownValue
from insight.explain import attribution_caption, attribution_card, attribution_reading
from insight.log import prepare_log
from tests.app import everything_shown, go, open_page, upload
from tests.logs import log

PAGE = "pages/decide/attribution.py"
TWO = """
ana see 0 ads
ana see 2 mail
ana purchase 3 -
ben see 0 ads
ben purchase 90 -
eve see 0 mail
eve see 95 ads
"""


def result_of(**more):
    """An attribution as if computed: ads between 20 and 60 %, mail the rest of 100 conversions."""
    columns = [
        *("channel", "share_low", "share_high", "lowest_model", "highest_model", "model_dependent", "conversions"),
        *("value", "share", "conversions_low", "conversions_high", "removal_effect"),
    ]
    rows = [
        ("mail", 0.4, 0.8, "last", "first", False, 60.0, 600.0, 0.6, 50.0, 70.0, 0.9),
        ("ads", 0.2, 0.6, "first", "last", True, 40.0, 400.0, 0.4, 30.5, 49.5, 0.6),
    ]
    credits = pd.DataFrame(
        [(model, channel, 50.0, 500.0, 0.5) for model in MODELS for channel in ("mail", "ads")],
        columns=["model", "channel", "conversions", "value", "share"],
    )
    paths = pd.DataFrame({"path": ["ads > mail", "mail"], "conversions": [70, 30], "value": [700.0, 300.0],
                          "nulls": [10, 20], "open": [1, 4]})  # fmt: skip
    usual = {
        "n_conversions": 100, "total_value": 1000.0, "currency": "EUR", "unattributed": 0, "nulls": 30, "open": 5,
        "n_states": 2, "rare_states": 0.0, "left_out": 0, "days_beyond": 0, "data_start": "2026-01-01",
        "as_of": "2026-06-30", "touches": "events", "not_bought": 0, "conversion": "purchase",
        "model": "markov", "order": 1,
        "lookback": "30D", "half_life": "7D", "touch": None, "session_gap": "30min", "direct": ["direct"], "draws": 200,
        "seed": 0, "level": 0.95,
    }  # fmt: skip
    tables = {"channels": pd.DataFrame(rows, columns=columns), "credits": credits, "paths": paths}
    return AttributionOf(**tables | usual | more)


# -- the answer -------------------------------------------------------------------------------------------------------


def test_the_range_of_a_channel_is_that_of_its_shares_over_all_models():
    found = attribution_of(log(TWO), conversion="purchase", draws=0)
    shares = found.credits.pivot(index="channel", columns="model", values="share")
    assert set(shares.columns) == set(MODELS)
    ads = found.channels.set_index("channel").loc["ads"]
    assert (ads["share_low"], ads["share_high"]) == (shares.loc["ads"].min(), shares.loc["ads"].max())
    assert (found.n_conversions, found.unattributed, found.nulls, found.open) == (2, 1, 2, 1)
    assert found.channels["channel"].tolist()[-1] == "(unattributed)"


def test_every_model_shares_out_all_conversions_and_all_value():
    found = attribution_of(log(TWO), conversion="purchase", draws=0)
    assert found.credits.groupby("model")["conversions"].sum().tolist() == pytest.approx([2] * len(MODELS))


def test_orders_are_the_conversions_where_no_event_is_named():
    orders = read_orders(b"order,customer,date,total\n1,ana,2026-01-04 00:00,10.10\n")
    found = attribution_of(log(TWO), orders, draws=0)
    assert (found.n_conversions, found.total_value, found.touches) == (1, 10.1, "events")
    assert attribution_of(log(TWO), orders, conversion="purchase", draws=0).n_conversions == 2


def test_without_a_conversion_to_look_for_the_way_out_is_named():
    with pytest.raises(InsightError, match='conversion="purchase"'):
        attribution_of(log(TWO))
    with pytest.raises(InsightError, match="Nobody converted"):
        attribution_of(log(TWO), conversion="purchase", draws=0, as_of="2026-01-02")
    with pytest.raises(InsightError, match="above zero"):
        attribution_of(log(TWO), read_orders(b"order,customer,date,total\n1,zoe,2026-01-04,-1\n"))


def test_orders_in_several_currencies_are_refused():
    orders = read_orders(b"order,customer,date,total\n1,ana,2026-01-04,$5\n2,ana,2026-01-05,5 EUR\n")
    with pytest.raises(InsightError, match="several currencies"):
        attribution_of(log(TWO), orders)


def test_rows_after_the_last_day_are_left_out_and_counted():
    found = attribution_of(log(TWO), conversion="purchase", draws=0, as_of="2026-01-31")
    assert (found.n_conversions, found.left_out, found.as_of) == (1, 2, "2026-01-31")


# -- people -----------------------------------------------------------------------------------------------------------


def test_the_people_of_a_channel_are_those_whose_journeys_hold_it():
    asked = {"conversion": "purchase"}
    assert attribution_members(log(TWO), asked, {"channel": "ads", "ended": "converted"}) == ["ana"]
    assert attribution_members(log(TWO), asked, {"channel": "ads", "ended": "null"}) == ["ben"]
    assert attribution_members(log(TWO), asked, {"channel": "ads", "ended": "open"}) == ["eve"]
    assert attribution_members(log(TWO), asked, {"path": "ads > mail", "ended": "converted"}) == ["ana"]
    assert attribution_members(log(TWO), asked, {"path": "", "ended": "converted"}) == ["ben"]
    assert attribution_members(log(TWO), asked, {"ended": "converted"}) == ["ana", "ben"]


def test_a_channel_is_not_found_inside_the_name_of_another():
    events = log("ana see 0 paid_ads\nana purchase 1 -\nben see 0 ads\nben purchase 1 -")
    assert attribution_members(events, {"conversion": "purchase"}, {"channel": "ads", "ended": "converted"}) == ["ben"]


def test_where_each_customer_has_one_journey_there_are_as_many_people_as_journeys():
    rng = np.random.default_rng(5)
    text = "\n".join(
        f"c{k} see {t} {rng.choice(['ads', 'mail', 'seo'])}" for k in range(60) for t in rng.uniform(0, 9, 2)
    ) + "".join(f"\nc{k} purchase 10 -" for k in range(0, 60, 3))  # fmt: skip
    events, asked = log(text), {"conversion": "purchase", "lookback": "10D"}
    for path, won in touch_paths(events, **asked)[["path", "conversions"]].itertuples(index=False):
        assert len(attribution_members(events, asked, {"path": path, "ended": "converted"})) == won


def test_the_people_are_the_same_however_customers_are_split():
    events, cell = log(TWO), {"channel": "ads", "ended": "null"}
    asked = {"conversion": "purchase", "lookback": "30D", "half_life": "7D", "touch": None, "session_gap": None}
    asked |= {"as_of": None}
    parts = [part for _who, part in events.frame.groupby("customer_id")]
    logs = [prepare_log(part.reset_index(drop=True), events=events.facts.events) for part in parts]
    found = _joined([_people(part, events.facts, asked, cell) for part in logs[::-1]])
    assert found == (True, attribution_members(events, {**asked}, cell))


def test_orders_reach_the_people_through_the_catalog():
    orders = read_orders(b"order,customer,date,total\n1,eve,2026-01-04 00:00,10.10\n")
    tables = {"events": log(TWO), "orders": orders}
    assert members("attribution", tables, {}, {"channel": "mail", "ended": "converted"}) == ["eve"]


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"channel": "ads"},
        {"ended": "won"},
        {"ended": "null", "channel": "tv"},
        {"ended": "null", "step": 1},
        {"ended": "null", "channel": "a", "path": "a"},
    ],
)
def test_a_cell_that_is_none_is_refused(cell):
    with pytest.raises((InsightError, UnknownValue)):
        attribution_members(log(TWO), {"conversion": "purchase"}, cell)


# -- sentences --------------------------------------------------------------------------------------------------------


def test_the_reading_gives_the_range_the_dependent_channels_and_ends_with_the_caveat():
    said = attribution_reading(result_of()).split("\n\n")
    assert said[0] == (
        "**mail** gets the most credit: **40.0–80.0%** of 100 conversions, depending on the model. By the model "
        "“Markov chain” it is 60.0 of them (95% interval 50.0 to 70.0). More than twice as much under one model as "
        "under another: **ads** (20.0–60.0%)."
    )
    assert said[1] == (
        "30 journeys ended without a conversion. 5 may still convert and are left out of the chain. A touch counts up "
        "to 30 days before a conversion, which is **purchase**."
    )
    assert said[2].startswith("**None of this is causal**")


def agreeing(*rows, path="ads"):
    """An attribution in which all models give a channel the same: (channel, share)."""
    channels = result_of().channels.iloc[[0] * len(rows)].reset_index(drop=True)
    names, shares = zip(*rows, strict=True)
    shares = pd.Series(shares)
    columns = {"channel": names, "share_low": shares, "share_high": shares + 0.0002, "lowest_model": ""}
    columns |= {"highest_model": "", "model_dependent": False, "share": shares, "conversions": 100 * shares}
    paths = result_of().paths.assign(path=[path, "mail"])
    return result_of(channels=channels.assign(**columns), paths=paths)


def test_where_all_models_agree_that_is_said_and_why_and_a_tie_is_a_tie():
    tie = attribution_reading(agreeing(("organic", 0.343), ("paid_search", 0.343), ("mail", 0.314)))
    assert tie.startswith(
        "**All 8 models agree**: every journey has one channel only, so there is nothing to divide. **organic** and "
        "**paid\\_search** get the most credit: **34.3%** of 100 conversions each.\n\n"
    )
    alone = agreeing(("ads", 0.7), ("mail", 0.3), path="ads > mail")
    assert attribution_reading(alone).startswith(
        "**All 8 models agree** here. **ads** gets the most credit: **70.0%** of 100 conversions."
    )
    assert "ads 70.0%; mail 30.0%" in attribution_ranges(alone).to_dict()["description"]
    assert "the same under every model" in {row.get("ends") for row in drawn(attribution_ranges(alone))}


def test_the_reading_says_what_weakens_a_chain():
    said = attribution_reading(result_of(n_states=200, rare_states=0.76, nulls=0, direct=["Mail"], unattributed=4))
    assert "Of the 200 states of the Markov chain, 76% were seen fewer than ten times: a lower order is safer." in said
    assert "the Markov chain overstates short paths" in said
    assert "**mail** is no channel" in said
    assert "4 conversions (4.0%) had no touch in time: unattributed." in said


def test_few_conversions_are_not_shared_out():
    few = result_of(n_conversions=9)
    assert attribution_reading(few).startswith("**9** conversions are too few to share out")
    for chart in (attribution_ranges, attribution_credits):
        assert chart(few).to_dict()["description"] == "9 conversions are too few to share out."
    assert "This is a small sample, fewer than 30 conversions." in attribution_reading(result_of(n_conversions=29))


def test_a_name_of_a_channel_cannot_format_the_sentence():
    channels = result_of().channels.assign(channel=["**bold** <b>", "ads"])
    assert r"\*\*bold\*\* \<b\>" in attribution_reading(result_of(channels=channels))


def test_the_caption_says_what_was_counted():
    assert attribution_caption(result_of(conversion=None)) == (
        "100 conversions · conversion: an order · touches up to 30 days before · 1 Jan 2026 to 30 Jun 2026 · not causal"
    )


def test_the_card_fills_the_formula_with_the_numbers_of_the_largest_channel():
    card = attribution_card(result_of())
    assert card.formula.endswith(r"100 \cdot \frac{0.900}{1.500} = 60.0")
    assert "They are worth 1,000 EUR." in card.sentences
    for model in MODELS:
        assert attribution_card(result_of(model=model)).formula


# -- pictures ---------------------------------------------------------------------------------------------------------


def drawn(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


@pytest.mark.parametrize("narrow", [True, False])
def test_every_model_has_a_line_on_every_channel_and_the_one_in_front_a_dot(narrow):
    by_model = {model: 0.2 + 0.05 * number for number, model in enumerate(MODELS)}
    credits = result_of().credits
    credits = credits.assign(share=credits["model"].map(by_model))
    chart = attribution_ranges(result_of(credits=credits), narrow=narrow).to_dict()
    rows = {layer["mark"]["type"]: chart["datasets"][layer["data"]["name"]] for layer in chart["layer"]}
    assert [round(row["share"], 2) for row in rows["tick"]] == [
        round(by_model[m], 2) for m in MODELS for _channel in "ab"
    ]
    assert [row["share"] for row in rows["circle"]] == [0.6, 0.4]
    hit = next(layer for layer in chart["layer"] if "tooltip" in layer["encoding"])
    named = {
        one["title"]: chart["datasets"][hit["data"]["name"]][0][one["field"]] for one in hit["encoding"]["tooltip"]
    }
    assert list(named)[:4] == ["Channel", "Share, over all models", "Note", "Markov chain"]
    assert (named["First touch"], named["Markov chain"], len(named)) == ("20.0%", "55.0%", 3 + len(MODELS))


def test_the_pictures_say_their_numbers_in_words():
    assert attribution_ranges(result_of()).to_dict()["description"] == (
        "Share of the conversions: mail 40.0–80.0%; ads 20.0–60.0%."
    )
    assert attribution_credits(result_of()).to_dict()["description"] == (
        "Conversions by Markov chain: mail 60.0 (50.0 to 70.0); ads 40.0 (30.5 to 49.5)."
    )
    assert attribution_paths(result_of()).to_dict()["description"] == (
        "Paths: ads → mail: 70 of 81 journeys; mail: 30 of 54 journeys."
    )


def test_a_rule_has_no_interval_to_draw():
    none = result_of().channels.assign(conversions_low=np.nan, conversions_high=np.nan)
    words = attribution_credits(result_of(model="last", channels=none)).to_dict()["description"]
    assert words == "Conversions by Last touch: mail 60.0; ads 40.0."


# -- the page ---------------------------------------------------------------------------------------------------------


def said(at):
    return " ".join(markdown.value for markdown in at.markdown)


def test_the_page_opens_on_its_sentence_and_its_settings_move_it():
    at = open_page(PAGE, data="shop")
    assert at.markdown[0].value.startswith("**direct** gets the most credit: **31.4–39.3%** of 1,214 conversions")
    at.selectbox(key="attribution.model").set_value("first").run()
    assert not at.exception
    assert "By the model “First touch” it is 449 of them." in at.markdown[0].value
    assert at.query_params["model"] in ("first", ["first"])
    at.selectbox(key="attribution.conversion").set_value("add_to_cart").run()
    assert "which is **add\\_to\\_cart**" in at.markdown[0].value
    at.slider(key="attribution.order").set_value(3).run()
    assert not at.exception
    assert "of them seen fewer than 10 times" in said(at)


def test_the_table_of_a_model_is_sorted_as_its_picture():
    shown = open_page(PAGE, data="shop", show="credits", model="first").dataframe[0].value["Conversions"]
    numbers = shown.str.replace(",", "").astype(float).tolist()
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize("show", ["models", "paths"])
def test_every_tab_opens(show):
    at = open_page(PAGE, data="shop", show=show)
    assert at.dataframe


def test_the_people_of_a_channel_are_listed():
    at = open_page(PAGE, data="shop", conversion="purchase")
    at.selectbox(key="attribution.people.of").set_value("converted after a touch of social").run()
    assert not at.exception
    assert "**62** customers converted after a touch of social." in said(at)
    assert "Their journeys with social ended in **" in said(at)


def test_events_without_a_channel_are_told_what_they_need():
    at = go(upload(open_page()), PAGE)
    assert "does not say through which channel" in at.info[0].value


def test_of_events_alone_the_event_that_looks_like_a_goal_is_the_conversion():
    text = "customer_id,event,timestamp,channel\n" + "".join(
        f"c{k},visit,2026-01-{k % 20 + 1:02} 10:00,{('ads', 'mail')[k % 2]}\n"
        f"c{k},purchase,2026-01-{k % 20 + 2:02} 10:00,\n" for k in range(40)
    )  # fmt: skip
    at = go(upload(open_page(), text.encode()), PAGE)
    assert at.selectbox(key="attribution.conversion").value == "purchase"
    assert "of 40 conversions" in everything_shown(at)


def test_the_people_behind_a_journey_are_told_in_words():
    from insight.explain.cells import cell_in_words

    assert cell_in_words("attribution", {}, {"channel": "ads", "ended": "null"}) == (
        "had a touch of ads and did not convert"
    )


PATHS = b"path,conversions,nulls,value\n" + b"".join(
    b"%s,%d,%d,%d\n" % (path, won, 3 * won, 10 * won)
    for path, won in ((b"ads > mail", 40), (b"mail", 25), (b"search > ads > mail", 9), (b"search", 30))
)


def test_a_table_of_paths_is_shared_out_without_inputs_that_make_paths():
    at = go(upload(open_page(), PATHS), PAGE)
    shown = everything_shown(at)
    assert "**mail** gets the most credit: **" in shown
    assert "of 104 conversions" in shown
    assert "The paths are those of the file" in shown
    assert "The file does not name the currency of the values." in shown
    assert [box.key for box in at.selectbox if box.key.startswith("attribution.")] == [
        "attribution.model", "attribution.level"
    ]  # fmt: skip
    assert "Time decay" not in at.selectbox(key="attribution.model").options
    assert not at.exception


def test_where_contacts_have_channels_they_may_be_the_touches():
    at = open_page(PAGE, data="shop")
    assert at.selectbox(key="attribution.of").options == ["Events", "Contacts"]
    at.selectbox(key="attribution.conversion").set_value("add_to_cart").run()
    at.selectbox(key="attribution.of").set_value("contacts").run()
    assert not at.exception
    assert at.selectbox(key="attribution.conversion").value == 0
    assert "**All 8 models agree**" in at.markdown[0].value
    assert at.query_params["of"] in ("contacts", ["contacts"])
    at.selectbox(key="attribution.people.of").set_value("converted after a touch of email").run()
    assert not at.exception
    assert "customers converted after a touch of email." in said(at)
