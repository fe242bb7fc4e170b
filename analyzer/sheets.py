"""One TOML file of the signatures, which knows where its keys stand and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.model import UserError


@dataclass(frozen=True, slots=True)
class Sheet:
    """One TOML file, which knows where its keys stand."""

    path: Path
    text: str
    values: Mapping[str, Any]

    @staticmethod
    def read(path: Path, keys: tuple[str, ...]) -> Sheet:
        import tomllib  # here: most starts have what the sheets say

        shown = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
        try:
            text = path.read_text("utf-8")
            values = tomllib.loads(text)
        except (OSError, UnicodeDecodeError) as trouble:
            raise UserError(f"{shown}: cannot be read ({trouble}); check the file") from None
        except ValueError as trouble:  # a number that is too long is no TOMLDecodeError
            raise UserError(f"{shown}: {trouble}; mend the TOML") from None
        sheet = Sheet(path, text, values)
        for key in values:
            if keys and key not in keys:
                raise sheet.error(key, f'"{key}" is not known here; use {one_of(keys)}')
        return sheet

    def error(self, key: str, message: str) -> UserError:
        found = re.search(
            rf'^[ \t]*(?:\[+{re.escape(key)}\]+|"?{re.escape(key)}"?\s*=)', self.text, re.M
        )
        if found is None and key:
            at = self.text.find(key)
            found_line = self.text.count("\n", 0, at) + 1 if at >= 0 else 1
        else:
            found_line = self.text.count("\n", 0, found.start()) + 1 if found else 1
        parent = self.path.parent
        return UserError(
            f"{parent.parent.name}/{parent.name}/{self.path.name}: line {found_line}: {message}"
        )

    def string(self, key: str, needed: bool = True) -> str:
        value = self.values.get(key)
        if value is None and not needed:
            return ""
        if value is None:
            raise self.error(key, f'"{key}" is missing; write {key} = "..."')
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, f'"{key}" must be a text that is not empty')
        return value

    def table(self, key: str) -> Mapping[str, Any]:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f'"{key}" must be a table; write [{key}]')
        return value

    def strings(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.error(key, f'"{key}" must be a list of texts')
        return tuple(value)


def one_of(words: tuple[str, ...]) -> str:
    return ", ".join(str(word) for word in words[:-1]) + " or " + str(words[-1])
