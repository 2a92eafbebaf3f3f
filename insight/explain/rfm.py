"""RFM in words: who brings the revenue, who has not bought for long, and how the scores are shared out."""

from datetime import date

import pandas as pd

from insight.explain.cards import Card
from insight.language import _, _n, count, day, money, percent, plain
from insight.rfm import Rfm

FEW = 10  # customers: below it shares say nothing about the next ones
FEWEST = 5  # customers: as many as there are scores
MEASURES = {
    "days_since_last": _("days since the last order"),
    "orders": _("orders"),
    "revenue": _("revenue"),
    "average_order_value": _("average order"),
}
SCORES = {
    "days_since_last": _("Recency"),
    "orders": _("Frequency"),
    "revenue": _("Monetary value"),
    "average_order_value": _("Monetary value"),
}


def rfm_reading(result: Rfm) -> str:
    """What it says, as Markdown: who brought how much, who has gone quiet, and how the scores came about."""
    answer = [_all(result), *_best(result), *_quiet(result)]
    return "\n\n".join([" ".join(answer), " ".join(_notes(result))])


def _all(result: Rfm) -> str:
    values = {"n": count(result.n_customers), "day": _day(result), "revenue": money(result.revenue, result.currency)}
    return _n(
        "**{n} customer** had bought something by {day}, for {revenue} in all, refunds taken off.",
        "**{n} customers** had bought something by {day}, for {revenue} in all, refunds taken off.",
        result.n_customers,
        **values,
    )


def _day(result: Rfm) -> str:
    return day(date.fromisoformat(result.as_of))


def _best(result: Rfm) -> list[str]:
    """What the best segment brought, where anybody is in it."""
    best = result.segments.iloc[0]
    if not result.revenue > 0 or result.n_customers < FEW or not best["n_customers"]:
        return []
    return [
        _("**{segment}** are {share} of them and brought **{part}** of the revenue.",
          segment=plain(best["segment"]), share=percent(best["share"]), part=percent(best["revenue_share"]))
    ]  # fmt: skip


def _quiet(result: Rfm) -> list[str]:
    """Who once bought often and for much, and has not for long: whatever their segments are called."""
    cells = result.cells[(result.cells["recency_score"] <= 2) & (result.cells["frequency_monetary_score"] >= 4)]
    n, scores = int(cells["n_customers"].sum()), result.scores
    quiet = scores[(scores["measure"] == "days_since_last") & (scores["score"] <= 2)]
    if not n or result.n_customers < FEW or not result.revenue > 0:
        return []
    values = {
        "n": count(n),
        "days": count(quiet["lowest"].min()),
        "part": percent(cells["revenue"].sum() / result.revenue),
    }
    return [
        _n(
            "**{n}** who bought often and for much has not bought for {days} days or longer: {part} of the revenue.",
            "**{n}** who bought often and for much have not bought for {days} days or longer: {part} of the revenue.",
            n,
            **values,
        )
    ]


def _notes(result: Rfm) -> list[str]:
    return [*_how(result), *_empty(result), *_few(result), *_left_out(result)]


def _how(result: Rfm) -> list[str]:
    fixed = [MEASURES[name] for name in result.fixed]
    by_fifths = [name for name in result.scores["measure"].unique() if name not in result.fixed]
    if not fixed:
        return [_("Scores are fifths of the customers: they compare them with each other; equal values share a score.")]
    if not by_fifths:
        return [_("Scores follow limits of your own, so the same behaviour has the same score in any month.")]
    return [_("Scores follow limits of your own for {measures}; the others are fifths.", measures=", ".join(fixed))]


def _empty(result: Rfm) -> list[str]:
    """Scores that nobody has."""
    said = []
    for measure, own in result.scores.groupby("measure", sort=False):
        empty = [count(score) for score in own["score"][own["n_customers"] == 0]]
        if empty:
            said.append(_("{measure} {scores}", measure=SCORES[measure], scores=", ".join(empty)))
    return [_("Nobody has the scores: {scores}.", scores="; ".join(said))] if said else []


def _few(result: Rfm) -> list[str]:
    if result.n_customers >= FEWEST:
        return []
    return [
        _n("Of {n} customer a fifth says little: look at the list, not at the scores.",
           "Of {n} customers a fifth says little: look at the list, not at the scores.",
           result.n_customers, n=count(result.n_customers))
    ]  # fmt: skip


def _left_out(result: Rfm) -> list[str]:
    said = []
    if result.without_purchase:
        said.append(
            _n("Left out: {n} customer without a purchase (refunds or free orders only).",
               "Left out: {n} customers without a purchase (refunds or free orders only).",
               result.without_purchase, n=count(result.without_purchase))
        )  # fmt: skip
    if result.left_out:
        said.append(
            _n("{n} row after that day is not used.", "{n} rows after that day are not used.", result.left_out,
               n=count(result.left_out))
        )  # fmt: skip
    if result.days_beyond > 0:
        said.append(
            _n("That day lies {n} day after the last row.", "That day lies {n} days after the last row.",
               result.days_beyond, n=count(result.days_beyond))
        )  # fmt: skip
    return said


