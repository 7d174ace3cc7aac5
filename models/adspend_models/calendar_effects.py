"""What the day itself does to orders, at the same cost: weekday, festival phase, drift, and shocks all cells share.

Notation: a group g is a (day, phase) pair; G groups.

    eta_g = weekday + phase + drift(day) + shock_g      log factor of every order of group g
    weekday, phase ~ N(0, sd^2) each;  drift ~ Gaussian process, N(0, DRIFT_SD^2) with correlation exp(-days apart / 14)
    shock_g ~ N(0, sigma^2)                             a day's own: weather, a rival's promotion, a good host

Cells share eta, so a day on which every cell sells well is a good day, not forty good curves. That matters twice:
budgets that follow demand do not pass for response (spend rises with eta, not with the curve), and forty cells tested
on one day measure the day once. Given the curves, the counts say ``u_g = eta_g + score_g / w_g`` with precision w_g
(the summed curvature). So with C the prior covariance of eta, everything is Gaussian:

    E[eta_g] = C (C + W^-1)^-1 u,    E[eta at the planning date] = c_plan' (C + W^-1)^-1 u

The drift is what a linear trend is not: it fades out ahead instead of running on.

Constants from a real advertiser (online_ads: 14 cells with orders every day, 61 days): after each cell's own trend in
cost, weekday means have log-sd 0.066 and day means 0.15, with a lag-1 correlation near one half, so drift and shock get
half of that variance each. The weekday prior is twice what was seen, for shops whose week swings more. A festival
doubles or halves orders in one case of six. All but phases need two weeks: on three test days a shock cannot be told
from the level tested that day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.festivals import festival_of
from adspend_models.likelihood import curvature, score
from adspend_models.panel import Panel
from adspend_models.sample import Sample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WEEKDAY_SD = 0.13
PHASE_SD = 0.5
DRIFT_SD = SHOCK_SD = 0.106  # sqrt(0.15^2 / 2)
MEMORY = 14.0  # days
SHOCK_WEIGHT = 5.0  # days' worth of belief in SHOCK_SD
FEWEST_DAYS = 14
LARGEST = 1.5  # a factor of 4.5 either way: only broken data ask for more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """Which group each entry belongs to, and how alike the groups are.

    Attributes:
        group: Each entry's group, 0 where it does not count, (n, T).
        weekday: 0 is Monday, (G,).
        phase: Position in ``phases``, -1 on normal days, (G,).
        phases: Names of the phases, normal days left out.
        likeness: Prior covariance of eta without the shocks, (G, G).
        plan_likeness: Its covariance with the planning date, (G,).
        plan_variance: Prior variance of the planning date's eta.
        enough: Whether there are days enough to tell shocks from the costs chosen on those days.
    """

    group: Ints
    weekday: Ints
    phase: Ints
    phases: tuple[str, ...]
    likeness: Floats
    plan_likeness: Floats
    plan_variance: float
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayEffects:
    """The estimates.

    Attributes:
        log_factor: E[eta], (G,).
        weekday: Log effects, Monday first, (7,).
        phase: Log effects of the calendar's phases.
        plan_mean: Log of the planning date's expected factor over an average day.
        plan_sd: How well it is known, log units.
        sigma: The shocks' log-sd.
    """

    log_factor: Floats
    weekday: Floats
    phase: Floats
    plan_mean: float
    plan_sd: float
    sigma: float


def lay_out_calendar(panel: Panel, ok: Bools, plan_day: int, plan_phase: str = "") -> Calendar:
    """The calendar of the ``ok`` days (n, T) of a panel.

    Args:
        panel: n cells.
        ok: The days that count, (n, T).
        plan_day: The planning date, proleptic ordinal.
        plan_phase: The festival phase it lies in, "" on a normal day. One that no day counted bears is as unknown as
            any phase is beforehand.
    """
    key = panel.day[ok] * len(panel.phase_names) + panel.phase[ok]
    groups, index = np.unique(key, return_inverse=True)
    day, code = np.divmod(groups, len(panel.phase_names))
    group = np.zeros(ok.shape, dtype=np.int64, order="F")  # as the sample is laid out
    group[ok] = index
    # A test's tag says how the level was chosen, not what the day was like.
    festival = [festival_of(name) for name in panel.phase_names]
    named = list(dict.fromkeys(festival[i] for i in np.unique(code).tolist() if festival[i]))
    position = np.array([named.index(name) if name in named else -1 for name in festival])
    phase = position[code]
    enough = np.unique(day).size >= FEWEST_DAYS
    days, phases = np.append(day, plan_day), np.append(phase, _plan_position(named, plan_phase))
    alike = PHASE_SD**2 * ((phases[:, None] == phases) & (phases >= 0))
    if enough:
        apart = np.abs(days[:, None] - days)
        alike = alike + WEEKDAY_SD**2 * (apart % 7 == 0) + DRIFT_SD**2 * np.exp(-apart / MEMORY)
    return Calendar(
        group=group,
        weekday=(day - 1) % 7,
        phase=phase,
        phases=tuple(named),
        likeness=alike[:-1, :-1],
        plan_likeness=alike[:-1, -1],
        plan_variance=float(alike[-1, -1]),
        enough=bool(enough),
    )


def _plan_position(named: list[str], plan_phase: str) -> int:
    """Where the planning date's phase stands among those ``named``; after them all where none is it."""
    if not plan_phase:
        return -1
    return named.index(plan_phase) if plan_phase in named else len(named)


