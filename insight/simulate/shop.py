"""One shop, one year, every table, and the truth behind them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError, UnknownValue
from insight.simulate import mail, people, purchases, sessions
from insight.simulate.campaigns import campaign_table
from insight.simulate.truth import truth_of
from insight.simulate.world import REPEAT, STEPS, Calendar, calendar, clock

# Each subject draws from a stream of its own, so a change in one leaves the others as they were.
SUBJECTS = ("budgets", "arrivals", "decisions", "consent", "spend", "newsletters", "returns", "repeats", "reminders")
SUBJECTS += ("log", "orders", "feedback", "campaigns")
FEEDBACK = ["customer_id", "timestamp", "touchpoint", "score", "scale", "text", "order_id"]


@dataclass(frozen=True, eq=False)
class Shop:
    """Result of :func:`simulate_shop`: six tables that belong together, and what is true of them.

    events : one row an event, in order of time
        customer_id  str       everyone who was ever tracked; ids count up in the order of first visits
        timestamp    datetime  local time, no zone
        event        str       visit, search, product_view, add_to_cart, checkout, payment_error, purchase
        session      str       one visit to the shop
        channel      str       what the session came through
        campaign     str       the campaign behind it; empty where nobody was paid
        device, region  str    of the customer
        value        float     EUR in the cart (add_to_cart, checkout) or paid (purchase); otherwise missing
        variant      str       A or B of the product page test, for who first came while it ran; otherwise empty
    orders : one row an order, in order of time; the purchases of `events`, and refunds as negative orders (id R...)
        order_id, customer_id  str;  order_date  datetime, that of the purchase event
        amount       float     EUR paid, discount already taken off
        product, category  str the main product;  quantity  int  pieces
        discount     float     EUR off the list price
        channel      str       of the session that bought
        cost         float     EUR, cost of the goods
    campaigns : one row a day and campaign, as the platforms report it (last click)
        date, channel, campaign, spend (EUR), impressions, clicks (sessions opened), conversions (orders),
        new_customers (first orders), revenue (EUR), other_cost (EUR: commission, creative work), currency
    contacts : one row a mail or reaction: customer_id, timestamp, channel, campaign, action, variant (subject line)
    feedback : one row an answer: customer_id, timestamp, touchpoint, score, scale, text, order_id
    customers : one row a person: customer_id, age_band, region, first_channel, consent_email (at the end of the data),
        consent_ads, consent_analytics
    hidden : one row a person, what no shop ever sees
        customer_id   str
        furthest      str       the step this person would reach, given time (some are cut off by the end of the data)
        mean_spend    float     EUR, expected amount of an order
        purchase_rate float     orders a week while a customer; missing for who never bought
        stopping      float     chance to stop after a purchase (Pareto/NBD: stops a week); missing likewise
        still_customer  boolean would buy again at the end of the data; missing likewise
    truth : what the data was made with and what came of it, as literals: settings, funnel, incidents, decision,
        attribution, repeat, spend, churn, mail, consent, budget, no_effect; each with its "meaning" in words
    """

    events: pd.DataFrame
    orders: pd.DataFrame
    campaigns: pd.DataFrame
    contacts: pd.DataFrame
    feedback: pd.DataFrame
    customers: pd.DataFrame
    hidden: pd.DataFrame
    truth: dict


def simulate_shop(
    *, customers: int = 4000, start: str = "2025-01-01", days: int = 365, seed: int = 7, repeat: str = "mbg_nbd"
) -> Shop:
    """A small shop for coffee and tea, from its first day, with a known truth.

    Everyone comes once by a first channel and has one need. How far they get is drawn step by step from the
    conversions of that channel; a decision takes one to four visits, at most 21 days. In order of what a page may find:

    * **Funnel.** True step conversions by first channel. Phones finish the checkout a little less often. Regions have
      no effect at all; age acts only through the channel (young people come by social).
    * **Incidents.** A checkout bug on mobile for four weeks, two days without page events (purchases, recorded by the
      server, go on), a promotion weekend, a product page test whose effect is real but small for the sample.
    * **Attribution.** Each visit through a paid channel is *caused* by it with a fixed chance, otherwise the person
      would have come by another way and bought all the same. Brand search closes many purchases and causes almost
      none: last touch is wrong about it by design, and too low for social. Repeat orders would come without any ad.
    * **Repeat purchases.** `repeat` = "mbg_nbd" (a customer may stop after any purchase), "bg_nbd" or "pareto_nbd", in
      weeks, with Gamma-Gamma spend independent of them. Buyers of loyal channels hold the higher of the drawn rates.
    * **Mail.** Only with consent, never after an unsubscription. The personal subject line is opened more; each extra
      newsletter in 14 days doubles the chance to unsubscribe.
    * **Budgets** change weekly; first visits follow them with diminishing returns. Brand search, retargeting and
      affiliates are paid by the click: their spend follows demand.

    Some orders are refunded in full, some people are in the middle of their decision when the data ends.

    customers : people with a first visit, buyers or not, at least 100.  start : first day.  days : at least 120.
    Returns a :class:`Shop`. The same settings give the same tables to the last digit.
    Raises InsightError, UnknownValue.

    >>> shop = simulate_shop(customers=500, days=150)
    >>> shop.truth["repeat"]["model"], shop.truth["spend"]["mean_order"]
    ('mbg_nbd', 60.0)
    """
    _check(customers, repeat)
    when = calendar(start, days)
    rng = dict(zip(SUBJECTS, np.random.default_rng(seed).spawn(len(SUBJECTS)), strict=True))

    plans = people.budgets(rng["budgets"], when, customers)
    crowd = people.arrive(rng["arrivals"], when, plans, customers)
    decisions = people.decide(rng["decisions"], when, crowd).assign(kind="decision")
    crowd["spend_scale"] = purchases.spend_scales(rng["spend"], customers)
    people.consent(rng["consent"], crowd)
    mailed = mail.newsletters(rng["newsletters"], when, crowd)
    people.come_back(rng["returns"], crowd, decisions)
    crowd, repeats = _repeat_purchases(rng["repeats"], crowd, decisions, repeat, days)

    visits = pd.concat([decisions, repeats], ignore_index=True)
    visits["start"] = clock(visits["at"].to_numpy())
    sessions.name_campaigns(when, visits)
    visits = pd.concat([visits, mail.newsletter_visits(crowd, mailed)], ignore_index=True)
    visits = visits.sort_values("start", kind="stable", ignore_index=True)
    visits["session"] = [f"S{number:06d}" for number in range(1, len(visits) + 1)]
    mailed = pd.concat([mailed, mail.answered(visits, mailed), mail.reminders(rng["reminders"], crowd, visits)])

    log = sessions.happenings(rng["log"], when, crowd, visits)
    bought = log[log["event"] == "purchase"].rename(columns={"value": "amount"}).drop(columns="event")
    bought = bought.assign(new_customers=(~bought["person"].duplicated()).astype(int))
    bought["customer_id"] = crowd["customer_id"].array[bought["person"]]
    orders = purchases.orders_of(rng["orders"], when, bought)
    refunds = purchases.refunds_of(rng["orders"], when, orders)
    refunded = orders["order_id"].isin("O" + refunds["order_id"].str[1:]).to_numpy()
    mobile = (crowd["device"] == "mobile").to_numpy()[orders["person"]]
    hindered = mobile & when.during("checkout_bug", orders["seconds"].to_numpy())
    answers = mail.feedback_of(rng["feedback"], when, orders, refunded, hindered)
    settings = {"customers": customers, "start": start, "days": days, "seed": seed, "repeat": repeat}

    return Shop(
        events=sessions.tracked(when, crowd, log),
        orders=_order_table(when, orders, refunds),
        campaigns=campaign_table(rng["campaigns"], when, plans, visits, bought, mailed),
        contacts=_contact_table(when, crowd, mailed),
        feedback=_dated(when, answers)[FEEDBACK],
        customers=_customer_table(when, crowd),
        hidden=_hidden_table(crowd, days),
        truth=truth_of(when, crowd, visits, bought, settings),
    )


def _check(customers: int, repeat: str) -> None:
    if repeat not in REPEAT:
        raise UnknownValue("repeat", repeat, REPEAT)
    if customers < 100:
        raise InsightError(f"customers = {customers!r} is too few for a shop's story. Choose at least 100.")


def _repeat_purchases(
    rng: np.random.Generator, crowd: pd.DataFrame, decisions: pd.DataFrame, model: str, days: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The people with their buying habits, and the visits of their repeat purchases."""
    firsts = decisions[decisions["last"] & (decisions["depth"] == len(STEPS)) & (decisions["at"] < days)]
    person, first = firsts["person"].to_numpy(), firsts["at"].to_numpy()
    habits = purchases.buying_habits(rng, crowd["first_channel"].to_numpy()[person], model, REPEAT[model])
    buyer, at, stops = purchases.buy_again(rng, first, habits, model, days)
    habits = habits.assign(first_purchase=first, stops=stops).set_axis(person)
    return crowd.join(habits), sessions.repeat_visits(rng, crowd, person[buyer], at)


