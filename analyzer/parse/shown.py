"""Which components the markup shows: an import of one counts where, and only if, it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from analyzer.engines import Engine
from analyzer.model import EXPORT, Fact, Include, Package, Place, Region, Skip, Use
from analyzer.parse.markup import Element
from analyzer.parse.mask import compiled
from analyzer.parse.template import AnyFact
from analyzer.parse.values.document import Document

NAME = r"[A-Za-z_$][\w$]*+"
QUOTED = r"""["'](?P<target>[^"'\n]{1,300})["']"""
IMPORT = re.compile(
    rf"(?<![\w$.])import\s+(?!type\s+[{{\w])(?P<default>{NAME})?\s*,?\s*"
    rf"(?:\{{(?P<names>[^{{}}]{{0,4000}})\}}|\*\s*as\s+(?P<all>{NAME}))?"
    rf"\s*from\s*{QUOTED}"
)
LATER = re.compile(  # const Banner = defineAsyncComponent(() => import("./Banner.vue"))
    rf"(?<![\w$.])(?P<default>{NAME})\s*[=:]\s*(?:{NAME}\(\s*)?(?:async\s*)?\(\s*\)\s*=>\s*import\(\s*{QUOTED}"
)
RENAMED = re.compile(rf"({NAME})(?:\s+as\s+({NAME}))?")
COMMENT = re.compile(r"<!--.*?-->|/\*.*?\*/|(?<![:\w\"'])//[^\n]*", re.S)
MOST_USES = 2_000
NOWHERE = Place("", Region(0, 0, 0, 0))


class Shown:
    """The components that one document imports and shows."""

    def __init__(self, document: Document, engine: Engine) -> None:
        self.document = document
        self.imported: dict[str, tuple[str, str]] = {}  # of a name: the file, and which export
        self.held: list[Include] = []
        self.uses: list[tuple[int, int, str, tuple[str, ...]]] = []
        self.code: set[str] | None = None  # the names that the file says, but for its imports
        pattern = compiled(engine.uses)
        for tag in document.masked.tags:
            if tag.kind == "statement" and (said := pattern.match(tag.text)):
                around = tuple((said["around"] or "").split())
                self.uses.append((tag.start, tag.end, said["name"], around))

    def without_imports(
        self, element: Element, facts: Iterable[Fact | Skip]
    ) -> Iterator[Fact | Skip]:
        """The facts of an element, but for the imports of its script, which are kept for later."""
        if element.name == "script" and element.content is not None:
            start, end = element.content
            self._note(self.document.source.data[start:end].decode("utf-8", "replace"))
        for fact in facts:
            match fact:
                case Include(how="imports"):
                    self.held.append(fact)
                case Package(name=name):  # an alias of a folder looks like a package
                    yield fact
                    if any(target == name for target, _ in self.imported.values()):
                        held = Include(
                            place=fact.place,
                            how="imports",
                            target=name,
                            guards=fact.guards,
                            blocks=fact.blocks,
                            moment=fact.moment,
                        )
                        self.held.append(held)
                case _:
                    yield fact

    def facts(self) -> Iterator[Fact]:
        """Each import, where its component is shown; one that is shown nowhere counts as it is.

        Components that nobody imports are told too, each once under the same conditions.
        """
        shown: dict[str, list[Include]] = {}
        told: dict[Fact, None] = {}
        for start, end, name, around in self.uses[:MOST_USES]:
            place = self.document.place(start, end)
            known = self.imported.get(name.partition(".")[0])
            if known is None:
                told.setdefault(self.document.around(Use(place=place, name=name), start))
                continue
            within = tuple(self.imported[each][0] for each in around if each in self.imported)
            use = Include(
                place=place,
                how="imports",
                target=known[0],
                fragment=known[1],
                within=within,
            )
            shown.setdefault(name, []).append(self.document.around(use, start))
        yield from _once(told)
        for fact in self.held:
            yield from self._used(fact, shown)

    def _used(self, fact: Include, shown: Mapping[str, list[Include]]) -> Iterator[Fact]:
        """One import: each of its names where it is shown, and what the file does by itself."""
        names = [name for name, (target, _) in self.imported.items() if target == fact.target]
        if not names:
            yield fact
            return
        for name in names:
            for use in _once(shown[name]) if name in shown else ():
                yield replace(use, guards=fact.guards + use.guards, moment=fact.moment)
            if name not in shown and self._is_named(name):
                yield replace(fact, fragment=self.imported[name][1])
        local = isinstance(fact.target, str) and fact.target.startswith((".", "/"))
        if local and all(fragment for _, fragment in map(self.imported.__getitem__, names)):
            yield replace(fact, fragment=EXPORT)

    def _is_named(self, name: str) -> bool:
        """Does the file speak of an import again, outside of its comments? Code may show it."""
        if self.code is None:
            said = self.document.source.data.decode("utf-8", "replace")
            words = re.findall(rf"{NAME}(?:-[\w$-]+)?", IMPORT.sub("", COMMENT.sub("", said)))
            self.code = {f"-{w.replace('-', '').lower()}" if "-" in w else w for w in words}
        return name in self.code or f"-{name.lower()}" in self.code

    def _note(self, script: str) -> None:
        for pattern in (IMPORT, LATER):
            for found in pattern.finditer(script):
                said, target = found.groupdict(), found["target"]
                if said["default"]:
                    self.imported[said["default"]] = (target, EXPORT + "default")
                if said.get("all"):
                    self.imported[said["all"]] = (target, "")
                for old, new in RENAMED.findall(said.get("names") or ""):
                    self.imported[new or old] = (target, EXPORT + old)


def _once(facts: Iterable[AnyFact]) -> Iterator[AnyFact]:
    """The facts that differ in more than their place."""
    seen: set[Fact] = set()
    for fact in facts:
        key = replace(fact, place=NOWHERE)
        if key not in seen:
            seen.add(key)
            yield fact
