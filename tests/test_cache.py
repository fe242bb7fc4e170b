"""The cache: it saves time, and nothing else ever changes with it."""

from __future__ import annotations

import os
import pickle
import sqlite3
import stat
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from analyzer import reading, signatures
from analyzer.cache import Cache, folder, key, keys, records, store
from analyzer.files import File
from analyzer.model import Fact, Parsed, Report, Skip, Source, Vocabulary
from analyzer.parse.scripts import grammar
from analyzer.pipeline import Options, scan
from analyzer.plugins import modules

PIXEL = (
    "<html><body><script>fbq('init', '1234567890123456'); fbq('track', 'PageView');</script>"
    "</body></html>"
)
NO_WORDS = Vocabulary()
ALL = Options(cache=True, include=("*",))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    inside = tmp_path / "site"
    inside.mkdir()
    (inside / "index.html").write_text(PIXEL)
    (inside / "about.html").write_text("<html><body><h1>About us</h1></body></html>")
    return inside


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cache of its own."""
    inside = tmp_path / "cache"
    monkeypatch.setenv("TRACKERLINT_CACHE_DIR", str(inside))
    return inside


@pytest.fixture
def parsed_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that were parsed, as opposed to remembered."""
    seen: list[str] = []
    original = reading.read_source

    def told(source: Source, vocabulary: Vocabulary, thorough: bool = False) -> Parsed | None:
        seen.append(source.path)
        return original(source, vocabulary, thorough)

    monkeypatch.setattr(reading, "read_source", told)
    return seen


def scanned(site: Path, *, cache: bool = True, thorough: bool = False) -> Report:
    return scan([site], signatures.load(), Options(cache=cache, thorough=thorough))


def told(report: Report) -> Sequence[tuple[str, str]]:
    return [(str(each.place), each.message) for each in report.findings]


def test_a_file_that_did_not_change_is_not_parsed_again(
    site: Path, kept: Path, parsed_files: list[str]
) -> None:
    cold = scanned(site)
    assert parsed_files == ["about.html", "index.html"]
    parsed_files.clear()
    warm = scanned(site)
    assert parsed_files == []
    assert warm.findings == cold.findings
    assert warm.coverage == cold.coverage
    assert warm.site.pages == cold.site.pages


def test_a_changed_file_is_parsed_and_only_that(
    site: Path, kept: Path, parsed_files: list[str]
) -> None:
    scanned(site)
    parsed_files.clear()
    (site / "about.html").write_text(PIXEL)
    assert any("about.html" in place for place, _ in told(scanned(site)))
    assert parsed_files == ["about.html"]


def test_a_component_is_parsed_again_when_its_template_changed(
    site: Path, kept: Path, parsed_files: list[str]
) -> None:
    (site / "lead.ts").write_text(
        "@Component({templateUrl: './lead.html'}) export class Lead { mail = '';"
        " go() { fbq('track', 'Lead', {em: this.mail}); } }"
    )
    (site / "lead.html").write_text("<input>")
    scanned(site)
    parsed_files.clear()
    (site / "lead.html").write_text("<input [(ngModel)]='mail' id='email'>")
    hits = [each.detection for each in scanned(site).site.trackers]
    assert parsed_files == ["lead.html", "lead.ts"]
    told = [str(each.origin) for hit in hits for each in hit.data if each.name == "em"]
    assert told == ["form field #email"]


def test_a_file_is_not_taken_for_its_copy_elsewhere(site: Path, kept: Path) -> None:
    scanned(site)
    (site / "copy.html").write_text(PIXEL)
    places = {place.partition(":")[0] for place, _ in told(scanned(site))}
    assert {"index.html", "copy.html"} <= places


def test_without_a_cache_nothing_is_written(
    site: Path, kept: Path, parsed_files: list[str]
) -> None:
    scanned(site, cache=False)
    scanned(site, cache=False)
    assert not kept.exists()
    assert len(parsed_files) == 4


def test_a_thorough_scan_has_its_own_facts(site: Path, kept: Path, parsed_files: list[str]) -> None:
    scanned(site)
    parsed_files.clear()
    scanned(site, thorough=True)
    assert len(parsed_files) == 2


@pytest.mark.parametrize(
    "name", ["__version__", "READERS"], ids=["another version", "other parsers"]
)
def test_another_reader_reads_anew(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.code.cache_clear()
    before = keys.state_of(NO_WORDS, False)
    monkeypatch.setattr(keys, name, "0.0.0" if name == "__version__" else frozenset({"pytest"}))
    keys.code.cache_clear()
    after = keys.state_of(NO_WORDS, False)
    keys.code.cache_clear()
    assert before != after


def test_our_own_files_are_part_of_the_key(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("1")
    before = list(keys.files_of(tmp_path, ".py"))
    (tmp_path / "one.py").write_text("11")
    assert list(keys.files_of(tmp_path, ".py")) != before


def test_other_words_have_another_key() -> None:
    states = {
        keys.state_of(words, thorough)
        for words in (NO_WORDS, Vocabulary(names=frozenset({"fbq"})), Vocabulary(words=(b"fbq",)))
        for thorough in (False, True)
    }
    assert len(states) == 6


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b"no database at all, " * 500),
        lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes().replace(b"kept", b"gone")),
    ],
    ids=["foreign", "half", "empty", "other table"],
)
def test_a_spoilt_cache_changes_nothing(spoil: object, site: Path, kept: Path) -> None:
    assert callable(spoil)
    cold = scanned(site)
    spoil(kept / store.NAME)
    assert scanned(site).findings == cold.findings
    assert scanned(site).findings == cold.findings


def test_a_broken_file_is_replaced(site: Path, kept: Path, parsed_files: list[str]) -> None:
    scanned(site)
    (kept / store.NAME).write_bytes(b"no database at all, " * 500)
    scanned(site)  # notices
    scanned(site)  # writes anew
    parsed_files.clear()
    scanned(site)
    assert parsed_files == []


def test_spoilt_rows_are_read_from_the_files(site: Path, kept: Path) -> None:
    cold = scanned(site)
    with closing(sqlite3.connect(kept / store.NAME)) as rows, rows:
        for said in (b"", b"x", zlib.compress(b"x"), zlib.compress(pickle.dumps("x"))):
            rows.execute("update kept set said = ?", (said,))
            rows.commit()
            assert scanned(site).findings == cold.findings


def test_facts_of_another_file_are_not_believed(site: Path, kept: Path) -> None:
    cold = scanned(site)
    with closing(sqlite3.connect(kept / store.NAME)) as rows, rows:
        rows.execute("update kept set said = ?", (records.packed("other.html", Parsed("x")),))
    assert scanned(site).findings == cold.findings


