"""Finding a strategy: by name, by an installed package's entry point, or in a file of one's own.

    even-split                         a built-in
    my-strategy                        entry point of the group "adspend.strategies": a class, or an instance
    path/to/mine.py:MyStrategy         a class or an instance in a file

A class is made without arguments. What is found must have a name, a label and ``open``.
"""

from __future__ import annotations

import importlib.util
import inspect
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from adspend.policy import UNTUNED, bundled_policy
from adspend.strategies.engine import Engine
from adspend.strategies.epsilon_greedy import EpsilonGreedy
from adspend.strategies.even_split import EvenSplit
from adspend.strategies.explore_then_commit import ExploreThenCommit
from adspend.strategies.operators_rule import OperatorsRule
from adspend.strategies.refit_greedy import RefitGreedy
from adspend.strategies.refit_slsqp import RefitSlsqp
from adspend.strategies.return_proportional import ReturnProportional
from adspend.strategies.strategy import Strategy
from adspend.strategies.thompson import Thompson
from adspend.strategies.ucb import Ucb
from adspend_datasets.errors import Fault, Place, UsageError
from adspend_datasets.text import Text

GROUP = "adspend.strategies"
BY_HAND = Text("本引擎（未调参）", "this engine, untuned")


def builtin_strategies() -> dict[str, Strategy]:
    """Every built-in strategy by name, plain rules first."""
    found: tuple[Strategy, ...] = (
        EvenSplit(),
        ReturnProportional(),
        OperatorsRule(),
        RefitSlsqp(),
        RefitGreedy(),
        EpsilonGreedy(),
        Thompson(),
        Ucb(),
        ExploreThenCommit(),
        Engine(policy=bundled_policy(UNTUNED), name="engine-untuned", label=BY_HAND),
        Engine(),
    )
    return {strategy.name: strategy for strategy in found}


def load_strategy(spec: str) -> Strategy:
    """The strategy that ``spec`` names.

    Raises:
        UsageError: no such name, file or class, a file that fails to load, or something that is not a strategy.
    """
    builtin = builtin_strategies()
    if spec in builtin:
        return builtin[spec]
    for entry in entry_points(group=GROUP):
        if entry.name == spec:
            return _made(_from_entry(entry, spec), spec)
    path, colon, name = spec.rpartition(":")
    if colon and path.endswith(".py"):
        return _made(_from_file(Path(path), name, spec), spec)
    law = Text("没有这个策略", "there is no such strategy")
    known = "、".join(builtin), ", ".join(builtin)
    remedy = Text(
        f"可选：{known[0]}；或写成 文件.py:类名", f"Choose one of {known[1]}, or give a file as path.py:ClassName"
    )
    raise UsageError([_fault(law, spec, remedy)])


def _from_file(path: Path, name: str, spec: str) -> object:
    """The object called ``name`` in a Python file."""
    if not path.is_file():
        law = Text("策略文件必须存在", "a strategy's file must exist")
        raise UsageError([_fault(law, spec, Text("请检查路径", "Check the path"))])
    found = importlib.util.spec_from_file_location(f"adspend_user_strategy_{path.stem}", path)
    if found is None or found.loader is None:
        raise UsageError([_fault(Text("策略须是 Python 文件", "a strategy must be a Python file"), spec, FORM)])
    module = importlib.util.module_from_spec(found)
    try:
        found.loader.exec_module(module)
    except Exception as error:
        raise _broken(Text("策略文件必须能运行", "a strategy's file must run"), spec, error) from error
    if not hasattr(module, name):
        law = Text(f"文件里必须有 {name}", f"the file must define {name}")
        raise UsageError([_fault(law, spec, FORM)])
    return getattr(module, name)


def _from_entry(entry: EntryPoint, spec: str) -> object:
    """What an installed package's entry point names."""
    try:
        found: object = entry.load()
    except Exception as error:
        raise _broken(Text("策略包必须能导入", "a strategy's package must import"), spec, error) from error
    return found


def _broken(law: Text, spec: str, error: Exception) -> UsageError:
    """Whatever a user's code raises is the user's to read, in one line."""
    words = f"{type(error).__name__}: {error}"
    return UsageError([_fault(law, spec, Text(f"请改正：{words}", f"Correct it: {words}"))])


def _made(found: object, spec: str) -> Strategy:
    """An instance, once it is known to be a strategy."""
    try:
        made = found() if inspect.isclass(found) else found
    except Exception as error:
        law = Text("策略类必须能不带参数创建", "a strategy's class must be made without arguments")
        raise _broken(law, spec, error) from error
    lacks = [part for part in ("name", "label", "open") if not hasattr(made, part)]
    if lacks or not isinstance(made.label, Text) or not callable(made.open):  # type: ignore[attr-defined]
        law = Text(
            "策略必须有 name、label（Text）和 open(shop, seed)",
            "a strategy must have name, label (Text), open(shop, seed)",
        )
        raise UsageError([_fault(law, spec, FORM)])
    return made  # type: ignore[return-value]


FORM = Text("参见 adspend/strategies/even_split.py", "adspend/strategies/even_split.py is the shortest example")


def _fault(law: Text, value: str, remedy: Text) -> Fault:
    return Fault(code="E-STRATEGY", law=law, value=value, place=Place(column="--strategy"), remedy=remedy)
