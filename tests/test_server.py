"""Server programs: what they send, what they import and call, and what is only written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.match import Matcher
from analyzer.model import (
    Call,
    Fact,
    Hole,
    Moment,
    Origin,
    OriginKind,
    Package,
    Request,
    ScriptLoad,
    Source,
    Text,
    holes,
    shown,
)
from analyzer.parse.files import parse
from analyzer.pipeline import scan

LOADED = signatures.load()


def facts(path: str, text: str) -> tuple[Fact, ...]:
    parsed = parse(Source(path, text.encode()), LOADED.vocabulary)
    assert not [skip for skip in parsed.skips if "not followed" not in skip.reason]
    return parsed.facts


def sent(path: str, text: str) -> list[str]:
    """The requests of a program: the line, the address, and what is sent."""
    return [
        f"{fact.place.line} {shown(fact.url)}" + (f" {shown(fact.body)}" if fact.body else "")
        for fact in facts(path, text)
        if isinstance(fact, Request)
    ]


def request(path: str, text: str) -> Request:
    """The one request of a program."""
    (fact,) = (each for each in facts(path, text) if isinstance(each, Request))
    return fact


def found(path: str, text: str) -> list[str]:
    """The vendors that a program shows."""
    matcher = Matcher(LOADED)
    return [
        " ".join((each.vendor, each.role, *each.ids))
        for fact in facts(path, text)
        for each in matcher.detect(fact)
    ]


META = "https://graph.facebook.com/v18.0/123456789012345/events"
TIKTOK = "https://business-api.tiktok.com/open_api/v1.3/event/track/"


# ---------------------------------------------------------------- every language, both sides


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "import requests\nrequests.post('ADDRESS', json={'em': x})"),
        (
            "a.py",
            "from httpx import AsyncClient\nasync def f():\n  async with AsyncClient() as c:\n"
            "    await c.post('ADDRESS', json={'em': x})",
        ),
        (
            "a.py",
            "from urllib.request import Request, urlopen\n"
            "urlopen(Request('ADDRESS', data=json.dumps({'em': x}).encode()))",
        ),
        ("a.rb", "HTTParty.post 'ADDRESS', body: { em: x }.to_json"),
        (
            "a.rb",
            "uri = URI('ADDRESS')\nhttp = Net::HTTP.new(uri.host, uri.port)\n"
            "req = Net::HTTP::Post.new(uri)\nreq.body = { em: x }.to_json\nhttp.request(req)",
        ),
        ("a.rb", "RestClient.post('ADDRESS', { em: x }, { accept: :json })"),
        ("a.rb", "Faraday.post(URI.parse('ADDRESS'), { 'em' => x }.to_json)"),
        (
            "a.php",
            "<?php $ch = curl_init('ADDRESS'); curl_setopt($ch, CURLOPT_POSTFIELDS,"
            " json_encode(['em' => $x]));",
        ),
        (
            "a.php",
            "<?php curl_setopt_array($ch, [CURLOPT_URL => 'ADDRESS',"
            " CURLOPT_POSTFIELDS => ['em' => $x]]);",
        ),
        (
            "a.php",
            "<?php wp_remote_post('ADDRESS', array('headers' => array('a' => 'b'),"
            " 'body' => array('em' => $x)));",
        ),
        ("a.php", "<?php Http::withToken($t)->post('ADDRESS', ['em' => $x]);"),
        (
            "a.php",
            "<?php $c = new \\GuzzleHttp\\Client();"
            " $c->request('POST', 'ADDRESS', ['json' => ['em' => $x]]);",
        ),
        (
            "A.java",
            'class A { void f() { restTemplate.postForEntity("ADDRESS", Map.of("em", x),'
            " String.class); } }",
        ),
        (
            "A.java",
            'class A { void f() { HttpRequest.newBuilder().uri(URI.create("ADDRESS"))'
            '.POST(BodyPublishers.ofString(json)); data.put("em", x); } }',
        ),
        (
            "A.java",
            'class A { void f() { URL u = new URL("ADDRESS");'
            " HttpURLConnection c = (HttpURLConnection) u.openConnection(); } }",
        ),
        (
            "A.java",
            'class A { void f() { new Request.Builder().url("ADDRESS").post(body).build(); } }',
        ),
        (
            "a.kt",
            'suspend fun f() {\n  client.post("ADDRESS") {\n    setBody(mapOf("em" to x))\n  }\n}',
        ),
        (
            "a.cs",
            'class A { async Task F() { await _c.PostAsJsonAsync("ADDRESS", new { em = x }); } }',
        ),
        (
            "a.cs",
            'class A { void F() { var r = new HttpRequestMessage(HttpMethod.Post, "ADDRESS");'
            " r.Content = JsonContent.Create(new { em = x }); } }",
        ),
        (
            "a.go",
            'package a\nfunc f() {\n\tb, _ := json.Marshal(map[string]any{"em": x})\n'
            '\thttp.Post("ADDRESS", "application/json", bytes.NewReader(b))\n}',
        ),
        ("a.go", 'package a\nfunc f() {\n\treq, err := http.NewRequest("POST", "ADDRESS", nil)\n}'),
    ],
)
def test_a_client_that_is_given_a_vendors_address_sends(path: str, text: str) -> None:
    assert found(path, text.replace("ADDRESS", META)) == [
        "meta-conversions-api server 123456789012345"
    ]
    if "em" in text and "BodyPublishers" not in text:
        fact = request(path, text.replace("ADDRESS", META))
        assert shown(fact.body) in ("{em: ${x}}", "{em: ${$x}}")
        assert fact.moment is Moment.SERVER


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "# requests.post('ADDRESS')\nimport requests"),
        ("a.py", '"""\nrequests.post("ADDRESS")\n"""\nimport requests'),
        ("a.py", "import requests\nALLOWED = ['ADDRESS']\nrequests.post(other)"),
        ("a.py", "import requests\nAPI = 'ADDRESS'\nprint(API)"),
        (
            "a.py",
            "CSP = {'connect-src': ['ADDRESS']}\nresponse.headers['Content-Security-Policy'] = CSP",
        ),
        ("a.py", "responses.add(responses.POST, 'ADDRESS')\nrequests_mock.post('ADDRESS')"),
        ("a.py", "redirect('ADDRESS')"),
        (
            "a.py",
            "import requests\nrequests.post('https://a.example', headers={'Referer': 'ADDRESS'})",
        ),
        ("a.rb", "# HTTParty.post('ADDRESS')\n=begin\nHTTParty.post('ADDRESS')\n=end"),
        ("a.rb", "policy.connect_src :self, 'ADDRESS'"),
        ("a.rb", "SOURCES = %w[ADDRESS https://clinic.example]\nlink_to 'Ads', 'ADDRESS'"),
        ("a.rb", "stub_request(:post, 'ADDRESS')"),
        (
            "a.php",
            "<?php // curl_init('ADDRESS')\n# curl_init('ADDRESS')\n/* curl_init('ADDRESS') */",
        ),
        ("a.php", "curl_init('ADDRESS') <?php echo 1; ?> curl_init('ADDRESS')"),
        (
            "a.php",
            "<?php header('Location: ADDRESS'); $hosts = ['ADDRESS']; in_array('ADDRESS', $hosts);",
        ),
        ("A.java", 'class A { /** restTemplate.getForObject("ADDRESS") */ String a = "ADDRESS"; }'),
        (
            "A.java",
            'class A { void f() { log.info("ADDRESS"); map.put("u", "ADDRESS"); } }',
        ),
        ("a.kt", '// client.post("ADDRESS")\nval hosts = listOf("ADDRESS")'),
        ("a.cs", 'class A { void F() { /* c.PostAsync("ADDRESS") */ o.WithOrigins("ADDRESS"); } }'),
        (
            "a.go",
            'package a\nvar allowed = []string{"ADDRESS"}\n// http.Post("ADDRESS")\n'
            'func f() { http.Redirect(w, r, "ADDRESS", 302) }',
        ),
    ],
)
def test_an_address_that_is_only_written_down_sends_nothing(path: str, text: str) -> None:
    assert found(path, text.replace("ADDRESS", META)) == []


@pytest.mark.parametrize(
    "host", ["graph.facebook.com.example.org", "notgraph.facebook.com", "graph-facebook.com"]
)
def test_a_lookalike_host_is_another_host(host: str) -> None:
    text = f"import requests\nrequests.post('https://{host}/v18.0/123456789012345/events')"
    assert found("a.py", text + "\n# graph.facebook.com") == []


def test_a_program_without_any_word_of_the_signatures_is_not_read() -> None:
    assert facts("a.py", "import requests\nrequests.post('https://clinic.example/api')") == ()


# ---------------------------------------------------------------- addresses that are put together


def test_python_puts_an_address_together_from_constants_and_names_its_holes() -> None:
    text = """\
