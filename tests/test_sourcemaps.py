"""Source maps: which line a person wrote, exactly, and one sentence for a map that is none."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest

from analyzer.model import Bundled, Original, Place, Skip, Source
from analyzer.sourcemaps import Originals
from analyzer.sourcemaps.mappings import Point, Spot, Unreadable, decoded, spots
from analyzer.sourcemaps.names import in_repository, package_of, plain, shown
from tests.maps import Row, mapped, mappings, number, source_map

CODE = 'var a=1;fbq("init","702200300400511");\n//# sourceMappingURL=app.js.map\n'
WRITTEN = 'const wanted = 1;\n\n  fbq("init", "702200300400511");\n'


def place_of(code: str, words: str, path: str = "dist/app.js") -> Place:
    """The place of some words in a bundle."""
    data = code.encode()
    start = data.index(words.encode())
    return Source(path, data).place(start, start + len(words.encode()))


def told(
    files: Mapping[str, str | bytes], words: str = 'fbq("init"', path: str = "dist/app.js"
) -> tuple[Original | None, list[Skip], Bundled | None]:
    """Where some words of a bundle were written, and what was said of the map."""
    bytes_of = {
        name: text.encode() if isinstance(text, str) else text for name, text in files.items()
    }
    code = bytes_of[path].decode("utf-8-sig")
    place = place_of(code, words, path)
    maps = Originals(bytes_of, bytes_of.get)
    found = maps.of(path, [place])
    return (found.originals.get(place) if found else None), maps.skips, found


def a_map(
    source: str = "../src/a.js", code: str = CODE, text: str = WRITTEN, **more: object
) -> str:
    """A map that knows where the call was written."""
    rows = mapped(code, {source: text}, [('fbq("init"', 'fbq("init"')])
    return source_map([source], [(0, 0, 0, 0, 0), *rows], **more)


# ---------------------------------------------------------------- mappings


@pytest.mark.parametrize("value", [0, 1, -1, 15, 16, -16, 1000, -1000, 2**30, -(2**30)])
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    assert decoded(number(value)) == (value,)


def test_a_place_between_two_segments_belongs_to_the_one_before() -> None:
    text = mappings([(0, 4, 0, 10, 2), (0, 9, 1, 3, 0), (2, 0, 0, 11, 0)])
    points = [Point(0, 3), Point(0, 4), Point(0, 8), Point(0, 9), Point(1, 5), Point(2, 70)]
    assert spots(text, points) == {
        Point(0, 4): Spot(0, 10, 2),
        Point(0, 8): Spot(0, 10, 2),
        Point(0, 9): Spot(1, 3, 0),
        Point(2, 70): Spot(0, 11, 0),
    }


def test_segments_that_stand_in_no_order_are_found_all_the_same() -> None:
    text = mappings([(0, 9, 0, 1, 0), (0, 4, 0, 2, 0), (0, 20, 0, 3, 0)])
    points = [Point(0, 5), Point(0, 10), Point(0, 30)]
    assert [spot.line for spot in spots(text, points).values()] == [2, 1, 3]


def test_a_segment_without_a_source_says_that_nobody_wrote_it() -> None:
    assert spots(mappings([(0, 0, 0, 1, 0)]) + "," + number(5), [Point(0, 6)]) == {}


def test_a_name_is_told_where_it_is_known() -> None:
    text = "".join(map(number, (0, 0, 0, 0, 2)))
    assert spots(text, [Point(0, 0)]) == {Point(0, 0): Spot(0, 0, 0, 2)}


@pytest.mark.parametrize(
    "text",
    ["A!AA", "AA", "AAA", "AAAAAA", "g", "AAAg", "g" * 5000, "ggggggggggC", "ADAA", "AAAA,é"],
)
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        spots(text, [Point(0, 50)])


def test_a_line_behind_the_last_one_has_no_place() -> None:
    assert spots("AAAA", [Point(7, 0)]) == {}


def test_millions_of_segments_are_added_up_in_time_that_grows_with_them() -> None:
    rows: list[Row] = [(0, at * 3, 0, at // 7, at % 90) for at in range(20_000)]
    text = mappings(rows)
    line = ",".join([text] * 25)  # half a million segments
    begun = time.process_time()
    assert len(spots(line + ";" + line, [Point(0, 90), Point(1, 60_000)])) == 2
    assert time.process_time() - begun < 3


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("webpack:///./src/a.ts?1f2e", "/src/a.ts"),
        ("webpack://my-app/./src/a.ts", "/src/a.ts"),
        ("webpack://@scope/app/./src/a.ts", "/src/a.ts"),
        ("webpack://my-app/src/a.ts", "/src/a.ts"),
        ("webpack:///./src/App.vue?vue&type=script&lang=js", "/src/App.vue"),
        ("turbopack:///[project]/src/a.ts", "/src/a.ts"),
        ("turbopack://[project]/src/a.ts", "/src/a.ts"),
        ("file:///C:/clinic/site/src/a.ts", "/clinic/site/src/a.ts"),
        ("C:\\clinic\\site\\src\\a.ts", "/clinic/site/src/a.ts"),
        ("file:///home/build/site/src/a.ts", "/home/build/site/src/a.ts"),
        ("https://clinic.example/assets/src/a.ts", "/assets/src/a.ts"),
        ("ng:///app/a.ts", "/app/a.ts"),
        ("../src/my%20file.ts", "../src/my file.ts"),
        ("src/[slug].tsx", "src/[slug].tsx"),
        ("webpack/bootstrap", ""),
        ("webpack://x/webpack/runtime/define", ""),
        ("webpack:///(webpack)/buildin/global.js", ""),
        ('webpack://x/external "React"', ""),
        ("\x00vite/preload-helper.js", ""),
        ("", ""),
    ],
)
def test_the_addresses_of_bundlers_become_paths(source: str, name: str) -> None:
    assert plain(source) == name


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("/node_modules/react-ga4/dist/index.js", "react-ga4"),
        ("/node_modules/@sentry/browser/esm/sdk.js", "@sentry/browser"),
        ("../node_modules/.pnpm/a@1.0.0/node_modules/a/index.js", "a"),
        ("/~/react/lib/React.js", "react"),
        ("/src/node_modules.js", ""),
    ],
)
def test_a_file_in_a_folder_of_packages_belongs_to_one(name: str, package: str) -> None:
    assert package_of(name) == package


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../src/a.js", "web/src/a.js"),
        ("/src/a.js", "web/src/a.js"),  # the nearest folder above the map
        ("/home/build/site/web/src/a.js", "web/src/a.js"),
        ("../../elsewhere/lib/b.js", "lib/b.js"),
        ("/a.js", ""),
        ("/node_modules/x/src/a.js", ""),
    ],
)
def test_a_name_means_the_file_that_is_there(name: str, path: str) -> None:
    files = {"web/src/a.js", "src/a.js", "lib/b.js", "node_modules/x/src/a.js", "deep/a.js"}
    assert in_repository(name, "web/dist", files) == path


def test_people_see_a_name_from_the_top() -> None:
    assert shown("../src/a.js", "web/dist") == "web/src/a.js"
    assert shown("../../../out/a.js", "dist") == "out/a.js"
    assert shown("/src/a.js", "web/dist") == "src/a.js"


# ---------------------------------------------------------------- finding the map


@pytest.mark.parametrize(
    "comment",
    [
        "//# sourceMappingURL=app.js.map",
        "//@ sourceMappingURL=app.js.map",
        "/*# sourceMappingURL=app.js.map */",
        "//# sourceMappingURL=app.js.map\n\n/* the end */\n",
        "//# sourceMappingURL=app.js.map?v=3",
        "//# sourceMappingURL=/dist/app.js.map",
        "//# sourceMappingURL=/assets/dist/app.js.map",  # below the root of the site
        "",  # only a file of the same name beside
    ],
)
def test_every_way_to_name_a_map_is_known(comment: str) -> None:
    code = f'var a=1;fbq("init","702200300400511");\n{comment}'
    found, skips, _ = told({"dist/app.js": code, "dist/app.js.map": a_map(code=code)})
    assert found == Original("src/a.js", 3, 3)
    assert skips == []


@pytest.mark.parametrize(
    "head", ["data:application/json;base64,", "data:application/json;charset=utf-8;base64,"]
)
def test_a_map_in_the_bundle_is_read(head: str) -> None:
    inline = base64.b64encode(a_map().encode()).decode()
    code = CODE.replace("app.js.map", head + inline)
    assert told({"dist/app.js": code})[0] == Original("src/a.js", 3, 3)
    code = CODE.replace("app.js.map", "data:application/json," + quote(a_map()))
    assert told({"dist/app.js": code})[0] == Original("src/a.js", 3, 3)


def test_a_comment_inside_a_text_names_no_map() -> None:
    code = 'x("//# sourceMappingURL=other.map");fbq("init","702200300400511");'
    assert told({"dist/app.js": code, "dist/other.map": a_map()}) == (None, [], None)


# ---------------------------------------------------------------- exact places


def test_columns_count_utf16_units_in_maps_and_characters_in_reports() -> None:
    code = 'var t="😀é😀";fbq("init","702200300400511");\n//# sourceMappingURL=app.js.map'
    text = 'const é = "😀😀"; fbq("init", "702200300400511");\n'
    source = a_map(code=code, text=text, sourcesContent=[text])
    found, _, _ = told({"dist/app.js": code, "dist/app.js.map": source})
    assert found == Original("src/a.js", 1, text.index("fbq") + 1)
    bare, _, _ = told({"dist/app.js": code, "dist/app.js.map": a_map(code=code, text=text)})
    assert bare == Original("src/a.js", 1, text.index("fbq") + 3)  # nothing tells the characters
    here = {"dist/app.js": code, "dist/app.js.map": a_map(code=code, text=text), "src/a.js": text}
    assert told(here)[0] == found


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_ends_of_lines_and_a_mark_of_order_move_nothing(ending: str, mark: str) -> None:
    code = CODE.replace("var a=1;", "/* é */" + ending)
    found, _, _ = told({"dist/app.js": (mark + code).encode(), "dist/app.js.map": a_map(code=code)})
    assert found == Original("src/a.js", 3, 3)


def test_a_line_of_megabytes_is_counted_to_its_end() -> None:
    code = "/*" + "é😀x" * 400_000 + '*/fbq("init","702200300400511");\n'
    code += "//# sourceMappingURL=app.js.map"
    found, _, _ = told({"dist/app.js": code, "dist/app.js.map": a_map(code=code)})
    assert found == Original("src/a.js", 3, 3)


def test_the_root_of_the_sources_is_put_before_them() -> None:
    source = a_map("a.js", sourceRoot="../src/")
    assert told({"dist/app.js": CODE, "dist/app.js.map": source})[0] == Original("src/a.js", 3, 3)


def test_a_map_of_sections_is_followed_into_the_right_one() -> None:
    code = 'first();second();\nthird();fbq("init","702200300400511");\n'
    first = json.loads(source_map(["../src/one.js"], [(0, 0, 0, 0, 0)]))
    second = json.loads(source_map(["../src/two.js"], [(0, 0, 0, 4, 0), (0, 8, 0, 6, 2)]))
    sections = [
        {"offset": {"line": 0, "column": 0}, "map": first},
        {"offset": {"line": 1, "column": 0}, "map": second},
    ]
    files = {
        "dist/app.js": code,
        "dist/app.js.map": json.dumps({"version": 3, "sections": sections}),
    }
    assert told(files)[0] == Original("src/two.js", 7, 3)
    assert told(files, "second()")[0] == Original("src/one.js", 1, 1)
    sections[1]["offset"] = {"line": 0, "column": 8}
    files["dist/app.js.map"] = json.dumps({"version": 3, "sections": sections})
    assert told(files, "second()")[0] == Original("src/two.js", 5, 1)


@pytest.mark.parametrize("key", ["ignoreList", "x_google_ignoreList"])
def test_what_a_map_marks_as_code_of_others_is_told_so(key: str) -> None:
    listed: dict[str, Any] = {key: [0]}
    source = a_map("webpack:///./lib/a.js", **listed)
    found, _, _ = told({"dist/app.js": CODE, "dist/app.js.map": source})
    assert found == Original("lib/a.js", 3, 3, foreign=True)
    assert "code of others" in found.said
    source = a_map("webpack:///./node_modules/react-ga4/dist/a.js")
    found, _, _ = told({"dist/app.js": CODE, "dist/app.js.map": source})
    assert found is not None
    assert found.said.endswith("of the package react-ga4")


def test_the_sources_that_are_here_are_listed() -> None:
    source = source_map(["../src/a.js", "../src/gone.js", "webpack/bootstrap"], [(0, 0, 0, 0, 0)])
    found = told({"dist/app.js": CODE, "dist/app.js.map": source, "src/a.js": WRITTEN})[2]
    assert found is not None
    assert found.sources == ("src/a.js",)


# ---------------------------------------------------------------- maps that are none


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (None, "dist/app.js.map is not there"),
        ("", "it is no JSON, or breaks off"),
        (a_map()[:60], "it is no JSON, or breaks off"),
        ("[]", "it is no source map"),
        ("{}", "it is of a version that is not known"),
        ('{"version":2,"sources":[],"mappings":""}', "it is of a version that is not known"),
        ('{"version":3,"mappings":""}', "it lists no sources"),
        ('{"version":3,"sources":["a"]}', "it has no mappings"),
        ('{"version":3,"sources":["a"],"mappings":"A!"}', "its mappings hold the sign"),
        ('{"version":3,"sources":["a"],"mappings":"ACAA"}', "a source that it does not list"),
        ('{"version":3,"sources":["a"],"mappings":"ADAA"}', "a place before the first one"),
        ('{"sections":[{"offset":{"line":0,"column":0},"url":"b.map"}]}', "kept elsewhere"),
        ('{"sections":[{"map":{}}]}', "says not where it begins"),
        ('{"sections":7}', "its sections are none"),
        (b"\xff\xfe\x00", "it is no JSON, or breaks off"),
        ("[" * 200_000, "nests too deep"),
    ],
)
def test_a_map_that_cannot_be_used_is_one_sentence(broken: str | bytes | None, words: str) -> None:
    files: dict[str, str | bytes] = {"dist/app.js": CODE}
    if broken is not None:
        files["dist/app.js.map"] = broken
    found, skips, _ = told(files)
    assert found is None
    assert [(skip.path, skip.kind) for skip in skips] == [("dist/app.js", "partly")]
    assert words in skips[0].reason


def test_a_map_that_is_kept_elsewhere_is_said_so() -> None:
    code = CODE.replace("app.js.map", "https://maps.clinic.example/app.js.map")
    assert "it is kept elsewhere" in told({"dist/app.js": code})[1][0].reason


def test_a_script_without_a_map_is_nothing_to_speak_of() -> None:
    assert told({"dist/app.js": 'fbq("init","702200300400511");'}) == (None, [], None)


@pytest.mark.parametrize("content", [7, {}, ["x"], "\ud800 import 'a'", None])
def test_a_source_that_is_no_text_costs_no_line(content: object) -> None:
    row = [(0, 8, 0, 4, 2)]
    beside = source_map(["src/app.ts"], row, sourcesContent=[content])
    found, skips, _ = told({"dist/app.js": CODE, "dist/app.js.map": beside})
    assert not skips
    assert found is not None
    assert found.line == 5


def test_the_name_of_a_source_can_be_printed() -> None:
    assert plain("src/\ud800.ts") == "src/\ufffd.ts"
