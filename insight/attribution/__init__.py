"""Attribution: which channels get the credit for a conversion, under each rule that is in use."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.attribution.chain import bootstrap, chain_of, markov, poorly_known
from insight.attribution.journeys import UNATTRIBUTED, Journeys, read_journeys
from insight.attribution.rules import RULES
from insight.errors import InsightError, UnknownValue

__all__ = ["MODELS", "Attribution", "AttributionModels", "attribution", "attribution_models"]

MODELS = (*RULES, "markov")
MOST_ORDER = 4  # of a Markov chain: beyond it nearly every path is a state of its own
DEPENDENT = 2.0  # a channel whose credit differs by more than this factor between models depends on the model
NEGLIGIBLE = 0.0005  # a difference of shares that no figure shows
DIRECT = ["direct", "(direct)"]


@dataclass(frozen=True, eq=False)
class Attribution:
    """Result of :func:`attribution`.

    credits : one row a channel, most conversions first; both columns add up to what the paths hold
        channel          str    the channel; "(unattributed)" for conversions without a touch
        conversions      float  its conversions; share : of all conversions
        value            float  its part of the value of the conversions
        conversions_low, conversions_high
                         float  interval of conversions (model="markov" with draws); else NA
        removal_effect   float  model="markov": the share of conversions that would be lost without it; else NA
    n_conversions, total_value : of all paths
    n_paths : distinct paths with a touch
    has_nulls : journeys without a conversion are in the paths; without them a Markov chain knows no failure and
        overstates short paths
    n_states, rare_states : model="markov": states of the chain, and the share of them seen fewer than ten times
    model, order, direct, draws, seed, level : the settings, as given
    """

    credits: pd.DataFrame
    n_conversions: float
    total_value: float
    n_paths: int
    has_nulls: bool
    n_states: int
    rare_states: float
    model: str
    order: int
    direct: list[str]
    draws: int
    seed: int
    level: float


@dataclass(frozen=True, eq=False)
class AttributionModels:
    """Result of :func:`attribution_models`.

    credits : one row a model and channel: model, channel, conversions, value, share
    channels : one row a channel, the largest credit first
        channel                  str    the channel
        share_low, share_high    float  its smallest and largest share of the conversions under any model
        lowest_model, highest_model
                                 str    the models that give them; "" where the two shares differ by less than is shown
        model_dependent          bool   the largest is more than twice the smallest, by a difference that shows
    left_out : models that these paths cannot answer -> why
    n_conversions, total_value, has_nulls : as in Attribution
    models, order, direct : the settings, as given
    """

    credits: pd.DataFrame
    channels: pd.DataFrame
    left_out: dict[str, str]
    n_conversions: float
    total_value: float
    has_nulls: bool
    models: list[str]
    order: int
    direct: list[str]


def attribution(
    paths: pd.DataFrame,
    *,
    model: str = "markov",
    order: int = 1,
    direct: list[str] = DIRECT,
    draws: int = 0,
    seed: int = 0,
    level: float = 0.95,
) -> Attribution:
    r"""Share conversions among the channels on the way to them.

    first, last : all to the first, the last touch
    last_non_direct : to the last touch that is not direct
    linear : the same to each touch
    position : 40 % to the first, 40 % to the last, the rest evenly between
    time_decay : half as much for each half-life before the conversion (the weights come with the paths)
    shapley : the same to each different channel of a journey, which is the Shapley value of the game where a set of
        channels wins the journeys that needed no other
    markov : in proportion to the share of conversions that a chain of order `order` loses without the channel

    .. math:: \text{credit}_c = \text{conversions} \cdot
              \frac{1 - P_{-c} / P}{\sum_j (1 - P_{-j} / P)} \qquad \text{(markov)}

    None of these is causal: they divide what happened, and do not say what would not have happened.

    paths : as `touch_paths` gives them: path ("a > b > c"), conversions, and where there are any value, nulls,
        decay_weights, decay_weights_value
    order : 1 to 4, touches in a state of the chain
    direct : names that mean "no channel", in any letter case
    draws : model="markov": how often the journeys are drawn anew for the interval; 0 for none
    seed : of the draws; level : of the interval

    Raises UnknownValue for another model; InsightError for another order, for paths without columns path and
    conversions, and for time decay without weights.
    Source: Anderl et al. 2016, International Journal of Research in Marketing 33:457 (Markov); Zhao et al. 2018,
    arXiv:1804.05327 (Shapley); ChannelAttribution and Google Analytics for the rules.

    >>> paths = pd.DataFrame({"path": ["A > B", "A", "B"], "conversions": [1, 0, 1], "nulls": [0, 1, 0]})
    >>> attribution(paths).credits[["channel", "conversions"]].round(3).values.tolist()
    [['B', 1.333], ['A', 0.667]]
    """
    _check(model, order, draws, level)
    journeys = read_journeys(paths)
    n = len(journeys.channels)
    effect, low, high = (np.full(n, np.nan) for _column in range(3))
    states, rare = 0, np.nan
    if model == "markov":
        chain = chain_of(journeys, order)
        conversions, value, effect = markov(chain, journeys)
        states, rare = poorly_known(chain, journeys)
        if draws and n:
            drawn = bootstrap(chain, journeys, draws, seed)
            low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    else:
        conversions, value = RULES[model](journeys, _direct(direct))
    columns = {"conversions_low": low, "conversions_high": high, "removal_effect": effect}
    return Attribution(
        credits=_credits(journeys, conversions, value, columns),
        **_totals(journeys),
        n_paths=len(journeys.length),
        n_states=states,
        rare_states=rare,
        **{"model": model, "order": order, "direct": direct, "draws": draws, "seed": seed, "level": level},
    )


def attribution_models(
    paths: pd.DataFrame, *, models: list[str] | None = None, order: int = 1, direct: list[str] = DIRECT
) -> AttributionModels:
    """How much the credit of each channel depends on the model.

    paths, order, direct : as for `attribution`; models : those to compare, all where None
    A model that these paths cannot answer is left out, and the result says why.
    Raises as `attribution`.

    >>> paths = pd.DataFrame({"path": ["A > B", "A > B", "B"], "conversions": [3, 1, 2]})
    >>> attribution_models(paths, models=["first", "last"]).channels[["channel", "share_low", "share_high"]].round(3)
      channel  share_low  share_high
    0       B      0.333       1.000
    1       A      0.000       0.667
    """
    models = list(MODELS) if models is None else models
    for model in models:
        _check(model, order, 0, 0.95)
    journeys = read_journeys(paths)
    tables, left_out = [], {}
    for model in models:
        if model == "time_decay" and journeys.decay is None:
            left_out[model] = "no_timestamps"
            continue
        if model == "markov":
            credits = markov(chain_of(journeys, order), journeys)[:2]
        else:
            credits = RULES[model](journeys, _direct(direct))
        tables.append(_credits(journeys, *credits, {}).assign(model=model))
    columns = ["model", "channel", "conversions", "value", "share"]
    credits = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    return AttributionModels(
        credits=credits,
        channels=_ranges(credits),
        left_out=left_out,
        **_totals(journeys),
        **{"models": models, "order": order, "direct": direct},
    )


def _check(model: str, order: int, draws: int, level: float) -> None:
    if model not in MODELS:
        raise UnknownValue("model", model, MODELS)
    if not isinstance(order, int) or isinstance(order, bool) or not 1 <= order <= MOST_ORDER:
        raise InsightError(f"order = {order!r} must be a whole number from 1 to {MOST_ORDER}.")
    if not isinstance(draws, int) or isinstance(draws, bool) or draws < 0:
        raise InsightError(f"draws = {draws!r} must be a whole number from 0 up, for example 200.")
    if not 0 < level < 1:
        raise InsightError(f"level = {level!r} must lie between 0 and 1, for example 0.95.")


def _direct(names: list[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _totals(journeys: Journeys) -> dict[str, object]:
    return {
        "n_conversions": float(journeys.conversions.sum()) + journeys.untouched,
        "total_value": float(journeys.value.sum()) + journeys.untouched_value,
        "has_nulls": journeys.has_nulls,
    }


def _credits(journeys: Journeys, conversions, value, more: dict[str, np.ndarray]) -> pd.DataFrame:
    """The `credits` table; conversions without a touch are a row of their own."""
    table = pd.DataFrame({"channel": journeys.channels, "conversions": conversions, "value": value, **more})
    if journeys.untouched or journeys.untouched_value:
        table.loc[len(table)] = {
            "channel": UNATTRIBUTED, "conversions": journeys.untouched, "value": journeys.untouched_value
        }  # fmt: skip
    total = table["conversions"].sum()
    table.insert(2, "share", table["conversions"] / total if total else np.nan)
    return table.sort_values(["conversions", "channel"], ascending=[False, True], ignore_index=True).astype(
        {"channel": "str"}
    )


def _ranges(credits: pd.DataFrame) -> pd.DataFrame:
    """The `channels` table."""
    wide = credits.pivot(index="channel", columns="model", values="share")
    low, high = wide.min(axis="columns"), wide.max(axis="columns")
    table = pd.DataFrame({"share_low": low, "share_high": high})
    differs = high - low >= NEGLIGIBLE
    told = wide.notna().all(axis="columns") & differs
    table["lowest_model"] = wide[told].idxmin(axis="columns").reindex(wide.index).fillna("")
    table["highest_model"] = wide[told].idxmax(axis="columns").reindex(wide.index).fillna("")
    table["model_dependent"] = differs & (high > DEPENDENT * low)
    order = ["share_high", "share_low"]
    return table.sort_values(order, ascending=False, kind="stable").reset_index().rename_axis(columns=None)
