"""What commands say to people: sentences for trouble, text for pipes, and how far a scan is."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO

import click

from analyzer.model import UserError

CLEAN, FOUND, FAILED, NOTHING = 0, 1, 2, 3
PROGRESS_AFTER = 1.0  # seconds before a terminal is told how far a scan is


@contextmanager
def sentences() -> Iterator[None]:
    """The user's own trouble ends in one sentence and exit code 2."""
    try:
        yield
    except UserError as trouble:
        click.echo(f"trackerlint: {trouble}", err=True)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        click.echo("trackerlint: stopped; nothing was written", err=True)
        sys.exit(FAILED)


def printed(write: Callable[[TextIO], None]) -> None:
    """Write to the terminal or the pipe; a reader that goes away early ends it quietly."""
    out = io.TextIOWrapper(
        sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n", write_through=False
    )
    try:
        write(out)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        out.detach()


def printed_bytes(write: Callable[[BinaryIO], None]) -> None:
    """Write bytes to the pipe; a reader that goes away early ends it quietly."""
    try:
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def progress(quiet: bool) -> Iterator[Any]:
    """A bar on a terminal for a scan that takes longer than a second, silence anywhere else."""
    from analyzer.pipeline import Progress

    if quiet or not sys.stderr.isatty():
        yield Progress()
        return
    bar = _Bar()
    try:
        yield Progress(bar.start, bar.advance, bar.say)
    finally:
        bar.stop()


class _Bar:
    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.total = self.done = 0
        self.words = "reading files"
        self.shown: Any = None
        self.task: Any = None

    def start(self, total: int) -> None:
        self.total = total

    def advance(self, done: int) -> None:
        self.done += done
        self._draw()

    def say(self, words: str) -> None:
        self.words = words
        self._draw()

    def _draw(self) -> None:
        if self.shown is None:
            if time.monotonic() - self.begun < PROGRESS_AFTER:
                return
            from rich.console import Console
            from rich.progress import Progress

            self.shown = Progress(console=Console(stderr=True), transient=True)
            self.task = self.shown.add_task(self.words, total=self.total)
            self.shown.start()
        self.shown.update(self.task, completed=self.done, total=self.total, description=self.words)

    def stop(self) -> None:
        if self.shown is not None:
            self.shown.stop()
