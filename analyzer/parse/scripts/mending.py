"""What the grammars take for errors though it is right: put out of their way, byte for byte.

Each of these is replaced by as many bytes that mean nothing, so that no offset moves. They are only
tried where a script has errors, and kept where it has fewer then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Replace = Callable[[re.Match[bytes]], bytes]
SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
WITH_TAGS = frozenset({"javascript", "tsx"})
TYPED = frozenset({"typescript", "tsx"})


def _blank(found: re.Match[bytes]) -> bytes:
    """Spaces in its place; lines stay."""
    return re.sub(rb"[^\n]", b" ", found[0])


def _underscores(found: re.Match[bytes]) -> bytes:
    return b"_" * len(found[0])


@dataclass(frozen=True, slots=True)
class Mend:
    """A piece of right code that a grammar does not know; `word` is always in it."""

    word: bytes
    pattern: re.Pattern[bytes]
    replace: Replace = _blank
    dialects: frozenset[str] = SCRIPTS


MENDS = (
    # `Terms & Conditions` between tags
    Mend(b"&", re.compile(rb"(?<!&)&(?![&=]|#?\w+;)"), _underscores, WITH_TAGS),
    # <this.Layout>
    Mend(b"<this.", re.compile(rb"(?<=<)this(?=\.\w)"), _underscores, WITH_TAGS),
    Mend(b"</this.", re.compile(rb"(?<=</)this(?=\.\w)"), _underscores, WITH_TAGS),
    # class A { accessor name = 1 }
    Mend(b"accessor", re.compile(rb"(?<=[\s;{}])accessor(?=[ \t]+[\w$#\[])")),
    # import defer * as later from "./later.js"
    Mend(b"defer", re.compile(rb"(?<=import )defer(?=\s+\*)")),
    Mend(b"source", re.compile(rb"(?<=import )source(?=\s+[\w$]+\s+from\b)")),
    # ... from "./data.json" with { type: "json" }
    Mend(
        b"type",
        re.compile(rb"""(?<=["'])\s*+\b(?:with|assert)\s*+\{\s*+type\s*+:[^{}\n]{1,99}\}"""),
    ),
    # export type * from "./types"
    Mend(b"type", re.compile(rb"(?<=export )type(?=\s+\*)"), _blank, TYPED),
    # interface Box<in out T>
    Mend(
        b"out ",
        re.compile(rb"(?<=[<,] )(?:in )?out(?= \w)|(?<=<)(?:in )?out(?= \w)"),
        _blank,
        TYPED,
    ),
    # let a: import("./types").Box<string>
    Mend(
        b"import(",
        re.compile(rb"""\bimport\(\s*["'][^"'\n]{1,200}["']\s*\)\.(?=[A-Z]\w*<)"""),
        _underscores,
        TYPED,
    ),
)
FLOW = re.compile(rb"@flow\b")
FLOW_MENDS = (
    Mend(b"?", re.compile(rb"(?<=[:<|(,=])\s*\?(?=[\w{(\[$])")),
    Mend(b"|", re.compile(rb"(?<=\{)\||\|(?=\})")),
    Mend(b":", re.compile(rb"(?<=[{,\n])(\s*)[+-](?=\w+\??:)")),
    Mend(b"opaque", re.compile(rb"\bopaque(?= type\b)")),
    Mend(b"typeof", re.compile(rb"(?<=import )typeof(?= )"), lambda found: b"type  "),
    Mend(b":", re.compile(rb"(?<=[\w\])]):\s{0,9}[\w.]+(?:<[\w, ]*>)?(?=\)(?!\s*(?:=>|:|\{|%)))")),
)
LARGEST = 2 * 1024 * 1024  # bytes of a script that is worth a second try
BEGINNING = 4_000  # bytes in which a script says that it is written with Flow's types


def mended(data: bytes, dialect: str) -> tuple[bytes, str] | None:
    """The script without what its grammar does not know, and the dialect to read it in; None where
    there is nothing of that.
    """
    if len(data) > LARGEST:
        return None
    mends: tuple[Mend, ...] = MENDS
    instead = dialect
    if dialect == "javascript" and FLOW.search(data, 0, BEGINNING):
        mends, instead = (*MENDS, *FLOW_MENDS), "tsx"
    new = data
    for each in mends:
        tags = each.dialects is not WITH_TAGS or b"</" in data or b"/>" in data
        if instead in each.dialects and each.word in data and tags:
            new = each.pattern.sub(each.replace, new)
    return None if new == data and instead == dialect else (new, instead)
