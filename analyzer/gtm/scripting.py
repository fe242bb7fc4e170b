"""Custom JavaScript variables: what little of their code can be said without running it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.model import Origin, OriginKind

MOST_READS = 12  # things that one variable's origin names
CODE_LIMIT = 20_000  # characters of code that are looked at

_TEXT = r"""(?:'([^'\\\n]*)'|"([^"\\\n]*)"|`([^`\\$\n]*)`)"""
_LINE_COMMENT = re.compile(r"^[ \t]*//[^\n]*", re.M)

_LITERAL = re.compile(
    r"function\b\s*(?:\w+\s*)?\(\s*\)\s*\{\s*return\s+(?:"
    + _TEXT
    + r"|(-?\d+(?:\.\d+)?|true|false|null|undefined))\s*;?\s*\}\s*;?"
)
_WHERE = r"(?:window\.|document\.)?location\.(hostname|pathname|href)"
_ADDRESS_TEST = re.compile(
    r"function\b\s*(?:\w+\s*)?\(\s*\)\s*\{\s*return\s+"
    + _WHERE
    + r"(?:\s*(===?|!==?)\s*"
    + _TEXT
    + r"|\.(includes|startsWith|endsWith|indexOf)\(\s*"
    + _TEXT
    + r"\s*\)\s*(>\s*-1|!==?\s*-1|>=\s*0)?"
    + r")?\s*;?\s*\}\s*;?"
)

_SELECTORS = (
    re.compile(r"querySelector(?:All)?\(\s*" + _TEXT + r"\s*\)"),
    re.compile(r"(?:\$|jQuery)\(\s*" + _TEXT + r"\s*\)"),
    re.compile(
        r"(getElementById|getElementsByName|getElementsByClassName|getElementsByTagName)"
        r"\(\s*" + _TEXT + r"\s*\)"
    ),
)
_ASKS = re.compile(r"\.val\(\)|\.value\b|FormData\(")
_STORED = re.compile(
    r"(?:local|session)Storage(?:\.getItem\(\s*"
    + _TEXT
    + r"|\[\s*"
    + _TEXT
    + r"|\.([A-Za-z_$][\w$]*))"
)
_QUERY = re.compile(r"(?:searchParams|URLSearchParams\([^()]*\)|\bparams)\.get\(\s*" + _TEXT)
_PLAIN_READS = (
    (re.compile(r"\blocation\.search\b|URLSearchParams\("), Origin(OriginKind.QUERY)),
    (re.compile(r"\blocation\.pathname\b"), Origin(OriginKind.ADDRESS, "path")),
    (re.compile(r"\blocation\.host(?:name)?\b"), Origin(OriginKind.ADDRESS, "host")),
    (
        re.compile(r"\blocation\.href\b|\bdocument\.URL\b|\blocation\b(?![.\w])"),
        Origin(OriginKind.ADDRESS, "url"),
    ),
    (re.compile(r"\blocation\.hash\b"), Origin(OriginKind.ADDRESS, "fragment")),
    (re.compile(r"\bdocument\.title\b"), Origin(OriginKind.TITLE)),
    (re.compile(r"\bdocument\.referrer\b"), Origin(OriginKind.REFERRER)),
    (re.compile(r"\bdocument\.cookie\b"), Origin(OriginKind.COOKIE)),
)
_PREFIX = {"getElementById": "#", "getElementsByClassName": ".", "getElementsByTagName": ""}


@dataclass(frozen=True, slots=True)
class AddressTest:
    """Code that returns a part of the page's address, or the answer to one question about it."""

    about: str
    test: str = ""
    value: str = ""
    opposite: bool = False


def literal(code: str) -> str | None:
    """The text that the function always returns, where returning it is all that it does."""
    found = _LITERAL.fullmatch(_code(code))
    if found is None:
        return None
    return next((text for text in found.groups() if text is not None), None)


def address_test(code: str) -> AddressTest | None:
    """What the function asks of the page's address, where that is all it does."""
    found = _ADDRESS_TEST.fullmatch(_code(code))
    if found is None:
        return None
    where, operator, method, comparison = found[1], found[2], found[6], found[10]
    about = {"hostname": "host", "pathname": "path", "href": "url"}[where]
    if operator:
        return AddressTest(about, "equals", _text(found.groups()[2:5]), operator.startswith("!"))
    if method:
        if (method == "indexOf") is not bool(comparison):
            return None
        test = {"startsWith": "starts-with", "endsWith": "ends-with"}.get(method, "contains")
        return AddressTest(about, test, _text(found.groups()[6:9]))
    return AddressTest(about)


def reads(code: str) -> tuple[Origin, ...]:
    """What the code plainly reads, in the order in which we know how to look."""
    code = _code(code)
    found: dict[Origin, None] = {}
    asks = OriginKind.FIELD if _ASKS.search(code) else OriginKind.ELEMENT
    for pattern in _SELECTORS:
        for match in pattern.finditer(code):
            found[Origin(asks, _selector(match))] = None
    for match in _STORED.finditer(code):
        found[Origin(OriginKind.STORAGE, _text(match.groups()))] = None
    named = [Origin(OriginKind.QUERY, _text(match.groups())) for match in _QUERY.finditer(code)]
    found.update(dict.fromkeys(named))
    for pattern, origin in _PLAIN_READS:
        # a query's own name says more than that the address or the whole query was looked at
        covered = named and origin.kind in (OriginKind.QUERY, OriginKind.ADDRESS)
        if not covered and pattern.search(code):
            found[origin] = None
    return tuple(found)[:MOST_READS]


def _code(code: str) -> str:
    """The code without the comments that are easily told from text."""
    kept, at = [], 0
    code = code[:CODE_LIMIT]
    while (start := code.find("/*", at)) >= 0 and (end := code.find("*/", start + 2)) >= 0:
        kept.append(code[at:start])
        at = end + 2
    return _LINE_COMMENT.sub("", "".join((*kept, code[at:]))).strip()


def _text(groups: tuple[str | None, ...]) -> str:
    return next((text for text in groups if text is not None), "")


def _selector(match: re.Match[str]) -> str:
    method, *texts = match.groups()
    if method is not None and method.startswith("getElement"):
        name = _text(tuple(texts))
        return f"[name={name}]" if method == "getElementsByName" else _PREFIX[method] + name
    return _text(match.groups())
