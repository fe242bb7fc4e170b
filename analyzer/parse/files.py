"""One file to its facts: chooses the reader by what the file is, and turns trouble into a skip."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from analyzer.engines import is_template
from analyzer.model import (
    Call,
    Fact,
    Include,
    Library,
    Opener,
    Package,
    Parsed,
    Skip,
    Source,
    Vocabulary,
)
from analyzer.parse import policies, presence
from analyzer.parse.budget import TooSlow
from analyzer.parse.config import is_config
from analyzer.parse.manifests import is_manifest
from analyzer.parse.prefilter import has_anchor, hides_words
from analyzer.parse.server import is_program
from analyzer.parse.values.registries import package_at

SCRIPT_SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".es6")
# What links scripts to each other; the prefilter never looks at this, so that no page is lost.
IMPORT_WORDS = (b"from", b"import", b"require")
IMPORT = re.compile(
    rb"""(?<![\w$.])(?:from|import\s*+\(?|require\s*+\()\s*+(?:/\*(?:[^*]|\*(?!/)){0,300}+\*/\s*+){0,3}+"""
    rb"""(?:"([^"\n]{1,300})"|'([^'\n]{1,300})'|`([^`$\n]{1,300})`)"""
)
MOST_IMPORTS = 2_000
SELDOM = (100_000, 50, 100)  # what is made of a file is needed to its end: there is no garbage yet
LARGEST_MODULE = 200_000  # bytes of a script that people write
SERVER = re.compile(r"(?:^|/)(?:app|pages)/(?:.+/)?api/|/route\.[jt]sx?$|\.config\.[cm]?[jt]s$")
PUSHES_BY_NAME = re.compile(
    rb"(?i:track|gtm|analytic|data_?layer|conversion)\w{0,40}\s{0,4}\(\s{0,20}[\"'`{]"
)
OPENS = re.compile(rb"createElement\(\s{0,9}[\"'`](?:script|iframe|img)\b|new Image\b|sendBeacon\(")
HOSTED = re.compile(rb"[\"'`](?:https?:)?//([\w.-]{4,80})")
MOST_HOSTS = 50  # of one module
LOCAL_IMPORT = re.compile(
    rb"""(?:from|import\s{0,9}\(?)\s{0,9}["'](?:\.{0,2}/|[@~#][\w/-]|[\w-]{1,60}/)"""
)


def is_script(path: str) -> bool:
    """Is the file a script, by its name?"""
    low = path.lower()
    return low.endswith(SCRIPT_SUFFIXES) and not low.endswith(".d.ts")


def holds_scripts(path: str) -> bool:
    """May the file hold what browsers run: is it a script, a page or a template?"""
    return is_script(path) or is_template(path.lower())


def is_readable(path: str) -> bool:
    """Is the file of a kind that this room reads?"""
    low = path.lower()
    known = is_script(low) or is_template(low) or is_config(low)
    return known or is_manifest(path) or is_program(low) or policies.is_read(path)


