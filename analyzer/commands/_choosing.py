"""What several commands let people choose: a class of pages, and how an answer is written."""

from __future__ import annotations

from collections.abc import Callable

import click

from analyzer.model import UserError

Command = Callable[..., None]


def page_class(command: Command) -> Command:
    """The option for one class of pages."""
    return click.option(
        "--class",
        "page_class",
        default="",
        metavar="CLASS",
        help="Only pages of this class, such as scheduling (trackerlint list pages shows them).",
    )(command)


def form(command: Command) -> Command:
    """The option for text, or rows in a form for programs."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "csv", "markdown"]),
        default="text",
        show_default=True,
        help="How the answer is written.",
    )(command)


def check_class(name: str) -> None:
    """Raises UserError for a class of pages that does not exist; no name is no question."""
    if not name:
        return
    from analyzer import signatures

    known = sorted(each.id for each in signatures.load().pages)
    if name not in known:
        raise UserError(f"there is no page class {name!r}; use one of {', '.join(known)}")
