"""Third parties that no signature knows: which host is asked for a script, a frame or a pixel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from analyzer.addresses import address_of
from analyzer.link.containers import never_fires
from analyzer.link.told import OwnHosts
from analyzer.match import Matcher
from analyzer.model import (
    Container,
    Fact,
    Firing,
    Frame,
    Parsed,
    Pixel,
    Request,
    ScriptLoad,
    Style,
    UnknownHost,
    holes,
    options,
)

KINDS: dict[type[Fact], str] = {
    ScriptLoad: "script",
    Frame: "frame",
    Pixel: "pixel",
    Request: "request",
    Style: "request",
}
LOCAL = re.compile(
    r"^(?:localhost|127\.|0\.0\.0\.0|\[?::1|example\.(?:com|org|net)$"
    r"|.*\.(?:local|internal|test|invalid|example|localhost)$)"
)
# Where copies of other people's code stand, and how the files of such copies are called.
COPIES = re.compile(
    r"(?i)(?:^|/)(?:libraries|vendors?|plugins?|bower)/(?:.+/)?[^/]+\.[cm]?js$"
    r"|(?:^|/)(?:jquery[.-][^/]+|owl[.-][^/]+|plyr[^/]*|video-?js[^/]*|lightbox[^/]*|fancybox[^/]*"
    r"|magnific-?popup[^/]*|slick[^/]*|lightgallery[^/]*)\.js$"
)
Fires = Callable[[Fact, str], Sequence[Firing]]


def unknown_hosts(
    parsed: Sequence[Parsed], matcher: Matcher, fires: Fires, own: OwnHosts
) -> Iterator[UnknownHost]:
    """The hosts, each once a line, without those of the organisation; `fires` tells on which pages
    a fact of a file runs.
    """
    seen: set[tuple[str, str, int]] = set()
    for each in parsed:
        for owner, fact in _running(each.facts):
            for host in dict.fromkeys(_hosts_of(fact)):
                key = (host, each.path, fact.place.line)
                if own.of(host, each.path) is not None:
                    continue
                if key in seen or any(True for _ in matcher.detect(fact)):
                    continue
                seen.add(key)
                known = matcher.signatures.host(host)
                pages = tuple(firing.page for firing in fires(owner, each.path))
                yield UnknownHost(
                    host,
                    fact.place,
                    KINDS[type(fact)],
                    pages,
                    known.owner if known else "",
                    known.category if known else "",
                    _is_offered(fact, each.path),
                )


def _is_offered(fact: Fact, path: str) -> bool:
    """Is it what a copied library could show, such as the players of a carousel: for an id that
    the site would have to give it?
    """
    return (
        isinstance(fact, Frame)
        and COPIES.search(path) is not None
        and any(True for _ in holes(fact.url))
    )


def _hosts_of(fact: Fact) -> Iterator[str]:
    if not isinstance(fact, (ScriptLoad, Frame, Pixel, Request, Style)):
        return
    for url in options(fact.url):
        address = address_of(url)
        if (
            address is None
            or "." not in address.host
            or "\x00" in address.host
            or LOCAL.match(address.host)
        ):
            continue
        if (
            not isinstance(fact, Pixel) or address.query
        ):  # a picture that is told nothing is no pixel
            yield address.host


def _running(facts: Iterable[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Every fact with the one that decides where it runs: the tag for what a tag's code says."""
    for fact in facts:
        if isinstance(fact, Container):
            tags = [tag for tag in fact.tags if not never_fires(tag, fact)]
            yield from ((tag, inner) for tag in tags for inner in tag.facts)
        else:
            yield fact, fact
