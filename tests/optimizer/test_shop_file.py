"""A shop file is right, or every fault in it is listed with key, value, law and remedy in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import get_args

import pytest
from pydantic import BaseModel

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


SAMPLE = (files("adspend_datasets") / "samples" / "shop.toml").read_text("utf-8")
AS_CODE = re.compile(r"^# (?=\[|[a-z_]+ = )", re.MULTILINE)  # a commented section or key, not a sentence


def keys_of(section: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Every key of a shop file with its section, from the model."""
    for name, field in section.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        (kind,) = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        yield from ((name, key) for key in kind.model_fields)


def test_the_sample_shop_file_shows_every_key_there_is_and_none_that_is_not() -> None:
    shown, section = set(), ""
    for line in AS_CODE.sub("", SAMPLE).splitlines():
        if found := re.match(r"\[+(\w+)\]+", line):
            section = found[1]
        elif found := re.match(r"([a-z_]+) = ", line):
            shown.add((section, found[1]))
    told = ("objective", "target_gmv")  # in a sentence: it goes with another mode than the one shown
    assert "add the line: target_gmv = 60000" in SAMPLE
    assert shown == set(keys_of(Shop)) - {told}


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
        ("step = 100", "step = 0", "E-VALUE", "cells.step", ("必须大于 0", "must be above 0")),
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
        (2 * '[[locks]]\nsegment = "新客"\nslot = "20:00-22:00"\nbudget = 300\n', "must be locked once only"),
        (2 * '[[shares]]\nby = "slot"\nof = "20:00-22:00"\nmax = 0.5\n', "must have one entry"),
        ('[[shares]]\nby = "lever"\nof = "随心推"\nmax = 0.5\n', "shares by lever are not possible yet"),
        (
            '[[shares]]\nby = "segment"\nof = "新客"\nmax = 0.6\n[[shares]]\nby = "segment"\nof = "老客"\nmax = 0.3\n',
            "or nothing can be spent: they sum to 0.9",
        ),
        ("[[mapping]]\nplan_name = '['\nsegment = \"新客\"\n", "plan_name must be a regular expression"),
    ],
)
def test_groups_locks_and_mapping_rules_must_make_sense(extra: str, words: str) -> None:
    assert words in str(refused(GOOD + extra))


def test_an_empty_segment_of_a_rule_is_told_in_words() -> None:
    """The template of E-MAP-UNMATCHED, pasted and not filled in."""
    error = refused(GOOD + "[[mapping]]\nplan_name = '^直播_新客$'\nsegment = \"\"\n")
    (fault,) = error.faults
    assert (fault.place.column, fault.value) == ("mapping.0", "^直播_新客$")
    assert "人群" in fault.law.zh
    assert "MappingRule" not in error.pick("en") + error.pick("zh")


SPELLINGS = ("08:00-10:00", "8:00-10:00", "08:00~10:00", " 8:00 - 10:00")


@pytest.mark.parametrize("slot", SPELLINGS)
def test_a_slot_is_one_however_it_is_written(slot: str) -> None:
    """In every section that names one; so limits, locks and reports meet the same cell."""
    text = (
        GOOD.replace('"08:00-10:00"', f'"{slot}"')
        + f'''
[[locks]]
segment = "新客"
slot = "{slot}"
budget = 300
[[shares]]
by = "slot"
of = "{slot}"
max = 0.5
[[service]]
slot = "{slot}"
agents = 1
sessions_per_agent = 1
consult_rate = 1
[[hosts]]
slot = "{slot}"
factor = 1
[[spent]]
segment = "新客"
slot = "{slot}"
spent = 1
[[fees]]
name = "坑位"
slots = ["{slot}"]
fee = 1
'''
    )
    found = shop(text)
    assert found.cells.slots == ("08:00-10:00", "20:00-22:00", "22:00-26:00")
    named = (found.locks[0].slot, found.shares[0].of, found.service[0].slot, found.hosts[0].slot, found.spent[0].slot)
    assert {*named, *found.fees[0].slots} == {"08:00-10:00"}


def test_two_spellings_of_a_slot_are_the_same_slot_twice() -> None:
    assert "distinct" in str(refused(GOOD.replace('"20:00-22:00"', '"8:00-10:00"')))


HOSTILE = [
    b"\xff\xfe\x00",
    b"[shop\nname = 1",
    "slots = 20:00".encode("gb18030"),
    b"[shop]\nname = " + b"1" * 5_000,
    b"[shop]\nname = " + b"[" * 3_000,
]


