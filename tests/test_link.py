"""How files are joined into pages: odd graphs, ambiguous names, addresses, events, page classes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping

import pytest

from analyzer import signatures
from analyzer.gtm import read_container
from analyzer.link import walk
from analyzer.link.answers import answer_for
from analyzer.link.classes import words_of
from analyzer.link.graph import DEEPEST, Graph
from analyzer.link.names import Names
from analyzer.link.site import build
from analyzer.link.walk import Walk
from analyzer.match import Matcher
from analyzer.model import (
    Atom,
    Call,
    Fact,
    Firing,
    Hole,
    Moment,
    Origin,
    OriginKind,
    Parsed,
    Site,
    Source,
    Text,
    Tracker,
    Value,
    Verdict,
)
from analyzer.parse import reading
from analyzer.parse.files import parse

PIXEL = "<script>fbq('init', '702200300400511');</script>"
YES, NO, MAYBE = Verdict.YES, Verdict.NO, Verdict.MAYBE


def read(files: Mapping[str, str]) -> list[Parsed]:
    """The files' facts; what is called .gtm.json is a container."""
    vocabulary = signatures.load().vocabulary
    sources = [Source(path, text.encode()) for path, text in files.items()]
    return [
        (read_container if source.path.endswith(".gtm.json") else parse)(source, vocabulary)
        for source in sources
    ]


def firings(files: Mapping[str, str], path: str) -> tuple[Firing, ...]:
    """The pages that carry the first call of a file."""
    parsed = read(files)
    call = next(
        fact
        for each in parsed
        if each.path == path
        for fact in each.facts
        if isinstance(fact, Call)
    )
    return Walk(Graph(parsed)).firings(call, path)


def pages(files: Mapping[str, str], path: str) -> list[str]:
    return [firing.page for firing in firings(files, path)]


def site_of(files: Mapping[str, str]) -> Site:
    def readings(names: Iterable[str]) -> dict[str, tuple[Fact, ...]]:
        return {name: reading.read(Source(name, files[name].encode())) for name in names}

    return build(read(files), Matcher(signatures.load()), readings)


def tracker(site: Site, vendor: str) -> Tracker:
    return next(each for each in site.trackers if each.vendor == vendor)


def classes(path: str, html: str) -> dict[str, tuple[str, ...]]:
    """The classes of a page that a tracker reaches, with their reasons."""
    site = site_of({path: f"<html>{html}{PIXEL}</html>"})
    return {each.id: each.reasons for each in site.pages[path].classes}


# ---------------------------------------------------------------- odd graphs


def test_files_that_include_one_another_end() -> None:
    files = {
        "templates/home.html": '<html>{% include "a.html" %}</html>',
        "templates/a.html": '{% include "b.html" %}',
        "templates/b.html": '{% include "a.html" %}' + PIXEL,
    }
    assert pages(files, "templates/b.html") == ["templates/home.html"]


def test_files_that_extend_one_another_end() -> None:
    files = {
        "templates/a.html": '{% extends "b.html" %}{% block x %}' + PIXEL + "{% endblock %}",
        "templates/b.html": '{% extends "a.html" %}',
    }
    assert pages(files, "templates/a.html") == []


def test_a_template_that_extends_its_namesake_means_the_other_one() -> None:
    files = {
        "clinic/templates/admin/base.html": '{% extends "admin/base.html" %}',
        "library/templates/admin/base.html": "<html>" + PIXEL + "</html>",
    }
    assert pages(files, "library/templates/admin/base.html") == ["clinic/templates/admin/base.html"]


def test_a_chain_deeper_than_the_limit_is_cut() -> None:
    files = {"templates/home.html": '<html>{% include "p0.html" %}</html>'}
    for number in range(DEEPEST + 5):
        files[f"templates/p{number}.html"] = f'{{% include "p{number + 1}.html" %}}' + PIXEL
    assert pages(files, f"templates/p{DEEPEST - 2}.html") == ["templates/home.html"]
    assert "templates/home.html" not in pages(files, f"templates/p{DEEPEST + 2}.html")


def test_many_ways_to_a_page_do_not_take_for_ever() -> None:
    # Each of 20 layers includes both files of the next one: a million ways, each with conditions.
    files = {"templates/home.html": '<html>{% include "_l0a.html" %}</html>'}
    for layer in range(20):
        for side in "ab":
            files[f"templates/_l{layer}{side}.html"] = "".join(
                f'{{% if {side}{layer} %}}{{% include "_l{layer + 1}{other}.html" %}}{{% endif %}}'
                for other in "ab"
            )
    files["templates/_l20a.html"] = PIXEL
    begun = time.perf_counter()
    (firing,) = firings(files, "templates/_l20a.html")
    assert (firing.page, firing.verdict) == ("templates/home.html", MAYBE)
    assert time.perf_counter() - begun < 10


