"""Read a file as customers, contacts or feedback.

>>> customers = read_customers(b"id,country,newsletter\\nana,DE,yes\\nben,FR,0\\n")
>>> customers.frame[["customer_id", "consent_email"]].values.tolist()
[['ana', True], ['ben', False]]
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.language import _
from insight.tables.cells.dates import Moments
from insight.tables.cells.values import MISSING_VALUES, numbers, present, valid_mask
from insight.tables.draft import Draft
from insight.tables.fixes import fix_rows
from insight.tables.opening.formats import open_table
from insight.tables.opening.raw import RawTable
from insight.tables.quality.checks import check_people
from insight.tables.quality.people import note_bad_scores, note_conflicts
from insight.tables.read import read_optional
from insight.tables.table import Contacts, Customers, Feedback

NAMED = 5  # unknown outcomes in a finding
CONSENTS = ("consent_email", "consent_ads", "consent_analytics")
OUTCOMES = {  # what happened to a contact -> what files call it, in lower case and without "email"
    "sent": ("sent", "send", "sends", "delivered", "отправлено", "已发送", "נשלח"),
    "open": ("open", "opened", "opens", "read", "открыто", "已打开", "נפתח"),
    "click": ("click", "clicked", "clicks", "клик", "已点击", "הקלקה"),
    "unsub": ("unsub", "unsubscribe", "unsubscribed", "opt out", "optout", "opted out", "отписка", "退订", "הסרה"),
}


def read_customers(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    fixes: list | None = None,
) -> Customers:
    """Read customers: one row a customer.

    Columns in: customer_id; traits such as region or age_band, and consents (yes, no, 1, opted in, ...) are optional.
    Several rows of one customer become one: the first value of each column counts, and of consents a no. The settings
    are those of read_events. Raises UnreadableFile, MissingColumn, UnknownValue, AmbiguousDates, NotEnoughData.
    """
    return customer_table(open_table(source, sheet=sheet), columns, dayfirst=dayfirst, timezone=timezone, fixes=fixes)


def customer_table(raw: RawTable, columns=None, *, dayfirst=None, timezone=None, fixes=None) -> Customers:
    """An opened file as customers."""
    draft = Draft(raw, "customers", columns, fixes)
    draft.identifier("customer_id", required=True)
    read_optional(draft, dayfirst, timezone)
    if not any(draft.has(name) for name in CONSENTS):
        hint = _("Nobody can be told apart who must not be contacted. If your system knows, export it too.")
        draft.findings.add(_("No column says who agreed to be contacted"), "note", suggestion=hint, code="no_consent")
    fix_rows(draft)
    rows = draft.frame()
    check_people(draft, rows)
    note_conflicts(draft, rows)
    when = [made for made in draft.made.values() if isinstance(made, Moments)]
    orders, zones = [one.dayfirst for one in when if one.dayfirst is not None], [one.timezone for one in when]
    origin = draft.provenance(dayfirst=agreed(orders), timezone=agreed(zones))
    zone = next((zone for zone in zones if zone is not None), None)
    return Customers(frame=one_row_a_customer(rows), timezone=zone, **origin)


def agreed(answers: list) -> object | None:
    """What all columns of dates say; None where they differ, for then each has to be read by its own evidence again.

    >>> agreed([True, True]), agreed([True, False]), agreed([])
    (True, None, None)
    """
    return answers[0] if len(set(answers)) == 1 else None


def one_row_a_customer(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of each customer as one: of each column the first value there is, of consents a no before a yes.

    >>> one_row_a_customer(pd.DataFrame({"customer_id": ["ana", "ana"], "region": [None, "east"]})).values.tolist()
    [['ana', 'east']]
    """
    if rows["customer_id"].is_unique:
        return rows
    by_customer = rows.groupby("customer_id", sort=False)
    merged = by_customer.first()
    for name in CONSENTS:
        if name in rows:
            merged[name] = by_customer[name].min()
    return merged.reset_index()[list(rows)]


def read_contacts(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    fixes: list | None = None,
) -> Contacts:
    """Read contacts: one row an outcome, which is sent, open, click or unsub.

    Columns in: customer_id, timestamp, and either an outcome, or columns sent, open, click, unsub that say yes or no
    (a row with several of them becomes several rows); where there is neither, each row is a message that was sent.
    The settings are those of read_events. Raises as read_customers.

    >>> read_contacts(b"user,sent_at,opened,clicked\\nana,2026-01-01,1,0\\n").frame["outcome"].tolist()
    ['sent', 'open']
    """
    return contact_table(open_table(source, sheet=sheet), columns, dayfirst=dayfirst, timezone=timezone, fixes=fixes)


