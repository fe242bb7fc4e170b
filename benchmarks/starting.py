"""What does a scan of one page cost, which a hook before each commit pays again and again?

Runs the command on one page with a cache that is filled and without one, in turns with a bare
interpreter so that the machine's moods reach all of them, and prints the shortest of each with its
ratio to the bare start. It judges nothing: read the ratios, seconds belong to one machine.
Run it in the project's folder, in an environment that has trackerlint's packages:
`python -m benchmarks.starting`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
PAGE = "<!doctype html><html><body><h1>Visiting hours</h1></body></html>\n"


def main() -> None:
    """Read the arguments, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="runs of each (%(default)s)")
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="trackerlint-benchmark-") as name:
        site = Path(name) / "site"
        site.mkdir()
        (site / "index.html").write_text(PAGE, encoding="utf-8")
        scan = [sys.executable, "-m", "analyzer", "scan", "--quiet", str(site)]
        commands = {
            "bare start": [sys.executable, "-c", "pass"],
            "warm": scan,
            "without cache": [*scan, "--no-cache"],
        }
        # compiled modules and the cache go where nobody else's are
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": str(Path(name) / "compiled"),
            "TRACKERLINT_CACHE_DIR": str(Path(name) / "cache"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        shortest = dict.fromkeys(commands, float("inf"))
        for turn in range(rounds + 2):  # the first two fill what is kept
            for title, command in commands.items():
                begun = perf_counter()
                subprocess.run(command, check=True, env=environment, cwd=name)
                if turn > 1:
                    shortest[title] = min(shortest[title], perf_counter() - begun)
    for title, seconds in shortest.items():
        ratio = seconds / shortest["bare start"]
        print(f"{title:<14} {seconds * 1000:6.0f} ms  {ratio:5.1f} times a bare start")


if __name__ == "__main__":
    main()
