"""The simulated shop: its tables belong together, and what its truth says is what its tables show."""

import ast

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from scipy.special import betaln, gammaln, hyp2f1

from insight.errors import InsightError, UnknownValue
from insight.simulate import simulate_events, simulate_shop
from insight.simulate.people import decide
from insight.simulate.truth import attribution_truth
from insight.simulate.world import GROWTH, PROMO_FACTOR, PROMO_VISITS, WEEKDAYS, calendar

TABLES = ("events", "orders", "campaigns", "contacts", "feedback", "customers", "hidden")
STEPS = ["visit", "product_view", "add_to_cart", "checkout", "purchase"]
DAY = pd.Timedelta(days=1)
NEVER = 1e-5  # chance that a right simulation fails one comparison


@pytest.fixture(scope="module")
def shop():
    return simulate_shop()


@pytest.fixture(scope="module")
def town():
    """Many customers, so that truths show clearly."""
    return simulate_shop(customers=20_000, seed=3)


def assert_share(successes, trials, chance):
    """The count lies where a binomial count with this chance almost always does."""
    low, high = stats.binom.interval(1 - NEVER, trials, chance)
    assert low <= successes <= high, f"{successes} of {trials} is not {chance}; expected {low:.0f} to {high:.0f}"


def is_expected(successes, chances):
    """Whether the number of successes is plausible for independent trials with these chances."""
    chances = np.asarray(chances)
    spread = np.sqrt(np.sum(chances * (1 - chances)))
    return abs(np.sum(successes) - chances.sum()) <= stats.norm.isf(NEVER / 2) * spread


def span(shop, name, before=0, after=0):
    incident = shop.truth["incidents"][name]
    return pd.Timestamp(incident["first_day"]) - before * DAY, pd.Timestamp(incident["last_day"]) + (1 + after) * DAY


def within(times, bounds):
    return (times >= bounds[0]) & (times < bounds[1])


def journeys(shop):
    """One row a customer with events: first event, first channel, device, arm, and the furthest step."""
    rank = shop.events["event"].map({step: k for k, step in enumerate(STEPS)})
    events = shop.events.assign(rank=rank).groupby("customer_id")
    people = events.agg(
        first=("timestamp", "first"), device=("device", "first"), variant=("variant", "first"), furthest=("rank", "max")
    )
    return people.join(shop.customers.set_index("customer_id"))


def untouched(shop, people):
    """Whose decision had time to end, and met no incident."""
    alone = people["first"] < shop.events["timestamp"].max() - 23 * DAY
    for name in ("checkout_bug", "tracking_gap", "promo_weekend", "product_page_test"):
        alone &= ~within(people["first"], span(shop, name, before=22))
    return people[alone]


# ---- the same settings, the same shop --------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_shop(shop):
    again = simulate_shop()
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(shop, name), getattr(again, name), check_exact=True)
    assert shop.truth == again.truth


def test_another_seed_gives_another_shop(shop):
    other = simulate_shop(seed=8)
    assert all(not getattr(shop, name).equals(getattr(other, name)) for name in TABLES)


def test_the_truth_can_be_written_down(shop):
    assert ast.literal_eval(repr(shop.truth)) == shop.truth


def test_the_shop_looks_like_one(shop):
    buyers = shop.events.loc[shop.events["event"] == "purchase", "customer_id"].value_counts()
    bought = shop.orders.loc[shop.orders["amount"] > 0, "amount"]
    assert 0.05 < len(buyers) / len(shop.customers) < 0.15
    assert (buyers > 1).sum() > 200
    assert bought.mean() == pytest.approx(60, abs=3 * bought.std() / len(buyers) ** 0.5)
    assert ((shop.orders["amount"] < 0) & shop.orders["order_id"].str.startswith("R")).sum() > 30


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"repeat": "bgnbd"}, "bg_nbd"),
        ({"days": 30}, "at least 120"),
        ({"customers": 5}, "at least 100"),
        ({"start": "01.02.2025"}, "2025-01-01"),
    ],
)
def test_what_cannot_be_simulated_says_what_to_change(settings, says):
    with pytest.raises(InsightError, match=says):
        simulate_shop(**settings)


