"""Who responds to what: the share of messages that were opened or clicked, by segment and by channel."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.contacts.counting import Counted, read_messages
from insight.intervals import clustered_wilson_of_sums, difference_of_rates

FEW = 10  # customers; of fewer no rate
SMALL = 30  # customers; fewer are a small sample
SUMS = ("y", "n", "yy", "yn", "nn")
DIFFERENCE = ["difference", "difference_low", "difference_high"]
ABOVE, BELOW, UNCLEAR, SCARCE = "above", "below", "cannot tell", "too few"


@dataclass(frozen=True, eq=False)
class ContactResponse:
    """Result of :func:`contact_response`.

    cells : one row a group and a way they were contacted (`through`), groups as in `groups`
        group            str      of the customers, or of the messages
        through          str      the channel, campaign or offer
        n_customers      int      who were sent at least one of these messages
        messages         int      sent, and their window over
        responses        int      of them those with the response
        rate             float    responses / messages; NA of fewer than 10 customers
        ci_low, ci_high  float    interval of the rate; the messages of one customer count as alike
        index            float    100 x rate / rate of all messages of the same `through`
        difference, difference_low, difference_high
                         float    rate minus the rate of the other groups' messages of the same `through`, and interval
        standing         str      "above" or "below" the others where that interval, made wider for the number of cells
                                  (Bonferroni), does not hold 0; else "cannot tell"; "too few" on one of the sides
    groups : one row a group, the highest index first, the bundled "Other" last: group, n_customers, messages,
        responses, rate, ci_low, ci_high, and the index against what would be expected of the same mix of messages
    throughs : one row a way: through, n_customers, messages, responses, rate, ci_low, ci_high
    rate, ci_low, ci_high : of all messages
    n_customers, messages : all that were counted
    still_open : messages whose window was not over when the data ended: left out
    unmatched : responses that follow no message in the data
    by, through, response, within, level : as given; `through` as it was found
    """

    cells: pd.DataFrame
    groups: pd.DataFrame
    throughs: pd.DataFrame
    rate: float
    ci_low: float
    ci_high: float
    n_customers: int
    messages: int
    still_open: int
    unmatched: int
    by: object
    through: str | None
    response: str
    within: str
    level: float


def contact_response(
    contacts,
    orders=None,
    *,
    by: object,
    through: str | None = None,
    response: str = "open",
    within: str = "7D",
    top: int = 10,
    as_of: str | None = None,
    level: float = 0.95,
) -> ContactResponse:
    r"""How each segment responds to each channel or campaign, against the average of that channel.

    .. math:: \text{rate}_{g,c} = \frac{r_{g,c}}{m_{g,c}}, \qquad
              \text{index}_{g,c} = 100\, \frac{\text{rate}_{g,c}}{\text{rate}_c}, \qquad
              \text{index}_g = 100\, \frac{\sum_c r_{g,c}}{\sum_c m_{g,c}\, \text{rate}_c}

    with m messages sent and r of them responded to. Who was sent what was chosen by somebody, so a difference says how
    groups differ, not what a channel does to them.

    by : a column of the contacts, or of their customers once they were added (`add_traits`, `mark_audience`); or
        {"segments": {...}}, the RFM segments of the customers with those settings, which takes `orders`
    through : a column; None: channel where there are several, else campaign, else all messages together
    response : "open", "click" or "unsub", at most `within` after the message; younger messages are left out
    top : groups, and ways, with a name; of more than one besides, the rest is "Other", or "Other (3 more values)" next
        to one that is called so

    Raises UnknownValue for another response or column; NotEnoughData where no message is old enough.
    Source: Kish 1965 for messages of one customer; Breslow & Day 1987, vol. II, for the indirect standardisation.

    >>> from insight import read_contacts
    >>> rows = "".join(f"c{i},2026-01-01 09:00,mail,{'new' if i < 20 else 'old'},sent\n" for i in range(40))
    >>> rows += "".join(f"c{i},2026-01-01 10:00,mail,{'new' if i < 20 else 'old'},open\n" for i in (0, 1, 2, 20))
    >>> rows += "end,2026-02-01,mail,new,sent\n"
    >>> table = read_contacts(("user,time,channel,kind,action\n" + rows).encode())
    >>> found = contact_response(table, by="kind")
    >>> found.cells[["group", "messages", "responses", "index"]].values.tolist()
    [['new', 20, 3, 150.0], ['old', 20, 1, 50.0]]
    """
    counted = read_messages(contacts, orders, by, through, response, within, top, as_of)
    y, n_ways = counted.found.done[response], len(counted.ways)
    cells = _rated(counted, counted.group * n_ways + counted.way, len(counted.groups) * n_ways, y)
    throughs, groups = _rated(counted, counted.way, n_ways, y), _rated(counted, counted.group, len(counted.groups), y)
    total = _rated(counted, counted.way * 0, 1, y)
    cells["group"] = np.repeat(counted.groups, n_ways)
    cells["through"] = np.tile(counted.ways, len(counted.groups))
    groups["group"], throughs["through"] = counted.groups, counted.ways
    cells = _compared(cells, throughs, level)
    average = np.tile(np.divide(throughs["y"], throughs["n"]), len(counted.groups))
    expected = (cells["n"] * average).groupby(cells["group"]).sum().reindex(groups["group"]).to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        groups["index"] = np.where(expected > 0, 100 * groups["y"] / expected, np.nan)
    groups = _with_rates(groups, level).assign(last=groups["group"] == counted.rest)
    order = {"by": ["last", "index", "group"], "ascending": [True, False, True]}
    groups = groups.sort_values(**order, ignore_index=True)
    rank = pd.Series(groups.index, index=groups["group"])
    cells = cells[cells["n"] > 0].assign(rank=lambda own: own["group"].map(rank))
    cells = cells.sort_values(["rank", "through"], kind="stable", ignore_index=True)
    whole = _with_rates(total, level).iloc[0]
    return ContactResponse(
        cells=_table(cells, ["group", "through"], ["index", *DIFFERENCE, "standing"]),
        groups=_table(groups, ["group"], ["index"]),
        throughs=_table(_with_rates(throughs, level), ["through"], []),
        rate=float(whole["rate"]), ci_low=float(whole["ci_low"]), ci_high=float(whole["ci_high"]),
        n_customers=len(counted.found.ids), messages=len(counted.found), still_open=counted.still_open,
        unmatched=counted.found.unmatched, by=by, through=counted.through, response=response, within=within,
        level=level,
    )  # fmt: skip


def _rated(counted: Counted, cell: np.ndarray, n_cells: int, y: np.ndarray) -> pd.DataFrame:
    """Messages and responses of each cell, and the sums over its customers that an interval takes."""
    pair = cell.astype(np.int64) * max(len(counted.found.ids), 1) + counted.found.customer
    pairs, at = np.unique(pair, return_inverse=True)
    own = pairs // max(len(counted.found.ids), 1)
    n_of, y_of = np.bincount(at), np.bincount(at, weights=y).astype(np.int64)
    sums = {"n": n_of, "y": y_of, "yy": y_of**2, "yn": y_of * n_of, "nn": n_of**2, "clusters": np.ones_like(y_of)}
    added = {name: np.bincount(own, weights=values, minlength=n_cells) for name, values in sums.items()}
    return pd.DataFrame(added).astype(np.int64)


def _interval(rows: pd.DataFrame, level: float) -> tuple[np.ndarray, np.ndarray]:
    sums = (rows[name].to_numpy() for name in SUMS)
    return clustered_wilson_of_sums(*sums, clusters=rows["clusters"].to_numpy(), level=level)


def _with_rates(rows: pd.DataFrame, level: float) -> pd.DataFrame:
    enough = rows["clusters"] >= FEW
    low, high = _interval(rows, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = rows["y"] / rows["n"]
    ends = {"ci_low": np.where(enough, low, np.nan), "ci_high": np.where(enough, high, np.nan)}
    return rows.assign(rate=rate.where(enough), **ends)


def _compared(cells: pd.DataFrame, throughs: pd.DataFrame, level: float) -> pd.DataFrame:
    """Each cell beside the other groups' messages of the same way."""
    cells = _with_rates(cells, level)
    whole = throughs.set_index("through").loc[cells["through"]].reset_index(drop=True)
    rest = whole[[*SUMS, "clusters"]] - cells[[*SUMS, "clusters"]]
    enough = (cells["clusters"] >= FEW) & (rest["clusters"] >= FEW)
    with np.errstate(invalid="ignore", divide="ignore"):
        average = whole["y"] / whole["n"]
        index = (100 * cells["rate"] / average).where(average > 0)
    ends = _against(cells, rest, level)
    told = {name: np.where(enough, values, np.nan) for name, values in zip(DIFFERENCE, ends, strict=True)}
    _difference, low, high = _against(cells, rest, 1 - (1 - level) / max(int(enough.sum()), 1))
    standing = np.where(low > 0, ABOVE, np.where(high < 0, BELOW, UNCLEAR))
    return cells.assign(index=index, **told, standing=np.where(enough, standing, SCARCE))


def _against(cells: pd.DataFrame, rest: pd.DataFrame, level: float) -> tuple[np.ndarray, ...]:
    """The rate of each cell minus that of the others, and its interval."""
    with np.errstate(invalid="ignore", divide="ignore"):
        own, others = (rows["y"].to_numpy() / rows["n"].to_numpy() for rows in (cells, rest))
    return difference_of_rates(own, *_interval(cells, level), others, *_interval(rest, level))


def _table(rows: pd.DataFrame, first: list[str], more: list[str]) -> pd.DataFrame:
    renamed = rows.rename(columns={"clusters": "n_customers", "n": "messages", "y": "responses"})
    columns = [*first, "n_customers", "messages", "responses", "rate", "ci_low", "ci_high", *more]
    return renamed[columns].astype({name: "str" for name in (*first, *(["standing"] if "standing" in more else []))})
