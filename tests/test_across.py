"""Values and functions across files: constants, wrappers, components, classes, environments."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.model import Site, Status, Tracker, holes, shown
from analyzer.pipeline import Options, scan
from tests.markdown_pages import Case, cases_of, rewrite_case

ID = "702200300400511"
PIXEL = "export function track(name, data) { fbq('track', name, data); }\n"


@pytest.fixture
def site(tmp_path: Path):  # type: ignore[no-untyped-def]
    def made(files: Mapping[str, str]) -> Site:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return scan([tmp_path], signatures.load(), Options()).site

    return made


def found(site: Site, path: str) -> list[str]:
    """What a file does as line, vendor, role, ids and data."""
    return [told(each) for each in every(site) if each.place.path == path]


def every(site: Site) -> list[Tracker]:
    """The trackers, and the calls of functions of the site's own that are uses of them."""
    listed = (*site.trackers, *site.uses)
    return sorted(listed, key=lambda each: (each.place.path, each.place.line, each.vendor))


def told(tracker: Tracker) -> str:
    hit = tracker.detection
    data = [f"{each.name}={shown(each.value)}" for each in hit.data]
    return " ".join((f"{hit.place.line} {hit.vendor} {hit.role}", *hit.ids, *data))


def origins(site: Site, path: str, name: str) -> list[str]:
    """Where the data of a name come from in the trackers of a file."""
    return [
        str(hole.origin)
        for each in every(site)
        if each.place.path == path
        for datum in each.detection.data
        if datum.name == name
        for hole in holes(datum.value)
    ]


def through(site: Site, path: str) -> list[str]:
    return [
        f"{step.place.path}:{step.place.line} {step.text}"
        for each in every(site)
        if each.place.path == path
        for step in each.detection.fact.through
    ]


# ---------------------------------------------------------------- constants


@pytest.mark.parametrize(
    ("config", "use"),
    [
        ("export const GA_ID = 'G-ABCDE12345';", "import { GA_ID } from './config';"),
        ("export default 'G-ABCDE12345';", "import GA_ID from './config';"),
        ("const id = 'G-ABCDE12345'; export { id as GA_ID };", "import { GA_ID } from './config';"),
        (
            "export const C = { a: { id: 'G-ABCDE12345' } } as const;",
            "import { C } from './config'; const GA_ID = C.a.id;",
        ),
        (
            "export enum Ids { Ga = 'G-ABCDE12345' }",
            "import { Ids } from './config'; const GA_ID = Ids.Ga;",
        ),
        (
            "module.exports = { ids: { ga: 'G-ABCDE12345' } };",
            "const GA_ID = require('./config').ids.ga;",
        ),
        ("exports.GA_ID = 'G-ABCDE12345';", "const { GA_ID } = require('./config');"),
        (
            "export const GA_ID = 'G-ABCDE12345';",
            "import * as all from './config'; const GA_ID = all.GA_ID;",
        ),
        (
            "export const C = Object.freeze({ id: 'G-ABCDE12345' });",
            "import { C } from './config'; const { id: GA_ID } = C;",
        ),
        (
            "const PREFIX = 'G-'; export const GA_ID = PREFIX + 'ABCDE12345';",
            "import { GA_ID } from './config';",
        ),
    ],
)
def test_an_id_is_what_another_file_says(site, config: str, use: str) -> None:  # type: ignore[no-untyped-def]
    seen = site({"config.ts": config, "main.ts": f"{use}\ngtag('config', GA_ID);\n"})
    assert found(seen, "main.ts") == ["2 google-analytics-4 setup G-ABCDE12345"]


def test_an_id_is_found_over_an_index_an_alias_and_a_constant_made_of_another(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
            "src/ids.ts": "export const NUMBER = 'ABCDE12345';",
            "src/lib/ga.ts": "import { NUMBER } from '../ids';\nexport const id = `G-${NUMBER}`;",
            "src/lib/index.ts": "export * from './ga';\nexport { id as other } from './ga';",
            "src/main.ts": "import { other } from '@/lib';\ngtag('config', other);\n",
        }
    )
    assert found(seen, "src/main.ts") == ["2 google-analytics-4 setup G-ABCDE12345"]


