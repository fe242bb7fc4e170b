"""Files to what they say: from the cache, else in this process, else in several."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analyzer import cache, files, frameworks
from analyzer.cache import Cache
from analyzer.files import File
from analyzer.gtm import looks_like_container, read_container
from analyzer.model import NUMBER, Fact, Offers, Parsed, Skip, Source, Suppression, Vocabulary
from analyzer.parse.files import holds_scripts, is_readable, parse
from analyzer.parse.scripts.grammar import TooSlow
from analyzer.parse.scripts.offered import offers
from analyzer.policy import comments

if TYPE_CHECKING:
    from concurrent.futures import Executor

CHUNK = 256  # files that a process takes at once
CHUNK_BYTES = 2_000_000  # and bytes
POOL_FROM = 3_000_000  # bytes of a scan from which a pool of processes pays
KEPT_AT_ONCE = 1_000  # files; who stops a long scan has read those already
LARGEST_NAMING = 200_000  # bytes of a file that is looked through for names of others
LARGEST_CHUNK = 2_000_000  # the same where the other is a chunk of its build
PORTION = 500  # files whose bytes are held while the cache is asked
LARGEST_TEMPLATE = 200_000  # bytes of the markup of a component in a file of its own
TEMPLATE = re.compile(rb"\btemplateUrl\s{0,9}:\s{0,9}[\"'`](?:\./)?(\w[\w./-]{0,200}\.html)[\"'`]")
FACTS, MEANING, OFFERS = "facts", "meaning", "offers"  # the ways in which a file is read
# What a machine in trouble says of a file, or a mistake of ours: the next run tries again.
PASSING = ("please report", "more memory than there is")


@dataclass(frozen=True, slots=True)
class Progress:
    """What a scan tells while it runs; the numbers count files."""

    started: Callable[[int], None] = field(default=lambda total: None)
    advanced: Callable[[int], None] = field(default=lambda done: None)
    said: Callable[[str], None] = field(default=lambda words: None)


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a file: nothing where it is of no kind that is read. Without a `key` it was
    chance, and is not kept.
    """

    path: str
    key: bytes = b""
    parsed: Parsed | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """What reading depends on besides the file."""

    vocabulary: Vocabulary
    thorough: bool
    state: bytes


