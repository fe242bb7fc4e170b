"""Lists of a site's addresses: what a container is held against where no page's source is there.

A list is a text file with one address or path a line, or a sitemap after sitemaps.org. A sitemap
index names other files, which nothing fetches here: each is told as not read.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from analyzer.model import Place, Region, Skip, Source, UserError

MOST_ADDRESSES = 50_000  # what one sitemap may hold, after the protocol
LARGEST = 64 * 1024 * 1024  # bytes of a list, unpacked
PACKED = b"\x1f\x8b"


def read(path: Path, name: str) -> tuple[tuple[tuple[str, Place], ...], tuple[Skip, ...]]:
    """The addresses of a list with their places, and what of it was not read; `name` is the file as
    the report calls it.

    Raises UserError for a file that is no such list.
    """
    data = _bytes(path)
    if data.lstrip()[:1] == b"<":
        found, skips = _sitemap(data, name, path)
    else:
        found, skips = list(_lines(data, name, path)), []
    if not found and not skips:
        raise UserError(f"{path} names no address; write one address or path a line")
    unique = dict(reversed(found))
    kept = [each for each in found if unique[each[0]] is each[1]]
    if len(kept) > MOST_ADDRESSES:
        skips.append(
            Skip(name, f"only the first {MOST_ADDRESSES:,} of its addresses are looked at")
        )
    return tuple(kept[:MOST_ADDRESSES]), tuple(skips)


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as trouble:
        raise UserError(
            f"{path} cannot be read ({trouble.strerror or trouble}); "
            "give a text file with one address a line, or a sitemap"
        ) from None
    if data.startswith(PACKED):
        try:
            with gzip.open(path) as stream:
                data = stream.read(LARGEST + 1)
        except (OSError, EOFError, zlib.error):
            raise UserError(f"{path} is packed and broken; unpack it first") from None
    if len(data) > LARGEST:
        raise UserError(f"{path} is larger than {LARGEST // 1024**2} MB; split it")
    return data


def _lines(data: bytes, name: str, path: Path) -> Iterator[tuple[str, Place]]:
    source = Source(name, data)
    at = 0
    for number, raw in enumerate(data.splitlines(keepends=True), 1):
        text = raw.decode("utf-8", "replace").strip().removeprefix("\ufeff")
        start = at + len(raw) - len(raw.lstrip())
        at += len(raw)
        if not text or text.startswith("#"):
            continue
        address = normal(text)
        if not address:
            raise UserError(
                f"{path}: line {number}: {text[:60]!r} is neither an address nor a path; "
                "write https://www.example.org/book or /book"
            )
        yield address, source.place(start, start + len(raw.strip()))


def _sitemap(data: bytes, name: str, path: Path) -> tuple[list[tuple[str, Place]], list[Skip]]:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as trouble:
        raise UserError(
            f"{path} is no sitemap that can be read ({trouble.msg}); save it anew, or give a text "
            "file with one address a line"
        ) from None
    kind = etree.QName(root).localname
    if kind not in ("urlset", "sitemapindex"):
        raise UserError(
            f"{path} is an XML file, but no sitemap: its first element is {kind}, not urlset"
        )
    found: list[tuple[str, Place]] = []
    skips: list[Skip] = []
    for element in root.iter("{*}loc"):
        holder = element.getparent()
        text = (element.text or "").strip()
        line = element.sourceline if isinstance(element.sourceline, int) else 1
        if holder is None or etree.QName(holder).localname not in ("url", "sitemap") or not text:
            continue
        if kind == "sitemapindex":
            words = f"it names the sitemap {text[:200]}, which was not given; save it and give it"
            skips.append(Skip(name, words, line))
        elif address := normal(text):
            region = Region(line, 1, line, 1, (1, 1))
            found.append((address, Place(name, region, text[:120])))
    return found, skips


def normal(text: str) -> str:
    """The address as pages are asked for: a whole address, or a path from the root; empty where it
    is neither.
    """
    if re.match(r"https?://[^/\s]+", text, re.I):
        parts = urlsplit(text)
        path = parts.path or "/"
        return f"{parts.scheme.lower()}://{parts.netloc.lower()}{path}" + (
            f"?{parts.query}" if parts.query else ""
        )
    if text.startswith("/") and not text.startswith("//") and not re.search(r"\s", text):
        return text.partition("#")[0]
    return ""


def path_of(address: str) -> str:
    """The path of an address: what its words say about the page."""
    return urlsplit(address).path or "/"