def no_day_effects(calendar: Calendar) -> DayEffects:
    """Before any data: every day is like every other, and the level of all rests on G shocks."""
    return DayEffects(
        log_factor=np.zeros(len(calendar.weekday)),
        weekday=np.zeros(7),
        phase=np.zeros(len(calendar.phases)),
        plan_mean=0.0,
        plan_sd=float(np.sqrt(calendar.plan_variance + SHOCK_SD**2 / max(len(calendar.weekday), 1))),
        sigma=SHOCK_SD,
    )


def reestimate_day_effects(
    sample: Sample, calendar: Calendar, mean: Floats, size: Floats, now: DayEffects
) -> DayEffects:
    """One Newton step of all effects, and one EM step of the shocks' size.

    Args:
        sample: n cells.
        calendar: Of the same entries.
        mean: Expected orders with the current effects in, (n, T).
        size: Negative-binomial sizes, (n, 1).
        now: The current effects.
    """
    count = len(calendar.weekday)
    if count == 0 or not (calendar.enough or calendar.phases):
        return now
    where = calendar.group[sample.ok]
    pull = np.bincount(where, score(sample.orders, mean, size)[sample.ok], minlength=count)
    weight = np.maximum(np.bincount(where, curvature(sample.orders, mean, size)[sample.ok], minlength=count), 1e-9)
    told = now.log_factor + np.clip(pull / weight, -LARGEST, LARGEST)
    known = np.linalg.inv(calendar.likeness + np.diag(now.sigma**2 + 1.0 / weight))
    level = known.sum(axis=0)
    told = told - level @ told / level.sum()  # the level of all days is the curves' business
    drawn = known @ told
    shock = now.sigma**2 * drawn * calendar.enough
    left = now.sigma**2 - now.sigma**4 * np.diag(known)
    square = (SHOCK_WEIGHT * SHOCK_SD**2 + (np.square(shock) + left).sum()) / (SHOCK_WEIGHT + count)
    sigma = float(np.sqrt(square)) if calendar.enough else now.sigma
    weekday = WEEKDAY_SD**2 * np.bincount(calendar.weekday, drawn, minlength=7) * calendar.enough
    variance = calendar.plan_variance - calendar.plan_likeness @ known @ calendar.plan_likeness + 1.0 / level.sum()
    return DayEffects(
        log_factor=np.clip(calendar.likeness @ drawn + shock, -LARGEST, LARGEST),
        weekday=weekday - weekday.mean(),
        phase=np.array([PHASE_SD**2 * drawn[calendar.phase == i].sum() for i in range(len(calendar.phases))]),
        # Where shocks are told apart, curves state a median day: the mean of exp(shock) is added.
        plan_mean=float(np.clip(calendar.plan_likeness @ drawn, -LARGEST, LARGEST) + 0.5 * sigma**2 * calendar.enough),
        plan_sd=float(np.sqrt(variance)),
        sigma=sigma,
    )
