"""One file to its facts: chooses the reader by what the file is, and turns trouble into a skip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.engines import is_template
from analyzer.model import Fact, Include, Package, Parsed, Skip, Source, Vocabulary
from analyzer.parse.config import is_config
from analyzer.parse.prefilter import has_anchor

SCRIPT_SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".es6")
MANIFEST = "package.json"
# What links scripts to each other; the prefilter never looks at this, so that no page is lost.
IMPORT = re.compile(
    rb"""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(?:"([^"\n]{1,300})"|'([^'\n]{1,300})')""")
MOST_IMPORTS = 2_000


def is_script(path: str) -> bool:
    """Is the file a script, by its name?"""
    low = path.lower()
    return low.endswith(SCRIPT_SUFFIXES) and not low.endswith(".d.ts")


def is_readable(path: str) -> bool:
    """Is the file of a kind that this room reads?"""
    low = path.lower()
    return is_script(low) or is_template(low) or is_config(low) or low.rpartition("/")[2] == MANIFEST


def parse(source: Source, vocabulary: Vocabulary, thorough: bool = False) -> Parsed:
    """What the file says. With `thorough` scripts are parsed even when they hold none of the words."""
    path, data = source.path, source.data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
        source = Source(path, data)
    if b"\0" in data[:8192]:
        return Parsed(path, skips=(Skip(path, "it is not text"),))
    facts: list[Fact] = []
    skips: list[Skip] = []
    try:
        for each in _read(source, vocabulary, thorough):
            (skips if isinstance(each, Skip) else facts).append(each)  # type: ignore[arg-type]
    except (RecursionError, MemoryError) as trouble:
        what = "it is nested too deeply" if isinstance(trouble, RecursionError) else "it needs more memory than there is"
        skips.append(Skip(path, f"{what}; {len(facts)} facts before that were kept"))
    except Exception as trouble:  # our own mistake must not end the run, nor be hidden
        skips.append(Skip(path, f"trackerlint failed on it ({type(trouble).__name__}); please report this file"))
    return Parsed(path, tuple(facts), tuple(skips))


def _read(source: Source, vocabulary: Vocabulary, thorough: bool) -> Iterator[Fact | Skip]:
    low = source.path.lower()
    if is_script(low):
        if thorough or has_anchor(source.data, vocabulary):
            from analyzer.parse import javascript

            yield from javascript.facts_of(source, vocabulary)
        else:
            yield from imports_of(source)
    elif is_template(low):
        from analyzer.parse import html

        yield from html.facts_of(source, vocabulary)
    elif is_config(low):
        from analyzer.parse import config

        yield from config.facts_of(source, vocabulary)
    elif low.rpartition("/")[2] == MANIFEST:
        from analyzer.parse import manifests

        yield from manifests.npm(source)


def imports_of(source: Source) -> Iterator[Fact]:
    """The files and packages that a script asks for, found without parsing it."""
    for count, found in enumerate(IMPORT.finditer(source.data)):
        if count >= MOST_IMPORTS:
            return
        target = (found[1] or found[2]).decode("utf-8", "replace")
        place = source.place(found.start(), found.end())
        if target.startswith((".", "/", "@/", "~/", "#")):
            yield Include(place=place, how="imports", target=target)
        elif not target.startswith(("http:", "https:")):
            yield Package(place=place, ecosystem="npm", name=target)
