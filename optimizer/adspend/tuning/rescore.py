"""The verdict (复核): the chosen policy against the default on the same worlds, which neither was tuned on.

Notation: d_w = share of the chosen policy on world w minus the default's, m worlds.

    95 % interval of the mean difference = mean(d) -+ t(0.975, m - 1) sd(d) / sqrt(m)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import t as student

LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class Paired:
    """Shares of the clairvoyant on m >= 2 worlds, (m,) each, in the order of ``worlds``."""

    worlds: tuple[str, ...]
    ours: tuple[float, ...]
    default: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuses scores that do not pair up."""
        if not 2 <= len(self.worlds) == len(self.ours) == len(self.default):
            raise ValueError(f"at least 2 worlds with both scores are needed, but got {self}")

    @cached_property
    def differences(self) -> tuple[float, ...]:
        """Ours minus the default's, (m,)."""
        return tuple(ours - default for ours, default in zip(self.ours, self.default, strict=True))

    @property
    def mean(self) -> float:
        """The mean difference."""
        return float(np.mean(self.differences))

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the mean difference."""
        m = len(self.differences)
        half = float(student.ppf((1 + LEVEL) / 2, m - 1) * np.std(self.differences, ddof=1) / np.sqrt(m))
        return self.mean - half, self.mean + half

    @property
    def is_better(self) -> bool:
        """Whether the whole interval lies above zero."""
        return self.interval[0] > 0
