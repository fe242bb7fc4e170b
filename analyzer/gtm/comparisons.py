"""One condition of a trigger as a `Condition`: variables folded where known, named where not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analyzer.conditions import all_of, any_of, matches, negation
from analyzer.gtm.export import enumerated, plain, said, settings
from analyzer.gtm.scripting import AddressTest, address_test, literal
from analyzer.gtm.sources import ON_PAGE, Reading, has_default
from analyzer.gtm.texts import REFERENCE, only_reference
from analyzer.gtm.variables import (
    DEEPEST,
    FALLBACKS,
    Variable,
    Variables,
    lookup_pattern,
    table_rows,
)
from analyzer.model import ALWAYS, NEVER, And, Atom, Condition, Not, Or

MOST_ROWS = 20  # of a lookup table that is turned into questions
DEEPEST_TABLE = 2  # lookup tables inside lookup tables
LONGEST_MATCHED = 300  # characters that a pattern is tried on

TESTS = {
    "EQUALS": "equals",
    "CONTAINS": "contains",
    "STARTS_WITH": "starts-with",
    "ENDS_WITH": "ends-with",
    "MATCH_REGEX": "matches",
    "GREATER": "greater",
    "GREATER_OR_EQUALS": "greater-or-equals",
    "LESS": "less",
    "LESS_OR_EQUALS": "less-or-equals",
    "CSS_SELECTOR": "selects",
    "URL_MATCHES": "same-url",
    "HOLDS": "true",  # a question of another tag manager that no other test can ask
}
OTHER_SPELLINGS = {
    "MATCHES_REGEX": "MATCH_REGEX",
    "REGEX": "MATCH_REGEX",
    "MATCHES_CSS_SELECTOR": "CSS_SELECTOR",
    "EQUAL": "EQUALS",
}
SAID = {
    "equals": "equal",
    "contains": "contain",
    "starts-with": "start with",
    "ends-with": "end with",
    "matches": "match",
    "matches-anycase": "match",
    "selects": "match",
    "same-url": "lead to the same page as",
}

_NUMERIC: dict[str, Callable[[float, float], bool]] = {
    "greater": lambda left, right: left > right,
    "greater-or-equals": lambda left, right: left >= right,
    "less": lambda left, right: left < right,
    "less-or-equals": lambda left, right: left <= right,
}
_ANYTHING = re.compile(r"\^?(?:\((?:\?:)?)?(?:\.\*\??)?\)?\$?")
_SOMETHING = re.compile(r"\^?(?:\((?:\?:)?)?\.\+\??\)?\$?")


@dataclass(frozen=True, slots=True)
class Question:
    """A condition as the container writes it: which test, on what, against what."""

    test: str
    left: str
    right: str
    negate: bool = False

    @property
    def said(self) -> str:
        subject = only_reference(self.left) or self.left
        if self.test == "true":
            return f"not ({subject})" if self.negate else subject
        if self.test in SAID:
            verb = SAID[self.test]
            if not self.negate:
                head, _, tail = verb.partition(" ")
                verb = f"{head}{'es' if head.endswith('ch') else 's'} {tail}".strip()
            words = f"does not {verb}" if self.negate else verb
        else:
            words = ("is not " if self.negate else "is ") + self.test.replace("-", " ")
            words = words.replace("greater", "greater than").replace("less", "less than")
            words = words.replace("than or equals", "than or equal to")
        return f"{subject} {words} '{self.right}'"


def question(raw: Any) -> Question | None:
    """The condition behind an entry of a filter; None where its test is none that exists."""
    kind = enumerated(raw.get("type")) if isinstance(raw, dict) else ""
    test = TESTS.get(OTHER_SPELLINGS.get(kind, kind))
    if test is None:
        return None
    given = settings(raw.get("parameter") or raw)
    left, right = plain(given.get("arg0")), plain(given.get("arg1"))
    if said(given.get("ignore_case")) or said(given.get("ignoreCase")):
        test, right = _in_any_case(test, right)
    return Question(test, left, right, said(given.get("negate")))


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Questions put to the variables of a container, on an event whose name may be known."""

    variables: Variables
    event: str | None = None

    def condition(self, asked: Question) -> Condition:
        value = self.variables.text(asked.right)
        if isinstance(value, str):
            answer = self._of_text(asked.left, asked.test, value, 0)
        else:
            answer = Atom("unknown", Question(asked.test, asked.left, asked.right).said)
        return simplified(negation(answer) if asked.negate else answer)

    def is_on_page(self, asked: Question) -> bool:
        """Is the question one about the page's address?"""
        name = only_reference(asked.left)
        if name is None:
            return False
        variable = self.variables.named.get(name)
        if variable is not None and variable.type == "jsm":
            return address_test(plain(variable.given.get("javascript"))) is not None
        if variable is not None and variable.type == "u":
            return not plain(variable.given.get("customUrlSource"))
        known = self._reading(name)
        return known is not None and known.about in ON_PAGE

    def _reading(self, name: str) -> Reading | None:
        variable = self.variables.named.get(name)
        return variable.reading if variable else self.variables.built_in(name)

    def _of_text(self, left: str, test: str, right: str, depth: int) -> Condition:
        name = only_reference(left)
        if name is not None:
            return self._of_variable(name, test, right, depth)
        if not REFERENCE.search(left):
            return _folded(left, test, right)
        value = self.variables.text(left)
        if isinstance(value, str):
            return _folded(value, test, right)
        return Atom("unknown", Question(test, left, right).said)

    def _of_variable(self, name: str, test: str, right: str, depth: int) -> Condition:
        variable = self.variables.named.get(name)
        if variable is None:
            known = self.variables.built_in(name)
            if known is None or depth > DEEPEST:
                return Atom("variable", name, test, right)
            return self._of_reading(known, name, test, right)
        if depth > DEEPEST:
            return Atom("variable", name, test, right)
        if any(key in variable.format for key in FALLBACKS):
            value = self.variables.variable(name)
            if isinstance(value, str):
                return _folded(value, test, right)
            return Atom("variable", name, test, right)
        case = enumerated(variable.format.get("caseConversionType"))
        if case in ("LOWERCASE", "UPPERCASE"):
            if right != (right.lower() if case == "LOWERCASE" else right.upper()):
                if test != "matches":
                    return NEVER
                return Atom("variable", name, test, right)
            test, right = _in_any_case(test, right)
        return self._of_plain(variable, test, right, depth)

    def _of_plain(self, variable: Variable, test: str, right: str, depth: int) -> Condition:
        given = variable.given
        match variable.type:
            case "c":
                return self._of_text(plain(given.get("value")), test, right, depth + 1)
            case "smm" | "remm" if depth <= DEEPEST_TABLE:
                return self._of_lookup(variable, test, right, depth + 1)
            case "uv":
                return _folded("undefined", test, right)
            case "jsm":
                return self._of_script(variable, test, right)
        answer = self._of_reading(variable.reading, variable.name, test, right)
        if has_default(given) and isinstance(answer, Atom):
            default = self._of_text(plain(given["defaultValue"]), test, right, depth + 1)
            missing = Atom(answer.about, answer.name, "equals", "undefined")
            if default != NEVER:  # then a page without the value passes too, if the default does
                return any_of(answer, all_of(missing, default))
        return answer

    def _of_reading(self, known: Reading, name: str, test: str, right: str) -> Condition:
        if known.about == "event" and self.event is not None:
            return _folded(self.event, test, right)
        if test.startswith("matches") and (
            _ANYTHING.fullmatch(right)
            or (known.about in ("path", "url", "host", "event") and _SOMETHING.fullmatch(right))
        ):
            return ALWAYS
        if right == "" and test in ("contains", "starts-with", "ends-with"):
            return ALWAYS
        if known.origin.name == "container id" and self.variables.export.container_id:
            return _folded(self.variables.export.container_id, test, right)
        variable = self.variables.named.get(name)
        if known.about == "host" and variable is not None and said(variable.given.get("stripWww")):
            test, right = _without_www(test, right)
        subject = name if known.about == "variable" else known.subject
        return Atom(known.about, subject, test, right)

    def _of_script(self, variable: Variable, test: str, right: str) -> Condition:
        code = plain(variable.given.get("javascript"))
        if (text := literal(code)) is not None:
            return _folded(text, test, right)
        match address_test(code):
            case AddressTest(about=about, test=""):
                return Atom(about, "", test, right)
            case AddressTest() as found if test == "equals" and right in ("true", "false"):
                atom = Atom(found.about, "", found.test, found.value)
                return Not(atom) if found.opposite is (right == "true") else atom
        return Atom("variable", variable.name, test, right)

    def _of_lookup(self, variable: Variable, test: str, right: str, depth: int) -> Condition:
        """The rows in their order: the first one that answers gives the value that is tested."""
        given = variable.given
        rows = table_rows(given.get("map"))
        asked = plain(given.get("input"))
        if len(rows) > MOST_ROWS:
            return Atom("variable", variable.name, test, right)
        answers: list[Condition] = []
        before: list[Condition] = []
        for key, cell in rows:
            wanted = self.variables.text(key)
            if not isinstance(wanted, str):
                return Atom("variable", variable.name, test, right)
            how = "equals"
            if variable.type == "remm":
                wanted, any_case = lookup_pattern(variable, wanted)
                how = "matches-anycase" if any_case else "matches"
            hit = simplified(self._of_text(asked, how, wanted, depth))
            earlier = () if how == "equals" else tuple(before)
            answers.append(all_of(*earlier, hit, self._of_text(plain(cell), test, right, depth)))
            before.append(negation(hit))
        default = plain(given["defaultValue"]) if has_default(given) else "undefined"
        answers.append(all_of(*before, self._of_text(default, test, right, depth)))
        return simplified(any_of(*answers))


