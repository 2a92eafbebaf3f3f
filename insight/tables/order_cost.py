"""The gross margin that a table of orders tells by itself, where it has a column of what the goods cost."""

import pandas as pd

from insight.tables.order_log import PURCHASE
from insight.tables.table import Orders

NAMES = ("cost", "cogs", "cost_of_goods", "goods_cost")  # of all pieces of an order together
ENOUGH = 0.9  # of the amounts, in orders whose cost is known


def margin_by_cost(orders: Orders) -> tuple[str, float] | None:
    r"""The column that says what the goods of each order cost, and the gross margin that it leaves.

    .. math:: 1 - \frac{\sum \text{cost}}{\sum \text{amount}}

    over the purchases whose cost is known. None without such a column, where it knows less than nine tenths of the
    amounts, and where what it leaves is no margin between 0 and 1.

    >>> from insight import read_orders
    >>> orders = read_orders(b"order_id,customer,date,amount,cost\n1,ana,2026-01-01,10,6\n2,ben,2026-01-02,30,14\n")
    >>> margin_by_cost(orders)
    ('cost', 0.5)
    """
    frame = orders.log.frame
    column = next((name for name in frame if str(name).lower() in NAMES), None)
    if column is None or not pd.api.types.is_numeric_dtype(frame[column]) or len(orders.currencies or ()) > 1:
        return None
    bought = frame[frame["event"] == PURCHASE]
    known = bought[bought[column].notna() & (bought[column] >= 0)]
    if not len(known) or known["amount_minor"].sum() < ENOUGH * bought["amount_minor"].sum():
        return None
    margin = 1 - float(known[column].sum()) / (int(known["amount_minor"].sum()) / 10**orders.decimals)
    return (str(column), margin) if 0 < margin < 1 else None
