"""Does any input make the readers fail, take its square in time, or point beside what they name?

Takes the pages, scripts and templates of the fixtures and the tests apart, mixes them with what is
known to be awkward, and reads the result again and again. Prints every input that went wrong, with
the seed that makes it anew. Every third input is a small site: the files of some cases of the
fixtures, a few of them damaged, scanned as a whole. Run it in the project's folder, beside the
tests: `python -m benchmarks.fuzz --seconds 300`.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time

from analyzer import frameworks
from analyzer.engines import all_engines
from analyzer.model import Fact, Parsed, Source, Vocabulary
from analyzer.parse.files import parse
from analyzer.pipeline import scan
from analyzer.signatures import load
from tests.markdown_pages import Case, cases_of

ROOT = Path(__file__).parent.parent
SUFFIXES = sorted(
    {".html", ".js", ".jsx", ".ts", ".tsx", ".py", ".rb", ".java", ".cs", ".ex", ".yml"}
    | {suffix for engine in all_engines() for suffix in engine.suffixes}
)
PATIENCE = 3.0  # seconds for one input
PER_MEGABYTE = 6.0  # seconds more for each megabyte of it
AWKWARD = (
    b"{{", b"}}", b"{%", b"%}", b"{#", b"#}", b"<%", b"%>", b"<%=", b"{% raw %}", b"{% if a %}",
    b"{% else %}", b"{% endif %}", b"{% block a %}", b"{{ super() }}", b"<!--", b"-->",
    b"<script>", b"</script>", b"<script src='", b"<noscript>", b"<img src=", b"<![CDATA[",
    b"&quot;", b"`", b"${", b"}", b"'", b'"', b"\\", b"\\u", b"\\x4", b"/*", b"*/", b"//", b"/",
    b"(", b")", b"[", b"]", b"=>", b"function(a){", b"fbq('init', ", b"window.",
    b"dataLayer.push({", b"?.", b"?", b":", b"&&", b"||", b"+", b"...", b"document.write('",
    b".innerHTML=", b"import '", b"require(", b"eval('", b"<Script>{`", b"`}</Script>",
    b"dangerouslySetInnerHTML={{__html: `", b"\r\n", b"\r", b"\n", b"\0", b"\xff", b"\xc3",
    b"<?php ", b"?>", b"@if (", b"@section('a')", b"@{", b"<c:if test='", b"th:if='", b"v-if='",
    b"{#if a}", b"{/if}", b"{{#if a}}", b"{{/if}}", b"{{> a}}", b"<#if a>", b"- if a\n", b"\n  ",
    b"= render 'a'", b"extends a\n", b"---\n", b"\x01if a\x02", b"<<~A\n",
    b"\xef\xbb\xbf", b"\xff\xfe", "é".encode(), "😀".encode(), b"\xed\xa0\x80", b" " * 50,
)  # fmt: skip


def main() -> None:
    options = arguments()
    vocabulary = load().vocabulary
    seeds = list(documents())
    cases = [
        case
        for folder in ("engines", "frameworks", "rules")
        for page in sorted((ROOT / "fixtures" / folder).glob("*.md"))
        for case in cases_of(page)
    ]
    troubles: Counter[str] = Counter()
    ends = monotonic() + options.seconds
    count = 0
    while monotonic() < ends:
        number = options.seed + count
        count += 1
        source = made(number, seeds)
        found = site_troubles(number, cases) if number % 3 == 0 else wrong(source, vocabulary)
        for trouble in found:
            troubles[trouble.partition(":")[0]] += 1
            print(
                f"--seed {number} ({source.path}, {len(source.data)} bytes): {trouble}", flush=True
            )
    print(f"{count:,} inputs, {sum(troubles.values())} troubles", *troubles.items())
    sys.exit(1 if troubles else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the first input (%(default)s)")
    return parser.parse_args()


def documents() -> Iterator[bytes]:
    """What inputs are made of: all fixtures, and the tests, which quote many hostile snippets."""
    for folder in ("fixtures", "tests", "signatures"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.stat().st_size < 200_000 and "__pycache__" not in path.parts:
                yield path.read_bytes()


def made(number: int, seeds: list[bytes]) -> Source:
    """The input with this number; always the same one for the same files."""
    picks = random.Random(number)
    pieces: list[bytes] = []
    for _ in range(picks.choice((1, 3, 10, 40))):
        seed = picks.choice(seeds)
        start = picks.randrange(len(seed) + 1)
        piece = seed[start : start + picks.choice((5, 40, 400, 4000))]
        pieces.append(picks.choice((piece, picks.choice(AWKWARD), piece[: len(piece) // 2])))
    data = b"".join(pieces)
    if picks.random() < 0.3:  # what is harmless once may not be a thousand times
        start = picks.randrange(len(data) + 1)
        data = (
            data[:start] + data[start : start + 60] * picks.choice((10, 300, 3000)) + data[start:]
        )
    for _ in range(picks.choice((0, 1, 5, 30))):
        at = picks.randrange(len(data) + 1)
        data = data[:at] + picks.choice(AWKWARD) + data[at + picks.choice((0, 0, 1, 20)) :]
    return Source(f"input{picks.choice(SUFFIXES)}", data)


def site_troubles(number: int, cases: list[Case]) -> Iterator[str]:
    """What goes wrong with a site of the files of some cases, of which some are damaged."""
    picks = random.Random(number)
    with TemporaryDirectory() as folder:
        for case in picks.choices(cases, k=picks.choice((1, 2, 5))):
            with suppress(OSError):  # a file of one case may be a folder of another
                case.write(Path(folder))
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and picks.random() < 0.4:
                data = path.read_bytes()
                at = picks.randrange(len(data) + 1)
                rest = data[at + picks.choice((0, 1, 20, len(data))) :]
                path.write_bytes(data[:at] + picks.choice(AWKWARD) + rest)
        begun = process_time()
        try:
            report = scan([Path(folder)], load())
        except Exception as trouble:
            yield f"failed: {type(trouble).__name__}: {trouble}"
            return
        if (seconds := process_time() - begun) > PATIENCE:
            yield f"slow: {seconds:.1f} s"
        for skip in report.coverage.skips:
            if "please report" in skip.reason:
                yield f"failed: {skip.path}: {skip.reason}"
        for gap in report.coverage.unresolved:
            if "please report" in gap.target:
                yield f"failed: {gap.target}"


def wrong(source: Source, vocabulary: Vocabulary) -> Iterator[str]:
    """What is wrong with how an input was read, in words that begin with the kind of trouble."""
    begun = process_time()
    parsed = parse(source, vocabulary, thorough=True)
    seconds = process_time() - begun
    if seconds > PATIENCE + PER_MEGABYTE * len(source.data) / 1e6:
        yield f"slow: {seconds:.1f} s"
    try:
        for _ in frameworks.facts_of(source):
            pass
    except Exception as trouble:
        yield f"failed: {type(trouble).__name__}: {trouble}"
    for skip in parsed.skips:
        if "please report" in skip.reason or "memory" in skip.reason:
            yield f"failed: {skip.reason}"
    gave_up = any(
        "too many" in skip.reason or "more places" in skip.reason for skip in parsed.skips
    )
    if not gave_up and parse(source, vocabulary, thorough=True) != parsed:
        yield "changed: the same input was read differently"
    yield from misplaced(source, parsed)


def misplaced(source: Source, parsed: Parsed) -> Iterator[str]:
    """The first fact whose place lies outside of the file or begins with something else."""
    data = source.data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return  # read in another encoding
    lines = data.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    for fact in parsed.facts:
        region = fact.place.region
        if not 1 <= region.line <= region.end_line <= len(lines):
            yield f"misplaced: line {region.line} to {region.end_line} of {len(lines)}"
            return
        if (region.end_line, region.end_column) < (region.line, region.column):
            yield f"misplaced: {fact.place} ends before it begins"
            return
        line = lines[region.line - 1][region.column - 1 :]
        if not agrees(fact, line):
            said = fact.place.text[:40]
            yield f"misplaced: {fact.place} says {said!r}, there stands {line[:40]!r}"
            return


def agrees(fact: Fact, line: str) -> bool:
    """Does the file say there what the fact quotes? What a script writes is quoted as a browser
    gets it, which may be decoded or stand elsewhere.
    """
    said = "".join(fact.place.text.removesuffix("…").split())[:8]
    there = "".join(line.split())
    written = said.startswith("<") or "$" in said or "_" in said or re.search(r"[\\&%]", there[:60])
    return bool(written or not there or said[: len(there)] == there[: len(said)])


if __name__ == "__main__":
    main()
