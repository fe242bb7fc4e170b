"""ERB, Rails' own template language: <%= output %>, <% statement %>, <%# comment %>."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.engines._flat import Flat
from analyzer.engines._ruby_engine import ruby_engine
from analyzer.engines._ruby_tags import RubyTags

TAG = re.compile(rb"<%(?P<literal>%)?(?P<sign>#|[-=]?=|-)?")
CLOSE = re.compile(rb"-?%>")


def rewrite(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The template with each of its tags in the notation that all Ruby templates share."""
    flat = Flat(data)
    write_erb(flat, RubyTags(flat), 0, len(data))
    return flat.done()


def write_erb(flat: Flat, tags: RubyTags, start: int, end: int) -> None:
    """A stretch of ERB; a tag that never closes is left as it stands."""
    data, at = flat.data, start
    while (found := TAG.search(data, at, end)) is not None:
        flat.keep(at, found.start())
        if found["literal"]:
            flat.write(b"<%", found.start())
            at = found.end()
            continue
        close = CLOSE.search(data, found.end(), end)
        if close is None:
            at = found.start()
            break
        sign = found["sign"] or b""
        if sign == b"#":
            flat.blank(found.start(), close.end())
        else:
            code = (found.end(), close.start())
            tags.code(found.start(), close.end(), code, sign.endswith(b"="))
        at = close.end()
    flat.keep(at, end)


ENGINE = ruby_engine("erb", (".erb", ".rhtml"), rewrite)
