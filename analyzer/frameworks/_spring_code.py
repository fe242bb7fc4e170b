"""What Spring's programs say: which address shows which view, and who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.frameworks import joined
from analyzer.frameworks._access import EVERYTHING, PUBLIC, Access
from analyzer.frameworks._java import Annotation, Class, Method, Program
from analyzer.model import Fact, Route, Source
from analyzer.parse.server.layout import Stretch

NAME = "spring"
MAPPINGS = frozenset(
    {"RequestMapping", "GetMapping", "PostMapping", "PutMapping", "PatchMapping", "DeleteMapping"}
)
CONTROLLERS = frozenset({"Controller", "ControllerAdvice", "RequestMapping"})
NO_VIEWS = frozenset({"RestController", "ResponseBody", "RestControllerAdvice", "FeignClient"})
GUARDS = frozenset({"PreAuthorize", "Secured", "RolesAllowed"})
FREE = re.compile(r"permitAll|isAnonymous|IS_AUTHENTICATED_ANONYMOUSLY", re.I)
MATCHERS = frozenset(
    [
        "requestMatchers",
        "antMatchers",
        "mvcMatchers",
        "regexMatchers",
        "pathMatchers",
        "anyRequest",
        "anyExchange",
    ]
)
FREES = frozenset({"permitAll", "anonymous"})
ASKS = frozenset(
    [
        "authenticated",
        "fullyAuthenticated",
        "rememberMe",
        "hasRole",
        "hasAnyRole",
        "hasAuthority",
        "hasAnyAuthority",
        "denyAll",
        "access",
        "hasIpAddress",
    ]
)
WORDS = re.compile(
    rb"@(?:Rest)?Controller|RequestMapping|ViewController|Matchers|anyRequest|anyExchange|authorize\("
    rb"|ViewResolver|TemplateResolver|String\s+[A-Z_]{3,}\s*=|const\s+val"
)
VIEW = re.compile(r"[\w./:${}@ -]{1,120}")
MOST_CONSTANTS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Fact):
    """A text under a name that other files may say: `Views.HOME`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRoot(Fact):
    """What a resolver puts before and behind the name of a view."""

    prefix: str = ""
    suffix: str = ""


def read(source: Source) -> Iterator[Fact]:
    """The routes, rules and constants of one file."""
    if not WORDS.search(source.data):
        return
    program = Program.of(source)
    if program is None:
        return
    for each in program.classes:
        names = {note.name for note in each.annotations}
        if names & CONTROLLERS and not names & NO_VIEWS:
            yield from _controller(source, program, each)
    yield from _registered(source, program)
    yield from _rules(source, program)
    yield from _resolvers(source, program)
    for each in program.classes:
        yield from _constants(source, program, each)


# ---------------------------------------------------------------- controllers


def _controller(source: Source, program: Program, owner: Class) -> Iterator[Fact]:
    prefixes = _addresses(program, owner.annotations) or [""]
    asked = _guards(program, owner.annotations)
    for method in owner.methods:
        names = {note.name for note in method.annotations}
        if not names & MAPPINGS or names & NO_VIEWS or _answers_itself(program, method):
            continue
        needs = _guards(program, method.annotations) or asked
        own = _addresses(program, method.annotations) or [""]
        views = list(dict.fromkeys(program.answers(method, owner)))
        for prefix in prefixes:
            for address in own:
                pattern = normal(joined(prefix, address))
                if "void" in method.before and not views:
                    views = [(re.sub(r"\.\w+$", "", pattern).lstrip("/"), method.start)]
                for view, number in views:
                    if not VIEW.fullmatch(view) or view.startswith("redirect:"):
                        continue
                    token = program.tokens[number]
                    yield Route(
                        place=source.place(token.start, token.end),
                        pattern=pattern,
                        target=view,
                        kind="template",
                        name=NAME,
                        needs=needs,
                    )


def _answers_itself(program: Program, method: Method) -> bool:
    """Does the method write its answer by itself, or send data?"""
    inside = method.parameters
    words = {program.word(number) for number in range(inside.start, inside.end)}
    return bool({"ResponseEntity", "Resource"} & set(method.before)) or (
        "void" in method.before and bool(words & {"HttpServletResponse", "OutputStream", "Writer"})
    )


def _addresses(program: Program, notes: tuple[Annotation, ...]) -> list[str]:
    """The addresses of a mapping: its value or path, one or several."""
    found: list[str] = []
    for note in notes:
        if note.name not in MAPPINGS:
            continue
        for part in program.split(note.args):
            if part.key in ("", "value", "path"):
                found.extend(program.meant(part))
    return found


