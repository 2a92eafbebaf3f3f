"""The Campaigns page, its sentences and its pictures."""

import pandas as pd
import pytest

from insight import campaign_ranking, campaign_results, campaign_trend, read_campaigns
from insight.campaigns.words import why_words
from insight.charts import (
    campaign_ranking_rates,
    campaign_results_profit,
    campaign_results_roas,
    campaign_trend_line,
)
from insight.errors import UnknownValue
from insight.explain import (
    campaign_ranking_card,
    campaign_ranking_reading,
    campaign_results_caption,
    campaign_results_card,
    campaign_results_reading,
    campaign_trend_reading,
)
from tests.app import go, open_page, upload

PAGE = "pages/decide/campaigns.py"
TOTALS = b"""date,campaign,spend,clicks,impressions,conversions,revenue
2026-01-01,spring,1000,500,9000,20,3000
2026-01-01,mail,0,40,400,2,90
2026-01-01,tv,800,0,0,0,0
"""


def table(rows, header="date,campaign,spend,clicks,conversions,revenue"):
    return read_campaigns(f"{header}\n{rows}".encode())


def daily(name, spend, revenue, days=20, clicks=30, conversions=3):
    """Days that differ a little, so that an interval has something to say."""
    return "".join(
        f"2026-01-{d + 1:02},{name},{spend + d % 3},{clicks},{conversions},{revenue + 3 * (d % 4)}\n"
        for d in range(days)
    )


