"""Takes the README's picture of a plan's page: ``python tests/page_picture.py plan.html picture.png``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


def take(page_file: Path, picture: Path) -> None:
    """The first two screens of the page, in Chinese."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1180, "height": 1560})
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector(".curve svg")
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]))
