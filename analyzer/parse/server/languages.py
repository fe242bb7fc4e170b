"""Programming languages as data: how each writes comments, texts, names and statements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

BACKSLASH = r"\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])"
NOTHING = r"(?!)"


@dataclass(frozen=True, slots=True)
class Quote:
    """One way to write a string, in regular expressions.

    `close` may say `{0}` for what the first group of `open` took. `hole` opens an expression inside
    that ends with the bracket's partner, `name` is a variable that stands there bare. A quote that
    is no `block` ends with its line; an `operand` counts only where a value may begin; the text of
    a `later` one begins on the next line.
    """

    open: str
    close: str
    escape: str = BACKSLASH
    hole: str = NOTHING
    name: str = NOTHING
    block: bool = False
    operand: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """One programming language, as far as it takes to find what a program sends and asks for.

    `members` stand between a thing and its part, `joins` between two texts that are put together;
    where `lines` end statements, no semicolon is needed; `bare_calls` need no brackets. In
    languages that are `typed_after` a type stands behind the name, in those with `arrows` a
    property may be written `Name => value`. Code lies between `enter` and `outside`, where those
    are said. `ecosystem` is where its packages come from.
    """

    name: str
    suffixes: tuple[str, ...]
    ecosystem: str
    comments: tuple[str, ...]
    quotes: tuple[Quote, ...]
    members: frozenset[str] = frozenset({".", "?.", "::"})
    joins: frozenset[str] = frozenset({"+"})
    lines: bool = False
    bare_calls: bool = False
    typed_after: bool = False
    arrows: bool = False
    enter: str = ""
    outside: str = NOTHING


SLASHES = (r"//[^\n]*", r"/\*[\s\S]*?(?:\*/|\Z)")
CHARACTER = Quote(r"'(?=(?:\\[^\n]{1,8}?|[^'\\\n])')", r"'")
DOUBLE = Quote(r'"', r'"')

PHP = Language(
    name="php",
    suffixes=(".php", ".phtml", ".inc", ".module"),
    ecosystem="composer",
    comments=(r"(?://|#(?!\[))(?:(?!\?>)[^\n])*", SLASHES[1]),
    quotes=(
        Quote(
            r"<<<[ \t]*[\"']?([A-Za-z_]\w*)[\"']?\r?\n",
            r"^[ \t]*{0}\b",
            hole=r"\{(?=\$)",
            name=r"\$[A-Za-z_]\w*(?:->\w+|\[[^\]\s]{0,60}\])?",
            block=True,
        ),
        Quote(
            r'"',
            r'"',
            hole=r"\{(?=\$)|\$\{",
            name=r"\$[A-Za-z_]\w*(?:->\w+|\[[^\]\s]{0,60}\])?",
            block=True,
        ),
        Quote(r"'", r"'", block=True),
    ),
    members=frozenset({"->", "?->", "::", "\\"}),
    joins=frozenset({"."}),
    enter=r"<\?(?:php\b|=)?",
    outside=r"\?>[\s\S]*?(?:<\?(?:php\b|=)?|\Z)",
)

RUBY = Language(
    name="ruby",
    suffixes=(".rb", ".rake", ".ru"),
    ecosystem="gem",
    comments=(r"^=begin\b[\s\S]*?(?:^=end\b[^\n]*|\Z)", r"^__END__\b[\s\S]*", r"#[^\n]*"),
    quotes=(
        Quote(
            r"<<[~-][\"'`]?([A-Za-z_]\w*)[\"'`]?",
            r"^[ \t]*{0}\b",
            hole=r"#\{",
            block=True,
            later=True,
        ),
        Quote(
            r"<<[\"']?([A-Z][A-Z_]+)\b[\"']?",
            r"^{0}\b",
            hole=r"#\{",
            block=True,
            operand=True,
            later=True,
        ),
        Quote(r'"', r'"', hole=r"#\{", block=True),
        Quote(r"'", r"'", block=True),
        Quote(r"`", r"`", hole=r"#\{", block=True),
        Quote(r"%[QqWwIixr]?\(", r"\)", hole=r"#\{", block=True, operand=True),
        Quote(r"%[QqWwIixr]?\[", r"\]", hole=r"#\{", block=True, operand=True),
        Quote(r"%[QqWwIixr]?\{", r"\}", hole=r"#\{", block=True, operand=True),
        Quote(r"%[Qq]<", r">", hole=r"#\{", block=True, operand=True),
        Quote(r"%[QqWwIixr]([|!])", r"{0}", hole=r"#\{", block=True, operand=True),
        Quote(r"/(?![\s=])", r"/[a-z]*", hole=r"#\{", operand=True),
        Quote(r"\?(?=[\"'#](?!\w))", r"[\"'#]", operand=True),
    ),
    members=frozenset({".", "&.", "::"}),
    lines=True,
    bare_calls=True,
)

JAVA = Language(
    name="java",
    suffixes=(".java",),
    ecosystem="maven",
    comments=SLASHES,
    quotes=(Quote(r'"""', r'"""', block=True), DOUBLE, CHARACTER),
)

KOTLIN = Language(
    name="kotlin",
    suffixes=(".kt",),
    ecosystem="maven",
    comments=SLASHES,
    quotes=(
        Quote(r'"""', r'"""', escape=NOTHING, hole=r"\$\{", name=r"\$[A-Za-z_]\w*", block=True),
        Quote(r'"', r'"', hole=r"\$\{", name=r"\$[A-Za-z_]\w*"),
        CHARACTER,
    ),
    lines=True,
    typed_after=True,
)

CSHARP = Language(
    name="csharp",
    suffixes=(".cs",),
    ecosystem="nuget",
    comments=(*SLASHES, r"^[ \t]*#[^\n]*"),
    quotes=(
        Quote(r'(?<!\$)\$+"""', r'"""', escape=NOTHING, hole=r"\{", block=True),
        Quote(r'"""', r'"""', escape=NOTHING, block=True),
        Quote(r'(?:\$@|@\$)"', r'"', escape=r'""|\{\{|\}\}', hole=r"\{(?!\{)", block=True),
        Quote(r'\$"', r'"', escape=BACKSLASH + r"|\{\{|\}\}", hole=r"\{(?!\{)"),
        Quote(r'@"', r'"', escape=r'""', block=True),
        DOUBLE,
        CHARACTER,
    ),
    arrows=True,
)

GO = Language(
    name="go",
    suffixes=(".go",),
    ecosystem="go",
    comments=SLASHES,
    quotes=(Quote(r"`", r"`", escape=NOTHING, block=True), DOUBLE, CHARACTER),
    members=frozenset({"."}),
    lines=True,
    typed_after=True,
)

PYTHON = Language(  # for programs that today's Python cannot parse
    name="python",
    suffixes=(".py",),
    ecosystem="pypi",
    comments=(r"#[^\n]*",),
    quotes=tuple(
        Quote(prefix + mark, mark, hole=hole, escape=escape, block=len(mark) > 1)
        for mark in ('"""', "'''", '"', "'")
        for prefix, hole, escape in (
            (r"(?:[fF][rR]?|[rR][fF])", r"\{(?!\{)", BACKSLASH + r"|\{\{|\}\}"),
            (r"[rRbBuU]{0,2}", NOTHING, BACKSLASH),
        )
    ),
    lines=True,
)

