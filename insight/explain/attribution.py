"""Attribution in words."""

from datetime import date

from insight.attribution import NEGLIGIBLE
from insight.attribution.channels import ENOUGH, TOO_FEW, AttributionOf
from insight.attribution.words import MODEL_NAMES, conversion_words, range_words
from insight.explain.notes import row_notes
from insight.language import _, _n, confidence, count, day, decimal, length, percent, plain

MOST_NAMED = 4  # channels that depend on the model, by name
ALONE = 0.9  # share of conversions whose journeys have one channel: almost every one
RARE = 0.5  # share of states seen fewer than ten times, from which a chain is not to be read


def attribution_reading(result: AttributionOf) -> str:
    """What it says, as Markdown: the channel with most credit and its range, who depends on the model, what to know."""
    notes = [
        *_chain(result),
        *_direct(result),
        *_journeys(result),
        touch_words(result),
        *_orders(result),
        *row_notes(result),
    ]
    if result.n_conversions < TOO_FEW:
        n = result.n_conversions
        said = _n(
            "**{n}** conversion is too few to share out among channels.",
            "**{n}** conversions are too few to share out among channels.", n, n=count(n),
        )  # fmt: skip
        return "\n\n".join([said, " ".join(notes), _causal()])
    answer = _agreed(result) if result.models_agree else [_most(result), *_dependent(result)]
    answer += _small(result)
    return "\n\n".join([" ".join(answer), " ".join(notes), _causal()])


def _causal() -> str:
    return _(
        "**None of this is causal**: every model divides what happened, and none says what would not have happened "
        "without a channel. For that, hold a part of the customers out."
    )


def _most(result: AttributionOf) -> str:
    """The channel with the largest share, its range, and what the model in front says of it; of a tie the range."""
    top, tied = result.named.iloc[0], _tied(result)
    values = {
        "channel": plain(top["channel"]), "range": range_words(top["share_low"], top["share_high"]),
        "n": count(result.n_conversions), "model": MODEL_NAMES[result.model], "own": decimal(top["conversions"]),
        "level": confidence(result.level), "low": decimal(top["conversions_low"]),
        "high": decimal(top["conversions_high"]),
    }  # fmt: skip
    if len(tied) > 1:
        return _("{channels} get the most credit: **{range}** of {n} conversions each, depending on the model.",
                 channels=_and(tied), **values)  # fmt: skip
    said = _("**{channel}** gets the most credit: **{range}** of {n} conversions, depending on the model.", **values)
    if top["conversions_low"] == top["conversions_low"]:
        more = _("By the model “{model}” it is {own} of them ({level} interval {low} to {high}).", **values)
    else:
        more = _("By the model “{model}” it is {own} of them.", **values)
    return f"{said} {more}"


def _tied(result: AttributionOf) -> list[str]:
    """The channels whose shares, smallest and largest, are those of the first."""
    rows, ends = result.named, ["share_low", "share_high"]
    same = (rows[ends] - rows[ends].iloc[0]).abs().max(axis="columns") < NEGLIGIBLE
    return rows.loc[same, "channel"].tolist()


def _and(channels: list[str]) -> str:
    """The names, the last after "and"."""
    *first, last = [f"**{plain(name)}**" for name in channels]
    if len(first) > MOST_NAMED:
        first, last = first[:MOST_NAMED], _("{n} more", n=count(len(channels) - MOST_NAMED))
    return _("{names} and {last}", names=", ".join(first), last=last)


def _agreed(result: AttributionOf) -> list[str]:
    """That all models say the same, why, and what that is."""
    top, tied = result.named.iloc[0], _tied(result)
    values = {"models": count(result.credits["model"].nunique()), "n": count(result.n_conversions),
              "share": percent(top["share_high"]), "channel": plain(top["channel"])}  # fmt: skip
    if result.one_channel == 1:
        why = _("**All {models} models agree**: every journey has one channel only, so there is nothing to divide.",
                **values)  # fmt: skip
    elif result.one_channel >= ALONE:
        why = _("**All {models} models agree**: almost every journey has one channel only, so there is nothing to "
                "divide.", **values)  # fmt: skip
    else:
        why = _("**All {models} models agree** here.", **values)
    if len(result.named) == 1:
        return [why]
    if len(tied) > 1:
        most = _("{channels} get the most credit: **{share}** of {n} conversions each.", channels=_and(tied), **values)
        return [why, most]
    return [why, _("**{channel}** gets the most credit: **{share}** of {n} conversions.", **values)]


