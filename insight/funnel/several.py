"""Several funnels in one pass over the rows: on disk or on Spark each pass costs."""

from collections.abc import Sequence
from functools import partial

from insight.errors import InsightError
from insight.funnel import Funnel, funnel_finish
from insight.funnel.settings import read_settings
from insight.funnel.tally import Tally, funnel_tally, merged
from insight.log import Facts, Log
from insight.tables.table import Counted


def several_funnels(table: Counted, several: Sequence[dict[str, object]]) -> list[Funnel | InsightError]:
    """The funnel for each of these settings; in place of one that cannot be counted, the error that says why.

    >>> from insight import read_events
    >>> log = read_events(b"user,event,time\\nana,visit,2026-01-01\\nana,buy,2026-01-02\\n")
    >>> one, other = several_funnels(log, [{"steps": ["visit", "buy"], "within": w} for w in ("1D", "1W2")])
    >>> one.steps["reached"].tolist(), type(other).__name__
    ([1, 1], 'InsightError')
    """
    facts, found, columns = table.facts, {}, set()
    for at, settings in enumerate(several):
        try:
            columns.update(read_settings(settings, facts).columns)
        except InsightError as problem:
            found[at] = problem
    possible = [at for at in range(len(several)) if at not in found]
    count = partial(funnel_tallies, facts=facts, several=[several[at] for at in possible])
    for at, tally in zip(possible, table.tally(count, merged_tallies, columns=sorted(columns)), strict=True):
        try:
            found[at] = funnel_finish(tally, facts, several[at])
        except InsightError as problem:
            found[at] = problem
    return [found[at] for at in range(len(several))]


def funnel_tallies(log: Log, facts: Facts, several: Sequence[dict[str, object]]) -> list[Tally]:
    """The tally for each of these settings, of a log which may be a part of the whole."""
    return [funnel_tally(log, facts, settings) for settings in several]


def merged_tallies(parts: list[list[Tally]]) -> list[Tally]:
    """The tallies of all customers, given those of disjoint sets of them."""
    return [merged(list(same)) for same in zip(*parts, strict=True)]
