"""What tables can answer, and what is missing where they cannot, with the visitor's own numbers."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from insight.language import _, _n, count, day
from insight.log import Log, run_starts
from insight.periods import UNITS
from insight.tables.quality.rows import clock_of

FEWEST_KINDS = 2  # kinds of event that make a funnel or a path
FEWEST_DAYS = 14  # of data: two periods of the shortest useful length, a week
FEWEST_RETURNS = 30  # customers who came back, to say how long a silence is usual
FEWEST_BUYERS = 5  # as many as there are scores
MODEL_CUSTOMERS = 100  # a model of purchases asks for so many customers
MODEL_REPEATERS = 100  # with orders on two days or more
MODEL_GAPS = 3  # and for data as long as so many usual (median) gaps between orders
FEWEST_CHANNELS = 2  # to share a conversion among
KINDS = {
    "events": _("a table of events"),
    "orders": _("a table of orders"),
    "campaigns": _("a table of campaigns"),
    "customers": _("a table of customers"),
    "contacts": _("a table of contacts"),
    "feedback": _("a table of feedback"),
}
NEEDS = {
    "customer_id": _("a column that says who (customer id)"),
    "timestamp": _("a time column"),
    "event": _("an event column"),
    "order_date": _("an order date column"),
    "amount": _("an amount column, or quantity and unit price"),
    "date": _("a date column"),
    "spend": _("a spend column"),
    "outcome": _("a column that says what came of a contact"),
    "score": _("a score column"),
}
Answer = tuple[bool, str]


def capabilities(tables: dict[str, object], *, missing: dict[str, list[str]] | None = None) -> pd.DataFrame:
    """Which analyses these tables can carry: analysis, possible, reason.

    tables : kind -> table, as the `read_...` functions return them
    missing : kind -> canonical columns that a file lacks for it, where there is one file only; a kind without gaps is
        one that the file can be read as too
    `reason` says with numbers what there is, or what is missing.

    >>> from insight import read_events
    >>> events = read_events(b"user,event,time\\nana,visit,2026-01-01 09:00\\nana,buy,2026-01-01 09:05\\n")
    >>> capabilities({"events": events}).to_dict("records")[0]
    {'analysis': 'funnel', 'possible': True, 'reason': '1 customer and 2 kinds of event.'}
    """
    rows = []
    for analysis, (kinds, ask) in ANALYSES.items():
        there = [tables[kind] for kind in kinds if kind in tables]
        asked = [ask(table, tables) for table in there] or [(False, _no_table(kinds, missing or {}))]
        possible, reason = next((answer for answer in asked if answer[0]), asked[0])
        rows.append({"analysis": analysis, "possible": possible, "reason": reason})
    return pd.DataFrame(rows, columns=["analysis", "possible", "reason"])


def _no_table(kinds: tuple[str, ...], missing: dict[str, list[str]]) -> str:
    told = [kind for kind in kinds if kind in missing]
    other = next((kind for kind in told if not missing[kind]), None)
    if other is not None:
        return _("Read the file as {kind} to answer this.", kind=KINDS[other])
    if told:
        lacking = min((missing[kind] for kind in told), key=len)
        return _("Needs {columns}.", columns=", ".join(NEEDS[name] for name in lacking))
    return _("Needs {tables}.", tables=_(" or ").join(KINDS[kind] for kind in kinds))


def _customers(n: int) -> str:
    return _n("{n} customer", "{n} customers", n, n=count(n))


# -- events -----------------------------------------------------------------------------------------------------------


def _chains(events, _tables: dict) -> Answer:
    """Funnel and journeys: one thing and then another."""
    log = events.log
    kinds, people = len(log.events), len(log.customers)
    if kinds < FEWEST_KINDS:
        return False, _("The file has one kind of event only; it needs two.")
    if people == len(log):
        return False, _("Every customer has one event only: nobody goes from one to another.")
    return True, _("{customers} and {kinds} kinds of event.", customers=_customers(people), kinds=count(kinds))


def _attribution(events, tables: dict) -> Answer:
    if "channel" not in events.frame:
        return False, _("Needs a channel column in the events.")
    channels = events.frame["channel"].nunique()
    if channels < FEWEST_CHANNELS:
        return False, _("The events come through one channel only; it needs two.")
    if len(events.log.events) < FEWEST_KINDS and "orders" not in tables:
        return False, _("Needs an event that counts as a conversion, or a table of orders.")
    return True, _("{customers} and {n} channels.", customers=_customers(len(events.log.customers)), n=count(channels))


# -- events or orders -------------------------------------------------------------------------------------------------


def _retention(table, _tables: dict) -> Answer:
    who, days = _active_days(table)
    if not len(days):
        return False, _NO_PURCHASES
    n_days = int(np.ptp(days)) + 1
    if n_days < FEWEST_DAYS:
        return False, _n(
            "Needs {least} days of data; you have {n}.", "Needs {least} days of data; you have {n}.",
            n_days, least=count(FEWEST_DAYS), n=count(n_days),
        )  # fmt: skip
    n_customers = len(np.unique(who))
    if len(who) == n_customers:
        return False, _("Nobody comes back: every customer has one day only.")
    return True, _("{customers} over {n} days.", customers=_customers(n_customers), n=count(n_days))


def _churn(table, tables: dict) -> Answer:
    possible, reason = _retention(table, tables)
    if not possible:
        return possible, reason
    returned = _returned(_active_days(table)[0])
    if returned < FEWEST_RETURNS:
        needs = _("Needs {least} customers who came back; you have {n}.", least=FEWEST_RETURNS, n=count(returned))
        return False, needs
    return True, _n("{n} customer came back.", "{n} customers came back.", returned, n=count(returned))


def _active_days(table) -> tuple[np.ndarray, np.ndarray]:
    """The distinct pairs of customer and day, in order: of any event, or of purchases."""
    if table.kind == "events":
        who, day_of = _log_days(table.log)
    else:
        bought = table.frame[table.frame["amount_minor"] > 0]
        who, day_of = pd.factorize(bought["customer_id"])[0], clock_of(bought["order_date"])[1]
        order = np.lexsort((day_of, who))
        who, day_of = who[order], day_of[order]
    new = np.ones(len(who), bool)
    new[1:] = (who[1:] != who[:-1]) | (day_of[1:] != day_of[:-1])
    return who[new], day_of[new]


def _log_days(log: Log) -> tuple[np.ndarray, np.ndarray]:
    if log.timezone is None:
        return log.customer, log.time // UNITS["D"]
    times = pd.Series(log.time.view("datetime64[us]")).dt.tz_localize("UTC").dt.tz_convert(log.timezone)
    return log.customer, clock_of(times)[1]


def _returned(who: np.ndarray) -> int:
    """How many customers have two days or more; `who` is in order."""
    return int((np.diff(np.append(run_starts(who), len(who))) > 1).sum())


# -- orders -----------------------------------------------------------------------------------------------------------

_NO_PURCHASES = _("No order has an amount above zero.")


def _money(orders) -> str | None:
    """Why amounts cannot be added up, or None."""
    if len(orders.currencies or []) > 1:
        return _("Several currencies: {codes}. Keep one of them.", codes=", ".join(orders.currencies))
    return None if (orders.frame["amount_minor"] > 0).any() else _NO_PURCHASES


def _buyers(orders) -> Answer:
    why_not = _money(orders)
    if why_not:
        return False, why_not
    bought = orders.frame["amount_minor"] > 0
    n = orders.frame["customer_id"][bought].nunique()
    return True, _(
        "{orders} purchases of {customers}.", orders=count(int(bought.sum())), customers=_customers(n)
    )  # fmt: skip


def _rfm(orders, _tables: dict) -> Answer:
    possible, reason = _buyers(orders)
    n = orders.frame["customer_id"][orders.frame["amount_minor"] > 0].nunique()
    if possible and n < FEWEST_BUYERS:
        return False, _("Needs {least} customers who bought; you have {n}.", least=FEWEST_BUYERS, n=count(n))
    return possible, reason


def _clv_formula(orders, _tables: dict) -> Answer:
    return _buyers(orders)


def _clv_model(orders, _tables: dict) -> Answer:
    possible, reason = _buyers(orders)
    if not possible:
        return possible, reason
    who, days = _active_days(orders)
    n, repeaters = len(np.unique(who)), _returned(who)
    if n < MODEL_CUSTOMERS:
        return False, _("Needs {least} customers who bought; you have {n}.", least=MODEL_CUSTOMERS, n=count(n))
    if repeaters < MODEL_REPEATERS:
        return False, _(
            "Needs {least} customers with orders on 2 days; you have {n}.", least=MODEL_REPEATERS, n=count(repeaters)
        )
    gaps = np.diff(days)[np.diff(who) == 0]
    usual, there = int(np.median(gaps)), int(np.ptp(days)) + 1
    if there < MODEL_GAPS * usual:
        return False, _(
            "Needs {least} days of data, {times} times the usual gap between orders; you have {n}.",
            least=count(MODEL_GAPS * usual), times=MODEL_GAPS, n=count(there),
        )  # fmt: skip
    return True, _("{customers}, {n} with orders on 2 days.", customers=_customers(n), n=count(repeaters))


# -- campaigns --------------------------------------------------------------------------------------------------------


def _campaigns(campaigns, _tables: dict) -> Answer:
    frame = campaigns.frame
    if len(campaigns.currencies or []) > 1:
        return False, _("Several currencies: {codes}. Keep one of them.", codes=", ".join(campaigns.currencies))
    if not (frame["spend_minor"] > 0).any():
        return False, _("Nothing was spent: every spend is zero.")
    outcomes = [name for name in ("impressions", "clicks", "conversions", "revenue") if name in frame]
    if not outcomes:
        return False, _("Needs clicks, conversions or revenue beside the spend.")
    first, last = day(frame["date"].min()), day(frame["date"].max())
    if "revenue" not in frame:
        return True, _("{first} to {last}; without revenue there is no ROAS and no ROI.", first=first, last=last)
    return True, _("{first} to {last}.", first=first, last=last)


ANALYSES: dict[str, tuple[tuple[str, ...], Callable]] = {  # analysis -> tables it can start from, and what it asks
    "funnel": (("events",), _chains),
    "journeys": (("events",), _chains),
    "retention": (("events", "orders"), _retention),
    "churn": (("orders", "events"), _churn),
    "rfm": (("orders",), _rfm),
    "clv_formula": (("orders",), _clv_formula),
    "clv_model": (("orders",), _clv_model),
    "campaigns": (("campaigns",), _campaigns),
    "attribution": (("events",), _attribution),
}
