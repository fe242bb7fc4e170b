"""The story in order: files, facts, detections, site, findings, report."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from analyzer import __version__, files, frameworks
from analyzer.files import Choice, File
from analyzer.gtm import looks_like_container, read_container
from analyzer.judge import Judge, check_names
from analyzer.link.site import build
from analyzer.match import Matcher
from analyzer.model import (
    Coverage,
    Excerpt,
    Fact,
    Finding,
    Parsed,
    Place,
    Report,
    Skip,
    Source,
    Telling,
    Vocabulary,
)
from analyzer.parse.files import is_readable, parse
from analyzer.parse.manifests import is_idle
from analyzer.parse.manifests.together import told_once
from analyzer.places import excerpts
from analyzer.policy import baseline, comments, config
from analyzer.signatures import Signatures

ORDINARY = config.Wanted()
PLAIN = Telling()
CHUNK = 256  # files that a process takes at once
CHUNK_BYTES = 2_000_000  # and bytes
POOL_FROM = 3_000_000  # bytes of a scan from which a pool of processes pays
CONTAINER_SUFFIXES = (".json", ".txt", ".bak", ".json5", ".gtm")
UNREAD = {  # kinds of file that hold pages and are no markup, which no reader knows yet
    ".mdx": "MDX",
    ".templ": "templ",
    ".cfm": "ColdFusion",
    ".cfml": "ColdFusion",
    ".ctp": "CakePHP",
    ".latte": "Latte",
    ".ss": "SilverStripe",
    ".vm": "Velocity",
    ".volt": "Volt",
}
SERVER_KINDS = frozenset(
    {".scala", ".ex", ".exs", ".swift", ".m", ".dart", ".rs", ".clj", ".pl", ".vb", ".fs"}
)


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of a scan. Rules are given by name or code.

    With `every_page` also those pages are read for their meaning that no tracker reaches.
    `baseline` is an earlier report, and without `inline_suppressions` the comments of the source
    settle nothing. `base` is the git commit whose findings do not count; with `cache` files that
    did not change since an earlier run are not parsed again.
    """

    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    containers: tuple[Path, ...] = ()
    thorough: bool = False
    every_page: bool = False
    config: config.Wanted = ORDINARY
    inline_suppressions: bool = True
    baseline: Path | None = None
    base: str = ""
    cache: bool = False
    telling: Telling = PLAIN


@dataclass(frozen=True, slots=True)
class Progress:
    """What a scan tells while it runs; the numbers count files."""

    started: Callable[[int], None] = field(default=lambda total: None)
    advanced: Callable[[int], None] = field(default=lambda done: None)
    said: Callable[[str], None] = field(default=lambda words: None)


def scan(
    paths: Sequence[Path],
    signatures: Signatures,
    options: Options = Options(),
    executor: Executor | None = None,
    progress: Progress = Progress(),
) -> Report:
    """Scan files and folders.

    Raises UserError when a path is not there, when the configuration or the baseline is wrong, and
    when a rule is asked for that does not exist.
    """
    check_names((*options.select, *options.ignore))
    before = baseline.read(options.baseline) if options.baseline else None
    root = files.root_of([*paths, *options.containers])
    policy = config.outer(root, options.config)
    found, skips = files.find(
        [*paths, *options.containers],
        root,
        Choice((*options.exclude, *policy.exclude), (*options.include, *policy.include)),
    )
    policy = config.inner(policy, root, [file.path for file in found], options.config)
    wanted, unread, kinds = _sorted_out(found)
    skips = [*skips, *unread]
    vocabulary = signatures.vocabulary
    parsed = told_once(_parsed(wanted, vocabulary, options.thorough, executor, progress))
    for each in parsed:
        skips.extend(each.skips)
    by_path = {file.path: file for file in wanted}
    progress.said("linking files to pages")

    def readings(names: Sequence[str]) -> Mapping[str, tuple[Fact, ...]]:
        return dict(_read_pages([by_path[name] for name in names if name in by_path]))

    every = [file.path for file in found]
    site = build(parsed, Matcher(signatures), readings, every, options.every_page, policy)
    judge = Judge(options.select, options.ignore, policy.selections)
    inline = [word for each in parsed for word in each.suppressions]
    findings = judge.findings(
        site, [*(inline if options.inline_suppressions else ()), *policy.suppressions]
    )
    if before is not None:
        findings = baseline.compared(findings, before)
    dropped = {skip.path for skip in skips}
    coverage = Coverage(
        sum(each.path not in dropped or bool(each.facts) for each in parsed),
        tuple(sorted(set(skips), key=lambda each: (each.path, each.line, each.reason))),
        site.unresolved,
        kinds,
    )
    return Report(
        tool_version(),
        site,
        findings,
        judge.rules(),
        coverage,
        _excerpts(findings, by_path),
        options.telling,
        str(options.baseline or ""),
    )


def tool_version() -> str:
    """The version that reports name."""
    return __version__


# ---------------------------------------------------------------- reading


