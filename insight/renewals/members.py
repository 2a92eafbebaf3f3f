"""The customers whose contracts run, or are over."""

from insight.churn.contract_members import survival_members

OF_SURVIVAL = ("start", "end", "tenure", "ended", "unit", "as_of")


def contract_renewals_members(table, settings: dict[str, object], cell: dict[str, object]) -> list[str]:
    """The ids of the customers behind one number of `contract_renewals(table, **settings)`, in ascending order.

    cell : {"ended": True}, whose contract is over; False, whose contract runs

    Raises as `survival_members`.
    """
    asked = {name: value for name, value in settings.items() if name in OF_SURVIVAL}
    return survival_members(table, asked, cell)
