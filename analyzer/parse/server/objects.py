"""What is sent: the keys and values of a literal, or of what a name was given one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Object, Text, Value
from analyzer.parse.server.layout import Stretch
from analyzer.parse.server.values import DEEPEST, Values

MOST_KEYS = 60
MOST_TOKENS = 1_000  # of an expression that is searched for what it hands over
MOST_PUTS = 400  # uses of a name that are looked at
PUTS = frozenset(
    {
        "put",
        "add",
        "set",
        "append",
        "Add",
        "Set",
        "Append",
        "TryAdd",
        "addProperty",
        "store",
        "merge",
        "accumulate",
        "appendQueryParameter",
        "queryParam",
        "addQueryParameter",
        "addFormDataPart",
    }
)
MAPS = re.compile(
    r"(?:^|\.|new )(?:(?:hash|mutable)?[mM]apOf|(?:Immutable)?Map\.of(?:Entries)?|array|Hash)$"
)
TYPES = re.compile(
    r"^(?:map|string|H|M|Values|Dictionary|object|JsonObject|dynamic|KeyValuePair|interface|any|struct)$"
)


class Objects(Values):
    """Reads the objects of one program, too."""

    def object(self, stretch: Stretch, depth: int = 0) -> Object | None:
        """The keys and values of what is sent: a literal here, or what a name was given."""
        code = self.code
        if stretch.end <= stretch.start or self.is_too_much(depth):
            return None
        for at in range(stretch.start, min(stretch.end, stretch.start + MOST_TOKENS)):
            token = code.tokens[at]
            if token.kind == "mark" and token.text in ("{", "[", "(") and at in code.partner:
                name = code.chain(at)[0] if token.text == "(" else ""
                if (token.text != "(" or MAPS.search(name)) and (
                    found := self._literal(at, depth)
                ) is not None:
                    return found
            elif token.kind == "word" and code.text(at + 1) not in (*code.language.members, "("):
                name, begin = code.chain(at + 1)
                if (
                    begin >= stretch.start
                    and (found := self._object_named(name, at, depth)) is not None
                ):
                    return found
        return None

    def _object_named(self, name: str, at: int, depth: int) -> Object | None:
        given = self.given(name, at)
        if given is None or given.start <= at < given.end:
            return None
        items = list((self.object(given, depth + 1) or Object(())).items)
        items.extend(self._put(name.rpartition(".")[2]))
        return Object(tuple(items[:MOST_KEYS])) if items else None

    def _put(self, name: str) -> Iterator[tuple[str, Value]]:
        """What is put into a named object later: `body["email"] = x`, `body.put("email", x)`."""
        code = self.code
        for at in code.words.get(name, ())[:MOST_PUTS]:
            if (
                code.text(at + 1) == "["
                and (closing := code.partner.get(at + 1))
                and code.text(closing + 1) == "="
            ):
                key = code.name_at(at + 2 + (code.text(at + 2) == ":"))
                if key:
                    yield (
                        key,
                        self._item(
                            Stretch(closing + 2, code.statement_end(closing + 2)), DEEPEST // 2
                        ),
                    )
            elif code.text(at + 1) in code.language.members and code.word(at + 2) in PUTS:
                call = code.call_at(at + 3)
                if (
                    call is not None
                    and len(call.args) == 2
                    and code.tokens[call.args[0].start].kind == "text"
                ):
                    yield code.name_at(call.args[0].start), self._item(call.args[1], DEEPEST // 2)

    def _literal(self, opening: int, depth: int) -> Object | None:
        """The object between two brackets; None where there are no keys."""
        code = self.code
        inside = list(code.split(Stretch(opening + 1, code.partner[opening])))
        items: list[tuple[str, Value]] = []
        paired = (
            bool(inside)
            and all(not each.key for each in inside)
            and len(inside) % 2 == 0
            and code.text(opening) == "("
        )
        if paired:  # Map.of("email", x, "page", y)
            for key, value in zip(inside[::2], inside[1::2], strict=True):
                if (name := code.name_at(key.start)) and code.tokens[key.start].kind == "text":
                    items.append((name, self._item(value, depth)))
        for each in inside:
            if each.key:
                items.append((each.key, self._item(each, depth)))
            elif (
                not paired
                and code.text(each.start) == "{"
                and code.partner.get(each.start) == each.end - 1
            ):
                pair = list(code.split(Stretch(each.start + 1, each.end - 1)))
                if (
                    len(pair) == 2 and not pair[0].key and code.tokens[pair[0].start].kind == "text"
                ):  # { "email", x }
                    items.append((code.name_at(pair[0].start), self._item(pair[1], depth)))
        return Object(tuple(items[:MOST_KEYS])) if items else None

    def _item(self, stretch: Stretch, depth: int) -> Value:
        """One value of an object: again an object, a list of them, a text, or a hole."""
        code, start = self.code, stretch.start
        while start < stretch.end and (
            self._is_type(start)
            or TYPES.match(code.word(start))
            or code.text(start) in ("new", "<", ">", ",", "]")
        ):
            start += 1
        if (
            depth < DEEPEST
            and code.text(start) in ("{", "[")
            and code.partner.get(start) == stretch.end - 1
        ):
            if (found := self._literal(start, depth + 1)) is not None:
                return found
            listed = [
                self._item(each, depth + 1)
                for each in code.split(Stretch(start + 1, stretch.end - 1))
            ]
            return tuple(listed[:MOST_KEYS])
        call = code.call_ending(stretch)
        if call is not None and MAPS.search(call.name) and depth < DEEPEST:
            return self._literal(call.head.end, depth + 1) or self._hole(stretch).value
        if (
            stretch.end - stretch.start == 1
            and code.tokens[stretch.start].kind == "word"
            and depth < DEEPEST - 2
        ):
            found = self._object_named(code.word(stretch.start), stretch.start, depth + 1)
            if found is not None:
                return found
        value = self.read(stretch, DEEPEST - 2).value
        return value if isinstance(value, (str, Text)) else self._hole(stretch).value

    def _is_type(self, at: int) -> bool:
        """Does a bracket belong to a type, as in `[]Event{...}` and `map[string]any{...}`?"""
        closing = self.code.partner.get(at)
        return self.code.text(at) == "[" and (
            closing == at + 1 or (closing == at + 2 and self.code.word(at - 1) == "map")
        )
