"""What a call in a Ruby program is given, and what its values say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.frameworks._ruby import MODIFIERS, PAIRS
from analyzer.frameworks._ruby_parts import Part


@dataclass(frozen=True, slots=True)
class Call:
    """What a call is given: its arguments in order, and those with a name."""

    given: tuple[tuple[Part, ...], ...]
    named: dict[str, tuple[Part, ...]]
    condition: tuple[Part, ...] = ()

    def text(self, number: int = 0) -> str | None:
        """The string or symbol at a place, or None."""
        return literal(self.given[number]) if number < len(self.given) else None

    def name(self, key: str) -> str | None:
        """The string or symbol behind a name, or None."""
        return literal(self.named[key]) if key in self.named else None

    def names(self, key: str) -> tuple[str, ...] | None:
        """The strings or symbols behind a name; None where there is no such name."""
        return strings(self.named[key]) if key in self.named else None


def call_of(parts: Sequence[Part], at: int = 0) -> Call:
    """The call whose name stands at this number."""
    begin, end = at + 1, len(parts)
    depth = 0
    if begin < end and parts[begin].text == "(" and parts[begin].kind == "mark":
        for number in range(begin, len(parts)):
            depth += parts[number].kind == "mark" and parts[number].text in PAIRS
            depth -= parts[number].kind == "mark" and parts[number].text in (")", "]", "}")
            if depth == 0:
                end = number
                break
        begin += 1
        behind = parts[end + 1 :]
    else:
        behind = parts[begin:]
    condition: tuple[Part, ...] = ()
    depth = 0
    for number, part in enumerate(behind):
        if part.kind == "mark":
            depth += part.text in PAIRS
            depth -= part.text in (")", "]", "}")
        if part.kind == "word" and depth == 0 and part.text in MODIFIERS | {"and", "or"}:
            condition = tuple(behind[number:])
            if begin == at + 1:
                end = begin + number
            break
    return _call(parts[begin:end], condition)


def _call(parts: Sequence[Part], condition: tuple[Part, ...]) -> Call:
    given: list[tuple[Part, ...]] = []
    named: dict[str, tuple[Part, ...]] = {}
    for argument in split(parts):
        first = argument[0]
        if first.kind == "label":
            named[first.text] = argument[1:]
        elif len(argument) > 2 and argument[1].text == "=>" and first.kind == "symbol":
            named[first.text] = argument[2:]
        elif len(argument) > 2 and argument[1].text == "=>":
            given.append(argument)
        else:
            given.append(argument)
    return Call(tuple(given), named, condition)


def split(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """The parts between commas that stand in no brackets."""
    depth = first = 0
    for number, part in enumerate(parts):
        if part.kind == "mark":
            depth += part.text in PAIRS
            depth -= part.text in (")", "]", "}")
            if part.text == "," and depth == 0:
                if number > first:
                    yield tuple(parts[first:number])
                first = number + 1
    if first < len(parts):
        yield tuple(parts[first:])


def literal(parts: Sequence[Part]) -> str | None:
    """What a single string or symbol says."""
    if len(parts) == 1 and parts[0].kind in ("text", "symbol"):
        return parts[0].value
    return None


def strings(parts: Sequence[Part]) -> tuple[str, ...]:
    """The strings and symbols of a list, or the one that stands alone."""
    found: list[str] = []
    for part in parts:
        if part.kind == "list":
            found.extend(part.items)
        elif part.kind in ("text", "symbol") and part.value is not None:
            found.append(part.value)
    return tuple(found)


def source_text(data: bytes, parts: Sequence[Part]) -> str:
    """The parts as they are written, on one line."""
    if not parts:
        return ""
    return " ".join(data[parts[0].start : parts[-1].end].decode("utf-8", "replace").split())