def _sorted_out(found: Iterable[File]) -> tuple[list[File], list[Skip], dict[str, int]]:
    """The files to read, the pages that no reader knows, and how many there are of other source
    files.
    """
    wanted: list[File] = []
    unread: list[Skip] = []
    kinds: Counter[str] = Counter()
    found = list(found)
    paths = {file.path for file in found}
    for file in found:
        low = file.path.lower()
        suffix = os.path.splitext(low)[1]
        if is_idle(file.path, paths):
            continue
        known = is_readable(low) or low.endswith(CONTAINER_SUFFIXES) or ".json." in low
        if known or not suffix or frameworks.is_read(file.path):
            wanted.append(file)
        if suffix in UNREAD and not known:
            unread.append(Skip(file.path, f"{UNREAD[suffix]} files are not read yet"))
        elif suffix in SERVER_KINDS:  # what they send is not read, whatever else is
            kinds[suffix] += 1
    return wanted, unread, dict(sorted(kinds.items()))


def _parsed(
    wanted: Sequence[File],
    vocabulary: Vocabulary,
    thorough: bool,
    executor: Executor | None,
    progress: Progress,
) -> Iterator[Parsed]:
    progress.started(len(wanted))
    pooled = len(wanted) > 1 and sum(file.size for file in wanted) > POOL_FROM
    if executor is None and not pooled:
        for file in wanted:
            if (one := read_file(file, vocabulary, thorough)) is not None:
                yield one
            progress.advanced(1)
        return
    size = CHUNK if executor is not None else min(CHUNK, max(8, len(wanted) // 64))
    chunks = list(_chunks(wanted, size))
    with ProcessPoolExecutor() if executor is None else nullcontext(executor) as pool:
        waiting = [
            (chunk, pool.submit(_read_chunk, chunk, vocabulary, thorough)) for chunk in chunks
        ]
        for chunk, future in waiting:
            try:
                yield from future.result()
            except Exception as trouble:  # a worker that died takes its files with it; say which
                for file in chunk:
                    yield Parsed(
                        file.path,
                        skips=(
                            Skip(
                                file.path,
                                f"a worker process failed ({type(trouble).__name__}); "
                                "please report this file",
                            ),
                        ),
                    )
            progress.advanced(len(chunk))


def _chunks(wanted: Sequence[File], most: int) -> Iterator[list[File]]:
    """The files in portions: bundles lie together, and one process would get all of them."""
    chunk: list[File] = []
    size = 0
    for file in wanted:
        chunk.append(file)
        size += file.size
        if len(chunk) >= most or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _read_chunk(chunk: Sequence[File], vocabulary: Vocabulary, thorough: bool) -> list[Parsed]:
    return [one for file in chunk if (one := read_file(file, vocabulary, thorough)) is not None]


def read_file(file: File, vocabulary: Vocabulary, thorough: bool = False) -> Parsed | None:
    """One file's facts; None for a file that turns out to be of no kind that is read."""
    data = files.read(file)
    if isinstance(data, Skip):
        return Parsed(file.path, skips=(data,))
    source = Source(file.path, data)
    if looks_like_container(data):
        try:
            return read_container(source, vocabulary)
        except Exception as trouble:  # our own mistake must not end the run, nor be hidden
            reason = (
                f"trackerlint failed on this container ({type(trouble).__name__}); please report it"
            )
            return Parsed(file.path, skips=(Skip(file.path, reason),))
    readable = is_readable(file.path.lower())
    if not readable and not frameworks.is_read(file.path):
        return None
    parsed = parse(source, vocabulary, thorough) if readable else Parsed(file.path)
    return _with_conventions(parsed, source)


def _with_conventions(parsed: Parsed, source: Source) -> Parsed:
    """What a file says together with what it says to its framework."""
    facts, skips = list(parsed.facts), list(parsed.skips)
    try:
        for each in frameworks.facts_of(source):
            if isinstance(each, Skip):
                skips.append(each)
            else:
                facts.append(each)
    except Exception as trouble:  # our own mistake must not end the run, nor be hidden
        reason = (
            f"trackerlint failed on its routes or settings ({type(trouble).__name__}); "
            "please report this file"
        )
        skips.append(Skip(source.path, reason, kind="partly"))
    return replace(
        parsed,
        facts=tuple(facts),
        skips=tuple(skips),
        suppressions=tuple(comments.suppressions(source)),
    )


def _read_pages(wanted: Sequence[File]) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    from analyzer.parse import reading

    for file in wanted:
        data = files.read(file)
        if isinstance(data, bytes):
            yield file.path, reading.read(Source(file.path, data))


def _excerpts(findings: Iterable[Finding], by_path: Mapping[str, File]) -> dict[Place, Excerpt]:
    places: dict[str, list[Place]] = {}
    for finding in findings:
        places.setdefault(finding.place.path, []).append(finding.place)
    found: dict[Place, Excerpt] = {}
    for path, wanted in places.items():
        data = files.read(by_path[path]) if path in by_path else b""
        if isinstance(data, bytes):
            found.update(excerpts(data, wanted))
    return found
