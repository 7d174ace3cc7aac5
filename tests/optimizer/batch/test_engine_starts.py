"""Processes that are started, on this machine: one that never works is said in a sentence, Ctrl-C is the parent's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def test_ctrl_c_does_not_reach_a_worker_that_is_starting(tmp_path: Path) -> None:
    """Struck at its first line of Python, long before it could be told anything, it says nothing and works."""
    struck = "import os, signal, sys\nif 'spawn_main' in ' '.join(sys.orig_argv): os.kill(os.getpid(), signal.SIGINT)\n"
    (tmp_path / "sitecustomize.py").write_text(struck, encoding="utf-8")
    code = "import adspend.engine\nwith adspend.engine.LocalEngine(1) as e: print(e.submit(abs, -3).result())"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")
