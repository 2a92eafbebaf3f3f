"""The calculator: customer lifetime value from five numbers, with the convention it uses."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.clv.given import is_number
from insight.errors import InsightError, UnknownValue

PAYMENTS = ("start", "end")
LONGEST = 100  # years


@dataclass(frozen=True, eq=False)
class SimpleClv:
    """Result of :func:`simple_clv`.

    yearly_margin : margin of one year of an active customer
    clv_before_cac : what a new customer brings in `years`, discounted; net_clv : the same less the acquisition cost
    ltv_to_cac : clv_before_cac / acquisition_cost; NA where acquiring costs nothing
    payback_years : when the margin so far covers the acquisition cost, margins taken as coming in evenly over each
        year; NA where they never do within `years`
    allowable_cac : the acquisition cost that leaves `profit_share` of clv_before_cac; without one, break-even
    unlimited_clv : clv_before_cac if it went on for ever; NA where that is not finite
    schedule : one row a year
        year        int    1, 2, ...
        active      float  share of the customers who make the payment
        discount    float  what a payment then is worth today
        margin      float  expected, discounted
        cumulative  float  margins so far
        net         float  margins so far less the acquisition cost
    drivers : one row a number that was put in, the most influential first: what if it were other by `change`
        driver      str    its name
        low, high   float  the number less and more that share; shares at most 1
        net_clv_low, net_clv_high
                    float  net_clv then
        swing       float  the distance between them
    average_order_value, orders_per_year, margin, years, acquisition_cost, annual_discount, annual_retention,
    payments, profit_share, change : as given
    """

    yearly_margin: float
    clv_before_cac: float
    net_clv: float
    ltv_to_cac: float
    payback_years: float
    allowable_cac: float
    unlimited_clv: float
    schedule: pd.DataFrame
    drivers: pd.DataFrame
    average_order_value: float
    orders_per_year: float
    margin: float
    years: float
    acquisition_cost: float
    annual_discount: float
    annual_retention: float | None
    payments: str
    profit_share: float
    change: float


def simple_clv(
    *,
    average_order_value: float,
    orders_per_year: float,
    margin: float,
    years: float,
    acquisition_cost: float = 0.0,
    annual_discount: float = 0.0,
    annual_retention: float | None = None,
    payments: str = "start",
    profit_share: float = 0.0,
    change: float = 0.1,
) -> SimpleClv:
    r"""What a new customer is worth, by formula.

    With the margin m of a year, yearly retention r and discount d, and payments at the start or the end of each year,

    .. math:: \text{CLV}_{\text{start}} = \sum_{t=0}^{n-1} m \left(\frac{r}{1+d}\right)^t, \qquad
              \text{CLV}_{\text{end}} = \sum_{t=1}^{n} m \left(\frac{r}{1+d}\right)^t,
              \qquad m = \text{order value} \times \text{orders} \times \text{margin}

    At the start: the first payment is certain and counts in full. At the end: it is a year away, and who has left by
    then does not make it. Both are in use and differ by the factor r / (1 + d): compare only values of one convention.
    Of a year that is not whole, its part of the payment counts. For ever they are m (1 + d) / (1 + d - r) and
    m r / (1 + d - r).

    One rate of retention for all is a simplification: where customers differ, those who are left stay longer, and the
    formula makes too little of them (`fit_sbg`). Without a contract nobody sees who has left, and r is a guess.

    average_order_value, orders_per_year : of an active customer
    margin : share of the amount that is left after the cost of the goods, 0 to 1
    years : how long, up to 100
    acquisition_cost : of one new customer; profit_share : of the value that is to be left after it, for allowable_cac
    annual_discount : rate a year, 0.1 for 10 %
    annual_retention : share of active customers who are active a year later; None: everybody stays for all `years`
    payments : "start" or "end" of each year
    change : share by which `drivers` are moved down and up

    Raises UnknownValue for other `payments`, InsightError for numbers that are not possible.
    Source: Berger & Nasr 1998, J. of Interactive Marketing 12:17; Gupta & Lehmann 2003, ibid. 17:9, for the formulas
    without an end.

    >>> found = simple_clv(average_order_value=50, orders_per_year=4, margin=0.3, years=3, acquisition_cost=40)
    >>> found.clv_before_cac, found.net_clv, found.ltv_to_cac, round(found.payback_years, 2)
    (180.0, 140.0, 4.5, 0.67)
    """
    given = {
        "average_order_value": average_order_value, "orders_per_year": orders_per_year, "margin": margin,
        "years": years, "acquisition_cost": acquisition_cost, "annual_discount": annual_discount,
        "annual_retention": annual_retention, "payments": payments,
    }  # fmt: skip
    _check(given | {"profit_share": profit_share, "change": change})
    schedule = _schedule(given)
    value = _value(given)
    return SimpleClv(
        yearly_margin=average_order_value * orders_per_year * margin,
        clv_before_cac=value,
        net_clv=value - acquisition_cost,
        ltv_to_cac=value / acquisition_cost if acquisition_cost else math.nan,
        payback_years=_payback(schedule, years, acquisition_cost),
        allowable_cac=value * (1 - profit_share),
        unlimited_clv=_unlimited(given),
        schedule=schedule,
        drivers=_drivers(given, change),
        profit_share=profit_share,
        change=change,
        **given,
    )


def _schedule(given: dict[str, object]) -> pd.DataFrame:
    """Year by year, from the payments themselves."""
    years, kept = given["years"], given["annual_retention"]
    year = np.arange(1, math.ceil(years) + 1)
    paid = year - (given["payments"] == "start")  # years from now
    part = np.minimum(years - year + 1, 1)  # of a last year that is not whole
    active = np.ones(len(year)) if kept is None else float(kept) ** paid
    discount = (1.0 + given["annual_discount"]) ** -paid
    whole = given["average_order_value"] * given["orders_per_year"] * given["margin"]
    margin = whole * part * active * discount
    cumulative = np.cumsum(margin)
    columns = {"active": active, "discount": discount, "margin": margin, "cumulative": cumulative}
    return pd.DataFrame({"year": year, **columns, "net": cumulative - given["acquisition_cost"]})


def _value(given: dict[str, object]) -> float:
    return float(_schedule(given)["margin"].sum())


def _unlimited(given: dict[str, object]) -> float:
    """The value without an end, by the closed formula; NaN where the sum is not finite."""
    kept = 1.0 if given["annual_retention"] is None else given["annual_retention"]
    rest = 1 + given["annual_discount"] - kept
    if rest <= 0:
        return math.nan
    m = given["average_order_value"] * given["orders_per_year"] * given["margin"]
    return m * (1 + given["annual_discount"] if given["payments"] == "start" else kept) / rest


def _payback(schedule: pd.DataFrame, years: float, cost: float) -> float:
    covered = np.flatnonzero(schedule["cumulative"] >= cost * (1 - 1e-12))
    if cost == 0 or not len(covered):
        return 0.0 if cost == 0 else math.nan
    row = schedule.iloc[covered[0]]
    before = row["cumulative"] - row["margin"]
    length = min(years - row["year"] + 1, 1)
    return float(row["year"] - 1 + (cost - before) / row["margin"] * length)


def _drivers(given: dict[str, object], change: float) -> pd.DataFrame:
    rows = []
    for name, value in given.items():
        if name == "payments" or not value:  # what is 0 or not given has no share to move by
            continue
        highest = {"margin": 1.0, "annual_retention": 1.0, "years": LONGEST}.get(name, math.inf)
        ends = value * (1 - change), min(value * (1 + change), highest)
        net = [_value(given | {name: end}) - (given | {name: end})["acquisition_cost"] for end in ends]
        rows.append((name, *ends, *net, abs(net[1] - net[0])))
    columns = ["driver", "low", "high", "net_clv_low", "net_clv_high", "swing"]
    table = pd.DataFrame(rows, columns=columns).astype({"driver": "str"})
    return table.sort_values("swing", ascending=False, kind="stable").reset_index(drop=True)


def _check(given: dict[str, object]) -> None:
    if given["payments"] not in PAYMENTS:
        raise UnknownValue("payments", given["payments"], PAYMENTS)
    ranges = {
        **dict.fromkeys(("average_order_value", "orders_per_year", "acquisition_cost"), (0, math.inf)),
        **dict.fromkeys(("margin", "annual_retention", "profit_share", "change"), (0, 1)),
        **{"years": (0, LONGEST), "annual_discount": (0, 10)},
    }
    for name, (least, most) in ranges.items():
        value = given[name]
        if name == "annual_retention" and value is None:
            continue
        if not is_number(value) or not least <= value <= most or (name == "years" and value == 0):
            between = f"between {least} and {most}" if most < math.inf else f"{least} or more"
            raise InsightError(f"{name} = {value!r} must be a number {between}{' years' if name == 'years' else ''}.")