def test_a_shop_can_open_on_any_day():
    leap = simulate_shop(customers=300, start="2024-02-29", days=200)
    assert leap.events["timestamp"].between("2024-02-29", "2024-09-16", inclusive="left").all()
    assert pd.Timestamp(leap.truth["incidents"]["promo_weekend"]["first_day"]).day_name() == "Friday"


# ---- tables that belong together -------------------------------------------------------------------------------------


def test_every_id_is_a_customer_of_the_shop(shop):
    known = set(shop.customers["customer_id"])
    assert len(known) == len(shop.customers) == 4000
    for name in ("events", "orders", "contacts", "feedback", "hidden"):
        assert set(getattr(shop, name)["customer_id"]) <= known, name


def test_the_purchases_of_the_log_are_the_orders(shop):
    purchases = shop.events[shop.events["event"] == "purchase"]
    orders = shop.orders[shop.orders["amount"] > 0]
    assert purchases["customer_id"].tolist() == orders["customer_id"].tolist()
    assert purchases["timestamp"].tolist() == orders["order_date"].tolist()
    assert purchases["value"].tolist() == orders["amount"].tolist()
    assert purchases["channel"].tolist() == orders["channel"].tolist()
    assert orders["order_id"].is_unique


def test_a_refund_undoes_an_order_of_the_same_customer(shop):
    orders = shop.orders.set_index("order_id")
    refunds = orders[orders.index.str.startswith("R")]
    undone = orders.loc["O" + refunds.index.str[1:]]
    assert refunds["customer_id"].tolist() == undone["customer_id"].tolist()
    assert refunds["amount"].tolist() == (-undone["amount"]).tolist()
    assert (refunds["order_date"].array > undone["order_date"].array).all()
    assert_share(len(refunds), (orders["amount"] > 0).sum(), shop.truth["spend"]["refund_share"])


def test_campaigns_report_the_orders_they_closed(shop):
    purchases = shop.events[(shop.events["event"] == "purchase")].copy()
    purchases["new"] = ~purchases["customer_id"].duplicated()
    purchases["date"] = purchases["timestamp"].dt.normalize()
    closed = purchases[purchases["campaign"] != ""].groupby(["date", "campaign"])
    closed = closed.agg(conversions=("value", "size"), new_customers=("new", "sum"), revenue=("value", "sum"))
    reported = shop.campaigns.set_index(["date", "campaign"])[["conversions", "new_customers", "revenue"]]
    assert reported.index.is_unique
    assert reported["revenue"].sum() > 0
    expected = closed.reindex(reported.index, fill_value=0)
    pd.testing.assert_frame_equal(reported, expected, check_dtype=False, check_exact=False, atol=1e-6)
    assert set(closed.index) <= set(reported.index)


def test_campaign_clicks_are_the_sessions_they_opened(shop):
    opened = shop.events.drop_duplicates("session")
    opened = opened[(opened["campaign"] != "") & (opened["event"] == "visit")]
    counted = opened.groupby([opened["timestamp"].dt.normalize(), "campaign"]).size()
    clicks = shop.campaigns[~within(shop.campaigns["date"], span(shop, "tracking_gap"))]
    clicks = clicks.set_index(["date", "campaign"])["clicks"]
    assert (clicks == counted.reindex(clicks.index, fill_value=0)).all()
    ads = shop.campaigns[shop.campaigns["channel"] != "email"]  # a mail is clicked on a later day than it is sent
    assert (ads["impressions"] >= ads["clicks"]).all()


def test_contacts_belong_to_campaigns_and_clicks_open_sessions(shop):
    assert set(shop.contacts["campaign"]) <= set(shop.campaigns["campaign"])
    mails = shop.events[(shop.events["channel"] == "email") & (shop.events["event"] == "visit")]
    clicks = shop.contacts[shop.contacts["action"] == "click"]
    came = set(zip(mails["customer_id"], mails["timestamp"], mails["campaign"], strict=True))
    clicked = set(zip(clicks["customer_id"], clicks["timestamp"] + pd.Timedelta("1s"), clicks["campaign"], strict=True))
    assert came
    assert came <= clicked


