"""The groups of a funnel in words: which of them differ from the rest."""

from insight.funnel import Funnel
from insight.funnel.drops import goal
from insight.language import _, _n, chance, percent, plain

MOST_NAMED = 5


def groups_reading(result: Funnel) -> str:
    """Which groups' overall conversion differs from that of all others together, as one paragraph; "" without groups.

    A group differs where its q-value, corrected for the number of groups, is at most 1 - level.
    """
    if result.groups is None or result.groups.empty:
        return ""
    if isinstance(result.by, dict) and result.by.get("value", "entry") != "entry":
        return _("The groups are read in the attempt itself, which describes it: their rates are not comparable.")
    rows = [goal(own) for _group, own in result.groups.groupby("group", sort=False)]
    if len(rows) == 1:
        return _("Everyone is in one group, **{group}**.", group=plain(rows[0]["group"]))
    tested = sorted((row for row in rows if row["q_value"] == row["q_value"]), key=lambda row: row["q_value"])
    if not tested:
        return _("The groups are too small to tell whether they differ.")
    differ = [row for row in tested if row["q_value"] <= 1 - result.level]
    if not differ:
        return _("No group differs clearly from the rest (the smallest q {q}).", q=chance(tested[0]["q_value"]))
    named = ", ".join(_group(row) for row in differ[:MOST_NAMED])
    if len(differ) > MOST_NAMED:
        named = _("{groups} and {n} more", groups=named, n=len(differ) - MOST_NAMED)
    return _n(
        "{groups} differs from the rest.", "These groups differ from the rest: {groups}.", len(differ), groups=named
    )


def _group(row) -> str:
    values = {"group": plain(row["group"]), "rate": percent(row["overall_conversion"]), "q": chance(row["q_value"])}
    return _("**{group}** with {rate} (q {q})", **values)
