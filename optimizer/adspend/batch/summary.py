"""The summary of a batch as values: every shop in a row, those that need a person first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adspend.batch.agency import AgencySplit, RebateTier, spendable, split_budget
from adspend.batch.reasons import name_of
from adspend.batch.record import Figures, Remark, ShopRecord, Status
from adspend_datasets.text import Text, join
from adspend_models.prior import CategoryPrior

STATUS_WORDS = {
    Status.OK: Text("已规划", "planned"),
    Status.SKIPPED: Text("跳过", "skipped"),
    Status.FAILED: Text("失败", "failed"),
    Status.QUARANTINED: Text("已隔离", "quarantined"),
}
URGENCY = (Status.QUARANTINED, Status.FAILED, Status.SKIPPED, Status.OK)
MOST_ALIKE = 3  # sentences of one code; record.json has all
MOST_LIMITS = 3  # named of those that hold a plan back


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One shop; ``recommended_fen`` is its part of the agency's budget, where there is one."""

    record: ShopRecord
    recommended_fen: int | None = None

    @property
    def figures(self) -> Figures | None:
        """The plan in short."""
        return self.record.figures

    @property
    def binding(self) -> Text:
        """The dearest limits."""
        names = () if self.figures is None else self.figures.binding[:MOST_LIMITS]
        return join(names, zh="、", en=", ")

    @property
    def change_fen(self) -> int | None:
        """What the plan spends more than yesterday."""
        figures = self.figures
        return None if figures is None or figures.yesterday_fen is None else figures.planned_fen - figures.yesterday_fen

    @property
    def gain_fen(self) -> int | None:
        """What the plan is expected to net more than yesterday's spend would, on the same curves."""
        figures = self.figures
        if figures is None or figures.yesterday_net_fen is None:
            return None
        return figures.expected_net_fen - figures.yesterday_net_fen

    @property
    def kinds(self) -> Text:
        """The names of the reasons."""
        return _names(self._of("ERROR", "REVIEW"))

    @property
    def reason(self) -> Text:
        """Why there is no plan, or what has to be approved before it is used."""
        return _sentences(self._of("ERROR", "REVIEW"))

    @property
    def note_kinds(self) -> Text:
        """The names of what is only to be known."""
        return _names(self._of("WARN"))

    @property
    def notes(self) -> Text:
        """What is only to be known."""
        return _sentences(self._of("WARN"))

    def _of(self, *severities: str) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.record.remarks if remark.severity in severities)


def _names(remarks: Sequence[Remark]) -> Text:
    return join(dict.fromkeys(name_of(remark.code) for remark in remarks), zh=" · ", en=" · ")


def _sentences(remarks: Sequence[Remark]) -> Text:
    """Of each code the first few: a column of wrong dates is one reason, however long."""
    alike: dict[str, list[Text]] = {}
    for text, code in {remark.text: remark.code for remark in remarks}.items():
        alike.setdefault(code, []).append(text)
    return join([words for texts in alike.values() for words in _first_few(texts)], zh="；", en="; ")


def _first_few(texts: Sequence[Text]) -> list[Text]:
    more = len(texts) - MOST_ALIKE
    rest = [Text(f"同样的还有 {more:,} 处", f"{more:,} more like these")] if more > 0 else []
    return [*texts[:MOST_ALIKE], *rest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A reconciled run. ``rows`` are by name."""

    date: datetime.date
    rows: tuple[Row, ...]
    categories: tuple[tuple[str, CategoryPrior], ...]
    agency: AgencySplit | None = None

    @property
    def counts(self) -> dict[Status, int]:
        """Shops by status."""
        found = [row.record.status for row in self.rows]
        return {status: found.count(status) for status in Status}

    @property
    def records(self) -> tuple[ShopRecord, ...]:
        """The shops' records, by name."""
        return tuple(row.record for row in self.rows)

    @property
    def planned(self) -> tuple[Figures, ...]:
        """The figures of the shops that have a plan."""
        return tuple(row.figures for row in self.rows if row.figures is not None)

    @property
    def by_need(self) -> tuple[Row, ...]:
        """The rows, those that need a person first: no plan, then most to approve, then most money."""
        return tuple(sorted(self.rows, key=_need))


def _need(row: Row) -> tuple[int, int, int, str]:
    money = 0 if row.figures is None else row.figures.budget_fen
    return URGENCY.index(row.record.status), -row.record.reviews, -money, row.record.name


def summarise(
    date: datetime.date,
    records: Iterable[ShopRecord],
    categories: tuple[tuple[str, CategoryPrior], ...],
    agency_fen: int | None = None,
    tiers: Sequence[RebateTier] = (),
) -> Summary:
    """The summary of a run's records, with the agency's budget or rebates split over the shops that have a plan."""
    found = sorted(records, key=lambda record: record.name)
    if agency_fen is None and not tiers:
        return Summary(date=date, rows=tuple(Row(record=record) for record in found), categories=categories)
    plans = [record.figures for record in found]
    curves = [() if plan is None else spendable(plan.frontier, plan.beyond) for plan in plans]
    least = [(0, 0) if plan is None else plan.least for plan in plans]
    split = split_budget(curves, agency_fen, tiers, least)
    rows = tuple(
        Row(record=record, recommended_fen=None if record.figures is None else budget)
        for record, budget in zip(found, split.budgets, strict=True)
    )
    return Summary(date=date, rows=rows, categories=categories, agency=split)


def headline(summary: Summary) -> Text:
    """The run in a sentence."""
    counts, planned = summary.counts, summary.planned
    spend, net = sum(f.planned_fen for f in planned) / 100, sum(f.expected_net_fen for f in planned) / 100
    waiting = sum(row.record.reviews > 0 for row in summary.rows)
    return Text(
        f"{len(summary.rows):,} 家店铺：{counts[Status.OK]:,} 家已规划（{waiting:,} 家有事项待确认），"
        f"{counts[Status.SKIPPED]:,} 家跳过，{counts[Status.FAILED]:,} 家失败，"
        f"{counts[Status.QUARANTINED]:,} 家隔离；计划花 {spend:,.0f} 元，预期净赚 {net:,.0f} 元。",
        f"{len(summary.rows):,} shops: {counts[Status.OK]:,} planned ({waiting:,} with something to approve), "
        f"{counts[Status.SKIPPED]:,} skipped, {counts[Status.FAILED]:,} failed, {counts[Status.QUARANTINED]:,} "
        f"quarantined; to spend {spend:,.0f} and net {net:,.0f} yuan.",
    )
