"""The charting library as a file of its own, for a run whose many pages share it; a single page has it inside.

The policy of such a page still names the hash of its own script alone. 'strict-dynamic' lets that script, and nothing
that stands in the page, load the library. No browser checks a file on disk against a hash, so the script asks for the
check only where the page came from a server (Subresource Integrity, W3C 2016, needs an origin that may be read).
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache

from adspend.outputs.page_shell import ECHARTS, asset

HASH_DIGITS = 16  # of the content's hash in the name: a new library is a new file


@cache
def library_file() -> tuple[str, bytes]:
    """The file's name, which tells its content, and the content."""
    content = asset(ECHARTS).encode("utf-8")
    return f"echarts.{hashlib.sha256(content).hexdigest()[:HASH_DIGITS]}.js", content


@cache
def library_loader(folder: str) -> str:
    """The script that loads the library from ``folder``, an address relative to the page."""
    name, content = library_file()
    integrity = "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode("ascii")
    constants = f"const LIBRARY = {json.dumps(f'{folder}/{name}')};\nconst INTEGRITY = {json.dumps(integrity)};\n"
    return constants + asset("page_files/library.js")
