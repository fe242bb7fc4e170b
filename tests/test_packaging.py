"""What is built is what was written: the wheel scans by itself, the sdist builds the wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CLINIC = ROOT / "fixtures" / "sites" / "clinic"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an sdist of this tree and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("built")
    done(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT))
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the installed wheel."""
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = built.glob("*.whl")
    done(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder),
        str(wheel),
    )
    return folder


def test_the_wheel_scans_from_somewhere_else(installed: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done(
        sys.executable,
        "-m",
        "analyzer",
        "scan",
        str(CLINIC),
        "-o",
        str(report),
        "--exit-zero",
        cwd=tmp_path,
        path=installed,
    )
    vendors = {tracker["vendor"] for tracker in json.loads(report.read_text())["trackers"]}
    assert {"meta-pixel", "google-tag-manager"} <= vendors


def test_the_wheel_writes_the_web_page(installed: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    command = (sys.executable, "-m", "analyzer", "scan", str(CLINIC), "-o", str(report))
    done(*command, "--exit-zero", cwd=tmp_path, path=installed)
    assert report.read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_the_wheel_explains_a_rule_with_its_example(installed: Path, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "analyzer", "explain", "tracker-on-sign-in-page")
    said = done(*command, cwd=tmp_path, path=installed)
    assert "Example: A tracker on the page with the password field is reported" in said


def test_the_code_that_scans_is_the_installed_one(installed: Path, tmp_path: Path) -> None:
    where = done(
        sys.executable,
        "-c",
        "import analyzer; print(analyzer.__file__)",
        cwd=tmp_path,
        path=installed,
    )
    assert Path(where.strip()).is_relative_to(installed)


def test_the_command_of_the_wheel_is_trackerlint(installed: Path, tmp_path: Path) -> None:
    (entry,) = installed.glob("trackerlint-*.dist-info/entry_points.txt")
    assert "trackerlint = analyzer.cli:main" in entry.read_text()
    version = done(
        sys.executable,
        "-c",
        "import analyzer; print(analyzer.__version__)",
        cwd=tmp_path,
        path=installed,
    ).strip()
    assert entry.parent.name == f"trackerlint-{version}.dist-info"


def test_the_wheel_holds_every_signature_and_is_typed(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "analyzer/py.typed" in names
    assert {f"analyzer/_{name}" for name in files_under("signatures")} <= names
    pages = {path.name for path in (ROOT / "fixtures" / "rules").glob("*.md")}
    assert {f"analyzer/_examples/{name}" for name in pages} <= names
    assert not [name for name in names if name.startswith(("tests/", "fixtures/", "signatures/"))]


def test_the_sdist_holds_what_the_tests_need(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("signatures", "fixtures", "tests"):
        assert files_under(folder) <= names
    assert {"LICENSE", "README.md", "requirements/test.lock", ".ci/run"} <= names


def files_under(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def done(*command: str, cwd: Path = ROOT, path: Path | None = None) -> str:
    """The output of a command that is expected to succeed, with `path` as the import path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    ended = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        check=False,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout
