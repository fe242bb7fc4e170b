"""Which personal and health data the form fields of a page ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzer.match import Matcher
from analyzer.model import Asked, Fact, Field

UNTYPED = frozenset({"expression", "structured", "search", "checkbox", "button", "color", "range"})
CATEGORY_OF_TYPE = {"email": "email", "tel": "telephone"}
LONGEST_LABEL = 8  # words; a longer one is a sentence about something else as well


def fields_of(facts: Iterable[Fact], matcher: Matcher) -> tuple[Asked, ...]:
    """The fields that ask for such data, each category once under the first name it has."""
    found: dict[str, Asked] = {}
    for fact in facts:
        if isinstance(fact, Field) and fact.type not in UNTYPED:
            category = _category(fact, matcher)
            if category:
                found.setdefault(category, Asked(_called(fact), category))
    return tuple(found.values())


def _category(field: Field, matcher: Matcher) -> str:
    if field.type in CATEGORY_OF_TYPE:
        return CATEGORY_OF_TYPE[field.type]
    return next((found for text in _texts(field) if (found := matcher.category(text))), "")


def _texts(field: Field) -> Iterator[str]:
    """What a field is called: the words of its attributes, then what stands beside it."""
    yield from field.name.split()[:2]  # the name and the id
    for text in (field.name, field.label):
        if len(text.split()) <= LONGEST_LABEL:
            yield text


def _called(field: Field) -> str:
    label = field.label.strip(" *:")
    if label and len(label.split()) <= LONGEST_LABEL:
        return label
    return next(iter(field.name.split()), field.type)
