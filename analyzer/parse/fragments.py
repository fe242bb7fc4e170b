"""Where a template calls fragments: its own macros, and those that it imports from other files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from analyzer.conditions import guard_kind, negation, read_condition
from analyzer.engines import Engine
from analyzer.model import FRAGMENT, Atom, Fact, Guard, Include, Source, Value, shown
from analyzer.parse.mask import Masked, TemplateTag, compiled
from analyzer.parse.targets import QUOTED, split, targets_of

CALL = re.compile(r"(?<![\w.])(?P<name>\w+)(?:\.(?P<inner>\w+))?\s*\(")
NAMED = re.compile(r"(?P<name>\w+)(?:\s+as\s+(?P<other>\w+))?")
CHOSEN = re.compile(r"\sif\s(?P<condition>.+?)(?:\selse\s|$)", re.S)
TAGGED = re.compile(r"(?P<name>\w+):(?P<inner>\w+)\b")
ITSELF = frozenset({"_self", "self", "local"})
UNCALLED = FRAGMENT + " imported"  # nothing has this name: an import alone shows nothing
EVERY = "*"
LONGEST = 2_000  # characters of a tag in which calls are looked for


@dataclass(slots=True)
class Calls:
    """The fragments that a file can call, and by which names."""

    source: Source
    engine: Engine
    own: frozenset[str]
    files: dict[str, tuple[Value, ...]] = field(default_factory=dict)  # by their alias
    parts: dict[str, tuple[tuple[Value, ...], str]] = field(default_factory=dict)

    def note(self, tag: TemplateTag) -> None:
        """What an import brings, under which name."""
        said = compiled(self.engine.imports).match(tag.text) if self.engine.imports else None
        if said is None:
            return
        targets = _targets(said)
        if said["alias"]:
            self.files[said["alias"]] = targets
        for each in split(said["names"] or ""):
            if each == EVERY:
                self.parts[EVERY] = (targets, "")
            elif named := NAMED.match(each):
                self.parts[named["other"] or named["name"]] = (targets, named["name"])

    def facts(self, tag: TemplateTag) -> Iterator[Fact]:
        """The import that a tag is, or the fragments that it calls."""
        said = compiled(self.engine.imports).match(tag.text) if self.engine.imports else None
        if said is not None:
            yield from self._brought(tag, said)
            return
        opens = self.engine.opens_fragment
        if opens and compiled(opens).match(tag.text):
            return
        text = QUOTED.sub(lambda found: "_" * len(found[0]), tag.text[:LONGEST])
        tagged = TAGGED.match(text) if tag.kind == "statement" else None
        for call in (tagged,) if tagged else CALL.finditer(text):
            for target, fragment in self._called(call["name"], call["inner"] or ""):
                yield replace(
                    self._include(tag, target, fragment),
                    guards=_guards(tag, text, call.start()),
                    # a child may have something else of this name
                    blocks=(fragment,) if call["name"] == "self" else (),
                )

    def _brought(self, tag: TemplateTag, said: re.Match[str]) -> Iterator[Fact]:
        """The file that is imported; one without an alias and names brings its blocks."""
        for target in (each for each in _targets(said) if each != ""):
            brought = self._include(tag, target, EVERY)
            if said["alias"] or said["names"]:
                yield replace(brought, blocks=(UNCALLED,))
            else:
                words = f"if a block of {shown(target)} is shown"
                guard = Guard(Atom("unknown", words), words)
                yield replace(brought, blocks=("",), guards=(guard,))

    def _called(self, name: str, inner: str) -> Iterator[tuple[Value, str]]:
        if inner and name in ITSELF:
            if inner in self.own:
                yield "", inner
        elif inner:
            yield from ((target, inner) for target in self.files.get(name, ()))
        elif name in self.parts:
            targets, fragment = self.parts[name]
            yield from ((target, fragment) for target in targets)
        elif name in self.own:
            yield "", name
        elif EVERY in self.parts:
            yield from ((target, name) for target in self.parts[EVERY][0])

    def _include(self, tag: TemplateTag, target: Value, fragment: str) -> Include:
        return Include(
            place=self.source.place(tag.start, tag.end),
            how="includes",
            target=target,
            engine=self.engine.name,
            fragment=fragment,
        )


def calls_of(source: Source, masked: Masked, engine: Engine, blocks: Iterable[str]) -> Calls | None:
    """The fragments that a file can call; None where it neither has nor imports any."""
    if not engine.imports:
        return None
    own = frozenset(name.removeprefix(FRAGMENT) for name in blocks if name.startswith(FRAGMENT))
    calls = Calls(source, engine, own)
    brings = False
    for tag in masked.tags:
        if tag.kind == "statement" and compiled(engine.imports).match(tag.text):
            calls.note(tag)
            brings = True
    return calls if own or brings else None


def _targets(said: re.Match[str]) -> tuple[Value, ...]:
    """The files of an import; an empty name is the importing file itself."""
    return ("",) if said["target"].strip() in ITSELF else targets_of(said["target"])


def _guards(tag: TemplateTag, text: str, at: int) -> tuple[Guard, ...]:
    """The condition that stands behind a call, or before it: `p() if x`, `x ? p() : ''`."""
    if tag.kind != "output":
        return ()
    behind = CHOSEN.search(text, at)
    first, sign, _ = text[:at].partition("?")
    if behind is not None:
        written, opposite = tag.text[behind.start("condition") : behind.end("condition")], False
    elif sign:
        written, opposite = tag.text[: len(first)], ":" in text[len(first) : at]
    else:
        return ()
    condition = read_condition(written)
    kind = guard_kind(condition)
    words = f"{'unless' if opposite else 'if'} {written.strip()[:300]}"
    return (Guard(negation(condition) if opposite else condition, words, kind),)