def _dated(when: Calendar, rows: pd.DataFrame, name: str = "timestamp") -> pd.DataFrame:
    return rows.assign(**{name: when.timestamps(rows["seconds"].to_numpy())})


def _order_table(when: Calendar, orders: pd.DataFrame, refunds: pd.DataFrame) -> pd.DataFrame:
    rows = pd.concat([orders, refunds]).sort_values(["seconds", "order_id"], kind="stable", ignore_index=True)
    columns = ["order_id", "customer_id", "order_date", "amount", "product", "category", "quantity", "discount"]
    return _dated(when, rows, "order_date")[[*columns, "channel", "cost"]]


def _contact_table(when: Calendar, crowd: pd.DataFrame, mailed: pd.DataFrame) -> pd.DataFrame:
    rows = mailed[mailed["seconds"] < when.end].sort_values(["seconds", "person"], kind="stable", ignore_index=True)
    rows["customer_id"], rows["channel"] = crowd["customer_id"].array[rows["person"]], "email"
    return _dated(when, rows)[["customer_id", "timestamp", "channel", "campaign", "action", "variant"]]


def _customer_table(when: Calendar, crowd: pd.DataFrame) -> pd.DataFrame:
    table = crowd[["customer_id", "age_band", "region", "first_channel"]].copy()
    table["consent_email"] = crowd["consent_email"] & (crowd["unsubscribed"] >= when.end)
    return table.assign(consent_ads=crowd["consent_ads"], consent_analytics=crowd["consent_analytics"])


def _hidden_table(crowd: pd.DataFrame, days: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": crowd["customer_id"],
            "furthest": np.array(STEPS)[crowd["furthest"] - 1],
            "mean_spend": purchases.SPEND["p"] / crowd["spend_scale"],
            "purchase_rate": crowd["purchase_rate"],
            "stopping": crowd["stopping"],
            "still_customer": (crowd["stops"] >= days).astype("boolean").mask(crowd["stops"].isna()),
        }
    )