def test_an_id_is_found_in_json(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "cfg.json": '{"ga": {"id": "G-ABCDE12345"}}',
            "main.js": "import cfg from './cfg.json';\ngtag('config', cfg.ga.id);\n",
        }
    )
    assert "2 google-analytics-4 setup G-ABCDE12345" in found(seen, "main.js")


def test_what_no_file_says_stays_a_hole_with_its_origin(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "config.ts": "export const ID = compute();",
            "main.ts": "import { ID, gone } from './config';\nfbq('track', 'x', {a: ID, b: gone});\n",
        }
    )
    assert origins(seen, "main.ts", "a") == ["imported name ID from ./config"]
    assert origins(seen, "main.ts", "b") == ["imported name gone from ./config"]


def test_a_text_that_is_made_of_a_constant_is_not_the_constant(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "config.ts": "export const NAME = 'Booked';",
            "main.ts": "import { NAME } from './config';\nfbq('track', NAME.toLowerCase());\n",
        }
    )
    assert found(seen, "main.ts") == ["2 meta-pixel event event=${NAME.toLowerCase()}"]


# ---------------------------------------------------------------- functions


def test_a_call_of_a_function_that_sends_is_a_tracker_of_its_own(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "lib/fb.js": PIXEL,
            "book.js": """\
            import { track } from './lib/fb';
            const email = document.querySelector('#email').value;
            track('Booked', { email, plan: 'gold' });
            """,
        }
    )
    assert found(seen, "book.js") == [
        "3 meta-pixel event event=Booked email=${document.querySelector('#email').value} plan=gold"
    ]
    assert origins(seen, "book.js", "email") == ["form field #email"]
    assert through(seen, "book.js") == [
        "book.js:3 calls track() of lib/fb.js",
        "lib/fb.js:1 track() does it here",
    ]


def test_functions_are_followed_three_files_deep(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "a.ts": "export const send = (...args: any[]) => { fbq(...args); };\n",
            "b.ts": """\
            import { send } from './a';
            export function track(name: string, data = {}) { send('track', name, data); }
            """,
            "c.ts": """\
            import { track } from './b';
            export const booked = ({ email }) => track('Booked', { email });
            """,
            "index.ts": "export * from './c';",
            "page.ts": "import { booked } from './index';\nbooked({ email: user.email });\n",
        }
    )
    assert found(seen, "page.ts") == ["2 meta-pixel event event=Booked email=${user.email}"]
    assert [step.rpartition(" calls ")[2] for step in through(seen, "page.ts")[:3]] == [
        "booked() of c.ts",
        "track() of b.ts",
        "send() of a.ts",
    ]
    assert found(seen, "c.ts") == ["2 meta-pixel event event=Booked email=${email}"]
    assert origins(seen, "c.ts", "email") == ["function parameter email"]


def test_a_function_that_sets_up_gets_its_id_from_another_file(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "ids.js": f"export const PIXEL_ID = '{ID}';",
            "fb.js": "export default function init(id) { fbq('init', id); }",
            "main.js": """\
            import init from './fb';
            import { PIXEL_ID } from './ids';
            init(PIXEL_ID);
            """,
        }
    )
    assert found(seen, "main.js") == [f"3 meta-pixel setup {ID}"]


def test_a_loader_of_the_sites_own_loads_what_it_is_given(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "load.js": """\
            export function loadScript(src) {
              const s = document.createElement('script');
              s.src = src;
              document.head.appendChild(s);
            }
            """,
            "main.js": """\
            import { loadScript } from './load';
            loadScript('https://connect.facebook.net/en_US/fbevents.js');
            loadScript('/own.js');
            """,
        }
    )
    assert found(seen, "main.js") == ["2 meta-pixel loader"]


