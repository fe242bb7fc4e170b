"""What owners of tags and contracts see: the same counts, one file that asks nobody for anything."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from analyzer import sentences, signatures
from analyzer.model import (
    Agreement,
    Baa,
    Container,
    ContainerReport,
    Gone,
    History,
    Kind,
    Past,
    Policy,
    Report,
    Role,
    Site,
    State,
    Status,
    Verdict,
)
from analyzer.outputs import html, sarif, text
from analyzer.outputs import json as json_output
from analyzer.outputs._html_page import embedded, told
from analyzer.pipeline import Options, scan
from tests.records import BOOKED, INIT, TAG, clinic, hostile, report, tracker

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
NO_SITE = Site({}, {}, ())


class Read(HTMLParser):
    """A page as a browser takes it apart: elements with attributes, and the text of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.elements and data.strip():
            self.texts.append((self.elements[-1][0], data))

    def all(self, attribute: str) -> list[str]:
        return [attrs[attribute] for _, attrs in self.elements if attribute in attrs]

    def text_of(self, tag: str) -> str:
        return next(text for own, text in self.texts if own == tag)


def page(of: Report) -> str:
    out = StringIO()
    html.write(of, out)
    return out.getvalue()


def headline(of: Report) -> str:
    return Read(page(of)).text_of("h1")


def data(of: Report) -> dict[str, Any]:
    found = DATA.search(page(of))
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


# ---------------------------------------------------------------- the answer


def test_the_page_opens_with_who_sees_how_many_pages() -> None:
    assert (
        headline(clinic())
        == "1 tracker can see visitors on 1 of 1 page where patients' data are at hand: Meta Pixel."
    )


def test_a_tracker_that_only_may_run_is_not_said_to_see() -> None:
    site = clinic().site
    fires = (replace(BOOKED, verdict=Verdict.MAYBE),)
    site = replace(site, trackers=(replace(site.trackers[1], fires=fires),))
    assert headline(report(site=site)) == (
        "1 tracker may see visitors on pages where patients' data are at hand, under a condition: "
        "Meta Pixel."
    )


@pytest.mark.parametrize("status", [Status.DEAD, Status.PLACEHOLDER])
def test_what_does_not_run_sees_nobody(status: Status) -> None:
    site = clinic().site
    site = replace(site, trackers=(replace(site.trackers[1], status=status),))
    assert headline(report(site=site)) == (
        "No tracker that runs was found in what was read, and no tracker was seen to run on the "
        "1 page where patients' data are at hand."
    )


def test_nothing_read_is_no_answer() -> None:
    nothing = replace(report(), coverage=replace(report().coverage, read=0))
    assert headline(nothing) == "No file was read, so this says nothing about the site."


def test_a_container_by_itself_is_told_by_its_tags() -> None:
    whole = clinic().site
    alone = replace(whole, pages={}, trackers=whole.trackers[1:2])
    assert headline(report(site=alone)) == "1 tracker in the 1 tag of 1 container: Meta Pixel."
    assert "only the triggers tell where the tags fire" in page(report(site=alone))


# ---------------------------------------------------------------- the same counts everywhere


def test_every_output_has_the_same_three_numbers() -> None:
    told_of = clinic()
    numbers = re.findall(r"<b>(\d+)</b> <span>", page(told_of))
    assert numbers == ["1", "1", "2"]

    out = StringIO()
    text.write(told_of, out)
    last_line = out.getvalue().splitlines()[-1]
    assert "; 1 error, 1 warning, 2 notes, 1 accepted" in last_line
    assert last_line in page(told_of)

    out = StringIO()
    json_output.write(told_of, out)
    opened = [each for each in json.loads(out.getvalue())["findings"] if not each["suppressed"]]
    assert [
        str(sum(each["severity"] == severity for each in opened))
        for severity in ("error", "warning", "note")
    ] == numbers

    out = StringIO()
    sarif.write(told_of, out)
    run = json.loads(out.getvalue())["runs"][0]
    levels = {
        rule["id"]: rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]
    }
    assert [
        str(sum(levels[each["ruleId"]] == level for each in run["results"]))
        for level in ("error", "warning", "note")
    ] == numbers

    rows = [each for each in data(told_of)["findings"] if "word" not in each]
    severities = {code: rule["severity"] for code, rule in data(told_of)["rules"].items()}
    assert [
        str(sum(severities[each["code"]] == severity for each in rows))
        for severity in ("error", "warning", "note")
    ] == numbers


