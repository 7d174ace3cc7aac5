"""Reading what a command is given: a shop's reports as its shop file says, a festival calendar, a file's hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from adspend.app.arguments import existing_file
from adspend.plan import InputFile
from adspend.policy import Policy, parse_policy
from adspend.shop import Shop
from adspend.shop_reports import read_reports_of
from adspend_datasets.festival_file import parse_festivals, read_festivals
from adspend_datasets.festivals import NO_FESTIVALS, Festivals
from adspend_datasets.import_report import ImportReport
from adspend_datasets.report import TrafficReport
from adspend_datasets.source_file import read_source


def read_shop_reports(shop: Shop, reports: Sequence[Path]) -> tuple[TrafficReport, ImportReport]:
    """The reports' rows in the shop's cells.

    Raises:
        UsageError: a file does not exist.
        BadDataError: every fault of every file.
    """
    return read_reports_of(shop, [existing_file(path, "REPORT") for path in reports])


def read_calendar(path: Path | None) -> Festivals:
    """The festivals of ``--calendar``; none where none was given.

    Raises:
        UsageError: the file does not exist.
        BadDataError: every fault of the file.
    """
    return NO_FESTIVALS if path is None else read_festivals(existing_file(path, "--calendar"))


def calendar_file(path: Path | None) -> tuple[Festivals, InputFile | None]:
    """The festivals of ``--calendar``, see ``read_calendar``, and the file that they are of."""
    if path is None:
        return NO_FESTIVALS, None
    source = read_source(existing_file(path, "--calendar"))
    return parse_festivals(source), _recorded(source.name, source.data)


def policy_file(path: Path | None) -> tuple[Policy | None, InputFile | None]:
    """The policy of ``--policy`` and the file that it is of; none where none was given.

    Raises:
        UsageError: the file does not exist.
        BadDataError: every fault of the file.
    """
    if path is None:
        return None, None
    content = existing_file(path, "--policy").read_bytes()
    return parse_policy(content, file=path.name), _recorded(path.name, content)


def input_file(path: Path) -> InputFile:
    """A file as a plan records it."""
    return _recorded(path.name, path.read_bytes())


def _recorded(name: str, content: bytes) -> InputFile:
    return InputFile(name=name, sha256=hashlib.sha256(content).hexdigest(), rows=content.count(b"\n"))
