"""What commands share: their common options, the language of their words, and how they end.

Exit codes: 0 done, 2 usage, 3 no plan is possible (batch: for no shop), 4 bad data. Errors go to standard error, never
as a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from adspend_datasets.text import Language


class Lang(StrEnum):
    """The language of what people read."""

    zh = "zh"
    en = "en"


def language_of(chosen: Lang | None) -> Language:
    """The chosen language; else English where the locale says so, else Chinese: operators read Chinese."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    english = chosen is Lang.en or (chosen is None and locale.lower().startswith("en"))
    return "en" if english else "zh"


Reports = Annotated[
    list[Path] | None, typer.Argument(metavar="REPORT...", help="平台导出的报表（CSV/XLSX）/ exported reports")
]
ShopFile = Annotated[Path, typer.Option("--shop", metavar="SHOP.toml", help="店铺文件 / shop file")]
OutDir = Annotated[Path, typer.Option("--out", metavar="DIR", help="输出目录 / output directory")]
Budget = Annotated[
    str | None, typer.Option("--budget", metavar="YUAN", help="当日预算，覆盖店铺文件 / overrides the file")
]
DateOption = Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="计划日期 / the day to plan")]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="POLICY.toml", help="放量策略 / test-then-scale policy")
]
CalendarFile = Annotated[
    Path | None,
    typer.Option("--calendar", metavar="FILE.csv", help="大促日历：phase,start,end / festival calendar"),
]
LangOption = Annotated[Lang | None, typer.Option("--lang", help="语言，默认取自系统 / language")]
Json = Annotated[bool, typer.Option("--json", help="只输出 JSON / print JSON only")]


def run_command(work: Callable[[], None], language: Language) -> None:
    """Runs a command; turns our errors into their sentences and exit codes, the unforeseen into one line."""
    from adspend_datasets.errors import AdspendError

    try:
        work()
    except AdspendError as error:
        print(error.pick(language), file=sys.stderr)
        raise typer.Exit(error.exit_code) from None
    except OSError as error:
        words = "文件无法读写" if language == "zh" else "a file cannot be read or written"
        print(f"E-IO {error.filename or ''}: {words} ({error.strerror})", file=sys.stderr)
        raise typer.Exit(2) from None