def test_what_a_server_sends_stays_on_the_server(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "lib/capi.ts": """\
            export async function sendFacebookEvent({ event_name, email }) {
              await fetch('https://graph.facebook.com/v18.0/702200300400511/events', {
                method: 'POST', body: JSON.stringify({ event_name, user_data: { em: email } }),
              });
            }
            """,
            "app/api/book/route.ts": """\
            import { sendFacebookEvent } from '../../../lib/capi';
            export async function POST(req) {
              await sendFacebookEvent({ event_name: 'Booked', email: req.email });
            }
            """,
        }
    )
    (tracker,) = [each for each in every(seen) if each.place.path == "app/api/book/route.ts"]
    assert told(tracker).startswith("3 meta-conversions-api server 702200300400511")
    assert tracker.status is Status.SERVER_SIDE


def test_a_component_is_called_with_its_properties(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "pixel.tsx": """\
            export default function FacebookPixel({ pixelId, on = true }) {
              useEffect(() => { if (on) fbq('init', pixelId); }, []);
              return null;
            }
            """,
            "layout.tsx": f"""\
            import Pixel from './pixel';
            export const Layout = () => <div><Pixel pixelId="{ID}" /></div>;
            """,
        }
    )
    assert found(seen, "layout.tsx") == [f"2 meta-pixel setup {ID}"]


def test_a_hook_gives_functions_that_know_what_it_was_given(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "use.ts": """\
            export function useAnalytics(category) {
              const track = useCallback((name) => gtag('event', name, { category }), []);
              return { track };
            }
            """,
            "page.ts": """\
            import { useAnalytics } from './use';
            export function Page() {
              const { track } = useAnalytics('booking');
              track('booked');
            }
            """,
        }
    )
    assert found(seen, "page.ts") == ["4 google-analytics-4 event event=booked category=booking"]


def test_a_class_keeps_what_it_was_made_with(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "pixel.js": """\
            export default class Pixel {
              constructor(id) { this.id = id; }
              init() { this.start(); }
              start() { fbq('init', this.id); }
              track(name) { fbq('track', name); }
            }
            """,
            "one.js": f"import Pixel from './pixel';\nconst p = new Pixel('{ID}');\np.init();\n",
            "two.js": f"import Pixel from './pixel';\nexport const pixel = new Pixel('{ID}');\n",
            "three.js": "import { pixel } from './two';\npixel.init();\npixel.track('Booked');\n",
        }
    )
    assert found(seen, "one.js") == [f"3 meta-pixel setup {ID}"]
    assert found(seen, "three.js") == ["3 meta-pixel event event=Booked"]


def test_a_vendors_object_that_a_file_hands_on_is_the_vendors(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "package.json": '{"dependencies": {"posthog-js": "1"}}',
            "hog.ts": "import posthog from 'posthog-js';\nexport default posthog;\n",
            "page.ts": "import hog from './hog';\nhog.capture('booked', { plan: 'gold' });\n",
        }
    )
    assert [each for each in found(seen, "page.ts") if "event" in each] == [
        "2 posthog event event=booked plan=gold"
    ]


def test_an_object_of_functions_is_asked_for_the_one_that_is_called(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "fb.js": """\
            export const analytics = {
              track(name) { fbq('track', name); },
              log: (name) => console.log(name),
            };
            """,
            "page.js": """\
            import { analytics } from './fb';
            analytics.log('x');
            analytics.track('Booked');
            """,
        }
    )
    assert found(seen, "page.js") == ["3 meta-pixel event event=Booked"]


def test_only_events_of_the_list_are_sent(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "fb.js": """\
            const NAMES = { booked: 'Schedule', paid: 'Purchase' };
            export function track(name, data) {
              gtag('event', name, data);
              const other = NAMES[name];
              if (other) fbq('track', other, data);
            }
            """,
            "page.js": """\
            import { track } from './fb';
            track('booked', { plan: 'gold' });
            track('opened', { plan: 'gold' });
            """,
        }
    )
    assert found(seen, "page.js") == [
        "2 google-analytics-4 event event=booked plan=gold",
        "2 meta-pixel event event=Schedule plan=gold",
        "3 google-analytics-4 event event=opened plan=gold",
    ]


