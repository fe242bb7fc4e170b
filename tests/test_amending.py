"""An amended export: what it changes, what it leaves, and that it does what it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analyzer import signatures
from analyzer.cli import main
from analyzer.link.answers import answer_for
from analyzer.model import Atom, Verdict
from analyzer.pipeline import Options, scan

CLINIC = Path(__file__).parent.parent / "fixtures" / "sites" / "clinic"
NAME = "GTM-CL1N1C7_workspace3.json"
SENSITIVE = {
    "templates/account/login.html",
    "templates/appointments/book.html",
    "templates/portal/results.html",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The clinic, to be changed as one likes."""
    shutil.copytree(CLINIC, tmp_path / "site")
    return tmp_path / "site"


def amend(site: Path, *words: str) -> Result:
    """Amend the clinic's export, and put the new one in the place of the old one."""
    export, new = site / "gtm" / NAME, site.parent / "new.json"
    result = CliRunner().invoke(
        main, ["gtm", "amend", str(export), "--site", str(site), "-o", str(new), *words]
    )
    if new.exists():
        new.replace(export)
    return result


def pages_of_tags(site: Path) -> set[str]:
    report = scan([site], signatures.load(), Options(every_page=True))
    return {
        firing.page for each in report.site.containers for tag in each.tags for firing in tag.fires
    }


def tags(site: Path) -> dict[str, Any]:
    found = json.loads((site / "gtm" / NAME).read_text())
    return {each["name"]: each for each in found["containerVersion"]["tag"]}


def test_a_blocked_container_stays_off_sensitive_pages(site: Path) -> None:
    assert pages_of_tags(site) >= SENSITIVE
    result = amend(site, "--block-sensitive")
    assert result.exit_code == 0, result.output
    assert "'Google tag - every page' is blocked on sensitive pages\n" in result.output
    left = pages_of_tags(site)
    assert left
    assert left.isdisjoint(SENSITIVE)


def test_only_what_is_asked_for_changes(site: Path) -> None:
    before = (site / "gtm" / NAME).read_text().splitlines()
    result = amend(site, "--pause", "TikTok - Pixel on booking pages")
    assert result.exit_code == 0, result.output
    after = (site / "gtm" / NAME).read_text().splitlines()
    extra = [line.strip() for line in after if line not in before]
    assert extra == ['"paused": true']
    assert len(after) == len(before) + 1


def test_tags_wait_for_the_consent_of_their_category(site: Path) -> None:
    result = amend(site, "--require-consent", "--only", "Google tag - every page")
    assert result.exit_code == 0, result.output
    found = {name: each["consentSettings"] for name, each in tags(site).items()}
    assert found["Google tag - every page"] == {
        "consentStatus": "NEEDED",
        "consentType": {
            "type": "LIST",
            "list": [{"type": "TEMPLATE", "value": "analytics_storage"}],
        },
    }
    assert found["TikTok - Pixel on booking pages"]["consentStatus"] == "NOT_NEEDED"


def test_a_new_trigger_takes_a_free_number_and_name(site: Path) -> None:
    amend(site, "--block-sensitive")
    amend(site, "--block-sensitive", "--only", "Hotjar - Recordings")
    version = json.loads((site / "gtm" / NAME).read_text())["containerVersion"]
    ids = [each["triggerId"] for each in version["trigger"]]
    assert len(ids) == len(set(ids))
    kinds = [each["type"] for each in version["builtInVariable"]]
    assert kinds.count("PAGE_PATH") == 1


def test_an_agreement_in_force_keeps_a_vendor(site: Path) -> None:
    (site / "trackerlint.toml").write_text(
        '[[agreements]]\nvendor = "tiktok-pixel"\ndocument = "BAA-7"\nsigned = 2026-01-01\n'
    )
    result = amend(site, "--block-sensitive")
    assert "TikTok" not in result.output
    assert "blockingTriggerId" not in tags(site)["TikTok - Pixel on booking pages"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing is asked for; add --block-sensitive, --require-consent or --pause TAG"),
        (("--pause", "Nothing"), "has no tag called 'Nothing'"),
        (("--only", "Nothing", "--block-sensitive"), "has no tag called 'Nothing'"),
        (("--pause", "Hotjar - Recordings"), "was not written: there is nothing to change"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(site: Path, words: tuple[str, ...], said: str) -> None:
    before = (site / "gtm" / NAME).read_bytes()
    result = amend(site, *words)
    assert result.exit_code == 2
    assert said in result.output
    assert (site / "gtm" / NAME).read_bytes() == before


def test_a_file_that_cannot_be_imported_is_not_amended(site: Path) -> None:
    (site / "gtm" / NAME).write_text('{"containerVersion": [')
    result = amend(site, "--block-sensitive")
    assert result.exit_code == 2
    assert "is no export that Tag Manager would import" in result.output


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("^/portal(?:/.*)?$", Verdict.YES),
        ("^/portal/[^/]+/results/?$", Verdict.YES),
        ("^/portal/[0-9]+/results", Verdict.MAYBE),
        ("^/portal/(?!7).*", Verdict.MAYBE),
        ("^/careers", Verdict.MAYBE),
    ],
)
def test_a_pattern_may_take_whatever_a_segment_is(pattern: str, said: Verdict) -> None:
    assert answer_for(("/portal/*/results",))(Atom("path", "", "matches", pattern)) is said
