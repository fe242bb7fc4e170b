"""Records made by hand: a small clinic's site, and a report on it that has one of everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256

from analyzer.model import (
    Atom,
    Call,
    Consent,
    Container,
    ContainerReport,
    Coverage,
    Datum,
    Detection,
    Diagnostic,
    Fact,
    Finding,
    Firing,
    Guard,
    Hole,
    Kind,
    Moment,
    Origin,
    OriginKind,
    Page,
    PageClass,
    Place,
    Report,
    Role,
    Rule,
    ScriptLoad,
    Severity,
    Site,
    Skip,
    Source,
    Status,
    Step,
    Suppression,
    Tag,
    TagRef,
    TagReport,
    Tracker,
    Trigger,
    UnknownHost,
    Unresolved,
    Vendor,
    Verdict,
)
from analyzer.places import excerpts

FILES = {
    "templates/base.html": """\
<!doctype html>
<html>
<head>
  <script>
    /* 😀 */ fbq('init', '1234567890');
    fbq('track', 'PageView');
  </script>
</head>
""",
    "templates/book.html": """\
{% extends "base.html" %}
{% block main %}
  <form id="book">
    <input name="email" id="email">
    <input name="reason">
  </form>
  <script>
    fbq('track', 'Schedule', {
      em: sha256(document.querySelector('#email').value),
      reason: document.querySelector('[name=reason]').value
    });
  </script>
{% endblock %}
""",
    "app/(patient)/[slug]/page.tsx": """\
export default function Page() {
  return <img src="https://px.ads.example/collect?v=1" />;
}
""",
    "gtm/GTM-AB12CD.json": """\
{
  "tag": [
    {
      "tagId": "9",
      "name": "Meta - {{Page Path}}",
      "type": "html"
    }
  ]
}
""",
    "dist/app.js": f"var a={'1' * 600};hj('identify','x');\nnext();\n",
}

RULES = (
    Rule(
        code="TL101",
        name="tracker-on-portal-page",
        severity=Severity.ERROR,
        score="8.1",
        message="'{0}' runs on '{1}' pages behind a login.",
        short="A tracker runs on pages behind a login.",
        help="A tracker runs on pages that only a patient can see.\n\n"
        "Remove it from the layout, or keep these pages out with `{% if not user %}`.\n"
        "A <script> in a layout reaches every page that extends it.",
        tags=("privacy", "external/cwe/cwe-359", "external/cwe/cwe-201"),
    ),
    Rule(
        code="TL203",
        name="health-data-sent",
        severity=Severity.WARNING,
        score="5.5",
        message="'{0}' receives '{1}' from '{2}'.",
        short="A tracker receives data about a person's health.",
        help="What a visitor writes about a condition is handed to a vendor.",
        tags=("privacy", "external/cwe/cwe-201"),
    ),
    Rule(
        code="TL901",
        name="tracker-inventory",
        severity=Severity.NOTE,
        score="0.5",
        message="'{0}' is here.",
        short="A tracker is part of the site.",
        help="An inventory of what is there.",
        tags=("privacy",),
    ),
)


def at(path: str, words: str, text: str | None = None) -> Place:
    """The place of the first such words in one of the files."""
    data = FILES[path].encode()
    start = data.index(words.encode())
    return Source(path, data).place(start, start + len(words.encode()), text)


def call(place: Place, callee: str = "fbq", *guards: Guard) -> Call:
    return Call(place=place, callee=callee, args=(), guards=guards)


def tracker(
    vendor: str,
    role: Role,
    place: Place,
    *,
    fact: Fact | None = None,
    status: Status = Status.LIVE,
    ids: Iterable[str] = (),
    data: Iterable[Datum] = (),
    tag: TagRef | None = None,
    fires: Iterable[Firing] = (),
) -> Tracker:
    detection = Detection(vendor, role, place, fact or call(place), tuple(ids), tuple(data), tag)
    group = ":".join((vendor, *ids, place.path))
    return Tracker(detection, status, tuple(fires), group)


def finding(place: Place, *arguments: str, rule: Rule = RULES[0], message: str = "") -> Finding:
    message = message or rule.message.format(*arguments)
    same = f"{rule.code} {place} {message}".encode("utf-8", "surrogatepass")
    return Finding(
        place,
        arguments,
        anchor=(rule.name, place.path),
        rule=rule.name,
        code=rule.code,
        severity=rule.severity,
        message=message,
        fingerprint=sha256(same).hexdigest()[:32],
    )


def report(
    *findings: Finding,
    site: Site | None = None,
    coverage: Coverage | None = None,
    rules: tuple[Rule, ...] = RULES,
) -> Report:
    by_path: dict[str, list[Place]] = defaultdict(list)
    for each in findings:
        if each.place.path in FILES:
            by_path[each.place.path].append(each.place)
    seen = {
        place: excerpt
        for path, places in by_path.items()
        for place, excerpt in excerpts(FILES[path].encode(), places).items()
    }
    return Report(
        "0.1.0", site or Site({}, {}, ()), findings, rules, coverage or Coverage(read=5), seen
    )


INIT = at("templates/base.html", "fbq('init', '1234567890')")
EXTENDS = at("templates/book.html", '{% extends "base.html" %}')
EVENT = at(
    "templates/book.html",
    """\
