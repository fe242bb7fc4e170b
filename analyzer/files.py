"""Which files a scan reads, and why it leaves the others out."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from analyzer.builds import BUILD_FILES as BUILD_FILES
from analyzer.builds import BUILDS, OUTPUT, Beside, is_output
from analyzer.git import command, environment
from analyzer.model import Skip, UserError

LARGEST = 20 * 1024 * 1024  # bytes of a file that is read
DEPENDENCIES = frozenset(
    {
        "node_modules",
        "bower_components",
        "jspm_packages",
        "vendor",
        "third_party",
        "third-party",
        "site-packages",
        ".git",
        ".hg",
        ".svn",
        ".venv",
        "venv",
        ".tox",
        ".nox",
        "__pycache__",
        ".yarn",
        ".pnpm-store",
        "Pods",
    }
)
# What a build leaves to say which file is which: read even where its output is not.
BUILD_MANIFEST = re.compile(
    r"(?:mix-|rev-|asset-|build-)?manifest\.json|entrypoints\.json|webpack-stats\.json"
    r"|staticfiles\.json|\.sprockets-manifest[-\w]*\.json|\.manifest\.json"
)
TESTS = frozenset(
    {
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "__mocks__",
        "__fixtures__",
        "__snapshots__",
        "cypress",
        "e2e",
        "testdata",
        "test-data",
        "fixtures",
        "testing",
    }
)
TEST_NAME = re.compile(
    r"[.\-_](?:test|tests|spec|specs|stories|cy)\.[cm]?[jt]sx?$|^(?:test_.*|conftest)\.py$"
    r"|_(?:test|spec)\.(?:go|rb|py)$|(?-i:[a-z0-9](?:Tests?|Spec|IT)\.(?:java|kt|cs|php)$)"
    r"|(?:^|[-_.])(?:tests?|mocks?|fixtures?|dummy|fake|stubs?|samples?)[-_]?data\.(?:[cm]?[jt]sx?|json|py|rb)$",
    re.I,
)


TRACKED = ("--cached",)
ADDRESS = re.compile(r"https?:[/\\]", re.I)
# The files below a folder, or the one that is named, and where the bytes of each are.
Listed = Callable[[Path], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: its path as the report names it, and where it lies on disk."""

    path: str
    disk: str
    size: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a user asked for on top of the rules: folders or patterns to leave out and to read
    after all. The configuration says the same of a file by its name: `left_out` and `reads`.
    """

    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    left_out: Callable[[str], Skip | None] = lambda name: None
    reads: Callable[[str], bool] = lambda name: False

    def takes(self, folder: str, name: str) -> bool:
        """Is a file, or the folder that it lies in, read after all?"""
        return _wanted(folder, name, self.include) or self.reads(name)


def root_of(paths: Sequence[Path]) -> Path:
    """The folder that all reported paths are relative to. Raises UserError for a path that is not
    there.
    """
    for path in paths:
        if not os.path.lexists(path):
            if ADDRESS.match(str(path)):
                raise UserError(
                    f"{path} is an address, and trackerlint reads files; give the folder with the "
                    "site's source"
                )
            raise UserError(f"{path} does not exist; check the path that you gave")
    folders = [str(path.resolve() if path.is_dir() else path.resolve().parent) for path in paths]
    return Path(os.path.commonpath(folders))


def find(
    paths: Sequence[Path], root: Path, choice: Choice, listed: Listed | None = None
) -> tuple[list[File], list[Skip]]:
    """The files below the paths in order, each once, and what was left out for which reason."""
    files: dict[str, File] = {}
    skips: dict[str, Skip] = {}
    for path in paths:
        named = not path.is_dir()
        above = 0 if named else len(path.resolve().relative_to(root).parts)
        below = {
            os.path.relpath(inner, root).replace(os.sep, "/"): disk
            for inner, disk in (listed or _own)(path.resolve())
        }
        beside = Beside(below, _is_of_others)
        for name, disk in below.items():
            if name in files:
                continue
            left = None if named else left_out(name, root, choice, beside, above)
            if left is not None:
                skips.setdefault(left.path, left)
                continue
            found = _examined(name, disk)
            if isinstance(found, File):
                files[name] = found
            elif found is not None:
                skips[name] = found
    return [files[name] for name in sorted(files)], [skips[name] for name in sorted(skips)]


def outputs(
    paths: Sequence[Path],
    root: Path,
    skips: Iterable[Skip],
    exclude: Sequence[str] = (),
    listed: Listed | None = None,
) -> list[File]:
    """The scripts in the folders of build output that were left out, and their source maps."""
    folders = [skip.path for skip in skips if skip.reason.startswith(OUTPUT)]
    found: dict[str, File] = {}
    for path in paths if folders else ():
        for inner, disk in (listed or _own)(path.resolve()):
            name = os.path.relpath(inner, root).replace(os.sep, "/")
            if is_output(name, folders) and not _wanted(name, name, exclude):
                file = _examined(name, disk)
                if isinstance(file, File):
                    found[name] = file
    return [found[name] for name in sorted(found)]


def left_out(name: str, root: Path, choice: Choice, beside: Beside, above: int = 0) -> Skip | None:
    """The skip of a file that the rules leave out: one a folder, so that the list stays readable.

    The first `above` folders of the name are what the user asked for, and are not judged.
    """
    parts = name.split("/")
    for depth, part in enumerate(parts[:-1]):
        if depth < above:
            continue
        folder = "/".join(parts[: depth + 1])
        reason = _folder_reason(part, folder, root, beside)
        if part in BUILDS and BUILD_MANIFEST.fullmatch(parts[-1]):
            continue
        if reason and not choice.takes(folder, name):
            return Skip(folder + "/", f"{reason}; --include {folder} reads it", kind="left-out")
    if TEST_NAME.search(parts[-1]) and not choice.takes(name, name):
        return Skip(name, "a test never reaches a visitor; --include reads it", kind="left-out")
    for pattern in choice.exclude:
        if _wanted(name, name, (pattern,)):
            return Skip(pattern, "left out by --exclude", kind="left-out")
    said = choice.left_out(name)
    return said if said is not None and not _wanted(name, name, choice.include) else None


def read(file: File) -> bytes | Skip:
    """The file's bytes, or why they cannot be had."""
    try:
        with open(file.disk, "rb", buffering=0) as stream:
            data = stream.read(file.size + 1)  # a larger limit would be a buffer of that size
            while len(data) < file.size and (more := stream.read(file.size - len(data))):
                data += more
            return data
    except OSError as trouble:
        return Skip(file.path, f"it cannot be read ({trouble.strerror or trouble})")


