"""What campaigns returned, in words."""

from datetime import date

import pandas as pd

from insight.campaigns import CampaignResults
from insight.campaigns.words import FEW, rows_named, why_words
from insight.explain.cards import Card
from insight.language import _, _n, confidence, count, day, decimal, money, percent, plain

MOST_NAMED = 4


def campaign_results_reading(result: CampaignResults) -> str:
    """What it says, as Markdown: cost, revenue and profit of all, who earns and who loses, what to know."""
    answer = [_total(result), *_profit(result), *_sides(result)]
    notes = [_attributed(), *_missing(result), *_small(result), *_left_out(result)]
    return "\n\n".join([" ".join(answer), " ".join(notes)])


def _total(result: CampaignResults) -> str:
    total = result.total.iloc[0]
    values = {
        "units": rows_named(result.by, len(result.rows)), "cost": _cost(result), "roas": decimal(total["roas"]),
        "revenue": money(total["revenue"], result.currency), "level": confidence(result.level),
        "low": decimal(max(total["roas_low"], 0.0)), "high": decimal(total["roas_high"]),
        "why": why_words(total["roas_why"]),
    }  # fmt: skip
    if total["roas"] != total["roas"]:
        return _("{units} cost {cost}; there is no ROAS: {why}.", **values)
    if total["roas_low"] == total["roas_low"]:
        return _(
            "{units} cost {cost} and brought {revenue}: a ROAS of **{roas}** on the spend ({level} interval {low} to "
            "{high}).",
            **values,
        )
    return _("{units} cost {cost} and brought {revenue}: a ROAS of **{roas}** on the spend ({why}).", **values)


def _cost(result: CampaignResults) -> str:
    """The total cost, and what it is made of where it is more than the spend."""
    total = result.total.iloc[0]
    cost, extra = money(total["total_cost"], result.currency), result.extra_cost * total["spend"]
    parts = [_("{amount} spend", amount=money(total["spend"]))]
    if total["other_cost"] > 0:
        parts.append(_("{amount} other cost in the file", amount=money(total["other_cost"])))
    if extra > 0:
        parts.append(_("{amount} on top at {share} of the spend", amount=money(extra),
                       share=percent(result.extra_cost, 0)))  # fmt: skip
    return _("{cost} ({parts})", cost=cost, parts=", ".join(parts)) if len(parts) > 1 else cost


def _profit(result: CampaignResults) -> list[str]:
    total = result.total.iloc[0]
    if result.margin is None:
        return [
            _("Whether that earned anything is not known: it depends on your **gross margin**, which is not given.")
        ]
    if total["profit"] != total["profit"]:
        return []
    values = {
        "margin": percent(result.margin, 0), "profit": money(total["profit"], result.currency),
        "low": money(total["profit_low"], result.currency), "high": money(total["profit_high"], result.currency),
        "roi": percent(total["roi"], 0).replace("-", "−"),
    }  # fmt: skip
    if total["profit_low"] == total["profit_low"]:
        words = _(
            "At a margin of {margin} that is a profit of **{profit}** ({low} to {high}), a ROI of {roi}.", **values
        )
        return [words]
    return [_("At a margin of {margin} that is a profit of **{profit}**, a ROI of {roi}.", **values)]


def _sides(result: CampaignResults) -> list[str]:
    """Who earns, who loses, and of whom it cannot be told, by the interval of the ROI."""
    rows = result.rows[result.rows["roi_low"].notna()]
    if rows.empty:
        return []
    earns, loses = rows[rows["roi_low"] > 0], rows[rows["roi_high"] < 0]
    said = []
    if len(earns):
        said.append(_("Earning money: {names}.", names=names(earns.sort_values("profit", ascending=False), result.by)))
    if len(loses):
        said.append(_("Losing it: {names}.", names=names(loses.sort_values("profit"), result.by)))
    rest = len(rows) - len(earns) - len(loses)
    if rest:
        said.append(
            _n("Of {n} the interval holds 0: it cannot be told.", "Of {n} the interval holds 0: it cannot be told.",
               rest, n=count(rest))
        )  # fmt: skip
    return said


def names(rows: pd.DataFrame, by: str) -> str:
    """The first of these by name, and how many more there are."""
    listed = ", ".join(f"**{plain(name)}**" for name in rows[by].head(MOST_NAMED))
    more = len(rows) - MOST_NAMED
    return _("{names} and {n} more", names=listed, n=count(more)) if more > 0 else listed


