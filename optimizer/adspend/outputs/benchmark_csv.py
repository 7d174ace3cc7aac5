"""results.csv (one row per job), summary.csv (one per group of worlds and strategy), timings.csv. Amounts in yuan.

Seconds stand in a file of their own: all other files of a benchmark are the same bytes whenever it is run again.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

from adspend.contest import CLAIRVOYANT
from adspend.outputs.plan_csv import as_text
from adspend.standings import Group, Mean, Standing, scores_of, world_of
from adspend.suite import Outcome

RESULTS = (
    *("family", "cells", "seed", "days", "strategy", "net", "clairvoyant_net", "share", "first_week", "last_week"),
    *("days_to_90", "violations", "cost", "realised_net", "test_cost"),
)
SUMMARY = (
    *("worlds_of", "strategy", "worlds", "share", "share_half", "behind", "behind_half", "first_week"),
    *("last_week", "last_week_half", "worst_decile", "days_to_90", "violations", "test_share"),
)
TIMINGS = ("family", "cells", "seed", "strategy", "seconds", "days_per_second")


def results_csv(outcomes: Sequence[Outcome]) -> bytes:
    """One row per job, the clairvoyant's among them."""
    scores = {id(found.outcome): found for found in scores_of(outcomes)}
    best = {world_of(outcome): sum(outcome.expected) for outcome in outcomes if outcome.job.strategy == CLAIRVOYANT}

    def row(outcome: Outcome) -> Iterable[str]:
        own = scores.get(id(outcome))
        shares = ["", "", "", ""] if own is None else [_share(own.share), _share(own.first_week), _share(own.last_week)]
        if own is not None:
            shares.append(_day(own.days_until_90))
        return (
            outcome.job.family,
            str(outcome.job.cells),
            str(outcome.job.seed),
            str(outcome.job.days),
            as_text(outcome.name),
            _yuan(sum(outcome.expected)),
            _yuan(best[world_of(outcome)]),
            *shares,
            str(sum(outcome.violations)),
            _yuan(sum(outcome.cost)),
            _yuan(sum(outcome.realised)),
            "" if outcome.test_cost is None else _yuan(outcome.test_cost),
        )

    return _csv(RESULTS, map(row, outcomes))


def summary_csv(groups: Sequence[Group]) -> bytes:
    """One row per group of worlds and strategy, best first; ``_half`` is half of the 95 % interval."""
    return _csv(SUMMARY, (_summary_row(group, standing) for group in groups for standing in group.standings))


def _summary_row(group: Group, standing: Standing) -> Iterable[str]:
    return (
        group.name.en,
        as_text(standing.name),
        str(standing.worlds),
        *_mean(standing.share),
        *(("", "") if standing.behind is None else _mean(standing.behind)),
        _share(standing.first_week),
        *_mean(standing.last_week),
        _share(standing.worst),
        _day(standing.days_until_90),
        str(standing.violations),
        "" if standing.test_share is None else _share(standing.test_share),
    )


def timings_csv(outcomes: Sequence[Outcome]) -> bytes:
    """One row per job: processor seconds, and days decided and simulated per second."""
    return _csv(
        TIMINGS,
        (
            (
                outcome.job.family,
                str(outcome.job.cells),
                str(outcome.job.seed),
                as_text(outcome.name),
                f"{outcome.seconds:.3f}",
                f"{outcome.job.days / max(outcome.seconds, 1e-9):.2f}",
            )
            for outcome in outcomes
        ),
    )


def _csv(header: Sequence[str], rows: Iterable[Iterable[str]]) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel shows Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _mean(mean: Mean) -> tuple[str, str]:
    return _share(mean.value), _share(mean.half)


def _share(share: float) -> str:
    return "" if math.isnan(share) else f"{share:.6f}"


def _day(day: float) -> str:
    return "" if math.isinf(day) else f"{day:.0f}"


def _yuan(amount: float) -> str:
    return f"{amount:.2f}"
