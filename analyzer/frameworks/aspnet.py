"""ASP.NET: views, Razor Pages and Blazor, in the layout of the nearest start of views."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from analyzer.conditions import negation
from analyzer.frameworks import Convention, Framework, Missing, PageAt, Part, Project, Wrap
from analyzer.frameworks._aspnet_facts import (
    Controller,
    Directive,
    Setting,
    TagHelper,
    read,
)
from analyzer.frameworks._aspnet_routes import addresses, page_routes
from analyzer.frameworks._aspnet_site import Applications
from analyzer.model import Atom, Guard, Include

PARTS = frozenset(("Components", "EditorTemplates", "DisplayTemplates", "Shared", "Layouts"))
PRINTED = Atom("unknown", "the view switches its layout off")


def conventions(project: Project) -> Iterator[Convention]:
    """The pages of every application, their layouts and addresses."""
    views = [path for path in project.all_templates if path.lower().endswith((".cshtml", ".razor"))]
    if views:
        yield from _Site(project, views).conventions()


class _Site(Applications):
    """The pages and parts of all applications."""

    def conventions(self) -> Iterator[Convention]:
        """The parts and pages of the site."""
        shown = self.shown()
        for path in self.views:
            if path.lower().endswith(".razor"):
                continue
            name = posixpath.basename(path)
            page = self.said(path, "page")
            if page and not name.startswith("_"):
                yield self._razor_page(path, page[0].value)
            elif path in shown and not name.startswith("_"):
                how = shown[path]
                yield PageAt(path, _once(how.routes), True, _once(how.needs), _once(how.public))
            elif name.startswith("_") or PARTS.intersection(path.split("/")[:-1]):
                yield Part(path)
                continue
            else:
                yield PageAt(path, certain=False)
            yield from self._wraps(path)
        yield from self._components()
        yield from self._helpers()

    def _helpers(self) -> Iterator[Convention]:
        """Tags whose markup is made by code of the application, scripts among it."""
        helpers = {name for each in self.project.facts(TagHelper) for name in each.names}
        for path in self.views if helpers else ():
            for each in self.said(path, "tag"):
                if each.value in helpers:
                    yield Missing(each.place, "tag helper", each.value)

    # ------------------------------------------------------------ layouts

    def _wraps(self, path: str) -> Iterator[Wrap]:
        """The layout that the nearest start of views gives a view, unless it switches that off."""
        off = self.said(path, "no-layout")
        if any(not each.asked for each in off):
            yield Wrap(path, "", default=False, place=off[0].place)
            return
        start, name, guards = self._start(path)
        layout = self._layout(name, path) if name else ""
        if not layout:
            return
        if off and not any(True for _ in self._extends(path)):
            words = "unless the view switches its layout off"
            kept = Guard(negation(PRINTED), words)
            yield Wrap(path, layout, default=False, place=off[0].place, guards=(kept, *guards))
        else:
            place = next((each.place for each in self._extends(start)), None)
            yield Wrap(path, layout, place=place, guards=guards)

    def _start(self, path: str) -> tuple[str, str, tuple[Guard, ...]]:
        """The nearest _ViewStart above a view that says something of the layout, and what."""
        folder = posixpath.dirname(path)
        while True:
            start = posixpath.join(folder, "_ViewStart.cshtml")
            if start in self.project.parsed:
                for each in self._extends(start):
                    if isinstance(each.target, str):
                        return start, each.target, each.guards
                if self.said(start, "no-layout"):
                    return start, "", ()
            if not folder:
                return "", "", ()
            folder = posixpath.dirname(folder)

    def _extends(self, path: str) -> Iterator[Include]:
        yield from (each for each in self.project.facts_in(path, Include) if each.how == "extends")

    def _layout(self, name: str, view: str) -> str:
        """The file of a layout: a name is looked up where the controller's views lie."""
        root = self.root(view)
        if name.startswith(("~/", "/")):
            return self.project.first(posixpath.join(root, name.lstrip("~/")))
        if name.endswith(".cshtml") or name.startswith("."):
            return self.project.first(
                posixpath.normpath(posixpath.join(posixpath.dirname(view), name))
            )
        folder = self._controller_folder(view)
        while True:
            found = self.project.first(
                posixpath.join(folder, f"{name}.cshtml"),
                posixpath.join(folder, "Shared", f"{name}.cshtml"),
                posixpath.join(folder, "Views/Shared", f"{name}.cshtml"),
            )
            if found or not folder or folder == root:
                return found
            folder = posixpath.dirname(folder)

    def _controller_folder(self, view: str) -> str:
        """The folder of a controller's views: files below it are found from there too."""
        own = posixpath.dirname(view)
        folder = own
        while folder and posixpath.basename(folder) not in ("Views", "Pages"):
            if (self.root(view), posixpath.basename(folder)) in self.controllers:
                return folder
            folder = posixpath.dirname(folder)
        return own

    # ------------------------------------------------------------ Razor Pages and Blazor

    def _razor_page(self, path: str, written: str) -> PageAt:
        root = self.root(path)
        models = list(self.project.facts_in(path + ".cs", Controller))
        needs = [name for each in models for name in each.needs]
        needs += [each.value for each in self.said(path, "needs") if "AllowAnon" not in each.value]
        public = [name for each in models for name in each.public]
        name = "/" + f"/{path}".partition("/Pages/")[2].removesuffix(".cshtml")
        for each in self.project.facts(Setting):
            below = name == each.value or (
                each.what.endswith("Folder") and name.startswith(each.value.rstrip("/") + "/")
            )
            if below and self.root(each.place.path) == root:
                if each.what.startswith("Authorize"):
                    needs.append(f"{each.what}({each.value})")
                elif each.what.startswith("AllowAnonymous"):
                    public.append(f"{each.what}({each.value})")
        if not needs and not public:
            needs += self.settings(root, "fallback")[:1]
        routes = tuple(page_routes(path, written))
        return PageAt(path, routes, True, () if public else _once(needs), _once(public))

    def _components(self) -> Iterator[Convention]:
        """Blazor: components with addresses are pages, in a layout and in the host's document."""
        components = [path for path in self.views if path.lower().endswith(".razor")]
        hosts = {
            each.place.path
            for each in self.project.facts(Directive)
            if each.what == "host" and self.project.is_whole(each.place.path)
        }
        layouts: dict[str, None] = {}
        for path in components:
            pages = self.said(path, "page")
            named = [self._component(each.target, path) for each in self._extends(path)]
            layouts.update(dict.fromkeys(filter(None, named)))
            if not pages:
                yield Part(path)
                continue
            needs = [each.value for each in self.said(path, "needs")]
            public = [each for each in needs if "AllowAnonymous" in each]
            routes = [address for each in pages for address in addresses(each.value)]
            asked = () if public else _once(needs)
            yield PageAt(path, _once(routes), True, asked, _once(public))
            layout = self._default_layout(path)
            if layout:
                layouts[layout] = None
                yield Wrap(path, layout)
            else:
                yield from self._hosted(path, hosts)
        for layout in layouts:
            yield from self._hosted(layout, hosts)
        if components:
            yield from (Part(host) for host in sorted(hosts))

    def _hosted(self, path: str, hosts: set[str]) -> Iterator[Wrap]:
        own = [host for host in sorted(hosts) if self.root(host) == self.root(path)] or sorted(
            hosts
        )
        yield from (Wrap(path, host) for host in own[:1] if host != path)

    def _default_layout(self, path: str) -> str:
        """The layout of the nearest _Imports above a page, else of the application's router."""
        folder = posixpath.dirname(path)
        while True:
            start = posixpath.join(folder, "_Imports.razor")
            for each in self._extends(start):
                return self._component(each.target, path)
            if not folder:
                break
            folder = posixpath.dirname(folder)
        for said in self.project.facts(Directive):
            if said.what == "default-layout" and self.root(said.place.path) == self.root(path):
                return self._component(said.value, path)
        return ""

    def _component(self, name: object, asked_by: str) -> str:
        """The file of a component of the same application, by its name."""
        found = self.project.named(f"{name}.razor") if isinstance(name, str) else []
        own = [path for path in found if self.root(path) == self.root(asked_by)]
        return (own or found or [""])[0]


def _once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


FRAMEWORK = Framework(
    name="aspnet",
    conventions=conventions,
    reads=r"\.(?:cs|cshtml|razor)$|wwwroot/index\.html$",
    read=read,
    about=r"(?i)\.(?:cshtml|razor)$",
)
