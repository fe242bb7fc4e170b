"""Addresses as Python's web frameworks write them, as one pattern: `*` is a segment that varies."""

from __future__ import annotations

import re

CONVERTED = re.compile(
    r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>|\{(?P<other>\w+)(?::(?P<sort>\w+))?\}"
)
STARS = re.compile(r"\*{2,}|(?:\*\??){2,}")
LONGEST = 1_000  # characters of an expression that are read
MOST_GROUPS = 60


def of_path(written: str) -> str:
    """`visits/<int:id>/` and `/visits/{id}` are `visits/*/`."""

    def star(found: re.Match[str]) -> str:
        kind = found["kind"] or found["sort"] or ""
        return "**" if kind == "path" else "*"

    return CONVERTED.sub(star, written)


def of_expression(written: str) -> str:
    r"""`^visits/(?P<id>\d+)/$` is `visits/*/`; what cannot be told is `**`."""
    out, at = [], 0
    text = written[:LONGEST]
    if text.count("(") > MOST_GROUPS:
        return "**"
    while at < len(text):
        piece, at = _piece(text, at)
        quantifier = text[at] if at < len(text) and text[at] in "?*+{" else ""
        if quantifier == "{":
            at = text.find("}", at) + 1 or len(text)
        elif quantifier:
            at += 1
            if at < len(text) and text[at] in "?+":  # as few as possible, or possessive
                at += 1
        if quantifier == "?":
            piece = ""  # what may be left out
        elif quantifier:
            piece = "**" if "**" in piece or "/" in piece or piece == "." else "*" if piece else ""
        elif piece == ".":
            piece = "*"
        out.append(piece)
    joined = "".join(out).replace("\0", ".")
    return STARS.sub(lambda found: "**" if "**" in found[0] else "*", joined)


def _piece(text: str, at: int) -> tuple[str, int]:
    """The next piece of an expression as a pattern, and where the one behind it begins."""
    sign = text[at]
    if sign in "^$":
        return "", at + 1
    if sign == "\\" and at + 1 < len(text):
        following = text[at + 1]
        if following in "AZzbB":
            return "", at + 2
        if following in "dDwWsS":
            return "*", at + 2
        return ("\0" if following == "." else following), at + 2
    if sign == "[":
        end = text.find("]", at + 2)
        return "*", (end + 1 if end >= 0 else len(text))
    if sign == "(":
        end = _closing(text, at)
        return _group(text[at + 1 : end]), end + 1
    return sign, at + 1


def _group(inside: str) -> str:
    named = re.match(r"\?(?:P<\w+>|:|[aiLmsux]+:)?", inside)
    if named is None and not inside.startswith("?"):
        body, captures = inside, True
    else:
        kind = named[0] if named else ""
        if inside[:2] in ("?=", "?!", "?<") and not inside.startswith("?P<"):
            return ""  # a look ahead or behind takes no room
        body, captures = inside[len(kind) :], kind.startswith("?P")
    if "|" in body:
        return "**" if "/" in body or re.search(r"(?<!\\)\.[*+]", body) else "*"
    inner = of_expression(body)
    if captures and "*" in inner:
        return "**" if "**" in inner or "/" in inner else "*"
    return inner


def _closing(text: str, at: int) -> int:
    """Where a bracket that opens here closes."""
    depth, in_class = 0, False
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 2
            continue
        if in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
            at += text[at + 1 : at + 2] in ("]", "^")
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return len(text)
