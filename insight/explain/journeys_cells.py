"""The people behind a number of journeys in words: what a cell says about a customer, after "customers who"."""

from insight.journeys import END, START
from insight.journeys.words import column_of, events_name, node_name, way_in_words
from insight.language import _, length


def place_in_words(after: str | list | None, before: str | list | None, cell: dict[str, object]) -> str:
    """What those did who stand in a place of the flow: at a node, along a ribbon, on a path, or nowhere in it.

    >>> place_in_words(None, None, {"position": 2, "event": "search"})
    'were at search in Step 2'
    >>> place_in_words(None, None, {"position": 2, "source": "search", "target": "(end)"})
    'did nothing further after search (before Step 3)'
    """
    if "path" in cell:
        path = cell["path"]
        return _("took the path {path}", path=path if isinstance(path, str) else " > ".join(path))
    if cell.get("left_out") == "without_anchor":
        return _("never did {anchor}", anchor=column_of(after, before, 0))
    if cell.get("left_out") == "never_arrived":
        return _("did {after} and never got to {before}", after=events_name(after), before=events_name(before))
    if "still_open" in cell:
        return _("may still go on")
    if "event" in cell:
        return _at_a_node(after, before, cell["position"], cell["event"])
    return _along_a_ribbon(after, before, cell["position"], cell["source"], cell["target"])


def _at_a_node(after: str | list | None, before: str | list | None, position: int, event: str) -> str:
    column = column_of(after, before, position)
    if event == START and position == 0:
        return _("have a path")
    if event == END:
        return _("did nothing further by {column}", column=column)
    if event == START:
        return _("had nothing before, at {column}", column=column)
    if position == 0:
        return _("did {event}", event=event)
    return _("were at {event} in {column}", event=node_name(event), column=column)


def _along_a_ribbon(
    after: str | list | None, before: str | list | None, position: int, source: str, target: str
) -> str:
    to = column_of(after, before, position + 1)
    values = {"source": node_name(source), "target": node_name(target), "column": to}
    if source == target and source in (START, END):
        return _("waited there until {column}", **values)
    if target == END:
        return _("did nothing further after {source} (before {column})", **values)
    if source == START:
        return _("began with {target} ({column})", **values)
    if position < 0:
        values["column"] = column_of(after, before, position)
    return _("went from {source} to {target} ({column})", **values)


def _paths(settings: dict[str, object], cell: dict[str, object]) -> str:
    after, before, depth = settings.get("after"), settings.get("before"), settings.get("depth", 5)
    place = place_in_words(after, before, cell)
    said = _("{place}, in the paths: {way}", place=place, way=way_in_words(after, before, depth))
    return _of_group(settings, cell, said)


def _transitions(_settings: dict[str, object], cell: dict[str, object]) -> str:
    if "event" in cell:
        return _("did {event}", event=cell["event"])
    values = {"source": cell["from_event"], "target": cell["to_event"]}
    if cell["from_event"] == START:
        return _("began with {target}", **values)
    if cell["to_event"] == END:
        return _("ended after {source}", **values)
    return _("went directly from {source} to {target}", **values)


def _time_to_event(settings: dict[str, object], cell: dict[str, object]) -> str:
    values = {"origin": events_name(settings["origin"]), "target": events_name(settings["target"])}
    if "entered" in cell:
        return _of_group(settings, cell, _("did {origin}", **values))
    arrived = cell["arrived"]
    if "within" in cell:
        values["length"] = length(cell["within"])
        said = _("got from {origin} to {target} within {length}", **values)
        if not arrived:
            said = _("did {origin} and did not get to {target} within {length}", **values)
    elif arrived:
        said = _("got from {origin} to {target}", **values)
    else:
        said = _("did {origin} and had not got to {target} when the data ended", **values)
    return _of_group(settings, cell, said)


def _of_group(settings: dict[str, object], cell: dict[str, object], said: str) -> str:
    if "group" not in cell:
        return said
    by = settings["by"]
    column = by["column"] if isinstance(by, dict) else by
    return _("{said} (group {group} of {column})", said=said, group=cell["group"], column=column)


JOURNEYS_WORDS = {"paths": _paths, "transitions": _transitions, "time_to_event": _time_to_event}
