"""From counted customers to what they are worth: fits, choice of the model, tables, intervals."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.clv.backtest import Trial, backtest_table, best_model, model_error, trial_scores, trials
from insight.clv.checks import (
    calibration_table,
    decile_table,
    holdout_table,
    lift_table,
    schedule_table,
    tracking_table,
)
from insight.clv.fitting import check_enough
from insight.clv.histories import dot
from insight.clv.newcomer import FirstDays, newcomer
from insight.clv.spend import fit_spend
from insight.clv.uncertainty import Spread, row_slopes, total_spread
from insight.clv.valuation import FITS, Base, Valuation, base_of, fit
from insight.clv.value_people import customers_table, uncertainty_of
from insight.clv.value_settings import AUTO, Settings, steps
from insight.clv.value_tally import ValueTally
from insight.clv.value_warnings import value_warnings
from insight.clv.words import BG, MBG, NAIVE, PARETO
from insight.errors import NotEnoughData
from insight.language import _

BY_BACKTEST, GIVEN, DEFAULT = "backtest", "given", "default"


@dataclass(frozen=True, eq=False)
class Choice:
    """The models there are, and the one that everything is said by.

    valuations : by name, of every model that could be fitted and foretells a finite value
    found, backtest : what they said earlier, and what came of it
    name, by : the chosen one, and how
    """

    valuations: dict[str, Valuation]
    found: list[Trial]
    backtest: pd.DataFrame
    name: str
    by: str

    @property
    def chosen(self) -> Valuation:
        return self.valuations[self.name]

    @property
    def trial(self) -> Trial | None:
        """The latest at which the chosen model was tried."""
        return next((trial for trial in self.found if self.name in trial.forecasts), None)


def finished(tally: ValueTally, decimals: int, asked: Settings) -> dict[str, object]:
    """What a `CustomerValue` says of the customers of a tally, by name of the field."""
    base = base_of(tally.now, asked.unit_days, decimals)
    _check_enough(base)
    choice = chosen_model(base, tally, decimals, asked)
    alive_model, alive = _alive(choice)
    error, slopes = model_error(choice.backtest, choice.name, asked), row_slopes(choice.chosen)
    tables = _tables(choice, tally, asked)
    people, uncertainty = None, None
    if tally.people is not None:
        people, place = customers_table(tally.people, choice.chosen, alive, tables["deciles"], decimals, asked)
        uncertainty = uncertainty_of(choice.chosen, slopes, place, error)
    return {
        "customers": people,
        "uncertainty": uncertainty,
        **tables,
        **_totals(choice.chosen, total_spread(choice.chosen, slopes, error), asked),
        **_money(choice.chosen, tally, error, decimals, asked),
        **_about(choice, tally, asked),
        "alive": dot(base.histories.n, alive),
        "alive_model": alive_model,
    }


def _tables(choice: Choice, tally: ValueTally, asked: Settings) -> dict[str, pd.DataFrame]:
    valuation, trial = choice.chosen, choice.trial
    return {
        "deciles": decile_table(valuation),
        "models": _models_table(choice),
        "backtest": choice.backtest,
        "tracking": tracking_table(_model_at(trial, choice), tally.sums, asked, trial),
        "calibration": calibration_table(valuation.model, valuation.base),
        "holdout": holdout_table(trial, choice.name),
        "lift": lift_table(trial, choice.name),
        "schedule": schedule_table(valuation, asked.asked["annual_discount"]),
    }


def _totals(valuation: Valuation, spread: Spread, asked: Settings) -> dict[str, float]:
    low, high = spread.interval(valuation.total, asked.asked["level"])
    return {
        "total": valuation.total,
        "ci_low": low,
        "ci_high": high,
        "parameter_sd": spread.parameters,
        "process_sd": spread.chance,
        "model_error": spread.model_error,
        "expected_purchases": valuation.purchases,
    }


def _money(valuation: Valuation, tally: ValueTally, error: float, decimals: int, asked: Settings) -> dict[str, float]:
    """What came in so far, and what a new customer brings."""
    sums, unit = tally.sums, 10**decimals
    first_days = FirstDays(round(valuation.base.n_customers), sums.first_spend / unit, sums.first_squares / unit**2)
    new = newcomer(valuation, first_days, error, asked.asked["level"])
    return {
        "historical_total": sums.revenue / unit * valuation.margin,
        "historical_revenue": sums.revenue / unit,
        "new_customer_value": new.value,
        "new_customer_low": new.low,
        "new_customer_high": new.high,
        "new_customer_first": new.first,
        "new_customer_purchases": new.purchases,
    }


def _about(choice: Choice, tally: ValueTally, asked: Settings) -> dict[str, object]:
    base, spend, loses = choice.chosen.base, choice.chosen.spend_model, loses_to_naive(choice)
    return {
        "model": choice.name,
        "chosen_by": choice.by,
        "spend_model": spend.name,
        "spend_correlation": spend.correlation,
        "loses_to_naive": loses,
        "backtest_days": None if choice.trial is None else asked.trial_days,
        "n_customers": round(base.n_customers),
        "n_repeaters": round(float(base.n[base.x > 0].sum())),
        "warnings": value_warnings(choice, asked, loses, _refunded(tally)),
    }


def _refunded(tally: ValueTally) -> float:
    """What was taken back, also from who never bought in these data, as a share of what was bought."""
    return tally.totals.refunded / tally.sums.bought if tally.sums.bought > 0 else 0.0


def _check_enough(base: Base) -> None:
    """Raises NotEnoughData, with a way out."""
    seen = base.histories.where(base.histories.T > 0)
    try:
        check_enough(float(seen.n.sum()), float(seen.n[seen.x > 0].sum()))
    except NotEnoughData as error:
        raise NotEnoughData(
            _("{reason} Until then a formula says what a customer is worth: simple_clv.", reason=str(error))
        ) from None


def chosen_model(base: Base, tally: ValueTally, decimals: int, asked: Settings) -> Choice:
    """Fit every model, try it on the past, and take the one that was asked for, or the one that was least off."""
    horizon = steps(asked.days, asked.asked["annual_discount"], asked.unit_days)
    spend = fit_spend(base.x, base.total, base.n)
    every = {name: Valuation(fit(name, base.histories), spend, base, horizon, asked.asked["margin"]) for name in FITS}
    valuations = {name: own for name, own in every.items() if math.isfinite(own.total)}
    found = trials(tally.past, asked, decimals)
    table = backtest_table(found, asked)
    given = asked.asked["model"]
    if given != AUTO and given in valuations:
        return Choice(valuations, found, table, given, GIVEN)
    if not valuations or given != AUTO:
        raise NotEnoughData(
            _("The model foretells no finite value of these customers: their purchases are like no model's.")
        )
    best = best_model(table, list(valuations))
    if best is not None:
        return Choice(valuations, found, table, best, BY_BACKTEST)
    sound = [name for name, own in valuations.items() if not own.model.warnings]
    return Choice(valuations, found, table, next(iter(sound or valuations)), DEFAULT)


def _alive(choice: Choice) -> tuple[str, np.ndarray]:
    """The model of P(alive), and this of each history. BG/NBD gives every one-time buyer 1, so it never is."""
    name = choice.name
    if name == BG:
        name = next((other for other in (MBG, PARETO) if other in choice.valuations), BG)
    if name == BG:
        return name, np.full(len(choice.chosen.base.histories), np.nan)
    return name, choice.valuations[name].found.alive


def _model_at(trial: Trial | None, choice: Choice):
    """The chosen model as it was fitted at the latest origin; without one, as it is."""
    return choice.chosen.model if trial is None else trial.forecasts[choice.name].valuation.model


def _models_table(choice: Choice) -> pd.DataFrame:
    scores = trial_scores(choice.backtest)
    rows = []
    for name in FITS:
        own = choice.valuations.get(name)
        rows.append(
            {
                "model": name,
                "chosen": name == choice.name,
                "expected_purchases": math.nan if own is None else own.purchases,
                "value": math.nan if own is None else own.total,
                **{score: scores[score].get(name, math.nan) for score in ("error", "mae", "top_share")},
                "log_likelihood": math.nan if own is None else own.model.log_likelihood,
                "note": _("It foretells no finite value.") if own is None else " ".join(own.model.warnings),
            }
        )
    numbers = ["expected_purchases", "value", "error", "mae", "top_share", "log_likelihood"]
    return pd.DataFrame(rows).astype(dict.fromkeys(numbers, "float64") | {"model": "str", "note": "str"})


def loses_to_naive(choice: Choice) -> bool | None:
    """In the back-test, everybody going on as before was nearer to each customer's purchases."""
    scores = trial_scores(choice.backtest)
    if choice.name not in scores.index or choice.trial is None:
        return None
    return bool(scores["mae"][choice.name] > scores["mae"][NAIVE])