GROOVY = Language(
    name="groovy",
    suffixes=(".gradle",),
    ecosystem="gradle",
    comments=SLASHES,
    quotes=(
        Quote(r'"""', r'"""', hole=r"\$\{", name=r"\$[A-Za-z_][\w.]*", block=True),
        Quote(r"'''", r"'''", block=True),
        Quote(r'"', r'"', hole=r"\$\{", name=r"\$[A-Za-z_][\w.]*"),
        Quote(r"'", r"'"),
    ),
    lines=True,
    bare_calls=True,
)

SWIFT = Language(
    name="swift",
    suffixes=(".swift",),
    ecosystem="swiftpm",
    comments=SLASHES,
    quotes=(Quote(r'"""', r'"""', hole=r"\\\(", block=True), Quote(r'"', r'"', hole=r"\\\(")),
    lines=True,
    typed_after=True,
)

DART = Language(
    name="dart",
    suffixes=(".dart",),
    ecosystem="pub",
    comments=SLASHES,
    quotes=tuple(
        Quote(
            prefix + mark,
            mark,
            escape=NOTHING if prefix else BACKSLASH,
            hole=NOTHING if prefix else r"\$\{",
            name=NOTHING if prefix else r"\$[A-Za-z_]\w*",
            block=len(mark) > 1,
        )
        for mark in ('"""', "'''", '"', "'")
        for prefix in ("r", "")
    ),
)

SERVER_LANGUAGES = (PHP, RUBY, JAVA, KOTLIN, CSHARP, GO, PYTHON, SWIFT, DART)
APP_LANGUAGES = frozenset({"swift", "dart"})  # what they write runs on people's own devices


@cache
def language_of(path: str) -> Language | None:
    """The language in which a server's program is written, by its name."""
    low = path.lower()
    return next((each for each in SERVER_LANGUAGES if low.endswith(each.suffixes)), None)
