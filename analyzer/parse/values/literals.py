"""What JavaScript's literals say: escapes in strings, numbers, and what decodes a text."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from math import isinf
from urllib.parse import unquote

from analyzer.model import Hole, Value

MOST_BITS = 1_024  # of a number; browsers have none that is larger
LONGEST = 200  # characters of a literal that a hole quotes

ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
SIMPLE_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
    "\n": "",
    "\r\n": "",
}


def unescaped(text: str) -> str:
    """A string literal's text with its escapes decoded."""
    return ESCAPE.sub(_escape, text) if "\\" in text else text


def _escape(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return SIMPLE_ESCAPES.get(found[4], found[4])


def _from_base64(text: str) -> Value:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return Hole(f"atob({text[:LONGEST]!r})")


DECODERS: dict[str, Callable[[str], Value]] = {
    "decodeURIComponent": unquote,
    "decodeURI": unquote,
    "unescape": unquote,
    "atob": _from_base64,
}


def number_of(text: str) -> Value:
    """A number's value; one that is no number, or too large for one, stays a hole."""
    text = text.replace("_", "").rstrip("n")
    try:
        whole = int(text, 0)
        return whole if whole.bit_length() <= MOST_BITS else Hole(text[:LONGEST])
    except ValueError:
        pass
    try:
        value = float(text)
    except (ValueError, OverflowError):
        return Hole(text[:LONGEST])
    return Hole(text[:LONGEST]) if isinf(value) else value
