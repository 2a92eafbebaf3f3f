"""The people behind a funnel: the same arrays that were counted, with names."""

from functools import partial

import numpy as np
import pandas as pd

from insight.funnel.attempts import attempts
from insight.funnel.groups import groups
from insight.funnel.outcome import outcome
from insight.funnel.settings import read_settings
from insight.funnel.tables import labelled
from insight.funnel.tally import funnel_tally, merged, units, used_rows
from insight.log import Facts, Log
from insight.tables.table import counted


def funnel_people(events, settings: dict[str, object]) -> pd.DataFrame:
    """Everyone who entered a funnel, and how far they got: one row a customer, or a session.

    events : EventLog; settings : the keyword arguments of `funnel`
    Returns, by customer:
        customer_id          str   the customer (of sessions: whose it is)
        counted              bool  in the rates; False for who is still open or removed
        removed              bool  taken out by an exclusion with the effect "remove"
        group                str   as in `Funnel.groups` (where nobody counts, by its own name); "" without a breakdown
        reached_1, ..., reached_n  bool  counted at the row of `Funnel.steps`; False for who does not count
    So the sums of reached_1, ... are `Funnel.steps["reached"]`, by group those of `Funnel.groups`.

    Raises as `funnel`, but where nobody's window has passed: then nobody is counted.

    >>> from insight import read_events
    >>> log = pd.DataFrame({"customer_id": ["ana", "ana", "ben"], "event": ["visit", "buy", "visit"],
    ...                     "timestamp": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-01"])})
    >>> funnel_people(read_events(log), {"steps": ["visit", "buy"], "within": "1D"})
      customer_id  counted  removed group  reached_1  reached_2
    0         ana     True    False             True       True
    1         ben     True    False             True      False
    """
    table = counted(events, "funnel_people", "events")
    facts = table.facts
    asked = read_settings(settings, facts)
    found = table.tally(partial(people_of, facts=facts, settings=settings), pd.concat, columns=asked.columns)
    found = found.sort_values("customer_id", kind="stable", ignore_index=True)  # the sessions of one stay in order
    if asked.breakdown is None:
        return found
    tally = table.tally(partial(funnel_tally, facts=facts, settings=settings), merged, columns=asked.columns)
    labels, label = labelled(tally, asked.breakdown.top)
    shown = {name: name if k < 0 else labels[k] for name, k in zip(tally.groups, label, strict=True)}
    return found.assign(group=found["group"].map(shown).astype("str"))


def people_of(log: Log, facts: Facts, settings: dict[str, object]) -> pd.DataFrame:
    """The people of a log, which may be a part of the whole, in its order; each group under its own name."""
    asked = read_settings(settings, facts)
    stream = units(used_rows(log, asked), asked)
    tried = attempts(stream, asked.rules)
    found = outcome(tried, asked, len(stream.customers))
    columns = {"customer_id": pd.array(stream.customers[tried.entered], dtype="str")}
    for name, codes in (("counted", found.counted), ("removed", found.removed)):
        columns[name] = _are_among(codes, tried.entered, len(stream.customers))
    group, names = groups(stream, tried, asked)
    columns["group"] = np.array(names, dtype=object)[group[tried.entered]]
    for k, row in enumerate(found.rows, start=1):
        columns[f"reached_{k}"] = _are_among(np.concatenate([row.here, row.came]), tried.entered, len(stream.customers))
    return pd.DataFrame(columns).astype({"group": "str"})


def _are_among(codes: np.ndarray, entered: np.ndarray, n_customers: int) -> np.ndarray:
    found = np.zeros(n_customers, bool)
    found[codes] = True
    return found[entered]
