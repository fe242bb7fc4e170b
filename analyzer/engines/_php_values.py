"""What a PHP expression says: text with named gaps, such as the path of a file to include.

A value is a list of parts, each a kind and its words: `text`; `dir` (the file's folder, so many
times up), `file`, `root` (the web root); `name` (a constant), `var`, `call` (a function whose
result is meant); `param` and `item` (a parameter of the function around, by its number, and an
element of it); `method` and `function` (something that can be called); `hole` for the rest. It is
written as JSON into the notes that frameworks read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from analyzer.engines._php_tokens import Code

Part: TypeAlias = tuple[str, str]
Parts: TypeAlias = tuple[Part, ...]

MOST_PARTS = 12
MOST_CHOICES = 12
LONGEST = 300  # characters of a text in a value
DEEPEST = 20  # brackets and calls that are looked into
SLASHES = frozenset({"directory_separator", "ds"})
UNCHANGED = frozenset(
    {
        "realpath",
        "rtrim",
        "trim",
        "untrailingslashit",
        "strval",
        "esc_url",
        "esc_attr",
        "esc_js",
        "esc_html",
        "htmlspecialchars",
        "htmlentities",
        "wp_normalize_path",
    }
)
FINDS = frozenset({"locate_template"})
FOLDER_WORDS = ("_path", "_uri", "_url", "_dir", "_directory")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "e": "\x1b", "f": "\f"}
ESCAPE = re.compile(
    rb"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9A-Fa-f]{1,2})|u\{(?P<code>[0-9A-Fa-f]{1,6})\}"
    rb"|(?P<sign>[ntrvef\\$\"']))"
)
INSIDE = re.compile(
    rb"\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|u\{[0-9A-Fa-f]{1,6}\}|[ntrvef\\$\"])"
    rb"|(?P<braced>\{\$|\$\{)"
    rb"|(?P<bare>\$[A-Za-z_\x80-\xff][\w\x80-\xff]*(?:->[A-Za-z_]\w*|\[[^\]\s'\"\[]{1,60}\])?)"
)


@dataclass(slots=True)
class Scope:
    """The names of one function, or of the file outside of all functions: what each may be."""

    names: dict[str, list[Parts]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)

    def give(self, name: str, value: Parts, sure: bool) -> None:
        """The name is given a value; under a condition it may keep the old one."""
        known = [] if sure else self.names.get(name, [])
        if len(known) < MOST_CHOICES:
            self.names[name] = [*known, value]
        self.unsure.discard(name) if sure else self.unsure.add(name)

    def drop(self, name: str) -> None:
        self.names[name] = [(("hole", name),)]
        self.unsure.add(name)


def unescaped(text: bytes) -> bytes:
    """One escape of a text in double quotes as what it stands for."""
    found = ESCAPE.match(text)
    if found is None:
        return text
    if found["octal"]:
        return bytes([int(found["octal"], 8) & 255])
    if found["hex"]:
        return bytes([int(found["hex"], 16)])
    if found["code"]:
        number = int(found["code"], 16)
        return chr(number).encode() if number < 0x110000 and not 0xD800 <= number < 0xE000 else text
    sign = found["sign"].decode()
    return ESCAPES.get(sign, sign).encode()


def pieces(code: Code, number: int) -> Iterator[tuple[str, int, int]]:
    """A text token as what it holds: `text` as it stands, `escape`s and `hole`s."""
    kind, data = code.kinds[number], code.data
    if kind in ("heredoc", "nowdoc"):
        start, end = code.bodies[number]
    else:
        start, end = code.start(number) + 1, code.end(number)
        end -= end > start and data[end - 1 : end] in (b"'", b'"')
    if kind == "nowdoc":
        yield "text", start, end
        return
    at = start
    if kind == "single":
        while (slash := data.find(b"\\", at, end)) >= 0:
            if data[slash + 1 : slash + 2] in (b"'", b"\\") and slash + 1 < end:
                yield "text", start, slash
                yield "escape", slash, slash + 2
                start = slash + 2
            at = slash + 2
        yield "text", start, end
        return
    while found := INSIDE.search(data, at, end):
        at = found.end()
        if found["braced"]:
            closing = _closing(data, found.end(), end)
            if closing < 0:
                continue
            at = closing + 1
        yield "text", start, found.start()
        yield ("hole" if found["braced"] or found["bare"] else "escape"), found.start(), at
        start = at
    yield "text", start, end


def _closing(data: bytes, at: int, end: int) -> int:
    """The brace that closes an expression inside of a text; a long one is none."""
    depth = 1
    for found in re.finditer(rb"[{}]", data[at : min(end, at + LONGEST)]):
        depth += 1 if found[0] == b"{" else -1
        if depth == 0:
            return at + found.start()
    return -1


class Values:
    """Reads expressions of one file, in the scope that holds where they stand."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.scopes = [Scope()]
        self.constants: dict[str, Parts] = {}
        self.classes: list[str] = []

    @property
    def scope(self) -> Scope:
        return self.scopes[-1]

    def choices(self, first: int, last: int) -> list[Parts]:
        """What an expression may be: one value, or one for each branch or assignment."""
        code = self.code
        first, last = self._bare(first, last)
        if last - first == 1 and code.kind(first) == "var":
            return self.scope.names.get(_name(code, first)) or [self.value(first, last)]
        asks = code.find(first, last, b"?")
        if asks < last and (other := code.find(asks + 1, last, b":")) < last:
            return [self.value(asks + 1, other), self.value(other + 1, last)]
        values = [self.value(first, last)]
        for number in code_vars(code, first, last):
            several = self.scope.names.get(_name(code, number), [])
            if len(several) > 1 and len(values) == 1:
                values = [self.value(first, last, {_name(code, number): each}) for each in several]
        return values[:MOST_CHOICES]

    def value(
        self, first: int, last: int, chosen: dict[str, Parts] | None = None, depth: int = 0
    ) -> Parts:
        """The parts of an expression."""
        code = self.code
        first, last = self._bare(first, last)
        found: list[Part] = []
        for start, end in code.split(first, last, b"."):
            found.extend(self._operand(start, end, chosen or {}, depth))
        return _merged(found)

    def text(self, first: int, last: int) -> str:
        """The text that the expression surely is, or an empty one."""
        value = self.value(first, last)
        return value[0][1] if len(value) == 1 and value[0][0] == "text" else ""

    def known(self, name: str) -> str | None:
        """The text that a variable surely holds here, or None."""
        values = self.scope.names.get(name, [])
        if len(values) != 1 or name in self.scope.unsure:
            return None
        parts = values[0]
        return parts[0][1] if len(parts) == 1 and parts[0][0] == "text" else None

    def items(self, first: int, last: int) -> list[Parts]:
        """The elements of a list that is written out, else of a parameter that is one."""
        code = self.code
        first, last = self._bare(first, last)
        inside = _list_of(code, first, last)
        if inside is not None:
            stretches = code.split(*inside, b",")
            return [
                self.value(code.find(start, end, b"=>") + 1, end)
                if code.find(start, end, b"=>") < end
                else self.value(start, end)
                for start, end in stretches[:MOST_CHOICES]
                if end > start
            ]
        value = self.value(first, last)
        return [(("item", value[0][1]),)] if len(value) == 1 and value[0][0] == "param" else []

    def argument(self, first: int, last: int) -> list[Parts]:
        """What is given to a call: something callable, a list of texts, or a value."""
        code = self.code
        if (method := self._callable(first, last)) is not None:
            return [method]
        if _list_of(code, first, last) is not None:
            return self.items(first, last)
        return self.choices(first, last)

    # ------------------------------------------------------------ parts

    def _bare(self, first: int, last: int) -> tuple[int, int]:
        """Without the brackets, silencers and casts around."""
        code = self.code
        while first < last:
            if code.is_mark(first, b"(") and code.partner[first] == last - 1:
                first, last = first + 1, last - 1
            elif code.is_mark(first, b"@"):
                first += 1
            elif (
                code.is_mark(first, b"(")
                and code.partner[first] == first + 2
                and code.word(first + 1) in ("string", "int")
            ):
                first += 3
            else:
                break
        return first, last

    def _operand(
        self, first: int, last: int, chosen: dict[str, Parts], depth: int
    ) -> Iterator[Part]:
        code = self.code
        first, last = self._bare(first, last)
        kind = code.kind(first) if first < last else ""
        word = code.word(first)
        if kind and last - first == 1:
            if code.is_text(first):
                yield from self._quoted(first, chosen)
            elif kind == "var":
                yield from self._variable(_name(code, first), chosen)
            elif kind == "number":
                yield "text", code.text(first).decode("latin-1")
            elif word == "__dir__":
                yield "dir", "0"
            elif word == "__file__":
                yield "file", ""
            elif word in SLASHES:
                yield "text", "/"
            elif kind == "name":
                name = code.text(first).decode("utf-8", "replace").rpartition("\\")[2]
                yield from self.constants.get(name, (("name", name),))
            return
        if kind == "var" and code.text(first) == b"$_SERVER" and code.is_mark(first + 1, b"["):
            key = self.text(first + 2, code.partner[first + 1])
            yield ("root", "") if key == "DOCUMENT_ROOT" else ("hole", f"$_SERVER[{key}]")
            return
        if kind == "name" and last - first == 3 and code.is_mark(first + 1, b"::"):
            name = "::" + code.text(first + 2).decode("utf-8", "replace")
            yield from self.constants.get(name, (("hole", code.written(first, last)),))
            return
        if kind == "var" and code.text(first) == b"$this" and last - first == 3:
            yield from self._variable("$this->" + code.text(first + 2).decode("latin-1"), chosen)
            return
        called = word and code.is_mark(first + 1, b"(") and code.partner[first + 1] == last - 1
        if called and depth < DEEPEST:
            yield from self._called(word, first + 2, last - 1, chosen, depth + 1)
            return
        if first < last:
            yield "hole", code.written(first, last)[:LONGEST]

    def _called(
        self, word: str, first: int, last: int, chosen: dict[str, Parts], depth: int
    ) -> Iterator[Part]:
        code = self.code
        arguments = code.split(first, last, b",") if last > first else []
        given = [self.value(*each, chosen, depth) for each in arguments[:2]]
        word = word.rpartition("\\")[2]
        if word == "dirname" and given:
            more = given[1][0][1] if len(given) > 1 and given[1] else "1"
            yield from _folder(given[0], int(more) if more.isdigit() else 1)
        elif word in ("plugin_dir_path", "trailingslashit") and given:
            inner = _folder(given[0], 1) if word == "plugin_dir_path" else given[0]
            yield from inner
            yield "text", "/"
        elif word in ("plugins_url", "plugin_dir_url") and given:
            yield "call", word
            yield from given[0] if word == "plugins_url" else ()
        elif word in UNCHANGED and given:
            yield from given[0]
        else:
            yield "call", word
            path = given[0] if given and (word.endswith(FOLDER_WORDS) or word in FINDS) else ()
            if path and path[0][0] == "text":
                text = path[0][1]
                yield "text", text if text.startswith("/") else "/" + text
                yield from path[1:]

    def _quoted(self, number: int, chosen: dict[str, Parts]) -> Iterator[Part]:
        data = self.code.data
        length = 0
        for kind, start, end in pieces(self.code, number):
            if length > LONGEST:
                yield "hole", "…"
                return
            length += end - start
            if kind == "hole":
                name = data[start:end].decode("utf-8", "replace").strip("{}")
                if not name.startswith("$"):
                    name = "$" + name
                yield from self._variable(name.replace("${", "$"), chosen)
            elif end > start:
                text = data[start:end] if kind == "text" else unescaped(data[start:end])
                yield "text", text.decode("utf-8", "replace")[:LONGEST]

    def _variable(self, name: str, chosen: dict[str, Parts]) -> Iterator[Part]:
        if name in chosen:
            yield from chosen[name]
            return
        values = self.scope.names.get(name) or (
            self.scopes[0].names.get(name) if name.startswith("$this->") else None
        )
        if values and len(values) == 1:
            yield from values[0]
        elif values:
            yield "hole", name
        else:
            yield "var", name

    def _callable(self, first: int, last: int) -> Parts | None:
        """A method that is written as a list of an object and a name, or as `f(...)`."""
        code = self.code
        inside = _list_of(code, first, last)
        if inside is not None:
            stretches = code.split(*inside, b",")
            stretches = stretches[:-1] if stretches[-1][0] == stretches[-1][1] else stretches
            if len(stretches) != 2 or not (name := self.text(*stretches[1])).isidentifier():
                return None
            owner = self.owner(*stretches[0])
            return (("method", f"{owner}::{name}"),) if owner is not None else None
        if code.is_mark(last - 2, b"...") and code.is_mark(last - 1, b")"):
            if last - first == 4 and code.kind(first) == "name":
                return (("text", code.text(first).decode("utf-8", "replace")),)
            if last - first == 6 and code.is_mark(first + 1, b"->", b"::"):
                owner = self.owner(first, first + 1)
                return (("method", f"{owner or ''}::{code.text(first + 2).decode('latin-1')}"),)
        return None

    def owner(self, first: int, last: int) -> str | None:
        """The class of an object as far as it can be told: empty where it cannot, None for text."""
        code = self.code
        word = code.word(first)
        here = self.classes[-1] if self.classes else ""
        if last - first == 1 and code.kind(first) == "var":
            name = _name(code, first)
            known = self.scope.names.get(name, [])
            if name == "$this":
                return here
            if len(known) == 1 and known[0][:1] and known[0][0][0] == "object":
                return known[0][0][1]
            return ""
        if word in ("self", "static", "__class__", "get_class"):
            return here
        if word == "parent":
            return ""
        names = code.is_mark(first + 1, b"::") and code.word(first + 2) == "class"
        if code.kind(first) == "name" and (last - first == 1 or names):
            return code.text(first).decode("utf-8", "replace").rpartition("\\")[2]
        if last - first == 1 and code.is_text(first):
            text = self.text(first, last)
            return text.rpartition("\\")[2] if text.replace("\\", "").isidentifier() else None
        if code.kind(first) in ("var", "name"):
            return ""
        return None


