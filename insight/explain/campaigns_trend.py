"""Campaigns over time in words."""

from datetime import date

import pandas as pd

from insight.campaigns.trend import CampaignTrend
from insight.explain.cards import Card
from insight.language import _, _n, calendar_period, count, day, decimal, length, money, plain

WORDS = {"day": _("day"), "week": _("week"), "month": _("month")}


def campaign_trend_reading(result: CampaignTrend) -> str:
    """What it says, as Markdown: the range of the finished periods, the last one, which are not all in."""
    sure = _finished(result)
    who = _("All campaigns") if result.only is None else f"**{plain(result.only)}**"
    if sure.empty:
        return _("No period is whole and all in: there is no ROAS to compare over time.")
    values = {
        "who": who, "roas": decimal(result.roas), "low": decimal(sure["roas"].min()),
        "high": decimal(sure["roas"].max()), "period": WORDS[result.period], "n": count(len(sure)),
    }  # fmt: skip
    said = [
        _("{who}: a ROAS of **{roas}** over all, between {low} and {high} in the {n} finished periods (by {period}).",
          **values)
    ]  # fmt: skip
    below = int((sure["roas"] < result.break_even_roas).sum())
    if result.break_even_roas == result.break_even_roas:
        said.append(
            _n("In {n} of them it lies below break-even ({even}).", "In {n} of them it lies below break-even ({even}).",
               below, n=count(below), even=decimal(result.break_even_roas))
        )  # fmt: skip
    return "\n\n".join([" ".join(said), " ".join([*_late(result), _chance()])])


def _finished(result: CampaignTrend) -> pd.DataFrame:
    rows = result.periods
    return rows[rows["is_whole"] & rows["is_mature"] & rows["roas"].notna()]


def _late(result: CampaignTrend) -> list[str]:
    """Periods that are not all in yet."""
    late = int((~result.periods["is_mature"]).sum())
    if not late:
        return []
    return [
        _n("The last one is not all in yet: revenue may come in for {length} more.",
           "The last {n} are not all in yet: revenue may come in for {length} more.", late, n=count(late),
           length=length(result.immature))
    ]  # fmt: skip


def _chance() -> str:
    return _("Single periods have few orders: much of the up and down is chance.")


def campaign_trend_caption(result: CampaignTrend) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    first, last = (day(date.fromisoformat(iso)) for iso in (result.first_day, result.as_of))
    who = _("all campaigns") if result.only is None else result.only
    return " · ".join([who, _("by {period}", period=WORDS[result.period]), _("{a} to {b}", a=first, b=last)])


def campaign_trend_card(result: CampaignTrend) -> Card:
    """The definition of the ROAS of a period, with the numbers of the last that is finished."""
    formula, sentences, sure = r"\text{ROAS}_p = \frac{\text{revenue}_p}{\text{spend}_p}", [], _finished(result)
    if len(sure):
        row = sure.iloc[-1]
        parts = [count(row[name]).replace(",", "{,}") for name in ("revenue", "spend")]
        formula += rf" = \frac{{{parts[0]}}}{{{parts[1]}}} = {decimal(row['roas'])}"
        period = calendar_period(date.fromisoformat(row["period"]), result.period)
        sentences.append(_("In the formula: {period}, the last that is whole and all in.", period=period))
    total = money(result.periods["spend"].sum(), result.currency)
    sentences += [
        _("Counted: spend of {total} in {n} periods, on the days of the file.", total=total,
          n=count(len(result.periods))),
        _("All in: the period ended {length} or more before the last day.", length=length(result.immature)),
        _("Left out: {n} rows after the last day.", n=count(result.left_out)),
    ]  # fmt: skip
    source = _("The windows in which ad platforms credit orders to a click.")
    return Card(_("ROAS by period"), formula, tuple(sentences), source, "insight.campaigns.trend.campaign_trend")
