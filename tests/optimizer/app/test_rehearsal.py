"""A month through the command line alone.

Each morning `adspend plan` reads what the platform exports of the days before, an operator carries out its CSV in a
market world, and every limit is recomputed from what was executed.
"""

from __future__ import annotations

import csv
import datetime
import html
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adspend.app import run_plan
from adspend.app.cli import app
from adspend.market_shop import shop_file
from adspend.solver_process import SolverProcess
from adspend_models.market.case import MarketCase
from adspend_models.market.day import Day
from adspend_models.market.exports.canonical import canonical
from adspend_models.market.exports.rows import cell_days
from adspend_models.market.exports.sheet import csv_bytes
from adspend_models.market.families import everything
from adspend_models.market.presets import preset_100k

DAYS, SEGMENTS, SLOTS, STEP_FEN = 30, 6, 4, 100_00
RAISE, OVER_TESTED = Fraction(3, 2), Fraction(13, 10)  # the shop file's defaults
LEVELS = (Fraction(3, 10), Fraction(1), Fraction(3))  # a policy's default: an untested cell gets the largest at most
Cost = dict[tuple[str, str], int]  # fen by segment and slot
Names = tuple[str, ...]  # the stages that a morning may be in


@dataclass(slots=True)
class Month:
    """A shop's folder and its market, with the days executed so far."""

    case: MarketCase
    folder: Path
    policy: Path
    past: list[Day] = field(default_factory=list)

    @property
    def date(self) -> datetime.date:
        return self.case.first + datetime.timedelta(days=len(self.past))

    def arguments(self, out: Path) -> list[str]:
        """The morning's command, its report written as the platform exports it now: every day so far, cumulative."""
        shop, report = self.folder / "shop.toml", self.folder / "report.csv"
        shop.write_text(shop_file(self.case, guarded=True), encoding="utf-8")
        sheet = canonical(cell_days(self.past, exported=self.date), seed=self.case.seed)
        report.write_bytes(csv_bytes(sheet, encoding="utf-8-sig", thousands=False, missing="", line_end="\n"))
        known = [report] if self.past else []
        options = ("--shop", shop, "--date", self.date, "--policy", self.policy, "--out", out, "--json")
        return [str(part) for part in ("plan", *known, *options)]

    def costs(self) -> list[Cost]:
        """What each executed day spent."""
        return [
            {(cell.segment, cell.slot): int(cost) for cell, cost in zip(day.cells, day.cost_fen, strict=True)}
            for day in self.past
        ]

    def execute(self, budgets: Cost) -> None:
        """The day happens under these budgets."""
        asked = np.array([budgets[cell.segment, cell.slot] for cell in self.case.cells], dtype=np.int64)
        self.past.append(self.case.world.day(self.date, asked, tuple(self.past)))


def in_process(arguments: Sequence[str]) -> int:
    with pytest.raises(SystemExit) as stopped:
        app(list(arguments))
    return int(str(stopped.value.code or 0))


def as_command(arguments: Sequence[str]) -> int:
    code = "import sys; from adspend.app.cli import main; sys.exit(main())"
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=False).returncode


@pytest.fixture
def one_solver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same child solves on every day: starting one takes as long as a plan."""
    with SolverProcess(run_plan.SOLVE_SECONDS) as process:
        monkeypatch.setattr(run_plan, "SolverProcess", lambda _: nullcontext(process))
        yield


def policy_file(folder: Path, name: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_bytes(files("adspend").joinpath("policies", f"{name}.toml").read_bytes())
    return path


def read_csv(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((out / "plan.csv").read_text(encoding="utf-8-sig"), newline="")))


def fen(yuan: str) -> int:
    amount = Decimal(yuan or "0") * 100
    assert amount == int(amount), yuan
    return int(amount)


def most_fen(case: MarketCase, past: Sequence[int], untested: int) -> int:
    """The most that a cell with these daily costs may get: the guard rails in words of the past alone."""
    least, active = case.min_if_active * 100, [cost for cost in past if cost]
    if not active:
        return untested
    raised = past[-1] * RAISE if past[-1] else Fraction(active[-1])  # a rested cell starts where it stopped
    return min(int(max(min(raised, max(active) * OVER_TESTED), least)), case.max * 100)


def check_limits(month: Month, budgets: Cost) -> None:
    """The budget, the platform's rules for a cell and both guard rails, to the fen."""
    case = month.case
    assert set(budgets) == {(cell.segment, cell.slot) for cell in case.cells}
    assert sum(budgets.values()) <= case.daily_budget * 100
    even = Fraction(case.daily_budget * 100, len(case.cells)) / (sum(LEVELS) / len(LEVELS))
    untested = int(max(even, Fraction(3, 2) * case.min_if_active * 100) * max(LEVELS))
    costs = month.costs()
    for cell, budget in budgets.items():
        most = most_fen(case, [day[cell] for day in costs], untested)
        assert budget == 0 or case.min_if_active * 100 <= budget <= most, (month.date, cell, budget, most)
        assert budget % STEP_FEN == 0


