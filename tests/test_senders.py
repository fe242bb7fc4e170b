"""Functions of a site's own programs that hand events to vendors, and the calls of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import signatures
from analyzer.model import Status, Tracker, shown
from analyzer.pipeline import scan

LOADED = signatures.load()

SERVICE = """\
class EventService
  def initialize
    @tracker = Mixpanel::Tracker.new("0123456789abcdef0123456789abcdef")
  end

  def run(distinct_id:, event_name:, data: {})
    @tracker.track(distinct_id, event_name, data)
  end
end
"""


def written(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def trackers(folder: Path) -> list[Tracker]:
    return sorted(
        (
            each
            for each in scan([folder], LOADED).site.sending
            if each.detection.role not in ("package", "setup")
        ),
        key=lambda each: (each.place.path, each.place.line),
    )


def told(folder: Path) -> list[str]:
    """Where something is told to a vendor, with the event and the other data."""
    return [
        f"{each.place.path}:{each.place.line} {each.vendor} {each.detection.role} "
        + " ".join(f"{datum.name}={shown(datum.value)}" for datum in each.detection.data)
        for each in trackers(folder)
    ]


def test_a_helper_makes_its_calls_in_other_files_events(tmp_path: Path) -> None:
    helper = """\
class ApplicationController
  def send_visit_event(event_name:, data: {})
    EventService.instance.run(
      distinct_id: visitor_id,
      event_name: event_name,
      data: data,
    )
  end
end
"""
    page = """\
class VisitsController < ApplicationController
  def create
    send_visit_event(event_name: "visit_booked", data: { condition: visit.condition })
    send_visit_event(event_name: "thanks_shown")
  end
