"""Which columns of a table of customers tell of a contract: when it began and ended, or how long it lasted."""

import re

import pandas as pd

START = re.compile(r"start|since|begin|began|joined|sign.?up|subscribed|onboard|member.?from|contract.?date")
END = re.compile(r"end(ed|s)?\b|until|cancel|churn(ed)?.?(date|at|on)|left.?(date|at|on)|termina|closed|stopp?ed|expir")
TENURE = re.compile(r"tenure|months?.?(active|as|stay|subscribed|of|$)|duration|length.?of|lifetime|age.?(months|days)")
ENDED = re.compile(r"churn|left|cancel|exited|attrition|lost|ended|terminated|is.?gone|inactive")
FLAGS = {"yes", "no", "y", "n", "true", "false", "0", "1", "0.0", "1.0"}


def contract_columns(customers) -> dict[str, str]:
    """What the names and values of the columns propose, as `survival` takes it; empty where nothing does.

    customers : Customers
    Returns {"start": ..., "end": ...} where there are dates of both, else {"tenure": ..., "ended": ...}.

    >>> from insight.tables.people import read_customers
    >>> rows = {"customer_id": ["ana", "ben"], "tenure": [1, 5], "Churn": ["Yes", "No"]}
    >>> contract_columns(read_customers(pd.DataFrame(rows)))
    {'tenure': 'tenure', 'ended': 'Churn'}
    """
    frame = customers.frame.drop(columns="customer_id")
    dates = [name for name in frame if _holds_dates(frame[name])]
    ends = [name for name in dates if END.search(_folded(name))]
    starts = [name for name in dates if START.search(_folded(name)) and name not in ends]
    if starts and ends:
        return {"start": starts[0], "end": ends[0]}
    lengths = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name]) and TENURE.search(_folded(name))]
    answers = [name for name in frame if ENDED.search(_folded(name)) and _holds_answers(frame[name])]
    return {"tenure": lengths[0], "ended": answers[0]} if lengths and answers else {}


def _folded(name: str) -> str:
    """A heading in lower case, words apart: `EndDate` and `end_date` are one."""
    return re.sub(r"[\s_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name))).lower()


def _holds_dates(column: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    known = column.dropna().astype("str").head(200)
    return bool(len(known)) and bool(known.str.contains(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}").mean() > 0.9)


def _holds_answers(column: pd.Series) -> bool:
    values = column.dropna().astype("str").str.lower().unique()
    return 0 < len(values) <= 2 and set(values) <= FLAGS
