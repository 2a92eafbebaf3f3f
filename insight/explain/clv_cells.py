"""Who stands behind the numbers of customer value: what one cell says about a customer, after "customers who"."""

from insight.clv.group_words import group_name
from insight.language import _, count, length, money, percent


def _formula(settings: dict[str, object], cell: dict[str, bool]) -> str:
    if "active" in cell:
        return _("bought in the last year") if cell["active"] else _("bought before the last year, and not in it")
    if cell["kept"]:
        return _("bought in the year before the last, and again in the last")
    return _("bought in the year before the last, and not again in the last")


def _value(settings: dict[str, object], cell: dict[str, object]) -> str:
    """One or several things that are true of a customer."""
    if "without_purchase" in cell:
        return _("have refunds only, and no purchase")
    return _(" and ").join(_one(name, told, settings) for name, told in cell.items())


def _one(name: str, told: object, settings: dict[str, object]) -> str:
    horizon = length(settings.get("horizon", "365D"))
    match name:
        case "decile":
            return _("are in tenth {n} by expected value in {horizon}", n=count(told), horizon=horizon)
        case "value_at_least":
            return _("are expected to be worth {value} or more in {horizon}", value=money(told), horizon=horizon)
        case "value_below":
            return _("are expected to be worth less than {value} in {horizon}", value=money(told), horizon=horizon)
        case "alive_below":
            return _("are still customers with a probability below {share}", share=percent(told, 0))
        case "alive_at_least":
            return _("are still customers with a probability of {share} or more", share=percent(told, 0))
        case "repeats":
            return _("bought on one day only") if told == "0" else _("came back on {n} days", n=told)
        case _group:
            raise LookupError(name)


def _group(settings: dict[str, object], cell: dict[str, object]) -> str:
    by = settings["by"]
    if by == "cohort":
        return _("bought first in {month}", month=group_name(by, cell["group"]))
    column = by["column"] if isinstance(by, dict) else by
    return _("are of group {group} of {column}, by their first order", group=cell["group"], column=column)


def _renewals(settings: dict[str, object], cell: dict[str, bool]) -> str:
    return _("have a contract that is over") if cell["ended"] else _("have a contract that runs")


CLV_WORDS = {
    "clv_formula": _formula,
    "customer_value": _value,
    "customer_value_by": _group,
    "contract_renewals": _renewals,
}
