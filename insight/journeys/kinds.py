"""Kinds of event, cleaned up: hidden, merged, grouped by folder, renamed."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from insight.journeys.naming import HIDDEN, Kinds, read_clean
from insight.journeys.results import EventKinds
from insight.log import Facts, Log
from insight.tables.table import counted


def event_kinds(events, *, clean: dict | None = None, as_of: str | None = None) -> EventKinds:
    """What a clean-up does: how many kinds of event remain, which names go where, how many rows each has.

    clean : a dict of any of these, applied in this order:
        "merge": [{"contains": "product/", "name": "product"}, {"regex": "^/p/[0-9]+$", "name": "product"},
            {"events": ["cart", "basket"], "name": "cart"}] - the first that matches a name of the file says what it is
            called. `contains` looks for the text as it stands, `regex` for a regular expression (RE2) anywhere in it
        "folders": 1 - names that are paths ("/shop/shoes/42?size=8") keep so many folders ("/shop"): what follows "?"
            or "#" is cut, and the scheme of an address; its host stays and is no folder. Merged names stay as they are
        "rename": {"add_to_cart": "cart"} - another name for what has come out so far; two may get the same one
        "hide": ["heartbeat", {"contains": "_test"}] - kinds that are left out, as if the file did not have them: a name
            or a pattern, of the names in the file or of those that the other rules make
    as_of : last complete day; later rows are ignored and counted

    A name that the results use for something else, such as "(end)", is put in quotation marks.

    Raises UnknownValue for an event or key that does not exist, InsightError for a rule that cannot be read, or where
    everything is hidden.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,p/1,2026-01-01\\nana,p/2,2026-01-02\\nana,buy,2026-01-03\\n")
    >>> event_kinds(log, clean={"folders": 1}).kinds[["event", "rows", "names"]].values.tolist()
    [['p', 2, 2], ['buy', 1, 1]]
    """
    table = counted(events, "event_kinds", "events")
    settings = {"clean": clean, "as_of": as_of}
    facts = table.facts
    tally = table.tally(partial(kinds_tally, facts=facts, settings=settings), kinds_merged)
    return kinds_finish(tally, facts, settings)


@dataclass(frozen=True, eq=False)
class KindsTally:
    """Rows by event of the file (in the order of the facts), and rows after `as_of`."""

    rows: np.ndarray
    left_out: int


def kinds_tally(log: Log, facts: Facts, settings: dict[str, object]) -> KindsTally:
    """Count the rows of a log, which may be a part of the whole, by the events of the file."""
    as_of = settings["as_of"]
    used = log if as_of is None else log.until(facts.end_of_data(as_of))
    return KindsTally(np.bincount(used.event, minlength=len(facts.events)), len(log) - len(used))


def kinds_merged(tallies: list[KindsTally]) -> KindsTally:
    """The tally of all customers, given those of disjoint sets of them."""
    return KindsTally(np.sum([one.rows for one in tallies], axis=0), sum(one.left_out for one in tallies))


def kinds_finish(tally: KindsTally, facts: Facts, settings: dict[str, object]) -> EventKinds:
    """The result, made of the tally of all customers. Names without a row up to `as_of` are not listed."""
    kinds = read_clean(settings["clean"], facts.events)
    there = tally.rows > 0
    names = _names_table(kinds, facts, tally.rows)[there].sort_values(
        ["rows", "name"], ascending=[False, True], kind="stable", ignore_index=True
    )
    shown = names[names["change"] != HIDDEN]
    table = shown.groupby("event", sort=True).agg(rows=("rows", "sum"), names=("name", "size")).reset_index()
    table.insert(2, "share", table["rows"] / table["rows"].sum())
    return EventKinds(
        kinds=table.sort_values(["rows", "event"], ascending=[False, True], kind="stable", ignore_index=True),
        names=names,
        n_before=len(names),
        n_after=len(table),
        rows=int(tally.rows.sum()),
        hidden=int(tally.rows.sum() - shown["rows"].sum()),
        left_out=tally.left_out,
        as_of=facts.as_of_day(settings["as_of"]),
        clean=settings["clean"],
    )


def _names_table(kinds: Kinds, facts: Facts, rows: np.ndarray) -> pd.DataFrame:
    become = np.append(np.array(kinds.names, object), None)[kinds.kind]  # hidden is -1: the None behind them
    return pd.DataFrame(
        {
            "name": pd.array(list(facts.events), "str"),
            "event": pd.array(list(become), "str"),
            "change": pd.array(list(kinds.change), "str"),
            "rows": rows,
        }
    )
