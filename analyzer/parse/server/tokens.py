"""A program as tokens: words, texts with holes and marks, without its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from analyzer.model import Hole, Origin, OriginKind, Value
from analyzer.parse.server.languages import Language, Quote
from analyzer.parse.values.document import joined

MARKS = (
    r"\?->|===|!==|\.\.\.|<=>|=>|->|::|\?\.|&\.|:=|==|!=|<=|>=|&&|\|\||\?\?|\?:|\+=|-=|\.=|=~|<<|\*\*|\.\."
    r"|[^\s\w]"
)
WORD = r"[$@]{0,2}[^\W\d]\w*"
WORD_OF_TEXT = re.compile(r"[A-Za-z_]")  # the one that ends a heredoc
LINE_WORD = re.compile(r"^[ \t]*([A-Za-z_]\w*)", re.M)
OPENING, CLOSING = "([{", ")]}"
PARTNER = dict(zip(OPENING, CLOSING, strict=True))
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}
ENVIRONMENT = re.compile(
    r"""(?:\bENV(?:\.fetch)?|environ(?:\.get)?|getenv|\benv|GetEnvironmentVariable|os\.Getenv|LookupEnv)\s*[\[(]\s*:?["']?(\w+)"""
)
HASH = re.compile(
    r"(?i)sha_?-?(?:1|256|512)(?![0-9])|(?<![a-z])md5(?![a-z0-9])|(?<![a-z])hash(?:ed|ing)?_?\("
)
KEYWORDS = frozenset(
    {
        "return",
        "if",
        "unless",
        "and",
        "or",
        "not",
        "in",
        "when",
        "then",
        "else",
        "elsif",
        "puts",
        "yield",
        "while",
        "until",
        "case",
        "echo",
        "print",
        "raise",
        "throw",
        "do",
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a text or a mark, at two byte offsets; `fresh` is the first one on its line."""

    kind: str  # word, number, text, mark
    start: int
    end: int
    text: str
    value: Value = None
    fresh: bool = False


def tokens(data: bytes, language: Language) -> list[Token]:
    """The tokens of a program, without what is no code, such as the markup around PHP."""
    return list(
        Lexer(data.decode("latin-1"), language).run()
    )  # one character is one byte: offsets stay true


class Lexer:
    """Walks once through a program."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.pattern, self.quotes = _patterns(language)
        self.at = 0
        self.resume: int | None = None  # where the line after a heredoc's text goes on
        self.last: Token | None = None
        self.unclosed: set[re.Pattern[str]] = set()  # ends that do not come any more

    def run(self) -> Iterator[Token]:
        fresh = True
        if self.text.startswith("\xef\xbb\xbf"):  # a byte-order mark
            self.at = 3
        if self.language.enter:
            begins = re.search(self.language.enter, self.text)
            self.at = begins.end() if begins else len(self.text)
        while self.at < len(self.text):
            found = self.pattern.match(self.text, self.at)
            if found is None:
                self.at += 1
                continue
            start, kind = self.at, found.lastgroup or ""
            self.at = found.end()
            if kind == "line":
                fresh = True
                if self.resume is not None:
                    self.at, self.resume = self.resume, None
                continue
            if kind in ("space", "comment"):
                continue
            if kind.startswith("quote"):
                token = self._text(start, found, self.quotes[int(kind[5:])])
            elif kind == "outside":
                token = Token("mark", start, start + 2, ";")
            else:
                token = Token(kind, start, self.at, found[0])
            if fresh:
                token = Token(token.kind, token.start, token.end, token.text, token.value, True)
                fresh = False
            self.last = token
            yield token

    def _text(self, start: int, found: re.Match[str], quote: Quote) -> Token:
        """The text that begins here; the mark alone where it is none after all."""
        word = next((each for each in found.groups()[found.lastindex or 0 :] if each), "")
        if (not quote.operand or self._value_may_begin()) and self._may_end(word):
            inner = _inner(quote, word)
            if quote.later:
                line = self.text.find("\n", self.at)
                begin = self.resume or (line + 1 if line >= 0 else len(self.text))
                read = self._read(begin, inner, quote)
                if read is not None:
                    self.resume = read[1]
                    return Token("text", start, self.at, "", read[0])
            elif (read := self._read(self.at, inner, quote)) is not None:
                self.at = read[1]
                return Token("text", start, self.at, "", read[0])
        self.at = start + 1
        return Token("mark", start, self.at, self.text[start])

    def _read(self, at: int, inner: re.Pattern[str], quote: Quote) -> tuple[Value, int] | None:
        """The value of a text whose contents begin here, and where it ends."""
        parts: list[str | Hole] = []
        if inner in self.unclosed:
            return None
        while (found := inner.search(self.text, at)) is not None:
            plain = self.text[at : found.start()]
            if not quote.block and "\n" in plain:
                return None
            parts.append(_decoded(plain))
            at = found.end()
            match found.lastgroup:
                case "close":
                    return joined(parts), at
                case "name":
                    parts.append(hole_of(found[0]))
                case "hole":
                    end = _balanced(self.text, at, found[0][-1])
                    parts.append(hole_of(self.text[at : end - 1]))
                    at = end
                case _:
                    parts.append(_unescaped(found[0]))
        self.unclosed.add(inner)
        return None

    def _may_end(self, word: str) -> bool:
        """Is there a line yet that ends a text with this word, if a word ends it?"""
        return not WORD_OF_TEXT.match(word) or self._last_lines.get(word, -1) >= self.at

    @cached_property
    def _last_lines(self) -> dict[str, int]:
        """The words that lines begin with, each with where the last such line has it."""
        return {found[1]: found.start(1) for found in LINE_WORD.finditer(self.text)}

    def _value_may_begin(self) -> bool:
        last = self.last
        if last is None or last.text in KEYWORDS:
            return True
        if last.kind == "mark":
            return last.text not in CLOSING
        return (
            last.kind == "word"
            and self.language.bare_calls
            and self.text[last.end : self.at].startswith(" ")
            and not self.text[self.at : self.at + 1].isspace()
        )


def hole_of(text: str) -> Hole:
    """A hole, with the environment variable that fills it where its text says so."""
    text = " ".join(_decoded(text).split())[:200]
    if found := ENVIRONMENT.search(text):
        return Hole(text, Origin(OriginKind.ENVIRONMENT, found[1]))
    if found := HASH.search(text):
        return Hole(text, Origin(OriginKind.HASH, found[0].strip("_.(").lower()))
    return Hole(text)


@cache
def _patterns(language: Language) -> tuple[re.Pattern[str], tuple[Quote, ...]]:
    kinds = [
        r"(?P<space>[ \t\r\f\v]+)",
        r"(?P<line>\n)",
        rf"(?P<outside>{language.outside})",
        "(?P<comment>" + "|".join(language.comments) + ")",
        *(f"(?P<quote{number}>{quote.open})" for number, quote in enumerate(language.quotes)),
        rf"(?P<word>{WORD})",
        r"(?P<number>\d[\w.]*)",
        rf"(?P<mark>{MARKS})",
    ]
    return re.compile("|".join(kinds), re.M), language.quotes


@cache
def _inner(quote: Quote, word: str) -> re.Pattern[str]:
    close = quote.close.replace("{0}", re.escape(word)) if word else quote.close
    return re.compile(
        f"(?P<close>{close})|(?P<hole>{quote.hole})|(?P<name>{quote.name})|(?P<escape>{quote.escape})",
        re.M,
    )


def _balanced(text: str, at: int, opening: str) -> int:
    """The offset behind the bracket that closes, or of the line's end where none does."""
    closing, depth = PARTNER[opening], 1
    for found in re.compile("[" + re.escape(opening + closing) + "\n]").finditer(text, at):
        if found[0] == "\n":
            return found.start() + 1
        depth += 1 if found[0] == opening else -1
        if depth == 0:
            return found.end()
    return len(text)


def _decoded(text: str) -> str:
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def _unescaped(text: str) -> str:
    if text[0] != "\\":
        return text[0]
    if text[1:2] in ("u", "x") and len(text) > 2:
        number = int(text[2:].strip("{}"), 16)
        return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else "\ufffd"
    return ESCAPES.get(text[1], text[1])
