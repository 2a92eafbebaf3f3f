"""Odd customer ids: one with a crowd of rows, as many as rows, ids that stand for nobody, machines, late beginnings."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _, _n, count, percent
from insight.tables.quality.rows import Rows

ENOUGH = 100  # rows; in fewer no share is odd
CROWD = 0.2  # of all rows: more than one customer does, where there are at least MANY customers
MANY = 20
UNIQUE = 0.95  # customers a row: the column tells rows apart, not people
MACHINE = 1_000  # events of one customer on one day: one every 30 seconds for more than eight hours
RARE = 0.01  # of the customers at most are machines; else it is how this file counts
BEGINNING = 0.1  # of the days of a file
BEGINNERS = 0.3  # share of customers first seen then that makes one wonder; an even inflow has 0.1
DAYS_TO_BEGIN = 30  # a shorter file has no beginning
FEW = 50  # ids written into a fix
WORDS_FOR_NOBODY = {"test", "dummy", "demo", "example"}  # words such as "guest" are read as no id at all
NUMBERS_FOR_NOBODY = {"0", "-1", "9999", "99999", "999999"}
LONGEST = max(map(len, WORDS_FOR_NOBODY | NUMBERS_FOR_NOBODY))
OFTEN = 20  # times as many rows as usual make such a number one for nobody


def note_odd_ids(rows: Rows) -> None:
    """Say what is odd about who the rows belong to."""
    nobody = ids_for_nobody(rows.customers, rows.rows_of)
    if len(nobody):
        rows.note(
            "ids_for_nobody",
            _("Ids that stand for nobody: {ids}", ids=", ".join(rows.customers[nobody])),
            "warning",
            "customer_id",
            np.isin(rows.customer, nobody),
            _("Each would count as one very busy customer. Leave them out, unless these are people."),
            _without(rows, nobody),
        )
    note_case(rows)
    if len(rows) >= ENOUGH:
        _note_crowd(rows, nobody)
        if rows.draft.kind in ("events", "orders"):
            _note_unique(rows)
            _note_beginning(rows)


def note_case(rows: Rows) -> None:
    """Ids that differ in upper and lower case alone, as "Ana" and "ana": probably one customer who counts twice."""
    lower = pc.utf8_lower(pa.array(rows.customers, pa.string())).dictionary_encode()
    if len(lower.dictionary) == len(lower):
        return
    code = np.asarray(lower.indices)
    several = (np.bincount(code) > 1)[code]
    rows.note(
        "similar_ids",
        _("Customer ids that differ in upper and lower case alone"),
        "warning",
        "customer_id",
        np.isin(rows.customer, np.flatnonzero(several)),
        _("They count as different customers. Take the ids in lower case if they are not."),
        "lower_ids",
    )


def ids_for_nobody(customers: np.ndarray, rows_of: np.ndarray) -> np.ndarray:
    """Which customers are no people, by their ids: a word such as "test", or a 0 with a crowd of rows.

    >>> ids_for_nobody(np.array(["ana", "Test", "0"], object), np.array([1, 3, 1])).tolist()
    [1]
    """
    short = np.flatnonzero(np.fromiter(map(len, customers), int, len(customers)) <= LONGEST)
    words = [at for at in short if customers[at].casefold() in WORDS_FOR_NOBODY]
    numbers = [at for at in short if customers[at] in NUMBERS_FOR_NOBODY]
    busy = [at for at in numbers if rows_of[at] >= OFTEN * np.median(rows_of)]
    return np.array(sorted(words + busy), int)


def _note_crowd(rows: Rows, nobody: np.ndarray) -> None:
    top, n_customers = int(rows.rows_of.argmax()), len(rows.customers)
    share = rows.rows_of[top] / len(rows)
    if n_customers == 1:
        hint = _("Is this the column that says who? Choose another one if not.")
        rows.note("single_id", _("All rows belong to one customer"), "warning", "customer_id", suggestion=hint)
    elif share > CROWD and n_customers >= MANY and top not in nobody:
        rows.note(
            "crowded_id",
            _("One customer has {share} of all rows: {id}", share=percent(share), id=rows.customers[top]),
            "warning",
            "customer_id",
            rows.customer == top,
            _("A shared or a test account? Leave it out if it is not one person."),
            _without(rows, [top]),
        )


def _note_unique(rows: Rows) -> None:
    if len(rows.customers) < UNIQUE * len(rows):
        return
    events = rows.draft.kind == "events"
    rows.note(
        "unique_ids",
        _("Nearly every row has a customer of its own"),
        "warning" if events else "note",
        "customer_id",
        suggestion=_("Is this the column that says who, or does it number visits or rows? Nobody seems to come back."),
    )


def _note_beginning(rows: Rows) -> None:
    """Many customers who are first seen right at the start were probably customers before."""
    start, days = int(rows.day.min()), int(np.ptp(rows.day)) + 1
    if days < DAYS_TO_BEGIN:
        return
    first = np.full(len(rows.customers), start + days)
    np.minimum.at(first, rows.customer, rows.day)
    beginning = int(BEGINNING * days)
    share = (first < start + beginning).mean()
    if share > BEGINNERS:
        finding = _(
            "{share} of the customers first appear in the first {n} days", share=percent(share), n=count(beginning)
        )
        hint = _(
            "Were they customers before? Then they are not new: in retention, leave these first days out with "
            'guard="{n}D".',
            n=beginning,
        )
        rows.note("late_beginning", finding, "note", rows.moment, suggestion=hint)


def note_machines(rows: Rows) -> None:
    """Customers with more events on one day than a person makes."""
    busy = np.flatnonzero(rows.rows_of > MACHINE)
    if not len(busy):
        return
    theirs = np.isin(rows.customer, busy)
    pairs, n = np.unique(np.stack([rows.customer[theirs], rows.day[theirs]]), axis=1, return_counts=True)
    machines = np.unique(pairs[0, n > MACHINE])
    if 0 < len(machines) <= max(1, RARE * len(rows.customers)):
        rows.note(
            "machines",
            _n(
                "{n} customer with more than {limit} events on one day",
                "{n} customers with more than {limit} events on one day",
                len(machines),
                n=count(len(machines)),
                limit=count(MACHINE),
            ),
            "warning",
            "customer_id",
            np.isin(rows.customer, machines),
            _("Probably a robot or a test. Leave it out if it is not a person."),
            _without(rows, machines),
        )


def _without(rows: Rows, customers) -> dict | None:
    """The fix that leaves these customers out, where they are few enough to be written down."""
    ids = [str(rows.customers[at]) for at in customers]
    return {"fix": "drop_customers", "ids": ids} if len(ids) <= FEW else None