def simplified(condition: Condition) -> Condition:
    """The condition without the parts that are always or never so."""
    match condition:
        case Not(part=part):
            inner = simplified(part)
            if inner == NEVER:
                return ALWAYS
            return NEVER if inner == ALWAYS else negation(inner)
        case And(parts=parts):
            kept = [inner for inner in map(simplified, parts) if inner != ALWAYS]
            return NEVER if NEVER in kept else all_of(*kept)
        case Or(parts=parts):
            kept = [inner for inner in map(simplified, parts) if inner != NEVER]
            return ALWAYS if ALWAYS in kept else any_of(*kept)
    return condition


def _folded(left: str, test: str, right: str) -> Condition:
    """The answer for two known texts, as the tag manager compares them."""
    answer: bool | None
    if test in _NUMERIC:
        try:
            answer = _NUMERIC[test](float(left), float(right))
        except ValueError:
            answer = False
    else:
        short = len(left) <= LONGEST_MATCHED or not test.startswith("matches")
        answer = matches(Atom("unknown", "", test, right), left) if short else None
    if answer is None:
        return Atom("unknown", Question(test, left, right).said)
    return ALWAYS if answer else NEVER


def _in_any_case(test: str, right: str) -> tuple[str, str]:
    """The same test without regard to case, which only a regular expression can ask."""
    shapes = {"equals": "^{}$", "contains": "{}", "starts-with": "^{}", "ends-with": "{}$"}
    if test in shapes:
        return "matches-anycase", shapes[test].format(_escaped(right))
    return ("matches-anycase" if test == "matches" else test), right


def _without_www(test: str, right: str) -> tuple[str, str]:
    """A test on the host's name after its www is taken off."""
    shapes = {"equals": r"^(www\d*\.)?{}$", "starts-with": r"^(www\d*\.)?{}"}
    if test in shapes:
        return "matches", shapes[test].format(_escaped(right))
    return test, right


def _escaped(text: str) -> str:
    return re.sub(r"[.*+?^${}()|\[\]\\/]", r"\\\g<0>", text)
