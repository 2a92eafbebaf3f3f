"""Where most customers are lost: one rule for the sentence and the picture."""

from insight.funnel import TOO_FEW, Funnel


def biggest_drops(result: Funnel) -> list[int]:
    """Positions in `steps` of the lowest step conversion; several when equal, none when nobody was lost.

    A rate out of fewer than 10 customers takes no part: one of two who leave would beat every real drop.
    """
    reached, conversion = result.steps["reached"].tolist(), result.steps["step_conversion"].tolist()
    rates = {k: conversion[k] for k in range(1, len(reached)) if reached[k - 1] >= TOO_FEW}
    lowest = min(rates.values(), default=1)
    return [k for k, rate in rates.items() if rate == lowest < 1]
