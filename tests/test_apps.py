"""Programs of apps: which vendors' libraries they set up and call."""

from __future__ import annotations

import time

import pytest

from analyzer.model import Call, Hole, Moment, Object
from tests.test_server import facts, found

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        (
            "A.swift",
            f'import Mixpanel\nMixpanel.initialize(token: "{TOKEN}")\n'
            'Mixpanel.mainInstance().track(event: "Booked", properties: ["clinic": clinic])\n',
            [f"mixpanel setup {TOKEN}", "mixpanel event"],
        ),
        (
            "A.swift",
            'import FirebaseAnalytics\nAnalytics.logEvent("booked", parameters: nil)\n'
            "Analytics.setUserID(user.id)\n",
            ["firebase-analytics event", "firebase-analytics identity"],
        ),
        (
            "a.dart",
            "import 'package:mixpanel_flutter/mixpanel_flutter.dart';\n"
            f'void main() async {{\n  final mixpanel = await Mixpanel.init("{TOKEN}");\n'
            "  mixpanel.track('Booked');\n}\n",
            [f"mixpanel setup {TOKEN}", "mixpanel event"],
        ),
        (
            "a.dart",
            "import 'package:firebase_analytics/firebase_analytics.dart';\n"
            "class A {\n  final FirebaseAnalytics analytics = FirebaseAnalytics.instance;\n"
            "  void b() => analytics.logEvent(name: 'booked');\n}\n",
            ["firebase-analytics event"],
        ),
        (
            "a.dart",
            "import 'package:firebase_analytics/firebase_analytics.dart';\n"
            "class A extends StatefulWidget {\n  final FirebaseAnalytics analytics = FirebaseAnalytics();\n}\n"
            "class _AState extends State<A> {\n  void b() { widget.analytics.logEvent(name: 'booked'); }\n}\n",
            ["firebase-analytics setup", "firebase-analytics event"],
        ),
        (
            "a.dart",
            "import 'package:firebase_analytics/firebase_analytics.dart';\n"
            "void b() { FirebaseAnalytics().logEvent(name: 'booked'); FirebaseAnalytics().logShare(); }\n",
            ["firebase-analytics event", "firebase-analytics event"],
        ),
        (
            "A.kt",
            "import com.google.firebase.analytics.ktx.analytics\n"
            "import com.google.firebase.ktx.Firebase\nclass A {\n"
            '  private val analytics = Firebase.analytics\n  fun b() = analytics.logEvent("x", null)\n}\n',
            ["firebase-analytics event"],
        ),
        (
            "A.java",
            "import com.appsflyer.AppsFlyerLib;\nclass A { void b() {\n"
            '  AppsFlyerLib.getInstance().logEvent(this, "booked", values);\n} }\n',
            ["appsflyer event"],
        ),
        (
            "A.m",
            f'#import "Mixpanel.h"\nvoid a() {{ [Mixpanel sharedInstanceWithToken:@"{TOKEN}"];\n'
            '  [[Mixpanel sharedInstance] track:@"a \\"b\\"" properties:@{@"c": d ? @"e" : f}]; }\n',
            [f"mixpanel setup {TOKEN}", "mixpanel event"],
        ),
        (
            "A.mm",
            "@interface A\n@property (nonatomic, strong) Mixpanel *events;\n@end\n"
            "@implementation A\n- (void)b { dispatch_async(queue, ^{\n"
            '  [self.events track:[NSString stringWithFormat:@"%@", name]]; }); }\n@end\n',
            ["mixpanel event"],
        ),
    ],
)
def test_an_app_calls_a_vendors_library(path: str, text: str, wanted: list[str]) -> None:
    assert found(path, text) == wanted
    assert {fact.moment for fact in facts(path, text)} == {Moment.LOAD}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("A.swift", 'import ClinicKit\nAnalytics.logEvent("booked", parameters: nil)\n'),
        ("A.swift", 'import Mixpanel\n// Mixpanel.initialize(token: "x")\nlet a = "Mixpanel"\n'),
        ("a.dart", "import 'package:clinic/mixpanel.dart';\nvoid a() { Mixpanel.init('x'); }\n"),
        (
            "A.kt",
            'import org.clinic.Firebase\nval a = Firebase.analytics\nfun b() = a.logEvent("x")\n',
        ),
        ("A.m", "% a program of MATLAB\nx = [Mixpanel track:3];\n"),
        ("A.m", '#import "A.h"\n/* [Mixpanel track:@"a"] */ NSArray *b = @[@"Mixpanel", c[0]];\n'),
        ("A.m", '#import "A.h"\nParcel *mixpanel = [Parcel new];\n[mixpanel track:@"a"];\n'),
        ("A.m", '#import "Mixpanel.h"\n' + "[" * 3_000 + "Mixpanel track:@"),
        ("A.m", '#import "Mixpanel.h"\n[[Mixpanel sharedInstance] track:@"a" ( { ]\n'),
    ],
)
def test_the_same_names_from_elsewhere_are_not_the_vendors(path: str, text: str) -> None:
    assert found(path, text) == []


def test_a_message_of_objective_c_hands_over_what_stands_behind_its_colons() -> None:
    text = (
        '#import "Mixpanel.h"\nvoid a() { [[Mixpanel sharedInstance] track:@"Booked" properties:@{'
        '@"clinic": @"cardiology", @"by": account.email, @"at": @{@"hour": @9}}]; }\n'
    )
    (call,) = facts("A.m", text)
    assert isinstance(call, Call)
    name, data = call.args
    assert name == "Booked"
    assert isinstance(data, Object)
    assert [key for key, _ in data.items] == ["clinic", "by", "at"]
    assert data.get("clinic") == "cardiology"
    assert data.get("by") == Hole("account.email")
    assert (call.place.line, call.place.region.column) == (2, 12)


def test_messages_within_messages_take_no_time() -> None:
    text = '#import "Mixpanel.h"\n' + "[Mixpanel track:" * 20_000 + "x" + "]" * 20_000
    started = time.perf_counter()
    facts("A.m", text)
    assert time.perf_counter() - started < 5
