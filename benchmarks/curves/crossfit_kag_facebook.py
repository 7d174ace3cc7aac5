"""Forecast real ads that were held out, from 281 fine cells with mostly three ads each: pool, or fit each cell?

Data: ``../shared/data/kag_facebook``, 1,143 Facebook ads, one row per ad over its life, no dates. A cell is age x
gender (segment) x interest (slot). The 207 ads without cost are left out: nearly all have exactly one conversion,
because the table holds ads that had one, so they would teach that conversions come free. The others are selected in
the same way, which bends "all conversions" (seldom below 1) more than "approved". An ad has no date: the ads of a cell
get days of their own, in random order, the last of all cells on one day, so that no cell is called stale; the fit's
plan-day factor is taken out again. Five folds; the forecast of an ad comes from the fit that did not see it.

The log score is per ad, in nats, higher is better: a negative binomial around the forecast, whose dispersion each
method estimates on its own training ads. Nothing was tuned on the results.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import curve_fit, minimize, minimize_scalar
from scipy.stats import nbinom

from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from adspend_models.fit import fit_curves
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior
from benchmarks.curves.counts_report import counts_report

Floats = NDArray[np.float64]
Ads = pd.DataFrame  # columns segment, slot, cost, count
Row = dict[str, str | int | float]
Method = Callable[[Ads, Ads], Floats]

DATA = Path(__file__).parents[3] / "shared" / "data" / "kag_facebook" / "KAG_conversion_data.csv"
TARGETS = {"all conversions": "Total_Conversion", "approved": "Approved_Conversion"}
LAST_DAY = datetime.date(2017, 1, 1)  # any day serves: the data have none
FOLDS = 5
SEED = 1143
FEW = 3  # ads: what most of the fine cells have


def crossfit_kag_facebook(smoke: bool) -> list[Row]:
    """Rows: target and method, with held-out log score, WAPE and bias, and the grades of cells with few ads."""
    if not DATA.exists():
        raise FileNotFoundError(f"{DATA} is not there")
    rows: list[Row] = []
    for target in TARGETS:
        ads = read_ads(target)
        fold = np.random.default_rng(SEED).integers(FOLDS, size=len(ads))
        folds = range(1 if smoke else FOLDS)
        grades = grades_of_few(fit_ads(ads), ads)
        for name, method in METHODS.items():
            made = pd.concat([_held_out(method, ads[fold != each], ads[fold == each]) for each in folds])
            rows.append(_errors(target, name, made, grades if name == "pooled curves" else None))
    return rows


def read_ads(target: str) -> Ads:
    """The ads with cost, as segment, slot, cost and count."""
    raw = pd.read_csv(DATA)
    ads = pd.DataFrame(
        {
            "segment": raw["age"] + " " + raw["gender"],
            "slot": "interest " + raw["interest"].astype(str),
            "cost": raw["Spent"].round(2),
            "count": raw[TARGETS[target]],
        }
    )
    return ads[ads["cost"] > 0].reset_index(drop=True)


def report_of_ads(ads: Ads) -> TrafficReport:
    """The ads as days: each of a cell on a day of its own, in random order, ending on ``LAST_DAY``."""
    shuffled = ads.sample(frac=1.0, random_state=SEED)
    back = shuffled.groupby(["segment", "slot"]).cumcount()
    return counts_report(shuffled.assign(date=pd.Timestamp(LAST_DAY) - pd.to_timedelta(back, unit="D")))


def fit_ads(ads: Ads, cells: tuple[Cell, ...] | None = None) -> PosteriorBank:
    """The bank of the ads' cells, or of ``cells``; the prior's centre is the ads' own."""
    report = report_of_ads(ads)
    prior = Prior(
        reference_cost=float(ads["cost"].median()),
        gmv_return=float(ads["count"].sum() / ads["cost"].sum()),
        order_value=1.0,
    )
    plan_date = LAST_DAY + datetime.timedelta(days=1)
    rng = np.random.default_rng(SEED)
    return fit_curves(report, cells or report.cells, plan_date=plan_date, prior=prior, rng=rng)


def grades_of_few(bank: PosteriorBank, ads: Ads) -> Counter[str]:
    """How many of the cells with at most ``FEW`` ads have each grade."""
    size = ads.groupby(["segment", "slot"]).size()
    few = [size[cell.segment, cell.slot] <= FEW for cell in bank.cells]
    return Counter(str(grading.grade) for grading, counted in zip(bank.gradings, few, strict=True) if counted)


def _pooled_curves(train: Ads, asked: Ads) -> Floats:
    keys = [Cell(*key) for key in asked[["segment", "slot"]].itertuples(index=False, name=None)]
    cells = tuple(sorted(set(keys)))
    bank = fit_ads(train, cells)
    # Every row of the grid is one cell: all ads are asked of all cells, and each reads its own.
    made = bank.mean_orders(np.tile(asked["cost"].to_numpy(dtype=float), (len(cells), 1)))
    own = made[[cells.index(key) for key in keys], np.arange(len(keys))]
    forecast: Floats = own / bank.hyper.plan_day
    return forecast