def test_feedback_is_about_the_customers_own_order(shop):
    asked = shop.feedback.merge(shop.orders, on="order_id", suffixes=("", "_order"))
    assert len(asked) == len(shop.feedback) > 300
    assert (asked["customer_id"] == asked["customer_id_order"]).all()
    assert (asked["timestamp"] > asked["order_date"]).all()
    scale = asked["scale"].str.split("-", expand=True).astype(int)
    assert asked["score"].between(scale[0], scale[1]).all()


def test_nobody_is_mailed_without_consent_or_after_leaving(shop):
    sent = shop.contacts[shop.contacts["action"] == "sent"]
    left = shop.contacts[shop.contacts["action"] == "unsubscribe"].set_index("customer_id")["timestamp"]
    agreed = set(shop.customers.loc[shop.customers["consent_email"], "customer_id"])
    assert left.index.is_unique
    assert agreed.isdisjoint(left.index)
    assert set(sent["customer_id"]) <= agreed | set(left.index)
    after = sent["timestamp"].array > left.reindex(sent["customer_id"]).array
    assert not after.any()


def test_retargeting_only_follows_people_who_agreed(shop):
    followed = shop.events.loc[shop.events["campaign"] == "display_retargeting", "customer_id"]
    assert len(followed)
    assert shop.customers.set_index("customer_id").loc[followed, "consent_ads"].all()


def test_ids_and_sessions_count_up_in_order_of_time(shop):
    assert shop.events["timestamp"].is_monotonic_increasing
    starts = shop.events[shop.events["event"] == "visit"]
    assert starts["session"].is_monotonic_increasing
    assert (shop.events.groupby("session")["timestamp"].diff().dropna() > pd.Timedelta(0)).all()


def test_some_people_are_in_the_middle_when_the_data_ends(town):
    people = journeys(town)
    would = town.hidden.set_index("customer_id")["furthest"].map({step: k for k, step in enumerate(STEPS)})
    late = people["first"] > town.events["timestamp"].max() - 21 * DAY
    assert (people["furthest"] < would.loc[people.index])[late].sum() > 20


# ---- the truth is in the data ----------------------------------------------------------------------------------------


def test_step_conversions_are_those_of_the_channel(town):
    people = untouched(town, journeys(town))
    assert len(people) > 6000
    compared = 0
    for channel, rates in town.truth["funnel"]["conversion"].items():
        furthest = people.loc[people["first_channel"] == channel, "furthest"]
        for k, step in enumerate(STEPS[1:], start=1):
            assert_share((furthest >= k).sum(), (furthest >= k - 1).sum(), rates[step])
            compared += 1
    assert compared == 28


def checkouts(shop):
    """Everyone who went to pay: when it was decided, whether they bought, and the chance to on a plain day."""
    truth, people = shop.truth["funnel"], journeys(shop)
    paid = shop.events[shop.events["event"] == "purchase"].groupby("customer_id")["timestamp"].first()
    tried = shop.events[shop.events["event"] == "checkout"].groupby("customer_id")["timestamp"].last()
    people = people.loc[tried.index].assign(bought=tried.index.isin(paid.index))
    people["decided"] = paid.reindex(tried.index).fillna(tried)
    mobile, share = people["device"] == "mobile", truth["devices"]["mobile"]
    purchase = people["first_channel"].map({name: rates["purchase"] for name, rates in truth["conversion"].items()})
    people["chance"] = purchase / (1 - share + share * truth["mobile_factor"])
    people.loc[mobile, "chance"] *= truth["mobile_factor"]
    return people


def test_phones_finish_the_checkout_less_often(town):
    people = checkouts(town)
    for name in ("checkout_bug", "promo_weekend", "tracking_gap"):
        people = people[~within(people["decided"], span(town, name, after=22))]
    people = people[people["first"] < town.events["timestamp"].max() - 23 * DAY]
    mobile = people[people["device"] == "mobile"]
    assert is_expected(mobile["bought"], mobile["chance"])
    assert not is_expected(mobile["bought"], mobile["chance"] / town.truth["funnel"]["mobile_factor"])


