"""LTV to CAC and payback, in words."""

from datetime import date

import pandas as pd

from insight.acquisition.payback import AcquisitionPayback
from insight.acquisition.sums import FEW
from insight.acquisition.words import customers, why_missing
from insight.explain.acquisition import name_notes, named, who_counts
from insight.explain.campaigns import rates_in_words
from insight.explain.cards import Card
from insight.language import _, _n, confidence, count, day, decimal, length, money, percent, plain

MOST_TOLD = 3  # by name, of those who pay back later
SCOPE = {"all": _("all cost: spend, other cost and what comes on top"), "media": _("media spend alone")}


def acquisition_payback_reading(result: AcquisitionPayback) -> str:
    """What it says, as Markdown: who has paid back and when, what a customer costs, what they are worth for it."""
    answer = [*_paid(result), *_late(result), *_unknown(result)]
    return "\n\n".join(
        [" ".join(answer), " ".join([_cost(result), *_worth(result), *_model(result)]), " ".join(_notes(result))]
    )


def _paid(result: AcquisitionPayback) -> list[str]:
    rows = result.rows[result.rows["payback_day"].notna() & (result.rows["payback_why"] == "")]
    surely = (rows["payback_day"] == 0) & (rows["payback_latest"] == 0)
    at_once, later = rows[surely], rows[~surely].sort_values("payback_day", kind="stable")
    margin, said = percent(result.margin, 0), []
    if len(at_once):
        said.append(
            _("At a margin of {margin} customers of {names} pay back what they cost on the first day.", margin=margin,
              names=named(at_once[result.by]))
        )  # fmt: skip
    said += [
        _("Those of **{name}** have by **day {n}**{doubt}.", name=plain(row[result.by]), n=count(row["payback_day"]),
          doubt=_doubt(row))
        for row in later.head(MOST_TOLD).to_dict("records")
    ]  # fmt: skip
    if (more := len(later) - MOST_TOLD) > 0:
        said.append(_n("{n} more has; the picture says how surely.", "{n} more have; the picture says how surely.",
                       more, n=count(more)))  # fmt: skip
    return said


def _doubt(row: dict) -> str:
    early, late = row["payback_earliest"], row["payback_latest"]
    if early == late:
        return ""
    if late != late:
        return _(" (between day {early} and later than the data)", early=count(early))
    return _(" (between day {early} and day {late})", early=count(early), late=count(late))


def _late(result: AcquisitionPayback) -> list[str]:
    """Who has not paid back as far as they can be followed."""
    rows = result.rows[result.rows["payback_why"] == "not_reached"]
    return [
        _("Those of **{name}** have **not yet**, within {n} days: {so_far} of margin for a cost of {cac}.",
          name=plain(row[result.by]), n=count(row["days_observed"] + 1),
          so_far=money(row["margin_so_far"], result.currency), cac=money(row["cac"], result.currency))
        for row in rows.head(2).to_dict("records")
    ]  # fmt: skip


def _unknown(result: AcquisitionPayback) -> list[str]:
    rows = result.rows[result.rows["payback_why"] == "few_customers"]
    if rows.empty:
        return []
    return [
        _n("Of {n} there are fewer than {few} customers: nothing can be said.",
           "Of {n} there are fewer than {few} customers each: nothing can be said.", len(rows), n=count(len(rows)),
           few=FEW)
    ]  # fmt: skip


def _cost(result: AcquisitionPayback) -> str:
    total = result.total.iloc[0]
    if not total["n_customers"]:
        none = _("No customer came under a name that has a campaign.")
        if result.blended_cac != result.blended_cac:
            return none
        blended = money(result.blended_cac, result.currency)
        return f"{none} " + _("Cost ÷ all new customers is {blended} ({scope}).", blended=blended,
                              scope=SCOPE[result.cost])  # fmt: skip
    return _(
        "A customer costs {cac} on average ({scope}); {blended} if those are counted who came without a campaign.",
        cac=money(total["cac"], result.currency), scope=SCOPE[result.cost],
        blended=money(result.blended_cac, result.currency),
    )  # fmt: skip


