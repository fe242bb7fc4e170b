"""Read SARIF files with sarif-tools, as people do: `python .ci/sarif/tools.py FILE...`.

It runs in an environment that has sarif-tools, and ends with 1 where a count is not ours.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

COMMAND = Path(sys.executable).parent / "sarif"


def main(paths: list[str]) -> int:
    return max(map(read, paths))


def read(path: str) -> int:
    results = json.loads(Path(path).read_bytes())["runs"][0]["results"]
    errors = sum(result["level"] == "error" for result in results)
    with tempfile.TemporaryDirectory() as folder:
        written = {kind: f"{folder}/out.{kind}" for kind in ("csv", "html", "json")}
        for kind, file in written.items():
            command = "codeclimate" if kind == "json" else kind
            subprocess.run((COMMAND, command, path, "-o", file), check=True, capture_output=True)
        with open(written["csv"], encoding="utf-8", newline="") as rows:
            seen = {
                "csv": sum(1 for _ in csv.reader(rows)) - 1,
                "codeclimate": len(json.loads(Path(written["json"]).read_bytes())),
            }
    done = subprocess.run((COMMAND, "--check", "error", "summary", path), capture_output=True)
    wrong = [f"{kind} has {number}" for kind, number in seen.items() if number != len(results)]
    if bool(done.returncode) != bool(errors):
        wrong.append(f"--check error ended with {done.returncode}")
    print(f"{path}: {len(results)} results, {errors} errors; {', '.join(wrong) or 'read alike'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
