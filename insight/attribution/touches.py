"""From who did what when to paths of touches: the journeys before each conversion, and those that ended without one."""

from functools import partial

import numpy as np
import pandas as pd

from insight.attribution.paths import Paths, by_path, distinct_paths, merged, path_table
from insight.errors import InsightError, UnknownValue
from insight.log import Facts, Log, prepare_log
from insight.periods import microseconds
from insight.tables.order_log import PURCHASE
from insight.tables.table import counted

CONVERSION = "(conversion)"  # the kind of event that an order becomes among the touches


def touch_paths(
    touches,
    orders=None,
    *,
    touch: str | list[str] | None = None,
    session_gap: str | None = "30min",
    lookback: str = "30D",
    conversion: str | list[str] = "purchase",
    half_life: str = "7D",
    as_of: str | None = None,
) -> pd.DataFrame:
    r"""The paths of touches before conversions, and of journeys that ended without one.

    A customer's touches are cut into journeys at each conversion, and at each silence longer than `lookback`. Of the
    journey before a conversion those touches count that lie at most `lookback` before it, inclusive:

    .. math:: 0 \le t_\text{conversion} - t_\text{touch} \le L

    A journey without a conversion is *null* when nothing followed for `lookback` after its last touch, and *open*
    when the data ends before that: it may still convert, and is counted but not null. The touch at time t has the
    weight :math:`2^{-(t_\text{conversion} - t)/H}`, divided by the sum over its journey.

    touches : EventLog with a column channel, or Contacts
    orders : Orders; each purchase is then a conversion, worth its amount, and `conversion` is not used. Otherwise the
        events named by `conversion` are, worth what their column `value` says (0 without one)
    touch : kinds of event that are touches; None for every row with a channel, but conversions. A touch without a
        channel is "(unknown)"
    session_gap : rows of one channel that follow each other with no longer pause are one touch, as one visit leaves
        many rows; None for a touch a row
    half_life : H, of the weights by time
    as_of : last complete day; later rows are not used

    Returns one row a path, most journeys first: path (str, "ads > mail"; "" for conversions without a touch),
    conversions (int), value (float), nulls (int), open (int), decay_weights, decay_weights_value (lists, one weight a
    touch: means over conversions and over their value; None without any).

    Raises UnknownValue for an event or column that does not exist; InsightError where there are no channels.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ana", "ben"], "event": ["see", "see", "purchase", "see"],
    ...     "channel": ["ads", "mail", None, "ads"],
    ...     "timestamp": pd.to_datetime(["2026-01-01", "2026-01-08", "2026-01-08", "2026-01-01"])})
    >>> paths = touch_paths(read_events(log), lookback="9D")
    >>> paths.drop(columns=["decay_weights", "decay_weights_value"])
             path  conversions  value  nulls  open
    0  ads > mail            1    0.0      0     0
    1         ads            0    0.0      0     1
    >>> [round(weight, 3) for weight in paths["decay_weights"][0]]
    [0.333, 0.667]
    """
    settings = {
        "touch": touch,
        "session_gap": session_gap,
        "lookback": lookback,
        "conversion": conversion,
        "half_life": half_life,
        "as_of": as_of,
    }
    if orders is not None or getattr(touches, "kind", None) == "contacts":
        log, decimals = _joined(touches, orders)
        settings |= {"conversion": CONVERSION} if orders is not None else {}
        return path_table(touch_tally(log, log.facts, settings), decimals)
    table = counted(touches, "touch_paths", "events")
    count = partial(touch_tally, facts=table.facts, settings=settings)
    return path_table(table.tally(count, merged, columns=["channel", "value"]), 0)


