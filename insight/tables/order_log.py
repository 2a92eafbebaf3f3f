"""Orders as a prepared log: each order is an event, and its kind says whether it is a purchase."""

import numpy as np
import pandas as pd

from insight.log import Log, prepare_log

PURCHASE, FREE, REFUND = "purchase", "free", "refund"
CANCELLED = r"[Cc]\d+"  # an order number that says of itself that it is a cancellation


def order_log(frame: pd.DataFrame, *, cancelled: bool, timezone: str | None = None, dates_only: bool = False) -> Log:
    """The orders sorted once by customer and time, each an event of one of three kinds.

    purchase : an amount above zero
    free : an amount of exactly zero
    refund : an amount below zero, and whatever has the number of a cancellation: it lowers revenue by its amount

    frame : columns customer_id, order_id, order_date, amount_minor, any others
    cancelled : numbers such as C536379 are cancellations (`has_cancellations`)
    Returns a log whose `frame` has timestamp and event, and amount_minor below zero for every refund. `log.minor` is
    the amount of each row in log order.

    >>> orders = pd.DataFrame({"customer_id": ["ana", "ana", "ben"], "order_id": ["1", "C2", "3"],
    ...     "order_date": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-01"]), "amount_minor": [500, 200, 0]})
    >>> log = order_log(orders, cancelled=True)
    >>> [log.events[code] for code in log.event], log.minor.tolist()
    (['purchase', 'refund', 'free'], [500, -200, 0])
    """
    minor = frame["amount_minor"].to_numpy()
    taken_back = minor < 0
    if cancelled:
        marked = frame["order_id"].str.fullmatch(CANCELLED).to_numpy(bool, na_value=False)
        minor, taken_back = np.where(marked, -np.abs(minor), minor), taken_back | marked
    kind = np.select([taken_back, minor == 0], [REFUND, FREE], PURCHASE)
    rows = frame.rename(columns={"order_date": "timestamp"}).assign(event=kind, amount_minor=minor)
    return prepare_log(rows, timezone=timezone, dates_only=dates_only, events=[FREE, PURCHASE, REFUND])


def has_cancellations(order_ids: pd.Series) -> bool:
    """Whether numbers such as C536379 mark cancellations: only where other orders have plain numbers.

    >>> has_cancellations(pd.Series(["536379", "C536380"])), has_cancellations(pd.Series(["C1", "C2"]))
    (True, False)
    """
    return bool(order_ids.str.fullmatch(CANCELLED).any() and order_ids.str.fullmatch(r"\d+").any())
