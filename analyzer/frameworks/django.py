"""Django: lists of addresses lead to views, and views to the templates that they render."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

from analyzer.frameworks import (
    Convention,
    Framework,
    Join,
    PageAt,
    Part,
    Project,
    folder_of,
)
from analyzer.frameworks import _python as python
from analyzer.frameworks import _settings as settings
from analyzer.frameworks._generic import generic_templates, ready_made
from analyzer.frameworks._modules import Modules
from analyzer.frameworks._pages import MAILS, Answer, pages
from analyzer.frameworks._settings import Settings, Shown
from analyzer.frameworks._urlconf import Entry, Handler, entries
from analyzer.frameworks._views import View
from analyzer.frameworks._views import facts_of as views_of
from analyzer.model import Fact, Outside, Skip, Source

ERRORS = re.compile(r"(?:^|/)(?:templates|jinja2)/(?:400|403|404|410|500|503)\.html$")
VIEW = re.compile(r"(?:View|Views|ViewSet|Handler|Wizard|ViewMixin)$")
DEEPEST = 12  # lists in lists
MOST_ADDRESSES = 20_000
ALL_TAGS = re.compile(r"analytical_(?:head|body)_(?:top|bottom)\b")


def read(source: Source) -> Iterator[Fact | Skip]:
    """The addresses, views and settings of one module."""
    module = python.module_of(source)
    if isinstance(module, Skip):
        yield module
    elif module is not None:
        yield from views_of(module)
        yield from entries(module)
        yield from settings.facts_of(module)


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of every Django site: what its views render, at their addresses."""
    if next(project.facts(Entry), None) is None and next(project.facts(Settings), None) is None:
        return
    site = Site(project)
    yield from pages(project, site.answers())
    for path in project.all_templates:
        if ERRORS.search(path):
            yield PageAt(path)
        elif path not in site.shown and (MAILS.search(path) or path in site.hidden):
            yield Part(path)
    yield from shown_ids(project)


