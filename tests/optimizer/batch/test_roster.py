"""The roster finds every file that a person put there, and says what it cannot use."""

from __future__ import annotations

from pathlib import Path

import pytest

from adspend.batch.folders import put_folder
from adspend.batch.record import ShopRecord, Status
from adspend.batch.roster import LONGEST_NAME, read_roster
from adspend_datasets.errors import BadDataError


def files(folder: Path, *names: str) -> Path:
    """The folder with empty files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def manifest(folder: Path, rows: str) -> Path:
    """A manifest of these rows."""
    path = folder / "roster.csv"
    path.write_text(f"name,shop,reports\n{rows}", encoding="utf-8")
    return path


def found(shops: Path, reports: Path) -> dict[str, list[str]]:
    """The names of each shop's reports."""
    return {job.name: [path.name for path in job.reports] for job in read_roster(shops, reports)}


def test_endings_in_capitals_are_found(tmp_path: Path) -> None:
    """Exports of Windows programs; the shop's own name keeps its letters."""
    shops = files(tmp_path / "shops", "a.toml", "B.TOML")
    reports = files(tmp_path / "reports", "a.CSV", "B.Xlsx", "b.csv", "a/may.CSV", "a/june.xlsx")
    assert found(shops, reports) == {"B": ["B.Xlsx"], "a": ["june.xlsx", "may.CSV", "a.CSV"]}


def test_a_shop_in_two_spellings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="E-ROSTER-TWICE"):
        read_roster(files(tmp_path, "a.toml", "a.TOML"), None)


def test_what_programs_leave_beside_files_is_none(tmp_path: Path) -> None:
    """Excel's owner file of an open workbook, hidden files, folders named like reports."""
    shops = files(tmp_path / "shops", "a.toml", ".a.toml", "~$b.toml")
    reports = files(tmp_path / "reports", "a/week.xlsx", "a/~$week.xlsx", "a/.week.csv", "a/x.csv/y", "~$a.xlsx")
    assert found(shops, reports) == {"a": ["week.xlsx"]}


def test_what_cannot_be_read_is_on_the_roster(tmp_path: Path) -> None:
    """So that its shop's record says it: a link to a report that is gone, a folder in a shop file's place."""
    shops, reports = files(tmp_path / "shops", "a.toml", "b.toml/x"), files(tmp_path / "reports", "a/may.csv")
    (reports / "a" / "june.csv").symlink_to(tmp_path / "gone.csv")
    assert found(shops, reports) == {"a": ["june.csv", "may.csv"], "b": []}


def test_cells_beyond_the_header_are_refused_with_their_rows(tmp_path: Path) -> None:
    """Two reports in two cells would be planned from the first alone; blank cells of a spreadsheet lose nothing."""
    rows = 'a,a.toml,w1.csv,w2.csv\n"b",b.toml,w1.csv;w2.csv,,\nc,c.toml,w1.csv,,w3.csv\n'
    with pytest.raises(BadDataError) as refused:
        read_roster(manifest(tmp_path, rows), None)
    told = [(fault.code, fault.place.row, fault.value) for fault in refused.value.faults]
    assert told == [("E-ROSTER-CELLS", 2, "w2.csv"), ("E-ROSTER-CELLS", 4, "w3.csv")]
    (job,) = read_roster(manifest(tmp_path, "b,b.toml,w1.csv;w2.csv,,\n"), None)
    assert [path.name for path in job.reports] == ["w1.csv", "w2.csv"]


@pytest.mark.parametrize("letter", ["a", "é", "店", "😀"])
def test_the_longest_name_that_is_taken_makes_a_folder(tmp_path: Path, letter: str) -> None:
    """Counted in bytes, as file systems do; one letter more is refused before anything starts."""
    longest = letter * (LONGEST_NAME // len(letter.encode("utf-8")))
    (job,) = read_roster(manifest(tmp_path, f"{longest},a.toml,\n"), None)
    record = ShopRecord(name=job.name, key="k", status=Status.FAILED)
    for _ in range(2):  # the second moves the first away
        put_folder(tmp_path / "out", record, {})
    assert (tmp_path / "out" / longest / "record.json").is_file()
    with pytest.raises(BadDataError, match="E-ROSTER-NAME"):
        read_roster(manifest(tmp_path, f"{longest}{letter},a.toml,\n"), tmp_path)
