"""What every command that scans has: its options, the scan itself, and how it ends."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from analyzer.commands._saying import CLEAN, FOUND, NOTHING, progress
from analyzer.model import SEVERITY_ORDER, Report, Severity, State

SELDOM = (100_000, 20, 100)  # a scan makes trees, not cycles: looking for those took its third


def scanning(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command that scans has."""
    for option in reversed(
        (
            click.option(
                "--gtm",
                "containers",
                multiple=True,
                metavar="EXPORT",
                type=click.Path(path_type=Path),
                help="A Google Tag Manager export that lies outside the scanned paths. "
                "May be repeated.",
            ),
            click.option(
                "--paths",
                "addresses",
                multiple=True,
                metavar="LIST",
                type=click.Path(path_type=Path),
                help="A text file with one address a line, or a sitemap: pages whose source is not "
                "here, and which load the containers. May be repeated.",
            ),
            click.option(
                "--exclude",
                multiple=True,
                metavar="PATTERN",
                help="Leave out files and folders that match.",
            ),
            click.option(
                "--include",
                multiple=True,
                metavar="PATTERN",
                help="Read what is left out by default: dependencies, build output, tests.",
            ),
            click.option(
                "--config",
                metavar="FILE",
                type=click.Path(path_type=Path),
                help="The configuration to use instead of those that are found.",
            ),
            click.option(
                "--no-config", is_flag=True, help="Use no configuration, whatever is found."
            ),
            click.option(
                "--no-cache",
                is_flag=True,
                help="Read every file anew, also those that did not change.",
            ),
        )
    ):
        command = option(command)
    return command


def scanned(
    paths: tuple[Path, ...], chosen: dict[str, Any], *, quiet: bool = False, **more: Any
) -> Report:
    """The report of a scan with the options that every such command has, and `more` of its own."""
    gc.set_threshold(*SELDOM)
    from analyzer import pipeline, ready
    from analyzer.policy.config import Wanted

    options = pipeline.Options(
        exclude=chosen["exclude"],
        include=chosen["include"],
        containers=chosen["containers"],
        addresses=chosen["addresses"],
        config=Wanted(chosen["config"], chosen["no_config"], chosen.get("as_of")),
        cache=not chosen["no_cache"],
        **more,
    )
    with progress(quiet) as told:
        known = ready.loaded(cached=options.cache)
        return pipeline.scan(paths, known, options, progress=told)


def exit_code(report: Report, fail_on: Severity, fail_on_skipped: bool, exit_zero: bool) -> int:
    if report.coverage.read == 0:
        click.echo(
            "trackerlint: nothing was read; give a folder with pages, scripts or container exports",
            err=True,
        )
        return NOTHING
    limit = SEVERITY_ORDER.index(fail_on)
    found = any(
        finding.is_open
        and finding.state is not State.KNOWN
        and SEVERITY_ORDER.index(finding.severity) <= limit
        for finding in report.findings
    )
    gaps = any(skip.kind != "left-out" for skip in report.coverage.skips)
    if exit_zero:
        return CLEAN
    return FOUND if found or (fail_on_skipped and gaps) else CLEAN
