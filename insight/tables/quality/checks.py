"""Everything that is looked at once a table has been read, kind by kind."""

import numpy as np
import pandas as pd

from insight.language import _
from insight.log import Log
from insight.tables.privacy import note_personal_data
from insight.tables.quality.amounts import note_odd_orders
from insight.tables.quality.days import note_day_order, note_odd_dates
from insight.tables.quality.ids import note_case, note_machines, note_odd_ids
from insight.tables.quality.names import note_similar_events, note_similar_values
from insight.tables.quality.rows import Rows
from insight.tables.quality.spans import note_several_days

COUNTS = (("impressions", "clicks"), ("clicks", "conversions"))  # the second cannot be more than the first


def check_events(draft, frame: pd.DataFrame, log: Log) -> None:
    """Note what is odd about events."""
    rows = Rows(draft, frame, "timestamp", log)
    note_personal_data(draft)
    note_odd_dates(rows, dates_only=log.dates_only)
    if not log.dates_only:
        note_repeated_events(rows)
    note_odd_ids(rows)
    note_machines(rows)
    note_similar_events(rows)
    note_similar_values(rows)


def note_repeated_events(rows: Rows) -> None:
    """Events that came twice: same customer, kind and time. Exact copies are said elsewhere."""
    log = rows.log
    again = np.zeros(len(log), bool)
    again[1:] = (log.moment[1:] == log.moment[:-1]) & (log.event[1:] == log.event[:-1])
    if not again.any():
        return
    at = np.sort(log.row[again])
    rows.note(
        "repeated_events",
        _("Events with the customer, kind and time of an earlier row"),
        "note",
        "event",
        at[~rows.draft.copies[rows.kept[at]]],
        _("They are kept. If they were recorded twice by mistake, leave the later ones out."),
        "drop_repeated_events",
    )


def check_orders(draft, frame: pd.DataFrame, lines: pd.DataFrame, *, dates_only: bool) -> None:
    """Note what is odd about orders: `frame` has one row an order, `lines` one row a line, as the file has them."""
    rows = Rows(draft, lines, "order_date")
    note_personal_data(draft)
    note_odd_dates(rows, dates_only=dates_only)
    note_odd_ids(rows)
    note_odd_orders(rows, frame)
    note_similar_values(rows)


def check_campaigns(draft, frame: pd.DataFrame) -> None:
    """Note what is odd about campaigns."""
    rows = Rows(draft, frame, "date")
    note_personal_data(draft)
    note_odd_dates(rows, dates_only=True)
    note_several_days(rows)
    note_similar_values(rows)
    for more, fewer in COUNTS:
        if more in frame and fewer in frame:
            finding = _("More {fewer} than {more}", fewer=draft.columns[fewer], more=draft.columns[more])
            hint = _("Are the two columns what they are taken for? Their rate is above 100% there.")
            rows.note("rate_above_one", finding, "note", fewer, (frame[fewer] > frame[more]).to_numpy(), hint)
    who = [name for name in ("date", "channel", "campaign") if name in frame]
    if len(who) == 3:
        again = frame.duplicated(who).to_numpy() & ~draft.copies[rows.kept]
        hint = _("They are added up. If a later row corrects an earlier one, keep the later one in the file.")
        rows.note("same_campaign_day", _("The same campaign and day once more"), "note", "campaign", again, hint)


def check_people(draft, frame: pd.DataFrame, moment: str | None = None, *, dates_only: bool = False) -> None:
    """Note what is odd about customers, contacts or feedback; `frame` has the rows of the file that stayed."""
    rows = Rows(draft, frame, moment)
    note_personal_data(draft)
    note_similar_values(rows)
    if moment is not None:
        note_odd_dates(rows, dates_only=dates_only)
        if "customer_id" in frame:
            note_odd_ids(rows)
        return
    for name in ("signup_date", "birth_date"):
        if name in draft.made:
            note_day_order(draft, name)
    note_case(rows)
