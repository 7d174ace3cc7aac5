"""Published numbers of dose finding, reproduced by our designs, contrasts and curves.

Sources: Dette, Bretz, Pepelyshev and Pinheiro (2008), "Optimal designs for dose-finding studies", JASA 103, tables 2 to
5, as the R package DoseFinding tests them (openpharma/DoseFinding, tests/testthat/test-optDesign.R and
test-drmodels.R), and what its pages print (README, reference/optDesign, articles/analysis_normal). Figures only; the
curves and their gradients are ``tests/oracles/dose_curves.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import linprog

from adspend_models.optimal_design import (
    AllParameters,
    Averaged,
    Floats,
    OneQuantity,
    efficiency,
    optimal_design,
)
from adspend_models.shapes import HILL
from adspend_models.trend_contrasts import contrast_correlation, contrast_statistics, optimal_contrasts
from oracles import dose_curves as curves
from oracles.dose_curves import Curve

SIX = np.array([0.0, 10, 25, 50, 100, 150])


@dataclass(frozen=True, slots=True)
class Published:
    """A target-dose design: the curve, its gain over dose 0, the weights printed, and equal doses' efficiency."""

    name: str
    curve: Curve
    theta: tuple[float, ...]
    gain: float
    doses: tuple[float, ...]
    weights: tuple[float, ...]
    equal: float | None = None
    before: float = 150.0  # the curve rises up to here

    def criterion(self, doses: Floats) -> OneQuantity:
        target = curves.target_gradient(self.curve, self.theta, self.gain, before=self.before)
        slopes = curves.gradients(self.curve, self.theta, doses)
        return OneQuantity(gradients=slopes, information=np.ones(len(doses)), target=target)

    @property
    def levels(self) -> Floats:
        """The doses printed; the target dose in full where fewer doses than parameters must hit it exactly."""
        doses, target = np.array(self.doses), curves.target_dose(self.curve, self.theta, self.gain, before=self.before)
        return np.where(np.abs(doses - target) < 0.005, target, doses) if len(doses) < len(self.theta) else doses


def exponential_height(scale: float) -> float:
    """0.4 at dose 150."""
    return float(0.4 / np.expm1(150 / scale))


def logistic_theta(ed50: float, delta: float) -> tuple[float, ...]:
    """0 at dose 0, 0.4 at dose 150."""
    low, high = (1 / (1 + np.exp((ed50 - dose) / delta)) for dose in (0.0, 150.0))
    return -0.4 * low / (high - low), 0.4 / (high - low), ed50, delta


EMAX = (0.0, 0.4 * 175 / 150, 25.0)
EXPONENTIAL = (0.0, exponential_height(85), 85.0)
LOGISTIC = logistic_theta(50, 10.881)
BETA, RARE, EVEN, STEEP = curves.beta(200), (0, 0.4, 0.33, 2.31), (0, 0.4, 1.39, 1.39), (0, 0.4, 0.23, 2.31)
LATE = (0, 1, 1.5, 0.8)  # a beta curve that is 0 again at 1.2


def peak(theta: tuple[float, ...], scale: float = 200) -> float:
    """Where a beta curve is highest."""
    return scale * theta[2] / (theta[2] + theta[3])


DETTE = (
    Published("table 2, line 5", curves.emax, (0, 0.6666667, 25), 0.2, (0, 18.75, 150), (0.442, 0.5, 0.058), 0.5099),
    Published("table 2, line 2", curves.emax, EMAX, 0.2, (0, 18.75, 150), (0.5, 0.5, 0)),
    Published("table 3, line 2", curves.exponential, EXPONENTIAL, 0.2, (0, 50, 104.52, 150), (0.5, 0, 0.5, 0), 0.4286),
    Published("table 3, line 1", curves.exponential, (0, 0.08264711, 65), 0.2, (0, 101.57, 150), (0.44, 0.5, 0.06)),
    Published(
        "table 4, line 7", curves.logistic, LOGISTIC, 0.05, (0, 37.29, 64.44, 150), (0.401, 0.453, 0.099, 0.047), 0.1853
    ),
    Published("table 4, line 1", curves.logistic, LOGISTIC, 0.2, (0, 50.22), (0.5, 0.5)),
    Published(
        "table 5, line 5", BETA, RARE, 0.1, (0, 0.49, 25.2, 108.07, 150), (0.45, 0.48, 0.05, 0.02, 0), 0.130, peak(RARE)
    ),
    Published("table 5, line 10", BETA, EVEN, 0.1, (0, 27, 94.89, 150), (0.45, 0.48, 0.05, 0.02), 0.501, peak(EVEN)),
    Published("table 5, line 1", BETA, STEEP, 0.2, (0, 0.35, 150), (0.5, 0.5, 0), 0.056, peak(STEEP)),
    Published(
        "numerical gradients were unstable here",
        curves.beta(1.2),
        LATE,
        0.5,
        (0, 0.25, 0.5, 0.75, 1),
        (0.4895, 0.3552, 0.1448, 0, 0.0105),
        before=peak(LATE, 1.2),
    ),
)


