"""A batch's progress on the terminal, and what is said when a person ends it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Task as ProgressTask
from rich.text import Text as RichText

from adspend_datasets.text import Language, Text

Told = Callable[[int, int], None]


@contextmanager
def progress_bars(language: Language, *, quiet: bool) -> Iterator[Callable[[Text], Told]]:
    """A bar for each step on standard error, with rate and time left; silent when asked or when not a terminal.

    Ctrl-C is passed on after a sentence that says how far the run came.
    """
    console = Console(stderr=True, quiet=quiet)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(language),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    reached = Reached()
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as progress:

        def bar(words: Text) -> Told:
            task = progress.add_task(words.pick(language), total=None)

            def told(done: int, total: int) -> None:
                reached.step, reached.done, reached.total = words, done, total
                progress.update(task, completed=done, total=total)

            return told

        try:
            yield bar
        except KeyboardInterrupt:
            progress.stop()
            print(interrupted(reached).pick(language), file=sys.stderr)
            raise


@dataclass(slots=True)
class Reached:
    """How far a run came: its step, and the shops done in it of how many."""

    step: Text | None = None
    done: int = 0
    total: int = 0


def interrupted(reached: Reached) -> Text:
    """What a person reads who has pressed Ctrl-C."""
    if reached.step is None:
        return Text(
            "已中断，尚无店铺完成；重新运行同一命令即可",
            "Interrupted before any shop was done; run the same command again",
        )
    done, total, step = f"{reached.done:,}", f"{reached.total:,}", reached.step
    return Text(
        f"已中断：{step.zh}已完成 {done} / {total} 家；重新运行同一命令即从这里继续",
        f"Interrupted: {step.en}, {done} of {total} done; the same command goes on from there",
    )


class _Rate(TextColumn):
    """Shops per minute."""

    def __init__(self, language: Language) -> None:
        super().__init__("")
        self._unit = Text("家/分", "/min").pick(language)

    def render(self, task: ProgressTask) -> RichText:
        """The rate so far."""
        return RichText("" if not task.speed else f"{60 * task.speed:,.0f} {self._unit}")
