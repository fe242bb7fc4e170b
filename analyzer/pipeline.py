"""The story in order: files, facts, detections, site, findings, report."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import __version__, cache, checkout, files, frameworks, sitemaps
from analyzer.builds import with_exceptions
from analyzer.cache import Cache
from analyzer.files import File
from analyzer.fixes import Desk, with_fixes
from analyzer.gathering import Asked, gathered
from analyzer.gtm import quotable
from analyzer.judge import Judge, check_choice
from analyzer.link.across import across
from analyzer.link.outputs import asked_for
from analyzer.link.site import build
from analyzer.match import Matcher
from analyzer.model import (
    Container,
    Coverage,
    Excerpt,
    Fact,
    Finding,
    Parsed,
    Place,
    Report,
    Site,
    Skip,
    Source,
    Telling,
    UserError,
)
from analyzer.parse.files import is_readable
from analyzer.parse.manifests import is_idle
from analyzer.parse.manifests.together import told_once
from analyzer.places import excerpts
from analyzer.policy import baseline, config
from analyzer.reading import Progress as Progress
from analyzer.reading import Reader
from analyzer.signatures import Signatures
from analyzer.sourcemaps import Originals

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from analyzer.changes import Change, Past

ORDINARY = config.Wanted()
PLAIN = Telling()
SILENT = Progress()
ROUNDS = 6  # scripts that are imported one by the other, from a page on
EXCERPTED = 1_000_000  # bytes of a configuration that findings quote
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
SERVER_KINDS = frozenset({".scala", ".ex", ".exs", ".m", ".rs", ".clj", ".pl", ".vb", ".fs"})


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of a scan. Rules are given by name or code.

    With `every_page` also those pages are read for their meaning that no tracker reaches.
    `baseline` is an earlier report, and without `inline_suppressions` the comments of the source
    settle nothing. `base` is the git commit whose findings do not count; with `tracked_only` files
    that git does not know are not read, and with `cache` those that did not change since an
    earlier run are not parsed again.
    """

    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    containers: tuple[Path, ...] = ()
    addresses: tuple[Path, ...] = ()
    thorough: bool = False
    every_page: bool = False
    config: config.Wanted = ORDINARY
    inline_suppressions: bool = True
    baseline: Path | None = None
    base: str = ""
    tracked_only: bool = False
    cache: bool = False
    telling: Telling = PLAIN

    @property
    def outside(self) -> tuple[Path, ...]:
        """The files beside the scanned paths, which need not be of the repository."""
        own = () if self.config.file is None else (self.config.file,)
        return (*self.containers, *self.addresses, *own)


def scan(
    paths: Sequence[Path],
    signatures: Signatures,
    options: Options = Options(),
    executor: Executor | None = None,
    progress: Progress = SILENT,
) -> Report:
    """Scan files and folders.

    Raises UserError when a path is not there, when the configuration or the baseline is wrong, and
    when a rule is asked for that does not exist.
    """
    check_choice(options.select, options.ignore)
    before = baseline.read(options.baseline) if options.baseline else None
    now = _Tree(
        files.root_of([*paths, *options.containers]),
        tuple(paths),
        files.tracked if options.tracked_only else None,
    )
    change = _change(paths, options) if options.base else None
    known = Cache(
        signatures.vocabulary, options.thorough, cache.folder() if options.cache else None
    )
    reader = Reader(signatures.vocabulary, options.thorough, known, executor)
    seen = _seen(now, reader, signatures, options, progress)
    findings = seen.findings
    if change is not None:
        from analyzer.changes import compared

        progress.said("comparing with what was there before")
        with change.laid_out(now.root, options.outside) as past:
            earlier = _seen_then(past, paths, reader, signatures, options)
            findings = compared(findings, earlier.findings, past.renames, seen.site)
    gone = 0
    if before is not None:
        findings, gone = baseline.compared(findings, before, seen.judge.runs)
    findings = with_fixes(findings, Desk(seen.site, signatures, partial(_bytes_of, seen.files)))
    return Report(
        tool_version(),
        seen.site,
        findings,
        seen.judge.rules(),
        seen.coverage,
        _excerpts(findings, seen.files),
        options.telling,
        str(options.baseline or ""),
        checkout.of(now.root),
        options.base,
        gone,
    )


