"""The customers behind a number of how segments respond."""

import numpy as np

from insight.contacts.counting import read_messages
from insight.errors import InsightError, UnknownValue

KEYS = ("group", "through", "responded")


def contact_response_members(contacts, settings: dict[str, object], cell: dict[str, object], orders=None) -> list[str]:
    """The ids of the customers behind one number of `contact_response(contacts, **settings)`, in ascending order.

    cell : {"group": "east"}, who were sent a message as one of the group; with "through": "newsletter" only such; with
        "responded": True of them those who responded to one of these, with False those who responded to none

    Raises UnknownValue for a cell that the result does not have; otherwise as `contact_response`.
    """
    asked = {"through": None, "response": "open", "within": "7D", "top": 10, "as_of": None, **settings}
    names = ("by", "through", "response", "within", "top", "as_of")
    counted = read_messages(contacts, orders, *(asked[name] for name in names))
    keep = np.ones(len(counted.found), bool)
    for key in cell:
        if key not in KEYS:
            raise UnknownValue("key of a cell", key, KEYS)
    for key, codes, known in (("group", counted.group, counted.groups), ("through", counted.way, counted.ways)):
        if key in cell:
            if cell[key] not in known:
                raise UnknownValue(f"{key} of a cell", cell[key], known)
            keep &= codes == known.index(cell[key])
    had = np.unique(counted.found.customer[keep])
    if "responded" in cell:
        if not isinstance(cell["responded"], bool):
            raise InsightError(f"responded = {cell['responded']!r} of a cell must be True or False.")
        did = np.unique(counted.found.customer[keep & counted.found.done[asked["response"]]])
        had = did if cell["responded"] else np.setdiff1d(had, did)
    return counted.found.ids[had].tolist()
