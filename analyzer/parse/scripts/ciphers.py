"""Texts of tables, decoded: base 64 with letters of one's own, and RC4 below it."""

from __future__ import annotations

import base64
import binascii

STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Unknown(Exception):
    """Only a running page knows it."""


def decoded(text: str, letters: str, key: str | None = None) -> str:
    """A text of base 64 with these letters, perhaps ciphered with a key (RC4)."""
    if not letters:
        return text
    plain = text.translate(str.maketrans(letters, STANDARD)).rstrip("=")
    try:
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        whole = data.decode("utf-8") if key is None else _deciphered(data.decode("utf-8"), key)
    except (binascii.Error, ValueError):
        raise Unknown from None
    return whole


def _deciphered(text: str, key: str) -> str:
    if not key:
        raise Unknown
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + ord(key[i % len(key)])) % 256
        box[i], box[j] = box[j], box[i]
    found, i, j = [], 0, 0
    for letter in text:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        found.append(chr(ord(letter) ^ box[(box[i] + box[j]) % 256]))
    return "".join(found)
