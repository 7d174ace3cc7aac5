"""Solvers that fail: each stands in for ``adspend.solve.allocate`` in the child process."""

from __future__ import annotations

import ctypes
import os
import time
from dataclasses import replace
from typing import Any

from adspend.allocation import Allocation
from adspend.problem import Problem
from adspend.solve import allocate
from adspend_datasets.errors import Fault, NoPlanError
from adspend_datasets.text import Text


def crashes(*_: Any, **__: Any) -> Allocation:  # noqa: ANN401
    ctypes.string_at(0)
    raise AssertionError


def exits(*_: Any, **__: Any) -> Allocation:  # noqa: ANN401
    os._exit(7)


def hangs(*_: Any, **__: Any) -> Allocation:  # noqa: ANN401
    time.sleep(600)
    raise AssertionError


def raises(*_: Any, **__: Any) -> Allocation:  # noqa: ANN401
    raise MemoryError


def answers_garbage(*_: Any, **__: Any) -> Any:  # noqa: ANN401
    return ["optimal", float("nan")]


def overspends(problem: Problem, *_: Any, **__: Any) -> Allocation:  # noqa: ANN401
    honest = allocate(problem)
    most = tuple(0 if table is None else table.maximum for table in problem.tables)
    return replace(honest, spend=most)


def says_infeasible(*_: Any, **__: Any) -> Allocation:  # noqa: ANN401
    words = Text("无解", "infeasible")
    raise NoPlanError([Fault(code="E-LIE", law=words, remedy=words)])
