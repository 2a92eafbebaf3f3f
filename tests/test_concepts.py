"""Everything the app covers has a home in it: computed on a page, or taught on a card that says why not."""

import re
from itertools import chain
from pathlib import Path

import pytest

from insight.catalog import catalog
from insight.text import concepts, glossary, topics
from insight.text.lookup import folded, lookup
from tests.app import GLOSSARY, open_page
from ui.files.answers import PAGES
from ui.glossary.words import GROUPS, ON_PAGES, PAGE_TITLES, PARTS, found, home, is_card, words

ROOT = Path(__file__).parents[1]
GROUND = {  # what a course on digital marketing and customer insight teaches, part by part
    "metrics": """
        website_traffic click_through_rate conversion_rate cost_per_action customer_acquisition_cost
        return_on_investment customer_lifetime_value churn_rate retention_rate repeat_purchase average_order_value
        engagement social_engagement email_rates content_metrics channel_cost sales_by_channel satisfaction
        brand_awareness choosing_kpis market_share profit_horizon seo pay_per_click conversion_optimisation page_speed
        """,
    "journey": """
        journey_stages touchpoints journey_mapping emotions pain_points stage_tactics sales_funnel cart_abandonment
        navigation_paths heat_maps stage_by_channel stage_offers omnichannel offline_leads persuasion loyalty_programme
        service_quality referral journey_owner
        """,
    "segments": """
        demographic geographic psychographic behavioural transaction_data cluster_analysis named_segments personas
        high_value_customers new_and_returning segment_channel_fit customer_profile signal_path signal_interaction
        signal_product signal_offers signal_season signal_beyond_demographics voice_of_customer social_listening
        feedback
        """,
    "acting": """
        ab_test sample_size subject_line_test acting_on_a_result personalisation dynamic_content recommendations
        upselling retargeting over_marketing respecting_feedback campaign_performance budget budget_by_clv prediction
        data_sufficiency new_opportunities automation channel_mix commission lead_generation seasonality future_trends
        case_studies
        """,
    "data": """
        integration validation deduplication consistency data_security privacy_law consent transparency minimisation
        third_parties ethical_targeting ai_bias responsible_use insight_from_charts data_sources critical_reading
        """,
}
ALL = [(part, concept) for part, names in GROUND.items() for concept in names.split()]
CARDS = {term: entry for term, entry in glossary().items() if is_card(entry)}
KEYS = {"title", "definition", "also", "formula", "here", "taught", "mistake", "source", "page", "analysis", "see"}
TEXTS = ("definition", "here", "taught", "mistake")
BANNED = r"\b(just|simply|obviously|of course|because|(?<!no )causes?|due to|thanks to|leads? to)\b"
DISAGREEMENTS = {  # card -> what it must tell
    "conversion_rate": ("visitors", "leads", "clicks", "4%, 5% or 40%"),
    "roi_or_roas": ("ROAS is 3.0", "ROI is 0%"),
    "cpa_or_cac": ("media spend", "wages and tools"),
    "journey_stages": ("four stages", "a fifth", "three phases"),
    "clv_meanings": ("expected to spend", "revenue", "margin", "600, 180 or 140"),
    "critical_reading": ("79%", "no source"),
    "currency_table": ("US dollars", "shekels"),
}


def text_of(entry):
    return " ".join(entry.get(name, "") for name in TEXTS)


def test_the_ground_is_106_concepts():
    assert len(ALL) == len(set(ALL)) == 106


@pytest.mark.parametrize("part", GROUND)
def test_a_part_holds_its_concepts_and_no_others(part):
    assert set(concepts()[part]) == set(GROUND[part].split())
    assert set(PARTS) == set(concepts()) == set(GROUND)


@pytest.mark.parametrize(("part", "concept"), ALL, ids=[concept for _part, concept in ALL])
def test_a_concept_is_a_word_of_the_glossary_with_a_home_or_a_reason_why_not(part, concept):
    terms = concepts()[part][concept]
    assert terms
    assert set(terms) <= set(words())
    assert home(terms[0]) or glossary()[terms[0]].get("taught")


@pytest.mark.parametrize("term", CARDS)
def test_a_card_is_complete(term):
    entry = CARDS[term]
    assert set(entry) <= KEYS
    assert ("here" in entry) != ("taught" in entry)
    assert entry["mistake"]
    assert "page" in entry or "taught" in entry
    for name in TEXTS:
        assert len(entry.get(name, "").split()) <= 60, name
        assert not entry.get(name) or entry[name].endswith("."), name
    assert set(entry.get("see", [])) <= set(words()) - {term}


