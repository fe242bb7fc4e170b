"""Baselines: what is known does not count, in whichever of our forms it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analyzer import signatures
from analyzer.cli import main
from analyzer.commands import baseline as command
from analyzer.model import Finding, Place, Region, Report, State, TagRef, UserError
from analyzer.pipeline import Options, scan
from analyzer.policy import baseline
from analyzer.policy.tags import record_of

PAGE = (
    "<html><head><title>Clinic</title>\n"
    "<script>fbq('init', '2345098761234509'); fbq('track', 'PageView');</script>\n"
    "</head><body><h1>Book an appointment</h1></body></html>\n"
)
NOWHERE = Place("container.json", Region(1, 1, 1, 2, (1, 2)))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    inside = tmp_path / "site"
    inside.mkdir()
    (inside / "index.html").write_text(PAGE)
    return inside


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, words)))


def scanned(site: Path, before: Path | None = None, **more: Any) -> Report:
    return scan([site], signatures.load(), Options(baseline=before, **more))


def states(report: Report) -> set[State]:
    return {each.state for each in report.findings}


# ---------------------------------------------------------------- the three forms


@pytest.mark.parametrize("form", ["before.sarif", "before.json", "baseline"])
def test_what_an_earlier_report_holds_does_not_count(form: str, site: Path, tmp_path: Path) -> None:
    file = tmp_path / (form if "." in form else "before.json")
    if form == "baseline":
        assert run("baseline", site, "-o", file).exit_code == 0
    else:
        assert run("scan", site, "-q", "-o", file).exit_code == 1
    assert run("scan", site, "-q", "--baseline", file).exit_code == 0
    assert states(scanned(site, file)) == {State.KNOWN}
    (site / "second.html").write_text(PAGE)
    report = scanned(site, file)
    assert {each.place.path for each in report.findings if each.state is State.NEW} >= {
        "second.html"
    }
    assert run("scan", site, "-q", "--baseline", file).exit_code == 1


def test_moved_and_reformatted_code_is_known(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    run("baseline", site, "-o", file)
    (site / "index.html").write_text(
        "<!doctype html>\n\n" + PAGE.replace("; ", ";\n    ").replace("'", '"')
    )
    assert states(scanned(site, file)) == {State.KNOWN}


def test_without_a_baseline_nothing_is_said(site: Path) -> None:
    assert states(scanned(site)) == {State.UNKNOWN}


def test_a_report_from_a_shell_in_utf_16_is_read(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "before.json"
    run("scan", site, "-q", "-o", file)
    file.write_text(file.read_text(), encoding="utf-16")
    assert states(scanned(site, file)) == {State.KNOWN}


def test_what_is_found_no_more_is_counted(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    (site / "second.html").write_text(PAGE)
    run("baseline", site, "-o", file)
    assert scanned(site, file).gone == 0
    (site / "second.html").unlink()
    gone = scanned(site, file).gone
    assert gone > 0
    rules = tuple({each.rule for each in scanned(site).findings})
    assert scanned(site, file, ignore=rules).gone < gone + len(scanned(site).findings)
    assert scanned(site, file, select=("container-contents-unknown",)).gone == 0


def test_accepted_findings_are_in_no_baseline(site: Path, tmp_path: Path) -> None:
    rules = ", ".join({each.rule for each in scanned(site).findings if each.place.line == 2})
    comment = f"<!-- trackerlint: ignore[{rules}] -- agreed with the privacy office -->\n"
    (site / "index.html").write_text(PAGE.replace("<script>", f"{comment}<script>"))
    files = [tmp_path / name for name in ("baseline.json", "report.json", "report.sarif")]
    run("baseline", site, "-o", files[0])
    run("scan", site, "-q", "-o", files[1], "-o", files[2], "--sarif-suppressed")
    (site / "index.html").write_text(PAGE)
    for file in files:
        assert State.NEW in states(scanned(site, file)), file


# ---------------------------------------------------------------- wrong files


def sarif(tool: str, results: Sequence[dict[str, Any]] = ()) -> str:
    run = {"tool": {"driver": {"name": tool}}, "results": list(results)}
    return json.dumps({"version": "2.1.0", "runs": [run]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty; write it anew"),
        (" \n", "is empty; write it anew"),
        ("{\n", "line 2: it is no JSON"),
        ('{"schema": \n<<<<<<< main\n', "holds an unsettled merge"),
        ("[]", "holds no findings of trackerlint"),
        ('"text"', "holds no findings of trackerlint"),
        ("{}", "holds no findings of trackerlint"),
        ("[" * 100_000, "it is no JSON|holds no findings"),
        ('{"schema": "trackerlint-baseline/2", "findings": []}', "use the same version for both"),
        ('{"schema": "trackerlint-report/9", "findings": []}', "use the same version for both"),
        ('{"schema": "trackerlint-baseline/1"}', "holds no findings of trackerlint"),
        ('{"schema": "trackerlint-baseline/1", "findings": [1]}', "finding 1 is not as"),
        (
            '{"schema": "trackerlint-baseline/1", "findings": [{"code": 1, "fingerprint": "x"}]}',
            "finding 1 is not as",
        ),
        (sarif("Semgrep"), "is a report of Semgrep, not of trackerlint"),
        ('{"runs": []}', "is a report of nobody, not of trackerlint"),
        ('{"runs": [1]}', "not of trackerlint"),
        (sarif("trackerlint", [{"ruleId": "TL101"}]), "finding 1 is not as"),
        ("\0\1\2", "it is no JSON"),
    ],
)
def test_a_wrong_file_is_one_sentence(text: str, words: str, site: Path, tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(text)
    with pytest.raises(UserError, match=words):
        scanned(site, file)
    result = run("scan", site, "--baseline", file)
    assert result.exit_code == 2
    assert result.output.startswith("trackerlint: ")
    assert result.output.count("\n") == 1


def test_a_file_that_is_not_there_says_how_to_write_it(site: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="trackerlint baseline PATHS -o"):
        scanned(site, tmp_path / "none.json")


def test_a_folder_is_no_baseline(site: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        scanned(site, tmp_path)


def test_an_empty_report_knows_nothing(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "none.sarif"
    file.write_text(sarif("trackerlint"))
    assert states(scanned(site, file)) == {State.NEW}


# ---------------------------------------------------------------- tags


def about_tag(
    number: str, name: str, *, rule: str = "TL101", vendor: str = "meta-pixel"
) -> Finding:
    return Finding(
        NOWHERE,
        (),
        ("tag", "GTM-A", name, vendor),
        vendor=vendor,
        code=rule,
        tag=TagRef("GTM-A", "container.json", number, name),
        fingerprint=f"{rule} {name} {vendor}",
    )


def known_names(before: Sequence[Finding], now: Sequence[Finding]) -> list[str]:
    earlier = baseline.Baseline(tuple(record_of(each) for each in before))
    found, _ = baseline.compared(now, earlier, lambda code, path: True)
    return [each.tag.tag_name for each in found if each.tag and each.state is State.KNOWN]


def test_a_renamed_tag_is_known_by_its_number() -> None:
    assert known_names([about_tag("1", "Pixel")], [about_tag("1", "Meta Pixel")]) == ["Meta Pixel"]


def test_a_renumbered_tag_is_known_by_its_name() -> None:
    before = [about_tag("1", "Pixel")]
    again = [about_tag("7", "Pixel")]
    assert known_names(before, again) == ["Pixel"]
    other = [Finding(**{**_fields(again[0]), "fingerprint": "made otherwise"})]
    assert known_names(before, other) == ["Pixel"]


def test_in_a_renumbered_container_numbers_tell_nothing() -> None:
    before = [about_tag("1", "Pixel"), about_tag("2", "Old")]
    now = [about_tag("2", "New"), about_tag("3", "Pixel")]
    assert known_names(before, now) == ["Pixel"]


@pytest.mark.parametrize("other", [{"rule": "TL102"}, {"vendor": "tiktok"}])
def test_a_tag_that_became_something_else_is_new(other: dict[str, str]) -> None:
    assert known_names([about_tag("1", "Pixel")], [about_tag("1", "Meta", **other)]) == []


def test_one_earlier_finding_knows_one_of_today() -> None:
    now = [about_tag("1", "One"), about_tag("1", "Two")]
    assert len(known_names([about_tag("1", "Pixel")], now)) == 1


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in Finding.__slots__}


# ---------------------------------------------------------------- the command


def test_the_file_has_one_record_a_line_in_order(site: Path, tmp_path: Path) -> None:
    (site / "about.html").write_text(PAGE)
    file = tmp_path / "baseline.json"
    result = run("baseline", site, "-o", file)
    assert result.exit_code == 0
    rows = json.loads(file.read_text())["findings"]
    assert [row["path"] for row in rows] == sorted(row["path"] for row in rows)
    assert all({"path", "rule", "code", "message", "fingerprint"} <= row.keys() for row in rows)
    assert len(file.read_text().splitlines()) == len(rows) + 5
    assert f"{len(rows)} findings" in result.output
    assert f"--baseline {file}" in result.output
    before = file.read_bytes()
    assert "nothing changed" in run("baseline", site, "-o", file).output
    assert file.read_bytes() == before


def test_writing_it_anew_shows_what_came_and_went(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    run("baseline", site, "-o", file)
    (site / "index.html").rename(site / "other.html")
    output = run("baseline", site, "-o", file).output
    assert "\n+ other.html: " in output
    assert "\n- index.html: " in output


def test_long_lists_are_cut(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SHOWN", 1)
    file = tmp_path / "baseline.json"
    run("baseline", site, "-o", file)
    for name in ("one", "two", "three"):
        (site / f"{name}.html").write_text(PAGE)
    assert "\n+ and " in run("baseline", site, "-o", file).output


def test_the_usual_name(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("baseline", "site").exit_code == 0
    assert (tmp_path / "trackerlint-baseline.json").is_file()


@pytest.mark.parametrize("spoil", [lambda _: "", lambda text: f"<<<<<<< main\n{text}"])
def test_a_spoilt_baseline_can_be_written_anew(
    spoil: Callable[[str], str], site: Path, tmp_path: Path
) -> None:
    file = tmp_path / "baseline.json"
    run("baseline", site, "-o", file)
    whole = file.read_text()
    file.write_text(spoil(whole))
    assert run("baseline", site, "-o", file).exit_code == 0
    assert file.read_text() == whole


@pytest.mark.parametrize("text", ['{"name": "site"}', "hello"])
def test_another_file_is_never_overwritten(text: str, site: Path, tmp_path: Path) -> None:
    file = tmp_path / "package.json"
    file.write_text(text)
    result = run("baseline", site, "-o", file)
    assert result.exit_code == 2
    assert "is no baseline" in result.output
    assert file.read_text() == text


def test_a_report_is_never_overwritten(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    run("scan", site, "-q", "-o", file)
    assert run("baseline", site, "-o", file).exit_code == 2


def test_where_nothing_can_be_written_there_is_one_sentence(site: Path, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "baseline.json"):
        result = run("baseline", site, "-o", place)
        assert result.exit_code == 2
        assert result.output.count("\n") == 1


def test_where_nothing_was_read_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("baseline", tmp_path / "empty", "-o", tmp_path / "baseline.json")
    assert result.exit_code == 3
    assert not (tmp_path / "baseline.json").exists()


def test_a_site_without_findings_has_an_empty_baseline(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<html><h1>Hello</h1></html>")
    file = tmp_path / "baseline.json"
    assert "0 findings" in run("baseline", tmp_path / "site", "-o", file).output
    assert run("scan", tmp_path / "site", "--baseline", file).exit_code == 0


# ---------------------------------------------------------------- pages that a known finding comes to

LAYOUT = """<html><head><title>Clinic</title>
<script>fbq('init', '2345098761234509'); fbq('track', 'PageView');</script>
</head><body>{% block content %}{% endblock %}</body></html>
"""
BELOW = '{{% extends "base.html" %}}{{% block content %}}<h1>{}</h1>{{% endblock %}}\n'


@pytest.fixture
def layouts(tmp_path: Path) -> Path:
    folder = tmp_path / "layouts" / "templates"
    (folder / "appointments").mkdir(parents=True)
    (folder / "base.html").write_text(LAYOUT)
    (folder / "about.html").write_text(BELOW.format("About us"))
    (folder / "appointments" / "book.html").write_text(BELOW.format("Book an appointment"))
    return folder.parent


@pytest.mark.parametrize("form", ["report.json", "baseline.json"])
def test_a_known_finding_on_another_sensitive_page_is_new(
    form: str, layouts: Path, tmp_path: Path
) -> None:
    file = tmp_path / form
    if form == "baseline.json":
        run("baseline", layouts, "-o", file)
    else:
        run("scan", layouts, "-q", "-o", file)
    assert states(scanned(layouts, file)) == {State.KNOWN}
    second = layouts / "templates" / "appointments" / "schedule.html"
    second.write_text(BELOW.format("Schedule a visit"))
    found = {each.rule: each for each in scanned(layouts, file).findings if each.state is State.NEW}
    named = found["tracker-on-scheduling-page"]
    assert named.place.path == "templates/base.html"
    assert named.new_pages == ("templates/appointments/schedule.html",)
    assert named.news == "on templates/appointments/schedule.html"
    assert "tracker-inventory" not in found, "which is about no class of pages"
    assert run("scan", layouts, "-q", "--baseline", file, "--fail-on", "error").exit_code == 1


def test_a_known_finding_on_another_public_page_or_on_fewer_is_known(
    layouts: Path, tmp_path: Path
) -> None:
    file = tmp_path / "baseline.json"
    second = layouts / "templates" / "appointments" / "schedule.html"
    second.write_text(BELOW.format("Schedule a visit"))
    run("baseline", layouts, "-o", file)
    (layouts / "templates" / "contact.html").write_text(BELOW.format("Contact"))
    second.unlink()
    assert states(scanned(layouts, file)) == {State.KNOWN}


def test_a_report_that_tells_no_pages_knows_the_finding_on_all(
    layouts: Path, tmp_path: Path
) -> None:
    file = tmp_path / "report.sarif"
    run("scan", layouts, "-q", "-o", file)
    second = layouts / "templates" / "appointments" / "schedule.html"
    second.write_text(BELOW.format("Schedule a visit"))
    found = {each.rule for each in scanned(layouts, file).findings if each.state is State.NEW}
    assert found == {"page-inherits-tracker"}
