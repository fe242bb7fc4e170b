"""What single files of a Drupal site say: themes, libraries, routes, and exported settings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.conditions import any_of, negation
from analyzer.frameworks._yaml import mapping
from analyzer.model import (
    FRAGMENT,
    NEVER,
    Atom,
    Call,
    Condition,
    Fact,
    Guard,
    Place,
    ScriptLoad,
    Skip,
    Source,
    Value,
)

ATTACH = re.compile(rb"attach_library\(\s*[\"'](?P<name>[\w-]+/[\w.-]+)[\"']")
FUNCTION = re.compile(rb"^function\s+(?P<name>\w+)\s*\(", re.M)
ATTACHED = re.compile(
    rb"\[\s*['\"]#attached['\"]\s*\]\s*\[\s*['\"]library['\"]\s*\](?:\s*\[\s*\])?\s*=\s*\[?\s*"
    rb"(?P<names>['\"][\w-]+/[\w.-]+['\"](?:\s*,\s*['\"][\w-]+/[\w.-]+['\"])*)"
)
HEAD_SCRIPT = re.compile(rb"['\"]html_head['\"][^;]{0,400}?['\"]#tag['\"]\s*=>\s*['\"]script['\"]")
EVERYWHERE = re.compile(
    rb"_page_attachments(?:_alter)?$|_preprocess_(?:html|page)$|_page_(?:top|bottom)$"
)
LISTED_ONLY = ("1", "listed_pages", "include listed")
ROLES = "the visitor's role is one of those in the settings"
DISABLED = Guard(NEVER, "the container is switched off in its settings", "disabled")
MOST_PATHS = 200
CORE_PAGES = ("/user/login", "/user/register", "/user/password")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(Fact):
    """A theme, the theme that it builds on, and the libraries that it loads on every page."""

    name: str
    base: str
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultTheme(Fact):
    """The settings name the theme that visitors see."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Library(Fact):
    """A library of a theme or a module, `clinic/booking`, and one script of it."""

    name: str
    script: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached(Fact):
    """A template or a hook loads a library; `everywhere` tells that the hook runs on every page."""

    library: str
    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Fact):
    """Addresses at which the site answers, as an exported setting or a module's routes say."""

    routes: tuple[str, ...]
    needs: tuple[str, ...] = ()
    public: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Injects(Fact):
    """This exported setting puts a tracker on the site's pages."""


def of_theme(source: Source) -> Iterator[Fact | Skip]:
    said = yield from mapping(source, "what it configures is")
    if said.get("type") != "theme":
        return
    base = said.get("base theme")
    yield Theme(
        place=source.place(0, 0),
        name=posixpath.basename(source.path).removesuffix(".info.yml"),
        base=base if isinstance(base, str) else "",
        libraries=_texts(said.get("libraries")),
    )


def of_libraries(source: Source) -> Iterator[Fact | Skip]:
    said = yield from mapping(source, "what it configures is")
    owner = posixpath.basename(source.path).removesuffix(".libraries.yml")
    folder = posixpath.dirname(source.path)
    for key, library in said.items():
        scripts = library.get("js") if isinstance(library, dict) else None
        for script in scripts if isinstance(scripts, dict) else ():
            name, place = f"{owner}/{key}", _at(source, str(script))
            if re.match(r"(?:https?:)?//", str(script)):
                yield ScriptLoad(place=place, url=str(script), blocks=(FRAGMENT + name,))
            else:
                path = str(script).lstrip("/") if str(script).startswith("/") else script
                inside = posixpath.normpath(posixpath.join(folder, str(path)))
                yield Library(place=place, name=name, script=inside)


