"""The way of a value from the field where it is typed to the vendor that gets it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.link.flows import field_name, value_at
from analyzer.model import Datum, Hole, Object, Origin, OriginKind, Tracker
from analyzer.pipeline import Options, scan

PAGE = """<!doctype html><html><head>
<script>(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});
var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;
j.src='https://www.googletagmanager.com/gtm.js?id='+i;f.parentNode.insertBefore(j,f);
})(window,document,'script','dataLayer','GTM-FL0W123');</script>
</head><body>
<form id="book">
<!-- <input id="email"> -->
<label for="email">Your e-mail</label>
<input id="email" name="visitor_email">
</form>
<script src="book.js"></script>
</body></html>
"""
PUSH = """document.querySelector("#book").addEventListener("submit", function () {
  var email = document.querySelector("#email").value;
  dataLayer.push({event: "booked", visitor: {email: email}, plan: "gold"});
});
"""


def container(parameter: str) -> str:
    """An export with a Meta tag that sends one value, on the event of the form."""
    tag = {
        "tagId": "7",
        "name": "Meta - booked",
        "type": "html",
        "parameter": [
            {
                "type": "TEMPLATE",
                "key": "html",
                "value": f"<script>fbq('track', 'Lead', {{value: {parameter}}});</script>",
            }
        ],
        "firingTriggerId": ["9"],
    }
    trigger = {
        "triggerId": "9",
        "name": "booked",
        "type": "CUSTOM_EVENT",
        "customEventFilter": [
            {
                "type": "EQUALS",
                "parameter": [
                    {"type": "TEMPLATE", "key": "arg0", "value": "{{_event}}"},
                    {"type": "TEMPLATE", "key": "arg1", "value": "booked"},
                ],
            }
        ],
    }
    variables = [
        {
            "variableId": str(number),
            "name": name,
            "type": "v",
            "parameter": [
                {"type": "INTEGER", "key": "dataLayerVersion", "value": "2"},
                {"type": "TEMPLATE", "key": "name", "value": key},
            ],
        }
        for number, (name, key) in enumerate(
            {"Mail": "visitor.email", "Plan": "plan", "Other": "visitor.phone"}.items()
        )
    ]
    return json.dumps(
        {
            "exportFormatVersion": 2,
            "containerVersion": {
                "container": {"publicId": "GTM-FL0W123", "usageContext": ["WEB"]},
                "tag": [tag],
                "trigger": [trigger],
                "variable": variables,
            },
        },
        indent=1,
    )


def lead(folder: Path, files: Mapping[str, str]) -> tuple[Tracker, Datum]:
    """The Meta tag, and what it is given as value."""
    for name, text in files.items():
        (folder / name).write_text(text)
    report = scan([folder], signatures.load(), Options())
    for tracker in report.site.trackers:
        for datum in tracker.detection.data:
            if tracker.vendor == "meta-pixel" and datum.name == "value":
                return tracker, datum
    raise AssertionError("no Meta tag with a value")


def way(datum: Datum) -> list[tuple[str, str, int]]:
    """The origins behind a datum from the first to the last, as kind, file and line."""
    found: list[tuple[str, str, int]] = []
    origin: Origin | None = datum.origin
    while origin is not None:
        if origin.place is not None:
            found.append((str(origin), origin.place.path, origin.place.line))
        origin = origin.of[0] if origin.of else None
    return found[::-1]


def test_a_field_is_followed_through_a_push_into_a_tag(tmp_path: Path) -> None:
    files = {"book.html": PAGE, "book.js": PUSH, "gtm.json": container("{{Mail}}")}
    tracker, datum = lead(tmp_path, files)
    assert way(datum) == [
        ("form field 'Your e-mail'", "book.html", 10),
        ("form field #email", "book.js", 2),
        ("data-layer key visitor.email", "book.js", 3),
    ]
    assert tracker.place.path == "gtm.json"


def test_a_pushed_constant_is_told_as_one(tmp_path: Path) -> None:
    files = {"book.html": PAGE, "book.js": PUSH, "gtm.json": container("{{Plan}}")}
    _, datum = lead(tmp_path, files)
    assert way(datum) == [
        ("constant 'gold'", "book.js", 3),
        ("data-layer key plan", "book.js", 3),
    ]


def test_a_key_that_nobody_pushes_stays_a_key(tmp_path: Path) -> None:
    files = {"book.html": PAGE, "book.js": PUSH, "gtm.json": container("{{Other}}")}
    _, datum = lead(tmp_path, files)
    assert way(datum) == []
    assert datum.origin == Origin(OriginKind.DATA_LAYER, "visitor.phone")


def test_a_push_of_another_page_is_not_joined(tmp_path: Path) -> None:
    files = {
        "book.html": PAGE.replace('<script src="book.js"></script>', ""),
        "other.html": '<!doctype html><html><body><script src="book.js"></script></body></html>',
        "book.js": PUSH,
        "gtm.json": container("{{Mail}}"),
    }
    _, datum = lead(tmp_path, files)
    assert way(datum) == []


PERSON = Object(
    (
        ("user", Object((("email", "a@b.c"), ("tags", ("x", Object((("k", 1),))))))),
        ("flat.name", "whole"),
        ("form", Hole("f", Origin(OriginKind.FIELD, "#form"))),
    )
)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("user.email", "a@b.c"),
        ("user.tags.1.k", 1),
        ("user.tags.7", None),
        ("flat.name", "whole"),
        ("form.email", Hole("f.email", Origin(OriginKind.FIELD, "#form.email"))),
        ("nothing", None),
        ("user.email.more", None),
    ],
)
def test_a_key_leads_into_objects_lists_and_holes(key: str, value: object) -> None:
    assert value_at(PERSON, key) == value


@pytest.mark.parametrize(
    ("selector", "name"),
    [
        ("#email", "email"),
        ("form#book #email", "email"),
        ("[name=email]", "email"),
        ("input[name='visitor-email']", "visitor-email"),
        ('#book input[id="mail"]', "mail"),
        ("input", "input"),
        ("", ""),
        ("form > *", ""),
    ],
)
def test_a_selector_names_one_field(selector: str, name: str) -> None:
    assert field_name(selector) == name
