"""What a React page or a middleware asks of visitors before it lets them in, by its code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.conditions import all_of, atoms, matches, verdict
from analyzer.model import ALWAYS, Atom, Condition, Fact, Source, Verdict
from analyzer.parse.scripts.components import Components
from analyzer.parse.scripts.grammar import TooSlow, dialect_of, parsed

LOGIN = r"(?:log-?_?in|sign-?_?in|auth|sso|unauthori[sz]ed|session)"
LARGEST = 500_000  # bytes of a script that people write
COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|(?<![:\"'`/\w])//[^\n]*+", re.S)
REDIRECTS = re.compile(
    r"\b(?P<word>redirect|permanentRedirect|rewrite)\s*\((?P<rest>[^;]{0,160})"
    r"|\b(?P<sure>redirectToSignIn|auth(?:\(\))?\.protect)\s*\("
)
PUSHES = re.compile(
    r"(?:!\s{0,9}\(?\w{0,40}?(?:user|session|auth|token|logged|signed)\w{0,40}|unauthenticated)[^;]{0,200}?"
    r"\brouter\s*\.\s*(?:push|replace)\(\s*[\"'`]/[\w/\[\]$\{\}-]{0,100}?" + LOGIN,
    re.I | re.S,
)
DESTINATION = re.compile(r"destination\s*:\s*[\"'`]/[\w/-]{0,100}?" + LOGIN, re.I)
REQUIRES = re.compile(
    r"(?<![\w$.])(?:require(?:Auth|User|Session|Login|Admin|Role|Patient|Staff|Provider|Permission)\w*"
    r"|ensure(?:Auth|Logged|Signed|User)\w*|with(?:Auth|PageAuthRequired|Protected|ServerSideAuth)\w*"
    r"|auth(?:\(\))?\.protect|redirectToSignIn)(?=\s*[(<])"
)
GUARD_TAG = re.compile(
    r"<(?P<name>(?:Require|With|Admin|Is)?Auth(?:Guard|Gate|Required|Check|Wrapper|Protected|enticated)\w*"
    r"|Protected\w*|Private(?:Route|Page|Layout|Area)\w*|Require(?:Auth|Login|User|Session|Role)\w*"
    r"|(?:Login|Session|Role|Permission|Admin)(?:Guard|Gate|Required)|AuthenticatedTemplate|SignedIn"
    r"|RedirectToSignIn)\b"
)
MATCHER = re.compile(
    r"\bmatcher\s*:\s*(?:\[(?P<list>[^;]{0,4000}?)\]\s*,?\s*\}|(?P<one>[\"'`][^\n]*))", re.S
)
NAMED = re.compile(r"\bimport\b[^;\n]*|\b(?:function|class|const|let)\s+\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks(Fact):
    """A page, a layout or a middleware asks who the visitor is.

    `words` say by what. A `middleware` asks where `condition` may hold and one of `matchers` fits,
    any address where it has none.
    """

    words: tuple[str, ...]
    condition: Condition = ALWAYS
    matchers: tuple[str, ...] = ()
    middleware: bool = False

    def about(self, address: str) -> bool:
        """Does the middleware ask at this address? Where it cannot be decided it does not."""
        if self.matchers and not any(_fits(each, address) for each in self.matchers):
            return False
        asked = [atom for atom in atoms(self.condition) if atom.about == "path"]
        if any(_answer(atom, address) is Verdict.MAYBE for atom in asked):
            return False
        return verdict(self.condition, lambda atom: _answer(atom, address)) is not Verdict.NO


def of_component(source: Source) -> Iterator[Asks]:
    """What a page or a layout asks by itself."""
    if len(source.data) > LARGEST:
        return
    text = COMMENT.sub(" ", source.data.decode("utf-8", "replace"))
    words: list[str] = []
    for found in REDIRECTS.finditer(text):
        if found["sure"] or re.search(r"[\"'`]/?[^\"'`]{0,80}" + LOGIN, found["rest"], re.I):
            words.append(f"{found['word'] or found['sure']} to sign in")
    if PUSHES.search(text):
        words.append("redirect to sign in")
    if DESTINATION.search(text):
        words.append("redirect to sign in")
    words.extend(found[0] for found in REQUIRES.finditer(NAMED.sub(" ", text)))
    words.extend(f"<{found['name']}>" for found in GUARD_TAG.finditer(text))
    if words:
        yield Asks(place=source.place(0, 0), words=tuple(dict.fromkeys(words))[:6])


def of_middleware(source: Source) -> Iterator[Asks]:
    """Where a middleware sends visitors who have not signed in away."""
    if len(source.data) > LARGEST:
        return
    text = source.data.decode("utf-8", "replace")
    found = _matchers(text)
    if re.search(r"next-auth/middleware|\bwithAuth\s*\(", text):
        word = "next-auth middleware"
        yield Asks(place=source.place(0, 0), words=(word,), matchers=found, middleware=True)
        return
    try:
        root = parsed(source.data, dialect_of(source.path))
    except TooSlow:
        return
    script = Components(source, source.data, root)
    for each in REDIRECTS.finditer(source.data.decode("latin-1")):
        if each["word"] and not re.search(r"[\"'`]/?[^\"'`]{0,80}" + LOGIN, each["rest"], re.I):
            continue
        guards = script.guards_at(each.start())
        if guards is None:
            continue
        condition = all_of(*(guard.condition for guard in guards))
        yield Asks(
            place=source.place(each.start(), each.end()),
            words=("middleware redirects to sign in",),
            condition=condition,
            matchers=found,
            middleware=True,
        )


def _matchers(text: str) -> tuple[str, ...]:
    """The literal matchers of a middleware, as regular expressions."""
    found = MATCHER.search(text)
    if found is None:
        return ()
    body = COMMENT.sub(" ", found["list"] or found["one"])
    return tuple(each[2] for each in re.finditer(r"([\"'`])((?:(?!\1)[^\n]){1,300})\1", body))


def _fits(matcher: str, address: str) -> bool:
    """Does a matcher such as `/portal/:path*` or `/((?!api).*)` fit an address?"""
    written = re.sub(r"/:\w+\*", "(?:/.*)?", matcher)
    written = re.sub(r"/:\w+\+", "/.+", written)
    written = re.sub(r":\w+", "[^/]+", written)
    written = written.replace("(.*)", ".*")
    plain = address.replace("**", "x").replace("*", "x")
    said = matches(Atom("path", "", "matches", f"^{written}$"), plain)
    return said is not False


def _answer(atom: Atom, address: str) -> Verdict:
    """The answer to a question about the path, at an address with `*` for what varies."""
    if atom.about != "path":
        return Verdict.MAYBE
    head, star, _ = address.partition("*")
    if not star:
        said = matches(atom, address)
        return Verdict.MAYBE if said is None else Verdict.YES if said else Verdict.NO
    if atom.test in ("starts-with", "equals") and not atom.value.startswith(head):
        begins = atom.test == "starts-with" and head.startswith(atom.value)
        return Verdict.YES if begins else Verdict.NO
    if atom.test == "contains":
        return Verdict.YES if atom.value in head else Verdict.NO
    return Verdict.MAYBE