def test_the_checkout_bug_hits_phones_for_four_weeks(town):
    people = checkouts(town)
    people = people[within(people["decided"], span(town, "checkout_bug"))]
    mobile, others = people[people["device"] == "mobile"], people[people["device"] != "mobile"]
    assert is_expected(mobile["bought"], mobile["chance"] * town.truth["incidents"]["checkout_bug"]["factor"])
    assert not is_expected(mobile["bought"], mobile["chance"])
    assert is_expected(others["bought"], others["chance"])
    failed = town.events[town.events["event"] == "payment_error"]
    assert within(failed["timestamp"], span(town, "checkout_bug", after=1)).all()
    assert set(failed["device"]) == {"mobile"}


def test_the_tracking_gap_loses_pages_but_no_purchases(town):
    lost = town.events[within(town.events["timestamp"], span(town, "tracking_gap"))]
    assert set(lost["event"]) == {"purchase"}
    assert len(lost)
    visits = town.events.loc[town.events["event"] == "visit", "timestamp"]
    assert visits.dt.normalize().nunique() == 365 - 2


def seasons(shop):
    """How many first visits to expect each day, up to a factor, without budgets; and the days that were tracked."""
    dates = pd.date_range(shop.truth["settings"]["start"], periods=365)
    weight = np.array(WEEKDAYS)[dates.day_of_week] * (1 + GROWTH * np.arange(365) / 365)
    weight = weight * np.where(within(dates, span(shop, "promo_weekend")), PROMO_VISITS, 1)
    return weight, ~within(dates, span(shop, "tracking_gap"))


def test_the_promotion_brings_three_times_the_first_visits_and_a_discount(town):
    people, promo = journeys(town), span(town, "promo_weekend")
    free = people["first_channel"].isin(["organic_search", "direct", "affiliate", "brand_search"])
    weight, tracked = seasons(town)
    dates = pd.date_range(town.truth["settings"]["start"], periods=365)
    expected = weight[within(dates, promo)].sum() / weight[tracked].sum()
    assert_share(within(people.loc[free, "first"], promo).sum(), free.sum(), expected)
    sold = town.orders[within(town.orders["order_date"], promo) & (town.orders["amount"] > 0)]
    np.testing.assert_allclose(sold["discount"] / (sold["amount"] + sold["discount"]), 0.2, atol=0.01)


def test_the_promotion_makes_more_people_finish_the_checkout():
    when = calendar("2025-01-01", 365)
    saturday = when.incidents["promo_weekend"][0] + 1.5
    crowd = pd.DataFrame(
        {"at": np.full(20_000, saturday), "first_channel": "direct", "device": "tablet", "variant": ""}
    )
    visits = decide(np.random.default_rng(1), when, crowd)
    decided = visits[visits["last"]].reset_index(drop=True)
    paying, now = decided["depth"] >= 4, decided["at"] < saturday + 1.4
    bought, rate = decided["depth"] == 5, 0.82
    assert_share((bought & now).sum(), (paying & now).sum(), rate * PROMO_FACTOR)
    assert_share((bought & ~now).sum(), (paying & ~now).sum(), rate)


def test_page_b_of_the_product_page_test_sells_more_by_its_factor(town):
    people = journeys(town)
    assert within(people.loc[people["variant"] != "", "first"], span(town, "product_page_test")).all()
    people = people[(people["variant"] != "") & (people["furthest"] >= 1)]
    cart = people["first_channel"].map(
        {name: rates["add_to_cart"] for name, rates in town.truth["funnel"]["conversion"].items()}
    )
    factor = town.truth["incidents"]["product_page_test"]["factor"]
    a, b = people["variant"] == "A", people["variant"] == "B"
    assert is_expected(people["furthest"][a] >= 2, cart[a])
    assert is_expected(people["furthest"][b] >= 2, cart[b] * factor)
    assert not is_expected(people["furthest"][b] >= 2, cart[b] / factor)


