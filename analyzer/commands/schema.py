"""`trackerlint schema`: the JSON schema of a configuration file."""

from __future__ import annotations

import click

from analyzer.commands._saying import sentences


@click.command(name="schema")
def command() -> None:
    """Print the JSON schema of trackerlint.toml, which editors complete and check from."""
    from analyzer.policy.schema import json_schema_text

    with sentences():
        click.echo(json_schema_text(), nl=False)
