"""What acquired customers brought in, in words: the return by day, and who changes place."""

from datetime import date

import pandas as pd

from insight.acquisition import CohortRoas
from insight.acquisition.claims import Claims
from insight.acquisition.sums import FEW
from insight.acquisition.words import SOURCES, customers, days_after
from insight.campaigns.words import rows_named
from insight.explain.campaigns import rates_in_words
from insight.explain.cards import Card
from insight.language import _, _n, confidence, count, day, decimal, money, plain
from insight.log import NOT_SET

MOST_NAMED = 4
ROWS_ARE = {
    "periods": _("The rows of the campaigns are taken as **weeks or months**: their spend is spread evenly over days."),
    "totals": _("The rows of the campaigns are taken as **totals**, one for all of a campaign: their spend is taken to "
                "lie on their date, and what it won to come until the end of the orders."),
}  # fmt: skip
HISTORY = 30  # days of orders before the first one that counts; of fewer, old customers may look new


def cohort_roas_reading(result: CohortRoas) -> str:
    """What it says, as Markdown: the return by the later day, who changes place, whom it counts."""
    notes = " ".join([*who_counts(result), *_unobserved(result), *name_notes(result), _attributed()])
    if result.at is None or result.ranks.empty:
        return (
            _("Nobody could be followed, or nothing was spent: there is no ROAS of acquired customers.")
            + f"\n\n{notes}"
        )
    return "\n\n".join([" ".join([_together(result), *_turned(result)]), " ".join(_places(result)), notes])


def _together(result: CohortRoas) -> str:
    ranks, total = result.ranks, result.total[result.total["days_after"] == result.at].iloc[0]
    first = (ranks["first_order_roas"] * ranks["spend"]).sum() / ranks["spend"].sum()
    values = {
        "units": rows_named(result.by, len(ranks)), "first": decimal(first), "later": decimal(total["roas"]),
        "by_then": days_after(result.at), "level": confidence(result.level),
        "low": decimal(max(total["roas_low"], 0.0)), "high": decimal(total["roas_high"]),
        "n": _("{customers} followed so long", customers=customers(int(ranks["n_customers"].sum()))),
    }  # fmt: skip
    if total["roas_low"] != total["roas_low"]:
        return _("{units} acquired {n}, who brought **{later}** per unit of spend {by_then}.", **values)
    return _(
        "{units} acquired {n}: their first orders brought **{first}** per unit of spend, all that they paid {by_then} "
        "**{later}** ({level} interval {low} to {high}).",
        **values,
    )


def _turned(result: CohortRoas) -> list[str]:
    """Who loses on the first order and earns later; that needs a margin."""
    if result.margin is None:
        return [_("Whether that earned anything depends on your **gross margin**, which is not given.")]
    even = result.rows[result.rows["days_after"] == result.at].set_index(result.by)
    even = (even["total_cost"] / (result.margin * even["spend"])).reindex(result.ranks[result.by]).to_numpy()
    enough = result.ranks["n_customers"] >= FEW
    turned = result.ranks[enough & (result.ranks["first_order_roas"] < even) & (result.ranks["later_roas"] >= even)]
    if turned.empty:
        return []
    sure = turned["later_low"].to_numpy() > pd.Series(even, result.ranks.index)[turned.index].to_numpy()
    said = [
        _("Below break-even by first orders, above it {by_then}: {names}.", by_then=days_after(result.at),
          names=named(turned[result.by]))
    ]  # fmt: skip
    if not sure.all():
        said.append(_("The interval reaches below break-even, so it is not sure."))
    return said


def named(names: pd.Series) -> str:
    """The first of these by name, and how many more there are."""
    listed = ", ".join(f"**{plain(name)}**" for name in names.head(MOST_NAMED))
    more = len(names) - MOST_NAMED
    return _("{names} and {n} more", names=listed, n=count(more)) if more > 0 else listed


