"""A shop file is right, or every fault in it is listed with key, value, law and remedy in both languages."""

from __future__ import annotations

from importlib.resources import files

import pytest

from adspend.shop import Shop, parse_shop
from adspend_datasets.errors import BadDataError

GOOD = """
[shop]
name = "示例"
[economics]
gross_margin = 0.54
refund_rate = 0.46
commission_rate = 0.05
[budget]
daily = 25000
[cells]
segments = ["新客", "老客"]
slots = ["08:00-10:00", "20:00-22:00", "22:00-26:00"]
min_if_active = 300
max = 6000
step = 100
[limits]
max_raise_per_day = 0.5
max_over_tested = 1.3
"""


def shop(text: str = GOOD) -> Shop:
    return parse_shop(text.encode(), file="shop.toml")


def refused(text: str) -> BadDataError:
    with pytest.raises(BadDataError) as caught:
        shop(text)
    return caught.value


@pytest.mark.parametrize("name", ["shop.toml", "online_ads_shop.toml"])
def test_the_bundled_shop_files_are_right(name: str) -> None:
    content = (files("adspend_datasets") / "samples" / name).read_bytes()
    assert parse_shop(content, file=name).grid


@pytest.mark.parametrize(
    ("margin", "refunds", "commission", "roi"),
    [(0.5, 0.1, 0.0, 1 / 0.45), (0.54, 0.46, 0.0, 1 / (0.54 * 0.54)), (0.6, 0.5, 0.1, 4.0)],
)
def test_break_even_roi_by_hand(margin: float, refunds: float, commission: float, roi: float) -> None:
    """1 / [(1 - r)(m - c)]: 2.22 and 3.43 are the worked example and the real room of the field notes."""
    text = GOOD.replace("0.54", str(margin)).replace("0.46", str(refunds)).replace("0.05", str(commission))
    assert shop(text).economics.break_even_roi == pytest.approx(roi)


def test_money_is_integer_fen_and_ranges_lie_on_the_step_grid() -> None:
    odd = shop(GOOD.replace("min_if_active = 300", "min_if_active = 250").replace("max = 6000", "max = 6050.50"))
    assert (odd.minimum_fen, odd.maximum_fen, odd.step_fen, odd.budget_fen) == (300_00, 6000_00, 100_00, 25_000_00)


def test_an_infinite_cap_switches_it_off() -> None:
    assert shop(GOOD.replace("= 1.3", "= inf")).limits.max_over_tested == float("inf")


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "words"),
    [
        ("max = 6000", "maxx = 6000", "E-KEY-UNKNOWN", "cells.maxx", ("是否想写 `max`", "Did you mean `max`?")),
        ("gross_margin = 0.54", "", "E-KEY-MISSING", "economics.gross_margin", ("此项必填", "required")),
        ("refund_rate = 0.46", "refund_rate = 46", "E-VALUE", "economics.refund_rate", ("46", "46")),
        ("max = 6000", "max = 200", "E-VALUE", "cells", ("min_if_active ≤ max", "`min_if_active <= max` must hold")),
        ("gross_margin = 0.54", "gross_margin = 0.05", "E-VALUE", "economics", ("必须大于 0", "loses money")),
        ('"老客"]', '"新客"]', "E-VALUE", "cells", ("不得重复", "distinct")),
        ("daily = 25000", "daily = 250.005", "E-VALUE", "budget.daily", ("250.005", "at most 2 decimals")),
        ("daily = 25000", "daily = nan", "E-VALUE", "budget.daily", ("nan", "nan")),
        ("step = 100", "step = 0", "E-VALUE", "cells", ("step 必须大于 0", "step must be above 0")),
    ],
)  # fmt: skip
def test_each_fault_has_its_place_and_its_words(
    old: str, new: str, code: str, place: str, words: tuple[str, str]
) -> None:
    error = refused(GOOD.replace(old, new, 1))
    fault = next(fault for fault in error.faults if fault.code == code)
    assert fault.place.column == place
    assert words[0] in fault.pick("zh")
    assert words[1] in fault.pick("en")


def test_all_faults_are_listed_at_once() -> None:
    error = refused(GOOD.replace("max = 6000", "maxx = 1").replace("gross_margin = 0.54", "gross_margin = 2"))
    assert {fault.place.column for fault in error.faults} == {"cells.maxx", "economics.gross_margin"}


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ('[[shares]]\nby = "segment"\nof = "谁"\nmax = 0.5\n', "'谁' must be a segment of [cells]"),
        ('[[shares]]\nby = "segment"\nof = "新客"\nmin = 0.6\nmax = 0.5\n', "`min <= max` must hold"),
        (
            '[[shares]]\nby = "segment"\nof = "新客"\nmin = 0.6\n[[shares]]\nby = "segment"\nof = "老客"\nmin = 0.5\n',
            "must not exceed 1, but they sum to 1.1",
        ),
        ('[[locks]]\nsegment = "新客"\nslot = "20:00-22:00"\nbudget = 250\n', "multiple of step within"),
        ('[[locks]]\nsegment = "新客"\nslot = "09:00"\nbudget = 300\n', "must be a cell of [cells]"),
        ("[[mapping]]\nplan_name = '['\nsegment = \"新客\"\n", "plan_name must be a regular expression"),
    ],
)
def test_groups_locks_and_mapping_rules_must_make_sense(extra: str, words: str) -> None:
    assert words in str(refused(GOOD + extra))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[shop\nname = 1", "slots = 20:00".encode("gb18030")])
def test_a_file_that_is_not_toml_says_where(content: bytes) -> None:
    with pytest.raises(BadDataError, match="E-TOML"):
        parse_shop(content, file="shop.toml")
