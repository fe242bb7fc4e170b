"""`trackerlint pages`: the pages of a site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from analyzer.commands import _choosing as choosing
from analyzer.commands._saying import sentences
from analyzer.commands._scanning import exit_code, scanned, scanning
from analyzer.model import Severity


@click.command(name="pages")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--matching", "words", default="", metavar="WORDS", help="Only pages with WORDS.")
@choosing.page_class
@click.option("--tracked", is_flag=True, help="Only pages on which a tracker runs.")
@choosing.form
@scanning
def command(
    paths: tuple[Path, ...],
    words: str,
    page_class: str,
    tracked: bool,
    form: str,
    **chosen: Any,
) -> None:
    """List the pages of a site with their addresses, classes, layouts and trackers."""
    from analyzer import atlas

    with sentences():
        choosing.check_class(page_class)
        report = scanned(paths, chosen, every_page=True)
        click.echo(
            atlas.pages_told(report, atlas.Wanted(words, page_class, tracked), form), nl=False
        )
    sys.exit(exit_code(report, Severity.ERROR, False, True))
