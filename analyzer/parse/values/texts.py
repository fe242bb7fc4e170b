"""What JavaScript's own functions make of a known text or list: cut, turned, replaced, decoded."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias
from urllib.parse import quote, urljoin

from analyzer.model import Object, Text, Value
from analyzer.parse.values.document import LONGEST_TEXT

Arguments: TypeAlias = Sequence[Value]
LARGEST_LIST = 5_000  # letters of a text that are told apart
PATTERN = re.compile(r"^/((?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+)/([a-z]*)$", re.S)
PLAIN = re.compile(r"^(?:[^\\^$.|?*+()\[\]{}]|\\[^\w\s])+$")  # a pattern that is only a text
SAFE = "-_.!~*'()"


def of_text(text: str, method: str, given: Arguments) -> Value:
    """What a method of a text gives back; nothing where that cannot be told."""
    made = _METHODS.get(method)
    if made is None or len(text) > LONGEST_TEXT:
        return None
    try:
        return made(text, given)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def of_list(items: tuple[Value, ...], method: str, given: Arguments) -> Value:
    """What a method of a list gives back; nothing where that cannot be told."""
    if len(items) > LARGEST_LIST:
        return None
    match method, list(given):
        case (("reverse" | "toReversed"), []):
            return items[::-1]
        case "slice", [*ends] if (part := _between(ends)) is not None:
            return items[part]
        case "concat", [*others]:
            more = [each if isinstance(each, tuple) else (each,) for each in others]
            return tuple(item for each in (items, *more) for item in each)
        case (("at" | "pop" | "shift"), [*where]) if items:
            at = {"pop": -1, "shift": 0}.get(method, where[0] if where else 0)
            return items[at] if isinstance(at, int) and -len(items) <= at < len(items) else None
    return None


def of_function(name: str, given: Arguments) -> Value:
    """What one of JavaScript's own functions gives back."""
    first = given[0] if given else None
    match name:
        case "String.fromCharCode" | "String.fromCodePoint":
            return _letters(given)
        case "String" | "Number.toString" if _is_number(first):
            return _written(first)
        case "JSON.parse" if isinstance(first, str):
            try:
                return _value(json.loads(first))
            except (ValueError, RecursionError):
                return None
        case "Buffer.from" if isinstance(first, str) and list(given[1:]) == ["base64"]:
            return _from_base64(first)
        case "Buffer.from" if isinstance(first, str) and list(given[1:]) == ["hex"]:
            return bytes.fromhex(first).decode("utf-8", "replace") if _is_hex(first) else None
        case "encodeURIComponent" if isinstance(first, str):
            return quote(first, safe=SAFE)
        case "Array.of":
            return tuple(given)
        case "Array.from" if isinstance(first, str) and len(first) <= LARGEST_LIST:
            return tuple(first)
        case "Array.from" if isinstance(first, tuple):
            return first
    return None


def resolved(base: Value, path: Value) -> Value:
    """An address that counts from another one; nothing where that cannot be told."""
    if isinstance(base, str) and isinstance(path, str):
        try:
            return urljoin(base, path)
        except ValueError:
            return None
    first = path.parts[0] if isinstance(path, Text) else ""
    return path if base == "" or (isinstance(first, str) and "//" in first) else None


def _letters(codes: Arguments) -> Value:
    if not codes or not all(_is_whole(each) for each in codes):
        return None
    numbers = [code for code in codes if isinstance(code, int)]
    known = all(0 <= each < 0xD800 or 0xE000 <= each < 0x110000 for each in numbers)
    return "".join(map(chr, numbers)) if known else None


def _split(text: str, given: Arguments) -> Value:
    if not given:
        return (text,)
    sign = given[0]
    if not isinstance(sign, str) or len(text) > LARGEST_LIST:
        return None
    return tuple(text.split(sign) if sign else text)


def _replaced(text: str, given: Arguments, every: bool) -> Value:
    old, new = given
    if not isinstance(old, str) or not isinstance(new, str) or "$" in new:
        return None
    return text.replace(old, new) if every else text.replace(old, new, 1)


