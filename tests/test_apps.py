"""Programs of apps: which vendors' libraries they set up and call."""

from __future__ import annotations

import pytest

from analyzer.model import Moment
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
    ],
)
def test_the_same_names_from_elsewhere_are_not_the_vendors(path: str, text: str) -> None:
    assert found(path, text) == []
