"""What customers will be worth, in words."""

from datetime import date

import pandas as pd

from insight.clv.value import CustomerValue
from insight.clv.words import MODEL_NAMES, NAIVE
from insight.explain.cards import Card
from insight.explain.notes import row_notes
from insight.language import _, _n, confidence, count, day, decimal, growth, length, money, percent

REVENUE = 1.0  # at this margin value is revenue, and is called so
NOBODY_LEFT = 0.995  # share still customers beyond which a model has seen nobody leave


def customer_value_reading(result: CustomerValue) -> str:
    """What it says, as Markdown: what can be expected of all, who holds it, how far off the model was last time.

    At a margin of 1 it speaks of revenue.
    """
    answer = [_total(result), *_top(result)]
    tried = [*_last_time(result), *_naive(result)]
    notes = [_chosen(result), *_alive(result), *_one_time(result), *_spend(result), *_doubts(result), *_aside(result)]
    return "\n\n".join(" ".join(part) for part in (answer, tried, [_new(result)], notes) if part)


def kind_of_value(result) -> str:
    """What the amounts are: margin, or revenue where the margin is all of it."""
    return _("revenue") if result.margin == REVENUE else _("margin")


def _total(result: CustomerValue) -> str:
    values = {
        "horizon": length(result.horizon), "day": _day(result.as_of), "customers": customers_text(result.n_customers),
        "value": money(result.total, result.currency), "level": confidence(result.level),
        "low": money(max(result.ci_low, 0.0)), "high": money(result.ci_high, result.currency),
        "n": count(result.expected_purchases),
    }  # fmt: skip
    if result.margin == REVENUE:
        return _(
            "In the {horizon} after {day}, {customers} can be expected to bring **{value}** of revenue ({level} "
            "interval {low} to {high}), on {n} purchase days. What of it is **value** depends on your gross margin.",
            **values,
        )
    return _(
        "In the {horizon} after {day}, {customers} can be expected to bring **{value}** of margin ({level} interval "
        "{low} to {high}), on {n} purchase days.",
        **values,
    )


def _top(result: CustomerValue) -> list[str]:
    top = result.deciles[result.deciles["n_customers"] > 0].head(1)
    if top.empty:
        return []
    row = top.iloc[0]
    return [
        _("The {n} of them with the highest value hold **{share}** of it.", n=count(row["n_customers"]),
          share=percent(row["value_share"], 0))
    ]  # fmt: skip


def _last_time(result: CustomerValue) -> list[str]:
    """How far off it was, said as a sentence."""
    row = latest_trial(result)
    if row is None:
        return []  # the warnings say so
    values = {
        "day": _day(row["origin"]), "days": _days(row["days"]), "error": growth(row["error"]),
        "expected": count(row["expected"]), "actual": count(row["actual"]), "money": growth(row["revenue_error"]),
    }  # fmt: skip
    return [
        _("**Last time the total was off by {error}**: knowing the data up to {day}, the model would have expected "
          "{expected} purchase days in the {days} after it, and {actual} came; of the revenue it was off by {money}.",
          **values)
    ]  # fmt: skip


def _naive(result: CustomerValue) -> list[str]:
    """The same by the rate so far, and who won."""
    ours, theirs = latest_trial(result), latest_trial(result, NAIVE)
    if ours is None or theirs is None:
        return []
    values = {
        "error": growth(theirs["error"]), "ours": _mae(ours["mae"]), "theirs": _mae(theirs["mae"]),
    }  # fmt: skip
    if result.loses_to_naive:
        return [
            _("**The model lost**: “as often as so far” was closer for single customers (off by {theirs} purchase days "
              "on average, the model by {ours}), and by {error} in total. Use the order of customers, not the numbers.",
              **values)
        ]  # fmt: skip
    return [
        _("“As often as so far” would have been off by {error} in total, and by {theirs} purchase days a customer (the "
          "model by {ours}).", **values)
    ]  # fmt: skip


def customer_value_lift(result: CustomerValue) -> str:
    """How well it puts customers in order: what its first tenth brought after the cut. "" without a back-test."""
    row = latest_trial(result)
    if row is None or row["top_share"] != row["top_share"]:
        return ""
    values = {"share": percent(row["top_share"], 0), "best": percent(row["best_share"], 0)}
    values["day"] = _day(row["origin"])
    return _("The tenth of customers that the model put first on {day} brought **{share}** of the revenue after it; "
             "the tenth that turned out the best brought {best}.", **values)  # fmt: skip


def latest_trial(result: CustomerValue, model: str | None = None) -> pd.Series | None:
    """The row of the back-test with the latest origin, of the chosen model or another one; None without one."""
    rows = result.backtest[result.backtest["model"] == (model or result.model)]
    return None if rows.empty else rows.sort_values("origin").iloc[-1]


