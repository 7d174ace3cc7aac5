"""Reports in: files of any platform become one validated traffic report, or all their faults at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from adspend_datasets.aggregate import aggregate, empty_report
from adspend_datasets.business_day import assign_slots
from adspend_datasets.duplicates import drop_repeats, refuse_mixed_grain
from adspend_datasets.errors import BadDataError, Fault
from adspend_datasets.gaps import gap_warnings
from adspend_datasets.headers import header_faults
from adspend_datasets.import_report import FileImport, ImportReport, Notes, Sums
from adspend_datasets.lines import Lines, joined_lines
from adspend_datasets.mapping import MappingRule, map_plans
from adspend_datasets.oddities import oddity_warnings
from adspend_datasets.plausibility import jump_faults
from adspend_datasets.profile import Profile, candidate_profiles
from adspend_datasets.report import TrafficReport
from adspend_datasets.schema import schema_faults
from adspend_datasets.slots import standard_slot
from adspend_datasets.source_file import SourceFile, read_source, repeated_files
from adspend_datasets.table_choice import choose_table
from adspend_datasets.table_lines import table_lines
from adspend_datasets.tables import file_tables


class _FileRead(NamedTuple):
    lines: Lines
    notes: Notes
    story: FileImport


def read_reports(
    paths: Sequence[Path],
    *,
    rules: Sequence[MappingRule] = (),
    segments: Sequence[str] = (),
    slots: Sequence[str] = (),
    platform: str = "",
    shop: str = "",
    currency: str = "CNY",
) -> tuple[TrafficReport, ImportReport]:
    """Reads reports.

    Args:
        paths: CSV or .xlsx files, of one platform or several; none gives an empty report.
        rules: which segment (slot, lever, product) a plan belongs to; the first that matches wins.
        segments: the shop's segments, to propose a rule for plans that none matches.
        slots: the shop's slot labels; hourly rows are put into them, and rows after midnight get the business day on
            which their slot begins. Without slots, hourly rows keep slots of an hour.
        platform: a profile, a family of profiles, or the path of a profile TOML; "" recognises it by the header.
        shop: the shop the files must be of, "" for any.
        currency: the currency of all money.

    Returns:
        The report, sorted by date and cell, and the story of the import.

    Raises:
        BadDataError: every fault of every file, with its place.
    """
    profiles = candidate_profiles(platform)
    sources, faults = _sources(paths)
    faults += repeated_files(sources)
    read: list[_FileRead] = []
    for source in sources:
        try:
            read.append(_read_file(source, profiles, mapped=bool(rules), shop=shop, currency=currency))
        except BadDataError as error:
            faults += error.faults
    notes = sum((file.notes for file in read), Notes(faults=tuple(faults)))
    if notes.faults:
        raise BadDataError(notes.faults)
    parts = [file.lines for file in read]
    report, joint = _joined(parts, rules, segments, slots) if parts else (empty_report(), Notes())
    story = ImportReport(
        files=tuple(file.story for file in read),
        steps=notes.steps + joint.steps,
        warnings=notes.warnings + joint.warnings + gap_warnings(report) + oddity_warnings(report),
        sums=report_sums(report),
    )
    return report, story


def report_sums(report: TrafficReport) -> Sums:
    """The control sums of a report."""
    known = [report.rows[name].dropna() for name in ("cost_fen", "orders", "gmv_fen")]
    cost, orders, gmv = (None if report.rows.size and column.empty else int(column.sum()) for column in known)
    return Sums(rows=len(report.rows), cost_fen=cost, orders=orders, gmv_fen=gmv)


def _sources(paths: Sequence[Path]) -> tuple[list[SourceFile], list[Fault]]:
    sources: list[SourceFile] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            sources.append(read_source(path))
        except BadDataError as error:
            faults += error.faults
    return sources, faults


def _read_file(source: SourceFile, profiles: Sequence[Profile], *, mapped: bool, shop: str, currency: str) -> _FileRead:
    """Reads one file to lines; faults of its content are in the notes, faults of the file itself are raised."""
    read = file_tables(source)
    table, match = choose_table(read.tables, profiles, source.name)
    wrong_header = header_faults(table, match, currency)
    if match.missing:
        raise BadDataError(wrong_header)
    lines, notes = table_lines(table, match, mapped=mapped, shop=shop, currency=currency)
    story = FileImport(
        name=source.name,
        sha256=source.sha256,
        encoding=read.encoding,
        profile=match.profile.name,
        sheet=table.sheet,
        rows_read=len(table.cells) - match.row - 1,
        rows_kept=len(lines.frame),
    )
    return _FileRead(lines, Notes(faults=wrong_header) + notes, story)


def _joined(
    parts: Sequence[Lines], rules: Sequence[MappingRule], segments: Sequence[str], slots: Sequence[str]
) -> tuple[TrafficReport, Notes]:
    """The lines of all files, each known to be sound, to one report.

    Raises:
        BadDataError: faults that show only when the files are seen together.
    """
    lines, notes = drop_repeats(joined_lines(parts)) if len(parts) > 1 else (parts[0], Notes())
    notes += refuse_mixed_grain(lines)
    slots = [standard_slot(slot) for slot in slots]
    lines, mapping_notes = map_plans(lines, rules, segments, slots)
    notes += mapping_notes
    if not mapping_notes.faults:
        lines, slot_notes = assign_slots(lines, slots)
        notes += slot_notes + Notes(faults=jump_faults(lines))
    if notes.faults:
        raise BadDataError(notes.faults)
    report, summing = aggregate(lines)
    if broken := schema_faults(report):
        raise BadDataError(broken)
    return report, notes + summing
