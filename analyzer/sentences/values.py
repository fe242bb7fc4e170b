"""What a tag hands over, and where each piece of it is born, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analyzer.model import Datum, Hole, Origin, OriginKind, Text, holes, shown
from analyzer.sentences.words import ELEMENTS, joined

MOST_DATA = 12  # pieces of data that one sentence lists
MOST_ORIGINS = 5  # of one piece of data
LONGEST_VALUE = 60  # characters of a constant that is sent
SERVERS = ("server_container_url", "transport_url", "server")
SETTINGS = frozenset(  # what a tag is told, and nobody is sent
    {
        *SERVERS,
        "mode",
        "send_page_view",
        "first_party_collection",
        "cookie_domain",
        "cookie_flags",
        "cookieDomain",
        "cookieFlags",
        "anonymizeIp",
        "allowLinker",
        "debug_mode",
    }
)
OF_EVENTS = {  # what a server or a data layer knows of an event beside its data
    "event name": "the name of the event",
    "client name": "the name of the client",
    "request path": "the path of the request",
    "request method": "the method of the request",
    "visitor region": "the region of the visitor",
}
OF_ONE_NAME = {
    OriginKind.DATA_LAYER: "the data-layer keys",
    OriginKind.EVENT: "the event's fields",
}
SENDS = {  # the sort of hit of the older analytics
    "TRACK_PAGEVIEW": "a page view",
    "TRACK_EVENT": "an event",
    "TRACK_TRANSACTION": "a transaction",
    "TRACK_TIMING": "a timing",
    "TRACK_SOCIAL": "a social interaction",
}
FOUND = " found on the page"  # ends the name of what a vendor's own code looks for
ORIGINS = {
    OriginKind.FIELD: "the form field {}",
    OriginKind.ADDRESS: "the page's address",
    OriginKind.QUERY: "the query parameter '{}'",
    OriginKind.TITLE: "the page's title",
    OriginKind.REFERRER: "the page before",
    OriginKind.COOKIE: "the cookie '{}'",
    OriginKind.STORAGE: "the browser's storage '{}'",
    OriginKind.TEMPLATE: "the template's '{}'",
    OriginKind.DATA_LAYER: "the data-layer key '{}'",
    OriginKind.ELEMENT: "the page's {}",
    OriginKind.FORM: "all fields of the form {}",
    OriginKind.RESPONSE: "the answer of {}",
    OriginKind.HASH: "a hash",
    OriginKind.ENVIRONMENT: "the environment's {}",
    OriginKind.GLOBAL: "the script variable '{}'",
    OriginKind.EVENT: "the event's '{}'",
    OriginKind.PARAMETER: "what the function's '{}' is given",
    OriginKind.IMPORT: "the imported '{}'",
}


def sends(data: Sequence[Datum]) -> tuple[str, ...]:
    """What a tag hands over: each piece of data with where it comes from.

    What only configures it is left out beside what is sent.
    """
    told = []
    for datum in sent(data) if len(data) > 1 else data:
        origins = list(dict.fromkeys(_source(hole.origin) for hole in holes(datum.value)))
        if origins:
            more = len(origins) - MOST_ORIGINS
            named = [*origins[:MOST_ORIGINS], f"{more} more values"] if more > 0 else origins
            told.append(f"{datum.name} from {joined(named)}")
        elif datum.name == "kind" and shown(datum.value) in SENDS:
            told.append(SENDS[shown(datum.value)])
        else:
            value = " ".join(shown(datum.value).split())
            value = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
            told.append(f"{datum.name} '{value}'")
    unique = list(dict.fromkeys(told))
    if len(unique) > MOST_DATA:
        unique = [*unique[:MOST_DATA], f"and {len(unique) - MOST_DATA} more"]
    return tuple(unique)


def sends_briefly(data: Sequence[Datum]) -> tuple[str, ...]:
    """The same, where data that keep the name of their data-layer key, or of the event's data, are
    told together.
    """
    kept = sent(data)
    groups: dict[OriginKind, list[str]] = {}
    for datum in kept:
        if (kind := _kept_name(datum)) is not None and datum.name not in groups.get(kind, ()):
            groups.setdefault(kind, []).append(datum.name)
    together = {name for names in groups.values() if len(names) > 1 for name in names}
    told: list[str] = []
    for datum in kept:
        kind = _kept_name(datum)
        if kind is None or datum.name not in together:
            told += sends((datum,))
        elif names := groups.pop(kind, []):
            if len(names) > MOST_DATA:
                names = [*names[:MOST_DATA], f"{len(names) - MOST_DATA} more"]
            told.append(f"{joined(names)} from {OF_ONE_NAME[kind]} of the same names")
    unique = list(dict.fromkeys(told))
    if len(unique) > MOST_DATA:
        unique = [*unique[:MOST_DATA], f"and {len(unique) - MOST_DATA} more"]
    return tuple(unique)


def _kept_name(datum: Datum) -> OriginKind | None:
    """The sort of what a datum is read from, where that has its name and nothing more is known."""
    origins = {hole.origin for hole in holes(datum.value)}
    if len(origins) != 1:
        return None
    (origin,) = origins
    plain = origin.kind in OF_ONE_NAME and origin.name == datum.name and not origin.of
    return origin.kind if plain else None


def sent(data: Sequence[Datum]) -> tuple[Datum, ...]:
    """The data without what only configures the tag."""
    return tuple(datum for datum in data if datum.name not in SETTINGS)


def own_server(data: Sequence[Datum]) -> str:
    """The server of the site's own that a tag sends to instead of the vendor's, if it names one."""
    named = (each.value for each in data if each.name in SERVERS)
    return next((host(shown(each)) for each in named if isinstance(each, str | Text | Hole)), "")


def host(server: str) -> str:
    """The host of an address, or what stands for it."""
    return server.partition("//")[2].partition("/")[0] or server


def _source(origin: Origin) -> str:
    """Where a value is born, through all that hands it on."""
    words = _own(origin)
    every = list(dict.fromkeys(_own(each) for each in _first(origin.of)))
    behind = [each for each in every if each]
    if len(every) > 1:  # of several constants none is what it always is
        behind = [each.removeprefix("always ") for each in behind]
    is_or_may = "is" if len(behind) == len(every) else "may be"
    if origin.kind is OriginKind.HASH and behind:
        return f"a hash of {joined(behind)}"
    if origin.kind in (OriginKind.DATA_LAYER, OriginKind.EVENT) and behind:
        return f"{words}, which {is_or_may} {joined(behind, 'or')}"
    return words or joined(behind) or "a value that is not known"


def _first(origins: Iterable[Origin]) -> Iterator[Origin]:
    """What stands at the beginning of each way; a field's own label says more than a selector."""
    for origin in origins:
        if origin.of and origin.kind is not OriginKind.HASH:
            yield from _first(origin.of)
        else:
            yield origin


def _own(origin: Origin) -> str:
    if origin.name.endswith(FOUND):
        return f"what looks like one on the page ({origin.name.removesuffix(FOUND)})"
    if origin.kind is OriginKind.ELEMENT and origin.name in ELEMENTS:
        return ELEMENTS[origin.name]
    if origin.kind is OriginKind.EVENT and origin.name in OF_EVENTS:
        return OF_EVENTS[origin.name]
    if origin.kind is OriginKind.EVENT and origin.name.startswith("request header "):
        return f"the request's header {origin.name.removeprefix('request header ')}"
    if origin.kind is OriginKind.CONSTANT:
        return f"always {origin.name}" if origin.name else "a constant"
    words = ORIGINS.get(origin.kind)
    if words is None:
        return f"'{origin.name}'" if origin.name else ""
    return (
        words.format(origin.name).strip()
        if origin.name
        else words.replace(" '{}'", "").replace(" {}", "")
    )