class Site:
    """The addresses of a project, walked from the lists that nothing else includes."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.modules = Modules(project)
        self.shown: set[str] = set()
        self.hidden: set[str] = set()  # of whose name another template is taken
        self.lists: dict[tuple[str, str], list[Entry]] = {}
        for entry in project.facts(Entry):
            self.lists.setdefault((entry.place.path, entry.list), []).append(entry)

    @cached_property
    def _settings(self) -> tuple[Settings, ...]:
        return tuple(self.project.facts(Settings))

    def answers(self) -> Iterator[Answer]:
        """Every view with its addresses, the views of errors, and those without an address."""
        found: list[Answer] = []
        known: set[View] = set()
        for entry, address, needs in self._addresses():
            view = self.modules.view(entry.target, entry.place.path)
            if view is not None:
                known.add(view)
            found.extend(self._answer(entry, view, address, needs))
        for handler in self.project.facts(Handler):
            view = self.modules.view(handler.target, handler.place.path)
            if view is not None:
                found.extend(self._of_view(view, "", ()))
        for view in self.project.facts(View):
            if view not in known and self._is_of_a_site(view):
                found.extend(self._of_view(view, "", ()))
        for answer in found:
            self.shown.add(answer.template)
            yield answer

    def _is_of_a_site(self, view: View) -> bool:
        """Does a view render something in a Django site, as forms and their like do not?"""
        named = (view.name, *view.bases)
        is_view = not view.bases or any(VIEW.search(each) for each in named)
        inside = any(view.place.path.startswith(home) for home in self._homes)
        return bool(view.templates) and is_view and inside

    @cached_property
    def _homes(self) -> frozenset[str]:
        """The folders of sites: where manage.py lies, or the package around the settings."""
        homes = {folder_of(path) for path in self.project.named("manage.py")}
        for each in self._settings if not homes else ():
            package = posixpath.dirname(each.place.path.replace("/settings/", "/"))
            homes.add(folder_of(package))
        if not homes:
            homes = {folder_of(posixpath.dirname(path)) for path, _ in self.lists}
        return frozenset(homes)

    # ------------------------------------------------------------ addresses

    def _addresses(self) -> Iterator[tuple[Entry, str, tuple[str, ...]]]:
        mounted = {self._home(entry) for entry in self._all() if entry.mounts}
        roots = [key for key in self.lists if key not in mounted and key[1] == "urlpatterns"]
        count = 0
        for root in roots:
            for said in self._walk(root, "/", (), ()):
                yield said
                count += 1
                if count >= MOST_ADDRESSES:
                    return

    def _all(self) -> Iterator[Entry]:
        for listed in self.lists.values():
            yield from listed

    def _walk(
        self,
        key: tuple[str, str],
        prefix: str,
        needs: tuple[str, ...],
        above: tuple[tuple[str, str], ...],
    ) -> Iterator[tuple[Entry, str, tuple[str, ...]]]:
        if key in above or len(above) > DEEPEST:
            return
        for entry in self.lists.get(key, ()):
            address = prefix + entry.pattern
            asked = (*needs, *entry.needs)
            if not entry.mounts:
                yield entry, address, asked
                continue
            inner = self._home(entry)
            if inner in self.lists:
                yield from self._walk(inner, address, asked, (*above, key))
            else:
                for pattern, target in ready_made(entry.target):
                    at = Entry(place=entry.place, list="", pattern=pattern, target=target)
                    yield at, address + pattern, asked

    def _home(self, entry: Entry) -> tuple[str, str]:
        """The file and the name of the list that an entry mounts: a module, or a list in one."""
        path = entry.place.path
        if module := self.modules.file(entry.target, path):
            return module, "urlpatterns"
        return self.modules.home(entry.target, path)

    # ------------------------------------------------------------ views

    def _answer(
        self, entry: Entry, view: View | None, address: str, needs: tuple[str, ...]
    ) -> Iterator[Answer]:
        for name in entry.templates:
            found = self._found(name, view.place.path if view else entry.place.path)
            asked = view.needs if view else ()
            asked += self._gate(view)
            yield from (Answer(path, address, (*needs, *asked)) for path in found)
        if entry.templates:
            return
        if view is None:
            for name in generic_templates((entry.target,), "", "", ""):
                for path in self._found(name, entry.place.path):
                    yield Answer(path, address, needs)
            return
        yield from self._of_view(view, address, needs)

    def _of_view(self, view: View, address: str, needs: tuple[str, ...]) -> Iterator[Answer]:
        """The templates of a view: its own, its classes', those of what it hands over to."""
        family = list(self.modules.family(view))
        asked = (*needs, *(need for each in family for need in each.needs))
        public = tuple(word for each in family for word in each.public)
        names = next((each.templates for each in family if each.templates), ())
        if not names:
            bases = tuple(base for each in family for base in each.bases)
            model = next((each.model for each in family if each.model), "")
            suffix = next((each.suffix for each in family if each.suffix), "")
            names = tuple(generic_templates(bases, model, suffix, view.place.path))
        gate = () if public else self._gate(view)
        for name in names:
            for path in self._found(name, view.place.path):
                yield Answer(path, address, tuple(dict.fromkeys((*asked, *gate))), public)

    def _gate(self, view: View | None) -> tuple[str, ...]:
        """The middleware that asks everybody to sign in, in the site of a view."""
        path = view.place.path if view else ""
        near = [
            each
            for each in self._settings
            if each.needs and path.startswith(folder_of(posixpath.dirname(each.place.path)))
        ] or (self._settings if len(self._homes) < 2 else ())
        return tuple(dict.fromkeys(need for each in near for need in each.needs))

    def _found(self, name: str, asked_by: str) -> list[str]:
        """The template of a name: folders of the settings first, then the applications in order."""
        found = self.project.templates(name, "jinja", asked_by)
        for folder in (folder for each in self._settings for folder in each.folders):
            for path in self.project.named(posixpath.basename(name)):
                if f"/{path}".endswith(f"/{folder}/{name}"):
                    self.hidden.update(each for each in found if each != path)
                    return [path]
        if len(found) < 2:
            return found
        apps = [part for each in self._settings for app in each.apps for part in app.split(".")]
        own = folder_of(asked_by)

        def rank(path: str) -> tuple[int, bool, str]:
            app = path.removesuffix(name).rstrip("/").rpartition("/")[0].rpartition("/")[2]
            place = apps.index(app) if app in apps else len(apps)
            return (place, not path.startswith(own), path)

        ordered = sorted(found, key=rank)
        self.hidden.update(ordered[1:] if apps else ())
        return ordered[:1]


def shown_ids(project: Project) -> Iterator[Convention]:
    """The ids in the settings, on the templates that have the package's tags."""
    ids = list(project.facts(Shown))
    for tag in project.facts(Outside) if ids else ():
        everything = ALL_TAGS.match(tag.name) is not None
        for each in ids:
            name = tag.name.split()[0] if tag.name else ""
            if everything or name == each.product or name.startswith(each.product + "_"):
                yield Join(
                    "injects",
                    tag.place.path,
                    each.place.path,
                    tag.place,
                    fragment=each.name,
                    guards=tag.guards,
                    blocks=tag.blocks,
                )


FRAMEWORK = Framework(
    name="django",
    conventions=conventions,
    reads=r"\.py$",
    read=read,
    about=r"\.py$",
)