def rfm_concentration_reading(result: Rfm) -> str:
    """The sentence on the concentration of revenue."""
    if not result.revenue > 0:
        return _("There is no revenue to share: what was refunded is as much as what was bought.")
    rows = result.concentration.set_index("top_share")
    if result.n_customers < FEW:
        best = rows.loc[0.01]
        return _("The customer with the highest revenue brought {part} of it; of {n} customers that says little.",
                 part=percent(best["revenue_share"]), n=count(result.n_customers))  # fmt: skip
    tenth, fifth, half = (rows.loc[share] for share in (0.1, 0.2, 0.5))
    return _n(
        "The **{n} customer** with the highest revenue (10%) brought **{tenth}** of it; 20% brought {fifth}, half of "
        "them {half}. If all had brought the same, it would be 10%, 20% and 50%.",
        "The **{n} customers** with the highest revenue (10%) brought **{tenth}** of it; 20% brought {fifth}, half of "
        "them {half}. If all had brought the same, it would be 10%, 20% and 50%.",
        int(tenth["n_customers"]),
        n=count(tenth["n_customers"]),
        **{name: percent(row["revenue_share"]) for name, row in (("tenth", tenth), ("fifth", fifth), ("half", half))},
    )


def rfm_moves_reading(result: Rfm) -> str:
    """What limits of one's own change, beside fifths of the customers."""
    if result.moves is None:
        return _("The scores are fifths of the customers. Choose **limits of your own** beside the map, and this says "
                 "whom they take to another segment, and with how much revenue.")  # fmt: skip
    gone = result.moves[result.moves["from_segment"] != result.moves["to_segment"]]
    n = int(gone["n_customers"].sum())
    if not n:
        return _("Your limits take nobody to another segment than fifths of the customers would.")
    values = {"n": count(n), "all": count(result.n_customers), "revenue": money(gone["revenue"].sum(), result.currency)}
    most = gone.loc[gone["n_customers"].idxmax()]
    values |= {"source": plain(most["from_segment"]), "target": plain(most["to_segment"])}
    return _n(
        "Your limits take **{n}** of {all} customers to another segment than fifths would, with {revenue} of revenue; "
        "the most, {most}, from {source} to {target}. Nobody has done anything: only the lines moved.",
        "Your limits take **{n}** of {all} customers to another segment than fifths would, with {revenue} of revenue; "
        "the most, {most}, from {source} to {target}. Nobody has done anything: only the lines moved.",
        n,
        most=count(most["n_customers"]),
        **values,
    )


def rfm_caption(result: Rfm) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    how = _("limits of one’s own: {measures}", measures=", ".join(MEASURES[name] for name in result.fixed))
    said = [
        _n("{n} customer with a purchase", "{n} customers with a purchase", result.n_customers,
           n=count(result.n_customers)),
        _("up to {day}", day=_day(result)),
        how if result.fixed else _("scores in fifths, equal values share one"),
        _("refunds taken off"),
    ]  # fmt: skip
    return " · ".join(said)


def rfm_card(result: Rfm) -> Card:
    """The definition of the scores, with the largest tie of this data in the formula."""
    n = result.n_customers
    formula = r"\text{score} = \left\lceil 5\,\frac{b + n/2}{N} \right\rceil"
    sentences = [
        _("$b$ of the $N$ customers are worse, $n$ have the same value, themselves among them; 5 is best. FM is the "
          "mean of the frequency and the monetary score, halves rounded up."),
        _("Recency counts days from the last purchase to the day after {day}. A refund is no order and lowers revenue.",
          day=_day(result)),
    ]  # fmt: skip
    tie = _largest_tie(result)
    if tie is not None:
        formula += (
            rf" = \left\lceil 5\,\frac{{{_number(tie['b'])} + {_number(tie['n'])}/2}}{{{_number(n)}}} \right\rceil"
        )
        formula += f" = {tie['score']}"
        sentences.append(
            _n("In the formula: the {n} customers with {value} order each.",
               "In the formula: the {n} customers with {value} orders each.",
               tie["value"], n=count(tie["n"]), value=count(tie["value"]))
        )  # fmt: skip
    if result.fixed:
        fixed = ", ".join(MEASURES[name] for name in result.fixed)
        sentences.append(_("Not by this formula but by limits that were given: {measures}.", measures=fixed))
    sentences.append(_sizes(result.scores))
    sentences.append(" ".join(_left_out(result)) or _("Nothing was left out."))
    source = _("Hughes 1994, Strategic Database Marketing, for fifths of recency, frequency and monetary value.")
    return Card(_("RFM scores"), formula, tuple(sentences), source, "insight.rfm.rfm")


def _largest_tie(result: Rfm) -> dict[str, int] | None:
    """Of the frequency scores by fifths: one that is a single value, with the most customers."""
    own = result.scores[result.scores["measure"] == "orders"]
    single = own[(own["lowest"] == own["highest"]) & (own["n_customers"] > 1)]
    if "orders" in result.fixed or single.empty:
        return None
    row = single.loc[single["n_customers"].idxmax()]
    worse = own["n_customers"][own["score"] < row["score"]].sum()
    return {"b": int(worse), "n": int(row["n_customers"]), "score": int(row["score"]), "value": int(row["lowest"])}


def _sizes(scores: pd.DataFrame) -> str:
    sizes = [
        _("{measure} {sizes}", measure=SCORES[measure], sizes=" : ".join(map(count, own["n_customers"])))
        for measure, own in scores.groupby("measure", sort=False)
    ]
    return _("Customers with the scores 1 to 5: {sizes}.", sizes="; ".join(sizes))


def _number(n: float) -> str:
    return count(n).replace(",", "{,}")
