"""The progress of a tuning on standard error: the phase, a bar of runs, the best share so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from adspend_datasets.text import Language, Text


@final
class TuneBar:
    """A ``Watch`` that draws."""

    def __init__(self, progress: Progress, language: Language) -> None:
        self._progress, self._language = progress, language
        self._task: TaskID = progress.add_task("", total=None, best="")

    def phase(self, name: Text, runs: int) -> None:
        """Begins the bar again under another name."""
        self._progress.reset(self._task, total=runs, description=name.pick(self._language))

    def advance(self, runs: int) -> None:
        """Moves the bar."""
        self._progress.advance(self._task, runs)

    def best(self, share: float) -> None:
        """Shows the best share so far."""
        words = Text(f"至今最佳 {share:.1%}", f"best so far {share:.1%}")
        self._progress.update(self._task, best=words.pick(self._language))


@contextmanager
def tune_bar(language: Language, *, quiet: bool) -> Iterator[TuneBar]:
    """The bar; invisible when asked or when standard error is not a terminal."""
    console = Console(stderr=True, quiet=quiet)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[best]}"),
    )
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as progress:
        yield TuneBar(progress, language)
