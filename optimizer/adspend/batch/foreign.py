"""What is not the batch's is never touched: an OUT with other people's files in its way is refused before any work.

OUT/NAME        the batch's when empty, or when its record.json bears that name
OUT/summary.*   the batch's when the state of its runs lies beside
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from adspend.batch.folders import is_ours
from adspend.batch.publish import FILES
from adspend.batch.roster import Job
from adspend.batch.run import STATE
from adspend_datasets.errors import Fault, Place, UsageError
from adspend_datasets.raw_table import capped
from adspend_datasets.text import Text


def refuse_foreign(out: Path, jobs: Sequence[Job], inputs: Iterable[Path | None]) -> None:
    """Refuses an ``out`` that is one of the ``inputs``, or where a file of someone else would be replaced.

    Raises:
        UsageError: all that is in the way.
    """
    if any(path is not None and path.resolve() == out.resolve() for path in inputs):
        law = Text("--out 不能是 SHOPS 或 --reports 的目录", "--out must not be the folder of SHOPS or --reports")
        raise UsageError([_fault("E-OUT-INPUT", law, out)])
    if out.exists() and not out.is_dir():
        raise UsageError([_fault("E-OUT-FOREIGN", Text("--out 须是目录", "--out must be a folder"), out)])
    law = Text("批量运行不替换不是它写的文件", "a batch replaces no files but its own")
    found = [_fault("E-OUT-FOREIGN", law, path) for path in _foreign(out, jobs)]
    if found:
        raise UsageError(capped(found))


def _foreign(out: Path, jobs: Sequence[Job]) -> Iterator[Path]:
    if not (out / STATE).is_file():
        yield from (path for name in FILES if (path := out / name).exists())
    for job in jobs:
        place = out / job.name
        if place.exists() and not (place.is_dir() and (is_ours(place) or not any(place.iterdir()))):
            yield place


def _fault(code: str, law: Text, path: Path) -> Fault:
    remedy = Text("请换一个 --out，或先把它移走", "Choose another --out, or move it away first")
    return Fault(code=code, law=law, value=str(path), place=Place(column="--out"), remedy=remedy)
