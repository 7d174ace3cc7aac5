"""Ctrl-C in a run: a sentence that says how far it came, no traceback of any process, and nobody left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import psutil
import pytest

from adspend.app.batch_progress import progress_bars
from adspend_datasets.text import Language, Text

from .conftest import write_small_shops

SHOPS = 12
PATIENCE = 60.0


def interrupted_when(ready: Callable[[Path, psutil.Process], bool], folder: Path) -> tuple[int, str]:
    """A real run of two processes, and Ctrl-C to all of them, as a terminal sends it: exit code and errors."""
    write_small_shops(folder, SHOPS)
    code = "import sys; from adspend.app.cli import main; sys.exit(main())"
    options = ["--date", "2026-06-10", "--no-pool", "--workers", "2", "--lang", "en", "--out", folder / "out"]
    command = [sys.executable, "-c", code, "batch", folder / "shops", "--reports", folder / "reports", *options]
    run = psutil.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + PATIENCE
    while not ready(folder / "out", run):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
    children = run.children(recursive=True)
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=PATIENCE)
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == [], "a process outlives the run"
    return run.returncode, errors


def test_the_run_says_how_many_of_how_many_are_done(tmp_path: Path) -> None:
    """Those whose folders are there, but for one a process that its death cut off from telling."""
    code, errors = interrupted_when(lambda out, _: len(list(out.glob("*/record.json"))) >= 3, tmp_path)
    assert code == 130
    told = re.fullmatch(r"Interrupted: planning shops, (\d+) of 12 done; the same command goes on from there\n", errors)
    assert told, errors
    there = len(list((tmp_path / "out").glob("*/record.json")))
    assert there - 2 <= int(told[1]) <= there < SHOPS


def test_a_worker_that_is_still_starting_says_nothing(tmp_path: Path) -> None:
    """Struck before it could be told to leave Ctrl-C to its parent."""

    def starting(out: Path, run: psutil.Process) -> bool:
        return out.exists() and any("spawn_main" in " ".join(child.cmdline()) for child in run.children())

    code, errors = interrupted_when(starting, tmp_path)
    assert code == 130
    assert errors == "Interrupted before any shop was done; run the same command again\n"


def test_an_interrupted_lesson_is_no_planned_shop(capsys: pytest.CaptureFixture[str]) -> None:
    """The step is named in both languages."""

    def learn_in(language: Language) -> None:
        with progress_bars(language, quiet=True) as bar:
            bar(Text("学习类目", "learning categories"))(1200, 3000)
            raise KeyboardInterrupt

    for language in get_args(Language):
        with pytest.raises(KeyboardInterrupt):
            learn_in(language)
    assert capsys.readouterr().err.splitlines() == [
        "已中断：学习类目已完成 1,200 / 3,000 家；重新运行同一命令即从这里继续",
        "Interrupted: learning categories, 1,200 of 3,000 done; the same command goes on from there",
    ]