class Reader:
    """Reads the files of a run, each content once."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        thorough: bool,
        known: Cache,
        executor: Executor | None = None,
    ) -> None:
        self.ways = Ways(vocabulary, thorough, known.state)
        self.known = known
        self.executor = executor

    def parsed(self, wanted: Sequence[File], progress: Progress) -> Iterator[Parsed]:
        """What the files say, in their order."""
        progress.started(len(wanted))
        found: dict[str, Parsed | None] = dict(self._kept(wanted, FACTS))
        progress.advanced(len(found))
        unkept: list[tuple[bytes, str, Parsed | None]] = []
        for each in self._new([file for file in wanted if file.path not in found], progress):
            found[each.path] = each.parsed
            if each.key:
                unkept.append((each.key, each.path, each.parsed))
            if len(unkept) >= KEPT_AT_ONCE:
                self.known.keep(unkept)
                unkept = []
        self.known.keep(unkept)
        for file in wanted:
            if (parsed := found[file.path]) is not None:
                yield parsed

    def meanings(self, wanted: Sequence[File]) -> Mapping[str, tuple[Fact, ...]]:
        """The files as pages that a person reads."""
        found: dict[str, tuple[Fact, ...]] = dict(self._kept(wanted, MEANING))
        unkept: list[tuple[bytes, str, tuple[Fact, ...]]] = []
        for file in wanted:
            if file.path in found:
                continue
            from analyzer.parse import reading  # here: it loads Beautiful Soup

            data = files.read(file)
            if isinstance(data, bytes):
                said = found[file.path] = reading.read(Source(file.path, data))
                unkept.append((self._key(MEANING, file.path, data), file.path, said))
        self.known.keep(unkept)
        return {file.path: found[file.path] for file in wanted if file.path in found}

    def calls_to(
        self, wanted: Iterable[File], names: Mapping[str, Collection[str]]
    ) -> Iterator[Parsed]:
        """The programs that call functions of these names; beside a name stand the words of which
        such a program holds one, if there are any.
        """
        from analyzer.parse import server  # here: most sites have no such functions

        spelled = "|".join(re.escape(name) for name in sorted(names))
        pattern = re.compile(rf"(?<![\w$])(?:{spelled})(?!\w)".encode())
        for file in wanted:
            data = files.read(file) if server.is_program(file.path) else None
            if not isinstance(data, bytes):
                continue
            said = {each.decode() for each in set(pattern.findall(data))}
            meant = {
                name
                for name in said
                if not names[name] or any(word.encode() in data for word in names[name])
            }
            if meant:
                yield Parsed(file.path, tuple(server.calls_to(Source(file.path, data), meant)))

    def offers(self, by_path: Mapping[str, File], names: Sequence[str]) -> dict[str, Offers]:
        """What files offer to the others that ask for them."""
        wanted = [by_path[name] for name in names if name in by_path]
        found: dict[str, Offers] = dict(self._kept(wanted, OFFERS))
        unkept: list[tuple[bytes, str, Offers]] = []
        for file in wanted:
            data = files.read(file) if file.path not in found else None
            if isinstance(data, bytes):
                said = offers(Source(file.path, data), self.ways.vocabulary)
                found[file.path] = said
                unkept.append((self._key(OFFERS, file.path, data), file.path, said))
        self.known.keep(unkept)
        return found

    def mentioning(self, by_path: Mapping[str, File], names: Collection[str]) -> Iterator[str]:
        """The scripts and pages that call something of these names, or what it holds, and the
        chunks of the builds that they name.
        """
        spelled = "|".join(map(_spelled, sorted(names)))
        pattern = re.compile(rf"(?<![\w$])(?:{spelled})".encode())
        most = LARGEST_CHUNK if any(name.endswith(NUMBER) for name in names) else LARGEST_NAMING
        for file in by_path.values():
            if file.size > most or not holds_scripts(file.path):
                continue
            data = files.read(file)
            if isinstance(data, bytes) and pattern.search(data):
                yield file.path

    def text(self, source: Source) -> Parsed:
        """What a text says that is no file of its own, such as a source in a source map."""
        parsed = read_source(source, self.ways.vocabulary, self.ways.thorough)
        return parsed if parsed is not None else Parsed(source.path)

    def offers_of(self, texts: Mapping[str, Source], names: Sequence[str]) -> dict[str, Offers]:
        """What such texts offer to each other."""
        vocabulary = self.ways.vocabulary
        return {name: offers(texts[name], vocabulary) for name in names if name in texts}

    def _kept(self, wanted: Sequence[File], kind: str) -> Iterator[tuple[str, Any]]:
        for at in range(0, len(wanted), PORTION):
            keys: dict[bytes, str] = {}
            for file in wanted[at : at + PORTION]:
                data = files.read(file)
                if isinstance(data, bytes):
                    data += _markup(file, data).data if kind == FACTS else b""
                    keys[self._key(kind, file.path, data)] = file.path
            for key, record in self.known.known(keys).items():
                yield keys[key], record

    def _key(self, kind: str, path: str, data: bytes) -> bytes:
        return cache.key(self.ways.state, kind, path, data)

    def _new(self, wanted: Sequence[File], progress: Progress) -> Iterator[Read]:
        pooled = len(wanted) > 1 and sum(file.size for file in wanted) > POOL_FROM
        if self.executor is None and not pooled:
            for file in wanted:
                yield _read(file, self.ways)
                progress.advanced(1)
            return
        from concurrent.futures import ProcessPoolExecutor  # here: only large scans need one

        size = CHUNK if self.executor is not None else min(CHUNK, max(8, len(wanted) // 64))
        chunks = list(_chunks(wanted, size))
        own = ProcessPoolExecutor() if self.executor is None else nullcontext(self.executor)
        with own as pool:
            waiting = [(chunk, pool.submit(_read_chunk, chunk, self.ways)) for chunk in chunks]
            for chunk, future in waiting:
                try:
                    yield from future.result()
                except Exception as trouble:  # a dead worker takes its files with it; say which
                    reason = (
                        f"a worker process failed ({type(trouble).__name__}); "
                        "please report this file"
                    )
                    for file in chunk:
                        yield Read(file.path, parsed=_unread(file.path, reason))
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


def _read_chunk(chunk: Sequence[File], ways: Ways) -> list[Read]:
    return [_read(file, ways) for file in chunk]


def _read(file: File, ways: Ways) -> Read:
    data = files.read(file)
    if isinstance(data, Skip):
        return Read(file.path, parsed=Parsed(file.path, skips=(data,)))
    slow = TooSlow.count
    markup = _markup(file, data)
    source = Source(file.path, data, markup=markup if markup.data else None)
    parsed = read_source(source, ways.vocabulary, ways.thorough)
    if TooSlow.count > slow or (parsed is not None and _is_passing(parsed.skips)):
        return Read(file.path, parsed=parsed)
    # The key of these very bytes: the file may have changed since the cache was asked.
    key = cache.key(ways.state, FACTS, file.path, data + markup.data)
    return Read(file.path, key, parsed)


def _markup(file: File, data: bytes) -> Source:
    """The template that a component names, where that is a file below its folder; else nothing."""
    named = TEMPLATE.search(data) if file.path.endswith(".ts") and b"templateUrl" in data else None
    name = named[1].decode() if named is not None else ""
    path = os.path.join(os.path.dirname(file.path), name)
    disk = os.path.join(os.path.dirname(file.disk), name)
    if not name or ".." in name or os.path.islink(disk) or not os.path.isfile(disk):
        return Source(path, b"")
    size = os.path.getsize(disk)
    said = files.read(File(path, disk, size)) if size <= LARGEST_TEMPLATE else b""
    return Source(path, said if isinstance(said, bytes) else b"")


def _is_passing(skips: Iterable[Skip]) -> bool:
    return any(words in skip.reason for skip in skips for words in PASSING)


def _unread(path: str, reason: str) -> Parsed:
    return Parsed(path, skips=(Skip(path, reason),))


def read_source(source: Source, vocabulary: Vocabulary, thorough: bool = False) -> Parsed | None:
    """One file's facts; None for a file that turns out to be of no kind that is read."""
    if looks_like_container(source.data):
        try:
            container = read_container(source, vocabulary)
            noted = tuple(comments.suppressions_in_notes(container.facts))
            return replace(container, suppressions=noted)
        except Exception as trouble:  # our own mistake must not end the run, nor be hidden
            reason = (
                f"trackerlint failed on this container ({type(trouble).__name__}); please report it"
            )
            return _unread(source.path, reason)
    readable = is_readable(source.path.lower())
    if not readable and not frameworks.is_read(source.path):
        return None
    parsed = parse(source, vocabulary, thorough) if readable else Parsed(source.path)
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
    accepted: tuple[Suppression, ...] = ()
    try:
        accepted = tuple(comments.suppressions(source))
    except Exception as trouble:  # our own mistake must not end the run, nor be hidden
        reason = f"trackerlint failed on its comments ({type(trouble).__name__}); please report it"
        skips.append(Skip(source.path, reason, kind="partly"))
    return replace(parsed, facts=tuple(facts), skips=tuple(skips), suppressions=accepted)


def _spelled(name: str) -> str:
    """How a script is written that calls something of a name; a chunk sets the name it shares."""
    if name.endswith(NUMBER):
        return re.escape(name.removesuffix(NUMBER)) + r"\s{0,9}="
    return re.escape(name) + r"\s{0,9}(?:[.(]|\?\.)"
