"""Which configuration files hold: at the root of a scan, above it, below it, and named."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.model import UserError
from analyzer.pipeline import Options
from analyzer.policy.config import Wanted
from tests.policies import BOOK, CAREERS, PLAIN, SITE, lay, named, only, opens, scanned, with_policy

NO_INVENTORY = '[rules]\nignore = ["tracker-inventory"]\n'
ACCEPTED = '[[ignore]]\nrules = ["TL901"]\nreason = "Known."\n'


def accepted(*paths: Path, options: Options = PLAIN) -> set[str]:
    """The files whose inventory somebody accepts."""
    report = scanned(*paths, options=options)
    found = named(report, "tracker-inventory")
    return {each.place.path for each in found if not each.is_open}


def git(folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True)
    return folder


def test_without_a_configuration_there_is_no_policy(tmp_path: Path) -> None:
    report = scanned(lay(git(tmp_path), SITE))
    assert report.site.policy.files == ()
    assert "tracker-inventory" in opens(report)


def test_a_table_of_pyproject_is_a_configuration(tmp_path: Path) -> None:
    text = (
        '[project]\nname = "x"\n\n[[tool.trackerlint.ignore]]\nrules = ["TL901"]\nreason = "K."\n'
    )
    lay(tmp_path, {**SITE, "pyproject.toml": text})
    report = scanned(tmp_path)
    word = next(each.suppressed for each in report.findings if each.suppressed)
    assert (word.place.path, word.place.line) == ("pyproject.toml", 4)


def test_trackerlint_toml_stands_above_pyproject_and_that_is_said(tmp_path: Path) -> None:
    shared = "[tool.trackerlint]\nexclude = ['careers.html']\n"
    report = with_policy(tmp_path, ACCEPTED, {**SITE, "pyproject.toml": shared})
    assert report.site.policy.files == ("trackerlint.toml",)
    assert "careers.html" in report.site.pages
    assert [(each.path, each.reason) for each in report.coverage.skips] == [
        ("pyproject.toml", "[tool.trackerlint] is not read, since trackerlint.toml is beside it")
    ]


def test_files_above_the_scan_hold_up_to_the_git_root(tmp_path: Path) -> None:
    repository = git(tmp_path / "repository")
    lay(
        tmp_path,
        {
            "trackerlint.toml": "exclude = ['careers.html']\n",
            "repository/trackerlint.toml": '[[ignore]]\npaths = ["web/site/careers.html"]\nreason = "K."\n',
            "repository/web/trackerlint.toml": '[[ignore]]\npaths = ["site/book*"]\nreason = "K."\n',
            "repository/web/site/careers.html": CAREERS,
            "repository/web/site/book-appointment.html": CAREERS,
            "repository/web/site/other.html": CAREERS,
        },
    )
    report = scanned(repository / "web" / "site")
    assert report.site.policy.files == ("../trackerlint.toml", "../../trackerlint.toml")
    assert accepted(repository / "web" / "site") == {"careers.html", "book-appointment.html"}
    assert accepted(repository / "web") == {"site/careers.html", "site/book-appointment.html"}
    assert accepted(repository) == {
        "web/site/careers.html",
        "web/site/book-appointment.html",
    }


def test_without_git_the_first_file_above_holds_alone(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "trackerlint.toml": "exclude = ['careers.html']\n",
            "a/trackerlint.toml": ACCEPTED,
            "a/b/careers.html": CAREERS,
        },
    )
    report = scanned(tmp_path / "a" / "b")
    assert report.site.policy.files == ("../trackerlint.toml",)
    assert "careers.html" in report.site.pages


def test_a_nested_file_adds_for_the_files_below_it(tmp_path: Path) -> None:
    site = {f"apps/{name}/{path}": text for name in ("one", "two") for path, text in SITE.items()}
    text = '[[ignore]]\nrules = ["TL901"]\npaths = ["careers.html"]\nreason = "K."\n'
    lay(git(tmp_path), {**site, "trackerlint.toml": "", "apps/one/trackerlint.toml": text})
    assert accepted(tmp_path) == {"apps/one/careers.html"}
    assert accepted(tmp_path / "apps" / "one" / "careers.html") == {"careers.html"}


def test_a_nested_file_selects_rules_for_its_own_folder(tmp_path: Path) -> None:
    site = {f"apps/{name}/a.html": CAREERS for name in ("one", "two")}
    lay(tmp_path, {**site, "apps/one/trackerlint.toml": NO_INVENTORY})
    found = named(scanned(tmp_path), "tracker-inventory")
    assert {each.place.path for each in found} == {"apps/two/a.html"}


def test_a_nested_file_leaves_out_and_reads_files_of_its_own_folder(tmp_path: Path) -> None:
    site = {
        f"apps/{name}/{path}": CAREERS
        for name in ("one", "two")
        for path in ("a.html", "tests/b.html", "c.html")
    }
    text = "exclude = ['./a.html']\ninclude = ['tests/']\n"
    lay(tmp_path, {**site, "apps/one/trackerlint.toml": text})
    report = scanned(tmp_path)
    assert set(report.site.pages) == {
        "apps/one/c.html",
        "apps/one/tests/b.html",
        "apps/two/a.html",
        "apps/two/c.html",
    }
    said = {each.path: each.reason for each in report.coverage.skips}
    assert said["apps/one/./a.html"] == "left out by exclude in apps/one/trackerlint.toml:1"


def test_a_nested_file_may_inherit_nothing(tmp_path: Path) -> None:
    site = {f"apps/{name}/a.html": CAREERS for name in ("one", "two")}
    lay(
        git(tmp_path),
        {**site, "trackerlint.toml": ACCEPTED, "apps/one/trackerlint.toml": "inherit = false\n"},
    )
    assert accepted(tmp_path) == {"apps/two/a.html"}
    assert accepted(tmp_path / "apps" / "one") == set()
    assert accepted(tmp_path / "apps" / "two") == {"a.html"}


def test_severities_stand_in_the_outermost_file_only(tmp_path: Path) -> None:
    severity = '[severity]\nTL901 = "error"\n'
    lay(git(tmp_path), {"web/a.html": CAREERS, "web/trackerlint.toml": severity})
    assert str(named(scanned(tmp_path / "web"), "tracker-inventory")[0].severity) == "error"
    lay(tmp_path, {"trackerlint.toml": "", "web/shop/trackerlint.toml": "", "web/shop/b.html": ""})
    for folder in (tmp_path, tmp_path / "web"):
        with pytest.raises(UserError, match=r"web/trackerlint.toml:1: a report has one severity"):
            scanned(folder)
    lay(tmp_path, {"web/trackerlint.toml": "", "web/shop/trackerlint.toml": severity})
    for folder in (tmp_path, tmp_path / "web", tmp_path / "web" / "shop"):
        with pytest.raises(UserError) as trouble:
            scanned(folder)
        told = re.search("move it to (.*)", str(trouble.value))
        assert told
        assert Path(told[1]).resolve() == (tmp_path / "trackerlint.toml").resolve()


def test_severities_of_several_projects_do_not_stop_a_scan_of_all(tmp_path: Path) -> None:
    """Each of them is right about itself; a report about both has one severity a rule."""
    one = '[severity]\ntracker-inventory = "error"\ntracker-on-scheduling-page = "off"\n'
    other = 'inherit = false\n[severity]\ntracker-inventory = "warning"\n'
    lay(
        git(tmp_path),
        {
            "one/a.html": BOOK,
            "one/trackerlint.toml": one,
            "two/a.html": BOOK,
            "two/trackerlint.toml": other,
        },
    )
    report = scanned(tmp_path)
    assert {str(each.severity) for each in named(report, "tracker-inventory")} == {"note"}
    assert {each.place.path for each in named(report, "tracker-on-scheduling-page")} == {
        "two/a.html"
    }
    notes = {
        each.path for each in report.coverage.skips if "[severity] of one folder" in each.reason
    }
    assert notes == {"one/trackerlint.toml", "two/trackerlint.toml"}
    lay(tmp_path, {"trackerlint.toml": ""})
    with pytest.raises(UserError, match=r"one/trackerlint\.toml:1: a report has one severity"):
        scanned(tmp_path)
    lay(tmp_path, {"one/trackerlint.toml": f"inherit = false\n{one}"})
    assert scanned(tmp_path).findings


def test_the_named_file_stands_alone(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            **{f"site/{name}": text for name, text in SITE.items()},
            "site/trackerlint.toml": "exclude = ['careers.html']\n",
            "central/strict.toml": '[[ignore]]\npaths = ["./careers.html"]\nreason = "K."\n',
        },
    )
    options = only(tmp_path / "central" / "strict.toml")
    assert accepted(tmp_path / "site", options=options) == {"careers.html"}
    assert scanned(tmp_path / "site", options=options).site.policy.files == (
        "../central/strict.toml",
    )


def test_no_configuration_is_read_when_none_is_wanted(tmp_path: Path) -> None:
    lay(tmp_path, {**SITE, "trackerlint.toml": "this is wrong"})
    assert scanned(tmp_path, options=Options(config=Wanted(ignored=True))).site.policy.files == ()
    with pytest.raises(UserError, match="say the opposite of each other; give one"):
        scanned(tmp_path, options=Options(config=Wanted(tmp_path / "trackerlint.toml", True)))


def test_a_container_beside_the_scan_does_not_move_the_configuration(tmp_path: Path) -> None:
    files = {f"site/{name}": text for name, text in SITE.items()}
    text = '[severity]\nTL901 = "error"\n[[ignore]]\npaths = ["careers.html"]\nreason = "K."\n'
    lay(tmp_path, {**files, "site/trackerlint.toml": text, "gtm/export.json": "{}"})
    options = Options(containers=(tmp_path / "gtm" / "export.json",))
    assert accepted(tmp_path / "site", options=options) == {"site/careers.html"}


def test_a_scan_without_a_configuration_pays_nothing_for_it(tmp_path: Path) -> None:
    lay(git(tmp_path), {"a.html": CAREERS, "sub/pyproject.toml": '[project]\nname = "x"\n'})
    code = (
        "import sys\nfrom pathlib import Path\nfrom analyzer import pipeline, signatures\n"
        "pipeline.scan([Path(sys.argv[1])], signatures.load())\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint({"pathspec", "tomlkit", "analyzer.policy.reading"})


def test_findings_about_a_configuration_quote_its_line(tmp_path: Path) -> None:
    text = '\n[[agreements]]\nvendor = "meta-pixel"\ndocument = "B"\nexpires = 2026-01-01\n'
    report = with_policy(tmp_path, text)
    (found,) = named(report, "agreement-expired")
    assert str(found.place) == "trackerlint.toml:2:1"
    assert "[[agreements]]" in report.excerpts[found.place].lines
