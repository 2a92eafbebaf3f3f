"""The tables an analysis starts from, and what is kept beside the rows: where they came from, what is odd in them.

Every table has

frame        DataFrame: the canonical columns first, then the file's other columns under their own names
findings     DataFrame: finding, severity (error: rows left out; warning: may mislead; note: good to know), column,
             rows (how many), examples (row numbers as a spreadsheet shows them), suggestion
fingerprint  hex sha256 of the content and of how it was read; equal fingerprints mean equal tables
columns      the mapping used, canonical name -> the file's name
settings     the other reading settings in force: reading again with them gives the same table
name         the file's name
n_rows       rows of the file, also those that were left out
made         how it was made from other tables; None where it was read from a file
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import ClassVar, TypeVar

import pandas as pd

from insight.errors import InsightError
from insight.log import Facts, Log, prepare_log
from insight.tables.order_log import has_cancellations, order_log

T = TypeVar("T")  # a tally


@dataclass(frozen=True, eq=False)
class Derivation:
    """How a table was made from others: `function(*tables, **settings)` makes it again. The settings are literals."""

    function: Callable
    tables: tuple
    settings: dict[str, object]


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """What every table has; the docstring of this module says what each part is.

    timezone : IANA name, or None for times that do not say where they were taken
    """

    frame: pd.DataFrame
    findings: pd.DataFrame
    fingerprint: str
    columns: dict[str, str]
    settings: dict[str, object]
    name: str
    n_rows: int | None = None
    timezone: str | None = None
    made: Derivation | None = None
    kind: ClassVar[str]
    reader: ClassVar[str]


class Counted:
    """What an analysis asks of a table whose customers it counts, wherever the rows lie.

    An analysis is three functions: a tally of any disjoint set of customers, the sum of such tallies, and the result
    made of it. The table says what has to be known of all rows before (`facts`), and runs the tally where the rows
    are: here in memory, over one log.
    """

    @property
    def facts(self) -> Facts:
        """What has to be known of all rows before a part of them is counted."""
        return self.log.facts

    def tally(self, count: Callable[[Log], T], merged: Callable[[list[T]], T], *, columns: Iterable[str] = ()) -> T:
        """The tally of all customers.

        count : the log of some customers, with all their rows -> their tally
        merged : tallies of disjoint sets of customers -> the tally of all of them
        columns : those of the file that `count` looks at, beside who, what, when and how much
        """
        return count(self.log)

    def ids(self, count: Callable[[Log], list[str]], *, columns: Iterable[str] = ()) -> list[str]:
        """The customers whom `count` names, in ascending order; it names each once, from the log of some customers."""
        return sorted(self.tally(count, concatenated, columns=columns))


def concatenated(parts: list[list[str]]) -> list[str]:
    """The ids of disjoint sets of customers."""
    return [one for part in parts for one in part]


def counted(table: object, function: str, *kinds: str) -> Counted:
    """The table, where its customers can be counted by `function`, which takes these kinds of table.

    Raises InsightError for anything else.
    """
    if getattr(table, "kind", None) in kinds and hasattr(table, "tally"):
        return table
    takes = " or ".join(f"read_{kind}" for kind in kinds)
    raise InsightError(f"{function} takes the table that {takes} returns: {function}({takes.split()[0]}(source), ...).")


@dataclass(frozen=True, eq=False, kw_only=True)
class EventLog(Table, Counted):
    """Who did what, when: one row an event, in file order.

    frame : customer_id (str), timestamp (datetime64[us], in `timezone` if there is one), event (str), and where the
        file has them sequence, session, channel, campaign, device, region, value, variant; then the file's others
    dates_only : no row has a clock time, so the order inside a day is unknown
    prepared : the log, where it was made together with the frame
    """

    name: str = "events.csv"
    dates_only: bool = False
    prepared: Log | None = None
    kind: ClassVar[str] = "events"
    reader: ClassVar[str] = "read_events"

    @cached_property
    def log(self) -> Log:
        """The rows sorted once by customer and time, as every analysis walks them."""
        if self.prepared is not None:
            return self.prepared
        return prepare_log(self.frame, timezone=self.timezone, dates_only=self.dates_only)


@dataclass(frozen=True, eq=False, kw_only=True)
class Orders(Table, Counted):
    """Who bought, when and for how much: one row an order, in the file's order of first lines.

    frame : order_id, customer_id (str), order_date (datetime64[us]), amount (float64, nearest to the exact decimal),
        amount_minor (int64, exact: amount x 10**decimals), then the columns that do not vary within an order
    lines : the same columns, one row a line of an order; None where every order is one line
    currency : ISO code; None where the file does not say, or says several
    currencies : every currency in the table
    """

    lines: pd.DataFrame | None
    name: str = "orders.csv"
    dates_only: bool = False
    currency: str | None = None
    currencies: list[str] | None = None
    decimals: int = 2
    kind: ClassVar[str] = "orders"
    reader: ClassVar[str] = "read_orders"

    @cached_property
    def log(self) -> Log:
        """The orders sorted once by customer and time; each is an event: a purchase, free, or a refund."""
        cancelled = has_cancellations(self.frame["order_id"])
        return order_log(self.frame, cancelled=cancelled, timezone=self.timezone, dates_only=self.dates_only)

    @property
    def facts(self) -> Facts:
        """What has to be known of all orders before a part of them is counted."""
        return replace(self.log.facts, currencies=tuple(self.currencies or ()), decimals=self.decimals)


@dataclass(frozen=True, eq=False, kw_only=True)
class Campaigns(Table):
    """What was spent where, and what came of it: one row a date, channel and campaign as the file has them.

    frame : date (datetime64[us]), channel, campaign (str), spend (float64), spend_minor (int64, exact: spend x
        10**decimals), and where the file has them impressions, reach, clicks, conversions, new_customers (float64, NaN
        where missing), revenue and other_cost (float64, with _minor as Int64), currency, then the file's other columns
    """

    name: str = "campaigns.csv"
    currency: str | None = None
    currencies: list[str] | None = None
    decimals: int = 2
    kind: ClassVar[str] = "campaigns"
    reader: ClassVar[str] = "read_campaigns"


@dataclass(frozen=True, eq=False, kw_only=True)
class Customers(Table):
    """Who they are and what they agreed to: one row a customer.

    frame : customer_id (str), and where the file has them signup_date and birth_date (datetime64[us]), birth_year and
        age (float64), age_band, gender, country, city, region, segment, first_channel (str), consent_email, consent_ads
        and consent_analytics (boolean, NA where the file does not say), then the file's other columns
    """

    name: str = "customers.csv"
    kind: ClassVar[str] = "customers"
    reader: ClassVar[str] = "read_customers"


@dataclass(frozen=True, eq=False, kw_only=True)
class Contacts(Table):
    """Who was contacted when, and what came of it: one row an outcome.

    frame : customer_id (str), timestamp (datetime64[us]), channel, campaign (str), outcome (str: sent, open, click,
        unsub, or as the file says), variant (str), then the file's other columns
    """

    name: str = "contacts.csv"
    dates_only: bool = False
    kind: ClassVar[str] = "contacts"
    reader: ClassVar[str] = "read_contacts"


@dataclass(frozen=True, eq=False, kw_only=True)
class TouchPaths(Table):
    """Which channels people met on the way, and how often they converted: one row a path.

    frame : path (str, "ads > mail", "" for conversions without a touch), conversions (float64), nulls (float64,
        journeys on this path without a conversion), value (float64, of the conversions), then the file's other columns
    currencies : every currency that amounts are marked with
    """

    name: str = "paths.csv"
    currencies: tuple[str, ...] = ()
    kind: ClassVar[str] = "paths"
    reader: ClassVar[str] = "read_paths"


@dataclass(frozen=True, eq=False, kw_only=True)
class Feedback(Table):
    """What people answered: one row an answer.

    frame : timestamp (datetime64[us]), score (float64), and where the file has them customer_id, touchpoint, scale
        ("1-5", "0-10"), text, order_id (str), then the file's other columns
    """

    name: str = "feedback.csv"
    dates_only: bool = False
    kind: ClassVar[str] = "feedback"
    reader: ClassVar[str] = "read_feedback"


def derived(table, function: Callable, *others, settings: dict[str, object], **changes: object):
    """A table made from `table` (and others) by `function`, with these fields changed.

    Its fingerprint says which tables it was made from and how, so it never shares a cache entry with them, and a
    notebook can make it again.

    >>> read = {"lines": None, "findings": pd.DataFrame(), "fingerprint": "f1", "columns": {}, "settings": {}}
    >>> orders = Orders(frame=pd.DataFrame({"amount": [1, 5]}), **read)
    >>> large = derived(orders, max, settings={"least": 2}, frame=orders.frame[1:])
    >>> len(large.frame), large.fingerprint == orders.fingerprint, large.made.tables == (orders,)
    (1, False, True)
    """
    tables = (table, *others)
    how = json.dumps([function.__name__, [one.fingerprint for one in tables], settings], sort_keys=True)
    made = Derivation(function, tables, settings)
    if "frame" in changes and hasattr(table, "prepared"):
        changes.setdefault("prepared", None)  # the old log is of other rows
    return replace(table, **changes, fingerprint=sha256(how.encode()).hexdigest(), made=made)
