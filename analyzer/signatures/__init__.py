"""Vendor files to signals: what a lawyer or an analyst wrote, checked and ready to match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analyzer.model import UserError, Vendor, Vocabulary
from analyzer.signatures.records import (
    DataWords,
    Example,
    Host,
    PageSigns,
    Shapes,
    Signal,
    WordsBeside,
)
from analyzer.switches import Way

__all__ = [
    "DataWords",
    "Example",
    "Host",
    "PageSigns",
    "Shapes",
    "Signal",
    "Signatures",
    "WordsBeside",
    "examples",
    "folder",
    "load",
]


@dataclass(frozen=True)
class Signatures:
    """Everything that the folder of signatures says, but for its examples."""

    vendors: Mapping[str, Vendor]
    signals: tuple[Signal, ...]
    shapes: Mapping[str, Shapes]
    needs_known: Mapping[str, Shapes]
    pages: tuple[PageSigns, ...]
    data: tuple[DataWords, ...]
    hosts: Mapping[str, Host]
    vocabulary: Vocabulary
    switches: tuple[Way, ...]
    beside: WordsBeside
    holds: Mapping[str, Mapping[str, str]]

    def host(self, name: str) -> Host | None:
        """What is known of a host, by its own name or by one above it."""
        while name:
            if name in self.hosts:
                return self.hosts[name]
            name = name.partition(".")[2]
        return None


def folder() -> Path:
    """Where the signatures are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_signatures"
    return inside if inside.is_dir() else package.parent / "signatures"


@cache
def load(where: Path | None = None) -> Signatures:
    """The signatures of a folder. Raises UserError with the file and line of a mistake."""
    from analyzer.signatures import vendors, vocabulary, words  # here: most starts have them kept

    where = where or folder()
    told = [vendors.read(path) for path in _sheets(where)]
    signals = tuple(signal for each in told for signal in each.signals)
    switches = tuple(way for each in told for way in each.ways)
    shapes = {each.vendor.id: each.shapes for each in told}
    return Signatures(
        {each.vendor.id: each.vendor for each in told},
        signals,
        shapes,
        {each.vendor.id: each.needs_known for each in told},
        tuple(words.page(path) for path in sorted((where / "pages").glob("*.toml"))),
        tuple(words.data(path) for path in sorted((where / "data").glob("*.toml"))),
        words.hosts(where / "hosts.toml") if (where / "hosts.toml").is_file() else {},
        vocabulary.of(
            (*signals, *switches),
            shapes,
            (pair for each in told for pair in each.callbacks),
            ((each.vendor.id, *function) for each in told for function in each.functions),
        ),
        switches,
        words.beside(where / "words.toml") if (where / "words.toml").is_file() else WordsBeside(),
        {each.vendor.id: each.holds for each in told if each.holds},
    )


def examples(where: Path | None = None) -> tuple[Example, ...]:
    """What the vendors' files show. Raises UserError as `load` does."""
    from analyzer.signatures import vendors

    return tuple(
        example for path in _sheets(where or folder()) for example in vendors.read(path).examples
    )


def _sheets(where: Path) -> list[Path]:
    found = sorted((where / "vendors").glob("*.toml"))
    if not found:
        raise UserError(
            f"there are no signatures in {where / 'vendors'}; reinstall trackerlint, or name a "
            "folder that holds vendors/*.toml"
        )
    return found
