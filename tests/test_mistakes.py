"""Mistakes at the command line: each is answered by one sentence that says what to do next."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer.cli import main
from tests.policies import BOOK, lay
from tests.test_changes import Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a page, where the commands run."""
    made = Repository(tmp_path / "site")
    lay(made.folder, {"book.html": BOOK, "site.css": "p {}", "gtm/notes.txt": "none"})
    made.commit()
    monkeypatch.chdir(made.folder)
    return made.folder


def run(words: str) -> Result:
    return CliRunner().invoke(main, words.split(" "))


def sentence(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    said = result.stderr.strip()
    assert said.startswith("trackerlint: ")
    assert "\n" not in said
    return said.removeprefix("trackerlint: ")


MISTAKES = {
    # ------------------------------------------------------------ paths
    "scan bok.html": "bok.html does not exist; check the path that you gave",
    "scan https://clinic.example/": "is an address, and trackerlint reads files; give the folder",
    "scan . --gtm none.json": "none.json does not exist; check the path that you gave",
    "scan . --paths none.txt": "give a text file with one address a line, or a sitemap",
    "scan . --paths gtm": "give a text file with one address a line, or a sitemap",
    # ------------------------------------------------------------ what is new
    "scan . --new-only": "--new-only needs to know what is new; give --baseline FILE or --diff BASE",
    "scan . --sarif-baseline-state": "--sarif-baseline-state needs to know what is new; give ",
    "scan . --diff ": "--diff names no commit; give a commit or a branch, as in --diff main",
    "scan . --diff mian": "--diff mian: git knows no such commit; check its name, or git fetch it",
    "scan . --diff HEAD~7": "--diff HEAD~7: git knows no such commit; check its name",
    "scan . --diff book.html": "--diff book.html: that is a file or folder; name a commit or a branch",
    "scan . --diff main...HEAD": "a range names two commits, and the other one is your work tree; "
    "write --diff main",
    "scan . --diff main..HEAD": "write --diff main",
    "scan .. --diff main": "is in no git work tree; --diff needs one to compare with",
    "scan .. --tracked-only": "git names no file that it tracks in",
    "scan . --baseline none.json": "does not exist; write it first: trackerlint baseline PATHS -o ",
    "scan . --baseline gtm": "gtm is a folder; name the file with the earlier findings",
    "scan . --baseline book.html": "it is no JSON",
    # ------------------------------------------------------------ rules
    "scan . --select tracker-on-portal": "no rule 'tracker-on-portal'; did you mean 'tracker-on-portal-page'?",
    "scan . --select TL101,TL103": "no rule 'TL101,TL103'; give the option once for each rule",
    "scan . --select scheduling": "there is no rule 'scheduling'; ",
    "scan . --select TL1 --ignore TL1": "--ignore takes away every rule that --select names; leave ",
    "scan . --ignore TL": "--ignore leaves no rule to run; name fewer",
    "fix . --select nothing": "there is no rule 'nothing'; trackerlint list rules shows them",
    # ------------------------------------------------------------ configuration
    "scan . --config none.toml": "none.toml does not exist; check --config, or let trackerlint init",
    "scan . --config gtm": "gtm is a folder, and a configuration is a file; name trackerlint.toml",
    "scan . --config book.html": "book.html:1: ",
    "scan . --config a.toml --no-config": "say the opposite of each other; give one",
    # ------------------------------------------------------------ reports
    "scan . -o report.pdf": "report.pdf: no output has this suffix; use one of ",
    "scan . -o none/report.json": "does not exist; make it first",
    "scan . -o json=gtm": "gtm cannot be written: it is a folder; name a file",
    "scan . -o sarif": "-o sarif names no file; write -o sarif=FILE, or sarif=-",
    "scan . -o json=a.out -o sarif=a.out": "-o names a.out twice; give each report a file of its own",
    "baseline . -o book.html": "book.html is there and is no baseline; choose another name",
    "baseline . -o gtm": "gtm is a folder; name a file, as in -o gtm/trackerlint-baseline.json",
    # ------------------------------------------------------------ the other commands
    "fix . --diff --write": "--diff shows the edits and --write makes them; give one of the two",
    "init none": "none does not exist; check the path that you gave",
    "explain tracker-on-portl-page": "nothing is called 'tracker-on-portl-page'; trackerlint list",
    "why . /none": "no page is called '/none'; trackerlint pages lists them",
    "pages . --class portal": "there is no page class 'portal'; use one of ",
    "upload none.sarif --to github": "none.sarif cannot be read",
    "upload book.html --to github": "book.html is not JSON; write the file with trackerlint scan",
    "gtm amend gtm -o a.json --require-consent": "gtm is a folder; name the exported file",
    "gtm amend a.json -o b.json": "nothing is asked for; add --block-sensitive, ",
    "gtm amend book.html -o book.html --require-consent": "-o names the export itself, which stays",
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_one_sentence(words: str, site: Path) -> None:
    assert MISTAKES[words] in sentence(run(words))
    assert run("scan . -q --exit-zero").exit_code == 0, "nothing was left behind"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (".trackerlint.toml", "", ".trackerlint.toml is not read; call it trackerlint.toml"),
        ("trackerlint.yml", "", "trackerlint.yml is not read; call it trackerlint.toml"),
        ("pyproject.toml", "[trackerlint]\n", "is not read; write [tool.trackerlint]"),
        (
            "trackerlint.toml",
            'exclude = ["a/"]\n<<<<<<< HEAD\n=======\n>>>>>>> other\n',
            "trackerlint.toml:2: a merge is not settled here; settle it",
        ),
    ],
)
def test_a_configuration_that_would_not_count(name: str, text: str, said: str, site: Path) -> None:
    lay(site, {name: text})
    assert said in sentence(run("scan ."))


def test_a_folder_in_the_place_of_the_configuration(site: Path) -> None:
    (site / "trackerlint.toml").mkdir()
    assert "call the folder something else" in sentence(run("scan ."))


@pytest.mark.parametrize("export", ["book.html", "gtm", "site.css"])
def test_an_export_that_holds_no_container_is_told_as_unread(export: str, site: Path) -> None:
    result = run(f"scan . --gtm {export} --exit-zero -o json=-")
    skips = json.loads(result.stdout)["coverage"]["skipped"]
    assert any("holds no container" in each["reason"] for each in skips)
    assert run(f"scan . -q --select TL510 --gtm {export} --fail-on-skipped").exit_code == 1


@pytest.mark.parametrize("what", ["index", "HEAD"])
def test_a_broken_repository_is_scanned_and_not_compared(what: str, site: Path) -> None:
    (site / ".git" / what).write_bytes(b"garbage")
    assert run("scan . -q --exit-zero").exit_code == 0
    assert "git" in sentence(run("scan . --diff main"))


def test_a_day_to_come_shows_what_will_have_ended(site: Path) -> None:
    agreement = '[[agreements]]\nvendor = "meta-pixel"\ndocument = "B"\nexpires = 2999-06-30\n'
    lay(site, {"trackerlint.toml": agreement})
    assert run("scan . -q --select TL302 --as-of 2999-06-30").exit_code == 0
    assert run("scan . -q --select TL302 --as-of 2999-07-01").exit_code == 1


def test_an_amended_export_is_counted_in_words(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = next((root / "fixtures/sites/clinic/gtm").glob("*.json"))
    monkeypatch.chdir(tmp_path)
    words = ["gtm", "amend", str(export), "-o", "a.json", "--pause"]
    result = CliRunner().invoke(main, [*words, "TikTok - Pixel on booking pages"])
    assert "a.json has 1 change; import it" in result.stdout
