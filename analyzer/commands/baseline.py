"""`trackerlint baseline`: write down what is known, so that only what is new counts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.commands._saying import NOTHING, printed, sentences
from analyzer.commands._scanning import exit_code, scanned, scanning
from analyzer.commands._writing import write_whole
from analyzer.model import Severity, UserError

if TYPE_CHECKING:
    from analyzer.policy.baseline import Baseline
    from analyzer.policy.tags import Record

USUAL = "trackerlint-baseline.json"
SHOWN = 20  # records that came, and as many that went


@click.command(name="baseline")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "name",
    metavar="FILE",
    default=USUAL,
    show_default=True,
    type=click.Path(path_type=Path),
    help="The file to write.",
)
@click.option(
    "--no-inline-suppressions",
    is_flag=True,
    help="Let no comment of the source accept a finding, only the configuration.",
)
@click.option(
    "--thorough",
    is_flag=True,
    help="Parse every script, also those that hold none of the signatures' words.",
)
@scanning
def command(paths: tuple[Path, ...], name: Path, **chosen: Any) -> None:
    """Write down the findings of today: with --baseline only others count from then on.

    Give the same paths and options as for the scan. Findings that are accepted by a comment or by
    the configuration are not written down.
    """
    with sentences():
        from analyzer.policy import baseline

        before = _before(name)
        report = scanned(
            paths,
            chosen,
            thorough=chosen["thorough"],
            inline_suppressions=not chosen["no_inline_suppressions"],
        )
        code = exit_code(report, Severity.ERROR, False, True)
        if code != NOTHING:
            now = baseline.of(report.findings)
            write_whole(name, lambda out: baseline.write(now, out))
            lines = list(_told(name, now, before))
            printed(lambda out: out.writelines(f"{line}\n" for line in lines))
    sys.exit(code)


def _before(name: Path) -> Baseline | None:
    """The baseline that is there already. Raises UserError where something else is."""
    from analyzer.policy import baseline, reports

    if not name.exists():
        return None
    if name.is_dir():
        raise UserError(f"{name} is a folder; name a file, as in -o {name / USUAL}")
    if not reports.is_baseline(name):
        raise UserError(
            f"{name} is there and is no baseline; choose another name, or remove it first"
        )
    try:
        return baseline.read(name)
    except UserError:  # half a merge, or older: what it held cannot be told
        return None


def _told(name: Path, now: Baseline, before: Baseline | None) -> Iterator[str]:
    from analyzer.policy import baseline

    count = len(now.records)
    yield f"{name}: {count} finding{'' if count == 1 else 's'}"
    if before is not None:
        added, removed = baseline.difference(now, before)
        yield from _listed("+", added)
        yield from _listed("-", removed)
        if not added and not removed:
            yield "nothing changed"
    yield f"commit it, and scan with --baseline {name}: only what is not in it counts"


def _listed(sign: str, records: Sequence[Record]) -> Iterator[str]:
    for each in records[:SHOWN]:
        yield f"{sign} {each.path}: {each.message} [{each.rule or each.code}]"
    if len(records) > SHOWN:
        yield f"{sign} and {len(records) - SHOWN} more"