def test_what_a_baseline_holds_does_not_count_and_stays_in_sight() -> None:
    before = clinic()
    known = replace(before.findings[2], state=State.KNOWN)
    after = replace(
        before, findings=(*before.findings[:2], known, *before.findings[3:]), baseline="old.sarif"
    )
    assert re.findall(r"<b>(\d+)</b> <span>", page(after)) == ["1", "0", "2"]
    assert "Compared with old.sarif: 1 finding known before, 0 gone since." in page(after)
    assert [each["says"] for each in data(after)["findings"] if each.get("known")] == [
        known.message
    ]


def test_the_data_of_the_page_are_told_as_they_always_were(root: Path, rewrite: bool) -> None:
    golden = root / "fixtures" / "outputs" / "clinic.page-data.json"
    seen = json.dumps(told(clinic())[1], indent=1) + "\n"
    if rewrite:
        golden.write_text(seen, encoding="utf-8")
    assert seen == golden.read_text(encoding="utf-8")


# ---------------------------------------------------------------- one file, and nobody else


def test_the_page_asks_nobody_and_lets_nothing_else_run() -> None:
    read = Read(page(clinic()))
    assert not {"link", "img", "iframe", "object", "embed", "base"} & {
        tag for tag, _ in read.elements
    }
    assert not [attrs for _, attrs in read.elements if "src" in attrs or "style" in attrs]
    assert not [name for _, attrs in read.elements for name in attrs if name.startswith("on")]
    style = re.search(r"<style>(.*?)</style>", page(clinic()), re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_the_policy_names_the_style_and_the_script_by_their_hashes() -> None:
    whole = page(clinic())
    policy = next(value for value in Read(whole).all("content") if "default-src" in value)
    style = re.search(r"<style>(.*?)</style>", whole, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", whole, re.DOTALL)
    assert style
    assert script
    assert policy == (
        f"default-src 'none'; style-src '{named(style[1])}'; script-src '{named(script[1])}'; "
        "base-uri 'none'; form-action 'none'"
    )


def named(words: str) -> str:
    return "sha256-" + b64encode(sha256(words.encode()).digest()).decode()


def test_links_lead_into_the_page_or_to_a_secure_address() -> None:
    vendor = replace(
        clinic().site.vendors["meta-pixel"],
        docs="javascript:alert(1)",
        baa=Baa("no", "", "javascript:alert(2)", "2026-11-22"),
    )
    site = replace(clinic().site, vendors={"meta-pixel": vendor})
    whole = replace(clinic(), site=site)
    links = Read(page(whole)).all("href")
    assert not [link for link in links if not link.startswith(("#", "https://"))]
    assert "Source: javascript:alert(2)" in page(whole)


def test_every_address_within_the_page_leads_somewhere_and_no_two_to_one_place() -> None:
    read = Read(page(clinic()))
    ids = read.all("id")
    assert len(ids) == len(set(ids))
    patterns = {"#finding-", "#rule-", "#vendor-"}  # filled in by the script
    wanted = {link for link in read.all("href") if link.startswith("#")} - patterns
    wanted -= {link for link in wanted if link.startswith("#finding-")}  # the script knows them all
    assert {link[1:] for link in wanted} <= set(ids)
    assert set(read.all("aria-describedby")) <= set(ids)


def test_nothing_in_the_data_can_end_their_script() -> None:
    words = "</script><script>alert(1)</script> <!-- \u2028 \u2029 & \x00 \u202e \ud800"
    text = embedded({"words": words})
    assert "<" not in text
    assert text.isascii()
    assert json.loads(text)["words"] == (
        "</script><script>alert(1)</script> <!-- \ufffd \ufffd & \ufffd \ufffd \ufffd"
    )


def test_hostile_words_stand_in_the_page_as_text() -> None:
    whole = page(hostile())
    assert "\x1b" not in whole
    assert "\u202e" not in whole
    assert "\ud800" not in whole
    assert len(data(hostile())["findings"]) == 3


def test_naming_the_outputs_loads_no_template_engine(root: Path) -> None:
    code = (
        "import sys; from analyzer.plugins import modules; modules('outputs'); "
        "print('jinja2' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "False"


# ---------------------------------------------------------------- words for people


def test_no_rule_is_named_by_its_code_alone() -> None:
    whole = page(clinic())
    for rule in clinic().rules:
        places = [match.start() for match in re.finditer(rf">{rule.code}<", whole)]
        assert places
        assert all(rule.name in whole[at - 400 : at] for at in places)


def test_every_rule_and_every_word_is_explained_once() -> None:
    whole = page(clinic())
    for rule in clinic().rules:
        assert whole.count(f'id="rule-{rule.code}"') == 1
    for term in ("tag", "trigger", "container", "pixel", "baa", "proxied", "consent"):
        assert whole.count(f'id="term-{term}"') == 1


def test_the_page_speaks_of_risks_and_not_of_verdicts() -> None:
    assert "violat" not in page(clinic()).lower()


def test_a_vendor_has_its_statement_and_the_agreements_of_the_organisation() -> None:
    site = clinic().site
    vendor = replace(
        site.vendors["meta-pixel"],
        receives=("page address", "IP address"),
        baa=Baa("no", "Not for this product.", "https://vendor.example/terms", "2026-11-22"),
    )
    agreement = Agreement(
        ("meta-pixel",),
        (),
        "C-12",
        date(2024, 1, 1),
        date(2025, 1, 1),
        INIT,
        "legal@clinic.example",
    )
    policy = Policy(today=date(2026, 11, 22), agreements=(agreement,))
    whole = page(
        replace(clinic(), site=replace(site, vendors={"meta-pixel": vendor}, policy=policy))
    )
    assert "Meta Platforms offers no business associate agreement (as of 2026-11-22)." in whole
    assert 'href="https://vendor.example/terms"' in whole
    assert (
        "C-12, signed 2024-01-01, ended 2025-01-01, looked after by legal@clinic.example, "
        "not in force"
    ) in whole
    assert "page address, IP address" in whole
    assert "22 November 2026" in whole


def test_an_agreement_is_not_expired_before_its_day() -> None:
    site = clinic().site
    agreement = Agreement(("meta-pixel",), (), "C-12", date(2027, 1, 1), date(2028, 1, 1), INIT)
    policy = Policy(today=date(2026, 11, 22), agreements=(agreement,))
    whole = page(replace(clinic(), site=replace(site, policy=policy)))
    assert "C-12, signed 2027-01-01, until 2028-01-01, not in force" in whole


def test_findings_can_be_asked_for_by_the_one_who_answers_for_them() -> None:
    told_data = data(clinic())
    owned = [each for each in told_data["findings"] if each.get("owners")]
    assert [told_data["owners"][each["owners"][0]] for each in owned] == ["web-team"]


def test_tags_are_told_in_the_sentences_of_the_console() -> None:
    whole = page(clinic())
    (container,) = clinic().site.containers
    for sentence in sentences.fires(container.tags[0], container):
        assert f"<li>{sentence}</li>" in whole
    assert "sends em from a hash of the form field #email" in whole
    assert "waits for consent to ad_storage" in whole


def test_a_paused_tag_and_an_event_that_nobody_pushes_are_named() -> None:
    site = clinic().site
    (known,) = site.containers
    tag = replace(known.tags[0].tag, paused=True)
    trigger = replace(tag.triggers[0], scope="custom-event", event="booked")
    waiting = replace(known.tags[0].tag, name="Booked", triggers=(trigger,))
    container: Container = replace(known.container, tags=(tag, waiting))
    told_of = ContainerReport(
        container,
        known.installed_on,
        (replace(known.tags[0], tag=tag), replace(known.tags[0], tag=waiting)),
        unpushed=("booked",),
    )
    whole = page(replace(clinic(), site=replace(site, containers=(told_of,))))
    assert "is paused</li>" in whole
    assert "waits for the event &#39;booked&#39;, which no code that was read pushes" in whole


def test_pages_that_get_the_same_from_one_layout_are_one_band() -> None:
    site = clinic().site
    book = site.pages["templates/book.html"]
    pages = {name: replace(book, path=name, routes=(f"/{name}",)) for name in "abcdefgh"}
    fires = tuple(replace(BOOKED, page=name) for name in pages)
    site = replace(
        site, pages=pages, trackers=(tracker("meta-pixel", Role.SETUP, INIT, fires=fires),)
    )
    context, told_data = told(report(site=site))
    (trunk,) = context["trunks"]
    (band,) = trunk.bands
    assert trunk.layout == "templates/base.html"
    assert [way for way, _ in band.leaves] == ["in the layout templates/base.html"]
    assert [told_data["pages"][each][0] for each in told_data["sets"][band.number]] == [*pages]


def test_a_value_is_followed_from_its_field_to_the_vendor() -> None:
    flows = told(clinic())[0]["flows"].telling
    reason = next(each for each in flows if each.category == "health")
    assert [each.words for each in reason.stops] == ["form field reason", "sent as reason"]
    assert reason.name == "Meta Pixel"
    assert [each.hashed for each in flows if each.category == "email"] == [True]


def test_what_changed_since_a_run_that_was_kept_is_told() -> None:
    before = clinic()
    history = History(
        date(2026, 3, 1),
        new=frozenset({before.findings[4].fingerprint}),
        gone=(Gone("ab", "TL101", "tracker-on-portal-page", "error", "old.html", 3),),
        trend=(Past(date(2026, 3, 1), 2, 1, 0, 3, 1), Past(date(2026, 4, 1), 1, 1, 2, 3, 1)),
    )
    whole = page(replace(before, history=history))
    assert "Since 2026-03-01: 1 new, 1 gone, 0 unchanged." in whole
    assert "tracker-on-portal-page (TL101) at <code>old.html:3</code>" in whole
    assert 'id="changes"' not in page(before)


def test_what_was_not_read_is_told_in_full() -> None:
    whole = page(clinic())
    assert "Not read: 2" in whole
    assert "templates/odd.html:12: unclosed tag" in whole
    assert "Containers whose tags are not among these files: 1" in whole
    assert "What a static look can never see" in whole


def test_an_unknown_kind_of_thing_breaks_nothing() -> None:
    unnamed = replace(clinic().site, vendors={})
    assert "meta-pixel" in page(replace(clinic(), site=unnamed))
    other = replace(clinic().site.vendors["meta-pixel"], kind=Kind.EMBED)
    site = replace(clinic().site, vendors={"meta-pixel": other})
    assert TAG.path in page(replace(clinic(), site=site))
    assert page(report(site=NO_SITE, rules=())).endswith("</html>\n")


def test_what_only_a_server_sends_is_no_all_clear(tmp_path: Path) -> None:
    (tmp_path / "send.py").write_text(
        "import requests\n"
        'requests.post("https://graph.facebook.com/v19.0/702200300400511/events",\n'
        '              json={"data": [{"event_name": "Lead"}]})\n'
    )
    found = scan([tmp_path], signatures.load(), Options())
    page = StringIO()
    html.write(found, page)
    assert "No tracker" not in page.getvalue()
    assert "A server sends to Meta Conversions API, where no browser shows it" in page.getvalue()
