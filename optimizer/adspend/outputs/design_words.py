"""What a test sheet says in words: why a cell is tested, the rules of the test, and what it is all worth."""

from __future__ import annotations

from adspend.design import CellTest, TestDesign
from adspend.money import short_yuan, yuan_text
from adspend_datasets.text import Text, counted


def why_tested(test: CellTest) -> Text:
    """Why this cell, in one sentence."""
    chance = f"{test.change:.0%}"
    if not test.tested_fen:
        return Text(
            f"从未投放，不测就没有预算；测后有 {chance} 的可能给它预算",
            f"never tried, so it gets no money without a test; {chance} chance that it will afterwards",
        )
    return Text(
        f"曲线没定：测后有 {chance} 的可能改变它的预算",
        f"its curve is open: {chance} chance that the test changes its budget",
    )


def stop_rule(test: CellTest) -> Text:
    """When to end a cell's test early."""
    if test.stop_fen >= test.cost_fen:
        return Text("测完为止", "run to the end")
    spend = short_yuan(test.stop_fen)
    return Text(f"满 {spend} 元无单即停", f"no order by {spend}: stop")


def rules() -> tuple[Text, ...]:
    """What makes the test valid, and when to stop."""
    return (
        Text(
            "日期由抽签决定：不要按当天好坏挪动，也不要在测试日另外加减预算",
            "days were drawn by lot: do not move a level to a better day, nor change a budget within a test day",
        ),
        Text(
            "没花出去的预算照实导出：曲线按实际消耗拟合",
            "export what was really spent: curves are fitted on spend, not on budgets",
        ),
        Text(
            "导出报表时，测试日的 phase 列写 test，拟合时按随机测试对待",
            "tag the exported test days `test` in the column phase, so that they count as randomised",
        ),
        Text(
            "每天早上带上新报表再运行一次：不值得再测的单元会自动退出，剩下的钱给别的单元",
            "run the command again every morning with the new report: cells no longer worth testing drop out, and "
            "their money goes to others",
        ),
        Text(
            "停投线：值得投的单元花到该数仍无订单的可能只有 5%",
            "stop line: a cell worth its money goes so far without an order only 5 % of the time",
        ),
    )


def headline(design: TestDesign) -> Text:
    """The test in one sentence."""
    spend, budget = yuan_text(design.cost_fen), yuan_text(design.budget_fen)
    cells, days = len(design.tests), design.days
    if not design.tests:
        return Text(
            f"{days} 天、{budget} 元以内没有值得做的测试：结果都不会改变预算",
            f"no test within {budget} yuan and {counted(days, 'day')} is worth running: none would change a budget",
        )
    return Text(
        f"{cells} 个单元测 {days} 天，花 {spend} 元（上限 {budget} 元）",
        f"{counted(cells, 'cell')} over {counted(days, 'day')}, {spend} of at most {budget} yuan",
    )


def worth_lines(design: TestDesign) -> tuple[Text, ...]:
    """What the test is worth, what it costs, and the yardstick."""
    gain, equal, most = (short_yuan(fen) for fen in (design.gain_fen, design.equal_gain_fen, design.bound_fen))
    net = short_yuan(design.expected_net_fen)
    return (
        Text(
            f"预计学到的东西让之后每天的计划多赚约 {gain} 元（同样花费的任何方案至多 {most} 元）",
            f"what it teaches is expected to add about {gain} yuan to every later day's plan (no choice for the same "
            f"money could add more than {most})",
        ),
        Text(
            f"同样的钱按等档位平均测：约 {equal} 元",
            f"the same money at equal levels in every cell: about {equal}",
        ),
        Text(f"测试日本身预计净值 {net} 元", f"the test days themselves are expected to net {net} yuan"),
        _payback(design),
    )


def _payback(design: TestDesign) -> Text:
    days = design.payback_days
    if days is None:
        return Text("学不到能回本的东西", "it teaches nothing that would pay for it")
    if days == 0:
        return Text("测试日自己就回本", "the test days pay for themselves")
    return Text(f"约 {days:.1f} 天回本", f"pays for itself in about {days:.1f} days")
