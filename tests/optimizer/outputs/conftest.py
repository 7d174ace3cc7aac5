"""The sample plan, and its page opened in the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adspend.outputs.page import plan_page
from adspend.plan import Plan
from adspend_datasets.text import Language
from oracles.sample_plan import sample_plan

DESK = (1280, 1000)
Open = Callable[..., object]


@pytest.fixture(scope="session")
def sample() -> Plan:
    return sample_plan()


@pytest.fixture
def open_plan(open_html: Open) -> Open:
    """Opens a plan's page."""

    def opened(plan: Plan, language: Language = "zh", size: tuple[int, int] = DESK) -> object:
        return open_html(plan_page(plan, language), size)

    return opened