import os, requests
API = "https://graph.facebook.com"
PIXEL = os.environ["PIXEL_ID"]

def send(payload):
    url = f"{API}/v18.0/{PIXEL}/events"
    return requests.post(url, json=payload, params={"access_token": TOKEN})
"""
    fact = request("a.py", text)
    assert fact.place.line == 6
    assert fact.url == Text(
        (
            "https://graph.facebook.com/v18.0/",
            Hole('os.environ["PIXEL_ID"]', Origin(OriginKind.ENVIRONMENT, "PIXEL_ID")),
            "/events?access_token=",
            Hole("TOKEN"),
        )
    )


def test_the_place_is_exact_behind_letters_of_more_than_one_byte() -> None:
    fact = request("a.py", f"import requests\ns = 'é😀'; requests.post('{META}')")
    assert (fact.place.line, fact.place.region.column) == (2, 25)
    assert fact.place.text == f"'{META}'"
    fact = request("a.php", f"<?php $s = 'é😀'; Http::post('{META}');")
    assert (fact.place.line, fact.place.region.column) == (1, 29)


@pytest.mark.parametrize(
    "expression",
    [
        '"https://graph.facebook.com/%s/%s/events" % (VERSION, pixel)',
        '"https://graph.facebook.com/{}/{p}/events".format(VERSION, p=pixel)',
        '"https://graph.facebook.com/" + VERSION + "/" + pixel + "/events"',
        '"/".join(["https://graph.facebook.com", VERSION, pixel, "events"])',
        'urljoin("https://graph.facebook.com", f"{VERSION}/{pixel}/events")',
        'os.getenv("META", "https://graph.facebook.com") + f"/{VERSION}/{pixel}/events"',
    ],
)
def test_python_writes_addresses_in_many_ways(expression: str) -> None:
    text = f"import requests, os\nVERSION = 'v18.0'\nrequests.post({expression})"
    (line,) = sent("a.py", text)
    assert line == "3 https://graph.facebook.com/v18.0/${pixel}/events"


def test_a_wrappers_caller_says_where_the_request_goes() -> None:
    text = """\
