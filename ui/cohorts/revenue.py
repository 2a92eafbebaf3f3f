"""What the cohorts on the page bring in: the same settings, as far as they make sense for money."""

from ui import session
from ui.cohorts.settings import by_value
from ui.groups import grouped

SHARED = ("period", "clock", "week_start", "guard", "level")


def revenue_answer(choose: session.Choices, answer: session.Answer) -> session.Answer | None:
    """Revenue of the cohorts of the orders; None where there are none. Who is acquired is so with a first purchase."""
    everyone = session.everyone("orders")
    if everyone is None:
        return None
    orders, by = session.table("orders"), None
    if answer.table.kind == "orders" and not by_value(choose):
        orders, by = grouped(orders, everyone, choose["by"])
    settings = {"period": answer.settings["period"]}
    settings |= {name: answer.settings[name] for name in SHARED if name in answer.settings}
    cohort = answer.settings.get("cohort")
    if answer.table.kind == "orders" and isinstance(cohort, dict) and "event" in cohort:
        settings["cohort"] = cohort
    if by is not None:
        settings["by"] = by
    if choose["acquisition_cost"] is not None and choose["margin"] is not None:
        settings |= {"acquisition_cost": choose["acquisition_cost"], "margin": choose["margin"]}
    return session.compute("cohort_revenue", orders, settings)
