"""The README shows what the command really prints, and names the commands that CI runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """A command in a console block, and the output that the README shows under it."""

    command: str
    output: str
    start: int  # where the output stands in the README
    end: int


def test_readme_shows_what_the_command_prints(tmp_path: Path, rewrite: bool) -> None:
    text = README.read_text(encoding="utf-8")
    commands = tuple(shown_commands(text))
    assert commands, "README.md has no ```console block with a `$ trackerlint` line"
    shutil.copytree(ROOT / "fixtures" / "sites", tmp_path / "fixtures" / "sites")
    printed = [(each, run(each.command, tmp_path)) for each in commands]
    if rewrite:
        for each, output in reversed(printed):
            text = text[: each.start] + output + text[each.end :]
        README.write_text(text, encoding="utf-8")
        return
    for each, output in printed:
        assert output == each.output, f"$ {each.command} (pytest --rewrite writes it anew)"


def test_readme_has_the_two_commands_that_ci_runs() -> None:
    lines = [
        line
        for block in SHELL.findall(README.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line.startswith("python3 -m venv ")
    ]
    assert len(lines) == 2, ".ci/run runs the README's two lines that begin with `python3 -m venv`"
    assert "trackerlint scan fixtures/sites/clinic" in lines[0]
    assert "--require-hashes -r requirements/test.lock" in lines[1]
    assert lines[1].endswith("pytest")


@pytest.mark.parametrize(
    "target",
    sorted(set(re.findall(r"\]\(((?!https?://|#)[^)]+)\)", README.read_text(encoding="utf-8")))),
)
def test_readme_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target.partition("#")[0]).exists()


def shown_commands(text: str) -> Iterator[Shown]:
    for block in CONSOLE.finditer(text):
        start = block.start(1)
        for part in re.split(r"^(?=\$ )", block[1], flags=re.MULTILINE):
            first, _, output = part.partition("\n")
            end = start + len(part)
            if first.startswith("$ trackerlint"):
                yield Shown(first.removeprefix("$ "), output, end - len(output), end)
            start = end


def run(command: str, folder: Path) -> str:
    """What the command prints in `folder`, both streams as a terminal would mix them."""
    words = command.split()
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "analyzer", *words[1:]],
        cwd=folder,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stdout
    return done.stdout
