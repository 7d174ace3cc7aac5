"""Yields (边际回报): what the next yuan brings in each cell, and what the limits ask of it.

Notation, per cell: v' the net value before ad cost and g' the GMV that the next yuan brings; p_s what the priced limits
charge for a yuan of spend, p_g what those that ask for GMV pay for a yuan of it, both in units of the aim.

    aim    brings   is asked           worth, all told
    net    v' - 1   p_s                v' - 1 - p_s
    gmv    g'       p_s / (1 + p_g)    (1 + p_g) g' - p_s
    cost   g'       (1 + p_s) / p_g    p_g g' - 1 - p_s
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adspend.aim import Aim
from adspend.measures import Floats
from adspend.plan import Certificate
from adspend.problem import MICRO_PER_FEN, Problem


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Yields:
    """Shape (cells,) each: yuan, or yuan of GMV, per yuan of spend; ``worth`` in units of the aim.

    ``asked`` is 0 where no limit asks anything.
    """

    brings: Floats
    asked: Floats
    worth: Floats


def yields(aim: Aim, problem: Problem, certificate: Certificate, net: Floats, gmv: Floats) -> Yields:
    """The yields at a plan; ``net`` and ``gmv`` are what the next yuan earns and sells in each cell."""
    charge, credit = _charges(problem, certificate)
    if aim is Aim.NET:
        return Yields(brings=net, asked=charge, worth=net - charge)
    weight = credit + (aim is Aim.GMV)
    cost = charge + (aim is Aim.COST)
    asked = np.divide(cost, weight, out=np.zeros_like(cost), where=weight > 0)
    return Yields(brings=gmv, asked=asked, worth=weight * gmv - cost)


def _charges(problem: Problem, certificate: Certificate) -> tuple[Floats, Floats]:
    """p_s and p_g."""
    prices = dict(certificate.multipliers)
    charge, credit = np.zeros(problem.size), np.zeros(problem.size)
    for limit in problem.limits:
        price = float(prices.get(limit.key, 0))
        if limit.spend is not None:
            charge += price * limit.spend / MICRO_PER_FEN
        if limit.gmv is not None:
            credit -= price * limit.gmv
    n = len(problem.cells)
    return charge[:n], credit[:n]
