"""Template languages as data: how each writes its tags, puts files together and states a condition.

A module in this folder that holds an `ENGINE` is a template engine; nothing else has to know.
Patterns are regular expressions on the text between a tag's marks, trimmed, and are matched at its
start. They speak through named groups: `target` a file, `name` a block, `condition` a condition,
`word` the word that opens, which a closing tag may repeat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from analyzer.plugins import names, one, remembered


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

    `suffixes` name its files; a suffix that plain HTML shares counts only where `hint` is found
    and nothing that the language is `unlike`, and of several engines the one whose `folders` fit
    the path, then the one with more `weight`.
    `roots` are folders in which a name is looked up, `spellings` how a name may stand on disk:
    `{name}` as written, `{folder}` and `{base}` its parts. `loads` are tags that write a script tag
    for each of their `scripts`. What `imports` fragments of a `target` file shows nothing until one
    is called, by its name among the `names` or behind the `alias`. What `embeds` a file puts the
    blocks inside of it in place of that file's. `prints` are statements that leave text behind, as
    an output does. `layout_discards` tells that a file which extends another one shows nothing but
    its blocks, `trailing_conditions` that `render x if y` is written. With `bare_names` a file is
    named without quotes, with `beside` a name that leads to a file from the folder of the one that
    asks means that file and no other. With `nearest` only one of several files of a name is meant,
    found by the first spelling that leads to any, and none whose path matches `overridden` while
    there is another. What is not found beside the file that asks is looked for in these folders of
    each folder above it that `climbs` names. Files of a language of `content` are pages where a
    generator makes them so, and documentation elsewhere.

    In an `exact` language a name means the first file that is found, in the application of the
    file that asks.

    `opens_fill` begins text for a place elsewhere, `opens_fragment` text that is shown where it is
    called, `place` is where fills of a `name` are shown, `calls` shows a fragment by `name`, of a
    `target` file where one is written. `outside` are tags that show what is in no file, each with
    the words for where it comes from. An `include` may name one `fragment` of its target, and a
    block that ends with its own tag holds something `inline`.

    `rewrite` turns the file into flat markup with these marks, for languages that are no markup
    or that write statements as attributes or by indentation: it returns the new bytes and for each
    of them, and for the end, the offset in the file. Everything else reads the new bytes.

    `uses` shows a component by its `name`, inside of the components `around` it; `expressions`
    tells that an output is a JavaScript expression, which may use the names of the file's scripts,
    `exports` that a script which imports the file shows it only where it uses that import.
    """

    name: str
    suffixes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    hint: bytes = b""
    unlike: bytes = b""
    folders: str = ""
    weight: int = 0
    rewrite: Callable[[bytes], tuple[bytes, Sequence[int]]] | None = None
    extends: str = ""
    include: str = ""
    imports: str = ""
    embeds: str = ""
    loads: str = ""
    opens_if: str = ""
    opens_unless: str = ""
    opens_block: str = ""
    opens_fill: str = ""
    opens_fragment: str = ""
    opens_other: str = ""
    otherwise: str = ""
    closes: str = ""
    keeps_parent: str = ""
    place: str = ""
    calls: str = ""
    outside: tuple[tuple[str, str], ...] = ()
    prints: str = ""
    verbatim: str = ""
    roots: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ("{name}",)
    layout_discards: bool = True
    trailing_conditions: bool = False
    bare_names: bool = False
    beside: bool = False
    climbs: tuple[str, ...] = ()
    exact: bool = False
    nearest: bool = False
    overridden: str = ""
    content: bool = False
    uses: str = ""
    expressions: bool = False
    exports: bool = False


PLAIN = Engine(name="html")
LEFT_OUT = "data-left-out"  # marks a script in rewritten markup that is shown nowhere
ON_SERVER = "data-on-server"  # marks a script in rewritten markup that no browser runs
UNFOLLOWED = "other"  # the engine whose includes and layouts nobody follows


@dataclass(frozen=True, slots=True)
class Face:
    """What must be known of an engine before a file needs its module."""

    module: str
    name: str
    suffixes: tuple[str, ...]
    hint: bytes
    unlike: bytes

    @property
    def engine(self) -> Engine:
        found: Engine = one("engines", self.module).ENGINE
        return found


def engine_of(path: str, data: bytes) -> Engine | None:
    """The engine that a file is written in, plain HTML included, or None where it is no markup."""
    low = path.lower()
    shared = low.endswith(PLAIN_SUFFIXES)
    fitting = [
        face.engine
        for face in _by_suffix(_suffix_key(low))
        if (end := _longest(face, low)) and (low[-end:] not in HINTED or _is_likely(face, data))
    ]
    if not fitting:
        return PLAIN if shared else None
    return max(fitting, key=lambda engine: _rank(engine, low, path))


def _is_likely(face: Face, data: bytes) -> bool:
    if face.unlike and re.search(face.unlike, data) is not None:
        return False
    return re.search(face.hint, data) is not None


def _rank(engine: Engine, low: str, path: str) -> tuple[int, bool, int]:
    """Of several engines: the longest suffix, then the folder, then the weight."""
    in_folder = bool(engine.folders) and re.search(engine.folders, path) is not None
    return _longest(engine, low), in_folder, engine.weight


def is_template(path: str) -> bool:
    """Is the file markup that a page may be made of, by its name?"""
    low = path.lower()
    return low.endswith(PLAIN_SUFFIXES) or any(
        _longest(face, low) for face in _by_suffix(_suffix_key(low))
    )


@cache
def faces() -> tuple[Face, ...]:
    """The engines of the folder, by name."""
    return remembered("engines") or tuple(
        Face(name, each.name, each.suffixes, each.hint, each.unlike)
        for name in names("engines")
        for each in (one("engines", name).ENGINE,)
    )


@cache
def engine_named(name: str) -> Engine:
    """The engine with this name; plain HTML where there is none."""
    return next((face.engine for face in faces() if face.name == name), PLAIN)


PLAIN_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
HINTED = (*PLAIN_SUFFIXES, ".tpl")  # suffixes that several languages share


@cache
def _by_suffix(last: str) -> tuple[Face, ...]:
    """The engines that know a last suffix."""
    return tuple(
        face for face in faces() if any(_suffix_key(suffix) == last for suffix in face.suffixes)
    )


def _suffix_key(path: str) -> str:
    """The last suffix of a path, by which engines are looked up."""
    return path[path.rfind(".") :] if "." in path else ""


def _longest(engine: Engine | Face, path: str) -> int:
    return max((len(suffix) for suffix in engine.suffixes if path.endswith(suffix)), default=0)
