"""Swift: what a package manifest or an Xcode project asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Fact, Source
from analyzer.parse.manifests.located import package
from analyzer.parse.server.code import Call, Code
from analyzer.parse.server.languages import SWIFT

CARTFILE = re.compile(rb"^[ \t]*(?:github|git)[ \t]+\"([^\"\n]{1,300})\"", re.M)
REFERENCE = re.compile(rb'isa = XCRemoteSwiftPackageReference;\s*repositoryURL = "([^"\n]{1,300})"')


def manifest(source: Source) -> Iterator[Fact]:
    """The packages by their repositories, such as github.com/owner/name, and the products used."""
    code = Code(source.data, SWIFT)
    known: dict[str, str] = {}
    for call in code.calls:
        keyed = {arg.key: code.tokens[arg.start] for arg in call.args}
        if call.name == "package" and "url" in keyed and isinstance(keyed["url"].value, str):
            token = keyed["url"]
            name = repository(keyed["url"].value)
            known[name.rpartition("/")[2].lower()] = name
            yield package(source, "swiftpm", name, token.start, token.end)
    for call in code.calls:
        keyed = {arg.key: code.tokens[arg.start] for arg in call.args}
        if (
            call.name != "product"
            or "name" not in keyed
            or "package" not in keyed
            or _is_for_tests(code, call)
        ):
            continue
        token, owner = keyed["name"], keyed["package"].value
        if isinstance(token.value, str) and isinstance(owner, str) and owner.lower() in known:
            yield package(
                source, "swiftpm", f"{known[owner.lower()]}/{token.value}", token.start, token.end
            )


def project(source: Source) -> Iterator[Fact]:
    """The packages of an Xcode project."""
    for found in REFERENCE.finditer(source.data):
        name = repository(found[1].decode("utf-8", "replace"))
        yield package(source, "swiftpm", name, found.start(1), found.end(1))


def cartfile(source: Source) -> Iterator[Fact]:
    """The repositories of a Cartfile; a short name is one of GitHub's."""
    for found in CARTFILE.finditer(source.data):
        written = found[1].decode("utf-8", "replace")
        is_short = re.fullmatch(r"[\w.-]+/[\w.-]+", written) is not None
        name = f"github.com/{written}" if is_short else repository(written)
        yield package(source, "swiftpm", name, found.start(1), found.end(1))


def repository(url: str) -> str:
    """A repository's address without its scheme."""
    name = re.sub(r"^(?:\w+://)?(?:[^@/]*@)?", "", url.strip()).replace(
        ":", "/", 1 if "://" not in url else 0
    )
    return name.rstrip("/").removesuffix(".git")


def _is_for_tests(code: Code, call: Call) -> bool:
    at = code.outer[call.head.start]
    while at >= 0:
        if code.text(at) == "(" and code.chain(at)[0] == "testTarget":
            return True
        at = code.outer[at]
    return False
