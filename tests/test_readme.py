"""The README and the pages in docs/ show what the command really prints, and name what it takes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from analyzer.cli import main

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shell_lines() -> Iterator[str]:
    """The commands of ours in blocks of shell, each without what it is piped into."""
    for page in PAGES:
        for block in SHELL.findall(page.read_text(encoding="utf-8")):
            for line in block.splitlines():
                if line.startswith("trackerlint "):
                    yield re.split(r"\s[|>]|\s#", line)[0]


@dataclass(frozen=True)
class Shown:
    """A command in a console block, and the output that the README shows under it."""

    command: str
    output: str
    start: int  # where the output stands in the README
    end: int


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_what_the_command_prints(page: Path, tmp_path: Path, rewrite: bool) -> None:
    text = page.read_text(encoding="utf-8")
    commands = tuple(shown_commands(text))
    assert commands or page != README, "README.md has no ```console block with `$ trackerlint`"
    shutil.copytree(ROOT / "fixtures" / "sites", tmp_path / "fixtures" / "sites")
    printed = [(each, run(each.command, tmp_path)) for each in commands]
    if rewrite:
        for each, output in reversed(printed):
            text = text[: each.start] + output + text[each.end :]
        page.write_text(text, encoding="utf-8")
        return
    for each, output in printed:
        assert output == each.output, f"$ {each.command} (pytest --rewrite writes it anew)"


@pytest.mark.parametrize("line", sorted(set(shell_lines())))
def test_what_a_page_tells_to_type_is_understood(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command | None = main
    context = click.Context(main)
    while isinstance(command, click.Group):
        named = bool(words) and words[0] in command.list_commands(context)
        command = command.get_command(context, words.pop(0) if named else "show")
    assert command is not None, "there is no such command"
    command.make_context(command.name, words, parent=context)


def test_the_example_of_a_policy_is_one(tmp_path: Path) -> None:
    """The configuration that the page on policies shows is read without a word."""
    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "trackerlint.toml").write_text(example, encoding="utf-8")
    (tmp_path / "index.html").write_text("<h1>Hello</h1>", encoding="utf-8")
    (tmp_path / "gtm").mkdir()
    export = ROOT / "fixtures" / "sites" / "clinic" / "gtm" / "GTM-CL1N1C7_workspace3.json"
    shutil.copy(export, tmp_path / "gtm" / "GTM-ABC1234.json")
    done = CliRunner().invoke(main, ["scan", str(tmp_path), "--exit-zero"])
    assert done.exit_code == 0, done.output


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(((?!https?://|#)[^)]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target.partition("#")[0]).exists(), target


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
        timeout=300,  # a command that waits for somebody is none for a page
    )
    assert "Traceback" not in done.stdout
    return done.stdout
