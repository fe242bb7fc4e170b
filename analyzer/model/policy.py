"""The organisation's own word: agreements, what it accepts and until when, and what its pages are.

Every entry knows the `folder` of the configuration it stands in (empty for the root of the scan)
and speaks of the files below that folder only; its patterns are relative to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from analyzer.model.places import Place


@dataclass(frozen=True, slots=True)
class Agreement:
    """A business associate agreement that the organisation says it has signed.

    `vendors` are ids of products, `companies` names of their owners: one of them is enough.
    `document` is how the organisation finds the paper. Without `expires` it does not end.
    """

    vendors: tuple[str, ...]
    companies: tuple[str, ...]
    document: str
    signed: date | None
    expires: date | None
    place: Place
    owner: str = ""
    folder: str = ""

    def in_force(self, today: date) -> bool:
        return (self.signed is None or self.signed <= today) and (
            self.expires is None or today <= self.expires
        )


@dataclass(frozen=True, slots=True)
class Suppression:
    """Somebody's word that a finding is accepted, and why.

    `kind` says where it was given: comment, tag-notes, ignore (configuration), allowed (a vendor on
    a page class), agreement. Empty `rules`, `vendors`, `paths`, `classes` and `tags` mean every
    one; `rules` are names, codes or beginnings of codes, `tags` names of a container's tags.
    A comment covers `lines` of its own file. `until` is the last day on which it counts. `wrong`
    says why it can never count, such as a missing reason.
    """

    kind: str
    place: Place
    reason: str = ""
    rules: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    container: str = ""
    lines: tuple[int, ...] = ()
    owner: str = ""
    until: date | None = None
    folder: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class PagesAre:
    """What the organisation says of its pages: their classes, and those they do not have.

    `paths` are patterns of files, `routes` of addresses.
    """

    place: Place
    paths: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """A container that pages load although their source does not say so, and where its export
    lies.
    """

    place: Place
    container_id: str = ""
    export: str = ""
    paths: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    folder: str = ""


@dataclass(frozen=True, slots=True)
class OwnHost:
    """A host that belongs to the organisation; `vendor` is the product that it stands in for."""

    host: str
    place: Place
    vendor: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules that run below a folder, and the severities the organisation gives them."""

    folder: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Policy:
    """All that the configuration files of a scan say; `files` are their paths."""

    today: date = date.min
    files: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    pages: tuple[PagesAre, ...] = ()
    containers: tuple[Served, ...] = ()
    hosts: tuple[OwnHost, ...] = ()
    selections: tuple[Selection, ...] = ()
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


NO_POLICY = Policy()