def _worth(result: AcquisitionPayback) -> list[str]:
    """Of whom the observed LTV is above or below the CAC, by its interval."""
    rows = result.rows[result.rows["ltv_to_cac_low"].notna()]
    horizon = length(result.horizon)
    if rows.empty:
        return [
            _("LTV:CAC within {horizon} is not observed: no ten customers of one could be followed so long.",
              horizon=horizon)
        ]  # fmt: skip
    above, below = rows[rows["ltv_to_cac_low"] > 1], rows[rows["ltv_to_cac_high"] < 1]
    said, rest = [], len(rows) - len(above) - len(below)
    if len(above):
        said.append(_("Within {horizon} customers of {names} were worth more than they cost.", horizon=horizon,
                      names=named(above[result.by])))  # fmt: skip
    if len(below):
        said.append(_("Within {horizon} customers of {names} were worth less than they cost.", horizon=horizon,
                      names=named(below[result.by])))  # fmt: skip
    if rest:
        said.append(_n("Of {n} it cannot be told.", "Of {n} it cannot be told.", rest, n=count(rest)))
    return said


def _model(result: AcquisitionPayback) -> list[str]:
    if result.model is None:
        return []
    if result.model_note:
        return [_("No model could be fitted: {why}", why=plain(why_missing(result.model_note)))]
    rows = result.rows[result.rows["model_ltv_to_cac"].notna()].sort_values("model_ltv_to_cac", ascending=False)
    if rows.empty:
        return [_("No channel has enough customers for a model of its own.")]
    listed = ", ".join(f"**{plain(row[result.by])}** {decimal(row['model_ltv_to_cac'])}" for row in
                       rows.head(4).to_dict("records"))  # fmt: skip
    return [
        _("A model expects an LTV:CAC within {horizon} of: {listed}.", horizon=length(result.horizon), listed=listed)
    ]


def _notes(result: AcquisitionPayback) -> list[str]:
    own = _("LTV is margin before the CAC is taken off; LTV:CAC is of customers who could be followed so long, and of "
            "what these cost.")  # fmt: skip
    return [*who_counts(result), *name_notes(result), own]


def acquisition_payback_caption(result: AcquisitionPayback) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    first, last = (day(date.fromisoformat(iso)) for iso in (result.first_day, result.last_day))
    said = [_("by {column}", column=result.by), _("margin {m}", m=percent(result.margin, 0)), SCOPE[result.cost]]
    return " · ".join([*said, customers(result.n_customers), _("acquired {a} to {b}", a=first, b=last)])


def acquisition_payback_card(result: AcquisitionPayback) -> Card:
    """The definitions of CAC, LTV:CAC and payback, with the numbers of the one with most spend."""
    row = result.rows.iloc[0]
    paid = row["total_cost"] if result.cost == "all" else row["spend"]
    formula = r"\text{CAC} = \frac{\text{cost}}{\text{customers}}"
    if row["n_customers"]:
        formula += rf" = \frac{{{_number(paid)}}}{{{_number(row['n_customers'])}}} = {decimal(row['cac'])}"
    formula += r" \qquad \text{LTV:CAC} = \frac{m \cdot \text{revenue} / \text{customers}}{\text{CAC}}"
    if row["ltv_to_cac"] == row["ltv_to_cac"]:
        ratio = rf"\frac{{{decimal(row['observed_ltv'])}}}{{{decimal(row['observed_cac'])}}}"
        formula += rf" = {ratio} = {decimal(row['ltv_to_cac'])}"
    return Card(_("LTV:CAC and payback"), formula, _sentences(result, row), _SOURCE, _FUNCTION)


_SOURCE = _("Gupta & Lehmann 2005, Managing Customers as Investments; Garwood 1936; Fay & Feuer 1997; Kott 2001.")
_FUNCTION = "insight.acquisition.payback.acquisition_payback"


def _sentences(result: AcquisitionPayback, row: pd.Series) -> tuple[str, ...]:
    return (
        _("In the formula: **{name}**, the one with most spend. Cost: {scope}.", name=plain(row[result.by]),
          scope=SCOPE[result.cost]),
        _("LTV:CAC: of customers who could be followed for {horizon} ({n} of them), and what these cost. Payback: the "
          "first day on which the mean margin so far has reached the CAC of all {all}; a day’s mean is over who could "
          "be followed so long.", horizon=length(result.horizon), n=count(row["observed_customers"]),
          all=count(row["n_customers"])),
        _("A customer may cost LTV × (1 − {share}): what is left then is the profit aimed at.",
          share=percent(result.target_profit_share, 0)),
        _("Intervals ({level}): the cost is known, customers come by chance; of payback, from parts of the customers "
          "left out in turn.", level=confidence(result.level)),
        _("Left out: {before} customers acquired before these days, {after} after them. One currency: {code}{rates}.",
          before=count(result.before), after=count(result.after), code=result.currency or "–",
          rates=rates_in_words(result)),
    )  # fmt: skip


def _number(amount: float) -> str:
    return count(amount).replace(",", "{,}")
