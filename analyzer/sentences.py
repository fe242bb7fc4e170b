"""A container's tags in plain sentences: where each fires, after what, and what it sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analyzer.model import (
    And,
    Atom,
    Condition,
    Consent,
    ContainerReport,
    Datum,
    Moment,
    Not,
    Or,
    Origin,
    OriginKind,
    Tag,
    TagReport,
    Trigger,
    Vendor,
    holes,
    shown,
)

MOST_TRIGGERS = 6  # sentences about where one tag fires
MOST_DATA = 12  # pieces of data that one sentence lists
LONGEST_VALUE = 60  # characters of a constant that is sent
ELEMENTS = {  # what a tag manager calls a part of the page, and what people call it
    "click url": "the address of the link",
    "click text": "the text that is clicked",
    "click classes": "the class of what is clicked",
    "click id": "the id of what is clicked",
    "click element": "what is clicked",
    "click target": "the target of the link",
    "form id": "the id of the form",
    "form classes": "the class of the form",
    "form url": "the address that the form is sent to",
    "form text": "the text of the form",
    "form element": "the form",
    "form target": "the target of the form",
    "scroll depth threshold": "how far the page is scrolled",
}
FOUND = " found on the page"  # ends the name of what a vendor's own code looks for
OF_PAGES = frozenset({"path", "url", "host", "query", "referrer"})
SUBJECTS = {"path": "path", "url": "address", "host": "host name", "referrer": "referrer"}
TESTS = {
    "equals": "is",
    "contains": "contains",
    "starts-with": "starts with",
    "ends-with": "ends with",
    "matches": "matches the pattern",
    "matches-anycase": "matches the pattern",
    "greater": "is more than",
    "greater-or-equals": "is at least",
    "less": "is less than",
    "less-or-equals": "is at most",
    "selects": "is found by the selector",
    "same-url": "is the address",
}
DENIED = {"is": "is not", "contains": "does not contain", "starts with": "does not start with"}
UNSET = " is not set"
LINKS = {"tel:": "a link to a phone number", "mailto:": "a link to an e-mail address"}
AFTER = {
    "click": "a click",
    "form-submit": "a form is submitted",
    "scroll": "scrolling",
    "timer": "some time",
    "visibility": "an element comes into view",
    "video": "somebody plays a video",
    "history": "the address changes without a new page",
    "js-error": "a script fails",
}
ABOUT = {
    "consent": "the visitor's consent to {}",
    "signed-in": "being signed in ({})",
    "data-layer": "the data-layer key '{}'",
    "cookie": "the cookie '{}'",
    "storage": "the stored value '{}'",
    "element": "the page's {}",
    "environment": "the environment {}",
    "variable": "the variable '{}'",
    "query": "the query parameter '{}'",
    "event": "the event",
}
ORIGINS = {
    OriginKind.FIELD: "the form field {}",
    OriginKind.ADDRESS: "the page's address",
    OriginKind.QUERY: "the query parameter '{}'",
    OriginKind.TITLE: "the page's title",
    OriginKind.REFERRER: "the page before",
    OriginKind.COOKIE: "the cookie '{}'",
    OriginKind.STORAGE: "the browser's storage '{}'",
    OriginKind.TEMPLATE: "the template's '{}'",
    OriginKind.DATA_LAYER: "the data-layer key '{}'",
    OriginKind.ELEMENT: "the page's {}",
    OriginKind.HASH: "a hash",
    OriginKind.ENVIRONMENT: "the environment's {}",
    OriginKind.GLOBAL: "the script variable '{}'",
    OriginKind.EVENT: "the event's '{}'",
}


def fires(report: TagReport, container: ContainerReport) -> tuple[str, ...]:
    """Where and when a tag fires: a sentence a trigger, without the full stop."""
    tag = report.tag
    if tag.paused:
        return ("is paused, and fires nowhere",)
    sentences = [f"fires {where_and_when(each)}" for each in tag.triggers]
    mains = {each.tag.name for each in container.tags if not each.tag.paused}
    for name in tag.along:
        idle = "" if name in mains else ", which is paused or not there"
        sentences.append(f"runs along with the tag '{name}'{idle}")
    unique = list(_merged(dict.fromkeys(sentences)))
    if len(unique) > MOST_TRIGGERS:
        rest = len(unique) - MOST_TRIGGERS
        unique = [*unique[:MOST_TRIGGERS], f"and on {rest} more triggers"]
    return tuple(unique) or ("never fires: no trigger starts it",)


def _merged(sentences: Iterable[str]) -> Iterator[str]:
    """Sentences that differ in their last quoted word only, as one: 'a', 'b' or 'c'."""
    ends: dict[str, list[str]] = {}
    for each in sentences:
        head, quote, rest = each.rpartition(" '")
        whole = not quote or not rest.endswith("'")
        ends.setdefault(each if whole else head, []).extend([] if whole else [f"'{rest}"])
    for head, words in ends.items():
        yield f"{head} {joined(words, 'or')}" if words else head


def where_and_when(trigger: Trigger) -> str:
    """One trigger, with what blocks the tag: on which pages, after what, and if what else."""
    if trigger.scope == "unresolved":
        return f"on {trigger.said}"
    parts = list(trigger.page.parts) if isinstance(trigger.page, And) else [trigger.page]
    pages = [part for part in parts if _is_of_pages(part)]
    others = [part for part in parts if part not in pages]
    after, left = _after(trigger, others)
    words = [_where(pages) if trigger.moment is not Moment.SERVER else _at_server(trigger, pages)]
    if after:
        words.append(after)
    if left:
        words.append("if " + " and ".join(_clause(part) for part in left))
    return ", ".join(word for word in words if word)


def sends(data: Sequence[Datum]) -> tuple[str, ...]:
    """What a tag hands over: each piece of data with where it comes from."""
    told = []
    for datum in data:
        origins = list(dict.fromkeys(_source(hole.origin) for hole in holes(datum.value)))
        if origins:
            told.append(f"{datum.name} from {' and '.join(origins)}")
        else:
            value = " ".join(shown(datum.value).split())
            value = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
            told.append(f"{datum.name} '{value}'")
    unique = list(dict.fromkeys(told))
    if len(unique) > MOST_DATA:
        unique = [*unique[:MOST_DATA], f"and {len(unique) - MOST_DATA} more"]
    return tuple(unique)


def consent(asked: Consent) -> str:
    """What a tag's own consent setting says."""
    if asked.status == "NEEDED":
        kinds = " and ".join(asked.types) or "consent"
        return f"waits for consent to {kinds}"
    if asked.status == "NOT_NEEDED":
        return "is set to need no additional consent"
    return "has no consent setting"