@pytest.mark.parametrize("case", DETTE, ids=lambda case: case.name)
def test_target_dose_designs(case: Published) -> None:
    """The printed weights, and how little equal weights on six doses teach beside them; table 5 prints fewer digits."""
    rounding = 10 if "table 5" in case.name else 1
    best = optimal_design(case.criterion(case.levels))
    assert best.weights == pytest.approx(case.weights, abs=6e-4 * rounding)
    if case.equal is not None:
        found = efficiency(case.criterion(SIX), np.full(6, 1 / 6), best)
        assert found == pytest.approx(case.equal, abs=5e-5 * rounding)


@pytest.mark.parametrize("case", DETTE, ids=lambda case: case.name)
def test_elfving(case: Published) -> None:
    """Elfving (1952): the least variance is (min sum |u|)^2 over u with G'u = c, a linear program of its own."""
    criterion = case.criterion(case.levels)
    found = linprog(
        np.ones(2 * criterion.levels),
        A_eq=np.concatenate([criterion.gradients, -criterion.gradients]).T,
        b_eq=criterion.target,
    )
    assert optimal_design(criterion).value == pytest.approx(-2 * np.log(found.fun), abs=1e-8)


def six_dose_models() -> Averaged:
    """The README's four models, each with probability 1/4."""
    models: tuple[tuple[Curve, tuple[float, ...]], ...] = (
        (curves.linear, (0, 0.4 / 150)),
        (curves.emax, EMAX),
        (curves.exponential, EXPONENTIAL),
        (curves.logistic, logistic_theta(50, 10.8811)),
    )
    cases = [Published("", curve, theta, 0.2, (), ()) for curve, theta in models]
    return Averaged(criteria=tuple(case.criterion(SIX) for case in cases), probability=(0.25,) * 4)


def test_design_averaged_over_four_models() -> None:
    """README, ``optDesign(fmodels, weights, Delta=0.2, designCrit="TD")``."""
    printed = [0.34960, 0.09252, 0.00366, 0.26760, 0.13342, 0.15319]
    assert optimal_design(six_dose_models()).weights == pytest.approx(printed, abs=2e-4)


def emax_15() -> tuple[AllParameters, OneQuantity]:
    """The Emax curve of reference/optDesign: ED50 15, gain 1 at dose 100, target gain 0.5."""
    theta, doses = (0.0, 1.15, 15.0), np.array([0.0, 10, 100])
    slopes, one = curves.gradients(curves.emax, theta, doses), np.ones(3)
    target = curves.target_gradient(curves.emax, theta, 0.5, before=100)
    parameters = AllParameters(gradients=slopes, information=one)
    return parameters, OneQuantity(gradients=slopes, information=one, target=target)


def test_two_criteria_and_their_mixture() -> None:
    parameters, dose = emax_15()
    mixture = Averaged(criteria=(parameters, dose), probability=(0.5, 0.5))
    assert optimal_design(parameters).weights == pytest.approx([1 / 3, 1 / 3, 1 / 3], abs=1e-5)
    assert optimal_design(dose).weights == pytest.approx([0.5, 0.48225, 0.01775], abs=1e-5)
    assert optimal_design(mixture).weights == pytest.approx([0.42190, 0.41062, 0.16748], abs=1e-4)


def test_bounds_and_patients_already_seen() -> None:
    """``lowbnd = rep(0.2, 3)``; 10 patients seen on each dose and 30 to come are least weights of 10/60."""
    dose = emax_15()[1]
    bounded = optimal_design(dose, lower=np.full(3, 0.2)).weights
    assert bounded == pytest.approx([0.40723, 0.39277, 0.2], abs=1e-5)
    to_come = (optimal_design(dose, lower=np.full(3, 10 / 60)).weights * 60 - 10) / 30
    assert to_come == pytest.approx([0.51506, 0.48494, 0], abs=1e-5)


def test_bounds_on_a_line() -> None:
    """The ends of a line, though the starting design has them at their bounds."""
    slopes = curves.gradients(curves.linear, (0, 1), np.linspace(0, 1, 5))
    lower, upper = np.array([0.2, 0, 0, 0, 0.2]), np.array([1, 0.3, 1, 1, 1])
    line = AllParameters(gradients=slopes, information=np.ones(5))
    assert optimal_design(line, lower=lower, upper=upper).weights == pytest.approx([0.5, 0, 0, 0, 0.5], abs=1e-6)


