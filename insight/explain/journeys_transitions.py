"""Transitions in words."""

from datetime import date

from insight.explain.journeys_notes import hidden_rows, order_notes
from insight.explain.notes import row_notes
from insight.funnel import TOO_FEW
from insight.journeys import END, SPECIAL, START, Transitions
from insight.journeys.words import counted, part
from insight.language import _, _n, count, day, length, plain

MOST_NAMED = 3  # events whose next step a sentence tells


def transitions_reading(result: Transitions) -> str:
    """What the transitions say, as Markdown: what most often follows what, where most stop, what to know."""
    moves = result.counts[~result.counts["from_event"].isin(SPECIAL)]
    if moves.empty:
        return _("There is no event to follow.")
    answer = [_begin(result), *_next(result), *_last(result)]
    notes = [*_units(result), *hidden_rows(result), *order_notes(result), *row_notes(result)]
    return "\n\n".join([" ".join(filter(None, answer)), " ".join(notes)])


def transitions_caption(result: Transitions) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    repeats = _("repeats counted once") if result.collapse_repeats else _("repeats counted each time")
    said = [
        _("What directly follows what"),
        counted(result, result.n_units),
        repeats,
        _("{first} to {last}", first=day(result.data_start), last=day(date.fromisoformat(result.as_of))),
    ]
    return " · ".join(said)


def _begin(result: Transitions) -> str:
    first = result.counts[result.counts["from_event"] == START].iloc[0]
    values = {"units": counted(result, result.n_units), "event": plain(first["to_event"])}
    if result.n_units < TOO_FEW:
        return _("Of {units}, {n} begin with **{event}**.", n=count(first["count"]), **values)
    return _("Of {units}, {share} begin with **{event}**.", share=part(first["share"]), **values)


def _next(result: Transitions) -> list[str]:
    """What most often follows the commonest events."""
    said = []
    for event in result.kinds["event"].head(MOST_NAMED):
        after = result.counts[result.counts["from_event"] == event]
        going = after[after["to_event"] != END]
        leaving = int(after["count"].sum())
        if going.empty or leaving < TOO_FEW:
            continue
        row = going.iloc[0]
        values = {"event": plain(event), "next": plain(row["to_event"]), "share": part(row["share"])}
        said.append(_("After **{event}** comes **{next}** {share} of the time.", **values))
    return said


def _last(result: Transitions) -> list[str]:
    """Which event is the last of most; and after which one, of those that happen often enough, most often none comes.

    The two differ: what happens a lot ends a lot of sessions, though it is seldom the end.
    """
    ends = result.counts[(result.counts["to_event"] == END) & ~result.counts["from_event"].isin(SPECIAL)]
    times = result.counts.groupby("from_event")["count"].sum()
    often = ends[ends["from_event"].map(times) >= TOO_FEW]
    if often.empty:
        return []
    last, final = ends.loc[ends["count"].idxmax()], often.loc[often["share"].idxmax()]
    values = {"event": plain(last["from_event"]), "n": count(last["count"]), "all": count(ends["count"].sum())}
    if result.unit == "customer":
        said = [_("Most often the last one is **{event}**: for {n} of {all}.", **values)]
    else:
        said = [_("Sessions most often end with **{event}**: {n} of {all}.", **values)]
    values = {"event": plain(final["from_event"]), "share": part(final["share"])}
    values["n"] = count(times[final["from_event"]])
    return [*said, _("Most likely to be followed by nothing is **{event}**: {share} of {n} times.", **values)]


def _units(result: Transitions) -> list[str]:
    """What a sequence is, and how far each step looks."""
    said = [_("Each step is seen by itself: what came before an event is not known here.")]
    if result.unit == "session":
        if result.session_gap is None:
            said.append(_("Sessions are those of the file."))
        else:
            said.append(_("A pause of more than {length} begins a new session.", length=length(result.session_gap)))
    if result.still_open:
        said.append(
            _n("{n} session may still go on: the data ends too soon to know.",
               "{n} sessions may still go on: the data ends too soon to know.",
               result.still_open, n=count(result.still_open))
        )  # fmt: skip
    return said