def test_a_decision_takes_at_most_three_weeks(town):
    first = town.events.groupby("customer_id")["timestamp"].first()
    bought = town.events[town.events["event"] == "purchase"].groupby("customer_id")["timestamp"].first()
    lost = within(town.events["timestamp"], span(town, "tracking_gap"))
    waited = (bought - first.loc[bought.index]).drop(set(town.events.loc[lost, "customer_id"]), errors="ignore")
    assert waited.max() <= 22 * DAY
    share, truth = (waited <= 7 * DAY).mean(), town.truth["decision"]["first_orders_within"]
    assert share == pytest.approx(truth["7D"], abs=0.01)  # the same people but for those of the gap
    assert truth["1D"] < truth["3D"] < truth["7D"] < truth["14D"] <= 1


def test_region_has_no_effect_and_age_acts_only_through_the_channel(town):
    people = journeys(town)
    bought = people["furthest"] == 4
    assert stats.chi2_contingency(pd.crosstab(people["region"], bought)).pvalue > NEVER
    social = people["first_channel"] == "social"
    assert stats.chi2_contingency(pd.crosstab(people["age_band"], bought)).pvalue < 0.01
    assert stats.chi2_contingency(pd.crosstab(people["age_band"][social], bought[social])).pvalue > NEVER


def test_first_visits_follow_the_budget_with_the_given_elasticity(town):
    first, (season, tracked) = journeys(town), seasons(town)
    dates = pd.date_range(town.truth["settings"]["start"], periods=365)
    for channel, elasticity in town.truth["budget"]["elasticity"].items():
        rows = town.campaigns[town.campaigns["channel"] == channel]
        rows = rows[rows["campaign"] != "display_retargeting"]
        spend = rows.groupby("date")["spend"].sum().reindex(dates).to_numpy()
        came = first.loc[first["first_channel"] == channel, "first"].dt.normalize().value_counts()
        came = came.reindex(dates, fill_value=0).to_numpy()

        def surprise(e, spend=spend, came=came):
            weight = (season * spend**e)[tracked]
            return -2 * np.sum(came[tracked] * np.log(weight / weight.sum()))

        best = optimize.minimize_scalar(surprise, bounds=(0, 2), method="bounded").fun
        assert surprise(elasticity) - best < stats.chi2.isf(NEVER, 1)
        assert surprise(0.0) - best > stats.chi2.isf(NEVER, 1)
        assert surprise(1.0) - best > stats.chi2.isf(0.01, 1)


# ---- attribution -----------------------------------------------------------------------------------------------------


def test_last_touch_of_the_truth_is_that_of_the_orders(shop):
    first_orders = shop.orders[shop.orders["amount"] > 0].drop_duplicates("customer_id")
    told = shop.truth["attribution"]
    assert first_orders["channel"].value_counts().to_dict() == {c: n for c, n in told["last_touch"].items() if n}
    assert told["first_orders"] == len(first_orders) == sum(told["last_touch"].values())


def test_last_touch_is_wrong_about_brand_search_and_social(town):
    last, true = town.truth["attribution"]["last_touch"], town.truth["attribution"]["incremental"]
    assert last["brand_search"] == max(last.values())
    assert true["brand_search"]["orders"] < last["brand_search"] / 5
    assert true["social"]["orders"] > last["social"]


def test_an_order_is_lost_once_for_each_channel_that_caused_a_visit():
    visits = pd.DataFrame(
        [
            ("decision", 0, "social", True),
            ("decision", 0, "email", True),
            ("decision", 0, "email", True),
            ("decision", 1, "social", False),
            ("decision", 2, "social", True),  # never bought
            ("repeat", 1, "email", True),
        ],
        columns=["kind", "person", "channel", "caused"],
    )
    bought = pd.DataFrame({"person": [0, 1, 1], "channel": ["email", "direct", "email"], "amount": [10.0, 20.0, 40.0]})
    told = attribution_truth(visits, bought.assign(new_customers=[1, 1, 0]))
    assert told["first_orders"] == 2
    assert {name: n for name, n in told["last_touch"].items() if n} == {"email": 1, "direct": 1}
    lost = {name: row for name, row in told["incremental"].items() if row["orders"]}
    assert lost == {"social": {"orders": 1, "revenue": 10.0}, "email": {"orders": 1, "revenue": 10.0}}


