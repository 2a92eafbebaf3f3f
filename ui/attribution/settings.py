"""The settings of the Attribution page: what they may be, and the inputs that choose them. Common ones in front."""

import streamlit as st

from insight.attribution import DIRECT, MODELS, MOST_ORDER
from insight.attribution.channels import USUAL
from insight.attribution.words import MODEL_NAMES
from insight.errors import InsightError
from insight.funnel.proposal import proposed_steps
from insight.language import _, _n, count, length
from insight.periods import microseconds
from insight.tables import EventLog
from ui import session

OF_ORDERS = 0  # as the kind of event: an order
LOOKBACKS = ["1D", "7D", "14D", "30D", "60D", "90D"]
HALF_LIVES = ["1D", "3D", "7D", "14D", "30D"]
GAPS = ["5min", "30min", "1h", "1D", None]
LEVELS = [0.8, 0.9, 0.95, 0.99]
MOST_CHANNELS = 50  # that are offered as names for "no channel"


def attribution_settings(everyone: EventLog, orders, sections: list[str]) -> session.Choices:
    """The page's settings. orders : of everyone, where there are any that can be conversions."""
    kinds = list(everyone.facts.events)
    goal = OF_ORDERS if orders is not None else proposed_steps(session.sample(everyone))[-1]
    return session.settings(
        "attribution",
        everyone,
        conversion=(goal, [*kinds, *([OF_ORDERS] if orders is not None else [])]),
        model=("markov", MODELS),
        lookback=("30D", _is_length),
        order=(1, range(1, MOST_ORDER + 1)),
        half_life=("7D", _is_length),
        touch=([], kinds),
        session_gap=("30min", lambda gap: gap is None or _is_length(gap)),
        direct=(DIRECT, lambda names: all(isinstance(name, str) for name in names)),
        level=(0.95, LEVELS),
        show=(sections[0], sections),
    )


def _is_length(written: object) -> bool:
    try:
        return microseconds(written, "lookback") > 0
    except InsightError:
        return False


def chosen(choose: session.Choices) -> dict[str, object]:
    """The settings as `attribution_of` takes them, those that are not the usual ones."""
    usual = {**USUAL, "conversion": None, "model": "markov", "order": 1, "direct": DIRECT, "level": 0.95}
    asked = {name: choose[name] for name in usual if name in choose.declared}
    asked |= {"touch": choose["touch"] or None, "conversion": choose["conversion"] or None}
    return {name: value for name, value in asked.items() if value != usual[name]}


def inputs(choose: session.Choices, everyone: EventLog, orders) -> None:
    """All inputs, the common ones in front."""
    kinds = list(everyone.facts.events)
    st.selectbox(
        _("What is a conversion"), [*([OF_ORDERS] if orders is not None else []), *kinds], key=choose.key("conversion"),
        format_func=lambda kind: _("An order") if kind == OF_ORDERS else kind, persist_state="session",
        help=_("What the credit is for. Orders bring their amount; an event brings what its column “value” says."),
    )  # fmt: skip
    st.selectbox(
        _("Lookback"), _with(LOOKBACKS, choose["lookback"]), key=choose.key("lookback"), format_func=length,
        persist_state="session", help=_("How long before a conversion a touch still counts."),
    )  # fmt: skip
    st.selectbox(
        _("Model in front"), MODELS, key=choose.key("model"), format_func=MODEL_NAMES.get, persist_state="session",
        help=_("All models are compared; of this one you see the numbers."),
    )  # fmt: skip
    with st.expander(_("More settings")):
        st.slider(
            _("Order of the Markov chain"), 1, MOST_ORDER, key=choose.key("order"), persist_state="session",
            help=_("How many touches in a row make a state. Of a high order most states are hardly known."),
        )  # fmt: skip
        said = st.empty()
        st.selectbox(
            _("Half-life of time decay"), _with(HALF_LIVES, choose["half_life"]), key=choose.key("half_life"),
            format_func=length, persist_state="session",
            help=_("A touch counts half as much for each such time before the conversion."),
        )  # fmt: skip
        _further(choose, everyone, kinds)
    session.memory(choose.page)["states"] = said


def states(choose: session.Choices, result) -> None:
    """Under the order of the chain: how many states it has, and how well they are known."""
    words = _n("{n} state", "{n} states", result.n_states, n=count(result.n_states))
    rare = round(result.rare_states * result.n_states)
    words += " · " + _("{n} of them seen fewer than 10 times", n=count(rare))
    session.memory(choose.page).pop("states").markdown(f":small[{words}]")


def _further(choose: session.Choices, everyone: EventLog, kinds: list[str]) -> None:
    channels = session.cells(everyone)["channel"].dropna().astype(str).value_counts().index[:MOST_CHANNELS]
    st.multiselect(
        _("Names that mean no channel"), sorted({*channels, *DIRECT, *choose["direct"]}), key=choose.key("direct"),
        persist_state="session", placeholder=_("None"),
        help=_("“Last that is not direct” passes these over, in small or capital letters."),
    )  # fmt: skip
    st.multiselect(
        _("Events that are touches"), kinds, key=choose.key("touch"), persist_state="session",
        placeholder=_("All with a channel"),
        help=_("Only these kinds count as a contact. Empty: every row that has a channel."),
    )  # fmt: skip
    st.selectbox(
        _("One touch goes on over pauses of"), _with(GAPS, choose["session_gap"]), key=choose.key("session_gap"),
        format_func=lambda gap: _("no pause: each row is one") if gap is None else length(gap), persist_state="session",
        help=_("Rows of the same channel with no longer pause between them are one touch."),
    )  # fmt: skip
    st.selectbox(
        _("Level of the intervals"), LEVELS, key=choose.key("level"), format_func="{:.0%}".format,
        persist_state="session", help=_("How sure the interval of the Markov chain should be."),
    )  # fmt: skip


def _with(options: list, now: object) -> list:
    """The options, and the value of a link that is none of them."""
    return options if now in options else [*options, now]
