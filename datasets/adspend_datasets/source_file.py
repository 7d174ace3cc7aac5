"""A file as bytes, read once: its size is limited, its hash taken, and a change while reading is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.text import Text

LARGEST_FILE = 20 * 2**20  # bytes, packed


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file's name, bytes and hash. Everything later works on these bytes, never on the path again."""

    name: str
    data: bytes
    sha256: str


def read_source(path: Path) -> SourceFile:
    """Reads a file whole.

    Raises:
        BadDataError: missing, empty, over 20 MB, or changed while it was read.
    """
    try:
        before = path.stat()
        if before.st_size > LARGEST_FILE:
            raise _fault(path, "E-FILE-SIZE", *_TOO_LARGE, value=f"{before.st_size / 2**20:.1f} MB")
        data = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise _fault(path, "E-FILE-MISSING", *_UNREADABLE, value=error.strerror or "") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise _fault(path, "E-FILE-CHANGED", *_CHANGED)
    if not data:
        raise _fault(path, "E-FILE-EMPTY", *_EMPTY, value="0 B")
    return SourceFile(name=path.name, data=data, sha256=hashlib.sha256(data).hexdigest())


def repeated_files(files: Sequence[SourceFile]) -> tuple[Fault, ...]:
    """One fault for every file whose bytes were already given: its money would count twice."""
    seen: dict[str, str] = {}
    faults = []
    for file in files:
        if file.sha256 in seen:
            law = Text(
                f"同一份报表只能导入一次，该文件与 {seen[file.sha256]} 完全相同",
                f"a report may be imported once, and this file equals {seen[file.sha256]}",
            )
            faults.append(Fault(code="E-FILE-AGAIN", law=law, remedy=_ONCE, place=Place(file.name)))
        seen.setdefault(file.sha256, file.name)
    return tuple(faults)


_TOO_LARGE = (
    Text("文件不能超过 20 MB", "a file must be at most 20 MB"),
    Text("请按更短的日期范围分几次导出", "export shorter date ranges into several files"),
)
_UNREADABLE = (
    Text("文件必须存在且可读", "the file must exist and be readable"),
    Text("请检查文件名和权限", "check the name and the permissions"),
)
_CHANGED = (
    Text("读取期间文件不能被改动", "the file must not change while it is read"),
    Text("请等导出或保存完成后再试", "wait until the export or save is done, then try again"),
)
_EMPTY = (
    Text("文件不能为空", "a file must not be empty"),
    Text("导出没有成功，请重新导出", "the export failed, export it again"),
)
_ONCE = Text("请去掉重复的文件，或换成最新一天的导出", "leave the repeated file out, or give the newest export instead")


def _fault(path: Path, code: str, law: Text, remedy: Text, value: str = "") -> BadDataError:
    return BadDataError([Fault(code=code, law=law, remedy=remedy, value=value, place=Place(path.name))])
