"""What PHP files say to frameworks: calls, includes, constants, classes and headers, as facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from analyzer.engines import Engine, engine_of
from analyzer.model import FRAGMENT, Fact, Skip, Source
from analyzer.parse.markup import comments
from analyzer.parse.mask import flattened, mask
from analyzer.parse.template import lies_in, structure_of

READS = r"\.(?:php|phtml|inc|tpl)$"
NOT_OURS = (".blade.php",)
# WordPress itself and installed packages call nothing of the site's own
LIBRARIES = re.compile(r"(?:^|/)(?:vendor|wp-admin|wp-includes|node_modules)/")
SHOWS = frozenset({"call", "include", "view"})  # what in a comment of the markup runs nowhere
HEAD = 8192  # bytes in which WordPress looks for a file's header
HEADER = re.compile(
    rb"^(?:[ \t]*<\?php)?[ \t/*#@]*(?P<name>Template Name|Plugin Name|Slug):[ \t]*"
    rb"(?P<value>[^\r\n]+?)[ \t]*(?:\*/[^\r\n]*|\?>[^\r\n]*)?$",
    re.M,
)
Part: TypeAlias = tuple[str, str]
Parts: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhpNote(Fact):
    """One thing that a PHP file says.

    `kind` is call, include, view, extend, define, class, prints, login or header; `name` is what is
    called or defined. `values` are the arguments, each with the values that it may have; a value
    is a list of parts as the PHP engine describes them.
    """

    kind: str
    name: str = ""
    values: tuple[tuple[Parts, ...], ...] = ()

    @property
    def function(self) -> str:
        """The function that the note stands in, or an empty text."""
        inside = [name for name in self.blocks if name.startswith(FRAGMENT)]
        return inside[-1].removeprefix(FRAGMENT) if inside else ""

    @property
    def value(self) -> Parts:
        """The one value of an include or a constant."""
        return self.values[0][0] if self.values and self.values[0] else ()

    def text(self, number: int) -> str:
        """An argument that is one text for certain, else an empty text."""
        texts = self.texts(number)
        return texts[0] if len(texts) == 1 else ""

    def texts(self, number: int) -> tuple[str, ...]:
        """The texts that an argument may be."""
        values = self.values[number] if number < len(self.values) else ()
        return tuple(value[0][1] for value in values if len(value) == 1 and value[0][0] == "text")


def read(source: Source) -> Iterator[Fact | Skip]:
    """The notes of one file."""
    if source.path.lower().endswith(NOT_OURS) or LIBRARIES.search(source.path):
        return
    engine = engine_of(source.path, source.data)
    if engine is None or engine.name != "php":
        return
    for found in HEADER.finditer(source.data, 0, HEAD):
        yield PhpNote(
            place=source.place(*found.span()),
            kind="header",
            name=found["name"].decode(),
            values=(((("text", found["value"].decode("utf-8", "replace")),),),),
        )
    yield from _notes(source, engine)


def _notes(source: Source, engine: Engine) -> Iterator[Fact]:
    """The comments in which the engine has left what is no markup, each said once."""
    flat = flattened(source, engine)
    if not flat.data:
        return
    masked = mask(flat.data, engine)
    structure = structure_of(masked, engine)
    seen: set[tuple[object, ...]] = set()
    hidden = list(comments(masked.data))
    for tag in masked.tags:
        if tag.kind != "comment" or not tag.text.startswith("{"):
            continue
        said = json.loads(tag.text)
        if said["n"] in SHOWS and lies_in(hidden, tag.start):
            continue
        note = structure.around(
            PhpNote(
                place=flat.place(tag.start, tag.end),
                kind=said["n"],
                name=said.get("f", "") or said.get("b", ""),
                values=_values(said),
            ),
            tag.start,
        )
        key = (note.kind, note.name, note.values, note.guards, note.blocks)
        if key not in seen:
            seen.add(key)
            yield note


def _values(said: dict[str, object]) -> tuple[tuple[Parts, ...], ...]:
    """JSON's lists as tuples, which can be compared and kept."""
    if "p" in said:
        return ((_parts(said["p"]),),)
    if "b" in said:
        return (((("text", str(said["b"])),),),)
    listed = said.get("a", ())
    assert isinstance(listed, (list, tuple))
    return tuple(tuple(_parts(value) for value in argument) for argument in listed)


def _parts(value: object) -> Parts:
    assert isinstance(value, (list, tuple))
    return tuple((str(kind), str(words)) for kind, words in value)
