"""What customers will be worth: purchases and spend expected of each, in money, with how far off it may be."""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from insight.clv.uncertainty import Uncertainty
from insight.clv.value_finish import finished
from insight.clv.value_settings import read_settings
from insight.clv.value_tally import merged, value_tally
from insight.periods import timestamp
from insight.tables.table import counted


@dataclass(frozen=True, eq=False)
class CustomerValue:
    """Result of :func:`customer_value`. Value is the margin expected within the horizon, discounted to `as_of`.

    customers : one row a customer with a purchase day, in ascending order of the ids; None where it was left away
        customer_id          str    who
        frequency            int    purchase days after the first (x)
        recency              float  from the first purchase day to the last, in units of time (t_x)
        T                    float  from the first purchase day to the end of the data, in units of time
        orders               int    purchases
        revenue              float  amounts of all orders so far, refunds taken off
        historical_margin    float  revenue x margin
        expected_purchases   float  purchase days expected within the horizon
        expected_spend       float  mean amount expected of a purchase day
        probability_alive    float  that they are still a customer; by `alive_model`, never by BG/NBD
        value                float  margin expected within the horizon, discounted
        value_low, value_high
                             float  with a probability of 80 % the margin lies between them, if customers buy and
            spend as the models say; NA where spend differs and no model of it could be fitted
        decile               int    1 for the tenth of the customers with the highest value; equal values share one
    deciles : one row a tenth of the customers by value, the highest first; equal values share one, so sizes differ
        decile               int    1 to 10
        n_customers          int    who is in it
        lowest, highest      float  from where to where their values lie
        value                float  the sum of them
        value_share          float  of the total
        expected_purchases   float  purchase days expected of them within the horizon
    models : one row a model that was tried
        model                str    bg_nbd, mbg_nbd, pareto_nbd
        chosen               bool   the one that everything else is of
        expected_purchases   float  of all customers within the horizon; NA where the model could not be fitted
        value                float  of all customers; NA likewise
        error                float  mean size of its relative errors of the total in the back-test; NA without one
        mae                  float  mean distance between expected and actual purchases of a customer in the back-test
        top_share            float  share of the revenue of the back-test that came from its top tenth of customers
        log_likelihood       float  of the histories up to `as_of`
        note                 str    why it could not be fitted, or what its fit lacks; empty where all is well
    backtest : one row an origin and model, `naive` the last of each; no rows where the data are too short
        origin               str    the last day that the model saw, ISO date
        days                 int    how many days after it were foretold
        model                str    as in `models`; naive: the rate and the mean spend of each customer so far
        n_customers          int    known at the origin
        actual, expected     int, float  their purchase days in these days
        error                float  expected / actual - 1
        ci_low, ci_high      float  interval of `expected` from the parameters and from chance; NA for naive
        mae                  float  mean distance between expected and actual purchases of a customer
        actual_revenue, expected_revenue
                             float  what these purchase days brought
        revenue_error        float  expected_revenue / actual_revenue - 1
        revenue_sd           float  of the relative error of revenue, from parameters and chance; NA for naive
        top_share            float  of the revenue, what came from the tenth of customers with the highest expectation
        best_share           float  the same with the tenth that turned out the best
    tracking : one row a full week from the first day of the data on, of the customers known at the latest origin
        week                 int    1, 2, ...
        day                  str    its last day, ISO date
        actual, expected     int, float  purchase days in this week after each customer's first
        cumulative_actual, cumulative_expected
                             int, float  so far
        calibration          bool   the model saw this week
    calibration : customers by their number of repeat purchase days up to `as_of`
        repeats              str    0, 1, ..., 6, 7+
        actual               int    customers
        expected             float  customers expected by the model, given how long each could be observed
    holdout : the latest origin of the back-test, by the repeat purchase days before it; no rows without one
        repeats              str    0, 1, ..., 6, 7+
        n_customers          int    who had so many
        actual               float  their mean purchase days after the origin
        expected, naive      float  the mean foretold by the model, and by the rate so far
    lift : the latest origin of the back-test, by tenths of the expected revenue; no rows without one
        decile               int    1 for the highest
        n_customers          int    who is in it; equal expectations share one
        expected, actual     float  revenue a customer
        share                float  of the actual revenue
        cumulative_share     float  so far, from the top
    schedule : how the value comes in, a row every 28 days and at the end of the horizon
        days                 int    from `as_of`
        expected_purchases   float  of all customers up to then
        value                float  of all customers up to then
    total : value of all customers; ci_low, ci_high : its interval at `level`, from the three below together: quantiles
        of the gamma distribution with this mean and standard deviation
    parameter_sd : standard deviation of `total` because the parameters are estimates
    process_sd : because customers buy by chance
    model_error : relative error of the total that the back-test shows beyond these two; at least 0.1 where it could
        not foretell about as many days as the horizon has, else 0.1 by the root of one more than its origins
    expected_purchases : purchase days of all customers within the horizon; alive : customers expected to be still one
    historical_total : margin of all customers so far; historical_revenue : their revenue, refunds taken off
    new_customer_value : margin expected of a new customer from the first purchase day on, within the horizon,
        discounted: new_customer_first, the margin of that day, plus that of expected later ones
    new_customer_low, new_customer_high : interval of this mean at `level`: one customer may differ by far more
    new_customer_purchases : purchase days expected of a new customer within the horizon, the first one left out
    model : the one that was chosen; chosen_by : "backtest", "given", or "default" where nothing could be compared
    alive_model : the model of probability_alive
    spend_model : "gamma_gamma"; "gamma_gamma_of_mean" where its mean would not be finite, so that it is held at that of
        the data; "mean" where it could not be fitted, and everybody is taken to spend the mean of all
    spend_correlation : of frequency and mean spend, which spend_model takes as unrelated; NA where it does not vary
    loses_to_naive : in the back-test the rate so far foretold the customers better (mae); None without a back-test
    backtest_days : the days that the back-test foretells; None without one
    n_customers : with a purchase day; n_repeaters : with more than one
    without_purchase : customers who only have refunds, left out
    refunds : refunds and cancellations, which are in neither days nor spend; refunded : what they come to
    left_out : rows after `as_of`, not used; days_beyond : how many days `as_of` lies after the last row
    data_start : first moment of the data; as_of : the last day of the observed time
    currency : of the amounts, None where the file does not say
    warnings : what speaks against relying on it, in words
    uncertainty : of each customer's value, so that groups have an interval; None without `customers`
    horizon, margin, annual_discount, level, unit : as given
    """

    customers: pd.DataFrame | None
    deciles: pd.DataFrame
    models: pd.DataFrame
    backtest: pd.DataFrame
    tracking: pd.DataFrame
    calibration: pd.DataFrame
    holdout: pd.DataFrame
    lift: pd.DataFrame
    schedule: pd.DataFrame
    total: float
    ci_low: float
    ci_high: float
    parameter_sd: float
    process_sd: float
    model_error: float
    expected_purchases: float
    alive: float
    historical_total: float
    historical_revenue: float
    new_customer_value: float
    new_customer_low: float
    new_customer_high: float
    new_customer_first: float
    new_customer_purchases: float
    model: str
    chosen_by: str
    alive_model: str
    spend_model: str
    spend_correlation: float
    loses_to_naive: bool | None
    backtest_days: int | None
    n_customers: int
    n_repeaters: int
    without_purchase: int
    refunds: int
    refunded: float
    left_out: int
    days_beyond: int
    data_start: pd.Timestamp
    as_of: str
    currency: str | None
    warnings: tuple[str, ...]
    uncertainty: Uncertainty | None
    horizon: str
    margin: float
    annual_discount: float
    level: float
    unit: str


