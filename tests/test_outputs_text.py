"""What a person at a terminal sees."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from analyzer.model import (
    Coverage,
    Report,
    Role,
    Site,
    Skip,
    State,
    Status,
    Step,
    Suppression,
    Telling,
    Tracker,
    UnknownHost,
    Unresolved,
)
from analyzer.outputs import text
from tests.records import (
    AGREED,
    EVENT,
    EXTENDS,
    INIT,
    LOADER,
    REASON,
    RULES,
    clinic,
    finding,
    hostile,
    report,
    tracker,
)

NO_SITE = Site({}, {}, ())


def told(report: Report, *, colour: bool = False) -> list[str]:
    out = StringIO()
    text.write(report, out, colour=colour)
    return out.getvalue().splitlines()


def container(*ids: str, status: Status = Status.LIVE) -> Tracker:
    return tracker("google-tag-manager", Role.CONTAINER, INIT, ids=ids, status=status)


def test_a_finding_is_one_line_that_a_program_can_find() -> None:
    assert (
        "templates/base.html:5:13: 'Meta Pixel' runs on '3' pages behind a login. "
        "[tracker-on-portal-page] TL101"
    ) in told(clinic())


def test_a_long_message_is_neither_cut_nor_wrapped() -> None:
    message = "word " * 400 + "end."
    assert any(
        line.endswith("end. [tracker-on-portal-page] TL101")
        for line in told(report(finding(INIT, message=message)))
    )


def test_the_worst_comes_first_and_then_the_path_decides() -> None:
    codes = [line[-5:] for line in told(clinic()) if re.search(r"\] TL\d+$", line)]
    assert codes == ["TL101", "TL203", "TL901", "TL901", "TL901"]  # the last one is accepted


@pytest.mark.parametrize(
    ("site", "coverage", "verdict"),
    [
        (NO_SITE, Coverage(5), "Nothing to report in what was read."),
        (NO_SITE, Coverage(0), "No file was read, so this says nothing about the site."),
        (
            NO_SITE,
            Coverage(5, (Skip("a.js", "over 20 MB"),)),
            "Nothing to report in what was read. This is not an all-clear: 1 file not read in full.",
        ),
        (
            NO_SITE,
            Coverage(5, (), (Unresolved(EXTENDS, "extends", "x"),)),
            "Nothing to report in what was read. This is not an all-clear: 1 link not followed.",
        ),
        (
            Site({}, {}, (), (container("GTM-X"),)),
            Coverage(5),
            "Nothing to report in what was read. "
            "This is not an all-clear: 1 container with unknown contents.",
        ),
        (
            Site({}, {}, (), (container(),)),
            Coverage(5),
            "Nothing to report in what was read. "
            "This is not an all-clear: 1 container with unknown contents.",
        ),
        (
            Site({}, {}, (), (container("GTM-X", status=Status.DEAD),)),
            Coverage(5),
            "Nothing to report in what was read.",
        ),
        (
            replace(clinic().site, others=(container("GTM-AB12CD"),), unknown_hosts=()),
            Coverage(5),
            "Nothing to report in what was read.",
        ),
        (
            Site({}, {}, (), unknown_hosts=(UnknownHost("a.example", INIT, "script"),)),
            Coverage(5),
            "Nothing to report in what was read. This is not an all-clear: 1 unknown host.",
        ),
    ],
)
def test_silence_is_never_sold_as_an_all_clear(
    site: Site, coverage: Coverage, verdict: str
) -> None:
    assert told(report(site=site, coverage=coverage))[-2] == verdict


def test_what_is_accepted_stays_in_sight_with_who_why_and_how_long_but_does_not_count() -> None:
    lines = told(report(replace(finding(INIT, "Meta Pixel", "3"), suppressed=AGREED)))
    assert lines == [
        "1 accepted",
        "",
        "templates/base.html:5:13: 'Meta Pixel' runs on '3' pages behind a login. "
        "[tracker-on-portal-page] TL101",
        "        accepted by a comment at dist/app.js:1 of web-team until 2027-01-31: agreed in 2026",
        "",
        "Nothing to report in what was read, apart from what is accepted.",
        "5 files read, 0 not read; 0 errors, 0 warnings, 0 notes, 1 accepted",
    ]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("tag-notes", "the notes of a tag at dist/app.js:1: why"),
        ("ignore", "an exception in dist/app.js:1: why"),
        ("allowed", "a vendor allowed in dist/app.js:1: why"),
        ("agreement", "an agreement in dist/app.js:1: why"),
    ],
)
def test_it_is_said_where_something_was_accepted(kind: str, said: str) -> None:
    word = Suppression(kind, AGREED.place, "why")
    assert f"        accepted by {said}" in told(
        report(replace(finding(INIT, "Hotjar", "1"), suppressed=word))
    )


def test_one_word_that_accepts_much_is_said_once_and_cut() -> None:
    many = [
        replace(finding(INIT, "Hotjar", str(number)), suppressed=AGREED) for number in range(30)
    ]
    lines = told(report(*many))
    assert lines.count("        … and 10 more findings") == 1
    assert sum("accepted by" in line for line in lines) == 1
    assert lines[-1].endswith("0 notes, 30 accepted")


def test_with_a_baseline_only_new_findings_are_shown_and_the_others_counted() -> None:
    before = replace(finding(INIT, "Meta Pixel", "3"), state=State.KNOWN)
    new = replace(finding(EVENT, "Hotjar", "2"), state=State.NEW)
    lines = told(replace(report(before, new), baseline="old.sarif", gone=2))
    assert sum("behind a login" in line for line in lines) == 1
    assert (
        "Compared with old.sarif: 1 finding was known before; 2 findings of before are gone"
    ) in lines
    assert lines[-1] == "5 files read, 0 not read; 1 error, 0 warnings, 0 notes, 1 known"


def test_new_only_leaves_known_findings_out_that_are_accepted() -> None:
    before = replace(finding(INIT, "Meta Pixel", "3"), state=State.KNOWN, suppressed=AGREED)
    lines = told(replace(report(before), baseline="old.json", telling=Telling(new_only=True)))
    assert not any("behind a login" in line for line in lines)
    assert lines[-1].endswith("0 notes, 1 known")


def test_what_is_new_about_an_old_finding_is_said() -> None:
    lines = told(report(replace(finding(INIT, "Meta Pixel", "3"), news="it reaches a.html now")))
    assert "        new: it reaches a.html now" in lines


def test_the_worst_rule_comes_first_then_the_number_of_pages_then_the_place() -> None:
    worse = replace(RULES[0], code="TL999", name="worse", score="9.0")
    findings = (
        finding(INIT, "One", "1"),
        replace(finding(EVENT, "Two", "2"), pages=("a.html", "b.html")),
        finding(LOADER, "Three", "3"),
        finding(REASON, "Four", "4", rule=worse),
    )
    lines = told(report(*findings, rules=(*RULES, worse)))
    names = [line.split("'")[1] for line in lines if re.search(r"\] TL\d+$", line)]
    assert names == ["Four", "Two", "Three", "One"]


def test_each_finding_ends_with_the_next_step_and_notes_say_it_once_for_a_rule() -> None:
    rules = tuple(replace(rule, next=f"Do {rule.code}.") for rule in RULES)
    lines = told(replace(clinic(), rules=rules))
    assert [line for line in lines if line.startswith("        next: ")] == [
        "        next: Do TL101.",
        "        next: Do TL203.",
        "        next: Do TL901.",
    ]


def test_a_note_whose_way_is_longer_than_its_place_shows_it_in_one_line() -> None:
    way = (Step(EXTENDS, "extends base.html"), Step(INIT, "sets up Meta Pixel"))
    lines = told(report(replace(finding(INIT, "Hotjar", rule=RULES[2]), trail=way)))
    assert "        by templates/book.html:1, templates/base.html:5" in lines


def test_the_last_line_counts_everything() -> None:
    assert told(clinic())[-1] == (
        "412 files read, 2 not read, 1 link not followed, 1 container not seen; "
        "1 error, 1 warning, 2 notes, 1 accepted"
    )


def test_long_lists_end_with_a_count() -> None:
    skips = tuple(Skip(f"{number:03}.js", "over 20 MB") for number in range(50))
    crowded = replace(
        finding(INIT, "Meta Pixel", "9"),
        pages=tuple("abcdefgh"),
        trail=tuple(Step(INIT, f"step {number}") for number in range(30)),
        related=tuple(Step(INIT, f"page {number}") for number in range(9)),
    )
    lines = told(report(crowded, coverage=Coverage(9, skips)))
    assert "        also on a, b, c, d, e and 3 more" in lines
    assert "        … and 19 more steps" in lines
    assert "        … and 4 more places" in lines
    assert "        … and 30 more files" in lines
    assert sum("over 20 MB" in line for line in lines) == 20
    assert any("step 29" in line for line in lines)


def test_scanned_words_cannot_steer_the_terminal() -> None:
    said = "\n".join(told(hostile()))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said)
    assert not any(line.lstrip().startswith("::") for line in said.splitlines())


def test_colour_changes_no_word() -> None:
    plain, coloured = told(clinic()), told(clinic(), colour=True)
    assert coloured != plain
    assert [re.sub(r"\x1b\[[\d;]*m", "", line) for line in coloured] == plain


def test_rich_is_loaded_for_colour_only(root: Path) -> None:
    code = (
        "import io, sys; from analyzer.outputs import text; from tests.records import clinic; "
        "text.write(clinic(), io.StringIO()); print('rich' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "False"


def test_evidence_is_quoted_under_the_line() -> None:
    lines = told(report(finding(INIT, "Hotjar", "3", rule=RULES[0])))
    at = next(number for number, line in enumerate(lines) if line.endswith("TL101"))
    assert lines[at + 1] == "      5 | fbq('init', '1234567890')"


def test_a_note_is_one_line() -> None:
    lines = told(report(finding(INIT, "Hotjar", rule=RULES[2])))
    at = lines.index("templates/base.html:5:13: 'Hotjar' is here. [tracker-inventory] TL901")
    assert lines[at + 1] == ""
