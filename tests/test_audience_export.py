"""An audience as a file: who is left, who is held out, what stands in it, and what a spreadsheet does with it."""

import csv
import io
import math
from hashlib import sha256
from hmac import digest
from statistics import mean, stdev

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from insight import (
    Audience,
    audience_size,
    export_audience,
    open_orders,
    read_contacts,
    read_customers,
    read_orders,
    sample,
)
from insight.audiences.consent import consent_columns, consenting
from insight.audiences.disparity import disparity, groups_of
from insight.audiences.export import AudienceExport, pseudonym
from insight.audiences.holdout import holdout
from insight.audiences.reading import disparity_reading, export_reading
from insight.charts.audiences import audience_export_steps
from insight.errors import InsightError, UnknownValue
from insight.tables.fixes.cells import pseudonyms
from insight.tables.samples import SAMPLE_DATA
from insight.tables.spreadsheet import as_csv
from tests.logs import START, log
from tests.test_audiences import orders

EVERYONE = Audience({"not": {"ids": []}})
PEOPLE = [f"c{i}" for i in range(2_000)]
KEY = "a long secret of mine"
CANCELLED = b"""order_id,customer_id,order_date,amount
1001,ana,2026-01-01,20
C1002,ana,2026-01-02,20
1003,ben,2026-01-03,30
C1004,cyd,2026-01-04,15
1005,dan,2026-01-05,9
"""


def people(**columns):
    return read_customers(pd.DataFrame(columns))


def contacts(text):
    """Contacts from lines of `customer outcome day`."""
    table = pd.DataFrame(
        [line.split() for line in text.strip().splitlines()], columns=["customer_id", "outcome", "day"]
    )
    table["timestamp"] = START + pd.to_timedelta(table.pop("day").astype(float), unit="D")
    return read_contacts(table)


def ids(made):
    return made.frame.iloc[:, 0].tolist()


def plain(audience=EVERYONE, tables=None, **settings):
    """An export with ids as they are, and without a holdout."""
    return export_audience(audience, tables, **{"pseudonymous": False, "share": 0.0, "suppress_days": None, **settings})


# -- holdout ----------------------------------------------------------------------------------------------------------


def test_the_same_campaign_holds_out_the_same_people():
    assert holdout(PEOPLE, campaign="tea").tolist() == holdout(PEOPLE, campaign="tea").tolist()


def test_who_else_is_there_and_in_which_order_plays_no_part():
    whole = dict(zip(PEOPLE, holdout(PEOPLE, campaign="tea"), strict=True))
    part = PEOPLE[::-7]
    assert holdout(part, campaign="tea").tolist() == [whole[one] for one in part]


def test_a_holdout_is_the_documented_hash():
    held = [int(sha256(f"tea|{one}".encode()).hexdigest()[:16], 16) / 2**64 < 0.1 for one in PEOPLE]
    assert holdout(PEOPLE, campaign="tea").tolist() == held


@pytest.mark.parametrize("share", [0.05, 0.1, 0.5])
def test_about_the_chosen_share_is_held_out(share):
    n = int(holdout(PEOPLE, campaign="tea", share=share).sum())
    assert abs(n - 2_000 * share) < 4 * math.sqrt(2_000 * share * (1 - share))


def test_a_larger_share_keeps_everybody_who_is_held_out_already():
    few, many = (holdout(PEOPLE, campaign="tea", share=share) for share in (0.1, 0.2))
    assert not (few & ~many).any()


def test_two_campaigns_hold_out_independently_of_each_other():
    one, other = (holdout(PEOPLE, campaign=name, share=0.5) for name in ("spring", "autumn"))
    both, spread = int((one & other).sum()), math.sqrt(2_000 * 0.25 * 0.75)
    assert abs(both - 500) < 4 * spread


