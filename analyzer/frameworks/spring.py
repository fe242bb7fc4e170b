"""Spring MVC and Boot: controllers name views, resolvers find them, security says who may see."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from analyzer.frameworks import Convention, Framework, Missing, PageAt, Part, Project, joined
from analyzer.frameworks import _spring_code as code
from analyzer.frameworks import _spring_config as config
from analyzer.frameworks._access import PUBLIC, Access, asked
from analyzer.frameworks._spring_code import NAME, Constant, ViewRoot
from analyzer.frameworks._tiles import Definitions
from analyzer.model import Fact, Package, Route, Skip, Source

SOURCES = re.compile(r"^(?P<module>(?:.*?/)??)(?:src/main|src|WebContent|WebRoot|web|webapp)/")
CODE = (".java", ".kt")
RESOURCES = "src/main/resources/"
TEMPLATES = RESOURCES + "templates/"
STATIC = re.compile(r"^.*?src/main/resources/(?:static|public|resources|META-INF/resources)/")
WEB_ROOTS = ("src/main/webapp", "WebContent", "WebRoot", "web", "webapp")
SUFFIXES = (".html", ".ftlh", ".ftl", ".jsp", ".jspx", ".mustache", ".hbs", ".xhtml", "")
PARTS = re.compile(
    r"/(?:fragments?|layouts?|partials?|includes?|components?|macros?|mails?|emails?)/"
)
ERRORS = re.compile(r"^(?:error|error/(?:[45]\d\d|[45]xx))\.\w+$")
SPRING = ("maven:org.springframework", "gradle:org.springframework")


def read(source: Source) -> Iterator[Fact | Skip]:
    """The facts of a program or of a configuration file."""
    reader = code if source.path.endswith(CODE) else config
    yield from reader.read(source)


def conventions(project: Project) -> Iterator[Convention]:
    """The views of every module."""
    routes = [each for each in project.facts(Route) if each.name == NAME]
    if not routes and not _is_used(project):
        return
    site = _Site(project)
    needs: dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for route in routes:
        if route.kind != "template" or not route.target:
            continue
        module = module_of(route.place.path)
        found = site.views(route.target, module)
        address = joined(site.base(module), route.pattern)
        said, free = route.needs, tuple(each for each in route.needs if each == PUBLIC)
        if not said:
            said, free = asked((route.pattern,), site.rules(module))
        elif free:
            said = ()
        for path in found:
            needs[path].append((address, said, free))
        if not found and site.has_views(module) and not route.target.startswith("forward:"):
            yield Missing(route.place, "template", route.target)
    for path, shown in needs.items():
        for address, said, free in shown:
            yield PageAt(path, (address,), needs=said, public=free)
    for path in project.all_templates:
        if path not in needs and path not in project.spoken:
            yield from _unasked(path)


def _unasked(path: str) -> Iterator[Convention]:
    """Templates that no controller names, and the static files beside them."""
    if static := STATIC.match(path):
        address = re.sub(r"/index\.html?$", "/", "/" + path[static.end() :])
        yield PageAt(path, (address,), certain=False)
        return
    _, found, name = path.partition(TEMPLATES)
    if found:
        if PARTS.search("/" + name):
            yield Part(path)
        elif ERRORS.match(name):
            yield PageAt(path)
        else:
            yield PageAt(path, certain=False)


def _is_used(project: Project) -> bool:
    return any(
        f"{each.ecosystem}:{each.name}".startswith(SPRING) for each in project.facts(Package)
    )


def module_of(path: str) -> str:
    """The folder of the module that a file belongs to, with a slash behind it."""
    found = SOURCES.match(path)
    return found["module"] if found else ""


class _Site:
    """The views, resolvers and rules of all modules."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.constants = {each.name: each.value for each in project.facts(Constant)}
        self.definitions = Definitions(project)
        self.roots: dict[str, list[ViewRoot]] = defaultdict(list)
        self.access: dict[str, dict[str, list[Access]]] = defaultdict(lambda: defaultdict(list))
        self.bases: dict[str, str] = {}
        for root in project.facts(ViewRoot):
            self.roots[module_of(root.place.path)].append(root)
        for rule in project.facts(Access):
            self.access[module_of(rule.place.path)][rule.place.path].append(rule)
        for mount in project.facts(Route):
            if mount.kind == "mount" and not mount.target and _is_configuration(mount.place.path):
                self.bases[module_of(mount.place.path)] = mount.pattern
        self.modules = {module_of(path) for path in project.all_templates}

    def base(self, module: str) -> str:
        return self.bases.get(module, "")

    def has_views(self, module: str) -> bool:
        return module in self.modules

    def rules(self, module: str) -> list[Access]:
        """The module's rules, where one file says them all; two that disagree say nothing."""
        files = self.access.get(module, {})
        return next(iter(files.values())) if len(files) == 1 else []

    def views(self, target: str, module: str) -> list[str]:
        """The files that the name of a view means."""
        target = self.constants.get(target, target).removeprefix("forward:")
        name = target.partition("::")[0].strip()
        if not name or name.startswith("redirect:"):
            return []
        if tiles := self.definitions.pages(name):
            return tiles
        name = name.lstrip("/")
        modules = (module, *(each for each in sorted(self.modules) if each != module))
        for one in modules:
            if path := self.project.first(*self._candidates(name, one)):
                return [path]
        while "/" in name:  # the build may put them into folders that the sources do not have
            name = name.partition("/")[2]
            if path := self.project.first(*self._candidates(name, module)):
                return [path]
        return []

    def _candidates(self, name: str, module: str) -> Iterator[str]:
        for root in self.roots.get(module, ()):
            if root.prefix.startswith("classpath"):
                prefix = root.prefix.partition(":")[2].strip("/")
                yield f"{module}{RESOURCES}{prefix}/{name}{root.suffix}".replace("//", "/")
                continue
            for web in WEB_ROOTS:
                folder = f"{module}{web}/{root.prefix.strip('/')}/"
                for suffix in (root.suffix,) if root.suffix else SUFFIXES:
                    yield (folder + name + suffix).replace("//", "/")
        for suffix in SUFFIXES:
            yield f"{module}{TEMPLATES}{name}{suffix}"
        for web in WEB_ROOTS:
            for suffix in SUFFIXES:
                yield f"{module}{web}/{name}{suffix}"


def _is_configuration(path: str) -> bool:
    return re.search(r"(?:^|/)application\.(?:properties|ya?ml)$", path) is not None


FRAMEWORK = Framework(
    name=NAME,
    conventions=conventions,
    reads=r"\.(?:java|kt)$|(?:^|/)application\.(?:properties|ya?ml)$"
    r"|(?:-servlet|-context|[sS]ecurity[\w-]*|applicationContext[\w-]*|[wW]eb[mM]vc[\w-]*|spring[\w-]*"
    r"|mvc[\w-]*|[sS]ervlet[\w-]*)\.xml$",
    read=read,
    about=r"\.(?:java|kt|xml|gradle|kts|toml)$|(?:^|/)application\.(?:properties|ya?ml)$",
)