def kind_of(tag: Tag) -> str:
    """What a tag is when no vendor is known for it."""
    if tag.template:
        return f"template {tag.template}"
    return {"html": "custom HTML", "img": "custom image"}.get(tag.type, f"type {tag.type}")


def agreement(vendor: Vendor) -> str:
    """What is known of business associate agreements, with its date."""
    words = {
        "yes": "offers a business associate agreement",
        "no": "offers no business associate agreement",
        "plan-dependent": "offers a business associate agreement on some plans",
    }.get(vendor.baa.offered, "it is not known whether it offers a business associate agreement")
    return f"{words} (as of {vendor.baa.checked})" if vendor.baa.checked else words


def joined(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in prose."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


# ---------------------------------------------------------------- where


def _is_of_pages(part: Condition) -> bool:
    found = list(_atoms(part))
    return bool(found) and all(atom.about in OF_PAGES for atom in found)


def _where(parts: Sequence[Condition]) -> str:
    wanted = [part for part in parts if not isinstance(part, Not)]
    spared = [part.part for part in parts if isinstance(part, Not)]
    words = "on every page"
    if wanted:
        words = f"on pages whose {' and whose '.join(_question(part) for part in wanted)}"
    if spared:
        others = " or whose ".join(_question(part) for part in spared)
        words += f" except those whose {others}" if not wanted else f", except whose {others}"
    return words


def _at_server(trigger: Trigger, pages: Sequence[Condition]) -> str:
    return "for every event that reaches the server" if not trigger.event and not pages else ""


def _question(part: Condition) -> str:
    match part:
        case Atom():
            return _said(part)
        case Not(part=inner):
            return _denied(_question(inner))
        case Or(parts=parts):
            return " or whose ".join(_question(each) for each in parts)
        case And(parts=parts):
            return " and ".join(_question(each) for each in parts)


def _said(atom: Atom) -> str:
    subject = SUBJECTS.get(atom.about) or _subject(atom).removeprefix("the ")
    if atom.test == "true":
        return subject
    if atom.test == "equals" and atom.value == "undefined":
        return f"{subject}{UNSET}"
    case = " in any case" if atom.test == "matches-anycase" else ""
    return f"{subject} {TESTS.get(atom.test, atom.test)} {_value(atom)}{case}"


def _value(atom: Atom) -> str:
    return atom.value if atom.about in ("path", "host", "url") else f"'{atom.value}'"


def _denied(words: str) -> str:
    if words.endswith(UNSET):
        return f"{words.removesuffix(UNSET)} is set"
    for test, opposite in DENIED.items():
        if f" {test} " in words:
            return words.replace(f" {test} ", f" {opposite} ", 1)
    return f"not ({words})"


# ---------------------------------------------------------------- when, and if what


def _after(trigger: Trigger, others: Sequence[Condition]) -> tuple[str, list[Condition]]:
    """The moment in words, and the conditions that the words do not hold yet."""
    left = list(others)
    if trigger.event:
        return f"when the event {_event(trigger.event)} is pushed", left
    if trigger.scope == "trigger-group":
        return trigger.said.split(" where ")[0], left
    words = AFTER.get(trigger.scope, "")
    if not words:
        return "", left
    if trigger.scope == "click":
        words, left = _click(trigger, left)
    lead = "when" if trigger.scope in ("visibility", "video", "history", "js-error") else "after"
    return f"{lead} {words}", left


def _click(trigger: Trigger, others: Sequence[Condition]) -> tuple[str, list[Condition]]:
    """A click on what: a phone number, a text, or whatever a link leads to."""
    on = "a link" if trigger.said.startswith("link") else ""
    left: list[Condition] = []
    for part in others:
        if isinstance(part, Atom) and part.about == "element":
            if part.name.endswith("url") and part.value in LINKS:
                on = LINKS[part.value]
                continue
            if part.name.endswith("text") and part.test == "equals":
                on = f"{on or 'what is called'} '{part.value}'"
                continue
        left.append(part)
    return f"a click on {on}" if on else "a click", left


def _event(name: str) -> str:
    return f"that fits {name}" if name.startswith("/") else f"'{name}'"


def _clause(part: Condition) -> str:
    match part:
        case Atom(about="unknown", name=name):
            return name
        case Atom():
            words = _said(part)
            return words if words.startswith(("the ", "what ")) else f"the {words}"
        case Not(part=inner):
            return _denied(_clause(inner))
        case Or(parts=parts):
            return joined([_clause(each) for each in parts], "or") if parts else "nothing"
        case And(parts=parts):
            return joined([_clause(each) for each in parts])


def _subject(atom: Atom) -> str:
    if atom.about == "element" and atom.name in ELEMENTS:
        return ELEMENTS[atom.name]
    words = ABOUT.get(atom.about)
    return words.format(atom.name) if words else f"{atom.about} {atom.name}".strip()


# ---------------------------------------------------------------- values


def _source(origin: Origin) -> str:
    """Where a value is born, through all that hands it on."""
    words = _own(origin)
    behind = list(dict.fromkeys(_own(each) for each in _first(origin.of)))
    if origin.kind is OriginKind.HASH and behind:
        return f"a hash of {' and '.join(behind)}"
    if origin.kind is OriginKind.DATA_LAYER and behind:
        return f"{words}, which is {' or '.join(behind)}"
    return words or " and ".join(behind) or "a value that is not known"


def _first(origins: Iterable[Origin]) -> Iterator[Origin]:
    """What stands at the beginning of each way; a field's own label says more than a selector."""
    for origin in origins:
        if origin.of and origin.kind is not OriginKind.HASH:
            yield from _first(origin.of)
        else:
            yield origin


def _own(origin: Origin) -> str:
    if origin.name.endswith(FOUND):
        return f"what looks like one on the page ({origin.name.removesuffix(FOUND)})"
    if origin.kind is OriginKind.ELEMENT and origin.name in ELEMENTS:
        return ELEMENTS[origin.name]
    if origin.kind is OriginKind.EVENT and origin.name.startswith("request header "):
        return f"the request's header {origin.name.removeprefix('request header ')}"
    if origin.kind is OriginKind.CONSTANT:
        return f"always {origin.name}" if origin.name else "a constant"
    words = ORIGINS.get(origin.kind)
    if words is None:
        return f"'{origin.name}'" if origin.name else ""
    return (
        words.format(origin.name).strip()
        if origin.name
        else words.replace(" '{}'", "").replace(" {}", "")
    )


def _atoms(condition: Condition) -> Iterator[Atom]:
    match condition:
        case Atom():
            yield condition
        case Not(part=part):
            yield from _atoms(part)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _atoms(part)
