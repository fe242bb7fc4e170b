"""The command line: one group; each command is a module that is read when it is asked for."""

from __future__ import annotations

import click

from analyzer import __version__
from analyzer.plugins import names, one


class Commands(click.Group):
    """The commands of the folder: a run pays for its own only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name.replace("_", "-") for name in names("commands")]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = one("commands", name.replace("-", "_")).command
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="trackerlint")
def main() -> None:
    """Find third-party trackers in the source of healthcare websites and in their tag-manager
    exports.
    """
