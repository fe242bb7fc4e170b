"""Template languages as data: how each writes its tags, puts files together and states a condition.

A module in this folder that holds an `ENGINE` is a template engine; nothing else has to know.
Patterns are regular expressions on the text between a tag's marks, trimmed, and are matched at its
start. They speak through named groups: `target` a file, `name` a block, `condition` a condition,
`word` the word that opens, which a closing tag may repeat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from analyzer.plugins import modules


@dataclass(frozen=True, slots=True)
class Mark:
    """How one sort of tag is written: kind is output, statement or comment.

    `open` and `close` are regular expressions on bytes. An output leaves a value behind, the
    others leave nothing.
    """

    open: bytes
    close: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Engine:
    """One template language.

    `suffixes` name its files; a suffix that plain HTML shares counts only where `hint` is found.
    `roots` are folders in which a name is looked up, `spellings` how a name may stand on disk:
    `{name}` as written, `{folder}` and `{base}` its parts. `loads` are tags that write
    a script tag for each of their `scripts`. What `brings` macros of another file counts
    wherever it stands, also where a layout's page shows nothing else. `prints` are
    statements that leave text behind, as an output does. `layout_discards` tells that a file which
    extends another one shows nothing but its blocks, `trailing_conditions` that `render x if y` is
    written.
    """

    name: str
    suffixes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    hint: bytes = b""
    extends: str = ""
    include: str = ""
    brings: str = ""
    loads: str = ""
    opens_if: str = ""
    opens_unless: str = ""
    opens_block: str = ""
    opens_other: str = ""
    otherwise: str = ""
    closes: str = ""
    keeps_parent: str = ""
    prints: str = ""
    verbatim: str = ""
    roots: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ("{name}",)
    layout_discards: bool = True
    trailing_conditions: bool = False


PLAIN = Engine(name="html")
UNFOLLOWED = "other"  # the engine whose includes and layouts nobody follows


def engine_of(path: str, data: bytes) -> Engine | None:
    """The engine that a file is written in, plain HTML included, or None where it is no markup."""
    low = path.lower()
    shared = low.endswith(PLAIN_SUFFIXES)
    for engine in sorted(all_engines(), key=lambda each: -_longest(each, low)):
        if not _longest(engine, low):
            break
        if not shared or re.search(engine.hint, data):
            return engine
    return PLAIN if shared else None


def is_template(path: str) -> bool:
    """Is the file markup that a page may be made of, by its name?"""
    low = path.lower()
    return low.endswith(PLAIN_SUFFIXES) or any(_longest(engine, low) for engine in all_engines())


@cache
def all_engines() -> tuple[Engine, ...]:
    """Every engine of the folder, by name."""
    return tuple(module.ENGINE for module in modules("engines"))


@cache
def engine_named(name: str) -> Engine:
    """The engine with this name; plain HTML where there is none."""
    return next((engine for engine in all_engines() if engine.name == name), PLAIN)


PLAIN_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".vue", ".svelte", ".astro")


def _longest(engine: Engine, path: str) -> int:
    return max((len(suffix) for suffix in engine.suffixes if path.endswith(suffix)), default=0)
