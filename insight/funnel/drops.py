"""What sentence and picture have to agree on: how many count, which step is the goal, where most are lost."""

import pandas as pd

from insight.funnel import TOO_FEW, Funnel


def n_counted(steps: pd.DataFrame) -> int:
    """Customers (or sessions) who count: those at the first of these steps, or who entered at any where they may."""
    return int(steps["entered_here"].sum() if "entered_here" in steps else steps["reached"].iloc[0])


def n_customers(result: Funnel, group: str | None = None) -> int:
    """How many independent people stand behind the rates, of everyone or of a group: customers, never sessions."""
    if result.customers is not None:
        return result.customers.get(group, 0)
    return n_counted(result.steps if group is None else result.groups[result.groups["group"] == group])


def goal(steps: pd.DataFrame) -> pd.Series:
    """The row of the last required step: its overall conversion is that of the funnel."""
    return steps[steps["required"]].iloc[-1]


def step_before(steps: pd.DataFrame, position: int) -> int:
    """Position of the required step before: the one that step conversion is counted from."""
    required = steps["required"].tolist()
    return max((k for k in range(position) if required[k]), default=0)


def went_on(steps: pd.DataFrame, position: int) -> int:
    """How many came to a step from the required step before it (and did not enter there)."""
    return int(steps["from_previous" if "from_previous" in steps else "reached"].iloc[position])


def biggest_drops(result: Funnel) -> list[int]:
    """Positions in `steps` of the lowest step conversion; several when equal, none when nobody was lost.

    Optional steps take no part: who leaves one out is not lost. Nor does a rate out of fewer than 10 customers: one of
    two who leave would beat every real drop.
    """
    steps = result.steps
    reached, conversion = steps["reached"].tolist(), steps["step_conversion"].tolist()
    later = [k for k in range(1, len(steps)) if steps["required"].iloc[k]]
    rates = {k: conversion[k] for k in later if reached[step_before(steps, k)] >= TOO_FEW}
    lowest = min(rates.values(), default=1)
    return [k for k, rate in rates.items() if rate == lowest < 1]
