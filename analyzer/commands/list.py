"""`trackerlint list`: what trackerlint knows."""

from __future__ import annotations

import click

from analyzer.commands import _choosing as choosing
from analyzer.commands._saying import sentences


@click.command(name="list")
@click.argument(
    "what", type=click.Choice(["rules", "vendors", "pages", "engines", "frameworks", "outputs"])
)
@click.argument("words", required=False, default="")
@choosing.form
def command(what: str, words: str, form: str) -> None:
    """List what trackerlint knows: rules, vendors, page classes, engines, frameworks or outputs.

    With WORDS only the entries that hold them are listed.
    """
    from analyzer import catalogue

    with sentences():
        click.echo(catalogue.listed(what, words, form), nl=False)
