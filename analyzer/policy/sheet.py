"""One configuration file: its text, its values, and where each of them stands."""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from analyzer.model import Home, Place, Source, UserError
from analyzer.policy.messages import syntax_told
from analyzer.policy.positions import At, positions
from analyzer.policy.scope import OWN_NAME, SHARED_NAME, shown

TABLE = ("tool", "trackerlint")  # where the configuration stands in the shared file


class Sheet:
    """The configuration in one file; reports call the file `path`, errors `shown`."""

    def __init__(self, file: Path, path: str, home: Home, text: str, table: At) -> None:
        self.file = file
        self.path = path
        self.home = home
        self.text = text
        self.table = table
        self.shown = shown(file)
        self.values: dict[str, Any] = {}

    @staticmethod
    def read(
        file: Path, path: str, home: Home, *, named: bool = False, text: str | None = None
    ) -> Sheet | None:
        """The configuration of a file, or of the `text` that is to be written into it; None for a
        pyproject.toml without a table of ours, which is a mistake where the user `named` it. Raises
        UserError for a file that cannot be read.
        """
        shared = file.name == SHARED_NAME
        data = _bytes(file) if text is None else text.encode()
        if shared and not named and b"trackerlint" not in data:
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as trouble:
            line = data.count(b"\n", 0, trouble.start) + 1
            raise UserError(
                f"{shown(file)}:{line}: this is not UTF-8; save the file as UTF-8"
            ) from None
        sheet = Sheet(file, path, home, text, TABLE if shared else ())
        try:
            values = tomllib.loads(text)
        except ValueError as trouble:  # a number that is too long is no TOMLDecodeError
            if shared and not named and "[tool.trackerlint" not in text:
                return None
            line, words = syntax_told(text, str(trouble))
            raise sheet.error(line, words) from None
        except RecursionError:
            raise sheet.error(
                1, "brackets stand too deep in each other; write it flatter"
            ) from None
        if shared:
            tools = values.get("tool")
            found = tools.get("trackerlint") if isinstance(tools, dict) else None
            if found is None and isinstance(values.get("trackerlint"), dict):
                raise UserError(
                    f"{sheet.shown}: [trackerlint] is not read; write [tool.trackerlint]"
                )
            if found is None and named:
                raise sheet.error(
                    1, "there is no [tool.trackerlint] table; write one, or name a trackerlint.toml"
                )
            if found is None:
                return None
            if not isinstance(found, dict):
                raise sheet.wrong(
                    (), '"tool.trackerlint" must be a table; write [tool.trackerlint]'
                )
            values = found
        sheet.values = values
        return sheet

    @cached_property
    def _positions(self) -> dict[At, int]:
        return positions(self.text)

    def line(self, at: At) -> int:
        """The line of a value, or of the nearest thing around it."""
        return self.text.count("\n", 0, self._offset(at)) + 1

    def place(self, at: At) -> Place:
        """The line of a value as a place."""
        start = self._offset(at)
        end = self.text.find("\n", start)
        line = self.text[start : end if end >= 0 else len(self.text)].rstrip()
        before = len(self.text[:start].encode())
        source = Source(self.path, self.text.encode())
        return source.place(before, before + len(line.encode()))

    def wrong(self, at: At, words: str) -> UserError:
        return self.error(self.line(at), words)

    def error(self, line: int, words: str) -> UserError:
        return UserError(f"{self.shown}:{line}: {words}")

    def header(self, name: str, *, many: bool = True) -> str:
        """How a table of the configuration begins in this file."""
        full = ".".join((*map(str, self.table), name))
        return f"[[{full}]]" if many else f"[{full}]"

    def _offset(self, at: At) -> int:
        full = (*self.table, *at)
        while full and full not in self._positions:
            full = full[:-1]
        return self._positions.get(full, 0)


def _bytes(file: Path) -> bytes:
    if file.is_dir():
        raise UserError(
            f"{shown(file)} is a folder, and a configuration is a file; "
            + ("call the folder something else" if file.name == OWN_NAME else f"name {OWN_NAME}")
        )
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise UserError(
            f"{shown(file)} does not exist; check --config, or let trackerlint init write one"
        ) from None
    except OSError as trouble:
        raise UserError(
            f"{shown(file)} cannot be read ({trouble.strerror or trouble}); check the file"
        ) from None