@pytest.mark.parametrize("share", [1, 1.5, -0.1, True, "10%"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(InsightError, match="must be a share"):
        holdout(PEOPLE, campaign="tea", share=share)


def test_groups_of_the_file_are_the_holdout():
    made = export_audience(EVERYONE, people(customer_id=PEOPLE), campaign="tea", pseudonymous=False)
    held = dict(zip(PEOPLE, holdout(PEOPLE, campaign="tea"), strict=True))
    assert (made.frame["group"] == "holdout").tolist() == [held[one] for one in ids(made)]
    assert (made.n_treatment, made.n_holdout) == (2_000 - sum(held.values()), sum(held.values()))


# -- who is left ------------------------------------------------------------------------------------------------------


def test_only_who_said_yes_is_left():
    table = people(customer_id=["ana", "ben", "cyd", "dan"], consent_email=["yes", "no", None, "yes"])
    made = plain(tables=table)
    assert ids(made) == ["ana", "dan"]
    assert made.steps.to_numpy().tolist() == [["The audience", 4, 0], ["who agreed (consent_email)", 2, 2]]
    assert made.file_name == "audience_campaign.csv"


def test_customers_whom_the_table_of_customers_does_not_know_did_not_agree():
    tables = {
        "events": log("ana visit 0\nzoe visit 1"),
        "customers": people(customer_id=["ana"], consent_email=["yes"]),
    }
    assert ids(plain(tables=tables)) == ["ana"]


def test_another_column_of_consent_can_be_asked():
    table = people(customer_id=["ana", "ben"], consent_email=["yes", "no"], consent_ads=["no", "yes"])
    assert ids(plain(tables=table, consent="consent_ads")) == ["ben"]
    with pytest.raises(UnknownValue, match="consent_email, consent_ads"):
        plain(tables=table, consent="region")


def test_a_column_of_consent_is_recognised_by_its_name_and_its_answers():
    table = people(
        customer_id=["a", "b"], sms_opt_in=["Y", "N"], newsletter_topic=["tea", "mugs"], permission=["1", "0"]
    )
    assert consent_columns(table) == ["sms_opt_in", "permission"]
    assert consenting(table, "sms_opt_in") == {"a"}
    assert consent_columns(None) == []


REFUSALS = [
    "unsubscribed", "newsletter_unsubscribed", "isUnsubscribed", "consent_withdrawn", "no_consent", "do_not_subscribe",
    "gdpr_erasure_request", "subscription_cancelled", "opt_out", "email optout", "do_not_contact", "not_subscribed",
    "HasOptedOutOfEmail", "Unsubscribed from all email", "donotcall", "no_marketing_emails", "consent_was_revoked",
    "withdrawn",
]  # fmt: skip


@pytest.mark.parametrize("column", REFUSALS)
def test_a_column_of_refusal_leaves_out_who_says_yes_and_is_no_consent(column):
    table = read_customers(f"id,{column}\nana,yes\nben,no\ncyd,\n".encode())
    made = plain(tables=table)
    assert ids(made) == ["ben", "cyd"]
    assert made.steps["step"].tolist() == ["The audience", f"who did not refuse ({column})"]
    assert "CONSENT_NOT_CHECKED" in made.file_name
    with pytest.raises(UnknownValue):
        plain(tables=table, consent=column)
    assert ids(plain(tables=table, unsubscribed=False)) == ["ana", "ben", "cyd"]


def test_a_refusal_counts_beside_a_consent_and_every_column_of_it_does():
    table = people(customer_id=[*"abcd"], consent_email=["yes", "yes", "yes", "no"], opt_out=["1", "0", "0", "0"],
                   unsubscribed_at=[None, None, "2026-01-05", None])  # fmt: skip
    made = plain(tables=table)
    assert ids(made) == ["b"]
    assert made.steps["step"].tolist()[1:] == [
        "who agreed (consent_email)",
        "who did not refuse (opt_out, unsubscribed_at)",
    ]
    assert made.file_name == "audience_campaign.csv"


def test_a_column_of_refusal_that_cannot_be_read_is_named():
    made = plain(tables=people(customer_id=["ana", "ben"], consent_email=["yes", "yes"], opt_out=["phone", "mail"]))
    assert ids(made) == ["ana", "ben"]
    assert made.warnings[0].startswith(
        "The column opt_out seems to say who refused, but its answers are not yes and no"
    )


@pytest.mark.parametrize("column", ["no_of_orders", "no_children", "never_returned", "notes", "order_no"])
def test_a_column_about_something_else_is_no_refusal(column):
    table = read_customers(f"id,{column}\nana,yes\nben,no\n".encode())
    assert ids(plain(tables=table)) == ["ana", "ben"]


@pytest.mark.parametrize(
    "column", ["consent_required", "consent_date", "gdpr", "newsletter_topic", "subscription_plan"]
)
def test_a_column_that_says_neither_yes_nor_no_to_being_contacted_is_not_read(column):
    table = read_customers(f"id,{column}\nana,yes\nben,no\n".encode())
    assert consent_columns(table) == []
    assert ids(plain(tables=table)) == ["ana", "ben"]


@pytest.mark.parametrize(
    "column", ["sms_opt_in", "agreed", "is_subscribed", "gdpr_consent", "Marketing OK", "smsOptIn"]
)
def test_a_plain_yes_is_a_consent(column):
    table = read_customers(f"id,{column}\nana,yes\nben,no\n".encode())
    assert ids(plain(tables=table)) == ["ana"]


@pytest.mark.parametrize("consent", ["auto", None])
def test_where_nobody_was_asked_the_file_says_so_in_its_name_its_header_and_on_screen(consent):
    made = plain(tables=people(customer_id=["ana"]), consent=consent)
    assert made.file_name == "audience_campaign_CONSENT_NOT_CHECKED.csv"
    assert made.csv.decode("utf-8-sig").splitlines()[0] == "customer_id (consent_not_checked)"
    assert "consent" in made.warnings[0] or "agreed" in made.warnings[0]


def test_who_unsubscribed_once_is_left_out():
    tables = {"contacts": contacts("ana sent 0\nana unsub 1\nben sent 0\nend sent 30")}
    assert ids(plain(tables=tables)) == ["ben", "end"]
    assert ids(plain(tables=tables, unsubscribed=False)) == ["ana", "ben", "end"]


def test_who_unsubscribed_after_the_day_of_the_audience_is_left_out_too():
    tables = {"contacts": contacts("ana sent 0\nben sent 0\nana unsub 20\nend sent 30")}
    assert ids(plain(Audience({"not": {"ids": []}}, as_of="2026-01-10"), tables)) == ["ben"]


def test_days_since_a_purchase_are_counted_from_the_end_of_the_orders():
    rows = "\n".join(f"c{i:02} 5 30" for i in range(50))
    tables = {"orders": orders(f"old 5 0\n{rows}"), "contacts": contacts("new sent 89")}
    made = plain(tables=tables, suppress_days=20)
    assert ids(made) == ["new", "old"]
    assert "who did not buy in the last 20 days" in made.steps["step"].tolist()
    assert (
        "The orders end on 31 Jan 2026, 59 days before the day of the audience: who bought since then is not known."
        in (made.warnings)
    )
    assert not any(
        "end on" in warning for warning in plain(tables=tables | {"contacts": contacts("a sent 31")}).warnings
    )


def test_messages_of_the_cap_are_counted_from_the_end_of_the_contacts():
    tables = {"orders": orders("ana 5 0\nben 5 90"), "contacts": contacts("ana sent 1\nana sent 2")}
    made = plain(tables=tables, cap=2)
    assert ids(made) == ["ben"]
    assert any("The contacts end on 3 Jan 2026, 88 days before" in warning for warning in made.warnings)


def test_a_cancelled_order_is_no_purchase_of_late():
    table = read_orders(CANCELLED)
    assert ids(plain(tables=table, suppress_days=4)) == ["ana", "cyd"]


def test_who_bought_lately_is_left_out_to_the_day():
    tables = {"orders": orders("ana 5 0\nben 5 10\ncyd -5 29\nend 5 29")}
    assert ids(plain(tables=tables, suppress_days=20)) == ["ana", "cyd"]  # ben bought on the first of the 20 days
    assert ids(plain(tables=tables, suppress_days=19)) == ["ana", "ben", "cyd"]


def test_without_orders_an_event_called_purchase_says_who_bought():
    tables = {"events": log("ana purchase 0\nben purchase 9\nend visit 10")}
    assert ids(plain(tables=tables, suppress_days=5)) == ["ana", "end"]
    quiet = plain(tables={"events": log("ana visit 0")}, suppress_days=5)
    assert any("bought lately" in warning for warning in quiet.warnings)


def test_who_was_sent_as_many_as_the_cap_is_left_out_and_who_was_sent_one_less_stays():
    tables = {"contacts": contacts("ana sent 1\nana sent 5\nana sent 7\nben sent 5\nben sent 7\nben open 7")}
    assert ids(plain(tables=tables, cap=3)) == ["ben"]


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 20), st.sampled_from(["sent", "open"])), min_size=1
    ),
    cap=st.integers(1, 4),
)
def test_the_cap_leaves_out_who_was_sent_as_many_in_seven_days(rows, cap):
    rows = [*rows, ("z", 20, "sent")]
    table = contacts("\n".join(f"{who} {outcome} {day}" for who, day, outcome in rows))
    often = {who for who in "abcdz" if sum(w == who and o == "sent" and d >= 14 for w, d, o in rows) >= cap}
    everyone = {who for who, _day, _outcome in rows}
    if everyone - often:
        assert ids(plain(tables={"contacts": table}, cap=cap)) == sorted(everyone - often)
    else:
        with pytest.raises(InsightError, match="Nobody is left"):
            plain(tables={"contacts": table}, cap=cap)


