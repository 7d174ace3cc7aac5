"""Laws of optimal designs: the equivalence theorem, closed forms, and what a design may not depend on."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_models.optimal_design import (
    AllParameters,
    Averaged,
    Criterion,
    Floats,
    OneQuantity,
    efficiency,
    optimal_design,
    possible_gain,
)

PROBLEMS = range(40)


def random_problem(seed: int) -> tuple[AllParameters, OneQuantity]:
    """2 to 4 parameters on up to 25 levels, with levels that tell unequally much."""
    rng = np.random.default_rng(seed)
    p = int(rng.integers(2, 5))
    levels = int(rng.integers(p, 26))
    slopes, information = rng.normal(size=(levels, p)), rng.gamma(2.0, size=levels)
    parameters = AllParameters(gradients=slopes, information=information)
    return parameters, OneQuantity(gradients=slopes, information=information, target=rng.normal(size=p))


def inverse_information(problem: AllParameters | OneQuantity, weights: Floats) -> Floats:
    """M(w)^-1 as the books write it."""
    weighted = (weights * problem.information)[:, None] * problem.gradients
    return np.asarray(np.linalg.inv(problem.gradients.T @ weighted))


@pytest.mark.parametrize("seed", PROBLEMS)
def test_equivalence_theorem(seed: int) -> None:
    """Kiefer and Wolfowitz: lam g' M^-1 g is at most p at every level and p where the design has weight."""
    problem, _ = random_problem(seed)
    weights = optimal_design(problem).weights
    inverse = inverse_information(problem, weights)
    variance = problem.information * np.einsum("li,ij,lj->l", problem.gradients, inverse, problem.gradients)
    p = problem.gradients.shape[1]
    assert variance.max() <= p + 1e-5
    assert variance[weights > 1e-4] == pytest.approx(p, abs=1e-4)
    assert problem.sensitivity(weights) == pytest.approx(variance / p, rel=1e-6)


@pytest.mark.parametrize("seed", PROBLEMS)
def test_equivalence_theorem_for_one_quantity(seed: int) -> None:
    """The same for lam (g' M^-1 c)^2 / c' M^-1 c, at most 1."""
    _, problem = random_problem(seed)
    weights = optimal_design(problem).weights
    solved = inverse_information(problem, weights) @ problem.target
    found = problem.information * (problem.gradients @ solved) ** 2 / (problem.target @ solved)
    assert found.max() <= 1 + 1e-4  # M is nearly singular where the quantity needs fewer levels than parameters
    assert found[weights > 1e-4] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("seed", PROBLEMS)
def test_no_random_design_is_better_and_the_certificate_covers_what_it_lacks(seed: int) -> None:
    rng = np.random.default_rng([1, seed])
    criteria = random_problem(seed)
    criterion: Criterion = Averaged(criteria=criteria, probability=(0.3, 0.7))
    best = optimal_design(criterion)
    assert -1e-9 <= best.gain <= 1e-5
    for weights in rng.dirichlet(np.full(criterion.levels, 0.5), size=20):
        lack = best.value - criterion.value(weights)
        assert -1e-6 <= lack <= possible_gain(criterion, weights) + 1e-6
        assert efficiency(criterion, weights, best) == pytest.approx(np.exp(-lack))


@pytest.mark.parametrize("seed", PROBLEMS)
def test_bounds_hold_and_no_design_within_them_is_better(seed: int) -> None:
    rng = np.random.default_rng([2, seed])
    criterion, levels = random_problem(seed)[0], random_problem(seed)[0].levels
    lower, upper = rng.dirichlet(np.ones(levels)) / 2, np.minimum(2 / levels + rng.random(levels), 1)
    best = optimal_design(criterion, lower=lower, upper=upper)
    assert np.all(best.weights >= lower - 1e-9)
    assert np.all(best.weights <= upper + 1e-9)
    assert best.weights.sum() == pytest.approx(1)
    assert best.gain <= 1e-5
    for weights in lower + rng.dirichlet(np.ones(levels), size=50) * (1 - lower.sum()):
        assert np.any(weights > upper) or criterion.value(weights) <= best.value + 1e-6


@pytest.mark.parametrize("seed", PROBLEMS)
def test_sensitivities_are_central_differences_and_average_1(seed: int) -> None:
    levels = random_problem(seed)[0].levels
    weights = np.random.default_rng([3, seed]).dirichlet(np.full(levels, 5.0))
    for criterion in random_problem(seed):
        step = 1e-5 * weights.min() * np.eye(levels)
        central = [(criterion.value(weights + h) - criterion.value(weights - h)) / (2 * h.max()) for h in step]
        assert criterion.sensitivity(weights) == pytest.approx(np.array(central), rel=1e-3, abs=1e-3)
        assert criterion.sensitivity(weights) @ weights == pytest.approx(1)


