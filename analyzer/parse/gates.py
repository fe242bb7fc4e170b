"""Scripts and frames that are held back: by a consent manager's mark, or by their type."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.conditions import CONSENT_WORDS
from analyzer.model import NEVER, Atom, Guard

# Attributes by which a consent manager, or the site itself, holds a script back until the visitor
# agrees.
MARKS = re.compile(
    r"^data-(?:cookie-?consent|cookiecategory|cookie-?category|usercentrics|category(?:-consent)?|consent[\w-]*"
    r"|cookieyes|cmp-[\w-]+|gdpr[\w-]*|iub-purposes|cmplz[\w-]*|service|ot-[\w-]+|cc[\w-]*)$"
)
CLASSES = re.compile(
    r"optanon-category-\w+|_iub_cs_activate\w*|cmplz-\w+|cky-\w+|ot-\w*consent\w*", re.I
)
HELD_BACK = frozenset({"text/plain", "text/x-blocked", "javascript/blocked"})
# Types of scripts that browsers run, or that a part of the page turns into one that they do.
RUN = frozenset(
    {
        "",
        "text/javascript",
        "application/javascript",
        "module",
        "text/ecmascript",
        "application/ecmascript",
        "application/x-javascript",
        "application/x-ecmascript",
        "text/x-javascript",
        "text/x-ecmascript",
        "text/livescript",
        "text/jscript",
        "text/partytown",
        "text/gtmscript",
        "text/jsx",
        "text/babel",
        "text/typescript",
        "text/rocketscript",
        "text/rocketlazyloadscript",
        "rocketlazyloadscript",
        "litespeed/javascript",
        "application/javascript-deferred",
    }
)
VERSIONED = re.compile(r"^text/javascript1\.[0-5]$")
# Cloudflare puts a key in front of the type of each script that it runs by itself.
KEYED = re.compile(r"^[0-9a-f]{16,40}-(?=text/javascript$|module$|application/javascript$)")


def type_of(written: str) -> str:
    """A script's type without what does not matter."""
    kind = KEYED.sub("", written.strip().lower().partition(";")[0].strip())
    return "text/javascript" if VERSIONED.match(kind) else kind


def is_run(kind: str) -> bool:
    """Does a browser, or a helper that the page has, run a script of this type?"""
    return kind in RUN


def is_data(kind: str) -> bool:
    """Does a script of this type hold something else than a script?"""
    return any(word in kind for word in ("json", "template", "html", "map", "rules", "shader"))


def gate_of(
    names: Sequence[str], classes: str, kind: str, is_script: bool, is_moved: bool
) -> tuple[Guard, ...]:
    """The guard of an element by its attributes' names, its classes and its type.

    `is_moved` tells that its address stands in another attribute than the one browsers read.
    """
    mark = next((name for name in names if MARKS.match(name)), "")
    by_class = CLASSES.search(classes)
    mark = mark or (by_class[0] if by_class else "")
    blocked = is_script and kind in HELD_BACK
    if mark and (blocked or is_moved):
        return (Guard(Atom("consent", mark), f"held back by {mark}", "consent"),)
    if blocked:
        return (Guard(NEVER, "the script's type keeps it from running", "disabled"),)
    if mark and CONSENT_WORDS.search(mark):
        return (Guard(Atom("consent", mark), f"marked {mark}", "consent"),)
    return ()