def test_of_two_ways_the_sure_one_is_told() -> None:
    files = {
        "templates/home.html": '<html>{% if x %}{% include "pixel.html" %}{% endif %}'
        '{% include "a.html" %}</html>',
        "templates/a.html": '{% include "pixel.html" %}',
        "templates/pixel.html": PIXEL,
    }
    (firing,) = firings(files, "templates/pixel.html")
    assert firing.verdict is YES
    assert [step.text for step in firing.trail] == [
        "includes templates/a.html",
        "includes templates/pixel.html",
    ]


def test_of_two_sure_ways_the_short_one_is_told() -> None:
    files = {
        "templates/home.html": '<html>{% include "a.html" %}{% include "pixel.html" %}</html>',
        "templates/a.html": '{% include "pixel.html" %}',
        "templates/pixel.html": PIXEL,
    }
    (firing,) = firings(files, "templates/pixel.html")
    assert len(firing.trail) == 1


def test_a_name_that_several_files_have_is_maybe_for_each() -> None:
    files = {
        "shop/head.html": PIXEL,
        "clinic/head.html": "<script>fbq('init', '702200300400522');</script>",
        "pages/home.html": '<html>{% include "head.html" %}</html>',
    }
    for path in ("shop/head.html", "clinic/head.html"):
        (firing,) = firings(files, path)
        assert (firing.page, firing.verdict) == ("pages/home.html", MAYBE)
        assert firing.conditions == ("several files have this name",)


def test_a_part_that_no_page_shows_is_no_page() -> None:
    assert pages({"templates/partials/pixel.html": PIXEL}, "templates/partials/pixel.html") == []


# ---------------------------------------------------------------- scripts


def test_a_script_is_on_the_pages_of_the_script_that_imports_it() -> None:
    files = {
        "public/index.html": '<html><script type="module" src="/js/main.js"></script></html>',
        "public/js/main.js": 'import { start } from "./lib/start.js";\nstart();\n',
        "public/js/lib/start.js": 'export { track } from "../track";\n',
        "public/js/track.js": "fbq('track', 'Lead');\n",
    }
    (firing,) = firings(files, "public/js/track.js")
    assert [str(step.place) for step in firing.trail] == [
        "public/index.html:1:7",
        "public/js/main.js:1:18",
        "public/js/lib/start.js:1:18",
    ]


def test_a_script_that_waits_keeps_its_moment_on_the_way_up() -> None:
    files = {
        "public/index.html": '<html><script src="/a.js"></script></html>',
        "public/a.js": "document.addEventListener('click', function () { fbq('track', 'Lead'); });",
    }
    (firing,) = firings(files, "public/a.js")
    assert firing.moment is Moment.INTERACTION


@pytest.mark.parametrize(
    ("url", "asked_by", "found"),
    [
        ("/js/a.js", "public/index.html", ["public/js/a.js"]),
        ("js/a.js", "public/index.html", ["public/js/a.js"]),
        ("../js/a.js?v=3#x", "public/pages/index.html", ["public/js/a.js"]),
        ("./a", "public/js/b.js", ["public/js/a.js"]),
        ("@/lib/b", "src/pages/home.ts", ["src/lib/b.ts"]),
        ("~/lib/b", "src/pages/home.ts", ["src/lib/b.ts"]),
        ("@/lib", "web/src/home.ts", ["web/src/lib/index.ts"]),
        ("./b.js", "src/lib/c.ts", ["src/lib/b.ts"]),  # as TypeScript writes it
        ("https://cdn.example.net/js/a.js", "public/index.html", []),
        ("//cdn.example.net/js/a.js", "public/index.html", []),
        ("react", "src/pages/home.ts", []),
        ("data:text/javascript,1", "public/index.html", []),
        ("../../../../etc/a.js", "public/index.html", []),
        ("", "public/index.html", []),
    ],
)
def test_a_script_is_found_by_its_address(url: str, asked_by: str, found: list[str]) -> None:
    names = Names(
        [
            "public/js/a.js",
            "public/index.html",
            "src/lib/b.ts",
            "src/pages/home.ts",
            "web/src/lib/index.ts",
            "web/src/home.ts",
        ]
    )
    assert names.scripts(url, asked_by)[0] == found


