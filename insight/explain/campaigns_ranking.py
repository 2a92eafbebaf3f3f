"""Which campaign is best, in words."""

import pandas as pd

from insight.campaigns.ranking import CampaignRanking
from insight.explain.campaigns import names
from insight.explain.cards import Card
from insight.language import _, count, interval, percent, plain

DOUBTFUL = 0.9  # a rate from here on is rather a matter of counting


def campaign_ranking_reading(result: CampaignRanking) -> str:
    """Which campaign has the best rate, as Markdown: the verdict, how far to trust it, what to know."""
    rows = result.rows[result.rows["trials"] > 0]
    if len(rows) < 2:
        return _("There are not two campaigns with a rate: nothing to rank.")
    notes = [_shrunk(result), *_suspicious(result, rows)]
    return "\n\n".join([" ".join([*_doubt(result, rows), _verdict(result)]), " ".join(notes)])


def _doubtful(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a rate that is hardly one; none where all are so."""
    found = rows[rows["rate"] >= DOUBTFUL]
    return found if len(found) < len(rows) else found.head(0)


def _doubt(result: CampaignRanking, rows: pd.DataFrame) -> list[str]:
    """Where the first has a success nearly every time: that is said before anything else."""
    first = rows.iloc[0]
    if first.name not in _doubtful(rows).index:
        return []
    values = {"n": count(first["successes"]), "trials": count(first["trials"]), "of": _trials(result)}
    parts = {"cvr": _("{n} conversions of {trials} {of}", **values), "ctr": _("{n} clicks of {trials} {of}", **values)}
    return [
        _("**{first}** stands first with {counts}, which **can hardly be right**: look at how that is counted before "
          "you believe it.", first=plain(first[result.by]), counts=parts[result.rate])
    ]  # fmt: skip


def _verdict(result: CampaignRanking) -> str:
    first, second = (result.rows.iloc[k] for k in (0, 1))
    values = {
        "first": plain(first[result.by]), "second": plain(second[result.by]), "chance": _chance(first["p_best"]),
        "rate": percent(first["shrunk_rate"]), "interval": interval(first["shrunk_low"], first["shrunk_high"]),
        "trials": _trials(result), "more": count(_rounded(result.more_trials)), "what": _what(result),
    }  # fmt: skip
    match result.verdict:
        case "better":
            return _(
                "**{first}** has the best {what}: {rate} ({interval}), the best with a chance of {chance}.", **values
            )
        case "leaning":
            return _("Probably **{first}** has the best {what} ({chance}). About **{more}** more {trials} each would "
                     "tell it from **{second}**.", **values)  # fmt: skip
        case "no_difference":
            return _("No difference can be found: the {what} differs between campaigns no more than chance makes it.",
                     **values)  # fmt: skip
    if result.more_trials == result.more_trials and result.more_trials != float("inf"):
        return _("Which has the best {what} **cannot be told yet**: **{first}** is in front (chance {chance}). About "
                 "**{more}** more {trials} each would tell it from **{second}**.", **values)  # fmt: skip
    return _("Which has the best {what} **cannot be told**: **{first}** is in front (chance {chance}).", **values)


def _chance(p: float) -> str:
    """A chance, which is never certain."""
    return _("above 99%") if p > 0.99 else percent(p, 0)


def _rounded(n: float) -> float:
    """Two digits are all that such a number can mean."""
    return n if n != n or n in (0, float("inf")) else float(f"{n:.1e}")


def _what(result: CampaignRanking) -> str:
    return {"cvr": _("conversion rate"), "ctr": _("click rate")}[result.rate]


def _trials(result: CampaignRanking) -> str:
    return {"cvr": _("clicks"), "ctr": _("impressions")}[result.rate]


def _shrunk(result: CampaignRanking) -> str:
    return _(
        "Each rate is pulled towards that of all, the more the fewer {trials} it has: so a small campaign does not win "
        "by luck.",
        trials=_trials(result),
    )


def _suspicious(result: CampaignRanking, rows: pd.DataFrame) -> list[str]:
    """Others than the first with such a rate."""
    others = _doubtful(rows).drop(index=rows.index[0], errors="ignore")
    if others.empty:
        return []
    return [
        _("Of {names} nearly every one succeeds: look at how that is counted before you believe it.",
          names=names(others, result.by))
    ]  # fmt: skip


def campaign_ranking_caption(result: CampaignRanking) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    total = count(result.rows["trials"].sum())
    return " · ".join([_what(result), _("by {column}", column=result.by), f"{total} {_trials(result)}"])


def campaign_ranking_card(result: CampaignRanking) -> Card:
    """The definition of a shrunk rate, with the numbers of the first."""
    first = result.rows.iloc[0]
    formula = r"\text{shrunk rate} = \frac{x + \alpha}{n + \alpha + \beta} = "
    formula += rf"\frac{{{_figure(first['successes'])} + {result.alpha:.2f}}}{{{_figure(first['trials'])} + "
    formula += rf"{result.alpha + result.beta:.2f}}} = {percent(first['shrunk_rate'])}".replace("%", r"\%")
    sentences = (
        _("In the formula: **{name}**. α and β say how the true rates of campaigns spread; they are learned from all "
          "of them.", name=plain(first[result.by])),
        _("The chance to be the best is exact for these rates. It counts {trials} as independent of each other.",
          trials=_trials(result)),
        _("Left out: campaigns with more successes than {trials}.", trials=_trials(result)),
    )  # fmt: skip
    source = _("Gelman et al., Bayesian Data Analysis, chapter 5.")
    return Card(_("Shrunk rate"), formula, sentences, source, "insight.campaigns.ranking.campaign_ranking")


def _figure(n: float) -> str:
    return count(n).replace(",", "{,}")