def check_order(rows: Sequence[dict[str, str]]) -> None:
    """Carried out from the top, what stops or shrinks a cell comes before what starts or raises one."""
    moves = [(fen(row["budget"]) - fen(row["yesterday"]), row) for row in rows if row["action"] != "hold"]
    takes = [place for place, (move, _) in enumerate(moves) if move > 0]
    frees = [place for place, (move, _) in enumerate(moves) if move < 0]
    assert not takes or not frees or max(frees) < min(takes)
    stops = [place for place in frees if moves[place][1]["action"] == "pause"]
    assert stops == list(range(len(stops)))


def check_stage(before: dict[str, Any] | None, plan: dict[str, Any], out: Path) -> bool:
    """Whether the stage is another than yesterday's plan said; if it is, the plan says from which and why."""
    stage, notices = plan["stage"], [notice["text"] for notice in plan["notices"] if notice["code"] == "STAGE"]
    assert all(stage["reason"][language] for language in ("zh", "en"))
    if before is None or (stage["zh"], stage["en"]) == (before["zh"], before["en"]):
        assert (stage["changed_from"], notices) == (None, [])
        return False
    assert stage["changed_from"] == {language: before[language] for language in ("zh", "en")}
    [notice] = notices
    page = html.unescape((out / "plan.html").read_text(encoding="utf-8"))
    for language in ("zh", "en"):
        for words in (before[language], stage[language], stage["reason"][language]):
            assert words in notice[language]
        assert notice[language] in page
    return True


def rehearse(month: Month, implied: Callable[[Month], Names]) -> list[tuple[int, dict[str, Any]]]:
    """Thirty mornings; the stage of each change, with its day from 1."""
    changes, before = [], None
    for number in range(1, DAYS + 1):
        out = month.folder / "plans" / str(month.date)
        arguments = month.arguments(out)
        assert (as_command if number in (1, DAYS) else in_process)(arguments) == 0, month.date
        if number == DAYS:  # the same bytes again, elsewhere and in another process
            again = month.folder / "again"
            assert in_process([str(again) if part == str(out) else part for part in arguments]) == 0
            assert (again / "plan.json").read_bytes() == (out / "plan.json").read_bytes()
        assert in_process(["verify", str(out / "plan.json")]) == 0
        plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
        assert plan["stage"]["en"] in implied(month), month.date
        if check_stage(before, plan, out):
            changes.append((number, plan["stage"]))
        before = plan["stage"]
        rows = read_csv(out)
        check_order(rows)
        budgets = {(row["segment"], row["slot"]): fen(row["budget"]) for row in rows}
        check_limits(month, budgets)
        month.execute(budgets)
        assert month.past[-1].cost_fen.sum() > 0  # so that every morning has observed one day more
    return changes


def by_days_alone(month: Month) -> Names:
    """Cold start, promotion, stable: evidence may end the first stage from its fourth day on, the seventh ends it."""
    observed = len(month.past)
    if 4 <= observed < 7:
        return ("cold start", "promotion")
    return ("cold start",) if observed < 4 else ("promotion",) if observed < 21 else ("stable",)


def by_milestone(month: Month) -> Names:
    """Preparation ends with a day of 100,000 yuan of GMV after three days, or after ten; the campaign follows 24."""
    observed = len(month.past)
    best = max((int(day.gmv_fen[day.budget_fen > 0].sum()) for day in month.past), default=0)
    if observed < 10 and (observed < 3 or best < 100_000_00):
        return ("preparation",)
    return ("stable",) if observed < 24 else ("campaign",)


@pytest.mark.usefixtures("one_solver")
def test_thirty_days_of_a_cold_start_a_promotion_and_a_stable_shop(tmp_path: Path) -> None:
    case = replace(everything(1, SEGMENTS, SLOTS), step=STEP_FEN // 100)
    month = Month(case=case, folder=tmp_path, policy=policy_file(tmp_path, "cold_start_promo_stable"))
    changes = rehearse(month, by_days_alone)
    assert [stage["en"] for _, stage in changes] == ["promotion", "stable"]
    assert changes[1][0] == 22
    assert "21 days observed" in changes[1][1]["reason"]["en"]
    assert "已有 21 天数据" in changes[1][1]["reason"]["zh"]


@pytest.mark.gate
@pytest.mark.usefixtures("one_solver")
def test_thirty_days_of_a_preparation_a_stable_shop_and_a_campaign(tmp_path: Path) -> None:
    case = preset_100k(1, SEGMENTS, SLOTS)
    month = Month(case=case, folder=tmp_path, policy=policy_file(tmp_path, "prep_stable_campaign"))
    changes = rehearse(month, by_milestone)
    assert [stage["en"] for _, stage in changes] == ["stable", "campaign"]
    assert changes[1][0] == 25
