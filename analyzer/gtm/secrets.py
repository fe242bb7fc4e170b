"""Secrets in a container: where they stand, and the file without them.

They are taken out before anything else reads the file: what follows a secret's first characters is
replaced by as many stars, so that every offset stays true and no record can hold it in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from analyzer.gtm.export import opens, plain
from analyzer.gtm.positions import Document, Node, NotJson, Path
from analyzer.gtm.signs import SECTIONS
from analyzer.gtm.texts import only_reference
from analyzer.model import Container, Parsed, Secret, Source

SHOWN = 4  # characters of a secret that are shown
SHORT = 12  # characters from which on that many may be
MOST = 200  # secrets of one file
DEEPEST = 60  # lists and objects inside each other
LONGEST_CODE = 200_000  # characters of one text that are searched
LONGEST_NAME = 80  # characters of a name for a secret
FILLER = b"*"

_HINTS = (  # without one of them a text holds no secret; in small letters
    "token",
    "secret",
    "passw",
    "private",
    "bearer ",
    "eaa",
    "sk_",
    "rk_",
    "pk_",
    "ya29.",
    "1//0",
    "xox",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_",
    "shp",
    "pat-",
    "sg.",
)
_HINTS_IN_BYTES = tuple(hint.encode() for hint in _HINTS)
_MEANS = re.compile(  # the name of a setting that holds a secret, in small letters and one word
    r"(?:access|auth|bearer|refresh|api|capi)token$|(?:api|client|shared|app)secret$"
    r"|^secret$|secretkey$|private(?:api)?key$|^passw(?:or)?d$|userpassw(?:or)?d$"
    r"|serviceaccount(?:key|json)$|signingkey$"
)
_NAME_MEANS = re.compile(  # the name of a constant that holds one
    r"(?:access|auth|bearer|refresh|api|capi)token|(?:api|client|shared|app)secret|secretkey"
    r"|privatekey|passw(?:or)?d"
)
_IN_CODE = re.compile(  # from the beginning of a word
    r"(?P<name>\w*(?:access|auth|bearer|refresh|api)_?token|\w*(?:api|client)_?secret|secret_?key"
    r"|private_?key|password)\w{0,3}[\"']?\s*[:=]\s*[\"'`](?P<secret>[^\"'`\s]{12,400})[\"'`]",
    re.I,
)
_IN_QUERY = re.compile(
    r"(?P<name>access_token|api_secret|auth_token|client_secret)=(?P<secret>[^&\"'`\s#]{12,400})",
    re.I,
)
# A class first is what a search can look for quickly; the whole expression takes ten times as long.
_WORD_IN_CODE = re.compile(r"[TtSsPp](?i:oken|ecret|rivate|assword)")
_WORD_BEFORE = re.compile(r"(?<!\w)\w++\Z")
_PUBLISHED = re.compile(r'"vtp_(?P<name>\w+)"\s*:\s*"(?P<secret>[^"\\]{6,400})"')
_YAML = re.compile(
    r"^[ \t-]*key:[ \t]*[\"']?(?P<name>\w+)[\"']?[ \t]*\r?\n(?:[ \t]*type:[^\n]*\n)?"
    r"[ \t]*value:[ \t]*[\"']?(?P<secret>[^\s\"']{6,400})",
    re.M,
)
_SHAPES = (  # each begins with its letters, which a search finds quickly, and then looks back
    ("Meta access token", re.compile(r"EAA(?<!\wEAA)[A-Za-z0-9]{40,}")),
    ("Stripe secret key", re.compile(r"sk_(?<!\wsk_)(?:live|test)_[A-Za-z0-9]{16,}")),
    ("Stripe secret key", re.compile(r"rk_(?<!\wrk_)(?:live|test)_[A-Za-z0-9]{16,}")),
    ("Google access token", re.compile(r"ya29\.(?<!\wya29\.)[\w-]{20,}")),
    ("Google refresh token", re.compile(r"1//0(?<![\w/:]1//0)[\w-]{30,}")),
    ("Slack token", re.compile(r"xox(?<!\wxox)[abeprs]-[\w-]{10,}")),
    ("GitHub token", re.compile(r"gh(?<!\wgh)[pousr]_[A-Za-z0-9]{36,}")),
    ("GitHub token", re.compile(r"github_pat_(?<!\wgithub_pat_)\w{40,}")),
    ("Shopify access token", re.compile(r"shp(?<!\wshp)(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b")),
    ("HubSpot access token", re.compile(r"pat-(?<!\wpat-)[a-z]{2}\d-[0-9a-f-]{36}\b")),
    ("SendGrid key", re.compile(r"SG\.(?<!\wSG\.)[\w-]{16,}\.[\w-]{16,}")),
    ("Klaviyo private key", re.compile(r"pk_(?<!\wpk_)[0-9a-f]{34}\b")),
    (
        "private key",
        re.compile(
            r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:(?!-----END)[\s\S]){0,8000}"
            r"(?:-----END[A-Z ]*-----)?"
        ),
    ),
    ("bearer token", re.compile(r"Bearer (?<!\wBearer )(?=(?P<secret>[A-Za-z0-9._~+/=-]{16,}))")),
)
_PLACEHOLDER = re.compile(
    r"your|replace|placeholder|change.?me|insert|example|dummy|todo|redacted|hidden|masked|removed"
    r"|x{4,}|\*{3,}|\.{3}|…|<[^>]*>|\{\{|%%|\$\{|here$|0{6,}|1234567890|(.)\1{7,}",
    re.I,
)
_WORDS = (
    (re.compile(r"passw"), "password"),
    (re.compile(r"private|signing|serviceaccount"), "private key"),
    (re.compile(r"secret"), "secret"),
    (re.compile(r"token"), "access token"),
)
# Texts that no tag sends and that only look like secrets: pictures, sums, links.
_LEFT_OUT = frozenset({"templateData", "fingerprint", "signature", "tagManagerUrl", "path"})


@dataclass(frozen=True, slots=True)
class Hidden:
    """Bytes `start` to `end` of a file are a secret: of which sort, how it is shown, who has it."""

    start: int
    end: int
    what: str
    shown: str
    holder: str

    def secret(self, source: Source) -> Secret:
        return Secret(source.place(self.start, self.end), self.what, self.shown, self.holder)


def hidden_in(data: bytes) -> tuple[Hidden, ...]:
    """The secrets of a container's file, in the order in which they stand."""
    low = data.lower()
    if not any(hint in low for hint in _HINTS_IN_BYTES):
        return ()
    begins = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    found = _of_export(data) if begins in (b"{", b"[") else _of_script(data)
    once: dict[int, Hidden] = {}
    for each in found:
        known = once.get(each.start)
        if known is None or each.end >= known.end:
            once[each.start] = each
        if len(once) >= MOST:
            break
    return tuple(once[start] for start in sorted(once))


