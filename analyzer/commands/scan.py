"""`trackerlint scan`: the whole job."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from analyzer.commands._asked import refuse_pointless, refuse_twice
from analyzer.commands._recording import recorded
from analyzer.commands._saying import FAILED, sentences
from analyzer.commands._scanning import exit_code, scanned, scanning
from analyzer.commands._writing import output_of, shown, write
from analyzer.model import SEVERITY_ORDER, Severity, Telling, UserError


def _history_file(_: click.Context, __: click.Parameter, name: str | None) -> Path | None:
    """The file that --record names; an empty path for the usual one."""
    if not name:
        return None if name is None else Path()
    from analyzer.history.store import check_name

    with sentences():
        check_name(Path(name))
    return Path(name)


@click.command(name="scan")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write to FILE; its suffix chooses the format, or a name before it does, as in "
    "junit=report.xml. A dash is the terminal. May be repeated; trackerlint list outputs shows "
    "the formats.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    help="Run only these rules (name, code, or beginning of a code).",
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave these rules out.")
@scanning
@click.option(
    "--no-inline-suppressions",
    is_flag=True,
    help="Let no comment of the source accept a finding, only the configuration.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="An earlier report (.sarif, .json) or what trackerlint baseline wrote: findings that it "
    "holds do not count.",
)
@click.option(
    "--diff",
    "base",
    metavar="BASE",
    help="Only what changed since this git commit or branch counts, pages that inherit a tracker "
    "included.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _, __, day: day and day.date(),
    help="Judge as on this day: which agreements and exceptions will have ended by then?",
)
@click.option(
    "--tracked-only", is_flag=True, help="Read only files that git tracks, as a commit hook does."
)
@click.option(
    "--record",
    "record",
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[FILE]",
    callback=_history_file,
    help="Keep this run, and say what is new and gone since the last one. FILE ends with .sqlite; "
    "without it the run is kept in your own data folder. Write it behind PATHS.",
)
@click.option(
    "--since",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --record: compare with the last run on or before this day (UTC).",
)
@click.option("--new-only", is_flag=True, help="Write only what is new into the outputs as well.")
@click.option(
    "--sarif-suppressed",
    is_flag=True,
    help="Write accepted findings into SARIF too, marked as suppressed.",
)
@click.option("--sarif-baseline-state", is_flag=True, help="Say in SARIF which results are new.")
@click.option(
    "--fail-on",
    type=click.Choice([each.value for each in SEVERITY_ORDER]),
    default="note",
    show_default=True,
    help="Exit with 1 when there is a finding of this severity or worse.",
)
@click.option(
    "--fail-on-skipped",
    is_flag=True,
    help="Exit with 1 when a file could not be read, or not in full.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option(
    "--thorough",
    is_flag=True,
    help="Parse every script, also those that hold none of the signatures' words.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option(
    "--no-color",
    "--no-colour",
    "no_colour",
    is_flag=True,
    help="Print without colours (also: NO_COLOR).",
)
def command(
    paths: tuple[Path, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    fail_on_skipped: bool,
    exit_zero: bool,
    quiet: bool,
    no_colour: bool,
    record: Path | None,
    since: datetime | None,
    **chosen: Any,
) -> None:
    """Scan files and folders for trackers.

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the job could not be done, 3 nothing
    to read.
    """
    with sentences():
        refuse_pointless(chosen, kept=record is not None)
        if since is not None and record is None:
            raise UserError("--since compares with runs that were kept; give --record as well")
        writers = [output_of(name) for name in outputs]
        refuse_twice(writers)
        report = scanned(
            paths,
            chosen,
            quiet=quiet,
            select=chosen["select"],
            ignore=chosen["ignore"],
            thorough=chosen["thorough"],
            inline_suppressions=not chosen["no_inline_suppressions"],
            baseline=chosen["baseline"],
            base=chosen["base"] or "",
            tracked_only=chosen["tracked_only"],
            telling=Telling(
                new_only=chosen["new_only"],
                suppressed=chosen["sarif_suppressed"],
                baseline_state=chosen["sarif_baseline_state"],
            ),
        )
        trouble = ""
        if record is not None and report.coverage.read:
            report, trouble = recorded(report, record, since, paths, chosen)
        for writer in writers:
            write(writer, report)
        if not quiet and not any(writer.to_terminal for writer in writers):
            shown(report, no_colour)
    if trouble:
        click.echo(f"trackerlint: the run was not kept: {trouble}", err=True)
        sys.exit(FAILED)
    sys.exit(exit_code(report, Severity(fail_on), fail_on_skipped, exit_zero))