def touch_tally(log: Log, facts: Facts, settings: dict[str, object]) -> Paths:
    """The journeys of the customers of a log, which may be a part of the whole.

    facts : of the whole log; settings : the keyword arguments of `touch_paths`
    """
    lookback, half_life = (microseconds(settings[name], name) for name in ("lookback", "half_life"))
    if "channel" not in facts.columns:
        raise UnknownValue("column", "channel", facts.columns)
    end = facts.end_of_data(settings["as_of"] or facts.last_day)
    used = log.until(end)
    codes, names = used.values("channel")
    converts = _are(used, settings["conversion"])
    touches = used.frame["channel"].notna().to_numpy()[used.row] if settings["touch"] is None else _are(
        used, settings["touch"]
    )  # fmt: skip
    touches &= ~converts
    rows = np.flatnonzero(touches | converts)
    rows = rows[np.lexsort((converts[rows], used.moment[rows]))]  # a touch at the same time comes before
    rows = rows[_visits(used, rows, codes, converts, settings["session_gap"])]
    customer, time, converts = used.customer[rows], used.time[rows], converts[rows]
    begins = np.ones(len(rows), bool)
    begins[1:] = (customer[1:] != customer[:-1]) | converts[:-1] | (np.diff(time) > lookback)
    journey, last = np.cumsum(begins) - 1, np.flatnonzero(np.append(begins[1:], True)[: len(rows)])
    ended = time[last]
    kept = ~converts & (~converts[last][journey] | (ended[journey] - time <= lookback))
    path, of = distinct_paths(journey[kept], codes[rows][kept], names, len(last))
    won = converts[last]
    value = np.where(won, _values(used, rows[last]), 0.0)
    weight = np.where(won[journey[kept]], 0.5 ** ((ended[journey[kept]] - time[kept]) / half_life), 0.0)
    lasted = ended + lookback <= end
    return by_path(path, of, journey[kept], weight, won.astype(np.int64), value, ~won & lasted, ~won & ~lasted)


def _visits(log: Log, rows: np.ndarray, codes: np.ndarray, converts: np.ndarray, gap: str | None) -> np.ndarray:
    """Which rows are no mere continuation of the touch before: same customer, same channel, within the pause."""
    kept = np.ones(len(rows), bool)
    if gap is not None:
        before, here = rows[:-1], rows[1:]
        same = (log.customer[here] == log.customer[before]) & (codes[here] == codes[before])
        near = log.time[here] - log.time[before] <= microseconds(gap, "session_gap")
        kept[1:] = ~same | ~near | converts[here] | converts[before]
    return kept


def _are(log: Log, names: str | list[str]) -> np.ndarray:
    """Which rows are of these kinds of event. Raises UnknownValue for one that the log does not have."""
    wanted = np.zeros(len(log), bool)
    wanted[log.arrivals_at((names,) if isinstance(names, str) else tuple(names)).row] = True
    return wanted


def _values(log: Log, rows: np.ndarray) -> np.ndarray:
    name = next((name for name in ("amount_minor", "value") if name in log.frame), None)
    if name is None:
        return np.zeros(len(rows))
    return np.nan_to_num(log.frame[name].to_numpy(float, na_value=0.0)[log.row[rows]])


def _joined(touches, orders) -> tuple[Log, int]:
    """Touches, and orders as conversions among them, in one log; and the decimals of their amounts."""
    kind = getattr(touches, "kind", None)
    if kind not in ("events", "contacts"):
        raise InsightError("touch_paths takes the table that read_events or read_contacts returns.")
    rows = touches.frame if kind == "events" else touches.frame.rename(columns={"outcome": "event"})
    if orders is None:
        return prepare_log(rows, timezone=touches.timezone, dates_only=touches.dates_only), 0
    orders.facts.one_currency()
    if (touches.timezone is None) != (orders.timezone is None):
        raise InsightError("Touches and orders do not both have a time zone: read both with the same one.")
    columns = [name for name in ("customer_id", "timestamp", "event", "channel") if name in rows]
    bought = orders.log.frame
    bought = bought[bought["event"] == PURCHASE][["customer_id", "timestamp", "amount_minor"]].assign(event=CONVERSION)
    if orders.dates_only and not touches.dates_only:  # some time that day: whatever came before midnight, came before
        bought["timestamp"] = bought["timestamp"].dt.normalize() + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)
    if touches.timezone is not None:
        bought["timestamp"] = bought["timestamp"].dt.tz_convert(touches.timezone)
    together = pd.concat([rows[columns], bought], ignore_index=True)
    return prepare_log(together, timezone=touches.timezone, dates_only=touches.dates_only), orders.decimals
