"""Content-security policies, wherever a file writes one: in markup, a header, settings or code.

A policy is told by its words in every language: the name of a directive, and behind it sources as
one text (`script-src 'self' https://cdn.example.org;`) or as a list (`scriptSrc: ["'self'"]`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from analyzer.model import AllowedSource, ContentPolicy, Fact, Source

NAMES = re.compile(
    r"(?:^|/)(?:_headers|\.htaccess|vercel\.json|firebase\.json|now\.json|serve\.json|web\.config"
    r"|staticwebapp\.config\.json|customHttp\.ya?ml|Caddyfile)$",
    re.I,
)
LARGEST = 500_000  # bytes of a file that people write
MARKS = (b"ecurity-Policy", b"ecurity-policy", b"ecurityPolicy", b"ecurity_policy", b"CSP_")
SETTING = b"ECURITY_POLICY"
MENTION = re.compile(
    rb"(content[-_]?security[-_]?policy)(?:([-_]?report[-_]?only)|(?![-_]?\w))"
    rb"|(?:\.policy|->\s{0,3}add)?directives?\b(?=\s*[({:=\[])",
    re.I,
)
WRITTEN_OFF = re.compile(
    rb"<!--.*?-->|<%#.*?%>|\{#.*?#\}|(?:(?<=\s)|^)/\*.*?\*/|^[ \t]*(?:#|//|\*[ /]).*?$"
    rb"|(?<=[\s;,{}])//[ \t].*?$",
    re.S | re.M,
)
QUOTED = re.compile(rb"&(?:#39|#x27|apos);([\w+/=-]{1,200})&(?:#39|#x27|apos);")
KINDS = (
    rb"default|script|style|img|image|connect|frame|child|font|media|object|worker|manifest"
    rb"|prefetch"
)
DIRECTIVE = re.compile(
    rb"(?<![\w$/.-])(?:(?P<setting>CSP_)|(?P<owner>(?:policy|p|Directive)(?:\.|::)))?"
    rb"(?P<kind>" + KINDS + rb")[-_]?src(?:[-_]?(?P<part>elem|attr))?(?![\w-])",
    re.I,
)
HOST = (
    rb"(?:(?:https?|wss?)://)?(?:\*\.)?(?:[a-z0-9_-]+\.)+[a-z]{2,24}(?::(?:\d{1,5}|\*))?"
    rb"(?:/[^\s\"'`;,<>\\]*)?"
)
SOURCE = re.compile(
    rb"\\?'(?P<word>self|none|unsafe-inline|unsafe-eval|strict-dynamic|report-sample"
    rb"|unsafe-hashes|wasm-unsafe-eval|inline-speculation-rules|nonce-[^'\\]{0,200}|sha\d{3}-[^'\\]{1,200})\\?'"
    rb"|(?P<scheme>https?|data|blob|wss?|filesystem|mediastream):(?![\w/])"
    rb"|(?P<host>" + HOST + rb"|(?:https?|wss?)://(?:localhost|\*)(?::(?:\d{1,5}|\*))?/?)"
    rb"|(?P<any>\*)(?![\w.])",
    re.I,
)
GAP = re.compile(rb"[ \t\r\n]+|\\[nrt\n]|,(?=[ \t])")
# The end of one piece of text and the beginning of the next: a joined or a continued literal.
JOINT = re.compile(rb"[\"'`]\s{0,40}(?:[+.\\&]\s{0,40})?[\"'`](?=[\s\\'a-z*])", re.I)
MADE = re.compile(rb"\$\{|\{\{|#\{|<%|%s|\$\w|[\"'`]\s{0,9}[+.]\s{0,9}[\w$(]|\{\w")
SEPARATOR = re.compile(
    rb"""["'`]?\]?\s{0,20}(?:=>|:(?!\w)|=|,|\s)\s{0,20}(?P<opens>[\[({]|%w\[|\S)|\((?=\s{0,20}(?P<opens2>:|["']))"""
)
BLANKS = re.compile(rb"[ \t,]+")
LINES = re.compile(rb"[\s,]+")
ITEM = re.compile(rb"[rbuf]?([\"'`])(.*?)(?<!\\)\1(?!\1)", re.S)
NAMED = re.compile(rb"(?:[\w$]+\.)*(SELF|NONE|UNSAFE_INLINE|UNSAFE_EVAL|STRICT_DYNAMIC|NONCE)\b")
UNKNOWN = re.compile(rb"(?:\.\.\.|\*)?[A-Za-z_$@][\w.$@]{0,100}(?:\([^()\n]{0,200}\))?")
ADDED = re.compile(rb"\s{0,20}(?:\+|\.concat|\.push|\.append)")
SYMBOL = re.compile(
    rb":(?P<word>self|none|unsafe_inline|unsafe_eval|strict_dynamic|https|http|data|blob|wss?)\b|:(?:all)\b"
)
MOST_SOURCES = 300


