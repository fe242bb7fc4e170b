"""`trackerlint list`: what trackerlint knows."""

from __future__ import annotations

import click

from analyzer.commands._saying import sentences


@click.command(name="list")
@click.argument(
    "what", type=click.Choice(["rules", "vendors", "pages", "engines", "frameworks", "outputs"])
)
@click.argument("words", required=False, default="")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
    help="How the list is written.",
)
def command(what: str, words: str, form: str) -> None:
    """List what trackerlint knows: rules, vendors, page classes, engines, frameworks or outputs.

    With WORDS only the entries that hold them are listed.
    """
    from analyzer import catalogue

    with sentences():
        click.echo(catalogue.listed(what, words, form), nl=False)
