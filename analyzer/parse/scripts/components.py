"""How a script uses what it imports: where, when, under which conditions, and inside of what.

An import alone says little. `{isPublic && <Analytics />}` is a use under a condition,
`onClick={() => track("book")}` one that waits for a visitor, and
`<PublicOnly><Analytics /></PublicOnly>` one that another component decides on. What a file exports
are named stretches of it (EXPORT), what it only uses itself are fragments (FRAGMENT), so that one
function of a file can reach a page without the others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tree_sitter import Node

from analyzer.model import (
    CHILDREN,
    EXPORT,
    FRAGMENT,
    PLACE,
    Block,
    Fact,
    Guard,
    Include,
    Moment,
    Place,
    Source,
)
from analyzer.parse.prefilter import WORD_BYTES
from analyzer.parse.scripts.routes import Routes
from analyzer.parse.scripts.surroundings import Around, Surroundings
from analyzer.parse.template import AnyFact, Structure
from analyzer.parse.values.injected import in_parameters, is_handed_over
from analyzer.parse.values.modules import DEFAULT, EVERYTHING, Binding, Module, Unit, module_of

MANY_NAMES = 100  # beyond them all words of a script are looked at, and not name by name
MOST_USES = 3_000  # places in one script where a name is used
MOST_TOLD = 40  # different ways to use one name in one part that are told apart
LOCAL = (".", "/", "@/", "~/", "#")
# Packages of which every script has some, and which are never files of the repository.
COMMON = re.compile(
    r"(?:react|react-dom|next|vue|lodash|lucide-react|framer-motion|date-fns|clsx|axios|zod"
    r"|tailwind-merge|react-router|react-router-dom|react-hook-form|react-icons|styled-components"
    r"|@mui|@radix-ui|@headlessui|@heroicons|@tanstack|@chakra-ui|@fortawesome|@testing-library"
    r"|@prisma|@emotion|@types|@babel|node:\w+|fs|path|crypto|https?|url|express)(?:/.*)?"
)
ASSET = re.compile(
    r"\.(?:css|s[ac]ss|less|styl|svg|png|jpe?g|gif|webp|avif|woff2?|json|md|txt|mp4)$", re.I
)
WORD = re.compile(rb"[A-Za-z_$][\w$]*+")
MEMBER = re.compile(rb"\s{0,9}\??\.\s{0,9}([A-Za-z_$][\w$]{0,100})")
CALLED = re.compile(
    rb"\b(?:import|require)\s{0,9}\(\s{0,99}(?:/\*(?:[^*]|\*(?!/)){0,300}+\*/\s{0,99}){0,3}+"
    rb"[\"'`]([^\"'`$\n]{1,300})[\"'`]"
)
USED = frozenset({"identifier", "shorthand_property_identifier"})
NOTHING = Around()


@dataclass(slots=True)
class Standing(Structure):
    """A script's structure: to which part of it a place belongs, and what stands around it."""

    script: Components | None = None

    def around(self, fact: AnyFact, offset: int) -> AnyFact:
        return self.script.standing(fact, offset) if self.script is not None else fact