# ---------------------------------------------------------------- what is left alone


def test_a_function_of_the_same_name_is_another_one(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "fb.js": PIXEL,
            "other.js": "export function track(name) { console.log(name); }",
            "a.js": "import { track } from './other';\ntrack('Booked');\n",
            "b.js": "function track(name) { store(name); }\ntrack('Booked');\n",
            "c.js": "import { track } from 'some-package';\ntrack('Booked');\n",
            "d.js": "import { track } from './fb';\nfunction f(track) { track('Booked'); }\n",
        }
    )
    for path in ("a.js", "b.js", "c.js", "d.js"):
        assert found(seen, path) == []


def test_who_only_hands_a_value_on_to_a_component_says_nothing_of_it(site) -> None:  # type: ignore[no-untyped-def]
    made = site(
        {
            "src/Pixel.jsx": """\
                export function Pixel({ pixelId }) {
                  useEffect(() => { fbq('init', pixelId); }, []);
                  return null;
                }
                """,
            "src/Handed.jsx": """\
                import { Pixel } from './Pixel';
                export const Handed = ({ page }) => <Pixel pixelId={page.pixel} />;
                """,
            "src/Told.jsx": """\
                import { Pixel } from './Pixel';
                export const Told = () => <Pixel pixelId={process.env.PIXEL_ID} />;
                """,
        }
    )
    assert found(made, "src/Handed.jsx") == []
    assert [each.partition(" ")[2] for each in found(made, "src/Told.jsx")] == ["meta-pixel setup"]


def test_a_call_that_names_no_account_is_a_use_of_the_tracker(site) -> None:  # type: ignore[no-untyped-def]
    made = site(
        {
            "track.js": PIXEL + "export function start(id) { fbq('init', id); }\n",
            "main.js": f"""\
                import {{ start, track }} from './track';
                start('{ID}');
                track('Lead', {{ em: document.getElementById('email').value }});
                """,
        }
    )
    here = [each for each in made.trackers if each.place.path == "main.js"]
    assert [told(each) for each in here] == [f"2 meta-pixel setup {ID}"]
    assert [each.place.line for each in made.uses] == [3]


def test_branches_of_a_written_script_are_one_tracker(site) -> None:  # type: ignore[no-untyped-def]
    script = "const id = ok ? '702200300400511' : '702200300400522';\n"
    written = "document.write('<script>fbq(\\'init\\', \\'' + id + '\\')</' + 'script>');\n"
    made = site({"main.js": script + written})
    assert found(made, "main.js") == ["2 meta-pixel setup 702200300400511 702200300400522"]


def test_a_component_that_sends_events_of_its_own_does_so_where_it_stands(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "button.tsx": """\
            export const Book = ({ doctor }) => (
              <button onClick={() => fbq('track', 'Booked', { doctor })}>Book</button>
            );
            export const Track = ({ event }) => { fbq('track', event); return null; };
            """,
            "page.tsx": """\
            import { Book, Track } from './button';
            export const Page = () => <main><Book doctor="Who" /><Track event="Seen" /></main>;
            """,
        }
    )
    assert found(seen, "page.tsx") == ["2 meta-pixel event event=Seen"]


def test_what_a_function_does_in_any_case_is_told_once(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "ga.js": """\
            export function load(name) {
              gtag('config', 'G-ABCDE12345');
              fbq('track', name);
            }
            """,
            "a.js": "import { load } from './ga';\nload('Seen');\n",
            "b.js": "import { load } from './ga';\nload();\n",
        }
    )
    assert found(seen, "a.js") == ["2 meta-pixel event event=Seen"]
    assert found(seen, "b.js") == []
    assert found(seen, "ga.js")[0] == "2 google-analytics-4 setup G-ABCDE12345"