def without(data: bytes, hidden: Sequence[Hidden]) -> bytes:
    """The file with stars for all but the first characters of each secret."""
    if not hidden:
        return data
    changed = bytearray(data)
    for each in hidden:
        first = each.start + _kept(each.end - each.start)
        changed[first : each.end] = FILLER * (each.end - first)
    return bytes(changed)


def told(parsed: Parsed, source: Source, hidden: Sequence[Hidden]) -> Parsed:
    """The containers of a file, each with its secrets; `source` is the file without them."""
    if not hidden:
        return parsed
    containers = [fact for fact in parsed.facts if isinstance(fact, Container)]
    owned: dict[int, list[Secret]] = {}
    for each in hidden:
        secret = each.secret(source)
        begun = [
            number
            for number, container in enumerate(containers)
            if any(tag.place.line <= secret.place.line for tag in (container, *container.tags))
        ]
        owned.setdefault(begun[-1] if begun else 0, []).append(secret)
    facts = []
    for fact in parsed.facts:
        if isinstance(fact, Container):
            fact = replace(fact, secrets=tuple(owned.get(containers.index(fact), ())))
        facts.append(fact)
    return replace(parsed, facts=tuple(facts))


def _kept(length: int) -> int:
    return SHOWN if length >= SHORT else 1


def _shown(text: str) -> str:
    return f"{text[: _kept(len(text))]}… ({len(text)} characters)"


# ---------------------------------------------------------------- the shapes of files


def _of_script(data: bytes) -> Iterator[Hidden]:
    """A published container, or one in YAML: settings are known by how they are written there."""
    text = data.decode("latin-1")  # a byte a character
    spans: list[tuple[int, int, str]] = [*_shapes(text)]
    for match in (*_PUBLISHED.finditer(text), *_YAML.finditer(text)):
        means = _means(match["name"])
        if means and _looks_random(match["secret"], means):
            spans.append((*match.span("secret"), _sort(means)))
    for start, end, what in spans:
        yield Hidden(start, end, what, _shown(text[start:end]), "the container")


def _of_export(data: bytes) -> Iterator[Hidden]:
    document = Document(data)
    try:
        root = document.root(opens)
        found = list(_searched(root.value, (), _called_for(root.value), 0))
    except (NotJson, RecursionError):
        return  # the reader says that it is no container
    for path, start, end, what in found:
        node = _at(root, path)
        if node is None or not isinstance(node.value, str):
            continue
        lift = node.lift()
        first = len(node.value[:start].encode())
        last = first + len(node.value[start:end].encode())
        shown = _shown(node.value[start:end])
        yield Hidden(lift[first], lift[last], what, shown, _holder(root.value, path))


def _at(node: Node, path: Path) -> Node | None:
    for step in path:
        if isinstance(step, str):
            inner = node.members().get(step)
        else:
            elements = node.elements()
            inner = elements[step] if step < len(elements) else None
        if inner is None:
            return None
        node = inner
    return node


def _holder(value: Any, path: Path) -> str:
    """The tag, variable or client around a text."""
    holder = "the container"
    kind = ""
    for step in path:
        value = value[step]
        if isinstance(step, str) and step in SECTIONS:
            kind = SECTIONS[step]
        elif kind and isinstance(value, dict):
            return f"{kind} {plain(value.get('name'))}".strip()
    return holder