def made(text: str) -> Hole:
    return Hole(text, Origin(OriginKind.TEMPLATE, text))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (made("static 'js/a.js'"), "js/a.js"),
        (made("settings.script"), ""),
        (Text((made("STATIC_URL"), "js/a.js")), "js/a.js"),
        (Text((made("STATIC_URL"), "js/a.js?v=", made("version"))), "js/a.js"),
        (Text((made("static 'js/a.js'"), "?v=", made("version"))), "js/a.js"),
        (Text(("/js/", made("name"), ".js")), ""),
        (Text(("/js/a.js", made("suffix"))), ""),
        (Text(("https://cdn.example.net/", made("name"), "/a.js")), "/a.js"),
    ],
)
def test_the_readable_end_of_an_address_is_the_name(url: Value, name: str) -> None:
    assert Names(()).scripts(url, "templates/home.html")[1] == name


# ---------------------------------------------------------------- addresses and conditions


@pytest.mark.parametrize(
    ("atom", "route", "said"),
    [
        (Atom("path", test="starts-with", value="/portal"), "/portal/results", YES),
        (Atom("path", test="starts-with", value="/portal"), "/careers", NO),
        (Atom("path", test="starts-with", value="/portal"), "", MAYBE),
        (Atom("path", test="matches", value="(a+)+$"), "/careers", MAYBE),
        (Atom("url", test="contains", value="/portal/"), "/portal/results", YES),
        (Atom("url", test="contains", value="/portal/"), "/careers", NO),
        (
            Atom("url", test="contains", value="portal"),
            "/careers",
            MAYBE,
        ),  # the host may be portal.…
        (Atom("url", test="contains", value="/careers?job="), "/careers", MAYBE),
        (Atom("url", test="equals", value="https://www.example.org/careers"), "/careers", MAYBE),
        (Atom("host", test="equals", value="www.example.org"), "/careers", MAYBE),
        (Atom("consent", "marketing"), "/careers", MAYBE),
    ],
)
def test_what_an_address_tells(atom: Atom, route: str, said: Verdict) -> None:
    assert answer_for([route])(atom) is said


# ---------------------------------------------------------------- containers and events


SNIPPET = '<script async src="https://www.googletagmanager.com/gtm.js?id=GTM-LARK5PR"></script>'


def export(*tags: dict[str, object], triggers: tuple[dict[str, object], ...] = ()) -> str:
    return json.dumps(
        {
            "exportFormatVersion": 2,
            "containerVersion": {
                "container": {"publicId": "GTM-LARK5PR", "usageContext": ["WEB"]},
                "tag": list(tags),
                "trigger": list(triggers),
            },
        },
        indent=1,
    )


def html_tag(name: str, *fires_on: str, html: str = PIXEL, **more: object) -> dict[str, object]:
    return {
        "tagId": name,
        "name": name,
        "type": "html",
        "firingTriggerId": list(fires_on),
        "parameter": [{"type": "TEMPLATE", "key": "html", "value": html}],
        **more,
    }


def on_event(number: str, event: str) -> dict[str, object]:
    return {
        "triggerId": number,
        "name": event,
        "type": "CUSTOM_EVENT",
        "customEventFilter": [
            {
                "type": "EQUALS",
                "parameter": [
                    {"type": "TEMPLATE", "key": "arg0", "value": "{{_event}}"},
                    {"type": "TEMPLATE", "key": "arg1", "value": event},
                ],
            }
        ],
    }


def test_an_event_is_sure_where_it_is_pushed_and_maybe_elsewhere() -> None:
    site = site_of(
        {
            "public/book.html": f"<html>{SNIPPET}"
            "<script>dataLayer.push({event: 'booked'});</script></html>",
            "public/home.html": f"<html>{SNIPPET}</html>",
            "x.gtm.json": export(html_tag("pixel", "9"), triggers=(on_event("9", "booked"),)),
        }
    )
    book, home = tracker(site, "meta-pixel").fires
    assert (book.page, book.verdict, book.conditions) == ("public/book.html", YES, ())
    assert "pushes the event 'booked'" in [step.text for step in book.trail]
    assert (home.page, home.verdict) == ("public/home.html", MAYBE)
    (condition,) = home.conditions
    assert condition.startswith("when something pushes the event 'booked'")


def test_a_tag_that_runs_along_with_another_fires_where_that_one_does() -> None:
    main = html_tag(
        "main",
        "2147479553",
        html="<script>ttq.load('LARKSPUR0TIKTOK0ID01');</script>",
        setupTag=[{"tagName": "before"}],
    )
    site = site_of(
        {
            "public/home.html": f"<html>{SNIPPET}</html>",
            "x.gtm.json": export(main, html_tag("before")),
        }
    )
    (firing,) = tracker(site, "meta-pixel").fires
    assert firing.page == "public/home.html"
    assert firing.trail[-1].text == "tag 'main' runs 'before' along with it"