def _places(result: CohortRoas) -> list[str]:
    """Who is in front by the one and by the other, and whose place changes beyond chance."""
    rows = result.ranks
    if len(rows) < 2:
        return [_("There is only one: nothing to rank.")]
    many = rows[rows["n_customers"] >= FEW]
    many = many if len(many) else rows  # of a handful of customers one lucky order is enough to be in front
    first, later = many.sort_values("first_rank").iloc[0], many.sort_values("later_rank").iloc[0]
    said = [_in_front(result, plain(first[result.by]), plain(later[result.by]))]
    moved = rows[rows["move"].isin(["up", "down"])]
    if len(moved):
        said.append(_("Places change beyond the intervals: {names}.", names=named(moved[result.by])))
    open_ = int((rows["move"] == "cannot_tell").sum())
    if open_:
        said.append(
            _n("{n} changes places with others whose intervals overlap its own: it **cannot be told**.",
               "{n} change places with others whose intervals overlap their own: it **cannot be told**.", open_,
               n=count(open_))
        )  # fmt: skip
    elif moved.empty:
        said.append(_("No place changes."))
    return said


def _in_front(result: CohortRoas, first: str, later: str) -> str:
    if first == later:
        return _("By first orders and {by_then} **{first}** is in front.", first=first, by_then=days_after(result.at))
    return _("By first orders **{first}** is in front, {by_then} **{later}**.", first=first, later=later,
             by_then=days_after(result.at))  # fmt: skip


def who_counts(result) -> list[str]:
    """Whom an analysis of acquisition follows, and how many came without a campaign."""
    first, last = (day(date.fromisoformat(iso)) for iso in (result.first_day, result.last_day))
    said = [
        _("Counted: {n} whose first order lies between {first} and {last}; {source} says how they came.",
          n=customers(result.n_customers), first=first, last=last, source=SOURCES[result.source])
    ]  # fmt: skip
    if result.organic:
        said.append(
            _n("{n} of them came under a name without a campaign: no spend, so no place in a ranking.",
               "{n} of them came under names without a campaign: no spend, so no place in a ranking.", result.organic,
               n=count(result.organic))
        )  # fmt: skip
    said += [*_no_history(result), *_rows_are(result)]
    if result.spend_outside > 0:
        said.append(
            _("Spend of {amount} lies on days outside and is left out.",
              amount=money(result.spend_outside, result.currency))
        )  # fmt: skip
    return said


def _no_history(result) -> list[str]:
    """Where hardly any orders of before are known, customers of before cannot be told from new ones."""
    start = date.fromisoformat(result.data_start)
    if (date.fromisoformat(result.first_day) - start).days >= HISTORY:
        return []
    return [_("The orders begin on {day}: who bought before that counts as **new** here.", day=day(start))]


def _rows_are(result) -> list[str]:
    """What the rows of the campaigns were taken as, where it is not plain; and days without spend."""
    said, n = [ROWS_ARE[result.rows_are]] if result.rows_are in ROWS_ARE else [], result.days_without_spend
    if n and result.rows_are == "days":
        said.append(_("The rows of the campaigns are taken as **days**."))
    if n:
        said.append(_n("On {n} of the days nothing was spent.", "On {n} of the days nothing was spent.", n, n=count(n)))
    return said


def _unobserved(result: CohortRoas) -> list[str]:
    """Horizons for which nobody could be followed."""
    rows = result.total[result.total["roas_why"] == "not_observed"]
    if rows.empty:
        return []
    listed = ", ".join(count(n) for n in rows["days_after"])
    return [_n("Day {days} is not observed yet.", "Days {days} are not observed yet.", len(rows), days=listed)]