@pytest.mark.parametrize("content", HOSTILE)
def test_a_file_that_is_not_toml_says_where(content: bytes) -> None:
    with pytest.raises(BadDataError, match="E-TOML"):
        parse_shop(content, file="shop.toml")


@pytest.mark.parametrize(
    ("section", "line", "zh", "en"),
    [
        ("shop", "name = 3", "必须是加引号的文字", "the value must be text in quotes"),
        ("shop", 'name = ""', "不得为空", "the text must not be empty"),
        ("shop", f'name = "{"长" * 101}"', "最多 100 个字", "the text must have at most 100 characters"),
        ("shop", 'basis = "x"', "只能是 'direct'、'overall'", "the value must be 'direct' or 'overall'"),
        ("shop", "seed = 1.5", "必须是整数", "the value must be a whole number"),
        ("shop", "seed = -1", "不得小于 0", "the value must be at least 0"),
        ("shop", 'timezone = "Mars"', "时区须为 IANA 名称", "a timezone must be an IANA name"),
        ("economics", "gross_margin = 1.01", "不得大于 1", "the value must be at most 1"),
        ("economics", "shipping_rate = -0.1", "不得小于 0", "the value must be at least 0"),
        ("economics", "return_cost_rate = inf", "必须是有限的数", "the value must be a finite number"),
        ("economics", 'gross_margin = "half"', "必须是数字", "the value must be a number"),
        ("economics", "gross_margin = true", "不能是 true / false", "the value must not be true or false"),
        ("prior", "gmv_return = 0", "必须大于 0", "the value must be above 0"),
        ("prior", "order_value = -5", "必须大于 0", "the value must be above 0"),
        ("budget", "daily = 1e12", "不得大于 100000000000", "the value must be at most 100000000000"),
        ("budget", "daily = true", "不能是 true / false", "the value must not be true or false"),
        ("budget", "daily = 0.001", "金额最多两位小数", "an amount must have at most 2 decimals"),
        ("cells", "segments = []", "至少要有 1 项", "the list must have at least 1"),
        ("cells", 'segments = "新客"', "必须是列表", "the value must be a list"),
        ("cells", "max = inf", "必须是有限的数", "the value must be a finite number"),
        ("cells", "max_active = 0", "不得小于 1", "the value must be at least 1"),
        ("limits", "max_raise_per_day = -0.1", "不得小于 0", "the value must be at least 0"),
        ("limits", "max_over_tested = nan", "不得小于 0", "the value must be at least 0"),
        ("limits", "roi_floor = 1e300", "不得大于 1000000", "the value must be at most 1000000"),
        ("limits", "roi_floor = inf", "必须是有限的数", "the value must be a finite number"),
        ("test", "share = 1.5", "不得大于 1", "the value must be at most 1"),
        ("test", "levels = [1, 2]", "至少要有 3 项", "the list must have at least 3"),
        ("test", "levels = [1, 1, 2]", "至少要有 3 个不同的测试档位", "at least 3 different test levels"),
    ],
)
def test_each_key_has_its_law(section: str, line: str, zh: str, en: str) -> None:
    """The fault stands at the key, says the law in both languages, and is the only one."""
    key = line.split(" = ")[0]
    rest = [kept for kept in GOOD.splitlines() if not kept.startswith(f"{key} = ")]
    header = f"[{section}]"
    at = rest.index(header) + 1 if header in rest else len(rest)
    text = "\n".join([*rest[:at], *([] if header in rest else [header]), line, *rest[at:]])
    [fault] = refused(text).faults
    assert (fault.code, fault.place.file, fault.place.column) == ("E-VALUE", "shop.toml", f"{section}.{key}")
    assert zh in fault.law.zh
    assert en in fault.law.en
    assert not any(word in fault.law.zh for word in ("Input", "should", "value"))


def test_faults_between_sections_are_listed_at_once() -> None:
    """Locks, shares and mapping are each judged to the end; every fault stands at its own entry."""
    extra = """
[[locks]]
segment = "谁"
slot = "20:00-22:00"
budget = 300
[[locks]]
segment = "新客"
slot = "20:00-22:00"
budget = 310
[[shares]]
by = "segment"
of = "谁"
max = 0.5
[[shares]]
by = "slot"
of = "20:00-22:00"
min = 0.7
[[shares]]
by = "slot"
of = "08:00-10:00"
min = 0.7
"""
    faults = refused(GOOD + extra).faults
    assert [fault.place.column for fault in faults] == ["locks.0", "locks.1.budget", "shares.0.of", "shares"]
    assert faults[1].value == "310"
    assert "「新客 × 20:00-22:00」的锁定预算须为 0" in faults[1].law.zh
    assert "合计不得超过 1，实际为 1.4" in faults[3].law.zh


