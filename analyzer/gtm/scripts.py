"""Custom code that the tag manager would not compile, with what is wrong and where.

GTM compiles custom code to an old standard; esprima reads just that standard, so what one refuses
the other refuses too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analyzer.gtm.positions import Node
from analyzer.gtm.texts import REFERENCE
from analyzer.model import Diagnostic, Source

LONGEST = 200_000  # characters of one script that are checked
MOST = 400_000  # characters of all scripts of one container

_OPENS = re.compile(r"<script\b([^<>]*)>", re.I)
_CLOSES = re.compile(r"</script\s*>", re.I)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([^"'\s>]*)""", re.I)
_RUNS = ("", "text/javascript", "application/javascript", "text/gtmscript", "text/ecmascript")
_HIDDEN = re.compile(r"\A\s*<!--[^\n]*|-->\s*\Z")
_NUMBER = re.compile(r"(?<=['\"])\d{4,}(?=['\"])")
_LINE_PREFIX = re.compile(r"^Line \d+: ")


@dataclass(frozen=True, slots=True)
class Script:
    """A piece of custom code: whose it is, its text, and how its offsets lead into the file."""

    owner: str
    code: str
    base: int
    text: str
    node: Node
    is_expression: bool = False


def scripts_of_html(owner: str, html: Node) -> Iterator[Script]:
    """The scripts inside custom HTML that a browser would run."""
    text = html.value if isinstance(html.value, str) else ""
    at = 0
    while (opens := _OPENS.search(text, at)) and (closes := _CLOSES.search(text, opens.end())):
        kind = _TYPE.search(opens[1])
        if (kind[1].lower() if kind else "") in _RUNS:
            yield Script(owner, text[opens.end() : closes.start()], opens.end(), text, html)
        at = closes.end()


def script_of_variable(owner: str, javascript: Node) -> Iterator[Script]:
    """The function of a custom JavaScript variable."""
    if isinstance(javascript.value, str) and javascript.value.strip():
        yield Script(owner, javascript.value, 0, javascript.value, javascript, is_expression=True)


def refused(source: Source, scripts: Sequence[Script]) -> Iterator[Diagnostic]:
    """A diagnostic for each script that does not compile."""
    left = MOST
    for script in scripts:
        if len(script.code) > LONGEST or len(script.code) > left:
            continue
        left -= len(script.code)
        found = _error(script)
        if found is not None:
            what, at = found
            offset = len(script.text[: script.base + at].encode())
            lift = script.node.lift()
            start = lift[min(offset, len(lift) - 1)]
            place = source.place(start, start, script.text[script.base + at :].split("\n")[0])
            said = f"code that does not compile: {what}"
            line = script.code.count("\n", 0, at) + 1
            yield Diagnostic(place, said, script.owner, "code", (what, str(line)))


def _error(script: Script) -> tuple[str, int] | None:
    """What esprima says, and the character that it says it of."""
    code = REFERENCE.sub(lambda match: "_" * len(match[0]), script.code)
    code = _HIDDEN.sub(lambda match: " " * len(match[0]), code)
    code = _NUMBER.sub(lambda match: "1" * len(match[0]), code)
    shift = 0
    if script.is_expression:
        # a variable's code is one function, which may carry comments before and a semicolon after
        code, shift = "(" + code.rstrip("; \t\r\n") + "\n)", 1
    found = _refusal(code)
    return found and (found[0], max(0, min(found[1] - shift, len(script.code) - 1)))


@lru_cache(maxsize=256)  # vendors' snippets differ in nothing but the account's number
def _refusal(code: str) -> tuple[str, int] | None:
    import esprima  # a third of a second, so only where there is custom code

    try:
        esprima.parseScript(code)
    except esprima.Error as error:
        what = _LINE_PREFIX.sub("", str(error.message))
        if "regular expression" in what.lower():
            return None  # it refuses expressions that browsers accept
        return what, error.index if isinstance(error.index, int) else 0
    except Exception:  # it breaks on some valid code; that says nothing about the code
        return None
    return None
