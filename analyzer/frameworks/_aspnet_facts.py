"""What files of an ASP.NET application say by themselves: controllers, settings and directives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks._csharp import Attribute, Class, Method, Program
from analyzer.model import Fact, Skip, Source

WORTH = re.compile(
    rb"Controller\b|PageModel|FallbackPolicy|RequireAuthorization|AuthorizeFilter|AuthorizeFolder"
    rb"|TagHelper\b|AuthorizePage|AllowAnonymousTo|MapControllerRoute|MapRoute|ViewLocationFormats"
)
LARGEST = 2_000_000  # bytes of a file that is read
SCRIPTED = re.compile(rb"script|SetHtmlContent|AppendHtml", re.I)
LOGINS = re.compile(r"Authori[sz]|Authenticat|RequireLog|LoginRequired|SignedIn|LoggedIn")
VERBS = frozenset(
    ("HttpGet", "HttpPost", "HttpPut", "HttpDelete", "HttpPatch", "HttpHead", "AcceptVerbs")
)
FOLDERS = ("AuthorizeFolder", "AuthorizePage", "AllowAnonymousToFolder", "AllowAnonymousToPage")
COMMENT = re.compile(rb"@\*[\s\S]*?(?:\*@|\Z)|<!--[\s\S]*?(?:-->|\Z)|(?<![:\"'])//[^\n]*")
DIRECTIVE = re.compile(
    rb"^[ \t]*(?:\xef\xbb\xbf)?@page\b[ \t]*(?:\"(?P<page>[^\"\n]*)\")?"
    rb"|^[ \t]*@attribute[ \t]*\[(?P<attribute>[^\n]*)\]"
    rb"|\bLayout\s*=\s*(?P<none>null|\"\")\s*;"
    rb"|\bDefaultLayout\s*=\s*\"@?\(?typeof\((?P<layout>[\w.]+)\)"
    rb"|<(?P<tag>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?=[\s/>])"
    rb"|(?P<host><Routes\b|typeof\(App\)|RootComponents|blazor\.\w+\.js)",
    re.M,
)
ASKED = re.compile(rb"(?:\bif\s*\([^;{}]*\)|\belse)\s*\{?\s*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller(Fact):
    """A class that answers: what stands in front of it. A page's model is one too."""

    name: str
    bases: tuple[str, ...]
    routes: tuple[str, ...]
    area: str
    needs: tuple[str, ...]
    public: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Fact):
    """A method of a controller, its own addresses, and the views that it shows."""

    controller: str
    name: str
    routes: tuple[str, ...]
    needs: tuple[str, ...]
    public: tuple[str, ...]
    views: tuple[str, ...]
    answers: bool  # only public methods do


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Fact):
    """A word of the application's start: `what` is route, views, fallback, or a folder's rule."""

    what: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive(Fact):
    """A word of a view: `what` is page, needs, no-layout, default-layout or host."""

    what: str
    value: str
    asked: bool = False  # an if stands around it


@dataclass(frozen=True, slots=True, kw_only=True)
class TagHelper(Fact):
    """A class that writes scripts for tags of these names."""

    names: tuple[str, ...]


def read(source: Source) -> Iterator[Fact | Skip]:
    """The facts of one file of C# or one view."""
    if len(source.data) > LARGEST:
        return
    if source.path.lower().endswith(".cs"):
        if WORTH.search(source.data):
            yield from _program(source, Program(source.data))
    else:
        yield from _view(source)


def _view(source: Source) -> Iterator[Fact]:
    tags: set[str] = set()
    data = COMMENT.sub(lambda found: re.sub(rb"[^\n]", b" ", found[0]), source.data)
    for found in DIRECTIVE.finditer(data):
        place = source.place(*found.span())
        if found["none"] is not None:
            asked = ASKED.search(data, max(0, found.start() - 300), found.start()) is not None
            yield Directive(place=place, what="no-layout", value="", asked=asked)
        elif found["attribute"] is not None:
            value = found["attribute"].decode("utf-8", "replace").strip()
            if LOGINS.search(value) or "AllowAnonymous" in value:
                yield Directive(place=place, what="needs", value=value)
        elif found["layout"] is not None:
            value = found["layout"].decode().rpartition(".")[2]
            yield Directive(place=place, what="default-layout", value=value)
        elif found["tag"] is not None:
            value = found["tag"].decode()
            if value not in tags:
                tags.add(value)
                yield Directive(place=place, what="tag", value=value)
        elif found["host"] is not None:
            yield Directive(place=place, what="host", value="")
        else:
            value = (found["page"] or b"").decode("utf-8", "replace")
            yield Directive(place=place, what="page", value=value)