def test_the_steps_of_the_shop_add_up():
    tables = {kind: sample(f"shop_{kind}") for kind in ("events", "orders", "customers", "contacts")}
    made = export_audience(Audience({"did": "visit"}), tables, campaign="tea", key=KEY)
    assert made.steps["n_customers"].tolist() == [3_990, 936, 936, 864, 864]
    assert (made.steps["n_customers"] + made.steps["removed"]).iloc[1:].tolist() == made.steps["n_customers"].iloc[
        :-1
    ].tolist()
    assert made.n_treatment + made.n_holdout == made.n_customers == len(made.frame) == 864
    assert made.file_name == "audience_tea_2025-12-31.csv"


def test_nobody_left_is_said_with_the_step_that_left_nobody():
    with pytest.raises(InsightError, match="Nobody is left to export after: who agreed"):
        plain(tables=people(customer_id=["ana"], consent_email=["no"], opt_out=["no"]))


@pytest.mark.parametrize("wrong", [{"suppress_days": 0}, {"cap": 0}, {"cap": True}, {"suppress_days": 1.5}])
def test_a_setting_that_is_none_is_refused(wrong):
    with pytest.raises(InsightError, match="must be a whole number"):
        plain(tables=people(customer_id=["ana"]), **wrong)


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": -10}, {"days": True}, {"days": 1.5}])
def test_days_to_expect_that_are_none_are_refused(wrong):
    with pytest.raises(InsightError, match="must be a whole number"):
        plain(tables=orders("ana 5 0"), **wrong)


