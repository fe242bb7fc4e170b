"""What is wrong with a configuration, and what to write instead, each in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from analyzer.policy.positions import At

# What the standard reader says, and what helps.
SYNTAX = (
    ("Invalid date or datetime", "this day does not exist; write a day as 2027-01-31"),
    ("Cannot overwrite a value", "this key is here twice; keep one"),
    (
        "Cannot declare",
        "this table is here twice; keep one, or write [[...]] for a block of a list",
    ),
    ("Cannot mutate immutable namespace", "this table is here twice; keep one"),
    ("Illegal character", "the text does not end on its line; close it with a quote"),
    ("Unterminated string", "a text does not end; close it with a quote"),
    ("Unescaped '\\'", "a backslash needs another one in a text; write / between folders"),
    ("Invalid hex value", "a backslash needs another one in a text; write / between folders"),
    ("Unclosed array", "a list does not end; close it with ]"),
    ("Unclosed inline table", "a table does not end; close it with }"),
    ("Expected '=' after a key", "there is no = after this name; write name = value"),
    (
        "Expected ']' at the end of a table declaration",
        "the name of the table does not end; write [name]",
    ),
    (
        "Expected ']]' at the end of an array declaration",
        "the name of the block does not end; write [[name]]",
    ),
    ("Invalid initial character for a key part", "a name is missing; write name = value"),
    (
        "Expected newline or end of document",
        "something stands behind the value; write it on its own line",
    ),
    ("Invalid statement", "this is no entry; write name = value, or a comment after #"),
)
LONG_NUMBER = re.compile(r"[\d_]{4000,}")
CONFLICT = re.compile(r"(?m)^(?:<{7}|={7}|>{7})(?: |$)")
QUOTED = re.compile(r'["\\\x00-\x1f\x7f]')  # what a TOML text cannot hold as it is
BARE = re.compile(r"=\s*(?P<value>[^\s\"'#].*?)?\s*(?:#.*)?$")
OFTEN_WRITTEN = {  # words that people try, and ours
    "agreement": "agreements", "baa": "agreements", "baas": "agreements", "allow": "allowed",
    "suppress": "ignore", "suppressions": "ignore", "page": "pages", "container": "containers",
    "select": "rules", "ignores": "ignore", "tool": "", "product": "vendor", "products": "vendors",
    "vendor-id": "vendor", "companies": "company", "responsible": "owner", "contact": "owner",
    "expiry": "expires", "expiration": "expires", "end": "expires", "date": "signed",
    "contract": "document", "file": "export", "serves": "routes", "urls": "routes",
    "addresses": "routes", "classes": "on", "class": "on", "files": "paths", "path": "paths",
    "why": "reason", "comment": "reason", "justification": "reason", "rule": "rules", "tag": "tags",
    "domain": "host", "domains": "hosts", "name": "host", "proxy-for": "stands-for",
    "is": "are", "not": "are-not", "isnt": "are-not", "route": "routes",
}  # fmt: skip
ELSEWHERE = {  # the same words where they mean something else
    "expires": "until", "until": "expires", "classes": "are", "class": "are",
    "vendor": "stands-for",
}  # fmt: skip


def syntax_told(text: str, trouble: str) -> tuple[int, str]:
    """The line of a mistake in the TOML, and what to write there."""
    if merge := CONFLICT.search(text):
        return text.count("\n", 0, merge.start()) + 1, "a merge is not settled here; settle it"
    if trouble.startswith("Exceeds the limit") and (number := LONG_NUMBER.search(text)):
        return text.count("\n", 0, number.start()) + 1, "a number is too long; write a shorter one"
    found = re.search(r" \(at line (\d+), column \d+\)| \(at end of document\)", trouble)
    line = int(found[1]) if found and found[1] else text.count("\n") + (not text.endswith("\n"))
    plain = trouble[: found.start()] if found else trouble
    said = next((words for start, words in SYNTAX if plain.startswith(start)), "")
    if plain.startswith("Invalid value"):
        said = _bare(text.split("\n")[line - 1 : line])
    return max(
        line, 1
    ), said or f"this is no valid TOML ({plain.lower()}); compare with the line before"


def _bare(lines: list[str]) -> str:
    found = BARE.search(lines[0]) if lines else None
    if found is None:
        return "this value is not readable; put a text into quotes"
    if not found["value"]:
        return "there is nothing after the =; write a value"
    if found["value"].lower() in ("true", "false"):
        return f"write {found['value'].lower()} in small letters"
    if found["value"].startswith("["):
        return "a text in the list needs quotes; put each into them"
    return f'a text needs quotes; write "{found["value"]}"'


def nearest(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant, or an empty text."""
    listed = {each.lower(): each for each in words}
    found = get_close_matches(word.lower().replace("_", "-"), listed, 1, 0.6)
    return listed[found[0]] if found else ""


def unknown_key(key: str, known: Iterable[str]) -> str:
    """What to say of a key that does not exist, and the one that was probably meant."""
    listed = tuple(known)
    dashed = key.replace("_", "-")
    meant = next(
        (
            each
            for each in (
                dashed,
                ELSEWHERE.get(dashed),
                OFTEN_WRITTEN.get(dashed),
                nearest(key, listed),
            )
            if each and each in listed
        ),
        "",
    )
    if meant:
        return f'"{key}" is not known here; write "{meant}"'
    return f'"{key}" is not known here; use {one_of(sorted(listed))}'


def one_of(words: Iterable[str]) -> str:
    listed = list(words)
    return " or ".join((", ".join(listed[:-1]), listed[-1])) if len(listed) > 1 else listed[0]


def written(value: Any, *, day: bool = False) -> str:
    """A value as TOML writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return f"[{', '.join(written(each) for each in value)}]"
        case dict():
            inner = ", ".join(f"{key} = {written(each)}" for key, each in value.items())
            return f"{{ {inner} }}"
        case str() if not day:
            return f'"{QUOTED.sub(_escaped, value)}"'
    return str(value)


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}" if found[0] in '"\\' else f"\\u{ord(found[0]):04X}"


def path_in(trouble: str) -> tuple[str, At]:
    """The words of a validation error, and the way to the value that it is about."""
    words, _, way = trouble.partition(" - at `$")
    return words, tuple(_steps(way.rstrip("`")))


def _steps(way: str) -> Iterator[str | int]:
    for name, number in re.findall(r"\.([\w-]+)|\[(\d+|\.\.\.)\]", way):
        yield name if name else number if number == "..." else int(number)