def _program(source: Source, program: Program) -> Iterator[Fact]:
    for each in program.classes():
        if "TagHelper" in each.bases and SCRIPTED.search(program.written_all(each)):
            yield TagHelper(
                place=source.place(*program.offsets(each.at, each.at + 1)), names=_tags(each)
            )
        controls = each.name.endswith("Controller") or any(
            base.endswith(("Controller", "PageModel", "ComponentBase")) for base in each.bases
        )
        if not controls:
            continue
        needs, public = _asks(each.attributes)
        yield Controller(
            place=source.place(*program.offsets(each.at, each.at + 1)),
            name=each.name.removesuffix("Controller"),
            bases=tuple(base.removesuffix("Controller") for base in each.bases),
            routes=tuple(_texts(each, "Route", "RoutePrefix")),
            area=next(_texts(each, "Area", "RouteArea"), ""),
            needs=needs,
            public=public,
        )
        for method in program.methods(each):
            yield _action(source, program, each, method)
    yield from _settings(source, program)


def _tags(helper: Class) -> tuple[str, ...]:
    """The tags that a class writes: those that its attributes name, else its own name."""
    named = [one.text for one in helper.attributes if one.name == "HtmlTargetElement" and one.text]
    own = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", helper.name.removesuffix("TagHelper")).lower()
    return tuple(named or [own])


def _action(source: Source, program: Program, owner: Class, method: Method) -> Action:
    needs, public = _asks(method.attributes)
    name = next(_texts(method, "ActionName"), "") or method.name
    routes = tuple(
        one.text
        for one in method.attributes
        if one.name == "Route" or (one.name in VERBS and one.text)
    )
    return Action(
        place=source.place(*program.offsets(method.at, method.at)),
        controller=owner.name.removesuffix("Controller"),
        name=name,
        routes=routes,
        needs=needs,
        public=public,
        views=tuple(dict.fromkeys(_views(program, method, name))),
        answers="public" in method.modifiers
        and "static" not in method.modifiers
        and not any(one.name in ("NonAction", "ChildActionOnly") for one in method.attributes),
    )


def _texts(member: Class | Method, *names: str) -> Iterator[str]:
    """The texts of the attributes of these names."""
    yield from (one.text for one in member.attributes if one.name in names)


def _views(program: Program, method: Method, name: str) -> Iterator[str]:
    """The names of the views that a method shows; its own where it names none."""
    for _, number, inner in program.calls(method.start, method.end, "View"):
        if program.text(number - 1) == "." and program.text(number - 2) != "this":
            continue
        first = next(program.split(inner), None)
        said = program.string(first) if first is not None else None
        if said is not None and first is not None and first.key in ("", "viewName"):
            yield said
        elif first is None or program.tokens[first.start].kind != "text":
            yield name.removesuffix("Async")


def _asks(attributes: tuple[Attribute, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What must be passed first, and what says that nothing is asked."""
    needs = [one.written for one in attributes if LOGINS.search(one.written)]
    public = [one.written for one in attributes if one.name == "AllowAnonymous"]
    return tuple(needs), tuple(public)


def _settings(source: Source, program: Program) -> Iterator[Setting]:
    """Routes by pattern, folders of views, and logins that are asked of everybody."""
    end = len(program.tokens)
    names = ("MapControllerRoute", "MapRoute", "MapAreaControllerRoute", *FOLDERS)
    for name, number, inner in program.calls(0, end, *names):
        texts = [(piece.key, program.string(piece)) for piece in program.split(inner)]
        place = source.place(*program.offsets(number, inner.end))
        said = [text for _, text in texts if text is not None]
        if name in FOLDERS and said:
            value = said[0].rstrip("/") or "/"
            yield Setting(place=place, what=name, value=value)
        elif pattern := next((text for text in said if "{" in text), None):
            yield Setting(place=place, what="route", value=pattern)
    for word in ("ViewLocationFormats", "AreaViewLocationFormats", "PageViewLocationFormats"):
        for number in program.words.get(word, ()):
            for token in program.tokens[number : program.statement_end(number)]:
                if token.kind == "text" and isinstance(token.value, str) and "{0}" in token.value:
                    place = source.place(*program.offsets(number, number))
                    yield Setting(place=place, what="views", value=token.value)
    for number in program.words.get("FallbackPolicy", ()):
        if program.text(number + 1) == "=" and program.text(number + 2) != "null":
            place = source.place(*program.offsets(number, number))
            yield Setting(place=place, what="fallback", value="FallbackPolicy")
    for name, number, _ in program.calls(0, end, "RequireAuthorization"):
        line = {program.word(each) for each in range(max(0, number - 40), number)}
        if line & {
            "MapControllers",
            "MapControllerRoute",
            "MapRazorPages",
            "MapDefaultControllerRoute",
        }:
            place = source.place(*program.offsets(number, number))
            yield Setting(place=place, what="fallback", value=name)
    for _, number, _ in program.calls(0, end, "AuthorizeFilter"):
        if program.text(number - 1) == "new" and "Add" in {
            program.word(each) for each in range(max(0, number - 6), number)
        }:
            place = source.place(*program.offsets(number, number))
            yield Setting(place=place, what="fallback", value="AuthorizeFilter")