def test_a_function_of_the_same_file_is_followed_where_it_stands(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "fb.js": PIXEL + "track('Booked', { plan: 'gold' });\n",
            "main.js": "import './fb';\n",
        }
    )
    assert found(seen, "fb.js") == ["1 meta-pixel event event=Booked plan=gold"]


def test_calls_in_tests_are_left_alone(site) -> None:  # type: ignore[no-untyped-def]
    seen = site({"fb.js": PIXEL, "fb.test.js": "import { track } from './fb';\ntrack('Booked');\n"})
    assert found(seen, "fb.test.js") == []


def test_functions_that_call_each_other_come_to_an_end(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "a.js": """\
            import { b } from './b';
            export function a(name) { b(name); fbq('track', name); }
            """,
            "b.js": "import { a } from './a';\nexport function b(name) { a(name); }\n",
            "main.js": "import { a } from './a';\na('Booked');\n",
        }
    )
    assert found(seen, "main.js") == ["2 meta-pixel event event=Booked"]


# ---------------------------------------------------------------- environments


def test_each_environment_tells_its_own_id(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "app/.env.production": "NEXT_PUBLIC_PIXEL=702200300400511\n",
            "app/.env.staging": "NEXT_PUBLIC_PIXEL=702200300400522\n",
            "app/.env.example": "NEXT_PUBLIC_PIXEL=your-pixel-id\n",
            "app/src/main.js": "fbq('init', process.env.NEXT_PUBLIC_PIXEL);\n",
            "other/.env": "NEXT_PUBLIC_PIXEL=702200300400533\n",
        }
    )
    assert found(seen, "app/src/main.js") == [
        "1 meta-pixel setup 702200300400511",
        "1 meta-pixel setup 702200300400522",
    ]
    assert through(seen, "app/src/main.js") == [
        "app/.env.production:1 gives NEXT_PUBLIC_PIXEL its value",
        "app/.env.staging:1 gives NEXT_PUBLIC_PIXEL its value",
    ]


@pytest.mark.parametrize(
    "read",
    [
        "import { PUBLIC_PIXEL } from '$env/static/public';\nfbq('init', PUBLIC_PIXEL);\n",
        "import { env } from '$env/dynamic/public';\nfbq('init', env.PUBLIC_PIXEL);\n",
        "const { PUBLIC_PIXEL } = import.meta.env;\nfbq('init', PUBLIC_PIXEL);\n",
        "const id = process.env['PUBLIC_PIXEL'];\nfbq('init', id);\n",
    ],
)
def test_an_environment_is_read_in_many_ways(site, read: str) -> None:  # type: ignore[no-untyped-def]
    seen = site({".env": f"PUBLIC_PIXEL={ID}\n", "main.js": read})
    assert found(seen, "main.js") == [f"2 meta-pixel setup {ID}"]


def test_a_snippet_is_shown_by_its_own_set_up_before_a_call_of_another(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "gtag.js": "export const pageview = (url) =>\n"
            "  gtag('config', 'G-4K2M8P1QRS', {page_path: url});\n",
            "main.js": "import { pageview } from './gtag';\npageview('/next');\n"
            "gtag('config', 'G-4K2M8P1QRS');\n",
        }
    )
    (snippet,) = [each for each in seen.snippets if each.head.place.path == "main.js"]
    assert [each.place.line for each in snippet.trackers] == [2, 3]
    assert snippet.head.place.line == 3


def test_an_environment_reaches_a_component_in_another_file(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            ".env": f"PIXEL={ID}\n",
            "env.js": "export const pixel = process.env.PIXEL;",
            "fb.js": "export const init = (id) => fbq('init', id);",
            "main.js": "import { init } from './fb';\nimport { pixel } from './env';\ninit(pixel);\n",
        }
    )
    assert found(seen, "main.js") == [f"3 meta-pixel setup {ID}"]


