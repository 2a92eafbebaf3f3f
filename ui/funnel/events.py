"""One kind of event among a funnel's settings, as a step or an exclusion has it: a select, and its details."""

import streamlit as st

from insight.language import _, length
from insight.tables import EventLog
from ui import session
from ui.conditions import conditions, in_words


def parts_of(written: object) -> dict[str, object]:
    """A step or an exclusion with all its parts.

    >>> parts_of("visit") == parts_of(["visit"]) == parts_of({"events": "visit"}) == {"events": ["visit"]}
    True
    """
    given = written if isinstance(written, dict) else {"events": written}
    events = given["events"]
    return {**given, "events": [events] if isinstance(events, str) else list(events)}


def written(parts: dict[str, object]) -> object:
    """The shortest way to write a step.

    >>> written({"events": ["visit"], "where": [], "optional": False}), written({"events": ["a", "b"], "name": ""})
    ('visit', ['a', 'b'])
    >>> written({"events": ["visit"], "where": [["value", ">=", 100]]})
    {'events': ['visit'], 'where': [['value', '>=', 100]]}
    """
    kept = {name: value for name, value in parts.items() if value not in (None, "", False, [])}
    if set(kept) > {"events"}:
        return kept
    return kept["events"][0] if len(kept["events"]) == 1 else kept["events"]


def event_select(parts: dict, events: EventLog, label: str, key: str) -> None:
    """Which event it is."""
    kinds = list(events.facts.events)
    main = st.selectbox(
        label, kinds, kinds.index(parts["events"][0]), key=f"{key}.event", label_visibility="collapsed",
        help=_("The event that counts."),
    )  # fmt: skip
    parts["events"] = [main, *(kind for kind in parts["events"][1:] if kind != main)]


def event_details(parts: dict, events: EventLog, page: str, key: str) -> None:
    """Further events that count as well, and conditions on all of them."""
    main = parts["events"][0]
    others = [kind for kind in events.facts.events if kind != main]
    further = st.multiselect(
        _("Or one of these events"), others, parts["events"][1:], key=f"{key}.further.{main}",
        placeholder=_("None"), help=_("Any of them counts as well."),
    )  # fmt: skip
    parts["events"] = [main, *further]
    parts["where"] = conditions(parts.get("where") or [], session.cells(events), page, f"{key}.where")


def summary(parts: dict) -> str:
    """What the details say, in plain text; nothing where there are none.

    >>> summary({"events": ["visit", "open_app"], "where": [["value", ">=", 100]], "optional": True})
    'or open_app · value is at least 100 · may be left out'
    """
    said = [_("or {events}", events=", ".join(parts["events"][1:]))] if parts["events"][1:] else []
    said += [in_words(condition) for condition in parts.get("where") or []]
    if parts.get("optional"):
        said.append(_("may be left out"))
    if parts.get("max_gap"):
        said.append(_("at most {length} after the step before", length=length(parts["max_gap"])))
    if parts.get("between"):
        said.append(_("between steps {first} and {last}", first=parts["between"][0], last=parts["between"][1]))
    if parts.get("effect") == "remove":
        said.append(_("takes the customer out"))
    return " · ".join(said)
