"""Where the address comes from that routers tell scripts: it holds what a visitor looked at."""

from __future__ import annotations

import pytest

from tests.test_origins import data_of, told

SEND = "gtag('event', 'view', {x: WHAT});"
ADDRESS = "page address path"
OF_ANGULAR = (
    "import { Router, NavigationEnd, ActivatedRoute } from '@angular/router';"
    " export class A { constructor(private router: Router, private route: ActivatedRoute)"
    " { BODY } }"
)

TOLD = {
    "Vue: after each route": ("router.afterEach((to, from) => { SEND });", "to.fullPath"),
    "Vue: a parameter": ("router.afterEach((to) => { SEND });", "to.params.id", "id"),
    "Vue: the route before": ("router.beforeEach((to, from) => { SEND });", "from.path"),
    "Vue: watched by name": ("export default {watch: {$route(to) { SEND }}};", "to.path"),
    "Vue: a method watches": (
        "export default {watch: {'$route': function (to) { SEND }}};",
        "to.fullPath",
    ),
    "Vue: a value is watched": (
        "const route = useRoute(); watch(() => route.fullPath, (now) => { SEND });",
        "now",
    ),
    "Vue: the component's own": ("export default {mounted() { SEND }};", "this.$route.path"),
    "Vue: before a route": (
        "const routes = [{path: '/a', beforeEnter: (to) => { SEND }}];",
        "to.fullPath",
    ),
    "Vue: a component's guard": (
        "export default {beforeRouteUpdate(to, from, next) { SEND next(); }};",
        "to.fullPath",
    ),
    "Next: an event": (
        "Router.events.on('routeChangeComplete', (url) => { SEND });",
        "url",
    ),
    "Next: a piece of it": (
        "Router.events.on('routeChangeComplete', (url) => { SEND });",
        "url.split('?')[0]",
    ),
    "Next: an event, by a name": (
        "const changed = (url) => { SEND }; router.events.on('routeChangeStart', changed);",
        "url",
    ),
    "Next: the router": ("const router = useRouter(); SEND", "router.asPath"),
    "React: its history": ("history.listen((location) => { SEND });", "location.pathname"),
    "React: a newer history": (
        "const history = make(); history.listen(({location}) => { SEND });",
        "location.pathname",
    ),
    "Gatsby": ("exports.onRouteUpdate = ({location}) => { SEND };", "location.pathname"),
    "Svelte: after a navigation": (
        "afterNavigate(({to}) => { SEND });",
        "to.url.pathname",
    ),
    "Svelte: the page": ("import {page} from '$app/state'; SEND", "page.url.pathname"),
    "Svelte: a parameter": ("import {page} from '$app/state'; SEND", "page.params.id", "id"),
    "Angular: an event": (
        OF_ANGULAR.replace("BODY", "this.router.events.subscribe((e) => { SEND });"),
        "e.urlAfterRedirects",
    ),
    "Angular: through a pipe": (
        OF_ANGULAR.replace(
            "BODY",
            "this.router.events.pipe(filter((e) => e instanceof NavigationEnd))"
            ".subscribe((e: NavigationEnd) => { SEND });",
        ),
        "e.urlAfterRedirects",
    ),
    "Angular: the router": (OF_ANGULAR.replace("BODY", SEND), "this.router.url"),
    "Angular: a parameter": (
        OF_ANGULAR.replace("BODY", SEND),
        "this.route.snapshot.paramMap.get('patient')",
        "patient",
    ),
}


@pytest.mark.parametrize("way", TOLD)
def test_a_router_tells_the_address(way: str) -> None:
    code, what, *rest = TOLD[way]
    code = code.replace("SEND", SEND).replace("WHAT", what)
    path = "lead.ts" if "constructor(private" in code else "lead.js"
    expected = " ".join((ADDRESS, *rest))
    assert told(data_of(code, path)["x"]) == [expected]


QUERIES = {
    "router.afterEach((to) => { gtag('event', 'view', {x: to.query.email}); });": "email",
    "const r = useRouter(); gtag('event', 'view', {x: r.query.email});": "email",
    "gtag('event', 'view', {x: router.currentRoute.value.query.email});": "email",
    "watch(route, (to) => { gtag('event', 'view', {x: to.query.email}); });"
    " const route = useRoute();": "email",
}


@pytest.mark.parametrize("code", QUERIES)
def test_a_router_tells_the_query(code: str) -> None:
    assert told(data_of(code)["x"]) == [f"query parameter {QUERIES[code]}"]


OTHERS = (
    "bus.on('booked', (x) => { gtag('event', 'view', {x}); });",
    "store.listen((x) => { gtag('event', 'view', {x}); });",
    "list.each((x) => { gtag('event', 'view', {x}); });",
    "watch(count, (x) => { gtag('event', 'view', {x}); });",
    "export const routed = (x) => { gtag('event', 'view', {x}); };",
)


@pytest.mark.parametrize("code", OTHERS)
def test_what_others_tell_is_no_address(code: str) -> None:
    assert not any("address" in each for each in told(data_of(code)["x"]))


def test_what_a_route_loads_is_an_answer() -> None:
    code = "const d = useLoaderData(); gtag('event', 'view', {x: d.patient.email});"
    (origin,) = told(data_of(code)["x"])
    assert origin == "response of a request the route's loader > patient.email"


def test_settings_of_a_call_are_data_where_they_have_a_category() -> None:
    found = data_of(
        "gtag('config', 'G-ABCDEF1234', {send_page_view: false, page_path: location.pathname,"
        " user_id: user.id, email: document.querySelector('#email').value});"
    )
    assert sorted(found) == ["email", "page_path", "user_id"]
    assert told(found["email"]) == ["form field #email"]
