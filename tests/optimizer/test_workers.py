"""The same work gives the same results wherever it runs, and a failure comes back as itself."""

from __future__ import annotations

import math
import os

import pytest

from adspend.workers import ONE_THREAD, workers


@pytest.mark.parametrize("count", [1, 2])
def test_results_and_failures_come_back(count: int) -> None:
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    with workers(count) as pool:
        assert list(pool.map(math.factorial, range(6))) == [1, 1, 2, 6, 24, 120]
        failed = pool.submit(math.sqrt, -1.0)
        assert isinstance(failed.exception(), ValueError)
        threads = pool.submit(os.getenv, "OPENBLAS_NUM_THREADS").result()
    assert count == 1 or threads == "1"
    assert {name: os.environ.get(name) for name in ONE_THREAD} == before


def test_no_workers_are_refused() -> None:
    with pytest.raises(ValueError, match="count >= 1"), workers(0):
        pass
