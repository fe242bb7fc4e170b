"""Names of files that others chose, made fit for any disk."""

from __future__ import annotations

import re
import unicodedata

DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.I)
DRIVE = re.compile(r"[A-Za-z]:")
UNFIT = re.compile(
    r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff<>:"/\\|?*]'
)
LONGEST = 80  # characters of a name that we choose


def leaves_folder(path: str) -> bool:
    """Would a path, its separators made one, land outside of the folder that it is put into?"""
    return path.startswith("/") or bool(DRIVE.match(path)) or ".." in path.split("/")


def is_device(part: str) -> bool:
    """Does Windows keep the name for a device, whatever its suffix?"""
    return DEVICES.fullmatch(part.split(".")[0].rstrip(" ")) is not None


def same(path: str) -> str:
    """What the path is to a disk that knows no upper and lower case."""
    return unicodedata.normalize("NFC", path).casefold()


def fit(name: str, otherwise: str) -> str:
    """The last part of a name that a browser sent, as a name that every disk takes."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = UNFIT.sub("_", last).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if len(kept) > LONGEST:
        suffix = suffix[:10]
        kept = f"{stem[: LONGEST - len(suffix) - 1]}{dot}{suffix}" if dot else kept[:LONGEST]
    return f"_{kept}" if is_device(kept) else kept or otherwise


def free(name: str, taken: set[str]) -> str:
    """The name, with a number where another has it; the name is taken from then on."""
    stem, dot, suffix = name.rpartition(".")
    number, found = 2, name
    while same(found) in taken:
        found = f"{stem}-{number}{dot}{suffix}" if dot else f"{name}-{number}"
        number += 1
    taken.add(same(found))
    return found
