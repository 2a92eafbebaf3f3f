"""Profile: what a group of customers is like beside everybody, and a persona made of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.clusters.comparison import corrected, numbers_table, shares_table
from insight.clusters.known import Known, known_customers, names_of, table_kind
from insight.clusters.persona import lines_table, matching
from insight.clusters.segments import Segments, column_of, segments_of
from insight.errors import InsightError, NotEnoughData, UnknownValue
from insight.intervals import wilson

MINIMUM = 10  # customers: what is true of fewer is not shown
MOST_VALUES = 20  # of a text that is compared
NO_TRAITS = {"cost", "discount", "quantity"}  # of an order rather than of who ordered


@dataclass(frozen=True, eq=False)
class Profile:
    """Result of :func:`profile`. What is true of fewer than `minimum` customers is NA, and what would tell it.

    shares : one row a group, text and value of it
        group, trait, trait_value
        n_customers, n_known  float  of the group: who have the value; of whom the text is known
        share                 float  n_customers / n_known;  ci_low, ci_high : its Wilson interval
        average_share         float  the same of all customers with a group
        index                 float  100 x share / average_share;  index_low, index_high : from the share's interval
        p_value, q_value      float  against everybody else; q is Benjamini and Hochberg's, over all tests of the result
        is_hidden             bool   fewer than `minimum` customers; or the next smallest value of the trait in the
                                     group, where the only such count would be n_known less all others
    numbers : one row a group and number
        group, trait, n_known
        median                float  half of the group have this or less;  ci_low, ci_high : its interval
        quartile_low, quartile_high
                              float  the middle half of the group lies between them
        average_median        float  the median of all customers with a group
        difference            float  median - the median of everybody else
        percentile            float  where the median lies among all customers, 0 to 1
        p_value, q_value      float  Mann and Whitney's test against everybody else, corrected for ties
        is_hidden
    lines : the lines of each group's persona, one a trait, at most six
        group, line, trait
        trait_value           str    of a text: the most common of the values that set the group apart; None of a number
        quartile_low, quartile_high
                              float  of a number: the middle half of the group
        n_customers, n_known, share, ci_low, ci_high, index, q_value
    groups : one row a group
        group, n_customers
        group_share           float  of all customers with a group
        n_matching            float  who match all lines of the persona; NA without a line, and below `minimum`
        matching_share        float  n_matching / n_customers;  matching_low, matching_high : its interval
        is_hidden
    n_customers : with a group;  no_group : customers without one, left out
    without_purchase, left_out, days_beyond, as_of, currency, kind : as of the tables
    ignored : columns that were not compared, with too many different texts, or one only
    by, traits_asked, minimum, level : the settings
    """

    shares: pd.DataFrame
    numbers: pd.DataFrame
    lines: pd.DataFrame
    groups: pd.DataFrame
    n_customers: int
    no_group: int
    without_purchase: int
    left_out: int
    days_beyond: int
    as_of: str | None
    currency: str | None
    kind: str
    ignored: list[str]
    by: str | dict
    traits_asked: list | None
    minimum: int
    level: float


def profile(
    table,
    *,
    by: str | dict,
    traits: list | None = None,
    minimum: int = MINIMUM,
    as_of: str | None = None,
    level: float = 0.95,
) -> Profile:
    r"""What each group of customers is like beside everybody: shares, medians, and an index where 100 is the average.

    .. math:: \text{index} = 100 \cdot \frac{x_g / n_g}{x / n}

    with :math:`x_g` of :math:`n_g` customers of the group who have the value, and :math:`x` of :math:`n` of all.

    table : Orders, EventLog, Customers, or a DataFrame with a column customer_id and one row a customer
    by : what makes the groups: a column ({"column": "region", "top": 5} names the five largest); of orders
        {"segments": {}}, segments by RFM, with settings of rfm in the braces; {"clusters": {}}, those of `clusters`.
        A column that says several things of a customer says the one in most of their rows
    traits : columns and measures to compare; None for all that can be
    minimum : customers; what is true of fewer is hidden, and where that is one value of a trait in a group, its next
        smallest, too: of two values both, for else one is the rest of the other. Nothing is to rest on a handful of
        people; it is no anonymity, for the other groups and the average of all together can still tell a count
    as_of : last complete day of orders or events; level : of the intervals, and 1 - level what is clear

    Raises NotEnoughData where no group has `minimum` customers; UnknownValue, InsightError for settings that are not
    possible.
    Source: Wilson 1927, JASA 22:209; Mann & Whitney 1947, Annals of Mathematical Statistics 18:50; Benjamini &
    Hochberg 1995, JRSS B 57:289.

    >>> people = pd.DataFrame({"customer_id": [f"c{n}" for n in range(80)], "plan": ["a", "b"] * 40})
    >>> people["region"] = ["north" if n % 2 or n % 4 == 0 else "south" for n in range(80)]
    >>> found = profile(people, by="plan").shares
    >>> found[["group", "trait_value", "share", "average_share"]].query("trait_value == 'north'").values.tolist()
    [['a', 'north', 0.5, 0.75], ['b', 'north', 1.0, 0.75]]
    """
    kind = table_kind(table, "profile")
    _check(minimum, level)
    segments = segments_of(table, kind, by, as_of)
    names = _traits(traits, table, kind, by)
    known = known_customers(table, kind, names, as_of)
    values, label, ignored = _compared(known, segments, names, traits is None)
    sizes = pd.Series(label).value_counts().reindex(segments.names, fill_value=0)
    if sizes.max() < minimum:
        raise NotEnoughData(f"No group has {minimum} customers, so there is nothing to say of them.")
    shown = [name for name in segments.names if sizes[name] >= minimum]
    is_number = {name: pd.api.types.is_numeric_dtype(values[name]) for name in values}
    texts, numbers = (values[[name for name in values if is_number[name] is own]] for own in (False, True))
    tables = (
        shares_table(label, segments.names, texts, level, minimum),
        numbers_table(label, segments.names, numbers, level, minimum),
    )
    shares, medians = corrected([own[own["group"].isin(shown)].reset_index(drop=True) for own in tables])
    lines = lines_table(shares, medians, values, label, level=level, minimum=minimum)
    facts = known.facts
    return Profile(
        shares=shares,
        numbers=medians,
        lines=lines,
        groups=_groups_table(lines, values, label, segments.names, sizes, minimum, level),
        n_customers=len(label),
        no_group=len(known.frame) - len(label),
        without_purchase=known.without_purchase,
        left_out=known.left_out,
        days_beyond=facts.days_beyond(as_of) if facts else 0,
        as_of=facts.as_of_day(as_of) if facts else None,
        currency=facts.one_currency() if kind == "orders" else None,
        kind=kind,
        ignored=ignored,
        by=by,
        traits_asked=traits,
        minimum=minimum,
        level=level,
    )


def _check(minimum: object, level: object) -> None:
    if type(minimum) is not int or minimum < 1:
        raise InsightError(f"minimum = {minimum!r} is not possible: a number of customers from 1 up.")
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        raise InsightError(f"level = {level!r} must be between 0 and 1, for example 0.95.")


def _traits(written: object, table: object, kind: str, by: object) -> list[str]:
    allowed = names_of(table, kind)
    if written is None:
        return [name for name in allowed if name != column_of(by) and name not in NO_TRAITS]
    if not isinstance(written, list | tuple) or not written:
        raise InsightError(f'traits is a list of names such as ["region", "orders"], or None; not {written!r}.')
    for name in written:
        if name not in allowed:
            raise UnknownValue("traits", name, allowed)
    return [*dict.fromkeys(written)]


def _compared(
    known: Known, segments: Segments, names: list[str], chosen_here: bool
) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """The traits of the customers with a group, their groups, and the columns that are not compared.

    Raises InsightError for a text with too many values that somebody asked for.
    """
    label = known.frame["customer_id"].map(segments.label)
    values = known.frame[label.notna()].reset_index(drop=True)[names]
    ignored = []
    for name in names:
        n, is_text = values[name].nunique(), not pd.api.types.is_numeric_dtype(values[name])
        if n < 2 or (is_text and n > MOST_VALUES):
            if not chosen_here:
                raise InsightError(f"{name} has {n} different values; what is compared has 2 to {MOST_VALUES}.")
            ignored.append(name)
    return values.drop(columns=ignored), label.dropna().to_numpy(object), ignored


def _groups_table(
    lines: pd.DataFrame, values: pd.DataFrame, label: np.ndarray, names: list[str], sizes: pd.Series, minimum: int,
    level: float,
) -> pd.DataFrame:  # fmt: skip
    rows = []
    for name in names:
        own, n = lines[lines["group"] == name], int(sizes[name])
        n_matching = int((matching(own, values) & (label == name)).sum()) if len(own) else np.nan
        if n_matching < minimum:
            n_matching = np.nan
        low, high = wilson(n_matching, n, level)
        share = n_matching / n if n else np.nan
        rows.append((name, n, n / len(label), n_matching, share, float(low), float(high), n < minimum))
    columns = ["group", "n_customers", "group_share", "n_matching", "matching_share", "matching_low", "matching_high"]
    return pd.DataFrame(rows, columns=[*columns, "is_hidden"])
