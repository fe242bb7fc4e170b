"""Where an expression of a C-like language ends: its strings and its brackets are stepped over."""

from __future__ import annotations

import re

STRING = rb"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`)"""
STEPS = re.compile(
    rb"(?s:\\.)|" + STRING + rb"|(?P<opens>[(\[{])|(?P<closes>[)\]}])|(?P<mark>\+|,)"
)
ONE_STRING = re.compile(STRING, re.S)
PATIENCE = 256 * 1024  # bytes that are looked through in vain in one file
HASTY = 60  # bytes that are looked through once patience is at its end


class Scanner:
    """Finds closing brackets in one file; looking for those that are not there has a limit."""

    def __init__(self, data: bytes, steps: re.Pattern[bytes] = STEPS) -> None:
        self.data = data
        self.steps = steps
        self.patience = PATIENCE

    def closing(self, at: int, end: int) -> int:
        """The offset of the bracket that closes the one before `at`, or -1."""
        if self.patience <= 0:
            end = min(end, at + HASTY)
        depth = 1
        for found in self.steps.finditer(self.data, at, end):
            if found["opens"]:
                depth += 1
            elif found["closes"]:
                depth -= 1
                if depth == 0:
                    return found.start()
        self.patience -= end - at
        return -1

    def pieces(self, start: int, end: int, mark: bytes) -> list[tuple[int, int]]:
        """The stretches between the marks, those inside of brackets left alone."""
        found, begin, depth = [], start, 0
        for step in self.steps.finditer(self.data, start, end):
            if step["opens"]:
                depth += 1
            elif step["closes"]:
                depth -= 1
            elif depth == 0 and step["mark"] == mark:
                found.append(trimmed(self.data, begin, step.start()))
                begin = step.end()
        return [*found, trimmed(self.data, begin, end)]


def trimmed(data: bytes, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space around it."""
    while start < end and data[start : start + 1].isspace():
        start += 1
    while end > start and data[end - 1 : end].isspace():
        end -= 1
    return start, end
