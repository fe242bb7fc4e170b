"""`trackerlint pages`: the pages of a site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from analyzer.commands._saying import sentences
from analyzer.commands._scanning import exit_code, scanned, scanning
from analyzer.model import Severity, UserError


@click.command(name="pages")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--matching", "words", default="", metavar="WORDS", help="Only pages with WORDS.")
@click.option(
    "--class",
    "page_class",
    default="",
    metavar="CLASS",
    help="Only pages of this class, such as scheduling (trackerlint list pages shows them).",
)
@click.option("--tracked", is_flag=True, help="Only pages on which a tracker runs.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
    help="How the list is written.",
)
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
    from analyzer import atlas, signatures

    with sentences():
        known = [each.id for each in signatures.load().pages]
        if page_class and page_class not in known:
            raise UserError(
                f"there is no page class {page_class!r}; use one of {', '.join(sorted(known))}"
            )
        report = scanned(paths, chosen, every_page=True)
        click.echo(
            atlas.pages_told(report, atlas.Wanted(words, page_class, tracked), form), nl=False
        )
    sys.exit(exit_code(report, Severity.ERROR, False, True))
