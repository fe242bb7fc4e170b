"""A masked document: where its bytes stand in the file, and what its texts hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING

from analyzer.model import (
    Atom,
    Choice,
    Fact,
    Guard,
    Hole,
    Object,
    OriginKind,
    Place,
    Skip,
    Source,
    Text,
    Value,
    options,
    shown,
)
from analyzer.parse.budget import Budget
from analyzer.parse.mask import HOLE_LIMIT, Masked, TemplateTag, hole
from analyzer.parse.template import AnyFact, Structure

if TYPE_CHECKING:
    from analyzer.parse.page_data import PageData  # it reads this document
    from analyzer.parse.values.handlers import Handlers  # they stand in it

MOST_PARTS = 64  # pieces of a text that are kept apart
LONGEST_TEXT = 100_000  # characters of a text that are read: whole pages are written in scripts
LONGEST_VALUE = 4_000  # characters of a text that a fact keeps
WIDEST = 8  # branches of a value that are kept apart
MOST_IDS, ID = 24, 60  # branches that are short texts, and how long these are
SHORT = 200  # characters of a text that every fact keeps
CUT = Hole("…")  # stands for the rest of what is too long
REFERENCE = re.compile(r"&(?:#\w{1,32};?|[A-Za-z]\w{0,31}(?:;|(?![\w=])))")
NOSCRIPT = Guard(Atom("noscript"), "where scripts are off", "noscript")


@dataclass(slots=True)
class Allowance:
    """How many bytes of what its scripts write are still read, and how many characters of long
    values are still kept: a small script can write or hand on one text a thousand times."""

    written: int = 1024 * 1024
    kept: int = 512 * 1024
    budget: Budget | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a library that is known by some texts: where they are, and where all of them have
    been once. Behind that there may be more of the library, and a page as well.
    """

    places: tuple[tuple[int, int], ...]
    whole: int


@dataclass(frozen=True, slots=True)
class Packaged:
    """A vendor's package whose library stands in a script: what calls ask of it, and the parts."""

    name: str
    offers: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """A function that a vendor's package exports, and where in a script the texts stand by which it
    is known.

    `holds` are the places of each text of its own, `calls` those of texts in functions that it
    calls; `marks` are places where the library certainly is.
    """

    name: str
    holds: tuple[tuple[int, ...], ...]
    calls: tuple[tuple[int, ...], ...]
    marks: tuple[int, ...]


@dataclass(slots=True)
class Document:
    """What the readers of markup and of scripts share while they read one file.

    `filled` answers what stands in a hole where that is known better than by its text, for example
    a `${id}` of the script around. `globals` are the names that the document's scripts have set so
    far. `models` are the fields of forms that the markup ties to variables, by their names.
    `base` is the folder that the page's addresses count from, where it names one.
    `level` counts the scripts that write this document, `page` is what its elements hand to them.
    `packaged` are the vendors' packages whose libraries stand in it, `worded` the functions of such
    packages that are known by their texts. `handlers` are the scripts in it that are attributes of
    elements. `handed` is with what the markup calls functions of the script, by their names.
    """

    source: Source
    masked: Masked
    structure: Structure
    filled: Callable[[TemplateTag], Value] = hole
    skips: list[Skip] = field(default_factory=list)
    globals: dict[str, Value] = field(default_factory=dict)
    models: dict[str, Hole] = field(default_factory=dict)
    level: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    base: str = ""
    page: PageData | None = None
    packaged: tuple[Packaged, ...] = ()
    worded: tuple[Worded, ...] = ()
    handlers: Handlers | None = None
    handed: dict[str, list[tuple[Value, ...]]] = field(default_factory=dict)

    words: dict[tuple[int, bytes], bool] = field(default_factory=dict)

    def holds(self, word: bytes) -> bool:
        """Does a word stand anywhere in it? Each of its scripts asks for the same ones."""
        key = id(self.masked), word
        if key not in self.words:
            self.words[key] = word in self.masked.data
        return self.words[key]

    def __post_init__(self) -> None:
        if self.allowance.budget is None:  # what a script writes is paid by the file that holds it
            self.allowance.budget = Budget(len(self.masked.data))

    @property
    def budget(self) -> Budget:
        assert self.allowance.budget is not None
        return self.allowance.budget

    def note_spent(self) -> None:
        """Say once that the file's budget was used up, if it was."""
        skip = Skip(self.source.path, self.budget.reason, kind="partly")
        if self.budget.reason and skip not in self.skips:
            self.skips.append(skip)

    @property
    def data(self) -> bytes:
        return self.masked.data

    def place(self, start: int, end: int) -> Place:
        return self.source.place(start, end)

    def around(self, fact: AnyFact, offset: int) -> AnyFact:
        return self.structure.around(fact, offset)

    def text(self, start: int, end: int, decode: Callable[[str], str] = str) -> Value:
        """The text between two offsets: its template outputs are holes, an if in it is a choice."""
        tags = self.masked.inside(start, end)
        if not tags:
            text = decode(
                self.source.data[start : min(end, start + LONGEST_TEXT)].decode("utf-8", "replace")
            )
            return text if end - start <= LONGEST_TEXT else Text((text, CUT))
        whole = len(tags) == 1 and (tags[0].start, tags[0].end) == (start, end)
        if whole and tags[0].kind == "output":
            return self._output(tags[0])
        runs: list[list[str | Hole]] = [[]]  # what stands before, between and behind the statements
        statements: list[TemplateTag] = []
        at = start
        for tag in tags:
            runs[-1].append(decode(self.source.data[at : tag.start].decode("utf-8", "replace")))
            if tag.kind == "output":
                runs[-1].extend(pieces(self._output(tag)))
            elif tag.kind == "statement":
                statements.append(tag)
                runs.append([])
            at = tag.end
        runs[-1].append(decode(self.source.data[at:end].decode("utf-8", "replace")))
        return _branches(runs, statements)

    def _output(self, tag: TemplateTag) -> Value:
        """What an output tag leaves: a template's expression is a step of the way of a value."""
        value = self.filled(tag)
        if (
            isinstance(value, Hole)
            and value.origin.kind is OriginKind.TEMPLATE
            and value.origin.place is None
        ):
            return replace(
                value, origin=replace(value.origin, place=self.place(tag.start, tag.end))
            )
        return value

    def brief(self, value: Value) -> Value:
        """The value with its long texts cut: a fact is handed between processes and kept until the
        end.
        """
        return _brief(value, self.allowance)

    def attribute(self, start: int, end: int) -> Value:
        """An attribute's value, with character references decoded."""
        return self.text(start, end, decoded)


