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
    CONFIG = "config"
    GATE = "gate"
    MARKER = "marker"


PASSIVE = frozenset({Role.PACKAGE, Role.CONFIG})  # what waits for code that uses it


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


@dataclass(frozen=True, slots=True)
class Vendor:
    """A product as its signature file describes it; `id` is the file's name."""

    id: str
    name: str
    owner: str
    category: str
    kind: Kind
    docs: str = ""
    uses: tuple[str, ...] = ()
    receives: tuple[str, ...] = ()
    baa: Baa = Baa()


@dataclass(frozen=True, slots=True)
class Datum:
    """One piece of data that reaches a vendor: under which name, of which category, from where."""

    name: str
    value: Value
    category: str = ""
    place: Place | None = None

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

    @property
    def path(self) -> str:
        return self.place.path