import requests

class Ads:
    BASE = "https://business-api.tiktok.com/open_api/v1.3"

    def __init__(self):
        self.session = requests.Session()

    def _post(self, path, body):
        return self.session.post(self.BASE + path, json=body)

    def booked(self, person):
        self._post("/event/track/", {"event": "Schedule", "email": person.email})
"""
    assert sent("a.py", text) == [f"13 {TIKTOK} {{event: Schedule, email: ${{person.email}}}}"]


def test_a_path_is_added_to_the_base_address_of_the_only_client() -> None:
    text = (
        "import httpx\nclient = httpx.Client(base_url='https://business-api.tiktok.com')\n"
        "client.post('/open_api/v1.3/event/track/', json={'event': 'x'})\n"
    )
    assert sent("a.py", text) == [f"3 {TIKTOK} {{event: x}}"]
    text = (
        "conn = Faraday.new(url: 'https://business-api.tiktok.com') do |f|\n"
        "  f.request :json\nend\n"
        "conn.post('/open_api/v1.3/event/track/', { event: 'x' })\n"
    )
    assert sent("a.rb", text) == [f"4 {TIKTOK} {{event: x}}"]
    text = (
        "<?php $c = new Client(['base_uri' => 'https://business-api.tiktok.com/']);\n"
        "$c->post('open_api/v1.3/event/track/', ['json' => ['event' => 'x']]);"
    )
    assert sent("a.php", text) == [f"2 {TIKTOK} {{event: x}}"]
    text = (
        'class A { void F() { c.BaseAddress = new Uri("https://business-api.tiktok.com");\n'
        'c.PostAsJsonAsync("/open_api/v1.3/event/track/", new { @event = "x" }); } }'
    )
    assert sent("a.cs", text) == [f"2 {TIKTOK} {{event: x}}"]


def test_ruby_methods_and_constants_are_followed() -> None:
    text = """\
