"""PHP's calls: what they print, and what frameworks want to know of them."""

from __future__ import annotations

from functools import partial

from analyzer.engines._php_expressions import Expressions, Task
from analyzer.engines._php_values import LONGEST, Parts
from analyzer.engines._php_words import QUIET, SCRIPTS, VIEWS

MOST_ARGUMENTS = 4
TOLD = frozenset({"text", "param", "item", "method", "name", "dir"})


class Calls(Expressions):
    """Writes the calls of one file."""

    def call(self, opening: int) -> None:
        """A call, by the bracket that opens its arguments."""
        code = self.code
        name, first = self._called(opening)
        if not name:
            return
        close = min(code.partner[opening], len(code))
        arguments = code.split(opening + 1, close, b",") if close > opening + 1 else []
        start = code.start(first)
        end = code.end(close)
        if self._says_more(name, arguments, start, end) or QUIET.match(name):
            return
        told = [self.values.argument(*each) for each in arguments[:MOST_ARGUMENTS]]
        closures = [self._function_in(first) for first, _ in arguments[:MOST_ARGUMENTS]]
        given = [
            [[["function", function]]] if function else _worth(values)
            for function, values in zip(closures, told, strict=True)
        ]
        while given and not given[-1]:
            given.pop()
        self.writer.note(start, end, n="call", f=name, **({"a": given} if given else {}))

    def _called(self, opening: int) -> tuple[str, int]:
        """The name of what is called, with its class where that is known, and where it begins."""
        code, number = self.code, opening - 1
        word = code.text(number).decode("utf-8", "replace")
        before = code.text(number - 1) if code.kind(number - 1) == "mark" else b""
        if code.kind(number) == "var":
            return "", number
        if code.word(number - 1) == "new":
            return f"{word.rpartition(chr(92))[2]}::__construct", number - 1
        if code.word(number - 1) == "function":
            return "", number
        if before not in (b"->", b"?->", b"::"):
            return word.rpartition("\\")[2], number
        holder = number - 2
        if code.is_mark(holder, b")"):
            return f"->{word}", number
        first = holder
        while (
            first > 0
            and code.is_mark(first - 1, b"->", b"?->")
            and code.kind(first - 2)
            in (
                "name",
                "var",
            )
        ):
            first -= 2
        if first < holder:
            last = code.text(holder).decode("utf-8", "replace")
            return f"->{last}->{word}", first
        owner = self.values.owner(holder, holder + 1)
        if code.word(holder) == "parent":
            return f"parent::{word}", holder
        return (f"{owner}::{word}" if owner else f"->{word}"), holder

    def _says_more(self, name: str, arguments: list[tuple[int, int]], start: int, end: int) -> bool:
        """Calls that are more than calls: constants, sections, views, scripts."""
        writer, values = self.writer, self.values
        method = "::" in name or name.startswith("->")
        word = name.rpartition("->")[2].rpartition("::")[2].lower()
        first = arguments[0] if arguments else (0, 0)
        if not method and word == "define" and len(arguments) > 1:
            constant, value = values.text(*first), values.value(*arguments[1])
            if constant:
                values.constants.setdefault(constant, value)
                writer.note(start, end, n="define", f=constant, p=value)
            return True
        if word in ("section", "start") and (said := values.text(*first)):
            if word == "section" and method and not self.ends_sections:
                writer.tell(f"place {'' if said == 'content' else said}".strip(), start, end)
            elif word == "section" or method:
                writer.section(said, start, end)
            else:
                return False
            return True
        if word in ("end_section", "endsection", "stopsection") or (
            method and word in ("stop", "end") and writer.sections
        ):
            writer.end_section(start, end)
            return True
        if word in ("slot", "rendersection", "yieldsection") and (said := values.text(*first)):
            writer.tell(f"place {said}", start, end)
            return True
        if word in ("extend", "layout") and (method or word == "extend"):
            value = values.value(*first)
            if len(value) == 1 and value[0][0] == "text":
                writer.note(start, end, n="extend", p=value)
                return True
        if (method and word in VIEWS) or (word == "view" and arguments):
            for each in values.choices(*first):
                if any(kind in ("text", "param", "item") for kind, _ in each):
                    writer.note(start, end, n="view", p=each, f=name)
            return True
        return self._prints_script(word, arguments, start, end)

    def _prints_script(
        self, word: str, arguments: list[tuple[int, int]], start: int, end: int
    ) -> bool:
        """Calls that print something, or have WordPress print a script."""
        writer = self.writer
        if word in ("printf", "vprintf") and arguments:
            self.show_format(arguments)
            return False
        if word in ("_e", "print"):
            self.then(partial(self.show, *arguments[0])) if arguments else None
            return True
        if word in SCRIPTS and len(arguments) > SCRIPTS[word]:
            stretch = arguments[SCRIPTS[word]]
            if any(self.code.is_text(number) for number in range(*stretch)):
                self.then(
                    partial(writer.write, b"<script>", start),
                    partial(self.show, *stretch),
                    partial(writer.write, b"</script>", end),
                )
            return False
        if word in ("wp_enqueue_script", "wp_register_script") and arguments:
            self._enqueue(word, arguments, start, end)
            return True
        return False

    def _enqueue(self, word: str, arguments: list[tuple[int, int]], start: int, end: int) -> None:
        """A script that WordPress will load; one that is only registered waits to be asked for."""
        writer = self.writer
        handle = self.values.text(*arguments[0])
        registers = word == "wp_register_script"
        if len(arguments) < 2:
            writer.note(start, end, n="call", f=f"script {handle}")
            return
        tasks: list[Task] = [
            partial(writer.write, b'<script src="', start),
            partial(self._address, *arguments[1]),
            partial(writer.write, b'"></script>', end),
        ]
        if registers:
            writer.tell(f"function script {handle}", start, end)
            tasks.append(partial(writer.tell, "endfunction", end, end))
        self.then(*tasks)

    def _address(self, first: int, last: int) -> None:
        """The address of a script: the texts as written, the rest as gaps."""
        code = self.code
        for start, end in code.split(first, last, b"."):
            if end - start == 1 and code.is_text(start):
                self.writer.text(start)
                continue
            self.writer.expression(start, end)
            written = code.written(start, end)
            for kind, words in self.values.value(start, end):
                if kind == "text" and words.startswith("/") and words[1:] not in written:
                    self.writer.write(words.encode(), code.start(start))

    def _function_in(self, first: int) -> str:
        """The name of the function that an argument is, or an empty text."""
        code = self.code
        if code.word(first) == "static":
            first += 1
        return self.closure_name(first) if code.word(first) == "function" else ""

    @property
    def ends_sections(self) -> bool:
        """Does the file write sections, or only show those of others?"""
        return b"endsection" in self.code.data.lower()


def _worth(values: list[Parts]) -> list[Parts]:
    """The values of an argument that say something: not only gaps, and no long texts."""
    return [
        each
        for each in values
        if any(kind in TOLD for kind, _ in each) and sum(len(words) for _, words in each) < LONGEST
    ]
