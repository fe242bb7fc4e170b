"""`trackerlint why`: the way from a page to its trackers."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from analyzer.commands._saying import printed, sentences
from analyzer.commands._scanning import scanned, scanning


@click.command(name="why")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.argument("page")
@scanning
def command(paths: tuple[Path, ...], page: str, **chosen: Any) -> None:
    """Draw the way from one page to each of its trackers as a tree.

    PAGE is the path of a page, the end of its path, or its address.
    """
    from analyzer import atlas

    with sentences():
        report = scanned(paths, chosen, every_page=True)
        found = atlas.page_named(report.site, page)
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        printed(lambda out: atlas.draw(report, found, out, colour=colour))
