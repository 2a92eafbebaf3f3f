"""From who did what when to paths of touches: the journeys before each conversion, and those that ended without one."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pandas as pd

from insight.attribution.cutting import cut_journeys
from insight.attribution.paths import Paths, by_path, merged, path_table
from insight.errors import InsightError
from insight.log import Facts, Log, prepare_log
from insight.tables.order_log import PURCHASE
from insight.tables.table import counted

T = TypeVar("T")  # a tally

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
    return path_table(*tallied(touches, orders, settings, touch_tally, merged)[:2])


def touch_tally(log: Log, facts: Facts, settings: dict[str, object]) -> Paths:
    """The journeys of the customers of a log, which may be a part of the whole.

    facts : of the whole log; settings : the keyword arguments of `touch_paths`
    """
    cut = cut_journeys(log, facts, settings)
    counts = (cut.won.astype(int), cut.value, cut.null, cut.open)
    return by_path(cut.path, cut.of, cut.journey, cut.weight, *counts, left_out=cut.left_out)


def tallied(
    touches, orders, settings: dict[str, object], count: Callable[..., T], merge: Callable[[list[T]], T]
) -> tuple[T, int, Facts]:
    """The tally of all customers, the decimals of its values, and the facts of the rows that were counted.

    count : the log of some customers, `facts` and `settings` -> their tally; orders : conversions, where there are any
    """
    if orders is not None or getattr(touches, "kind", None) == "contacts":
        log, decimals = _joined(touches, orders)
        settings = settings | {"conversion": CONVERSION} if orders is not None else settings
        return count(log, facts=log.facts, settings=settings), decimals, log.facts
    table = counted(touches, "touch_paths", "events")
    columns = ["channel", "value"]
    return table.tally(partial(count, facts=table.facts, settings=settings), merge, columns=columns), 0, table.facts


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
    if kind != "events":
        return _with_orders(rows, touches, orders), orders.decimals
    key = ("with orders", orders.fingerprint)  # sorted once, whatever is asked of it
    return touches.log.remember(key, lambda: _with_orders(rows, touches, orders)), orders.decimals


def _with_orders(rows: pd.DataFrame, touches, orders) -> Log:
    columns = [name for name in ("customer_id", "timestamp", "event", "channel") if name in rows]
    bought = orders.log.frame
    bought = bought[bought["event"] == PURCHASE][["customer_id", "timestamp", "amount_minor"]].assign(event=CONVERSION)
    if bought.empty:
        raise InsightError("No order has an amount above zero: none of them is a conversion.")
    if orders.dates_only and not touches.dates_only:  # some time that day: whatever came before midnight, came before
        bought["timestamp"] = bought["timestamp"].dt.normalize() + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)
    if touches.timezone is not None:
        bought["timestamp"] = bought["timestamp"].dt.tz_convert(touches.timezone)
    together = pd.concat([rows[columns], bought], ignore_index=True)
    return prepare_log(together, timezone=touches.timezone, dates_only=touches.dates_only)