def _dependent(result: AttributionOf) -> list[str]:
    """The channels whose credit more than doubles from one model to another."""
    depends = result.named[result.named["model_dependent"]]
    if depends.empty:
        return [_("No channel’s share more than doubles from one model to another.")]
    names = [
        _("**{channel}** ({range})", channel=plain(row.channel), range=range_words(row.share_low, row.share_high))
        for row in depends.head(MOST_NAMED).itertuples()
    ]
    rest = len(depends) - len(names)
    listed = ", ".join(names)
    if rest:
        listed = _("{channels} and {n} more", channels=listed, n=count(rest))
    return [_("More than twice as much under one model as under another: {channels}.", channels=listed)]


def _small(result: AttributionOf) -> list[str]:
    if result.n_conversions >= ENOUGH:
        return []
    return [_("This is a small sample, fewer than {enough} conversions.", enough=ENOUGH)]


def _chain(result: AttributionOf) -> list[str]:
    """What to know of the Markov chain: how much of it is hardly known, and whether it knows failures."""
    said = []
    if result.rare_states >= RARE:
        said.append(
            _n("Of the {n} state of the Markov chain, {share} were seen fewer than ten times: a lower order is safer.",
               "Of the {n} states of the Markov chain, {share} were seen fewer than ten times: a lower order is safer.",
               result.n_states, n=count(result.n_states), share=percent(result.rare_states, 0))
        )  # fmt: skip
    if not result.nulls:
        said.append(
            _("Only journeys that ended in a conversion are known here: the Markov chain overstates short paths.")
        )
    return said


def _direct(result: AttributionOf) -> list[str]:
    """Where a channel with much credit is no channel."""
    names = {name.casefold() for name in result.direct}
    top = result.named.head(2)["channel"]
    found = next((name for name in top if name.casefold() in names), None)
    if found is None:
        return []
    return [
        _("**{channel}** is no channel: nobody knows where these visits came from, and last touch favours it.",
          channel=plain(found))
    ]  # fmt: skip


def _journeys(result: AttributionOf) -> list[str]:
    """What became of the journeys that brought no conversion, and of conversions without a touch."""
    said = []
    if result.nulls:
        said.append(
            _n("{n} journey ended without a conversion.", "{n} journeys ended without a conversion.", result.nulls,
               n=count(result.nulls))
        )  # fmt: skip
    if result.open:
        said.append(
            _n("{n} may still convert and is left out of the chain.",
               "{n} may still convert and are left out of the chain.",
               result.open, n=count(result.open))
        )  # fmt: skip
    if result.unattributed:
        n, share = result.unattributed, percent(result.unattributed / max(result.n_conversions, 1))
        said.append(
            _n("{n} conversion ({share}) had no touch in time: unattributed.",
               "{n} conversions ({share}) had no touch in time: unattributed.", n, n=count(n), share=share)
        )  # fmt: skip
    return said


def touch_words(result: AttributionOf) -> str:
    """What counts as a touch and as a conversion."""
    if result.touches == "paths":
        return _("The paths are those of the file: what counts as a touch and as a conversion was settled before.")
    values = {"conversion": plain(conversion_words(result.conversion)), "lookback": length(result.lookback)}
    return _("A touch counts up to {lookback} before a conversion, which is **{conversion}**.", **values)


def _orders(result: AttributionOf) -> list[str]:
    """Orders that are no conversion."""
    n = result.not_bought
    if not n:
        return []
    said = _n(
        "{n} free order or refund is no conversion, and is not taken off the value.",
        "{n} free orders and refunds are no conversions, and are not taken off the value.", n, n=count(n),
    )  # fmt: skip
    return [said]


def attribution_caption(result: AttributionOf) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [_n("{n} conversion", "{n} conversions", result.n_conversions, n=count(result.n_conversions))]
    if result.touches == "paths":
        said.append(_("paths as the file has them"))
    else:
        said += [
            _("conversion: {what}", what=conversion_words(result.conversion)),
            _("touches up to {lookback} before", lookback=length(result.lookback)),
            _("{first} to {last}", first=_day(result.data_start), last=_day(result.as_of)),
        ]
    return " · ".join([*said, _("not causal")])


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))
