"""Findings, the rules that made them, and the report of a whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from analyzer.model.bundles import Original
from analyzer.model.facts import Skip
from analyzer.model.history import History
from analyzer.model.places import Place, Region, Step
from analyzer.model.policy import Suppression
from analyzer.model.site import Site, Unresolved
from analyzer.model.vendors import TagRef


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITY_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


class State(StrEnum):
    """What a baseline says of a finding; unknown where there is no baseline."""

    UNKNOWN = ""
    NEW = "new"
    KNOWN = "unchanged"


@dataclass(frozen=True, slots=True)
class Edit:
    """Text to put in the place of a region of a file; an empty region is an insertion."""

    path: str
    region: Region
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A safe way to change the source, and what it does, in one sentence."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth saying, at the one place where somebody can change it.

    A rule fills `arguments`, `place`, `anchor` and what else it knows; the judgement puts in
    `rule`, `code`, `severity`, `message`, `fingerprint`, `suppressed` and `state`. `anchor` is what
    the finding is about in words that survive moved lines, renumbered tags and renamed exports:
    vendor, id, page, container and tag. `classes` are the page classes that it is about. Of a
    finding that was there before a change, but not wholly, `news` says what is new, `new_pages` on
    which pages.
    `original` is where the code at `place` was written, if that is a bundle with a source map.
    """

    place: Place
    arguments: tuple[str, ...]
    anchor: tuple[str, ...]
    vendor: str = ""
    pages: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    trail: tuple[Step, ...] = ()
    related: tuple[Step, ...] = ()
    tag: TagRef | None = None
    rule: str = ""
    code: str = ""
    severity: Severity = Severity.NOTE
    message: str = ""
    fingerprint: str = ""
    suppressed: Suppression | None = None
    state: State = State.UNKNOWN
    fixes: tuple[Fix, ...] = ()
    new_pages: tuple[str, ...] = ()
    news: str = ""
    original: Original | None = None

    @property
    def is_open(self) -> bool:
        """Does nobody accept it?"""
        return self.suppressed is None


@dataclass(frozen=True, slots=True)
class Rule:
    """What the outputs may know of a rule. `message` has numbered placeholders in single quotes.

    `next` is the next step in one sentence. `yields_to` are the kinds of word that settle it beside
    a suppression of its own: agreement, allowed.
    """

    code: str
    name: str
    severity: Severity
    score: str  # the security severity, from "0.1" to "10.0"
    message: str
    short: str
    help: str
    tags: tuple[str, ...] = ()
    next: str = ""
    yields_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines around a finding, and GitHub's hash of its line."""

    start_line: int
    lines: tuple[str, ...]
    line_hash: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read and what was not."""

    read: int
    skips: tuple[Skip, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    other_kinds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules about the review itself may read: every suppression and what it settled.

    `settled` counts the findings that each suppression of `suppressions` settles, in their order;
    an entry of the configuration that is no suppression and that nothing on the site answers to is
    in `idle`, with what it is about in words. `unmet` are for each suppression the rules among
    those it names that ran and had nothing for it to settle, `*` where it names none. `rules` are
    all rules there are.
    """

    site: Site
    suppressions: tuple[Suppression, ...] = ()
    settled: tuple[int, ...] = ()
    idle: tuple[Step, ...] = ()
    today: date = date.min
    unmet: tuple[tuple[str, ...], ...] = ()
    findings: tuple[Finding, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """How much the outputs tell: what only some readers want, what a user asked to leave out."""

    new_only: bool = False
    suppressed: bool = False
    baseline_state: bool = False


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where the scanned folder lies: the way to it from the top of the git work tree (or from where
    the command runs), and the tree's address, revision and branch as far as they are known.
    """

    folder: str = ""
    repository: str = ""
    revision: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run, as every output tells it."""

    version: str
    site: Site
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    coverage: Coverage
    excerpts: Mapping[Place, Excerpt] = field(default_factory=dict)
    telling: Telling = Telling()
    baseline: str = ""  # the file that the findings were held against
    checkout: Checkout = Checkout()
    base: str = ""  # the git commit whose findings do not count
    gone: int = 0  # what the baseline holds and is no longer found
    history: History | None = None  # what earlier runs tell, where runs are kept