def test_a_tag_that_runs_along_with_a_paused_one_never_fires() -> None:
    main = html_tag(
        "main",
        "2147479553",
        paused=True,
        setupTag=[{"tagName": "before"}],
        html="<script>ttq.load('LARKSPUR0TIKTOK0ID01');</script>",
    )
    site = site_of(
        {
            "public/home.html": f"<html>{SNIPPET}</html>",
            "x.gtm.json": export(main, html_tag("before")),
        }
    )
    assert tracker(site, "meta-pixel").fires == ()
    assert [tag.never_fires for tag in site.containers[0].tags] == [True, True]


def test_a_container_that_may_be_loaded_makes_its_tags_maybe() -> None:
    site = site_of(
        {
            "templates/home.html": f"<html>{{% if season %}}{SNIPPET}{{% endif %}}</html>",
            "templates/about.html": f"<html>{{% if campaign %}}{SNIPPET}{{% endif %}}</html>",
            "x.gtm.json": export(html_tag("pixel", "2147479553")),
        }
    )
    about, home = tracker(site, "meta-pixel").fires
    assert (about.verdict, about.conditions) == (MAYBE, ("if campaign",))
    assert (home.verdict, home.conditions) == (MAYBE, ("if season",))


def test_a_container_that_no_page_loads_has_tags_without_pages() -> None:
    site = site_of({"x.gtm.json": export(html_tag("pixel", "2147479553"))})
    assert site.containers[0].installed_on == ()
    assert tracker(site, "meta-pixel").fires == ()
    assert not site.containers[0].tags[0].never_fires


def test_two_versions_of_a_container_are_both_told() -> None:
    site = site_of(
        {
            "public/home.html": f"<html>{SNIPPET}</html>",
            "old.gtm.json": export(html_tag("pixel", "2147479553")),
            "new.gtm.json": export(html_tag("pixel", "2147479553")),
        }
    )
    paths = [each.container.place.path for each in site.containers]
    assert paths == ["old.gtm.json", "new.gtm.json"]
    assert len({each.group for each in site.trackers if each.vendor == "meta-pixel"}) == 2


# ---------------------------------------------------------------- snippets


def test_what_names_no_id_belongs_to_the_id_of_its_file() -> None:
    site = site_of(
        {
            "public/home.html": "<html><script>fbq('init', '702200300400511');"
            "fbq('track', 'Lead');</script></html>",
            "public/lead.html": "<html><script>fbq('track', 'Lead');</script></html>",
        }
    )
    assert [(each.head.place.path, each.ids) for each in site.snippets] == [
        ("public/home.html", ("702200300400511",)),
        ("public/lead.html", ()),
    ]


# ---------------------------------------------------------------- page classes


def test_one_weak_word_said_twice_is_one_sign() -> None:
    assert classes("public/dashboard.html", "<title>Dashboard</title><h1>Dashboard</h1>") == {}


def test_two_weak_words_together_are_enough() -> None:
    assert "patient-portal" in classes("public/dashboard.html", "<title>Your care team</title>")


def test_two_words_that_any_site_has_are_not() -> None:
    assert classes("public/dashboard.html", "<title>Your inbox</title>") == {}


def test_words_are_whole_and_without_accents() -> None:
    assert words_of("Cita-Médica").split() == ["cita", "medica"]
    assert words_of("myAccountPage2").split() == ["my", "account", "page2"]
    assert words_of("…").split() == []
    assert classes("public/bookkeeping.html", "<title>Rebooking and loginess</title>") == {}


def test_a_form_of_the_portal_is_a_sign_and_a_link_to_it_is_none() -> None:
    address = "https://mychart.example.org/MyChart/Authentication/Login"
    form = f'<form action="{address}" method="post"></form>'
    link = f'<a href="{address}">Patients</a>'
    assert classes("public/x.html", form)["patient-portal"] == ("form of Epic MyChart",)
    assert "patient-portal" not in classes("public/x.html", link)


def test_a_field_is_read_with_its_label() -> None:
    html = '<label for="r">Reason for visit</label><textarea id="r" name="q7"></textarea>'
    assert classes("public/x.html", html)["scheduling"] == ("form field 'Reason for visit'",)


def test_the_name_of_a_folder_of_the_framework_is_no_sign() -> None:
    assert classes("app/views/pages/x.html.erb", "") == {}


