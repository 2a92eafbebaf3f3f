"""The people behind the numbers of contacts in words: what one cell says about a customer, after "customers who"."""

from insight.language import _


def _contact_response(settings: dict[str, object], cell: dict[str, object]) -> str:
    by = settings["by"]
    column = _("RFM segment") if isinstance(by, dict) else by
    values = {"through": cell.get("through", ""), "group": cell.get("group", ""), "by": column}
    said = _("were sent {through}", **values) if "through" in cell else _("were sent a message")
    if "responded" in cell:
        words = {
            "open": (_("{said} and opened none", said=said), _("{said} and opened one", said=said)),
            "click": (_("{said} and clicked none", said=said), _("{said} and clicked one", said=said)),
            "unsub": (_("{said} and did not unsubscribe", said=said), _("{said} and unsubscribed", said=said)),
        }
        said = words[settings.get("response", "open")][cell["responded"]]
    return _("{said} (group {group} of {by})", said=said, **values) if "group" in cell else said


def _contact_pressure(_settings: dict[str, object], cell: dict[str, object]) -> str:
    values = {"n": cell["in_week"]}
    words = {
        None: _("were sent a message that was one of {n} in a week", **values),
        "open": _("opened a message that was one of {n} in a week", **values),
        "click": _("clicked a message that was one of {n} in a week", **values),
        "unsub": _("unsubscribed after a message that was one of {n} in a week", **values),
    }
    return words[cell.get("outcome")]


CONTACTS_WORDS = {"contact_response": _contact_response, "contact_pressure": _contact_pressure}
