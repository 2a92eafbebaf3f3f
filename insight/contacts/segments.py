"""The group of each message: a column's value, or the RFM segment of its customer."""

import numpy as np
import pandas as pd

from insight.contacts.messages import Messages, column_values
from insight.errors import InsightError
from insight.language import _
from insight.rfm import rfm

NO_PURCHASE = "(no purchase)"


def groups_by(contacts, orders, by: object, found: Messages, as_of: str | None) -> np.ndarray:
    """What group each message belongs to, as text. Raises UnknownValue for a column that is not there, InsightError for
    segments without orders, or another form."""
    if isinstance(by, str):
        return column_values(contacts, by, found)
    if not isinstance(by, dict) or set(by) != {"segments"} or not isinstance(by["segments"], dict):
        raise InsightError(f'by = {by!r} is neither a column nor {{"segments": {{}}}}.')
    if orders is None:
        raise InsightError(_("RFM segments need a table of orders."))
    settings = {"as_of": as_of} | by["segments"] if as_of else by["segments"]
    customers = rfm(orders, **settings).customers
    segment = pd.Series(customers["segment"].to_numpy(object), index=customers["customer_id"].to_numpy(object))
    return segment.reindex(found.ids).fillna(NO_PURCHASE).to_numpy(object)[found.customer]
