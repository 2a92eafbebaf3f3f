"""What speaks against relying on a value, in words."""

from insight.clv.valuation import Valuation
from insight.clv.value_settings import Settings
from insight.clv.words import MODEL_NAMES
from insight.language import _, count, percent

APART = 0.2  # models that differ by more do not agree
LARGE = 0.1  # a share of the total, or of what was bought, that should be looked at


def value_warnings(choice, asked: Settings, loses: bool | None, refunded: float) -> tuple[str, ...]:
    """The most serious first.

    choice : the models, see `insight.clv.value_finish.Choice`
    refunded : what was taken back, as a share of what was bought
    """
    own = choice.chosen
    said = []
    if loses:
        said.append(
            _(
                "In the back-test {model} was further off for single customers than the simple guess that everybody "
                "goes on as before.",
                model=MODEL_NAMES[choice.name],
            )
        )
    said += _of_trial(choice, asked)
    if asked.days > asked.n_days:
        said.append(
            _(
                "The horizon of {days} days is longer than the data, which are {n} days.",
                days=count(asked.days),
                n=count(asked.n_days),
            )  # fmt: skip
        )
    said += _of_money(own, refunded)
    totals = [valuation.total for valuation in choice.valuations.values()]
    apart = (max(totals) - min(totals)) / own.total if own.total > 0 else 0.0
    if apart > APART:
        said.append(_("The models do not agree: their totals lie {share} apart.", share=percent(apart, 0)))
    return (*said, *own.spend_model.warnings, *own.model.warnings)


def _of_money(own: Valuation, refunded: float) -> list[str]:
    said, most = [], float(own.values.max())
    if most > LARGE * own.total:
        said.append(
            _(
                "One customer makes up {share} of the total: look whether their orders are what they seem.",
                share=percent(most / own.total, 0),
            )
        )
    if refunded > LARGE:
        said.append(
            _(
                "Refunds and cancellations come to {share} of what was bought, and no value has them taken off.",
                share=percent(refunded, 0),
            )
        )
    return said


def _of_trial(choice, asked: Settings) -> list[str]:
    if choice.trial is None:
        return [
            _(
                "There is too little of the past to try the model on: nobody knows how far off it would have been. The "
                "interval takes 10 % of the total as the standard deviation of that, beside chance and estimation."
            )
        ]
    if not asked.is_tried:
        return [
            _(
                "The back-test could foretell only {trial} days, not the {days} of the horizon.",
                trial=count(asked.trial_days),
                days=count(asked.days),
            )  # fmt: skip
        ]
    return []
