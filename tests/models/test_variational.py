"""The variational summary against brute-force integration of one cell's posterior."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from adspend_models.likelihood import log_likelihood
from adspend_models.newton import find_modes
from adspend_models.pooling import Summary
from adspend_models.sample import Sample
from adspend_models.variational import blend, onward, summary_at, summary_over

Floats = NDArray[np.float64]

CENTRE, SD = np.array([-2.0, 0.9, 0.2]), np.array([0.8, 0.8, 0.25])
PRECISION = np.diag(1 / SD**2)
SIZE = np.array([[6.0]])
LEVELS = np.log([0.3, 1.0, 3.0])


def one_cell(orders: list[int]) -> Sample:
    """A cell tested at 0.3, 1 and 3 times 30 yuan."""
    return Sample(
        ok=np.ones((1, 3), dtype=bool),
        orders=np.array([orders], dtype=float),
        log_ratio=LEVELS[None, :],
        reference=np.array([30.0]),
        usual=np.array([30.0]),
        natural=np.zeros((1, 1)),
        factor=np.ones((1, 3)),
    )


def by_grid(orders: list[int]) -> tuple[Floats, Floats]:
    """Posterior mean and standard deviation by summing the posterior over a fine grid of (a, q, l)."""
    axes = [np.linspace(c - 5 * s, c + 5 * s, 61) for c, s in zip(CENTRE, SD, strict=True)]
    theta = np.array(list(itertools.product(*axes)))
    shared = one_cell(orders)
    many = Sample(
        ok=np.ones((len(theta), 3), dtype=bool),
        orders=np.tile(shared.orders, (len(theta), 1)),
        log_ratio=np.tile(LEVELS, (len(theta), 1)),
        reference=np.full(len(theta), 30.0),
        usual=np.full(len(theta), 30.0),
        natural=np.zeros((len(theta), 1)),
        factor=np.ones((len(theta), 3)),
    )
    mean, _ = many.expect(theta)
    log_weight = log_likelihood(many.orders, mean, SIZE).sum(axis=1) - 0.5 * np.square((theta - CENTRE) / SD).sum(
        axis=1
    )
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    centre = weight @ theta
    return centre, np.sqrt(weight @ np.square(theta - centre))


def by_fixed_point(sample: Sample) -> tuple[Floats, Floats]:
    """The variational posterior: mean and standard deviation."""
    start = find_modes(sample, centre=CENTRE[None, :], precision=PRECISION, size=SIZE)
    summary = summary_at(sample, start.theta, SIZE)
    for _ in range(60):
        covariance = np.linalg.inv(summary.precision + PRECISION)
        mean = np.einsum("nij,nj->ni", covariance, summary.pull + CENTRE @ PRECISION)
        summary = blend(summary, summary_over(sample, mean, covariance, SIZE), np.array([0.7]))
    return mean[0], np.sqrt(np.diag(covariance[0]))


@pytest.mark.parametrize("orders", [[0, 0, 0], [0, 1, 0], [0, 2, 3], [1, 4, 12], [9, 25, 60]])
def test_mean_and_width_are_the_integrals(orders: list[int]) -> None:
    """Within a tenth of a posterior standard deviation, from no order at all to nearly a hundred."""
    exact_mean, exact_sd = by_grid(orders)
    mean, sd = by_fixed_point(one_cell(orders))
    assert np.abs((mean - exact_mean) / exact_sd).max() < 0.1, f"{mean} against {exact_mean}"
    assert np.abs(sd / exact_sd - 1).max() < 0.1, f"{sd} against {exact_sd}"


def test_it_is_closer_than_the_mode_where_orders_are_few() -> None:
    exact, sd = by_grid([0, 1, 0])
    sample = one_cell([0, 1, 0])
    mode = find_modes(sample, centre=CENTRE[None, :], precision=PRECISION, size=SIZE).theta[0]
    ours, _ = by_fixed_point(sample)
    assert np.abs((ours - exact) / sd).max() < 0.5 * np.abs((mode - exact) / sd).max()


def test_a_narrow_posterior_gives_the_laplace_summary() -> None:
    sample, theta = one_cell([9, 25, 60]), np.array([[-1.0, 0.7, 0.1]])
    narrow = summary_over(sample, theta, 1e-10 * np.eye(3)[None], SIZE)
    at = summary_at(sample, theta, SIZE)
    assert narrow.precision == pytest.approx(at.precision, rel=1e-6)
    assert narrow.pull == pytest.approx(at.pull, rel=1e-6)


def test_blend_goes_part_of_the_way() -> None:
    old = Summary(pull=np.zeros((2, 3)), precision=np.zeros((2, 3, 3)))
    new = Summary(pull=np.ones((2, 3)), precision=np.ones((2, 3, 3)))
    mixed = blend(old, new, np.array([0.25, 1.0]))
    assert mixed.pull[:, 0].tolist() == [0.25, 1.0]
    assert mixed.precision[:, 0, 0].tolist() == [0.25, 1.0]


def diagonal(*values: float) -> Summary:
    """One cell a value: pull ``value`` in every coordinate, precision ``value`` on the diagonal."""
    column = np.array(values)
    return Summary(pull=np.tile(column[:, None], 3), precision=column[:, None, None] * np.eye(3))


def test_momentum_repeats_part_of_the_last_step() -> None:
    """By hand: 2 -> 3, then half of the way to 5 is 4, and 0.4 of the last step of 1 on top is 4.4."""
    moved = onward(diagonal(2.0), diagonal(3.0), diagonal(5.0), 0.5, 0.4)
    assert moved.pull[0] == pytest.approx([4.4] * 3)
    assert moved.precision[0] == pytest.approx(4.4 * np.eye(3))


def test_without_momentum_it_is_the_blend() -> None:
    last, now, fresh = diagonal(2.0, 7.0), diagonal(3.0, 1.0), diagonal(5.0, 0.0)
    moved, mixed = onward(last, now, fresh, 0.7, 0.0), blend(now, fresh, np.array([0.7, 0.7]))
    assert moved.pull == pytest.approx(mixed.pull)
    assert moved.precision == pytest.approx(mixed.precision)


def test_no_cell_is_carried_to_a_negative_precision() -> None:
    """The second cell falls from 9 to 1 and on to 0.5: half of that fall again would be below 0, so it stops at 0.5."""
    moved = onward(diagonal(1.0, 9.0), diagonal(2.0, 1.0), diagonal(2.0, 0.0), 0.5, 0.5)
    assert moved.precision[:, 0, 0] == pytest.approx([2.5, 0.5])
    assert moved.pull[:, 0] == pytest.approx([2.5, 0.5])


def test_momentum_settles_what_creeps_and_what_swings() -> None:
    """Two cells that answer linearly, x -> 0.9 x and x -> -1.2 x: both reach 0; plain steps lose one or the other."""
    answer = np.array([0.9, -1.2])

    def after(rounds: int, pace: float, momentum: float) -> Floats:
        last = now = diagonal(1.0, 1.0)
        for _ in range(rounds):
            pull = answer[:, None] * now.pull
            fresh = Summary(pull=pull, precision=now.precision)
            last, now = now, onward(last, now, fresh, pace, momentum)
        return np.abs(now.pull[:, 0])

    assert after(20, 0.8, 0.6).max() < 0.02
    assert after(20, 0.8, 0.0)[0] > 0.15
    assert after(20, 1.0, 0.0)[1] > 1.0
