"""Mail and answers: newsletters and reminders sent, opened, clicked and cancelled; what buyers say afterwards."""

import numpy as np
import pandas as pd

from insight.simulate.world import CLICKS_PER_OPEN, DAY, FATIGUE, OPEN_RATE, UNSUBSCRIBE, Calendar, choose, clock

HOUR = 3600
BURST = (-15, -12, -9, -6, -3, 0)  # extra newsletters before the promotion, in days from its first day
WORDS = (  # by how content the buyer is: not, fairly, very
    ("Arrived late and the bag was torn.", "Paying was a struggle.", "Not what the picture showed."),
    ("Fine, but delivery took a while.", "Good coffee, a bit pricey.", "Does what it should."),
    ("Wonderful smell, fast delivery.", "Best beans I have had.", "Friendly and quick, thank you!"),
)


def newsletters(rng: np.random.Generator, calendar: Calendar, people: pd.DataFrame) -> pd.DataFrame:
    """Contacts of all newsletters; adds to `people` the second each one unsubscribed (end of time: never).

    Sent every second Tuesday, more often before the promotion, to whoever consented, has visited and not unsubscribed.
    """
    tuesday = int((1 - calendar.weekday(np.array(0))) % 7)
    promo = calendar.incidents["promo_weekend"][0]
    days = sorted({*range(tuesday + 7, calendar.days, 14), *(promo + extra for extra in BURST)})
    known = clock(people["at"].to_numpy())
    gone = np.full(len(people), np.iinfo(np.int64).max)
    consent, rows = people["consent_email"].to_numpy(), []
    for day in days:
        sent = day * DAY + 9 * HOUR
        readers = np.flatnonzero(consent & (known < sent) & (gone > sent))
        arm = choose(rng, {"A": 0.5, "B": 0.5}, len(readers))
        opens = rng.random(len(readers)) < np.where(arm == "B", OPEN_RATE["B"], OPEN_RATE["A"])
        opened = sent + 60 + rng.exponential(7 * HOUR, len(readers)).astype(np.int64)
        clicks = opens & (rng.random(len(readers)) < CLICKS_PER_OPEN)
        recent = sum((known[readers] < other * DAY + 9 * HOUR) for other in days if day - 14 < other < day)
        leaves = rng.random(len(readers)) < UNSUBSCRIBE * FATIGUE**recent
        left = (
            sent + 300 + rng.exponential(3 * HOUR, len(readers)).astype(np.int64)
        )  # by the button of the mail program
        for action, happens, seconds in (
            ("sent", np.ones(len(readers), bool), np.full(len(readers), sent)),
            ("open", opens, opened),
            ("click", clicks, opened + 40),
            ("unsubscribe", leaves, left),
        ):
            rows.append(_contacts(readers[happens], seconds[happens], "newsletter", action, arm[happens]))
        gone[readers[leaves]] = left[leaves]
    people["unsubscribed"] = gone
    return pd.concat(rows, ignore_index=True)


