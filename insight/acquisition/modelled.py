"""What a model expects of a new customer of each channel, where one can be fitted."""

import numpy as np

from insight.acquisition.following import Following
from insight.clv.value_groups import customer_value_by
from insight.errors import InsightError, UnknownValue

Expected = dict[str | None, tuple[float, float, float, str]]  # name -> value, its interval, and why there is none


def modelled(orders, found: Following, model: str | None, horizon: str, given: dict) -> tuple[Expected, str]:
    """By name of the campaigns, and why nothing could be fitted at all ("" where something was, or was not asked for).

    Only where the orders themselves say how a customer came: the models are fitted by a column of theirs.
    """
    if model is None:
        return {}, ""
    if found.source != "orders":
        return {}, "needs_orders_column"
    by = {"column": found.column, "top": max(len(found.everyone.groups), 1)}  # none is bundled with others
    asked = {name: given[name] for name in ("margin", "as_of", "level")}
    try:
        groups = customer_value_by(orders, by=by, horizon=horizon, model=model, **asked).groups.set_index("group")
    except UnknownValue:
        raise
    except InsightError as problem:
        return {}, str(problem)
    expected: Expected = {None: (np.nan, np.nan, np.nan, "each_alone")}
    for name in found.names:
        own = [of for of, counted in found.counted_as.items() if counted == name and of in groups.index]
        if len(own) == 1:
            row = groups.loc[own[0]]
            ends = (float(row[f"new_customer_{end}"]) for end in ("value", "low", "high"))
            expected[name] = (*ends, row["new_customer_why"])
        else:
            expected[name] = (np.nan, np.nan, np.nan, "several_names" if own else "no_customers")
    return expected, ""
