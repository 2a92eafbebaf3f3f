"""Movement between segments in words: who stayed, who came to the best segment, and who slipped out of it."""

from datetime import date

import pandas as pd

from insight.explain.cards import Card
from insight.explain.rfm import FEW
from insight.language import _, _n, count, day, percent, plain
from insight.rfm.movement import NOBODY_YET, RfmMovement


def rfm_movement_reading(result: RfmMovement) -> str:
    """What it says, as Markdown: who stayed, went up or down; who joined and who left the best segment."""
    return "\n\n".join([" ".join([*_ways(result), *_best(result)]), " ".join(_notes(result))])


def known(result: RfmMovement) -> pd.DataFrame:
    """The moves of customers who had a purchase at the earlier date."""
    return result.moves[result.moves["from_segment"] != NOBODY_YET]


def _ways(result: RfmMovement) -> list[str]:
    moves = known(result)
    rank = {name: place for place, name in enumerate(result.names)}
    step = moves["to_segment"].map(rank) - moves["from_segment"].map(rank)
    n = int(moves["n_customers"].sum())
    up, down = (int(moves["n_customers"][own].sum()) for own in (step < 0, step > 0))
    values = {"n": count(n), "before": _day(result.before), "as_of": _day(result.as_of)}
    values |= {"stayed": _of(result.stayed, n), "up": _of(up, n), "down": _of(down, n)}
    said = [
        _n(
            "Of **{n} customer** with a purchase by {before}, **{stayed}** was in the same segment on {as_of}, {up} "
            "further up and {down} further down.",
            "Of **{n} customers** with a purchase by {before}, **{stayed}** were in the same segment on {as_of}, {up} "
            "further up and {down} further down.",
            n,
            **values,
        )
    ]
    new = result.n_customers - n
    if new:
        said.append(
            _n("{n} more bought for the first time in between.", "{n} more bought for the first time in between.", new,
               n=count(new))
        )  # fmt: skip
    return said


def _of(part: int, n: int) -> str:
    """How many; of enough customers also their share."""
    if n < FEW:
        return count(part)
    return _("{n} ({share})", n=count(part), share=percent(part / n))


def _best(result: RfmMovement) -> list[str]:
    """Who joined the best segment, and who slipped out of it."""
    best, moves = result.names[0], result.moves
    here, there = moves["from_segment"] == best, moves["to_segment"] == best
    joined, left = moves[there & ~here], moves[here & ~there]
    said = []
    if n := int(joined["n_customers"].sum()):
        first = int(joined["n_customers"][joined["from_segment"] == NOBODY_YET].sum())
        values = {"n": count(n), "first": count(first), "best": plain(best)}
        if first:
            said.append(
                _n("**{n}** came to {best}, {first} of them with their first purchase.",
                   "**{n}** came to {best}, {first} of them with their first purchase.", n, **values)
            )  # fmt: skip
        else:
            said.append(_n("**{n}** came to {best}.", "**{n}** came to {best}.", n, **values))
    if n := int(left["n_customers"].sum()):
        most = left.loc[left["n_customers"].idxmax()]
        values = {"n": count(n), "all": count(moves["n_customers"][here].sum()), "best": plain(best)}
        values |= {"target": plain(most["to_segment"]), "most": count(most["n_customers"])}
        said.append(_("**{n}** of {all} {best} slipped, most to {target} ({most}).", **values))
    return said


def _notes(result: RfmMovement) -> list[str]:
    days = (date.fromisoformat(result.as_of) - date.fromisoformat(result.before)).days
    return [
        _n("The limits of the scores are the same on both days, so whoever moved has bought, or has let {n} day pass: "
           "who does nothing goes down.",
           "The limits of the scores are the same on both days, so whoever moved has bought, or has let {n} days pass: "
           "who does nothing goes down.",
           days, n=count(days)),
        _("What made them buy, or not, it does not say."),
    ]  # fmt: skip


def _day(written: str) -> str:
    return day(date.fromisoformat(written))


def rfm_movement_caption(result: RfmMovement) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        _("{before} to {as_of}", before=_day(result.before), as_of=_day(result.as_of)),
        _n("{n} customer with a purchase", "{n} customers with a purchase", result.n_customers,
           n=count(result.n_customers)),
        _("the same limits on both days"),
    ]  # fmt: skip
    return " · ".join(said)


def rfm_movement_card(result: RfmMovement) -> Card:
    """The definition of the share that moves from one segment to another, of those who stayed where most were."""
    formula = r"\text{share}_{ij} = \frac{n_{ij}}{n_{i}}"
    sentences = [
        _("Counted: $n_{{ij}}$ customers in segment $i$ on {before} and in segment $j$ on {as_of}; $n_i$: all who were "
          "in segment $i$ on the first day.", before=_day(result.before), as_of=_day(result.as_of)),
    ]  # fmt: skip
    moves = known(result)
    if len(moves):
        row = moves.loc[moves["n_customers"].idxmax()]
        whole = int(moves["n_customers"][moves["from_segment"] == row["from_segment"]].sum())
        formula += rf" = \frac{{{_number(row['n_customers'])}}}{{{_number(whole)}}}"
        formula += rf" = {percent(row['share'])}".replace("%", r"\%") if whole >= FEW else ""
        names = {"source": plain(row["from_segment"]), "target": plain(row["to_segment"])}
        sentences.append(_("In the formula: from {source} to {target}, the largest flow.", **names))
    sentences += [
        _("Each customer is scored twice with the limits of {before}: days since the last order are counted to either "
          "day, orders and revenue up to either day.", before=_day(result.before)),
        _("Out of: {n} customers with a purchase by the later day. Who has none by then is left out.",
          n=count(result.n_customers)),
    ]  # fmt: skip
    source = _("Pfeifer & Carraway 2000, Journal of Interactive Marketing 14:43, for transitions between RFM states.")
    function = "insight.rfm.movement.rfm_movement"
    return Card(_("Movement between segments"), formula, tuple(sentences), source, function)


def _number(n: float) -> str:
    return count(n).replace(",", "{,}")
