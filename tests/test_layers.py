"""The architecture diagram: which room of the package may import which other rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "analyzer"

RUN_TIME = "(a name made at run time)"
MAY_IMPORT: dict[str, frozenset[str]] = {
    "__init__": frozenset(),
    "model": frozenset(),
    "plugins": frozenset(),
    "expressions": frozenset(),
    "conditions": frozenset({"model", "expressions"}),
    "places": frozenset({"model"}),
    "git": frozenset({"model"}),
    "builds": frozenset({"model"}),
    "files": frozenset({"model", "git", "builds"}),
    "sitemaps": frozenset({"model"}),
    "sourcemaps": frozenset({"model"}),
    "checkout": frozenset({"model"}),
    "engines": frozenset({"model", "plugins"}),
    "parse": frozenset({"model", "plugins", "conditions", "places", "engines"}),
    "gtm": frozenset(
        {"model", "plugins", "expressions", "conditions", "places", "engines", "parse"}
    ),
    "sheets": frozenset({"model"}),
    "addresses": frozenset({"model", "parse"}),
    "carried": frozenset({"model", "addresses"}),
    "patterns": frozenset({"model", "parse", "addresses"}),
    "switches": frozenset({"model", "sheets", "addresses", "patterns"}),
    "signatures": frozenset(
        {"model", "parse", "sheets", "addresses", "patterns", "switches", "index"}
    ),
    "categories": frozenset({"model", "signatures"}),
    "index": frozenset({"model", "parse", "addresses", "patterns"}),
    "match": frozenset(
        {
            "model",
            "addresses",
            "carried",
            "patterns",
            "switches",
            "signatures",
            "categories",
            "index",
        }
    ),
    "frameworks": frozenset({"model", "plugins", "conditions", "places", "engines", "parse"}),
    "link": frozenset(
        {
            "model",
            "expressions",
            "conditions",
            "engines",
            "frameworks",
            "addresses",
            "patterns",
            "signatures",
            "match",
            "policy",  # how it writes patterns of files and addresses
        }
    ),
    "rules": frozenset({"model"}),
    "remarks": frozenset({"model", "engines", "parse"}),
    "policy": frozenset({"model", "remarks"}),
    "judge": frozenset({"model", "plugins", "policy", "rules"}),
    # the configuration decides which files are read, by names that only the judge knows
    "gathering": frozenset({"model", "plugins", "files", "signatures", "policy", "judge"}),
    # a report for people tells a container's tags in the same sentences as the console does
    "outputs": frozenset({"__init__", "model", "sentences"}),
    "changes": frozenset({"model", "git", "files", "policy"}),
    "cache": frozenset({"__init__", "model"}),
    "ready": frozenset({"plugins", "cache", "signatures", "engines", "frameworks"}),
    "reading": frozenset(
        {"model", "cache", "files", "frameworks", "gtm", "parse", "policy", "remarks"}
    ),
    "pipeline": frozenset(
        {
            "__init__",
            "model",
            "cache",
            "changes",
            "reading",
            "plugins",
            "expressions",
            "conditions",
            "places",
            "files",
            "gathering",
            "checkout",
            "engines",
            "parse",
            "gtm",
            "sheets",
            "addresses",
            "patterns",
            "signatures",
            "match",
            "frameworks",
            "link",
            "rules",
            "policy",
            "judge",
            "fixes",
            "sitemaps",
            "sourcemaps",
            "builds",
        }
    ),
    # the only rooms that use the network, when a user says so
    "web": frozenset({"__init__", "model"}),
    "upload": frozenset({"model", "web"}),
    "fetching": frozenset({"model", "gtm", "web"}),
    "tables": frozenset(),
    "examples": frozenset(),
    "sentences": frozenset({"model", "conditions"}),
    # how containers are told to people, and what changed in one
    "tagbook": frozenset({"model", "sentences", "outputs", "tables"}),
    "container_changes": frozenset({"model", "sentences", "tagbook", "outputs", "tables"}),
    "amending": frozenset({"model"}),
    "fixes": frozenset({"model", "plugins", "parse", "patterns", "switches", "signatures"}),
    "edits": frozenset({"model"}),
    # what people decided in the inventory, put into the configuration
    "decisions": frozenset({"model", "policy", "outputs"}),
    # what earlier runs found, and what is known again of it
    "history": frozenset({"__init__", "model", "policy", "outputs", "tables"}),
    # how the pages of a site are told to people
    "atlas": frozenset({"model", "outputs", "tables"}),
    # `trackerlint list` shows the folder that the user names
    "catalogue": frozenset(
        {"model", "plugins", "signatures", "judge", "tables", "examples", "rules", RUN_TIME}
    ),
    # the local page; its work is a scan, and what the commands make of one
    "serve": frozenset(
        {
            "__init__",
            "model",
            "plugins",
            "files",
            "signatures",
            "policy",
            "outputs",
            "pipeline",
            "container_changes",
            "amending",
        }
    ),
    "commands": frozenset(
        {
            "__init__",
            "model",
            "plugins",
            "files",
            "gathering",  # the names that a configuration may use
            "signatures",
            "ready",
            "policy",
            "outputs",
            "pipeline",
            "decisions",
            "history",
            "tables",
            "catalogue",
            "atlas",
            "tagbook",
            "container_changes",
            "amending",
            "edits",
            "checkout",
            "serve",
            "upload",
            "web",
            "fetching",
        }
    ),
    "cli": frozenset({"__init__", "plugins", "commands"}),
    "__main__": frozenset({"cli"}),
}
LATER: frozenset[str] = frozenset()  # rooms of the diagram that nothing has moved into yet

SPEAKERS = frozenset({"commands"})  # the rooms that may print and end the process
UNREADABLE = f"analyzer.{RUN_TIME}"
ENDINGS = frozenset({"print", "exit", "quit", "sys.exit", "os._exit", "SystemExit"})


@dataclass(frozen=True)
class Use:
    """One import, however it is spelled: the module it names, and the line."""

    module: str
    line: int


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_the_diagram_allows(path: Path) -> None:
    room = room_of(path)
    assert room in MAY_IMPORT, (
        f"analyzer/{room} is not in the diagram: add a line to MAY_IMPORT in tests/test_layers.py "
        f'that names the rooms it may import, such as "{room}": frozenset({{"model"}})'
    )
    name = module_name(path)
    for use in uses(ast.parse(path.read_bytes()), name, is_package=path.name == "__init__.py"):
        target = imported_room(use.module)
        assert target is None or target == room or target in MAY_IMPORT[room], (
            f"{path.relative_to(PACKAGE.parent)}:{use.line}: {room} may not import {target}; "
            f"it may import {', '.join(sorted(MAY_IMPORT[room])) or 'nothing'}"
        )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_prints_and_exits(path: Path) -> None:
    if room_of(path) in SPEAKERS:
        return
    for name, line in endings(ast.parse(path.read_bytes())):
        pytest.fail(
            f"{path.relative_to(PACKAGE.parent)}:{line}: {name} belongs to analyzer/commands"
        )


def test_the_diagram_names_no_room_that_does_not_exist() -> None:
    rooms = {room_of(path) for path in MODULES}
    assert set(MAY_IMPORT) - LATER <= rooms
    assert LATER.isdisjoint(rooms), "this room exists now: take it out of LATER"


def test_the_diagram_has_no_circle() -> None:
    left = dict(MAY_IMPORT)
    while left:
        free = {room for room, needs in left.items() if needs.isdisjoint(left)}
        assert free, f"these rooms import one another: {', '.join(sorted(left))}"
        left = {room: needs for room, needs in left.items() if room not in free}


@pytest.mark.parametrize(
    "spelling",
    [
        "import analyzer.parse",
        "import analyzer.parse.html as reader",
        "import json, analyzer.parse",
        "from analyzer.parse import html",
        "from analyzer.parse.html import read",
        "from analyzer import parse",
        "from .. import parse",
        "from ..parse import html",
        "from ..parse.html import read",
        "import importlib\nimportlib.import_module('analyzer.parse.html')",
        "from importlib import import_module\nimport_module('analyzer.parse')",
        "from importlib import import_module as load\nload(name='analyzer.parse')",
        "from importlib import import_module\nimport_module('..parse', 'analyzer.rules')",
        "__import__('analyzer.parse')",
        "__import__('parse', level=2)",
        "from analyzer.plugins import modules\nmodules('parse')",
        "from analyzer import plugins\nplugins.modules('parse')",
        "def late():\n    from analyzer.parse import html",
        "if TYPE_CHECKING:\n    from analyzer.parse import html",
        "try:\n    import analyzer.parse\nexcept ImportError:\n    pass",
    ],
)
def test_every_spelling_of_an_import_is_seen(spelling: str) -> None:
    found = uses(ast.parse(spelling), "analyzer.rules.example", is_package=False)
    assert "parse" in {imported_room(use.module) for use in found}


@pytest.mark.parametrize(
    "spelling",
    [
        "import json",
        "from analyst.parse import html",
        "from importlib import import_module\nimport_module('json')",
        "text = 'import analyzer.parse'",
        "from . import neighbour",
    ],
)
def test_other_words_are_no_import_of_a_room(spelling: str) -> None:
    found = uses(ast.parse(spelling), "analyzer.rules.example", is_package=False)
    assert {imported_room(use.module) for use in found} <= {None, "rules"}


def test_a_name_made_at_run_time_is_refused() -> None:
    code = ast.parse("from importlib import import_module\nimport_module(name)")
    assert [use.module for use in uses(code, "analyzer.rules.example", is_package=False)] == [
        "importlib",
        UNREADABLE,
    ]


@pytest.mark.parametrize(
    "spelling",
    [
        "print(1)",
        "exit()",
        "import sys\nsys.exit(1)",
        "import sys as s\ns.exit(1)",
        "from sys import exit as leave\nleave()",
        "raise SystemExit(2)",
        "raise SystemExit",
        "import os\nos._exit(1)",
        "import builtins\nbuiltins.print(1)",
        "speak = print",
    ],
)
def test_every_way_to_speak_or_leave_is_seen(spelling: str) -> None:
    assert list(endings(ast.parse(spelling)))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_room(module: str) -> str | None:
    """The room that a dotted name leads into, if it leads into this package."""
    package, _, rest = module.partition(".")
    if package != "analyzer":
        return None
    first = rest.partition(".")[0]
    is_room = (PACKAGE / first).is_dir() or (PACKAGE / f"{first}.py").exists()
    return first if first and (is_room or first.startswith("(")) else "__init__"


def uses(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[Use]:
    """Every import in the file, at any depth: statements, and calls that import by name."""
    package = module if is_package else module.rpartition(".")[0]
    names = names_of(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                yield from (Use(alias.name, node.lineno) for alias in aliases)
            case ast.ImportFrom(module=source, names=aliases, level=level):
                base = absolute(source or "", level, package)
                if base == "analyzer":
                    yield from (Use(f"{base}.{alias.name}", node.lineno) for alias in aliases)
                else:
                    yield Use(base, node.lineno)
            case ast.Call(func=function):
                target = called(node, dotted(function, names), package)
                # plugins is the one that turns a room's name into its modules
                if target and module != "analyzer.plugins":
                    yield Use(target, node.lineno)


def called(node: ast.Call, function: str, package: str) -> str | None:
    """The module that a call imports, if the function is one that imports."""
    given = dict(enumerate(node.args)) | {each.arg: each.value for each in node.keywords}
    match function:
        case "importlib.import_module":
            name = literal(given.get(0, given.get("name")))
            where = literal(given.get(1, given.get("package"))) or package
            level = len(name) - len(name.lstrip(".")) if name else 0
            return absolute(name[level:], level, where) if name else UNREADABLE
        case "__import__" | "builtins.__import__" | "importlib.__import__":
            name = literal(given.get(0, given.get("name")))
            depth = given.get(4, given.get("level"))
            level = 0
            if isinstance(depth, ast.Constant) and isinstance(depth.value, int):
                level = depth.value
            return absolute(name, level, package) if name else UNREADABLE
        case "analyzer.plugins.modules" | "analyzer.plugins.names" | "analyzer.plugins.one":
            name = literal(given.get(0, given.get("package")))
            return f"analyzer.{name}" if name else UNREADABLE
    return None


def endings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every mention of a function that prints or ends the process."""
    names = names_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = dotted(node, names).removeprefix("builtins.")
            if name in ENDINGS:
                yield name, node.lineno


def names_of(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
    return known


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return names.get(name, name)
        case ast.Attribute(value=value, attr=attribute):
            return f"{dotted(value, names)}.{attribute}"
    return ""


def absolute(name: str, level: int, package: str) -> str:
    if not level:
        return name
    parts = package.split(".")
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, name] if name else base)


def literal(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
