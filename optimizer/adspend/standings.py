"""What a suite's outcomes say (成绩): every strategy's share of the clairvoyant, with how far luck may have moved it.

Notation: W worlds (shops), s_w a strategy's share in world w; T days.

    share      mean of s_w  +-  t(0.975; W - 1) sd(s) / sqrt(W)
    behind     the same for d_w = s_w(the leader) - s_w: the luck that both meet cancels, so this interval is the
               narrow one, and the one to read when two strategies are compared
    worst      the share that nine worlds in ten exceed (10 % quantile)

A world where the clairvoyant earns nothing has no shares and counts for no strategy. Worlds of several families are
taken as one sample, which makes intervals over families rather too wide than too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from adspend.contest import CLAIRVOYANT
from adspend.simulate import WEEK
from adspend.suite import Outcome
from adspend_datasets.text import Text
from adspend_models.bank import Floats

REACHED = 0.9  # of the clairvoyant's same day
CONFIDENCE = 0.975  # two-sided 95 %
WORST, BAND = 0.1, (0.1, 0.9)

ALL_WORLDS = Text("全部市场", "all markets")

Kind = tuple[str, int]  # family, cells
World = tuple[str, int, int]  # family, cells, seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One outcome against the clairvoyant's in the same world; shares are NaN where that earns nothing.

    ``days_until_90`` is the first day worth 90 % of the clairvoyant's same day, 1 = at once, infinite = never;
    ``test_share`` what was spent on tests as a share of all spending.
    """

    outcome: Outcome
    share: float
    first_week: float
    last_week: float
    days_until_90: float
    test_share: float | None

    @property
    def world(self) -> World:
        """Where it played."""
        return world_of(self.outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean and the half-width of its 95 % interval; NaN for fewer than two worlds."""

    value: float
    half: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """One strategy over W worlds.

    ``behind`` is None for the leader. ``path`` (3, T): the share of the clairvoyant's profit so far, day by day: mean,
    and the band within which eight worlds in ten lie; NaN while the clairvoyant of some world has earned nothing.
    """

    name: str
    label: Text
    worlds: int
    share: Mean
    behind: Mean | None
    first_week: float
    last_week: Mean
    worst: float
    days_until_90: float
    violations: int
    test_share: float | None
    path: Floats


def world_of(outcome: Outcome) -> World:
    """The shop that an outcome is of."""
    return outcome.job.family, outcome.job.cells, outcome.job.seed


def scores_of(outcomes: Sequence[Outcome]) -> tuple[Scores, ...]:
    """Every strategy's outcome against the clairvoyant of its world, in their order.

    Raises:
        ValueError: a world without its clairvoyant.
    """
    best = {world_of(outcome): outcome for outcome in outcomes if outcome.job.strategy == CLAIRVOYANT}
    missing = {world_of(outcome) for outcome in outcomes} - set(best)
    if missing:
        raise ValueError(f"every world must have its clairvoyant, but {sorted(missing)} have none")
    return tuple(
        _scores(outcome, best[world_of(outcome)]) for outcome in outcomes if outcome.job.strategy != CLAIRVOYANT
    )


def _scores(outcome: Outcome, best: Outcome) -> Scores:
    own, most = np.array(outcome.expected), np.array(best.expected)
    reached = np.nonzero(own >= REACHED * most)[0]
    return Scores(
        outcome=outcome,
        share=_share(own, most),
        first_week=_share(own[:WEEK], most[:WEEK]),
        last_week=_share(own[-WEEK:], most[-WEEK:]),
        days_until_90=float(reached[0]) + 1 if reached.size else math.inf,
        test_share=None if outcome.test_cost is None else outcome.test_cost / max(sum(outcome.cost), 0.01),
    )


def _share(own: Floats, most: Floats) -> float:
    whole = float(most.sum())
    return float(own.sum()) / whole if whole > 0 else math.nan


def standings(outcomes: Sequence[Outcome]) -> tuple[Standing, ...]:
    """The strategies, best mean share first. Every strategy must have played in the same worlds.

    Raises:
        ValueError: worlds differ, lack their clairvoyant, or no world has shares.
    """
    best = {world_of(outcome): outcome for outcome in outcomes if outcome.job.strategy == CLAIRVOYANT}
    by_strategy: dict[str, dict[World, Scores]] = {}
    for found in scores_of(outcomes):
        by_strategy.setdefault(found.outcome.name, {})[found.world] = found
    if any(set(played) != set(best) for played in by_strategy.values()):
        raise ValueError("every strategy must have played in every world once")
    worlds = [world for world in best if sum(best[world].expected) > 0]
    if not worlds:
        raise ValueError("the clairvoyant must earn something in some world")
    shares = {name: np.array([played[world].share for world in worlds]) for name, played in by_strategy.items()}
    order = sorted(shares, key=lambda name: -float(shares[name].mean()))
    leader = shares[order[0]]
    return tuple(
        _standing([by_strategy[name][world] for world in worlds], best, None if name == order[0] else leader)
        for name in order
    )


def _standing(played: Sequence[Scores], best: Mapping[World, Outcome], leader: Floats | None) -> Standing:
    share = np.array([found.share for found in played])
    tests = [found.test_share for found in played if found.test_share is not None]
    first = played[0].outcome
    return Standing(
        name=first.name,
        label=first.label,
        worlds=len(played),
        share=mean_of(share),
        behind=None if leader is None else mean_of(leader - share),
        first_week=float(np.mean([found.first_week for found in played])),
        last_week=mean_of(np.array([found.last_week for found in played])),
        worst=float(np.quantile(share, WORST)),
        days_until_90=_median([found.days_until_90 for found in played]),
        violations=sum(sum(found.outcome.violations) for found in played),
        test_share=float(np.mean(tests)) if tests else None,
        path=_path(played, best),
    )


def mean_of(values: Floats) -> Mean:
    """The mean of (W,) values and the half-width of its 95 % interval, Student's.

    >>> mean_of(np.array([0.5, 0.75, 1.0])).value
    0.75
    """
    n = values.size
    half = float(student.ppf(CONFIDENCE, n - 1) * values.std(ddof=1) / math.sqrt(n)) if n > 1 else math.nan
    return Mean(value=float(values.mean()), half=half)


def _median(values: Sequence[float]) -> float:
    """The lower median: with infinite values among them a mean of two would be no day."""
    return sorted(values)[(len(values) - 1) // 2]


def _path(played: Sequence[Scores], best: Mapping[World, Outcome]) -> Floats:
    own = np.cumsum([found.outcome.expected for found in played], axis=1)
    most = np.cumsum([best[found.world].expected for found in played], axis=1)
    share = np.divide(own, most, out=np.full(own.shape, np.nan), where=most > 0)
    return np.stack([share.mean(axis=0), *np.quantile(share, BAND, axis=0)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Some worlds of a suite, named, and the strategies' standings in them; ``kind`` None is all worlds."""

    name: Text
    kind: Kind | None
    standings: tuple[Standing, ...]

    def of(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """The outcomes of these worlds."""
        return [outcome for outcome in outcomes if self.kind in (None, kind_of(outcome))]


def kind_of(outcome: Outcome) -> Kind:
    """The family and size of the shop."""
    return outcome.job.family, outcome.job.cells


def groups(outcomes: Sequence[Outcome]) -> tuple[Group, ...]:
    """All worlds together, then each family and size on its own where there are several; those without profit not."""
    kinds = {kind: [o for o in outcomes if kind_of(o) == kind] for kind in dict.fromkeys(map(kind_of, outcomes))}
    earning = {kind: own for kind, own in kinds.items() if _earns(own)}
    if not earning:
        return ()
    every = Group(name=ALL_WORLDS, kind=None, standings=standings(outcomes))
    if len(earning) == 1:
        return (every,)
    return (every, *(_group(kind, own) for kind, own in earning.items()))


def _group(kind: Kind, own: Sequence[Outcome]) -> Group:
    family, cells = kind
    name = Text(f"{family}（{cells} 单元）", f"{family} ({cells} cells)")
    return Group(name=name, kind=kind, standings=standings(own))


def _earns(outcomes: Sequence[Outcome]) -> bool:
    return any(sum(outcome.expected) > 0 for outcome in outcomes if outcome.job.strategy == CLAIRVOYANT)
