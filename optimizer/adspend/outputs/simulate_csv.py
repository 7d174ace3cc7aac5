"""runs.csv: one row per strategy and day, the clairvoyant's among them, for a spreadsheet. Amounts in yuan."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from adspend.contest import Contest
from adspend.outputs.plan_csv import as_text
from adspend.simulate import Run

HEADER = (
    "strategy",
    "date",
    "budget",
    "cost",
    "expected_net",
    "realised_net",
    "clairvoyant_net",
    "test_cost",
    "active_cells",
    "violations",
)


def simulate_csv(contest: Contest) -> bytes:
    """The file's bytes: UTF-8 with a byte-order mark, so that Excel shows Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for run in (contest.best, *(entry.run for entry in contest.entries)):
        writer.writerows(_rows(run, contest.best))
    return text.getvalue().encode("utf-8-sig")


def _rows(run: Run, best: Run) -> Iterator[tuple[str, ...]]:
    for t, date in enumerate(run.dates):
        budget = run.budget_fen[t]
        yield (
            as_text(run.name),
            date.isoformat(),
            f"{int(budget.sum()) / 100:.2f}",
            f"{run.cost[t]:.2f}",
            f"{run.expected[t]:.2f}",
            f"{run.realised[t]:.2f}",
            f"{best.expected[t]:.2f}",
            "" if run.test_cost is None else f"{run.test_cost[t]:.2f}",
            str(int((budget > 0).sum())),
            str(int(run.violations[t].sum())),
        )
