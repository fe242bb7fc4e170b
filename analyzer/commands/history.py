"""`trackerlint history`: which trackers ran where on a day, and how the numbers went."""

from __future__ import annotations

import sys
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from analyzer.commands import _choosing as choosing
from analyzer.commands._saying import CLEAN, printed, sentences
from analyzer.model import UserError


@click.command(name="history")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file that scan --record=FILE keeps runs in, instead of the usual one.",
)
@click.option(
    "--on",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that is asked about (UTC); today without it.",
)
@choosing.page_class
@click.option(
    "--vendor",
    default="",
    metavar="VENDOR",
    help="Only this vendor, by its id (trackerlint list vendors shows them).",
)
@click.option("--trend", is_flag=True, help="Print the numbers of every run instead.")
@choosing.form
def command(
    paths: tuple[Path, ...],
    file: Path | None,
    on: datetime | None,
    page_class: str,
    vendor: str,
    trend: bool,
    form: str,
) -> None:
    """Say which trackers ran on a day, from the runs that trackerlint scan --record kept.

    PATHS are those that were scanned (by default this folder). The answer is that of the last run
    on or before the day, and says which one that was.
    """
    from analyzer import files, history

    with sentences():
        if trend and (on or page_class or vendor):
            raise UserError("--trend tells the numbers of whole runs; leave the other choices out")
        choosing.check_class(page_class)
        file = file or history.usual_file(files.root_of(paths or (Path("."),)))
        if trend:
            text = history.trend_told(file, form)
        else:
            asked = history.Asked(_day(on), page_class, vendor)
            text = history.answered(file, asked, form)
        printed(partial(_put, text))
    sys.exit(CLEAN)


def _day(on: datetime | None) -> date:
    from analyzer.history import comparing

    return on.date() if on else comparing.now().date()


def _put(text: str, out: TextIO) -> None:
    out.write(text)
