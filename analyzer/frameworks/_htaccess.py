"""Apache's rewrite rules: which addresses lead to which files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks import folder_of, joined
from analyzer.model import Fact, Source

READS = r"(?:^|/)\.htaccess$"
RULE = re.compile(
    rb"^[ \t]*RewriteRule[ \t]+(?:\"(?P<quoted>[^\"\r\n]*)\"|(?P<bare>\S+))[ \t]+"
    rb"(?P<target>\S+)(?:[ \t]+\[(?P<flags>[^\]\r\n]*)\])?",
    re.I | re.M,
)
BASE = re.compile(rb"^[ \t]*RewriteBase[ \t]+(\S+)", re.I | re.M)
SENDS_ON = re.compile(
    r"(?:^|,)\s*(?:R(?:=\d+)?|redirect(?:=\d+)?|F|G|forbidden|gone)\s*(?:,|$)", re.I
)
OPTIONAL_END = re.compile(r"(?:\(?\[?/\]?\?\)?|/\?|\(/\.\*\)\?|\(\[/\]\?\))$")
FILE = re.compile(r"^/?(?P<path>[^?#%$]+\.(?:php|phtml|html?|shtml))(?:[?#].*)?$", re.I)
MOST_RULES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite(Fact):
    """An address below the folder of the rules, and the file that answers it."""

    pattern: str
    target: str


def read(source: Source) -> Iterator[Rewrite]:
    """The rules that lead to a file of the site, as addresses with `*` for what varies."""
    base = BASE.search(source.data)
    for number, found in enumerate(RULE.finditer(source.data)):
        if number >= MOST_RULES:
            return
        written = (found["quoted"] or found["bare"] or b"").decode("utf-8", "replace")
        target = FILE.match(found["target"].decode("utf-8", "replace"))
        if target is None or SENDS_ON.search((found["flags"] or b"").decode("latin-1")):
            continue
        pattern = address(written)
        if pattern is None:
            continue
        mounted = joined(base[1].decode("latin-1") if base else "", pattern)
        yield Rewrite(
            place=source.place(*found.span()),
            pattern=mounted,
            target=folder_of(source.path) + target["path"].lstrip("./"),
        )


def address(written: str) -> str | None:
    """A rule's expression as an address; None where it is no address but a catch for all."""
    text = written.removeprefix("^").removesuffix("$")
    text = OPTIONAL_END.sub("", text.lstrip("/"))
    if text in (".*", ".", "(.*)", "(.+)", ".+", ".?", "index\\.php"):
        return None
    text = re.sub(r"\((?:\?:)?[^()]*\)[*+?]?|\[[^\]]*\][*+?]?|\\[dw][*+]?|\.[*+]", "*", text)
    text = re.sub(r"\*[*]+", "*", text.replace("\\", ""))
    return "/" + text if re.fullmatch(r"[\w/.*~%-]*", text) else None
