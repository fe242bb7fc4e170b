"""Java and Kotlin: Maven's pom.xml, Gradle's build files and its version catalogues."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from analyzer.model import Assign, Fact, Skip, Source
from analyzer.parse.manifests.located import Finder, package
from analyzer.parse.manifests.text import child_text, local_name, offset_of, xml_root
from analyzer.parse.server.code import Call, Code
from analyzer.parse.server.languages import GROOVY, KOTLIN
from analyzer.parse.server.layout import Stretch

PROPERTY = re.compile(r"\$\{([^}]+)\}")
CONFIGURATION = re.compile(
    r"(?:[a-z]\w*)?(?:[iI]mplementation|[aA]pi|[cC]ompile|[rR]untime|[rR]untimeOnly|[cC]ompileOnly|[pP]rovided)$"
)
FOR_DEVELOPERS = re.compile(
    r"(?:^|[a-z])(?:[tT]est|[dD]ebug|[lL]int|[bB]enchmark|[dD]etekt|[kK]tlint)|^(?:androidTest|jmh|classpath)"
)
COORDINATE = re.compile(r"([\w.-]+):([\w.-]+)(?::|@|$)")
CATALOGUE = re.compile(r"^(?:libs|deps)\.")


def pom(source: Source) -> Iterator[Fact | Skip]:
    """A Maven project's dependencies, but those of tests; what is only managed asks for nothing."""
    root = xml_root(source)
    if isinstance(root, Skip):
        yield root
        return
    properties = {
        local_name(each): (each.text or "").strip()
        for part in root
        if local_name(part) == "properties"
        for each in part
        if isinstance(each.tag, str)
    }
    parent = next((each for each in root if local_name(each) == "parent"), None)
    group = child_text(root, "groupId") or (
        child_text(parent, "groupId") if parent is not None else ""
    )
    properties.update({"project.groupId": group, "groupId": group, "pom.groupId": group})

    def filled(text: str) -> str:
        return PROPERTY.sub(lambda found: properties.get(found[1], found[0]), text)

    for element in root.iter():
        if not isinstance(element.tag, str) or local_name(element) != "dependency":
            continue
        outer = [local_name(each) for each in element.iterancestors() if isinstance(each.tag, str)]
        if (
            "dependencyManagement" in outer
            or "plugin" in outer
            or child_text(element, "scope") == "test"
        ):
            continue
        artifact = next((each for each in element if local_name(each) == "artifactId"), None)
        if artifact is not None and (written := (artifact.text or "").strip()):
            name = f"{filled(child_text(element, 'groupId'))}:{filled(written)}"
            yield package(source, "maven", name, *offset_of(source, artifact, written))


def gradle(source: Source) -> Iterator[Fact]:
    """The dependencies of a Gradle build, but those of tests, debug builds and the build itself."""
    code = Code(source.data, KOTLIN if source.path.lower().endswith(".kts") else GROOVY)
    for call in code.calls:
        if (
            not CONFIGURATION.fullmatch(call.name)
            or FOR_DEVELOPERS.search(call.name)
            or not _is_in_dependencies(code, call)
        ):
            continue
        keyed = {arg.key: arg for arg in call.args if arg.key}
        if "group" in keyed and "name" in keyed:
            group, name = (code.name_at(keyed[key].start) for key in ("group", "name"))
            if group and name:
                token = code.tokens[keyed["name"].start]
                yield package(source, "gradle", f"{group}:{name}", token.start, token.end)
            continue
        for arg in call.args:
            yield from _gradle_argument(source, code, arg)


def _gradle_argument(source: Source, code: Code, arg: Stretch) -> Iterator[Fact]:
    """A coordinate in quotes, also in `platform(...)`, or a catalogue's name: `libs.acme.sdk`."""
    for at in range(arg.start, arg.end):
        token = code.tokens[at]
        if token.kind == "text":
            text = (
                token.value
                if isinstance(token.value, str)
                else "".join(
                    part if isinstance(part, str) else "x"
                    for part in getattr(token.value, "parts", ())
                )
            )
            if found := COORDINATE.match(text):
                yield package(source, "gradle", f"{found[1]}:{found[2]}", token.start, token.end)
            return
        if token.kind == "word" and CATALOGUE.match(f"{token.text}."):
            end = at + 1
            while code.text(end) == "." and code.word(end + 1) and end + 1 < arg.end:
                end += 2
            name = code.chain(end)[0].removesuffix(".get")
            yield package(source, "gradle", name, token.start, code.tokens[end - 1].end)
            return


def _is_in_dependencies(code: Code, call: Call) -> bool:
    """Does a call stand in a block of dependencies, and in none of the build itself?"""
    blocks = []
    at = code.outer[call.head.start]
    while at >= 0:
        if code.text(at) == "{":
            name = (
                code.chain(code.partner[at - 1])[0]
                if code.text(at - 1) == ")" and at - 1 in code.partner
                else code.word(at - 1)
            )
            blocks.append(name.rpartition(".")[2])
        at = code.outer[at]
    return (
        "dependencies" in blocks
        and "buildscript" not in blocks
        and not any(FOR_DEVELOPERS.search(each) for each in blocks)
    )


def catalogue(source: Source) -> Iterator[Fact | Skip]:
    """The libraries of a version catalogue, and the names that build files call them by."""
    try:
        found = tomllib.loads(source.data.decode("utf-8-sig", "replace"))
    except ValueError as trouble:  # a number that is too long is no TOMLDecodeError
        yield Skip(source.path, f"it is not valid TOML ({str(trouble)[:100]})")
        return
    libraries = found.get("libraries")
    start = Finder(source).section(r"\[libraries\]")
    for alias, said in libraries.items() if isinstance(libraries, dict) else ():
        written = _module(said)
        if written:
            at, end = Finder(source).name(alias, start)
            yield package(source, "gradle", written, at, end)
            yield Assign(
                place=source.place(at, end),
                target="libs." + re.sub(r"[-_.]", ".", alias),
                value=written,
            )


def _module(said: object) -> str:
    if isinstance(said, str):
        return ":".join(said.split(":")[:2]) if ":" in said else ""
    if not isinstance(said, dict):
        return ""
    if isinstance(said.get("module"), str):
        return str(said["module"])
    group, name = said.get("group"), said.get("name")
    return f"{group}:{name}" if isinstance(group, str) and isinstance(name, str) else ""
