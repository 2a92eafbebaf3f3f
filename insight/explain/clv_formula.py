"""Customer lifetime value by formula, in words."""

import math
from datetime import date

import pandas as pd

from insight.clv.drivers import DRIVERS, driver_text, months_text, number_text, share_text, years_text
from insight.clv.formula import ClvFormula
from insight.clv.formula_tally import YEAR
from insight.clv.simple import SimpleClv
from insight.explain.cards import Card
from insight.explain.notes import row_notes
from insight.language import _, _n, count, day, decimal, money, percent

RAISED = ("average_order_value", "orders_per_year", "margin", "annual_retention", "years")  # what one may wish to raise


def clv_formula_reading(result: ClvFormula) -> str:
    """What it says, as Markdown: the value, its ratio to the cost, when that is paid back, and what the file says."""
    if result.simple is None:
        answer = [_without_margin(result)]
    else:
        answer = [_value(result.simple, result.year.currency), *_cost(result.simple, result.year.currency)]
        answer += _no_cost(result)
    notes = [*_from_file(result), *_kept(result), *_refunds(result), *row_notes(result.year)]
    assumed = [] if result.simple is None else [" ".join(_convention(result.simple, result.year.currency))]
    return "\n\n".join([" ".join(answer), *assumed, " ".join(notes)])


def simple_clv_reading(found: SimpleClv, currency: str | None = None) -> str:
    """The same of numbers that were all typed."""
    answer = [_value(found, currency), *_cost(found, currency)]
    return "\n\n".join([" ".join(answer), " ".join(_convention(found, currency))])


def clv_formula_raises(result: ClvFormula | SimpleClv) -> str:
    """What raising each number by `change` is worth, as a Markdown list of the multiplications."""
    found = result.simple if isinstance(result, ClvFormula) else result
    currency = result.year.currency if isinstance(result, ClvFormula) else None
    if found is None:
        return ""
    said = [_("- **Now**: {arithmetic}", arithmetic=_arithmetic(found, {}, found.clv_before_cac, currency))]
    rows = found.drivers.set_index("driver")
    for name in RAISED:
        if name in rows.index and rows["high"][name] > getattr(found, name):
            said.append(_raise(found, name, rows.loc[name], currency))
    return "\n".join(said)


def _raise(found: SimpleClv, name: str, row: pd.Series, currency: str | None) -> str:
    gain = row["net_clv_high"] - found.net_clv
    values = {
        "driver": DRIVERS[name], "now": driver_text(name, getattr(found, name), currency),
        "then": driver_text(name, row["high"], currency), "gain": money(gain, currency),
        "arithmetic": _arithmetic(found, {name: row["high"]}, found.clv_before_cac + gain, currency),
    }  # fmt: skip
    return _("- **{driver}** from {now} to {then}: {arithmetic}, **{gain}** more a customer", **values)


def _arithmetic(found: SimpleClv, other: dict[str, float], value: float, currency: str | None) -> str:
    """Order value × orders × margin × years; of years in which less than all is paid, how many whole ones they make."""
    used = {
        name: other.get(name, getattr(found, name)) for name in ("average_order_value", "orders_per_year", "margin")
    }
    yearly = math.prod(used.values())
    shown = [driver_text(name, number) for name, number in used.items()]
    shown.append(years_text(value / yearly if yearly else found.years))
    return " × ".join(shown) + " = " + money(value, currency)


