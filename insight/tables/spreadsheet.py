"""Tables as files that a spreadsheet opens as they are, and in which no cell can run."""

import re

import pandas as pd

UNSEEN = r"\s\ufeff\u200b-\u200f\u2060"  # what a spreadsheet may drop before it looks at a text
FORMULA = re.compile(rf"[\t\r\n]|[{UNSEEN}]*[=+\-@＝＋－＠]")  # a text that begins so may be taken for a formula
NUMBER = re.compile(r"-[0-9]+([.,][0-9]+)?")


def as_csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV that a spreadsheet opens as it is: UTF-8 with a mark, text that looks like a formula disarmed.

    Numbers stay numbers, negative ones and those written as text too. Source: OWASP, CSV Injection.

    >>> as_csv(pd.DataFrame({"step": ["visit", "=cmd()"], "change": [-1.5, 2.0]})).decode("utf-8-sig").split()
    ['step,change', 'visit,-1.5', "'=cmd(),2.0"]
    """
    safe = frame.rename(columns=disarmed)
    for name, column in safe.items():
        if not pd.api.types.is_numeric_dtype(column):
            safe[name] = column.astype(object).map(disarmed)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def disarmed(value: object) -> object:
    """A text with an apostrophe in front where it looks like a formula; everything else as it is.

    >>> disarmed("=1+1"), disarmed(" ＝1+1"), disarmed("ana"), disarmed("-5"), disarmed(-5)
    ("'=1+1", "' ＝1+1", 'ana', '-5', -5)
    """
    return "'" + value if isinstance(value, str) and looks_like_formula(value) else value


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet may run a text. A plain negative number is none.

    >>> looks_like_formula("-5"), looks_like_formula("-5+cmd()")
    (False, True)
    """
    return bool(FORMULA.match(text)) and not NUMBER.fullmatch(text)
