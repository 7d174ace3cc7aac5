"""``python -m benchmarks [NAME ...] [--smoke]``: runs benchmarks, writes their results and the tables of the README."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.registry import BENCHMARKS, Benchmark, Row

HERE = Path(__file__).parent
PACKAGES = ("adspend", "highspy", "numpy", "pandas", "pulp", "scipy")


def main() -> int:
    """Runs what was asked for; a benchmark whose data are missing says so and leaves its old result alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="which to run; all by default")
    parser.add_argument("--smoke", action="store_true", help="run each in seconds and write nothing")
    arguments = parser.parse_args()
    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    for name in arguments.names or known:
        _run(known[name], smoke=arguments.smoke)
    if not arguments.smoke:
        write_readme(HERE / "README.md")
    return 0


def _run(benchmark: Benchmark, *, smoke: bool) -> None:
    print(f"{benchmark.name}: {benchmark.question}", flush=True)
    try:
        rows = benchmark.run(smoke)
    except FileNotFoundError as missing:
        print(f"  skipped: {missing}", file=sys.stderr)
        return
    print(table(rows))
    if smoke:
        return
    document = {
        "command": f"python -m benchmarks {benchmark.name}",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "question": benchmark.question,
        "rows": rows,
        "versions": {name: version(name) for name in PACKAGES},
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    (HERE / "results" / f"{benchmark.name}.json").write_text(text, encoding="utf-8")


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    heads = list(rows[0])
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(str(row[head]) for head in heads) + " |" for row in rows]
    return "\n".join(lines)


def write_readme(path: Path) -> None:
    """Puts the stored results between the README's markers."""
    text = path.read_text(encoding="utf-8")
    for benchmark in BENCHMARKS:
        result = HERE / "results" / f"{benchmark.name}.json"
        begin, end = f"<!-- {benchmark.name} -->\n", f"\n<!-- end {benchmark.name} -->"
        if result.exists() and begin in text:
            stored = json.loads(result.read_text(encoding="utf-8"))
            before, after = text.split(begin)[0], text.split(end)[1]
            made = ", ".join(f"{name} {number}" for name, number in stored["versions"].items())
            note = f"`{stored['command']}`, {stored['machine']['cores']} cores, {made}."
            text = (
                before
                + begin
                + table([row for row in stored["rows"] if benchmark.shown(row)])
                + "\n\n"
                + note
                + end
                + after
            )
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
