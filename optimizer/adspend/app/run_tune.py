"""The ``tune`` command: a better policy for markets of some kinds, or for a shop's twin, or none."""

from __future__ import annotations

import datetime
import hashlib
import json
import shlex
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path

import typer

from adspend.app.arguments import shop_argument
from adspend.app.code_digest import code_digest
from adspend.app.read_inputs import read_shop_reports
from adspend.app.terminal import working
from adspend.app.tune_bar import tune_bar
from adspend.day import fitted_bank, known_report
from adspend.outputs.tune_json import policy_json, verdict_json
from adspend.outputs.tune_words import verdict_words
from adspend.outputs.write_tune import write_tuning
from adspend.policy import DEFAULT, PRESETS, Policy, bundled_policy, for_shop, read_policy
from adspend.tuning.journal import Journal
from adspend.tuning.panel import TRAINING_FAMILIES, Panels, market_panels, twin_panels
from adspend.tuning.provenance import Provenance, provenance_of
from adspend.tuning.runs import Runs
from adspend.tuning.space import SPACE, Dimension
from adspend.tuning.tune import Tuned, TuneSettings, tune
from adspend.workers import workers
from adspend_datasets.errors import BadDataError, Fault, Place, UsageError
from adspend_datasets.text import Language, Text

JOURNAL = "study.jsonl"
ENGINE = "engine"  # whose policy is tuned, by its name in the registry
NOT_BETTER = 3  # the exit code where no policy is recommended


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the panels are: worlds to search on (a family, or twins), fresh ones to judge on, cells of a market."""

    worlds: int
    fresh: int
    segments: int = 6
    slots: int = 8


def size_of(worlds: int | None, fresh: int | None, cells: str, *, is_twin: bool) -> Size:
    """The panels' size as typed, or enough for an interval that can tell a few points apart.

    Raises:
        UsageError: ``cells`` is not SEGMENTSxSLOTS.
    """
    segments, _, slots = cells.partition("x")
    if not (segments.isdecimal() and slots.isdecimal() and int(segments) and int(slots)):
        law = Text("须写成 人群数x时段数", "cells must be written SEGMENTSxSLOTS")
        raise UsageError([_fault("--cells", law, Text("例如 --cells 6x8", "For example --cells 6x8"), cells)])
    return Size(
        worlds=worlds or (12 if is_twin else 2),
        fresh=fresh or (24 if is_twin else 4),
        segments=int(segments),
        slots=int(slots),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is tuned for: its panels, its default policy, how the command names it, and a digest of its files."""

    panels: Panels
    default: Policy
    arguments: tuple[str, ...]
    inputs: str = ""


def run_tune(
    reports: Sequence[Path],
    shop_path: Path | None,
    families: str | None,
    size: Size,
    settings: TuneSettings,
    out: Path,
    *,
    policy: str | None = None,
    numbers: str | None = None,
    count: int,
    resume: bool,
    language: Language,
    json_only: bool,
) -> None:
    """Tunes and writes; exits with 3 where no policy is better than the default on fresh worlds.

    Raises:
        UsageError: no market or two, an unknown family, a study in ``out`` that is not to be resumed, a dead worker.
        BadDataError: the study in ``out`` is another one.
    """
    if not resume and (out / JOURNAL).exists():
        law = Text("输出目录里已有一次研究", "a new study needs a directory without one")
        remedy = Text("加 --resume 续跑，或换一个 --out", "Add --resume to go on with it, or choose another --out")
        raise UsageError([_fault("--out", law, remedy, str(out))])
    space = _space(numbers)
    with working(language, quiet=json_only) as say:
        say("准备市场", "preparing the worlds")
        subject = _subject(reports, shop_path, families, policy, size)
    provenance = provenance_of(_command(subject, numbers, size, settings))
    journal = Journal(out / JOURNAL, _header(subject, space, size, settings, provenance))
    try:
        with tune_bar(language, quiet=json_only) as bar, workers(count) as pool:
            runs = Runs(pool=pool, journal=journal, days=settings.days, watch=bar)
            tuned = tune(subject.panels, subject.default, settings, runs, space)
    except BrokenExecutor as error:
        law = Text("一个工作进程意外终止，已完成的运行都已保存", "a worker died; every finished run is kept")
        raise UsageError([_fault("--workers", law, Text("加 --resume 续跑", "Go on with --resume"))]) from error
    paths = write_tuning(tuned, provenance, out, language=language)
    if json_only:
        print(json.dumps(_summary(tuned, paths), ensure_ascii=False))
    else:
        print("\n".join([verdict_words(tuned).pick(language), *map(str, paths)]))
    if tuned.winner is None:
        raise typer.Exit(NOT_BETTER)