def customer_value(
    orders,
    *,
    margin: float,
    horizon: str = "365D",
    annual_discount: float = 0.0,
    model: str = "auto",
    as_of: str | None = None,
    level: float = 0.95,
    unit: str = "7D",
    customers: bool = True,
) -> CustomerValue:
    r"""What every customer, and all together, will be worth.

    Purchases are expected by a model of repeat buying, spend by a model of spend, and money is discounted by the week
    in which it comes: with :math:`t_i` the ends of the weeks of the horizon, in days, and M the mean spend,

    .. math:: \text{value} = \text{margin} \cdot E[M] \sum_i \frac{E[Y(t_i)] - E[Y(t_{i-1})]}{(1+d)^{t_i / 365.25}}

    Each model is tried on the past first: fitted to what was known at an origin, and held against what followed. The
    one whose totals were least off is taken, not the most likely one, beside the naive guess that everybody goes on as
    before. The interval of the total is made of three parts: parameters are estimates, customers buy by chance, and no
    model is true. The last is what the back-test shows beyond the other two.

    orders : Orders
    margin : share of revenue that is left after the cost of what was sold, above 0 and up to 1
    horizon : whole days, "365D"; at most ten years
    annual_discount : rate a year, 0.1 for 10 %
    model : "auto", or "pareto_nbd", "mbg_nbd", "bg_nbd"
    as_of : last complete day; later rows are ignored and counted
    level : of the intervals of totals and means
    unit : of `recency` and `T`; no value depends on it
    customers : False leaves the table of customers away, where it would be too large

    Raises NotEnoughData below 100 customers observed for at least a day, or 30 with more than one purchase day;
    InsightError for settings that are not possible, and for amounts in several currencies.
    Source: Fader, Hardie & Lee 2005, J. of Marketing Research 42:415, for value as purchases times spend; Schmittlein,
    Morrison & Colombo 1987; Batislam et al. 2007; Fader & Hardie 2013 for the models.

    >>> from insight import sample
    >>> found = customer_value(sample("shop_orders"), margin=0.4, customers=False)
    >>> found.ci_low < found.total < found.ci_high, len(found.deciles)
    (True, 10)
    """
    table = counted(orders, "customer_value", "orders")
    given = {
        "margin": margin, "horizon": horizon, "annual_discount": annual_discount, "model": model, "as_of": as_of,
        "level": level, "unit": unit, "customers": customers,
    }  # fmt: skip
    facts = table.facts
    currency, asked = facts.one_currency(), read_settings(given, facts)
    tally = table.tally(partial(value_tally, facts=facts, settings=given), merged)
    return CustomerValue(
        **finished(tally, facts.decimals, asked),
        without_purchase=tally.totals.without_purchase,
        refunds=tally.totals.refunds,
        refunded=tally.totals.refunded / 10**facts.decimals,
        left_out=tally.totals.left_out,
        days_beyond=facts.days_beyond(as_of),
        data_start=timestamp(facts.first_time, facts.timezone),
        as_of=facts.as_of_day(as_of),
        currency=currency,
        horizon=horizon,
        margin=margin,
        annual_discount=annual_discount,
        level=level,
        unit=unit,
    )
