"""`trackerlint explain`: one rule, vendor or page class in full."""

from __future__ import annotations

import click

from analyzer.commands._saying import sentences


@click.command(name="explain")
@click.argument("name")
def command(name: str) -> None:
    """Explain a rule, a vendor or a page class."""
    from analyzer import catalogue

    with sentences():
        click.echo(catalogue.explained(name), nl=False)
