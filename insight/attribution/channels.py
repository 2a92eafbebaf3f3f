"""The credit of each channel under every model at once: from touches and conversions, or from paths, to one answer."""

from dataclasses import dataclass

import pandas as pd

from insight.attribution import DIRECT, NEGLIGIBLE, attribution, attribution_models
from insight.attribution.journeys import UNATTRIBUTED
from insight.attribution.paths import grouped_paths, merged, path_table
from insight.attribution.touches import tallied, touch_tally
from insight.errors import InsightError
from insight.log import Facts
from insight.periods import timestamp
from insight.tables.order_log import PURCHASE
from insight.tables.touch_paths import SEPARATOR

TOO_FEW = 10  # conversions: no shares
ENOUGH = 30  # conversions; fewer are a small sample
USUAL = {"touch": None, "session_gap": "30min", "lookback": "30D", "half_life": "7D", "as_of": None}


@dataclass(frozen=True, eq=False)
class AttributionOf:
    """Result of :func:`attribution_of`.

    channels : one row a channel, the largest credit under any model first; "(unattributed)" last
        channel             str    the channel
        share_low, share_high
                            float  its smallest and largest share of the conversions under any model
        lowest_model, highest_model
                            str    the models that give them; "" where the two shares differ by less than is shown
        model_dependent     bool   the largest is more than twice the smallest, by a difference that shows
        conversions         float  its conversions under `model`; share : of all conversions
        value               float  its part of the value under `model`
        conversions_low, conversions_high
                            float  interval of conversions (model="markov" with draws); else NA
        removal_effect      float  model="markov": the share of conversions that would be lost without it; else NA
    credits : one row a model and channel: model, channel, conversions, value, share
    paths : one row a distinct path, most journeys first: path ("ads > mail"; "" without a touch), conversions, value,
        nulls (journeys that ended without a conversion), open (journeys that the data ended too soon to know of)
    n_conversions, total_value : of all; currency : of the value, where it is known
    unattributed : conversions without a touch; nulls, open : journeys
    not_bought : orders that are no conversion, as they are free or refunds
    n_states, rare_states : of the Markov chain: states, and the share of them seen fewer than ten times
    left_out : rows after the last day of the analysis; days_beyond : days it lies after the last row
    data_start, as_of : first and last day, as ISO text; "" for a table of paths, which has no dates
    touches : kind of the table the touches come from: "events", "contacts" or "paths"
    the settings, as given
    """

    channels: pd.DataFrame
    credits: pd.DataFrame
    paths: pd.DataFrame
    n_conversions: float
    total_value: float
    currency: str | None
    unattributed: float
    nulls: float
    open: int
    not_bought: int
    n_states: int
    rare_states: float
    left_out: int
    days_beyond: int
    data_start: str
    as_of: str
    touches: str
    conversion: str | list[str] | None
    model: str
    order: int
    lookback: str
    half_life: str
    touch: str | list[str] | None
    session_gap: str | None
    direct: list[str]
    draws: int
    seed: int
    level: float

    @property
    def named(self) -> pd.DataFrame:
        """`channels` without the conversions that had no touch."""
        return self.channels[self.channels["channel"] != UNATTRIBUTED]

    @property
    def models_agree(self) -> bool:
        """Whether no channel's share differs between models by as much as is shown."""
        return bool((self.channels["share_high"] - self.channels["share_low"] < NEGLIGIBLE).all())

    @property
    def one_channel(self) -> float:
        """The share of the conversions, of those with a touch, whose journeys hold one channel only."""
        rows = self.paths[self.paths["path"] != ""]
        alone = [len(set(path.split(SEPARATOR))) == 1 for path in rows["path"]]
        total = rows["conversions"].sum()
        return float(rows.loc[alone, "conversions"].sum() / total) if total else float("nan")

    def conversions_after(self, channel: str) -> float:
        """Conversions with a touch of the channel."""
        holds = [channel in path.split(SEPARATOR) for path in self.paths["path"]]
        return self.paths.loc[holds, "conversions"].sum()