def _guards(program: Program, notes: tuple[Annotation, ...]) -> tuple[str, ...]:
    """What annotations ask: @PreAuthorize("hasRole('DOCTOR')"), or that everybody may come."""
    for note in notes:
        if note.name == "PermitAll":
            return (PUBLIC,)
        if note.name in GUARDS:
            said = " ".join(program.written(note.args).split())
            return (PUBLIC,) if FREE.search(said) else (f"@{note.name}({said})"[:120],)
    return ()


def normal(address: str) -> str:
    """An address as all frameworks write it: `/visits/{id:[0-9]+}` is `/visits/*`."""
    address = re.sub(r"\$\{[^}]*\}", "*", address)
    address = re.sub(r"\{\*[^}]*\}", "**", address)
    address = re.sub(r"[^/]*\{(?:[^{}]|\{[^{}]*\})*\}[^/]*", "*", address)
    return address if address.startswith("/") else f"/{address}"


# ---------------------------------------------------------------- views without a controller


def _registered(source: Source, program: Program) -> Iterator[Fact]:
    """`registry.addViewController("/").setViewName("home")`."""
    for number in program.words.get("addViewController", ()):
        if program.text(number + 1) != "(" or number + 1 not in program.partner:
            continue
        closing = program.partner[number + 1]
        views: list[str] = []
        if program.word(closing + 2) == "setViewName" and closing + 3 in program.partner:
            inside = Stretch(closing + 4, program.partner[closing + 3])
            views = list(program.meant(inside))
        for address in program.meant(Stretch(number + 2, closing)):
            for view in views or [address.strip("/")]:
                token = program.tokens[number]
                yield Route(
                    place=source.place(token.start, program.tokens[closing].end),
                    pattern=normal(joined(address)),
                    target=view,
                    kind="template",
                    name=NAME,
                )


def _resolvers(source: Source, program: Program) -> Iterator[Fact]:
    """`resolver.setPrefix("/WEB-INF/views/")` and its suffix, where they stand in one block."""
    said: dict[int, dict[str, str]] = {}
    for name in ("setPrefix", "setSuffix", "setTemplateLoaderPath"):
        for number in program.words.get(name, ()):
            if program.text(number + 1) == "(" and number + 1 in program.partner:
                inside = Stretch(number + 2, program.partner[number + 1])
                block = said.setdefault(program.outer[number], {})
                block[name] = next(program.meant(inside), "")
                block.setdefault("at", str(number))
    for block in said.values():
        token = program.tokens[int(block["at"])]
        yield ViewRoot(
            place=source.place(token.start, token.end),
            prefix=block.get("setPrefix", block.get("setTemplateLoaderPath", "")),
            suffix=block.get("setSuffix", ""),
        )


# ---------------------------------------------------------------- who may see what


def _rules(source: Source, program: Program) -> Iterator[Fact]:
    """`requestMatchers("/a").permitAll().anyRequest().authenticated()`, in the order it is said."""
    places = sorted(
        number
        for name in (*MATCHERS, "authorize", "ignoring")
        for number in program.words.get(name, ())
    )
    for number in places:
        name = program.word(number)
        if program.text(number + 1) != "(" or number + 1 not in program.partner:
            continue
        closing = program.partner[number + 1]
        inside = Stretch(number + 2, closing)
        if name == "authorize":  # Kotlin's way: authorize("/a", permitAll)
            parts = list(program.split(inside))
            if len(parts) < 2:
                continue
            words = {program.word(each) for each in range(parts[0].start, parts[0].end)}
            patterns = [EVERYTHING] if "anyRequest" in words else list(program.meant(parts[0]))
            verdict = program.word(parts[-1].start)
            behind = program.written(parts[-1])
        else:
            every = name.startswith("any")
            patterns = [EVERYTHING] if every else list(program.meant(inside))
            verdict = program.word(closing + 2)
            last = program.partner.get(closing + 3, closing + 3)
            behind = program.written(Stretch(closing + 2, last + 1))
            if program.word(number - 3) == "ignoring":
                verdict = "permitAll"
        addresses = tuple(each for each in patterns if each.startswith(("/", "*")))
        if not addresses or (verdict not in ASKS and verdict not in FREES):
            continue
        token = program.tokens[number]
        yield Access(
            place=source.place(token.start, program.tokens[closing].end),
            patterns=addresses,
            asks=f"{PUBLIC} {verdict}" if verdict in FREES else " ".join(behind.split())[:120],
        )


def _constants(source: Source, program: Program, owner: Class) -> Iterator[Fact]:
    if len(program.constants) > MOST_CONSTANTS:
        return
    for name, values in program.constants.items():
        if name.isupper() and len(values) == 1 and VIEW.fullmatch(values[0]):
            yield Constant(place=source.place(0, 0), name=f"{owner.name}.{name}", value=values[0])