@pytest.mark.parametrize("level", [0, 1, 1.5, -1, True, "high"])
def test_a_level_that_is_none_is_refused(level):
    with pytest.raises(InsightError, match="must be between 0 and 1"):
        plain(tables=people(customer_id=["ana"]), level=level)


# -- who they are -----------------------------------------------------------------------------------------------------


def test_a_pseudonym_is_the_keyed_hash_that_reading_a_file_gives_too():
    assert pseudonym("ana", KEY) == digest(KEY.encode(), b"ana", "sha256").hex()[:16]
    assert [pseudonym("ana", KEY)] == pseudonyms(pa.chunked_array([["ana"]]), KEY).to_pylist()


def named_in(file):
    """The customers whose ids stand in a cell of the file."""
    rows = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
    return {cell for row in rows for cell in row} & set(PEOPLE)


def test_the_file_holds_no_id_unless_asked_and_its_order_tells_none():
    table = people(customer_id=PEOPLE, consent_email=["yes"] * 2_000)
    made = export_audience(EVERYONE, table, campaign="tea", key=KEY)
    assert ids(made) == sorted(pseudonym(one, KEY) for one in PEOPLE)
    assert not named_in(made.csv)
    bare = export_audience(EVERYONE, table, campaign="tea", pseudonymous=False)
    assert named_in(bare.csv) == set(PEOPLE)
    assert list(made.frame) == ["pseudonym", "group"]  # no trait
    assert made.key is None


def test_a_random_key_is_handed_back_once_and_shown_nowhere():
    table = people(customer_id=["ana"])
    one, other = (export_audience(EVERYONE, table) for _time in range(2))
    assert one.key != other.key
    assert ids(one) != ids(other)
    assert ids(one) == [pseudonym("ana", one.key)]
    assert one.key not in repr(one)
    assert one.key.encode() not in one.csv