def of_routing(source: Source) -> Iterator[Fact | Skip]:
    """The routes of a module that show pages, those that ask for nothing apart from the others."""
    said = yield from mapping(source, "what it configures is")
    for key, route in said.items():
        path = route.get("path") if isinstance(route, dict) else None
        if not isinstance(path, str) or not path.startswith("/"):
            continue
        asked = route.get("requirements")
        requirements: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        needs = tuple(
            f"{name}: {value}"
            for name, value in requirements.items()
            if name in ("_user_is_logged_in", "_role", "_entity_access")
            or (name == "_permission" and value != "access content")
        )
        yield Address(
            place=_at(source, str(key)),
            routes=(re.sub(r"\{[^{}]*\}", "*", path),),
            needs=needs,
            public=("_access: TRUE",) if requirements.get("_access") == "TRUE" else (),
        )


def attached(source: Source) -> Iterator[Fact | Skip]:
    """The libraries that a template or the hooks of a module or theme load."""
    for found in ATTACH.finditer(source.data):
        yield Attached(place=source.place(*found.span()), library=found["name"].decode())
    if source.path.endswith(".twig"):
        return
    for found in HEAD_SCRIPT.finditer(source.data):
        line = source.place(*found.span()).line
        yield Skip(
            source.path, "the script that this array puts into the head is not read", line, "partly"
        )
    functions = list(FUNCTION.finditer(source.data))
    for found in ATTACHED.finditer(source.data):
        around = next((each for each in reversed(functions) if each.start() < found.start()), None)
        everywhere = around is not None and EVERYWHERE.search(around["name"]) is not None
        for name in re.findall(rb"[\w-]+/[\w.-]+", found["names"]):
            yield Attached(
                place=source.place(*found.span()), library=name.decode(), everywhere=everywhere
            )


def of_settings(source: Source) -> Iterator[Fact | Skip]:
    """Trackers, addresses and the default theme of an exported configuration."""
    said = yield from mapping(source, "what it configures is")
    name = posixpath.basename(source.path).removesuffix(".yml")
    trackers = [*_trackers(name, said)]
    if trackers:
        yield Injects(place=source.place(0, 0))
    guards = _guards(said) if trackers else ()
    for kind, text, value in trackers:
        place = _at(source, text)
        if kind == "load":
            yield ScriptLoad(place=place, url=value, guards=guards)
        else:
            assert isinstance(value, tuple)
            yield Call(place=place, callee=kind, args=value, guards=guards)
    if name == "system.theme" and isinstance(said.get("default"), str):
        yield DefaultTheme(place=source.place(0, 0), name=said["default"])
    if routes := tuple(_addresses(name, said)):
        yield Address(place=source.place(0, 0), routes=routes)


# ---------------------------------------------------------------- trackers of modules


def _trackers(name: str, said: Mapping[str, Any]) -> Iterator[tuple[str, str, Value]]:
    """What the settings of a tracker's module load or call, and the text that says so."""
    if name == "google_analytics.settings":
        for account in re.findall(r"[A-Z]{1,3}-[\w-]+", str(said.get("account") or "")):
            yield "load", account, f"https://www.googletagmanager.com/gtag/js?id={account}"
            yield "gtag", account, ("config", account)
    elif name.startswith("google_tag."):
        inner = said.get("_default_container")
        every = [said, inner if isinstance(inner, dict) else {}]
        for each in every:
            for container in (
                *_texts(each.get("container_id")),
                *_texts(each.get("tag_container_ids")),
            ):
                if container.startswith("GTM-"):
                    yield (
                        "load",
                        container,
                        f"https://www.googletagmanager.com/gtm.js?id={container}",
                    )
                else:
                    yield "gtag", container, ("config", container)
    elif name == "facebook_pixel.settings" and said.get("facebook_id"):
        yield "fbq", str(said["facebook_id"]), ("init", str(said["facebook_id"]))
    elif name == "matomo.settings" and said.get("site_id"):
        address = str(said.get("url_https") or said.get("url_http") or "")
        yield "load", address or str(said["site_id"]), f"{address}matomo.js"
        yield "_paq.push", str(said["site_id"]), (("setSiteId", str(said["site_id"])),)
    elif name == "hotjar.settings" and said.get("account"):
        yield (
            "load",
            str(said["account"]),
            f"https://static.hotjar.com/c/hotjar-{said['account']}.js",
        )
    elif name.startswith("ms_clarity."):
        project = next(
            (str(said[key]) for key in ("clarity_id", "project_id", "id") if said.get(key)), ""
        )
        if project:
            yield "load", project, f"https://www.clarity.ms/tag/{project}"
    elif name.startswith("linkedin_insights_tag.") and said.get("partner_id"):
        yield (
            "load",
            str(said["partner_id"]),
            "https://snap.licdn.com/li.lms-analytics/insight.min.js",
        )


