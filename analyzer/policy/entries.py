"""What a configuration file says, checked against what exists and made into records."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import UnsetType

from analyzer.model import (
    Agreement,
    FilePattern,
    OwnHost,
    PagesAre,
    Place,
    Policy,
    Selection,
    Served,
    Suppression,
)
from analyzer.policy import schema
from analyzer.policy.checks import Checks
from analyzer.policy.positions import At
from analyzer.policy.scope import Scope
from analyzer.policy.sheet import Sheet
from analyzer.policy.writing import container_wrong, host_wrong

Record = TypeVar("Record", Agreement, Suppression, PagesAre, Served, OwnHost)


class Entries:
    """Makes the records of one file, and knows where each stands."""

    def __init__(self, sheet: Sheet, said: schema.Configuration, scope: Scope) -> None:
        self.sheet = sheet
        self.said = said
        self.known = scope.known
        self.check = Checks(sheet, scope.known)
        self.root = scope.root
        self.today = scope.today

    def policy(self) -> Policy:
        """The records. Raises UserError for the first entry that cannot be meant."""
        agreements = self._apart("agreements", self._agreements())
        return Policy(
            today=self.today,
            files=(self.sheet.path,),
            agreements=agreements,
            suppressions=(
                *(_settles(each) for each in agreements if each.in_force(self.today)),
                *self._apart("allowed", self._allowed()),
                *self._apart("ignore", self._ignored()),
            ),
            pages=self._apart("pages", self._pages()),
            hosts=tuple(self._hosts()),
            containers=self._apart("containers", self._containers()),
            selections=tuple(self._selections()),
            exclude=tuple(self._patterns("exclude", self.said.exclude)),
            include=tuple(self._patterns("include", self.said.include)),
        )

    # ------------------------------------------------------------ the blocks

    def _agreements(self) -> Iterator[Agreement]:
        for number, each in enumerate(self.said.agreements):
            at: At = ("agreements", number)
            vendors, companies = self.check.who(at, each)
            if not vendors and not companies:
                raise self.sheet.wrong(at, self.check.nobody(each))
            self.check.text(at, "document", "say where the signed paper is found")
            signed, expires = _day(each.signed), _day(each.expires)
            if signed and expires and expires < signed:
                raise self.sheet.wrong(
                    (*at, "expires"),
                    f"expires ({expires}) lies before signed ({signed}); exchange or correct them",
                )
            if signed and signed > self.today + timedelta(days=1):  # days differ around the world
                raise self.sheet.wrong(
                    (*at, "signed"),
                    f"signed ({signed}) is a day to come; enter the agreement when it is signed",
                )
            yield Agreement(
                vendors,
                companies,
                each.document,
                signed,
                expires,
                self.sheet.place(at),
                each.owner,
                self.sheet.home,
            )

    def _allowed(self) -> Iterator[Suppression]:
        for number, each in enumerate(self.said.allowed):
            at: At = ("allowed", number)
            vendors, companies = self.check.who(at, each)
            if not vendors and not companies:
                raise self.sheet.wrong(
                    at, f'{self.sheet.header("allowed")} names no product; write vendor = "..."'
                )
            classes = self.check.classes(at, "on", each.on, every=True)
            if not classes:
                raise self.sheet.wrong(
                    at, '"on" is empty; write on = ["condition"], or on = "*" for every page'
                )
            yield self._suppression(at, each, "allowed", vendors, companies, classes)

    def _ignored(self) -> Iterator[Suppression]:
        for number, each in enumerate(self.said.ignore):
            at: At = ("ignore", number)
            vendors, companies = self.check.who(at, each)
            self.check.rules((*at, "rules"), each.rules)
            self.check.patterns((*at, "paths"), each.paths)
            classes = self.check.classes(at, "on", each.on, every=True)
            self.check.texts((*at, "tags"), each.tags)
            if not (each.rules or each.paths or vendors or companies or classes or each.tags):
                raise self.sheet.wrong(
                    at,
                    "this block would accept every finding; say which with rules, paths, vendor, "
                    "on or tags",
                )
            made = self._suppression(at, each, "ignore", vendors, companies, classes)
            yield replace(made, rules=each.rules, paths=each.paths, tags=each.tags)

    def _suppression(
        self,
        at: At,
        each: schema.Allowed | schema.Ignore,
        kind: str,
        vendors: tuple[str, ...],
        companies: tuple[str, ...],
        classes: tuple[str, ...],
    ) -> Suppression:
        self.check.text(at, "reason", "say in one sentence why this is accepted")
        return Suppression(
            kind,
            self.sheet.place(at),
            each.reason.strip(),
            vendors=vendors,
            companies=companies,
            classes=classes,
            owner=each.owner,
            until=_day(each.until),
            home=self.sheet.home,
        )

    def _pages(self) -> Iterator[PagesAre]:
        for number, each in enumerate(self.said.pages):
            at: At = ("pages", number)
            self.check.where(at, each)
            if not each.paths and not each.routes:
                raise self.sheet.wrong(
                    at,
                    'this block names no page; write paths = ["templates/..."] or '
                    'routes = ["/..."]',
                )
            are = self.check.classes(at, "are", each.are)
            never = self.check.classes(at, "are-not", each.are_not)
            if not are and not never:
                raise self.sheet.wrong(
                    at,
                    'this block says nothing of its pages; write are = ["..."] or '
                    'are-not = ["..."]',
                )
            for name in are:
                if name in never:
                    raise self.sheet.wrong(
                        (*at, "are-not"), f'"{name}" is in are and in are-not; keep one'
                    )
            yield PagesAre(
                self.sheet.place(at), each.paths, each.routes, are, never, self.sheet.home
            )

    def _hosts(self) -> Iterator[OwnHost]:
        seen: dict[str, int] = {}
        for number, each in enumerate(self.said.hosts):
            at: At = ("hosts", number)
            if not each.host and not each.hosts:
                raise self.sheet.wrong(
                    at, 'this block names no host; write host = "static.clinic.example"'
                )
            if each.stands_for:
                self.check.vendor((*at, "stands-for"), each.stands_for)
            ways: list[At] = [(*at, "host")] if each.host else []
            ways += [(*at, "hosts", inner) for inner in range(len(each.hosts))]
            names = ([each.host] if each.host else []) + list(each.hosts)
            for way, name in zip(ways, names, strict=True):
                if wrong := host_wrong(name):
                    raise self.sheet.wrong(way, wrong)
                low = name.lower().rstrip(".")
                if low in seen:
                    raise self.sheet.wrong(
                        way, f'"{name}" is on line {seen[low]} already; keep one'
                    )
                seen[low] = self.sheet.line(way)
                yield OwnHost(low, self.sheet.place(way), each.stands_for, self.sheet.home)

    def _containers(self) -> Iterator[Served]:
        for number, each in enumerate(self.said.containers):
            at: At = ("containers", number)
            if not each.id and not each.export:
                raise self.sheet.wrong(
                    at, 'this block names no container; write id = "GTM-..." or export = "..."'
                )
            if each.id and (wrong := container_wrong(each.id)):
                raise self.sheet.wrong((*at, "id"), wrong)
            self.check.where(at, each)
            if not (each.export or each.paths or each.routes):
                raise self.sheet.wrong(
                    at, f'nothing is said of {each.id}; write export = "..." or routes = ["/**"]'
                )
            export = self._export((*at, "export"), each.export) if each.export else ""
            yield Served(
                self.sheet.place(at), each.id, export, each.paths, each.routes, self.sheet.home
            )

    def _export(self, at: At, export: str) -> str:
        """The path of an export from the root of the scan."""
        if os.path.isabs(export) or "\\" in export or export.startswith("~"):
            raise self.sheet.wrong(
                at,
                f'"{export}" leads out of the project; write the path from the folder of this '
                "file, with /",
            )
        disk = self._folder() / export
        if not disk.is_file():
            what = (
                "is a folder; name the exported file"
                if disk.is_dir()
                else "does not exist below the folder of this file; export the container again, "
                "or correct the path"
            )
            raise self.sheet.wrong(at, f'"{export}" {what}')
        return os.path.relpath(disk.resolve(), self.root).replace(os.sep, "/")

    def _folder(self) -> Path:
        home = self.sheet.home
        if home.above:
            return self.root.joinpath(*[".."] * len(home.above.split("/"))).resolve()
        return self.root / home.folder

    def _selections(self) -> Iterator[Selection]:
        said = self.said
        self.check.rules(("rules", "select"), said.rules.select)
        self.check.rules(("rules", "ignore"), said.rules.ignore)
        severity: dict[str, str] = {}
        for name, word in said.severity.items():
            self.check.rule(("severity", name), name, whole=True)
            known = next(each for each, code in self.known.rules.items() if name in (each, code))
            if known in severity:
                raise self.sheet.wrong(
                    ("severity", name),
                    f"{known} is in this table by its name and by its code; keep one",
                )
            severity[known] = word
        off = tuple(name for name, word in severity.items() if word == "off")
        kept = {name: word for name, word in severity.items() if word != "off"}
        if said.rules.select or said.rules.ignore or severity:
            yield Selection(
                home=self.sheet.home,
                select=said.rules.select,
                ignore=(*said.rules.ignore, *off),
                severity=MappingProxyType(kept),
            )

    def _patterns(self, key: str, listed: Sequence[str]) -> Iterator[FilePattern]:
        for number, pattern in enumerate(listed):
            at: At = (key, number)
            if pattern.startswith("!"):
                other = "include" if key == "exclude" else "exclude"
                raise self.sheet.wrong(
                    at, f'"{pattern}" takes away; write "{pattern[1:]}" in {other} instead'
                )
            self.check.pattern(at, pattern)
            yield FilePattern(pattern, self.sheet.place(at), self.sheet.home)
        self.check.once((key,), listed)

    def _apart(self, key: str, made: Iterator[Record]) -> tuple[Record, ...]:
        """The records of one kind; two blocks that say the same are a mistake."""
        seen: dict[Any, Place] = {}
        found: list[Record] = []
        for number, each in enumerate(made):
            same = replace(each, place=None)  # type: ignore[arg-type]
            if same in seen:
                raise self.sheet.wrong(
                    (key, number),
                    f"this block says the same as the one on line {seen[same].line}; keep one",
                )
            seen[same] = each.place
            found.append(each)
        return tuple(found)


def _settles(agreement: Agreement) -> Suppression:
    """What an agreement in force settles."""
    days = [
        f"{word} {day}"
        for word, day in (("signed", agreement.signed), ("expires", agreement.expires))
        if day
    ]
    return Suppression(
        "agreement",
        agreement.place,
        ", ".join((f"business associate agreement {agreement.document}", *days)),
        vendors=agreement.vendors,
        companies=agreement.companies,
        owner=agreement.owner,
        until=agreement.expires,
        home=agreement.home,
    )


def _day(given: date | UnsetType) -> date | None:
    return None if isinstance(given, UnsetType) else given
