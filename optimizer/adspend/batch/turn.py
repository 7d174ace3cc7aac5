"""Whose turn it is: the token of the run that the folders in ``OUT`` are being made for.

    OUT/batch.run      the token, written anew by every run that plans

A cluster's worker can outlive the run that gave it work. What it brings late was made under other orders and must not
replace a later run's folder, so every task shows its run's token before it puts a folder in place.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "batch.run"
NO_RUN = ""  # the token of work that no run has ordered, which is never late


def take_turn(out: Path) -> str:
    """A new token; waits for a folder that is just being put in place. Only for who holds the run's lock."""
    token = uuid.uuid4().hex
    with (out / TOKEN).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(token)
        file.flush()
        os.fsync(file.fileno())
    return token


@contextmanager
def turn_of(out: Path, token: str) -> Iterator[bool]:
    """Whether ``token`` is the present run's; no other run takes its turn before the block ends."""
    if token == NO_RUN:
        yield True
        return
    try:
        file = (out / TOKEN).open()
    except FileNotFoundError:
        yield False
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield file.read() == token


def has_turn(out: Path, token: str) -> bool:
    """Whether ``token`` is the present run's at this moment."""
    with turn_of(out, token) as present:
        return present
