"""Fit on April 2020, forecast each May day from its spend alone: the curve against constant returns and no change.

Data: ``../shared/data/online_ads/reports.csv``, a real advertiser. Every forecast gets May's cost per cell and day and
nothing else of May. The error is the weighted absolute percentage error of daily orders per segment, and the bias is
forecast over actual minus 1. Two set-ups: one fit at the end of April, and a rolling fit that forecasts one day ahead
(every third day, to keep it short). Nothing was tuned on May.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from adspend_datasets.readers import read_reports
from adspend_datasets.report import TrafficReport
from adspend_models.fit import fit_curves
from adspend_models.prior import Prior

DATA = Path(__file__).parents[3] / "shared" / "data" / "online_ads" / "reports.csv"
MAY = datetime.date(2020, 5, 1)
# A weak centre only: one cell-day of ordinary spend at the break-even ROI of samples/online_ads_shop.toml.
PRIOR = Prior(reference_cost=20.0, gmv_return=3.7, order_value=50.0)
RECENT_DAYS = 7
SEED = 20200501
METHODS = ("curve", "constant return", "last 7 days' return", "last value")


def backtest_online_ads(smoke: bool) -> list[dict[str, str | int | float]]:
    """Rows: set-up, segment, and for each method WAPE and bias in percent."""
    if not DATA.exists():
        raise FileNotFoundError(f"{DATA} is not there")
    report, _ = read_reports([DATA])
    may = report.rows[report.rows["date"] >= pd.Timestamp(MAY)]
    days = sorted(may["date"].unique())
    fixed = pd.concat([_forecast(report, MAY, may[may["date"] == day]) for day in days[: 5 if smoke else None]])
    rolling = [
        _forecast(report, pd.Timestamp(day).date(), may[may["date"] == day])
        for day in days[1 : 8 if smoke else None : 3]
    ]
    return [*_errors("one fit, end of April", fixed), *_errors("rolling, one day ahead", pd.concat(rolling))]


def _forecast(report: TrafficReport, known_until: datetime.date, day: pd.DataFrame) -> pd.DataFrame:
    """The day's actual and forecast orders per row, from what was known before ``known_until``."""
    past = report.rows[report.rows["date"] < pd.Timestamp(known_until)]
    cost = day["cost_fen"].to_numpy(dtype=float) / 100
    forecast = {
        "segment": day["segment"],
        "actual": day["orders"].to_numpy(dtype=float),
        "outside": cost > _largest(past, day),
        "curve": _by_curve(report, known_until, day, cost),
        "constant return": _by_return(past, day, cost),
        "last 7 days' return": _by_return(
            past[past["date"] >= past["date"].max() - pd.Timedelta(days=RECENT_DAYS - 1)], day, cost
        ),
        "last value": _last_value(past, day),
    }
    return pd.DataFrame(forecast)


def _by_curve(report: TrafficReport, known_until: datetime.date, day: pd.DataFrame, cost: np.ndarray) -> np.ndarray:
    date = pd.Timestamp(day["date"].iloc[0]).date()
    known = TrafficReport(rows=report.rows[report.rows["date"] < pd.Timestamp(known_until)])
    rng = np.random.default_rng(SEED)
    bank = fit_curves(known, report.cells, plan_date=date, prior=PRIOR, rng=rng)
    where = {(cell.segment, cell.slot): i for i, cell in enumerate(bank.cells)}
    index = [where[key] for key in zip(day["segment"], day["slot"], strict=True)]
    grid = np.zeros((len(bank.cells), 1))
    grid[index, 0] = cost
    return bank.mean_orders(grid)[index, 0]


def _by_return(past: pd.DataFrame, day: pd.DataFrame, cost: np.ndarray) -> np.ndarray:
    """Orders per yuan of the cell so far, or of its segment where the cell spent nothing, times the cost."""
    sums = past.groupby(["segment", "slot"])[["orders", "cost_fen"]].sum().astype(float)
    groups = past.groupby("segment")[["orders", "cost_fen"]].sum().astype(float)
    rates = []
    for segment, slot in zip(day["segment"], day["slot"], strict=True):
        cell = sums.loc[(segment, slot)] if (segment, slot) in sums.index else None
        if cell is None or cell["cost_fen"] <= 0:
            cell = groups.loc[segment] if segment in groups.index else None
        rates.append(0.0 if cell is None or cell["cost_fen"] <= 0 else cell["orders"] / cell["cost_fen"] * 100)
    return np.asarray(np.array(rates) * cost, dtype=np.float64)


def _last_value(past: pd.DataFrame, day: pd.DataFrame) -> np.ndarray:
    """The cell's orders of its last day with cost, whatever the cost is now; 0 for a cell never tried."""
    last = past[past["cost_fen"] > 0].sort_values("date").groupby(["segment", "slot"])["orders"].last()
    keys = list(zip(day["segment"], day["slot"], strict=True))
    return np.array([float(last.get(key, 0)) for key in keys])


def _largest(past: pd.DataFrame, day: pd.DataFrame) -> np.ndarray:
    most = past.groupby(["segment", "slot"])["cost_fen"].max()
    keys = list(zip(day["segment"], day["slot"], strict=True))
    return np.array([float(most.get(key, 0)) / 100 for key in keys])


def _errors(setup: str, forecasts: pd.DataFrame) -> list[dict[str, str | int | float]]:
    rows = []
    for segment, part in [("all", forecasts), *forecasts.groupby("segment")]:
        row: dict[str, str | int | float] = {
            "set-up": setup,
            "segment": str(segment),
            "orders": int(part["actual"].sum()),
            "spend outside tested %": round(100 * float(part["outside"].mean()), 1),
        }
        for method in METHODS:
            total = max(float(part["actual"].sum()), 1.0)
            row[f"{method}: WAPE %"] = round(100 * float((part[method] - part["actual"]).abs().sum()) / total, 1)
            row[f"{method}: bias %"] = round(100 * (float(part[method].sum()) / total - 1), 1)
        rows.append(row)
    return rows