def name_notes(result) -> list[str]:
    """Which names are the same but for their writing, and which have no counterpart."""
    rows, said = result.names, []
    loose = rows[rows["counted_as"] != ""]
    if len(loose):
        pairs = ", ".join(
            f"{plain(row.written_as)} = {plain(row.counted_as)}" for row in loose[:MOST_NAMED].itertuples()
        )
        said.append(
            _n("{n} name was matched although it is written differently: {pairs}.",
               "{n} names were matched although they are written differently: {pairs}.", len(loose),
               n=count(len(loose)), pairs=pairs)
        )  # fmt: skip
    unpaid = rows[rows["found_in"] == "campaigns"]
    if len(unpaid):
        values = {"names": named(unpaid["written_as"]), "amount": money(unpaid["spend"].sum(), result.currency)}
        said.append(_("No customer carries these names of campaigns, with a spend of {amount}: {names}.", **values))
        own = rows[(rows["found_in"] == "orders") & (rows["counted_as"] == "") & (rows["written_as"] != NOT_SET)]
        if len(own):
            said.append(_("Customers carry names that no campaign has: {names}.", names=named(own["written_as"])))
    near = rows[rows["suggestion"] != ""]
    if len(near):
        row = near.iloc[0]
        said.append(
            _("Is **{one}** in the orders the campaign **{other}**?", one=plain(row["written_as"]),
              other=plain(row["suggestion"]))
        )  # fmt: skip
    return said


def claims_reading(found: Claims) -> str:
    """How many orders campaigns claim, of those there are; more than all is a flag."""
    values = {
        "claimed": count(found.claimed), "orders": count(found.orders),
        "first": day(date.fromisoformat(found.first_day)), "last": day(date.fromisoformat(found.last_day)),
    }  # fmt: skip
    if found.is_double:
        return _(
            "The campaigns claim **{claimed}** conversions from {first} to {last}, but there are only **{orders}** "
            "orders: some are **counted twice**. Platforms credit themselves, each by its own rule: do not add up.",
            **values,
        )
    return _("The campaigns claim {claimed} of the {orders} orders from {first} to {last}.", **values)


def _attributed() -> str:
    return _("They are credited to how they came, which is not what would be missing without it.")


def cohort_roas_caption(result: CohortRoas) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    first, last = (day(date.fromisoformat(iso)) for iso in (result.first_day, result.last_day))
    said = [
        _("by {column}", column=result.by),
        customers(result.n_customers),
        _("acquired {a} to {b}", a=first, b=last),
    ]
    if result.at is not None:
        said.append(_("followed until day {n}", n=count(result.at)))
    return " · ".join([*said, SOURCES[result.source]])


def cohort_roas_card(result: CohortRoas) -> Card:
    """The definition of cohort ROAS, with the numbers of all campaigns together."""
    formula = r"\text{ROAS}_d = \frac{\text{revenue}_{\le d}}{\text{spend}}"
    rows = result.total[result.total["days_after"] == result.at] if result.at is not None else result.total[:0]
    if len(rows) and rows["roas"].notna().all():
        row = rows.iloc[0]
        formula += rf" = \frac{{{_number(row['revenue'])}}}{{{_number(row['spend'])}}} = {decimal(row['roas'])}"
    sentences = (
        _("Followed until day {n}: customers acquired at least so many days before {last}, and the spend of the same "
          "days. Day 0 is the calendar day of the first purchase.", n=count(result.at or 0),
          last=day(date.fromisoformat(result.as_of))),
        _("How a customer came: **{column}** as {source} says.", column=plain(result.column),
          source=SOURCES[result.source]),
        _("Interval ({level}): gamma limits of a sum over customers who each came by chance; the cost is known. Of "
          "fewer than {few} customers it is a small sample.", level=confidence(result.level), few=FEW),
        _("A change of places counts where the intervals do not overlap, by first orders and later."),
        _("Left out: {before} customers acquired before these days, {after} after them, {rows} orders after the last "
          "day. One currency: {code}{rates}.", before=count(result.before), after=count(result.after),
          rows=count(result.left_out), code=result.currency or "–", rates=rates_in_words(result)),
    )  # fmt: skip
    source = _("D0, D30, D90 ROAS as mobile marketing counts it; Fay & Feuer 1997, Statistics in Medicine 16.")
    return Card(_("ROAS of acquired customers"), formula, sentences, source, "insight.acquisition.cohort_roas")


def _number(amount: float) -> str:
    return count(amount).replace(",", "{,}")