def test_a_short_key_is_warned_about():
    made = export_audience(EVERYONE, people(customer_id=["ana"]), key="tea")
    assert any("key is short" in warning for warning in made.warnings)


def test_traits_stand_in_the_file_only_when_they_are_asked_for():
    table = people(customer_id=["ana", "ben"], region=["east", None], age=[34, 51])
    made = plain(tables=table, traits=("region",))
    assert list(made.frame) == ["customer_id (consent_not_checked)", "region"]
    assert made.frame["region"].tolist()[0] == "east"
    assert any("region" in warning for warning in made.warnings)
    with pytest.raises(UnknownValue, match="age, region"):
        plain(tables=table, traits=("income",))


def test_a_trait_called_like_the_marked_column_of_ids_takes_its_place_no_more():
    marked = "customer_id (consent_not_checked)"
    made = plain(tables=people(**{"customer_id": ["ana"], marked: ["Annie"]}), traits=(marked,))
    assert made.frame.to_dict("list") == {marked: ["ana"], f"{marked} (file)": ["Annie"]}


@pytest.mark.parametrize("hashed", [True, False])
def test_a_trait_takes_the_place_of_neither_the_pseudonym_nor_the_holdout(hashed):
    table = people(customer_id=["ana", "ben"], consent_email=["yes", "yes"], pseudonym=["Annie", "Benny"],
                   segment=["gold", "tin"], group=["new", "old"])  # fmt: skip
    asked = {"traits": ("pseudonym", "group", "segment", "group"), "campaign": "tea", "key": KEY}
    made = export_audience(EVERYONE, table, share=0.5, pseudonymous=hashed, **asked)
    who = "pseudonym" if hashed else "customer_id"
    assert list(made.frame) == [who, "group", "pseudonym (file)", "group (file)", "segment"]
    assert set(made.frame[who]) == ({pseudonym("ana", KEY), pseudonym("ben", KEY)} if hashed else {"ana", "ben"})
    held = dict(zip(["Annie", "Benny"], holdout(["ana", "ben"], campaign="tea", share=0.5), strict=True))
    assert [group == "holdout" for group in made.frame["group"]] == [
        held[one] for one in made.frame["pseudonym (file)"]
    ]
    assert set(made.frame["group (file)"]) == {"new", "old"}


# -- what a spreadsheet does ------------------------------------------------------------------------------------------

