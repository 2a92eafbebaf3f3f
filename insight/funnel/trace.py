"""A funnel, customer by customer: what happened, which events counted, and why the next step did not."""

from dataclasses import dataclass
from functools import partial
from heapq import nsmallest
from itertools import chain
from operator import attrgetter

import numpy as np
import pandas as pd

from insight.errors import InsightError, NotEnoughData
from insight.funnel.attempts import attempts
from insight.funnel.followed import MOST_EVENTS, Followed, follow
from insight.funnel.people import people_of
from insight.funnel.settings import Settings, read_settings
from insight.funnel.tally import units, used_rows
from insight.language import _
from insight.log import Facts, Log
from insight.log.ids import ascending
from insight.sources.some import log_of_customers
from insight.tables.table import Counted, counted

MOST_CUSTOMERS = 100
POOL = 12  # customers of a kind that are looked at to choose the examples


@dataclass(frozen=True, eq=False)
class Trace:
    """Result of :func:`funnel_trace`.

    events : one row an event of these customers, by customer and time
        customer_id   str
        timestamp     datetime  in the table's time zone
        event         str
        step          Int64     number of the step that it is matched to; NA where it plays no part
        role          str       "entry", "step": matched; "too late", "gap too long", "out of order", "not counted": it
                                would have been the next step; "exclusion", "interruption": what kept it from being so;
                                "before", "between", "after" the attempt; "other session"; "outside": there is none
        seconds       Int64     whole seconds since the entry, negative before it; NA where there is none
    verdicts : one row a customer
        customer_id   str
        reached       int       number of the deepest row of the funnel that the customer is counted at, of required
                                steps (who is not counted: would be, so far); 0 for who has not entered
        counted       bool      in the rates
        verdict       str       "completed", "lost" (the next step did not follow), "out of order" (it came only
                                before), "too late", "gap too long", "excluded", "interrupted", "still open", "removed",
                                "not entered"
        entry         datetime  when the attempt began
        next_step     str       the step that was not reached
        next_seconds  Int64     when it came nevertheless, in seconds since the entry
        over_seconds  Int64     by how much that was too late, or the gap too long
        left_seconds  Int64     still open: how much of the window is left when the data end
        stopped_by    str       the event that excluded, removed or interrupted
        n_events      int       events of the customer that the funnel looked at
        n_hidden      int       how many of them are not shown: at most 50 are
    steps : names of the steps
    within, order, unit : the settings, as given
    """

    events: pd.DataFrame
    verdicts: pd.DataFrame
    steps: list[str]
    within: str | None
    order: str
    unit: str | dict


def funnel_trace(events, *, customers: list[str] | None = None, n: int = 10, **settings: object) -> Trace:
    """Follow a few customers through a funnel, event by event.

    Of each customer the attempt is shown that reaches the deepest step in time and, of these, came nearest to the next;
    where sessions are counted, the session that got deepest. Each stands at the step where `funnel` counts them.

    events : EventLog
    customers : whom to follow; None for examples: one of each way to end, then one at each step, then more
    n : how many examples, at most
    settings : those of `funnel`

    Raises as `funnel`, but where nobody's window has passed; InsightError for a customer who is not in the table.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-04\\nben,visit,2026-01-01\\n")
    >>> trace = funnel_trace(log, steps=["visit", "buy"], within="2D", entries="all")
    >>> trace.verdicts[["customer_id", "reached", "verdict", "over_seconds"]]
      customer_id  reached   verdict  over_seconds
    0         ana        1  too late         86400
    1         ben        1      lost          <NA>
    """
    table = counted(events, "funnel_trace", "events")
    asked = read_settings(settings, table.facts)
    if customers is None:
        followed = _examples(table, asked, settings, _checked(n))
    elif not isinstance(customers, list | tuple) or not 1 <= len(customers) <= MOST_CUSTOMERS:
        raise InsightError(f"customers is a list of 1 to {MOST_CUSTOMERS} ids.")
    else:
        followed = follow(log_of_customers(table, customers, asked.columns), asked, list(dict.fromkeys(customers)))
    return Trace(
        events=_events_table(followed),
        verdicts=_verdicts_table(followed, followed[0].log.frame["timestamp"].dtype),
        steps=[step.name for step in asked.rules.steps],
        **{name: asked.asked[name] for name in ("within", "order", "unit")},
    )


def _checked(n: int) -> int:
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= MOST_CUSTOMERS:
        raise InsightError(f"n = {n!r} must be a whole number from 1 to {MOST_CUSTOMERS}.")
    return n


