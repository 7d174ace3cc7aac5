"""The journal (日志): every finished run of a study, one line of JSON each, on disk before the next decision.

    line 1   what the study is: a study with another first line cannot be resumed from this file
    others   {"player", "world", "policy" (a digest), "net" (yuan)}

A study is a deterministic function of these numbers. So resuming is starting again from trial 0 and reading what is
known instead of running it: the sampler asks the same parameters under the same numbers, finished runs are read back,
unfinished ones are run, and no trial can be lost or doubled. Nothing else about the search is stored. A line cut short
by a kill is dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import final

from adspend.policy import Policy
from adspend.tuning.score import Task
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.text import Text

Json = dict[str, object]


@final
class Journal:
    """The runs that are known, kept in ``path``."""

    def __init__(self, path: Path, header: Json) -> None:
        """Reads the file if it is there, begins it if not.

        Raises:
            BadDataError: the file is of another study, or a line is not ours.
        """
        self.path = path
        self._known: dict[tuple[str, str], tuple[str, float]] = {}
        first = json.dumps(header, ensure_ascii=False, sort_keys=True)
        whole = self._whole_lines()
        if not whole:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._append(first)
        elif whole[0] != first:
            raise BadDataError([_another_study(path)])
        for number, line in enumerate(whole[1:], start=2):
            self._read(line, number)

    def net(self, task: Task) -> float | None:
        """What the task earned; None if it has not run yet.

        Raises:
            BadDataError: it ran under the same name with another policy.
        """
        found = self._known.get((task.player, task.ground.name))
        if found is None:
            return None
        policy, net = found
        if policy != digest(task.policy):
            raise BadDataError([_another_study(self.path)])
        return net

    def keep(self, task: Task, net: float) -> None:
        """Writes a finished run to disk."""
        key, policy = (task.player, task.ground.name), digest(task.policy)
        self._append(json.dumps({"player": key[0], "world": key[1], "policy": policy, "net": net}, ensure_ascii=False))
        self._known[key] = policy, net

    def _whole_lines(self) -> list[str]:
        """The lines that were written whole; cuts the file after them."""
        if not self.path.exists():
            return []
        content = self.path.read_bytes()
        end = content.rfind(b"\n") + 1
        if end < len(content):
            os.truncate(self.path, end)
        return content[:end].decode("utf-8").splitlines()

    def _read(self, line: str, number: int) -> None:
        try:
            run = json.loads(line)
            self._known[run["player"], run["world"]] = run["policy"], float(run["net"])
        except (ValueError, KeyError, TypeError) as error:
            fault = Fault(
                code="E-JOURNAL",
                law=Text("日志每行须是一次运行", "each line of a journal must be a run"),
                value=line[:80],
                place=Place(self.path.name, number),
                remedy=Text("请换一个 --out 重新调参", "Tune again into another --out"),
            )
            raise BadDataError([fault]) from error

    def _append(self, line: str) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def digest(policy: Policy | None) -> str:
    """Sixteen hexadecimal digits that tell apart policies that act differently; none for the clairvoyant."""
    if policy is None:
        return ""
    own = policy.model_dump(mode="json", exclude={"stages"})
    stages = [{**own, **stage.model_dump(mode="json", exclude_unset=True)} for stage in policy.stages]
    return hashlib.sha256(json.dumps([own, stages], sort_keys=True).encode()).hexdigest()[:16]


def _another_study(path: Path) -> Fault:
    return Fault(
        code="E-JOURNAL",
        law=Text(
            "续跑须与原研究的命令、店铺、报表、代码和各软件版本都相同",
            "a study is resumed with the command, shop, reports, code and versions it began with",
        ),
        place=Place(path.name, 1),
        remedy=Text("请用原来的命令，或换一个 --out", "Use the original command, or another --out"),
    )
