"""When a customer has paid back what it cost to acquire them."""

from dataclasses import dataclass

import pandas as pd

from insight.errors import InsightError


@dataclass(frozen=True)
class Payback:
    """Result of :func:`payback_period`.

    period : the first period by whose end the margin has reached the cost; None where it has not in the observed time
    earliest, latest : the same for the upper and the lower end of the interval; None as above
    last_period : the last period that is observed
    margin_so_far : cumulative margin per customer at its end
    acquisition_cost, margin : the settings, as given
    """

    period: int | None
    earliest: int | None
    latest: int | None
    last_period: int
    margin_so_far: float
    acquisition_cost: float
    margin: float


def payback_period(average: pd.DataFrame, *, acquisition_cost: float, margin: float) -> Payback:
    r"""The period by whose end the margin of an average customer has reached the cost of acquiring one.

    .. math:: \text{payback} = \min \{ k : m \cdot \text{cumulative revenue per customer}_k \ge \text{CAC} \}

    average : of `cohort_revenue`: columns period, cumulative_revenue_per_customer, ci_low, ci_high
    acquisition_cost : CAC, what acquiring one customer costs, in the currency of the orders
    margin : the share of revenue that is left after the cost of what was sold, above 0 and up to 1

    Raises InsightError for a cost or a margin that cannot be meant.
    Source: payback of customer acquisition as in Gupta & Lehmann 2005, Managing Customers as Investments.

    >>> columns = {"period": [0, 1, 2], "cumulative_revenue_per_customer": [20.0, 50.0, 90.0],
    ...            "ci_low": [15.0, 38.0, 70.0], "ci_high": [25.0, 62.0, 110.0]}
    >>> found = payback_period(pd.DataFrame(columns), acquisition_cost=16, margin=0.4)
    >>> found.period, found.earliest, found.latest
    (1, 1, 2)
    """
    check_payback(acquisition_cost, margin)
    known = average[average["cumulative_revenue_per_customer"].notna()]

    def first(column: str) -> int | None:
        reached = known["period"][known[column] * margin >= acquisition_cost]
        return None if reached.empty else int(reached.iloc[0])

    last = known.iloc[-1] if len(known) else None
    return Payback(
        period=first("cumulative_revenue_per_customer"),
        earliest=first("ci_high"),
        latest=first("ci_low"),
        last_period=-1 if last is None else int(last["period"]),
        margin_so_far=float("nan") if last is None else margin * float(last["cumulative_revenue_per_customer"]),
        acquisition_cost=acquisition_cost,
        margin=margin,
    )


def check_payback(acquisition_cost: object, margin: object) -> None:
    """Raises InsightError for a cost or a margin that cannot be meant, or for one without the other."""
    if (acquisition_cost is None) != (margin is None):
        raise InsightError(
            "What a customer costs is set against the margin, not against revenue: give acquisition_cost and margin, "
            "such as acquisition_cost=12.5, margin=0.4."
        )
    if acquisition_cost is None:
        return
    for setting, value, most in (("acquisition_cost", acquisition_cost, float("inf")), ("margin", margin, 1)):
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not 0 < value <= most
            or value == float("inf")
        ):
            limits = "above 0" if setting == "acquisition_cost" else "above 0 and up to 1, for example 0.4"
            raise InsightError(f"{setting} = {value!r} must be a number {limits}.")
