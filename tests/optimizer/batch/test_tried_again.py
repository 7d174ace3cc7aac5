"""What may have passed is tried again by the next run: deaths, full memory, failing disks, faults of the engine."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from adspend.batch import pooling, shop_work
from adspend.batch.ledger import Ledger
from adspend.batch.pooling import learn_categories
from adspend.batch.record import ShopRecord, Status
from adspend.batch.roster import read_roster
from adspend.batch.run import STATE, opened
from adspend_datasets.errors import BadDataError, Fault
from adspend_datasets.text import same
from oracles.batch_runs import DATE, plan_here
from oracles.batch_workers import POISON, contents, diary, made_up_shops, run_made_up
from oracles.here_engine import Death, HereEngine

from .conftest import SHOPS


def missing(code: str) -> BadDataError:
    return BadDataError([Fault(code=code, law=same("the file must be there"), remedy=same("wait"))])


TROUBLE = {
    "no memory": (MemoryError(), "E-INTERNAL"),
    "a failing disk": (OSError(5, "Input/output error", "x.csv"), "E-IO"),
    "a fault of the engine": (ZeroDivisionError("1/0"), "E-INTERNAL"),
    "a file that was away": (missing("E-FILE-MISSING"), "E-FILE-MISSING"),
    "a file being written": (missing("E-FILE-CHANGED"), "E-FILE-CHANGED"),
}


@pytest.fixture(scope="module")
def calm(small_shops: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run without trouble writes."""
    out = tmp_path_factory.mktemp("calm") / "out"
    plan_here(small_shops, out)
    return contents(out)


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_that_has_passed_leaves_no_trace(
    small_shops: Path, calm: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Struck while it teaches and while it is planned, then not: the second run's folders are those of a calm one."""
    error, code = TROUBLE[name]

    def read(shop: object, reports: Sequence[Path]) -> object:
        if reports[0].stem == "shop-00000":
            raise error
        return real(shop, reports)  # type: ignore[arg-type]

    real = pooling.read_reports_of
    with monkeypatch.context() as patched:
        for module in (pooling, shop_work):
            patched.setattr(module, "read_reports_of", read)
        outcome, records = plan_here(small_shops, tmp_path)
    assert outcome.counts[Status.FAILED] == 1
    remark = records["shop-00000"].remarks[0]
    assert remark.code == code
    trace = tmp_path / "shop-00000" / "error.txt"
    assert trace.exists() == (code == "E-INTERNAL")
    if code == "E-INTERNAL":
        assert "shop-00000/error.txt" in remark.text.en
        assert "shop-00000/error.txt" in remark.text.zh
        assert type(error).__name__ in trace.read_text(encoding="utf-8").splitlines()[-1]
        assert "in read" in trace.read_text(encoding="utf-8"), "the place it came from"
    outcome, _ = plan_here(small_shops, tmp_path)
    assert outcome.counts[Status.OK] == SHOPS
    assert contents(tmp_path) == calm
    outcome, _ = plan_here(small_shops, tmp_path)
    assert outcome.kept == SHOPS


def test_a_fault_of_the_data_is_kept(small_shops: Path, tmp_path: Path) -> None:
    """Reading the same bytes again would say the same: neither lesson nor record is made anew."""
    shutil.copytree(small_shops, tmp_path, dirs_exist_ok=True)
    (tmp_path / "reports" / "shop-00000.csv").write_text("no report", encoding="utf-8")
    assert plan_here(tmp_path, tmp_path / "out")[0].counts[Status.FAILED] == 1
    outcome, _ = plan_here(tmp_path, tmp_path / "out")
    assert outcome.kept == SHOPS


def test_the_quarantined_get_all_their_tries_in_the_next_run(tmp_path: Path) -> None:
    """Set aside once more where it kills again, planned where it does not; nobody else is touched."""
    made_up_shops(tmp_path, 3, poisoned=(1,))
    assert run_made_up(tmp_path, tmp_path / "out", 1).counts[Status.QUARANTINED] == 1
    begun = len(diary(tmp_path))
    outcome = run_made_up(tmp_path, tmp_path / "out", 1)
    assert (outcome.counts[Status.QUARANTINED], outcome.kept) == (1, 2)
    again = [name for word, name, _ in diary(tmp_path)[begun:] if word == "begin"]
    assert again == ["shop-001"] * 4
    assert POISON not in (tmp_path / "reports" / "shop-000.csv").read_text(encoding="utf-8")


def teach(folder: Path, out: Path, engine: HereEngine) -> object:
    """The first pass alone."""
    with opened(out) as ledger:
        return learn_categories(read_roster(folder / "shops", folder / "reports"), DATE, ledger, engine)


def test_lessons_are_taken_once(small_shops: Path, tmp_path: Path) -> None:
    """The second run asks no worker for what the state knows, and learns the same."""
    first, second = HereEngine(), HereEngine()
    learned = teach(small_shops, tmp_path, first)
    assert first.tasks == SHOPS
    assert teach(small_shops, tmp_path, second) == learned
    assert second.tasks == 0


def test_a_shop_that_kills_its_teachers_is_asked_again(
    small_shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With four deaths it teaches nothing in this run; the next asks it as if nothing had been."""

    def kill(*_: object) -> str | None:
        raise Death

    deadly, sound = HereEngine(), HereEngine()
    with monkeypatch.context() as patched:
        patched.setattr(pooling, "_lesson", kill)
        teach(small_shops, tmp_path, deadly)
    assert deadly.tasks == 4 * SHOPS
    with Ledger(tmp_path / STATE) as ledger:
        ledger.start_lesson("another", "key")
        assert ledger.count_death("lessons", "another", 1) == 1
    teach(small_shops, tmp_path, sound)
    assert sound.tasks == SHOPS


def test_a_lesson_of_a_file_that_changed_meanwhile_is_not_kept(
    small_shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would stand under the hash of what is there no more, and be believed when that returns."""
    shutil.copytree(small_shops, tmp_path, dirs_exist_ok=True)
    report = tmp_path / "reports" / "shop-00000.csv"
    before = report.read_bytes()
    real = pooling._lesson

    def replaced(job: pooling.Job, date: datetime.date, festivals: pooling.Festivals) -> str | None:
        if job.name == "shop-00000":
            report.write_bytes(b"\n".join(before.split(b"\n")[:20]) + b"\n")
        return real(job, date, festivals)

    with monkeypatch.context() as patched:
        patched.setattr(pooling, "_lesson", replaced)
        teach(tmp_path, tmp_path / "out", HereEngine())
    report.write_bytes(before)
    again = HereEngine()
    teach(tmp_path, tmp_path / "out", again)
    assert again.tasks == 1


def test_only_final_records_are_final() -> None:
    """A key alone does not say that the inputs would give the record again."""
    assert ShopRecord(name="a", key="1", status=Status.SKIPPED).is_final
    assert not ShopRecord(name="a", key="1", status=Status.QUARANTINED).is_final
