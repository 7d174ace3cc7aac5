"""A file that no reader can take costs its own shop a plan, and the run nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from adspend.batch.orders import category_of
from adspend.batch.record import ShopRecord, Status
from oracles.batch_runs import plan_here

from .conftest import SHOPS


def huge_number(place: Path) -> None:
    """More digits than Python turns into a number."""
    place.write_bytes(b"[shop]\nname = " + b"1" * 5_000)


def brackets(place: Path) -> None:
    """Nested deeper than Python recurses."""
    place.write_bytes(b"[shop]\nname = " + b"[" * 3_000)


def unreadable(place: Path) -> None:
    """A file that can be opened, and whose reading is an input/output error (EIO)."""
    place.symlink_to("/proc/self/mem")


def folder(place: Path) -> None:
    """No file at all."""
    place.mkdir()


@pytest.mark.parametrize(
    ("damage", "code"), [(huge_number, "E-TOML"), (brackets, "E-TOML"), (unreadable, "E-IO"), (folder, "E-IO")]
)
def test_the_shop_fails_and_the_others_are_planned(
    small_shops: Path, tmp_path: Path, damage: Callable[[Path], None], code: str
) -> None:
    """Through learning and planning: one failed record that names the file, all others as ever."""
    shutil.copytree(small_shops, tmp_path, dirs_exist_ok=True)
    damage(tmp_path / "shops" / "hostile.toml")
    shutil.copy(tmp_path / "reports" / "shop-00000.csv", tmp_path / "reports" / "hostile.csv")
    outcome, records = plan_here(tmp_path, tmp_path / "out")
    assert outcome.counts == {Status.OK: SHOPS, Status.SKIPPED: 0, Status.FAILED: 1, Status.QUARANTINED: 0}
    failed: ShopRecord = records["hostile"]
    assert (failed.status, failed.category) == (Status.FAILED, "")
    assert failed.remarks[0].code == code
    assert "hostile.toml" in failed.remarks[0].text.en
    assert "hostile.toml" in failed.remarks[0].text.zh


@pytest.mark.parametrize("content", [b"x = " + b"1" * 5_000, b"x = " + b"[" * 3_000, b"shop = 1", b"\xff", b""])
def test_a_file_that_is_none_names_no_category(content: bytes) -> None:
    assert category_of(content) == ""
