"""Pages that share the charting library, in a real Chromium, from a folder and a server: drawn, closed, readable."""

from __future__ import annotations

import base64
import functools
import hashlib
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page

from adspend.outputs.chart_library import library_file, library_loader
from adspend.outputs.page import plan_page
from adspend.plan import Plan

pytestmark = pytest.mark.browser
FOLDER = "../assets"
DRAWN = "document.querySelectorAll('.curve svg').length > 11 && !!document.querySelector('#frontier svg')"
MISSING = "document.documentElement.dataset.charts === 'missing'"


class Opened(Protocol):
    """See ``conftest``."""

    page: Page
    requests: list[str]
    complaints: list[str]


Open = Callable[..., Opened]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that keeps its log to itself, and has no icon to be asked for."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def run(tmp_path: Path, sample: Plan) -> Path:
    """A run's folder with one shop's page and the library beside it."""
    name, content = library_file()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / name).write_bytes(content)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "plan.html").write_text(plan_page(sample, "zh", library=FOLDER), encoding="utf-8")
    return tmp_path


@pytest.fixture(params=["file", "http"])
def address(request: pytest.FixtureRequest, run: Path) -> Iterator[str]:
    """Where the run's folder is found."""
    if request.param == "file":
        yield run.as_uri()
        return
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(run))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def asked(opened: Opened, address: str) -> list[str]:
    """What was asked for, but for the icon of which every server is asked."""
    return [url.removeprefix(address) for url in opened.requests if not url.endswith("/favicon.ico")]


def drawings(page: Page) -> list[str]:
    """Every chart that is drawn, without the ids that a library counts up."""
    found = page.locator(".chart svg, .curve svg").evaluate_all("(charts) => charts.map((chart) => chart.outerHTML)")
    return [re.sub(r"zr\d+-", "zr-", chart) for chart in found]


def test_the_charts_are_those_of_the_page_that_has_the_library_inside(
    address: str, open_address: Open, open_plan: Open, sample: Plan
) -> None:
    opened = open_address(f"{address}/shop/plan.html")
    opened.page.wait_for_function(DRAWN)
    assert drawings(opened.page) == drawings(open_plan(sample).page)
    assert asked(opened, address) == ["/shop/plan.html", f"/assets/{library_file()[0]}"]
    assert [told for told in opened.complaints if "404" not in told] == []
    assert not opened.page.locator(".missing").is_visible()


def test_nothing_but_the_page_s_own_script_runs_or_loads(address: str, open_address: Open, run: Path) -> None:
    """As if autoescape had failed. A policy of 'self' would let the file beside the page run; without one all do."""
    (run / "shop" / "bait.js").write_text("window.hacked=1", encoding="utf-8")
    bait = (
        "<script src='bait.js'></script><script src='../shop/bait.js' integrity='x'></script>"
        "<script>window.hacked=2</script><b onclick='window.hacked=3' id='bait'>x</b>"
    )
    plain = (run / "shop" / "plan.html").read_text(encoding="utf-8").replace("<main>", f"<main>{bait}")
    (run / "shop" / "guarded.html").write_text(plain, encoding="utf-8")
    (run / "shop" / "bare.html").write_text(plain.replace("Content-Security-Policy", "x-none"), encoding="utf-8")
    guarded = open_address(f"{address}/shop/guarded.html").page
    guarded.click("#bait")
    guarded.wait_for_function(DRAWN)
    assert guarded.evaluate("window.hacked") is None
    bare = open_address(f"{address}/shop/bare.html").page
    assert bare.evaluate("window.hacked") == 2
    bare.click("#bait")
    assert bare.evaluate("window.hacked") == 3


@pytest.mark.parametrize("left", [None, b"", b"window.echarts = ("])
def test_a_page_without_its_library_says_so_and_reads_on(
    address: str, open_address: Open, run: Path, left: bytes | None
) -> None:
    """The file is gone, empty, or torn."""
    file = run / "assets" / library_file()[0]
    file.unlink()
    if left is not None:
        file.write_bytes(left)
    page = open_address(f"{address}/shop/plan.html").page
    page.wait_for_function(MISSING)
    assert f"{FOLDER}/{file.name}" in page.locator(".missing").inner_text()
    assert page.locator(".chart:visible, .curve:visible").count() == 0
    assert page.locator(".heat tbody tr").count() == 6
    page.click('[data-set-lang="en"]')
    assert "was not found" in page.locator(".missing").inner_text()
    page.fill("#find", "22:00-26")
    assert page.locator("figure:visible").count() == 6


def test_a_server_s_library_is_checked_against_its_hash(open_address: Open, address: str, run: Path) -> None:
    """One more blank and it does not run. A file on disk cannot be checked: no browser reads a folder's origin."""
    file = run / "assets" / library_file()[0]
    file.write_bytes(file.read_bytes() + b" ")
    page = open_address(f"{address}/shop/plan.html").page
    page.wait_for_function(MISSING if address.startswith("http") else DRAWN)
    assert page.evaluate("!!window.echarts") == address.startswith("file")


def test_it_reads_without_scripts(address: str, open_address: Open, sample: Plan) -> None:
    page = open_address(f"{address}/shop/plan.html", scripts=False).page
    assert page.locator(".cells tbody tr").count() == len(sample.cells)
    assert page.locator(".noscript").inner_text() == "图表需要脚本；表格不需要。"


def test_the_policy_names_two_hashes_and_what_they_load_and_the_page_is_small(sample: Plan) -> None:
    html = plan_page(sample, "zh", library=FOLDER)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    sources = re.search(r"script-src ([^;]*);", policy[1].replace("&#39;", "'"))
    assert sources is not None
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert scripts[1] == library_loader(FOLDER)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    assert sources[1].split() == ["'strict-dynamic'", *(f"'sha256-{digest}'" for digest in hashes)]
    assert len(hashes) == 2
    assert len(html) < len(plan_page(sample, "zh")) - 1_000_000