def decoded(text: str) -> str:
    """An attribute's text with its character references: `&gtm=` and `&copy=1` are none."""
    return REFERENCE.sub(_referred, text) if "&" in text else text


def _referred(found: re.Match[str]) -> str:
    return unescape(found[0]) if found[0][1] == "#" or found[0][1:] in html5 else found[0]


def _branches(runs: list[list[str | Hole]], statements: list[TemplateTag]) -> Value:
    """A text as the branches of the one if in it; of several, each statement is a hole."""
    if len(statements) < 2:
        return joined([part for run in runs for part in run])
    before, *branches, behind = runs
    if not all(tag.text.startswith("el") for tag in statements[1:-1]):  # else, elif, elsif, elseif
        holes = [[Hole(tag.text[:HOLE_LIMIT])] for tag in statements]
        return joined(
            [part for run, gap in zip(runs, [*holes, []], strict=True) for part in (*run, *gap)]
        )
    texts = [joined([*before, *branch, *behind]) for branch in branches]
    told = tuple(dict.fromkeys(text for text in texts if text != ""))
    return told[0] if len(told) == 1 else Choice(told) if told else ""


def pieces(value: Value) -> list[str | Hole]:
    """A value as parts of a text."""
    match value:
        case Text(parts=parts):
            return list(parts)
        case str() | Hole():
            return [value]
        case bool():
            return ["true" if value else "false"]
        case int() | float():
            return [str(value)]
        case None:
            return ["null"]
    return [Hole(shown(value)[:200])]


def joined(parts: list[str | Hole]) -> Value:
    """Parts as one value: neighbours that are plain text are put together."""
    merged: list[str | Hole] = []
    plain: list[str] = []  # neighbours that are not put together yet
    left = LONGEST_TEXT
    for part in parts:
        if isinstance(part, str):
            plain.append(part[:left])
            left -= len(part)
        else:
            merged.extend(filter(None, ("".join(plain), part)))
            plain.clear()
        if left < 0 or len(merged) >= MOST_PARTS:
            merged.extend(filter(None, ("".join(plain), CUT)))
            return Text(tuple(merged))
    merged.extend(filter(None, ("".join(plain),)))
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Text(tuple(merged))


def brief(value: Value) -> Value:
    """The value with its long texts cut."""
    return _brief(value, Allowance())


def _brief(value: Value, allowance: Allowance) -> Value:
    match value:
        case str() if len(value) > SHORT:
            most = LONGEST_VALUE if allowance.kept > 0 else SHORT
            allowance.kept -= min(len(value), most)
            return value if len(value) <= most else Text((value[:most], CUT))
        case Text(parts=parts) if any(
            isinstance(part, str) and len(part) > SHORT for part in parts
        ):
            return joined([each for part in parts for each in pieces(_brief(part, allowance))])
        case Object(items=items):
            inner = tuple((key, _brief(each, allowance)) for key, each in items)
            same = all(new is old for (_, new), (_, old) in zip(inner, items, strict=True))
            return value if same else Object(inner)
        case Choice(options=branches):
            return Choice(tuple(_brief(branch, allowance) for branch in branches))
        case tuple():
            listed = tuple(_brief(each, allowance) for each in value)
            same = all(new is old for new, old in zip(listed, value, strict=True))
            return value if same else listed
    return value


def under(fact: Fact, *guards: Guard) -> Fact:
    """The fact under further guards, outside of those that it has."""
    return replace(fact, guards=guards + fact.guards) if guards else fact


def choice(values: Iterable[Value]) -> Value:
    """One value, or a choice of the different ones; nothing to choose from is null."""
    found = tuple(dict.fromkeys(option for value in values for option in options(value)))
    if len(found) > WIDEST:  # a list of accounts is told as a whole
        most = MOST_IDS if all(isinstance(each, str) and len(each) <= ID for each in found) else 0
        found = found[: most or WIDEST]
    if not found:
        return None
    return found[0] if len(found) == 1 else Choice(found)