def contact_table(raw: RawTable, columns=None, *, dayfirst=None, timezone=None, fixes=None) -> Contacts:
    """An opened file as contacts."""
    draft = Draft(raw, "contacts", columns, fixes)
    draft.identifier("customer_id", required=True)
    when = draft.moment("timestamp", dayfirst, timezone)
    read_optional(draft, dayfirst, timezone)
    if "outcome" in draft.made:
        _read_outcomes(draft)
    fix_rows(draft)
    rows = draft.frame()
    check_people(draft, rows, "timestamp", dates_only=when.dates_only)
    origin = draft.provenance(dayfirst=when.dayfirst, timezone=when.timezone)
    return Contacts(frame=one_row_an_outcome(rows), timezone=when.timezone, dates_only=when.dates_only, **origin)


def _read_outcomes(draft: Draft) -> None:
    """Every way to write an outcome becomes one word."""
    coded = draft.made["outcome"].combine_chunks().dictionary_encode()
    written = coded.dictionary.to_pylist()
    outcomes = [outcome(word) for word in written]
    arrived = [_bare(word) == "delivered" for word in written]
    if outcomes.count("sent") > sum(arrived):  # then a delivery is no second message
        outcomes = ["delivered" if was else one for was, one in zip(arrived, outcomes, strict=True)]
    draft.made["outcome"] = pa.chunked_array([pa.array(outcomes, pa.string()).take(coded.indices)])
    unknown = sorted(set(outcomes) - set(OUTCOMES))
    at = np.asarray(pc.fill_null(pc.is_in(draft.made["outcome"], pa.array(unknown, pa.string())), False))
    hint = _("They are kept. Sent, open, click and unsub are counted.")
    finding = _("Outcomes that are not counted: {names}", names=", ".join(unknown[:NAMED]))
    draft.note(finding, "note", "outcome", at & draft.keep, hint, code="unknown_outcomes")


def _bare(word: str) -> str:
    words = word.casefold().replace("-", " ").replace("_", " ").split()
    return " ".join(part for part in words if part not in ("email", "mail"))


def outcome(word: str) -> str:
    """What a file calls an outcome, as the table does; what is not known stays as it is.

    >>> outcome("Email Opened"), outcome("unsubscribed"), outcome("bounce")
    ('open', 'unsub', 'bounce')
    """
    return next((name for name, known in OUTCOMES.items() if _bare(word) in known), word)


def one_row_an_outcome(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a column for each outcome become rows with one outcome each, in the order sent, open, click, unsub."""
    told = [name for name in OUTCOMES if name in rows]
    if not told and "outcome" in rows:
        return rows
    happened = {name: rows[name].fillna(False).to_numpy(bool) for name in told}
    if "outcome" in rows:
        for name in [*OUTCOMES, *sorted(set(rows["outcome"].dropna()) - set(OUTCOMES))]:
            happened[name] = happened.get(name, False) | (rows["outcome"] == name).to_numpy(bool)
    elif "sent" not in told:
        happened["sent"] = np.ones(len(rows), bool)
    names = sorted(happened, key=[*OUTCOMES, *happened].index)
    place, which = np.nonzero(np.stack([happened[name] for name in names], axis=1))
    others = rows.drop(columns=["outcome", *told], errors="ignore").iloc[place].reset_index(drop=True)
    others.insert(others.columns.get_loc("timestamp") + 1, "outcome", np.array(names, dtype=object)[which])
    return others.astype({"outcome": "str"})


def read_feedback(
    source: object,
    *,
    columns: dict[str, str | None] | None = None,
    sheet: str | int | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    fixes: list | None = None,
) -> Feedback:
    """Read feedback: one row an answer.

    Columns in: timestamp and score; customer_id, touchpoint, scale ("1-5"), text and order_id are optional. The
    settings are those of read_events. Raises as read_customers.
    """
    return feedback_table(open_table(source, sheet=sheet), columns, dayfirst=dayfirst, timezone=timezone, fixes=fixes)


def _read_scores(draft: Draft) -> None:
    """Scores as numbers; of a score in percent the number that stands there, because its scale ends at 100."""
    cells = draft.cells("score")
    read = numbers(cells, draft.decimal)
    scores, percent = read.values, np.zeros(len(read.values), bool)
    if read.reading is not None and read.reading.percent.any():
        percent = read.reading.percent
        scores = np.where(percent, read.reading.plain.cast(pa.float64()).fill_null(np.nan).to_numpy(), scores)
    draft.require("score", np.isfinite(scores), valid_mask(present(cells, MISSING_VALUES)))
    draft.note_reading("score", read.reading, draft.keep & ~percent)
    draft.made["score"] = scores


def feedback_table(raw: RawTable, columns=None, *, dayfirst=None, timezone=None, fixes=None) -> Feedback:
    """An opened file as feedback."""
    draft = Draft(raw, "feedback", columns, fixes)
    when = draft.moment("timestamp", dayfirst, timezone)
    _read_scores(draft)
    read_optional(draft, dayfirst, timezone)
    fix_rows(draft)
    rows = draft.frame()
    check_people(draft, rows, "timestamp", dates_only=when.dates_only)
    note_bad_scores(draft, rows)
    origin = draft.provenance(dayfirst=when.dayfirst, timezone=when.timezone)
    return Feedback(frame=rows, timezone=when.timezone, dates_only=when.dates_only, **origin)