def drawn(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


# -- sentences --------------------------------------------------------------------------------------------------------


def test_every_reason_has_words():
    for why in ["no_impressions", "no_clicks", "no_conversions", "no_new_customers", "no_cost", "no_margin",
                "needs_daily_rows", "unbounded", "no_column_revenue", "more_conversions_than_clicks"]:  # fmt: skip
        assert why_words(why)
    assert why_words("") == ""


def test_one_row_a_campaign_gives_figures_without_intervals_and_says_so():
    said = campaign_results_reading(campaign_results(read_campaigns(TOTALS), margin=0.4)).split("\n\n")
    assert said[0] == (
        "3 campaigns cost 1,800 and brought 3,090: a ROAS of **1.7** on the spend (no interval: needs ten days of "
        "rows). At a margin of 40% that is a profit of **−564**, a ROI of −31%."
    )
    assert said[1] == (
        "The revenue is what the file credits to each campaign, not what would be missing without it. 1 of them cost "
        "nothing and has no ROAS. 2 have fewer than ten days of rows, so nothing is known of how sure their ROAS is. 2 "
        "have fewer than 10 conversions: read their intervals."
    )


def test_without_a_margin_nothing_is_said_of_profit_and_the_margin_is_asked_for():
    said = campaign_results_reading(campaign_results(read_campaigns(TOTALS), margin=None))
    assert "it depends on your **gross margin**, which is not given" in said
    assert "ROI" not in said


def test_who_earns_and_who_loses_is_told_by_the_interval():
    found = campaign_results(table(daily("good", 10, 100) + daily("bad", 100, 20)), margin=0.5)
    said = campaign_results_reading(found)
    assert "Earning money: **good**. Losing it: **bad**." in said
    close = campaign_results(table(daily("close", 50, 98)), margin=0.5)
    assert close.rows["roi_low"][0] < 0 < close.rows["roi_high"][0]
    assert "Of 1 the interval holds 0: it cannot be told." in campaign_results_reading(close)


def test_what_the_rows_are_is_said_by_its_column():
    found = campaign_results(read_campaigns(TOTALS.replace(b"campaign", b"channel")), by="channel", margin=0.4)
    assert campaign_results_reading(found).startswith("3 channels cost")
    assert campaign_results_caption(found) == "by channel · margin 40% · 1 Jan 2026 to 1 Jan 2026 · attributed revenue"


def test_a_name_cannot_format_the_sentence():
    found = campaign_results(table(daily("**x** <b>", 10, 100)), margin=0.5)
    assert r"\*\*x\*\* \<b\>" in campaign_results_reading(found)


def test_the_card_fills_roas_and_roi_with_the_totals():
    card = campaign_results_card(campaign_results(read_campaigns(TOTALS), margin=0.4))
    assert r"\frac{3{,}090}{1{,}800} = 1.7" in card.formula
    assert card.formula.endswith(r"\frac{0.4 \cdot 3{,}090 - 1{,}800}{1{,}800} = -31\%")


@pytest.mark.parametrize(
    ("rows", "verdict", "words"),
    [
        ("a,1,1000,100\nb,1,1000,10\n", "better", "**a** has the best conversion rate: 10.1%"),
        ("a,1,1000,50\nb,1,1000,38\n", "leaning", "Probably **a** has the best conversion rate"),
        ("a,1,1000,50\nb,1,1000,48\n", "cannot_tell", "**cannot be told yet**: **a** is in front"),
    ],
)
def test_the_verdict_of_a_ranking_is_said_in_words(rows, verdict, words):
    text = "".join(f"2026-01-01,{line}\n" for line in rows.split())
    found = campaign_ranking(table(text, "date,campaign,spend,clicks,conversions"))
    assert found.verdict == verdict
    assert words in campaign_ranking_reading(found)
    if verdict != "better":
        assert "more clicks each would tell it from **b**" in campaign_ranking_reading(found)


def test_rates_that_differ_no_more_than_chance_have_no_best():
    text = "".join(f"2026-01-01,c{k},1,1000,{50 + k % 2}\n" for k in range(6))
    found = campaign_ranking(table(text, "date,campaign,spend,clicks,conversions"))
    assert campaign_ranking_reading(found).startswith("No difference can be found: the conversion rate differs")


def test_a_campaign_that_nobody_clicked_on_is_not_the_best_one():
    found = campaign_ranking(read_campaigns(TOTALS))
    assert found.rows["campaign"].tolist() == ["mail", "spring", "tv"]
    assert found.rows["p_best"].isna().tolist() == [False, False, True]
    assert "**mail** is in front" in campaign_ranking_reading(found)


def test_a_campaign_in_which_everything_succeeds_is_doubted():
    text = "2026-01-01,a,1,50,50\n2026-01-01,b,1,1000,48\n"
    found = campaign_ranking(table(text, "date,campaign,spend,clicks,conversions"))
    assert campaign_ranking_reading(found).startswith(
        "**a** stands first with 50 conversions of 50 clicks, which **can hardly be right**: look at how that is "
        "counted before you believe it. "
    )
    others = campaign_ranking(table(text + "2026-01-01,c,1,1,1\n", "date,campaign,spend,clicks,conversions"))
    assert "Of **c** nearly every one succeeds" in campaign_ranking_reading(others)
    every = table("2026-01-01,a,1,9,9\n2026-01-01,b,1,9,9\n", "date,campaign,spend,clicks,conversions")
    every = campaign_ranking(every)
    assert "hardly" not in campaign_ranking_reading(every)
    assert r"\frac{50 + 1.00}{50 + 2.00} = 98.1\%" in campaign_ranking_card(found).formula


# -- what a click may cost --------------------------------------------------------------------------------------------


def test_a_click_may_cost_margin_times_order_value_times_conversion_rate():
    row = campaign_results(read_campaigns(TOTALS), margin=0.4).rows.set_index("campaign").loc["spring"]
    assert row["max_cpc"] == pytest.approx(0.4 * (3000 / 20) * (20 / 500))
    assert (row["max_cpc"] > row["cpc"]) == (row["profit"] > 0)
    assert campaign_results(read_campaigns(TOTALS), margin=None).rows["max_cpc_why"].unique().tolist() == ["no_margin"]


# -- pictures ---------------------------------------------------------------------------------------------------------


def test_the_roas_stands_on_an_axis_of_factors_and_break_even_at_its_place():
    found = campaign_results(table(daily("good", 10, 100) + daily("bad", 100, 20)), margin=0.5)
    rows = drawn(campaign_results_roas(found))
    even = {round(row["even"], 6) for row in rows if "even" in row}
    assert even == {round(0.30103, 6)}  # a factor of 2
    good = next(row["rate"] for row in rows if "rate" in row and row["rate"] > 0)
    assert 10**good == pytest.approx(found.rows.set_index("campaign").loc["good", "roas"])


def test_the_pictures_say_their_numbers_in_words():
    found = campaign_results(read_campaigns(TOTALS), margin=0.4)
    assert campaign_results_roas(found).to_dict()["description"] == (
        "ROAS: spring 3.0 · no interval: needs ten days of rows; tv 0 · no interval: needs ten days of rows; mail – · "
        "nothing was spent."
    )
    words = campaign_results_profit(found, narrow=True).to_dict()["description"]
    assert words.startswith("Profit: spring 200 · no interval")
    rank = campaign_ranking_rates(campaign_ranking(read_campaigns(TOTALS)), theme="dark").to_dict()["description"]
    assert rank == "Conversions per click: mail 7.1% (1.5–16.5%); spring 4.2% (2.6–6.1%); tv –."


def test_where_there_is_nothing_to_draw_the_picture_says_why():
    none = campaign_results(read_campaigns(TOTALS), margin=None)
    assert campaign_results_profit(none).to_dict()["description"] == "There is no profit to draw: needs your margin."
    spent = read_campaigns(b"date,campaign,spend,clicks\n2026-01-01,a,5,3\n")
    found = campaign_results(spent, margin=0.5)
    assert campaign_results_roas(found).to_dict()["description"] == "There is no ROAS: it needs revenue, and spend."
    assert "there is no ROAS: the file has no revenue" in campaign_results_reading(found)


def test_many_campaigns_are_cut_and_the_rest_is_counted():
    text = "".join(f"2026-01-01,c{k},{k + 1},10,1,20\n" for k in range(40))
    rows = drawn(campaign_results_roas(campaign_results(table(text), margin=0.5)))
    assert "and 15 more with less spend" in {row.get("note") for row in rows}


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_asks_for_the_margin_and_never_takes_one_for_granted():
    at = open_page(PAGE, data="shop")
    assert at.number_input[0].value is None
    assert "which is not given" in at.markdown[0].value
    at.number_input[0].set_value(40).run()
    assert not at.exception
    assert "cost 4,866 EUR (4,547 spend, 319 other cost in the file) and brought" in at.markdown[0].value
    assert "At a margin of 40% that is a profit of **6,992 EUR**" in at.markdown[0].value
    assert at.query_params["margin"] in ("0.4", ["0.4"])
    at.slider(key="campaigns.extra").set_value(100).run()
    assert "4,547 on top at 100% of the spend)" in at.markdown[0].value


@pytest.mark.parametrize("show", ["profit", "table", "best", "click"])
@pytest.mark.parametrize("margin", [{}, {"margin": "0.4"}])
def test_every_tab_opens_with_and_without_a_margin(show, margin):
    at = open_page(PAGE, data="shop", show=show, **margin)
    assert not at.error
    asks = any("type it into the field of that name" in markdown.value for markdown in at.markdown)
    assert asks == (show in ("profit", "click") and not margin)


def test_a_click_is_too_dear_where_its_interval_says_so():
    at = open_page(PAGE, data="shop", show="click", margin="0.4")
    shown = at.dataframe[0].value.set_index("Campaign")
    assert shown.loc["search_generic", "So"] == "too dear"
    assert shown.loc["search_brand", "So"] == "pays"
    assert shown.loc["newsletter", "So"] == "cannot be told"


def test_the_table_ends_with_all_together_and_shows_no_impossible_end():
    at = open_page(PAGE, data="shop", show="table", margin="0.4")
    shown = at.dataframe[0].value.set_index("Campaign")
    assert shown.index[-1] == "All together"
    assert shown.loc["All together", "ROAS"] == "6.5 (5.7 to 7.3)"
    assert shown.loc["spring_roast", "ROAS"] == "0.38 (0 to 0.83)"
    assert shown.loc["spring_roast", "ROI"] == "−86.9% (−100% to −71.2%)"
    assert shown.loc["spring_roast", "Profit"] == "−326 EUR (−375 to −266)"


def test_the_cost_and_its_parts_stand_first_in_all_figures_which_open_without_a_margin():
    shown = open_page(PAGE, data="shop").dataframe[0].value
    assert shown.columns.tolist()[:5] == ["Campaign", "Spend", "Other cost", "Total cost", "Revenue"]
    assert shown.set_index("Campaign").loc["All together", "Total cost"] == "4,866 EUR"


def test_another_column_makes_the_rows():
    at = open_page(PAGE, data="shop", by="channel")
    assert at.markdown[0].value.startswith("6 channels cost")


def test_a_file_of_totals_opens_and_several_currencies_are_refused_in_words():
    at = go(upload(open_page(), TOTALS, "campaigns.csv"), PAGE)
    assert at.markdown[0].value.startswith("3 campaigns cost 1,800")
    mixed = b"date,campaign,spend,clicks,revenue\n2026-01-01,a,$5,3,$9\n2026-01-02,b,5 EUR,2,9 EUR\n"
    at = go(upload(open_page(), mixed, "mixed.csv"), PAGE)
    assert "several currencies" in at.error[0].value


def test_the_table_shows_a_reason_where_there_is_no_figure():
    at = open_page(PAGE, data="shop", show="table")
    assert "Profit" not in at.dataframe[0].value
    assert at.dataframe[0].value.set_index("Campaign").loc["newsletter", "CAC (all cost)"] == "no new customers"


# -- over time --------------------------------------------------------------------------------------------------------


def weeks(revenues, start="2026-01-05"):
    """One row a week, on its Monday; the last day of the file is the last of these."""
    days = pd.date_range(start, periods=len(revenues), freq="7D").strftime("%Y-%m-%d")
    rows = "".join(f"{day},a,10,5,1,{own}\n" for day, own in zip(days, revenues, strict=True))
    return table(rows)


def test_a_week_is_all_in_only_when_its_window_has_passed():
    found = campaign_trend(weeks([20, 30, 40, 50]), immature="7D").periods
    assert found["roas"].tolist() == [2, 3, 4, 5]
    assert found["is_mature"].tolist() == [True, True, False, False]  # the third ended a day before the last day
    assert found["is_whole"].tolist() == [True, True, True, False]
    assert campaign_trend(weeks([20, 30, 40, 50]), immature="1D").periods["is_mature"].tolist()[2]


def test_the_periods_add_up_to_the_whole_and_gaps_are_periods_too():
    rows = "2026-01-05,a,10.10,5,1,20\n2026-01-20,b,5,2,0,0.30\n2026-02-03,a,0,1,1,7\n"
    found = campaign_trend(table(rows))
    assert found.periods["period"].tolist() == ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"]
    total = campaign_results(table(rows), margin=None).total.iloc[0]
    assert found.periods["spend"].sum() == pytest.approx(total["spend"])
    assert found.periods["revenue"].sum() == pytest.approx(total["revenue"])
    assert found.periods["roas"].isna().tolist() == [False, True, False, True, True]
    assert campaign_trend(table(rows), only="b").periods["spend"].tolist() == [0, 0, 5, 0, 0]


def test_another_name_than_the_file_has_is_refused():
    with pytest.raises(UnknownValue, match="only"):
        campaign_trend(weeks([1, 2]), only="zeppelin")


def test_the_trend_is_told_in_words():
    said = campaign_trend_reading(campaign_trend(weeks([20, 30, 40, 50]), margin=0.4))
    assert said == (
        "All campaigns: a ROAS of **3.5** over all, between 2.0 and 3.0 in the 2 finished periods (by week). In 1 of "
        "them it lies below break-even (2.5).\n\nThe last 2 are not all in yet: revenue may come in for 7 days more. "
        "Single periods have few orders: much of the up and down is chance."
    )
    assert campaign_trend_reading(campaign_trend(weeks([20]))).startswith("No period is whole and all in")


def test_what_is_not_all_in_is_drawn_apart():
    chart = campaign_trend_line(campaign_trend(weeks([20, 30, 40, 50]), margin=0.4))
    assert chart.to_dict()["description"].startswith("ROAS: week of 5 Jan 2026 2.0; week of 12 Jan 2026 3.0;")
    said = {row.get("note") for row in drawn(chart)}
    assert {"Dashed: break-even, 2.5", "Grey: not whole, or revenue may still come in for 7 days"} <= said


def test_the_page_follows_one_campaign_over_time():
    at = open_page(PAGE, data="shop", show="trend", follow="newsletter", period="month", margin="0.4")
    assert not at.error
    assert any(markdown.value.startswith("**newsletter**: a ROAS of **3.0** over all") for markdown in at.markdown)
