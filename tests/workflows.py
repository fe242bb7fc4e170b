"""The files for CI services, taken apart: their shell steps run here, with what they would be given."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
COMMAND = f"""\
#!/bin/sh
PYTHONPATH='{ROOT}' exec '{sys.executable}' -m analyzer "$@"
"""


@dataclass(frozen=True)
class Done:
    """How a step ended, and what it wrote for later steps."""

    code: int
    said: str
    outputs: dict[str, str]


def loaded(path: str) -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    return tree


def ready(place: Path) -> None:
    """A command where the action's installation puts it, which runs these sources."""
    command = place / "trackerlint" / "bin" / "trackerlint"
    command.parent.mkdir(parents=True)
    command.write_text(COMMAND)
    command.chmod(0o755)


def filled(text: str, known: dict[str, str]) -> str:
    """A value with its expressions answered; one that is not known is a mistake of the file."""
    return EXPRESSION.sub(lambda match: known[match[1]], text)


def defaults(action: dict[str, Any]) -> dict[str, str]:
    return {f"inputs.{name}": str(each["default"]) for name, each in action["inputs"].items()}


def run(step: dict[str, Any], known: dict[str, str], folder: Path, place: Path) -> Done:
    """A step of an action in the way of GitHub's runner: bash, stopped by the first error."""
    output = place / "github-output"
    output.write_text("")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GITHUB_", "PYTHON"))
    }
    environment |= {name: filled(str(value), known) for name, value in step.get("env", {}).items()}
    environment["GITHUB_OUTPUT"] = str(output)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return Done(done.returncode, done.stdout + done.stderr, outputs)
