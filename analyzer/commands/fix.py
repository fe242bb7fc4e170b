"""`trackerlint fix`: the edits that would settle findings, shown or written."""

from __future__ import annotations

import os
import stat
import sys
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from analyzer.commands._saying import CLEAN, printed, sentences
from analyzer.commands._scanning import exit_code, scanned, scanning
from analyzer.commands._writing import write_whole
from analyzer.model import Severity, UserError


@click.command(name="fix")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    help="Only findings of these rules (name, code, or beginning of a code).",
)
@click.option("--diff", "as_diff", is_flag=True, help="Show the edits as a patch (the default).")
@click.option("--write", "writes", is_flag=True, help="Put the edits into the files.")
@scanning
def command(
    paths: tuple[Path, ...], select: tuple[str, ...], as_diff: bool, writes: bool, **chosen: Any
) -> None:
    """Show the safe edits that would settle findings, as a patch.

    Nothing is written without --write. Read the patch: what a page needs, only you know. For a
    container's export, trackerlint gtm amend writes one that is ready for import.
    """
    from analyzer import edits, files

    with sentences():
        if as_diff and writes:
            raise UserError("--diff shows the edits and --write makes them; give one of the two")
        report = scanned(paths, chosen, select=select)
        root = files.root_of([*paths, *chosen["containers"]])
        fixable = [finding for finding in report.findings if finding.is_open and finding.fixes]
        names = {each.path for finding in fixable for fix in finding.fixes for each in fix.edits}
        texts = {name: _text(root / name) for name in sorted(names)}
        found = edits.applied(fixable, texts)
        if writes:
            for path, text in found.texts.items():
                _change(root / path, text)
        else:
            patch = "".join(
                edits.difference(_near(root / path, path), texts[path], text)
                for path, text in sorted(found.texts.items())
            )
            printed(partial(_put, patch))
        code = exit_code(report, Severity.ERROR, False, True)
        if code == CLEAN:
            _tell(found, writes)
    sys.exit(code)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} changed while it was read; run trackerlint fix again") from None


def _change(path: Path, text: str) -> None:
    """Write the file anew with the permissions that it has."""
    if not os.access(path, os.W_OK):
        raise UserError(
            f"{path} cannot be written; make it writable, and run trackerlint fix --write again"
        )
    mode = stat.S_IMODE(path.stat().st_mode)
    write_whole(path, partial(_put, text))
    path.chmod(mode)


def _near(file: Path, name: str) -> str:
    """The file as a patch names it, from the folder where the command runs if it lies below."""
    try:
        near = os.path.relpath(file).replace(os.sep, "/")
    except ValueError:  # another drive
        return name
    return name if near.startswith("../") else near


def _put(text: str, out: TextIO) -> None:
    out.write(text)


def _tell(found: Any, writes: bool) -> None:
    """What was done, beside the patch and not in it."""
    for finding, fix in found.done:
        click.echo(f"{finding.place}: {fix.title} [{finding.rule}]", err=True)
    for finding, fix in found.left:
        click.echo(
            f"{finding.place}: left for another run, since an edit touches the same text: "
            f"{fix.title}",
            err=True,
        )
    number = len(found.done)
    if not number:
        click.echo("trackerlint: no finding has an edit that is safe to make", err=True)
    else:
        edits = "1 edit" if number == 1 else f"{number} edits"
        were = "made" if writes else "to make; --write makes them"
        click.echo(f"{edits} {were}", err=True)
