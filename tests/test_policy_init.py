"""`trackerlint init` writes a configuration that its reader takes, as it is and filled in."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from analyzer.cli import main
from analyzer.policy import idle
from analyzer.policy.schema import json_schema
from tests.policies import MIXPANEL, PIXEL, lay, scanned
from tests.test_policy import EXPORT

SNIPPET = '<script src="https://www.googletagmanager.com/gtm.js?id=GTM-{}"></script>'
SITE = {
    "book-appointment.html": f"<html><title>Book an appointment</title>{PIXEL}{MIXPANEL}<p>",
    "index.html": f"<html>{SNIPPET.format('UNSEEN1')}<script src='https://x.odd-host.net/a.js'></script>",
    "gtm/export.json": EXPORT,
}


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


def uncommented(text: str) -> str:
    """The file as after a person took every comment sign away and filled in what is empty."""
    live = re.sub(r"^#(?=[\[\w])", "", text, flags=re.M)
    live = live.replace('export = ""', 'export = "gtm/export.json"')
    live = live.replace("expires = ", "expires = 2029-01-31 ").replace(
        "until = ", "until = 2027-01-31 "
    )
    return live.replace("signed = ", "signed = 2026-01-31 ").replace(' = ""', ' = "words"')


def test_the_file_holds_what_the_scan_saw_and_nothing_of_it_counts(tmp_path: Path) -> None:
    lay(tmp_path, SITE)
    before = scanned(tmp_path)
    done = init(str(tmp_path))
    assert done.exit_code == 0, done.output
    text = (tmp_path / "trackerlint.toml").read_text(encoding="utf-8")
    for word in (
        '#vendor = "mixpanel"',
        '#id = "GTM-UNSEEN1"',
        '#id = "GTM-SERV123"',
        '#host = "x.odd-host.net"',
        "scheduling: book-appointment.html",
        "#   meta-pixel: Meta Pixel (Meta Platforms), on 1 page",
    ):
        assert word in text
    after = scanned(tmp_path)
    assert after.findings == before.findings
    assert idle(after.site) == ()


def test_it_says_what_to_fill_in_next(tmp_path: Path) -> None:
    said = init(str(lay(tmp_path, SITE))).output
    assert "trackerlint.toml is written; nothing in it counts until you say so. Next:" in said
    assert "Export GTM-UNSEEN1 and name the file" in said
    assert "Say which hosts are yours, of x.odd-host.net." in said


def test_the_file_is_valid_when_its_examples_are_filled_in(tmp_path: Path) -> None:
    lay(tmp_path, SITE)
    init(str(tmp_path))
    file = tmp_path / "trackerlint.toml"
    file.write_text(uncommented(file.read_text(encoding="utf-8")), encoding="utf-8")
    policy = scanned(tmp_path).site.policy
    assert [each.vendors for each in policy.agreements] == [("mixpanel",)], (
        "of products, not of GTM"
    )
    assert len(policy.containers) == 2
    assert [each.host for each in policy.hosts] == ["x.odd-host.net"]
    assert {each.kind for each in policy.suppressions} == {"agreement", "allowed", "ignore"}
    assert policy.pages
    assert policy.selections
    assert policy.exclude
    assert policy.include


def test_what_is_not_filled_in_is_a_mistake_and_no_claim(tmp_path: Path) -> None:
    lay(tmp_path, SITE)
    init(str(tmp_path))
    file = tmp_path / "trackerlint.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^#(?=[\[\w])", "", text, flags=re.M), encoding="utf-8")
    done = CliRunner().invoke(main, ["scan", str(tmp_path)])
    assert done.exit_code == 2
    assert "there is nothing after the =; write a value" in done.output


def test_a_file_is_never_written_over_unasked(tmp_path: Path) -> None:
    lay(tmp_path, {**SITE, "trackerlint.toml": "inherit = true\n"})
    done = init(str(tmp_path))
    assert done.exit_code == 2
    assert "is there already; edit it, or give --force" in done.output
    assert (tmp_path / "trackerlint.toml").read_text(encoding="utf-8") == "inherit = true\n"
    assert init("--force", str(tmp_path)).exit_code == 0
    assert "[[agreements]]" in (tmp_path / "trackerlint.toml").read_text(encoding="utf-8")


def test_a_table_in_pyproject_is_a_configuration_already(tmp_path: Path) -> None:
    lay(tmp_path, {**SITE, "pyproject.toml": "[tool.trackerlint]\n"})
    done = init(str(tmp_path))
    assert done.exit_code == 2
    assert "has a [tool.trackerlint] table already" in done.output


def test_an_export_that_was_named_is_named_in_the_file(tmp_path: Path) -> None:
    lay(tmp_path, {"site/index.html": "<html><p>", "gtm/export.json": EXPORT})
    done = init("--gtm", str(tmp_path / "gtm/export.json"), str(tmp_path / "site"))
    assert done.exit_code == 0, done.output
    text = (tmp_path / "site" / "trackerlint.toml").read_text(encoding="utf-8")
    assert '\n[[containers]]\nid = "GTM-SERV123"\nexport = "../gtm/export.json"\n' in text
    (container,) = scanned(tmp_path / "site").site.containers
    assert container.container.container_id == "GTM-SERV123"


def test_nothing_to_read_writes_nothing(tmp_path: Path) -> None:
    assert init(str(tmp_path)).exit_code == 3
    assert not (tmp_path / "trackerlint.toml").exists()


def test_odd_names_cannot_break_the_file(tmp_path: Path) -> None:
    odd = 'a"b\\c\n[[hosts]].html'
    lay(tmp_path, {odd: f"<html><title>Book an appointment</title>{PIXEL}<p>"})
    assert init(str(tmp_path)).exit_code == 0
    file = tmp_path / "trackerlint.toml"
    assert scanned(tmp_path).site.policy.hosts == ()
    text = "".join(
        line[1:] if line.startswith(("#[[pages]]", "#paths", "#routes", "#are")) else line
        for line in file.read_text(encoding="utf-8").splitlines(keepends=True)
    )
    assert "[[pages]]" in text


@pytest.mark.parametrize("fill", [str, uncommented])
def test_an_editor_accepts_the_file(fill: Callable[[str], str], tmp_path: Path) -> None:
    lay(tmp_path, SITE)
    init(str(tmp_path))
    text = fill((tmp_path / "trackerlint.toml").read_text(encoding="utf-8"))
    values = json.loads(json.dumps(tomllib.loads(text), default=str))  # editors read days as texts
    check = jsonschema.Draft202012Validator(
        json_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    assert [each.message for each in check.iter_errors(values)] == []
    assert bool(values) is (fill is uncommented)
