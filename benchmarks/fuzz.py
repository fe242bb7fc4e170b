"""Does any input make the readers fail, take its square in time, or point beside what they name?

Takes the pages, scripts and templates of the fixtures and the tests apart, mixes them with what is
known to be awkward, and reads the result again and again. Prints every input that went wrong, with
the seed that makes it anew. Every third input is a small site: the files of some cases of the
fixtures, a few of them damaged, scanned as a whole. Every fifth is a tag manager's container, as an
export or as browsers get it, with other values in some places. Run it in the project's folder,
beside the tests: `python -m benchmarks.fuzz --seconds 300`.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time
from typing import Any

from analyzer.engines import faces
from analyzer.gtm import looks_like_container
from analyzer.model import Container, Fact, Parsed, Source, UserError, Vocabulary
from analyzer.pipeline import scan
from analyzer.reading import read_source
from analyzer.signatures import load
from benchmarks.containers import container
from tests.markdown_pages import Case, cases_of

ROOT = Path(__file__).parent.parent
SUFFIXES = sorted(
    {".html", ".js", ".jsx", ".ts", ".tsx", ".py", ".rb", ".java", ".cs", ".ex", ".yml"}
    | {suffix for face in faces() for suffix in face.suffixes}
)
NAMES = (  # files that say what a server sends, or what a project accepts
    "_headers", ".htaccess", "vercel.json", "web.config", "staticwebapp.config.json", "Caddyfile",
    "nginx.conf", "config/initializers/content_security_policy.rb", "settings.py",
)  # fmt: skip
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
    containers = list(known_containers(cases))
    troubles: Counter[str] = Counter()
    ends = monotonic() + options.seconds
    count = 0
    while monotonic() < ends:
        number = options.seed + count
        count += 1
        source = made(number, seeds)
        if number % 5 == 0:
            source = made_container(number, containers)
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
    if b"olicy" in data and picks.random() < 0.5:
        return Source(picks.choice(NAMES), data)
    return Source(f"input{picks.choice(SUFFIXES)}", data)


def known_containers(cases: list[Case]) -> Iterator[bytes]:
    """Containers of all tag managers that the fixtures and the tests write out, and a made one."""
    for case in cases:
        for text in case.files.values():
            if looks_like_container(text.encode()):
                yield text.encode()
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            data = b""
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                data = node.value.encode("utf-8", "replace")
            elif isinstance(node, ast.Dict):
                with suppress(ValueError, TypeError):
                    data = json.dumps(ast.literal_eval(node)).encode()
            if looks_like_container(data):
                yield data
    yield json.dumps(container(random.Random(1), 1, 8)).encode()
    yield published()


def published() -> bytes:
    """A container as browsers get it, with a tag of each sort, tables, and a custom template."""
    look_up = ["map", "key", "a.example", "value", "G-A"]
    tags = [
        {"function": "__googtag", "tag_id": 1, "vtp_tagId": "G-CL1N1C7Q26"},
        {"function": "__gaawe", "tag_id": 2, "vtp_eventName": ["macro", 1]},
        {"function": "__html", "tag_id": 3, "vtp_html": ["template", "<script>", ["macro", 1]]},
        {"function": "__cvt_1_2", "tag_id": 4, "vtp_id": ["macro", 2]},
    ]
    macros = [
        {"function": "__e"},
        {"function": "__v", "vtp_name": "patient.email", "vtp_dataLayerVersion": 2},
        {"function": "__smm", "vtp_input": ["macro", 1], "vtp_map": ["list", look_up]},
        {"function": "__jsm", "vtp_javascript": ["template", "(function(){return ", "1})();"]},
    ]
    predicates = [
        {"function": "_eq", "arg0": ["macro", 0], "arg1": "gtm.js"},
        {"function": "_re", "arg0": ["macro", 1], "arg1": "(a|b)+c", "ignore_case": True},
    ]
    rules = [[["if", 0], ["add", 0, 1]], [["if", 0], ["unless", 1], ["add", 2, 3], ["block", 0]]]
    code = ["require", "sendPixel"], ["b", [46, "__cvt_1_2", [50, "a", [15, "id"]]]]
    data = {
        "resource": {
            "version": "3",
            "macros": macros,
            "tags": tags,
            "predicates": predicates,
            "rules": rules,
        },
        "runtime": [[50, "__cvt_1_2", [46, "a"], [52, "b", ["require", "injectScript"]], *code]],
        "permissions": {"__cvt_1_2": {"inject_script": {"urls": ["https://a.example/*"]}}},
    }
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003C")
    return f"(function(){{\nvar data = {text};\nvar x={{ctid:'GTM-CL1N1C7'}};}})();".encode()


def made_container(number: int, containers: list[bytes]) -> Source:
    """A container in which other things stand in some places; some are no longer what they were."""
    picks = random.Random(number)
    data = picks.choice(containers)
    begins = data.find(b"{")
    with suppress(ValueError, RecursionError):
        decoder = json.JSONDecoder()
        text = data.decode("utf-8", "replace")
        for at in (begins, data.find(b'{"resource"')):
            value, end = decoder.raw_decode(text, at) if at >= 0 else (None, 0)
            if value and end > len(text) // 2:
                changed = exchanged(value, picks, picks.choice((0.0, 0.01, 0.05, 0.3)))
                text = text[:at] + json.dumps(changed) + text[end:]
                break
        data = text.encode()
    for _ in range(picks.choice((0, 0, 1, 5))):
        at = picks.randrange(len(data) + 1)
        data = data[:at] + picks.choice(AWKWARD) + data[at + picks.choice((0, 1, 20)) :]
    suffix = ".json" if data[:1] in (b"{", b"[") else picks.choice((".js", ".txt", ".yaml", ".js"))
    return Source(f"container{suffix}", data)


def exchanged(value: Any, picks: random.Random, share: float, depth: int = 0) -> Any:
    """The value with something else, or the same many times, in a share of its places."""
    if depth > 1 and picks.random() < share:
        deep: Any = value
        for _ in range(picks.choice((1, 40, 400))):
            deep = [deep]
        awkward = picks.choice(AWKWARD).decode("utf-8", "replace")
        return picks.choice(
            (None, True, -1, 1e308, "", awkward, awkward * 3000, [], {}, [value] * 300, deep)
        )
    if isinstance(value, dict):
        return {key: exchanged(each, picks, share, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [exchanged(each, picks, share, depth + 1) for each in value]
    if isinstance(value, str) and picks.random() < share:
        at = picks.randrange(len(value) + 1)
        return value[:at] + picks.choice(AWKWARD).decode("utf-8", "replace") + value[at:]
    return value


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
        except UserError:  # a configuration that is wrong now, and is told so
            return
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
    try:
        parsed = read_source(source, vocabulary, thorough=True) or Parsed(source.path)
    except Exception as trouble:
        yield f"failed: {type(trouble).__name__}: {trouble}"
        return
    seconds = process_time() - begun
    if seconds > PATIENCE + PER_MEGABYTE * len(source.data) / 1e6:
        yield f"slow: {seconds:.1f} s"
    for skip in parsed.skips:
        if "please report" in skip.reason or "memory" in skip.reason:
            yield f"failed: {skip.reason}"
    again = read_source(source, vocabulary, thorough=True) or Parsed(source.path)
    gave_up = any(  # within a time, or a number of places
        "too many" in skip.reason or "more places" in skip.reason
        for skip in (*parsed.skips, *again.skips)
    )
    if not gave_up and repr(again) != repr(parsed):  # NaN is not even itself
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
        if isinstance(fact, Container):
            continue  # the whole of it, of which no text is kept
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
