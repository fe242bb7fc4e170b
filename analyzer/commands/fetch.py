"""`trackerlint fetch`: a container's file from where it is published or kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from analyzer.commands._saying import CLEAN, sentences
from analyzer.commands._writing import write_bytes
from analyzer.model import UserError


@click.command(name="fetch")
@click.argument("container_id", required=False, default="", metavar="[GTM-XXXX]")
@click.option("--account", default="", metavar="NUMBER", help="Of the live version: the account.")
@click.option(
    "--container", default="", metavar="NUMBER", help="Of the live version: the container."
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where the file goes (default: the id with .js, or container-NUMBER.json).",
)
@click.option("--url", default="", metavar="URL", help="Another address to ask, such as a mirror.")
@click.option(
    "--timeout",
    "patience",
    default=30.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="Seconds to wait for the answer.",
)
@click.option("--dry-run", is_flag=True, help="Say which host would be asked for what.")
def command(
    container_id: str,
    account: str,
    container: str,
    output: Path | None,
    url: str,
    patience: float,
    dry_run: bool,
) -> None:
    """Fetch a container's file, to scan it afterwards.

    `trackerlint fetch GTM-XXXX` gets the published file that every visitor gets, from
    www.googletagmanager.com. With --account and --container it is the live version as Tag Manager
    keeps it, with names and folders, from tagmanager.googleapis.com; the token is read from
    GTM_ACCESS_TOKEN. No other host is asked, and a scan never asks any.
    """
    from analyzer import fetching
    from analyzer.web import host_of

    with sentences():
        if bool(container_id) == bool(account or container):
            raise UserError(
                "give the id of a container, as in trackerlint fetch GTM-ABC1234, or --account and "
                "--container for its live version"
            )
        if container_id:
            plan = fetching.public(container_id, url)
            path = output or Path(f"{plan.name}.js")
        else:
            plan = fetching.live(account, container, url)
            path = output or Path(f"container-{container}.json")
        if dry_run:
            click.echo(f"would ask {host_of(plan.url)} for {plan.service}; nothing was asked")
            click.echo(f"  address: {plan.url}{plan.path}")
            click.echo(f"  token from: {plan.token or 'none is needed'}")
            click.echo(f"  file: {path}")
            sys.exit(CLEAN)
        data = fetching.fetched(plan, os.environ, patience)
        write_bytes(path, lambda out: out.write(data))
        click.echo(f"{path}: {len(data):,} bytes; trackerlint gtm {path} tells what it does")
