"""Value after acquisition in words and pictures, and on the pages that show it."""

from dataclasses import replace

import pytest
import vl_convert

from insight import acquisition_payback, cohort_roas
from insight.acquisition.claims import Claims
from insight.acquisition.words import WHY, why_missing
from insight.charts import (
    acquisition_payback_curve,
    acquisition_payback_days,
    acquisition_payback_ltv,
    cohort_roas_growth,
    cohort_roas_ranks,
)
from insight.errors import UnknownValue
from insight.explain import (
    acquisition_payback_card,
    acquisition_payback_reading,
    cohort_roas_caption,
    cohort_roas_card,
    cohort_roas_reading,
)
from insight.explain.acquisition import claims_reading
from insight.explain.cells import cell_in_words
from tests.app import go, open_page, upload
from tests.test_acquisition import campaigns_of, orders_of, turning

CAMPAIGNS, COHORTS = "pages/decide/campaigns.py", "pages/explore/cohorts.py"
LOOKS = [("light", True), ("dark", False)]


@pytest.fixture(scope="module")
def turned():
    """ "ads" is in front by first orders, "mail" by day 30; a margin of 40%."""
    return cohort_roas(*turning(), margin=0.4, horizons=[0, 30])


@pytest.fixture(scope="module")
def paid():
    """The same: "ads" pays back at once (12 of margin for 5), "mail" on day 15 to 19 (4 at once, 40 later, for 5)."""
    return acquisition_payback(*turning(), margin=0.4, horizon="30D")


