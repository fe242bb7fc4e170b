"""PHP without a framework: every file that prints a page by itself is one, at its own path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, Missing, PageAt, Part, Project, Wrap
from analyzer.frameworks import _codeigniter as codeigniter
from analyzer.frameworks import _htaccess as htaccess
from analyzer.frameworks._htaccess import Rewrite
from analyzer.frameworks._php_notes import READS
from analyzer.frameworks._php_notes import read as read_notes
from analyzer.frameworks._php_site import PhpSite, Way, site_of
from analyzer.model import Fact, Skip, Source

ORDER = 80  # behind the frameworks that are written in PHP
WEB_ROOTS = re.compile(
    r"^(?:.*/)?(?:public|public_html|htdocs|httpdocs|wwwroot|www|webroot|web|docs|site|src)/"
)
PARTS = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:partials?|inc|includes?|components?|snippets?|fragments?|layouts?|elements?"
    r"|template-parts|parts|blocks|modules?|widgets?|lib|libs|classes|helpers?|config|emails?|mails?"
    r"|functions?|common|shared)/.*|(?:header|footer|head|nav|navbar|navigation|menu|sidebar|topbar"
    r"|scripts?|config|functions?|helpers?|connection|connect|db|database|init|bootstrap|autoload"
    r"|constants|settings|session|auth)(?:[._-][^/]*)?)$",
    re.I,
)
VIEWS = re.compile(r"(?:^|/)(?:views?|templates?)/", re.I)
SERVER_ONLY = re.compile(
    r"\b(?:ABSPATH|wp-(?:admin|includes|load|config|content))\b|vendor/autoload"
)


def read(source: Source) -> Iterator[Fact | Skip]:
    """The notes of a PHP file, the rules of a server, the routes of CodeIgniter."""
    if source.path.endswith(".htaccess"):
        yield from htaccess.read(source)
        return
    if re.search(codeigniter.READS, source.path):
        yield from codeigniter.read(source)
    yield from read_notes(source)


def conventions(project: Project) -> Iterator[Convention]:
    """How all PHP files hang together, and which of those that are left are pages."""
    site = site_of(project)
    if not site.files:
        return
    ways = [*site.plain_ways, *site.added, *_views(site)]
    rendered: list[PageAt] = []
    for each in codeigniter.conventions(site):
        if isinstance(each, Way):
            ways.append(each)
        elif isinstance(each, PageAt):
            rendered.append(each)
    kept = site.leading(ways)
    yield from (way.join for way in kept)
    yield from rendered
    layouts = list(_layouts(site))
    yield from layouts
    wrapping = {wrap.layout for wrap in layouts}
    parts = {way.inner[0] for way in kept if not way.inner[1] and way.inner[0] != way.outer[0]}
    spoken = project.spoken | {page.path for page in rendered}
    showing = {way.outer[0] for way in kept if not way.outer[1] and not way.inner[1]}
    showing |= {note.place.path for note in site.all("prints")}
    yield from _pages(site, spoken, parts | wrapping, showing)
    yield from _lost(site, showing)
    reached = site.telling | {way.outer for way in kept}
    yield from (missing for spot, missing in site.lost if spot in reached)


def _pages(
    site: PhpSite, spoken: set[str], parts: set[str], showing: set[str]
) -> Iterator[Convention]:
    """The files that print something and that no other file includes."""
    project = site.project
    rules = _rules(site)
    for path in site.files:
        if path in spoken:
            continue
        ruled = rules.get(path, ())
        if path in parts and not ruled:
            yield Part(path)
        elif ruled or (path in showing and not PARTS.search(path)):
            if VIEWS.search(path) and not ruled:  # shown by a program, at an address of its own
                yield PageAt(path, certain=False)
            else:
                yield PageAt(path, ruled or (route(path),), needs=needs_of(site, path))
        else:
            yield Part(path)
    for rule in project.facts(Rewrite):
        if not _target(site, rule.target):
            yield Missing(rule.place, "file of a rewrite rule", rule.target)


def needs_of(site: PhpSite, path: str) -> tuple[str, ...]:
    """What a page asks of its visitors before it shows anything: itself or a file that it needs."""
    found: dict[str, None] = {}
    asking = [path]
    for note in site.notes.get(path, ()):
        if note.kind == "include" and not note.function and not note.guards:
            asking.extend(each for each, sure in site.included(note) if sure >= 0.8)
    for each in asking:
        for note in site.notes.get(each, ()):
            if note.kind == "login" and not note.function:
                found[note.name] = None
    return tuple(found)


def route(path: str) -> str:
    """The address of a file below the web root; an index file answers for its folder."""
    address = "/" + WEB_ROOTS.sub("", path)
    return re.sub(r"/index\.\w+$", "/", address)


def _rules(site: PhpSite) -> dict[str, tuple[str, ...]]:
    """The addresses that rewrite rules give to files."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in site.project.facts(Rewrite):
        if target := _target(site, rule.target):
            found[target] = tuple(dict.fromkeys((*found.get(target, ()), rule.pattern)))
    return {path: rules for path, rules in found.items() if site.project.engine(path) == "php"}


def _target(site: PhpSite, target: str) -> str:
    """A rule's file, also where the rules name it from the root of the server."""
    return site.project.first(target, target.partition("/")[2])


def _views(site: PhpSite) -> Iterator[Way]:
    """The views that other views put in."""
    for note in site.all("view"):
        if codeigniter.CONTROLLER.match(note.place.path):
            continue
        for path, sure in site.viewed(note.value, note.place.path):
            if path != note.place.path:
                yield site.way(note, (path, ""), sure)


def _layouts(site: PhpSite) -> Iterator[Wrap]:
    """The layouts that views name."""
    for note in site.all("extend"):
        for path, sure in site.viewed(note.value, note.place.path)[:1]:
            yield Wrap(note.place.path, path, False, note.place, note.guards, sure)


def _lost(site: PhpSite, showing: set[str]) -> Iterator[Missing]:
    """Includes of pages that lead to no file."""
    for note in site.all("include"):
        if note.place.path not in showing or note.function:
            continue
        words = site.paths.shown(note.value)
        if not site.paths.files(note.value, note.place.path) and not SERVER_ONLY.search(words):
            yield Missing(note.place, "includes", words)


FRAMEWORK = Framework(
    name="php",
    conventions=conventions,
    reads=f"{READS}|{htaccess.READS}",
    read=read,
    order=ORDER,
    about=READS,
)
