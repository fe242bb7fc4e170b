"""Markup and scripts in the texts of a program: `"<script>fbq('init', '%s')</script>"`.

A text counts where the program hands it on: gives it back, prints it, puts it together. What only
looks for such a text, tells about it or tests it shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count

from analyzer.model import Fact, Hole, Source, Value, Vocabulary
from analyzer.parse.prefilter import calls_a_vendor, has_anchor
from analyzer.parse.scripts.writings import Piece, Writing, Written
from analyzer.parse.server.clients import FORMATS
from analyzer.parse.server.code import Code
from analyzer.parse.server.layout import Stretch
from analyzer.parse.server.values import PLACEHOLDER, Values, settled
from analyzer.parse.template import Structure
from analyzer.parse.values.document import Document, pieces

MARKUP = re.compile(r"<(?:script|img|iframe|noscript)\b[^>]*(?:>|$)", re.I)
# The end of a script whose opening tag is made by something else.
END = re.compile(rb"</script\b", re.I)
ESCAPED_PERCENT = re.compile(r"%%")
# What asks about a text, or tells people of it, instead of showing it.
ASKS = re.compile(
    r"(?i)^(?:str_?r?i?pos|str_?contains|str_(?:starts|ends)_with|preg_\w+|mb_str\w*|contains?\w*|includes?\??"
    r"|include\??|match\w*|replace\w*|gsub!?|sub!?|tests?|search|find\w*|(?:last_?)?index_?of|starts?_?with\??"
    r"|ends?_?with\??|split|compile|regexp?|assert\w*|expect\w*|should\w*|have_\w+|must_\w+|equals?|eq"
    r"|raise|throw|\w*error|\w*exception|log\w*|warn\w*|debug|info|trace|fatal|print(?:ln|f)?|puts|notice"
    r"|describe|context|it|scenario|feature|desc|comment|__|_e|_x|esc_html__|esc_html_e|translate|gettext\w*"
    r"|trans|t|help_text|deprecated|count|substr_count|instr|like|where\w*|scan|delete|remove\w*|strip\w*)$"
)
TELLS = re.compile(
    r"(?i)^(?:help\w*|desc\w*|label|placeholder|hint|doc\w*|example|message|msg|title|tooltip|summary|note"
    r"|text_?domain|default_?help|verbose_name|pattern|regexp?|search|find|from|expected|error\w*)$"
)
COMPARES = frozenset({"==", "!=", "===", "!==", "=~", "in", "case", "when", "not"})
MOST_TEXTS = 400  # of one program
FARTHEST = 20_000  # bytes within which the next line of a text is looked for


def snippets(source: Source, code: Code, vocabulary: Vocabulary) -> Iterator[Fact]:
    """What the markup and the scripts in the program's texts say."""
    done = read = 0  # tokens up to here belong to a text that was read; how many were
    for number, token in enumerate(code.tokens):
        if token.kind != "text" or number < done or read >= MOST_TEXTS:
            continue
        stretch = Stretch(number, max(number + 1, code.statement_end(number)))
        operands = list(code.split(stretch, code.language.joins)) or [stretch]
        done = stretch.end
        plain = "".join(
            each if isinstance(each, str) else "_"
            for part in operands
            for each in pieces(code.tokens[part.start].value or "_")
            if code.tokens[part.start].kind == "text"
        )
        is_markup = MARKUP.search(plain) is not None
        is_rest = not is_markup and END.search(plain.encode()) is not None
        if not (is_markup or is_rest) and not calls_a_vendor(plain.encode(), vocabulary):
            continue
        if not has_anchor(plain.encode(), vocabulary) or not _is_shown(code, number):
            continue
        read += 1
        inside = [*_behind_the_tag(code, operands)] if is_rest else operands
        yield from _read(source, code, inside, is_markup, vocabulary)


def _is_shown(code: Code, number: int) -> bool:
    """Does the program hand the text on?"""
    token, before = code.tokens[number], code.text(number - 1)
    if before == ":" and token.fresh and code.language.name == "python":
        return False  # it says what a function does
    if token.fresh and before not in ("(", ",", "=", "=>", *code.language.joins, "return", ":"):
        return code.language.name == "ruby" and code.text(number - 1) != "puts"
    behind = code.text(number + 1)
    if before in COMPARES or behind in COMPARES:
        return False
    opening = code.outer[number]
    for _ in range(3):
        if opening < 0 or code.text(opening) == "{":
            break
        if code.text(opening) == "(":
            name = code.chain(opening)[0].removeprefix("new ").rpartition(".")[2]
            if name and not FORMATS.search(name):
                return not ASKS.match(name) and not TELLS.match(_key(code, number))
        opening = code.outer[opening]
    word = code.text(number - 1) if code.tokens[number - 1].kind == "word" else ""
    return not TELLS.match(_key(code, number)) and not ASKS.match(word)


