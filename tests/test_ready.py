"""A start: what it may load, what it keeps for the next one, and that this changes no result."""

from __future__ import annotations

import pickle
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from analyzer import cache, engines, frameworks, plugins, ready, signatures
from analyzer.cache import Kept, keys
from analyzer.frameworks import Project
from analyzer.link import graph
from analyzer.model import UserError
from analyzer.pipeline import Options, scan
from tests.markdown_pages import Case, cases_of

# What a scan of pages and scripts, without configuration and outputs, has no use for.
NEVER = (
    "bs4",
    "concurrent.futures",
    "esprima",
    "hyperscan",
    "importlib.metadata",
    "lxml",
    "multiprocessing",
    "openpyxl",
    "pathspec",
    "requests",
    "rich",
    "sarif_om",
    "tomlkit",
    "tree_sitter_javascript",
    "yaml",
    "analyzer.changes",
    "analyzer.history",
    "analyzer.parse.server.sdk",
    "analyzer.signatures.vendors",
)
PAGES = sorted((Path(__file__).parent.parent / "fixtures" / "frameworks").glob("*.md"))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a cache of its own."""
    inside = tmp_path / "cache"
    monkeypatch.setenv("TRACKERLINT_CACHE_DIR", str(inside))
    monkeypatch.setattr(plugins, "_KNOWN", {})
    yield inside
    frameworks.faces.cache_clear()
    engines.faces.cache_clear()


def loaded_by(site: Path, *options: str) -> set[str]:
    """The modules that a scan in a process of its own has loaded."""
    code = (
        "import sys\nfrom analyzer.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(*sys.modules, sep='\\n')\n"
    )
    command = [sys.executable, "-c", code, "scan", "--quiet", *options, str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_plain_scan_loads_only_what_it_needs(kept: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<html><body><h1>Visiting hours</h1></body></html>")
    loaded_by(site)  # fills the cache
    loaded = loaded_by(site)
    assert not {name for name in loaded if name.startswith(NEVER)}
    assert not {name for name in loaded if name.startswith("analyzer.outputs.")}
    rooms = [name for name in loaded if name.count(".") == 2]
    speaking = {name for name in rooms if name.startswith("analyzer.frameworks.")}
    own = {name.rpartition(".")[2] for name in speaking}
    assert {each for each in own if not each.startswith("_")} == {"aliases", "static", "templates"}
    read = {name.rpartition(".")[2] for name in rooms if name.startswith("analyzer.engines.")}
    assert not {each for each in read if not each.startswith("_")}


def test_a_second_start_reads_no_sheet(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ready.loaded(cached=True)
    monkeypatch.setattr(signatures, "load", refused)
    second = ready.loaded(cached=True)
    assert second == first
    assert [each.pattern for each in second.signals] == [each.pattern for each in first.signals]


def refused(*_: object) -> signatures.Signatures:
    raise AssertionError("the sheets were read again")


def test_what_is_kept_of_frameworks_and_engines_is_what_they_say(kept: Path) -> None:
    ready.loaded(cached=True)
    whole = frameworks.faces(), engines.faces()
    frameworks.faces.cache_clear()
    engines.faces.cache_clear()
    ready.loaded(cached=True)
    assert plugins.remembered("frameworks") == whole[0]
    assert (frameworks.faces(), engines.faces()) == whole
    for face in frameworks.faces():
        own = face.framework
        assert (own.name, own.order, own.reads, own.about) == (
            face.name,
            face.order,
            face.reads,
            face.about,
        )
    for each in engines.faces():
        record = each.engine
        assert (record.name, record.suffixes, record.hint, record.unlike) == (
            each.name,
            each.suffixes,
            each.hint,
            each.unlike,
        )


def test_without_a_folder_everything_is_read(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "folder", lambda: None)
    assert ready.loaded(cached=True).vendors
    assert ready.loaded(cached=False).vendors
    assert not kept.exists()


@pytest.mark.parametrize(
    "record",
    [None, ("a", "tuple"), cache.Kept, frozenset({"word"})],
    ids=["nothing", "a tuple", "no record", "a set"],
)
def test_what_is_not_ours_is_read_anew(kept: Path, record: object) -> None:
    where = cache.folder()
    assert where is not None
    Kept(where, "ready", signatures.folder()).keep(record)
    assert len(ready.loaded(cached=True).vendors) > 100


def test_bytes_of_another_make_run_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = cache.folder()
    assert where is not None
    monkeypatch.setattr(
        "analyzer.cache.kept.packed",
        lambda name, record: zlib.compress(pickle.dumps((name, Evil()))),
    )
    Kept(where, "ready", signatures.folder()).keep(None)
    monkeypatch.undo()
    monkeypatch.setenv("TRACKERLINT_CACHE_DIR", str(where))
    assert len(ready.loaded(cached=True).vendors) > 100


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("something of the cache was run",)


def test_the_key_changes_with_any_file_of_the_folder(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "vendors").mkdir()
    sheet = tmp_path / "vendors" / "one.toml"
    states = set()
    for text in ("a", "aa", "b"):
        sheet.write_text(text)
        states.add(Kept(kept, "ready", tmp_path).key)
    sheet.rename(tmp_path / "vendors" / "two.toml")
    states.add(Kept(kept, "ready", tmp_path).key)
    states.add(Kept(kept, "other", tmp_path).key)
    assert len(states) == 5


def test_a_mistake_in_a_sheet_is_still_a_sentence(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.loaded(cached=True)
    own = tmp_path / "signatures"
    (own / "vendors").mkdir(parents=True)
    (own / "vendors" / "acme.toml").write_text('name = "Acme"\n')
    monkeypatch.setattr(signatures, "folder", lambda: own)
    signatures.load.cache_clear()
    try:
        with pytest.raises(UserError, match=r"acme\.toml"):
            ready.loaded(cached=True)
    finally:
        signatures.load.cache_clear()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_framework_sleeps_where_it_has_something_to_say(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[str] = []

    def all_of(paths: frozenset[str]) -> Iterator[frameworks.Framework]:
        awake = {each.name for each in original(paths)}
        for face in frameworks.faces():
            if face.name not in awake:
                slept.append(face.name)
            yield face.framework

    def said(project: Project) -> Sequence[str]:
        return [
            face.name
            for face in frameworks.faces()
            if face.name in slept and next(face.framework.conventions(project), None) is not None
        ]

    original = frameworks.speaking
    monkeypatch.setattr(graph, "speaking", all_of)
    projects: list[Project] = []
    monkeypatch.setattr(graph, "Project", lambda *given: remembered(projects, Project(*given)))
    for number, case in enumerate(cases(page)):
        slept.clear()
        projects.clear()
        case.write(tmp_path / str(number))
        scan([tmp_path / str(number)], signatures.load(), Options(include=("*",)))
        for project in projects:
            assert said(project) == [], case


def remembered(projects: list[Project], project: Project) -> Project:
    projects.append(project)
    return project


def cases(page: Path) -> list[Case]:
    return [each for each in cases_of(page) if each.files]


def test_the_packages_that_read_are_seen_among_those_installed() -> None:
    seen = {keys._plain(name.partition("-")[0]) for name in keys._installed()}
    assert {"tree-sitter", "tree-sitter-javascript", "turbohtml", "lxml"} <= seen <= keys.READERS
