"""A scanned repository is a stranger's: nothing that its settings name is run, or reached."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from analyzer import files, signatures
from analyzer.git import command, environment
from analyzer.model import Report, State, UserError
from analyzer.pipeline import Options, scan
from tests.test_changes import PIXEL, Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PAGE = f"<html><head><title>Book an appointment</title>{PIXEL}</head></html>\n"
SETTINGS = {  # where git would run a program or fetch something
    "core.fsmonitor": "{} fsmonitor",
    "core.sshCommand": "{} ssh",
    "core.pager": "{} pager",
    "core.editor": "{} editor",
    "core.askPass": "{}",
    "credential.helper": "{} credential",
    "filter.own.clean": "{} clean",
    "filter.own.smudge": "{} smudge",
    "filter.long.process": "{} process",
    "filter.long.required": "true",
    "diff.own.command": "{} command",
    "diff.own.textconv": "{} textconv",
    "diff.external": "{} external",
    "merge.own.driver": "{} merge",
    "gpg.program": "{}",
    "alias.ls-files": "!{} alias",
    "core.alternateRefsCommand": "{} refs",
}
HOOKS = ("post-index-change", "pre-commit", "post-checkout", "reference-transaction")


class Trap:
    """A program that leaves a word where it was run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.log = folder / "log"
        self.program = folder / "program"
        self.program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{self.log}"\ncat\n')
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)

    @property
    def ran(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def arm(self, repository: Repository) -> None:
        git = Path(repository.git("rev-parse", "--absolute-git-dir"))
        for name, value in SETTINGS.items():
            repository.git("config", name, value.format(self.program))
        (git / "hooks").mkdir(exist_ok=True)
        for name in HOOKS:
            shutil.copy(self.program, git / "hooks" / name)


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path / "trap")


@pytest.fixture
def hostile(tmp_path: Path, trap: Trap) -> Repository:
    """A repository with every trap, and a file of each kind of change."""
    made = Repository(tmp_path / "site")
    made.put(".gitattributes", "a.html filter=own diff=own\nb.html filter=long diff=own\n")
    for name in ("a", "b", "gone", "moved"):
        made.put(f"{name}.html", PAGE.replace("</html>", f"<p>{name}</p></html>"))
    made.commit()
    trap.arm(made)
    made.put("a.html", PAGE)
    made.put("b.html", PAGE)
    made.put("new.html", PAGE)
    (made.folder / "gone.html").unlink()
    (made.folder / "moved.html").rename(made.folder / "renamed.html")
    return made


def scanned(folder: Path, *, tracked_only: bool = False, base: str = "") -> Report:
    options = Options(base=base, tracked_only=tracked_only)
    return scan([folder], signatures.load(), options)


@pytest.mark.parametrize("base", ["", "HEAD"])
@pytest.mark.parametrize("tracked_only", [False, True])
def test_no_program_of_a_repository_runs(
    hostile: Repository, trap: Trap, base: str, tracked_only: bool
) -> None:
    assert scanned(hostile.folder, base=base, tracked_only=tracked_only).findings
    assert trap.ran == ""


def test_no_program_of_a_submodule_runs(hostile: Repository, trap: Trap, tmp_path: Path) -> None:
    theme = Repository(tmp_path / "theme")
    theme.put(".gitattributes", "*.html filter=own diff=own\n")
    theme.put("page.html", PAGE)
    theme.commit()
    outer = Repository(tmp_path / "outer")
    outer.git("submodule", "add", "-q", theme.folder.as_uri(), "theme")
    outer.commit()
    inner = Repository(outer.folder / "theme")
    trap.arm(inner)
    trap.arm(outer)
    trap.log.unlink(missing_ok=True)
    inner.put("page.html", PAGE.replace("<html>", '<html lang="en">'))
    inner.put("other.html", PAGE)
    report = scanned(outer.folder, base="HEAD")
    assert {each.place.path for each in report.findings if each.state is State.NEW} == {
        "theme/other.html"
    }
    assert trap.ran == ""


def test_the_traps_are_traps(hostile: Repository, trap: Trap) -> None:
    words = ["git", "-C", str(hostile.folder), "add", "-A"]
    subprocess.run(words, capture_output=True, check=False)  # the broken filter stops it
    for name in ("process", "required"):
        hostile.git("config", "--unset", f"filter.long.{name}")
    subprocess.run(words, capture_output=True, check=False)
    for word in ("fsmonitor", "clean", "process", "post-index-change"):
        assert word in trap.ran


def test_a_filter_of_the_user_runs(
    tmp_path: Path, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[filter "large"]\n\tclean = {trap.program} clean\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    made = Repository(tmp_path / "site")
    made.put(".gitattributes", "*.html filter=large\n")
    made.put("a.html", PAGE)
    made.commit()
    trap.log.unlink()
    made.put("a.html", PAGE.replace("<html>", "<html >"))
    assert scanned(made.folder, base="HEAD").findings
    assert "clean" in trap.ran


def test_a_filter_that_cannot_be_switched_off_is_one_sentence(hostile: Repository) -> None:
    hostile.git("config", "filter.a=b.clean", "true")
    with pytest.raises(UserError, match=r"settings for a filter 'a=b'.*take it out"):
        scanned(hostile.folder, base="HEAD")


def test_what_a_clone_left_out_is_not_fetched(
    tmp_path: Path, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = Repository(tmp_path / "origin")
    origin.put("a.html", PAGE)
    origin.commit()
    origin.put("a.html", PAGE.replace("<html>", '<html lang="en">'))
    origin.commit()
    origin.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "--filter=blob:none", origin.folder.as_uri(), str(clone)],
        check=True,
        capture_output=True,
    )
    made = Repository(clone)
    made.git("config", "remote.origin.uploadpack", f"{trap.program} pack")
    with pytest.raises(UserError, match="fetch"):
        scanned(clone, base="HEAD~1")
    assert trap.ran == ""


# ---------------------------------------------------------------- the environment of a hook


def test_the_index_of_a_hook_is_not_that_of_another_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, other = Repository(tmp_path / "site"), Repository(tmp_path / "other")
    site.put("a.html", PAGE)
    site.commit()
    other.put("b.html", PAGE)
    other.commit()
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.folder / ".git" / "index"))
    found, _ = files.find([site.folder], site.folder, files.Choice())
    assert [each.path for each in found] == ["a.html"]


def test_a_question_leaves_the_environment_of_the_user() -> None:
    assert environment({"GIT_INDEX_FILE": "x"})["GIT_INDEX_FILE"] == "x"
    assert "PATH" in environment()
    assert command(Path("x"), ["status"])[-1] == "status"


# ---------------------------------------------------------------- what git tracks


def test_only_what_git_tracks_is_read_where_that_is_asked(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    made.put("a.html", "<p>nothing</p>")
    made.commit()
    made.put("unknown.html", PAGE)
    made.put("added.html", PAGE)
    made.git("add", "added.html")
    report = scanned(made.folder, tracked_only=True, base="HEAD")
    assert {each.place.path for each in report.findings} == {"added.html"}
    assert report.coverage.read == 2
    everything = scanned(made.folder, base="HEAD")
    assert {each.place.path for each in everything.findings} == {"added.html", "unknown.html"}


def test_where_git_tracks_nothing_there_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    with pytest.raises(UserError, match="--tracked-only: git names no file that it tracks in"):
        scanned(tmp_path, tracked_only=True)


def test_a_file_that_is_named_is_read_though_git_does_not_know_it(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    made.put("a.html", PAGE)
    assert scanned(made.folder / "a.html", tracked_only=True).findings
