"""Blade's directives as flat tags: `@include('a.b')` becomes a tag that says `include 'a/b'`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.engines._flat import Flat, clean
from analyzer.engines._scan import Scanner

IFS = {
    b"if": b"%s",
    b"elseif": b"%s",
    b"unless": b"%s",
    b"isset": b"isset(%s)",
    b"auth": b"auth(%s)->check()",
    b"guest": b"auth(%s)->check()",
    b"can": b"can(%s)",
    b"cannot": b"can(%s)",
    b"canany": b"canany(%s)",
    b"env": b"app()->environment(%s)",
    b"production": b"app()->environment('production')",
    b"hassection": b"hasSection(%s)",
    b"sectionmissing": b"hasSection(%s)",
    b"session": b"session(%s)",
    b"feature": b"feature(%s)",
}
OPPOSITES = frozenset({b"unless", b"guest", b"cannot", b"sectionmissing"})
ENDS = {
    **{b"end" + name: b"endunless" if name in OPPOSITES else b"endif" for name in IFS},
    b"endempty": b"endif",
    **{
        b"end" + name: b"endother"
        for name in (b"foreach", b"forelse", b"for", b"while", b"switch", b"once", b"error")
    },
    **{b"end" + name: b"endfill" for name in (b"push", b"prepend", b"pushonce", b"pushif")},
    b"endcomponent": b"endother",
    b"endslot": b"endother",
}
LOOPS = frozenset({b"foreach", b"forelse", b"for", b"while", b"switch", b"once", b"error", b"slot"})
INCLUDES = frozenset(
    {b"include", b"includeif", b"includeisolated", b"includefirst", b"each", b"component"}
)
FILLS = frozenset({b"push", b"prepend", b"pushonce"})
OTHERS = (
    b"else",
    b"empty",
    b"extends",
    b"extendsfirst",
    b"section",
    b"show",
    b"stop",
    b"endsection",
    b"append",
    b"overwrite",
    b"yield",
    b"stack",
    b"parent",
    b"pushif",
    b"includewhen",
    b"includeunless",
    b"livewire",
    b"vite",
    b"inertia",
    b"inertiahead",
    b"php",
    b"verbatim",
)
NAMES = sorted({*IFS, *ENDS, *LOOPS, *INCLUDES, *FILLS, *OTHERS}, key=len, reverse=True)
SPOT = re.compile(
    rb"(?P<comment>\{\{--.*?--\}\})"
    rb"|(?P<escaped>@@\w+|@(?=\{\{|\{!!))"
    rb"|(?<![\w@])@(?P<name>" + b"|".join(NAMES) + rb")(?![\w])(?P<space>[ \t]*(?P<opens>\()?)"
    rb"|<x-(?P<component>[\w.:-]+)",
    re.S | re.I,
)
ENDED_BY = {b"verbatim": b"@endverbatim", b"php": b"@endphp"}
NAMED = re.compile(rb"""^\s*(["'])(?P<name>[^"']*)\1""")
TEXT = re.compile(rb"""(?:"[^"]*"|'[^']*')""")
STYLE = re.compile(rb"\.(?:css|s[ac]ss|less|styl)[\"']$")
ENDS_SECTION = frozenset({b"show", b"stop", b"endsection", b"append", b"overwrite"})


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive: its name in lower case, its bytes, and the bytes between its brackets."""

    name: bytes
    start: int
    end: int
    code: tuple[int, int]
    bracketed: bool


def flat(data: bytes) -> tuple[bytes, Sequence[int]]:
    """The file with its directives as tags, and for each byte the offset that it comes from."""
    return _Blade(clean(data)).run()


class _Blade:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.scanner = Scanner(data)
        self.out = Flat(data)
        self.at = 0

    def run(self) -> tuple[bytes, Sequence[int]]:
        spots = self._spots()
        shown = _shown_sections(spots, self.data)
        for number, spot in enumerate(spots):
            if isinstance(spot, re.Match):
                self._plain(spot)
                continue
            self.out.keep(self.at, spot.start)
            self._directive(spot, number in shown)
            self.out.blank(spot.start, spot.end)
            self.at = spot.end
        self.out.keep(self.at, len(self.data))
        return self.out.done()

    def _spots(self) -> list[Directive | re.Match[bytes]]:
        """The directives in order, and the component tags and escapes between them."""
        found: list[Directive | re.Match[bytes]] = []
        at = 0
        while spot := SPOT.search(self.data, at):
            at = spot.end()
            name = (spot["name"] or b"").lower()
            if spot["comment"]:
                continue
            if not name:
                found.append(spot)
            elif spot["opens"]:
                close = self.scanner.closing(spot.end(), len(self.data))
                if close < 0:
                    continue
                at = close + 1
                found.append(Directive(name, spot.start(), at, (spot.end(), close), True))
            elif name in ENDED_BY:
                end = self.data.find(ENDED_BY[name], at)
                at = len(self.data) if end < 0 else end + len(ENDED_BY[name])
                found.append(Directive(name, spot.start(), at, (spot.end(), end), False))
            else:
                found.append(Directive(name, spot.start(), spot.end("name"), (at, at), False))
        return found

    def _plain(self, spot: re.Match[bytes]) -> None:
        """A component's tag brings its file; an escaped mark is text."""
        if spot["component"] and not spot["component"].startswith((b"slot", b"dynamic-component")):
            self.out.keep(self.at, spot.start())
            self.out.say(b"include 'components/%s'" % _path(spot["component"]), *spot.span())
            self.at = spot.start()
        elif spot["escaped"] == b"@":
            self.out.keep(self.at, spot.start())
            close = self.data.find(b"}}", spot.end())
            end = close + 2 if 0 <= close < spot.end() + 500 else spot.end()
            self.out.write(b"_" * (end - spot.start()), spot.start())
            self.at = end

    def _directive(self, said: Directive, is_shown: bool) -> None:
        name, span = said.name, (said.start, said.end)
        code = self.data[said.code[0] : said.code[1]] if said.bracketed else b""
        if name == b"verbatim":
            self.out.keep(*said.code)
        elif name in ENDS_SECTION:
            self.out.say(b"endblock" if is_shown else b"endfill", *span)
        elif name in ENDS:
            self.out.say(ENDS[name], *span)
        elif name in IFS and (said.bracketed or name in (b"auth", b"guest", b"production")):
            word = b"unless" if name in OPPOSITES else b"elseif" if name == b"elseif" else b"if"
            self.out.say(word + b" " + IFS[name].replace(b"%s", code), *span)
        elif name == b"empty" and said.bracketed:
            self.out.say(b"if empty(%s)" % code, *span)
        elif name in (b"else", b"parent"):
            self.out.say(name, *span)
        elif name in LOOPS:
            self.out.say(b"other " + name, *span)
        else:
            for words in self._statements(name, said, is_shown):
                self.out.say(words, *span)

    def _statements(self, name: bytes, said: Directive, is_shown: bool) -> list[bytes]:
        """What a directive about other files or named places says."""
        pieces = [self.data[start:end] for start, end in self.scanner.pieces(*said.code, b",")]
        first = pieces[0] if pieces else b""
        named = NAMED.match(first)
        label = named["name"].replace(b".", b"-") if named else b"?"
        match name:
            case b"section":
                if len(pieces) > 1:
                    return []
                return [(b"block " if is_shown else b"fill ") + label]
            case b"extends" | b"extendsfirst":
                return [b"extends " + _view(first)]
            case b"yield" | b"stack":
                return [b"place " + label]
            case b"pushif":
                second = NAMED.match(pieces[1]) if len(pieces) > 1 else None
                where = second["name"].replace(b".", b"-") if second else b"?"
                return [b"fill " + where]
            case b"includewhen" | b"includeunless" if len(pieces) > 1:
                word = b"if" if name == b"includewhen" else b"unless"
                return [b"%s %s" % (word, first), b"include " + _view(pieces[1]), b"end" + word]
            case b"livewire":
                return [b"include 'livewire/%s'" % _path(named["name"])] if named else []
            case b"vite":
                code = self.data[said.code[0] : said.code[1]]
                scripts = [text for text in TEXT.findall(code) if not STYLE.search(text)]
                return [b"loads " + b", ".join(scripts)] if scripts else []
            case b"inertia":
                return [b"place children"]
            case b"component" if not said.bracketed:
                return []
            case b"component":
                return [b"include " + _view(first), b"other component"]
        if name in FILLS:
            return [b"fill " + label]
        if name in INCLUDES and pieces:
            return [b"include " + _view(first)]
        return []


def _shown_sections(spots: Sequence[Directive | re.Match[bytes]], data: bytes) -> frozenset[int]:
    """The numbers of sections, and of their ends, that show where they stand: `@show` ends them."""
    opened: list[int] = []
    shown: set[int] = set()
    for number, spot in enumerate(spots):
        if isinstance(spot, re.Match):
            continue
        if spot.name == b"section" and b"," not in _outside_of_texts(data, spot.code):
            opened.append(number)
        elif spot.name in ENDS_SECTION and opened:
            begun = opened.pop()
            if spot.name == b"show":
                shown.update((begun, number))
    return frozenset(shown)


def _outside_of_texts(data: bytes, code: tuple[int, int]) -> bytes:
    return re.sub(rb"""(["']).*?\1""", b"", data[code[0] : code[1]], flags=re.S)


def _view(code: bytes) -> bytes:
    """The name of a view with folders instead of dots: `'a.b'` is `'a/b'`; other code as it is."""

    def path(found: re.Match[bytes]) -> bytes:
        return found[1] + _path(found[2]) + found[1]

    return re.sub(rb"""(["'])([^"']*)\1""", path, code)


def _path(name: bytes) -> bytes:
    """A view's name as a path; that of a package lies where the site may override it."""
    package, colons, inside = name.partition(b"::")
    if colons:
        return b"vendor/" + package + b"/" + inside.replace(b".", b"/")
    return name.replace(b".", b"/")