def _new(result: CustomerValue) -> str:
    values = {
        "horizon": length(result.horizon), "value": money(result.new_customer_value, result.currency),
        "low": money(max(result.new_customer_low, 0.0)), "high": money(result.new_customer_high, result.currency),
        "first": money(result.new_customer_first, result.currency), "n": decimal(result.new_customer_purchases),
        "kind": kind_of_value(result),
    }  # fmt: skip
    return _("A **new** customer brings **{value}** of {kind} in the first {horizon} on average ({low} to {high}): "
             "{first} with the first purchase, the rest with the {n} purchase days expected after it.",
             **values)  # fmt: skip


def _chosen(result: CustomerValue) -> str:
    model = MODEL_NAMES[result.model]
    match result.chosen_by:
        case "backtest":
            return _("Model: {model}, which came closest in the back-test.", model=model)
        case "given":
            return _("Model: {model}, as chosen.", model=model)
        case _default:
            return _("Model: {model}; there is nothing to compare models by.", model=model)


def _alive(result: CustomerValue) -> list[str]:
    values = {"n": count(result.alive), "model": MODEL_NAMES[result.alive_model]}
    if result.alive > NOBODY_LEFT * result.n_customers:
        return [
            _("By {model} **nobody has left** yet, which is hardly so: the data are too short or too uneven to see it, "
              "and the total counts on everybody.", **values)
        ]  # fmt: skip
    return [_("About {n} of them are still customers, by {model}.", **values)]


def _one_time(result: CustomerValue) -> list[str]:
    once = result.n_customers - result.n_repeaters
    if not once:
        return []
    return [
        _("{n} bought on one day only. Of those who did so on the same day the model knows the same, so their values "
          "are equal: that is no mistake.", n=count(once))
    ]  # fmt: skip


def _spend(result: CustomerValue) -> list[str]:
    """What holds instead of Gamma-Gamma; that its mean is held at that of the data is among the warnings."""
    if result.spend_model != "mean":
        return []
    return [_("What a purchase brings is taken as the mean of all: Gamma-Gamma could not be fitted.")]


def _doubts(result: CustomerValue) -> list[str]:
    """What speaks against relying on it; that the model lost is said with its numbers already."""
    return list(result.warnings[1:] if result.loses_to_naive else result.warnings)


def _aside(result: CustomerValue) -> list[str]:
    said = []
    if result.without_purchase:
        said.append(
            _n("{n} customer with refunds only is left out.", "{n} customers with refunds only are left out.",
               result.without_purchase, n=count(result.without_purchase))
        )  # fmt: skip
    if result.refunds:
        said.append(
            _n("{n} refund of {money} is in no expectation; the revenue so far has it taken off.",
               "{n} refunds of {money} are in no expectation; the revenue so far has them taken off.",
               result.refunds, n=count(result.refunds), money=money(result.refunded, result.currency))
        )  # fmt: skip
    return [*said, *row_notes(result)]


def customers_text(n: int) -> str:
    """A number of customers, in words."""
    return _n("{n} customer", "{n} customers", n, n=count(n))


def _days(n: int) -> str:
    return _n("{n} day", "{n} days", int(n), n=count(n))


def _mae(error: float) -> str:
    return f"{error:.2f}"


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))


def customer_value_caption(result: CustomerValue) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    kind = _("revenue") if result.margin == REVENUE else _("margin {m}", m=percent(result.margin, 0))
    said = [
        _("value in {horizon}", horizon=length(result.horizon)),
        kind,
        MODEL_NAMES[result.model],
        customers_text(result.n_customers),
        _("{first} to {last}", first=day(result.data_start), last=_day(result.as_of)),
    ]
    return " · ".join(said)


def customer_value_card(result: CustomerValue) -> Card:
    """The definition of the value by model, and of what its interval is made of."""
    formula = r"\text{value} = \text{margin} \cdot E[M] \sum_i \frac{E[Y_i] - E[Y_{i-1}]}{(1+d_w)^i}"
    formula += r" \qquad \text{sd}^2 = "
    parts = (result.parameter_sd, result.process_sd, result.model_error * result.total)
    formula += " + ".join(rf"{count(part).replace(',', '{,}')}^2" for part in parts)
    sentences = (
        _("Counted: purchase days expected in {horizon} × spend expected of each × a margin of {margin}, week by week, "
          "discounted by {discount} a year.", horizon=length(result.horizon), margin=percent(result.margin, 0),
          discount=percent(result.annual_discount, 0)),
        _("Out of: {customers}, all with a purchase, one-time buyers too.",
          customers=customers_text(result.n_customers)),
        _("The {level} interval of the total holds what is uncertain about the parameters, the chance of buying, and "
          "the error of the back-test ({error}): quantiles of a gamma distribution with this mean and sd.",
          level=confidence(result.level), error=percent(result.model_error)),
        _("The range of one customer is that of 80 %, by chance alone and the parameters of this customer, if "
          "purchases and spend vary as the models say."),
        _("The chance to be still a customer is never that of BG/NBD, which is 1 for everybody who bought once."),
    )  # fmt: skip
    source = _("Fader, Hardie & Lee 2005, Marketing Science 24 and JMR 42; Fader & Hardie, notes 025 and 027.")
    return Card(_("Expected value"), formula, sentences, source, "insight.clv.value.customer_value")
