"""Strategies of one's own: found by entry point or file, refused with the law and the remedy."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from adspend.strategies import registry
from adspend.strategies.even_split import EvenSplit
from adspend.strategies.registry import builtin_strategies, load_strategy
from adspend_datasets.errors import UsageError

MINE = """
from adspend.strategies.even_split import EvenSplit
from adspend_datasets.text import Text

class Mine:
    name = "mine"
    label = Text("我的", "mine")
    def open(self, shop, seed):
        return EvenSplit().open(shop, seed)

class Needy(Mine):
    def __init__(self, what):
        pass

ready = Mine()
nameless = object()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE, encoding="utf-8")
    return path


def test_every_builtin_is_found_by_its_name() -> None:
    for name in builtin_strategies():
        assert load_strategy(name).name == name


@pytest.mark.parametrize("name", ["Mine", "ready"])
def test_a_class_or_an_instance_in_a_file(file: Path, name: str) -> None:
    assert load_strategy(f"{file}:{name}").name == "mine"


def test_an_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("theirs", "adspend.strategies.even_split:EvenSplit", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: EntryPoints([entry]).select(group=group))
    assert isinstance(load_strategy("theirs"), EvenSplit)


def test_an_entry_point_that_does_not_import(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("theirs", "no_such_package:Strategy", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: EntryPoints([entry]).select(group=group))
    with pytest.raises(UsageError, match="ModuleNotFoundError"):
        load_strategy("theirs")


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("evn-split", "there is no such strategy"),
        ("{folder}/none.py:Mine", "file must exist"),
        ("{folder}/mine.py:Yours", "must define Yours"),
        ("{folder}/mine.py:Needy", "without arguments"),
        ("{folder}/mine.py:nameless", "must have name, label"),
        ("{folder}/broken.py:Mine", "ZeroDivisionError"),
    ],
)
def test_what_is_not_a_strategy_is_refused(file: Path, spec: str, says: str) -> None:
    (file.parent / "broken.py").write_text("1 / 0", encoding="utf-8")
    with pytest.raises(UsageError, match=says) as caught:
        load_strategy(spec.format(folder=file.parent))
    [fault] = caught.value.faults
    assert fault.code == "E-STRATEGY"
    assert fault.remedy.zh
