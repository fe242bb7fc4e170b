"""A container's tags as people read them: the sentences, the book of tags, and what changed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analyzer import sentences
from analyzer.cli import main
from analyzer.model import (
    ContainerReport,
    Datum,
    Feed,
    Hole,
    Origin,
    OriginKind,
    TagReport,
)
from tests.test_gtm import condition, container, export, setting, tag, trigger, variable

CLINIC = Path(__file__).parent.parent / "fixtures" / "sites" / "clinic"
EXPORT = CLINIC / "gtm" / "GTM-CL1N1C7_workspace3.json"
URL, PATH, TEXT = "{{Click URL}}", "{{Page Path}}", "{{Click Text}}"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def told(*triggers: dict[str, Any], blocks: str = "", **more: Any) -> tuple[str, ...]:
    """What is said of a tag that fires on all these triggers, but for those that block it."""
    blocking = blocks.split()
    fires = " ".join(each["triggerId"] for each in triggers if each["triggerId"] not in blocking)
    read = container(
        export(
            [tag("A", "gaawe", fires=fires, blockingTriggerId=blocking, **more), tag("Main")],
            list(triggers),
            [variable("Plan", "v", setting("name", "plan"))],
        )
    )
    reports = tuple(TagReport(each, None, None, ()) for each in read.tags)
    return sentences.fires(reports[0], ContainerReport(read, (), reports))


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ((), "fires on every page"),
        (
            (condition(PATH, "CONTAINS", "/book"),),
            "fires on pages whose path contains /book",
        ),
        (
            (condition(PATH, "CONTAINS", "/portal", "negate"),),
            "fires on every page except those whose path contains /portal",
        ),
        (
            (
                condition(PATH, "STARTS_WITH", "/book"),
                condition(PATH, "EQUALS", "/book/done", "negate"),
            ),
            "fires on pages whose path starts with /book, except whose path is /book/done",
        ),
        (
            (condition("{{Page Hostname}}", "EQUALS", "www.clinic.org"),),
            "fires on pages whose host name is www.clinic.org",
        ),
        (
            (condition("{{Plan}}", "EQUALS", "gold"),),
            "fires on every page, if the data-layer key 'plan' is 'gold'",
        ),
        (
            (condition("{{Plan}}", "EQUALS", "undefined", "negate"),),
            "fires on every page, if the data-layer key 'plan' is set",
        ),
        (
            (condition(PATH, "MATCH_REGEX", "^/(a|b)", "ignore_case"),),
            "fires on pages whose path matches the pattern ^/(a|b) in any letter case",
        ),
    ],
)
def test_pages_are_told_in_words(filters: tuple[dict[str, Any], ...], said: str) -> None:
    assert told(trigger("1", "PAGEVIEW", *filters)) == (said,)


@pytest.mark.parametrize(
    ("fired", "said"),
    [
        (
            trigger("1", "LINK_CLICK", condition(URL, "STARTS_WITH", "tel:")),
            "fires on every page, after a click on a link to a phone number",
        ),
        (
            trigger("1", "LINK_CLICK", condition(URL, "CONTAINS", "mailto:")),
            "fires on every page, after a click on a link to an e-mail address",
        ),
        (
            trigger("1", "CLICK", condition(TEXT, "EQUALS", "Book now")),
            "fires on every page, after a click on what is called 'Book now'",
        ),
        (trigger("1", "CLICK"), "fires on every page, after a click"),
        (
            trigger("1", "FORM_SUBMISSION", condition("{{Form ID}}", "EQUALS", "book")),
            "fires on every page, after a form is submitted, if the id of the form is 'book'",
        ),
        (trigger("1", "SCROLL_DEPTH"), "fires on every page, after scrolling"),
        (
            trigger("1", "HISTORY_CHANGE"),
            "fires on every page, when the address changes without a new page",
        ),
        (
            trigger(
                "1", "CUSTOM_EVENT", customEventFilter=[condition("{{_event}}", "EQUALS", "booked")]
            ),
            "fires on every page, when the event 'booked' is pushed",
        ),
        (
            trigger(
                "1",
                "CUSTOM_EVENT",
                customEventFilter=[condition("{{_event}}", "MATCH_REGEX", "^book")],
            ),
            "fires on every page, when the event that fits /^book/ is pushed",
        ),
    ],
)
def test_moments_are_told_in_words(fired: dict[str, Any], said: str) -> None:
    assert told(fired) == (said,)


def test_what_blocks_a_tag_is_part_of_the_sentence() -> None:
    portal = trigger("9", "LINK_CLICK", condition(PATH, "CONTAINS", "/portal"))
    click = trigger("1", "LINK_CLICK", condition(URL, "STARTS_WITH", "tel:"))
    assert told(click, portal, blocks="9") == (
        "fires on every page except those whose path contains /portal, "
        "after a click on a link to a phone number",
    )


def test_triggers_that_differ_in_one_word_are_one_sentence() -> None:
    clicks = [
        trigger(str(number), "LINK_CLICK", condition(URL, "CONTAINS", word))
        for number, word in enumerate(("facebook", "tiktok", "youtube"), 1)
    ]
    assert told(*clicks) == (
        "fires on every page, after a click on a link, if the address of the link contains "
        "'facebook', 'tiktok' or 'youtube'",
    )


def test_paused_idle_and_dependent_tags_are_told() -> None:
    assert told(trigger("1", "PAGEVIEW"), paused=True) == ("is paused, and fires nowhere",)
    assert told() == ("never fires: no trigger starts it",)
    main_tag = tag("Main", setupTag=[{"tagName": "A"}])
    read = container(export([tag("A", fires=""), main_tag]))
    reports = tuple(TagReport(each, None, None, ()) for each in read.tags)
    told_of_a = sentences.fires(reports[0], ContainerReport(read, (), reports))
    assert told_of_a == ("runs along with the tag 'Main'",)


# ---------------------------------------------------------------- trackerlint gtm


def test_a_container_is_told_with_the_pages_of_its_site() -> None:
    result = run("gtm", CLINIC)
    assert result.exit_code == 0
    for words in (
        "GTM-CL1N1C7 'Larkspur Valley Clinic website' (web)\n",
        "5 tags, 1 paused\n",
        "loaded by templates/base.html; its tags reach 5 pages of the scan\n",
        "Google Ads of Google, advertising, offers no business associate agreement (as of 2026-",
        "    fires on pages whose path starts with /appointments/\n",
        "    sends event 'appointment_requested'; specialty from the data-layer key 'specialty', "
        "which is the form field 'Which specialty do you need?'\n",
        "    on 1 page; sensitive: templates/appointments/book.html\n",
        "    is paused, and fires nowhere\n",
    ):
        assert words in result.output


def test_a_container_alone_says_that_its_pages_are_not_known() -> None:
    result = run("gtm", "show", EXPORT)
    assert "no page of the scan loads it: --paths LIST or the site's folder tells" in result.output


def test_a_container_is_held_against_a_list(tmp_path: Path) -> None:
    (tmp_path / "pages.txt").write_text("/careers\n/appointments/book\n")
    result = run("gtm", EXPORT, "--paths", tmp_path / "pages.txt")
    assert "held against 2 listed pages" in result.output
    assert "    on 1 page; sensitive: /appointments/book\n" in result.output


def test_tags_are_rows_for_programs() -> None:
    rows = json.loads(run("gtm", CLINIC, "--format", "json").output)
    assert len(rows) == 5
    assert {row["vendor"] for row in rows} >= {"TikTok Pixel", "Hotjar"}
    lines = list(csv.DictReader(io.StringIO(run("gtm", CLINIC, "--format", "csv").output)))
    assert [line["tag"] for line in lines] == [row["tag"] for row in rows]


@pytest.mark.parametrize("text", ["{}", "<html></html>", '{"exportFormatVersion": 2, "contain'])
def test_a_file_that_is_no_container_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "export.json").write_text(text)
    result = run("gtm", tmp_path / "export.json")
    assert result.exit_code == 2
    assert "no container was found" in result.output
    assert "choose Admin, Export Container" in result.output


# ---------------------------------------------------------------- trackerlint gtm diff


def renumbered(found: dict[str, Any]) -> None:
    """Other ids and fingerprints, and another order, as an import makes them."""
    version = found["containerVersion"]
    ids = {each["triggerId"]: str(int(each["triggerId"]) + 500) for each in version["trigger"]}
    for each in version["trigger"]:
        each["triggerId"] = ids[each["triggerId"]]
    for number, each in enumerate(version["tag"]):
        each["tagId"] = str(900 + number)
        each["fingerprint"] = "1"
        for key in ("firingTriggerId", "blockingTriggerId"):
            if key in each:
                each[key] = [ids.get(name, name) for name in each[key]]
    version["tag"].reverse()


def everywhere(found: dict[str, Any]) -> None:
    extra = deepcopy(found["containerVersion"]["tag"][2])
    extra |= {"name": "TikTok - everywhere", "tagId": "99", "firingTriggerId": ["2147479553"]}
    found["containerVersion"]["tag"].append(extra)


def removed(found: dict[str, Any]) -> None:
    del found["containerVersion"]["tag"][2]


def renamed(found: dict[str, Any]) -> None:
    found["containerVersion"]["tag"][0]["name"] = "The Google tag"


def asks(found: dict[str, Any]) -> None:
    found["containerVersion"]["tag"][1]["consentSettings"] = {
        "consentStatus": "NEEDED",
        "consentType": {"type": "LIST", "list": [{"type": "TEMPLATE", "value": "ad_storage"}]},
    }


def unpaused(found: dict[str, Any]) -> None:
    for each in found["containerVersion"]["tag"]:
        each.pop("paused", None)


def recoded(found: dict[str, Any]) -> None:
    html = found["containerVersion"]["tag"][2]["parameter"][0]
    html["value"] = html["value"].replace("<script>", "<script>/* new */")


@pytest.mark.parametrize(
    ("change", "exit_code", "said"),
    [
        (renumbered, 0, ["new.json does what"]),
        (
            everywhere,
            1,
            [
                "added: TikTok - everywhere (TikTok Pixel)\n",
                "    fires on every page\n",
                "    comes to sensitive pages: ",
                "templates/portal/results.html",
                "1 tag differs: 1 added\n1 tracker comes to sensitive pages\n",
            ],
        ),
        (removed, 0, ["removed: TikTok", "no tracker came to a sensitive page\n"]),
        (renamed, 0, ["    is called 'The Google tag', was 'Google tag - every page'\n"]),
        (asks, 0, ["    waits for consent to ad_storage; before it had no consent setting\n"]),
        (unpaused, 1, ["changed: Hotjar", "    now fires on every page\n"]),
        (recoded, 0, ["changed: TikTok - Pixel on booking pages", "    its code changed\n"]),
    ],
)
def test_changes_are_told_in_words(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], exit_code: int, said: list[str]
) -> None:
    found = json.loads(EXPORT.read_text())
    change(found)
    (tmp_path / "new.json").write_text(json.dumps(found, indent=2))
    result = run("gtm", "diff", EXPORT, tmp_path / "new.json", "--site", CLINIC / "templates")
    assert result.exit_code == exit_code, result.output
    for words in said:
        assert words in result.output


def test_without_pages_a_tracker_on_every_page_still_counts(tmp_path: Path) -> None:
    found = json.loads(EXPORT.read_text())
    everywhere(found)
    (tmp_path / "new.json").write_text(json.dumps(found, indent=2))
    result = run("gtm", "diff", EXPORT, tmp_path / "new.json")
    assert result.exit_code == 1
    assert "comes to sensitive pages: every page, the sensitive ones included\n" in result.output


def test_without_pages_the_rest_is_said_to_be_unknown(tmp_path: Path) -> None:
    found = json.loads(EXPORT.read_text())
    removed(found)
    (tmp_path / "new.json").write_text(json.dumps(found, indent=2))
    result = run("gtm", "diff", EXPORT, tmp_path / "new.json")
    assert result.exit_code == 0
    assert "is not known: --site FOLDER or --paths LIST tells the pages\n" in result.output


def test_two_exports_are_needed(tmp_path: Path) -> None:
    result = run("gtm", "diff", EXPORT, EXPORT)
    assert result.exit_code == 2
    assert "are one file; give two exports" in result.output
    (tmp_path / "page.html").write_text("<html></html>")
    result = run("gtm", "diff", EXPORT, tmp_path / "page.html")
    assert result.exit_code == 2
    assert "holds no container; give an export of Tag Manager" in result.output


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        (
            condition(TEXT, "CONTAINS", "Book", "negate"),
            "the text that is clicked does not contain 'Book'",
        ),
        (
            condition(TEXT, "MATCH_REGEX", "^Book", "negate"),
            "the text that is clicked does not match the pattern '^Book'",
        ),
        (
            condition(TEXT, "ENDS_WITH", "now", "negate"),
            "the text that is clicked does not end with 'now'",
        ),
        (
            condition("{{Scroll Depth Threshold}}", "GREATER_OR_EQUALS", "75"),
            "how far the page is scrolled is at least '75'",
        ),
        (
            condition("{{Scroll Depth Threshold}}", "GREATER_OR_EQUALS", "75", "negate"),
            "how far the page is scrolled is less than '75'",
        ),
    ],
)
def test_a_condition_on_a_click_reads_like_a_sentence(asks: dict[str, Any], said: str) -> None:
    (sentence,) = told(trigger("1", "CLICK", asks))
    assert sentence == f"fires on every page, after a click, if {said}"


def test_a_trigger_that_cannot_hold_is_no_sentence_with_nothing_in_it() -> None:
    never = condition("{{Account}}", "CONTAINS", "-")
    read = container(
        export(
            [tag("A", "gaawe", fires="7")],
            [trigger("7", "TIMER", never)],
            [variable("Account", "c", setting("value", "none"))],
        )
    )
    reports = tuple(TagReport(each, None, None, ()) for each in read.tags)
    assert sentences.fires(reports[0], ContainerReport(read, (), reports)) == (
        "never fires on the trigger 'trigger 7', whose conditions cannot hold together",
    )


def datum(name: str, kind: OriginKind, source: str, *behind: Origin) -> Datum:
    return Datum(name, Hole(source, Origin(kind, source, behind)))


def test_data_that_keep_their_names_are_told_together() -> None:
    layer = OriginKind.DATA_LAYER
    data = (
        Datum("event", "booked"),
        Datum("server_container_url", "https://sgtm.clinic.org"),
        datum("step", layer, "step"),
        datum("plan", layer, "plan"),
        datum("mail", layer, "visitor.email"),
        datum("page", OriginKind.EVENT, "event name"),
    )
    assert sentences.sends_briefly(data) == (
        "event 'booked'",
        "step and plan from the data-layer keys of the same names",
        "mail from the data-layer key 'visitor.email'",
        "page from the name of the event",
    )


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        (("'gold'",), "the data-layer key 'plan', which is always 'gold'"),
        (("'gold'", "'blue'"), "the data-layer key 'plan', which is 'gold' or 'blue'"),
        (("'gold'", ""), "the data-layer key 'plan', which may be 'gold'"),
        (("",), "the data-layer key 'plan'"),
    ],
)
def test_what_a_key_holds_is_told_as_far_as_it_is_known(behind: tuple[str, ...], said: str) -> None:
    origins = [
        Origin(OriginKind.CONSTANT, each) if each else Origin(OriginKind.UNKNOWN) for each in behind
    ]
    (sentence,) = sentences.sends((datum("plan", OriginKind.DATA_LAYER, "plan", *origins),))
    assert sentence == f"plan from {said}"


def test_feeds_of_a_server_are_told_by_where_they_come_from() -> None:
    place = container(export([tag("A")])).place
    feeds = [
        *(Feed(f"GA4 - {word}", place, "GTM-A", "https://s.clinic.org") for word in "abcdefg"),
        Feed("gtag('event', 'x')", place, "", "https://s.clinic.org", "if it is this one"),
    ]
    assert sentences.receives(feeds) == (
        "receives what 'GA4 - a', 'GA4 - b', 'GA4 - c', 'GA4 - d', 'GA4 - e' and 2 more of GTM-A "
        "send to s.clinic.org",
        "receives what gtag('event', 'x') sends to s.clinic.org, if it is this one",
    )
