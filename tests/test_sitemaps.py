"""Addresses of pages without a source: lists, sitemaps, and containers held against them."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from analyzer import signatures, sitemaps
from analyzer.link.answers import answer_for
from analyzer.model import Atom, UserError, Verdict
from analyzer.pipeline import Options, scan

EXPORT = Path(__file__).parent.parent / "fixtures/sites/clinic/gtm/GTM-CL1N1C7_workspace3.json"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def addresses(path: Path) -> list[tuple[str, int]]:
    found, _ = sitemaps.read(path, path.name)
    return [(address, place.line) for address, place in found]


def test_a_list_has_an_address_or_a_path_a_line(tmp_path: Path) -> None:
    path = tmp_path / "pages.txt"
    path.write_text("# ours\n/book\n\n  HTTPS://Www.Clinic.org  \n/book\n/portal/x?y=1#top\n")
    assert addresses(path) == [
        ("/book", 2),
        ("https://www.clinic.org/", 4),
        ("/portal/x?y=1", 6),
    ]


def test_a_sitemap_names_its_pages_with_their_lines(tmp_path: Path) -> None:
    text = f"""{HEAD}
<urlset {SPACE} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://clinic.org/book </loc>
    <image:image><image:loc>https://clinic.org/a.png</image:loc></image:image></url>
  <url>
    <loc>https://clinic.org/careers</loc>
  </url>
</urlset>"""
    path = tmp_path / "sitemap.xml"
    path.write_text(text)
    assert addresses(path) == [("https://clinic.org/book", 3), ("https://clinic.org/careers", 6)]
    packed = tmp_path / "sitemap.xml.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert addresses(packed) == addresses(path)


def test_a_sitemap_index_names_what_was_not_given(tmp_path: Path) -> None:
    path = tmp_path / "index.xml"
    path.write_text(
        f"{HEAD}<sitemapindex {SPACE}><sitemap><loc>https://clinic.org/a.xml</loc></sitemap>"
        "</sitemapindex>"
    )
    found, skips = sitemaps.read(path, "index.xml")
    assert not found
    assert [each.reason for each in skips] == [
        "it names the sitemap https://clinic.org/a.xml, which was not given; save it and give it"
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "names no address; write one address or path a line"),
        (b"book\n", "line 1: 'book' is neither an address nor a path"),
        (b"//evil.example/x\n", "line 1: '//evil.example/x' is neither"),
        (b"<urlset><url><loc>", "is no sitemap that can be read"),
        (b"<html></html>", "no sitemap: its first element is html, not urlset"),
        (b"<urlset></urlset>", "names no address"),
        (b"\x1f\x8bbroken", "is packed and broken; unpack it first"),
    ],
)
def test_a_list_that_is_none_is_one_sentence(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "list"
    path.write_bytes(data)
    with pytest.raises(UserError, match="list") as told:
        sitemaps.read(path, "list")
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_a_list_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        sitemaps.read(tmp_path / "nothing.txt", "nothing.txt")


def test_entities_of_a_hostile_sitemap_are_not_opened(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    path = tmp_path / "bomb.xml"
    path.write_text(
        f'<!DOCTYPE urlset [<!ENTITY e0 "/x"><!ENTITY f SYSTEM "file:///etc/passwd">{entities}]>'
        "<urlset><url><loc>&e11;</loc></url><url><loc>&f;</loc></url></urlset>"
    )
    begun = time.monotonic()
    with pytest.raises(UserError):
        sitemaps.read(path, "bomb.xml")
    assert time.monotonic() - begun < 5


def test_a_sitemap_cannot_bring_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("/taken/from/elsewhere")
    path = tmp_path / "sitemap.xml"
    path.write_text(
        f'<!DOCTYPE urlset [<!ENTITY f SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
        "<urlset><url><loc>&f;</loc></url><url><loc>/book</loc></url></urlset>"
    )
    assert addresses(path) == [("/book", 1)]


def test_a_container_is_held_against_the_listed_pages(tmp_path: Path) -> None:
    path = tmp_path / "pages.txt"
    path.write_text("/careers\n/appointments/book\nhttps://clinic.org/appointments/online?x=1\n")
    report = scan([EXPORT], signatures.load(), Options(addresses=(path,)))
    fires = {
        firing.page: firing.verdict
        for tracker in report.site.trackers
        if tracker.vendor == "tiktok-pixel" and tracker.detection.tag is not None
        for firing in tracker.fires
    }
    assert fires == {
        "/appointments/book": Verdict.YES,
        "https://clinic.org/appointments/online?x=1": Verdict.YES,
    }
    booking = [each for each in report.findings if each.rule == "tracker-on-scheduling-page"]
    assert {page for each in booking for page in each.pages} == set(fires)
    assert all(step.place.path == "pages.txt" for each in booking for step in each.trail[:1])


@pytest.mark.parametrize(
    ("atom", "said"),
    [
        (Atom("host", "", "equals", "www.clinic.org"), Verdict.YES),
        (Atom("host", "", "contains", "staging"), Verdict.NO),
        (Atom("path", "", "starts-with", "/book"), Verdict.YES),
        (Atom("query", "dept", "equals", "oncology"), Verdict.YES),
        (Atom("query", "utm_source", "equals", "x"), Verdict.MAYBE),
        (Atom("url", "", "contains", "/book?dept"), Verdict.YES),
        (Atom("url", "", "contains", "/portal"), Verdict.NO),
        (Atom("url", "", "contains", "utm=1"), Verdict.MAYBE),
        (Atom("cookie", "x"), Verdict.MAYBE),
    ],
)
def test_a_whole_address_answers_for_host_and_query(atom: Atom, said: Verdict) -> None:
    assert answer_for(("https://www.clinic.org/book?dept=oncology",))(atom) is said
