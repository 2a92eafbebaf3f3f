"""What a model expects of each customer: purchases, being alive, spend. Each row of a summary is a customer."""

import numpy as np
import pandas as pd

from insight.clv import beta_geometric, pareto_nbd
from insight.clv.beta_geometric import BgNbd, MbgNbd
from insight.clv.gamma_gamma import GammaGamma
from insight.clv.given import is_number
from insight.clv.histories import HISTORY, SPENDING, Histories, Rows, distinct, rows_of
from insight.clv.pareto_nbd import ParetoNbd
from insight.errors import InsightError
from insight.periods import microseconds

Model = BgNbd | MbgNbd | ParetoNbd
PARTS = {BgNbd: beta_geometric, MbgNbd: beta_geometric, ParetoNbd: pareto_nbd}
STEP = 0.25  # of the logarithm of time; the rule converges so fast that smaller ones change nothing


def expected_purchases(model: Model, summary, *, horizon: float | str) -> pd.Series:
    r"""Purchase days that the model expects of each customer in the next `horizon`.

    .. math:: E[Y(t) \mid x, t_x, T] = P(\text{alive} \mid x, t_x, T) \cdot E[Y(t) \mid \text{alive}, x, T]

    model : BgNbd, MbgNbd or ParetoNbd
    summary : ClvSummary, ClvCells (then one row a history), or a DataFrame with frequency, recency, T; a row 0, 0, 0 is
        a new customer, counted from the first purchase and without it
    horizon : in units of the summary, one number or one for each row; or a length such as "365D", where the unit of
        the summary is known

    Returns a float Series with the index of the rows.
    Raises InsightError for another model, an impossible horizon, and a model that was fitted in another unit.
    Source: equation 10 of Fader, Hardie & Lee 2005, Marketing Science 24:275; equation 41 of Fader & Hardie 2005, "A
    note on deriving the Pareto/NBD model and related expressions".

    >>> rows = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 0]})
    >>> expected_purchases(BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426), rows, horizon=39).round(3).tolist()
    [1.226, 1.197]
    """
    part = _part(model, "expected_purchases")
    rows = rows_of(summary, HISTORY, "expected_purchases")
    unit = _one_unit(model, rows)
    times = _times(horizon, unit, len(rows.index))
    columns, place = distinct((*rows.columns, times))
    h, t = Histories(*columns[:3], np.ones(len(columns[0]))), columns[3]
    found = part.probability_alive(model, h) * part.purchases_if_alive(model, h, t)
    return pd.Series(found[place], index=rows.index, name="expected_purchases")


def probability_alive(model: Model, summary) -> pd.Series:
    """Probability that each customer is still one at the end of the data, given the history.

    Under BG/NBD it is exactly 1 for everybody who never came back: take MBG/NBD or Pareto/NBD to tell who is lost.

    model, summary : as for `expected_purchases`
    Returns a float Series with the index of the rows. Raises InsightError as `expected_purchases`.
    Source: as for the models.

    >>> rows = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86]})
    >>> probability_alive(MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614), rows).round(3).tolist()
    [0.706, 0.39]
    """
    part = _part(model, "probability_alive")
    rows = rows_of(summary, HISTORY, "probability_alive")
    _one_unit(model, rows)
    columns, place = distinct(rows.columns)
    found = part.probability_alive(model, Histories(*columns, np.ones(len(columns[0]))))
    return pd.Series(found[place], index=rows.index, name="probability_alive")


def probability_of_purchase(model: Model, summary, *, horizon: float | str) -> pd.Series:
    """Probability that each customer buys at least once in the next `horizon`.

    It is what to compare with who bought: the probability to be alive is larger, as the living may not buy so soon.

    model, summary, horizon : as for `expected_purchases`
    Returns a float Series with the index of the rows. Raises InsightError as `expected_purchases`.
    Source: as for the models.

    >>> rows = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]})
    >>> probability_of_purchase(BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426), rows, horizon=39).round(3).tolist()
    [0.555]
    """
    part = _part(model, "probability_of_purchase")
    rows = rows_of(summary, HISTORY, "probability_of_purchase")
    times = _times(horizon, _one_unit(model, rows), len(rows.index))
    columns, place = distinct((*rows.columns, times))
    h = Histories(*columns[:3], np.ones(len(columns[0])))
    found = part.probability_alive(model, h) * (1 - part.no_purchase_if_alive(model, h, columns[3]))
    return pd.Series(found[place], index=rows.index, name="probability_of_purchase")