end
"""
    written(tmp_path, **{"a/service.rb": SERVICE, "a/helper.rb": helper, "a/visits.rb": page})
    assert told(tmp_path) == [
        "a/service.rb:7 mixpanel event user_id=${distinct_id} event=${event_name} data=${data}",
        "a/visits.rb:3 mixpanel event user_id=${visitor_id} event=visit_booked "
        "condition=${visit.condition}",
        "a/visits.rb:4 mixpanel event user_id=${visitor_id} event=thanks_shown data=${data}",
    ]
    assert {each.status for each in trackers(tmp_path)} == {Status.SERVER_SIDE}
    steps = trackers(tmp_path)[1].detection.fact.through
    assert [each.place.path for each in steps] == ["a/visits.rb", "a/helper.rb", "a/service.rb"]


def test_a_name_that_another_class_has_too_means_neither(tmp_path: Path) -> None:
    other = "class Mailer\n  def run(event_name:)\n    deliver(event_name)\n  end\nend\n"
    page = 'def go\n  mailer.run(event_name: "a")\n  run(event_name: "b")\nend\n'
    written(tmp_path, **{"service.rb": SERVICE, "mailer.rb": other, "page.rb": page})
    assert [each.partition(" ")[0] for each in told(tmp_path)] == ["service.rb:7"]


def test_a_telling_name_with_a_second_meaning_is_left_alone(tmp_path: Path) -> None:
    mine = SERVICE.replace("def run(", "def send_visit_event(")
    other = "class Mailer\n  def send_visit_event(event_name:)\n    post(event_name)\n  end\nend\n"
    page = 'def go\n  send_visit_event(event_name: "b")\nend\n'
    written(tmp_path, **{"service.rb": mine, "page.rb": page})
    assert [each.partition(" ")[0] for each in told(tmp_path)] == ["page.rb:2", "service.rb:7"]
    written(tmp_path, **{"mailer.rb": other})
    assert [each.partition(" ")[0] for each in told(tmp_path)] == ["service.rb:7"]


def test_a_function_that_says_everything_itself_is_no_helper(tmp_path: Path) -> None:
    own = SERVICE.replace("distinct_id, event_name, data", 'current.id, "Booked", { a: 1 }')
    page = 'EventService.new.run(event_name: "b")\n'
    written(tmp_path, **{"service.rb": own, "page.rb": page})
    assert [each.partition(" ")[0] for each in told(tmp_path)] == ["service.rb:7"]


@pytest.mark.parametrize(
    ("service", "caller"),
    [
        (
            (
                "events.py",
                "from mixpanel import Mixpanel\nmp = Mixpanel('0123456789abcdef0123456789abcdef')\n"
                "def track_visit_event(user, name, data):\n    mp.track(user, name, data)\n",
            ),
            (
                "views.py",
                "from events import track_visit_event\ndef book(request):\n"
                "    track_visit_event(request.user.id, 'booked', {'condition': c})\n",
            ),
        ),
        (
            (
                "Events.php",
                "<?php\nclass Events {\n  function trackVisitEvent($name, $data) {\n"
                "    $mp = Mixpanel::getInstance('0123456789abcdef0123456789abcdef');\n"
                "    $mp->track($name, $data);\n  }\n}\n",
            ),
            (
                "book.php",
                "<?php\nfunction book($events) {\n"
                "  $events->trackVisitEvent('booked', ['condition' => $c]);\n}\n",
            ),
        ),
        (
            (
                "Events.kt",
                "import com.mixpanel.android.mpmetrics.MixpanelAPI\n"
                "class Events(private val api: MixpanelAPI) {\n"
                "  fun trackVisitEvent(name: String, data: JSONObject) {\n"
                "    api.track(name, data)\n  }\n}\n",
            ),
            (
                "Screen.kt",
                "class Screen(val events: Events) {\n  fun go() {\n"
                '    events.trackVisitEvent("booked", condition)\n  }\n}\n',
            ),
        ),
        (
            (
                "Capi.cs",
                "class CapiClient {\n  public async Task SendVisitEvent(string name, string email) {\n"
                '    await http.PostAsJsonAsync("https://graph.facebook.com/v18.0/123456789012345/events",'
                " new { event_name = name, email = email });\n  }\n}\n",
            ),
            (
                "Visits.cs",
                "class Visits {\n  void Book() {\n"
                '    capiClient.SendVisitEvent("booked", user.Email);\n  }\n}\n',
            ),
        ),
        (
            (
                "events.go",
                "package a\nfunc SendVisitEvent(name string, email string) {\n"
                '  body := map[string]string{"event_name": name, "email": email}\n'
                '  http.Post("https://graph.facebook.com/v18.0/123456789012345/events", "json", body)\n}\n',
            ),
            ("visits.go", 'package a\nfunc book() {\n  SendVisitEvent("booked", user.Email)\n}\n'),
        ),
        (
            (
                "Events.swift",
                "import Mixpanel\nclass Events {\n  func trackVisitEvent(_ name: String, data: Properties) {\n"
                "    Mixpanel.mainInstance().track(event: name, properties: data)\n  }\n}\n",
            ),
            (
                "Screen.swift",
                "class Screen {\n  func go() {\n"
                '    events.trackVisitEvent("booked", data: ["condition": c])\n  }\n}\n',
            ),
        ),
    ],
)
def test_each_language_names_its_helpers(
    tmp_path: Path, service: tuple[str, str], caller: tuple[str, str]
) -> None:
    written(tmp_path, **dict([service, caller]))
    found = [each for each in told(tmp_path) if each.startswith(f"{caller[0]}:3 ")]
    assert len(found) == 1
    assert "=booked" in found[0] or "email=${user.Email}" in found[0]


@pytest.mark.parametrize(
    ("made", "place"),
    [
        ("class A { Reporter r() { return new ClinicReporter(app); } }", "A.java"),
        ("class A { val reporter = ClinicReporter(this) }", "A.kt"),
    ],
)
def test_making_a_class_that_sets_a_library_up_sets_it_up(
    tmp_path: Path, made: str, place: str
) -> None:
    reporter = (
        "import com.google.firebase.analytics.FirebaseAnalytics\n"
        "class ClinicReporter(app: Application) {\n"
        "  private val analytics = FirebaseAnalytics.getInstance(app)\n}\n"
    )
    written(tmp_path, **{"ClinicReporter.kt": reporter, place: made})
    found = scan([tmp_path], LOADED).site.sending
    assert {(each.place.path, each.detection.role) for each in found} == {
        (place, "setup"),
        ("ClinicReporter.kt", "setup"),
    }
    written(tmp_path, **{"b/ClinicReporter.kt": reporter})
    paths = [each.place.path for each in scan([tmp_path], LOADED).site.sending]
    assert place not in paths  # which of the two is made?
