"""What running contracts will still bring, in words."""

from datetime import date

import pandas as pd

from insight.clv.drivers import number_text
from insight.explain.cards import Card
from insight.language import _, _n, chance, count, day, decimal, money, percent
from insight.renewals import ContractRenewals

NAMES = {"sbg": "sBG", "bdw": "BdW"}
FEWEST = 10  # contracts that run with so many renewals, to be compared with a new one


def contract_renewals_reading(result: ContractRenewals) -> str:
    """What it says, as Markdown: how many are still there, now and later; the payments to expect; which model."""
    answer = [_so_far(result), _later(result)]
    return "\n\n".join([" ".join(answer), " ".join([_payments(result), *_value(result)]), " ".join(_notes(result))])


def periods_text(result: ContractRenewals, n: int) -> str:
    """A number of periods, in words."""
    match result.period:
        case "week":
            return _n("{n} week", "{n} weeks", n, n=count(n))
        case "month":
            return _n("{n} month", "{n} months", n, n=count(n))
        case _year:
            return _n("{n} year", "{n} years", n, n=count(n))


def _so_far(result: ContractRenewals) -> str:
    seen = result.periods[result.periods["survival"].notna()].iloc[-1]
    values = {
        "n": count(result.n_customers), "ended": count(result.ended), "running": count(result.running),
        "time": periods_text(result, int(seen["period"])), "share": percent(seen["survival"]),
    }  # fmt: skip
    return _("Of {n} contracts {ended} have ended and {running} run. After {time}, the end of the data, **{share}** "
             "were still there.", **values)  # fmt: skip


def _later(result: ContractRenewals) -> str:
    """From where the data end: what was seen may lie off the model, the steps after it are all the model's."""
    rows = result.periods["projected"]
    values = {"more": periods_text(result, result.horizon), "model": NAMES[result.model]}
    share = percent(rows.iloc[-1] / rows[result.observed])
    return _("Of these **{share}** can be expected to be there {more} later, by {model}.", share=share, **values)


def _payments(result: ContractRenewals) -> str:
    """Of a new contract, and of the oldest of which there are many."""
    new = result.remaining["expected_payments"][0]
    values = {"time": periods_text(result, result.horizon), "new": decimal(new)}
    old = oldest(result)
    if old is None:
        return _("After the payment that it begins with, a new contract can be expected to make {new} more in {time}.",
                 **values)  # fmt: skip
    values |= {"n": count(old["renewals"]), "old": decimal(old["expected_payments"])}
    said = _("After the payment that it begins with, a new contract can be expected to make {new} more in {time}; one "
             "with {n} renewals {old}.", **values)  # fmt: skip
    return said if old["expected_payments"] <= new else f"{said} {_why_loyal(result)}"


def _why_loyal(result: ContractRenewals) -> str:
    if result.model == "sbg":
        return _("Loyalty rises with age: those who would leave have left; nobody has to change for that.")
    if result.c > 1:
        return _("Loyalty rises with age: those who would leave have left, although the chance of each to leave "
                 "grows.")  # fmt: skip
    return _("Loyalty rises with age: those who would leave have left, and the chance of each to leave falls.")


def oldest(result: ContractRenewals) -> pd.Series | None:
    """The row of the most renewals that enough running contracts have made; None where there is none."""
    rows = result.remaining[(result.remaining["n_customers"] >= FEWEST) & (result.remaining["renewals"] > 0)]
    return None if rows.empty else rows.iloc[-1]


def _value(result: ContractRenewals) -> list[str]:
    values = {"running": count(result.running), "n": count(result.expected_payments),
              "time": periods_text(result, result.horizon)}  # fmt: skip
    said = [_("All {running} that run: {n} payments.", **values)]
    if result.value == result.value:
        values = {"value": money(result.value), "new": money(result.new_value)}
        said.append(_("That is **{value}** of margin, and {new} of a new contract.", **values))
    return said


def _notes(result: ContractRenewals) -> list[str]:
    return [
        _model(result),
        _("Beyond the data nothing is seen: where line and dots part, trust neither."),
    ]


def _model(result: ContractRenewals) -> str:
    values = {"p": chance(result.p_value) if result.p_value == result.p_value else "", "c": number_text(result.c)}
    if result.chosen_by == "default":
        return _("Model: sBG; there are too few periods for the three numbers of BdW.")
    if result.chosen_by == "given":
        return _("Model: {model}, as chosen (test of c = 1: p {p}).", model=NAMES[result.model], **values)
    if result.model == "sbg":
        return _("Model: sBG: nothing speaks for a chance to leave that changes with time (p {p}).", **values)
    if result.c > 1:
        return _("Model: BdW, for each customer’s chance to leave grows with time (c = {c}, p {p}).", **values)
    return _("Model: BdW, for each customer’s chance to leave falls with time (c = {c}, p {p}).", **values)


def contract_renewals_caption(result: ContractRenewals) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        _("{n} contracts", n=count(result.n_customers)),
        _("{time} ahead", time=periods_text(result, result.horizon)),
        NAMES[result.model],
    ]
    if result.as_of is not None:
        said.append(_("to {day}", day=day(date.fromisoformat(result.as_of))))
    return " · ".join(said)


def contract_renewals_card(result: ContractRenewals) -> Card:
    """The definition of the survival curve and of the payments to expect."""
    power = "t" if result.model == "sbg" else rf"t^{{{number_text(result.c)}}}"
    numbers = [decimal(own).replace(",", "{,}") for own in (result.alpha, result.beta)]
    formula = r"S(t) = \frac{B(\alpha, \beta + " + power + r")}{B(\alpha, \beta)}"
    formula += rf",\ \alpha = {numbers[0]},\ \beta = {numbers[1]}"
    formula += r" \qquad \sum_{k=1}^{H} \frac{S(n + k)}{S(n)} \frac{1}{(1+d)^k}"
    sentences = (
        _("Counted: {n} contracts, {ended} over and {running} running; those count for the renewals they have made.",
          n=count(result.n_customers), ended=count(result.ended), running=count(result.running)),
        _("Each customer has a chance to leave of their own, and these differ (a beta distribution). In sBG it stays "
          "the same; in BdW it changes with time by the power c."),
        _("sBG unless the likelihood-ratio test of c = 1 has p below 0.05. A payment k periods ahead counts less by "
          "{discount} a year.", discount=percent(result.annual_discount, 0)),
        _("Left out: {n}.", n=count(sum(result.left_out.values()))),
    )  # fmt: skip
    source = _("Fader & Hardie 2007, J. of Interactive Marketing 21; Fader et al. 2018, ibid. 43.")
    return Card(_("Renewals to expect"), formula, sentences, source, "insight.renewals.contract_renewals")
