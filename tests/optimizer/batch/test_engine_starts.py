"""Processes that are started, on this machine: one that never works is said in a sentence."""

from __future__ import annotations

import os

import pytest

from adspend import engine
from adspend_datasets.errors import NoPlanError


def die() -> None:
    """What a machine without memory does to a worker."""
    os._exit(1)


def test_a_worker_that_never_starts_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a BrokenProcessPool: what must hold, and what to check."""
    monkeypatch.setattr(engine, "MOST_STARTS", 2)
    with engine.LocalEngine(1, die) as local, pytest.raises(NoPlanError, match=r"E-WORKER .*must be able to start"):
        local.submit(os.getpid)
