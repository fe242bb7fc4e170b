"""Liquid's tags that are more than tags: a section's script, many statements in one, and cases."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.engines._flat import Flat

TAG = re.compile(rb"\{%-?\s*(?P<word>\w+)\s*(?P<rest>(?:[^%]|%(?!\}))*+)%\}")
SPECIAL = re.compile(
    rb"\{%-?\s*(?:liquid|case|when|else|endcase|if|endif|unless|endunless|for|endfor|javascript"
    rb"|endjavascript|sections?)\b"
)
VERBATIM = re.compile(rb"\{%-?\s*(?P<word>comment|raw|schema)\b")
LINE = re.compile(rb"[^\n]+")
DEEPEST = 200  # conditions inside of each other


def flat(data: bytes) -> tuple[bytes, Sequence[int]]:
    """Each case as ifs, each line of a liquid tag as a tag, the script of a section as an element,
    and a section as an include of its file.
    """
    return _Flattening(data).result()


class _Flattening:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.flat = Flat(data)
        self.cases: list[bytes | None] = []  # the subject of each open case, None for other words
        self.turned: list[bool] = []  # whether a case has had a branch
        self.last = data.rfind(b"%}")  # behind it no tag is closed
        self.unclosed: set[bytes] = set()

    def result(self) -> tuple[bytes, Sequence[int]]:
        at = 0
        while found := SPECIAL.search(self.data, at):
            hidden = VERBATIM.search(self.data, at, found.start())
            if hidden is not None and (end := self._end_of(hidden)) > found.start():
                self.flat.keep(at, end)
                at = end
                continue
            tag = TAG.match(self.data, found.start()) if found.start() < self.last else None
            if tag is None:
                self.flat.keep(at, found.end())
                at = found.end()
                continue
            self.flat.keep(at, tag.start())
            self._tag(tag)
            at = tag.end()
        self.flat.keep(at, len(self.data))
        return self.flat.done()

    def _end_of(self, hidden: re.Match[bytes]) -> int:
        """Where a comment or another text ends that holds no tags."""
        word = hidden["word"]
        if word in self.unclosed:
            return -1
        closing = re.compile(rb"\{%%-?\s*end%s\b" % word).search(self.data, hidden.end())
        if closing is None:
            self.unclosed.add(word)
            return -1
        return closing.start()

    def _tag(self, tag: re.Match[bytes]) -> None:
        word, start, end = tag["word"], tag.start(), tag.end()
        match word:
            case b"javascript":
                self.flat.write(b"<script>", start)
            case b"endjavascript":
                self.flat.write(b"</script>", start)
            case b"liquid":
                for line in LINE.finditer(self.data, tag.start("rest"), self._inner_end(tag)):
                    self._statement(*line.span())
                    self.flat.write(b"\n", line.end())
            case b"section" | b"sections":
                self._statement(tag.start("word"), self._inner_end(tag), (start, end))
            case _:
                if not self._branch(word, tag.start("rest"), self._inner_end(tag), start):
                    self.flat.keep(start, end)

    def _inner_end(self, tag: re.Match[bytes]) -> int:
        end = tag.end("rest")
        return end - 1 if self.data[end - 1 : end] == b"-" else end

    def _statement(self, start: int, end: int, whole: tuple[int, int] | None = None) -> None:
        """One statement of a tag or of a line."""
        text = self.data[start:end]
        stripped = text.strip()
        if not stripped or stripped.startswith(b"#"):
            return
        start += len(text) - len(text.lstrip())
        word, _, rest = stripped.partition(b" ")
        if self._branch(word, start + len(word), start + len(stripped), start):
            return
        name = rest.strip().split(b",")[0].strip(b"\"' ")
        from_, to = whole or (start, end)
        if word in (b"section", b"sections") and re.fullmatch(rb"[\w-]+", name):
            suffix = b".liquid" if word == b"section" else b".json"
            self.flat.write(b'{% include "sections/' + name + suffix + b'" ', from_)
        else:
            self.flat.write(b"{% ", from_)
            self.flat.keep(start, start + len(stripped))
        self.flat.write(b" %}", max(from_, to - 1))

    def _branch(self, word: bytes, start: int, end: int, at: int) -> bool:
        """A word of a case, written as a condition; False for every other word."""
        if word == b"case" and len(self.cases) < DEEPEST:
            self.cases.append(self.data[start:end].strip())
            self.turned.append(False)
            return True
        if word in (b"if", b"unless", b"for") and len(self.cases) < DEEPEST:
            self.cases.append(None)
            self.turned.append(False)
        elif word in (b"endif", b"endunless", b"endfor") and self.cases and self.cases[-1] is None:
            self.cases.pop()
            self.turned.pop()
        subject = self.cases[-1] if self.cases else None
        if subject is None:
            return False
        if word == b"when":
            self.flat.write(b"{% elsif " if self.turned[-1] else b"{% if ", at)
            self.flat.write(subject + b" is ", at)
            self.flat.keep(start, end)
            self.flat.write(b" %}", end)
            self.turned[-1] = True
            return True
        if word == b"endcase":
            self.cases.pop()
            if self.turned.pop():
                self.flat.write(b"{% endif %}", at)
            return True
        return word == b"else" and not self.turned[-1]
