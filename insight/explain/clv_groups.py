"""The value of groups of customers, in words."""

from datetime import date

import pandas as pd

from insight.clv.group_words import group_name
from insight.clv.value_groups import GroupValues
from insight.clv.words import MODEL_NAMES
from insight.explain.cards import Card
from insight.explain.clv_value import kind_of_value
from insight.language import _, confidence, count, day, length, money, percent, plain

ENOUGH = 30  # customers: with fewer a group is not named as the best or the worst


def customer_value_by_reading(result: GroupValues) -> str:
    """What it says, as Markdown: who holds most, whose customers are worth most, what a new one of each may cost."""
    return "\n\n".join(
        filter(None, [" ".join([_most(result), *_each(result)]), _new(result), " ".join(_notes(result))])
    )


def grouped_by(result: GroupValues) -> str:
    """What makes the groups."""
    if result.by is None:
        return _("group")
    if result.by == "cohort":
        return _("month of the first purchase")
    return plain(result.by["column"] if isinstance(result.by, dict) else result.by)


def _most(result: GroupValues) -> str:
    rows = result.groups
    if rows.empty or not result.total > 0:
        return _("Nothing is expected of anybody: there is no value to share out.")
    row = rows.loc[rows["value"].idxmax()]
    values = {
        "by": grouped_by(result), "group": _named(result, row), "share": percent(row["value_share"], 0),
        "people": percent(row["share"], 0), "total": money(result.total, result.currency),
        "kind": kind_of_value(result), "horizon": length(result.horizon),
    }  # fmt: skip
    return _("By {by}: of the **{total}** of {kind} expected in {horizon}, **{group}** holds most, {share}, with "
             "{people} of the customers.", **values)  # fmt: skip


def _each(result: GroupValues) -> list[str]:
    rows = result.groups[result.groups["n_customers"] >= ENOUGH]
    if len(rows) < 2:
        return [_("No two groups have {n} customers or more, so single customers are not compared.", n=ENOUGH)]
    high, low = (rows.loc[pick] for pick in (rows["value_per_customer"].idxmax(), rows["value_per_customer"].idxmin()))
    values = {
        "n": ENOUGH, "high": _named(result, high), "low": _named(result, low),
        "most": money(high["value_per_customer"], result.currency),
        "least": money(low["value_per_customer"], result.currency),
    }  # fmt: skip
    said = _("Among groups of {n} or more a customer of **{high}** is worth most ({most}) and one of **{low}** least "
             "({least}).", **values)  # fmt: skip
    apart = low["ci_high"] / low["n_customers"] < high["ci_low"] / high["n_customers"]
    return [said] if apart else [said, _("Their intervals overlap.")]


def _named(result: GroupValues, row: pd.Series) -> str:
    return plain(group_name(result.by, row["group"]))


def _new(result: GroupValues) -> str:
    """What a new customer of a group brings, and so what acquiring one may cost.

    That of one group is only said to be the most where its interval lies above those of all the others.
    """
    rows = result.groups[result.groups["new_customer_value"].notna()]
    if rows.empty:
        return _("What a new customer of each group would bring cannot be told: no group carries a model of its own.")
    best = rows.loc[rows["new_customer_value"].idxmax()]
    values = {
        "group": _named(result, best), "value": money(best["new_customer_value"], result.currency),
        "low": money(max(best["new_customer_low"], 0.0)), "high": money(best["new_customer_high"], result.currency),
        "horizon": length(result.horizon), "kind": kind_of_value(result),
    }  # fmt: skip
    others = rows.drop(index=best.name)
    if others.empty:
        said = _("A new customer of **{group}** brings {value} of {kind} in the first {horizon} ({low} to {high}); of "
                 "no other group can it be told.", **values)  # fmt: skip
    elif best["new_customer_low"] > others["new_customer_high"].max():
        said = _("A new customer of **{group}** brings most: {value} of {kind} in the first {horizon} ({low} to "
                 "{high}).", **values)  # fmt: skip
    else:
        said = _("Which group’s new customers bring most cannot be told, as the intervals overlap; the highest mean is "
                 "that of **{group}**: {value} of {kind} in the first {horizon} ({low} to {high}).",
                 **values)  # fmt: skip
    if kind_of_value(result) == _("revenue"):
        return said
    return " ".join([said, _("Acquiring one may cost {value} to break even by then if that mean holds; {low} is the "
                             "careful number.", **values)])  # fmt: skip


def _notes(result: GroupValues) -> list[str]:
    said = [_("Groups were not drawn by lot: that one is worth more does not say why, nor what a customer moved into "
              "it would be worth.")]  # fmt: skip
    if result.by == "cohort":
        said.append(_("Younger cohorts have had less time to leave, so their customers are expected to bring more."))
    if result.without_value:
        said.append(_("{n} customers have no value: no purchase so far.", n=count(result.without_value)))
    return said


def customer_value_by_caption(result: GroupValues) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        _("by {by}", by=grouped_by(result).replace("\\", "")),
        _("value in {horizon}", horizon=length(result.horizon)),
        _("margin {m}", m=percent(result.margin, 0)),
        MODEL_NAMES[result.model],
        _("orders to {day}", day=day(date.fromisoformat(result.as_of))),
    ]
    return " · ".join(said)


def customer_value_by_card(result: GroupValues) -> Card:
    """The definition of a group's value, with the numbers of the largest."""
    formula = r"\text{value}_g = \sum_{i \in g} \text{value}_i \qquad \text{each} = \frac{\text{value}_g}{n_g}"
    if len(result.groups):
        row = result.groups.loc[result.groups["n_customers"].idxmax()]
        formula += " = " + _each_latex(row)
    sentences = (
        _("Counted: the value of each customer as the model of all tells it, added up by group; a customer belongs to "
          "the group of the first order."),
        _("The {level} interval holds parameters, chance, and the back-test error of the total: quantiles of a gamma "
          "distribution with this mean and sd. It reaches near 0 where mostly nothing is expected.",
          level=confidence(result.level)),
        _("A new customer of a group: by a model of the group’s customers alone, from the first purchase on. Where the "
          "group is too small for one, there is no number."),
        _("Allowable CAC: that value × (1 − target profit share), within the horizon."),
    )  # fmt: skip
    source = _("Fader, Hardie & Lee 2005, Marketing Science 24 and JMR 42.")
    return Card(_("Value of a group"), formula, sentences, source, "insight.clv.value_groups.customer_value_by")


def _each_latex(row: pd.Series) -> str:
    parts = [count(row[name]).replace(",", "{,}") for name in ("value", "n_customers")]
    return rf"\frac{{{parts[0]}}}{{{parts[1]}}} = {money(row['value_per_customer']).replace(',', '{,}')}"
