"""Elixir: the packages that a mix.exs asks for, and the mix.lock that stands without one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Fact, Source
from analyzer.parse.manifests.located import package
from analyzer.parse.manifests.names import is_development

TEXT_OR_COMMENT = re.compile(rb'"(?:\\.|[^"\\])*+"|#[^\n]*')
ASKS = re.compile(rb"^[ \t]*defp?[ \t]+deps\b", re.M)
ENDS = re.compile(rb"^[ \t]*(?:defp?|defmodule|@\w+)\b", re.M)
ASKED = re.compile(rb"\{\s*:(\w+)\s*,([^{}]*)\}")
ONLY = re.compile(rb"\bonly:\s*(\[[^\]]*\]|:\w+)")
BY_ANOTHER_NAME = re.compile(rb"\bhex:\s*:(\w+)")
LOCKED = re.compile(rb'^[ \t]*"(\w+)":[ \t]*\{:\w+,([^\n]*)', re.M)
NEEDED = re.compile(rb"\{:(\w+),[^{}]*\boptional: false")


def manifest(source: Source) -> Iterator[Fact]:
    """The packages of a project, but those for development and tests only."""
    data = TEXT_OR_COMMENT.sub(_without_comment, source.data)
    for begin in ASKS.finditer(data):
        end = ENDS.search(data, begin.end())
        for each in ASKED.finditer(data, begin.end(), end.start() if end else len(data)):
            if not _is_for_developers(each[2]):
                named = BY_ANOTHER_NAME.search(data, each.start(2), each.end(2))
                start, stop = each.span(1)
                name = (named or each)[1].decode("utf-8", "replace")
                yield package(source, "hex", name, start, stop)


def lock(source: Source) -> Iterator[Fact]:
    """The packages of a mix.lock that no other package of it needs."""
    entries = list(LOCKED.finditer(source.data))
    needed = {each[1] for entry in entries for each in NEEDED.finditer(entry[2])}
    for entry in entries:
        if entry[1] not in needed:
            yield package(source, "hex", entry[1].decode("utf-8", "replace"), *entry.span(1))


def _without_comment(found: re.Match[bytes]) -> bytes:
    return b" " * len(found[0]) if found[0].startswith(b"#") else found[0]


def _is_for_developers(options: bytes) -> bool:
    """Is it left out of what runs: `only: :dev`, `only: [:dev, :test]`?"""
    only = ONLY.search(options)
    names = re.findall(rb":(\w+)", only[1]) if only else []
    return bool(names) and all(is_development(each.decode("latin-1")) for each in names)