def attribution_of(
    touches,
    orders=None,
    *,
    conversion: str | list[str] | None = None,
    model: str = "markov",
    lookback: str = "30D",
    order: int = 1,
    half_life: str = "7D",
    touch: str | list[str] | None = None,
    session_gap: str | None = "30min",
    direct: list[str] = DIRECT,
    draws: int = 200,
    seed: int = 0,
    level: float = 0.95,
    as_of: str | None = None,
) -> AttributionOf:
    r"""Which channels get the credit for the conversions, under every model in use.

    The journeys are those of `touch_paths`, the credits those of `attribution`; `model` is the one in front, with
    its numbers and, for the Markov chain, its interval. Across models

    .. math:: \text{range}_c = \Big[\min_m \text{share}_{m,c},\ \max_m \text{share}_{m,c}\Big]

    is how much a channel's share depends on a rule that nobody can prove. None of the models is causal.

    touches : EventLog or Contacts with a column channel; or TouchPaths, where what makes a path is settled: then
        orders, conversion, lookback, half_life, touch, session_gap and as_of are not used, and time decay is left out
    orders : Orders
    conversion : kinds of event (outcomes of contacts) that are conversions; None for the orders
    model : the one in front, of MODELS; order, direct, draws, seed, level : as for `attribution`
    lookback, half_life, touch, session_gap, as_of : as for `touch_paths`

    Raises InsightError without orders where `conversion` is None, for orders in several currencies, and where nothing
    is a touch or a conversion; UnknownValue for an event, a model or a column that does not exist.
    Source: as for `attribution`.

    >>> from insight import read_events
    >>> log = b"user,event,time,channel\nana,see,2026-01-01,ads\nana,see,2026-01-03,mail\nana,purchase,2026-01-04,\n"
    >>> found = attribution_of(read_events(log), conversion="purchase", draws=0)
    >>> found.channels[["channel", "share_low", "share_high"]].values.tolist()
    [['ads', 0.0, 1.0], ['mail', 0.0, 1.0]]
    """
    settings = {
        "touch": touch, "session_gap": session_gap, "lookback": lookback, "half_life": half_life, "as_of": as_of,
        "conversion": conversion,
    }  # fmt: skip
    paths, about = _paths_given(touches) if _is_paths(touches) else _paths_counted(touches, orders, settings)
    if not paths["conversions"].any():
        raise InsightError("Nobody converted: choose another event as the conversion, or more days.")
    front = attribution(paths, model=model, order=order, direct=direct, draws=draws, seed=seed, level=level)
    chain = front if model == "markov" else attribution(paths, order=order)
    models = attribution_models(paths, order=order, direct=direct)
    return AttributionOf(
        channels=_channels(models.channels, front.credits),
        credits=models.credits,
        paths=paths.drop(columns=["decay_weights", "decay_weights_value"], errors="ignore"),
        n_conversions=_whole(front.n_conversions),
        total_value=front.total_value,
        unattributed=_whole(paths.loc[paths["path"] == "", "conversions"].sum()),
        nulls=_whole(paths["nulls"].sum()),
        open=int(paths["open"].sum()),
        n_states=chain.n_states,
        rare_states=chain.rare_states,
        touches=touches.kind,
        **about,
        **{"conversion": conversion, "model": model, "order": order, "lookback": lookback, "half_life": half_life},
        **{"touch": touch, "session_gap": session_gap, "direct": direct, "draws": draws, "seed": seed, "level": level},
    )


def _is_paths(touches: object) -> bool:
    return getattr(touches, "kind", None) == "paths"


def _paths_given(table) -> tuple[pd.DataFrame, dict[str, object]]:
    """The paths of a table of paths, and what a result says of the data."""
    if len(table.currencies) > 1:
        raise InsightError(f"Several currencies: {', '.join(table.currencies)}. Keep the rows of one of them.")
    paths = grouped_paths(table.frame)
    return paths, {
        "currency": next(iter(table.currencies), None),
        **{"not_bought": 0, "left_out": 0, "days_beyond": 0, "data_start": "", "as_of": ""},
    }


def _paths_counted(touches, orders, settings: dict[str, object]) -> tuple[pd.DataFrame, dict[str, object]]:
    """The paths that touches and conversions make, and what a result says of the data."""
    orders = conversions_of(orders, settings["conversion"])
    tally, decimals, facts = tallied(touches, orders, settings, touch_tally, merged)
    as_of = settings["as_of"]
    return path_table(tally, decimals), {
        "currency": None if orders is None else orders.facts.one_currency(),
        "not_bought": 0 if orders is None else no_conversions(orders, facts, as_of),
        "left_out": tally.left_out,
        "days_beyond": facts.days_beyond(as_of),
        "data_start": timestamp(facts.first_time, facts.timezone).strftime("%Y-%m-%d"),
        "as_of": facts.as_of_day(as_of),
    }


def no_conversions(orders, facts: Facts, as_of: str | None) -> int:
    """Orders up to the last day that are free, refunds or cancellations."""
    log = orders.log
    known = log.time < facts.end_of_data(facts.as_of_day(as_of))
    return int((known & (log.event != log.events.index(PURCHASE))).sum())


def _whole(n: float) -> float:
    """As a whole number where it is one: some tools give parts of conversions."""
    return int(n) if n == int(n) else float(n)


def conversions_of(orders, conversion: str | list[str] | None):
    """The orders, where they are the conversions; None where events are. Raises InsightError where nothing is."""
    if conversion is None and orders is None:
        raise InsightError('Say which event is a conversion, such as conversion="purchase", or give a table of orders.')
    return orders if conversion is None else None


def _channels(ranges: pd.DataFrame, credits: pd.DataFrame) -> pd.DataFrame:
    """The ranges over models beside the credits of one; conversions without a touch at the end."""
    table = ranges.merge(credits, on="channel", validate="one_to_one")
    return table.sort_values("channel", key=lambda names: names == UNATTRIBUTED, kind="stable", ignore_index=True)
