"""WordPress: a theme's templates are pages, and hooks bring what functions print onto them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analyzer.conditions import atoms
from analyzer.frameworks import (
    Convention,
    Framework,
    Missing,
    PageAt,
    Part,
    Project,
    folder_of,
    start_of,
)
from analyzer.frameworks import _wordpress_blocks as blocks
from analyzer.frameworks._php_notes import Parts, PhpNote
from analyzer.frameworks._php_site import PhpSite, Way, site_of
from analyzer.frameworks._wordpress_blocks import Blocks
from analyzer.frameworks._wordpress_hooks import Hooks
from analyzer.frameworks._wordpress_themes import (
    CALL,
    HIERARCHY,
    STYLE,
    Theme,
    answers,
    read_style,
    route,
)
from analyzer.frameworks.php import needs_of
from analyzer.model import Fact, Skip, Source

HERE = frozenset({"get_template_directory", "get_parent_theme_file_path", "templatepath"})
CHILD = frozenset(
    {"get_stylesheet_directory", "get_theme_file_path", "stylesheetpath", "locate_template"}
)
PARTS = ("get_template_part", "locate_template")
FRAMES = {"get_header": "header", "get_footer": "footer", "get_sidebar": "sidebar"}
SINGLES = {  # functions that put in one file of the theme
    "get_search_form": "searchform.php",
    "comments_template": "comments.php",
}
CORE = re.compile(r"(?:^|/)(?:wp-admin|wp-includes)/|(?:^|/)wp-[\w-]+\.php$|(?:^|/)xmlrpc\.php$")
SURE, OVERRIDDEN = 1.0, 0.8


def read(source: Source) -> Iterator[Fact | Skip]:
    """A theme's style sheet, or a file of blocks."""
    if source.path.endswith("style.css"):
        yield from read_style(source)
    else:
        yield from blocks.read(source)


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of all themes and plugins, and everything that is printed on them."""
    site = site_of(project)
    styled = list(project.facts(Theme))
    themes = sorted([*styled, *_unstyled(project, site, styled)], key=lambda theme: theme.folder)
    plugins = [note for note in site.all("header") if note.name == "Plugin Name"]
    if not themes and not plugins:
        return
    found = WordPress(site, themes, plugins)
    site.folders = found.folders
    yield from found.speak()


def _unstyled(project: Project, site: PhpSite, styled: Iterable[Theme]) -> Iterator[Theme]:
    """The themes whose style sheet is made by a build, and so is not among the files."""
    known = {theme.folder for theme in styled}
    for folder in sorted({folder_of(note.place.path) for note in site.all("call", "get_header")}):
        own = (f"{folder}header.php", f"{folder}functions.php")
        if folder not in known and all(path in project.paths for path in own):
            yield Theme(place=start_of(own[1]), name=folder.rstrip("/").rpartition("/")[2])


class WordPress:
    """The WordPress part of one project."""

    def __init__(self, site: PhpSite, themes: list[Theme], plugins: Iterable[PhpNote]) -> None:
        self.site = site
        self.project = site.project
        self.themes = themes
        self.plugins = sorted({folder_of(note.place.path) for note in plugins})
        self.titled = {
            note.place.path for note in site.all("header") if note.name == "Template Name"
        }
        self.missing: list[Missing] = []
        self.unframed: list[PhpNote] = []  # calls for a header or footer that is not here

    def speak(self) -> Iterator[Convention]:
        """Pages and parts now; the ways between them go to all of the project's PHP."""
        ways = [*self._template_ways(), *self._block_ways()]
        pages = dict(self._pages())
        complete = bool(self.themes) and all(
            not theme.parent or self._parent(theme) for theme in self.themes
        )
        fronts = tuple(path for path in pages if path.endswith(".html"))
        hooks = Hooks(
            self.site,
            theme=bool(self.themes),
            complete=complete,
            front=fronts,
            assumed=self.unframed,
            together=self._are_together,
        )
        ways.extend(hooks.ways())
        self.site.added.extend(ways)
        used = {way.outer[0] for way in ways}
        yield from pages.values()
        yield from (page for path, page in hooks.pages.items() if path in used)
        for path in self.site.files:
            if path not in pages and (self._root(path) is not None or CORE.search(path)):
                yield Part(path)
        yield from (Part(path) for path in self._block_parts())
        self.site.lost.extend(hooks.lost)
        yield from self.missing
        for theme in self.themes:
            yield Missing(theme.place, "database", "posts, menus and widgets of WordPress")

    # ------------------------------------------------------------ pages

    def _pages(self) -> Iterator[tuple[str, PageAt]]:
        asked = self._asked()
        whole = self._opening()
        for path in [*sorted(self.site.notes), *self._block_templates()]:
            root = self._root(path)
            if root is None:
                continue
            name = path.rpartition("/")[2]
            titled = path in self.titled
            own = folder_of(path) == root or path.endswith(".html")
            by_name = own and HIERARCHY.fullmatch(name) is not None and self._is_theme(root)
            if not (titled or by_name or path in whole):
                continue
            if by_name and not titled and self._is_silent(path):
                continue
            yield (
                path,
                PageAt(
                    path,
                    route(name, titled=titled) if by_name else (),
                    needs=needs_of(self.site, path),
                    known=answers(name, titled, asked) if titled or by_name else (),
                ),
            )

    def _opening(self) -> frozenset[str]:
        """The files that open a page by themselves: they ask for the theme's header."""
        frames = frozenset({"header.php"})
        return frozenset(
            note.place.path
            for note in self.site.all("call", "get_header")
            if not note.function and note.place.path.rpartition("/")[2] not in frames
        )

    def _is_silent(self, path: str) -> bool:
        """A file that is only there to keep the folder from being listed."""
        notes = self.site.notes.get(path, ())
        return path.endswith(".php") and not any(
            note.kind in ("prints", "include", "view", "call") for note in notes
        )

    def _asked(self) -> frozenset[str]:
        """The questions about templates that the conditions of the project ask, by their words."""
        found: set[str] = set()
        for path in self.site.notes:
            for fact in self.project.parsed[path].facts:
                for guard in fact.guards:
                    for atom in atoms(guard.condition):
                        found.update(call[0] for call in CALL.finditer(atom.name))
        return frozenset(found)

    def _block_templates(self) -> Iterator[str]:
        for fact in self.project.facts(Blocks):
            path = fact.place.path
            if (
                fact.kind == "file"
                and blocks.TEMPLATES.search(path)
                and self._root(path) is not None
            ):
                yield path

    def _block_parts(self) -> Iterator[str]:
        for fact in self.project.facts(Blocks):
            if fact.kind == "file" and blocks.PARTS.search(fact.place.path):
                yield fact.place.path

    # ------------------------------------------------------------ folders

    def _root(self, path: str) -> str | None:
        """The folder of the theme or plugin that a file belongs to."""
        roots = [theme.folder for theme in self.themes] + self.plugins
        fitting = [root for root in roots if path.startswith(root)]
        return max(fitting, key=len) if fitting else None

    def _is_theme(self, root: str) -> bool:
        return any(theme.folder == root for theme in self.themes)

    def _parent(self, theme: Theme) -> Theme | None:
        return next((each for each in self.themes if each.slug == theme.parent), None)

    def _children(self, root: str) -> list[str]:
        """The folders of the themes that build on this one."""
        slug = root.rstrip("/").rpartition("/")[2]
        return [theme.folder for theme in self.themes if theme.parent and theme.parent == slug]

    def _are_together(self, one: str, other: str) -> bool:
        """Can two files be in use at once? Of several themes one is, with the one it builds on."""
        roots = [self._root(path) for path in (one, other)]
        themes = [theme for root in roots for theme in self.themes if theme.folder == root]
        if len(themes) < 2 or themes[0].folder == themes[1].folder:
            return True
        first, second = themes
        return first.parent == second.slug or second.parent == first.slug

    def _searched(self, path: str) -> list[str]:
        """The folders in which WordPress looks for a template, the first wins."""
        root = self._root(path)
        if root is None or not self._is_theme(root):
            return [theme.folder for theme in sorted(self.themes, key=lambda each: not each.parent)]
        theme = next(each for each in self.themes if each.folder == root)
        parent = self._parent(theme)
        return [*self._children(root), root, *([parent.folder] if parent else [])]

    def folders(self, name: str, asked_by: str) -> Iterator[tuple[str, Parts]]:
        """What WordPress's functions for folders give back in a file."""
        searched = self._searched(asked_by)
        if name.lower() in HERE:
            children = {theme.folder for theme in self.themes if theme.parent}
            parents = [folder for folder in searched if folder not in children]
            yield from ((folder, ()) for folder in parents or searched)
        elif name.lower() in CHILD:
            yield from ((folder, ()) for folder in searched)

    # ------------------------------------------------------------ templates

    def _template_ways(self) -> Iterator[Way]:
        for note in self.site.all("call", *FRAMES, *SINGLES, *PARTS):
            for names in self._names(note):
                yield from self._chosen(note, names)

    def _names(self, note: PhpNote) -> Iterator[list[str]]:
        """The files that a call asks for: of each list the first that exists."""
        if note.name in FRAMES:
            base = FRAMES[note.name]
            given = note.texts(0) if note.values and note.values[0] else ("",)
            for name in given or ("",):
                yield [f"{base}-{name}.php", f"{base}.php"] if name else [f"{base}.php"]
        elif note.name in SINGLES:
            yield [note.text(0).lstrip("/") or SINGLES[note.name]]
        elif note.name == "get_template_part":
            for slug in note.texts(0):
                names = note.texts(1) if len(note.values) > 1 else ()
                listed = [f"{slug}-{name}.php" for name in names if name]
                for each in listed or [""]:
                    yield [name for name in (each, f"{slug}.php") if name]
        else:
            yield [name.lstrip("/") for name in note.texts(0)]

    def _chosen(self, note: PhpNote, names: list[str]) -> Iterator[Way]:
        folders = self._searched(note.place.path)
        for name in names:
            found = [folder + name for folder in folders if folder + name in self.project.paths]
            if not found:
                continue
            # another theme's file counts only where that theme is the one in use
            sure = OVERRIDDEN if len(found) > 1 or self._is_open(note, found[0]) else SURE
            if found[0] != note.place.path:
                yield self.site.way(note, (found[0], ""), sure)
            return
        if names and note.name in FRAMES and self.themes:
            self.missing.append(Missing(note.place, "theme", names[-1]))
            self.unframed.append(note)

    def _is_open(self, note: PhpNote, path: str) -> bool:
        """Does it depend on the theme in use which file this is?"""
        own = self._root(note.place.path)
        return own is not None and self._is_theme(own) and self._root(path) in self._children(own)

    # ------------------------------------------------------------ blocks

    def _block_ways(self) -> Iterator[Way]:
        patterns = self._patterns()
        for fact in self.project.facts(Blocks):
            path = fact.place.path
            found = ""
            if fact.kind == "template-part":
                found = self.project.first(
                    *(
                        f"{folder}{parts}/{fact.slug}.html"
                        for folder in self._searched(path)
                        for parts in ("parts", "block-template-parts")
                    )
                )
            elif fact.kind == "pattern":
                found = patterns.get(fact.slug, "")
            if found:
                yield Way((path, ""), (found, ""), fact.place)
            elif fact.kind != "file":
                self.missing.append(Missing(fact.place, "block " + fact.kind, fact.slug))

    def _patterns(self) -> dict[str, str]:
        """The patterns of the themes by the name that their header gives."""
        return {
            note.text(0): note.place.path for note in self.site.all("header") if note.name == "Slug"
        }


FRAMEWORK = Framework(
    name="wordpress",
    conventions=conventions,
    reads=f"{STYLE}|{blocks.READS}",
    read=read,
    about=rf"\.php$|{STYLE}|{blocks.READS}",
)
