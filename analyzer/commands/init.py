"""`trackerlint init`: a first configuration from what a scan sees."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from analyzer.commands._saying import CLEAN, sentences
from analyzer.commands._scanning import exit_code, scanned
from analyzer.commands._writing import write_whole
from analyzer.model import Severity, UserError

OWN_NAME, SHARED_NAME = "trackerlint.toml", "pyproject.toml"


@click.command(name="init")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--gtm",
    "containers",
    multiple=True,
    metavar="EXPORT",
    type=click.Path(path_type=Path),
    help="A Google Tag Manager export that lies outside the scanned paths. May be repeated.",
)
@click.option(
    "--exclude", multiple=True, metavar="PATTERN", help="Leave out files and folders that match."
)
@click.option(
    "--include",
    multiple=True,
    metavar="PATTERN",
    help="Read what is left out by default: dependencies, build output, tests.",
)
@click.option("--force", is_flag=True, help="Write over a configuration that is there already.")
def command(
    paths: tuple[Path, ...],
    containers: tuple[Path, ...],
    exclude: tuple[str, ...],
    include: tuple[str, ...],
    force: bool,
) -> None:
    """Scan PATHS (by default this folder) and write a trackerlint.toml with comments, made from
    what the scan saw. Nothing in it counts until you take a comment sign away.
    """
    from analyzer import files

    with sentences():
        paths = paths or (Path("."),)
        folder = files.root_of(paths)
        file = folder / OWN_NAME
        if not force:
            _refuse_to_overwrite(file)
        chosen = {
            "containers": containers,
            "addresses": (),
            "exclude": exclude,
            "include": include,
            "config": None,
            "no_config": True,
            "no_cache": False,
        }
        report = scanned(paths, chosen, every_page=True)
        code = exit_code(report, Severity.ERROR, fail_on_skipped=False, exit_zero=True)
        if code == CLEAN:
            from analyzer.policy.draft import draft

            root = files.root_of([*paths, *containers])
            named = {str(each.resolve()) for each in containers}
            exports = [
                (each.container.container_id, os.path.relpath(disk, folder).replace(os.sep, "/"))
                for each in report.site.containers
                if (disk := str(root / each.container.place.path)) in named
            ]
            made = draft(report.site, exports)
            write_whole(file, lambda out: print(made.text, end="", file=out))
            click.echo(f"{_near(file)} is written; nothing in it counts until you say so. Next:")
            for sentence in made.next:
                click.echo(f"  {sentence}")
            click.echo(f"  Then run trackerlint scan {' '.join(map(str, paths))}")
    sys.exit(code)


def _refuse_to_overwrite(file: Path) -> None:
    if os.path.lexists(file):
        raise UserError(
            f"{_near(file)} is there already; edit it, or give --force to write it anew"
        )
    shared = file.with_name(SHARED_NAME)
    if shared.is_file() and b"[tool.trackerlint" in shared.read_bytes():
        raise UserError(
            f"{_near(shared)} has a [tool.trackerlint] table already, which {OWN_NAME} would stand "
            "above; edit it, or give --force to write the file all the same"
        )


def _near(file: Path) -> str:
    near = os.path.relpath(file)
    return str(file) if near.startswith("..") else near