fbq('track', 'Schedule', {
      em: sha256(document.querySelector('#email').value),
      reason: document.querySelector('[name=reason]').value
    })""",
)
EMAIL = at("templates/book.html", "sha256(document.querySelector('#email').value)")
REASON = at("templates/book.html", "document.querySelector('[name=reason]').value")
INPUT = at("templates/book.html", '<input name="reason">')
IMAGE = at("app/(patient)/[slug]/page.tsx", "https://px.ads.example/collect?v=1")
TAG = at("gtm/GTM-AB12CD.json", '"name": "Meta - {{Page Path}}"')
LOADER = at("dist/app.js", "hj('identify','x')")

AGREED = Suppression(
    "comment",
    at("dist/app.js", "var a"),
    "agreed in 2026",
    ("tracker-inventory",),
    owner="web-team",
    until=date(2027, 1, 31),
)
TAG_9 = TagRef("GTM-AB12CD", "gtm/GTM-AB12CD.json", "9", "Meta - {{Page Path}}")
BOOKED = Firing(
    "templates/book.html",
    Verdict.YES,
    Moment.LOAD,
    ("/book",),
    (),
    (Step(EXTENDS, "extends base.html"), Step(INIT, "sets up 'Meta Pixel'")),
)
DATA = (
    Datum(
        "em",
        Hole(
            "sha256(email)",
            Origin(OriginKind.HASH, "SHA-256", (Origin(OriginKind.FIELD, "#email", place=EMAIL),)),
        ),
        "email",
    ),
    Datum(
        "reason", Hole("reason", Origin(OriginKind.FIELD, "reason", place=INPUT)), "health", REASON
    ),
    Datum("currency", "USD"),
)


def clinic() -> Report:
    """A report with every kind of record, findings of every severity, and gaps in what was read."""
    portal = replace(
        finding(INIT, "Meta Pixel", "3"),
        vendor="meta-pixel",
        pages=tuple(f"templates/portal/{name}.html" for name in "abcdefg"),
        trail=BOOKED.trail,
        related=(
            Step(EXTENDS, "This page extends the layout."),
            Step(IMAGE, "This page has a pixel of its own."),
        ),
    )
    health = replace(
        finding(EVENT, "Meta Pixel", "reason", "form field reason", rule=RULES[1]),
        vendor="meta-pixel",
        pages=("templates/book.html",),
        trail=(Step(INPUT, "a visitor writes here"), Step(REASON, "is sent as 'reason'")),
    )
    tagged = replace(
        finding(TAG, "Meta - {{Page Path}}", rule=RULES[2]), vendor="meta-pixel", tag=TAG_9
    )
    suppressed = replace(finding(LOADER, "Hotjar", rule=RULES[2]), suppressed=AGREED)
    return report(
        tagged,
        suppressed,
        health,
        finding(IMAGE, "Ads [x](y) {z}", rule=RULES[2]),
        portal,
        site=_site(),
        coverage=Coverage(
            read=412,
            skips=(
                Skip("dist/vendor.js", "over 20 MB"),
                Skip("templates/odd.html", "unclosed tag", 12),
            ),
            unresolved=(Unresolved(EXTENDS, "extends", "theme/base.html"),),
            other_kinds={".png": 30, ".css": 12},
        ),
    )


def hostile() -> Report:
    """Findings whose words and paths try to break what shows them."""
    crowded = Rule(
        "TL301",
        "crowded",
        Severity.WARNING,
        "5.5",
        "'{0}' '{1}' '{2}' '{3}' '{4}' '{5}'.",
        "Too many placeholders.",
        "Too many placeholders.",
    )
    evil = "\x1b[31m{{x}}](javascript:1)\u202e\ud800\n::error::" + "long " * 1_000
    place = Place("odd dir/[a]#b?%\udcff\x07:é.html", INIT.region, evil)
    steps = tuple(
        Step(replace(place, path=f"p{number}/[slug]/page.tsx"), evil) for number in range(80)
    )
    return report(
        replace(
            finding(place, *[evil] * 6, rule=crowded),
            related=steps,
            trail=steps,
            vendor=evil,
            pages=tuple(f"{number}.html" for number in range(700)),
            tag=replace(TAG_9, tag_name=evil, tag_id=None),
        ),
        finding(replace(place, path="../../etc/c:d.html"), rule=RULES[2], message=evil),
        finding(replace(place, path="/abs/./x.html"), "too", "many", rule=RULES[2]),
        rules=(*RULES, crowded),
        coverage=Coverage(
            read=1,
            skips=(Skip(place.path, evil), Skip("b.html", evil, 3)),
            unresolved=(Unresolved(place, evil, evil),),
            other_kinds={evil: 2},
        ),
    )


def _site() -> Site:
    every_page = Trigger("All Pages", "all-pages", Atom("path"), Moment.LOAD)
    tag = Tag(
        place=TAG,
        tag_id="9",
        name="Meta - {{Page Path}}",
        type="html",
        triggers=(every_page,),
        blocking=(replace(every_page, name="Portal"),),
        consent=Consent("NEEDED", ("ad_storage",)),
    )
    container = Container(
        place=replace(TAG, region=replace(TAG.region, line=1)),
        container_id="GTM-AB12CD",
        name="Clinic",
        context=("WEB",),
        tags=(tag,),
        diagnostics=(Diagnostic(TAG, "undefined variable", "Page Path"),),
    )
    guard = Guard(Atom("signed-in"), "{% if user %}")
    return Site(
        vendors={
            "meta-pixel": Vendor(
                "meta-pixel", "Meta Pixel", "Meta Platforms", "advertising", Kind.TRACKER
            )
        },
        pages={
            "templates/book.html": Page(
                "templates/book.html",
                EXTENDS,
                ("/book",),
                (PageClass("scheduling", "health", "Scheduling", ("route word 'book'",)),),
                ("templates/base.html",),
            )
        },
        trackers=(
            tracker("meta-pixel", Role.EVENT, EVENT, data=DATA, fires=[BOOKED]),
            tracker(
                "meta-pixel",
                Role.SETUP,
                INIT,
                ids=["1234567890"],
                fires=[BOOKED],
                fact=call(INIT, "fbq", guard),
                status=Status.CONDITIONAL,
            ),
            tracker("meta-pixel", Role.EVENT, TAG, tag=TAG_9),
        ),
        others=(
            tracker(
                "google-tag-manager",
                Role.CONTAINER,
                INIT,
                ids=["GTM-UNSEEN"],
                fact=ScriptLoad(place=INIT, url="https://tags.example/"),
            ),
            tracker("google-tag-manager", Role.CONTAINER, EXTENDS, ids=["GTM-AB12CD"]),
        ),
        containers=(
            ContainerReport(
                container,
                ("templates/base.html",),
                (TagReport(tag, "meta-pixel", Role.EVENT, ("1234567890",), (BOOKED,), DATA[:1]),),
            ),
        ),
        unknown_hosts=(UnknownHost("px.ads.example", IMAGE, "pixel", (IMAGE.path,)),),
        unresolved=(Unresolved(EXTENDS, "extends", "theme/base.html"),),
    )
