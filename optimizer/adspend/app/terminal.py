"""What the terminal shows: progress while working, then the plan as a table with its warnings first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from adspend.gains import net_words
from adspend.money import yuan_text
from adspend.outputs.wording import ACTION_WORDS, GRADE_WORDS
from adspend.plan import Notice, Plan, PlannedCell, Severity
from adspend_datasets.import_report import ImportReport, Sums
from adspend_datasets.text import Language, Text, same
from adspend_models.bank import CurveBank, Grade

MOST_ROWS = 40  # a screen; the files hold every cell


@contextmanager
def working(language: Language, *, quiet: bool) -> Iterator[Callable[[str, str], None]]:
    """A spinner on standard error with the current step; silent when asked or when not a terminal."""
    console = Console(stderr=True, quiet=quiet)
    if not console.is_terminal or quiet:
        yield lambda zh, en: None  # noqa: ARG005
        return
    with console.status("") as status:
        yield lambda zh, en: status.update(Text(zh, en).pick(language) + " ...")


@contextmanager
def counting(language: Language, total: int, *, done: int, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A bar on standard error over ``total`` jobs, ``done`` of them from before; call it with each finished job's rate.

    It shows the rate and the time left; silent when asked or when not a terminal.
    """
    console = Console(stderr=True, quiet=quiet)
    if not console.is_terminal or quiet:
        yield lambda rate: None  # noqa: ARG005
        return
    left = Text("剩余", "left").pick(language)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TextColumn(left))
    # Jobs take seconds to minutes: the time left is judged over many of them.
    with Progress(*columns, TimeRemainingColumn(), console=console, speed_estimate_period=900) as progress:
        task = progress.add_task("", total=total, completed=done, rate="")
        yield lambda rate: progress.update(task, advance=1, rate=rate)


def print_plan(plan: Plan, paths: Sequence[Path], imported: ImportReport | None, language: Language) -> None:
    """The plan on standard output: what was read, warnings, a table, the totals, and where the files are."""
    console = Console(soft_wrap=True, highlight=False)
    if imported is not None:
        _print_import(console, imported, language)
    for notice in sorted(plan.notices, key=lambda notice: notice.severity is not Severity.REVIEW):
        console.print(f"[{notice.severity.value}] {notice.text.pick(language)}", markup=False)
    console.print(_cells_table(plan, language))
    console.print(_totals(plan, language), markup=False)
    for limit in plan.binding:
        console.print(f"  · {limit.name.pick(language)}: {limit.price.pick(language)}", markup=False)
    for path in paths:
        console.print(str(path), markup=False)


def _print_import(console: Console, imported: ImportReport, language: Language) -> None:
    for file in imported.files:
        words = Text(
            f"读取 {file.name}（{file.profile}，{file.encoding}）：{file.rows_read} 行，保留 {file.rows_kept} 行",
            f"read {file.name} ({file.profile}, {file.encoding}): {file.rows_read} rows, {file.rows_kept} kept",
        )
        console.print(words.pick(language), markup=False)
    console.print(_control_sums(imported.sums).pick(language), markup=False)


def _control_sums(sums: Sums) -> Text:
    """The sums in words; what is missing throughout is said to be, not 0."""
    missing = Text("缺失", "missing")
    cost, gmv = (
        missing if fen is None else Text(f"{yuan_text(fen)} 元", yuan_text(fen))
        for fen in (sums.cost_fen, sums.gmv_fen)
    )
    orders = missing if sums.orders is None else same(f"{sums.orders:,}")
    return Text(
        f"合计核对：消耗 {cost.zh}，订单 {orders.zh}，GMV {gmv.zh}",
        f"control sums: cost {cost.en}, orders {orders.en}, GMV {gmv.en}",
    )


def _cells_table(plan: Plan, language: Language) -> Table:
    heads = (
        Text("人群", "segment"),
        Text("时段", "slot"),
        Text("动作", "action"),
        Text("预算(元)", "budget (yuan)"),
        Text("昨日(元)", "yesterday (yuan)"),
        Text("预期净值(元)", "expected net (yuan)"),
        Text("评级", "grade"),
    )
    table = Table(title=f"{plan.shop}  {plan.date}  {plan.stage.name.pick(language)}")
    for head in heads:
        table.add_column(head.pick(language), justify="right" if "yuan" in head.en else "left")
    funded = sorted((cell for cell in plan.cells if cell.budget_fen), key=lambda cell: -cell.budget_fen)
    for cell in funded[:MOST_ROWS]:
        table.add_row(*_row(cell, language))
    paused = len(plan.cells) - len(funded)
    table.caption = Text(f"另有 {paused} 个单元暂停", f"{paused} more cells are paused").pick(language)
    if len(funded) > MOST_ROWS:
        more = len(funded) - MOST_ROWS
        table.caption += Text(f"，{more} 个在投单元见文件", f", {more} funded cells are in the files").pick(language)
    return table


def _row(cell: PlannedCell, language: Language) -> tuple[str, ...]:
    return (
        cell.cell.segment,
        cell.cell.slot,
        ACTION_WORDS[cell.action].pick(language),
        yuan_text(cell.budget_fen),
        "-" if cell.yesterday_fen is None else yuan_text(cell.yesterday_fen),
        yuan_text(cell.expected_net_fen),
        cell.grading.grade.value,
    )


def _totals(plan: Plan, language: Language) -> str:
    net = net_words(yuan_text(sum(cell.expected_net_fen for cell in plan.cells)))
    words = Text(
        f"计划 {yuan_text(plan.planned_fen)} / 预算 {yuan_text(plan.budget_fen)} 元，预期{net.zh}，"
        f"距最优至多 {plan.certificate.gap:.4%}",
        f"planned {yuan_text(plan.planned_fen)} of {yuan_text(plan.budget_fen)} yuan, expected {net.en}, "
        f"at most {plan.certificate.gap:.4%} below the optimum",
    )
    return words.pick(language)


def print_curves(bank: CurveBank, notices: Sequence[Notice], paths: Sequence[Path], language: Language) -> None:
    """The curve bank's grades, worst first, how many of each, what to know beside them, and where the files are."""
    console = Console(soft_wrap=True, highlight=False)
    table = Table(title=Text("响应曲线", "response curves").pick(language))
    for head in (Text("单元", "cell"), Text("评级", "grade"), Text("理由", "reason")):
        table.add_column(head.pick(language), overflow="fold")
    worst = list(reversed(Grade))
    rows = sorted(zip(bank.cells, bank.gradings, strict=True), key=lambda row: (worst.index(row[1].grade), row[0]))
    for cell, grading in rows:
        table.add_row(cell.label, GRADE_WORDS[grading.grade].pick(language), grading.reasons[0].pick(language))
    found = Counter(grading.grade for grading in bank.gradings)
    table.caption = "  ".join(f"{GRADE_WORDS[grade].pick(language)} {found[grade]}" for grade in worst)
    console.print(table)
    for notice in notices:
        console.print(f"  · {notice.text.pick(language)}", markup=False)
    for path in paths:
        console.print(str(path), markup=False)
