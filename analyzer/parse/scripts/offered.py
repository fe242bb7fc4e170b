"""What a file offers to those that ask for it: a script, JSON, or settings of an environment."""

from __future__ import annotations

import json
import re
from typing import Any

from analyzer.model import Object, Offers, Skip, Source, Value, Vocabulary
from analyzer.parse.config import ASSIGNED
from analyzer.parse.values.modules import DEFAULT

ENVIRONMENT = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$")
LARGEST_JSON = 200_000  # bytes of a JSON file that scripts take constants from
DEEPEST = 8
MOST = 500  # settings of one file


def offers(source: Source, vocabulary: Vocabulary) -> Offers:
    """What a file offers; nothing where it cannot be read."""
    if ENVIRONMENT.search(source.path):
        return _settings(source)
    if source.path.lower().endswith(".json"):
        return _json(source)
    from analyzer.parse.scripts.offers import offers_of  # here: it loads the grammars

    try:
        return offers_of(source, vocabulary)
    except (RecursionError, MemoryError):  # the first reading says so, too
        return Offers(source.path)
    except Exception as trouble:  # our own mistake must not end the run, nor be hidden
        reason = (
            f"trackerlint failed on what it offers to other files ({type(trouble).__name__}); "
            "please report this file"
        )
        return Offers(source.path, skips=(Skip(source.path, reason, kind="partly"),))


def _settings(source: Source) -> Offers:
    found: dict[str, tuple[str, int, int]] = {}
    for each in ASSIGNED.finditer(source.data):
        group = next(number for number in (2, 3, 4) if each[number] is not None)
        value = each[group].decode("utf-8", "replace").strip()
        if len(found) < MOST and value:
            found[each[1].decode("ascii", "replace")] = value, each.start(1), each.end()
    return Offers(
        source.path,
        tuple((name, value) for name, (value, _, _) in found.items()),
        places=tuple((name, source.place(start, end)) for name, (_, start, end) in found.items()),
    )


def _json(source: Source) -> Offers:
    if len(source.data) > LARGEST_JSON:
        return Offers(source.path)
    try:
        value = _value(json.loads(source.data), DEEPEST)
    except (ValueError, RecursionError):
        return Offers(source.path)
    named = value.items if isinstance(value, Object) else ()
    return Offers(source.path, ((DEFAULT, value), *named))


def _value(read: Any, deep: int) -> Value:
    match read:
        case dict() if deep:
            return Object(tuple((str(key), _value(each, deep - 1)) for key, each in read.items()))
        case list() if deep:
            return tuple(_value(each, deep - 1) for each in read[:MOST])
        case str() | int() | float() | bool():
            return read
    return None
