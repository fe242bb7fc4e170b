"""Puts decisions into a configuration file; its comments and its order stay as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import tomlkit
from tomlkit.items import Table

from analyzer.decisions.deciding import Entry
from analyzer.policy.positions import At, positions

HEAD = (
    "# What your organisation knows and decides about the trackers on its site.\n"
    "# trackerlint reads this file for everything below its folder.\n"
)
SELECTORS = ("vendor", "vendors", "company", "paths", "on", "tags")  # of an exception, beside rules


@dataclass(frozen=True, slots=True)
class Amended:
    """A configuration with the decisions in it, and how many blocks came and changed."""

    text: str
    added: int
    changed: int


def amended(text: str, entries: Iterable[Entry], table: Sequence[str] = ()) -> Amended:
    """The text with the entries; `table` is where the configuration stands in a shared file.

    An entry that is there already is changed where it says something else.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    added: list[Entry] = []
    changed = 0
    for entry in entries:
        way = (*table, entry.table)
        number = _same(_listed(text, way), entry)
        if number is None and (way not in positions(text) or _has_header(text, way)):
            added.append(entry)
            continue
        before = text
        text = _with(text, way, number, entry)
        changed += text != before
    blocks = [_block(entry, table) for entry in added]
    if blocks:
        whole = text if text.strip() else HEAD
        text = "\n".join((whole if whole.endswith("\n") else f"{whole}\n", *blocks))
    return Amended(text.replace("\n", ends), len(added), changed)


# ---------------------------------------------------------------- one piece of the file


def _with(text: str, way: tuple[str, ...], number: int | None, entry: Entry) -> str:
    """The text with one block changed, or with one more in a list that stands in braces.

    Only the piece between two headings is parsed and written anew: the file as a whole would come
    back with blocks of one kind side by side, wherever they stood.
    """
    headed = number is not None and _has_header(text, way)
    found = positions(text)
    at = found[(*way, number)] if number is not None and headed else found[way]
    heads = _heads(text, found)
    start = max((head for head in heads if head <= at), default=0)
    end = min((head for head in heads if head > at), default=len(text))
    piece = tomlkit.parse(text[start:end])
    listed: Any = piece
    for name in way:
        listed = listed[name]
    if number is None:
        listed.append(_filled(tomlkit.inline_table(), entry))
    else:
        _change(listed[0 if headed else number], entry)
    return text[:start] + tomlkit.dumps(piece) + text[end:]


def _listed(text: str, way: Sequence[str]) -> list[dict[str, Any]]:
    """The blocks of one kind that the text has."""
    found: Any = tomllib.loads(text)
    for name in way:
        found = found.get(name, {})
    return list(found)


def _has_header(text: str, way: tuple[str, ...]) -> bool:
    """Are the blocks written with headings, and not in braces?"""
    at = positions(text).get((*way, 0))
    return at is not None and text.startswith("[[", at)


def _heads(text: str, found: Mapping[At, int]) -> list[int]:
    """Where the headings of tables stand."""
    values = tomllib.loads(text)
    heads = []
    for way, at in found.items():
        value: Any = values
        for step in way:
            value = value[step]
        if isinstance(value, dict) and text.startswith("[", at):
            heads.append(at)
    return heads


def _same(blocks: Sequence[Mapping[str, Any]], entry: Entry) -> int | None:
    """The number of the block that says this already, perhaps with another reason or day."""
    if entry.table == "agreements":
        return next((at for at, each in enumerate(blocks) if _is_paper(each, entry)), None)
    alike = [at for at, each in enumerate(blocks) if _selectors(each) == _wanted(entry)]
    return max(
        alike,
        key=lambda at: len(set(blocks[at].get("rules", ())) & set(entry.rules)),
        default=None,
    )


def _is_paper(block: Any, entry: Entry) -> bool:
    about = dict(entry.about)
    if block.get("document") != about["document"]:
        return False
    vendors = {block.get("vendor"), *block.get("vendors", ())}
    company = str(block.get("company", "")).lower()
    return about["vendor"] in vendors or (bool(company) and company == entry.company.lower())


def _selectors(block: Any) -> dict[str, tuple[str, ...]]:
    """Of what an exception speaks, however it is written."""
    said: dict[str, tuple[str, ...]] = {}
    for name in SELECTORS:
        value = block.get(name)
        if value:
            texts = (str(value),) if isinstance(value, str) else tuple(map(str, value))
            said[name] = tuple(sorted(_bare(name, text) for text in texts))
    vendors = (*said.pop("vendors", ()), *said.pop("vendor", ()))
    if vendors:
        said["vendor"] = vendors
    return said


def _wanted(entry: Entry) -> dict[str, tuple[str, ...]]:
    return _selectors(dict(entry.about))


def _bare(name: str, text: str) -> str:
    """A path of a file in some folder is the same with and without `./`."""
    bare = text.removeprefix("./")
    return bare if name == "paths" and "/" in bare else text


def _change(block: Any, entry: Entry) -> None:
    rules = block.get("rules")
    if rules:  # a block without rules accepts all of them
        for name in entry.rules:
            if name not in rules:
                rules.append(name)
    for name, value in entry.values:
        if value is None or value == "":
            if entry.table == "ignore" and name in block:
                del block[name]
        elif block.get(name) != value:
            if name in block or not isinstance(block, Table):
                block[name] = value
            else:
                _put(block, name, value)


def _put(block: Table, name: str, value: str | date) -> None:
    """A new key, after the last one: a comment below that belongs to what follows."""
    body = block.value.body
    rest = []
    while body and body[-1][0] is None:
        rest.append(body.pop())
    block[name] = value
    body.extend(reversed(rest))


def _block(entry: Entry, table: Sequence[str]) -> str:
    """A new block as text."""
    lines = tomlkit.dumps(_filled(tomlkit.table(), entry)).strip()
    return f"[[{'.'.join((*table, entry.table))}]]\n{lines}\n"


def _filled(block: Any, entry: Entry) -> Any:
    for name, value in _pairs(entry):
        block[name] = list(value) if isinstance(value, tuple) else value
    return block


def _pairs(entry: Entry) -> Iterator[tuple[str, Any]]:
    if entry.rules:
        yield "rules", list(entry.rules)
    yield from entry.about
    yield from ((name, value) for name, value in entry.values if value not in (None, ""))
