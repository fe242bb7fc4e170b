"""A zip into a folder: only ordinary files, only below that folder, and never more than is said.

What would harm ends in one sentence, and nothing is unpacked. What is merely odd, as links and
names that not every disk takes, is left out and told, so that nobody believes that it was read.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analyzer.files import LARGEST
from analyzer.model import Skip, UserError
from analyzer.serve import names
from analyzer.serve.limits import FULL, MB, Limits

CHUNK = 1024 * 1024
END, END_SIZE, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
UNKNOWN = 0xFFFFFFFF  # what stands for a number that has no room
PER_ENTRY = 600  # bytes of the list of contents that an entry takes at most
ENCRYPTED = 0x1 | 0x40
IS_UTF8 = 0x800
FROM_MAC = ("__MACOSX", ".DS_Store")  # what a Mac adds for itself
HISTORY = (".git", ".hg", ".svn")
PACKAGES = ("node_modules", "bower_components")
ARCHIVES = [
    ".zip",
    ".jar",
    ".war",
    ".ear",
    ".nupkg",
    ".whl",
    ".phar",
    ".tar",
    ".tgz",
    ".gz",
    ".bz2",
    ".xz",
    ".zst",
    ".7z",
    ".rar",
    ".iso",
    ".dmg",
]

NESTED = "archives inside the zip are not opened; unpack them first, or send each by itself"
LINKS = "links are not followed; what they point at is read where it lies"
NO_HISTORY = "the history of the source is not read"
NO_PACKAGES = "packages of others are not read"
NEVER_READ = (NESTED, NO_HISTORY, NO_PACKAGES)  # as in any other scan
DAMAGED = "damaged in the zip"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The folder to read, and what was left out for which reason."""

    folder: Path
    left_out: tuple[tuple[str, tuple[str, ...]], ...]

    def skips(self, above: str) -> Iterator[Skip]:
        """What was left out, as a report tells it; `above` leads from its root to the folder."""
        for reason, found in self.left_out:
            kind = "left-out" if reason in NEVER_READ else "unread"
            yield from (Skip(f"{above}{path}", reason, kind=kind) for path in found)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the zip that shall be unpacked."""

    info: zipfile.ZipInfo
    path: str


def unpacked(
    archive: Path, into: Path, limits: Limits, told: Callable[[int, int], None]
) -> Unpacked:
    """Unpack a zip into a folder that does not exist yet; `told` hears how many files of how many.

    Raises UserError for a zip that cannot be read, or that would do harm.
    """
    name = archive.name
    left: dict[str, list[str]] = {}
    try:
        _refuse_endless_list(archive, limits)
        with zipfile.ZipFile(archive) as opened:
            infos = opened.infolist()
            _refuse_harm(name, infos, archive.stat().st_size, limits)
            entries = list(_wanted(infos, limits, left))
            if not entries:
                raise UserError(
                    f"{name} holds no file that can be read here; "
                    "make a zip of the folder with the site's pages"
                )
            into.mkdir(parents=True)
            for number, entry in enumerate(entries):
                told(number, len(entries))
                if reason := _written(opened, entry, into):
                    left.setdefault(reason, []).append(entry.path)
            told(len(entries), len(entries))
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, ValueError, EOFError):
        raise UserError(f"{name} is no zip that can be read; make it anew and try again") from None
    top = _top(name, entries)
    return Unpacked(
        into / top,
        tuple(
            (reason, tuple(path.removeprefix(f"{top}/") for path in found))
            for reason, found in left.items()
        ),
    )


# ---------------------------------------------------------------- what is refused as a whole


def _refuse_endless_list(archive: Path, limits: Limits) -> None:
    """The list of contents is read into memory as one: look at its length before."""
    size = archive.stat().st_size
    with archive.open("rb") as stream:
        stream.seek(max(0, size - END_SIZE - LONGEST_COMMENT))
        tail = stream.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + END_SIZE:
        raise zipfile.BadZipFile
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if length == UNKNOWN or length > limits.entries * PER_ENTRY:
        raise _too_many(archive.name, limits)


def _refuse_harm(name: str, infos: Iterable[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    infos = [each for each in infos if not each.is_dir() and not _is_of_others(_path(each))]
    if len(infos) > limits.entries:
        raise _too_many(name, limits)
    if any(each.flag_bits & ENCRYPTED for each in infos):
        raise UserError(f"{name} is locked with a password; make a zip without one")
    if any(each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for each in infos):
        raise UserError(
            f"{name} is packed in a way that few programs know; "
            "make the zip with the tools of your computer"
        )
    for each in infos:
        path = _path(each)
        if names.leaves_folder(path):
            raise UserError(
                f"{name} holds a file that would land outside of its folder ({path[:80]}), as no "
                "honest zip does; nothing was unpacked: ask where the zip comes from"
            )
    # A file never gives more bytes than the list of contents says, so these sums hold.
    whole = sum(each.file_size for each in infos if each.file_size <= LARGEST)
    if whole > limits.unpacked:
        raise UserError(
            f"{name} would take {whole // MB:,} MB unpacked, and {limits.unpacked // MB:,} MB is "
            "the most that this page takes; leave out films and pictures, or ask a developer to "
            "run trackerlint scan on the folder"
        )
    if whole > limits.ratio_from and whole > size * limits.ratio:
        raise UserError(
            f"{name} would become {whole // max(size, 1):,} times larger, as no site does; nothing "
            "was unpacked: ask where the zip comes from"
        )


def _is_of_others(path: str) -> bool:
    """Does a file lie where nothing is read, as in the packages of a developer's folder?"""
    return not {*FROM_MAC, *HISTORY, *PACKAGES}.isdisjoint(path.split("/"))