def _attributed() -> str:
    return _("The revenue is what the file credits to each campaign, not what would be missing without it.")


def _missing(result: CampaignResults) -> list[str]:
    """Rows without a ROAS, or without its interval, and why."""
    said = []
    unpaid = int((result.rows["roas_why"] == "no_cost").sum())
    if unpaid:
        said.append(
            _n("{n} of them cost nothing and has no ROAS.", "{n} of them cost nothing and have no ROAS.", unpaid,
               n=count(unpaid))
        )  # fmt: skip
    rough = int((result.rows["roas_why"] == "needs_daily_rows").sum())
    if rough:
        said.append(
            _n("{n} has fewer than ten days of rows, so nothing is known of how sure its ROAS is.",
               "{n} have fewer than ten days of rows, so nothing is known of how sure their ROAS is.", rough,
               n=count(rough))
        )  # fmt: skip
    return said


def _small(result: CampaignResults) -> list[str]:
    few = int((result.rows["conversions"] < FEW).sum())
    if not few:
        return []
    return [
        _n("{n} has fewer than {few} conversions: read its interval.",
           "{n} have fewer than {few} conversions: read their intervals.", few, n=count(few), few=FEW)
    ]  # fmt: skip


def _left_out(result: CampaignResults) -> list[str]:
    if not result.left_out:
        return []
    return [
        _n("{n} row after the last day was left out.", "{n} rows after the last day were left out.", result.left_out,
           n=count(result.left_out))
    ]  # fmt: skip


def campaign_results_caption(result: CampaignResults) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    margin = _("no margin given") if result.margin is None else _("margin {m}", m=percent(result.margin, 0))
    first, last = (day(date.fromisoformat(iso)) for iso in (result.first_day, result.as_of))
    said = [_("by {column}", column=result.by), margin, _("{first} to {last}", first=first, last=last)]
    return " · ".join([*said, _("attributed revenue")])


def campaign_results_card(result: CampaignResults) -> Card:
    """The definitions of ROAS, ROI and break-even, with the numbers of all campaigns together."""
    total = result.total.iloc[0]
    formula = r"\text{ROAS} = \frac{\text{revenue}}{\text{spend}}"
    if total["roas"] == total["roas"]:
        formula += rf" = \frac{{{_number(total['revenue'])}}}{{{_number(total['spend'])}}} = {decimal(total['roas'])}"
    formula += r" \qquad \text{ROI} = \frac{m \cdot \text{revenue} - \text{total cost}}{\text{total cost}}"
    if total["roi"] == total["roi"]:
        above = rf"{result.margin:g} \cdot {_number(total['revenue'])} - {_number(total['total_cost'])}"
        roi = percent(total["roi"], 0).replace("%", r"\%").replace(",", "{,}")
        formula += rf" = \frac{{{above}}}{{{_number(total['total_cost'])}}} = {roi}"
    sentences = (
        _("Sums over sums, never a mean of ratios. Total cost: spend, what the file has as other cost, and {share} of "
          "the spend on top.", share=percent(result.extra_cost, 0)),
        _("Break-even ROAS: total cost ÷ (margin × spend). A click may cost margin × AOV × CVR."),
        _("Intervals ({level}): Fieller’s from daily rows, or weeks drawn anew where neighbouring days are alike; of "
          "rates Wilson’s; of profit that of the revenue, as the cost is known.", level=confidence(result.level)),
        _("Left out: {n} rows after the last day. One currency: {code}{rates}.", n=count(result.left_out),
          code=result.currency or "–", rates=rates_in_words(result)),
    )  # fmt: skip
    source = _("Fieller 1954, JRSS B 16; Wilson 1927, JASA 22; Politis & Romano 1992 (weeks drawn anew).")
    return Card(_("ROAS and ROI"), formula, sentences, source, "insight.campaigns.campaign_results")


def rates_in_words(result) -> str:
    """The rates at which amounts were converted, in brackets; nothing where none were."""
    if not result.rates:
        return ""
    return " (" + ", ".join(_("1 {code} = {rate}", code=code, rate=f"{r:g}") for code, r in result.rates.items()) + ")"


def _number(amount: float) -> str:
    return count(amount).replace(",", "{,}")
