"""The settings of the Attribution page: what they may be, and the inputs that choose them. Common ones in front."""

import streamlit as st

from insight.attribution import DIRECT, MODELS, MOST_ORDER
from insight.attribution.channels import USUAL
from insight.attribution.words import MODEL_NAMES
from insight.errors import InsightError
from insight.funnel.proposal import proposed_steps
from insight.language import _, _n, count, length
from insight.periods import microseconds
from insight.tables.touch_paths import SEPARATOR
from ui import session

OF_ORDERS = 0  # as the kind of event: an order
OF = {"events": _("Events"), "contacts": _("Contacts"), "paths": _("A table of paths")}
LOOKBACKS = ["1D", "7D", "14D", "30D", "60D", "90D"]
HALF_LIVES = ["1D", "3D", "7D", "14D", "30D"]
GAPS = ["5min", "30min", "1h", "1D", None]
LEVELS = [0.8, 0.9, 0.95, 0.99]
MOST_CHANNELS = 50  # that are offered as names for "no channel"
MOST_ROWS = 10_000  # of a table of paths in which they are looked for


def attribution_settings(tables: dict[str, object], orders, sections: list[str]) -> session.Choices:
    """The page's settings.

    tables : of everyone, those that touches can come from, by kind; orders : of everyone, where they can be conversions
    """
    first = next(iter(tables.values()))
    kinds = list(dict.fromkeys(kind for table in tables.values() for kind in kinds_of(table)))
    choose = session.settings(
        "attribution",
        first,
        of=(first.kind, list(tables)),
        conversion=(_goal(first, orders), [*kinds, OF_ORDERS]),
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
    _settle(choose, tables[choose["of"]], orders)
    return choose


def _settle(choose: session.Choices, table, orders) -> None:
    """Let go of choices that another table than this one offers."""
    if table.kind == "paths":
        if choose["model"] not in models_of(table):
            choose["model"] = "markov"
        return
    kinds = kinds_of(table)
    if choose["conversion"] not in (kinds if orders is None else [*kinds, OF_ORDERS]):
        choose["conversion"] = _goal(table, orders)
    if set(choose["touch"]) - set(kinds):
        choose["touch"] = [kind for kind in choose["touch"] if kind in kinds]


def _goal(table, orders) -> object:
    """The conversion that is proposed: an order, or the event that looks like a goal."""
    if orders is not None or table.kind == "paths":
        return OF_ORDERS
    if table.kind == "contacts":
        return "click" if "click" in kinds_of(table) else kinds_of(table)[-1]
    return proposed_steps(session.sample(table))[-1]


def models_of(table) -> list[str]:
    """The models that this table can answer: paths without times have no time decay."""
    return [model for model in MODELS if model != "time_decay" or table.kind != "paths"]


def kinds_of(table) -> list[str]:
    """What a touch or a conversion may be: kinds of event, or outcomes of contacts."""
    if table.kind == "events":
        return list(table.facts.events)
    if table.kind == "contacts":
        return sorted(table.frame["outcome"].dropna().unique())
    return []


def _is_length(written: object) -> bool:
    try:
        return microseconds(written, "lookback") > 0
    except InsightError:
        return False


def chosen(choose: session.Choices) -> dict[str, object]:
    """The settings as `attribution_of` takes them, those that are not the usual ones."""
    usual = {"model": "markov", "order": 1, "direct": DIRECT, "level": 0.95}
    asked = {name: choose[name] for name in usual}
    if choose["of"] != "paths":
        usual |= {**USUAL, "conversion": None}
        asked |= {name: choose[name] for name in USUAL if name in choose.declared}
        asked |= {"touch": choose["touch"] or None, "conversion": choose["conversion"] or None}
    return {name: value for name, value in asked.items() if value != usual[name]}


def inputs(choose: session.Choices, tables: dict[str, object], orders) -> None:
    """All inputs, the common ones in front."""
    table = tables[choose["of"]]
    if len(tables) > 1:
        st.selectbox(
            _("Where the touches come from"), list(tables), key=choose.key("of"), format_func=OF.get,
            persist_state="session", help=_("Which of your tables says what somebody met before a conversion."),
        )  # fmt: skip
    if table.kind != "paths":
        _conversions(choose, kinds_of(table), orders)
    st.selectbox(
        _("Model in front"), models_of(table), key=choose.key("model"), format_func=MODEL_NAMES.get,
        persist_state="session", help=_("All models are compared; of this one you see the numbers."),
    )  # fmt: skip
    with st.expander(_("More settings")):
        st.slider(
            _("Order of the Markov chain"), 1, MOST_ORDER, key=choose.key("order"), persist_state="session",
            help=_("How many touches in a row make a state. Of a high order most states are hardly known."),
        )  # fmt: skip
        said = st.empty()
        if table.kind != "paths":
            _touches(choose, kinds_of(table))
        _further(choose, table)
    session.memory(choose.page)["states"] = said


def _conversions(choose: session.Choices, kinds: list[str], orders) -> None:
    st.selectbox(
        _("What is a conversion"), [*([OF_ORDERS] if orders is not None else []), *kinds], key=choose.key("conversion"),
        format_func=lambda kind: _("An order") if kind == OF_ORDERS else kind, persist_state="session",
        help=_("What the credit is for. Orders bring their amount; an event brings what its column “value” says."),
    )  # fmt: skip
    st.selectbox(
        _("Lookback"), _with(LOOKBACKS, choose["lookback"]), key=choose.key("lookback"), format_func=length,
        persist_state="session", help=_("How long before a conversion a touch still counts."),
    )  # fmt: skip


def states(choose: session.Choices, result) -> None:
    """Under the order of the chain: how many states it has, and how well they are known."""
    words = _n("{n} state", "{n} states", result.n_states, n=count(result.n_states))
    rare = round(result.rare_states * result.n_states)
    words += " · " + _("{n} of them seen fewer than 10 times", n=count(rare))
    session.memory(choose.page).pop("states").markdown(f":small[{words}]")


def _touches(choose: session.Choices, kinds: list[str]) -> None:
    """What makes a path of rows with times."""
    st.selectbox(
        _("Half-life of time decay"), _with(HALF_LIVES, choose["half_life"]), key=choose.key("half_life"),
        format_func=length, persist_state="session",
        help=_("A touch counts half as much for each such time before the conversion."),
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


def _further(choose: session.Choices, table) -> None:
    st.multiselect(
        _("Names that mean no channel"), sorted({*_channels(table), *DIRECT, *choose["direct"]}),
        key=choose.key("direct"), persist_state="session", placeholder=_("None"),
        help=_("“Last that is not direct” passes these over, in small or capital letters."),
    )  # fmt: skip
    st.selectbox(
        _("Level of the intervals"), LEVELS, key=choose.key("level"), format_func="{:.0%}".format,
        persist_state="session", help=_("How sure the interval of the Markov chain should be."),
    )  # fmt: skip


def _channels(table) -> list[str]:
    """The names that are met most often."""
    if table.kind == "paths":
        names = table.frame["path"].head(MOST_ROWS).str.split(SEPARATOR).explode()
    else:
        names = session.cells(table)["channel"].dropna().astype(str)
    return names[names != ""].value_counts().index[:MOST_CHANNELS].tolist()


def _with(options: list, now: object) -> list:
    """The options, and the value of a link that is none of them."""
    return options if now in options else [*options, now]
