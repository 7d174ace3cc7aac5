"""The policy file: named parameters with laws, and the shop file's own where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from adspend.policy import PRESETS, Policy, bundled_policy, default_policy, read_policy
from adspend.policy_stage import StageSection
from adspend.shop import parse_shop
from adspend_datasets.errors import BadDataError

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 100
[cells]
segments = ["a"]
slots = ["ALL"]
[test]
share = 0.15
levels = [0.5, 1, 2, 4]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_s_values_and_the_defaults_beside_them(tmp_path: Path) -> None:
    found = read_policy(written(tmp_path, 'schema = "adspend.policy/2"\ntest_share = 0.3\n'))
    assert found == Policy(test_share=0.3)
    assert (found.test_levels, found.kill) == ((0.3, 1.0, 3.0), 0.1)


def test_a_file_of_version_1_is_read_with_its_old_name_for_kill(tmp_path: Path) -> None:
    found = read_policy(written(tmp_path, 'schema = "adspend.policy/1"\ntest_promise = 0.3\n'))
    assert found == Policy(kill=0.3, test_share=0.2)


@pytest.mark.parametrize("name", PRESETS)
def test_the_bundled_policies_hold_their_own_laws(name: str) -> None:
    found = bundled_policy(name)
    assert len(found.stages) == 3
    assert Policy.model_validate(found.model_dump(by_alias=True)) == found


def test_a_stage_changes_what_it_names_and_nothing_else() -> None:
    stage = StageSection(name="甲", name_en="a", test_share=0.7)
    assert Policy(kill=0.2, test_share=0.1).within(stage) == Policy(kill=0.2, test_share=0.7)
    assert Policy(kill=0.2).within(None) == Policy(kill=0.2)


def test_without_a_file_the_shop_s_own_test_section_decides() -> None:
    found = default_policy(parse_shop(SHOP.encode(), file="shop.toml"))
    for stage in found.stages:
        numbers = found.within(stage)
        assert (numbers.test_share, numbers.test_levels) == (0.15, (0.5, 1.0, 2.0, 4.0))


@pytest.mark.parametrize(
    ("line", "column", "en", "zh"),
    [
        ("test_shar = 0.3", "test_shar", "Did you mean `test_share`?", "是否想写 `test_share`"),
        ("test_share = 1.2", "test_share", "at most 1", "不得大于 1"),
        ("test_share = true", "test_share", "must not be true or false", "不能是 true / false"),
        ("kill = -0.1", "kill", "at least 0", "不得小于 0"),
        ("test_levels = [1, 1, 1]", "test_levels", "at least 3 different", "3 个不同"),
        ('schema = "adspend.policy/9"', "schema", "must be 'adspend.policy/2'", "只能是 'adspend.policy/2'"),
        ("step_up = 0.5", "step_up", "at least 1", "不得小于 1"),
        ("test_cells = 0", "test_cells", "at least 1", "不得小于 1"),
        ("learning_horizon = 400", "learning_horizon", "at most 365", "不得大于 365"),
    ],
)
def test_each_key_has_its_law(tmp_path: Path, line: str, column: str, en: str, zh: str) -> None:
    with pytest.raises(BadDataError) as caught:
        read_policy(written(tmp_path, line))
    [fault] = caught.value.faults
    assert (fault.place.file, fault.place.column) == ("policy.toml", column)
    assert en in fault.pick("en")
    assert zh in fault.pick("zh")


@pytest.mark.parametrize(
    "content",
    [
        b"test_share = ",
        b"\xff",
        "人群 = 1".encode("gb18030"),
        b"test_share = " + b"1" * 5_000,
        b"test_share = " + b"[" * 3_000,
    ],
)
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(BadDataError, match="E-TOML"):
        read_policy(path)
