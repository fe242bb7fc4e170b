"""A tracker in a source and in its bundle is one, and pages that load the bundle have it."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.model import Finding, Report, Role, Tracker, Verdict
from analyzer.outputs import json as json_output
from analyzer.outputs import text as text_output
from analyzer.pipeline import scan
from tests.maps import mapped, source_map

Scanned = Callable[[dict[str, str]], Report]

ID, OTHER = "702200300400511", "702200300400512"
PAGE = '<!doctype html><html><body><script src="/{}"></script></body></html>'
WRITTEN = f"""\
import {{ place }} from "./places";

export function start() {{
  fbq("init", "{ID}");
  fbq("trackCustom", "book_visit", {{ place }});
}}
"""
ENTRY = 'import { start } from "./pixel";\n\nstart();\n'
PLACES = 'export const place = "north";\n'
BUILT = (
    f'(()=>{{var o="north";function t(){{fbq("init","{ID}"),'
    'fbq("trackCustom","book_visit",{place:o})}t()})();\n'
)
WITH_MAP = BUILT + "//# sourceMappingURL=app.js.map\n"
PAIRS = [('fbq("init"', 'fbq("init"'), ('fbq("trackCustom"', 'fbq("trackCustom"')]


@pytest.fixture
def scanned(tmp_path: Path) -> Scanned:
    """Scans a folder with these files."""

    def scans(files: dict[str, str]) -> Report:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return scan([tmp_path], signatures.load())

    return scans


def places(report: Report) -> list[str]:
    """Where trackers stand, and what they do."""
    return [f"{each.place.path}:{each.place.line} {_role(each)}" for each in report.site.trackers]


def _role(tracker: Tracker) -> str:
    return tracker.detection.role.value


def trail(report: Report, role: Role = Role.SETUP) -> list[str]:
    """The way from the page to a tracker."""
    tracker = next(each for each in report.site.trackers if each.detection.role is role)
    (firing,) = tracker.fires
    assert firing.verdict is Verdict.YES
    return [f"{step.place.path}:{step.place.line} {step.text}" for step in firing.trail]


def inventory(report: Report) -> Finding:
    """The finding that every tracker has."""
    return next(each for each in report.findings if each.code == "TL901")


def a_map(*sources: str, code: str = WITH_MAP, text: str = WRITTEN, **more: object) -> str:
    rows = mapped(code, {sources[0]: text}, PAIRS)
    return source_map(sources, rows, **more)


SOURCES = {"src/pixel.js": WRITTEN, "src/main.js": ENTRY, "src/places.js": PLACES}
SITE = {"index.html": PAGE.format("static/app.js"), "static/app.js": WITH_MAP}


# ---------------------------------------------------------------- with a source map


def test_a_bundle_and_its_source_are_one_tracker_on_the_pages_of_the_bundle(
    scanned: Scanned,
) -> None:
    names = ("webpack:///./src/pixel.js", "webpack:///./src/main.js", "webpack:///./src/places.js")
    report = scanned({**SITE, **SOURCES, "static/app.js.map": a_map(*names)})
    assert places(report) == ["src/pixel.js:4 setup", "src/pixel.js:5 event"]
    assert trail(report) == [
        "index.html:1 loads static/app.js",
        "static/app.js:1 holds the built code of src/main.js",
        "src/main.js:3 imports src/pixel.js",
    ]
    related = [(step.place.path, step.text) for step in inventory(report).related]
    assert ("static/app.js", "holds the built code of src/pixel.js") in related


def test_code_that_waits_in_the_source_waits_in_the_bundle(scanned: Scanned) -> None:
    entry = 'import { start } from "./pixel";\nbutton.addEventListener("click", () => start());\n'
    sources = {**SOURCES, "src/main.js": entry}
    names = ("../src/pixel.js", "../src/main.js", "../src/places.js")
    report = scanned({**SITE, **sources, "static/app.js.map": a_map(*names)})
    assert {firing.moment for each in report.site.trackers for firing in each.fires} == {
        "interaction"
    }


def test_the_build_tells_what_the_source_takes_from_the_environment(scanned: Scanned) -> None:
    text = WRITTEN.replace(f'"{ID}"', "process.env.PIXEL")
    files = {**SITE, **SOURCES, "src/pixel.js": text}
    report = scanned({**files, "static/app.js.map": a_map("../src/pixel.js", text=text)})
    assert places(report) == ["src/pixel.js:4 setup", "src/pixel.js:5 event"]
    assert report.site.trackers[0].detection.ids == (ID,)


def test_a_source_that_is_not_here_is_named_at_the_place_in_the_bundle(scanned: Scanned) -> None:
    report = scanned({**SITE, "static/app.js.map": a_map("webpack:///./src/pixel.js")})
    assert places(report) == ["static/app.js:1 setup", "static/app.js:1 event"]
    finding = inventory(report)
    assert finding.place.region.column == BUILT.index("fbq(") + 1
    assert finding.original is not None
    assert (finding.original.path, finding.original.line) == ("src/pixel.js", 4)
    out = StringIO()
    text_output.write(report, out)
    assert "comes from src/pixel.js:4" in out.getvalue()
    out = StringIO()
    json_output.write(report, out)
    said = json.loads(out.getvalue())
    assert said["trackers"][0]["original"]["path"] == "src/pixel.js"
    assert said["findings"][0]["original"]["line"] == 4


def test_a_source_that_is_another_one_now_leaves_the_bundle_its_tracker(scanned: Scanned) -> None:
    text = WRITTEN.replace(ID, OTHER)
    files = {**SITE, **SOURCES, "src/pixel.js": text}
    report = scanned({**files, "static/app.js.map": a_map("../src/pixel.js", text=text)})
    told = [each for each in report.site.trackers if each.detection.role is Role.SETUP]
    assert [(each.place.path, each.detection.ids) for each in told] == [
        ("src/pixel.js", (OTHER,)),
        ("static/app.js", (ID,)),
    ]
    original = report.site.originals[told[1].place]
    assert original.note == "that file does not show it as it is now"


def test_a_map_is_only_read_where_something_is_found(scanned: Scanned) -> None:
    code = "console.log(1);\n//# sourceMappingURL=app.js.map\n"
    assert scanned({**SITE, "static/app.js": code}).coverage.skips == ()
    report = scanned({**SITE, "static/app.js.map": "{"})
    (skip,) = report.coverage.skips
    assert (skip.path, skip.kind) == ("static/app.js", "partly")
    assert places(report) == ["static/app.js:1 setup", "static/app.js:1 event"]


def test_what_a_vendors_own_package_does_in_a_bundle_is_no_call_of_the_site(
    scanned: Scanned,
) -> None:
    theirs = a_map("webpack:///./node_modules/react-facebook-pixel/dist/a.js")
    report = scanned({**SITE, "static/app.js.map": theirs})
    assert {each.detection.role for each in report.site.trackers} == {Role.LIBRARY}
    others = a_map("webpack:///./node_modules/clinic-widgets/a.js")
    report = scanned({**SITE, "static/app.js.map": others})
    assert {each.detection.role for each in report.site.trackers} == {Role.SETUP, Role.EVENT}
    assert {each.package for each in report.site.originals.values()} == {"clinic-widgets"}


USES = """\
import Pixel from "react-facebook-pixel";