def parse(source: Source, vocabulary: Vocabulary, thorough: bool = False) -> Parsed:
    """What the file says. With `thorough` scripts are parsed even when they hold none of the
    words.
    """
    path, data = source.path, source.data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
        source = Source(path, data)
    if b"\0" in data[:8192]:
        return Parsed(path, skips=(Skip(path, "it is not text"),))
    facts: list[Fact] = []
    skips: list[Skip] = []
    try:
        with _seldom_collected():
            for each in _read(source, vocabulary, thorough):
                (skips if isinstance(each, Skip) else facts).append(each)  # type: ignore[arg-type]
        if is_program(path):
            facts.extend(_in_texts(source, facts, vocabulary))
        facts.extend(presence.asked_for(source, facts))
    except (RecursionError, MemoryError) as trouble:
        what = (
            "it is nested too deeply"
            if isinstance(trouble, RecursionError)
            else "it needs more memory than there is"
        )
        skips.append(Skip(path, f"{what}; {len(facts)} facts before that were kept", kind="partly"))
    except TooSlow as trouble:
        skips.append(Skip(path, str(trouble), kind="partly"))
    except Exception as trouble:  # our own mistake must not end the run, nor be hidden
        skips.append(
            Skip(
                path,
                f"trackerlint failed on it ({type(trouble).__name__}); please report this file",
            )
        )
    return Parsed(path, tuple(facts), tuple(skips))


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage less often: of a big script that takes a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _read(source: Source, vocabulary: Vocabulary, thorough: bool) -> Iterator[Fact | Skip]:
    low = source.path.lower()
    if is_manifest(source.path):
        from analyzer.parse import manifests

        yield from manifests.facts_of(source)
    if is_program(low):
        from analyzer.parse import server

        yield from server.facts_of(source, vocabulary, thorough)
    if is_script(low):
        present: list[Library] = []
        if vocabulary.libraries:
            from analyzer.parse.scripts import libraries

            present.extend(libraries.facts_of(source, vocabulary))
            yield from present
        data = source.data
        if thorough or present or has_anchor(data, vocabulary) or hides_words(data):
            from analyzer.parse.scripts import javascript

            yield from javascript.facts_of(source, vocabulary, present)
        elif is_looked_at(low, source.data):
            from analyzer.parse.scripts import javascript

            yield from (fact for fact in imports_of(source) if isinstance(fact, Package))
            yield from javascript.uses_of(source)
        else:
            yield from imports_of(source)
        yield from _openers(source, vocabulary)
    elif is_template(low):
        from analyzer.parse import html

        yield from html.facts_of(source, vocabulary)
    elif is_config(low) and not is_manifest(source.path):
        from analyzer.parse import config

        yield from config.facts_of(source, vocabulary)
    if policies.may_hold(source.data):
        yield from policies.facts_of(source)


def _openers(source: Source, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Where a module makes elements that load what it may be given, and names vendors' hosts."""
    data = source.data
    if len(data) > LARGEST_MODULE or b"export" not in data:
        return
    if found := OPENS.search(data):
        yield Opener(place=source.place(*found.span()))
    for found in islice(HOSTED.finditer(data), MOST_HOSTS):
        if has_anchor(found[1], vocabulary):
            host = found[1].decode("ascii", "replace")
            yield Opener(place=source.place(*found.span(1)), host=host)


def _in_texts(source: Source, known: Sequence[Fact], vocabulary: Vocabulary) -> Iterator[Fact]:
    """What the texts of a program show, where its file does not show it already as a page does."""
    from analyzer.parse import server

    seen = {_key(each) for each in known}
    yield from (fact for fact in server.snippets_of(source, vocabulary) if _key(fact) not in seen)


def _key(fact: Fact) -> tuple[object, ...]:
    """What two readings of one line have in common, if they read the same."""
    first = fact.args[0] if isinstance(fact, Call) and fact.args else None
    word = first if isinstance(first, str) else None
    return type(fact), fact.place.line, getattr(fact, "callee", ""), word


def is_looked_at(path: str, data: bytes) -> bool:
    """Can it matter how a script without vendors uses what it imports? Only a module of a usual
    size that takes something from its own repository, one that shows its children, or a script
    that calls what may push events, and that is sent to browsers.
    """
    if len(data) > LARGEST_MODULE or SERVER.search(path):
        return False
    if LOCAL_IMPORT.search(data) is not None or b"children" in data:
        return True
    return PUSHES_BY_NAME.search(data) is not None


def imports_of(source: Source) -> Iterator[Fact]:
    """The files and packages that a script asks for, found without parsing it."""
    for found in sorted(_imports(source.data), key=lambda each: each.start()):
        target = (found[1] or found[2] or found[3]).decode("utf-8", "replace")
        place = source.place(found.start(), found.end())
        if target.startswith((".", "/", "@/", "~/", "#")):
            yield Include(place=place, how="imports", target=target)
        elif package := package_at(target):
            yield Package(place=place, ecosystem="npm", name=package)
        elif not target.startswith(("http:", "https:")):
            yield Package(place=place, ecosystem="npm", name=target)
            # It may be the name of a folder of this repository: a workspace, or an alias.
            yield Include(place=place, how="imports", target=target)


def _imports(data: bytes) -> Iterator[re.Match[bytes]]:
    """Each import that is written; looking for plain words first is five times faster."""
    count = 0
    for word in IMPORT_WORDS:
        at = data.find(word)
        while at >= 0 and count < MOST_IMPORTS:
            if found := IMPORT.match(data, at):
                count += 1
                yield found
            at = data.find(word, at + len(word))
