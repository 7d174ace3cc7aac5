"""What is wrong with a shop or policy file, as faults: pydantic's findings put into law, value, place and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from adspend_datasets.errors import Fault, Place
from adspend_datasets.text import Text

EXAMPLE = Text("请对照随包示例 samples/shop.toml 改正", "Compare with the bundled example samples/shop.toml")


class BrokenLaw(ValueError):
    """What a validator raises: the law in both languages, the way out, and what stands there if not the whole input."""

    def __init__(self, zh: str, en: str, *, value: str = "", remedy: Text = EXAMPLE) -> None:
        self.law, self.value, self.remedy = Text(zh, en), value, remedy
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Finding:
    """A law between sections that is broken: the key to look at, the law, the value found, and the way out."""

    key: str
    law: Text
    value: str = ""
    remedy: Text = EXAMPLE


class BrokenLaws(ValueError):
    """What a validator of several sections raises: everything it found, at once."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.law.en for finding in findings))


def shop_faults(error: ValidationError, model: type[BaseModel], file: str) -> list[Fault]:
    """One fault for each of pydantic's findings, but not for a list that is short because its entries are wrong."""
    faults: list[Fault] = []
    findings = error.errors(include_url=False)
    places = [finding["loc"] for finding in findings]
    for finding, loc in zip(findings, places, strict=True):
        cause = finding.get("ctx", {}).get("error")
        if isinstance(cause, BrokenLaws):
            faults += [
                _value_fault(broken.law, broken.value, Place(file, None, broken.key), broken.remedy)
                for broken in cause.findings
            ]
        elif finding["type"] != "too_short" or not any(loc == other[: len(loc)] != other for other in places):
            faults.append(_fault(dict(finding), model, file))
    return faults


def _fault(finding: dict[str, Any], model: type[BaseModel], file: str) -> Fault:
    path = [str(part) for part in finding["loc"]]
    place = Place(file=file, column=".".join(path))
    kind = finding["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, model, place)
    if kind == "missing":
        law = Text("此项必填", "this key is required")
        return Fault(code="E-KEY-MISSING", law=law, place=place, remedy=EXAMPLE)
    cause = finding.get("ctx", {}).get("error")
    value = "" if isinstance(finding["input"], dict) else str(finding["input"])
    if isinstance(cause, BrokenLaw):
        return _value_fault(cause.law, cause.value or value, place, cause.remedy)
    return _value_fault(_law(finding), value, place, _way_out(finding))


def _value_fault(law: Text, value: str, place: Place, remedy: Text = EXAMPLE) -> Fault:
    return Fault(code="E-VALUE", law=law, value=value, place=place, remedy=remedy)


def _way_out(finding: dict[str, Any]) -> Text:
    """What to do about one of pydantic's own findings: a share above 1 was meant in per cent."""
    typed = finding["input"]
    if finding.get("ctx", {}).get("le") == 1 and isinstance(typed, int | float) and 1 < typed <= 100:
        return Text(f"比例写小数：{typed:g}% 写成 {typed / 100:g}", f"Write a fraction: {typed:g} % is {typed / 100:g}")
    return EXAMPLE


def _law(finding: dict[str, Any]) -> Text:
    """The law behind one of pydantic's own findings."""
    words = str(finding["msg"]).removeprefix("Value error, ")
    for kinds, law in _LAWS.items():
        if finding["type"] in kinds.split():
            ctx = finding.get("ctx", {})
            zh = {key: str(value).replace(", ", "、").replace(" or ", "、") for key, value in ctx.items()}
            return Text(law.zh.format(**zh), law.en.format(**ctx))
    return Text(f"取值不合规：{words}", f"the value breaks its law: {words}")


_LAWS = {  # pydantic's kinds of finding -> the law, with pydantic's own names of the bounds
    "greater_than_equal": Text("不得小于 {ge}", "the value must be at least {ge}"),
    "less_than_equal": Text("不得大于 {le}", "the value must be at most {le}"),
    "greater_than": Text("必须大于 {gt}", "the value must be above {gt}"),
    "finite_number": Text("必须是有限的数", "the value must be a finite number"),
    "int_type int_parsing int_from_float": Text("必须是整数", "the value must be a whole number"),
    "float_type float_parsing decimal_type decimal_parsing": Text("必须是数字", "the value must be a number"),
    "string_type": Text("必须是加引号的文字", "the value must be text in quotes"),
    "string_too_short": Text("不得为空", "the text must not be empty"),
    "string_too_long": Text("最多 {max_length} 个字", "the text must have at most {max_length} characters"),
    "literal_error": Text("只能是 {expected}", "the value must be {expected}"),
    "too_short": Text("至少要有 {min_length} 项", "the list must have at least {min_length} entries"),
    "tuple_type": Text("必须是列表，如 [1, 2]", "the value must be a list, e.g. [1, 2]"),
    "model_type model_attributes_type dict_type": Text("必须是一节，如 [shop]", "this must be a section, e.g. [shop]"),
}


def _unknown_key(path: list[str], model: type[BaseModel], place: Place) -> Fault:
    known = sorted(_keys_beside(path, model))
    near = difflib.get_close_matches(path[-1], known, n=1)
    zh = f"是否想写 `{near[0]}`？" if near else f"可用的项：{'、'.join(known)}"
    en = f"Did you mean `{near[0]}`?" if near else f"Known keys: {', '.join(known)}"
    law = Text("不允许未知的项", "unknown keys are not allowed")
    return Fault(code="E-KEY-UNKNOWN", law=law, value=path[-1], place=place, remedy=Text(zh, en))


def _keys_beside(path: list[str], model: type[BaseModel]) -> Iterator[str]:
    """The keys that the section holding ``path`` knows."""
    section = model
    for part in path[:-1]:
        field = section.model_fields.get(part)
        if field is not None:
            section = next((kind for kind in _models_in(field.annotation)), section)
    yield from section.model_fields


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401  typing's own annotations are Any
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
