"""All files of a site as one graph: how they hang together, and which of them are pages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from analyzer.engines import UNFOLLOWED, engine_named
from analyzer.frameworks import (
    Apart,
    Convention,
    Join,
    Missing,
    PageAt,
    Part,
    Project,
    Wrap,
    speaking,
    start_of,
)
from analyzer.frameworks.aliases import Alias
from analyzer.link.aliases import Aliases
from analyzer.link.blocks import Template, conditions_of, template_of
from analyzer.link.edges import Edge
from analyzer.link.names import TYPES, Names, is_bare
from analyzer.model import (
    CHILDREN,
    EXPORT,
    Asset,
    Atom,
    Fact,
    Guard,
    Hole,
    Include,
    Outside,
    Parsed,
    Place,
    ScriptLoad,
    Text,
    Unresolved,
    Value,
    options,
    shown,
)

DEEPEST = 40  # files between a tracker and a page
MOST_PARTS = 200  # files that one page includes
MOST_SHARING = 8  # files that may define a fragment of one name
ASSET = re.compile(
    r"\.(?:css|s[ac]ss|less|styl|svg|png|jpe?g|gif|webp|woff2?|json|md|txt|wasm)$", re.I
)
MAIL = re.compile(r"(?:^|[/_.-])(?:e?mail(?:er|s)?|newsletter|amp|pdf)s?(?=[/_.-])", re.I)
AMBIGUOUS = "several files have this name"
GUESSED = "its name is made at run time"
RESEMBLES = "its built name resembles this file's"
CONFIDENCE = {AMBIGUOUS: 0.7, RESEMBLES: 0.5, GUESSED: 0.4}
HIDDEN = 0.3
WANTED = {"extends": "extends", "includes": "includes", "loads": "script", "imports": "import"}


def names_of(parsed: Sequence[Parsed], paths: Iterable[str]) -> Names:
    """What the names of files mean on a site."""
    types = (path for path in paths if path.endswith(TYPES))
    own = (each.path for each in parsed)
    return Names(own, _assets(parsed), _aliases(parsed), types)


class Graph:
    """All files of a site and how they are put together."""

    def __init__(self, parsed: Sequence[Parsed], paths: Iterable[str] = ()) -> None:
        paths = tuple(paths)
        self.names = names_of(parsed, paths)
        self.files: dict[str, Template] = {}
        self.into: dict[str, list[Edge]] = {}
        self.out: dict[str, list[Edge]] = {}
        self.pages: dict[str, PageAt] = {}
        self.framework: dict[str, str] = {}
        self.unused: set[str] = set()  # files from which the site takes nothing
        self.unresolved: list[Unresolved] = []
        self._missed: set[tuple[str, str]] = set()  # files that a file names and that are not there
        self.parsed = {each.path: each for each in parsed}
        self._offered: dict[str, tuple[dict[str, list[tuple[Guard, ...]]], bool]] = {}
        for each in parsed:
            self.files[each.path] = template_of(each)
        self._defining = self._definitions()
        for each in parsed:
            for fact in each.facts:
                self._link(fact)
        self._converse(Project(paths, parsed, self.names.templates, self.names.scripts))
        self.aside = self._aside()
        self.unresolved = [each for each in self.unresolved if each.place.path not in self.aside]

    # ------------------------------------------------------------ edges that files state

    def _link(self, fact: Fact) -> None:
        match fact:
            case Include(target="", fragment=name) if name:
                self._call(fact, name)
            case Include(how="imports", target=str(target)):
                found = self.names.modules(target, fact.place.path)
                types = not found and self.names.is_types(target, fact.place.path)
                if (found or not is_bare(target)) and not types:
                    self._add("imports", fact, found, target)
            case Include(how="imports", target=target):
                found, name = self.names.scripts(target, fact.place.path)
                self._add("imports", fact, found, name or shown(target))
            case Include(how=how, target=target, engine=engine):
                found = self.names.templates(target, engine, fact.place.path)
                self._add(how, fact, found, shown(target))
            case Outside(place=place, what=what, name=name):
                self.unresolved.append(Unresolved(place, what, name[:200]))
            case ScriptLoad():
                urls = options(fact.url)
                for url in urls:
                    words = f"if {shown(url)} is chosen"
                    guards = (Guard(Atom("unknown", words), words),) if len(urls) > 1 else ()
                    self._load(replace(fact, guards=fact.guards + guards), url)

    def _load(self, fact: ScriptLoad, url: Value) -> None:
        found, name = self.names.scripts(url, fact.place.path)
        likely = self.names.guesses(name, fact.place.path) if not found else []
        if likely:
            self._add("loads", fact, likely, name, RESEMBLES)
        elif found or (name and not name.startswith(("http:", "https:", "//", "data:"))):
            self._add("loads", fact, found, name)
        elif isinstance(url, (Hole, Text)) and not name and not _has_host(shown(url)):
            self._miss("loads", fact.place, shown(url))

    def _call(self, fact: Include, name: str) -> None:
        """A fragment that is called by its name alone: of the file itself, else of any other."""
        own = fact.place.path
        known = self._defining.get((self.files[own].engine, name), [])
        found = [own] if own in known or name.startswith(EXPORT) else known
        self._add(fact.how, fact, found[:MOST_SHARING], f"'{name}'")

    def _add(
        self, how: str, fact: Fact, found: Sequence[str], name: str, doubted: str = ""
    ) -> None:
        fragment = fact.fragment if isinstance(fact, Include) else ""
        if how == "extends" and list(found) == [fact.place.path]:
            found = ()  # it takes the place of a package's file, and extends that one
        if (
            not found
            and not ASSET.search(name.partition("?")[0])
            and fragment.partition(EXPORT)[2] in ("", "*")
        ):
            key = (fact.place.path, name)
            if not fragment or fragment == "*" or key not in self._missed:
                self._miss(how, fact.place, name)
            self._missed.add(key)
            self.files[fact.place.path].open_ended |= (
                how in ("extends", "includes") and not fragment  # fragments hold no blocks
            )
        guessed = isinstance(fact, Include) and not isinstance(fact.target, (str, tuple))
        doubt = doubted or (GUESSED if guessed else AMBIGUOUS if len(found) > 1 else "")
        around = self._wrappers(fact) if isinstance(fact, Include) and fact.within else ()
        for number, inner in enumerate(found):
            if inner == fact.place.path and not fragment:
                continue
            # Another layout of the same name is hidden by the first one.
            confidence = HIDDEN if how == "extends" and number else CONFIDENCE.get(doubt, 1.0)
            self.join(
                Edge(
                    how,
                    fact.place.path,
                    inner,
                    fact.place,
                    (*around, *fact.guards),
                    fact.blocks,
                    fact.moment,
                    fragment,
                    confidence,
                    doubt if doubted or len(found) > 1 else "",
                    fact.without if isinstance(fact, Include) else (),
                )
            )

    def _wrappers(self, fact: Include) -> tuple[Guard, ...]:
        """The conditions under which the components around a place show what stands in them."""
        found: list[Guard] = []
        for target in fact.within:
            for path in self.names.modules(target, fact.place.path)[:1]:
                found.extend(conditions_of(self.files[path].places.get(CHILDREN, [])))
        return tuple(found)

    def join(self, edge: Edge) -> None:
        """Note how two files hang together."""
        self.into.setdefault(edge.inner, []).append(edge)
        self.out.setdefault(edge.outer, []).append(edge)

    def _miss(self, how: str, place: Place, target: str) -> None:
        self.unresolved.append(Unresolved(place, WANTED[how], target[:200]))

    def _definitions(self) -> dict[tuple[str, str], list[str]]:
        """The files that define a fragment, by their engine and its name."""
        found: dict[tuple[str, str], list[str]] = {}
        for path in sorted(self.files):
            template = self.files[path]
            for name in template.fragments:
                found.setdefault((template.engine, name), []).append(path)
        return found

    # ------------------------------------------------------------ what frameworks add

    def _converse(self, project: Project) -> None:
        """Every framework says its conventions, the ones that take what is left over last."""
        wraps: list[Wrap] = []
        for framework in speaking(project.paths):
            said: list[str] = []
            try:
                for convention in framework.conventions(project):
                    self._accept(convention, wraps)
                    if isinstance(convention, (PageAt, Part)):
                        said.append(convention.path)
                        self.framework.setdefault(convention.path, framework.name)
            except Exception as trouble:  # our own mistake must not end the run, nor be hidden
                words = f"{framework.name} ({type(trouble).__name__}); please report it"
                place = start_of(next(iter(self.parsed), ""))
                self.unresolved.append(Unresolved(place, "conventions that failed", words))
            project.spoken.update(said)
        chosen = {wrap.page for wrap in wraps if not wrap.default}
        for wrap in dict.fromkeys(wraps):
            template = self.files.get(wrap.page)
            gives_way = wrap.page in chosen or (template is not None and template.extends)
            if wrap.layout and not (wrap.default and gives_way):
                place = wrap.place or start_of(wrap.page)
                self.join(
                    Edge(
                        "layout",
                        wrap.page,
                        wrap.layout,
                        place,
                        wrap.guards,
                        confidence=wrap.confidence,
                    )
                )

    def _accept(self, convention: Convention, wraps: list[Wrap]) -> None:
        match convention:
            case PageAt(path=path):
                self.pages[path] = _merged(self.pages.get(path), convention)
                self.files.setdefault(path, Template(path))
            case Part(path=path, unused=True):
                self.unused.add(path)
            case Wrap(page=page, layout=layout):
                wraps.append(convention)
                for path in filter(None, (page, layout)):
                    self.files.setdefault(path, Template(path))
            case Join():
                for path in (convention.outer, convention.inner):
                    self.files.setdefault(path, Template(path))
                self.join(
                    Edge(
                        convention.how,
                        convention.outer,
                        convention.inner,
                        convention.place or start_of(convention.outer),
                        convention.guards,
                        convention.blocks,
                        convention.moment,
                        convention.fragment,
                        convention.confidence,
                    )
                )
            case Apart(outer=outer, inner=inner):
                self._part(outer, inner)
            case Missing(place=place, what=what, name=name):
                self.unresolved.append(Unresolved(place, what, name[:200]))

    def _aside(self) -> frozenset[str]:
        """Files of content that no generator makes a page or a part of one: documentation."""
        return frozenset(
            path
            for path, template in self.files.items()
            if engine_named(template.engine).content
            and path not in self.framework
            and not any(edge.how == "includes" for edge in self.into.get(path, ()))
        )

    def _part(self, outer: str, inner: str) -> None:
        """Forget that one file, or every script, imports another one."""
        for edge in [each for each in self.into.get(inner, ()) if each.how == "imports"]:
            if outer == edge.outer or (not outer and not self.files[edge.outer].is_markup):
                self.into[inner].remove(edge)
                self.out[edge.outer].remove(edge)

    # ------------------------------------------------------------ pages

    def is_page(self, path: str) -> bool:
        """Can a visitor be shown this file, with everything that belongs to it?"""
        said = self.pages.get(path)
        if said is not None and said.certain:
            return True
        template = self.files.get(path)
        if template is None or not template.is_markup:
            return False
        if template.engine == UNFOLLOWED:
            return template.whole
        used = {edge.how for edge in self.into.get(path, ()) if edge.outer != path}
        if used & {"extends", "layout", "includes"}:
            return template.whole and not used & {"extends", "layout"} and "includes" not in used
        return said is not None or self.stands_for_others(path)

    def stands_for_others(self, path: str) -> bool:
        """Is the file a whole document that is made to be filled, and that no page here fills?

        Its pages come from elsewhere: from a package, a database, or code that was not understood.
        """
        template = self.files[path]
        return (
            path not in self.pages
            and path not in self.unused
            and template.whole
            and bool(template.places)
            and not template.extends
            and not MAIL.search(path)
            and not self.into.get(path)
        )

    def routes(self, path: str) -> tuple[str, ...]:
        """The addresses of a page; none where no file tells one."""
        said = self.pages.get(path)
        return said.routes if said is not None else ()

    def known(self, path: str) -> tuple[tuple[str, bool], ...]:
        """The conditions of templates whose answer is settled on a page."""
        said = self.pages.get(path)
        return said.known if said is not None else ()

    def layouts(self, path: str) -> tuple[str, ...]:
        """What wraps a page, from the inside out."""
        found: dict[str, None] = {}
        while len(found) < DEEPEST:
            outer = next((edge.inner for edge in self._layouts_of(path)), None)
            if outer is None or outer in found:
                break
            found[outer] = None
            path = outer
        return tuple(found)

    def parts(self, path: str) -> tuple[str, ...]:
        """The files whose text a page shows as its own: itself and what it includes."""
        found, queue = {path: None}, deque([path])
        while queue and len(found) < MOST_PARTS:
            for edge in self.out.get(queue.popleft(), ()):
                if edge.how == "includes" and edge.inner not in found:
                    found[edge.inner] = None
                    queue.append(edge.inner)
        return tuple(found)

    def _layouts_of(self, path: str) -> Iterator[Edge]:
        yield from (edge for edge in self.out.get(path, ()) if edge.how in ("extends", "layout"))

    # ------------------------------------------------------------ blocks and their places

    def discards(self, path: str) -> bool:
        """Does the file show nothing but its blocks, because it extends another one?"""
        template = self.files[path]
        return template.extends and engine_named(template.engine).layout_discards

    def shown_by_layouts(self, path: str, name: str) -> tuple[Guard, ...] | None:
        """The conditions under which a layout of the file shows a block or the fills of a name.

        None tells that no layout has a place for it.
        """
        places, complete = self._offers(path)
        if name in places:
            return conditions_of(places[name])
        if complete:
            return None
        words = f"if the layout shows '{name}'"
        return (Guard(Atom("unknown", words), words),)

    def _offers(self, path: str) -> tuple[dict[str, list[tuple[Guard, ...]]], bool]:
        """The places of all layouts around a file, and whether all of these layouts were read."""
        if (known := self._offered.get(path)) is not None:
            return known
        places: dict[str, list[tuple[Guard, ...]]] = {}
        own = () if self.discards(path) else self.parts(path)
        for part in own:  # what a layout gives to a place of its own is shown too
            for name, guards in self.files[part].places.items():
                if name not in self.files[part].blocks:  # a child's own block is no place for it
                    places.setdefault(name, []).extend(guards)
        seen: set[str] = set()
        queue = deque(edge.inner for edge in self._layouts_of(path))
        complete = bool(queue) and not self.files[path].open_ended
        while queue:
            for part in self.parts(queue.popleft()):
                if part in seen:
                    continue
                seen.add(part)
                template = self.files[part]
                complete = complete and not template.open_ended and part in self.parsed
                for name, guards in template.places.items():
                    places.setdefault(name, []).extend(guards)
                queue.extend(edge.inner for edge in self._layouts_of(part))
        self._offered[path] = (places, complete)
        return places, complete


def _aliases(parsed: Sequence[Parsed]) -> Aliases:
    return Aliases(fact for each in parsed for fact in each.facts if isinstance(fact, Alias))


def _assets(parsed: Sequence[Parsed]) -> dict[str, tuple[str, ...]]:
    """The scripts behind each logical name, as the build's manifests and settings tell."""
    found: dict[str, tuple[str, ...]] = {}
    for each in parsed:
        for fact in each.facts:
            if isinstance(fact, Asset) and not fact.page:
                name = fact.logical.lstrip("./")
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), *fact.files)))
    return found


def _merged(known: PageAt | None, said: PageAt) -> PageAt:
    """What is said of a page together with what was said before."""
    if known is None:
        return said
    return PageAt(
        said.path,
        tuple(dict.fromkeys((*known.routes, *said.routes))),
        known.certain or said.certain,
        tuple(dict.fromkeys((*known.needs, *said.needs))),
        tuple(dict.fromkeys((*known.public, *said.public))),
        known.doubt or said.doubt,
        tuple(dict.fromkeys((*known.known, *said.known))),
    )


def _has_host(text: str) -> bool:
    return text.startswith(("http:", "https:", "//"))
