"""Bundles: what a source map tells about the code that a build put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from analyzer.model.facts import Fact
from analyzer.model.places import Place


@dataclass(frozen=True, slots=True)
class Original:
    """Where code of a bundle was written, as its source map tells: a file, a line and a column.

    `column` counts code points where the text of that line is known, UTF-16 units elsewhere.
    `package` is the package that the file belongs to; with `foreign` the map marks the file as
    somebody else's. `note` says what is odd about it, such as that the file is another one now.
    """

    path: str
    line: int
    column: int = 1
    package: str = ""
    foreign: bool = False
    note: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    @property
    def said(self) -> str:
        """Where it comes from, as the end of a sentence."""
        words = f"from {self.path}:{self.line}"
        if self.package:
            words += f", of the package {self.package}"
        elif self.foreign:
            words += ", which the source map marks as code of others"
        return words + (f"; {self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle as its source map tells it: the files of the repository that it is made of, and for
    some of its places where their code was written.

    `facts` are what other sources, whose text stands in the map, do with packages: names that the
    bundle no longer has. Their places are those in the bundle.
    """

    sources: tuple[str, ...] = ()
    originals: Mapping[Place, Original] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()


# What the source map of a script tells about some places in it; None for a script without one.
Unbundle: TypeAlias = Callable[[str, Sequence[Place]], Bundled | None]
