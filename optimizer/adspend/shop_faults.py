"""What is wrong with a shop or policy file, as faults: pydantic's findings put into law, value, place and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from adspend_datasets.errors import Fault, Place
from adspend_datasets.text import Text

EXAMPLE = Text("请对照随包示例 samples/shop.toml 改正", "Compare with the bundled example samples/shop.toml")


class BrokenLaw(ValueError):
    """What a validator raises: the law in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.law = Text(zh, en)
        super().__init__(en)


def toml_fault(error: Exception, file: str) -> Fault:
    """The fault of a file that is not TOML in UTF-8."""
    return Fault(
        code="E-TOML",
        law=Text("文件必须是 UTF-8 编码的 TOML", "the file must be TOML in UTF-8"),
        value=str(error),
        place=Place(file=file),
        remedy=Text(
            '请改正所示位置（文字加引号，时段写成 "20:00-22:00"）',
            'Correct the place shown (quote texts, e.g. "20:00-22:00")',
        ),
    )


def shop_faults(error: ValidationError, model: type[BaseModel], file: str) -> list[Fault]:
    """One fault for each of pydantic's findings."""
    return [_fault(dict(finding), model, file) for finding in error.errors(include_url=False)]


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
    words = str(finding["msg"]).removeprefix("Value error, ")
    law = (
        cause.law
        if isinstance(cause, BrokenLaw)
        else Text(f"取值不合规：{words}", f"the value breaks its law: {words}")
    )
    value = "" if isinstance(finding["input"], dict) else str(finding["input"])
    return Fault(code="E-VALUE", law=law, value=value, place=place, remedy=EXAMPLE)


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
