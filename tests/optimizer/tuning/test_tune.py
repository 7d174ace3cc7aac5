"""A tuning recommends what is better on fresh worlds and nothing else, and can be killed anywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from adspend.outputs.write_tune import write_tuning
from adspend.policy import read_policy
from adspend.tuning.journal import Journal, digest
from adspend.tuning.provenance import provenance_of
from adspend.tuning.rescore import Paired
from adspend.tuning.tune import Tuned, TuneSettings
from adspend_datasets.errors import BadDataError, UsageError
from oracles.formula_runs import DEFAULT, PANELS, FormulaPool, share, tuned_by_formula

ELSEWHERE, AT_THE_DEFAULT = 0.02, DEFAULT.kill
SOURCE = provenance_of("adspend tune --families stationary")


def written(tuned: Tuned, out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in write_tuning(tuned, SOURCE, out, language="zh")}


@pytest.fixture(scope="module")
def better(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tuned, FormulaPool, Path]:
    """A tuning whose optimum lies away from the default."""
    pool, journal = FormulaPool(ELSEWHERE), tmp_path_factory.mktemp("tuning") / "study.jsonl"
    return tuned_by_formula(pool, journal), pool, journal


def test_a_better_policy_is_written_and_reads_back(better: tuple[Tuned, FormulaPool, Path], tmp_path: Path) -> None:
    tuned, _, _ = better
    assert tuned.winner is not None
    assert tuned.winner.policy.kill == pytest.approx(ELSEWHERE, rel=0.4)
    files = written(tuned, tmp_path)
    assert sorted(files) == ["policy.toml", "study.json", "tune.html"]
    assert digest(read_policy(tmp_path / "policy.toml")) == digest(tuned.winner.policy)
    text = files["policy.toml"].decode()
    words = ("seed: 5", "optuna 5.", "concave:100,101", "95 % interval +", "importances: ")
    for word in (SOURCE.command, *words):
        assert word in text, word


def test_scores_are_shares_of_the_clairvoyant_on_held_out_worlds(better: tuple[Tuned, FormulaPool, Path]) -> None:
    tuned, _, _ = better
    assert tuned.verdict is not None
    assert tuned.winner is not None
    assert tuned.verdict.worlds == tuple(ground.name for ground in PANELS.held_out)
    for world, ours, default in zip(tuned.verdict.worlds, tuned.verdict.ours, tuned.verdict.default, strict=True):
        assert ours == pytest.approx(share(tuned.winner.policy, world, ELSEWHERE))
        assert default == pytest.approx(share(DEFAULT, world, ELSEWHERE))


def test_only_the_chosen_policy_and_the_default_meet_the_held_out_worlds(
    better: tuple[Tuned, FormulaPool, Path],
) -> None:
    tuned, pool, _ = better
    players = {
        panel: {task.player for task in pool.tasks if task.ground in getattr(PANELS, panel)}
        for panel in ("selection", "held_out")
    }
    candidates = {f"trial {candidate.number}" for candidate in tuned.candidates}
    assert players["selection"] == {"clairvoyant", *candidates}
    assert players["held_out"] == {"clairvoyant", "default", f"trial {tuned.candidates[0].number}"}


def test_what_is_not_better_is_not_recommended(tmp_path: Path) -> None:
    """Where the default is the optimum no policy is written, and one of an earlier verdict goes."""
    tuned = tuned_by_formula(FormulaPool(AT_THE_DEFAULT), tmp_path / "study.jsonl")
    assert tuned.winner is None
    assert tuned.verdict is not None
    assert tuned.verdict.mean < 0
    (tmp_path / "policy.toml").write_text("", encoding="utf-8")
    files = written(tuned, tmp_path)
    assert "policy.toml" not in files
    assert not (tmp_path / "policy.toml").exists()
    assert "不推荐" in files["tune.html"].decode()


def test_without_a_candidate_there_is_no_verdict(tmp_path: Path) -> None:
    """A study of one trial has tried the default only."""
    one = TuneSettings(trials=1, batch=1, seed=0, days=30)
    tuned = tuned_by_formula(FormulaPool(ELSEWHERE), tmp_path / "study.jsonl", one)
    assert (tuned.candidates, tuned.verdict, tuned.winner) == ((), None, None)
    assert sorted(written(tuned, tmp_path)) == ["study.json", "tune.html"]


def test_who_finishes_first_changes_no_byte(better: tuple[Tuned, FormulaPool, Path], tmp_path: Path) -> None:
    late = tuned_by_formula(FormulaPool(ELSEWHERE, threads=4), tmp_path / "study.jsonl")
    assert written(late, tmp_path / "late") == written(better[0], tmp_path / "at once")


@pytest.mark.parametrize("kept", [0, 1, 17, 60, 111, -2])
def test_a_study_cut_anywhere_goes_on_as_if_nothing_had_happened(
    kept: int, better: tuple[Tuned, FormulaPool, Path], tmp_path: Path
) -> None:
    """Nothing known runs again, nothing is lost, and a torn last line is dropped."""
    tuned, first, journal = better
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) == 1 + len(first.tasks)
    cut = tmp_path / "study.jsonl"
    cut.write_bytes(b"".join(lines[:kept]) + lines[kept][:-9])
    pool = FormulaPool(ELSEWHERE)
    again = tuned_by_formula(pool, cut)
    assert written(again, tmp_path / "again") == written(tuned, tmp_path / "whole")
    assert len(pool.tasks) == len(first.tasks) - max(len(lines[:kept]) - 1, 0)
    assert sorted(cut.read_bytes().splitlines()) == sorted(journal.read_bytes().splitlines())


def test_a_journal_of_another_study_is_refused(better: tuple[Tuned, FormulaPool, Path], tmp_path: Path) -> None:
    _, _, journal = better
    with pytest.raises(BadDataError, match="resumed with the command"):
        Journal(journal, {"of": "another"})
    other = tmp_path / "study.jsonl"
    other.write_bytes(journal.read_bytes())
    with pytest.raises(BadDataError, match="resumed with the command"):
        tuned_by_formula(FormulaPool(ELSEWHERE), other, TuneSettings(trials=24, batch=4, seed=6, days=30))
    other.write_bytes(journal.read_bytes() + b'{"player": 1}\n')
    with pytest.raises(BadDataError, match="must be a run"):
        tuned_by_formula(FormulaPool(ELSEWHERE), other)


def test_worlds_where_nobody_earns_are_left_out(tmp_path: Path) -> None:
    """A share of nothing says nothing; a panel without any other world is refused."""
    poor = {ground.name for ground in PANELS.held_out[:3]}
    tuned = tuned_by_formula(FormulaPool(ELSEWHERE, poor=poor), tmp_path / "some.jsonl")
    assert tuned.verdict is not None
    assert tuned.verdict.worlds == tuple(ground.name for ground in PANELS.held_out[3:])
    poor = {ground.name for ground in PANELS.training}
    with pytest.raises(UsageError, match="a clairvoyant must earn something in at least 1 "):
        tuned_by_formula(FormulaPool(ELSEWHERE, poor=poor), tmp_path / "none.jsonl")


def test_the_interval_is_the_paired_t_interval() -> None:
    """Against scipy's one-sample test of the differences."""
    rng = np.random.default_rng(8)
    ours, default = rng.normal(0.8, 0.1, 12), rng.normal(0.75, 0.1, 12)
    paired = Paired(worlds=tuple("abcdefghijkl"), ours=tuple(ours.tolist()), default=tuple(default.tolist()))
    expected = ttest_1samp(ours - default, 0.0).confidence_interval(0.95)
    assert paired.interval == pytest.approx((expected.low, expected.high))
    assert paired.is_better == (expected.low > 0)
    with pytest.raises(ValueError, match="at least 2"):
        Paired(worlds=("a",), ours=(1.0,), default=(0.5,))