class Capi
  API = "https://graph.facebook.com".freeze

  def url
    "#{API}/v18.0/#{@pixel}/events"
  end

  def send_event
    Faraday.post(url, payload.to_json)
  end
end
"""
    assert sent("a.rb", text) == ["5 https://graph.facebook.com/v18.0/${@pixel}/events"]


def test_a_heredoc_and_a_regular_expression_do_not_hide_what_follows() -> None:
    text = f"""\
sql = <<~SQL
  it's "one" quote
SQL
ok = name =~ /["']/
HTTParty.post("{META}")
"""
    assert sent("a.rb", text) == [f"5 {META}"]


def test_php_constants_properties_and_formats_are_followed() -> None:
    text = """\
<?php
class Capi {
    const BASE = 'https://graph.facebook.com/v18.0/';

    public function send($user) {
        $url = self::BASE . $this->pixel . "/events?access_token={$this->token}";
        $payload = ['data' => [['event_name' => 'Lead', 'em' => hash('sha256', $user->email)]]];
        $ch = curl_init();
        curl_setopt($ch, CURLOPT_URL, $url);
        curl_setopt($ch, CURLOPT_POSTFIELDS, json_encode($payload));
        Http::post(sprintf('https://tr.snapchat.com/v3/%s/events', $this->snap), $payload);
    }
}
"""
    body = "{data: [{event_name: Lead, em: ${hash('sha256', $user->email)}}]}"
    assert sent("a.php", text) == [
        "6 https://graph.facebook.com/v18.0/${$this->pixel}/events?access_token=${$this->token} "
        + body,
        "11 https://tr.snapchat.com/v3/${$this->snap}/events " + body,
    ]


def test_a_value_that_is_hashed_says_so() -> None:
    fact = request("a.py", f"requests.post('{META}', json={{'em': sha256(email)}})")
    assert [hole.origin.kind for hole in holes(fact.body)] == [OriginKind.HASH]


def test_java_and_kotlin_fields_are_followed() -> None:
    text = """\
class Capi {
  private static final String BASE = "https://graph.facebook.com/v18.0/";
  void send(String email) {
    Map<String, Object> data = new HashMap<>();
    data.put("em", hash(email));
    restTemplate.postForEntity(BASE + pixelId + "/events", data, String.class);
    new HttpPost(String.format("https://tr.snapchat.com/v3/%s/events", id));
  }
}
"""
    assert sent("Capi.java", text) == [
        "6 https://graph.facebook.com/v18.0/${pixelId}/events {em: ${hash(email)}}",
        "7 https://tr.snapchat.com/v3/${id}/events",
    ]
    text = (
        'const val BASE = "https://graph.facebook.com"\n'
        'fun f() = client.post("$BASE/v1/${id}/events")\n'
    )
    assert sent("a.kt", text) == ["2 https://graph.facebook.com/v1/${id}/events"]


def test_csharp_properties_and_interpolated_texts_are_followed() -> None:
    text = """\
class Capi {
  private const string Base = "https://graph.facebook.com";
  string Url => $"{Base}/v18.0/{_pixel}/events";
  #region It's fine
  async Task Send() {
    var data = new Dictionary<string, object> { ["event_name"] = "Lead", ["em"] = hash };
    await _client.PostAsync(Url, JsonContent.Create(data));
  }
}
"""
    assert sent("Capi.cs", text) == [
        "3 https://graph.facebook.com/v18.0/${_pixel}/events {event_name: Lead, em: ${hash}}"
    ]


def test_go_constants_formats_and_marshalled_maps_are_followed() -> None:
    text = """\
package capi
const apiURL = "https://graph.facebook.com"
func Send() error {
	url := fmt.Sprintf("%s/v18.0/%s/events", apiURL, pixelID)
	payload := map[string]interface{}{"data": []map[string]any{{"event_name": "Lead"}}}
	body, err := json.Marshal(payload)
	req, err := http.NewRequest("POST", url, bytes.NewBuffer(body))
}
"""
    assert sent("capi.go", text) == [
        "4 https://graph.facebook.com/v18.0/${pixelID}/events {data: [{event_name: Lead}]}"
    ]


def test_python_of_yesterday_is_read_without_its_tree() -> None:
    text = f"print 'sending'\nrequests.post('{META}', json={{'em': x}})\n"
    assert sent("old.py", text) == [f"2 {META} {{em: ${{x}}}}"]


def test_an_id_in_the_query_is_found_beside_the_address() -> None:
    text = (
        "import requests\nrequests.post('https://www.google-analytics.com/mp/collect',\n"
        "  params={'measurement_id': 'G-ABCD123456', 'api_secret': S}, json={'client_id': c})"
    )
    assert found("a.py", text) == ["google-analytics-4 server G-ABCD123456"]


# ---------------------------------------------------------------- libraries


def test_imports_of_vendors_packages_are_told_from_others() -> None:
    text = "import os\nfrom facebook_business.api import FacebookAdsApi\nimport facebook\n"
    assert [
        (fact.ecosystem, fact.name, fact.place.line)
        for fact in facts("a.py", text)
        if isinstance(fact, Package)
    ] == [("pypi", "facebook-business", 2)]
    assert found("a.rb", "require 'mixpanel-ruby'\nrequire 'json'") == ["mixpanel package"]
    assert found("A.cs", "using System;\nusing Google.Ads.GoogleAds.Lib;\n") == [
        "google-ads package"
    ]


def test_an_import_in_a_comment_or_a_docstring_is_none() -> None:
    assert facts("a.py", '"""\nimport facebook_business\n"""\n# import facebook_business\n') == ()
    assert facts("a.rb", "# require 'mixpanel-ruby'\n=begin\nrequire 'mixpanel-ruby'\n=end\n") == ()


def test_calls_of_a_vendors_library_say_what_they_are_given() -> None:
    text = """\
from mixpanel import Mixpanel
mp = Mixpanel("0123456789abcdef0123456789abcdef")
mp.track(user.id, "Booked", {"clinic": "cardiology"})
"""
    calls = [fact for fact in facts("a.py", text) if isinstance(fact, Call)]
    assert [(each.callee, tuple(map(shown, each.args))) for each in calls] == [
        ("pypi:mixpanel.Mixpanel", ("0123456789abcdef0123456789abcdef",)),
        ("pypi:mixpanel.Mixpanel.track", ("${user.id}", "Booked", "{clinic: cardiology}")),
    ]
    assert found("a.py", text) == [
        "mixpanel package",
        "mixpanel setup 0123456789abcdef0123456789abcdef",
        "mixpanel event",
    ]


def test_a_class_of_the_same_name_from_elsewhere_is_not_the_vendors() -> None:
    text = "from clinic.log import Mixpanel\nmp = Mixpanel('x')\nmp.track(1, 'Booked')\n"
    assert found("a.py", text) == []


def test_what_an_app_calls_runs_on_no_server() -> None:
    text = """\
import android.app.Application
import com.google.firebase.analytics.FirebaseAnalytics

class Clinic : Application() {
  val analytics: FirebaseAnalytics by lazy { FirebaseAnalytics.getInstance(this) }
  fun booked() = analytics.logEvent("booked", null)
}
"""
    assert found("Clinic.kt", text) == ["firebase-analytics setup", "firebase-analytics event"]
    assert {fact.moment for fact in facts("Clinic.kt", text)} == {Moment.LOAD}


# ---------------------------------------------------------------- a whole scan


def test_a_php_file_is_read_as_a_page_and_as_a_program() -> None:
    text = (
        '<script src="https://connect.facebook.net/en_US/fbevents.js"></script>\n'
        f"<?php wp_remote_post('{META}', ['body' => ['em' => $x]]); ?>\n"
    )
    read = facts("page.php", text)
    assert any(isinstance(fact, ScriptLoad) for fact in read)
    assert any(isinstance(fact, Request) for fact in read)


def test_tests_and_fixtures_are_left_out_of_a_scan(tmp_path: Path) -> None:
    send = f'import requests\nrequests.post("{META}")\n'
    for name in (
        "capi.py",
        "tests/capi.py",
        "test_capi.py",
        "capi_test.py",
        "conftest.py",
        "spec/capi.py",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(send)
    for name, text in {
        "capi_test.go": f'package a\nfunc f() {{ http.Post("{META}") }}\n',
        "capi_spec.rb": f"HTTParty.post('{META}')\n",
        "CapiTest.java": f'class A {{ void f() {{ new HttpPost("{META}"); }} }}\n',
        "CapiTests.cs": f'class A {{ void F() {{ c.PostAsync("{META}"); }} }}\n',
        "Latest.php": f"<?php curl_init('{META}');\n",
    }.items():
        (tmp_path / name).write_text(text)
    report = scan([tmp_path], LOADED)
    assert [(each.place.path, each.status) for each in report.site.trackers] == [
        ("Latest.php", "server-side"),
        ("capi.py", "server-side"),
    ]


def test_a_scan_counts_only_the_languages_that_it_does_not_read(tmp_path: Path) -> None:
    for name in ("a.py", "a.rb", "a.java", "a.kt", "a.cs", "a.go", "a.php", "a.scala", "a.ex"):
        (tmp_path / name).write_text("\n")
    assert scan([tmp_path], LOADED).coverage.other_kinds == {".ex": 1, ".scala": 1}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "(" * 50_000),
        ("a.rb", '"' * 30_001),
        ("a.rb", "<<~A\n" * 5_000),
        ("a.rb", "a " * 30_000),
        ("a.php", "<?php Http::post('https://graph.facebook.com/1', " + "[" * 9_000 + "]" * 9_000),
        ("a.kt", '"' * 30_001 + "`" * 5_000),
        ("a.cs", '$"{' * 20_000),
        ("a.go", "`" * 30_001),
        ("A.java", "class A { void f() { b" + ".c()" * 5_000 + "; } }"),
        (
            "a.rb",
            "x0 = 'https://graph.facebook.com/'\n"
            + "".join(f"x{n} = {' + '.join([f'x{n - 1}'] * 40)}\n" for n in range(1, 14))
            + "HTTParty.post(x13, body: { a: x13 })\n",
        ),
    ],
)
def test_a_hostile_program_ends_soon(path: str, text: str) -> None:
    parse(Source(path, text.encode()), LOADED.vocabulary, thorough=True)
