"""Refund maturity (退款成熟度): what share of GMV is refunded in the end, when young days have shown only part of it.

Notation: a report is one snapshot; day t is a_t = snapshot - t days old; cells are added up per day.

    g_t, r_t   GMV of day t and its refunds known so far, yuan
    R          the mature rate: the share of GMV refunded in the end
    q, p       the share of refunds known on the day itself; the share of the rest that arrives on each later day
    F(a)       = 1 - (1 - q)(1 - p)^a, the completion at age a;  q = p is geometric arrival
    r_t / g_t  ~ mean m_t = R F(a_t), variance phi m_t (1 - m_t) / g_t        (quasi-binomial)

R, q and p maximise the quasi-likelihood sum g_t [y_t log m_t + (1 - y_t) log(1 - m_t)], y = r / g; phi is Pearson's
scatter of whole days, so what moves a day's cells together counts once; the interval is the profile likelihood's
(Wedderburn, Biometrika 61, 1974; McCullagh and Nelder, Generalized Linear Models, ch. 9). A file in which only mature
days state refunds (a platform's closed 14-day window) says nothing of arrival: there F = 1.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.stats import t as student

from adspend_datasets.text import Text
from adspend_models.panel import Panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MATURE_AGE = 14  # days: the longest refund window that platforms report
LEAST_ORDERS = 200  # the rate's standard error is then about 0.5 / sqrt(200) = 3.5 points: fewer decide nothing
LEAST_MATURE_DAYS = 3  # fewer show no scatter between days
LEVEL = 0.90
# Slower than a tenth a day, a quarter of all refunds would come after MATURE_AGE; a month's report cannot tell such an
# arrival from a higher rate, and the estimate would be extrapolation.
SLOWEST, FASTEST = 0.1, 0.95
EDGE = 1e-4  # rates stay inside (EDGE, 1 - EDGE), where the likelihood is finite
STARTS = ((0.1, 0.15), (0.5, 0.15), (0.3, 0.5))  # (q, p): slow, mostly at once, fast


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RefundMaturity:
    """What a report says of refunds in the end.

    Attributes:
        rate: R; the stated rate where the report does not say.
        low: Lower end of the 90 % interval; NaN where the report does not say.
        high: Its upper end; NaN likewise.
        completion: F(0), F(1), ... up to the oldest day, (A,).
        measured: Whether ``rate`` comes from the report.
        reason: What ``rate`` rests on, or why the report does not say.
    """

    rate: float
    low: float
    high: float
    completion: Floats
    measured: bool
    reason: Text

    def __post_init__(self) -> None:
        """Refuses a rate outside [0, 1] and a completion that falls."""
        if not 0 <= self.rate <= 1:
            raise ValueError(f"`0 <= rate <= 1` must hold, but got {self.rate}")
        if np.any(np.diff(self.completion) < 0):
            raise ValueError(f"`completion` must not fall with age, but got {self.completion}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaturedRefunds:
    """Refunds as they will be: ``refund`` (n, T) yuan, NaN where none are known; ``immature`` (n, T) younger days."""

    refund: Floats
    immature: Bools


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Days:
    """One entry per day: age, share refunded so far, GMV; orders in all."""

    age: Floats
    share: Floats
    gmv: Floats
    orders: float


def refund_maturity(panel: Panel, snapshot: datetime.date, stated_rate: float) -> RefundMaturity:
    """The mature refund rate of a report, pooled over its cells.

    Args:
        panel: the report; entries without GMV or without refunds say nothing.
        snapshot: the day on which it was exported, at the latest the plan's date.
        stated_rate: what to fall back on.
    """
    days = _pooled_days(panel, snapshot)
    mature = int((days.age >= MATURE_AGE).sum())
    if reason := _too_little(days, mature):
        completion = np.ones(1)
        return RefundMaturity(
            rate=stated_rate, low=np.nan, high=np.nan, completion=completion, measured=False, reason=reason
        )
    rate, at_once, daily = best = _fit(days)
    low, high = _interval(days, best)
    reason = Text(
        f"{len(days.age)} 天、{days.orders:,.0f} 单，其中 {mature} 天满 {MATURE_AGE} 天",
        f"{len(days.age)} days with {days.orders:,.0f} orders, {mature} of them at least {MATURE_AGE} days old",
    )
    completion = _completion(np.arange(days.age.max() + 1), at_once, daily)
    return RefundMaturity(rate=rate, low=low, high=high, completion=completion, measured=True, reason=reason)


def matured_refunds(panel: Panel, snapshot: datetime.date, maturity: RefundMaturity) -> MaturedRefunds:
    """Every entry's refunds so far and those to be expected of the money not yet refunded.

    A yuan not refunded by age a is refunded later with probability R (1 - F) / (1 - R F). Days older than the oldest
    that ``maturity`` saw take its last completion.
    """
    age = np.where(panel.seen, snapshot.toordinal() - panel.day, 0)
    known = maturity.completion[np.clip(age, 0, len(maturity.completion) - 1)]
    later = maturity.rate * (1 - known) / (1 - maturity.rate * known) if maturity.rate < 1 else np.ones(known.shape)
    outstanding = np.maximum(panel.gmv - panel.refund, 0.0)
    return MaturedRefunds(refund=panel.refund + outstanding * later, immature=panel.seen & (age < MATURE_AGE))


def _pooled_days(panel: Panel, snapshot: datetime.date) -> _Days:
    ok = panel.seen & (panel.gmv > 0) & np.isfinite(panel.refund) & (panel.day <= snapshot.toordinal())
    day, code = np.unique(panel.day[ok], return_inverse=True)
    gmv, refund = (
        np.bincount(code, column[ok], minlength=len(day)).astype(np.float64) for column in (panel.gmv, panel.refund)
    )
    return _Days(
        age=(snapshot.toordinal() - day).astype(np.float64),
        share=np.clip(refund / gmv, 0.0, 1.0),  # more refunded than sold is a fault that the grades name
        gmv=gmv,
        orders=float(np.nansum(panel.orders[ok])),
    )


def _too_little(days: _Days, mature: int) -> Text | None:
    if days.orders < LEAST_ORDERS:
        return Text(
            f"有退款数据的订单只有 {days.orders:,.0f} 单（至少 {LEAST_ORDERS}），沿用店铺文件的退款率",
            f"only {days.orders:,.0f} orders with known refunds (at least {LEAST_ORDERS}): the shop file's rate stands",
        )
    if mature < LEAST_MATURE_DAYS:
        return Text(
            f"满 {MATURE_AGE} 天的日子只有 {mature} 天（至少 {LEAST_MATURE_DAYS}），沿用店铺文件的退款率",
            f"only {mature} days at least {MATURE_AGE} days old (at least {LEAST_MATURE_DAYS}): "
            "the shop file's rate stands",
        )
    if not days.share.any():
        return Text(
            "报表里一笔退款也没有，多半是没有导出退款列，沿用店铺文件的退款率",
            "not one refund in the report, most likely a column not exported: the shop file's rate stands",
        )
    return None


def _completion(age: Floats, at_once: float, daily: float) -> Floats:
    return np.asarray(1 - (1 - at_once) * (1 - daily) ** age, dtype=np.float64)


def _fit(
    days: _Days, rate: float | None = None, starts: tuple[tuple[float, float], ...] = STARTS
) -> tuple[float, float, float]:
    """(R, q, p) of the highest quasi-likelihood from any of ``starts`` (q, p), R held where it is given."""
    rates = (EDGE, 1 - EDGE) if rate is None else (rate, rate)
    oldest = days.age >= MATURE_AGE
    start = float(np.clip(np.average(days.share[oldest], weights=days.gmv[oldest]), *rates))
    if oldest.all():
        return start, 1.0, FASTEST  # F = 1, where the pooled share is the highest
    found = [
        minimize(
            _loss,
            np.array([start, q, p]),
            args=(days,),
            jac=True,
            method="L-BFGS-B",
            bounds=(rates, (0.0, 1.0), (SLOWEST, FASTEST)),
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
        )
        for q, p in starts
    ]
    best = min(found, key=lambda result: float(result.fun))
    rate, at_once, daily = (float(x) for x in best.x)
    return rate, at_once, daily


def _loss(theta: Floats, days: _Days) -> tuple[float, Floats]:
    """Minus the quasi-likelihood per yuan of GMV, and its slopes by R, q and p."""
    rate, at_once, daily = theta
    left = (1 - daily) ** days.age
    known = 1 - (1 - at_once) * left
    mean = np.clip(rate * known, 1e-12, 1 - 1e-12)
    weight = days.gmv / days.gmv.sum()
    fit = weight @ (days.share * np.log(mean) + (1 - days.share) * np.log1p(-mean))
    pull = weight * (days.share - mean) / (mean * (1 - mean))
    by_daily = rate * (1 - at_once) * days.age * left / (1 - daily)
    return -float(fit), -np.array([pull @ known, pull @ (rate * left), pull @ by_daily])


def _interval(days: _Days, best: tuple[float, float, float]) -> tuple[float, float]:
    """The rates whose profile likelihood is within reach of the best one's."""
    free = 3 if days.age.min() < MATURE_AGE else 1
    spare = max(len(days.age) - free, 1)
    mean = np.clip(best[0] * _completion(days.age, best[1], best[2]), 1e-12, 1 - 1e-12)
    scatter = float((days.gmv * (days.share - mean) ** 2 / (mean * (1 - mean))).sum()) / spare
    scatter = max(scatter, float(days.gmv.sum()) / days.orders)  # days never scatter less than their orders do
    reach = 0.5 * student.ppf(0.5 + LEVEL / 2, spare) ** 2 * scatter / float(days.gmv.sum())
    top = _loss(np.array(best), days)[0]

    def beyond(rate: float) -> float:
        return _loss(np.array(_fit(days, rate, (best[1:],))), days)[0] - top - reach

    low, high = (
        end if beyond(end) <= 0 else float(brentq(beyond, end, best[0], xtol=1e-4)) for end in (EDGE, 1 - EDGE)
    )
    return low, high
