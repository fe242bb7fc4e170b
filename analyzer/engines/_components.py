"""Markup of components written flat: conditions, places and the use of components as statements.

Vue, Svelte, Astro and Angular write these as attributes, in braces, or as elements of their own. A
reader of one language says in `plan` what a tag means, and in `point` what else stands in its
text; everything else is common to them.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from analyzer.engines import Engine
from analyzer.engines._flat import CLOSE, MARKS, OPEN, VOID, Flat, clean
from analyzer.engines._scan import Scanner
from analyzer.engines._tags import Attribute, Tag, Tags

# The record of a language whose reader writes components flat; each adds what is its own.
COMPONENTS = Engine(
    name="components",
    marks=MARKS,
    expressions=True,
    opens_if=r"(?P<word>if) (?P<condition>.+)",
    opens_unless=r"(?P<word>unless) (?P<condition>.+)",
    opens_other=r"(?P<word>with)\b",
    otherwise=r"else(?: if (?P<condition>.+))?$",
    closes=r"end$",
    place=r"place(?: (?P<name>.+))?$",
    uses=r"use (?P<name>\S+)(?: in (?P<around>.+))?$",
)

TEXT = frozenset({"script", "style"})  # what they hold is no markup
SWALLOWS = frozenset({*TEXT, "iframe", "noscript", "title", "textarea", "noembed", "noframes"})
MOST_AROUND = 8  # components around a place that are told
LONGEST = 600  # bytes of a condition that are kept
END_TAG = re.compile(rb"</\s*+([A-Za-z][^\s>/]*+)")
ENDS = {name: re.compile(rb"</" + name.encode() + rb"(?=[\s/>])", re.I) for name in TEXT}


@dataclass(slots=True)
class Opened:
    """An element that is open: what ends with it, and whether an else may follow a child of it."""

    name: str
    ends: int = 0
    chain: bool = False  # its own if may go on behind it, with an else
    follows: bool = False  # the if of its last child is still open
    around: tuple[str, ...] = ()  # the innermost components around its content
    closing: bytes = b""
    own: bool = False  # it is a script of the component itself
    waits: int = 0  # conditions in an expression that are still open


@dataclass(slots=True)
class Plan:
    """What a start tag means.

    `before` are the statements that open around the element, `chain` that the first of them may
    go on behind it, `turn` the branch of the if before it. `name` is what it is written as, an
    empty one not at all, `says` a statement in its place. `uses` is the component that it shows.
    """

    name: str
    before: list[bytes] = field(default_factory=list)
    chain: bool = False
    turn: bytes = b""
    says: bytes = b""
    uses: str = ""
    more: bytes = b""  # attributes that the language adds
    hidden: bool = False  # its content is not read


class Markup:
    """Writes the markup of one file flat; a subclass for each language."""

    POINTS: ClassVar[re.Pattern[bytes]] = re.compile(rb"<(?=[A-Za-z!/])")
    BRACES: ClassVar[bool] = False
    SCRIPTS_FIRST: ClassVar[bool] = False

    def __init__(self, data: bytes) -> None:
        self.data = clean(data)
        self.flat = Flat(self.data)
        self.scanner = Scanner(self.data)
        self.tags = Tags(self.data, self.scanner, self.BRACES)
        self.stack: list[Opened] = [Opened("")]
        self.open_names: Counter[str] = Counter()
        self._endless: set[str] = set()
        self._gone: set[bytes] = set()
        self._scripts: list[list[int]] = []

    def read(self, at: int = 0) -> tuple[bytes, Sequence[int]]:
        """The flat markup, and for each byte of it the offset in the file."""
        end = len(self.data)
        while at < end:
            found = self.POINTS.search(self.data, at, end)
            if found is None:
                break
            self.flat.keep(at, found.start())
            at = self._step(found.start(), found)
        self.flat.keep(at, end)
        while len(self.stack) > 1:
            self.leave(end)
        self.finish(self.stack[0], end)
        return self._scripts_first(*self.flat.done())

    @property
    def at_top(self) -> bool:
        """Is no element open?"""
        return len(self.stack) == 1

    def _scripts_first(self, out: bytes, lift: Sequence[int]) -> tuple[bytes, Sequence[int]]:
        """The component's own scripts in front: its markup uses the names that they give."""
        moved, places, kept, at = bytearray(), array("q"), bytearray(), 0
        left = array("q")
        for start, end in self._scripts:
            kept += out[at:start]
            left.extend(lift[at:start])
            moved += out[start:end] + b"\n"
            places.extend(lift[start : end + 1])
            at = end
        kept += out[at:]
        left.extend(lift[at:])
        return bytes(moved + kept), places + left

    # ------------------------------------------------------------ what a language says of itself

    def plan(self, tag: Tag) -> Plan:
        """What a start tag means."""
        return Plan(tag.name)

    def attribute(self, each: Attribute) -> None:
        """Write one attribute."""
        self.flat.keep(each.start, each.end)

    def point(self, at: int, found: re.Match[bytes]) -> int:
        """Read what stands in the text and is no tag; the offset behind it."""
        self.flat.keep(at, found.end())
        return found.end()

    def fragment(self, at: int) -> int:
        """Read an element without a name, and return the offset behind its tag."""
        self.flat.keep(at, at + 1)
        return at + 1

    def opened(self, tag: Tag) -> None:
        """Write what a start tag says of its content."""

    def behind(self, at: int) -> int:
        """Where the text goes on behind an element that was closed."""
        return at

    # ------------------------------------------------------------ what all languages share

    def _step(self, at: int, found: re.Match[bytes]) -> int:
        data = self.data
        if data[at : at + 1] != b"<":
            return self.point(at, found)
        if data.startswith(b"<!--", at):
            end = self.find(b"-->", at + 4)
            end = len(data) if end < 0 else end + 3
            self.flat.keep(at, end)
            return end
        if data.startswith((b"<>", b"</>"), at):
            return self.fragment(at)
        if data.startswith(b"</", at):
            return self._close(at)
        tag = self.tags.at(at) if data[at + 1 : at + 2].isalpha() else None
        if tag is None:
            self.flat.keep(at, at + 1)
            return at + 1
        return self._open(tag)

    def _open(self, tag: Tag) -> int:
        plan = self.plan(tag)
        parent = self.stack[-1]
        own = plan.name == "script" and self.at_top and self.SCRIPTS_FIRST
        if own:
            self._scripts.append([len(self.flat.out), 0])
        if plan.turn and parent.follows:
            self.flat.say(plan.turn, tag.start, tag.start)
        elif parent.follows:
            self.finish(parent, tag.start)
        elif plan.turn:  # an else without its if: it is shown, but nobody knows when
            plan.before.append(b"with")
        ends = len(plan.before) + (1 if plan.turn and parent.follows else 0)
        parent.follows = False
        for words in plan.before:
            self.flat.say(squeezed(words), tag.start, tag.start)
        around = parent.around
        opened = Opened(tag.name, ends, plan.chain or bool(plan.turn), around=around, own=own)
        if plan.says:
            self.flat.say(plan.says, tag.start, tag.end)
        elif plan.name:
            self._write(tag, plan.name, plan.more)
            opened.closing = b"</" + plan.name.encode() + b">"
        if plan.uses:
            told = f"use {plan.uses}" + (f" in {' '.join(around)}" if around else "")
            self.flat.write(OPEN + told.encode() + CLOSE, tag.start)
            opened.around = (*around, plan.uses)[-MOST_AROUND:]
        self.opened(tag)
        self.push(opened)
        single = tag.single or tag.name.encode() in VOID
        if single:
            if plan.name.lower() not in SWALLOWS:
                opened.closing = b""
            self.leave(tag.end)
            return self.behind(tag.end)
        low = (plan.name or tag.name).lower()
        if plan.hidden or low in TEXT:
            return self._content(tag, low, plan.hidden)
        return tag.end

    def _write(self, tag: Tag, name: str, more: bytes) -> None:
        """The start tag, its attributes as the language reads them."""
        self.flat.write(b"<", tag.start)
        if name == tag.name:
            self.flat.keep(tag.start + 1, tag.start + 1 + len(name.encode()))
        else:
            self.flat.write(name.encode(), tag.start + 1)
        self.flat.write(more, tag.start + 1)
        for each in tag.attributes:
            self.flat.write(b" ", each.start)
            self.attribute(each)
        if tag.single and name.lower() not in SWALLOWS:
            self.flat.write(b" /", tag.end - 1)
        self.flat.keep(tag.end - 1, tag.end)

    def _content(self, tag: Tag, name: str, hidden: bool) -> int:
        """Text that is no markup: kept for a script, dropped for what is not read."""
        pattern = ENDS.get(tag.name.lower()) or _end_of(tag.name)
        found = None if tag.name in self._endless else pattern.search(self.data, tag.end)
        if found is None:
            self._endless.add(tag.name)
        end = found.start() if found else len(self.data)
        if hidden or name == "style":
            self.flat.blank(tag.end, end)
        else:
            self.flat.keep(tag.end, end)
        return end

    def _close(self, at: int) -> int:
        end = self.find(b">", at)
        named = END_TAG.match(self.data, at)
        if named is None or end < 0:
            self.flat.keep(at, at + 2)
            return at + 2
        return self.close_named(named[1].decode("utf-8", "replace"), at, end + 1)

    def close_named(self, name: str, at: int, end: int) -> int:
        """Close the innermost element of this name and all inside it."""
        if not self.open_names[name]:
            return end
        while self.stack[-1].name != name:
            self.leave(at)
        self.leave(at, end)
        return self.behind(end)

    def push(self, opened: Opened) -> None:
        """Go into an element, or into what stands for one."""
        self.stack.append(opened)
        self.open_names[opened.name] += 1

    def leave(self, at: int, end: int | None = None) -> None:
        """Close the innermost element, at a tag that ends at `end` or where its parent ends."""
        opened = self.stack.pop()
        self.open_names[opened.name] -= 1
        behind = at if end is None else end
        self.finish(opened, at)
        if opened.closing:
            self.flat.write(opened.closing[:-1], at)
            self.flat.write(opened.closing[-1:], max(at, behind - 1))
        for _ in range(opened.ends - opened.chain + opened.waits):
            self.flat.say(b"end", behind, behind)
        if opened.chain:
            self.stack[-1].follows = True
        if opened.own:
            self._scripts[-1][1] = len(self.flat.out)

    def finish(self, opened: Opened, at: int) -> None:
        """End what the children of an element have left open."""
        if opened.follows:
            self.flat.say(b"end", at, at)
            opened.follows = False

    def find(self, mark: bytes, at: int) -> int:
        """Where a mark stands next, or -1; one that is nowhere is not looked for again."""
        found = -1 if mark in self._gone else self.data.find(mark, at)
        if found < 0:
            self._gone.add(mark)
        return found

    def said(self, each: Attribute | None) -> bytes:
        """The text of an attribute's value."""
        return self.data[each.value[0] : each.value[1]].strip() if each and each.value else b""


def squeezed(words: bytes) -> bytes:
    """A statement on one line, and not longer than a reader wants it."""
    return b" ".join(words[: 4 * LONGEST].split())[:LONGEST]


def _end_of(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"</" + re.escape(name.encode()) + rb"(?=[\s/>])")
