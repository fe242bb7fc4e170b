"""What a file says about itself above its text: YAML, TOML or JSON between two marks."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from analyzer.model import Fact, Skip, Source

Plain: TypeAlias = "str | bool | list[Plain] | dict[str, Plain] | None"
OPENING = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:(?P<yaml>---)(?P<kind>json|js|javascript|toml|yaml)?[ \t]*\r?\n"
    rb"|(?P<toml>\+\+\+)[ \t]*\r?\n)"
)
CLOSINGS = {
    "yaml": re.compile(rb"^---[ \t]*\r?$", re.M),
    "toml": re.compile(rb"^\+\+\+[ \t]*\r?$", re.M),
}
LAYOUT = re.compile(rb"^[\"']?layout[\"']?[ \t]*[:=][^\r\n]*", re.M)
LARGEST = 256 * 1024  # bytes of front matter that are read
QUOTES = ("'", '"', "|", ">")  # ways in which YAML writes what is a text in any case
DEEPEST = 40  # levels of nesting that are read
LONGEST_ALIAS = 300  # characters of a value that is written once and used again


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter(Fact):
    """The settings of one file, written above its text; `written` is them as JSON.

    The place is the line that names the layout, else the first.
    """

    written: str

    @property
    def values(self) -> Mapping[str, Plain]:
        """The settings; numbers and dates are texts."""
        told = json.loads(self.written)
        return told if isinstance(told, dict) else {}


def facts_of(source: Source) -> Iterator[Fact | Skip]:
    """The front matter of a file, if it has any; an empty one counts too."""
    opening = OPENING.match(source.data)
    if opening is None:
        return
    mark = "yaml" if opening["yaml"] else "toml"
    closing = CLOSINGS[mark].search(source.data, opening.end())
    if closing is None:
        return
    kind = (opening["kind"] or b"").decode() or mark
    data = source.data[opening.end() : closing.start()]
    if len(data) > LARGEST:
        yield Skip(source.path, "its front matter is too long to be read", kind="partly")
        data = b""
    try:
        values = read(data, kind)
    except ValueError:
        if b"{{" not in data:  # a pattern for new texts
            yield Skip(source.path, "its front matter cannot be read", kind="partly")
        values = {}
    told = values if isinstance(values, dict) else {}
    layout = LAYOUT.search(data)
    base = opening.end()
    start, end = (base + layout.start(), base + layout.end()) if layout else (opening.start(), base)
    yield FrontMatter(place=source.place(start, end), written=json.dumps(told))


def read(data: bytes, kind: str) -> Plain:
    """Settings as plain values, with numbers and dates as texts. Raises ValueError where the text
    is none.
    """
    text = data.decode("utf-8-sig", "replace")
    try:
        match kind:
            case "toml":
                return _plain(tomllib.loads(text))
            case "json":
                return _plain(json.loads(text))
            case "js" | "javascript":
                return {}
        return _yaml(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _yaml(text: str) -> Plain:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:  # nodes and not values, for tags that only the generator knows
        return _of_node(yaml.compose(text, Loader=loader), {})
    except yaml.YAMLError as trouble:
        raise ValueError("no YAML") from trouble


def _of_node(node: object, done: dict[int, Plain], depth: int = 0) -> Plain:
    import yaml

    if depth > DEEPEST:
        return None
    if id(node) in done:  # an alias: short ones are repeated, long ones could grow without end
        known = done[id(node)]
        return known if len(json.dumps(known)) < LONGEST_ALIAS else None
    if isinstance(node, yaml.ScalarNode):
        return _scalar(str(node.value), node.style not in QUOTES, str(node.tag))
    done[id(node)] = None
    found: Plain = None
    if isinstance(node, yaml.SequenceNode):
        found = [_of_node(each, done, depth + 1) for each in node.value]
    elif isinstance(node, yaml.MappingNode):
        pairs = [
            (str(getattr(key, "value", "")), _of_node(value, done, depth + 1))
            for key, value in node.value
        ]
        merged = [value for key, value in pairs if key == "<<" and isinstance(value, dict)]
        found = {key: each for value in merged for key, each in value.items()}
        found |= {key: value for key, value in pairs if key != "<<"}
    done[id(node)] = found
    return found


def _scalar(text: str, bare: bool, tag: str) -> Plain:
    if bare and tag.endswith(":null"):
        return None
    if bare and tag.endswith(":bool"):
        return text.lower() in ("true", "yes", "on")
    return text


def _plain(value: object, depth: int = 0) -> Plain:
    if depth > DEEPEST:
        return None
    match value:
        case None | bool() | str():
            return value
        case dict():
            return {str(key): _plain(each, depth + 1) for key, each in value.items()}
        case list():
            return [_plain(each, depth + 1) for each in value]
    return str(value)
