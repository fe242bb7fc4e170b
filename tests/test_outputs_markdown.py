"""The Markdown summary: the answer first, never too long, and no word of a file acts in it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest

from analyzer.model import Checkout, Gone, History, Place, Report, State
from analyzer.outputs import markdown
from analyzer.outputs._marked import STOP, address, plain
from tests.records import INIT, RULES, clinic, finding, hostile, report

GITHUB = 65_536  # characters of a comment


def told(report: Report) -> str:
    out = io.StringIO()
    markdown.write(report, out)
    return out.getvalue()


def test_it_opens_with_the_counts_and_the_answer() -> None:
    first, second, third = told(clinic()).split("\n")[:3]
    assert first == "## trackerlint: 1 error, 1 warning, 2 notes, 1 accepted"
    assert not second
    assert third == (
        "1 tracker can see visitors on 1 of 1 page where patients' data are at hand: Meta Pixel."
    )


def test_it_ends_with_what_was_read() -> None:
    assert told(clinic()).endswith(
        "\n412 files read, 2 not read, 1 link not followed, 1 container not seen; "
        "1 error, 1 warning, 2 notes, 1 accepted\n"
    )


def test_ten_findings_stand_in_the_open_and_the_rest_is_folded() -> None:
    many = report(*(finding(INIT, "Meta Pixel", str(number)) for number in range(30)))
    text = told(many)
    table, _, rest = text.partition("<details>")
    assert table.count("| **error** |") == 10
    assert rest.startswith("<summary>20 more findings</summary>\n\n- error: ")
    assert rest.count("\n- error: ") == 20


def test_links_lead_to_the_line_from_the_top_of_the_repository() -> None:
    there = replace(clinic(), checkout=Checkout("web/site"))
    assert "[web/site/templates/base.html:5](web/site/templates/base.html#L5)" in told(there)


def test_new_findings_are_marked_where_there_is_something_before() -> None:
    assert "**new**" not in told(clinic())
    before = clinic()
    fresh = tuple(
        replace(each, state=State.NEW if number == 2 else State.KNOWN)
        for number, each in enumerate(before.findings)
    )
    text = told(replace(before, findings=fresh, baseline="old.sarif"))
    assert text.count("**new** ") == 1
    assert text.startswith("## trackerlint: 0 errors, 1 warning, 0 notes, 1 accepted, 3 known")


def test_history_says_what_is_new_and_gone() -> None:
    new = clinic().findings[4].fingerprint
    gone = Gone("f" * 32, "TL101", "tracker-on-portal-page", "error", "old.html", 3)
    known = History(date(2026, 10, 1), frozenset({new}), gone=(gone,))
    text = told(replace(clinic(), history=known))
    assert "\nSince 2026-10-01: 1 new, 1 gone, 0 unchanged.\n" in text
    assert "<summary>1 finding that is gone since 2026-10-01</summary>" in text
    assert "- error: tracker-on-portal-page at old.html:3" in text
    assert text.count("**new**") == 1


def test_what_was_not_read_is_named() -> None:
    text = told(clinic())
    assert "- dist/vendor.js: over 20 MB\n" in text
    assert "- GTM-UNSEEN: the tags of this container are not among the files" in text
    assert "- px.ads.example (pixel): nobody here knows this third party" in text


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a|b", "a&#124;b"),
        ("`code`", "\\`code\\`"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[x](javascript:1)", "\\[x\\](javascript:1)"),
        ("![x](http://evil.example/a.png)", "!\\[x\\](http\\://evil.example/a.png)"),
        ("www.evil.example", "www\\.evil.example"),
        ("@octocat and a@b.example", f"@{STOP}octocat and a@{STOP}b.example"),
        ("fixes #12, GH-12", f"fixes #{STOP}12, GH-{STOP}12"),
        ("one\n\n# two\r\nthree", "one # two three"),
        ("# heading", "\\# heading"),
        ("- item", "\\- item"),
        ("1. item", f"{STOP}1. item"),
        ("> quote", "&gt; quote"),
        ("snake_case and _emphasis_", "snake_case and \\_emphasis\\_"),
        ("**bold** ~~gone~~ $x$", "\\*\\*bold\\*\\* \\~\\~gone\\~\\~ \\$x\\$"),
        (":boom: at a.html:5:3", "\\:boom: at a.html:5:3"),
        ("a & b &lt;", "a &amp; b &amp;lt;"),
        ("\u202e\x1b[31m", "��\\[31m"),
        ("back\\|slash", "back\\\\&#124;slash"),
        ("2026-10-01T12:00:00Z", "2026-10-01T12:00:00Z"),
    ],
)
def test_words_stay_words(words: str, shown: str) -> None:
    assert plain(words) == shown


def test_an_address_holds_no_sign_that_ends_a_link() -> None:
    assert address("a b/(x)[y]<z>.html", 3) == "a%20b/%28x%29%5By%5D%3Cz%3E.html#L3"
    assert address("../../etc/./passwd") == "etc/passwd"
    assert ":" not in address("javascript:alert(1)")
    assert address("odd\udcff.html") == "odd%3F.html"


def test_a_name_of_only_signs_stays_short() -> None:
    assert len(plain("@" * 5_000, 400)) <= 800


@pytest.mark.parametrize("sign", ["@", "`", "|", "long ", "😀", "<", "\n"])
def test_it_is_never_longer_than_a_comment_may_be(sign: str) -> None:
    words = sign * 3_000
    place = replace(INIT, path=f"{words[:3000]}/x.html")
    findings = [
        replace(
            finding(place, rule=RULES[number % 3], message=f"{words}{number}"), rule=f"r{number}"
        )
        for number in range(300)
    ]
    gone = tuple(Gone(str(n), "TL1", words, "error", words, n) for n in range(300))
    site = clinic().site
    hosts = tuple(
        replace(each, host=f"{n}{words}") for n in range(50) for each in site.unknown_hosts
    )
    trackers = tuple(
        replace(
            each,
            group=f"{each.group}{n}",
            detection=replace(
                each.detection, ids=(f"{words}{n}",), place=Place(words, INIT.region)
            ),
        )
        for n in range(100)
        for each in site.trackers
    )
    big = replace(
        report(*findings, site=replace(site, unknown_hosts=hosts, trackers=trackers)),
        coverage=hostile().coverage,
        history=History(date(2026, 1, 1), gone=gone),
    )
    text = told(big)
    assert len(text) < markdown.LONGEST < GITHUB
    assert text.count("<details>") == text.count("</details>") == 4
    assert re.search(r"… and \d+ more, in the other reports of this run", text)