def test_cubic() -> None:
    """Four of five doses, a quarter each (the criterion given by hand in reference/optDesign)."""
    powers = np.array([0, 0.05, 0.2, 0.6, 1])[:, None] ** np.arange(4.0)
    found = optimal_design(AllParameters(gradients=powers, information=np.ones(5)))
    assert found.weights == pytest.approx([0.25, 0, 0.25, 0.25, 0.25], abs=1e-5)


def test_efficiency_of_six_equal_doses_for_the_whole_beta_curve() -> None:
    """reference/optDesign prints ``exp(deswgts$crit - crit2)`` = 0.677752."""
    best, six = (
        AllParameters(gradients=curves.gradients(BETA, RARE, doses), information=np.ones(len(doses)))
        for doses in (np.array([0, 0.49, 25.2, 108.07, 150]), SIX)
    )
    assert efficiency(six, np.full(6, 1 / 6), optimal_design(best)) == pytest.approx(0.677752, abs=1e-5)


GLYCOBROM = np.array([0.0, 12.5, 25, 50, 100])
CANDIDATES: tuple[tuple[Curve, tuple[float, ...]], ...] = (
    (curves.emax, (0, 1, 2.6)),
    (curves.emax, (0, 1, 12.5)),
    (curves.sig_emax, (0, 1, 30.5, 3.5)),
    (curves.quadratic, (0, 1, -0.00776)),
)


def test_contrasts_of_glycobrom() -> None:
    """articles/analysis_normal: contrasts, their correlation, and t-statistics of five means, 60 patients a dose."""
    covariance = 0.015**2 * np.eye(5)
    contrasts = optimal_contrasts(np.array([curves.values(c, t, GLYCOBROM) for c, t in CANDIDATES]), covariance)
    printed = [
        [-0.886, 0.116, 0.211, 0.265, 0.294],
        [-0.813, -0.101, 0.136, 0.326, 0.452],
        [-0.486, -0.439, -0.120, 0.448, 0.597],
        [-0.723, -0.240, 0.140, 0.587, 0.236],
    ]
    assert contrasts == pytest.approx(np.array(printed), abs=6e-4)
    correlation = contrast_correlation(contrasts, covariance)[np.triu_indices(4, k=1)]
    assert correlation == pytest.approx([0.957, 0.648, 0.867, 0.839, 0.929, 0.844], abs=6e-4)
    found = contrast_statistics(contrasts, np.array([1.243, 1.317, 1.333, 1.374, 1.385]), covariance)
    assert found == pytest.approx([6.937000, 7.442849, 6.675739, 7.016303], abs=1e-6)


@pytest.mark.parametrize("reference", [1.0, 40.0, 50.0, 300.0])
@pytest.mark.parametrize(
    ("dose", "shape", "printed"),
    [
        (100, 10, (0.999024390243902, -0.000194931588340274, 0.000675581404300663)),
        (100, 150, (1, 0, 0)),
        (150, 150, (1, 0, 0)),
    ],
)
def test_sigmoid_emax_gradient(dose: float, shape: float, printed: tuple[float, ...], reference: float) -> None:
    """Our slopes in (a, q, l) and the chain rule give ``sigEmaxGrad(dose, eMax=1, ed50=50, h)``; e0's entry is 1.

    a = log eMax - log R + log share(R), q = log(ed50 / R), l = log h; share(R) = 1 / (1 + (ed50 / R)^h).
    """
    half = 50.0
    unseen = 1 / (1 + (reference / half) ** shape)  # 1 - share(R)
    theta = np.array(
        [[-np.log(reference) - np.log1p((half / reference) ** shape), np.log(half / reference), np.log(shape)]]
    )
    ratio = np.array([[np.log(dose / reference)]])
    by_q, by_l = HILL.slopes(theta, ratio)
    orders = reference * HILL.orders(theta, ratio)
    ours = orders.item() * np.array([1.0, by_q.item(), by_l.item()])
    chain = [
        [1, -shape / half * unseen, unseen * np.log(reference / half)],  # of a, by eMax, ed50, h
        [0, 1 / half, 0],
        [0, 0, 1 / shape],
    ]
    assert ours @ np.array(chain) == pytest.approx(printed, rel=1e-9, abs=1e-12)


def test_the_oracle_has_the_published_gradient() -> None:
    """Complex steps agree with ``sigEmaxGrad(100, 1, 50, 10)`` to the last printed digits, and with it at dose 0."""
    found = curves.gradients(curves.sig_emax, (1, 1, 50, 10), np.array([0.0, 100]))
    printed = [1, 0.999024390243902, -0.000194931588340274, 0.000675581404300663]
    assert found == pytest.approx(np.array([[1, 0, 0, 0], printed]), rel=1e-12, abs=1e-15)
    assert curves.values(curves.sig_emax, (1, 1, 50, 2), np.array([100.0])) == pytest.approx([1.8])
