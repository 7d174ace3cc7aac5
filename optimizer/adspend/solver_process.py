"""Solving in a process of its own: one that crashes, hangs or lies never reaches a plan.

The child is spawned (never forked: HiGHS threads do not survive a fork), kept for the next problem, and killed when a
solve exceeds its wall time. What it answers is a claim: the spends are judged here in exact arithmetic, the bound is
recomputed from its prices by whoever certifies. After a second failure the plan is the best that repair alone finds,
from what is known or from nothing; "no plan" is believed only where repair finds none either.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from types import TracebackType

import numpy as np

from adspend.allocation import Allocation, Termination
from adspend.branch import as_prices
from adspend.measures import broken, grid, total
from adspend.pinned import pinned
from adspend.problem import Problem
from adspend.proof import Proof
from adspend.repair import repair
from adspend.solve import SolveSettings, allocate
from adspend_datasets.errors import Fault, NoPlanError
from adspend_datasets.text import Text

Solver = Callable[..., Allocation]
TRIES = 2
FALLBACK = Text(
    "求解进程未给出可用的答案，改用逐步修复得到的计划（差距未收窄）",
    "the solver's process gave no usable answer: a plan by repair alone, its gap not narrowed",
)


class SolverProcess:
    """A child that solves; use as a context, so that it ends with its user."""

    def __init__(self, seconds: float, solver: Solver = allocate) -> None:
        """Starts the child.

        Args:
            seconds: wall time of one solve.
            solver: what runs there, a function of a module.
        """
        self.seconds, self.solver = seconds, solver
        self._start()

    def __enter__(self) -> SolverProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        self._kill()

    def allocate(
        self, problem: Problem, settings: SolveSettings | None = None, *, known: Sequence[int] | None = None
    ) -> Allocation:
        """As ``adspend.solve.allocate``, in the child.

        Raises:
            NoPlanError: no plan meets the limits.
        """
        for _ in range(TRIES):
            answer = self._ask(problem, settings, known)
            if isinstance(answer, Allocation) and acceptable(problem, answer):
                return answer
            if isinstance(answer, NoPlanError):
                break
        fallback = by_repair(problem, known)
        if fallback is not None:
            return fallback
        raise answer if isinstance(answer, NoPlanError) else NoPlanError([_no_answer()])

    def _ask(self, problem: Problem, settings: SolveSettings | None, known: Sequence[int] | None) -> object:
        """The child's answer; None where it crashed, hung or sent nothing that can be read."""
        try:
            self._connection.send((problem, settings, known))
            if not self._connection.poll(self.seconds):
                raise TimeoutError
            kind, answer = self._connection.recv()
        except (OSError, EOFError, TimeoutError, ValueError, TypeError, AttributeError, ImportError):
            self._kill()
            self._start()
            return None
        return NoPlanError(answer) if kind == "no plan" else answer

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._child = context.Process(target=_serve, args=(theirs, self.solver), daemon=True)
        self._child.start()
        theirs.close()

    def _kill(self) -> None:
        self._connection.close()
        self._child.kill()
        self._child.join()
        self._child.close()


def _serve(connection: Connection, solver: Solver) -> None:
    """The child's life: solve what comes until nothing more can come."""
    while True:
        try:
            problem, settings, known = connection.recv()
        except EOFError:
            return
        try:
            connection.send(("answer", solver(problem, settings, known=known)))
        except NoPlanError as error:
            connection.send(("no plan", list(error.faults)))
        except Exception as error:
            connection.send(("failed", type(error).__name__))


def acceptable(problem: Problem, answer: Allocation) -> bool:
    """Whether spends are of the problem's shape, in every range, on the step, at every lock, and within every limit."""
    if len(answer.spend) != problem.size or not all(type(x) is int and x >= 0 for x in answer.spend):
        return False
    for spend, table, fixed in zip(answer.spend, problem.tables, problem.fixed.tolist(), strict=True):
        inside = spend == 0 or (table is not None and table.minimum <= spend <= table.maximum)
        if not inside or spend % problem.step_fen or fixed not in (-1, spend):
            return False
    prices = [price for vector in answer.proof.vectors for price in vector]
    shaped = all(len(vector) == len(problem.limits) for vector in answer.proof.vectors)
    return shaped and min(prices, default=0) >= 0 and not broken(problem, answer.spend)


def by_repair(problem: Problem, known: Sequence[int] | None) -> Allocation | None:
    """The best plan without a solver: what is known, or nothing, brought within the limits and filled."""
    single = pinned(problem)
    arrays = grid(single)
    starts = [np.zeros(problem.size), *([] if known is None else [np.asarray(known, dtype=np.float64)])]
    plans = [plan for plan in (repair(single, arrays, start) for start in starts) if plan is not None]
    if not plans:
        return None
    return Allocation(
        spend=max(plans, key=lambda plan: total(single, "objective", plan)),
        proof=Proof(vectors=(as_prices(np.zeros(len(problem.limits))),)),
        termination=Termination.ROUNDED,
        formulation=FALLBACK,
    )


def _no_answer() -> Fault:
    return Fault(
        code="E-SOLVER",
        law=Text("求解器必须在时限内给出可核对的答案", "the solver must give an answer that can be checked in time"),
        remedy=Text(
            "重试；若仍如此，请放宽限制或减少单元", "Try again; if it stays so, relax limits or plan fewer cells"
        ),
    )
