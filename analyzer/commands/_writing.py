"""Reports as files: whole or not at all."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, TextIO

from analyzer.commands._saying import printed, printed_bytes
from analyzer.model import Report, UserError
from analyzer.plugins import modules, title_of

TERMINAL = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """A report to write: the module that writes it, and the file, `-` for the terminal."""

    module: ModuleType
    name: str

    @property
    def to_terminal(self) -> bool:
        return self.name == TERMINAL

    @property
    def is_binary(self) -> bool:
        """Does its module write bytes instead of text?"""
        return bool(getattr(self.module, "BINARY", False))


def output_of(wanted: str) -> Output:
    """What `-o` names: a file whose suffix chooses the format, or `format=file`. Raises UserError
    for a format that does not exist and for a place where nothing can be written.
    """
    known = {title_of(module): module for module in modules("outputs")}
    form, _, rest = wanted.partition("=")
    if rest and form in known:
        return _at(known[form], rest)
    suffixes = {str(module.SUFFIX): module for module in modules("outputs")}
    for suffix in sorted(suffixes, key=len, reverse=True):
        if wanted.endswith(suffix):
            return _at(suffixes[suffix], wanted)
    if wanted in known or wanted == TERMINAL:
        example = wanted if wanted in known else "sarif"
        raise UserError(f"-o {wanted} names no file; write -o {example}=FILE, or {example}=-")
    raise UserError(
        f"{wanted}: no output has this suffix; use one of {', '.join(sorted(suffixes))}, "
        f"or write FORMAT=FILE with one of {', '.join(sorted(known))}"
    )


def _at(module: ModuleType, name: str) -> Output:
    if name != TERMINAL:
        folder = Path(name).absolute().parent
        if not folder.is_dir():
            raise UserError(
                f"{name} cannot be written: the folder {folder} does not exist; make it first"
            )
        if Path(name).is_dir():
            raise UserError(f"{name} cannot be written: it is a folder; name a file")
    output = Output(module, name)
    if output.to_terminal and output.is_binary and sys.stdout.isatty():
        form = title_of(module)
        raise UserError(
            f"-o {form}=- would fill the terminal with signs that nobody can read; name a file, as "
            f"in -o report{module.SUFFIX}, or send it through a pipe"
        )
    return output


def write(output: Output, report: Report) -> None:
    """Write a report to its file or to the terminal."""
    if output.to_terminal and output.is_binary:
        printed_bytes(lambda out: output.module.write(report, out))
    elif output.to_terminal:
        printed(lambda out: output.module.write(report, out))
    elif output.is_binary:
        write_bytes(Path(output.name), lambda out: output.module.write(report, out))
    else:
        write_whole(Path(output.name), lambda out: output.module.write(report, out))


def shown(report: Report, no_colour: bool) -> None:
    """The report for the person at the terminal."""
    from analyzer.outputs import text

    colour = sys.stdout.isatty() and not no_colour and not os.environ.get("NO_COLOR")
    printed(lambda out: text.write(report, out, colour=colour))


def write_whole(path: Path, writing: Callable[[TextIO], None]) -> None:
    """Write beside the file and rename, so that nobody ever reads a half report.

    Raises UserError where it cannot be written.
    """

    def as_text(out: BinaryIO) -> None:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="\n")
        writing(text)
        text.flush()
        text.detach()

    write_bytes(path, as_text)


def write_bytes(path: Path, writing: Callable[[BinaryIO], object]) -> None:
    """Write bytes as `write_whole` writes text. Raises UserError where it cannot be written."""
    import tempfile  # here: a scan at the terminal writes nothing

    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    except OSError as trouble:
        raise UserError(
            f"{path} cannot be written ({trouble.strerror}); choose another place"
        ) from None
    try:
        with os.fdopen(handle, "wb") as out:
            writing(out)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except OSError as trouble:
        raise UserError(
            f"{path} cannot be written ({trouble.strerror}); choose another place"
        ) from None
    finally:
        if os.path.exists(name):
            os.unlink(name)
