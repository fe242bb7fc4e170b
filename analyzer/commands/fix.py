"""`trackerlint fix`: the edits that would settle findings, shown or written."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from analyzer.commands._saying import CLEAN, printed, sentences
from analyzer.commands._scanning import scanned, scanning
from analyzer.commands._writing import write_whole
from analyzer.model import UserError


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
        texts = {name: (root / name).read_bytes().decode("utf-8") for name in sorted(names)}
        found = edits.applied(fixable, texts)
        patch = "".join(
            edits.difference(path, texts[path], text) for path, text in sorted(found.texts.items())
        )
        if writes:
            for path, text in found.texts.items():
                write_whole(root / path, partial(_put, text))
        else:
            printed(partial(_put, patch))
        _tell(found, writes)
    sys.exit(CLEAN)


def _put(text: str, out: TextIO) -> None:
    out.write(text)


def _tell(found: Any, writes: bool) -> None:
    """What was done, beside the patch and not in it."""
    for finding, fix in found.done:
        click.echo(f"{finding.place}: {fix.title} [{finding.rule}]", err=True)
    for finding, fix in found.left:
        click.echo(
            f"{finding.place}: left, since another edit touches the same text: {fix.title}",
            err=True,
        )
    number = len(found.done)
    if not number:
        click.echo("trackerlint: no finding has an edit that is safe to make", err=True)
    else:
        edits = "1 edit" if number == 1 else f"{number} edits"
        were = "made" if writes else "to make; --write makes them"
        click.echo(f"{edits} {were}", err=True)
