"""`trackerlint decisions`: what people decided in the inventory, put into the configuration."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from analyzer.commands._saying import CLEAN, FAILED, printed, sentences
from analyzer.commands._scanning import exit_code, scanned, scanning
from analyzer.commands._writing import write_whole
from analyzer.model import Home, Report, Severity, UserError

if TYPE_CHECKING:
    from analyzer.decisions import Decisions
    from analyzer.policy.scope import Scope

OWN_NAME, SHARED_NAME = "trackerlint.toml", "pyproject.toml"


@click.group(name="decisions", subcommand_metavar="import INVENTORY [PATHS]...")
def command() -> None:
    """Read back what people decided in the inventory (trackerlint scan -o inventory.xlsx)."""


@command.command(name="import")
@click.argument("inventory", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--into",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The configuration to write into; by default the one that the scan reads, or a new "
    "trackerlint.toml.",
)
@click.option("--write", "writes", is_flag=True, help="Put the entries into the file.")
@scanning
def bring(
    inventory: Path, paths: tuple[Path, ...], into: Path | None, writes: bool, **chosen: Any
) -> None:
    """Turn the decisions in INVENTORY into entries of the configuration, and list what is to do.

    Give the same PATHS and options as for the scan that wrote the inventory (by default this
    folder). A row that is kept becomes an exception for the findings of that one tracker, a signed
    agreement becomes an agreement; what is to be masked, removed or asked stays open and is listed.
    Without --write the change is shown and nothing is written. Rows that nobody touched, and rows
    without a decision, change nothing.

    Exit codes: 0 done, 2 a row is wrong or the job could not be done, 3 nothing to read.
    """
    from analyzer import decisions, edits, files

    with sentences():
        rows = decisions.read(inventory)
        paths = paths or (Path("."),)
        report = scanned(paths, chosen)
        code = exit_code(report, Severity.ERROR, False, True)
        if code != CLEAN:
            sys.exit(code)
        root = files.root_of([*paths, *chosen["containers"]])
        scope = _scope(root, paths, report)
        file = into or _usual(root, scope.start, report)
        home = _home(scope, file)
        text = _text(file, scope, home)
        found = decisions.decide(rows, report, home)
        _tell(inventory, found, len(rows))
        if found.wrong:
            sys.exit(FAILED)
        table = ("tool", "trackerlint") if file.name == SHARED_NAME else ()
        made = decisions.amended(text, found.entries, table)
        if made.text != text:
            _check(file, made.text, scope, home)
            patch = edits.difference(_below(file, scope.start), text, made.text)
            printed(partial(_put, patch))
            if writes:
                write_whole(file, partial(_put, made.text))
        click.echo(_last(file, made.added, made.changed, writes), err=True)
    sys.exit(CLEAN)


def _scope(root: Path, paths: tuple[Path, ...], report: Report) -> Scope:
    from analyzer import signatures
    from analyzer.gathering import known
    from analyzer.policy.scope import Scope

    return Scope(root, paths, known(signatures.load()), report.site.policy.today)


def _usual(root: Path, start: Path, report: Report) -> Path:
    """The configuration nearest to what was scanned among those that the scan read."""
    above = (start, *start.parents)
    for name in report.site.policy.files:
        file = Path(os.path.normpath(root / name))
        if file.parent in above:
            return file
    return start / OWN_NAME


def _home(scope: Scope, file: Path) -> Home:
    """Of which files a configuration speaks, by where it lies."""
    folder = file.resolve().parent
    if scope.root in folder.parents:
        return scope.home(folder, everywhere=False)
    if folder != scope.root and folder not in scope.root.parents:
        folder = scope.start  # it holds for a scan that names it with --config
    return scope.home(folder, everywhere=True)


def _text(file: Path, scope: Scope, home: Home) -> str:
    """The configuration as it is. Raises UserError where it is wrong already."""
    from analyzer.policy import reading

    if not os.path.lexists(file):
        if file.suffix != ".toml":
            raise UserError(f"{_near(file)} is no configuration; name a .toml file with --into")
        if not file.absolute().parent.is_dir():
            raise UserError(f"{_near(file)} cannot be written: its folder does not exist")
        if file.name == SHARED_NAME:
            raise UserError(f"{_near(file)} does not exist; name a {OWN_NAME} with --into")
        return ""
    reading.read(file, scope, home, named=True)
    return file.read_bytes().decode("utf-8-sig")


def _check(file: Path, text: str, scope: Scope, home: Home) -> None:
    """Raises UserError where the scan would refuse what is to be written."""
    from analyzer.policy import reading

    try:
        reading.read(file, scope, home, named=True, text=text)
    except UserError as trouble:
        raise UserError(f"nothing was written, since it would be wrong: {trouble}") from None


def _tell(inventory: Path, found: Decisions, number: int) -> None:
    """What rows come to that change no file: what is to do, what is left, what is wrong."""
    if found.todo:
        count = "1 thing" if len(found.todo) == 1 else f"{len(found.todo)} things"
        lines = [f"{count} to do:", *(f"  {words}" for words in found.todo), ""]
        printed(lambda out: out.writelines(f"{line}\n" for line in lines))
    for words in found.notes:
        click.echo(f"trackerlint: {inventory}: {words}", err=True)
    for words in found.wrong:
        click.echo(f"trackerlint: {inventory}: {words}", err=True)
    if number and not found.known:
        click.echo(
            f"trackerlint: {inventory}: none of its rows is about something that was found; give "
            "the paths and options of the scan that wrote it",
            err=True,
        )
    elif gone := number - found.known:
        were = "1 row is" if gone == 1 else f"{gone} rows are"
        click.echo(
            f"trackerlint: {inventory}: {were} about something that is no longer there", err=True
        )
    if found.wrong:
        count = "1 row is" if len(found.wrong) == 1 else f"{len(found.wrong)} things are"
        click.echo(f"{count} wrong, so nothing was written", err=True)


def _last(file: Path, added: int, changed: int, writes: bool) -> str:
    if not added and not changed:
        return f"{_near(file)}: nothing changes"
    words = " and ".join(
        f"{number} {'entry' if number == 1 else 'entries'} {verb}"
        for number, verb in ((added, "added"), (changed, "changed"))
        if number
    )
    return f"{_near(file)}: {words}" if writes else f"{_near(file)}: {words} by --write"


def _below(file: Path, folder: Path) -> str:
    """The file as a patch names it."""
    whole = file.resolve()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else file.name


def _put(text: str, out: TextIO) -> None:
    out.write(text)


def _near(file: Path) -> str:
    near = os.path.relpath(file)
    return str(file) if near.startswith("..") else near