class Components:
    """Reads one script as a module. `packages` are those of vendors, which are no files in here,
    `region` begins the names of stretches that other components decide on.
    """

    def __init__(
        self,
        source: Source,
        data: bytes,
        root: Node,
        packages: frozenset[str] = frozenset(),
        region: str = "what stands in",
    ) -> None:
        self.region = region
        self.source = source
        self.data = data
        self.root = root
        self.packages = packages
        self.module: Module = module_of(root, data)
        self.here = Surroundings(data, root, self.module, self._may_be_file)
        self.routes = Routes(data)
        self._regions: dict[str, Include] = {}

    @property
    def structure(self) -> Structure:
        """What the facts of this script are put into; a script that is no module stays whole."""
        return Standing(script=self) if self.module.is_module else Structure()

    def facts(self) -> Iterator[Fact]:
        """The files that this script is put together with, and what it does with them."""
        yield from self._imported()
        yield from self._uses()
        yield from self._requested()
        yield from self._children()
        yield from self.regions()
        for unit in self.here.units if self.module.is_module else ():
            place = self._place(unit.start, min(unit.end, unit.start + 80))
            for name in unit.exports:
                yield Block(place=place, name=EXPORT + name)
            if not unit.exports:
                yield Block(place=place, name=FRAGMENT + unit.name)

    def regions(self) -> Iterator[Fact]:
        """The stretches that facts were found in and that other components decide on."""
        yield from self._regions.values()
        for name in self._regions:
            yield Block(place=self._regions[name].place, name=FRAGMENT + name)

    def standing(self, fact: AnyFact, offset: int) -> AnyFact:
        """A fact with the part of the script that it lies in, and what stands around it there."""
        blocks = self._tags(self.here.unit(offset))
        around = self.here.around(offset)
        if around is None:
            return replace(fact, blocks=blocks + fact.blocks)
        moment = around.moment if fact.moment is Moment.LOAD else fact.moment
        guards = (*around.early, *fact.guards)
        if around.within:
            blocks = (*blocks, self._region(around, blocks, offset))
        return replace(fact, blocks=blocks + fact.blocks, guards=guards, moment=moment)

    def guards_at(self, offset: int) -> tuple[Guard, ...] | None:
        """The conditions around a place; None where it is no code."""
        around = self.here.around(offset)
        return around.guards if around is not None else None

    # ------------------------------------------------------------ imports and exports

    def _imported(self) -> Iterator[Fact]:
        """The imports as such: what another file does by itself when it is asked for."""
        seen: set[str] = set()
        used = {binding.target for binding in self.module.bindings.values()}
        module = self._tags(None)
        for target, start, end in self.module.imports:
            if not self._may_be_file(target) or target in seen:
                continue
            seen.add(target)
            alone = "" if target not in used else EXPORT
            yield self._include(target, start, end, alone, module)
        for each in self.module.passed:
            if not self._may_be_file(each.target):
                continue
            blocks: tuple[str, ...] = (EXPORT + each.name,)
            fragment = EXPORT + each.export if each.export else ""
            if each.export == EVERYTHING:
                blocks = ()
            else:
                yield self._include(each.target, each.start, each.end, EXPORT, module)
            yield self._include(each.target, each.start, each.end, fragment, blocks)

    def _include(
        self,
        target: str,
        start: int,
        end: int,
        fragment: str,
        blocks: tuple[str, ...],
        around: Around = NOTHING,
    ) -> Include:
        return Include(
            place=self._place(start, end),
            how="imports",
            target=target,
            fragment=fragment,
            blocks=blocks,
            guards=around.guards,
            moment=around.moment,
            within=around.within,
        )

    def _may_be_file(self, target: str) -> bool:
        """May an import mean a file of the repository, and not a package?"""
        if ASSET.search(target):
            return False
        if target.startswith(LOCAL):
            return True
        known = COMMON.fullmatch(target) is not None or target in self.packages
        return not known and not target.startswith(("http:", "https:", "data:"))

    # ------------------------------------------------------------ uses of names

    def _uses(self) -> Iterator[Fact]:
        """Each different way in which a part of the script uses a name."""
        told: dict[tuple[Unit | None, str], set[tuple[object, ...]]] = {}
        for name, start, end in self._occurrences():
            unit = self.here.unit(start)
            if unit is not None and unit.name == name:
                continue  # itself
            member = self._member(name, end)
            ways = told.setdefault((unit, f"{name}.{member}"), set())
            if () in ways or len(ways) > MOST_TOLD:
                continue
            around = self.here.around(start)
            if around is None or not _is_use([node for node, _ in around.path]):
                continue
            routed = self.routes.note(around.path, name, self.module.bindings.get(name))
            if isinstance(routed, Guard):
                around = replace(around, guards=(*around.guards, routed))
            elif routed:
                continue
            way = (around.guards, around.within, around.moment)
            plain = not around.guards and not around.within and around.moment is Moment.LOAD
            if plain:
                ways.add(())
            elif way in ways:
                continue
            ways.add(way)
            yield from self._use(name, member, unit, around, start, end)
        yield from self.routes.facts(self.source)

    def _use(
        self, name: str, member: str, unit: Unit | None, around: Around, start: int, end: int
    ) -> Iterator[Include]:
        blocks = self._tags(unit)
        binding = self.module.bindings.get(name)
        if binding is None:
            if self.module.is_module:
                own = next(each for each in self.here.units if each.name == name)
                fragment = EXPORT + own.exports[0] if own.exports else name
                yield self._include("", start, end, fragment, blocks, around)
            return
        if not self._may_be_file(binding.target):
            return
        fragment = EXPORT + binding.export
        if binding.export == EVERYTHING:
            fragment = EXPORT + member if member else ""
        yield self._include(binding.target, start, end, fragment, blocks, around)
        if binding.lazy and fragment:
            yield self._include(binding.target, start, end, EXPORT, blocks, around)

    def _occurrences(self) -> Iterator[tuple[str, int, int]]:
        """Where the names of imports and of the script's own parts stand, outside of imports."""
        wanted = {
            name.encode()
            for name, binding in self.module.bindings.items()
            if self._may_be_file(binding.target)
        }
        if self.module.is_module:
            wanted |= {unit.name.encode() for unit in self.here.units if unit.name}
        silent = sorted(self.module.silent)
        starts = [start for start, _ in silent]
        for name, start in self._spots(wanted):
            before = self.data[max(0, start - 3) : start]
            if before.endswith(b"</") or (before.endswith(b".") and not before.endswith(b"...")):
                continue
            at = bisect_right(starts, start) - 1
            if at < 0 or start >= silent[at][1]:
                yield name.decode(), start, start + len(name)

    def _spots(self, names: set[bytes]) -> list[tuple[bytes, int]]:
        """Where the names stand as words of their own, in the order of the text."""
        if len(names) > MANY_NAMES:
            words = ((each[0], each.start()) for each in WORD.finditer(self.data))
            return list(islice((each for each in words if each[0] in names), MOST_USES))
        found: list[tuple[int, bytes]] = []
        for name in sorted(names):  # looking for plain words is many times faster than patterns
            at = self.data.find(name)
            while at >= 0 and len(found) < MOST_USES:
                end = at + len(name)
                if not (
                    (at and self.data[at - 1] in WORD_BYTES)
                    or (end < len(self.data) and self.data[end] in WORD_BYTES)
                ):
                    found.append((at, name))
                at = self.data.find(name, end)
        return [(name, at) for at, name in sorted(found)]

    def _member(self, name: str, end: int) -> str:
        """The export that is meant where a name stands for all exports of a file."""
        binding = self.module.bindings.get(name)
        if binding is None or binding.export != EVERYTHING:
            return ""
        found = MEMBER.match(self.data, end)
        return found[1].decode() if found else ""

    def _requested(self) -> Iterator[Include]:
        """Files that are asked for by a call, `import("./a")` or `require("./a")`."""
        lazy = [(each.start, each.end) for each in self.module.lazy]
        words = (b"import(", b"require(", b"import (", b"require (")
        asks = any(word in self.data for word in words)
        for found in CALLED.finditer(self.data) if asks else ():
            target, start = found[1].decode("utf-8", "replace"), found.start()
            if not self._may_be_file(target) or any(begin <= start < end for begin, end in lazy):
                continue
            around = self.here.around(start)
            if around is None or self.routes.note(
                around.path, "", Binding(target, DEFAULT, start, found.end())
            ):
                continue
            blocks = self._tags(self.here.unit(start))
            yield self._include(target, start, found.end(), "", blocks, around)

    # ------------------------------------------------------------ what shows its children

    def _children(self) -> Iterator[Block]:
        for _, start in self._spots({CHILDREN.encode()}):
            end = start + len(CHILDREN)
            own = self.data.endswith(b"props.", 0, start)
            if not own and self.data.endswith(b".", 0, start):
                continue
            around = self.here.around(start)
            if around is None or not around.path:
                continue
            leaf = around.path[-1][0].type
            if leaf != ("property_identifier" if own else "identifier"):
                continue
            yield Block(
                place=self._place(start, end),
                name=PLACE + CHILDREN,
                guards=around.guards,
                blocks=self._tags(self.here.unit(start)),
            )

    # ------------------------------------------------------------ parts of the script

    def _tags(self, unit: Unit | None) -> tuple[str, ...]:
        if not self.module.is_module:
            return ()
        if unit is None:
            return (EXPORT,)
        return tuple(EXPORT + name for name in unit.exports) or (FRAGMENT + unit.name,)

    def _region(self, around: Around, blocks: tuple[str, ...], offset: int) -> str:
        """The stretch inside of components that decide whether it is shown, as a fragment."""
        place = replace(around, guards=(), moment=Moment.LOAD)
        name = first = f"{self.region} <{self._outermost(around)}>"
        number = 1
        while name in self._regions and not self._is_same(self._regions[name], place, blocks):
            number += 1
            name = f"{first} ({number})"
        if name not in self._regions:
            self._regions[name] = self._include("", offset, offset + 1, name, blocks, place)
        return FRAGMENT + name

    def _is_same(self, region: Include, around: Around, blocks: tuple[str, ...]) -> bool:
        return region.within == around.within and region.blocks == blocks

    def _outermost(self, around: Around) -> str:
        for node, _ in around.path:
            if node.type == "jsx_element" and any(self.here.wrapper(node)):
                opening = node.child_by_field_name("open_tag")
                name = opening.child_by_field_name("name") if opening is not None else None
                return self.here.text(name) if name is not None else ""
        return ""

    def _place(self, start: int, end: int) -> Place:
        return self.source.place(start, end)


def _is_use(path: Sequence[Node]) -> bool:
    """Is the last of these nodes a name that is used, and not one that is declared?"""
    known = path[-1].type in USED and not in_parameters(path)
    return known or is_handed_over(path)
