"""What every page has in common: templates with autoescape, packaged files, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from adspend_datasets.text import Text

ECHARTS = "vendor/echarts/echarts.min.js"


@cache
def asset(name: str) -> str:
    """The text of a file that is packaged with the outputs."""
    return (files("adspend.outputs") / name).read_text(encoding="utf-8")


def filled(template: str, filters: dict[str, Callable[..., str]], values: dict[str, object]) -> str:
    """A packaged template with its values; a name it does not get is an error, never an empty string."""
    return _compiled(template, tuple(filters.items())).render(values)


@cache
def _compiled(template: str, filters: tuple[tuple[str, Callable[..., str]], ...]) -> Template:
    """Compiling a template takes longer than filling it, and a worker of a batch fills the same one all day."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(filters)
    return environment.from_string(asset(template))


def both(text: Text) -> Markup:
    """The sentence in both languages; the page's style shows one.

    >>> str(both(Text("花费", "cost <")))
    '<span class="zh" lang="zh-CN">花费</span><span class="en" lang="en">cost &lt;</span>'
    """
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
        text.zh, text.en
    )


def closed_policy(*scripts: str, loads: bool = False) -> str:
    """The content security policy: nothing from anywhere, and only these scripts.

    Inline style stays allowed: charts set colours and sizes on elements, and style can neither run nor, under this
    policy, load anything.

    Args:
        scripts: the texts that may run.
        loads: whether they may load others ('strict-dynamic'); an element that stands in the page may not.
    """
    allowed = " ".join((*(["'strict-dynamic'"] if loads else []), *(f"'sha256-{_digest(text)}'" for text in scripts)))
    closed = "default-src 'none'; base-uri 'none'; form-action 'none'"
    return f"{closed}; script-src {allowed}; style-src 'unsafe-inline'; img-src data:"


@cache
def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
