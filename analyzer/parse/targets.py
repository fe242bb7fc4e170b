"""The files that a template tag names: a quoted name, a list, a choice, or text with holes."""

from __future__ import annotations

import re
from functools import cache

from analyzer.model import Hole, Origin, OriginKind, Text, Value

QUOTED = re.compile(r"""(["'])(?P<text>[^"']*)\1""")
BARE = re.compile(r"[\w./@-]+")  # the name of a file where the language writes no quotes
JOINED = re.compile(r"""["']\s*[~+]|[~+]\s*["']""")
ALTERNATIVE = re.compile(r"\|\s*default\b|\bor\b|\belse\b|\?")
COMPUTED = re.compile(r"""(["'])\$\{[^{}]*\}\1""")
YES_OR_NO = re.compile(r"\|\s*yesno\s*:\s*$")


@cache
def targets_of(written: str, bare: bool = False) -> tuple[Value, ...]:
    """The files that an include names; several where a condition decides between them.

    A tuple among them means the first of its names that exists. With `bare` a name needs no quotes.
    """
    text = written.strip()
    if bare and BARE.fullmatch(text):
        return (text,)
    if text.startswith("["):
        listed = tuple(
            target
            for each in split(text.removeprefix("[").rstrip(")").removesuffix("]"))
            for target in targets_of(each, bare)
        )
        return (listed,) if len(listed) > 1 else listed
    if COMPUTED.fullmatch(text):
        return (_hole(text[3:-2]),)
    quoted = list(QUOTED.finditer(text))
    words = QUOTED.sub("", text)
    if not quoted:
        return (_hole(text),)
    if len(quoted) == 1 and YES_OR_NO.search(text[: quoted[0].start()]):
        return tuple(each.strip() for each in quoted[0]["text"].split(",")[:2])
    if JOINED.search(text) and not ALTERNATIVE.search(words):
        return (_together(text),)
    found = tuple(_interpolated(each["text"]) for each in quoted)
    if len(found) == 1 and ALTERNATIVE.search(words):
        return (_hole(text), *found)
    return found


def split(text: str) -> list[str]:
    """The parts of a list, between the commas that stand in no quotes and no brackets."""
    parts, depth, quote = [""], 0, ""
    for each in text:
        if quote:
            quote = "" if each == quote else quote
        elif each in "\"'":
            quote = each
        depth += (each in "([{") - (each in ")]}") if not quote else 0
        if each == "," and not quote and depth <= 0:
            parts.append("")
        else:
            parts[-1] += each
    return [part.strip() for part in parts if part.strip()]


def _hole(text: str) -> Hole:
    text = text.rstrip(")")
    return Hole(text, Origin(OriginKind.TEMPLATE, text))


def _together(text: str) -> Value:
    """A name that is put together from texts and variables: `'parts/' ~ kind ~ '.html'`."""
    parts: list[str | Hole] = []
    at = 0
    for found in QUOTED.finditer(text):
        between = text[at : found.start()].strip(" ~+()\t\n")
        parts.extend([_hole(between)] if between else [])
        parts.append(found["text"])
        at = found.end()
    behind = text[at:].strip(" ~+()\t\n")
    parts.extend([_hole(behind)] if behind else [])
    if all(isinstance(part, str) for part in parts):
        return "".join(part for part in parts if isinstance(part, str))
    return Text(tuple(parts))


def _interpolated(text: str) -> Value:
    """A name with `#{...}` or `${...}` in it as text with holes."""
    parts = [
        Hole(part[2:-1], Origin(OriginKind.TEMPLATE, part[2:-1]))
        if part[:2] in ("#{", "${")
        else part
        for part in re.split(r"([#$]\{[^}]*\})", text)
        if part
    ]
    if all(isinstance(part, str) for part in parts):
        return text
    return parts[0] if len(parts) == 1 else Text(tuple(parts))