@pytest.mark.parametrize(
    ("file", "ids", "status"),
    [
        (".env", ("G-XXXXXXXXXX",), Status.PLACEHOLDER),
        (".env.example", (), Status.LIVE),  # the id that the site has is kept elsewhere
    ],
)
def test_a_placeholder_of_an_example_tells_no_id(  # type: ignore[no-untyped-def]
    site, file: str, ids: tuple[str, ...], status: Status
) -> None:
    seen = site({file: "GA=G-XXXXXXXXXX\n", "main.js": "gtag('config', process.env.GA);\n"})
    (tracker,) = [each for each in every(seen) if each.place.path == "main.js"]
    assert tracker.detection.ids == ids
    assert tracker.status is status


def test_files_that_all_hand_on_each_other_are_asked_once(site) -> None:  # type: ignore[no-untyped-def]
    everything = "".join(f"export * from './m{number}';\n" for number in range(12))
    files = {f"src/m{number}.ts": everything for number in range(12)}
    files["src/m7.ts"] += "export function go(name, data) { fbq('track', name, data); }\n"
    files["src/main.ts"] = "import { go, nothing } from './m0';\ngo('Lead', nothing);\n"
    assert [each[:18] for each in found(site(files), "src/main.ts")] == ["2 meta-pixel event"]


@pytest.mark.parametrize(
    "inner",
    [
        "{ " + ", ".join(f"k{number}: A" for number in range(10)) + " }",
        "A + A + A + A",
        "x ? A : y ? `${A}1` : `1${A}`",
    ],
)
def test_values_that_grow_from_file_to_file_stay_small(site, inner: str) -> None:  # type: ignore[no-untyped-def]
    files = {
        f"src/m{number}.ts": f"import {{ A }} from './m{number + 1}';\nconst B = {inner};\n"
        "export { B as A };\n"
        for number in range(14)
    }
    files["src/m14.ts"] = "export const A = location.href + '1';\n"
    files["src/main.ts"] = (
        "import { A } from './m0';\nfbq('init', '702200300400511');\nfbq('track', 'Lead', A);\n"
    )
    assert any(line.startswith("3 meta-pixel event") for line in found(site(files), "src/main.ts"))


def test_of_many_environments_some_are_told(site) -> None:  # type: ignore[no-untyped-def]
    files = {f".env.mode{number}": f"GTM=G-ABCDEF{number:04}\n" for number in range(300)}
    files["src/a.js"] = "gtag('config', process.env.GTM);\n"
    assert len(found(site(files), "src/a.js")) == 40


# ---------------------------------------------------------------- pages of cases


PAGES = Path(__file__).parent.parent / "fixtures" / "across"
CASES = [case for page in sorted(PAGES.glob("*.md")) for case in cases_of(page)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_files_say_together(case: Case, site, rewrite: bool) -> None:  # type: ignore[no-untyped-def]
    seen = [line for each in every(site(case.files)) for line in lines_of(each)]
    if rewrite:
        rewrite_case(case, seen)
    elif difference := case.difference(seen):
        pytest.fail(difference, pytrace=False)


def lines_of(tracker: Tracker) -> Iterator[str]:
    """A tracker, where its data come from, and the steps to what is done."""
    yield f"{tracker.place.path}:{told(tracker)}"
    for datum in tracker.detection.data:
        for hole in holes(datum.value):
            yield f"  {datum.name}: {hole.origin}"
    for step in tracker.detection.fact.through:
        yield f"  {step.place.path}:{step.place.line} {step.text}"


FRAMEWORK = "".join(  # functions that hand on what they are given, as a framework has them
    f"function f{n}(e,t){{return e===null?f{n + 1}(t,e):f{n // 2}({{a:e,b:f{n // 3}(t)}},t)}}"
    for n in range(400)
)
CHUNK = (
    f"{FRAMEWORK}function f400(e){{return e}}"
    "const i={pixel:'702200300400511'},x=(e,t={})=>{window.fbq('track',e,{...t,site:'lakeside'})};"
    "function q(e){return f0(e,f1)}export{i as a,x as t,q as u};"
)


def test_a_part_of_a_bundle_is_followed_to_the_part_that_calls_it(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "assets/index-b2.js": CHUNK,
            "assets/Book-a1.js": (
                'import{t as n,a as o,u as r}from"./index-b2.js";function s(){const[e,t]=r("");'
                "window.fbq('init',o.pixel),n('Schedule',{reason:document.querySelector('#why').value})}"
                "export{s as default};"
            ),
        }
    )
    assert len(CHUNK) > 20_000
    assert found(seen, "assets/Book-a1.js") == [
        f"1 meta-pixel setup {ID}",
        "1 meta-pixel event event=Schedule reason=${document.querySelector('#why').value} "
        "site=lakeside",
    ]
    assert origins(seen, "assets/Book-a1.js", "reason") == ["form field #why"]