def _value(found: SimpleClv, currency: str | None) -> str:
    values = {
        "value": money(found.clv_before_cac, currency), "net": money(found.net_clv, currency),
        "cost": money(found.acquisition_cost, currency), "ratio": decimal(found.ltv_to_cac),
        "loss": money(-found.net_clv, currency), "margin": share_text(found.margin), "years": years_text(found.years),
    }  # fmt: skip
    if not found.acquisition_cost:
        return _("By the formula a new customer brings **{value}** of margin in {years}, at a margin of {margin}.",
                 **values)  # fmt: skip
    if found.net_clv < 0:
        return _("By the formula a new customer brings **{value}** of margin in {years}, at a margin of {margin}, and "
                 "costs {cost} to acquire: a loss of **{loss}**, an LTV:CAC of **{ratio}**.", **values)  # fmt: skip
    return _("By the formula a new customer brings **{value}** of margin in {years}, at a margin of {margin}; less the "
             "{cost} to acquire them that is **{net}**. LTV:CAC is **{ratio}**.", **values)  # fmt: skip


def _cost(found: SimpleClv, currency: str | None) -> list[str]:
    """When the cost of acquiring is paid back, and the most that it may be."""
    said = []
    if found.acquisition_cost and found.payback_years == found.payback_years:
        said.append(_("The cost is paid back after about {time}.", time=months_text(found.payback_years)))
    elif found.acquisition_cost:
        said.append(_("The cost is not paid back in {years}.", years=years_text(found.years)))
    values = {"most": money(found.clv_before_cac, currency), "share": share_text(found.profit_share)}
    said.append(_("To break even, acquiring one may cost {most} at most.", **values))
    if found.profit_share:
        values["allowed"] = money(found.allowable_cac, currency)
        said.append(_("To keep {share} of it as profit: **{allowed}**.", **values))
    return said


def _no_cost(result: ClvFormula) -> list[str]:
    if result.acquisition_cost is not None:
        return []
    return [_("Type what acquiring a customer costs to see LTV:CAC and when it is paid back.")]


def _convention(found: SimpleClv, currency: str | None) -> list[str]:
    """What the formula takes for granted: payments, leaving, discounting."""
    if found.payments == "start":
        said = [_("Payments are taken at the start of each year, the first one in full.")]
    else:
        said = [_("Payments are taken at the end of each year: the first is a year away.")]
    if found.annual_retention is None:
        said.append(_("Everybody is taken to stay for all {years}.", years=years_text(found.years)))
    else:
        said.append(
            _("Of the customers of a year {share} are taken to stay for the next, each year the same share; where "
              "customers differ, those who are left stay longer than that.", share=share_text(found.annual_retention))
        )  # fmt: skip
    if found.annual_discount:
        said.append(_("Later money counts less, by {share} a year.", share=share_text(found.annual_discount)))
    else:
        said.append(_("Later money counts like money today: nothing is discounted."))
    if found.unlimited_clv == found.unlimited_clv:
        said.append(_("Without an end it would be {value}.", value=money(found.unlimited_clv, currency)))
    return said


def _without_margin(result: ClvFormula) -> str:
    year = result.average_order_value * result.orders_per_year
    short = result.year.days < YEAR and not result.typed
    time = _("in the {n} days of the file", n=count(result.year.days)) if short else _("a year")
    return _(
        "An active customer brings a **revenue** of **{revenue}** {time}: {orders} orders of {value}. What of it is "
        "value depends on your **gross margin**, which is not given.",
        time=time,
        revenue=money(year, result.year.currency), orders=number_text(result.orders_per_year),
        value=money(result.average_order_value, result.year.currency),
    )  # fmt: skip


def _from_file(result: ClvFormula) -> list[str]:
    """Where order value and frequency come from."""
    year = result.year
    values = {
        "n": count(year.days), "day": day(date.fromisoformat(year.as_of)),
        "purchases": _n("{n} purchase", "{n} purchases", year.purchases, n=count(year.purchases)),
        "customers": _n("{n} customer", "{n} customers", year.active, n=count(year.active)),
        "value": money(year.average_order_value, year.currency), "orders": number_text(year.orders_per_year),
    }  # fmt: skip
    said = [
        _("The file has {purchases} of {customers} in the {n} days up to {day}: {value} an order, {orders} orders of "
          "each customer who bought at all.", **values)
        if year.purchases else _("Nobody bought in the {n} days up to {day}.", **values)
    ]  # fmt: skip
    if year.days < YEAR:
        said.append(_("That is less than a year, so a year would have more orders of each; type the number you know."))
    typed = [DRIVERS[name] for name in result.typed]
    if typed:
        said.append(_("Typed in place of what the file says: {numbers}.", numbers=", ".join(typed)))
    said.append(_("Margin, years and cost are yours: no file of orders can say them."))
    return said


