"""Hosts (主播): who is on air changes what the same traffic buys, and some hosts suit some slots.

    log factor = skill_h + fit_(h, slot),   h = host on duty in the slot on that day, a rota that moves on each day

Skills and fits are keyed normals less half their variance. Source: hosts work shifts of about four
hours (several operators' sources agree), so neighbouring slots share one; the spreads are assumptions.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np
from scipy.special import ndtri

from adspend_datasets.cell import ALL, Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats, Ints, uniforms

SLOTS_A_SHIFT = 2


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HostRota:
    """``hosts`` people; ``skill_sd`` and ``fit_sd`` are log-sds."""

    cells: tuple[Cell, ...]
    seed: int
    hosts: int = 4
    skill_sd: float = 0.12
    fit_sd: float = 0.08
    _factors: Floats = field(init=False)  # (hosts, n)
    _shift: Ints = field(init=False)  # (n,)

    def __post_init__(self) -> None:
        """Refuses an empty rota and negative spreads; draws every host's factor in every slot once."""
        if self.hosts < 1 or min(self.skill_sd, self.fit_sd) < 0:
            raise ValueError(f"`hosts >= 1` and spreads of at least 0 must hold, but got {self.hosts} hosts")
        slots = list(dict.fromkeys(cell.slot for cell in self.cells))
        column = np.array([slots.index(cell.slot) for cell in self.cells], dtype=np.int64)
        levels = np.array([[self._level(host, slot) for slot in slots] for host in range(self.hosts)])
        object.__setattr__(self, "_factors", np.exp(levels)[:, column])
        object.__setattr__(self, "_shift", column // SLOTS_A_SHIFT)

    def on_duty(self, date: datetime.date) -> Ints:
        """Which host each cell has on ``date``, (n,)."""
        return (date.toordinal() + self._shift) % self.hosts

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:  # noqa: ARG002  a rota does not remember
        """The factor of the host on duty, (n,)."""
        return np.asarray(self._factors[self.on_duty(date), np.arange(len(self.cells))], dtype=np.float64)

    def _level(self, host: int, slot: str) -> float:
        skill, fit = (
            ndtri(uniforms(1, seed=self.seed, effect=f"host {host}", cell=Cell(ALL, where))[0]) for where in (ALL, slot)
        )
        return float(self.skill_sd * skill + self.fit_sd * fit - (self.skill_sd**2 + self.fit_sd**2) / 2)
