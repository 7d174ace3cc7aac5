"""The search is a function of seed, batch and scores, and stops a trial when Wilcoxon's test says so."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import wilcoxon

from adspend.tuning.runs import Unwatched
from adspend.tuning.space import SPACE, Dimension, Kind, values_of
from adspend.tuning.study import P_THRESHOLD, STARTUP_WORLDS, Ask, Study, Trial, search
from oracles.formula_runs import DEFAULT

WORLDS = 8


def noise(number: int, world: int) -> float:
    return float(np.random.default_rng((number, world)).normal(0, 0.02))


def score(asks: Sequence[Ask]) -> list[float]:
    """Best at kill = 0.03; each world has its own level, each trial a little noise on it."""
    return [
        0.8 - 0.1 * math.log(ask.values["kill"] / 0.03) ** 2 + 0.05 * ask.world + noise(ask.number, ask.world)
        for ask in asks
    ]


def study(trials: int, *, batch: int = 4, seed: int = 3) -> Study:
    start = values_of(DEFAULT, SPACE)
    return search(SPACE, score, worlds=WORLDS, trials=trials, batch=batch, seed=seed, start=start, watch=Unwatched())


@pytest.fixture(scope="module")
def found() -> Study:
    return study(40)


def test_it_starts_at_the_default_and_ends_near_the_optimum(found: Study) -> None:
    assert found.trials[0].values == values_of(DEFAULT, SPACE)
    best = max(found.trials, key=lambda trial: trial.value)
    assert best.values["kill"] == pytest.approx(0.03, rel=0.35)
    assert [trial.number for trial in found.trials] == list(range(40))


def test_the_only_parameter_that_matters_is_the_most_important(found: Study) -> None:
    names = [name for name, _ in found.importances]
    assert names[0] == "kill"
    assert set(names) == {dimension.name for dimension in SPACE}
    assert sum(share for _, share in found.importances) == pytest.approx(1)


def test_a_longer_study_begins_with_the_shorter_one(found: Study) -> None:
    """So that a study may be resumed with more trials, even in the middle of a batch."""
    assert study(18).trials == found.trials[:18]


def test_seed_and_batch_make_the_study() -> None:
    assert study(16, seed=4) != study(16)
    assert study(16, batch=8) != study(16)


def stops(trial: Trial, best: Trial) -> bool:
    """Whether Wilcoxon's test puts the trial behind the best on the worlds it saw: Optuna's rule, written again.

    A trial whose own mean is not below the best's is never stopped.
    """
    others = dict(best.shares)
    pairs = [share - others[world] for world, share in trial.shares]
    if len(pairs) < STARTUP_WORLDS:
        return False
    p = wilcoxon(pairs, alternative="less", zero_method="zsplit").pvalue
    mean = np.mean([share for _, share in trial.shares])
    return bool(p < P_THRESHOLD and mean < np.mean(list(others.values())))


def test_trials_stop_exactly_when_the_test_says_so(found: Study) -> None:
    """Each trial is compared, after every world, with the best of the batches before its own, and with nothing else."""
    assert any(trial.stopped for trial in found.trials)
    for trial in found.trials[4:]:
        before = found.trials[: trial.number // 4 * 4]
        best = max(before, key=lambda each: each.value)
        for seen in range(1, len(trial.shares) + 1):
            prefix = Trial(number=0, values={}, shares=trial.shares[:seen], value=0, stopped=False)
            is_last = seen == len(trial.shares)
            assert (stops(prefix, best) and seen < WORLDS) == (is_last and trial.stopped), (trial.number, seen)
        assert trial.stopped == (len(trial.shares) < WORLDS)
        if trial.stopped:
            assert trial.value < best.value


def test_worlds_come_in_an_order_of_each_trial_s_own(found: Study) -> None:
    orders = {tuple(world for world, _ in trial.shares) for trial in found.trials if not trial.stopped}
    assert all(sorted(order) == list(range(WORLDS)) for order in orders)
    assert len(orders) > 1


def test_equal_scores_explain_nothing() -> None:
    flat = search(
        SPACE, lambda asks: [0.5] * len(asks), worlds=2, trials=3, batch=2, seed=0, start=None, watch=Unwatched()
    )
    assert flat.importances == ()


def test_whole_numbers_stay_whole() -> None:
    space = (Dimension("cells", Kind.WHOLE, 2, 9),)
    found = search(
        space,
        lambda asks: [ask.values["cells"] for ask in asks],
        worlds=1, trials=6, batch=3, seed=0, start=None, watch=Unwatched(),
    )  # fmt: skip
    assert all(isinstance(trial.values["cells"], int) for trial in found.trials)


def test_nothing_to_do_is_refused() -> None:
    with pytest.raises(ValueError, match=">= 1"):
        study(0)
