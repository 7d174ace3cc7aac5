"""One player on one world: what it earns, as a module's function of picklable arguments that any process can run.

The player is a policy, played by this engine, or the clairvoyant (policy None), whose profit is the 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass

from adspend.policy import Policy
from adspend.simulate import Decide, scored, seeing_reports, simulate
from adspend.strategies.clairvoyant import Clairvoyant
from adspend.strategies.engine import Engine
from adspend.tuning.panel import Ground
from adspend_datasets.text import Text

CLAIRVOYANT = "clairvoyant"
DEFAULT = "default"
TUNING = Text("本引擎（调参中）", "this engine, being tuned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """``player`` names the policy in the study; no policy is the clairvoyant."""

    player: str
    policy: Policy | None
    ground: Ground


def net_of(task: Task, days: int) -> float:
    """Expected net profit over ``days`` days from a cold start, yuan.

    Raises:
        NoPlanError: the shop's limits allow no plan.
    """
    scene = task.ground.open()
    decide: Decide
    if task.policy is None:
        decide = Clairvoyant(scene.world, scene.shop).decide
    else:
        engine = Engine(policy=task.policy, name=task.player, label=TUNING)
        decide = seeing_reports(engine.open(scene.shop, task.ground.seed), calendar=scene.calendar)
    executed = simulate(scene.world, decide, first=scene.first, days=days)
    return float(scored(task.player, scene.world, scene.shop, executed).expected.sum())