def test_a_part_that_nobody_asks_is_not_read_again(site, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from analyzer.parse.scripts import offers

    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(offers, "parsed", read)
    seen = site(
        {
            "assets/index-b2.js": CHUNK,
            "assets/Book-a1.js": "fbq('init','702200300400511');export default 1;",
        }
    )
    assert found(seen, "assets/Book-a1.js") == [f"1 meta-pixel setup {ID}"]


COMPOSABLE = """
export function useTracking(category) {
  function track(action, params = {}) { window.gtag("event", action, { category, ...params }); }
  return { track };
}
"""


@pytest.mark.parametrize(
    ("markup", "script"),
    [
        ('<input v-model="form.why" name="reason">', "const form = reactive({ why: '' });"),
        ('<input v-model="why" name="reason">', "const why = ref('');"),
    ],
)
def test_what_a_component_hands_to_another_file_comes_from_its_fields(  # type: ignore[no-untyped-def]
    site, markup: str, script: str
) -> None:
    what = "form.why" if "form" in script else "why.value"
    seen = site(
        {
            "src/track.js": COMPOSABLE,
            "src/Book.vue": (
                "<script setup>\nimport { reactive, ref } from 'vue';\n"
                "import { useTracking } from './track';\nconst { track } = useTracking('x');\n"
                f"{script}\nfunction send() {{ track('book', {{ why: {what} }}); }}\n</script>\n"
                f"<template><form @submit='send'>{markup}</form></template>\n"
            ),
        }
    )
    assert origins(seen, "src/Book.vue", "why") == ["form field [name=reason]"]


def test_what_a_handler_without_a_name_puts_into_the_state_is_known(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "src/track.js": PIXEL,
            "src/Mood.jsx": """\
                import { useState } from "react";
                import { track } from "./track";
                export default function Mood() {
                  const [mood, setMood] = useState("");
                  const done = () => track("Lead", { mood });
                  return <form onSubmit={done}>
                    <select name="depression" onChange={(e) => setMood(e.target.value)} />
                  </form>;
                }
            """,
        }
    )
    assert origins(seen, "src/Mood.jsx", "mood") == ["form field [name=depression]"]


COMMANDS = "export function gtag() { window.dataLayer.push(arguments); }\n"


def test_the_data_layer_function_is_known_where_it_is_imported(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "src/google.js": COMMANDS,
            "src/Form.svelte": """\
                <script>
                import { gtag } from "./google.js";
                let email = $state("");
                function send() {
                  gtag("config", "G-ABCDE12345");
                  gtag("set", "user_data", { email });
                }
                </script>
                <form onsubmit={send}><input name="mail" bind:value={email}></form>
            """,
        }
    )
    assert found(seen, "src/Form.svelte") == [
        "5 google-analytics-4 setup G-ABCDE12345",
        "6 google-analytics-4 identity email=${email}",
    ]
    assert set(origins(seen, "src/Form.svelte", "email")) == {"form field [name=mail]"}


def test_a_function_that_does_more_than_push_its_arguments_is_followed(site) -> None:  # type: ignore[no-untyped-def]
    seen = site(
        {
            "src/google.js": COMMANDS.replace("(arguments)", "(arguments[0])"),
            "src/form.js": "import { gtag } from './google.js';\ngtag('config', 'G-ABCDE12345');\n",
        }
    )
    assert found(seen, "src/form.js") == []