def test_ways_that_are_not_looked_at_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_STATES", 4)
    files = {"templates/pixel.html": PIXEL}
    for number in range(40):
        files[f"templates/page{number}.html"] = '<html>{% include "pixel.html" %}</html>'
    monkeypatch.setattr(walk, "WAYS_A_FILE", 0)
    site = site_of(files)
    assert len(site.trackers[0].fires) < 40
    said = [f"{each.place.path}: {each.what} {each.target}" for each in site.unresolved]
    assert said == [
        "templates/pixel.html: ways to pages more than can be looked at, "
        "so some of its pages may be missing"
    ]


@pytest.mark.parametrize(
    ("html", "page_class", "reason"),
    [
        (
            '<iframe src="https://1959-1.portal.athenahealth.com/"></iframe>',
            "patient-portal",
            "frame of athenahealth patient portal",
        ),
        (
            '<form action="https://health.healow.com/clinic" method="post"></form>',
            "patient-portal",
            "form of eClinicalWorks and healow",
        ),
        (
            '<iframe src="https://clinic.iqhealth.com/home"></iframe>',
            "patient-portal",
            "frame of Oracle Health patient portal",
        ),
        (
            '<iframe src="https://www.zocdoc.com/booking/x"></iframe>',
            "scheduling",
            "frame of Zocdoc",
        ),
        ('<input type="password" name="p">', "sign-in", "password field"),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", '
            '"about": {"@type": "MedicalCondition"}}]}</script>',
            "condition",
            "structured data 'MedicalCondition'",
        ),
        (
            '<label for="n">Número de seguro social</label><input id="n">',
            "intake-form",
            "form field 'Número de seguro social'",
        ),
        ("<h1>Agendar una cita</h1>", "scheduling", "heading 'Agendar una cita'"),
    ],
)
def test_one_strong_sign_is_enough(html: str, page_class: str, reason: str) -> None:
    assert classes("public/x.html", html) == {page_class: (reason,)}


@pytest.mark.parametrize(
    ("path", "html"),
    [
        ("public/results.html", "<title>Search</title>"),
        ("public/consulta.html", "<title>Consulta</title>"),
        ("public/x.html", '<script type="application/ld+json">{"@type": "Hospital"}</script>'),
    ],
)
def test_one_weak_sign_is_none(path: str, html: str) -> None:
    assert classes(path, html) == {}


def test_of_very_many_files_with_a_name_the_nearest_is_meant() -> None:
    files = {"app7/templates/visits/page.html": '<html>{% include "head.html" %}</html>'}
    for number in range(200):
        files[f"app{number}/templates/head.html"] = PIXEL
    for path in ("app7/templates/head.html", "app70/templates/head.html"):
        wanted = ["app7/templates/visits/page.html"] if path.startswith("app7/") else []
        assert [page for page in pages(files, path) if page.endswith("page.html")] == wanted


def test_a_name_made_of_many_pieces_is_looked_up_in_order() -> None:
    pieces = "".join("{{ a }}/x" for _ in range(40))
    files = {
        "templates/page.html": '<html>{% include "parts/" ~ kind ~ "/head.html" %}</html>',
        "templates/long.html": f'<html>{{% include "{pieces}" %}}</html>',
        "templates/parts/a/head.html": PIXEL,
        f"templates/{'x' * 200}.html": "<html></html>",
    }
    assert pages(files, "templates/parts/a/head.html") == ["templates/page.html"]


@pytest.mark.parametrize(
    ("test", "value", "routes", "said"),
    [
        ("starts-with", "/portal", ["/portal/*/results"], YES),
        ("starts-with", "/portal/7", ["/portal/*/results"], MAYBE),
        ("starts-with", "/visits", ["/portal/*/results"], NO),
        ("ends-with", "/results", ["/portal/*/results"], YES),
        ("ends-with", "7/results", ["/portal/*/results"], MAYBE),
        ("ends-with", "/bills", ["/portal/*/results"], NO),
        ("contains", "portal", ["/portal/*"], YES),
        ("contains", "lab", ["/portal/*"], MAYBE),
        ("equals", "/portal/7/results", ["/portal/*/results"], MAYBE),
        ("equals", "/portal/7/8/results", ["/portal/*/results"], NO),
        ("equals", "/portal/7/8/results", ["/portal/**"], MAYBE),
        ("starts-with", "/portal", ["/portal/a", "/portal/b"], YES),
        ("starts-with", "/portal/a", ["/portal/a", "/portal/b"], MAYBE),
        ("starts-with", "/visits", ["/portal/a", "/portal/b"], NO),
        ("starts-with", "/portal", [], MAYBE),
    ],
)
def test_what_addresses_with_varying_segments_tell(
    test: str, value: str, routes: list[str], said: Verdict
) -> None:
    assert answer_for(routes)(Atom("path", test=test, value=value)) is said
