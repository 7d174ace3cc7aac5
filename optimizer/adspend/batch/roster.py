"""The roster (名册): which shops a batch plans, and where their files lie.

SHOPS is a folder of shop files ``NAME.toml``, or a manifest: a CSV with the columns ``name,shop`` and optionally
``reports`` (several separated by ``;``), paths relative to the manifest. Without ``reports`` a shop's reports are
``DIR/NAME.csv``, ``DIR/NAME.xlsx`` or all such files in ``DIR/NAME/``. A name becomes a folder, so it must be one.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from adspend_datasets.errors import BadDataError, Fault, Place, UsageError
from adspend_datasets.text import Text

REPORT_ENDINGS = (".csv", ".xlsx")
LONGEST_NAME = 100
RESERVED = ("summary.", "batch.")  # how the run's own files begin


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
    jobs = _from_folder(shops, reports) if shops.is_dir() else _from_manifest(shops, reports)
    if not jobs:
        law = Text("名册里至少要有一家店铺", "a roster must hold at least one shop")
        raise UsageError([_fault("E-ROSTER-EMPTY", law, str(shops))])
    faults = [fault for job in jobs for fault in _name_faults(job.name)]
    counts = Counter(job.name for job in jobs)
    faults += [_fault("E-ROSTER-TWICE", TWICE, name) for name, count in counts.items() if count > 1]
    if faults:
        raise BadDataError(faults)
    return tuple(sorted(jobs, key=lambda job: job.name))


def _from_folder(folder: Path, reports: Path | None) -> list[Job]:
    shops = [path for path in folder.glob("*.toml") if not path.name.startswith(".")]
    return [Job(name=path.stem, shop=path, reports=reports_of(path.stem, reports)) for path in shops]


def reports_of(name: str, reports: Path | None) -> tuple[Path, ...]:
    """A shop's report files in the folder ``reports``."""
    if reports is None:
        return ()
    files = [reports / f"{name}{ending}" for ending in REPORT_ENDINGS]
    own = reports / name
    if own.is_dir():
        files += [path for path in own.iterdir() if path.suffix.lower() in REPORT_ENDINGS]
    return tuple(sorted(path for path in files if path.is_file() and not path.name.startswith(".")))


def _from_manifest(manifest: Path, reports: Path | None) -> list[Job]:
    if not manifest.is_file():
        law = Text("须是店铺文件的文件夹，或名册 CSV", "SHOPS must be a folder of shop files, or a manifest CSV")
        raise UsageError([_fault("E-FILE-MISSING", law, str(manifest))])
    try:
        rows = csv.DictReader(io.StringIO(manifest.read_bytes().decode("utf-8-sig"), newline=""))
        heads = set(rows.fieldnames or ())
        if not {"name", "shop"} <= heads <= {"name", "shop", "reports"}:
            law = Text("名册的列须为 name,shop[,reports]", "a manifest's columns must be name,shop[,reports]")
            raise BadDataError([_fault("E-ROSTER-HEADER", law, ",".join(rows.fieldnames or ()), manifest.name)])
        return [_from_row(row, manifest.parent, reports) for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        law = Text("名册须为 UTF-8 的 CSV", "a manifest must be CSV in UTF-8")
        raise BadDataError([_fault("E-ROSTER-FORM", law, str(error), manifest.name)]) from error


def _from_row(row: dict[str, str | None], folder: Path, reports: Path | None) -> Job:
    name, listed = (row["name"] or "").strip(), (row.get("reports") or "").strip()
    files = tuple(folder / part.strip() for part in listed.split(";") if part.strip())
    shop = folder / (row["shop"] or "").strip()
    return Job(name=name, shop=shop, reports=tuple(sorted(files)) if listed else reports_of(name, reports))


TWICE = Text("店铺名称不得重复", "names of shops must be distinct")


def _name_faults(name: str) -> list[Fault]:
    strange = any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") or sign in '/\\:*?"<>|' for sign in name)
    if name and len(name) <= LONGEST_NAME and not strange and not name.startswith((".", *RESERVED)):
        return []
    law = Text(
        f'店铺名称须能作文件夹名：1 到 {LONGEST_NAME} 个字符，不含 / \\ : * ? " < > |，不以 . summary. batch. 开头',
        f'a name must do as a folder: 1 to {LONGEST_NAME} characters without / \\ : * ? " < > |, and not begin with '
        "a dot, 'summary.' or 'batch.'",
    )
    return [_fault("E-ROSTER-NAME", law, name)]


def _fault(code: str, law: Text, value: str, file: str = "") -> Fault:
    remedy = Text("请检查名册", "Check the roster")
    return Fault(code=code, law=law, value=value, place=Place(file=file, column="SHOPS"), remedy=remedy)
