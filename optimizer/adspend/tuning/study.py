"""The search (搜索): trials asked in batches of a fixed size, scored world by world, stopped early when clearly behind.

    batch = ask B trials          parameters depend on the finished batches alone, never on who finished first
    round = each trial's next world, in its own shuffled order; then, in the order of trials, the Wilcoxon test
            of its scores so far against the best finished trial's on the same worlds
    tell the batch in the order of trials

So the study is a function of its seed, batch size and scores, whatever the number of workers. A trial stopped early is
told as what it would have scored: the best trial's mean over the panel plus the mean difference on the worlds both
saw, which is fairer than its own mean, and always less than the best. Only this module knows Optuna, whose state lives
in memory: ``journal`` says why.

Source: Optuna 5 (TPE, multivariate, constant liar; PED-ANOVA importances); Akiba et al. 2019, arXiv:1907.10902.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import optuna

from adspend.tuning.runs import Watch
from adspend.tuning.space import Dimension, Kind, Values

P_THRESHOLD = 0.1
STARTUP_WORLDS = 4  # the smallest p of m pairs is 2^-m: three pairs cannot reach 0.1
STARTUP_TRIALS = 10  # drawn at random before the sampler has anything to model

Distributions = dict[str, optuna.distributions.BaseDistribution]


@dataclass(frozen=True, slots=True)
class Ask:
    """The score of trial ``number`` with ``values`` on the panel's world ``world`` is wanted."""

    number: int
    values: Values
    world: int


Score = Callable[[Sequence[Ask]], Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A finished trial.

    Attributes:
        number: 0, 1, ...
        values: the parameters, as asked.
        shares: (world, share of the clairvoyant) in the order they were run.
        value: the mean share over the panel; of a trial stopped early, the estimate.
        stopped: whether it was stopped early.
    """

    number: int
    values: dict[str, float]
    shares: tuple[tuple[int, float], ...]
    value: float
    stopped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """All trials in order, and each parameter's share of the variation among good ones (none if nothing varies)."""

    trials: tuple[Trial, ...]
    importances: tuple[tuple[str, float], ...]


class _Running:
    """A trial that has not been told yet."""

    def __init__(self, trial: optuna.Trial, order: Sequence[int]) -> None:
        self.trial, self.order = trial, order
        self.shares: dict[int, float] = {}
        self.stopped = False


def search(  # one argument per thing that makes the study
    space: Sequence[Dimension],
    score: Score,
    *,
    worlds: int,
    trials: int,
    batch: int,
    seed: int,
    start: Values | None,
    watch: Watch,
) -> Study:
    """The study; ``start`` is trial 0 where given.

    Raises:
        ValueError: fewer than one world, trial or trial a batch.
    """
    if min(worlds, trials, batch) < 1:
        raise ValueError(f"`worlds, trials, batch >= 1` must hold, but got {worlds}, {trials}, {batch}")
    study, distributions = _new_study(seed), {dimension.name: _distribution(dimension) for dimension in space}
    if start is not None:
        study.enqueue_trial(dict(start))
    told: list[Trial] = []
    while len(told) < trials:
        size = min(batch, trials - len(told))
        running = [_asked(study, distributions, worlds, seed) for _ in range(size)]
        for turn in range(worlds):
            _play_round([each for each in running if not each.stopped], turn, score)
        best = _best_of(told)
        for each in running:
            told.append(_told(study, each, best))
            watch.advance(worlds - len(each.shares))
        watch.best(max(trial.value for trial in told))
    return Study(trials=tuple(told), importances=_importances(study))


def _new_study(seed: int) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        # The pruner has been "experimental" since 3.6; the pinned major version is what keeps its interface.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        pruner = optuna.pruners.WilcoxonPruner(p_threshold=P_THRESHOLD, n_startup_steps=STARTUP_WORLDS)
    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=STARTUP_TRIALS)
    return optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)


def _distribution(dimension: Dimension) -> optuna.distributions.BaseDistribution:
    if dimension.kind is Kind.WHOLE:
        return optuna.distributions.IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return optuna.distributions.FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def _asked(study: optuna.Study, distributions: Distributions, worlds: int, seed: int) -> _Running:
    trial = study.ask(distributions)
    order = np.random.default_rng((seed, trial.number)).permutation(worlds)
    return _Running(trial, order.tolist())


def _play_round(running: Sequence[_Running], turn: int, score: Score) -> None:
    """Each trial's next world, then the test of each in order; the scores are all in before any is judged."""
    if not running:
        return
    asks = [Ask(each.trial.number, each.trial.params, each.order[turn]) for each in running]
    for each, ask, share in zip(running, asks, score(asks), strict=True):
        each.shares[ask.world] = share
        each.trial.report(share, step=ask.world)
        each.stopped = turn + 1 < len(each.order) and each.trial.should_prune()


def _best_of(told: Sequence[Trial]) -> Trial | None:
    return max(told, key=lambda trial: trial.value, default=None)  # the first of equals, as Optuna's


def _told(study: optuna.Study, running: _Running, best: Trial | None) -> Trial:
    shares = running.shares
    value = float(np.mean(list(shares.values())))
    if running.stopped:
        assert best is not None
        others = dict(best.shares)
        value = best.value + float(np.mean([share - others[world] for world, share in shares.items()]))
    study.tell(running.trial, value)
    return Trial(
        number=running.trial.number,
        values=dict(running.trial.params),
        shares=tuple(shares.items()),
        value=value,
        stopped=running.stopped,
    )


def _importances(study: optuna.Study) -> tuple[tuple[str, float], ...]:
    """Largest first; empty where fewer than two different scores leave nothing to explain."""
    if len({trial.value for trial in study.trials}) < 2:
        return ()
    found: Mapping[str, float] = optuna.importance.get_param_importances(study)
    return tuple(sorted(((name, float(value)) for name, value in found.items()), key=lambda pair: (-pair[1], pair[0])))