@dataclass(slots=True)
class Found:
    """A directive that was read: its sources, and whether all of them are there."""

    name: str
    start: int
    end: int
    sources: list[tuple[str, int, int]] = field(default_factory=list)
    complete: bool = True
    told: bool = False  # its own name says that it belongs to a policy


def is_read(path: str) -> bool:
    """Is it a file that nothing else reads and that says what a server sends?"""
    return NAMES.search(path) is not None


def may_hold(data: bytes) -> bool:
    """Does a file speak of a policy at all?"""
    return len(data) <= LARGEST and (any(mark in data for mark in MARKS) or SETTING in data)


def facts_of(source: Source) -> Iterator[Fact]:
    """The policies of a file, each with what it allows."""
    data = QUOTED.sub(_plain_quotes, WRITTEN_OFF.sub(_blank, source.data))
    mentions = [each for each in MENTION.finditer(data) if each[1] is not None]
    found: list[Found] = []
    first: re.Match[bytes] | None = None
    for each in _directives(data):
        if not mentions and not each.told:
            continue
        mention = next((known for known in reversed(mentions) if known.start() < each.start), None)
        if found and (mention is not first or any(each.name == old.name for old in found)):
            yield from _told(source, data, first, found)
            found = []
        first = mention
        found.append(each)
    if found:
        yield from _told(source, data, first, found)


def _blank(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\n]", b" ", found[0])