# ---------------------------------------------------------------- what is a secret

Found = tuple[Path, int, int, str]


def _searched(value: Any, path: Path, called: dict[str, str], depth: int) -> Iterator[Found]:
    """The secrets in a value, by their path and their characters in the text there."""
    if depth > DEEPEST:
        return
    match value:
        case dict():
            yield from _named(value, path, called)
            for key, inner in value.items():
                if key not in _LEFT_OUT:
                    yield from _searched(inner, (*path, str(key)), called, depth + 1)
        case list():
            for number, inner in enumerate(value):
                yield from _searched(inner, (*path, number), called, depth + 1)
        case str() if len(value) >= SHORT and _may_hold(value[:LONGEST_CODE]):
            yield from ((path, *span) for span in _in_text(value[:LONGEST_CODE]))


def _named(value: dict[str, Any], path: Path, called: dict[str, str]) -> Iterator[Found]:
    """Settings whose name says that they hold a secret, and constants that such a one asks for."""
    key = value.get("key")
    pairs = [(key, "value")] if isinstance(key, str) else [(each, each) for each in value]
    for name, where in pairs:
        text = value.get(where)
        means = _means(name) if isinstance(name, str) else None
        if means and isinstance(text, str) and _looks_random(text, means):
            yield (*path, where), *_trimmed(text), _sort(means)
    title = value.get("name")
    if isinstance(title, str) and value.get("type") in ("c", "smm", "remm"):
        named = _NAME_MEANS.search(_joined(title))
        sort = _sort(named[0]) if named else called.get(title.strip(), "")
        if sort:
            for inner, text in _cells(value.get("parameter"), (*path, "parameter")):
                if _looks_random(text, sort):
                    yield inner, *_trimmed(text), sort


def _cells(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """What a constant or a table gives: the value of each setting, not what is looked up."""
    match value:
        case {"value": str(text)} if value.get("key") in ("value", "defaultValue"):
            yield (*path, "value"), text
        case dict():
            for key, inner in value.items():
                yield from _cells(inner, (*path, str(key)))
        case list():
            for number, inner in enumerate(value):
                yield from _cells(inner, (*path, number))


def _called_for(value: Any) -> dict[str, str]:
    """The variables that stand where a secret belongs, each with the sort of secret."""
    names: dict[str, str] = {}
    todo = [value]
    while todo:
        match todo.pop():
            case dict() as each:
                key, text = each.get("key"), each.get("value")
                if isinstance(key, str) and isinstance(text, str):
                    means, name = _means(key), only_reference(text)
                    if means and name:
                        names.setdefault(name, _sort(means))
                todo.extend(each.values())
            case list() as listed:
                todo.extend(listed)
    return names


def _may_hold(text: str) -> bool:
    low = text.lower()
    return any(hint in low for hint in _HINTS)


def _in_text(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _in_code(text):
        sort = _sort(_joined(match["name"]))
        if _looks_random(match["secret"], sort):
            yield *match.span("secret"), sort
    yield from _shapes(text)  # which tell more, where both know a secret


def _in_code(text: str) -> Iterator[re.Match[str]]:
    """The texts that code or an address gives to a name for a secret."""
    seen = -1
    for hint in _WORD_IN_CODE.finditer(text):
        before = _WORD_BEFORE.search(text, max(0, hint.start() - LONGEST_NAME), hint.start())
        start = before.start() if before is not None else hint.start()
        if start == seen or (start and _is_word(text[start - 1])):
            continue
        seen = start
        found = _IN_CODE.match(text, start)
        if found is None and start and text[start - 1] in "?&":
            found = _IN_QUERY.match(text, start)
        if found is not None:
            yield found


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _shapes(text: str) -> Iterator[tuple[int, int, str]]:
    for what, shape in _SHAPES:
        for match in shape.finditer(text):
            group = match.lastgroup or 0
            if not _PLACEHOLDER.search(match[group][: 4 * SHORT]):
                yield *match.span(group), what


def _looks_random(text: str, means: str) -> bool:
    """Is it long and mixed enough to be a secret, and no note that one belongs here?"""
    text = text.strip()
    least = 6 if "passw" in means else SHORT
    if len(text) < least or _PLACEHOLDER.search(text) or re.search(r"\s", text):
        return False
    mixed = re.search(r"\d", text) and re.search(r"[A-Za-z]", text)
    return bool(mixed) and len(set(text)) >= least // 2 and not text.startswith(("http:", "https:"))


def _trimmed(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())


@lru_cache(maxsize=4096)
def _means(name: str) -> str:
    """What makes the name of a setting that of a secret; an empty text where nothing does."""
    found = _MEANS.search(_joined(name))
    return found[0] if found else ""


def _joined(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def _sort(means: str) -> str:
    return next((what for pattern, what in _WORDS if pattern.search(means)), "secret")
