"""Killed workers, poison and killed runs: nothing is lost, doubled, torn or blamed on the innocent."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from adspend.batch.ledger import Ledger
from adspend.batch.orders import Orders
from adspend.batch.record import Status
from adspend.batch.roster import read_roster
from adspend.batch.run import STATE, opened, run_shops
from adspend.engine import LocalEngine
from oracles.batch_workers import HANG, PLAN_DATE, contents, diary, made_up, made_up_shops, run_made_up

SHOPS = 40
PATIENCE = 60.0  # seconds; a limit against hanging, not a measurement


def wait_for(done: object, what: str) -> None:
    """Waits until ``done()`` holds."""
    deadline = time.monotonic() + PATIENCE
    while not done():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.005)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run of the same shops writes when nothing happens."""
    folder = tmp_path_factory.mktemp("undisturbed")
    made_up_shops(folder, SHOPS)
    outcome = run_made_up(folder, folder / "out", 1)
    assert outcome.counts[Status.OK] == SHOPS
    return contents(folder / "out")


def run_killed(folder: Path, kills: int, luck: random.Random) -> None:
    """Starts the run as a process of its own and kills it ``kills`` times, then lets it end."""
    out = folder / "out"
    command = [sys.executable, "-m", "oracles.batch_workers", str(folder), str(out), "2"]
    for _ in range(kills):
        before = diary(folder)
        finished = {path.parent.name for path in out.glob("*/record.json")}
        process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
        more = len(before) + luck.randrange(1, 16)
        wait_for(lambda: len(diary(folder)) >= more or process.poll() is not None, "progress")  # noqa: B023
        time.sleep(luck.random() * 0.03)
        process.send_signal(signal.SIGKILL)
        process.wait()
        workers = {pid for _, _, pid in diary(folder)[len(before) :]}
        wait_for(lambda: not any(map(psutil.pid_exists, workers)), "the orphans' end")  # noqa: B023
        again = {name for word, name, _ in diary(folder)[len(before) :] if word == "begin"}
        assert not again & finished, "a finished shop was worked on again"
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])


def check_whole(folder: Path, undisturbed: dict[str, bytes]) -> None:
    """The folders are those of an undisturbed run, and the state knows each shop once."""
    assert contents(folder / "out") == undisturbed
    with Ledger(folder / "out" / STATE) as ledger:
        assert [record.name for record in ledger.records()] == sorted({name.split("/")[0] for name in undisturbed})
    ends = [name for word, name, _ in diary(folder) if word == "end"]
    assert len(ends) == len(set(ends)), "a shop was finished twice"


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """Kill -9 at two random times."""
    made_up_shops(tmp_path, SHOPS)
    run_killed(tmp_path, 2, random.Random(1))
    check_whole(tmp_path, undisturbed)


@pytest.mark.gate
@pytest.mark.parametrize("round_", range(20))
def test_a_hundred_killed_runs(tmp_path: Path, undisturbed: dict[str, bytes], round_: int) -> None:
    """Twenty runs, each killed five times."""
    made_up_shops(tmp_path, SHOPS)
    run_killed(tmp_path, 5, random.Random(100 + round_))
    check_whole(tmp_path, undisturbed)


def test_poison_is_quarantined_and_the_others_are_as_ever(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """A shop that kills its process three times alone is set aside; the other folders are byte for byte the same."""
    made_up_shops(tmp_path, SHOPS, poisoned=(17,))
    outcome = run_made_up(tmp_path, tmp_path / "out", 2)
    assert outcome.counts == {Status.OK: SHOPS - 1, Status.SKIPPED: 0, Status.FAILED: 0, Status.QUARANTINED: 1}
    found = contents(tmp_path / "out")
    record = json.loads(found.pop("shop-017/record.json"))
    assert record["status"] == "quarantined"
    assert record["remarks"][0]["code"] == "E-QUARANTINE"
    assert found == {name: content for name, content in undisturbed.items() if not name.startswith("shop-017/")}
    deaths = sum(word == "begin" and name == "shop-017" for word, name, _ in diary(tmp_path))
    assert deaths == 5  # once among others, three times alone, and at last


def test_a_shop_that_hangs_is_quarantined_too(
    tmp_path: Path, undisturbed: dict[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    """Its process ends itself when the shop's time is over, saying where it hung; the run ends, the others are done."""
    made_up_shops(tmp_path, SHOPS, poisoned=(17,), poison=HANG)
    outcome = run_made_up(tmp_path, tmp_path / "out", 2, shop_minutes=0.02)
    assert outcome.counts == {Status.OK: SHOPS - 1, Status.SKIPPED: 0, Status.FAILED: 0, Status.QUARANTINED: 1}
    found = contents(tmp_path / "out")
    assert json.loads(found.pop("shop-017/record.json"))["remarks"][0]["code"] == "E-QUARANTINE"
    assert found == {name: content for name, content in undisturbed.items() if not name.startswith("shop-017/")}
    assert "_die_or_hang" in capfd.readouterr().err


def test_changed_inputs_are_planned_again_and_only_those(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """The content of a shop's files is part of its key."""
    made_up_shops(tmp_path, SHOPS)
    run_made_up(tmp_path, tmp_path / "out", 1)
    report = tmp_path / "reports" / "shop-004.csv"
    report.write_text("77", encoding="utf-8")
    begun = len(diary(tmp_path))
    outcome = run_made_up(tmp_path, tmp_path / "out", 1)
    assert outcome.kept == SHOPS - 1
    assert {name for _, name, _ in diary(tmp_path)[begun:]} == {"shop-004"}
    changed = contents(tmp_path / "out")
    assert changed["shop-004/plan.csv"] == b"," * 77
    same = {name for name in undisturbed if not name.startswith("shop-004/")}
    assert all(changed[name] == undisturbed[name] for name in same)


def test_workers_killed_at_random_are_replaced(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """Two workers killed in the middle of their groups: same folders, nobody quarantined."""
    made_up_shops(tmp_path, SHOPS)
    jobs = read_roster(tmp_path / "shops", tmp_path / "reports")
    killed: list[int] = []

    def kill_now_and_then(done: int, total: int) -> None:
        workers = [pid for word, _, pid in diary(tmp_path) if word == "begin" and pid not in killed]
        if len(killed) < 2 and workers and psutil.pid_exists(workers[-1]) and done < total:
            killed.append(workers[-1])
            psutil.Process(workers[-1]).kill()

    orders = Orders(date=PLAN_DATE, out=tmp_path / "out", language="zh")
    with opened(tmp_path / "out") as ledger, LocalEngine(2) as engine:
        outcome = run_shops(jobs, orders, ledger, engine, progress=kill_now_and_then, work=made_up)
    assert len(killed) == 2
    assert outcome.counts[Status.OK] == SHOPS
    assert contents(tmp_path / "out") == undisturbed
