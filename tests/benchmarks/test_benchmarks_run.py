"""Every registered benchmark runs, and its rows make a table."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import table
from benchmarks.registry import BENCHMARKS, Benchmark

HEAVY = ("batch_speed", "batch_disturbed")  # processes to start and to kill: half a minute each even in small
PARAMETERS = [
    pytest.param(each, id=each.name, marks=[pytest.mark.gate] if each.name in HEAVY else []) for each in BENCHMARKS
]


@pytest.mark.parametrize("benchmark", PARAMETERS)
def test_a_benchmark_runs_in_small(benchmark: Benchmark) -> None:
    try:
        rows = benchmark.run(True)
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    assert rows
    assert all(row.keys() == rows[0].keys() for row in rows)
    assert table(rows).count("\n") == len(rows) + 1