def _subject(
    reports: Sequence[Path], shop_path: Path | None, families: str | None, policy: str | None, size: Size
) -> Subject:
    if (shop_path is None) != (not reports) or (shop_path is not None and families is not None):
        law = Text("须给报表和 --shop（本店孪生），或给 --families", "give reports with --shop, or --families")
        raise UsageError(
            [_fault("--shop", law, Text("例如 --families stationary", "For example --families stationary"))]
        )
    base = _base(policy or DEFAULT)
    named = () if policy is None else ("--policy", policy if policy in PRESETS else Path(policy).name)
    if shop_path is not None:
        return _twin(reports, shop_path, base, named, size)
    chosen = _families(families)
    panels = market_panels(chosen, worlds=size.worlds, fresh=size.fresh, segments=size.segments, slots=size.slots)
    arguments = ("--families", ",".join(chosen), "--cells", f"{size.segments}x{size.slots}", *named)
    return Subject(panels=panels, default=base, arguments=arguments)


def _base(policy: str) -> Policy:
    """The policy to beat: a bundled one by its name, or a file's."""
    return bundled_policy(policy) if policy in PRESETS else read_policy(Path(policy))


def _families(typed: str | None) -> tuple[str, ...]:
    """The training families that were typed, all of them if none was."""
    chosen = TRAINING_FAMILIES if typed is None else tuple(dict.fromkeys(name.strip() for name in typed.split(",")))
    unknown = [name for name in chosen if name not in TRAINING_FAMILIES]
    if unknown:
        law = Text("只能在训练用的市场族上调参", "only the training families may be tuned on")
        names = ", ".join(TRAINING_FAMILIES)
        raise UsageError(
            [_fault("--families", law, Text(f"可选：{names}", f"Choose among {names}"), ", ".join(unknown))]
        )
    return chosen


def _twin(reports: Sequence[Path], shop_path: Path, base: Policy, named: tuple[str, ...], size: Size) -> Subject:
    """Twins of the shop from the day after its report."""
    shop = shop_argument(shop_path, None)
    report, _ = read_shop_reports(shop, reports)
    if report.last_date is None:
        law = Text("报表里没有可用的行", "the report must have rows")
        raise BadDataError([Fault(code="E-EMPTY", law=law, remedy=Text("请检查报表", "Check the report"))])
    first = report.last_date + datetime.timedelta(days=1)
    bank = fitted_bank(shop, known_report(shop, report, first), first)
    files = hashlib.sha256(b"\0".join(path.read_bytes() for path in (shop_path, *reports))).hexdigest()
    return Subject(
        panels=twin_panels(bank, shop, first, worlds=size.worlds, fresh=size.fresh),
        default=for_shop(base, shop),
        arguments=(*(path.name for path in reports), "--shop", shop_path.name, *named),
        inputs=files,
    )


def _space(numbers: str | None) -> tuple[Dimension, ...]:
    """The dimensions that were typed, all of them if none was."""
    if numbers is None:
        return SPACE
    typed = {name.strip() for name in numbers.split(",")}
    known = [dimension.name for dimension in SPACE]
    if unknown := sorted(typed.difference(known)):
        law = Text("没有这些参数", "there are no such numbers")
        remedy = Text(f"可选：{', '.join(known)}", f"Choose among {', '.join(known)}")
        raise UsageError([_fault("--numbers", law, remedy, ", ".join(unknown))])
    return tuple(dimension for dimension in SPACE if dimension.name in typed)


def _command(subject: Subject, numbers: str | None, size: Size, settings: TuneSettings) -> str:
    """The command that finds the same policy, wherever it runs."""
    options: dict[str, int | str] = {
        **({} if numbers is None else {"--numbers": numbers}),
        "--worlds": size.worlds,
        "--fresh": size.fresh,
        "--trials": settings.trials,
        "--batch": settings.batch,
        "--candidates": settings.candidates,
        "--days": settings.days,
        "--seed": settings.seed,
    }
    words = [word for name, value in options.items() for word in (name, str(value))]
    return shlex.join(["adspend", "tune", *subject.arguments, *words])


def _header(
    subject: Subject, space: tuple[Dimension, ...], size: Size, settings: TuneSettings, provenance: Provenance
) -> dict[str, object]:
    """What makes the journal's numbers: all but the number of trials and candidates, which may grow on resuming."""
    panels = subject.panels
    return {
        "schema": "adspend.journal/1",
        "worlds": [[each.name for each in panel] for panel in (panels.training, panels.selection, panels.held_out)],
        "cells": [size.segments, size.slots],
        "inputs": subject.inputs,
        "default": policy_json(subject.default),
        "space": [[each.name, each.kind, each.low, each.high, each.log] for each in space],
        "batch": settings.batch,
        "days": settings.days,
        "seed": settings.seed,
        "code": code_digest(ENGINE),
        "versions": provenance.versions,
    }


def _fault(option: str, law: Text, remedy: Text, value: str = "") -> Fault:
    return Fault(code="E-TUNE", law=law, value=value, place=Place(column=option), remedy=remedy)


def _summary(tuned: Tuned, paths: Sequence[Path]) -> dict[str, object]:
    """What a script wants to know of a tuning."""
    return {
        "recommended": tuned.winner is not None,
        "verdict": None if tuned.verdict is None else verdict_json(tuned.verdict),
        "importances": dict(tuned.study.importances),
        "trials": len(tuned.study.trials),
        "stopped": sum(trial.stopped for trial in tuned.study.trials),
        "files": [str(path) for path in paths],
    }