def test_a_channel_causes_its_share_of_the_visits_it_begins(town):
    buyers = set(town.orders["customer_id"])
    begun = town.customers[town.customers["customer_id"].isin(buyers)]["first_channel"].value_counts()
    told = town.truth["attribution"]
    for channel in ("social", "paid_search", "affiliate"):  # these only ever begin a decision
        assert_share(told["incremental"][channel]["orders"], begun[channel], told["incremental_share"][channel])


# ---- repeat purchases and spend --------------------------------------------------------------------------------------


def purchase_days(shop):
    """x, t_x, T in weeks and the mean of repeat days, one row a buyer."""
    orders = shop.orders[shop.orders["amount"] > 0]
    day = orders["order_date"].dt.normalize().rename("day")
    daily = orders.groupby(["customer_id", day])["amount"].sum().reset_index()
    first = daily.groupby("customer_id")["day"].transform("first")
    table = daily.groupby("customer_id")["day"].agg(["min", "max", "size"])
    end = pd.Timestamp(shop.truth["settings"]["start"]) + (shop.truth["settings"]["days"] - 1) * DAY
    table["x"], table["t_x"] = table["size"] - 1, (table["max"] - table["min"]) / (7 * DAY)
    table["T"] = (end - table["min"]) / (7 * DAY)
    return table.assign(m=daily[daily["day"] > first].groupby("customer_id")["amount"].mean())


def bg_nbd(parameters, x, t_x, T):
    r, alpha, a, b = parameters
    shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    alive = betaln(a, b + x) - (r + x) * np.log(alpha + T)
    gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x)
    return np.sum(shared + np.where(x > 0, np.logaddexp(alive, gone), alive))


def mbg_nbd(parameters, x, t_x, T):
    r, alpha, a, b = parameters
    shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    alive = betaln(a, b + x + 1) - (r + x) * np.log(alpha + T)
    gone = betaln(a + 1, b + x) - (r + x) * np.log(alpha + t_x)
    return np.sum(shared + np.logaddexp(alive, gone))


