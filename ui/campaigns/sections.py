"""What follows the picture on the Campaigns page, one section a tab. Only the open one computes anything."""

import math
from collections.abc import Callable

import pandas as pd
import streamlit as st

from insight.campaigns import CampaignResults
from insight.campaigns.words import why_words
from insight.charts import campaign_results_profit, campaign_results_roas
from insight.language import _, count, decimal, length, money, percent
from ui import session
from ui.campaigns.acquisition import value_section
from ui.campaigns.payback import payback_tab
from ui.campaigns.settings import IMMATURE, NAMES, PERIODS, TREND, shared
from ui.campaigns.shown import show_table
from ui.parts import draw
from ui.sections import Section, Shown, figure

RATES = {"cvr": _("Conversions per click (CVR)"), "ctr": _("Clicks per impression (CTR)")}
LEAST = {"profit": -math.inf, "roi": -1.0}  # what a figure can be at least, where that is not 0


def _profit(choose: session.Choices, answer: session.Answer) -> Shown:
    if choose["margin"] is None:
        st.markdown(_("Profit and ROI need **your gross margin**: type it into the field of that name."))
        return None
    draw(answer, campaign_results_profit, alt=_("Profit of each campaign."))
    return answer, campaign_results_profit


def _table(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    rows, amount = _with_total(result), _amount(result)
    shown = _names(rows, result)
    money_of = {"spend": _("Spend"), "other_cost": _("Other cost"), "total_cost": _("Total cost")}
    for name, title in (money_of | {"revenue": _("Revenue")}).items():
        if rows[name].notna().any():
            shown[title] = rows[name].map(amount)
    for name, title in {"clicks": _("Clicks"), "conversions": _("Conversions")}.items():
        shown[title] = [count(n) if n == n else "–" for n in rows[name]]
    ratios = {
        "profit": (_("Profit"), amount), "roi": (_("ROI"), _return), "roas": (_("ROAS"), decimal),
        "ctr": (_("CTR (of impressions)"), percent), "cvr": (_("CVR (of clicks)"), percent),
        "cpc": (_("CPC"), amount), "cpm": (_("CPM"), amount), "cpa": (_("CPA (spend per conversion)"), amount),
        "cac": (_("CAC (all cost)"), amount), "aov": (_("AOV"), amount),
    }  # fmt: skip
    for name, (title, form) in ratios.items():
        if not rows[f"{name}_why"].str.startswith(("no_column", "no_margin")).all():
            shown[title] = _figures(rows, result, name, form)
        if name == "roas" and result.margin is not None:
            shown[_("Break-even ROAS")] = [
                why_words(why) if even != even else decimal(even)
                for even, why in rows[["break_even_roas", "break_even_roas_why"]].to_numpy()
            ]
    st.markdown(_("Each figure with its interval, or with the reason why it has none."))
    show_table(shown, _("All figures of each campaign"))
    return answer, campaign_results_roas


def _click(choose: session.Choices, answer: session.Answer) -> Shown:
    result = answer.result
    if choose["margin"] is None:
        st.markdown(_("What a click may cost depends on **your gross margin**: type it into the field of that name."))
        return None
    st.markdown(
        _("A click may cost **margin × AOV × CVR**, which is margin × revenue ÷ clicks; beyond that the campaign "
          "loses. Other cost comes on top.")
    )  # fmt: skip
    rows, amount = _with_total(result), _amount(result)
    shown = _names(rows, result)
    shown[_("A click costs")] = _figures(rows, result, "cpc", amount)
    shown[_("It may cost")] = _figures(rows, result, "max_cpc", amount)
    shown[_("So")] = [_click_verdict(row) for row in rows.itertuples()]
    show_table(shown, _("What a click costs and may cost"))
    return None


def _click_verdict(row) -> str:
    if row.cpc != row.cpc or row.max_cpc != row.max_cpc:
        return "–"
    if row.max_cpc_low != row.max_cpc_low:
        return _("pays, as far as one can tell") if row.cpc <= row.max_cpc else _("too dear, as far as one can tell")
    if row.cpc > row.max_cpc_high:
        return _("too dear")
    return _("pays") if row.cpc < row.max_cpc_low else _("cannot be told")


def _best(choose: session.Choices, answer: session.Answer) -> Shown:
    st.segmented_control(
        _("Ranked by"), list(RATES), key=choose.key("rate"), required=True, format_func=RATES.get,
        persist_state="session", help=_("A rate that is known of many clicks counts for more than one of few."),
    )  # fmt: skip
    return figure(session.compute("campaign_ranking", answer.table, {"rate": choose["rate"], **shared(choose)}))


def _trend(choose: session.Choices, answer: session.Answer) -> Shown:
    names = answer.result.rows[answer.result.by].tolist()
    with st.grid(3, min_column_width=200):
        only = st.selectbox(
            _("Follow"), names, names.index(choose["follow"]) if choose["follow"] in names else None,
            key=f"{choose.key('follow')}.{choose.version}.{answer.result.by}", placeholder=_("All together"),
            help=_("One row of the picture above, or all of them together."),
        )  # fmt: skip
        choose["follow"] = only
        st.segmented_control(
            _("One point for each"), list(PERIODS), key=choose.key("period"), required=True, format_func=PERIODS.get,
            persist_state="session", help=_("Shorter periods have fewer orders: more of their up and down is chance."),
        )  # fmt: skip
        st.selectbox(
            _("Revenue still comes in for"), [*dict.fromkeys([*IMMATURE, choose["immature"]])],
            key=choose.key("immature"), format_func=length, persist_state="session",
            help=_("The window in which your platform credits an order to a click. Later periods are grey."),
        )  # fmt: skip
    asked = {"only": only} if only is not None else {}
    asked |= {name: choose[name] for name, usual in TREND.items() if choose[name] != usual}
    asked |= {name: answer.settings[name] for name in ("by", "extra_cost", "rates") if name in answer.settings}
    asked |= {"margin": choose["margin"]} if choose["margin"] is not None else {}
    return figure(session.compute("campaign_trend", answer.table, asked))


def _with_total(result: CampaignResults) -> pd.DataFrame:
    """The rows, and below them all together: sums over sums."""
    if len(result.rows) < 2:
        return result.rows
    total = result.total.assign(**{result.by: _("All together")})
    return pd.concat([result.rows, total[result.rows.columns]], ignore_index=True)


def _names(rows: pd.DataFrame, result: CampaignResults) -> pd.DataFrame:
    return pd.DataFrame({NAMES.get(result.by, result.by): rows[result.by]})


def _return(roi: float) -> str:
    """A ROI: whole percents from 100 on."""
    return percent(roi, 0 if abs(roi) >= 1 else 1).replace("-", "−")


def _amount(result: CampaignResults) -> Callable[[float], str]:
    return lambda own: money(own, result.currency)


def _figures(rows: pd.DataFrame, result: CampaignResults, name: str, form: Callable[[float], str]) -> list[str]:
    """A ratio with its interval, or with the reason why it has none."""
    said, unit, least = [], f" {result.currency}", LEAST.get(name, 0.0)
    for value, low, high, why in rows[[name, f"{name}_low", f"{name}_high", f"{name}_why"]].to_numpy():
        if value != value:
            said.append(why_words(why) or "–")
        elif low == low and high == high:
            ends = {"low": form(max(low, least)).removesuffix(unit), "high": form(high).removesuffix(unit)}
            said.append(_("{value} ({low} to {high})", value=form(value), **ends))
        else:
            said.append(form(value))
    return said


SECTIONS = {
    "table": Section(_("All figures"), _table),  # first: it says something without a margin, too
    "profit": Section(_("Profit"), _profit),
    "best": Section(_("Which is best"), _best),
    "later": Section(_("Value later"), value_section),
    "payback": Section(_("LTV:CAC and payback"), payback_tab),
    "trend": Section(_("Over time"), _trend),
    "click": Section(_("What a click may cost"), _click),
}
