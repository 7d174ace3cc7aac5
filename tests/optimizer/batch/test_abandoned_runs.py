"""What a dead run's workers bring late never replaces what a later run has put in place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from adspend.batch.folders import WORK, put_folder
from adspend.batch.orders import Orders
from adspend.batch.record import ShopRecord, Status
from adspend.batch.roster import read_roster
from adspend.batch.run import opened, run_shops
from adspend.batch.turn import has_turn, take_turn, turn_of
from adspend_datasets.text import Language
from oracles.batch_workers import PLAN_DATE, contents, diary, made_up, made_up_shops
from oracles.here_engine import HereEngine

RECORD = ShopRecord(name="shop", key="key", status=Status.FAILED)


class Abandoned(HereEngine):
    """A cluster that has accepted a task when its run is killed."""

    def submit(self, call: Callable[..., object], /, *args: object) -> Future[object]:
        self.later = lambda: call(*args)
        raise KeyboardInterrupt


def run(folder: Path, engine: HereEngine, language: Language) -> None:
    """One run of the made-up shops; its language makes its orders."""
    jobs = read_roster(folder / "shops", folder / "reports")
    orders = Orders(date=PLAN_DATE, out=folder / "out", language=language)
    with opened(orders.out) as ledger:
        run_shops(jobs, orders, ledger, engine, work=made_up)


def test_a_task_of_a_killed_run_leaves_a_later_run_s_folders_alone(tmp_path: Path) -> None:
    """It begins after the later run was published; it plans nothing, and not a byte changes."""
    made_up_shops(tmp_path, 3)
    killed = Abandoned()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, killed, "zh")
    run(tmp_path, HereEngine(), "en")
    published, worked = contents(tmp_path / "out"), diary(tmp_path)
    killed.later()
    assert contents(tmp_path / "out") == published
    assert diary(tmp_path) == worked


def test_a_shop_that_was_being_planned_when_its_run_died_is_dropped(tmp_path: Path) -> None:
    """Its folder is whole when the next run begins, and is not put in place; nothing is left of it."""
    first = take_turn(tmp_path)
    put_folder(tmp_path, RECORD, {"plan.csv": b"first"}, run=first)
    assert contents(tmp_path)["shop/plan.csv"] == b"first"
    second = take_turn(tmp_path)
    put_folder(tmp_path, RECORD, {"plan.csv": b"late"}, run=first)
    assert contents(tmp_path)["shop/plan.csv"] == b"first"
    put_folder(tmp_path, RECORD, {"plan.csv": b"second"}, run=second)
    assert contents(tmp_path)["shop/plan.csv"] == b"second"
    assert list((tmp_path / WORK).iterdir()) == []


def test_an_output_directory_that_was_emptied_takes_no_late_folder(tmp_path: Path) -> None:
    token = take_turn(tmp_path)
    (tmp_path / "batch.run").unlink()
    assert not has_turn(tmp_path, token)


def test_no_run_begins_between_the_look_and_the_rename(tmp_path: Path) -> None:
    """Taking the turn waits for whoever has seen that it is theirs."""
    token = take_turn(tmp_path)
    taker = threading.Thread(target=take_turn, args=(tmp_path,))
    with turn_of(tmp_path, token) as present:
        assert present
        taker.start()
        taker.join(timeout=0.2)
        assert taker.is_alive()
    taker.join(timeout=30)
    assert not taker.is_alive()
    assert not has_turn(tmp_path, token)
