"""`trackerlint serve`: a local page for people without a terminal."""

from __future__ import annotations

import os
import signal
import sys
import webbrowser

import click

from analyzer.commands._saying import CLEAN, sentences

ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # not every system has all of them
EXPLAINED = "Only this computer can reach it. Press Ctrl-C to end it and remove all files."


@click.command(name="serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    help="The port to listen on; without it any that is free.",
)
@click.option("--no-open", is_flag=True, help="Print the address and open no browser.")
def command(port: int, no_open: bool) -> None:
    """Open a local page: people drop a container export or a zipped site, and get the report.

    The page answers on this computer only, and only to the address that is printed. What is dropped
    stays on this computer and is removed when the page ends.
    """
    with sentences():
        from analyzer.serve.listening import serving

        _ends_by_signals()
        with serving(port) as page:
            try:
                click.echo(f"trackerlint is open at {page.guard.address}")
                click.echo(EXPLAINED)
                if not no_open and _has_screen():
                    webbrowser.open(page.guard.once())
                while page.thread.is_alive():
                    page.thread.join(
                        1.0
                    )  # in pieces: on Windows a wait without end hears no Ctrl-C
            except KeyboardInterrupt:
                _hears_no_signals()
                click.echo("\nending; all uploaded files are being removed")
    sys.exit(CLEAN)


def _ends_by_signals() -> None:
    """A closed terminal and a friendly kill end the page as Ctrl-C does, and its files go."""
    for number in _endings():
        signal.signal(number, signal.default_int_handler)


def _hears_no_signals() -> None:
    """Who presses Ctrl-C twice shall not end the removal of the files half-way."""
    for number in _endings():
        signal.signal(number, signal.SIG_IGN)


def _endings() -> list[signal.Signals]:
    named = (getattr(signal, name, None) for name in ENDINGS)
    return [number for number in named if number is not None]


def _has_screen() -> bool:
    """Is there a browser that is a window, and not one that would take over this terminal?"""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