def _one_return(train: Ads, asked: Ads) -> Floats:
    rate = float(train["count"].sum() / train["cost"].sum())
    return rate * asked["cost"].to_numpy(dtype=float)


def _one_power_law(train: Ads, asked: Ads) -> Floats:
    """One curve for all ads, by negative-binomial likelihood: what pooling completely gives."""
    x, y = np.log(train["cost"].to_numpy(dtype=float)), train["count"].to_numpy(dtype=float)
    start = np.array([np.log(y.mean()), 0.5, 0.0])

    def loss(at: Floats) -> float:
        return -float(_log_score(y, np.exp(at[0] + at[1] * x), float(np.exp(at[2]))).sum())

    best = minimize(loss, start)
    made: Floats = np.exp(best.x[0] + best.x[1] * np.log(asked["cost"].to_numpy(dtype=float)))
    return made


def _cell_return(train: Ads, asked: Ads) -> Floats:
    """Each cell's own return; the shop's where the cell has no conversion, since a return of 0 forbids any."""
    sums = train.groupby(["segment", "slot"])[["count", "cost"]].sum()
    own = (sums["count"] / sums["cost"])[sums["count"] > 0]
    rate = own.reindex(pd.MultiIndex.from_frame(asked[["segment", "slot"]])).to_numpy(dtype=float)
    made: Floats = np.where(np.isnan(rate), _one_return(train, asked), rate * asked["cost"].to_numpy(dtype=float))
    return made


def _cell_hill(train: Ads, asked: Ads) -> Floats:
    """Each cell's own saturating curve by SciPy's ``curve_fit``; its return where it lacks three levels of cost."""
    made = pd.Series(_cell_return(train, asked), index=asked.index)
    known = dict(iter(train.groupby(["segment", "slot"])))
    for key, part in asked.groupby(["segment", "slot"]):
        own = known.get(key)
        if own is None or own["cost"].nunique() < 3 or own["count"].sum() == 0:
            continue
        cost, count = own["cost"].to_numpy(dtype=float), own["count"].to_numpy(dtype=float)
        start, high = (2.0 * count.max(), cost.mean()), (100.0 * count.max(), 100.0 * cost.max())
        (top, half), _ = curve_fit(_saturating, cost, count, p0=start, bounds=((1e-3, 1e-3), high))
        made[part.index] = _saturating(part["cost"].to_numpy(dtype=float), top, half)
    return np.asarray(made, dtype=np.float64)


def _saturating(cost: Floats, top: float, half: float) -> Floats:
    """Hill's curve of exponent 1: two parameters, the most that three ads can bear."""
    made: Floats = top * cost / (half + cost)
    return made


METHODS: dict[str, Method] = {
    "pooled curves": _pooled_curves,
    "one power law for all": _one_power_law,
    "one return for all": _one_return,
    "each cell's return": _cell_return,
    "each cell's curve_fit": _cell_hill,
}


def _held_out(method: Method, train: Ads, asked: Ads) -> pd.DataFrame:
    """Counts, forecasts and log scores of the ads ``asked``, which the method did not see."""
    dispersion = _dispersion(train["count"].to_numpy(dtype=float), method(train, train))
    made, count = method(train, asked), asked["count"].to_numpy(dtype=float)
    return pd.DataFrame({"count": count, "made": made, "score": _log_score(count, made, dispersion)})


def _log_score(count: Floats, mean: Floats, dispersion: float) -> Floats:
    return np.asarray(nbinom.logpmf(count, dispersion, dispersion / (dispersion + mean)), dtype=np.float64)


def _dispersion(count: Floats, mean: Floats) -> float:
    """The most likely dispersion (a large one is Poisson) around the fitted means."""
    best = minimize_scalar(lambda log: -_log_score(count, mean, float(np.exp(log))).sum(), bounds=(-4, 8))
    return float(np.exp(best.x))


def _errors(target: str, name: str, made: pd.DataFrame, grades: Counter[str] | None) -> Row:
    total = float(made["count"].sum())
    told = ", ".join(f"{grades[grade]} {grade}" for grade in ("PASS", "REVIEW", "FAIL")) if grades is not None else ""
    return {
        "target": target,
        "method": name,
        "ads": len(made),
        "log score per ad": round(float(made["score"].mean()), 3),
        "WAPE %": round(100 * float((made["made"] - made["count"]).abs().sum()) / total, 1),
        "bias %": round(100 * (float(made["made"].sum()) / total - 1), 1),
        f"grades of cells with at most {FEW} ads": told,
    }