class Trap:
    """What pickle would run when it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("trapped",)


def test_nothing_in_the_cache_is_ever_run(
    site: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    cold = scanned(site)
    with closing(sqlite3.connect(kept / store.NAME)) as rows, rows:
        said = zlib.compress(pickle.dumps(("index.html", Trap())))
        rows.execute("update kept set said = ?", (said,))
    assert scanned(site).findings == cold.findings
    assert not (tmp_path / "trapped").exists()


@pytest.mark.parametrize(
    "thing", [Path("x"), os.getcwd, Trap(), Counter("x")], ids=lambda each: type(each).__name__
)
def test_only_our_own_records_are_made(thing: object) -> None:
    assert records.unpacked(records.packed("a", Parsed("a"))) == ("a", Parsed("a"))
    assert records.unpacked(records.packed("a", thing)) == ("", None)


def test_a_locked_cache_is_not_waited_for_long(
    site: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PATIENCE", 0.01)
    cold = scanned(site)
    (site / "about.html").write_text(PIXEL)
    with closing(sqlite3.connect(kept / store.NAME, isolation_level=None)) as rows:
        rows.execute("begin exclusive")
        assert len(scanned(site).findings) > len(cold.findings)
        rows.execute("rollback")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows has no such permissions")
def test_the_folder_is_for_its_owner_alone(site: Path, kept: Path) -> None:
    scanned(site)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert stat.S_IMODE((kept / store.NAME).stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows has no such permissions")
def test_a_folder_that_others_may_write_into_is_refused(site: Path, kept: Path) -> None:
    kept.mkdir()
    kept.chmod(0o777)
    assert folder() is None
    assert scanned(site).findings
    assert list(kept.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows has no such permissions")
def test_a_folder_of_somebody_else_is_refused(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder() == kept.resolve()
    monkeypatch.setattr(os, "getuid", lambda: kept.stat().st_uid + 1)
    assert folder() is None


def test_a_link_in_the_place_of_the_file_is_refused(kept: Path, tmp_path: Path) -> None:
    kept.mkdir(mode=0o700)
    try:
        (kept / store.NAME).symlink_to(tmp_path / "elsewhere")
    except OSError:
        pytest.skip("links cannot be made here")
    if hasattr(os, "getuid"):
        assert folder() is None


def test_a_cache_that_cannot_be_made_does_not_matter(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TRACKERLINT_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert scanned(site).findings


def test_without_a_home_there_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKERLINT_CACHE_DIR", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: Path("~/.cache"))
    assert folder() is None


def test_what_was_not_used_for_longest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(key(b"", "facts", f"{number}", b""), os.urandom(10_000)) for number in range(100)]
    monkeypatch.setattr(store, "LARGEST", 400_000)
    monkeypatch.setattr(store, "_today", lambda: 1)
    kept = store.Store(tmp_path)
    kept.write(rows[:20])
    monkeypatch.setattr(store, "_today", lambda: 2)
    kept.write(rows[20:30])
    monkeypatch.setattr(store, "_today", lambda: 3)
    assert len(kept.read([rows[0][0]])) == 1
    kept.write(rows[30:45])
    assert (tmp_path / store.NAME).stat().st_size < 800_000
    assert len(kept.read([rows[0][0]])) == 1, "it was used today"
    assert len(kept.read([each for each, _ in rows[1:20]])) < 19
    assert len(kept.read([each for each, _ in rows[30:45]])) == 15


@pytest.mark.parametrize(
    "reason", ["a worker process failed (X); please report this file", "more memory than there is"]
)
def test_what_was_chance_is_tried_again(
    reason: str, site: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(source: Source, vocabulary: Vocabulary, thorough: bool = False) -> Parsed:
        return Parsed(source.path, skips=(Skip(source.path, reason),))

    with monkeypatch.context() as broken:
        broken.setattr(reading, "read_source", failing)
        assert not scanned(site).findings
    assert scanned(site).findings


def test_a_script_that_was_given_up_in_time_is_tried_again(
    site: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, parsed_files: list[str]
) -> None:
    def too_slow(*_: object) -> None:
        raise grammar.TooSlow

    (site / "app.js").write_text("import './x'; fbq('init', '1234567890123456');")
    with monkeypatch.context() as slow:
        slow.setattr(grammar, "_tree", too_slow)
        scanned(site)
    parsed_files.clear()
    scanned(site)
    assert "app.js" in parsed_files
    assert "about.html" not in parsed_files


def test_a_file_that_changes_while_it_is_read_is_kept_as_it_was_read(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "index.html"
    page.write_text("<h1>One</h1>")
    known = Cache(NO_WORDS, False, folder())
    reader = reading.Reader(NO_WORDS, False, known)
    file = File("index.html", str(page), page.stat().st_size)
    original = known.known

    def then_changed(wanted: dict[bytes, str]) -> dict[bytes, object]:
        found = original(wanted)
        page.write_text("<h1>Two</h1>")
        return found

    monkeypatch.setattr(known, "known", then_changed)
    (second,) = reader.parsed([file], reading.Progress())
    fresh = Cache(NO_WORDS, False, folder())
    one = key(fresh.state, reading.FACTS, "index.html", b"<h1>One</h1>")
    two = key(fresh.state, reading.FACTS, "index.html", b"<h1>Two</h1>")
    assert fresh.known({one: "index.html", two: "index.html"}) == {two: second}


def test_every_kind_of_fact_can_be_kept() -> None:
    assert modules("frameworks")  # they have facts of their own
    todo: list[type[Fact]] = [Fact]
    kinds: set[type[Fact]] = set()
    while todo:
        kind = todo.pop()
        if getattr(sys.modules[kind.__module__], kind.__name__) is kind:  # else half made: slots
            kinds.add(kind)
        todo.extend(kind.__subclasses__())
    assert len(kinds) > 20
    for kind in kinds:
        bare = object.__new__(kind)
        for each in fields(kind):
            object.__setattr__(bare, each.name, None)
        assert records.unpacked(records.packed("a", bare)) == ("a", bare), kind


def test_a_record_that_cannot_be_packed_is_not_kept(kept: Path) -> None:
    deep: tuple[object, ...] = ()
    for _ in range(100_000):
        deep = (deep,)
    known = Cache(NO_WORDS, False, folder())
    known.keep([(b"1", "a", deep), (b"2", "b", Parsed("b"))])
    assert Cache(NO_WORDS, False, folder()).known({b"1": "a", b"2": "b"}) == {b"2": Parsed("b")}


def test_example_sites_come_back_as_they_were(
    root: Path, kept: Path, parsed_files: list[str]
) -> None:
    first = scan([root / "fixtures" / "sites"], signatures.load(), ALL)
    assert parsed_files
    parsed_files.clear()
    second = scan([root / "fixtures" / "sites"], signatures.load(), ALL)
    assert parsed_files == []
    assert second == first
