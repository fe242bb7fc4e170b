"""Where a folder lies in its work tree, whatever shape the tree has."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from analyzer import checkout
from analyzer.model import Checkout

NAME = ("-c", "user.name=A", "-c", "user.email=a@example.org")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *NAME, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree with one commit and a folder in it."""
    folder = tmp_path / "tree"
    (folder / "sites" / "clinic").mkdir(parents=True)
    git(tmp_path, "init", "-q", "-b", "trunk", "tree")
    git(folder, "commit", "-q", "--allow-empty", "-m", "One")
    return folder


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/clinic/site.git", "https://github.com/clinic/site"),
        ("https://me:secret@github.com/clinic/site", "https://github.com/clinic/site"),
        ("git@github.com:clinic/site.git", "https://github.com/clinic/site"),
        ("ssh://git@git.example.org:7999/clinic/site.git", "https://git.example.org/clinic/site"),
        ("https://git.example.org:8443/clinic/site/", "https://git.example.org:8443/clinic/site"),
        ("/srv/git/site.git", ""),
        ("C:\\git\\site", ""),
        ("https://[::1", ""),
    ],
)
def test_a_folder_knows_its_way_its_commit_and_the_public_address(
    tree: Path, remote: str, address: str
) -> None:
    git(tree, "remote", "add", "origin", remote)
    assert checkout.of(tree / "sites" / "clinic") == Checkout(
        "sites/clinic", address, git(tree, "rev-parse", "HEAD"), "trunk"
    )
    assert checkout.of(tree).folder == ""


def test_packed_references_linked_trees_and_single_commits_are_understood(tree: Path) -> None:
    revision = git(tree, "rev-parse", "HEAD")
    git(tree, "pack-refs", "--all")
    assert checkout.of(tree).revision == revision
    linked = tree.parent / "linked"
    git(tree, "remote", "add", "upstream", "https://example.org/a.git")
    git(tree, "worktree", "add", "-q", "-b", "topic/x", str(linked))
    assert checkout.of(linked) == Checkout("", "https://example.org/a", revision, "topic/x")
    git(tree, "checkout", "-q", "--detach")
    assert checkout.of(tree) == Checkout("", "https://example.org/a", revision)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("HEAD", b"ref: refs/heads/../../../../etc/passwd\n"),
        ("HEAD", b"\xff\xfe\0"),
        ("HEAD", b"ref: refs/heads/trunk\n" * 100_000),
        ("refs/heads/trunk", b"ref: refs/heads/trunk\n"),
        ("refs/heads/trunk", b"not a hash\n"),
        ("commondir", b"/nowhere\n"),
        ("config", b'[remote "origin"]\n url\n url = \n[remote "a"\n\xff'),
    ],
)
def test_a_broken_work_tree_is_no_trouble(tree: Path, file: str, content: bytes) -> None:
    (tree / ".git" / file).write_bytes(content)
    found = checkout.of(tree / "sites")
    assert (found.folder, found.repository) == ("sites", "")


def test_a_new_work_tree_has_no_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    assert checkout.of(tmp_path) == Checkout(branch="trunk")


def test_without_git_the_way_is_that_from_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sites" / "clinic").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert checkout.of(Path("sites/clinic")) == Checkout("sites/clinic")
    monkeypatch.chdir(tmp_path / "sites")
    assert checkout.of(tmp_path) == Checkout()
