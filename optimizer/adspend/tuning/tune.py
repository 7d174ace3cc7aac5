"""A tuning (调参): search on the training panel, choose on the selection panel, judge on the held-out panel.

The default policy is trial 0 where the space holds it, and the opponent of the verdict. Only the chosen policy meets
the held-out worlds, so that their interval is of one policy and not of the luckiest of several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adspend.policy import Policy
from adspend.tuning.journal import digest
from adspend.tuning.panel import Ground, Panels
from adspend.tuning.rescore import Paired
from adspend.tuning.runs import Runs
from adspend.tuning.score import CLAIRVOYANT, DEFAULT, Task
from adspend.tuning.space import SPACE, Dimension, policy_of, space_of, values_of
from adspend.tuning.study import Ask, Study, search
from adspend_datasets.errors import Fault, UsageError
from adspend_datasets.text import Text

SEARCHING = Text("搜索", "searching")
BASELINE = Text("先知基线", "clairvoyant")
CHOOSING = Text("挑选候选", "choosing")
JUDGING = Text("复核", "judging")


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneSettings:
    """How much to try: trials in all and in a batch, candidates to choose from, days of a run, the sampler's seed."""

    trials: int
    batch: int
    seed: int
    days: int
    candidates: int = 3

    def __post_init__(self) -> None:
        """Refuses what is not a count."""
        if min(self.trials, self.batch, self.days, self.candidates) < 1 or self.seed < 0:
            raise ValueError(f"trials, batch, days, candidates >= 1 and seed >= 0 must hold, but got {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A trial that went on to the selection panel, and its mean share there."""

    number: int
    policy: Policy
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What came of it.

    Attributes:
        settings: how much was tried.
        panels: the worlds, without those where even a clairvoyant earns nothing.
        default: the policy to beat.
        space: what was tuned.
        study: every trial.
        candidates: best on the selection panel first; empty if no trial was scored in full but the default's.
        verdict: the first candidate against the default on the held-out panel; None without candidates.
    """

    settings: TuneSettings
    panels: Panels
    default: Policy
    space: tuple[Dimension, ...]
    study: Study
    candidates: tuple[Candidate, ...]
    verdict: Paired | None

    @property
    def winner(self) -> Candidate | None:
        """The policy to recommend; None if none is better than the default on fresh worlds."""
        return self.candidates[0] if self.verdict is not None and self.verdict.is_better else None


class _Panel:
    """Worlds with the clairvoyant's profit on each."""

    def __init__(self, runs: Runs, grounds: Sequence[Ground], least: int = 1) -> None:
        runs.watch.phase(BASELINE, len(grounds))
        nets = runs.nets([Task(player=CLAIRVOYANT, policy=None, ground=ground) for ground in grounds])
        earning = [(ground, net) for ground, net in zip(grounds, nets, strict=True) if net > 0]
        if len(earning) < least:
            raise UsageError([_too_few(len(earning), len(grounds), least)])
        self.runs = runs
        self.grounds = tuple(ground for ground, _ in earning)
        self.best = tuple(net for _, net in earning)

    def shares(self, player: str, policy: Policy) -> tuple[float, ...]:
        """The player's share of the clairvoyant on every world."""
        return self.some([(player, policy, world) for world in range(len(self.grounds))])

    def some(self, wanted: Sequence[tuple[str, Policy, int]]) -> tuple[float, ...]:
        """The share of each (player, policy, world)."""
        tasks = [Task(player=player, policy=policy, ground=self.grounds[world]) for player, policy, world in wanted]
        nets = self.runs.nets(tasks)
        return tuple(net / self.best[world] for net, (_, _, world) in zip(nets, wanted, strict=True))


def tune(
    panels: Panels, default: Policy, settings: TuneSettings, runs: Runs, space: tuple[Dimension, ...] = SPACE
) -> Tuned:
    """Searches those dimensions that the default policy has, chooses and judges.

    Raises:
        NoPlanError: a shop's limits allow no plan.
        UsageError: a panel on which even a clairvoyant earns nothing.
    """
    space = space_of(default, space)
    training, selection = _Panel(runs, panels.training), _Panel(runs, panels.selection)
    held_out = _Panel(runs, panels.held_out, least=2)
    earning = Panels(training=training.grounds, selection=selection.grounds, held_out=held_out.grounds)
    study = _searched(training, default, settings, space)
    candidates = _chosen(study, selection, default, settings)
    verdict = _judged(candidates[0], held_out, default) if candidates else None
    return Tuned(
        settings=settings,
        panels=earning,
        default=default,
        space=space,
        study=study,
        candidates=candidates,
        verdict=verdict,
    )


def _searched(panel: _Panel, default: Policy, settings: TuneSettings, space: tuple[Dimension, ...]) -> Study:
    def score(asks: Sequence[Ask]) -> Sequence[float]:
        return panel.some([(f"trial {ask.number}", policy_of(default, ask.values), ask.world) for ask in asks])

    panel.runs.watch.phase(SEARCHING, settings.trials * len(panel.grounds))
    return search(
        space,
        score,
        worlds=len(panel.grounds),
        trials=settings.trials,
        batch=settings.batch,
        seed=settings.seed,
        start=values_of(default, space),
        watch=panel.runs.watch,
    )


def _chosen(study: Study, panel: _Panel, default: Policy, settings: TuneSettings) -> tuple[Candidate, ...]:
    """The best trials that were scored in full, different from each other and from the default."""
    ranked = sorted(
        (trial for trial in study.trials if not trial.stopped), key=lambda trial: (-trial.value, trial.number)
    )
    seen, distinct = {digest(default)}, list[tuple[int, Policy]]()
    for trial in ranked:
        policy = policy_of(default, trial.values)
        if digest(policy) not in seen:
            seen.add(digest(policy))
            distinct.append((trial.number, policy))
    distinct = distinct[: settings.candidates]
    panel.runs.watch.phase(CHOOSING, len(distinct) * len(panel.grounds))
    found = [
        Candidate(number=number, policy=policy, share=float(np.mean(panel.shares(f"trial {number}", policy))))
        for number, policy in distinct
    ]
    return tuple(sorted(found, key=lambda candidate: (-candidate.share, candidate.number)))


def _judged(chosen: Candidate, panel: _Panel, default: Policy) -> Paired:
    panel.runs.watch.phase(JUDGING, 2 * len(panel.grounds))
    return Paired(
        worlds=tuple(ground.name for ground in panel.grounds),
        ours=panel.shares(f"trial {chosen.number}", chosen.policy),
        default=panel.shares(DEFAULT, default),
    )


def _too_few(earning: int, worlds: int, least: int) -> Fault:
    return Fault(
        code="E-TUNE",
        law=Text(
            f"每组市场里至少要有 {least} 个先知也能盈利",
            f"a clairvoyant must earn something in at least {least} worlds",
        ),
        value=f"{earning} / {worlds}",
        remedy=Text("请增加市场或天数，或检查店铺的毛利", "Take more worlds or days, or check the shop's margins"),
    )
