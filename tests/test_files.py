"""Which files a scan reads, and which reason it gives for each that it leaves out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer import files
from analyzer.files import Choice, File
from analyzer.model import Skip, UserError

Lay = Callable[..., Path]
git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
NOT_ON_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="needs a rare right there")


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Lay files down in a folder and give that folder."""

    def laid(*names: str) -> Path:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("<html></html>\n")
        return tmp_path

    return laid


Patterns = tuple[str, ...]


def found(folder: Path, exclude: Patterns = (), include: Patterns = ()) -> list[str]:
    """The files below a folder; `include` and `exclude` are what a user may choose."""
    return [file.path for file in files.find([folder], folder, Choice(exclude, include))[0]]


def skipped(folder: Path, exclude: Patterns = (), include: Patterns = ()) -> dict[str, str]:
    """The reason for each thing that was left out."""
    left_out = files.find([folder], folder, Choice(exclude, include))[1]
    return {skip.path: skip.reason for skip in left_out}


def run_git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


# ---------------------------------------------------------------- git's own rules


@git
def test_a_work_tree_leaves_out_what_git_ignores(lay: Lay) -> None:
    folder = lay("index.html", "new.html", "secret.html", "cache/page.html", "kept/cache.html")
    run_git(folder, "init", "-q")
    (folder / ".gitignore").write_text("secret.html\ncache/\n")
    (folder / ".git" / "info" / "exclude").write_text("new.html\n")
    assert found(folder) == [".gitignore", "index.html", "kept/cache.html"]


@git
def test_a_file_that_git_follows_is_read_though_a_rule_names_it(lay: Lay) -> None:
    folder = lay("index.html", "generated.html")
    run_git(folder, "init", "-q")
    (folder / ".gitignore").write_text("generated.html\n")
    run_git(folder, "add", "-f", "generated.html", "index.html")
    assert found(folder) == [".gitignore", "generated.html", "index.html"]


@git
def test_a_file_that_git_follows_and_that_is_gone_is_no_file(lay: Lay) -> None:
    folder = lay("index.html", "gone.html")
    run_git(folder, "init", "-q")
    run_git(folder, "add", ".")
    (folder / "gone.html").unlink()
    assert found(folder) == ["index.html"]


@git
def test_a_folder_inside_of_a_work_tree_keeps_the_rules_above_it(lay: Lay) -> None:
    folder = lay("site/index.html", "site/secret.html")
    run_git(folder, "init", "-q")
    (folder / ".gitignore").write_text("secret.html\n")
    assert found(folder / "site") == ["index.html"]


@git
def test_an_ignored_folder_that_is_named_is_read(lay: Lay) -> None:
    folder = lay("generated/index.html")
    run_git(folder, "init", "-q")
    (folder / ".gitignore").write_text("generated/\n")
    assert found(folder / "generated") == ["index.html"]


@git
def test_a_repository_inside_of_the_repository_is_part_of_the_site(lay: Lay) -> None:
    folder = lay("index.html", "themes/larkspur/layout.html", "themes/larkspur/draft.html")
    run_git(folder, "init", "-q")
    run_git(folder / "themes" / "larkspur", "init", "-q")
    (folder / "themes" / "larkspur" / ".gitignore").write_text("draft.html\n")
    assert found(folder) == [
        "index.html",
        "themes/larkspur/.gitignore",
        "themes/larkspur/layout.html",
    ]


@git
def test_a_submodule_that_is_not_checked_out_is_said(lay: Lay) -> None:
    folder = lay("main/index.html", "theme/layout.html")
    theme, main = folder / "theme", folder / "main"
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for each in (theme, main):
        run_git(each, "init", "-q")
        run_git(each, "add", ".")
        run_git(each, *author, "commit", "-qm", "all")
    run_git(main, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(theme), "theme")
    run_git(main, *author, "commit", "-qm", "theme")
    run_git(folder, "clone", "-q", "main", "copy")
    assert found(main) == [".gitmodules", "index.html", "theme/layout.html"]
    assert found(folder / "copy") == [".gitmodules", "index.html"]
    assert skipped(folder / "copy") == {"theme": "a submodule that is not checked out"}
    assert found(folder / "copy" / "theme") == []


@git
def test_names_of_other_alphabets_and_with_blanks_arrive_whole(lay: Lay) -> None:
    folder = lay("über uns.html", "citas médicas/reservar.html", '"quoted".html')
    run_git(folder, "init", "-q")
    assert found(folder) == ['"quoted".html', "citas médicas/reservar.html", "über uns.html"]


