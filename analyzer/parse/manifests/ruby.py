"""Ruby's own words: Gemfile and gemspec, and CocoaPods' Podfile and podspec, which are Ruby too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.model import Fact, Source
from analyzer.parse.manifests.located import package
from analyzer.parse.manifests.names import is_development
from analyzer.parse.server.code import Code
from analyzer.parse.server.languages import RUBY
from analyzer.parse.server.layout import Stretch

OPENS = frozenset(
    {"do", "def", "if", "unless", "case", "begin", "while", "until", "class", "module"}
)
GROUP_KEYS = frozenset({"group", "groups", "configuration", "configurations"})
LOCKED = re.compile(rb"^  ([\w.+/-]+)!?(?: \(|$)", re.M)
LOCKED_POD = re.compile(rb"^  - \"?([\w.+/-]+)", re.M)


@dataclass(frozen=True, slots=True)
class Block:
    """A block that is open: the word that made it, and the names it was given."""

    word: str
    names: tuple[str, ...] = ()


def gemfile(source: Source) -> Iterator[Fact]:
    """The gems that are used outside of development and tests."""
    yield from _asked(source, "gem", frozenset({"gem"}))


def gemspec(source: Source) -> Iterator[Fact]:
    """The gems that a gem needs when it runs."""
    yield from _asked(source, "gem", frozenset({"add_dependency", "add_runtime_dependency"}))


def podfile(source: Source) -> Iterator[Fact]:
    """The pods of an app's targets; those of its tests are left out."""
    yield from _asked(source, "cocoapods", frozenset({"pod"}))


def podspec(source: Source) -> Iterator[Fact]:
    """The pods that a pod needs."""
    yield from _asked(source, "cocoapods", frozenset({"dependency"}))


def gemfile_lock(source: Source) -> Iterator[Fact]:
    """What a project itself asks for, as its lock file lists it."""
    yield from _section(source, "gem", rb"^DEPENDENCIES\r?\n((?: .*(?:\n|\Z))*)", LOCKED)


def podfile_lock(source: Source) -> Iterator[Fact]:
    """The pods that an app itself asks for, as its lock file lists them."""
    yield from _section(source, "cocoapods", rb"^DEPENDENCIES:\r?\n((?: .*(?:\n|\Z))*)", LOCKED_POD)


def _section(
    source: Source, ecosystem: str, section: bytes, line: re.Pattern[bytes]
) -> Iterator[Fact]:
    found = re.search(section, source.data, re.M)
    if found is not None:
        for each in line.finditer(source.data, found.start(1), found.end(1)):
            yield package(
                source, ecosystem, each[1].decode("utf-8", "replace"), each.start(1), each.end(1)
            )


def _asked(source: Source, ecosystem: str, words: frozenset[str]) -> Iterator[Fact]:
    """The literal first argument of each of the words, outside of blocks for developers."""
    code = Code(source.data, RUBY)
    blocks: list[Block] = []
    for number, token in enumerate(code.tokens):
        if token.kind != "word":
            continue
        if token.text == "end" and blocks and code.text(number - 1) not in code.language.members:
            blocks.pop()
        elif (
            token.text in OPENS
            and code.text(number + 1) != ":"
            and (token.text == "do" or token.fresh or code.text(number - 1) in ("=", "("))
        ):
            blocks.append(_block(code, number) if token.text == "do" else Block(token.text))
        elif token.text in words and not any(_is_for_developers(each) for each in blocks):
            at = number + 1 + (code.text(number + 1) == "(")
            name = (
                code.name_at(at) if at < len(code.tokens) and code.tokens[at].kind == "text" else ""
            )
            if name and not _is_for_developers(_options(code, at)):
                yield package(source, ecosystem, name, code.tokens[at].start, code.tokens[at].end)


def _block(code: Code, do: int) -> Block:
    """What stands before a `do`, on its line."""
    start = do
    while start > 0 and not code.tokens[start].fresh:
        start -= 1
    names = tuple(name for at in range(start + 1, do) if (name := _plain(code, at)))
    return Block(
        code.word(start)
        if code.text(start + 1) not in code.language.members
        else code.word(start + 2),
        names,
    )


def _options(code: Code, at: int) -> Block:
    """The groups beside a name: `group: :test`, `:configurations => ["Debug"]`."""
    end = code.statement_end(at)
    for arg in code.split(Stretch(at, end)):
        if arg.key in GROUP_KEYS:
            return Block(
                "group",
                tuple(name for inner in range(arg.start, arg.end) if (name := _plain(code, inner))),
            )
    return Block("")


def _plain(code: Code, at: int) -> str:
    """A symbol's or a text's words."""
    token = code.tokens[at]
    if token.kind == "text":
        return token.value if isinstance(token.value, str) else ""
    return token.text if token.kind == "word" and code.text(at - 1) == ":" else ""


def _is_for_developers(block: Block) -> bool:
    match block.word:
        case "group":
            names = [name for each in block.names for name in each.split()]
            return bool(names) and all(is_development(name) for name in names)
        case "target" | "abstract_target":
            return any(re.search(r"(?i)tests?$", name) for name in block.names)
        case "test_spec":
            return True
    return False
