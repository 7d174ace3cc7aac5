"""What all tests share: hypothesis judges values and never the clock, since machines are shared and noisy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")
