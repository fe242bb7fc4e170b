"""The words of the project: what a file says, who hears it, and what is worth saying about it.

Records are frozen and only read themselves; stages pass them on and return new ones.
Offsets are byte offsets into the file; lines and columns are 1-based and made once, by
`Source.place`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

EVIDENCE_LIMIT = 120  # characters of source that a finding quotes
MARK_EVERY = 4096  # bytes of a long line between two points whose column is kept


class UserError(Exception):
    """Something that the user can mend: one sentence that says what to do next."""


# ---------------------------------------------------------------- places in files


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a file: lines and columns from 1, the end column exclusive.

    `column` and `end_column` count Unicode code points, `utf16` holds the same two columns in
    UTF-16 code units, which SARIF viewers count in.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    utf16: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a file, with the words that stand there."""

    path: str
    region: Region
    text: str = ""

    @property
    def line(self) -> int:
        return self.region.line

    def __str__(self) -> str:
        return f"{self.path}:{self.region.line}:{self.region.column}"


class Source:
    """One file's bytes under its path; `inner` is a document written inside another one.

    An inner source (a tag's custom HTML inside a JSON string) has bytes of its own, and `lift`
    tells for each of them, and for the end, the offset in the file that holds it. Where a file was
    `rewritten` into another notation, places quote the file and not the notation.
    """

    def __init__(
        self,
        path: str,
        data: bytes,
        *,
        outer: Source | None = None,
        lift: Sequence[int] = (),
        rewritten: bool = False,
    ) -> None:
        self.path = path
        self.data = data
        self.outer = outer
        self.lift = lift
        self.rewritten = rewritten

    def inner(self, data: bytes, lift: Sequence[int], *, rewritten: bool = False) -> Source:
        return Source(self.path, data, outer=self, lift=lift, rewritten=rewritten)

    def place(self, start: int, end: int, text: str | None = None) -> Place:
        """The place of bytes `start` to `end`; `text` is quoted instead of what stands there."""
        if text is None and self.rewritten and self.outer is not None:
            return self.outer.place(*self.lifted(start, end))
        if text is None:
            text = self.data[start : min(end, start + 4 * EVIDENCE_LIMIT)].decode(
                "utf-8", "replace"
            )
        text = " ".join(text.split())
        if len(text) > EVIDENCE_LIMIT:
            text = text[: EVIDENCE_LIMIT - 1] + "…"
        if self.outer is not None:
            return self.outer.place(*self.lifted(start, end), text)
        (line, column, wide), (end_line, end_column, end_wide) = (
            self._point(start),
            self._point(end),
        )
        region = Region(line, column, end_line, end_column, (wide, end_wide))
        return Place(self.path, region, text)

    def lifted(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the outer source of bytes `start` to `end` of an inner one."""
        return self.lift[start], self.lift[end]

    def _point(self, offset: int) -> tuple[int, int, int]:
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if self._ascii:
            return line + 1, offset - start + 1, offset - start + 1
        at, column, wide = self._counted(start, offset)
        before = self.data[at:offset].decode("utf-8", "replace")
        if at == 0:
            before = before.removeprefix("\ufeff")
        return line + 1, column + len(before) + 1, wide + len(before.encode("utf-16-le")) // 2 + 1

    def _counted(self, start: int, offset: int) -> tuple[int, int, int]:
        """A point on the line at or shortly before the offset, and the characters up to it.

        A minified file is one line of megabytes: it is counted through once, not for every place.
        """
        marks = self._marks.setdefault(start, [(start, 0, 0)])
        while offset - marks[-1][0] > MARK_EVERY:
            at, column, wide = marks[-1]
            end = at + MARK_EVERY
            for _ in range(3):  # never inside a character
                end -= self.data[end] & 0xC0 == 0x80
            text = self.data[at:end].decode("utf-8", "replace")
            if at == 0:
                text = text.removeprefix("\ufeff")
            marks.append((end, column + len(text), wide + len(text.encode("utf-16-le")) // 2))
        return marks[bisect_right(marks, offset, key=lambda mark: mark[0]) - 1]

    @cached_property
    def _marks(self) -> dict[int, list[tuple[int, int, int]]]:
        return {}

    @cached_property
    def _ascii(self) -> bool:
        return self.data.isascii()

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self.data.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.data.find(b"\n", at + 1)
        return starts


# ---------------------------------------------------------------- values


class OriginKind(StrEnum):
    """Where a hole's text comes from at run time."""

    FIELD = "form field"
    ADDRESS = "page address"
    QUERY = "query parameter"
    TITLE = "page title"
    REFERRER = "referrer"
    COOKIE = "cookie"
    STORAGE = "browser storage"
    TEMPLATE = "template expression"
    DATA_LAYER = "data-layer key"
    ELEMENT = "page element"
    HASH = "hash"
    ENVIRONMENT = "environment variable"
    GLOBAL = "script variable"
    EVENT = "event data"
    CONSTANT = "constant"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a hole remembers: a kind, a name (`#email`, `patient.mrn`, `ecommerce.value`), and for
    a hash or another derived value what it was made of."""

    kind: OriginKind
    name: str = ""
    of: tuple[Origin, ...] = ()
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a value that only a running page knows; `text` is how the source writes it."""

    text: str
    origin: Origin = Origin(OriginKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Text:
    """Text with holes, for example an address with an id that is put in later."""

    parts: tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """A JavaScript object or a JSON object, in the order in which it is written."""

    items: tuple[tuple[str, Value], ...]

    def get(self, key: str) -> Value | None:
        for name, value in reversed(self.items):
            if name == key:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, where a condition decides at run time."""

    options: tuple[Value, ...]


Value: TypeAlias = (
    "str | int | float | bool | Hole | Text | Object | Choice | tuple[Value, ...] | None"
)


def shown(value: Value) -> str:
    """The value as a reader would write it: holes as ${text}."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case Hole(text=text):
            return "${" + text + "}"
        case Text(parts=parts):
            return "".join(part if isinstance(part, str) else shown(part) for part in parts)
        case Choice(options=options):
            return " or ".join(shown(option) for option in options)
        case Object(items=items):
            return "{" + ", ".join(f"{key}: {shown(inner)}" for key, inner in items) + "}"
        case tuple():
            return "[" + ", ".join(shown(inner) for inner in value) + "]"
        case _:
            return str(value)


def holes(value: Value) -> Iterator[Hole]:
    """Every hole inside a value."""
    match value:
        case Hole():
            yield value
        case Text(parts=parts):
            yield from (part for part in parts if isinstance(part, Hole))
        case Choice(options=inner) | tuple(inner):
            for each in inner:
                yield from holes(each)
        case Object(items=items):
            for _, each in items:
                yield from holes(each)


def options(value: Value) -> tuple[Value, ...]:
    """What a value may be: itself, or the branches of a choice."""
    if isinstance(value, Choice):
        return tuple(inner for option in value.options for inner in options(option))
    return (value,)


# ---------------------------------------------------------------- conditions


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class Moment(StrEnum):
    """When something happens on a page that has it."""

    LOAD = "load"
    INTERACTION = "interaction"
    EVENT = "event"
    TIMER = "timer"
    HISTORY = "history"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Atom:
    """One question about a page or a moment, such as path starts-with /portal.

    `about` is one of path, url, host, query, referrer, event, consent, signed-in, data-layer,
    cookie, storage, element, environment, noscript, variable, unknown. `name` says which one
    (the data-layer key, the kind of consent). `test` is equals, contains, starts-with, ends-with,
    matches, matches-anycase, greater, greater-or-equals, less, less-or-equals, selects, same-url,
    or true. Two equal atoms are one question with one answer.
    """

    about: str
    name: str = ""
    test: str = "true"
    value: str = ""

    def __str__(self) -> str:
        subject = self.about.replace("-", " ") + (f" {self.name}" if self.name else "")
        if self.about == "unknown":
            return self.name
        return (
            subject
            if self.test == "true"
            else f"{subject} {self.test.replace('-', ' ')} {self.value!r}"
        )


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def __str__(self) -> str:
        return f"not ({self.part})"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        return (
            " and ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)
            or "always"
        )


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        return (
            " or ".join(
                f"({part})" if isinstance(part, And) and len(part.parts) > 1 else str(part)
                for part in self.parts
            )
            or "never"
        )


Condition: TypeAlias = "Atom | Not | And | Or"
ALWAYS: Condition = And()
NEVER: Condition = Or()


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that stands around a fact, with the words that state it."""

    condition: Condition
    text: str
    kind: str = "if"  # if, unless, noscript, consent, listener, disabled


# ---------------------------------------------------------------- facts


FILL = "fill:"  # text for a place elsewhere: content_for, @section, @push, a Hugo define
FRAGMENT = "fragment:"  # text that is shown where somebody calls it: macro, function, mixin
EXPORT = "export:"  # what a script exports under a name; the bare word is what it does by itself
PLACE = "place:"  # where the fills of a name are shown: yield, @stack, RenderSection
CHILDREN = "children"  # the place of what stands inside of a component or of a layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a file says, told without naming the file's language.

    `guards` stand around it; `blocks` are the named template blocks it lies in, outermost first;
    `moment` is when it happens once its file runs. A plain name in `blocks` is a block that shows
    where it stands and that a child may replace; the others begin with FILL or FRAGMENT.
    """

    place: Place
    guards: tuple[Guard, ...] = ()
    blocks: tuple[str, ...] = ()
    moment: Moment = Moment.LOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLoad(Fact):
    """A script is loaded: by a script tag, or by code that makes one."""

    url: Value
    attributes: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixel(Fact):
    """An image is asked for, by markup or by code."""

    url: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Style(Fact):
    """A style sheet is loaded, as fonts from elsewhere are."""

    url: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(Fact):
    """Another document is shown in this one."""

    url: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Fact):
    """Data is sent or fetched: a beacon, fetch, XMLHttpRequest, or a server's HTTP client."""

    url: Value
    body: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Fact):
    """A function that is known outside the file is called: `fbq`, `_kmq.push`, `new Foo`.

    `callee` is the dotted name after aliases and `window.` are resolved; a name that comes from
    an imported package starts with the package: `npm:react-ga4.default.initialize`.
    """

    callee: str
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Fact):
    """A global name or a property of one is set: `_hjSettings = {hjid: 1}`."""

    target: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Push(Fact):
    """Something is put into the data layer."""

    layer: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Include(Fact):
    """This file is put together with another: how is extends, includes, imports or loads.

    `fragment` is the one fragment or block of the other file that is shown, `*` all of its
    fragments, empty the file as a whole. An empty `target` with a fragment means whichever file
    defines that fragment. `within` are the imports (their targets) whose components stand around
    the place where this one is used, outermost first. `without` are the blocks of the other file
    in whose place this one puts something else. A tuple of targets means the first that exists.
    """

    how: str
    target: Value
    engine: str = ""
    fragment: str = ""
    within: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Fact):
    """A named block is defined here; `keeps_parent` tells that the parent's text stays.

    `name` is written as in `Fact.blocks`; with PLACE before it, it is where fills are shown.
    """

    name: str
    keeps_parent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Use(Fact):
    """A component is shown that the file does not import: the framework knows which file it is."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(Fact):
    """A part of the page that is in no file: from a package, a database, a plugin or a service.

    `what` says which of these it is, `name` how the file calls it.
    """

    what: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Fact):
    """An address and what answers it.

    `pattern` is the address with `*` for one segment that varies and `**` for any number of them;
    `target` is what the framework calls the answer: a template, a view, `controller#action`, or
    for a mount the file whose routes stand below this one. `kind` is view, template, mount or
    layout, `needs` what is asked before: `login_required`, `auth`, or `public` where an exception
    is made.
    """

    pattern: str
    target: str
    kind: str = "view"
    name: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset(Fact):
    """A build tool's word for scripts: the name that pages ask for, and the files it stands for.

    With `page` the name is the address of a page, and the files are what that page loads.
    """

    logical: str
    files: tuple[str, ...]
    page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Package(Fact):
    """A dependency is declared or imported: ecosystem and name, such as npm and react-ga4."""

    ecosystem: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Fact):
    """A configuration gives a name a literal value; `key` is the whole dotted path to it."""

    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Fact):
    """The page points elsewhere: a link or the action of a form. Never a tracker by itself."""

    url: Value
    kind: str = "link"  # link, form


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Fact):
    """A form asks for something; `label` is what a person reads beside it."""

    name: str
    type: str = "text"
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading(Fact):
    """The title of a page, or a heading on it."""

    text: str
    level: int = 1  # 0 is the title


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Fact):
    """The file is markup that a page is made of; `whole` tells that it has an html element."""

    engine: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """What a tag's consent settings say: status NOT_SET, NOT_NEEDED or NEEDED, and for which
    kinds.
    """

    status: str = "NOT_SET"
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """One firing trigger of a tag, as it bears on pages.

    `scope` is a word of the report (all-pages, path-condition, custom-event, ...), `page` is the
    condition on the page, `event` the event it waits for when that is a custom one, `said` the
    trigger in plain words.
    """

    name: str
    scope: str
    page: Condition
    moment: Moment
    event: str = ""
    said: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Fact):
    """A tag of a container. `place` is the line that says what it is.

    `type` is the code in the export (`gaawe`, `html`, `cvt_...`), `template` the community template
    behind it as owner/repository or its display name, `parameters` its settings with variables
    resolved, `facts` what its custom HTML or template says, `along` the tags it runs with.
    """

    tag_id: str | None
    name: str
    type: str
    template: str = ""
    parameters: Object = Object(())
    paused: bool = False
    triggers: tuple[Trigger, ...] = ()
    blocking: tuple[Trigger, ...] = ()
    along: tuple[str, ...] = ()
    consent: Consent = Consent()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something wrong or undecidable in a file that was read all the same."""

    place: Place
    what: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container(Fact):
    """An exported tag-manager container."""

    container_id: str
    name: str
    context: tuple[str, ...]
    tags: tuple[Tag, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """A file that was not read, or not wholly, and why.

    `kind` is unread, partly where the rest was read, or left-out where a rule or the user asked
    for it.
    """

    path: str
    reason: str
    line: int = 0
    kind: str = "unread"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file says."""

    path: str
    facts: tuple[Fact, ...] = ()
    skips: tuple[Skip, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a scan looks for in scripts, derived from the signatures.

    `names` are the global names that calls start with (`fbq`, `_kmq`), `packages` the import names
    of vendors' npm packages, `pypi:mixpanel` and the like for other ecosystems, and the full names
    of what their libraries call (`gem:Mixpanel.Tracker.new`), `settings` the words in names of
    settings that hold an account's id, `words` the byte strings of which a script must hold one to
    be parsed.
    """

    names: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    words: tuple[bytes, ...] = ()
    settings: tuple[str, ...] = ()


# ---------------------------------------------------------------- vendors and detections


class Role(StrEnum):
    """What a detection shows the vendor's code doing."""

    LOADER = "loader"
    SETUP = "setup"
    EVENT = "event"
    IDENTITY = "identity"
    PIXEL = "pixel"
    CONTAINER = "container"
    SERVER = "server"
    PACKAGE = "package"
    CONFIG = "config"
    GATE = "gate"
    MARKER = "marker"


PASSIVE = frozenset({Role.PACKAGE, Role.CONFIG})  # what waits for code that uses it


class Kind(StrEnum):
    """What a product is to a privacy reviewer: only a tracker is reported as one."""

    TRACKER = "tracker"
    TAG_MANAGER = "tag-manager"
    CONSENT = "consent"
    PORTAL = "portal"
    EMBED = "embed"
    MONITORING = "monitoring"


@dataclass(frozen=True, slots=True)
class Baa:
    """A dated statement about business associate agreements: offered yes, no, plan-dependent,
    unknown.
    """

    offered: str = "unknown"
    note: str = ""
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A product as its signature file describes it; `id` is the file's name."""

    id: str
    name: str
    owner: str
    category: str
    kind: Kind
    docs: str = ""
    uses: tuple[str, ...] = ()
    receives: tuple[str, ...] = ()
    baa: Baa = Baa()


@dataclass(frozen=True, slots=True)
class Datum:
    """One piece of data that reaches a vendor: under which name, of which category, from where."""

    name: str
    value: Value
    category: str = ""
    place: Place | None = None

    @property
    def origin(self) -> Origin | None:
        return next((hole.origin for hole in holes(self.value)), None)


@dataclass(frozen=True, slots=True)
class TagRef:
    """The container's tag behind a detection."""

    container_id: str
    path: str
    tag_id: str | None
    tag_name: str


@dataclass(frozen=True, slots=True)
class Detection:
    """A vendor was recognised in a fact.

    `weak` needs another detection of the vendor on the site; `proxied` tells that the vendor's
    script or endpoint is reached through another host, often the site's own.
    """

    vendor: str
    role: Role
    place: Place
    fact: Fact
    ids: tuple[str, ...] = ()
    data: tuple[Datum, ...] = ()
    tag: TagRef | None = None
    placeholder: bool = False
    weak: bool = False
    proxied: bool = False

    @property
    def path(self) -> str:
        return self.place.path


# ---------------------------------------------------------------- the site


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trail: a place, and what happens there."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Firing:
    """A tracker and a page that has it.

    `routes` are the page's addresses, `confidence` from 0 to 1 how sure the way from the tracker
    to the page is.
    """

    page: str
    verdict: Verdict
    moment: Moment = Moment.LOAD
    routes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    trail: tuple[Step, ...] = ()
    confidence: float = 1.0

    @property
    def route(self) -> str:
        """The first of the page's addresses, or an empty text."""
        return self.routes[0] if self.routes else ""


@dataclass(frozen=True, slots=True)
class PageClass:
    """What a page is for, and why we think so."""

    id: str
    axis: str  # signed-in or health
    name: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A file that a visitor can be shown; `place` is where it says what it extends.

    `framework` is the convention that made it a page, `parts` are the files that it and its layouts
    include.
    """

    path: str
    place: Place
    routes: tuple[str, ...] = ()
    classes: tuple[PageClass, ...] = ()
    layouts: tuple[str, ...] = ()
    framework: str = ""
    parts: tuple[str, ...] = ()

    def has_class(self, name: str) -> bool:
        return any(each.id == name for each in self.classes)


class Status(StrEnum):
    LIVE = "live"
    CONDITIONAL = "conditional"
    CONSENT_GATED = "consent-gated"
    SERVER_SIDE = "server-side"
    PLACEHOLDER = "placeholder-id"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Tracker:
    """A detection on the site: its status, and the pages it fires on."""

    detection: Detection
    status: Status
    fires: tuple[Firing, ...] = ()
    group: str = ""

    @property
    def vendor(self) -> str:
        return self.detection.vendor

    @property
    def place(self) -> Place:
        return self.detection.place


@dataclass(frozen=True, slots=True)
class Snippet:
    """All trackers of one vendor and id in one file or one container tag: what a person would
    remove.
    """

    group: str
    vendor: str
    trackers: tuple[Tracker, ...]

    @property
    def head(self) -> Tracker:
        """The tracker that shows best what the snippet is: the set-up, else the loader, else the
        first.
        """
        order = (Role.SETUP, Role.CONTAINER, Role.LOADER, Role.IDENTITY, Role.PIXEL)
        return min(
            self.trackers,
            key=lambda each: (
                order.index(each.detection.role) if each.detection.role in order else len(order)
            ),
        )

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in self.trackers for name in each.detection.ids))

    @property
    def status(self) -> Status:
        return self.head.status

    @property
    def fires(self) -> tuple[Firing, ...]:
        """The pages, each once, with its surest and earliest answer.

        An import or a setting sends nothing: it counts only where the snippet is nothing else.
        """
        best: dict[str, Firing] = {}
        acting = [each for each in self.trackers if each.detection.role not in PASSIVE]
        for tracker in acting or self.trackers:
            for firing in tracker.fires:
                known = best.get(firing.page)
                if known is None or firing_rank(firing) < firing_rank(known):
                    best[firing.page] = firing
        return tuple(best[page] for page in sorted(best))


def firing_rank(firing: Firing) -> tuple[bool, bool, int]:
    """Sure before maybe, at load before later, a short trail before a long one."""
    return (firing.verdict is not Verdict.YES, firing.moment is not Moment.LOAD, len(firing.trail))


@dataclass(frozen=True, slots=True)
class TagReport:
    """A tag of a container as the site sees it."""

    tag: Tag
    vendor: str | None
    role: Role | None
    ids: tuple[str, ...]
    fires: tuple[Firing, ...] = ()
    data: tuple[Datum, ...] = ()
    never_fires: bool = False


@dataclass(frozen=True, slots=True)
class ContainerReport:
    """A container, the pages that load it, and its tags."""

    container: Container
    installed_on: tuple[str, ...]
    tags: tuple[TagReport, ...]


@dataclass(frozen=True, slots=True)
class UnknownHost:
    """A third party that no signature knows; `owner` and `category` where the host itself is well
    known.
    """

    host: str
    place: Place
    kind: str  # script, frame, pixel, request
    pages: tuple[str, ...] = ()
    owner: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A link between files that could not be followed."""

    place: Place
    what: str
    target: str


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the rules may read."""

    vendors: Mapping[str, Vendor]
    pages: Mapping[str, Page]
    trackers: tuple[Tracker, ...]
    others: tuple[Tracker, ...] = ()
    containers: tuple[ContainerReport, ...] = ()
    unknown_hosts: tuple[UnknownHost, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        grouped: dict[str, list[Tracker]] = {}
        for tracker in self.trackers:
            grouped.setdefault(tracker.group, []).append(tracker)
        return tuple(Snippet(group, each[0].vendor, tuple(each)) for group, each in grouped.items())

    def pages_of(self, snippet: Snippet, page_class: str) -> tuple[Firing, ...]:
        """The snippet's firings on pages of one class."""
        return tuple(
            firing
            for firing in snippet.fires
            if firing.page in self.pages and self.pages[firing.page].has_class(page_class)
        )


# ---------------------------------------------------------------- findings and the report


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITY_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth saying, at the one place where somebody can change it.

    A rule fills `arguments`, `place`, `anchor` and what else it knows; the pipeline puts in
    `rule`, `code`,
    `severity`, `message` and `fingerprint`. `anchor` is what the finding is about in words that
    survive moved lines and renamed exports: vendor, id, page, container and tag.
    """

    place: Place
    arguments: tuple[str, ...]
    anchor: tuple[str, ...]
    vendor: str = ""
    pages: tuple[str, ...] = ()
    trail: tuple[Step, ...] = ()
    related: tuple[Step, ...] = ()
    tag: TagRef | None = None
    rule: str = ""
    code: str = ""
    severity: Severity = Severity.NOTE
    message: str = ""
    fingerprint: str = ""
    suppressed: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What the outputs may know of a rule. `message` has numbered placeholders in single quotes."""

    code: str
    name: str
    severity: Severity
    score: str  # the security severity, from "0.1" to "10.0"
    message: str
    short: str
    help: str
    tags: tuple[str, ...] = ()


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
class Report:
    """A whole run, as every output tells it."""

    version: str
    site: Site
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    coverage: Coverage
    excerpts: Mapping[Place, Excerpt] = field(default_factory=dict)