def _change(paths: Sequence[Path], options: Options) -> Change:
    from analyzer import changes  # here: only a comparison needs it

    return changes.since(options.base, paths, options.tracked_only)


def _bytes_of(found: Mapping[str, File], path: str) -> bytes | None:
    data = files.read(found[path]) if path in found else None
    return data if isinstance(data, bytes) else None


@dataclass(frozen=True, slots=True)
class _Tree:
    """Files on disk, and how those of a folder are listed."""

    root: Path
    paths: tuple[Path, ...]
    listed: files.Listed | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is to be said of a tree."""

    site: Site
    findings: tuple[Finding, ...]
    judge: Judge
    coverage: Coverage
    files: Mapping[str, File]


def _seen(
    tree: _Tree,
    reader: Reader,
    signatures: Signatures,
    options: Options,
    progress: Progress = SILENT,
) -> _Seen:
    """Read a tree and judge it."""
    root = tree.root
    asked = Asked(tree.paths, options.containers, options.exclude, options.include, options.config)
    gathering = gathered(root, asked, signatures, tree.listed)
    policy, found = gathering.policy, gathering.files
    wanted, unread, kinds = _sorted_out(found)
    skips = [*gathering.skips, *unread]
    parsed = told_once(reader.parsed(wanted, progress))
    loaded = _loaded(parsed, gathering.outputs, reader)
    if loaded:
        outputs = [file for file in gathering.outputs if file.path in loaded]
        wanted, parsed = [*wanted, *outputs], [*parsed, *loaded.values()]
        found = (*found, *gathering.outputs)
        skips = [with_exceptions(skip, loaded) for skip in skips]
    for each in parsed:
        skips.extend(each.skips)
    by_path = {file.path: file for file in wanted}
    progress.said("linking files to pages")

    def readings(names: Sequence[str]) -> Mapping[str, tuple[Fact, ...]]:
        return reader.meanings([by_path[name] for name in names if name in by_path])

    every = [file.path for file in found]
    listed, unlisted = _listed(options.addresses, root)
    skips.extend(unlisted)
    skips.extend(_without_container(options.containers, root, parsed))
    matcher = Matcher(signatures)
    maps = _maps(found, reader, matcher, skips)
    site = build(
        across(
            parsed,
            matcher,
            every,
            partial(reader.offers, _by_path(found)),
            partial(reader.mentioning, by_path),
        ),
        matcher,
        readings,
        every,
        options.every_page,
        policy,
        listed,
        maps.of,
        partial(reader.calls_to, wanted),
    )
    skips.extend(maps.skips)
    judge = Judge(options.select, options.ignore, policy.selections)
    inline = [word for each in parsed for word in each.suppressions]
    findings = judge.findings(
        site, [*(inline if options.inline_suppressions else ()), *policy.suppressions]
    )
    dropped = {skip.path for skip in skips}
    coverage = Coverage(
        sum(each.path not in dropped or bool(each.facts) for each in parsed),
        tuple(sorted(set(skips), key=lambda each: (each.path, each.line, each.reason))),
        site.unresolved,
        kinds,
    )
    own = {name: File(name, str(root / name), EXCERPTED) for name in policy.files}
    return _Seen(site, findings, judge, coverage, own | by_path)


def _loaded(parsed: Sequence[Parsed], outputs: Sequence[File], reader: Reader) -> dict[str, Parsed]:
    """The scripts of left-out build output that pages load, and those that they import."""
    if not outputs:
        return {}
    by_path = {file.path: file for file in outputs}
    read = [each.path for each in parsed]
    loaded: dict[str, Parsed] = {}
    new: Sequence[Parsed] = parsed
    for _ in range(ROUNDS):
        asked = sorted({*asked_for(new, read, by_path)} - loaded.keys())
        new = list(reader.parsed([by_path[name] for name in asked], SILENT))
        loaded |= {each.path: each for each in new}
        if not new:
            break
    return loaded


def _by_path(found: Iterable[File]) -> dict[str, File]:
    return {file.path: file for file in found}


def _maps(
    found: Iterable[File], reader: Reader, matcher: Matcher, skips: Iterable[Skip]
) -> Originals:
    """The source maps of the scripts; each is read when something is found in its script."""
    by_path = {file.path: file for file in found}
    unread = {each.path: each for each in skips if each.path.endswith(".map")}

    def opened(path: str) -> bytes | Skip | None:
        return files.read(by_path[path]) if path in by_path else unread.get(path)

    def together(texts: Sequence[Source]) -> dict[str, tuple[Fact, ...]]:
        sources = {each.path: each for each in texts}
        parsed = [reader.text(each) for each in sources.values()]
        joined = across(parsed, matcher, sources, partial(reader.offers_of, sources))
        return {each.path: each.facts for each in joined}

    return Originals({*by_path, *unread}, opened, together)


def _without_container(
    exports: Sequence[Path], root: Path, parsed: Iterable[Parsed]
) -> Iterator[Skip]:
    """Files that the user gave as exports and that are none; for others a reason is there."""
    held = {each.path for each in parsed if any(isinstance(one, Container) for one in each.facts)}
    told = {each.path for each in parsed if each.skips}
    for export in exports:
        name = os.path.relpath(export.resolve(), root).replace(os.sep, "/")
        inside = f"{name}/" if export.is_dir() else name
        if not any(path.startswith(inside) for path in (*held, *told)):
            yield Skip(
                name,
                "it was given with --gtm and holds no container; in Tag Manager choose Admin, "
                "Export Container, and give the file that it saves",
            )


def _seen_then(
    past: Past,
    paths: Sequence[Path],
    reader: Reader,
    signatures: Signatures,
    options: Options,
) -> _Seen:
    """Judge the files as they were, with the same options and the configuration of then."""
    wanted = options.config
    if wanted.file is not None:
        then = past.of([wanted.file])
        wanted = replace(wanted, file=next(iter(then), None), ignored=not then)
    options = replace(
        options,
        containers=past.of(options.containers),
        addresses=past.of(options.addresses),
        config=wanted,
    )
    tree = _Tree(past.root, past.of(paths), past.listed)
    try:
        return _seen(tree, reader, signatures, options)
    except UserError:  # a configuration that was wrong said nothing, and may be mended now
        none = replace(wanted, file=None, ignored=True)
        return _seen(tree, reader, signatures, replace(options, config=none))


def tool_version() -> str:
    """The version that reports name."""
    return __version__


def _listed(lists: Sequence[Path], root: Path) -> tuple[list[tuple[str, Place]], list[Skip]]:
    """The addresses of lists and sitemaps, and what of those was not read."""
    found: list[tuple[str, Place]] = []
    skips: list[Skip] = []
    for path in lists:
        inside = path.resolve().is_relative_to(root)
        name = path.resolve().relative_to(root).as_posix() if inside else path.name
        addresses, unread = sitemaps.read(path, name)
        found.extend(addresses)
        skips.extend(unread)
    return found, skips


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


def _excerpts(findings: Iterable[Finding], by_path: Mapping[str, File]) -> dict[Place, Excerpt]:
    places: dict[str, list[Place]] = {}
    for finding in findings:
        places.setdefault(finding.place.path, []).append(finding.place)
    found: dict[Place, Excerpt] = {}
    for path, wanted in places.items():
        data = files.read(by_path[path]) if path in by_path else b""
        if isinstance(data, bytes):
            found.update(excerpts(data, wanted, quotable(data)))
    return found
