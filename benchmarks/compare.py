"""How long does one scan take, beside ripgrep on the same words and semgrep with rules like ours?

Builds its own tree, runs the tools in turns so that the machine's moods reach all of them, and
prints medians and ratios. It judges nothing: read the ratios, seconds belong to one machine.
Run it in the project's folder, in an environment that has trackerlint's packages:
`python -m benchmarks.compare`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.tree import build

ROOT = Path(__file__).parent.parent
INSTALL = {
    "rg": "ripgrep: `apt install ripgrep` or `brew install ripgrep`",
    "semgrep": "semgrep: `python3 -m venv semgrep && semgrep/bin/pip install semgrep`, "
    "then put semgrep/bin into PATH",
}
CALLS = (
    "fbq(...)",
    "gtag(...)",
    "ttq.load(...)",
    "ttq.page(...)",
    "mixpanel.init(...)",
    "mixpanel.track(...)",
    "_kmq.push(...)",
    "twq(...)",
    "hj(...)",
    "clicky.log(...)",
)
HOSTS = (
    "connect.facebook.net",
    "www.facebook.com/tr",
    "www.googletagmanager.com",
    "www.google-analytics.com",
    "googleads.g.doubleclick.net",
    "analytics.tiktok.com",
    "static.hotjar.com",
    "static.ads-twitter.com",
    "cdn.mxpnl.com",
    "assets.adobedtm.com",
)


@dataclass(frozen=True)
class Tool:
    """A command to time; `rounds` may be fewer than asked for when the tool takes minutes."""

    name: str
    command: Sequence[str]
    rounds: int
    accepted: frozenset[int] = frozenset({0, 1})  # both tools that find end with 1 or 0


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="trackerlint-benchmark-") as name:
        work = Path(name)
        tree = work / "site"
        size = build(tree, options.files)
        if shutil.which("git"):  # most sites are scanned in a work tree
            subprocess.run(["git", "init", "--quiet", str(tree)], check=True)
        print(f"{options.files:,} files, {size / 1e6:.1f} MB, {os.cpu_count()} processors")
        seconds = timed(tuple(tools(tree, work, options.rounds)))
        report(seconds)
    for command, advice in INSTALL.items():
        if not shutil.which(command):
            print(f"not compared with {advice}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=4000, help="size of the tree (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each tool (%(default)s)")
    return parser.parse_args()


def tools(tree: Path, work: Path, rounds: int) -> Sequence[Tool]:
    """trackerlint, and those of the others that are installed."""
    scan = [
        sys.executable,
        "-m",
        "analyzer",
        "scan",
        str(tree),
        "--quiet",
        "-o",
        str(work / "out.sarif"),
    ]
    found = [Tool("trackerlint", scan, rounds)]
    if rg := shutil.which("rg"):
        words = work / "words.txt"
        words.write_bytes(b"\n".join(prefilter_words()) + b"\n")
        found.append(
            Tool(
                "ripgrep",
                [rg, "--count", "--fixed-strings", "--file", str(words), str(tree)],
                rounds,
            )
        )
    if semgrep := shutil.which("semgrep"):
        rules = work / "rules.json"
        rules.write_text(json.dumps({"rules": list(semgrep_rules())}), encoding="utf-8")
        found.append(
            Tool(
                "semgrep",
                [
                    semgrep,
                    "scan",
                    "--metrics",
                    "off",
                    "--disable-version-check",
                    "--quiet",
                    "--sarif",
                    "--output",
                    str(work / "semgrep.sarif"),
                    "--config",
                    str(rules),
                    str(tree),
                ],
                min(rounds, 3),
            )
        )
    return found


def prefilter_words() -> tuple[bytes, ...]:
    """The byte strings that a scan looks for before it parses."""
    from analyzer.signatures import load

    return load().vocabulary.words


def semgrep_rules() -> Iterator[Mapping[str, object]]:
    """Twenty rules that ask what the signatures ask: ten calls, ten hosts in any kind of file."""
    for number, call in enumerate(CALLS):
        yield {
            "id": f"call-{number}",
            "languages": ["javascript"],
            "pattern": call,
            "message": "a tracker's function is called",
            "severity": "WARNING",
        }
    for number, host in enumerate(HOSTS):
        yield {
            "id": f"host-{number}",
            "languages": ["regex"],
            "pattern-regex": host.replace(".", r"\."),
            "message": "a tracker's host is named",
            "severity": "WARNING",
        }


def timed(found: Sequence[Tool]) -> dict[str, list[float]]:
    """Seconds of every run, in turns, after one run of each that fills the caches."""
    for tool in found:
        run(tool)
    seconds: dict[str, list[float]] = {tool.name: [] for tool in found}
    for turn in range(max(tool.rounds for tool in found)):
        for tool in found:
            if turn < tool.rounds:
                seconds[tool.name].append(run(tool))
    return seconds


def run(tool: Tool) -> float:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    start = perf_counter()
    done = subprocess.run(
        tool.command,
        check=False,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    took = perf_counter() - start
    if done.returncode not in tool.accepted:
        said = done.stderr.decode(errors="replace")
        sys.exit(f"{tool.name} ended with {done.returncode}: {said}")
    return took


def report(seconds: dict[str, list[float]]) -> None:
    ours = seconds["trackerlint"]
    print(f"{'tool':<12} {'median':>9} {'runs':>5}   time of trackerlint / time of the tool")
    for name, theirs in seconds.items():
        ratio = median(mine / other for mine, other in zip(ours, theirs, strict=False))
        print(f"{name:<12} {median(theirs):>7.3f} s {len(theirs):>5}   {ratio:.2f}")


if __name__ == "__main__":
    main()