def _plain_quotes(found: re.Match[bytes]) -> bytes:
    """Quotes as character references, with the length kept."""
    word = b"'" + found[1] + b"'"
    return word.rjust((len(found[0]) + len(word)) // 2).ljust(len(found[0]))


def _directives(data: bytes) -> Iterator[Found]:
    at = 0
    while (match := DIRECTIVE.search(data, at)) is not None:
        name = match["kind"].decode().lower().replace("image", "img") + "-src"
        name += f"-{match['part'].decode().lower()}" if match["part"] else ""
        read = _as_text(data, name, match) or _as_list(data, name, match)
        at = max(match.end(), read.end if read is not None else 0)
        if read is not None:
            read.told = bool(match["owner"] or match["setting"])
            yield read


def _as_text(data: bytes, name: str, match: re.Match[bytes]) -> Found | None:
    """`script-src 'self' https://a.example;` as one text, or None where no source follows."""
    at = match.end()
    if (
        data[at : at + 1] not in (b" ", b"\t", b"\n", b"\r", b"\\")
        or match["setting"]
        or match["owner"]
    ):
        return None
    found = Found(name, match.start(), at)
    while at < len(data) and len(found.sources) < MOST_SOURCES:
        if gap := (GAP.match(data, at) or (JOINT.match(data, at) if found.sources else None)):
            at = gap.end()
        elif source := SOURCE.match(data, at):
            found.sources.append(_source(source))
            at = source.end()
        else:
            break
    found.end = at
    if MADE.match(data, at):
        found.complete = False
    return found if found.sources or not found.complete else None


def _as_list(data: bytes, name: str, match: re.Match[bytes]) -> Found | None:
    """`scriptSrc: ["'self'", "https://a.example"]`, as settings and programs write it."""
    separator = SEPARATOR.match(data, match.end())
    if separator is None:
        return None
    opens = separator["opens"] or b"("
    closes = {b"[": b"]", b"(": b")", b"{": b"}", b"%w[": b"]"}.get(opens, b"")
    called = bool(match["owner"] or match["setting"])
    dashed = b"-src" in match[0]
    if not closes and not called and not (dashed and opens in (b'"', b"'", b"`")):
        return None  # such as a component's imgSrc="/logo.png"
    at = separator.end() if closes else separator.start("opens")
    found = Found(name, match.start(), at)
    while at < len(data) and len(found.sources) < MOST_SOURCES:
        if gap := (LINES if closes else BLANKS).match(data, at):
            at = gap.end()
            if called and not closes and b"," in gap[0] and (line := LINES.match(data, at)):
                at = line.end()
        elif symbol := SYMBOL.match(data, at):
            found.sources.append(_symbol(symbol))
            at = symbol.end()
        elif item := ITEM.match(data, at):
            _read_item(data, item, found)
            at = item.end()
            if not closes and not called:
                break
        elif closes and data.startswith(closes, at):
            at += len(closes)
            break
        elif named := NAMED.match(data, at):
            word = f"'{named[1].decode().lower().replace('_', '-')}'"
            found.sources.append((word, named.start(), named.end()))
            at = named.end()
        elif closes and (unknown := UNKNOWN.match(data, at)):
            found.complete = False
            at = unknown.end()
        elif source := SOURCE.match(data, at):
            found.sources.append(_source(source))
            at = source.end()
        else:
            found.complete = found.complete and not closes
            break
    found.complete = found.complete and ADDED.match(data, at) is None
    found.end = max(at, match.end())
    return found if found.sources else None


def _read_item(data: bytes, item: re.Match[bytes], found: Found) -> None:
    """One quoted text of a list: a source, or several with blanks between them."""
    at, end = item.start(2), item.end(2)
    while at < end:
        if gap := GAP.match(data, at, end):
            at = gap.end()
        elif source := SOURCE.match(data, at, end):
            found.sources.append(_source(source))
            at = source.end()
        else:
            found.complete = found.complete and data[at:end].strip() in (b"self", b"none")
            return


def _source(found: re.Match[bytes]) -> tuple[str, int, int]:
    if found["word"]:
        text = f"'{found['word'].decode('ascii', 'replace')}'"
    elif found["scheme"]:
        text = f"{found['scheme'].decode().lower()}:"
    else:
        text = found[0].decode("ascii", "replace")
    return text, found.start(), found.end()


def _symbol(found: re.Match[bytes]) -> tuple[str, int, int]:
    word = (found["word"] or b"*").decode().replace("_", "-")
    if word in ("https", "http", "data", "blob", "ws", "wss"):
        return f"{word}:", found.start(), found.end()
    return (f"'{word}'" if word != "*" else word), found.start(), found.end()


def _told(
    source: Source, data: bytes, mention: re.Match[bytes] | None, found: list[Found]
) -> Iterator[Fact]:
    """The policy that these directives make, where a script may be named in it."""
    first = found[0]
    near = data[max(0, (mention.start() if mention else first.start) - 200) : first.start].lower()
    yield ContentPolicy(
        place=source.place(first.start, first.end),
        told="meta" if b"http-equiv" in near and b"<meta" in near else "header",
        allowed=tuple(
            AllowedSource(each.name, text, source.place(start, end))
            for each in found
            for text, start, end in each.sources
        ),
        directives=tuple(dict.fromkeys(each.name for each in found)),
        reports_only=bool(mention and mention[2]) or b"report_only" in near,
        complete=all(each.complete for each in found),
    )
