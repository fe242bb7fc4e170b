"""Comments of programs and settings: a language is how it writes comments and strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analyzer.remarks.record import Remark

# Each pattern fits or gives up without a second try, so that no file costs its square.
DOUBLE = rb'"(?:[^"\\\n]|\\.)*+"'
SINGLE = rb"'(?:[^'\\\n]|\\.)*+'"
BACKTICK = rb"`[^`]*+`"
TRIPLE = rb'"""(?:[^"\\]|\\.|"(?!""))*+"""' + rb"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
DOUBLED = rb'@"(?:[^"]|"")*+"'  # C#'s verbatim strings, in which only a quote is special
_UNTIL_WORD = (
    rb"(?P<word>[A-Za-z_]\w*+)[^\n]*+(?:\n(?![ \t]*+(?P=word)\b)[^\n]*+)*+(?:\n[ \t]*+(?P=word)|\Z)"
)
PHP_TEXT = rb"<<<[ \t]*+[\"']?" + _UNTIL_WORD
RUBY_TEXT = rb"<<(?:[~-][\"'`]?|[\"'`])" + _UNTIL_WORD
YAML_TEXT = (  # `key: |` and the lines below it that stand deeper
    rb"(?m:^)(?P<margin>[ ]*+)(?![ #])(?:[^\n#\"']*?[ ])?[|>][+-]?[0-9]?[ \t]*+(?=\n)"
    rb"(?:\n(?:(?P=margin)[ \t]+[^\n]*+|[ \t]*+(?=\n)))*+"
)
ESCAPED = rb"\\."
C_BLOCK = (rb"/\*", rb"\*/")


@dataclass(frozen=True)
class Language:
    """How a language writes comments: marks up to the end of a line, pairs of marks, and the
    strings in which neither counts.
    """

    lines: tuple[bytes, ...] = ()
    blocks: tuple[tuple[bytes, bytes], ...] = ()
    strings: tuple[bytes, ...] = (DOUBLE, SINGLE)

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """One expression that walks from string to comment to string."""
        parts = [
            rb"(?P<open%d>%s)(?P<text%d>(?:(?!%s).)*+)(?P<close%d>%s|\Z)"
            % (number, opening, number, closing, number, closing)
            for number, (opening, closing) in enumerate(self.blocks)
        ]
        if self.lines:
            parts.append(rb"(?P<mark>%s)(?P<line>[^\n]*+)" % b"|".join(self.lines))
        return re.compile(b"|".join((*parts, *self.strings, ESCAPED)), re.S)


C_LIKE = Language((rb"//",), (C_BLOCK,))
JAVA = Language((rb"//",), (C_BLOCK,), (TRIPLE, DOUBLE, SINGLE))
GO = Language((rb"//",), (C_BLOCK,), (DOUBLE, SINGLE, BACKTICK))
C_SHARP = Language((rb"//",), (C_BLOCK,), (TRIPLE, DOUBLED, DOUBLE, SINGLE))
PHP = Language((rb"//", rb"#(?!\[)"), (C_BLOCK,), (PHP_TEXT, DOUBLE, SINGLE))
STYLES = Language((), (C_BLOCK,))
SCSS = Language((rb"(?<!:)//",), (C_BLOCK,))
PYTHON = Language((rb"#",), (), (TRIPLE, DOUBLE, SINGLE))
RUBY = Language((rb"#(?!\{)",), ((rb"(?m:^)=begin\b", rb"\n=end\b"),), (RUBY_TEXT, DOUBLE, SINGLE))
ELIXIR = Language((rb"#(?!\{)",), (), (TRIPLE, DOUBLE, SINGLE))
# A sign inside of a word or an address begins no comment, nor does an apostrophe begin a string.
SETTINGS = Language((rb"(?<!\S)#",), (), (rb"(?<!\w)" + DOUBLE, rb"(?<!\w)" + SINGLE))
YAML = Language(SETTINGS.lines, (), (YAML_TEXT, *SETTINGS.strings))
INI = Language((rb"(?<!\S)[#;]",), (), SETTINGS.strings)
PROPERTIES = Language((rb"(?m:^[ \t]*+)[#!]",), (), ())
TOML = Language((rb"#",), (), (TRIPLE, DOUBLE, SINGLE))
XML = Language((), ((rb"<!--", rb"-->"),), (rb"<!\[CDATA\[(?:(?!\]\]>).)*+",))
XQUERY = Language((), ((rb"\(:", rb":\)"), (rb"<!--", rb"-->")))
BASIC = Language((rb"'", rb"(?i:(?m:^[ \t]*+)rem\b)"), (), (rb'"(?:[^"\n]|"")*+"',))
SQL = Language((rb"--",), (C_BLOCK,))
HASKELL = Language((rb"--",), ((rb"\{-", rb"-\}"),), (DOUBLE,))
LISP = Language((rb";",), (), (DOUBLE,))
TERRAFORM = Language((rb"#", rb"//"), (C_BLOCK,), (DOUBLE,))

BY_SUFFIX = {
    ".java": JAVA,
    ".kt": JAVA,
    ".kts": JAVA,
    ".scala": JAVA,
    ".groovy": JAVA,
    ".gradle": JAVA,
    ".swift": JAVA,
    ".dart": JAVA,
    ".go": GO,
    ".cs": C_SHARP,
    ".fs": C_LIKE,
    ".rs": C_LIKE,
    ".c": C_LIKE,
    ".m": C_LIKE,
    ".mm": C_LIKE,
    ".json": C_LIKE,
    ".jsonc": C_LIKE,
    ".json5": C_LIKE,
    ".css": STYLES,
    ".scss": SCSS,
    ".less": SCSS,
    ".py": PYTHON,
    ".rb": RUBY,
    ".rake": RUBY,
    ".gemspec": RUBY,
    ".podspec": RUBY,
    ".ru": RUBY,
    ".ex": ELIXIR,
    ".exs": ELIXIR,
    ".toml": TOML,
    ".yml": YAML,
    ".yaml": YAML,
    ".env": SETTINGS,
    ".sh": SETTINGS,
    ".conf": SETTINGS,
    ".in": SETTINGS,
    ".pl": SETTINGS,
    ".tf": TERRAFORM,
    ".ini": INI,
    ".cfg": INI,
    ".properties": PROPERTIES,
    ".xml": XML,
    ".config": XML,
    ".props": XML,
    ".targets": XML,
    ".csproj": XML,
    ".fsproj": XML,
    ".vbproj": XML,
    ".plist": XML,
    ".xq": XQUERY,
    ".xql": XQUERY,
    ".xqm": XQUERY,
    ".xquery": XQUERY,
    ".vb": BASIC,
    ".sql": SQL,
    ".lua": SQL,
    ".hs": HASKELL,
    ".elm": HASKELL,
    ".clj": LISP,
    ".cljs": LISP,
    ".el": LISP,
}
BY_NAME = {
    "gemfile": RUBY,
    "rakefile": RUBY,
    "podfile": RUBY,
    "pipfile": TOML,
    "dockerfile": SETTINGS,
    ".htaccess": SETTINGS,
}
IN_NAME = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$")
REQUIREMENTS = re.compile(r"requirements[\w.-]*\.txt$|(?:^|/)requirements/[\w.-]+\.txt$")


def language_of(path: str) -> Language | None:
    """The language of a program or of settings, by the file's name in small letters."""
    name = path.rpartition("/")[2]
    if name in BY_NAME:
        return BY_NAME[name]
    if IN_NAME.search(path) or REQUIREMENTS.search(path):
        return SETTINGS
    if name.endswith(".blade.php"):
        return None
    return BY_SUFFIX.get(name[name.rfind(".") :]) if "." in name else None


def remarks(data: bytes, language: Language) -> Iterator[Remark]:
    """The comments of a text in one language, in order."""
    for found in language.pattern.finditer(data):
        name = found.lastgroup or ""
        if name == "line":
            yield Remark(
                found.start(), found.end(), found.start("line"), found.end("line"), block=False
            )
        elif name.startswith("close"):
            text = name.replace("close", "text")
            yield Remark(found.start(), found.end(), found.start(text), found.end(text))
