"""How often is too often: what comes of a message by how many the customer was sent that week, and what a cap holds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.contacts.messages import RESPONSES, Messages, kept, messages
from insight.contacts.response import FEW
from insight.errors import InsightError, NotEnoughData
from insight.intervals import clustered_wilson
from insight.language import _
from insight.periods import UNITS

WEEK = UNITS["W"]
MOST = 5  # messages in a week that have a row of their own; the last row holds more, too


@dataclass(frozen=True, eq=False)
class ContactPressure:
    """Result of :func:`contact_pressure`.

    rates : one row an outcome and number of messages
        outcome          str      open, click or unsub
        in_week          str      messages the customer was sent in the 7 days up to this one, itself among them: "1" to
                                  "5+"
        n_customers      int      who were sent such a message
        messages         int      sent, and their window over
        responses        int      of them those with the outcome
        rate             float    responses / messages; NA of fewer than 10 customers
        ci_low, ci_high  float    interval of the rate; the messages of one customer count as alike
    caps : one row a cap
        cap              int      messages a customer is sent in 7 days at the most
        held_back        int      messages that it would have held back, earlier ones first kept
        held_share       float    of all messages
        opens, clicks, unsubs
                         int      that followed the messages held back
    per_week : messages per contacted customer and week, from the first to the last message of all
    busiest : the largest number of messages that a customer was sent in 7 days
    n_customers, messages : that were counted
    still_open : messages whose window was not over when the data ended: left out of the rates
    within, level : as given
    """

    rates: pd.DataFrame
    caps: pd.DataFrame
    per_week: float
    busiest: int
    n_customers: int
    messages: int
    still_open: int
    within: str
    level: float


def contact_pressure(contacts, *, within: str = "7D", as_of: str | None = None, level: float = 0.95) -> ContactPressure:
    r"""What comes of a message, by how many the same customer was sent in the 7 days up to it.

    .. math:: \text{messages per week} = \frac{m}{n \cdot \text{weeks}}

    Who is sent many messages was chosen for it, often for being active: the rows are of different people, so that the
    difference between them is no effect of the number. What a cap would hold back is counted, not what it would change.

    within : how long after a message an outcome counts;  as_of : the last day of the data
    Raises NotEnoughData where no message is old enough; otherwise as `contact_response`.

    >>> from insight import read_contacts
    >>> rows = "".join(f"ana,2026-01-0{day} 09:00,sent\n" for day in range(1, 5)) + "end,2026-02-01,sent\n"
    >>> found = contact_pressure(read_contacts(("user,time,action\n" + rows).encode()))
    >>> found.caps[["cap", "held_back"]].values.tolist()
    [[1, 3], [2, 2], [3, 1], [4, 0], [5, 0]]
    """
    every = messages(contacts, within=within, as_of=as_of)
    if not every.over.any():
        raise NotEnoughData(_("No message is old enough for its response to be known. Choose a shorter window."))
    load = in_week(every)
    found = kept(every, every.over)
    weeks = max((int(every.time.max()) - int(every.time.min())) / WEEK, 1.0)
    return ContactPressure(
        rates=_rates(found, np.minimum(load[every.over], MOST), level),
        caps=_caps(every),
        per_week=len(every) / len(every.ids) / weeks,
        busiest=int(load.max()),
        n_customers=len(every.ids),
        messages=len(every),
        still_open=int((~every.over).sum()),
        within=within,
        level=level,
    )


def in_week(found: Messages) -> np.ndarray:
    """How many messages each customer was sent in the 7 days up to each message, that one among them."""
    step = 2 * int(found.time.max() - found.time.min() + WEEK)
    line = found.customer * step + (found.time - found.time.min()) + WEEK  # all customers on one line, far apart
    return np.searchsorted(line, line, side="right") - np.searchsorted(line, line - WEEK, side="right")


def _rates(found: Messages, load: np.ndarray, level: float) -> pd.DataFrame:
    rows = []
    for outcome in RESPONSES:
        for n in range(1, MOST + 1):
            own = load == n
            people, at = np.unique(found.customer[own], return_inverse=True)
            sent, did = np.bincount(at), np.bincount(at, weights=found.done[outcome][own]).astype(np.int64)
            told = (np.nan,) * 3
            if len(people) >= FEW:
                low, high = clustered_wilson(did[:, None], sent, level)
                told = did.sum() / sent.sum(), low[0], high[0]
            name = str(n) if n < MOST else f"{MOST}+"
            rows.append((outcome, name, len(people), int(sent.sum()), int(did.sum()), *told))
    columns = ["outcome", "in_week", "n_customers", "messages", "responses", "rate", "ci_low", "ci_high"]
    return pd.DataFrame(rows, columns=columns).astype({"outcome": "str", "in_week": "str"})


def _caps(found: Messages) -> pd.DataFrame:
    rows = []
    for cap in range(1, MOST + 1):
        back = held_back(found, cap)
        did = [int(found.done[name][back].sum()) for name in RESPONSES]
        rows.append((cap, int(back.sum()), back.mean(), *did))
    return pd.DataFrame(rows, columns=["cap", "held_back", "held_share", "opens", "clicks", "unsubs"])


def held_back(found: Messages, cap: int) -> np.ndarray:
    """Which messages a cap holds back: those that come when so many were let through in the 7 days up to them.

    >>> from insight import read_contacts
    >>> rows = "".join(f"ana,2026-01-{day} 09:00,sent\\n" for day in ("01", "03", "09", "12"))
    >>> sent = messages(read_contacts(("user,time,action\\n" + rows).encode()), within="1D", as_of=None)
    >>> held_back(sent, 1).tolist()
    [False, True, False, True]
    """
    back = np.zeros(len(found), bool)
    let: list[int] = []  # times of what was let through to the customer, the last `cap` of them
    before = -1
    for k, (customer, time) in enumerate(zip(found.customer.tolist(), found.time.tolist(), strict=True)):
        if customer != before:
            let, before = [], customer
        if len(let) == cap and time - let[0] < WEEK:
            back[k] = True
        else:
            let = [*let[-(cap - 1) :], time] if cap > 1 else [time]
    return back


def contact_pressure_members(contacts, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `contact_pressure(contacts, **settings)`, in ascending order.

    cell : {"in_week": "3"}, who were sent a message as their third in a week; with "outcome": "unsub" of them those
        whose such message had that outcome

    Raises InsightError for a cell that the result does not have; otherwise as `contact_pressure`.
    """
    names = [*map(str, range(1, MOST)), f"{MOST}+"]
    if set(cell) - {"in_week", "outcome"} or cell.get("in_week") not in names:
        raise InsightError(
            f'A cell is {{"in_week": one of {", ".join(names)}}}, with or without "outcome"; not {cell}.'
        )
    if cell.get("outcome", "open") not in RESPONSES:
        raise InsightError(f"outcome = {cell['outcome']!r} of a cell is none of {', '.join(RESPONSES)}.")
    every = messages(contacts, within=settings.get("within", "7D"), as_of=settings.get("as_of"))
    own = every.over & (np.minimum(in_week(every), MOST) == names.index(cell["in_week"]) + 1)
    if "outcome" in cell:
        own &= every.done[cell["outcome"]]
    return every.ids[np.unique(every.customer[own])].tolist()