Pixel.init("702200300400511");
export const unused = () => Pixel.track("Unused");
"""


def test_the_text_of_a_source_in_the_map_tells_what_names_the_bundle_lost(
    scanned: Scanned,
) -> None:
    code = f'(()=>{{var t=r(77);fbq("track","PageView");t.Z.init("{ID}")}})();\n//# sourceMappingURL=app.js.map\n'
    rows = mapped(code, {"a": USES}, [("t.Z.init", "Pixel.init")])
    said = source_map(["webpack:///./src/pixel.js"], rows, sourcesContent=[USES])
    report = scanned({**SITE, "static/app.js": code, "static/app.js.map": said})
    (tracker,) = (each for each in report.site.trackers if each.detection.role is Role.SETUP)
    assert tracker.detection.ids == (ID,)
    assert tracker.place.path == "static/app.js"
    assert tracker.place.region.column == code.index("t.Z.init") + 1
    assert str(report.site.originals[tracker.place]) == "src/pixel.js:3:1"
    assert [firing.page for firing in tracker.fires] == ["index.html"]


def test_a_source_in_the_map_is_read_with_what_it_imports_of_the_others(scanned: Scanned) -> None:
    uses = (
        'import Pixel from "react-facebook-pixel";\nimport { ID } from "./ids";\nPixel.init(ID);\n'
    )
    ids = f'export const ID = "{ID}";\n'
    code = 'fbq("track","PageView");(()=>{var t=r(77),n=r(9);t.Z.init(n.a)})();\n'
    code += "//# sourceMappingURL=app.js.map\n"
    sources = ["webpack:///./src/pixel.js", "webpack:///./src/ids.js"]
    rows = mapped(code, {"a": uses, "b": ids}, [("t.Z.init", "Pixel.init")])
    said = source_map(sources, rows, sourcesContent=[uses, ids])
    report = scanned({**SITE, "static/app.js": code, "static/app.js.map": said})
    (tracker,) = (each for each in report.site.trackers if each.detection.role is Role.SETUP)
    assert tracker.detection.ids == (ID,)
    assert tracker.place.region.column == code.index("t.Z.init") + 1


# ---------------------------------------------------------------- without a map


TWINS = {**SITE, **SOURCES, "static/app.js": "var u=1;" * 60 + BUILT}


def test_a_bundle_without_a_map_is_one_with_the_script_that_does_the_same(
    scanned: Scanned,
) -> None:
    report = scanned(TWINS)
    assert places(report) == ["src/pixel.js:4 setup", "src/pixel.js:5 event"]
    assert trail(report) == [
        "index.html:1 loads static/app.js",
        "static/app.js:1 holds the built code of src/pixel.js "
        "(they do the same with the same id or event)",
    ]


@pytest.mark.parametrize("name", ["dist/app.js", "js/app.min.js", "js/app.3f2a9c1b.js"])
def test_the_name_of_a_bundle_tells_that_it_is_one(scanned: Scanned, name: str) -> None:
    report = scanned({**SOURCES, "index.html": PAGE.format(name), name: BUILT})
    assert places(report) == ["src/pixel.js:4 setup", "src/pixel.js:5 event"]
    assert trail(report)[0] == f"index.html:1 loads {name}"


@pytest.mark.parametrize(
    "files",
    [
        {"src/pixel.js": WRITTEN.replace(ID, OTHER).replace("book_visit", "call_us")},
        {"src/pixel.js": WRITTEN, "extra.html": PAGE.format("src/pixel.js")},
        {"static/app.js": BUILT.replace(";", ";\n")},
    ],
    ids=["another account", "a page loads the script itself", "nothing says that it is built"],
)
def test_two_scripts_of_which_none_is_the_build_of_the_other_stay_two(
    scanned: Scanned, files: dict[str, str]
) -> None:
    report = scanned({**TWINS, **files})
    assert {each.place.path for each in report.site.trackers} == {"src/pixel.js", "static/app.js"}


def test_the_scripts_of_another_project_are_no_source(scanned: Scanned) -> None:
    files = {
        "a/package.json": "{}",
        "a/index.html": PAGE.format("a/js/app.min.js"),
        "a/js/app.min.js": BUILT,
        "b/package.json": "{}",
        "b/src/pixel.js": WRITTEN,
    }
    assert {each.place.path for each in scanned(files).site.trackers} == {
        "a/js/app.min.js",
        "b/src/pixel.js",
    }


def test_two_pages_with_the_same_snippet_stay_two(scanned: Scanned) -> None:
    page = f'<html><body><script>fbq("init", "{ID}");</script></body></html>'
    report = scanned({"a.html": page, "b.html": page, "dist/app.js": "1;"})
    assert places(report) == ["a.html:1 setup", "b.html:1 setup"]


@pytest.mark.parametrize(
    "command",
    [
        "esbuild src/main.js --bundle --minify --outfile=static/app.js",
        "rimraf static && npx rollup src/main.js -f iife -o static/app.js",
        "browserify --debug ./src/main.js > static/app.js",
    ],
)
def test_the_commands_of_a_package_say_what_a_bundle_is_made_of(
    scanned: Scanned, command: str
) -> None:
    entry = 'import pixel from "react-facebook-pixel";\n\npixel.init("702200300400511");\n'
    files = {
        "index.html": PAGE.format("static/app.js"),
        "package.json": json.dumps({"scripts": {"build": command}}),
        "src/main.js": entry,
        "static/app.js": "(()=>{var n=r(77);n.Z.init('x')})();",
    }
    report = scanned(files)
    assert trail(report) == [
        "index.html:1 loads static/app.js",
        "package.json:1 static/app.js holds the built code of src/main.js "
        "(as the build's settings say)",
    ]


# ---------------------------------------------------------------- output that is left out


def test_a_script_of_left_out_output_is_read_where_a_page_loads_it(scanned: Scanned) -> None:
    files = {
        "package.json": "{}",
        "index.html": PAGE.format("dist/app.js"),
        "src/other.js": "export const a = 1;",
        "dist/app.js": BUILT,
        "dist/more.js": BUILT.replace(ID, OTHER),
    }
    report = scanned(files)
    assert places(report) == ["dist/app.js:1 setup", "dist/app.js:1 event"]
    (skip,) = report.coverage.skips
    assert skip.path == "dist/"
    assert skip.reason.startswith(
        "build output beside its source (the script that pages load from it was read); --include"
    )


def test_output_that_a_page_loads_is_one_with_its_source(scanned: Scanned) -> None:
    files = {**SOURCES, "package.json": "{}", "index.html": PAGE.format("dist/app.js")}
    report = scanned({**files, "dist/app.js": BUILT})
    assert places(report) == ["src/pixel.js:4 setup", "src/pixel.js:5 event"]
    assert trail(report)[0] == "index.html:1 loads dist/app.js"
