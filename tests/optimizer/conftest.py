"""A real Chromium that opens pages and notes everything that should not happen."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
DESK = (1280, 1000)


@dataclass(frozen=True, slots=True)
class Opened:
    """A page in the browser, the addresses it asked for, those refused with the cause, and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no chromium on this machine: `make test` installs it where it may")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_address(chromium: Browser) -> Iterator[Open]:
    """Opens a page by its address, in a browser profile of its own."""
    contexts = []

    def opened(address: str, size: tuple[int, int] = DESK, *, scripts: bool = True) -> Opened:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts)
        contexts.append(context)
        result = Opened(context.new_page())
        context.on("request", lambda request: result.requests.append(request.url))
        context.on("requestfailed", lambda request: result.refused.update({request.url: request.failure or ""}))
        result.page.on("console", lambda message: result.complaints.append(f"{message.type}: {message.text}"))
        result.page.on("pageerror", lambda error: result.complaints.append(str(error)))
        result.page.goto(address)
        return result

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_html(open_address: Open, tmp_path: Path) -> Open:
    """Opens any HTML as a file, as an operator would from a mail."""

    def opened(html: str, size: tuple[int, int] = DESK) -> Opened:
        file = tmp_path / "plan.html"
        file.write_text(html, encoding="utf-8")
        return open_address(file.as_uri(), size)

    return opened
