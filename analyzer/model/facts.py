"""Facts: what one file says, told without naming its language."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.model.conditions import Condition, Guard, Moment
from analyzer.model.places import Place, Region, Step
from analyzer.model.policy import Suppression
from analyzer.model.values import NOTHING, Object, Value

FILL = "fill:"  # text for a place elsewhere: content_for, @section, @push, a Hugo define
FRAGMENT = "fragment:"  # text that is shown where somebody calls it: macro, function, mixin
EXPORT = "export:"  # what a script exports under a name; the bare word is what it does by itself
OWN = "own:"  # begins the name of a call whose function may be one of the site's own
PLACE = "place:"  # where the fills of a name are shown: yield, @stack, RenderSection
CHILDREN = "children"  # the place of what stands inside of a component or of a layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a file says, told without naming the file's language.

    `guards` stand around it; `blocks` are the named template blocks it lies in, outermost first;
    `moment` is when it happens once its file runs. A plain name in `blocks` is a block that shows
    where it stands and that a child may replace; the others begin with FILL or FRAGMENT. `through`
    are the steps to what is said elsewhere: functions that a call goes through, files of values.
    """

    place: Place
    guards: tuple[Guard, ...] = ()
    blocks: tuple[str, ...] = ()
    moment: Moment = Moment.LOAD
    through: tuple[Step, ...] = ()


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
    """Data is sent or fetched: a beacon, fetch, XMLHttpRequest, or a server's HTTP client.

    `by_browser` tells that no server does it: the call is one that only browsers have, or it stands
    in a page.
    """

    url: Value
    body: Value = None
    by_browser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Fact):
    """A function that is known outside the file is called: `fbq`, `_kmq.push`, `new Foo`.

    `callee` is the dotted name after aliases and `window.` are resolved; a name that comes from
    an imported package starts with the package: `npm:react-ga4.default.initialize`.
    """

    callee: str
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence(Fact):
    """A script asks whether a global function is there: `if (typeof gtag === "function")`."""

    name: str


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
class Wrapper(Fact):
    """A function of the site's own that pushes what it is given: `track(name, data)`.

    The numbers are positions of its parameters: `event` of the event's name, `rest` of objects that
    are pushed with all they hold, `keys` of values by their keys; `always` is pushed every time.
    """

    name: str
    event: int | None = None
    rest: tuple[int, ...] = ()
    keys: tuple[tuple[str, int], ...] = ()
    always: Object = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener(Fact):
    """What a module may do for those that import it: it makes an element or a beacon, whose
    address it may be given, or it names the `host` of a vendor.
    """

    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method(Fact):
    """A function of the site's own in a program; `place` is all of it.

    `owner` is the class that it belongs to, `takes` are its parameters. Without a name it is what
    a class does when a thing of it is made.
    """

    name: str
    owner: str = ""
    takes: tuple[str, ...] = ()


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
class Library(Fact):
    """The code of a library stands here, told by texts that its vendor writes into it.

    `extent` is where its code begins and ends, as far as the file shows that. It is `alone` where
    next to nothing else is in the file, as in a copy that a site serves itself.
    """

    texts: frozenset[str]
    extent: Region
    alone: bool = False


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
    """A form asks for something; `label` is what a person reads beside it, `form` the id or name of
    the form around it, or just `form`.
    """

    name: str
    type: str = "text"
    label: str = ""
    form: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Fact):
    """A text for visitors about privacy, as a person reads it; `title` is its main heading."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class AllowedSource:
    """One source that a content-security policy allows for one directive, such as script-src."""

    directive: str
    source: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPolicy(Fact):
    """What a browser is told to load from where: a mention of a host, never a request to it.

    `told` is meta where the page says it itself, else header. A policy that only reports stops
    nothing. Where a part of it is made at run time it is not `complete`.
    """

    told: str
    allowed: tuple[AllowedSource, ...] = ()
    directives: tuple[str, ...] = ()
    reports_only: bool = False
    complete: bool = True


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
    resolved, `facts` what its custom HTML or template says, `along` the tags it runs with, `notes`
    what people wrote beside it.
    """

    tag_id: str | None
    name: str
    type: str
    template: str = ""
    parameters: Object = NOTHING
    paused: bool = False
    triggers: tuple[Trigger, ...] = ()
    blocking: tuple[Trigger, ...] = ()
    along: tuple[str, ...] = ()
    consent: Consent = Consent()
    facts: tuple[Fact, ...] = ()
    notes: str = ""
    code: str = ""  # a digest of its custom code: where it differs, the code was changed


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something wrong or undecidable in a file that was read all the same.

    `kind` is one word for its sort: undefined, switched-off, misspelt, missing, code. `users` are
    the tags, triggers and variables that it is about or that refer to the target.
    """

    place: Place
    what: str
    target: str = ""
    kind: str = ""
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permission:
    """What a custom template may do, by the tag manager's own name for it (`inject_script`).

    `targets` are the addresses, keys or names that it lists; with `anything` it is not limited to
    them.
    """

    name: str
    targets: tuple[str, ...] = ()
    anything: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A custom template of a container.

    `sort` is TAG, MACRO (a variable) or CLIENT, `gallery` the owner/repository it comes from,
    `modified` tells that it was changed since, `used_by` are the names of what is made from it.
    """

    place: Place
    name: str
    sort: str = ""
    gallery: str = ""
    modified: bool = False
    permissions: tuple[Permission, ...] = ()
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """Something written into a container that lets whoever reads it in.

    `what` says which sort of secret, `shown` its first characters and its length, `holder` the
    tag, variable or client that has it. The secret itself is in no record.
    """

    place: Place
    what: str
    shown: str
    holder: str


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote beside a part of a container; `about` is tag, trigger or variable."""

    place: Place
    about: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Client:
    """What takes requests in, in a server container; `type` is its code (`gaaw_client`)."""

    place: Place
    name: str
    type: str
    parameters: Object = NOTHING


@dataclass(frozen=True, slots=True)
class Transformation:
    """A change that a server container makes to events before tags get them.

    `type` is tf_allow_params, tf_exclude_params or tf_augment_event, `names` are the parameters
    that it is about, `tags` the names and types of the tags that it is for; it is for all of them
    where none is named, and with `except_for` for all others.
    """

    place: Place
    name: str
    type: str
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    except_for: bool = False
    parameters: Object = NOTHING


@dataclass(frozen=True, slots=True)
class Zone:
    """Other containers that a container loads: which, where, and which types of tags they may
    run; any type where none is named.
    """

    place: Place
    name: str
    containers: tuple[str, ...]
    page: Condition
    said: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Container(Fact):
    """A tag manager's container as a file tells it.

    `manager` is whose it is, `form` what the file is: export, published file, library or settings.
    `tagging_urls` are the addresses at which a server container takes requests in.
    """

    container_id: str
    name: str
    context: tuple[str, ...]
    tags: tuple[Tag, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    templates: tuple[Template, ...] = ()
    secrets: tuple[Secret, ...] = ()
    notes: tuple[Note, ...] = ()
    manager: str = "Google Tag Manager"
    form: str = "export"
    clients: tuple[Client, ...] = ()
    transformations: tuple[Transformation, ...] = ()
    zones: tuple[Zone, ...] = ()
    tagging_urls: tuple[str, ...] = ()


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
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a scan looks for in scripts, derived from the signatures.

    `names` are the global names that calls start with (`fbq`, `_kmq`), `packages` the import names
    of vendors' npm packages, `pypi:mixpanel` and the like for other ecosystems, and the full names
    of what their libraries call (`gem:Mixpanel.Tracker.new`), `settings` the words in names of
    settings that hold an account's id, `words` the byte strings of which a script must hold one to
    be parsed. `callbacks` are calls that give a function they are handed a thing as its first
    argument, each with the thing's name: `OneSignalDeferred.push` and `OneSignal`. `libraries` are
    groups of texts; a script that holds all texts of one holds a vendor's library. `bundled` are
    the packages of such libraries, each with what calls ask of it, and the groups; `worded` the
    functions that they export, each with the texts that it and those that it calls hold, and the
    groups.
    """

    names: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    words: tuple[bytes, ...] = ()
    settings: tuple[str, ...] = ()
    callbacks: tuple[tuple[str, str], ...] = ()
    libraries: tuple[tuple[tuple[bytes, ...], ...], ...] = ()
    bundled: tuple[tuple[str, tuple[str, ...], tuple[tuple[bytes, ...], ...]], ...] = ()
    worded: tuple[
        tuple[str, tuple[bytes, ...], tuple[bytes, ...], tuple[tuple[bytes, ...], ...]], ...
    ] = ()