def _key(code: Code, number: int) -> str:
    """The name under which a text is handed over or kept."""
    if code.text(number - 1) in (":", "=>", "=", ":="):
        return code.name_at(number - 2) if code.tokens[number - 2].kind in ("word", "text") else ""
    return ""


# ---------------------------------------------------------------- what stands in it


def _behind_the_tag(code: Code, operands: Sequence[Stretch]) -> Iterator[Stretch]:
    """The parts of a script's text behind what is put in for its opening tag."""
    opened = False
    for at, part in enumerate(operands):
        token = code.tokens[part.start]
        blank = token.kind == "text" and not "".join(map(str, pieces(token.value or ""))).strip()
        tag = not opened and token.kind != "text" and at + 1 < len(operands)
        opened = opened or not (blank or tag)
        if opened:
            yield part


def _read(
    source: Source, code: Code, operands: Sequence[Stretch], is_markup: bool, vocabulary: Vocabulary
) -> Iterator[Fact]:
    from analyzer.parse import html  # here: most programs show nothing
    from analyzer.parse.scripts import javascript

    writing = Writing(_pieces(source, code, operands))
    document = Document(
        Written(source, writing), writing.masked(), Structure(), filled=writing.filled, level=1
    )
    if is_markup:
        yield from html.fragment_facts(document, vocabulary)
    else:
        end = END.search(writing.text)
        size = len(writing.text) if end is None else end.start()
        yield from javascript.script_facts(document, 0, size, vocabulary)


def _pieces(source: Source, code: Code, operands: Sequence[Stretch]) -> Iterator[Piece]:
    cursor = code.tokens[operands[0].start].start
    numbers = count()  # of what fills a format, whose text may be put together from several
    for part in operands:
        token = code.tokens[part.start]
        cursor = max(cursor, token.start)
        known = [*_filled(code, part, numbers)] if token.kind == "text" else [_operand(code, part)]
        for value in known:
            if isinstance(value, Hole):
                yield _hole(value, cursor)
                continue
            for line in value.splitlines(keepends=True):
                text = line.encode("utf-8", "replace")
                bare = text.strip()
                at = source.data.find(bare, cursor, cursor + FARTHEST + len(bare)) if bare else -1
                near = at >= 0
                start = at - text.index(bare) if near else cursor
                places = (
                    [max(0, start + each) for each in range(len(text))]
                    if near
                    else [cursor] * len(text)
                )
                size = len(source.data)
                yield Piece(
                    text,
                    text,
                    [min(each, size) for each in places],
                    [min(each + near, size) for each in places],
                )
                if near:
                    cursor = at + len(bare)


def _filled(code: Code, part: Stretch, numbers: Iterator[int]) -> Iterator[str | Hole]:
    """A text's pieces; those of a format with its arguments as holes."""
    value: Value = code.tokens[part.start].value
    arguments = _arguments(code, part.start)
    if arguments is None:
        yield from pieces(value)
        return
    for piece in pieces(value):
        if isinstance(piece, Hole):
            yield piece
            continue
        at = 0
        for found in PLACEHOLDER.finditer(piece):
            if found[0].startswith("{") and code.text(part.start + 1) != ".":
                continue
            yield ESCAPED_PERCENT.sub("%", piece[at : found.start()])
            number = next(numbers)
            yield arguments[number] if number < len(arguments) else Hole(found[0])
            at = found.end()
        yield ESCAPED_PERCENT.sub("%", piece[at:])


def _arguments(code: Code, number: int) -> list[str | Hole] | None:
    """What fills a format; None where the text is no format."""
    stretches = _fillings(code, number)
    return None if stretches is None else [_operand(code, each) for each in stretches]


def _operand(code: Code, stretch: Stretch) -> str | Hole:
    """A part of a text that is no text itself: what its name was given, else a hole."""
    value = settled(Values(code).read(stretch).value)
    return value if isinstance(value, str) and value else Hole(code.written(stretch)[:200])


def _fillings(code: Code, number: int) -> list[Stretch] | None:
    if code.text(number + 1) == "%":
        opening = number + 2
        if code.text(opening) in ("(", "[") and opening in code.partner:
            return list(code.split_plain(opening))
        return [Stretch(opening, code.statement_end(opening))]
    if code.text(number + 1) == "." and FORMATS.match(code.word(number + 2)):
        opening = number + 3
        if opening in code.partner:
            return list(code.split_plain(opening))
    opening = code.outer[number]
    if opening < 0 or code.text(opening) != "(" or not FORMATS.search(code.chain(opening)[0]):
        return None
    args = list(code.split_plain(opening))
    index = next((at for at, each in enumerate(args) if each.start <= number < each.end), 0)
    return args[index + 1 :]


def _hole(value: Hole, at: int) -> Piece:
    """A hole reads as a name in a script, and as text in a string."""
    text = ("${" + value.text + "}").encode("utf-8", "replace")[:200]
    filler = b"_" * len(text)
    return Piece(text, filler, [at] * len(text), [at] * len(text), value)