def drawn(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


# -- sentences --------------------------------------------------------------------------------------------------------


def test_the_two_rankings_are_told_in_words(turned):
    assert cohort_roas_reading(turned) == (
        "2 channels acquired 80 customers followed so long: their first orders brought **4.0** per unit of spend, all "
        "that they paid by day 30 **13.0** (95% interval 10.0 to 16.7). Below break-even by first orders, above it by "
        "day 30: **mail**."
        "\n\nBy first orders **ads** is in front, by day 30 **mail**. Places change beyond the intervals: **ads**, "
        "**mail**.\n\nCounted: 80 customers whose first order lies between 1 Jan 2026 and 5 Jan 2026; the first order "
        "says how they came. The orders begin on 1 Jan 2026: who bought before that counts as **new** here. They are "
        "credited to how they came, which is not what would be missing without it."
    )
    assert cohort_roas_caption(turned) == (
        "by channel · 80 customers · acquired 1 Jan 2026 to 5 Jan 2026 · followed until day 30 · the first order"
    )


def test_few_customers_tell_nothing_about_places():
    said = cohort_roas_reading(cohort_roas(*turning(3), margin=None, horizons=[0, 30]))
    assert "2 change places with others whose intervals overlap their own: it **cannot be told**." in said
    assert "depends on your **gross margin**, which is not given" in said


def test_names_without_a_counterpart_are_named():
    orders = orders_of("1,ana,2026-01-01,9,Paid Search\n2,ben,2026-01-01,9,direct\n3,eve,2026-01-01,9,newsleter\n")
    campaigns = campaigns_of("2026-01-01,paid_search,a,5\n2026-01-01,newsletter,b,3\n2026-01-01,tv,c,7\n")
    said = cohort_roas_reading(cohort_roas(orders, campaigns, margin=0.4, horizons=[0]))
    assert "2 of them came under names without a campaign: no spend, so no place in a ranking." in said
    assert r"1 name was matched although it is written differently: Paid Search = paid\_search." in said
    assert "No customer carries these names of campaigns, with a spend of 10.00: **tv**, **newsletter**." in said
    assert "Customers carry names that no campaign has: **direct**, **newsleter**." in said
    assert "Is **newsleter** in the orders the campaign **newsletter**?" in said


def test_payback_is_told_in_words(paid):
    said = acquisition_payback_reading(paid)
    assert said.startswith(
        "At a margin of 40% customers of **ads** pay back what they cost on the first day. Those of **mail** have by "
        "**day 15**.\n\nA customer costs 5.00 on average (all cost: spend, other cost and what comes on top); 5.00 if "
        "those are counted who came without a campaign. Within 30 days customers of **ads**, **mail** were worth more "
        "than they cost."
    )


def test_the_cards_hold_the_numbers(turned, paid):
    assert cohort_roas_card(turned).formula.endswith(r"= \frac{5{,}200}{400} = 13.0")
    assert r"= \frac{200}{40} = 5.0" in acquisition_payback_card(paid).formula
    assert acquisition_payback_card(paid).formula.endswith(r"= \frac{12.0}{5.0} = 2.4")


def test_claims_are_flagged_where_they_exceed_the_orders():
    assert "some are **counted twice**" in claims_reading(Claims(12, 10, "2026-01-01", "2026-01-31"))
    assert claims_reading(Claims(8, 10, "2026-01-01", "2026-01-31")) == (
        "The campaigns claim 8 of the 10 orders from 1 Jan 2026 to 31 Jan 2026."
    )


def test_every_reason_has_words_and_people_are_told_by_what_they_did():
    assert all(why_missing(why) != why for why in WHY)
    assert cell_in_words("cohort_roas", {}, {"acquired_by": "ads", "days_after": 90}) == (
        "were acquired by ads at least 90 days ago"
    )
    assert cell_in_words("acquisition_payback", {}, {"acquired_by": "ads", "paid_back": False}) == (
        "were acquired by ads and have not paid back yet"
    )


# -- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theme", "narrow"), LOOKS)
def test_the_pictures_are_drawn_in_every_look(theme, narrow, turned, paid):
    look = {"theme": theme, "narrow": narrow}
    charts = [cohort_roas_growth(turned, **look), cohort_roas_ranks(turned, **look)]
    charts += [draw(paid, **look) for draw in (acquisition_payback_days, acquisition_payback_ltv)]
    charts.append(acquisition_payback_curve(paid, of="mail", **look))
    for chart in charts:
        assert "NaN" not in vl_convert.vegalite_to_svg(chart.to_dict())


def test_the_pictures_say_their_numbers_in_words(turned, paid):
    assert cohort_roas_growth(turned).to_dict()["description"] == (
        "ROAS of first orders → by day 30: mail 2.0 → 20.0; ads 6.0 → 6.0."
    )
    assert cohort_roas_ranks(turned).to_dict()["description"] == "Places: ads 1 → 2 (down); mail 2 → 1 (up)."
    assert acquisition_payback_days(paid).to_dict()["description"] == "Payback: ads day 0; mail day 15."
    assert "ads 2.4 (" in acquisition_payback_ltv(paid).to_dict()["description"]
    labels = {row.get("label") for row in drawn(acquisition_payback_curve(paid, of="mail"))}
    assert "paid back: day 15" in labels
    with pytest.raises(UnknownValue, match="tv"):
        acquisition_payback_curve(paid, of="tv")


def test_break_even_stands_at_its_place_and_a_small_sample_is_hollow():
    chart = cohort_roas_growth(cohort_roas(*turning(3), margin=0.4, horizons=[0, 30]))
    assert {round(row["at_even"], 6) for row in drawn(chart) if "at_even" in row} == {0.39794}  # log10 of 2.5
    assert any("Hollow" in str(row.get("note")) for row in drawn(chart))


def test_where_there_is_nothing_to_draw_the_picture_says_why():
    orders, campaigns = orders_of("1,ana,2026-01-01,9,x\n"), campaigns_of("2026-01-01,ads,a,0\n")
    nobody, unpaid = cohort_roas(orders, campaigns, margin=0.4), acquisition_payback(orders, campaigns, margin=0.4)
    for chart in (cohort_roas_growth(nobody), cohort_roas_ranks(nobody), acquisition_payback_days(unpaid)):
        assert chart.to_dict()["description"].startswith(("There is no", "There are not", "Nobody"))
    assert acquisition_payback_curve(unpaid).to_dict()["description"].startswith("There is no curve")
    assert "there is no ROAS of acquired customers" in cohort_roas_reading(nobody)


# -- the pages --------------------------------------------------------------------------------------------------------


def test_the_campaigns_page_shows_value_later():
    at = open_page(CAMPAIGNS, data="shop", by="channel", show="later", margin="0.4")
    assert not at.error
    assert any("6 channels acquired 117 customers" in markdown.value for markdown in at.markdown)
    table = at.dataframe[0].value.set_index("Channel")
    assert table.loc["paid_search", "Day 0"] == "1.7 (1.2 to 2.7) · 50"
    assert "Day 365" not in table
    at.selectbox(key="campaigns.at").set_value(30).run()
    assert any("by day 30" in markdown.value for markdown in at.markdown)
    at = open_page(CAMPAIGNS, data="shop", show="later")
    assert any("first touch among the events says how they came" in markdown.value for markdown in at.markdown)


def test_what_a_row_of_the_campaigns_is_can_be_chosen_and_names_of_another_column_are_left_out():
    at = open_page(CAMPAIGNS, data="shop", by="channel", show="later", margin="0.4")
    assert not any("taken as **" in markdown.value for markdown in at.markdown)  # a row a day: nothing to doubt
    at.session_state["campaigns.same"] = [{"written_as": "goog", "counted_as": "paid_search"}]
    at.selectbox(key="campaigns.rows_as").set_value("totals").run()
    assert not at.exception
    assert any("are taken as **totals**" in markdown.value for markdown in at.markdown)
    assert any("goog is no name here: what you said of it is left out." in markdown.value for markdown in at.markdown)
    at = open_page(CAMPAIGNS, data="shop", by="channel", show="payback", margin="0.4")
    at.selectbox(key="campaigns.rows_as").set_value("periods").run()
    assert any("are taken as **weeks or months**" in markdown.value for markdown in at.markdown)


def test_the_campaigns_page_shows_payback_once_the_margin_is_known():
    at = open_page(CAMPAIGNS, data="shop", by="channel", show="payback")
    assert any("LTV:CAC and payback need **your gross margin**" in markdown.value for markdown in at.markdown)
    at.number_input[0].set_value(40).run()
    assert not at.exception
    assert any("Those of **social** have **not yet**" in markdown.value for markdown in at.markdown)
    assert at.dataframe[0].value.set_index("Channel").loc["social", "May cost"] == "24.07 EUR"
    at.slider(key="campaigns.target").set_value(50).run()
    assert at.dataframe[0].value.set_index("Channel").loc["social", "May cost"] == "12.04 EUR"


def test_the_cohorts_page_shows_payback_of_each_channel():
    at = open_page(COHORTS, data="shop", show="revenue", margin="0.4")
    assert not at.error
    assert any("Those of **social** have **not yet**" in markdown.value for markdown in at.markdown)


def test_without_orders_the_page_says_what_is_missing():
    rows = b"date,channel,campaign,spend,clicks,revenue\n2026-01-01,ads,a,10,3,9\n2026-01-02,ads,a,10,3,9\n"
    at = upload(open_page(), rows, "campaigns.csv")
    at.session_state["campaigns.show"] = "later"
    assert any("needs a table of **orders**" in markdown.value for markdown in go(at, CAMPAIGNS).markdown)


def test_amounts_in_two_currencies_are_added_at_the_stated_rate():
    mixed = b"date,campaign,spend,clicks,revenue,currency\n2026-01-01,a,100,3,300,USD\n2026-01-02,b,100,2,200,EUR\n"
    at = go(upload(open_page(), mixed, "mixed.csv"), CAMPAIGNS)
    assert "several currencies" in at.error[0].value
    rate = next(own for own in at.number_input if own.label.startswith("1 "))
    rate.set_value(1.5).run()
    assert not at.error
    assert not at.exception
    assert rate.label in ("1 EUR in USD", "1 USD in EUR")
    assert at.markdown[0].value.startswith("2 campaigns cost 250 ")


def test_a_model_is_asked_for_with_a_switch_and_the_customer_value_page_has_it_at_once():
    at = open_page(CAMPAIGNS, data="shop", by="channel", show="payback", margin="0.4", horizon="365D")
    assert "Expected by a model" not in at.dataframe[0].value
    at.toggle(key="campaigns.model").set_value(True).run()
    assert not at.exception
    table = at.dataframe[0].value.set_index("Channel")
    assert table.loc["display", "Expected by a model"] == "–"
    assert table.loc["brand_search", "Expected by a model"].startswith("9")
    at = open_page("pages/decide/clv.py", data="shop", show="payback", margin="0.4")
    assert any("A model expects an LTV:CAC within 365 days of: **brand" in markdown.value for markdown in at.markdown)


def test_a_filter_is_left_out_where_it_would_make_old_customers_new():
    at = open_page(CAMPAIGNS, data="shop", by="channel", show="later", margin="0.4", **{"from": "2025-06-01"})
    assert any("The filter is left out here" in markdown.value for markdown in at.markdown)
    assert any("6 channels acquired 117 customers" in markdown.value for markdown in at.markdown)


def test_a_first_day_that_is_not_sure_is_not_said_to_be(paid):
    unsure = replace(paid, rows=paid.rows.assign(payback_latest=float("nan")))
    said = acquisition_payback_reading(unsure)
    assert "pay back what they cost on the first day" not in said
    assert said.startswith("Those of **ads** have by **day 0** (between day 0 and later than the data).")
