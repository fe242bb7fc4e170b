"""What a name means: the category of personal or health data, told by the words in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analyzer.model import FROM, Origin, OriginKind, ToldBy, Value, holes, made_of
from analyzer.signatures import DataWords, WordsBeside

YES_OR_NO = frozenset({"has", "is", "was", "can", "should", "show"})  # how such names begin
LONGEST = 3  # words of a name that are looked up together
HEALTH = "health"
USERS_ID = "online-identifier"  # a name that calls and their patterns give to many things
SPOKEN = frozenset(  # origins whose name says what they hold
    {
        OriginKind.FIELD,
        OriginKind.TEMPLATE,
        OriginKind.DATA_LAYER,
        OriginKind.COOKIE,
        OriginKind.STORAGE,
        OriginKind.QUERY,
        OriginKind.EVENT,
        OriginKind.RESPONSE,
        OriginKind.GLOBAL,
        OriginKind.IMPORT,
        OriginKind.UNKNOWN,
    }
)
SELECTED = re.compile(r"""\[\s*(?:name|id|type)\s*[~^$*|]?=\s*["']?([\w:.-]+)""")
HELD = re.compile(r"\[data-([\w-]+)\]$")  # an attribute of an element that a page puts data into
ANSWERED = " > "  # between the address of a request and the way into its answer
PATH = re.compile(r"[\w$@]+(?:\s*(?:\?\.|->|::|\.|\[[\"']?)\s*[\w$]+[\"']?\]?)*!?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A category, and whether the word for it means many things and needs a second sign."""

    category: str = ""
    is_hint: bool = False


NO_MEANING = Meaning()


class Categories:
    """The words of all categories, made ready to be looked up."""

    def __init__(self, data: Iterable[DataWords], beside: WordsBeside) -> None:
        self.beside = beside
        self.words: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.hints: dict[str, str] = {}
        self.identifiers: set[str] = set()
        for each in data:
            self.words.update(dict.fromkeys(each.words, each.id))
            self.codes.update(dict.fromkeys(each.codes, each.id))
            self.hints.update(dict.fromkeys(each.weak, each.id))
            if each.hipaa != HEALTH:
                self.identifiers.add(each.id)

    def of_name(self, name: str) -> Meaning:
        """What a name means: a key, a field, a path such as `patient.mrn`."""
        parts = [words for each in re.split(r"[.\[\]>|]+", name) if (words := split_words(each))]
        if not parts:
            return NO_MEANING
        last, holders = parts[-1], {word for part in parts[:-1] for word in part}
        joined = "_".join(last)
        if joined in self.codes:
            return Meaning(self.codes[joined])
        holder = parts[-2] if len(parts) > 1 else []
        if joined in self.beside.naming and (thing := self._thing(holder)) is not None:
            return thing
        found = self._strong(last)
        if found is None and joined not in self.hints and self._hands_on(holder, joined):
            found = self._strong([*holder, *last])
        if found is not None:
            category, around = found
            return Meaning(category) if self._holds(category, around, holders) else NO_MEANING
        if joined in self.hints:
            category = self.hints[joined]
            if not self._holds(category, set(), holders):
                return NO_MEANING
            return Meaning(category, is_hint=not holders & self.beside.person)
        return NO_MEANING

    def of_datum(self, name: str, value: Value) -> tuple[str, ToldBy]:
        """The category of something that is handed over, and what tells it."""
        own = self.of_name(name)
        sources = [self._of_origin(hole.text, hole.origin) for hole in holes(value)]
        belongs = [each for each in sources if each is not None]
        if own.category in self.identifiers and sources and not belongs:
            return "", ToldBy.NOTHING
        if any(self._is_an_experiments(hole.text, hole.origin) for hole in holes(value)):
            return "", ToldBy.NOTHING
        if own.category and not own.is_hint:
            read = next((each.category for each in belongs if self._says_more(own, each)), "")
            return (read, ToldBy.ORIGIN) if read else (own.category, ToldBy.NAME)
        told = next((each for each in belongs if each.category and not each.is_hint), None)
        if told is not None and not self._denies(name, told):
            return told.category, ToldBy.ORIGIN
        return (own.category, ToldBy.HINT) if own.category else ("", ToldBy.NOTHING)

    def _denies(self, name: str, read: Meaning) -> bool:
        """Does the name say that it is a yes or no, or the organisation's own telephone?"""
        words = split_words(name)
        own = read.category in self.identifiers and self._is_organisations(set(words))
        return own or (bool(words) and words[0] in YES_OR_NO)

    def _says_more(self, own: Meaning, read: Meaning) -> bool:
        """Is what is called a user's id in truth an e-mail address or the number of a cookie?"""
        return (
            own.category == USERS_ID
            and read.category in self.identifiers - {USERS_ID}
            and not read.is_hint
        )

    def _is_an_experiments(self, text: str, origin: Origin) -> bool:
        """Is it one arm of an experiment, which are called treatments as well?"""
        return any(
            set(split_words(said)) & self.beside.experiment for _, said in _spoken(text, origin)
        )

    def _of_origin(self, text: str, origin: Origin) -> Meaning | None:
        """What a value is read from means; None for what belongs to the organisation."""
        best = NO_MEANING
        for each, said in _spoken(text, origin):
            words = set(split_words(said))
            meaning = self.of_name(said)
            if self._is_organisations(words) and meaning.category == "":
                return None
            if each is OriginKind.FIELD and meaning.is_hint:
                meaning = Meaning(meaning.category)  # somebody types it
            if meaning.category and (not best.category or best.is_hint):
                best = meaning
        return best

    def _strong(self, words: list[str]) -> tuple[str, set[str]] | None:
        """The category that some words next to each other name, and the words around them."""
        for size in range(min(LONGEST, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                found = self.words.get("_".join(words[start : start + size]))
                if found and (size > 1 or len(words[start]) > 2 or len(words) == 1):
                    return found, {*words[:start], *words[start + size :]}
        return None

    def _thing(self, holder: list[str]) -> Meaning | None:
        """What its name or number tells: which medication it is, which doctor, which condition."""
        words = set(holder)
        if words & self.beside.organisation and not words & self.beside.treating:
            return None
        found = self._strong(holder) or (self.hints.get("_".join(holder), ""), set[str]())
        category, around = found
        if not category or category in self.identifiers or not self._holds(category, around, words):
            return None
        return Meaning(category, is_hint="_".join(holder) in self.hints)

    def _hands_on(self, holder: list[str], last: str) -> bool:
        """Does what it is called make health data of what belongs to it? Of somebody who treats
        only what says who it is: what else is known of a doctor is not about a visitor.
        """
        roles = self.beside.treating | self.beside.organisation
        return bool(holder) and (not set(holder) & roles or last in self.beside.naming)

    def _holds(self, category: str, around: set[str], holders: set[str]) -> bool:
        """Do the words around it leave the thing itself?"""
        if around & self.beside.about:
            return False
        if category not in self.identifiers:
            return not any(self.words.get(word) in self.identifiers for word in around)
        if around & self.beside.about_identifiers:
            return False
        return not self._is_organisations(around | holders)

    def _is_organisations(self, words: set[str]) -> bool:
        """Is it the organisation's own, and nobody's who visits?"""
        return bool(words & self.beside.organisation) and not words & self.beside.person


def split_words(name: str) -> list[str]:
    """The words of a field's or a variable's name, in small letters: `patientFirstName` is
    three.
    """
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]


def _spoken(text: str, origin: Origin) -> Iterator[tuple[OriginKind, str]]:
    """The names that say what a value is: of what it is made of, or the words of the source."""
    for each in made_of(origin):
        if each.kind is OriginKind.RESPONSE and ANSWERED not in each.name:
            continue  # the words of an address are not about the whole answer
        if each.kind is OriginKind.ELEMENT and (attribute := HELD.search(each.name)):
            yield each.kind, attribute[1]
        if each.kind in SPOKEN and each.name:
            selected = SELECTED.findall(each.name) if each.kind is OriginKind.FIELD else ()
            name = each.name.partition(FROM)[0] if each.kind is OriginKind.IMPORT else each.name
            yield each.kind, selected[-1] if selected else name
    if origin.kind in (OriginKind.UNKNOWN, OriginKind.GLOBAL) and PATH.fullmatch(text.strip()):
        yield OriginKind.GLOBAL, text.strip()
