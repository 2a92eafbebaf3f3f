"""Who may be contacted: who said yes in a column of consent, and who said no in a column of refusal."""

import re

import pandas as pd

from insight.errors import UnknownValue
from insight.tables.people import CONSENTS

AGREED = {
    "consent", "consented", "agreed", "permission", "permitted", "subscribed", "newsletter", "optin",
    "accepts", "allowed", "согласие", "同意", "הסכמה",
}  # fmt: skip
BESIDE = {  # words that leave a consent what it is; any other makes it something else, as in consent_required
    "a", "ad", "ads", "advertising", "analytics", "can", "contact", "customer", "dsgvo", "e", "email", "emails",
    "gdpr", "given", "has", "is", "mail", "mailing", "mails", "marketing", "ok", "phone", "post", "promo", "push",
    "sms", "subscription", "text", "to", "tracking", "user", "whatsapp", "на", "рассылку",
}  # fmt: skip
ABOUT = r"(consent|permission|subscri\w*|newsletters?|marketing|e_?mails?|mail\w*|contact\w*|sms|calls?|ads|agreed)"
REFUSED = re.compile(
    rf"_(unsub\w*|opt(ed)?_?outs?|do_?not_?\w+|don_?t_\w+|(no|not|never)_(to_)?{ABOUT}|dnc|erasure|withdrawn"
    rf"|{ABOUT}_(\w+_)?(cancell?ed|withdrew|revoked|declined|denied|refused|rejected|removed|stopped|blocked))_"
)
DAY = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b.*")  # on which somebody refused
YES = {"yes", "y", "true", "1", "1.0", "opted in", "granted", "да", "是", "כן"}
NO = {"no", "n", "false", "0", "0.0", "", "нет", "否", "לא"}


def consent_columns(customers) -> list[str]:
    """The columns that say who agreed to something, those this app knows first.

    customers : the table of customers, or None
    Others are recognised by their names, where these hold no word that may turn the meaning, and by their answers.

    >>> from insight import read_customers
    >>> consent_columns(read_customers(b"id,sms_permission,consent_email,unsubscribed\\nana,yes,1,0\\nben,no,1,1\\n"))
    ['consent_email', 'sms_permission']
    """
    if customers is None:
        return []
    frame = customers.frame
    known = [name for name in CONSENTS if name in frame]
    return known + [name for name in frame if name not in known and _agrees(name) and _answers(frame[name])]


def refusal_columns(customers) -> tuple[list[str], list[str]]:
    """The columns that say who does not want to be contacted; and those that seem to, but cannot be read.

    customers : the table of customers, or None
    They are recognised by their names. What can be read are yes and no, and days.

    >>> from insight import read_customers
    >>> refusal_columns(read_customers(b"id,opt_in,unsubscribed,opt_out\\nana,yes,no,phone\\nben,no,yes,mail\\n"))
    (['unsubscribed'], ['opt_out'])
    """
    if customers is None:
        return [], []
    told = {name: _told(own) for name, own in customers.frame.items() if REFUSED.search(_words(name))}
    named = [name for name in told if told[name]]
    read = [name for name in named if all(one in YES | NO or DAY.fullmatch(one) for one in told[name])]
    return read, [name for name in named if name not in read]


def consenting(customers, column: str) -> set[str]:
    """The customers who said yes. Who said nothing did not agree. Raises UnknownValue for another column."""
    allowed = consent_columns(customers)
    if column not in allowed:
        raise UnknownValue("consent", column, allowed)
    return _who(customers, column, lambda answer: answer in YES)


def refusing(customers, column: str) -> set[str]:
    """The customers who refused, by a column of refusal that can be read: of whom it says anything but no."""
    return _who(customers, column, lambda answer: answer not in NO)


def _who(customers, column: str, fits) -> set[str]:
    told = customers.frame[["customer_id", column]].dropna()
    return {one for one, value in told.itertuples(index=False) if fits(str(value).strip().casefold())}


def _words(name: str) -> str:
    """The words of a column's name between underscores: _is_subscribed_."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return re.sub(r"[\W_]+", "_", f"_{apart}_").casefold()


def _agrees(name: str) -> bool:
    said = re.sub(r"_opt(ed)?_in(?=_)|_optedin(?=_)", "_optin", _words(name)).strip("_").split("_")
    is_fine = {"marketing", "ok"} <= set(said)
    return (is_fine or bool(AGREED & set(said))) and set(said) <= AGREED | BESIDE


def _answers(values: pd.Series) -> bool:
    """Whether a column says yes or no: two different answers at the most, one of them a yes."""
    told = _told(values)
    return len(told) <= 2 and bool(told & YES)


def _told(values: pd.Series) -> set[str]:
    return {str(value).strip().casefold() for value in values.dropna().unique()}
