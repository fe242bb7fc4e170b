"""`trackerlint upload`: a SARIF file to a service that keeps findings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from analyzer.commands._saying import sentences
from analyzer.plugins import names, one


@click.command(name="upload")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "service",
    required=True,
    type=click.Choice(names("upload")),
    help="The service.",
)
@click.option(
    "--url",
    default="",
    metavar="URL",
    help="The service's address: of GitHub's API (also GITHUB_API_URL), of DefectDojo (also "
    "DEFECTDOJO_URL).",
)
@click.option(
    "--repository",
    default="",
    metavar="OWNER/NAME",
    help="GitHub: the repository (also GITHUB_REPOSITORY, or the remote of the work tree).",
)
@click.option("--commit", default="", metavar="HASH", help="The commit that was scanned.")
@click.option(
    "--ref",
    default="",
    metavar="REF",
    help="The branch or pull request that was scanned, as in refs/heads/main.",
)
@click.option(
    "--product", default="", metavar="NAME", help="DefectDojo: the product of the findings."
)
@click.option(
    "--product-type",
    default="",
    metavar="NAME",
    help="DefectDojo: make what is missing, under this product type.",
)
@click.option(
    "--engagement", default="", metavar="NAME", help="DefectDojo: an engagement, or its number."
)
@click.option("--test", default="", metavar="NUMBER", help="DefectDojo: the earlier import.")
@click.option(
    "--reimport",
    "again",
    is_flag=True,
    help="DefectDojo: bring an earlier import up to date instead of adding another one.",
)
@click.option("--wait", is_flag=True, help="GitHub: wait until the file is processed.")
@click.option(
    "--timeout",
    "patience",
    default=120.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="Seconds to wait for one answer.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent where, and send nothing.")
def command(file: Path, service: str, dry_run: bool, **chosen: Any) -> None:
    """Send a SARIF file to GitHub code scanning or to DefectDojo.

    The token is read from GITHUB_TOKEN or DEFECTDOJO_TOKEN. Nothing but this command and fetch
    ever uses the network, and only the one host that --dry-run names is contacted.
    """
    from analyzer import checkout
    from analyzer.upload._log import read
    from analyzer.upload._plan import Wanted
    from analyzer.web import host_of

    with sentences():
        to = one("upload", service)
        wanted = Wanted(environment=os.environ, checkout=checkout.of(Path()), **chosen)
        plan = to.plan(read(file), wanted)
        if dry_run:
            click.echo(f"would send {file} to {plan.service}; nothing was sent")
            facts = {"host": host_of(plan.url), "request": f"{plan.method} {plan.url}{plan.path}"}
            for name, value in {**facts, "token from": plan.token, **plan.told}.items():
                click.echo(f"  {name}: {value}")
            return
        to.send(plan, wanted, click.echo)