def _kept(result: ClvFormula) -> list[str]:
    """The share that came again, which is no retention, but the nearest the file has."""
    year = result.year
    if not year.earlier:
        return []
    return [
        _("Of {n} customers of the year before, {share} bought again in this one: the nearest to a retention that "
          "orders can say.", n=count(year.earlier), share=percent(year.kept / year.earlier))
    ]  # fmt: skip


def _refunds(result: ClvFormula) -> list[str]:
    year = result.year
    if not year.refunds:
        return []
    values = {"n": count(year.refunds), "money": money(year.refunded, year.currency)}
    share = percent(year.refunded / year.revenue) if year.revenue else "–"
    return [
        _n("{n} refund of {money} ({share} of the revenue) is not taken off: a margin after refunds would be right.",
           "{n} refunds of {money} ({share} of the revenue) are not taken off: a margin after refunds would be right.",
           year.refunds, share=share, **values)
    ]  # fmt: skip


def clv_formula_caption(result: ClvFormula) -> str:
    """What was computed with, in one line of plain text that travels with a picture."""
    margin = _("no margin given") if result.margin is None else _("margin {m}", m=share_text(result.margin))
    said = [
        _("{orders} orders a year of {value}", orders=number_text(result.orders_per_year),
          value=money(result.average_order_value, result.year.currency)),
        margin,
        years_text(result.years),
    ]  # fmt: skip
    if result.acquisition_cost is not None:
        said.append(_("CAC {cost}", cost=money(result.acquisition_cost, result.year.currency)))
    return " · ".join([*said, _("orders to {day}", day=day(date.fromisoformat(result.year.as_of)))])


def clv_formula_card(result: ClvFormula) -> Card:
    """The definition of the value by formula and of LTV:CAC."""
    formula = r"\text{CLV} = \text{order value} \cdot \text{orders a year} \cdot \text{margin} \cdot \text{years}"
    found = result.simple
    if found is not None and found.yearly_margin:
        numbers = [found.average_order_value, found.orders_per_year, found.margin,
                   found.clv_before_cac / found.yearly_margin]  # fmt: skip
        formula += " = " + r" \cdot ".join(_latex(number) for number in numbers) + f" = {_latex(found.clv_before_cac)}"
        if found.acquisition_cost:
            formula += r" \qquad \text{LTV:CAC} = \frac{" + _latex(found.clv_before_cac) + "}{"
            formula += _latex(found.acquisition_cost) + "} = " + decimal(found.ltv_to_cac)
    sentences = (
        _("Order value: revenue of the purchases ÷ purchases. Orders a year: purchases ÷ customers who bought, both of "
          "the {n} days up to {day}; nothing is scaled up.", n=count(result.year.days),
          day=day(date.fromisoformat(result.year.as_of))),
        _("Years: with discount or retention, how many whole years of margin the payments of all years are worth."),
        _("LTV:CAC divides the value **before** the cost of acquiring by that cost; net CLV is the value less the "
          "cost; allowable CAC is the value × (1 − target profit share)."),
        _("No interval: what is uncertain are the numbers that were typed. Move them, and see what the value does."),
    )  # fmt: skip
    source = _("Berger & Nasr 1998, J. of Interactive Marketing 12; Gupta & Lehmann 2003, ibid. 17.")
    return Card(_("Customer lifetime value, by formula"), formula, sentences, source, "insight.clv.simple.simple_clv")


def _latex(number: float) -> str:
    return number_text(number).replace(",", "{,}")