def gamma_gamma(parameters, x, m):
    p, q, v = parameters
    constant = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
    return np.sum(constant + (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(v + x * m))


def assert_true_parameters(likelihood, truth, *data):
    """The likelihood ratio of the fitted against the true parameters is an ordinary one."""
    fitted = optimize.minimize(
        lambda logs: -likelihood(np.exp(logs), *data), np.log(truth), method="Nelder-Mead", options={"maxiter": 600}
    )
    ratio = 2 * (-fitted.fun - likelihood(truth, *data))
    assert 0 <= ratio < stats.chi2.isf(NEVER, len(truth)), np.exp(fitted.x)


@pytest.mark.parametrize(("model", "likelihood"), [("mbg_nbd", mbg_nbd), ("bg_nbd", bg_nbd)])
def test_repeat_purchases_have_the_true_parameters(town, model, likelihood):
    shop = town if model == "mbg_nbd" else simulate_shop(customers=20_000, seed=3, repeat=model)
    buyers, truth = purchase_days(shop), shop.truth["repeat"]
    buyers = buyers[buyers["T"] > 0]
    assert truth["model"] == model
    assert len(buyers) > 2000
    data = [buyers[name].to_numpy() for name in ("x", "t_x", "T")]
    assert_true_parameters(likelihood, [truth[name] for name in ("r", "alpha", "a", "b")], *data)
    other = {"mbg_nbd": bg_nbd, "bg_nbd": mbg_nbd}[model]
    with pytest.raises(AssertionError):  # able to tell one model from the other
        assert_true_parameters(other, [truth[name] for name in ("r", "alpha", "a", "b")], *data)


def test_pareto_customers_buy_as_often_as_the_model_expects():
    shop = simulate_shop(customers=20_000, seed=3, repeat="pareto_nbd")
    buyers, truth = purchase_days(shop), shop.truth["repeat"]
    r, alpha, s, beta = (truth[name] for name in ("r", "alpha", "s", "beta"))
    expected = r * beta / (alpha * (s - 1)) * (1 - (beta / (beta + buyers["T"])) ** (s - 1))
    surplus = buyers["x"] - expected
    assert abs(surplus.mean()) < stats.norm.isf(NEVER / 2) * surplus.std() / np.sqrt(len(buyers))


def test_bg_customers_buy_as_often_as_the_model_expects():
    shop = simulate_shop(customers=20_000, seed=5, repeat="bg_nbd")
    buyers, truth = purchase_days(shop), shop.truth["repeat"]
    r, alpha, a, b = (truth[name] for name in ("r", "alpha", "a", "b"))
    T = buyers["T"]
    still = (alpha / (alpha + T)) ** r * hyp2f1(r, b, a + b - 1, T / (alpha + T))
    surplus = buyers["x"] - (a + b - 1) / (a - 1) * (1 - still)
    assert abs(surplus.mean()) < stats.norm.isf(NEVER / 2) * surplus.std() / np.sqrt(len(buyers))


def test_spend_has_the_true_parameters_and_is_independent_of_frequency(town):
    buyers, truth = purchase_days(town), town.truth["spend"]
    repeaters = buyers[buyers["x"] > 0]
    data = repeaters["x"].to_numpy(), repeaters["m"].to_numpy()
    assert_true_parameters(gamma_gamma, [truth["p"], truth["q"], truth["v"]], *data)
    assert stats.spearmanr(*data).pvalue > NEVER
    assert truth["mean_order"] == 60


def test_loyal_channels_hold_the_high_rates_of_one_gamma_distribution(town):
    habits = town.hidden.merge(town.customers).dropna(subset="purchase_rate")
    r, alpha = town.truth["repeat"]["r"], town.truth["repeat"]["alpha"]
    assert stats.kstest(habits["purchase_rate"], stats.gamma(r, scale=1 / alpha).cdf).pvalue > NEVER
    rate = {name: rows["purchase_rate"] for name, rows in habits.groupby("first_channel")}
    assert stats.mannwhitneyu(rate["direct"], rate["social"], alternative="greater").pvalue < NEVER


def test_who_has_stopped_buys_no_more(town):
    told, buyers = town.truth["churn"], town.hidden.dropna(subset="still_customer")
    assert told["buyers"] == len(buyers)
    assert told["still_customers"] == buyers["still_customer"].sum()
    assert 0.3 < told["still_customers"] / told["buyers"] < 0.8


# ---- mail ------------------------------------------------------------------------------------------------------------


def newsletters(shop):
    """One row a newsletter sent: opened, left, and how many others came in the 14 days before."""
    mail = shop.contacts[shop.contacts["campaign"] == "newsletter"].sort_values(["customer_id", "timestamp"])
    sent = mail[mail["action"] == "sent"].reset_index(drop=True)
    gaps = [sent["timestamp"] - sent.groupby("customer_id")["timestamp"].shift(k) for k in range(1, 8)]
    sent["others"] = sum((gap < 14 * DAY).astype(int) for gap in gaps)
    left = mail[mail["action"] == "unsubscribe"].merge(sent, on=["customer_id", "variant"], suffixes=("", "_sent"))
    left = left[left["timestamp"] > left["timestamp_sent"]].groupby("customer_id")["timestamp_sent"].max()
    return sent.assign(left=left.reindex(sent["customer_id"]).array == sent["timestamp"].array), mail


def test_the_personal_subject_line_is_opened_at_its_rate(town):
    sent, mail = newsletters(town)
    buyers = set(town.orders["customer_id"])  # who orders by a newsletter opens it again
    sent, mail = (rows[~rows["customer_id"].isin(buyers)] for rows in (sent, mail))
    last = sent["timestamp"].max()  # the data ends before everyone has opened it
    assert last + 14 * DAY > town.events["timestamp"].max()
    for variant, rate in town.truth["mail"]["open_rate"].items():
        readers = (sent["variant"] == variant) & (sent["timestamp"] < last)
        opened = (mail["variant"] == variant) & (mail["action"] == "open") & (mail["timestamp"] < last)
        assert_share(opened.sum(), readers.sum(), rate)


def test_more_newsletters_make_more_people_leave(town):
    sent, _ = newsletters(town)
    truth = town.truth["mail"]
    assert sent["others"].max() >= 4
    for others, rows in sent.groupby("others"):
        assert_share(rows["left"].sum(), len(rows), truth["unsubscribe"] * truth["fatigue"] ** others)


# ---- the plain log ---------------------------------------------------------------------------------------------------


def test_a_plain_log_has_the_given_conversions():
    log = simulate_events(customers=50_000, steps=["a", "b", "c"], conversion=[0.3, 0.8], seed=2)
    reached = log.groupby("event")["customer_id"].nunique()
    assert reached["a"] == 50_000
    assert_share(reached["b"], 50_000, 0.3)
    assert_share(reached["c"], reached["b"], 0.8)


def test_a_plain_log_is_in_order_of_time_and_of_steps():
    log = simulate_events(customers=2000, conversion=(0.9, 0.9, 0.9))
    assert log["timestamp"].is_monotonic_increasing
    wide = log.pivot(index="customer_id", columns="event", values="timestamp")
    assert (wide["product_view"] > wide["visit"]).sum() == wide["product_view"].notna().sum()
    assert (wide["purchase"] > wide["add_to_cart"]).sum() == wide["purchase"].notna().sum()
    assert (log["timestamp"] == log["timestamp"].dt.floor("s")).all()


def test_delays_of_a_plain_log_have_the_given_mean():
    log = simulate_events(customers=20_000, steps=["a", "b"], conversion=[1.0], delay="2h")
    wide = log.pivot(index="customer_id", columns="event", values="timestamp")
    seconds = (wide["b"] - wide["a"]).dt.total_seconds()
    assert abs(seconds.mean() - 7200.5) < stats.norm.isf(NEVER / 2) * 7200 / np.sqrt(
        20_000
    )  # whole seconds, at least 1


def test_groups_of_a_plain_log_have_their_own_conversions_and_shares():
    log = simulate_events(
        customers=30_000, steps=["a", "b"], conversion={"ads": [0.1], "mail": [0.5]}, shares={"ads": 0.8, "mail": 0.2}
    )
    reached = log.groupby(["channel", "event"])["customer_id"].nunique()
    assert_share(reached["ads", "a"], 30_000, 0.8)
    assert_share(reached["ads", "b"], reached["ads", "a"], 0.1)
    assert_share(reached["mail", "b"], reached["mail", "a"], 0.5)
    assert log.groupby("customer_id")["channel"].nunique().max() == 1


def test_more_visits_make_a_larger_plain_log():
    log = simulate_events(customers=1000, visits=5, days=60)
    assert (log["event"] == "visit").sum() == 5000
    assert log["customer_id"].nunique() == 1000


def test_the_same_seed_gives_the_same_plain_log():
    log = simulate_events(seed=4)
    pd.testing.assert_frame_equal(log, simulate_events(seed=4), check_exact=True)
    assert not log.equals(simulate_events(seed=5))


@pytest.mark.parametrize("conversion", [[0.5], [0.5, 0.5, 1.5], {"ads": [0.5, 0.5, 0.5], "mail": [0.5]}])
def test_chances_that_do_not_fit_the_steps_are_refused(conversion):
    with pytest.raises(InsightError, match="4 steps need 3 chances"):
        simulate_events(conversion=conversion)


def test_an_unknown_model_lists_the_known_ones():
    with pytest.raises(UnknownValue, match="Did you mean 'pareto_nbd'"):
        simulate_shop(repeat="pareto")
