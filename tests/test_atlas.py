"""What `trackerlint pages` and `trackerlint why` tell about the pages of a site."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analyzer.cli import main

PIXEL = "<script>fbq('init', '702200300400511');</script>"
FILES = {
    "templates/base.html": f"<html>{PIXEL}\n{{% block content %}}{{% endblock %}}</html>",
    "templates/book.html": '{% extends "base.html" %}\n'
    "{% block content %}<h1>Book an appointment</h1>{% include 'parts/none.html' %}{% endblock %}",
    "templates/careers.html": '{% extends "base.html" %}',
    "public/locations/index.html": "<html><h1>Our clinics</h1></html>",
    "public/locations/map.html": "<html><script>if (location.pathname == '/locations/map.html') {\n"
    "fbq('init', '702200300400522'); }</script></html>",
}


@pytest.fixture
def site(tmp_path: Path) -> str:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(tmp_path)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_pages_are_told_with_addresses_classes_layouts_and_trackers(site: str) -> None:
    result = run("pages", site)
    assert result.exit_code == 0
    assert result.output == (
        "public/locations/index.html at /locations/\n"
        "public/locations/map.html at /locations/map.html\n"
        "    has Meta Pixel 702200300400522 (yes)\n"
        "templates/book.html\n"
        "    appointment scheduling: heading 'Book an appointment', path 'book'\n"
        "    in templates/base.html\n"
        "    has Meta Pixel 702200300400511 (yes)\n"
        "templates/careers.html\n"
        "    in templates/base.html\n"
        "    has Meta Pixel 702200300400511 (yes)\n"
        "4 pages, 3 with trackers, 1 of these signed-in or health pages; "
        "1 link could not be followed, 0 files not read or not wholly (trackerlint scan lists them)\n"
    )


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        (["--class", "scheduling"], ["templates/book.html"]),
        (["--matching", "LOCATIONS"], ["public/locations/index.html", "public/locations/map.html"]),
        (["--matching", "/locations/", "--tracked"], ["public/locations/map.html"]),
        (["--matching", "nowhere"], []),
    ],
)
def test_the_pages_that_are_asked_for(site: str, words: list[str], pages: list[str]) -> None:
    result = run("pages", site, "--format", "json", *words)
    assert [page["page"] for page in json.loads(result.output)] == pages


def test_pages_as_a_table_for_a_spreadsheet(site: str) -> None:
    rows = list(csv.DictReader(run("pages", site, "--format", "csv").output.splitlines()))
    assert rows[2]["page"] == "templates/book.html"
    assert rows[2]["layouts"] == "templates/base.html"
    assert rows[2]["trackers"] == "Meta Pixel 702200300400511 (yes)"
    assert rows[2]["classes"].startswith("scheduling: heading 'Book an appointment'")


def test_a_class_that_does_not_exist_is_told_with_those_that_do(site: str) -> None:
    result = run("pages", site, "--class", "bookings")
    assert result.exit_code == 2
    assert "there is no page class 'bookings'; use one of billing, " in result.output


def test_nothing_to_read_is_3(tmp_path: Path) -> None:
    assert run("pages", str(tmp_path)).exit_code == 3


def test_why_draws_the_way_from_a_page_to_its_trackers_and_what_is_not_known(site: str) -> None:
    result = run("why", site, "templates/book.html")
    assert result.exit_code == 0
    assert result.output == (
        "templates/book.html\n"
        "├── appointment scheduling: heading 'Book an appointment', path 'book'\n"
        "├── templates/book.html:1: extends templates/base.html\n"
        "│   └── templates/base.html:1: Meta Pixel 702200300400511 (yes)\n"
        "│       └── fbq('init', '702200300400511')\n"
        "└── not known\n"
        "    └── templates/book.html:2:48: includes parts/none.html is in no file that was read\n"
    )


@pytest.mark.parametrize("name", ["/locations/map.html", "locations/map.html", "map.html"])
def test_a_page_is_found_by_its_address_or_the_end_of_its_path(site: str, name: str) -> None:
    assert run("why", site, name).output.startswith("public/locations/map.html at ")


def test_a_page_without_trackers_is_said_to_have_none_in_what_was_read(site: str) -> None:
    assert "└── no tracker was found in what was read\n" in run("why", site, "/locations/").output


def test_a_page_that_does_not_exist_is_told_with_those_that_are_close(site: str) -> None:
    result = run("why", site, "/location/map.html")
    assert result.exit_code == 2
    assert "no page is called '/location/map.html'; did you mean " in result.output
    assert "/locations/map.html" in result.output


def test_a_name_of_several_pages_is_told_with_their_paths(site: str) -> None:
    (Path(site) / "public/book.html").write_text("<html></html>")
    result = run("why", site, "book.html")
    assert result.exit_code == 2
    assert "'book.html' fits 2 pages: public/book.html, templates/book.html" in result.output
