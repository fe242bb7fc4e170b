"""What a program imports: vendors' packages, and what the imported names stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from analyzer.model import Fact, Package, Source, Vocabulary
from analyzer.parse.manifests.names import canonical
from analyzer.parse.server.code import Code
from analyzer.parse.server.languages import Language

# Languages in which what is imported bears its package's name.
NAMED = {
    "python": re.compile(rb"^[ \t]*(?:import|from)[ \t]+([\w.]+)", re.M),
    "ruby": re.compile(rb"""^[ \t]*require[ (]+["']([\w./-]+)["']""", re.M),
    "csharp": re.compile(
        rb"^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?([\w.]+)[ \t]*;", re.M
    ),
}


# Languages in which a name may come from any of the modules that a program imports.
MODULES = {
    "swift": re.compile(
        rb"^[ \t]*(?:@\w+[ \t]+)*import[ \t]+(?:class[ \t]+|struct[ \t]+)?(\w+)", re.M
    ),
    "dart": re.compile(rb"""^[ \t]*import[ \t]+["']package:(\w+)/""", re.M),
}


def modules(code: Code) -> list[str]:
    """The modules that a program imports, where any name of it may come from one of them."""
    pattern = MODULES.get(code.language.name)
    found = pattern.findall(code.data) if pattern is not None else ()
    return [each.decode("latin-1") for each in dict.fromkeys(found)]


def known(ecosystem: str, module: str, vocabulary: Vocabulary) -> str:
    """The vendor's package that a module belongs to; empty where no signature knows it."""
    parts = re.split(r"([./])", module)
    for count in range(len(parts), 0, -2):
        for spelled in {"".join(parts[:count]), "".join(parts[:count]).replace("/", "-")}:
            name = canonical(ecosystem, spelled)
            if f"{ecosystem}:{name}" in vocabulary.packages:
                return name
    return ""


def asks_for_vendor(data: bytes, language: Language, vocabulary: Vocabulary) -> bool:
    """May the program import a vendor's package? Comments and texts are not told apart here."""
    if (pattern := MODULES.get(language.name)) is not None:
        known_modules = _modules_of(language.ecosystem, vocabulary.packages)
        return any(each.decode("latin-1") in known_modules for each in pattern.findall(data))
    pattern = NAMED.get(language.name)
    return pattern is not None and any(
        known(language.ecosystem, found.decode("latin-1"), vocabulary)
        for found in {each[1] for each in pattern.finditer(data)}
    )


@cache
def _modules_of(ecosystem: str, packages: frozenset[str]) -> frozenset[str]:
    """The modules of which signatures know a call."""
    names = (each.removeprefix("new ") for each in packages)
    return frozenset(
        each.partition(":")[2].partition(".")[0]
        for each in names
        if each.startswith(f"{ecosystem}:") and "/" not in each
    )


def packages(source: Source, code: Code, vocabulary: Vocabulary) -> Iterator[Fact]:
    """The vendors' packages that a program other than Python's imports."""
    language = code.language
    if language.name not in NAMED:
        return
    for number, token in enumerate(code.tokens):
        if token.text == "require" and token.kind == "word" and language.name == "ruby":
            at = number + 1 + (code.text(number + 1) == "(")
            module = (
                code.name_at(at) if at < len(code.tokens) and code.tokens[at].kind == "text" else ""
            )
        elif token.text == "using" and token.kind == "word" and language.name == "csharp":
            at = code.statement_end(number) - 1
            module = code.chain(at + 1)[0] if at > number else ""
        else:
            continue
        if module and (name := known(language.ecosystem, module, vocabulary)):
            yield Package(
                place=source.place(token.start, code.tokens[at].end),
                ecosystem=language.ecosystem,
                name=name,
            )


def aliases(code: Code) -> dict[str, str]:
    """What the imported names of a PHP, Java or Kotlin program stand for."""
    found: dict[str, str] = {}
    word = "use" if code.language.name == "php" else "import"
    for number in code.words.get(word, ()):
        if code.outer[number] >= 0 and code.language.name != "php":
            continue
        end = code.statement_end(number + 1)
        as_at = next((at for at in range(number + 1, end) if code.text(at) == "as"), end)
        group = next((at for at in range(number + 1, end) if code.text(at) == "{"), None)
        if group is not None and group in code.partner:
            base = code.chain(group - 1)[0]
            for inner in code.split_plain(group):
                name = code.chain(inner.end)[0]
                found[name.rpartition(".")[2]] = f"{base}.{name}"
            continue
        name = code.chain(as_at)[0]
        if name:
            found[code.word(as_at + 1) if as_at < end else name.rpartition(".")[2]] = name
    return found
