"""Java between `<%` and `%>` as statements: which braces it opens and closes, and why."""

from __future__ import annotations

import re

WORD = "scriptlet"
STEPS = re.compile(
    r"""//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|[{};]""",
    re.S,
)
CONDITION = re.compile(r"(?P<turn>\belse\s+)?\bif\s*\((?P<condition>[^;{}]*)\)\s*$")


def statements(code: str) -> list[str]:
    """What a scriptlet closes of earlier ones, then what it leaves open for later ones."""
    said: list[str] = []
    opened: list[tuple[str, bool]] = []  # each statement, and whether it is the else of another
    closes = False  # a brace of an earlier scriptlet has closed, and an else may follow
    begin = 0
    last = ""  # the statement whose brace has closed right before, within the scriptlet
    for step in STEPS.finditer(code):
        mark = step[0]
        if mark not in ("{", "}", ";"):
            continue
        before, begin = code[begin : step.start()].strip(), step.end()
        if mark == "{":
            turn = _turn(before) if closes else ""
            if closes and not turn:
                said.append(f"end {WORD}")
            opened.append((turn or _opening(before, last), bool(turn)))
            closes = False
        elif mark == "}" and opened:
            last, closes = opened.pop()
            continue
        else:
            if closes:
                said.append(f"end {WORD}")
            closes = mark == "}"
        last = ""
    if closes:
        said.append(f"end {WORD}")
    return [*said, *(statement for statement, _ in opened)]


def _opening(before: str, last: str) -> str:
    """What a brace begins; an else turns the statement round that has closed before it."""
    asked = CONDITION.search(before)
    if before == "else" and last.startswith(f"{WORD} if "):
        return last.replace(" if ", " unless ", 1)
    return f"{WORD} if {asked['condition'].strip()}" if asked else f"{WORD} other"


def _turn(before: str) -> str:
    """The else that stands before a brace, or an empty text."""
    asked = CONDITION.search(before)
    if asked is not None and asked["turn"]:
        return f"elif {asked['condition'].strip()}"
    return "else" if before == "else" else ""
