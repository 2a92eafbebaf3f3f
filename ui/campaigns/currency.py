"""At what rates amounts in several currencies are counted as one."""

import streamlit as st

from insight.language import _
from ui import session


def is_rates(rates: object) -> bool:
    """Whether a setting can be rates: {"EUR": 1.08}, or None."""
    return rates is None or (
        isinstance(rates, dict)
        and all(isinstance(code, str) and type(rate) in (int, float) and rate > 0 for code, rate in rates.items())
    )


def rates_input(choose: session.Choices, name: str, there: list[str], into: str) -> None:
    """One rate for each currency but `into`; the setting `name` holds them once all are given."""
    given, now = {}, choose[name] or {}
    st.markdown(_("Amounts are in **{codes}**. State what one unit is worth:", codes=", ".join(sorted(there))))
    for code in sorted(set(there) - {into}):
        given[code] = st.number_input(
            _("1 {code} in {into}", code=code, into=into), 0.000001, None, now.get(code), format="%g", step=0.01,
            key=f"{choose.key(name)}.{code}.{into}.{choose.version}", placeholder=_("Rate"),
            help=_("The rate of your books, or of the middle of the time. All amounts in {code} are multiplied by it.",
                   code=code),
        )  # fmt: skip
    known = all(rate is not None for rate in given.values())
    choose[name] = {code: float(rate) for code, rate in given.items()} if known else None


def usual_currency(campaigns) -> str:
    """The currency of most rows."""
    return str(campaigns.frame["currency"].value_counts().index[0])
