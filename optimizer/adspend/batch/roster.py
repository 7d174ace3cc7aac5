"""The roster (名册): which shops a batch plans, and where their files lie.

SHOPS is a folder of shop files ``NAME.toml``, or a manifest: a CSV with the columns ``name,shop`` and optionally
``reports`` (several separated by ``;``), paths relative to the manifest. Without ``reports`` a shop's reports are
``DIR/NAME.csv``, ``DIR/NAME.xlsx`` and all such files in ``DIR/NAME/``. Endings may be in capitals; hidden files and
the owner files that Excel leaves (``~$NAME.xlsx``) are none. A name becomes a folder, so it must be one.
"""

from __future__ import annotations

import csv
import io
import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adspend_datasets.errors import BadDataError, Fault, Place, UsageError
from adspend_datasets.text import Text

REPORT_ENDINGS = (".csv", ".xlsx")
LONGEST_NAME = 240  # bytes: file systems allow 255, and a folder being written has a longer name
NOT_A_FILE = (".", "~$")  # how names begin that are not for people
RESERVED = ("summary.", "batch.")  # how the run's own files begin


Reports = Callable[[str], tuple[Path, ...]]  # of a shop's name
Row = dict[str | None, Any]  # of a manifest: cells by column, those beyond the header under None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One shop to plan. ``reports`` are files that exist, sorted; none where there are none."""

    name: str
    shop: Path
    reports: tuple[Path, ...]


def read_roster(shops: Path, reports: Path | None) -> tuple[Job, ...]:
    """The jobs, by name.

    Raises:
        UsageError: no such folder or file, or no shop in it.
        BadDataError: a manifest that is not one, or names that repeat or cannot be folders; all faults at once.
    """
    found = _reports_in(reports)
    jobs = _from_folder(shops, found) if shops.is_dir() else _from_manifest(shops, found)
    if not jobs:
        law = Text("名册里至少要有一家店铺", "a roster must hold at least one shop")
        raise UsageError([_fault("E-ROSTER-EMPTY", law, str(shops))])
    faults = [fault for job in jobs for fault in _name_faults(job.name)]
    counts = Counter(job.name for job in jobs)
    faults += [_fault("E-ROSTER-TWICE", TWICE, name) for name, count in counts.items() if count > 1]
    if faults:
        raise BadDataError(faults)
    return tuple(sorted(jobs, key=lambda job: job.name))


def _from_folder(folder: Path, reports: Reports) -> list[Job]:
    shops = _files((".toml",), folder.iterdir())
    return [Job(name=path.stem, shop=path, reports=reports(path.stem)) for path in shops]


def _reports_in(folder: Path | None) -> Reports:
    """The report files of a name: ``NAME.csv`` and those in ``NAME/``; the folder is listed once for all names."""
    inside = [] if folder is None else list(folder.iterdir())
    folders = {path.name: path for path in inside if path.is_dir()}
    loose: dict[str, list[Path]] = defaultdict(list)
    for path in _files(REPORT_ENDINGS, inside):
        if path.name not in folders:
            loose[path.stem].append(path)

    def of(name: str) -> tuple[Path, ...]:
        own = _files(REPORT_ENDINGS, folders[name].iterdir()) if name in folders else ()
        return tuple(sorted([*loose.get(name, ()), *(path for path in own if not path.is_dir())]))

    return of


def _files(endings: tuple[str, ...], paths: Iterable[Path]) -> Iterator[Path]:
    """What a person has put there with one of these endings; if it cannot be read, its shop's record says so."""
    for path in paths:
        if path.suffix.lower() in endings and not path.name.startswith(NOT_A_FILE):
            yield path


def _from_manifest(manifest: Path, reports: Reports) -> list[Job]:
    if not manifest.is_file():
        law = Text("须是店铺文件的文件夹，或名册 CSV", "SHOPS must be a folder of shop files, or a manifest CSV")
        raise UsageError([_fault("E-FILE-MISSING", law, str(manifest))])
    try:
        rows = csv.DictReader(io.StringIO(manifest.read_bytes().decode("utf-8-sig"), newline=""))
        heads = set(rows.fieldnames or ())
        if not {"name", "shop"} <= heads <= {"name", "shop", "reports"}:
            law = Text("名册的列须为 name,shop[,reports]", "a manifest's columns must be name,shop[,reports]")
            raise BadDataError([_fault("E-ROSTER-HEADER", law, ",".join(rows.fieldnames or ()), manifest.name)])
        placed = [(Place(manifest.name, rows.line_num), row) for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        law = Text("名册须为 UTF-8 的 CSV", "a manifest must be CSV in UTF-8")
        raise BadDataError([_fault("E-ROSTER-FORM", law, str(error), manifest.name)]) from error
    faults = [fault for place, row in placed for fault in _surplus(row, place)]
    if faults:
        raise BadDataError(faults)
    return [_from_row(row, manifest.parent, reports) for _, row in placed]


def _surplus(row: Row, place: Place) -> list[Fault]:
    """Cells beyond the header, which would be lost."""
    cells = [cell for cell in row.get(None, ()) if cell.strip()]
    if not cells:
        return []
    law = Text("一行的格数不得多于表头", "a row must not have more cells than the header")
    remedy = Text("多份报表写在同一格，用 ; 隔开", "Several reports stand in one cell, separated by ;")
    return [Fault(code="E-ROSTER-CELLS", law=law, value=",".join(cells), place=place, remedy=remedy)]


def _from_row(row: Row, folder: Path, reports: Reports) -> Job:
    name, listed = (row["name"] or "").strip(), (row.get("reports") or "").strip()
    files = tuple(folder / part.strip() for part in listed.split(";") if part.strip())
    shop = folder / (row["shop"] or "").strip()
    return Job(name=name, shop=shop, reports=tuple(sorted(files)) if listed else reports(name))


TWICE = Text("店铺名称不得重复", "names of shops must be distinct")


def _name_faults(name: str) -> list[Fault]:
    strange = any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") or sign in '/\\:*?"<>|' for sign in name)
    if name and not strange and len(os.fsencode(name)) <= LONGEST_NAME and not name.startswith((".", *RESERVED)):
        return []
    law = Text(
        f"店铺名称须能作文件夹名：1 到 {LONGEST_NAME} 字节（{LONGEST_NAME // 3} 个汉字），不含 "
        """/ \\ : * ? " < > |，不以 . summary. batch. 开头""",
        f"a name must do as a folder: 1 to {LONGEST_NAME} bytes ({LONGEST_NAME // 3} Chinese characters) without "
        """/ \\ : * ? " < > |, and not begin with a dot, 'summary.' or 'batch.'""",
    )
    return [_fault("E-ROSTER-NAME", law, name)]


def _fault(code: str, law: Text, value: str, file: str = "") -> Fault:
    remedy = Text("请检查名册", "Check the roster")
    return Fault(code=code, law=law, value=value, place=Place(file=file, column="SHOPS"), remedy=remedy)