@pytest.mark.parametrize("seed", PROBLEMS)
def test_other_parameters_of_the_same_curve_change_nothing(seed: int) -> None:
    """With theta = A eta the gradients are g A, the target A'c: the same weights, values apart by a constant."""
    parameters, quantity = random_problem(seed)
    p = parameters.gradients.shape[1]
    change = np.random.default_rng([4, seed]).normal(size=(p, p)) + 3 * np.eye(p)
    slopes = parameters.gradients @ change
    other = AllParameters(gradients=slopes, information=parameters.information)
    same = OneQuantity(gradients=slopes, information=quantity.information, target=change.T @ quantity.target)
    best, there = optimal_design(parameters), optimal_design(other)
    assert there.weights == pytest.approx(best.weights, abs=1e-3)
    assert there.value - best.value == pytest.approx(2 / p * np.log(abs(np.linalg.det(change))), abs=1e-6)
    assert optimal_design(same).value == pytest.approx(optimal_design(quantity).value, abs=1e-6)


@pytest.mark.parametrize("half", [5.0, 25.0, 50.0, 400.0])
def test_michaelis_menten_by_hand(half: float) -> None:
    """Half of the days at the largest level b, half at b k / (2 k + b) (Dunn 1988); with b = 100, k = 50 at 25."""
    top = 100.0
    low = top * half / (2 * half + top)
    levels = np.unique(np.concatenate([np.arange(1.0, 101.0), [low]]))
    slopes = np.stack([levels / (half + levels), -levels / (half + levels) ** 2], axis=1)
    found = optimal_design(AllParameters(gradients=slopes, information=np.ones(len(levels)))).weights
    assert found[levels == top] == pytest.approx([0.5], abs=1e-4)
    assert found[np.abs(levels - low) < 0.6].sum() == pytest.approx(0.5, abs=1e-4)
    assert found @ levels == pytest.approx((top + low) / 2, abs=0.02)


def test_weighted_mean_by_hand() -> None:
    """One mean seen with variances 4 and 1: all days at the better level; an equal split is worth 5/8 of it."""
    mean = OneQuantity(gradients=np.ones((2, 1)), information=np.array([0.25, 1.0]), target=np.ones(1))
    best = optimal_design(mean)
    assert best.weights == pytest.approx([0, 1], abs=1e-6)
    assert efficiency(mean, np.array([0.5, 0.5]), best) == pytest.approx(5 / 8, abs=1e-6)


def test_a_difference_by_hand() -> None:
    """The difference of two means with standard deviations 3 and 1: days as 3 to 1 (Neyman)."""
    means = OneQuantity(gradients=np.eye(2), information=np.array([1 / 9, 1.0]), target=np.array([-1.0, 1.0]))
    assert optimal_design(means).weights == pytest.approx([0.75, 0.25], abs=1e-5)


def test_a_design_that_cannot_tell_is_worth_nothing() -> None:
    """One level for two parameters; a slope needs two levels, a level's own mean only that level."""
    line = np.array([[1.0, 0.0], [1.0, 1.0]])
    one = np.array([1.0, 0.0])
    both = AllParameters(gradients=line, information=np.ones(2))
    slope = OneQuantity(gradients=line, information=np.ones(2), target=np.array([0.0, 1.0]))
    start = OneQuantity(gradients=line, information=np.ones(2), target=np.array([1.0, 0.0]))
    assert efficiency(both, one, optimal_design(both)) == 0
    assert efficiency(slope, one, optimal_design(slope)) == 0
    assert efficiency(start, one, optimal_design(start)) == pytest.approx(1, abs=1e-6)


def test_refuses_what_has_no_design() -> None:
    line, one = np.array([[1.0, 0.0], [1.0, 1.0]]), np.ones(2)
    with pytest.raises(ValueError, match="must tell all 2 parameters apart, but tell 1"):
        AllParameters(gradients=line[[0, 0]], information=one)
    with pytest.raises(ValueError, match="must determine the quantity"):
        OneQuantity(gradients=line[[0, 0]], information=one, target=np.array([0.0, 1.0]))
    with pytest.raises(ValueError, match="target must have 2 entries"):
        OneQuantity(gradients=line, information=one, target=np.ones(3))
    with pytest.raises(ValueError, match="information finite and >= 0"):
        AllParameters(gradients=line, information=-one)
    both = AllParameters(gradients=line, information=one)
    with pytest.raises(ValueError, match=r"sum to 1, but got \(0\.5, 0\.6\)"):
        Averaged(criteria=(both, both), probability=(0.5, 0.6))
    with pytest.raises(ValueError, match=r"sum\(lower\) <= 1 <= sum\(upper\) must hold, but got 1\.2"):
        optimal_design(both, lower=np.full(2, 0.6))
    with pytest.raises(ValueError, match="0 <= lower <= upper"):
        optimal_design(both, upper=np.full(2, -0.1))
