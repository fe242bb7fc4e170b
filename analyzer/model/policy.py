"""The organisation's own word: agreements, what it accepts and until when, and what its pages are.

Every entry knows the `home` of the configuration it stands in and speaks of the files below that
folder only; its patterns are relative to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from analyzer.model.places import Place


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of a configuration file: of which files its entries speak, and how they call them.

    `folder` is where it lies below the root of the scan, `above` the way from it down to the root
    where it lies above. A configuration that holds for the whole scan speaks of files beside its
    folder as well (`everywhere`); those `without` have a configuration that inherits nothing.
    """

    folder: str = ""
    above: str = ""
    everywhere: bool = False
    without: tuple[str, ...] = ()

    def reaches(self, path: str) -> bool:
        """Do the entries speak of this file?"""
        if any(path.startswith(f"{folder}/") for folder in self.without):
            return False
        return self.everywhere or not self.folder or path.startswith(f"{self.folder}/")

    def inner(self, path: str) -> str:
        """The file's path as the configuration would write it."""
        if self.above:
            return f"{self.above}/{path}"
        return path.removeprefix(f"{self.folder}/") if self.folder else path


ROOT = Home()


@dataclass(frozen=True, slots=True)
class Agreement:
    """A business associate agreement that the organisation says it has signed.

    `vendors` are ids of products, `companies` names of their owners: one of them is enough.
    `document` is how the organisation finds the paper, `owner` who looks after it. Without
    `expires` it does not end.
    """

    vendors: tuple[str, ...]
    companies: tuple[str, ...]
    document: str
    signed: date | None
    expires: date | None
    place: Place
    owner: str = ""
    home: Home = ROOT

    @property
    def folder(self) -> str:
        return self.home.folder

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
    home: Home = ROOT
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
    home: Home = ROOT


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
    home: Home = ROOT


@dataclass(frozen=True, slots=True)
class OwnHost:
    """A host that belongs to the organisation; `vendor` is the product that it stands in for.

    `*.clinic.example` is every host below that one.
    """

    host: str
    place: Place
    vendor: str = ""
    home: Home = ROOT


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules that run below a folder, by name, code or beginning of a code, and the severities
    that the organisation gives them.
    """

    home: Home = ROOT
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class FilePattern:
    """Files that are left out, or read after all."""

    pattern: str
    place: Place
    home: Home = ROOT


@dataclass(frozen=True, slots=True)
class Policy:
    """All that the configuration files of a scan say; `files` are their paths.

    What lies above a scan or beside it was not read: of the files `partly`, nobody can say which
    entries match nothing. `unmatched` are the patterns of files that met none, `unread` the
    configurations that another one in their folder stands above, each with words.
    """

    today: date = date.min
    files: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    pages: tuple[PagesAre, ...] = ()
    containers: tuple[Served, ...] = ()
    hosts: tuple[OwnHost, ...] = ()
    selections: tuple[Selection, ...] = ()
    exclude: tuple[FilePattern, ...] = ()
    include: tuple[FilePattern, ...] = ()
    partly: tuple[str, ...] = ()
    unmatched: tuple[tuple[Place, str], ...] = ()
    unread: tuple[tuple[Place, str], ...] = ()


NO_POLICY = Policy()