def _too_many(name: str, limits: Limits) -> UserError:
    return UserError(
        f"{name} holds more than {limits.entries:,} files; leave out folders that hold no pages, "
        "or ask a developer to run trackerlint scan on the folder"
    )


# ---------------------------------------------------------------- what is left out


def _wanted(
    infos: Iterable[zipfile.ZipInfo], limits: Limits, left: dict[str, list[str]]
) -> Iterator[Entry]:
    seen: dict[str, str] = {}
    for info in infos:
        path = "/".join(part for part in _path(info).split("/") if part not in ("", "."))
        if info.is_dir() or _path(info).endswith("/") or set(FROM_MAC) & set(path.split("/")):
            continue
        reason, shown = _why_not(info, path, limits)
        if not reason and names.same(path) in seen:
            reason, shown = _clash(path, seen[names.same(path)]), path
        if reason:
            found = left.setdefault(reason, [])
            if shown not in found[-1:]:
                found.append(shown)
            continue
        seen[names.same(path)] = path
        yield Entry(info, path)


def _why_not(info: zipfile.ZipInfo, path: str, limits: Limits) -> tuple[str, str]:
    """Why a file is left out, and the file or folder that this is said of."""
    parts = path.split("/")
    for depth, part in enumerate(parts[:-1], 1):
        folder = "/".join(parts[:depth]) + "/"
        if part.lower() in HISTORY:
            return NO_HISTORY, folder
        if part.lower() in PACKAGES:
            return NO_PACKAGES, folder
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return LINKS, path
    if kind not in (0, stat.S_IFREG):
        return "no ordinary file", path
    if parts[-1].lower().endswith(tuple(ARCHIVES)):
        return NESTED, path
    if info.file_size > LARGEST:
        return f"over {LARGEST // MB} MB", path
    return _unfit(info, parts, path, limits), path[:120]


def _unfit(info: zipfile.ZipInfo, parts: list[str], path: str, limits: Limits) -> str:
    if len(path.encode("utf-8", "replace")) > limits.path or len(parts) > limits.depth:
        return "the way to it is too long"
    if any(len(part.encode("utf-8", "replace")) > limits.name for part in parts):
        return "its name is too long"
    if not path or any(ord(each) < 32 or each in "\x7f\x85\u2028\u2029" for each in path):
        return "its name holds characters that no name should"
    if any(names.is_device(part) for part in parts):
        return "its name is kept for a device on Windows"
    if any(":" in part or part.endswith((" ", ".")) for part in parts):
        return "its name means another file on Windows"
    return ""


def _clash(path: str, other: str) -> str:
    if path == other:
        return "it is in the zip twice; the first one is read"
    return "another file has its name but for upper and lower case; the first one is read"


def _path(info: zipfile.ZipInfo) -> str:
    """The path in the zip with one kind of separator.

    Many programs write UTF-8 and do not say so; what is none is read as the format's old code page.
    """
    name = info.orig_filename
    if not info.flag_bits & IS_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


# ---------------------------------------------------------------- writing


def _written(opened: zipfile.ZipFile, entry: Entry, into: Path) -> str:
    """Write a file; why it could not be, where that is so."""
    place = into.joinpath(*PurePosixPath(entry.path).parts)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Never over another file, whatever this disk takes for one name.
        with opened.open(entry.info) as source, place.open("xb") as out:
            while piece := source.read(CHUNK):
                out.write(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError):
        place.unlink(missing_ok=True)
        return DAMAGED
    except FileExistsError:
        return _clash(entry.path, "")
    except OSError as trouble:
        if trouble.errno in FULL:
            raise
        return f"this computer cannot keep a file of this name ({trouble.strerror or trouble})"
    return ""


def _top(name: str, entries: Iterable[Entry]) -> str:
    """The folder that was zipped: the zip of a folder often holds just that folder."""
    tops = {entry.path.partition("/")[0] for entry in entries if "/" in entry.path}
    if len(tops) != 1 or any("/" not in entry.path for entry in entries):
        return ""
    top = tops.pop()
    stem, own = names.same(os.path.splitext(name)[0]), names.same(top)
    return top if stem.startswith(own) or own.startswith(stem) else ""
