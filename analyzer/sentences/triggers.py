"""Triggers in words: on which pages, after what, and if what else."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.conditions import atoms
from analyzer.model import NEVER, And, Atom, Condition, Moment, Not, Or, Trigger
from analyzer.sentences.words import ELEMENTS, OF_PAGES, joined

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
DENIED = {
    "is": "is not",
    "contains": "does not contain",
    "starts with": "does not start with",
    "ends with": "does not end with",
    "matches the pattern": "does not match the pattern",
    "is more than": "is at most",
    "is at least": "is less than",
    "is less than": "is at least",
    "is at most": "is more than",
    "is found by the selector": "is not found by the selector",
    "is the address": "is not the address",
}
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
    "event-data": "the event's '{}'",
    "client": "the client that takes it in",
}


def where_and_when(trigger: Trigger) -> str:
    """One trigger, with what blocks the tag: on which pages, after what, and if what else."""
    if trigger.scope == "unresolved":
        return f"on {trigger.said}"
    if _never_holds(trigger.page):
        return f"never on the trigger '{trigger.name}', whose conditions cannot hold together"
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


def _never_holds(page: Condition) -> bool:
    return page == NEVER or (isinstance(page, And) and NEVER in page.parts)


def _is_of_pages(part: Condition) -> bool:
    found = list(atoms(part))
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
        case Not(part=Atom() as atom):
            return _said(atom, denied=True)
        case Not(part=inner):
            return f"not ({_question(inner)})"
        case Or(parts=parts):
            return " or whose ".join(_question(each) for each in parts)
        case And(parts=parts):
            return " and ".join(_question(each) for each in parts)


def _said(atom: Atom, denied: bool = False) -> str:
    """What an atom asks, or its opposite, without the article before it."""
    subject = SUBJECTS.get(atom.about) or _subject(atom).removeprefix("the ")
    if atom.test == "true":
        return f"not ({subject})" if denied else subject
    if atom.test == "equals" and atom.value == "undefined":
        return f"{subject} is {'' if denied else 'not '}set"
    case = " in any letter case" if atom.test == "matches-anycase" else ""
    test = TESTS.get(atom.test, atom.test)
    return f"{subject} {DENIED.get(test, f'not {test}') if denied else test} {_value(atom)}{case}"


def _value(atom: Atom) -> str:
    return atom.value if atom.about in ("path", "host", "url") else f"'{atom.value}'"


# ---------------------------------------------------------------- when, and if what


def _after(trigger: Trigger, others: Sequence[Condition]) -> tuple[str, list[Condition]]:
    """The moment in words, and the conditions that the words do not hold yet."""
    left = list(others)
    if trigger.event:
        comes = "arrives" if trigger.moment is Moment.SERVER else "is pushed"
        return f"when the event {_event(trigger.event)} {comes}", left
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
            return _with_article(_said(part))
        case Not(part=Atom() as atom) if atom.about != "unknown":
            return _with_article(_said(atom, denied=True))
        case Not(part=inner):
            return f"not ({_clause(inner)})"
        case Or(parts=parts):
            return joined([_clause(each) for each in parts], "or") if parts else "nothing"
        case And(parts=parts):
            return joined([_clause(each) for each in parts])


def _with_article(words: str) -> str:
    bare = words.startswith(("the ", "what ", "how ", "not ", "whose ", "whether "))
    return words if bare else f"the {words}"


def _subject(atom: Atom) -> str:
    if atom.about == "element" and atom.name in ELEMENTS:
        return ELEMENTS[atom.name]
    words = ABOUT.get(atom.about)
    return words.format(atom.name) if words else f"{atom.about} {atom.name}".strip()
