"""Who agreed to be contacted: the columns of consent, and the customers who said yes."""

import re

import pandas as pd

from insight.errors import UnknownValue
from insight.tables.people import CONSENTS

ASKED = re.compile(
    r"consent|opt[ _-]?in|permission|subscri|newsletter|gdpr|dsgvo|marketing[ _-]?ok|согласие|同意|הסכמה", re.I
)
YES = {"yes", "y", "true", "1", "1.0", "opted in", "granted", "да", "是", "כן"}


def consent_columns(customers) -> list[str]:
    """The columns that say who agreed to something, those this app knows first.

    customers : the table of customers, or None
    Others are recognised by their names, where they answer with yes and no.

    >>> from insight import read_customers
    >>> consent_columns(read_customers(b"id,sms_permission,consent_email\\nana,yes,1\\nben,no,1\\n"))
    ['consent_email', 'sms_permission']
    """
    if customers is None:
        return []
    frame = customers.frame
    known = [name for name in CONSENTS if name in frame]
    return known + [name for name in frame if name not in known and ASKED.search(name) and _answers(frame[name])]


def _answers(values: pd.Series) -> bool:
    """Whether a column says yes or no: two different answers at the most, one of them a yes."""
    told = {str(value).casefold() for value in values.dropna().unique()}
    return 1 <= len(told) <= 2 and bool(told & YES)


def consenting(customers, column: str) -> set[str]:
    """The customers who said yes. Who said nothing did not agree. Raises UnknownValue for another column."""
    allowed = consent_columns(customers)
    if column not in allowed:
        raise UnknownValue("consent", column, allowed)
    values = customers.frame[column]
    yes = values.map(lambda value: str(value).casefold() in YES, na_action="ignore").fillna(False).to_numpy(bool)
    return set(customers.frame["customer_id"][yes])
