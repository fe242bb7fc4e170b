"""`trackerlint gtm`: a container as a marketing analyst reads it, and what changed in one."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from analyzer.commands import _choosing as choosing
from analyzer.commands._saying import CLEAN, FOUND, printed, sentences
from analyzer.commands._scanning import exit_code, scanned, scanning
from analyzer.commands._writing import write_whole
from analyzer.model import Severity, UserError


class Shown(click.Group):
    """A group whose first command needs no name: `gtm FILE` is `gtm show FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks_help = bool(args) and args[0] in ("-h", "--help")
        if args and not asks_help and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(name="gtm", cls=Shown, subcommand_metavar="EXPORT | diff OLD NEW | amend EXPORT")
def command() -> None:
    """Tell a tag manager's container in plain sentences.

    `trackerlint gtm EXPORT` prints its tags by vendor: where and when each fires, what it sends,
    and what is wrong. With the site's folder beside it, or with --paths, it also says on which
    pages. `trackerlint gtm diff OLD NEW` says what changed between two exports, and
    `trackerlint gtm amend EXPORT -o NEW` writes one that is ready for import.
    """


@command.command(name="show")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@choosing.form
@scanning
def show(paths: tuple[Path, ...], form: str, **chosen: Any) -> None:
    """Print the containers among PATHS: an export, or an export and the site's folder."""
    from analyzer import tagbook

    with sentences():
        report = scanned(paths, chosen, every_page=True)
        if form == "text":
            printed(lambda out: tagbook.write(report, out, colour=_colour()))
        else:
            click.echo(tagbook.told(report, form), nl=False)
    sys.exit(exit_code(report, Severity.ERROR, False, True))


@command.command(name="diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--site",
    "sites",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="The source of the site that loads the container: tells which pages a change reaches.",
)
@choosing.form
@scanning
def diff(old: Path, new: Path, sites: tuple[Path, ...], form: str, **chosen: Any) -> None:
    """Say what changed from the export OLD to the export NEW.

    Exit codes: 0 no tracker came to a sensitive page, 1 one did, 2 the job could not be done.
    """
    from analyzer import container_changes, files

    with sentences():
        report = scanned((*sites, old, new), chosen, every_page=True)
        root = files.root_of([*sites, old, new, *chosen["containers"]])
        names = [path.resolve().relative_to(root).as_posix() for path in (old, new)]
        if names[0] == names[1]:
            raise UserError(f"{old} and {new} are one file; give two exports")
        found = container_changes.between(report, *names)
        if form == "text":
            printed(lambda out: container_changes.write(found, out, colour=_colour()))
        else:
            click.echo(container_changes.told(found, form), nl=False)
    sys.exit(FOUND if found.reaches_sensitive_pages else CLEAN)


@command.command(name="amend")
@click.argument("export", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--site",
    "sites",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="The source of the site that loads the container: tells which pages are sensitive.",
)
@click.option(
    "--block-sensitive",
    is_flag=True,
    help="Add a blocking trigger that keeps trackers off the sensitive pages of --site or --paths.",
)
@click.option("--require-consent", is_flag=True, help="Let every tracker's tag wait for consent.")
@click.option("--pause", multiple=True, metavar="TAG", help="Pause this tag. May be repeated.")
@click.option("--only", multiple=True, metavar="TAG", help="Change only these tags.")
@scanning
def amend(
    export: Path,
    output: Path,
    sites: tuple[Path, ...],
    block_sensitive: bool,
    require_consent: bool,
    pause: tuple[str, ...],
    only: tuple[str, ...],
    **chosen: Any,
) -> None:
    """Write an export that is ready for import, with less in it that can leak, and list what
    changed.

    EXPORT itself is not touched, and no container is: you import the new file in Tag Manager
    (Admin, Import Container, Merge, Overwrite conflicting) and look at the changes there.
    """
    from analyzer import amending, files

    with sentences():
        wanted = amending.Wanted(block_sensitive, require_consent, pause, only)
        if wanted in (amending.Wanted(), amending.Wanted(only=only)):
            raise UserError(
                "nothing is asked for; add --block-sensitive, --require-consent or --pause TAG"
            )
        if export.is_dir():
            raise UserError(f"{export} is a folder; name the exported file")
        if output.resolve() == export.resolve():
            raise UserError("-o names the export itself, which stays as it is; name another file")
        report = scanned((*sites, export), chosen, every_page=True)
        root = files.root_of([*sites, export, *chosen["containers"]])
        path = export.resolve().relative_to(root).as_posix()
        text = export.read_bytes().decode("utf-8-sig", "replace")
        found = amending.amended(text, path, report, wanted)
        for words in found.changes:
            click.echo(words)
        for words in found.left:
            click.echo(f"trackerlint: {words}", err=True)
        if not found.changes:
            raise UserError(f"{output} was not written: there is nothing to change")
        write_whole(output, partial(_put, found.text))
        number = len(found.changes)
        changes = "1 change" if number == 1 else f"{number} changes"
        click.echo(f"{output} has {changes}; import it in Tag Manager")
    sys.exit(CLEAN)


def _put(text: str, out: TextIO) -> None:
    out.write(text)


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
