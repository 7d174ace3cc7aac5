"""Standings: shares, intervals and days worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from adspend.contest import CLAIRVOYANT
from adspend.standings import groups, mean_of, scores_of, standings
from adspend.suite import Job, Outcome
from adspend_datasets.text import same

NONE = (0, 0, 0, 0, 0)


def outcome(
    strategy: str, seed: int, expected: tuple[float, ...], *, family: str = "a", test_cost: float | None = None
) -> Outcome:
    job = Job(family=family, segments=1, slots=2, seed=seed, days=len(expected), strategy=strategy)
    return Outcome(
        job=job,
        name=strategy,
        label=same(strategy),
        expected=expected,
        realised=expected,
        cost=(10.0,) * len(expected),
        violations=NONE if strategy != "bad" else (1, 0, 2, 0, 0),
        test_cost=test_cost,
        seconds=1.0,
    )


def best(seed: int, days: int = 10, daily: float = 10.0, *, family: str = "a") -> Outcome:
    return outcome(CLAIRVOYANT, seed, (daily,) * days, family=family)


def flat(strategy: str, seed: int, share: float, *, family: str = "a") -> Outcome:
    """``share`` of the clairvoyant's 10 on each of 10 days."""
    return outcome(strategy, seed, (10 * share,) * 10, family=family)


def test_an_interval_by_hand() -> None:
    """0.5, 0.7, 0.9: mean 0.7, sd 0.2, t(0.975; 2) = 4.302653: half-width 4.302653 x 0.2 / sqrt 3 = 0.496828."""
    found = mean_of(np.array([0.5, 0.7, 0.9]))
    assert found.value == pytest.approx(0.7)
    assert found.half == pytest.approx(0.496828, abs=1e-6)
    assert math.isnan(mean_of(np.array([0.5])).half)


def test_the_paired_interval_by_hand() -> None:
    """Shares differ widely between shops, their differences little.

    Leader 0.5, 0.7, 0.9; other 0.40, 0.62, 0.78: differences 0.10, 0.08, 0.12, mean 0.10, sd 0.02: the half-width is
    4.302653 x 0.02 / sqrt 3 = 0.0496828, a tenth of the unpaired one.
    """
    played = [best(seed) for seed in (1, 2, 3)]
    played += [flat("one", seed, share) for seed, share in zip((1, 2, 3), (0.5, 0.7, 0.9), strict=True)]
    played += [flat("two", seed, share) for seed, share in zip((3, 1, 2), (0.78, 0.40, 0.62), strict=True)]
    first, second = standings(played)
    assert (first.name, second.name) == ("one", "two")
    assert first.behind is None
    assert first.share.value == pytest.approx(0.7)
    assert second.share.value == pytest.approx(0.6)
    assert second.behind is not None
    assert second.behind.value == pytest.approx(0.10)
    assert second.behind.half == pytest.approx(0.0496828, abs=1e-7)


def test_weeks_days_and_path_by_hand() -> None:
    """-5, 0, 5 x 5, 8, 9, 10 against 10 a day: 47 %, first week 20/70, last week 47/70, 90 % on the ninth day."""
    run = outcome("one", 1, (-5, 0, 5, 5, 5, 5, 5, 8, 9, 10))
    [scores] = scores_of([best(1), run])
    assert scores.share == pytest.approx(0.47)
    assert scores.first_week == pytest.approx(20 / 70)
    assert scores.last_week == pytest.approx(47 / 70)
    assert scores.days_until_90 == 9
    [standing] = standings([best(1), run])
    assert standing.path[0, :3] == pytest.approx([-0.5, -0.25, 0.0])
    assert standing.path[0, -1] == pytest.approx(0.47)


def test_the_worst_decile_and_the_band() -> None:
    """Of shares 0.0, 0.1 ... 1.0 the 10 % quantile is 0.1; the band's ends are 0.1 and 0.9."""
    played = [found for seed in range(11) for found in (best(seed), flat("one", seed, seed / 10))]
    [standing] = standings(played)
    assert standing.worlds == 11
    assert standing.worst == pytest.approx(0.1)
    assert standing.path[:, -1] == pytest.approx([0.5, 0.1, 0.9])


def test_never_is_later_than_any_day() -> None:
    played = [best(1), best(2), best(3), flat("one", 1, 1.0), flat("one", 2, 0.5), flat("one", 3, 0.5)]
    assert math.isinf(standings(played)[0].days_until_90)
    played = [best(1), best(2), best(3), flat("one", 1, 1.0), flat("one", 2, 0.95), flat("one", 3, 0.5)]
    assert standings(played)[0].days_until_90 == 1


def test_a_world_where_nobody_can_earn_counts_for_nobody() -> None:
    played = [best(1), best(2, daily=0.0), flat("one", 1, 0.8), flat("one", 2, -3.0), flat("bad", 1, 0.2)]
    played.append(flat("bad", 2, 0.2))
    one, bad = standings(played)
    assert (one.worlds, one.share.value) == (1, pytest.approx(0.8))
    assert bad.violations == 3
    assert groups([best(1, daily=0.0), flat("one", 1, -1.0)]) == ()


def test_test_costs_are_shares_of_spending() -> None:
    run = outcome("one", 1, (5.0,) * 10, test_cost=25.0)
    assert standings([best(1), run])[0].test_share == pytest.approx(0.25)
    assert standings([best(1), flat("one", 1, 0.5)])[0].test_share is None


def test_families_stand_beside_all_markets() -> None:
    played = [best(1), flat("one", 1, 0.4), best(1, family="b"), flat("one", 1, 0.8, family="b")]
    every, a, b = groups(played)
    assert [group.standings[0].share.value for group in (every, a, b)] == pytest.approx([0.6, 0.4, 0.8])
    assert (a.name.en, b.name.zh) == ("a (2 cells)", "b（2 单元）")
    assert len(groups(played[:2])) == 1


def test_worlds_must_be_the_same_for_all() -> None:
    with pytest.raises(ValueError, match="its clairvoyant"):
        standings([flat("one", 1, 0.5)])
    with pytest.raises(ValueError, match="in every world"):
        standings([best(1), best(2), flat("one", 1, 0.5)])