def _is_of_others(part: str) -> bool:
    return part in DEPENDENCIES or part in TESTS


def _folder_reason(part: str, folder: str, root: Path, beside: Beside) -> str:
    if part in DEPENDENCIES:
        return (
            "" if part == "vendor" and _has_markup_only(root / folder) else "dependencies of others"
        )
    if part in TESTS:
        return "tests and fixtures never reach a visitor"
    if part in BUILDS:
        project = (root / folder).parent
        is_built = any((project / name).exists() for name in BUILD_FILES)
        if is_built and beside.has_source(folder):
            return OUTPUT
    return ""


def _has_markup_only(folder: Path) -> bool:
    """Is a folder named vendor part of the site, as the views of packages are in Laravel?"""
    return "views" in folder.parts


def _wanted(folder: str, name: str, patterns: Iterable[str]) -> bool:
    for pattern in patterns:
        pattern = pattern.strip("/").removeprefix("./")
        if folder == pattern or name == pattern or name.startswith(pattern + "/"):
            return True
        if (
            fnmatchcase(name, pattern)
            or fnmatchcase(folder, pattern)
            or pattern in folder.split("/")
        ):
            return True
    return False


def _examined(name: str, disk: str) -> File | Skip | None:
    try:
        status = os.lstat(disk)
    except OSError as trouble:
        return Skip(name, f"it cannot be read ({trouble.strerror or trouble})")
    if stat.S_ISLNK(status.st_mode):
        return Skip(name, "a symbolic link; what it points at is read only where it lies")
    if stat.S_ISDIR(status.st_mode):
        if not os.access(disk, os.R_OK | os.X_OK):
            return Skip(f"{name}/", "it cannot be opened; what is in it is not known")
        return Skip(name, "a submodule that is not checked out")
    if not stat.S_ISREG(status.st_mode):
        return Skip(name, "it is no ordinary file")
    if status.st_size > LARGEST:
        return Skip(name, f"over {LARGEST // (1024 * 1024)} MB")
    return File(name, disk, status.st_size)


def tracked(path: Path) -> Iterator[tuple[str, str]]:
    """The files of a folder that git tracks, or the one file. Raises UserError where git tracks
    none.
    """
    for name in _listed(path, TRACKED) if path.is_dir() else [str(path)]:
        yield name, name


def _own(path: Path) -> Iterator[tuple[str, str]]:
    """The files of a folder or the one file, which lie where they are named."""
    for name in _listed(path) if path.is_dir() else [str(path)]:
        yield name, name


def _listed(folder: Path, kinds: Sequence[str] = (*TRACKED, "--others")) -> Iterator[str]:
    """The files that git knows or would add; outside of a work tree those that no ignore file
    names.
    """
    words = ("ls-files", "-z", *kinds, "--exclude-standard", "--deduplicate")
    try:
        done = subprocess.run(
            command(folder, words),
            capture_output=True,
            timeout=120,
            check=False,
            env=environment(),
        )
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is not None and done.returncode == 0 and (done.stdout or _is_own_tree(folder)):
        for name in filter(None, done.stdout.decode("utf-8", "surrogateescape").split("\0")):
            disk = os.path.join(folder, name)
            inner = Path(disk)
            if (
                inner != folder and not inner.is_symlink() and _is_own_tree(inner)
            ):  # such as a submodule
                yield from _listed(inner, kinds)
            elif _may_be_there(disk):
                yield disk
        if done.stderr:  # git says there what it could not open, and lists nothing of it
            yield from _shut(folder)
        return
    if kinds == TRACKED:
        raise UserError(
            f"--tracked-only: git names no file that it tracks in {folder}; give a folder of a git "
            "work tree, or leave the option out"
        )
    yield from _walked(folder)


def _is_own_tree(folder: Path) -> bool:
    return (folder / ".git").exists()


def _walked(folder: Path) -> Iterator[str]:
    import rignore

    def is_git(path: Path) -> bool:
        return path.name == ".git"

    for path in rignore.walk(
        folder,
        ignore_hidden=False,
        require_git=False,
        follow_links=False,
        should_exclude_entry=is_git,
    ):
        if path.is_symlink() or not path.is_dir() or not os.access(path, os.R_OK | os.X_OK):
            yield str(path)


def _may_be_there(disk: str) -> bool:
    """Is a file there, or behind a door that does not open?"""
    try:
        os.lstat(disk)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _shut(folder: Path) -> Iterator[str]:
    """The folders that cannot be opened: nobody lists what is in them."""
    for path, folders, _ in os.walk(folder):
        folders[:] = [each for each in folders if each not in DEPENDENCIES]
        if not os.access(path, os.R_OK | os.X_OK):
            yield path
