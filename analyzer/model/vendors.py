"""Vendors, and the facts that show them at work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analyzer.model.facts import Fact
from analyzer.model.places import Place
from analyzer.model.values import Origin, Value, holes


class Role(StrEnum):
    """What a detection shows the vendor's code doing."""

    LOADER = "loader"
    SETUP = "setup"
    EVENT = "event"
    IDENTITY = "identity"
    PIXEL = "pixel"
    CONTAINER = "container"
    SERVER = "server"
    PACKAGE = "package"
    LIBRARY = "library"
    CONFIG = "config"
    GATE = "gate"
    MARKER = "marker"


# What waits for code that uses it.
PASSIVE = frozenset({Role.PACKAGE, Role.LIBRARY, Role.CONFIG})


class Kind(StrEnum):
    """What a product is to a privacy reviewer: only a tracker is reported as one."""

    TRACKER = "tracker"
    TAG_MANAGER = "tag-manager"
    CONSENT = "consent"
    PORTAL = "portal"
    EMBED = "embed"
    MONITORING = "monitoring"


@dataclass(frozen=True, slots=True)
class Baa:
    """A dated statement about business associate agreements: offered yes, no, plan-dependent,
    unknown.
    """

    offered: str = "unknown"
    note: str = ""
    source: str = ""
    checked: str = ""


class Feature(StrEnum):
    """What a product does by itself, and a site may switch on or off."""

    INPUT_MASKING = "input-masking"
    TEXT_MASKING = "text-masking"
    SESSION_REPLAY = "session-replay"
    FORM_CAPTURE = "form-capture"
    AUTOCAPTURE = "autocapture"
    AUTOMATIC_EVENTS = "automatic-events"
    ADVERTISING = "advertising"
    MATCHING = "matching"
    PAGE_VIEWS = "page-views"
    IP = "ip"
    COOKIES = "cookies"
    TIMING = "timing"
    OPT_OUT = "opt-out"


@dataclass(frozen=True, slots=True)
class Control:
    """One switch of a product as its documentation describes it.

    `name` is what people call it; `default` is what holds when nothing is said, None where the
    documentation or the vendor's own settings decide.
    """

    feature: Feature
    name: str
    default: bool | None = None
    note: str = ""
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch of a product as the site sets it; `on` is None where only a running page knows."""

    feature: Feature
    name: str
    on: bool | None
    place: Place


@dataclass(frozen=True, slots=True)
class Retired:
    """When a product ended, as 2023-07-01, and what happened to it."""

    date: str
    what: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A product as its signature file describes it; `id` is the file's name.

    `holds_back` are the words in its script's address or attributes that tell that it stops other
    scripts by itself until a visitor consents; `*` means that it always does.
    """

    id: str
    name: str
    owner: str
    category: str
    kind: Kind
    docs: str = ""
    uses: tuple[str, ...] = ()
    receives: tuple[str, ...] = ()
    baa: Baa = Baa()
    retired: Retired | None = None
    holds_back: tuple[str, ...] = ()
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A category of data; `hipaa` is its letter in 45 CFR 164.514(b)(2)(i), or health."""

    id: str
    name: str
    hipaa: str = ""


class ToldBy(StrEnum):
    """What tells the category of a datum: its own name, or that of what its value is read from.

    A HINT is a word that means many things, such as name: it needs a second sign.
    """

    NOTHING = ""
    NAME = "name"
    ORIGIN = "origin"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Datum:
    """One piece of data that reaches a vendor: under which name, of which category, from where."""

    name: str
    value: Value
    category: str = ""
    place: Place | None = None
    told_by: ToldBy = ToldBy.NOTHING

    @property
    def origin(self) -> Origin | None:
        return next((hole.origin for hole in holes(self.value)), None)


@dataclass(frozen=True, slots=True)
class TagRef:
    """The container's tag behind a detection."""

    container_id: str
    path: str
    tag_id: str | None
    tag_name: str


@dataclass(frozen=True, slots=True)
class Detection:
    """A vendor was recognised in a fact.

    `weak` needs another detection of the vendor on the site; `proxied` tells that the vendor's
    script or endpoint is reached through another host, often the site's own.
    """

    vendor: str
    role: Role
    place: Place
    fact: Fact
    ids: tuple[str, ...] = ()
    data: tuple[Datum, ...] = ()
    tag: TagRef | None = None
    placeholder: bool = False
    weak: bool = False
    proxied: bool = False
    switches: tuple[Switch, ...] = ()

    @property
    def path(self) -> str:
        return self.place.path