DANGEROUS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "\nx", '=HYPERLINK("http://x")', "-cmd", "-"]
DANGEROUS += ["＝1+1", "＋1", "－1", "＠SUM(A1)", " =1+1", "\u00a0@x", "\ufeff=1", "\u200b=1", " \u3000－1", "-5\n=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_of_the_file_is_run_by_a_spreadsheet(text):
    frame = pd.DataFrame({"customer_id": pd.array(["ana"], dtype="str"), text: [text], "change": [-5]})
    header, row = csv.reader(io.StringIO(as_csv(frame).decode("utf-8-sig"), newline=""))
    assert (header[1], row[1]) == ("'" + text, "'" + text)
    assert row[2] == "-5"


@pytest.mark.parametrize("text", ["-5", "-12.5", "-1,5", "x;=1+1", " ana", "5-1", "", " "])
def test_text_that_a_spreadsheet_would_not_run_stays_as_it_is(text):
    _header, row = csv.reader(io.StringIO(as_csv(pd.DataFrame({"a": [text], "b": 1})).decode("utf-8-sig"), newline=""))
    assert row == [text, "1"]


def test_ids_that_begin_like_a_formula_are_disarmed_and_that_is_said():
    made = plain(tables=people(customer_id=["-5", "-5b", "=cmd", "ana"]))
    assert sorted(made.csv.decode("utf-8-sig").split("\r\n")[1:-1]) == ["'-5b", "'=cmd", "-5", "ana"]
    assert any("2 ids begin like a formula" in warning for warning in made.warnings)


def test_negative_numbers_stay_numbers():
    table = people(customer_id=["ana", "ben"], balance=[-12.5, 3.0])
    rows = list(csv.DictReader(io.StringIO(plain(tables=table, traits=("balance",)).csv.decode("utf-8-sig"))))
    assert [row["balance"] for row in rows] == ["-12.5", "3.0"]


# -- disparity --------------------------------------------------------------------------------------------------------


def test_disparity_by_hand():
    """40 of 100 women and 10 of 50 men: 0.4 and 0.2, a ratio of 0.5."""
    table = people(customer_id=[f"c{i}" for i in range(150)], gender=["f"] * 100 + ["m"] * 50)
    chosen = [f"c{i}" for i in [*range(40), *range(100, 110)]]
    found = disparity(table, chosen, traits=["gender"])
    assert found[["group", "n_customers", "selected", "selection_rate", "ratio"]].to_numpy().tolist() == [
        ["f", 100, 40, 0.4, 1.0], ["m", 50, 10, 0.2, 0.5],
    ]  # fmt: skip
    assert found["flagged"].tolist() == [False, True]
    assert found["by_chance"].tolist() == [True, False]  # the first is the group itself
    assert disparity_reading(found) == (
        "Taken less than 80% as often as the group most taken: **m** (gender). Look at which condition does it."
    )


def test_four_fifths_exactly_is_not_flagged():
    table = people(customer_id=[f"c{i}" for i in range(200)], team=["a"] * 100 + ["b"] * 100)
    chosen = [f"c{i}" for i in [*range(50), *range(100, 140)]]
    assert not disparity(table, chosen, traits=["team"])["flagged"].any()


def test_a_small_group_does_not_set_the_measure_and_what_chance_may_do_is_said():
    table = people(customer_id=[f"c{i}" for i in range(63)], team=["a"] * 30 + ["b"] * 30 + ["tiny"] * 3)
    found = disparity(table, ["c0", "c1", "c2", "c3", "c30", "c31", "c60", "c61", "c62"], traits=["team"])
    assert found["ratio"].round(2).tolist() == [1.0, 0.5, 7.5]
    assert found["small"].tolist() == [False, False, True]
    assert (found["flagged"] & found["by_chance"]).tolist() == [False, True, False]
    assert "1 group below 80% so few are taken" in disparity_reading(found)


def test_numbers_are_cut_into_four_groups():
    assert groups_of(pd.Series(np.arange(100.0))).value_counts().tolist() == [25] * 4
    assert groups_of(pd.Series([1.0, 2.0, None], dtype="Float64")).tolist() == ["1", "2", "(not set)"]


# -- what to expect ---------------------------------------------------------------------------------------------------


def test_what_to_expect_is_what_those_brought_in_who_fitted_the_same_rule_earlier():
    """By hand: 40 people buy once in January; of those who were silent on day 100, some buy until day 190."""
    rows = [(f"c{i}", 10, 5) for i in range(40)]
    rows += [(f"c{i}", 20 + i, 150) for i in range(8)]
    rows += [("end", 1, 190)]
    table = orders("\n".join(f"{who} {amount} {day}" for who, amount, day in rows))
    audience = Audience({"status": "lapsed", "days": 60, "silent": 90})
    made = export_audience(audience, table, suppress_days=None, share=0.0, pseudonymous=False, days=90)
    spent = [20.0 + i if i < 8 else 0.0 for i in range(40)]
    found = made.expected
    assert (found.n_then, found.buyers_then, made.n_customers) == (40, 8, 32)  # those of day 150 are no longer silent
    assert found.revenue == pytest.approx(32 * mean(spent))
    half = student.ppf(0.975, 39) * stdev(spent) / math.sqrt(40)
    assert (found.low, found.high) == pytest.approx((32 * (mean(spent) - half), 32 * (mean(spent) + half)))
    assert "as much each as the 40 customers brought in" in export_reading(made)


def test_too_few_who_fitted_earlier_say_nothing():
    made = plain(tables=orders("ana 5 0\nben 5 100\nend 5 200"))
    assert made.expected is None
    assert "cannot be said" in export_reading(made)


def test_a_holdout_says_what_it_can_show():
    rows = [f"c{i} 10 {day}" for i in range(600) for day in (i % 60, i % 60 + 20 * (i % 7))]
    table = orders("\n".join([*rows, "end 1 180"]))
    for level, found in ((0.95, 1.959964 + 0.841621), (0.8, 1.281552 + 0.841621)):  # quantiles of the normal
        made = export_audience(EVERYONE, table, suppress_days=None, campaign="tea", key=KEY, level=level)
        p = made.expected.buyers_then / made.expected.n_then
        n, m = made.n_treatment, made.n_holdout
        assert made.expected.detectable == pytest.approx(found * math.sqrt(p * (1 - p) * (1 / n + 1 / m)), rel=1e-6)


# -- in words and pictures --------------------------------------------------------------------------------------------


def built(**changes):
    steps = pd.DataFrame({"step": ["The audience", "who agreed"], "n_customers": [10, 4], "removed": [0, 6]})
    usual = {
        "frame": pd.DataFrame(), "csv": b"", "file_name": "a.csv", "steps": steps, "expected": None, "disparity": None,
        "warnings": (), "n_customers": 4, "n_treatment": 3, "n_holdout": 1, "campaign": "tea", "as_of": None,
        "share": 0.1,
    }  # fmt: skip
    return AudienceExport(**usual | changes)


def test_the_export_in_words():
    assert export_reading(built()).startswith("**3** of 10 customers may be contacted now; 1 is held out.\n\n")
    assert export_reading(built(n_treatment=4, n_holdout=0, share=0.0)).startswith(
        "**4** of 10 customers may be contacted now.\n\n"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_steps_of_an_export_are_drawn(theme):
    chart = audience_export_steps(built(), theme=theme)
    assert chart.description == "The audience: 10 · 100%; who agreed: 4 · 40.0%."


def test_orders_in_two_currencies_promise_nothing():
    table = read_orders(b"user,date,amount,currency\nana,2026-01-01,5,EUR\nben,2026-01-02,5,USD\n")
    assert plain(tables=table).expected is None


# -- rows that lie on disk --------------------------------------------------------------------------------------------


def test_rows_on_disk_give_the_same_audience_and_the_same_file(tmp_path):
    pd.read_csv(SAMPLE_DATA / "shop_orders.csv.gz").to_parquet(tmp_path / "orders.parquet")
    others = {kind: sample(f"shop_{kind}") for kind in ("customers", "contacts")}
    there = {"orders": open_orders(str(tmp_path / "orders.parquet")), **others}
    here = {"orders": sample("shop_orders"), **others}
    narrow = {"measure": "average_order_value", "value": 60}
    for rule in ({"status": "lapsed"}, {"all": [narrow, {"measure": "days_since_first", "is": ">", "value": 60}]}):
        one, other = (audience_size(Audience(rule), place["orders"]) for place in (here, there))
        assert one.steps.equals(other.steps)
        assert (one.revenue, one.orders, one.revenue_share) == (other.revenue, other.orders, other.revenue_share)
        settings_ = {"campaign": "tea", "key": KEY, "protected": ("region",), "traits": ("region",)}
        one, other = (export_audience(Audience(rule), place, **settings_) for place in (here, there))
        assert one.csv == other.csv
        assert repr(one.expected) == repr(other.expected)
        assert one.disparity.equals(other.disparity)


def test_cancelled_orders_on_disk_give_the_same_audience_and_the_same_file(tmp_path):
    days = pd.date_range("2026-01-01", periods=200).strftime("%Y-%m-%d")
    lines = [f"{'C' if i % 3 == 0 else ''}{1000 + i},c{i % 40:02},{days[i % 200]},{5 + i % 7}" for i in range(600)]
    (tmp_path / "orders.csv").write_text("\n".join(["order_id,customer_id,order_date,amount", *lines]))
    here, there = read_orders(tmp_path / "orders.csv"), open_orders(str(tmp_path / "orders.csv"))
    for rule in ({"measure": "revenue", "is": ">", "value": 20}, {"status": "returning", "days": 60, "silent": 90}):
        one, other = (audience_size(Audience(rule), place) for place in (here, there))
        assert one.n_customers == other.n_customers > 0
        assert (one.revenue, one.orders, one.buyers) == (other.revenue, other.orders, other.buyers)
        one, other = (plain(Audience(rule), place, suppress_days=2, days=30) for place in (here, there))
        assert one.csv == other.csv
        assert one.steps.equals(other.steps)
        assert one.expected is not None
        assert repr(one.expected) == repr(other.expected)