def test_outside_of_a_work_tree_ignore_files_count_too(
    lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lay("index.html", "secret.html", "deep/secret.html", "deep/draft.html")
    (folder / ".gitignore").write_text("secret.html\n")
    (folder / "deep" / ".gitignore").write_text("draft.html\n")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    assert found(folder) == [".gitignore", "deep/.gitignore", "index.html"]


def test_without_git_the_same_files_are_found(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay("index.html", "secret.html", ".well-known/page.html", ".git/hooks/page.html")
    (folder / ".gitignore").write_text("secret.html\n")
    monkeypatch.setenv("PATH", str(folder / "no-programs-here"))
    assert found(folder) == [".gitignore", ".well-known/page.html", "index.html"]


def test_a_git_that_fails_is_no_reason_to_stop(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay("index.html")

    def hangs(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("git", 120)

    monkeypatch.setattr(subprocess, "run", hangs)
    assert found(folder) == ["index.html"]


# ---------------------------------------------------------------- folders that reach no visitor


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("node_modules/tracker/index.js", "dependencies of others"),
        ("vendor/lib/snippet.html", "dependencies of others"),
        ("web/bower_components/x/x.html", "dependencies of others"),
        ("tests/page.html", "tests and fixtures never reach a visitor"),
        ("src/__tests__/page.html", "tests and fixtures never reach a visitor"),
        ("cypress/page.html", "tests and fixtures never reach a visitor"),
        ("dist/index.html", "build output beside its source"),
        ("build/index.html", "build output beside its source"),
        (".next/server/index.html", "build output beside its source"),
    ],
)
def test_a_folder_is_left_out_with_its_reason_and_read_on_demand(
    lay: Lay, name: str, reason: str
) -> None:
    folder = lay("package.json", "src/page.html", name)
    assert found(folder) == ["package.json", "src/page.html"]
    ((path, said),) = skipped(folder).items()
    assert name.startswith(path)
    assert said.startswith(f"{reason}; --include ")
    everything = sorted(["package.json", "src/page.html", name])
    assert found(folder, include=(path.rstrip("/"),)) == everything


def test_a_folder_is_one_skip_however_much_is_in_it(lay: Lay) -> None:
    folder = lay("index.html", *(f"node_modules/p{number}/a/b.js" for number in range(20)))
    assert list(skipped(folder)) == ["node_modules/"]


def test_one_package_can_be_read_alone(lay: Lay) -> None:
    folder = lay("node_modules/ours/a.js", "node_modules/theirs/a.js")
    assert found(folder, include=("node_modules/ours",)) == ["node_modules/ours/a.js"]


@pytest.mark.parametrize("name", ["dist/index.html", "build/index.html", "out/page.html"])
def test_a_build_without_its_source_is_the_site(lay: Lay, name: str) -> None:
    assert found(lay(name)) == [name]
    beside = ("README.md", "package.json", "server.js", "vite.config.ts")
    assert found(lay(name, *beside)) == sorted([name, *beside])


def test_a_build_of_scripts_alone_has_scripts_as_its_source(lay: Lay) -> None:
    assert found(lay("package.json", "dist/app.js")) == ["dist/app.js", "package.json"]
    assert found(lay("package.json", "src/app.ts", "dist/app.js")) == ["package.json", "src/app.ts"]


def test_the_source_of_another_project_is_none_of_this_build(lay: Lay) -> None:
    names = ("a/package.json", "a/dist/index.html", "b/package.json", "b/src/page.html")
    assert found(lay(*names)) == sorted(names)


def test_what_others_or_tests_hold_is_no_source_of_a_build(lay: Lay) -> None:
    folder = lay("package.json", "dist/index.html", "tests/page.html", "node_modules/a/a.html")
    assert found(folder) == ["dist/index.html", "package.json"]


def test_views_of_packages_are_part_of_the_site(lay: Lay) -> None:
    name = "resources/views/vendor/mail/header.html"
    assert found(lay(name)) == [name]


@pytest.mark.parametrize(
    "name",
    [
        "vendors/page.html",
        "testimonials/page.html",
        "distance.html",
        "contest/page.html",
        "tests.html",
        "specs-sheet/page.html",
    ],
)
def test_a_name_that_only_begins_alike_is_read(lay: Lay, name: str) -> None:
    assert found(lay("package.json", name)) == sorted(["package.json", name])


@pytest.mark.parametrize(
    "name",
    [
        "menu.test.js",
        "menu.spec.tsx",
        "menu.stories.jsx",
        "menu-test.js",
        "menu.cy.ts",
        "test_views.py",
    ],
)
def test_a_file_that_is_named_as_a_test_is_left_out(lay: Lay, name: str) -> None:
    folder = lay("index.html", f"src/{name}")
    assert found(folder) == ["index.html"]
    assert skipped(folder) == {f"src/{name}": "a test never reaches a visitor; --include reads it"}
    assert found(folder, include=("src",)) == ["index.html", f"src/{name}"]
    assert found(folder, include=(f"src/{name}",)) == ["index.html", f"src/{name}"]


@pytest.mark.parametrize(
    "pattern", ["archive", "archive/", "./archive", "archive/*", "arch*", "*.htm"]
)
def test_a_user_may_leave_out_more(lay: Lay, pattern: str) -> None:
    folder = lay("index.html", "archive/old.htm")
    assert found(folder, exclude=(pattern,)) == ["index.html"]
    assert list(skipped(folder, exclude=(pattern,)).values()) == ["left out by --exclude"]


def test_what_is_named_is_read_wherever_it_lies(lay: Lay) -> None:
    folder = lay("node_modules/theirs/a.js", "tests/page.html")
    named = [folder / "node_modules" / "theirs" / "a.js", folder / "tests" / "page.html"]
    assert [file.path for file in files.find(named, folder, Choice())[0]] == [
        "node_modules/theirs/a.js",
        "tests/page.html",
    ]


def test_a_folder_that_is_named_is_no_test_folder(lay: Lay) -> None:
    folder = lay("tests/page.html") / "tests"
    assert found(folder) == ["page.html"]


# ---------------------------------------------------------------- odd files


@NOT_ON_WINDOWS
def test_a_loop_of_links_ends(lay: Lay) -> None:
    folder = lay("site/index.html")
    (folder / "site" / "again").symlink_to(folder / "site", target_is_directory=True)
    (folder / "site" / "round").symlink_to("round")
    reason = "a symbolic link; what it points at is read only where it lies"
    assert found(folder) == ["site/index.html"]
    assert skipped(folder) == {"site/again": reason, "site/round": reason}


@git
@NOT_ON_WINDOWS
def test_a_link_to_a_folder_is_said_in_a_work_tree_too(lay: Lay) -> None:
    folder = lay("site/index.html")
    run_git(folder, "init", "-q")
    (folder / "site" / "again").symlink_to(folder / "site", target_is_directory=True)
    assert found(folder) == ["site/index.html"]
    assert list(skipped(folder)) == ["site/again"]


@NOT_ON_WINDOWS
def test_a_link_out_of_the_folder_is_not_followed(
    lay: Lay, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.html"
    outside.write_text("<html></html>")
    folder = lay("index.html")
    (folder / "secret.html").symlink_to(outside)
    assert found(folder) == ["index.html"]
    assert list(skipped(folder)) == ["secret.html"]


def test_a_file_over_the_limit_is_said(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay("index.html")
    (folder / "big.js").write_bytes(b"x" * (3 * 1024 * 1024 + 1))
    monkeypatch.setattr(files, "LARGEST", 3 * 1024 * 1024)
    assert found(folder) == ["index.html"]
    assert skipped(folder) == {"big.js": "over 3 MB"}


def test_a_file_at_the_limit_is_read(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay("index.html")
    monkeypatch.setattr(files, "LARGEST", len(b"<html></html>\n"))
    assert found(folder) == ["index.html"]


def test_a_file_that_is_gone_when_it_is_read_is_a_skip(tmp_path: Path) -> None:
    read = files.read(File("gone.html", str(tmp_path / "gone.html"), 3))
    assert isinstance(read, Skip)
    assert read.path == "gone.html"
    assert read.reason.startswith("it cannot be read (")


@NOT_ON_WINDOWS
def test_a_pipe_is_no_file_and_stops_nothing(lay: Lay) -> None:
    folder = lay("index.html")
    os.mkfifo(folder / "pipe.html")
    assert found(folder) == ["index.html"]


# ---------------------------------------------------------------- paths


def test_a_path_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no-such-folder does not exist; check the path"):
        files.root_of([tmp_path, tmp_path / "no-such-folder"])


def test_paths_are_told_from_the_folder_that_they_share(lay: Lay) -> None:
    folder = lay("site/pages/index.html", "exports/gtm.json")
    root = files.root_of([folder / "site", folder / "exports" / "gtm.json"])
    assert root == folder.resolve()
    listed, _ = files.find([folder / "site", folder / "exports" / "gtm.json"], root, Choice())
    assert [file.path for file in listed] == ["exports/gtm.json", "site/pages/index.html"]


def test_a_file_alone_is_told_by_its_name(lay: Lay) -> None:
    page = lay("site/index.html") / "site" / "index.html"
    listed, _ = files.find([page], files.root_of([page]), Choice())
    assert [file.path for file in listed] == ["index.html"]


def test_a_path_that_is_given_twice_is_read_once(lay: Lay) -> None:
    folder = lay("site/index.html")
    listed, _ = files.find([folder, folder / "site", folder], folder, Choice())
    assert [file.path for file in listed] == ["site/index.html"]


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert found(tmp_path) == []
    assert skipped(tmp_path) == {}


def test_a_folder_that_is_named_beside_a_file_elsewhere_is_judged_by_itself(lay: Lay) -> None:
    """The common root lies above both, and what lies between is the user's own business."""
    folder = lay("tests/site/index.html", "tests/site/node_modules/a.js", "export.json")
    named = [folder / "tests" / "site", folder / "export.json"]
    got, left = files.find(named, folder, Choice())
    assert [file.path for file in got] == ["export.json", "tests/site/index.html"]
    assert [skip.path for skip in left] == ["tests/site/node_modules/"]


def test_a_folder_that_does_not_open_is_told(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay("index.html")
    real = os.access

    def access(path: str, mode: int) -> bool:
        return not str(path).endswith("shut") and real(path, mode)

    (folder / "shut").mkdir(exist_ok=True)
    monkeypatch.setattr(os, "access", access)
    assert found(folder) == ["index.html"]
    assert skipped(folder) == {"shut/": "it cannot be opened; what is in it is not known"}