def test_a_bad_entry_does_not_make_its_list_too_short_as_well() -> None:
    faults = refused(GOOD.replace('["新客", "老客"]', '["", 3]')).faults
    assert [fault.place.column for fault in faults] == ["cells.segments.0", "cells.segments.1"]


@pytest.mark.parametrize(
    ("entry", "place", "zh", "en"),
    [
        ('plan_nam = "a"\nsegment = "新客"', "mapping.0.plan_nam", "是否想写 `plan_name`", "Did you mean `plan_name`?"),
        ('plan_name = "a"', "mapping.0", "规则必须给出人群", "must give a segment"),
        (
            'segment = "新客"',
            "mapping.0",
            "plan_id 与 plan_name 必须写且只写一个",
            "must have either plan_id or plan_name",
        ),
        ("plan_name = '(?P<who>.)'\nsegment = \"新客\"", "mapping.0", "命名组只能是", "named groups must be among"),
        ('plan_id = 17\nsegment = "新客"', "mapping.0.plan_id", "必须是加引号的文字", "must be text in quotes"),
    ],
)
def test_mapping_rules_are_judged_where_they_stand(entry: str, place: str, zh: str, en: str) -> None:
    [fault] = refused(f"{GOOD}[[mapping]]\n{entry}\n").faults
    assert fault.place.column == place
    assert en in fault.pick("en")
    assert zh in fault.pick("zh")


def test_some_budget_must_lie_between_minimum_and_maximum() -> None:
    """250 to 280 in steps of 100 holds nothing: the shop would pause for ever without a word."""
    text = GOOD.replace("min_if_active = 300", "min_if_active = 250").replace("max = 6000", "max = 280")
    [fault] = refused(text).faults
    assert fault.place.column == "cells"
    assert fault.law.en == "a multiple of step must lie between min_if_active and max"
    assert fault.law.zh == "min_if_active 与 max 之间必须有 step 的整数倍"


def test_a_lock_above_the_day_s_budget_is_a_plan_s_conflict_not_a_file_s() -> None:
    """The budget may be another tomorrow (``--budget``); without a maximum the lock itself is in order."""
    text = GOOD.replace("max = 6000\n", "") + '[[locks]]\nsegment = "新客"\nslot = "20:00-22:00"\nbudget = 30000\n'
    assert shop(text).locks[0].budget == 30_000


def test_what_is_left_out_has_the_documented_default() -> None:
    text = GOOD.split("[limits]")[0].replace("min_if_active = 300\nmax = 6000\nstep = 100\n", "")
    found = shop(text)
    assert (found.limits.max_raise_per_day, found.limits.max_over_tested, found.limits.roi_floor) == (0.5, 1.3, None)
    assert (found.shop.currency, found.shop.timezone, found.shop.platform) == ("CNY", "Asia/Shanghai", "qianchuan")
    assert (found.minimum_fen, found.step_fen, found.maximum_fen) == (100, 100, 25_000_00)
    assert (found.test.share, found.test.levels) == (0.2, (0.3, 1.0, 3.0))


def test_another_budget_moves_what_hangs_on_it() -> None:
    found = shop(GOOD.replace("max = 6000\n", "")).with_budget(Decimal("12345.67"))
    assert (found.budget_fen, found.maximum_fen) == (12_345_67, 12_300_00)


def test_cells_stand_segment_by_segment() -> None:
    assert [cell.label for cell in shop().grid][:4] == [
        "新客 × 08:00-10:00", "新客 × 20:00-22:00", "新客 × 22:00-26:00", "老客 × 08:00-10:00",
    ]  # fmt: skip


def test_faults_of_the_livestream_sections_are_listed_at_once() -> None:
    """Each stands at its own entry, beside those of the other sections."""
    extra = """
[[products]]
name = "外套"
order_share = 0.3
stock = 10
hit_stock = 20
slots = ["09:00"]
[[service]]
slot = "09:00"
agents = 2
sessions_per_agent = 60
consult_rate = 1
[[rebates]]
start = 500
rate = 0.2
[[rebates]]
start = 900
rate = 0.1
[[spent]]
segment = "谁"
slot = "20:00-22:00"
spent = 10
[[shares]]
by = "lever"
of = "随心推"
max = 0.3
"""
    faults = refused(GOOD + extra).faults
    assert [fault.place.column for fault in faults] == [
        "shares.0.of", "products.0.slots", "service.0.slot", "spent.0.segment", "hits.min",
        "rebates.1.rate",
    ]  # fmt: skip
    assert all(fault.law.zh and fault.law.en and fault.remedy for fault in faults)
