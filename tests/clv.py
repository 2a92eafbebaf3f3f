"""Results of the Customer value page as if computed."""

import numpy as np
import pandas as pd

from insight import CustomerValue, simple_clv
from insight.clv.formula import ClvFormula, YearOfOrders
from insight.clv.value_groups import GroupValues

NAN = float("nan")
REPEATS = ["0", "1", "2", "3", "4", "5", "6", "7+"]


def year_of(**more):
    usual = {
        "start": "2025-01-01", "as_of": "2025-12-31", "days": 365, "purchases": 1200, "revenue": 60_000.0,
        "refunds": 0, "refunded": 0.0, "active": 300, "n_customers": 400, "average_order_value": 50.0,
        "orders_per_year": 4.0, "earlier": None, "kept": None, "left_out": 0, "days_beyond": 0, "currency": "EUR",
    }  # fmt: skip
    return YearOfOrders(**usual | more)


def formula_of(year=None, typed=(), **more):
    """50 an order, 4 a year, 30 %, 3 years, 40 to acquire: 180 before CAC, 140 after it, a ratio of 4.5."""
    usual = {
        "margin": 0.3, "years": 3.0, "acquisition_cost": 40.0, "annual_discount": 0.0, "annual_retention": None,
        "payments": "start", "profit_share": 0.0, "change": 0.1, "average_order_value": 50.0, "orders_per_year": 4.0,
    }  # fmt: skip
    given = usual | more
    asked = given | {"acquisition_cost": given["acquisition_cost"] or 0.0, "margin": given["margin"] or 0.0}
    simple = simple_clv(**asked)
    known = given["margin"] is not None
    drivers = simple.drivers if known else simple.drivers.head(0)
    return ClvFormula(simple=simple if known else None, drivers=drivers, year=year or year_of(), typed=typed, **given)


def deciles(shares=(40, 15, 12, 9, 7, 6, 5, 3, 2, 1), n=20, total=10_000.0):
    share = np.array(shares) / 100
    rows = pd.DataFrame({"decile": range(1, 11), "n_customers": n, "lowest": share * total / n / 2})
    return rows.assign(highest=share * total / n * 2, value=share * total, value_share=share,
                       expected_purchases=share * 300)  # fmt: skip


def backtest():
    rows = [("2025-06-30", "mbg_nbd", 100, 88.0, 0.81), ("2025-06-30", "bg_nbd", 100, 130.0, 0.9),
            ("2025-06-30", "naive", 100, 150.0, 1.2), ("2025-03-31", "mbg_nbd", 90, 99.0, 0.7)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["origin", "model", "actual", "expected", "mae"])
    table = table.assign(days=184, n_customers=150, error=table["expected"] / table["actual"] - 1, ci_low=70.0,
                         ci_high=120.0, actual_revenue=1000.0, expected_revenue=900.0, revenue_error=-0.1)  # fmt: skip
    return table.assign(revenue_sd=0.1, top_share=0.37, best_share=0.54)


def tracking(weeks=10, seen=6):
    actual = np.arange(1, weeks + 1)
    table = pd.DataFrame({"week": actual, "actual": actual, "expected": actual + 0.5})
    table["day"] = [str(day.date()) for day in pd.date_range("2025-01-07", periods=weeks, freq="7D")]
    table["cumulative_actual"], table["cumulative_expected"] = actual.cumsum(), (actual + 0.5).cumsum()
    return table.assign(calibration=table["week"] <= seen)


def models():
    return pd.DataFrame(
        {
            "model": ["pareto_nbd", "mbg_nbd", "bg_nbd"], "chosen": [False, True, False],
            "expected_purchases": [320.0, 300.0, NAN], "value": [11_000.0, 10_000.0, NAN], "error": [0.2, 0.1, NAN],
            "mae": [0.9, 0.8, NAN], "top_share": [0.36, 0.37, NAN], "log_likelihood": [-900.0, -899.0, NAN],
            "note": ["", "", "not found"],
        }
    )  # fmt: skip


def value_of(**more):
    """200 customers, 10,000 of margin expected in a year; last time the model was 12 % low."""
    holdout = pd.DataFrame({"repeats": REPEATS, "n_customers": [90, 30, 15, 7, 4, 2, 2, 0]})
    holdout = holdout.assign(actual=np.arange(8) * 1.0, expected=np.arange(8) + 0.5, naive=np.arange(8) * 2.0)
    usual = {
        "customers": None, "deciles": deciles(), "models": models(), "backtest": backtest(), "tracking": tracking(),
        "calibration": pd.DataFrame({"repeats": REPEATS, "actual": [90, 50, 30, 12, 8, 5, 3, 2],
                                     "expected": [95.0, 47, 29, 13, 7, 5, 2, 2]}),
        "holdout": holdout, "lift": pd.DataFrame(), "schedule": pd.DataFrame(), "total": 10_000.0, "ci_low": 7_000.0,
        "ci_high": 14_000.0, "parameter_sd": 900.0, "process_sd": 800.0, "model_error": 0.12,
        "expected_purchases": 300.0, "alive": 120.0, "historical_total": 24_000.0, "historical_revenue": 60_000.0,
        "new_customer_value": 90.0, "new_customer_low": 75.0, "new_customer_high": 108.0, "new_customer_first": 25.0,
        "new_customer_purchases": 2.6, "model": "mbg_nbd", "chosen_by": "backtest", "alive_model": "mbg_nbd",
        "spend_model": "gamma_gamma", "spend_correlation": 0.05, "loses_to_naive": False, "backtest_days": 184,
        "n_customers": 200, "n_repeaters": 110, "without_purchase": 0, "refunds": 0, "refunded": 0.0, "left_out": 0,
        "days_beyond": 0, "data_start": pd.Timestamp("2025-01-01"), "as_of": "2025-12-31", "currency": "EUR",
        "warnings": (), "uncertainty": None, "horizon": "365D", "margin": 0.4, "annual_discount": 0.0, "level": 0.95,
        "unit": "7D",
    }  # fmt: skip
    return CustomerValue(**usual | more)


def groups_of(**more):
    rows = pd.DataFrame(
        {"group": ["ads", "mail", "seo"], "n_customers": [100, 80, 20], "value": [6_000.0, 3_000, 1_000]}
    )
    rows = rows.assign(
        share=rows["n_customers"] / 200, historical_margin=rows["value"] * 2, expected_purchases=rows["value"] / 30,
        ci_low=[5_500.0, 2_000, 400], ci_high=[7_000.0, 4_000, 2_000], value_per_customer=[60.0, 37.5, 50.0],
        value_share=[0.6, 0.3, 0.1], probability_alive=0.5, new_customer_value=[90.0, NAN, NAN],
        new_customer_low=[70.0, NAN, NAN], new_customer_high=[115.0, NAN, NAN],
        new_customer_why=["", "too few", "too few"],
    )  # fmt: skip
    usual = {
        "groups": rows, "total": 10_000.0, "ci_low": 7_000.0, "ci_high": 14_000.0, "n_customers": 200,
        "without_value": 0, "by": "channel",
        "horizon": "365D", "margin": 0.4, "annual_discount": 0.0, "level": 0.95, "as_of": "2025-12-31",
        "currency": "EUR", "model": "mbg_nbd", "model_error": 0.12, "backtest_days": 184,
    }  # fmt: skip
    return GroupValues(**usual | more)
