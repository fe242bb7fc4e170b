"""What helpers of Rails put into a page: other templates, script tags, images and frames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from analyzer.engines._flat import Flat
from analyzer.engines._ruby_lexer import Word, unquoted

PARTS = ("partial", "template", "layout")
OTHERWISE = frozenset(
    {"inline", "plain", "json", "xml", "html", "body", "text", "nothing", "file", "status"}
)
CLASS = re.compile(r"(?:::)?([A-Z]\w*(?:::[A-Z]\w*)*)\s*\.\s*(?:new|with_\w+|for)\b")
HOLE = re.compile(r"#\{[^{}]*\}")
LOADERS = {  # helpers that write script tags, and the folder that their names are looked up in
    b"javascript_include_tag": "",
    b"javascript_pack_tag": "packs/",
    b"javascript_packs_tag": "packs/",
    b"javascript_packs_with_chunks_tag": "packs/",
    b"javascript_bundle_tag": "",
    b"vite_javascript_tag": "entrypoints/",
    b"vite_typescript_tag": "entrypoints/",
    b"javascript_importmap_tags": "",
    b"javascript_import_module_tag": "",
}
ELEMENTS = {"script": "src", "iframe": "src", "img": "src"}
Arguments = Sequence[Sequence[Word]]


def target_of(data: bytes, name: bytes, given: Arguments) -> Iterator[tuple[str, str]]:
    """The files that a `render` or an `extends` names, each as the head and target of a tag."""
    named = dict(_named(given))
    if name == b"extends":
        if given and given[0]:
            yield "extends", _layout(data, given[0])
        return
    found = False
    for key in PARTS:
        if (value := named.get(key)) is None or not value:
            continue
        found = True
        if value[0].text in (b"false", b"nil"):
            continue
        if key == "layout":
            yield "include", _target(data, value)
            continue
        target = _target(data, value)
        inherits = key == "template" and target.strip("'\"/").startswith("layouts/")
        yield ("extends" if inherits else "include"), target
    if found or not given or not given[0]:
        return
    first = given[0][0]
    if first.kind != "label" and not (first.kind == "symbol" and len(given[0]) > 1):
        yield "include", _target(data, given[0])
    elif "collection" in named and not OTHERWISE & named.keys():
        yield "include", _target(data, named["collection"])


def component(text: str) -> str:
    """The file of a component's class: `Cards::VisitComponent` is `cards/visit_component`."""
    return (
        re.sub(r"([a-z\d])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", text))
        .replace("::", "/")
        .lower()
    )


def markup_of(
    flat: Flat,
    name: bytes,
    given: Arguments,
    lists: Mapping[str, tuple[str, ...]],
    where: tuple[int, int],
) -> bool | None:
    """Writes the markup that a helper stands for; None where the name is no such helper."""
    start, end = where
    if name in LOADERS:
        _scripts(flat, name, given, lists, where)
        return True
    if name == b"javascript_tag":
        if given and given[0] and given[0][0].kind == "text":
            word = given[0][0]
            flat.write(b"<script>", start)
            flat.keep(word.start + 1, word.end - 1)
            flat.write(b"</script> ", end)
        return True
    if name == b"image_tag":
        if given and given[0] and given[0][0].kind == "text":
            _element(flat, "img", given[0][0], _attributes(given), where)
        return True
    if name in (b"content_tag", b"tag"):
        return _written_element(flat, given, where)
    return None


def _written_element(flat: Flat, given: Arguments, where: tuple[int, int]) -> bool:
    """`content_tag(:iframe, "", src: "...")`, `tag(:img, src: "...")`."""
    if not given or not given[0] or given[0][0].kind not in ("symbol", "text"):
        return False
    element = unquoted(given[0][0])
    source = dict(_named(given)).get(ELEMENTS.get(element, ""))
    if source and source[0].kind == "text":
        _element(flat, element, source[0], _attributes(given), where)
        return True
    return False