@pytest.mark.parametrize("term", CARDS)
def test_a_card_speaks_plainly_and_claims_no_cause(term):
    assert not re.search(BANNED, text_of(CARDS[term]), re.IGNORECASE)
    assert not re.search(r"[$~<>]|\b(leverage|utili[sz]e|synerg|cutting-edge|delve)", text_of(CARDS[term]))
    long = [s for s in re.split(r"(?<=[.:;?]) ", text_of(CARDS[term])) if len(s.split()) > 40]
    assert not long


def test_every_card_belongs_to_a_concept():
    assert set(CARDS) <= {term for part in concepts().values() for term in chain.from_iterable(part.values())}


def test_homes_exist():
    menu = (ROOT / "app.py").read_text()
    homes = {term: page for term in words() if (page := home(term))}
    assert {term: page for term, page in homes.items() if page not in PAGE_TITLES or PAGES[page] not in menu} == {}
    shown = {term: (entry["analysis"], homes[term]) for term, entry in CARDS.items() if "analysis" in entry}
    there = {(analysis.name, analysis.page) for analysis in catalog.values()}
    assert {term: place for term, place in shown.items() if place not in there} == {}


def test_no_word_is_defined_twice():
    named = [term for terms in topics().values() for term in terms]
    assert sorted(named) == sorted(set(named))
    titles = {term: entry["title"].casefold() for term, entry in glossary().items()}
    for term in CARDS:
        assert titles[term] not in [title for other, title in titles.items() if other != term], term
        assert CARDS[term]["definition"] not in [e["definition"] for o, e in glossary().items() if o != term], term


@pytest.mark.parametrize("term", DISAGREEMENTS)
def test_where_textbooks_disagree_the_card_says_how(term):
    assert re.search(r"\btextbooks?\b", CARDS[term]["definition"])
    assert all(said in text_of(CARDS[term]) for said in DISAGREEMENTS[term])


def test_the_numbers_of_the_cards_are_right():
    assert [20 / 500, 20 / 400, 20 / 50] == [0.04, 0.05, 0.4]
    assert pytest.approx(0) == (3000 * 0.4 - 1200) / 1200
    assert [200 * 3, 200 * 3 * 0.3, 200 * 3 * 0.3 - 40, 180 / 40, 600 / 40] == [600, 180, 140, 4.5, 15]
    assert pytest.approx(8200, abs=60) == 7.84 * (0.05 * 0.95 + 0.06 * 0.94) / 0.01**2


def test_ends_of_intervals_are_columns_of_their_number():
    assert words()["cpa"]["columns"] == ["cpa", "cpa_low", "cpa_high", "cpa_why"]
    assert "cpa_low" not in words()
    assert sum(1 + len(parts) for parts in folded(glossary()).values()) == len(glossary())


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("cac", "cac"),
        ("CLV", "clv"),
        ("LTV", "clv_meanings"),
        ("nps", "satisfaction"),
        ("Cart abandonment", "cart_abandonment"),
    ],
)
def test_a_search_finds_a_word_by_its_title_and_by_its_other_names(wanted, first):
    assert found(None, None, wanted)[0] == first


def test_a_search_looks_for_every_word_from_its_beginning():
    entries = {"a": {"title": "Unsubscribe rate", "definition": "-"}, "b": {"title": "Rate", "definition": "A share."}}
    assert lookup("rate sub", entries) == []
    assert lookup("RATE unsub", entries) == ["a"]
    assert lookup("rate", entries) == ["b", "a"]


def test_every_word_is_reached_by_a_topic():
    topics_of_all = [found(part, None, "") for part in PARTS] + [found(ON_PAGES, None, "")]
    assert set(chain(*topics_of_all)) == set(words()) == set(found(None, None, ""))
    by_page = [term for group in GROUPS for term in found(ON_PAGES, group, "")]
    assert sorted(by_page) == sorted(found(ON_PAGES, None, ""))


def test_a_link_to_a_word_shows_it_and_its_way_on():
    at = open_page(GLOSSARY, data="shop", word="Cart abandonment")
    assert at.subheader[0].value == "Cart abandonment"
    assert at.text_input(key="glossary.word").value == "Cart abandonment"
    at.button(key="glossary.see.cart_abandonment.retargeting").click().run()
    assert at.subheader[0].value == "Retargeting"
    assert at.query_params["word"] == "Retargeting"


def test_a_topic_shows_some_words_and_more_on_request():
    at = open_page(GLOSSARY, topic="acting")
    some = len(at.subheader)
    at.button(key="glossary.more").click().run()
    assert len(at.subheader) > some
    assert at.subheader[0].value == "A/B test"
    at.text_input(key="glossary.word").set_value("k-anonymity").run()
    assert not at.subheader
    at.button(key="glossary.all").click().run()
    assert at.subheader[0].value == "k-anonymity"


def test_a_broken_link_shows_all_words():
    at = open_page(GLOSSARY, topic="nonsense", word="[1]", group="5")
    assert at.text_input(key="glossary.word").value == ""
    assert len(at.subheader) > 1