def replaced_by_pattern(text: str, pattern: str, new: Value) -> Value:
    """A text in which a regular expression that is only a plain text is replaced."""
    found = PATTERN.match(pattern)
    if found is None or not isinstance(new, str) or "$" in new:
        return None
    signs = found[1]
    if re.fullmatch(r"\[[^\\\]^-]+\]", signs) and "g" in found[2] and "i" not in found[2]:
        return re.sub(f"[{re.escape(signs[1:-1])}]", lambda _: new, text)
    if not PLAIN.match(signs):
        return None
    plain = re.escape(re.sub(r"\\(.)", r"\1", signs))
    flags, most = re.I if "i" in found[2] else 0, 0 if "g" in found[2] else 1
    return re.sub(plain, lambda _: new, text, count=most, flags=flags)


def _part(text: str, given: Arguments) -> Value:
    """`substring`, whose ends may stand in any order and are never counted from behind."""
    if not all(_is_whole(each) for each in given):
        return None
    ends = [max(0, min(len(text), each)) for each in given[:2] if isinstance(each, int)]
    first, last = (ends[0], ends[1] if len(ends) > 1 else len(text)) if ends else (0, len(text))
    return text[min(first, last) : max(first, last)]


def _stretch(text: str, given: Arguments) -> Value:
    """`substr`, which is told where to begin and how many letters to take."""
    if not all(_is_whole(each) for each in given):
        return None
    begin = given[0] if given and isinstance(given[0], int) else 0
    begin = max(0, len(text) + begin) if begin < 0 else begin
    size = given[1] if len(given) > 1 and isinstance(given[1], int) else len(text)
    return text[begin : begin + max(0, size)]


def _sliced(text: str, given: Arguments) -> Value:
    part = _between(given)
    return text[part] if part is not None else None


def _between(ends: Arguments) -> slice | None:
    """From where to where: none, one or both ends may be told."""
    told = [each for each in ends if isinstance(each, int) and not isinstance(each, bool)]
    if len(told) < len(ends):
        return None
    return slice(told[0] if told else 0, told[1] if len(told) > 1 else None)


def _letter(text: str, given: Arguments) -> Value:
    at = given[0] if given else 0
    return text[at] if isinstance(at, int) and -len(text) <= at < len(text) else None


def _repeated(text: str, given: Arguments) -> Value:
    count = given[0]
    if not isinstance(count, int) or not 0 <= count * len(text) <= LONGEST_TEXT:
        return None
    return text * count


def _padded(text: str, given: Arguments, before: bool) -> Value:
    size, filler = given[0], given[1] if len(given) > 1 else " "
    if not isinstance(size, int) or not isinstance(filler, str) or not filler:
        return None
    missing = min(max(0, size - len(text)), LONGEST_TEXT)
    more = (filler * (missing // len(filler) + 1))[:missing]
    return more + text if before else text + more


_METHODS: dict[str, Callable[[str, Arguments], Value]] = {
    "split": _split,
    "replace": lambda text, given: _replaced(text, given, every=False),
    "replaceAll": lambda text, given: _replaced(text, given, every=True),
    "toLowerCase": lambda text, _: text.lower(),
    "toUpperCase": lambda text, _: text.upper(),
    "trim": lambda text, _: text.strip(),
    "trimStart": lambda text, _: text.lstrip(),
    "trimEnd": lambda text, _: text.rstrip(),
    "toString": lambda text, _: text,
    "valueOf": lambda text, _: text,
    "normalize": lambda text, _: text,
    "substring": _part,
    "substr": _stretch,
    "slice": _sliced,
    "charAt": _letter,
    "at": _letter,
    "repeat": _repeated,
    "padStart": lambda text, given: _padded(text, given, before=True),
    "padEnd": lambda text, given: _padded(text, given, before=False),
}


def _from_base64(text: str) -> Value:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def _value(data: object) -> Value:
    """Decoded JSON as a value."""
    match data:
        case dict():
            return Object(tuple((str(key), _value(each)) for key, each in data.items()))
        case list():
            return tuple(_value(each) for each in data)
        case str() | bool() | int() | float():
            return data
    return None


def _written(number: Value) -> str:
    if isinstance(number, bool):
        return "true" if number else "false"
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def _is_whole(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float))


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and re.fullmatch(r"[0-9a-fA-F]*", text) is not None


METHODS = frozenset(_METHODS) | {"reverse", "toReversed", "concat", "at", "pop", "shift", "map"}
