"""The people behind the numbers of an overview: what they did, in words, and their address."""

from insight.explain.cells import cell_in_words
from insight.overview.rhythm_words import cell_name
from ui import session
from ui.people import people_of_one

WHO = {
    "traffic": ("visitors", "new_visitors", "bounced"),
    "sales": ("buyers", "new_customers", "returning_customers", "refunded"),
    "conversion": ("converted_visitors", "lost_visitors", "converted_new", "lost_new"),
}
OF_LEADS = ("converted_leads", "lost_leads")
MOST_GROUPS, MOST_CELLS = 12, 24  # offered


def people_of_period(answer: session.Answer, label: str, at: str) -> None:
    """Who stands behind the numbers of the period that is looked at; also group by group. `at` : where on the page"""
    people_of_one(answer, label, period_cells(answer), f".{at}")


def period_cells(answer: session.Answer) -> dict[str, dict]:
    """What they did in words -> the address that `members` takes."""
    result, who = answer.result, WHO[answer.name]
    if answer.name == "conversion" and result.lead is not None:
        who = (*who, *OF_LEADS)
    cells = [{"who": one, "period": result.at} for one in who]
    if result.groups is not None:
        groups = list(dict.fromkeys(result.groups["group"]))[:MOST_GROUPS]
        cells += [cell | {"group": group} for group in groups for cell in cells[: len(who)]]
    return {cell_in_words(answer.name, answer.settings, cell): cell for cell in cells}


def group_cells(answer: session.Answer) -> dict[str, dict]:
    """Who stands behind the groups of a rate that moved."""
    counts = answer.result.unit == "sessions" and answer.result.kind == "share"
    found = {}
    for group in answer.result.effects["group"].head(MOST_GROUPS):
        for cell in ({}, {"counted": True}, {"period": "before"})[: 3 if counts else 1]:
            address = {"group": group, **cell}
            found[cell_in_words(answer.name, answer.settings, address)] = address
    return found


def hour_cells(answer: session.Answer) -> dict[str, dict]:
    """Who stands behind the busiest hours, the busiest first."""
    cells = answer.result.cells.sort_values("per_occurrence", ascending=False, kind="stable")
    cells = cells[cells["value"] > 0].head(MOST_CELLS)
    found = {}
    for row in cells.itertuples():
        address = {"weekday": row.weekday} | ({} if answer.result.dates_only else {"hour": int(row.hour)})
        found[cell_in_words(answer.name, answer.settings, address)] = address
    return found


def clicked_hour(answer: session.Answer, name: str | None) -> dict | None:
    """The address of a cell by its name, as a click on the picture gives it."""
    for row in answer.result.cells.itertuples():
        if name is not None and cell_name(row.weekday, row.hour) == name:
            return {"weekday": row.weekday} | ({} if answer.result.dates_only else {"hour": int(row.hour)})
    return None
