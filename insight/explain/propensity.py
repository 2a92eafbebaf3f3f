"""Chances to come back in words."""

from datetime import date

from insight.churn.propensity import LEAK, Propensity
from insight.churn.trial import RECENCY
from insight.explain.cards import Card
from insight.explain.churn import days_text
from insight.explain.notes import row_notes
from insight.language import _, confidence, count, day, decimal, percent, plain

GOOD = 1.5  # lift of the first tenth from which the order helps
DRIFT = 0.01  # share: a smaller difference between told and seen is not worth a sentence
FEATURES = {
    "active_days": _("active days so far"),
    "days_silent": _("days since the last"),
    "days_since_first": _("days since the first"),
    "events": _("rows so far"),
    "revenue": _("revenue so far"),
}


def propensity_reading(result: Propensity) -> str:
    """What it says, as Markdown: how the chances did in the test, what is expected now, what to know."""
    answer = [_test(result), _order(result)]
    notes = [*_leak(result), *_error(result), *_drift(result), _looked_at(result), *row_notes(result)]
    return "\n\n".join(filter(None, [" ".join(answer), _now(result), " ".join(notes)]))


def _test(result: Propensity) -> str:
    values = {
        "day": _day(result.test_day), "n": count(result.n_test), "rate": percent(result.test_rate),
        "days": days_text(result.horizon_days),
    }  # fmt: skip
    if result.kind == "orders":
        return _("Of {n} customers known on {day}, **{rate}** bought again within {days}.", **values)
    return _("Of {n} customers known on {day}, **{rate}** were active again within {days}.", **values)


def _order(result: Propensity) -> str:
    """How well the chances put them in order, told on that day."""
    values = {"lift": decimal(result.lift_top), "auc": _auc(result.auc), "recency": _auc(_recency(result))}
    if result.lift_top >= GOOD:
        return _(
            "The tenth with the highest chances, told on that day, did so **{lift}** times as often as all (AUC {auc}; "
            "asking only how long ago the last activity is: {recency}).",
            **values,
        )
    return _(
        "Who comes back could hardly be told: the tenth with the highest chances did so {lift} times as often as all "
        "(AUC {auc}; asking only how long ago the last activity is: {recency}).",
        **values,
    )


def _now(result: Propensity) -> str:
    values = {"day": _day(result.as_of), "n": count(result.n_customers), "expected": count(result.expected)}
    days = days_text(result.horizon_days)
    return _("In the {days} after {day}, about {expected} of {n} customers can be expected back.", days=days, **values)


def _leak(result: Propensity) -> list[str]:
    if not result.is_leaking:
        return []
    words = _(
        "**An AUC of {auc} is too good to be true.** Something that the model looks at was written down after the fact "
        "and holds the answer: take it out ({features}).",
        auc=_auc(result.auc), features=_features(result),
    )  # fmt: skip
    return [words]


def _error(result: Propensity) -> list[str]:
    values = {"brier": _error_text(result.brier), "base": _error_text(result.base_brier)}
    if result.brier >= result.base_brier:
        return [
            _("The chances were no better than giving everyone the same one (Brier {brier}, {base} without a model): "
              "use the order, not the numbers.", **values)
        ]  # fmt: skip
    return [_("Their mean squared error (Brier) is {brier}; the same chance for everyone has {base}.", **values)]


def _drift(result: Propensity) -> list[str]:
    """Where the level of the chances was off: what was done about it."""
    if abs(result.predicted_rate - result.test_rate) < DRIFT:
        return []
    values = {"told": percent(result.predicted_rate), "seen": percent(result.test_rate)}
    return [
        _("The chances told {told} on average and {seen} came back, so those of now are moved to that level.", **values)
    ]


def _looked_at(result: Propensity) -> str:
    model = {"logistic": _("A logistic regression"), "boosting": _("Boosted trees")}[result.model]
    values = {"model": model, "features": _features(result), "n": count(result.n_fit), "day": _day(result.fit_day)}
    return _(
        "{model} on {features}, fitted to {n} customers as they were known on {day}. A chance is no cause: it does not "
        "say what a mail or a discount would change.",
        **values,
    )


def _features(result: Propensity) -> str:
    return ", ".join(FEATURES.get(name, plain(name)) for name in result.feature_names)


def _recency(result: Propensity) -> float:
    return float(result.models.set_index("model").loc[RECENCY, "auc"])


def _auc(value: float) -> str:
    return f"{value:.2f}"


def _error_text(value: float) -> str:
    return f"{value:.3f}"


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))


def propensity_caption(result: Propensity) -> str:
    """What was counted, in one line of plain text that travels with a picture."""
    said = [
        _("back within {days}", days=days_text(result.horizon_days)),
        _("told on {day}", day=_day(result.test_day)),
        _("{n} customers", n=count(result.n_test)),
        _("AUC {auc}", auc=_auc(result.auc)),
    ]
    return " · ".join(said)


def propensity_card(result: Propensity) -> Card:
    """The definition of a chance, and of the measures of the test."""
    formula = r"\text{AUC} = P(\text{chance}_{\text{came back}} > \text{chance}_{\text{stayed away}}) = " + _auc(
        result.auc
    )
    formula += r" \qquad \text{Brier} = \frac{1}{n} \sum_i (p_i - y_i)^2 = " + _error_text(result.brier)
    days = days_text(result.horizon_days)
    slope = "" if result.slope != result.slope else _(
        "Calibration: slope {slope} (1 is right), intercept {intercept} (0 is right).",
        slope=f"{result.slope:.2f}", intercept=f"{result.intercept:.2f}".replace("-", "−"),
    )  # fmt: skip
    sentences = [
        _("Fitted to what was known on {day}, with the outcome of the {days} after it.", day=_day(result.fit_day),
          days=days),
        _("Tested on what was known on {day}, with the outcome of the {days} after it: no day is in both outcomes.",
          day=_day(result.test_day), days=days),
        slope,
        _("An AUC of 0.5 is chance, 1 is certainty; above {leak} it is a warning.", leak=_auc(LEAK)),
        _("n = {n}; the intervals of the tenths are Wilson’s, {level}.", n=count(result.n_test),
          level=confidence(result.level)),
    ]  # fmt: skip
    source = _("Brier 1950, Monthly Weather Review 78; Cox 1958, Biometrika 45, for the calibration.")
    return Card(_("Chance to come back"), formula, tuple(filter(None, sentences)), source,
                "insight.churn.propensity.propensity")  # fmt: skip