def code_vars(code: Code, first: int, last: int) -> Iterator[int]:
    """The variables that stand alone in an expression."""
    for number in range(first, min(last, first + 40)):
        if code.kind(number) == "var":
            yield number


def _name(code: Code, number: int) -> str:
    return code.text(number).decode("utf-8", "replace")


def _list_of(code: Code, first: int, last: int) -> tuple[int, int] | None:
    """What stands in the brackets of a list that is written out, or None."""
    if first < last and code.is_mark(first, b"[") and code.partner[first] == last - 1:
        return first + 1, last - 1
    named = code.word(first) == "array" and code.is_mark(first + 1, b"(")
    return (first + 2, last - 1) if named and code.partner[first + 1] == last - 1 else None


def _folder(value: Parts, up: int) -> Parts:
    """The folder of a value, so many times."""
    match value:
        case (("file", _),):
            return (("dir", str(up - 1)),)
        case (("dir", depth),):
            return (("dir", str(int(depth) + up)),)
    return (("hole", "dirname(…)"),)


def _merged(parts: list[Part]) -> Parts:
    """Neighbouring texts as one; a very long value ends in a hole."""
    found: list[Part] = []
    for kind, words in parts:
        if kind == "text" and found and found[-1][0] == "text":
            found[-1] = ("text", found[-1][1] + words)
        else:
            found.append((kind, words))
    if len(found) > MOST_PARTS or any(len(words) > 4 * LONGEST for _, words in found):
        return (*((kind, words[:LONGEST]) for kind, words in found[:MOST_PARTS]), ("hole", "…"))
    return tuple(found)
