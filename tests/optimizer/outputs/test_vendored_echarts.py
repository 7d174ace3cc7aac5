"""The vendored chart library is the file its manifest names, with the licences it must travel with."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.resources import files

FOLDER = files("adspend.outputs") / "vendor" / "echarts"


def test_the_file_is_the_one_in_the_manifest() -> None:
    manifest = tomllib.loads((FOLDER / "MANIFEST.toml").read_text(encoding="utf-8"))
    content = (FOLDER / manifest["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == manifest["sha256"]
    assert f'"{manifest["version"]}"'.encode() in content, "the library names its version"


def test_it_cannot_end_the_script_it_is_inlined_into() -> None:
    content = (FOLDER / "echarts.min.js").read_bytes()
    assert b"</script" not in content.lower()
    assert b"<!--" not in content
    assert b"\r" not in content, "the page's hash is of the text as the browser reads it"


def test_its_licences_travel_with_it() -> None:
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "Apache ECharts" in (FOLDER / "NOTICE").read_text(encoding="utf-8")
    assert "Bostock" in (FOLDER / "licenses" / "LICENSE-d3").read_text(encoding="utf-8")