def discounted_purchases(model: Model, summary, *, discount: float) -> pd.Series:
    r"""Purchases that the model expects of each customer for ever, each discounted to today.

    With :math:`\delta` the continuous rate of discount per unit of time, in the papers DERT (discounted expected
    residual transactions),

    .. math:: \int_0^\infty \frac{d\,E[Y(t)]}{dt} e^{-\delta t}\, dt = \delta \int_0^\infty E[Y(t)]\, e^{-\delta t}\, dt

    model, summary : as for `expected_purchases`
    discount : :math:`\delta`, above zero; of a yearly rate d and weeks ln(1 + d) / 52.18
    Returns a float Series with the index of the rows. Raises InsightError as `expected_purchases`.
    Source: Fader, Hardie & Lee 2005, J. of Marketing Research 42:415, "RFM and CLV: using iso-value curves".

    >>> rows = pd.DataFrame({"frequency": [26], "recency": [216 / 7], "T": [31]})
    >>> model = ParetoNbd(r=0.5534, alpha=10.580, s=0.6061, beta=11.656)
    >>> discounted_purchases(model, rows, discount=0.0027).round(1).tolist()
    [86.0]
    """
    part = _part(model, "discounted_purchases")
    rows = rows_of(summary, HISTORY, "discounted_purchases")
    _one_unit(model, rows)
    if not is_number(discount) or not discount > 0:
        raise InsightError(
            f"discount = {discount!r} must be a rate above zero: without one there is no end to add up to."
        )
    columns, place = distinct(rows.columns)
    h = Histories(*columns, np.ones(len(columns[0])))
    total = np.zeros(len(h))
    for log_time in np.arange(-20.0, 4.0, STEP):  # of discount x time; beyond both ends nothing is left to add
        share = np.exp(log_time)
        total += STEP * share * np.exp(-share) * part.purchases_if_alive(model, h, np.full(len(h), share / discount))
    found = part.probability_alive(model, h) * total
    return pd.Series(found[place], index=rows.index, name="discounted_purchases")


def expected_spend(model: GammaGamma, summary) -> pd.Series:
    r"""Mean spend of a purchase day that the model expects of each customer.

    Between the customer's own mean and that of everybody, nearer to the first the more of them there were:

    .. math:: E[M \mid x, z] = \frac{p\,(v + x z)}{p x + q - 1}

    model : GammaGamma
    summary : ClvSummary, ClvCells (then one row of `spending`), or a DataFrame with frequency, monetary_value; who
        never came back (frequency 0) gets the mean of everybody, whatever the first purchase was
    Returns a float Series with the index of the rows.
    Raises InsightError where q is 1 or less and somebody never came back: then that mean is not finite.
    Source: Fader & Hardie 2013, note 025, equation 5.

    >>> rows = pd.DataFrame({"frequency": [1, 7, 0], "monetary_value": [25, 25, None]})
    >>> expected_spend(GammaGamma(p=6.25, q=3.74, v=15.44), rows).round(2).tolist()
    [28.11, 25.6, 35.22]
    """
    if not isinstance(model, GammaGamma):
        raise InsightError(f"expected_spend takes a GammaGamma model; this is a {type(model).__name__}.")
    rows = rows_of(summary, SPENDING, "expected_spend")
    x, z = rows.columns
    p, q, v = model.parameters.values()
    if q <= 1 and (p * x + q <= 1).any():
        raise InsightError(f"The mean spend of all customers is not finite, because q = {q:.3g} is not above 1.")
    found = p * (v + x * np.where(x > 0, z, 0)) / (p * x + q - 1)
    return pd.Series(found, index=rows.index, name="expected_spend")


def _part(model: object, function: str):
    """The module with the formulas of this kind of model."""
    if type(model) not in PARTS:
        raise InsightError(f"{function} takes a BgNbd, MbgNbd or ParetoNbd model; this is a {type(model).__name__}.")
    return PARTS[type(model)]


def _one_unit(model: Model, rows: Rows) -> str | None:
    """The unit of time of both. Raises InsightError where they differ."""
    if model.unit and rows.unit and microseconds(model.unit, "unit") != microseconds(rows.unit, "unit"):
        raise InsightError(
            f"The model counts time in units of {model.unit}, the summary in units of {rows.unit}: fit and predict in "
            "the same unit."
        )
    return rows.unit or model.unit


def _times(horizon: object, unit: str | None, n_rows: int) -> np.ndarray:
    """The horizon of each row in units of time."""
    if isinstance(horizon, str):
        if unit is None:
            raise InsightError(f"How many units {horizon!r} has is not known: write the horizon as a number of units.")
        return np.full(n_rows, microseconds(horizon, "horizon") / microseconds(unit, "unit"))
    try:
        times = np.broadcast_to(np.asarray(horizon, np.float64), (n_rows,))
    except (TypeError, ValueError):
        raise InsightError(
            f"horizon must be a number, a length such as '365D', or one number for each of {n_rows} rows."
        ) from None
    if not (np.isfinite(times) & (times >= 0)).all():
        raise InsightError("horizon must be 0 or more.")
    return times