def _guards(said: Mapping[str, Any]) -> tuple[Guard, ...]:
    """The conditions that a tracker's settings state: addresses, roles, and whether it is on."""
    found: list[Guard] = []
    if said.get("status") is False:
        found.append(DISABLED)
    inner = said.get("visibility")
    shown: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
    conditions = said.get("conditions")
    request = conditions.get("request_path") if isinstance(conditions, dict) else None
    if isinstance(request, dict):
        found.extend(_paths(request.get("pages"), only=not request.get("negate")))
    elif "request_path_pages" in shown:
        only = str(shown.get("request_path_mode")) in LISTED_ONLY
        found.extend(_paths(shown["request_path_pages"], only))
    elif "path_list" in said:
        found.extend(_paths(said["path_list"], str(said.get("path_toggle")) in LISTED_ONLY))
    roles = shown.get("user_role_roles") or (
        conditions.get("user_role") if isinstance(conditions, dict) else None
    )
    if roles:
        found.append(Guard(Atom("unknown", ROLES), f"if {ROLES}"))
    return tuple(found)


def _paths(listed: Any, only: bool) -> Iterator[Guard]:
    """The condition that a list of addresses states: only these, or all others."""
    lines = [line.strip().lower() for line in str(listed or "").splitlines()]
    paths = [line for line in lines if line][:MOST_PATHS]
    if not paths:
        return
    atoms = [Atom("path", test="matches-anycase", value=_pattern(path)) for path in paths]
    condition: Condition = any_of(*atoms)
    words = ", ".join(paths[:6]) + (", …" if len(paths) > 6 else "")
    yield Guard(
        condition if only else negation(condition),
        f"{'if' if only else 'unless'} the path is {words}",
    )


def _pattern(path: str) -> str:
    """Drupal's own pattern as an expression: `*` is anything, `<front>` the first page."""
    if path == "<front>":
        return "^/$"
    return "^" + ".*".join(re.escape(part) for part in path.split("*")).replace("/", r"\/") + "$"


# ---------------------------------------------------------------- addresses


def _addresses(name: str, said: Mapping[str, Any]) -> Iterator[str]:
    if name == "user.settings":
        yield from CORE_PAGES
    elif name == "system.site":
        yield "/"
    elif name.startswith("contact.form.") and said.get("status") is not False:
        yield f"/contact/{said.get('id') or name.removeprefix('contact.form.')}"
    elif name.startswith("webform.webform.") and said.get("status") != "closed":
        inner = said.get("settings")
        settings: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
        if settings.get("page") is not False:
            key = str(said.get("id") or name.removeprefix("webform.webform.")).replace("_", "-")
            yield str(settings.get("page_submit_path") or f"/form/{key}")
    elif name.startswith("views.view.") and said.get("status") is not False:
        inner = said.get("display")
        displays: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
        for display in displays.values():
            if not isinstance(display, dict) or display.get("display_plugin") != "page":
                continue
            options = display.get("display_options")
            path = options.get("path") if isinstance(options, dict) else None
            if isinstance(path, str):
                yield "/" + re.sub(r"%\w*", "*", path.strip("/"))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return (
        tuple(each for each in value or () if isinstance(each, str))
        if isinstance(value, list)
        else ()
    )


def _at(source: Source, text: str) -> Place:
    """Where a text stands in the file; its beginning where it is written in another way."""
    start = source.data.find(text.encode())
    return source.place(start, start + len(text.encode())) if start >= 0 else source.place(0, 0)