def _scripts(
    flat: Flat,
    name: bytes,
    given: Arguments,
    lists: Mapping[str, tuple[str, ...]],
    where: tuple[int, int],
) -> None:
    start, end = where
    folder = LOADERS[name]
    attributes = _attributes(given)
    count = 0
    for words in given:
        if not words or words[0].kind == "label" or words[0].text in (b"**", b"{"):
            continue
        if len(words) > 1 and words[1].text == b"=>":
            continue
        if words[0].text == b"*" and len(words) > 1 and words[1].text == b"*":
            continue
        count += 1
        if words[0].kind == "text":
            _script(flat, _address(unquoted(words[0]), folder).encode(), attributes, where)
            continue
        variable = words[-1].text.decode("utf-8", "replace") if len(words) < 3 else ""
        if words[0].kind == "words":
            for each in words[0].text[3:-1].decode("utf-8", "replace").split():
                _script(flat, _address(each, folder).encode(), attributes, where)
        elif variable in lists:
            for each in lists[variable]:
                _script(flat, _address(each, folder).encode(), attributes, where)
        else:
            flat.write(b'<script src="', start)
            flat.show(words[0].start, words[-1].end)
            flat.write(b'">', start)
            flat.write(b"</script> ", end)
    if not count and name == b"javascript_importmap_tags":
        _script(flat, b"application.js", b"", where)


def _script(flat: Flat, url: bytes, attributes: bytes, where: tuple[int, int]) -> None:
    flat.write(b'<script src="' + url + b'"' + attributes + b">", where[0])
    flat.write(b"</script> ", where[1])


def _address(name: str, folder: str) -> str:
    """The script behind a helper's name; an address on another host is one already."""
    name = HOLE.sub("", name).replace('"', "")
    if re.match(r"(?:https?:)?//", name):
        return name
    if name.startswith("/"):
        folder = ""
    return folder + name + ("" if re.search(r"\.(?:m?js|tsx?|jsx)$", name) else ".js")


def _element(
    flat: Flat, element: str, source: Word, attributes: bytes, where: tuple[int, int]
) -> None:
    start, end = where
    quote = source.text[:1]
    flat.write(f"<{element} src=".encode() + quote, start)
    _keep_text(flat, source.start + 1, source.end - 1)
    flat.write(quote + attributes + b">", start)
    flat.write(b" " if element == "img" else f"</{element}> ".encode(), end)


def _keep_text(flat: Flat, start: int, end: int) -> None:
    """A string's text, with what is put into it as outputs."""
    at = start
    for hole in re.finditer(rb"#\{([^{}]*)\}", flat.data[start:end]):
        flat.keep(at, start + hole.start())
        outer = (start + hole.start(), start + hole.end())
        flat.show(start + hole.start(1), start + hole.end(1), outer)
        at = start + hole.end()
    flat.keep(at, end)


def _attributes(given: Arguments) -> bytes:
    """The attributes that may hold a script back: its type, and what data it carries."""
    found: list[bytes] = []
    for key, value in _named(given):
        if len(value) != 1 or value[0].kind != "text":
            continue
        if key == "type" or key.startswith("data-"):
            text = unquoted(value[0]).replace('"', "")
            if "#{" not in text:
                found.append(f' {key}="{text}"'.encode())
    return b"".join(found)


def _named(given: Arguments) -> Iterator[tuple[str, Sequence[Word]]]:
    """The arguments with a name: `partial: x`, `:partial => x`, `data: {a: x}` as data-a."""
    for words in given:
        if not words:
            continue
        first = words[0]
        if first.kind == "label":
            key, value = first.text[:-1].decode(), words[1:]
        elif len(words) > 2 and words[1].text == b"=>":
            key, value = unquoted(first), words[2:]
        else:
            continue
        if key == "data" and value and value[0].text == b"{":
            yield from (("data-" + name.replace("_", "-"), inner) for name, inner in _hash(value))
        else:
            yield key, value


def _hash(words: Sequence[Word]) -> Iterator[tuple[str, Sequence[Word]]]:
    for at, word in enumerate(words[:-1]):
        if word.kind == "label" and word.depth == words[0].depth + 1:
            yield word.text[:-1].decode(), words[at + 1 : at + 2]


def _target(data: bytes, words: Sequence[Word]) -> str:
    """A file's name as it is written, a component's file, or an expression."""
    if words[0].kind in ("text", "symbol") and len(words) == 1:
        text = HOLE.sub("#{part}", unquoted(words[0])).replace('"', "").replace("'", "")
        return f'"{text}"'
    text = " ".join(data[words[0].start : words[-1].end].decode("utf-8", "replace").split())
    if found := CLASS.match(text):
        return f'"{component(found[1])}"'
    return re.sub(r"[\"']", "", text.split("(")[0]) or "unknown"


def _layout(data: bytes, words: Sequence[Word]) -> str:
    target = _target(data, words)
    if target.startswith('"') and "/" not in target:
        return f'"layouts/{target[1:]}'
    return target
