"""What the usual segments of RFM mean, and an idea of what to do; of names of one's own, what their scores say."""

from insight.language import _
from insight.rfm import SEGMENTS

MEANINGS = {
    "Champions": _("Bought lately, often and for much."),
    "Potential loyal": _("Bought lately; in how often and for how much in the middle."),
    "New": _("Bought lately, but seldom or for little: many of them for the first time."),
    "Promising": _("Bought not long ago, but seldom or for little."),
    "Loyal": _("Bought often and for much, though not lately."),
    "Need attention": _("In the middle: some time ago, not often, not for much."),
    "About to sleep": _("Bought seldom or for little, some time ago."),
    "At risk": _("Used to buy, and has not for long."),
    "Hibernating": _("Bought seldom or for little, long ago."),
    "Can't lose": _("Used to buy often and for much; the last order is the longest ago."),
    "Lost": _("Bought seldom or for little, the longest ago."),
}
IDEAS = {
    "Champions": _("Show them new things first, ask them for reviews. A discount may be given away here."),
    "Potential loyal": _("Suggest what goes with what they bought; invite them to a membership."),
    "New": _("Make the first order easy to use and the second easy to place."),
    "Promising": _("Remind them of what they looked at."),
    "Loyal": _("Thank them, and ask what they miss: they know you well."),
    "Need attention": _("An offer with an end date; look at what they bought before."),
    "About to sleep": _("A cheap channel: a mail, not a call."),
    "At risk": _("Write to them personally, and ask what went wrong."),
    "Hibernating": _("At most a cheap reminder in season."),
    "Can't lose": _("Worth a call or a letter: few people, much revenue."),
    "Lost": _("Ask whether they still want to hear from you; else let them go."),
}


def segment_meaning(name: str, grid: list[list[str]] | None = None) -> str:
    """What a segment's name stands for, in a sentence.

    grid : the names in force, as the setting `segments` of `rfm`; None for the usual ones

    >>> segment_meaning("Champions")
    'Bought lately, often and for much.'
    >>> segment_meaning("VIP", [["VIP"] * 5, ["VIP"] * 5] + [["rest"] * 5] * 3)
    'Recency scores 4 to 5, FM scores 1 to 5.'
    """
    if _usual(name, grid):
        return MEANINGS[name]
    places = _places(name, grid or SEGMENTS)
    recency, worth = (sorted({place[k] for place in places}) for k in (0, 1))
    return _("Recency {recency}, FM {worth}.", recency=_scores(recency), worth=_scores(worth))


def segment_idea(name: str, grid: list[list[str]] | None = None) -> str:
    """An idea of what to do with the customers of a segment; nothing for names of one's own.

    >>> segment_idea("About to sleep")
    'A cheap channel: a mail, not a call.'
    """
    return IDEAS[name] if _usual(name, grid) else ""


def _usual(name: str, grid: list[list[str]] | None) -> bool:
    """Whether the name has its usual cells."""
    return name in MEANINGS and (grid is None or _places(name, grid) == _places(name, SEGMENTS))


def _places(name: str, grid: list[list[str]]) -> list[tuple[int, int]]:
    return [(5 - r, c + 1) for r, row in enumerate(grid) for c, own in enumerate(row) if own == name]


def _scores(scores: list[int]) -> str:
    if len(scores) == 1:
        return _("score {score}", score=scores[0])
    return _("scores {low} to {high}", low=scores[0], high=scores[-1])
