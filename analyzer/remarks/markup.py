"""Comments of pages and templates: in the markup, in the template language, in scripts and styles.

A file is walked once: its text, its tags with their quoted values, the islands of a template
language, and the elements whose contents are another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from analyzer.remarks import code, scripts
from analyzer.remarks.languages import ISLANDS, PAIRS, Island, Pair
from analyzer.remarks.record import Remark

HTML: Pair = (rb"<!--", rb"--!?>")
TAG = rb"(?P<tag></?[a-zA-Z][\w:.-]*+)"
END = rb"(?P<end>>)"
VALUE = rb"=\s*+(?P<quote>[\"'])"  # a quote elsewhere in a tag begins no value
EXAMPLE = rb"(?P<fence>(?m:^)[ \t]*+(?:`{3,}|~{3,})[^\n]*+)|(?P<span>`++)"
OTHER_CONTENTS = re.compile(rb"(?i:<(script|style|textarea|title|xmp)\Z)")
NO_SCRIPT = re.compile(rb"(?i:\btype\s*+=\s*+[\"']?[^\"'>\s]*(?:json|html|template|xml))")
TYPED = re.compile(rb"(?i:\blang\s*+=\s*+[\"']?tsx?\b)")
FRONT = re.compile(rb"\A(?:\xef\xbb\xbf)?(---|\+\+\+)[ \t]*\r?\n")
LONGEST_MARK = 40  # backticks or tildes that people type
NOT_A_BREAK = re.compile(rb"[^\n]")


def remarks(data: bytes, engine: str, wanted: bytes) -> list[Remark]:
    """The comments of a template in order; scripts without the `wanted` words are passed over."""
    reader = _Reader(data, engine, wanted)
    reader.read()
    return sorted(reader.found, key=lambda each: (each.start, each.end))


@dataclass(frozen=True, slots=True)
class _Openings:
    """What opens something in the text, inside of a tag, and between each kind of quotes."""

    text: re.Pattern[bytes]
    tag: re.Pattern[bytes]
    quoted: dict[bytes, re.Pattern[bytes]]
    inline: re.Pattern[bytes] | None
    comments: tuple[Pair, ...]
    islands: tuple[Island, ...]


class _Reader:
    """Walks one template; what never closes is remembered, so that nobody looks for it again."""

    def __init__(self, data: bytes, engine: str, wanted: bytes) -> None:
        self.data = data
        self.engine = engine
        self.wanted = wanted
        self.found: list[Remark] = []
        self.openings = _openings(engine)
        self.unclosed: set[bytes] = set()
        self.paragraph = 0

    def read(self) -> None:
        at = self._front_matter()
        while found := self.openings.text.search(self.data, at):
            match found.lastgroup:
                case "tag":
                    at = self._tag(found.end())
                    if inner := OTHER_CONTENTS.match(found["tag"]):
                        at = self._contents(inner[1].lower(), found.start(), at)
                case "fence":
                    at = self._end_of_fence(found)
                case "span":
                    at = self._end_of_span(found)
                case _:
                    at = self._inline(found)

    def _front_matter(self) -> int:
        front = FRONT.match(self.data)
        if front is None:
            return 0
        mark = front[1]
        closing = self._closing(rb"(?m:^" + re.escape(mark) + rb"[ \t]*\r?$)", front.end())
        if closing is None:
            return 0
        inside = self.data[front.end() : closing.start()]
        if self.engine == "astro":
            self._add(scripts.remarks(inside, "typescript"), front.end())
        else:
            language = code.YAML if mark == b"---" else code.TOML
            self._add(code.remarks(inside, language), front.end())
        return closing.end()

    def _tag(self, at: int) -> int:
        """Past the end of the tag; what stands in its values is text, unless the engine says so."""
        while found := self.openings.tag.search(self.data, at):
            match found.lastgroup:
                case "end":
                    return found.end()
                case "quote":
                    at = self._quoted(found["quote"], found.end())
                case _:
                    at = self._inline(found)
        return len(self.data)

    def _quoted(self, quote: bytes, at: int) -> int:
        while found := self.openings.quoted[quote].search(self.data, at):
            if found.lastgroup == "end":
                return found.end()
            at = self._inline(found)
        return len(self.data)

    def _contents(self, name: bytes, head: int, start: int) -> int:
        """Past what stands in an element whose contents are no markup."""
        closing = self._closing(rb"(?i:</" + name + rb"(?![\w-]))", start)
        end = len(self.data) if closing is None else closing.start()
        inside = bytearray(self.data[start:end])
        if self.wanted not in inside:
            return end
        at = start
        while self.openings.inline and (
            found := self.openings.inline.search(self.data, at, end)
        ):  # a script's own marks mean nothing inside of these
            at = min(self._inline(found), end)
            fill = b" " if (found.lastgroup or "").startswith("comment") else b"_"
            inside[found.start() - start : at - start] = NOT_A_BREAK.sub(
                fill, self.data[found.start() : at]
            )
        if name == b"style":
            self._add(code.remarks(bytes(inside), code.SCSS), start)
        elif name == b"script" and not NO_SCRIPT.search(self.data, head, start):
            dialect = "typescript" if TYPED.search(self.data, head, start) else "javascript"
            self._add(scripts.remarks(bytes(inside), dialect), start)
        return end

    def _inline(self, found: re.Match[bytes]) -> int:
        """Past a comment or an island of the template language; past its mark if it never ends."""
        kind, number = (found.lastgroup or "")[:-2], int((found.lastgroup or "00")[-2:])
        if kind == "comment":
            closing = self._closing(self.openings.comments[number][1], found.end())
            if closing is not None:
                self.found.append(
                    Remark(found.start(), closing.end(), found.end(), closing.start())
                )
        else:
            (_, close), language = self.openings.islands[number]
            closing = self._closing(close, found.end())
            if closing is not None and language is not None:
                inside = self.data[found.end() : closing.start()]
                self._add(code.remarks(inside, language), found.end())
        return found.end() if closing is None else max(closing.end(), found.end())

    def _end_of_fence(self, found: re.Match[bytes]) -> int:
        """An example of a document ends with marks like those that began it, or never."""
        mark = found["fence"].strip()[:1]
        count = len(found["fence"].strip()) - len(found["fence"].strip().lstrip(mark))
        closing = self._closing(
            b"(?m:^[ \t]*+%s{%d,}[ \t]*\r?$)" % (mark, min(count, LONGEST_MARK)), found.end()
        )
        return len(self.data) if closing is None else closing.end()

    def _end_of_span(self, found: re.Match[bytes]) -> int:
        if len(found["span"]) > LONGEST_MARK:
            return found.end()
        if found.end() > self.paragraph:
            blank = self.data.find(b"\n\n", found.end())
            self.paragraph = len(self.data) if blank < 0 else blank
            self.unclosed = {each for each in self.unclosed if b"`" not in each}
        closing = self._closing(b"(?<!`)%s(?!`)" % found["span"], found.end(), self.paragraph)
        return found.end() if closing is None else closing.end()

    def _closing(self, pattern: bytes, at: int, end: int | None = None) -> re.Match[bytes] | None:
        if pattern in self.unclosed:
            return None
        found = _compiled(pattern).search(self.data, at, len(self.data) if end is None else end)
        if found is None:
            self.unclosed.add(pattern)
        return found

    def _add(self, inner: Iterable[Remark], base: int) -> None:
        self.found.extend(each.moved(base) for each in inner)


@cache
def _openings(engine: str) -> _Openings:
    own, islands = PAIRS.get(engine, ()), ISLANDS.get(engine, ())
    comments = (*own, HTML)
    # The comments first: `{{!--` is more than `{{`.
    inline = [rb"(?P<comment%02d>%s)" % each for each in _opens(own)]
    inline += [rb"(?P<island%02d>%s)" % each for each in _opens([pair for pair, _ in islands])]
    html = rb"(?P<comment%02d>%s)" % (len(own), HTML[0])
    text = [*inline, html, TAG, *([EXAMPLE] if engine == "markdown" else [])]
    return _Openings(
        re.compile(b"|".join(text)),
        re.compile(b"|".join((*inline, VALUE, END))),
        {quote: re.compile(b"|".join((*inline, b"(?P<end>%s)" % quote))) for quote in (b'"', b"'")},
        re.compile(b"|".join(inline)) if inline else None,
        comments,
        islands,
    )


def _opens(pairs: Iterable[Pair]) -> list[tuple[int, bytes]]:
    return [(number, opening) for number, (opening, _) in enumerate(pairs)]


_compiled = cache(re.compile)
