"""Conditions answer yes, no or maybe; what two languages of patterns read differently is maybe."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from analyzer.conditions import (
    MOST_UNKNOWNS,
    all_of,
    any_of,
    atoms,
    matches,
    negation,
    read_condition,
    undecided,
    verdict,
)
from analyzer.expressions import javascript_pattern
from analyzer.model import ALWAYS, NEVER, And, Atom, Condition, Not, Or, Verdict

YES, NO, MAYBE = Verdict.YES, Verdict.NO, Verdict.MAYBE
RAIN, WIND, SNOW = (Atom("unknown", name) for name in ("rain", "wind", "snow"))
AT_HOME, AT_WORK = (Atom("path", test="equals", value=value) for value in ("/home", "/work"))


def knowing(**said: Verdict) -> Callable[[Atom], Verdict]:
    """What is known of named atoms; of all others nothing is."""
    return lambda atom: said.get(atom.name, MAYBE)


nothing_known = knowing()


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (ALWAYS, YES),
        (NEVER, NO),
        (RAIN, YES),
        (WIND, NO),
        (SNOW, MAYBE),
        (Not(RAIN), NO),
        (Not(SNOW), MAYBE),
        (And((RAIN, SNOW)), MAYBE),
        (And((WIND, SNOW)), NO),
        (Or((RAIN, SNOW)), YES),
        (Or((WIND, SNOW)), MAYBE),
        (And((RAIN, Not(WIND))), YES),
        (Or((WIND, And((SNOW, WIND)))), NO),
    ],
    ids=str,
)
def test_three_values(condition: Condition, said: Verdict) -> None:
    assert verdict(condition, knowing(rain=YES, wind=NO)) is said


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (And((RAIN, Not(RAIN))), NO),
        (Or((RAIN, Not(RAIN))), YES),
        (And((Or((RAIN, WIND)), Not(RAIN), Not(WIND))), NO),
        (Or((And((RAIN, WIND)), Not(RAIN), Not(WIND))), YES),
        (And((Or((RAIN, WIND)), Not(RAIN))), MAYBE),
    ],
    ids=str,
)
def test_an_unknown_thing_has_one_answer(condition: Condition, said: Verdict) -> None:
    assert verdict(condition, nothing_known) is said


def test_two_equal_atoms_are_one_question() -> None:
    again = Atom("unknown", "rain")
    assert verdict(And((RAIN, Not(again))), nothing_known) is NO


def test_two_equals_on_one_subject_exclude_each_other() -> None:
    assert verdict(And((AT_HOME, AT_WORK)), nothing_known) is NO
    assert verdict(Or((AT_HOME, AT_WORK)), nothing_known) is MAYBE
    assert verdict(Not(And((AT_HOME, AT_WORK))), nothing_known) is YES


def test_equals_on_two_subjects_may_both_hold() -> None:
    one = Atom("data-layer", "page", "equals", "home")
    other = Atom("data-layer", "section", "equals", "work")
    assert verdict(And((one, other)), nothing_known) is MAYBE


def test_an_equals_that_is_known_to_hold_excludes_another() -> None:
    def at_home(atom: Atom) -> Verdict:
        return YES if atom == AT_HOME else MAYBE

    assert verdict(AT_WORK, at_home) is MAYBE  # nobody asked about home in this condition
    assert verdict(And((AT_HOME, AT_WORK)), at_home) is NO


def test_many_unknown_things_are_maybe() -> None:
    things = [Atom("unknown", f"thing {number}") for number in range(MOST_UNKNOWNS + 1)]
    assert len(things) == 13
    begun = time.perf_counter()
    assert verdict(And((*things, Not(things[0]))), nothing_known) is MAYBE
    assert verdict(And((*things[1:], Not(things[1]))), nothing_known) is NO
    assert time.perf_counter() - begun < 2


def test_many_unknown_things_do_not_hide_a_known_no() -> None:
    things = [Atom("unknown", f"thing {number}") for number in range(40)]
    assert verdict(And((RAIN, *things)), knowing(rain=NO)) is NO
    assert verdict(Or((RAIN, *things)), knowing(rain=YES)) is YES


def test_what_is_undecided_is_named_in_order() -> None:
    condition = And((SNOW, Or((RAIN, WIND)), Not(SNOW)))
    assert undecided(condition, knowing(rain=YES)) == (SNOW, WIND)
    assert list(atoms(condition)) == [SNOW, RAIN, WIND]


def test_parts_are_put_together_flat() -> None:
    assert all_of(And((RAIN, WIND)), SNOW, RAIN) == And((RAIN, WIND, SNOW))
    assert any_of(Or((RAIN, WIND)), SNOW) == Or((RAIN, WIND, SNOW))
    assert all_of(RAIN) == any_of(RAIN) == RAIN
    assert all_of() == ALWAYS
    assert any_of() == NEVER
    assert negation(negation(RAIN)) == RAIN


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("user.is_authenticated", "signed-in"),
        ("current_user.present?", "signed-in"),
        ("cookie_consent.marketing", "consent"),
        ("Rails.env.production?", "environment"),
        ("settings.DEBUG:", "environment"),
        ("campaign", "unknown"),
    ],
)
def test_a_condition_is_about_what_its_words_say(text: str, about: str) -> None:
    read = read_condition(text)
    assert isinstance(read, Atom)
    assert read.about == about


@pytest.mark.parametrize("text", ["not campaign", "!campaign", "! campaign"])
def test_a_not_in_front_is_the_opposite(text: str) -> None:
    assert verdict(And((read_condition("campaign"), read_condition(text))), nothing_known) is NO


@pytest.mark.parametrize("text", ["not a and b", "!a || b", "not a or b"])
def test_a_not_of_one_part_only_is_no_opposite(text: str) -> None:
    assert isinstance(read_condition(text), Atom)


@pytest.mark.parametrize(
    ("test", "wanted", "value", "said"),
    [
        ("equals", "/a", "/a", True),
        ("equals", "/a", "/A", False),
        ("contains", "b", "/abc", True),
        ("starts-with", "/a", "/abc", True),
        ("starts-with", "/b", "/abc", False),
        ("ends-with", "c", "/abc", True),
        ("matches", "^/a.c$", "/abc", True),
        ("matches", "^/A", "/abc", False),
        ("matches-anycase", "^/A", "/abc", True),
        ("matches", r"^\/a\/", "/a/b", True),
        ("matches", r"\d+", "/٣", False),  # JavaScript's \d knows no digits but 0 to 9
        ("true", "", "x", True),
        ("true", "", "", False),
        ("greater", "1", "2", None),
        ("selects", "#a", "#a", None),
    ],
)
def test_a_known_text_passes_a_test(test: str, wanted: str, value: str, said: bool | None) -> None:
    assert matches(Atom("path", test=test, value=wanted), value) is said


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<year>\d{4})",  # a named group is spelled with a P in Python
        r"(?P<year>\d{4})",  # and this is a mistake in JavaScript
        r"(?i)portal",  # a flag inside
        r"\p{L}+",  # a property of characters
        r"a++",  # possessive in Python, a mistake in JavaScript
        r"a{2}+",
        r"\cJ",
        r"\k<year>",
        r"(portal",  # a mistake in both
        r"[z-a]",
        "*",
        r"\Aportal\Z",  # anchors in Python, plain letters in JavaScript
        r"[]",  # nothing at all in JavaScript
        r"[^]",  # any character in JavaScript
        r"\u{41}",  # a character with one flag, a repeated letter without it
        r"(a)\1",  # a back reference
        r"^*",
        r"(?=a)*",
        r"portal$(?#comment)",
        "a" * 501,
    ],
)
def test_a_pattern_that_the_languages_read_differently_is_undecided(pattern: str) -> None:
    assert javascript_pattern(pattern) is None
    assert matches(Atom("path", test="matches", value=pattern), "/portal") is None


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        (r"/portal(/|$)", "/portal", True),
        (r"/portal$", "/portal\n", False),  # JavaScript's $ does not look over a line's end
        (r"^(?:/es)?/citas?", "/es/cita", True),
        (r"(?!/portal).*", "/portal", True),
        (r"^/(?!portal)", "/portal", False),
        (r"(?<!x)portal", "/portal", True),
        (r"[\w-]+\.html", "/a-b.html", True),
        (r"\w", "é", False),
        (r".*", "", True),
        (r"/a{2,3}b", "/aaab", True),
        (r"/a{2,}?b", "/ab", False),
        (r"x{,3}", "xx", False),  # plain text in JavaScript
        (r"x{,3}", "x{,3}", True),
        (r"[[a]", "[", True),
        (r"[a-f\-_]+$", "/-", True),
        (r"\u0041\x42", "AB", True),
        (r"a.b", "a\u2028b", False),  # the point stops at all ends of a line
        (r"^/(careers|jobs|about-us)/?$", "/jobs/", True),
        (r"^(?:/[a-z]{2})?/doctors/[^/]+$", "/es/doctors/rivera", True),
        (r".*/(?:book|schedule).*-.*", "/en/book-now", True),
        (r".*a.*b.*c.*", "/abc", True),
        (r"sign\_in|log\ in|\é", "sign_in", True),
    ],
)
def test_a_pattern_that_both_read_alike_is_decided(pattern: str, text: str, fits: bool) -> None:
    made = javascript_pattern(pattern)
    assert made is not None
    assert (made.search(text) is not None) is fits


HOSTILE = [
    "(a+)+$",
    "(a*)*$",
    "(a|a)*$",
    "(a|aa)+$",
    "((a+))+$",
    "(a+){20}$",
    "(.*a){20}$",
    "(a?){30}a{30}$",
    "a?" * 30 + "a" * 30,
    "(?:a|ab|b)" * 30 + "$",
    r"(\w+\s?)*$",
    "(a+b?)+$",
    "a*" * 9 + "$",
    "(?:a+)+$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    ".*" * 6 + "=$",
    "(x+x+)+y",
    "(" * 300,
    "(?:" * 100 + "a" + ")" * 100,
    "a{9999}",
    "(a{900}){900}",
    "[" * 400,
]


@pytest.mark.parametrize("pattern", HOSTILE)
@pytest.mark.parametrize("length", [30, 300, 5_000])
def test_a_hostile_pattern_does_not_hang(pattern: str, length: int) -> None:
    begun = time.perf_counter()
    matches(Atom("path", test="matches", value=pattern), "/" + "a" * length + "!")
    assert time.perf_counter() - begun < 2


def test_an_ordinary_pattern_is_too_much_for_an_enormous_text_only() -> None:
    atom = Atom("path", test="matches", value=".*/portal/.*/results.*")
    assert matches(atom, "/en/portal/2026/results") is True
    assert matches(atom, "/en/portal" * 20_000) is None
