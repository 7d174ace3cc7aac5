"""The certificate (最优性证明): exact value, exact bound, and the prices and cases that prove it."""

from __future__ import annotations

import math

from adspend.allocation import Allocation
from adspend.measures import total
from adspend.plan import Certificate
from adspend.problem import Problem
from adspend.proof import proven_bound


def certify(problem: Problem, allocation: Allocation) -> Certificate:
    """The certificate of an allocation: value rounded down, bound rounded up, so rounding never flatters."""
    return Certificate(
        value_micro=math.floor(total(problem, "objective", allocation.spend)),
        bound_micro=math.ceil(proven_bound(problem, allocation.proof)),
        multipliers=tuple(
            (limit.key, multiplier)
            for limit, multiplier in zip(problem.limits, allocation.multipliers, strict=True)
            if multiplier
        ),
        proof=allocation.proof,
    )