def _events_table(followed: list[Followed]) -> pd.DataFrame:
    return pd.concat([one.events() for one in followed], ignore_index=True)


def _verdicts_table(followed: list[Followed], moment: object) -> pd.DataFrame:
    kinds = {
        **{"customer_id": "str", "reached": "int64", "counted": "bool", "verdict": "str", "entry": moment},
        **{"next_step": "str", "next_seconds": "Int64", "over_seconds": "Int64", "left_seconds": "Int64"},
        **{"stopped_by": "str", "n_events": "int64", "n_hidden": "int64"},
    }
    return pd.DataFrame([one.row() for one in followed], columns=list(kinds)).astype(kinds)


# -- examples ---------------------------------------------------------------------------------------------------------


def _examples(table: Counted, asked: Settings, settings: dict[str, object], n: int) -> list[Followed]:
    """One customer for each verdict, then for each verdict and step, then others: always the same ones."""
    count = partial(pool, facts=table.facts, settings=settings)
    kinds = table.tally(count, merged_pools, columns=asked.columns)
    customers = list(dict.fromkeys(customer for _many, customer in chain.from_iterable(kinds)))
    if not customers:
        raise NotEnoughData(_("Nobody entered the funnel in the chosen dates."))
    followed = follow(log_of_customers(table, customers, asked.columns), asked, customers)
    chosen: dict[str, Followed] = {}
    for kind_of in (attrgetter("verdict"), attrgetter("verdict", "depth"), attrgetter("customer")):
        seen = {kind_of(one) for one in chosen.values()}
        for one in followed:
            if kind_of(one) not in seen and len(chosen) < n:
                seen.add(kind_of(one))
                chosen[one.customer] = one
    return sorted(chosen.values(), key=lambda one: (not one.counted, -one.depth))


Pool = list[list[tuple[bool, str]]]  # for each kind of customer a few: whether their events are too many, and the id


def pool(log: Log, facts: Facts, settings: dict[str, object]) -> Pool:
    """Customers among whom there are examples of everything: a few of each kind, those with the lowest ids.

    The kinds: who got to each row; who would have got further but for the window, or for another rule; who did more
    steps than count; who is removed; who is still open. Those with more events than are shown come last.
    """
    asked = read_settings(settings, facts)
    stream = units(used_rows(log, asked), asked)
    tried = attempts(stream, asked.rules)
    required = [k for k, step in enumerate(asked.rules.steps) if step.required]
    rows = [f"reached_{k + 1}" for k in required]
    people = people_of(log, facts, settings)
    counted, removed = people["counted"].to_numpy(), people["removed"].to_numpy()
    depth = people[rows].sum(axis=1).to_numpy()
    kinds = [counted & (depth == k) for k in range(1, len(rows) + 1)]
    for relaxed in _relaxed(asked, settings["steps"]):
        further = people_of(log, facts, settings | relaxed)[rows].sum(axis=1).to_numpy() > depth
        kinds.append(counted & further)
    did = np.zeros(len(stream.customers), int)  # how many different steps, in whatever order
    for k in required:
        did += np.bincount(tried.at[k].customer, minlength=len(did)) > 0
    kinds += [counted & (did[tried.entered] > depth), ~counted & removed, ~counted & ~removed]
    customer = tried.entered if stream.owner is None else stream.owner[tried.entered]
    many = np.bincount(log.customer, minlength=len(log.customers)) > MOST_EVENTS
    place = np.argsort(log.remember("ascending ids", lambda: ascending(log.customers)))
    rank = (place + many * len(place))[customer]
    chosen = [customer[kind][np.argsort(rank[kind], kind="stable")[:POOL]] for kind in kinds]
    return [list(zip(many[own].tolist(), log.customers[own].tolist(), strict=True)) for own in chosen]


def merged_pools(pools: list[Pool]) -> Pool:
    """The pool of all customers, given those of disjoint sets of them."""
    return [nsmallest(POOL, chain.from_iterable(kind)) for kind in zip(*pools, strict=True)]


def _relaxed(asked: Settings, steps: list) -> list[dict[str, object]]:
    """Settings without the window, and without exclusions, gaps and strictness, where there are any."""
    changed = []
    if asked.window is not None:
        changed.append({"within": None, "entries": "all"})
    rules = asked.rules
    if rules.exclusions or rules.order == "strict" or any(step.max_gap is not None for step in rules.steps):
        free = [{k: v for k, v in s.items() if k != "max_gap"} if isinstance(s, dict) else s for s in steps]
        order = "ordered" if rules.order == "strict" else rules.order
        changed.append({"steps": free, "exclude": None, "order": order})
    return changed