def newsletter_visits(people: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """A click opens a short visit: a look at a product, by people who ever look at products."""
    clicks = contacts[contacts["action"] == "click"]
    visits = clicks[["person", "campaign"]].assign(start=clicks["seconds"] + 1, channel="email", kind="newsletter")
    visits["depth"] = np.minimum(people["furthest"].to_numpy()[clicks["person"]], 2)
    return visits.assign(first=False, last=False, caused=False)


def answered(visits: pd.DataFrame, mailed: pd.DataFrame) -> pd.DataFrame:
    """Contacts of the mails that brought a visit about, and `visits` told which: a reminder, or a fresh newsletter.

    An order that comes by mail within three days of a newsletter is put down to the newsletter.
    """
    hits = visits[(visits["channel"] == "email") & (visits["kind"] != "newsletter")].sort_values("start")
    sent = mailed.loc[mailed["action"] == "sent", ["person", "seconds", "variant"]].sort_values("seconds")
    found = pd.merge_asof(
        hits.reset_index(), sent, left_on="start", right_on="seconds", by="person", tolerance=3 * DAY
    ).set_index("index")
    fresh = found.index[found["variant"].notna() & (found["kind"] == "repeat")]
    visits.loc[fresh, "campaign"] = "newsletter"
    hits = visits.loc[found.index].assign(variant=found["variant"].where(found.index.isin(fresh), ""))
    rows = [_contacts(hits["person"], hits["start"] - 61, hits["campaign"], "open", hits["variant"])]
    rows.append(_contacts(hits["person"], hits["start"] - 1, hits["campaign"], "click", hits["variant"]))
    return pd.concat(rows, ignore_index=True)


def reminders(rng: np.random.Generator, people: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Contacts of the automatic mails: those sent to people who came back by them, and those to people who did not."""
    hits = visits[visits["campaign"].isin(("visit_reminder", "refill_reminder"))]
    wait = np.minimum(0.8, hits["gap"].to_numpy()) * rng.uniform(0.1, 0.9, len(hits))
    sent = np.minimum(clock(hits["at"].to_numpy() - wait), hits["start"] - 121)
    rows = [_contacts(hits["person"], sent, hits["campaign"], "sent")]
    undecided = visits[visits["last"] & visits["depth"].between(2, 4)]
    for name, reason, days, share in (
        ("visit_reminder", undecided, 1.0, 0.4),
        ("refill_reminder", visits[visits["depth"] == 5], 28.0, 0.3),
    ):
        reason = reason[rng.random(len(reason)) < share]
        person, sent = reason["person"].to_numpy(), clock(reason["at"].to_numpy() + days)
        may = people["consent_email"].to_numpy()[person] & (people["unsubscribed"].to_numpy()[person] > sent)
        opens = may & (rng.random(len(reason)) < 0.35)
        opened = sent + 60 + rng.exponential(5 * HOUR, len(reason)).astype(np.int64)
        rows += [_contacts(person[may], sent[may], name, "sent"), _contacts(person[opens], opened[opens], name, "open")]
    return pd.concat(rows, ignore_index=True)


def _contacts(person, seconds, campaign, action: str, variant="") -> pd.DataFrame:
    facts = {"person": person, "seconds": seconds, "campaign": campaign, "action": action, "variant": variant}
    return pd.DataFrame(facts)


def feedback_of(
    rng: np.random.Generator, calendar: Calendar, orders: pd.DataFrame, refunded: np.ndarray, hindered: np.ndarray
) -> pd.DataFrame:
    """Answers to two questions: how was paying (1-5, at once), would you recommend us (0-10, some days later).

    `refunded` and `hindered` say of each order whether it was sent back, and whether a phone fought the checkout bug.
    """
    tables = []
    for touchpoint, scale, share, after, scores in (
        ("checkout", "1-5", 0.15, (30, 120), (0.03, 0.05, 0.14, 0.38, 0.40)),
        (
            "delivery",
            "0-10",
            0.22,
            (3 * DAY, 8 * DAY),
            (0.02, 0.01, 0.02, 0.03, 0.03, 0.05, 0.07, 0.14, 0.2, 0.19, 0.24),
        ),
    ):
        asked = orders[rng.random(len(orders)) < share]
        score = choose(rng, scores, len(asked))
        spoiled = hindered[asked.index] if touchpoint == "checkout" else refunded[asked.index]
        score = np.where(spoiled, score // 2, score)
        mood = np.digitize(score / (len(scores) - 1), (0.6, 0.85))
        said = np.array(WORDS)[mood, rng.integers(0, 3, len(asked))]
        seconds = asked["seconds"] + rng.integers(*after, len(asked))
        answers = asked[["person", "customer_id", "order_id"]].assign(seconds=seconds)
        answers["touchpoint"], answers["score"], answers["scale"] = touchpoint, score + (scale == "1-5"), scale
        answers["text"] = np.where(rng.random(len(asked)) < 0.4, said, "")
        tables.append(answers)
    answers = pd.concat(tables, ignore_index=True).sort_values(["seconds", "order_id"], kind="stable")
    return answers[answers["seconds"] < calendar.end].reset_index(drop=True)
