"""Words out of scanned files, made fit to show: nothing that steers a terminal, nothing endless."""

from __future__ import annotations

import re

# Control characters, those that reverse the direction of text, and halves of characters.
_STEERING = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_IN_CODE = re.compile(f"[{_STEERING}]")
_IN_A_LINE = re.compile(f"[\\t\\n{_STEERING}]")


def name(text: str) -> str:
    """A path or a name as it is, on one line."""
    return _IN_A_LINE.sub("\ufffd", text)


def sentence(text: str, limit: int) -> str:
    """One line of prose of at most `limit` characters."""
    return name(clip(" ".join(text.split()), limit))


def code(text: str, limit: int) -> str:
    """Source as it is, with its line breaks and tabs, of at most `limit` characters."""
    return _IN_CODE.sub("\ufffd", clip(text, limit))


def clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
