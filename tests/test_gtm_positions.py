"""JSON with positions: every value's bytes, and the way back from a string's text to the file."""

from __future__ import annotations

import json

import pytest

from analyzer.gtm.positions import Document, Node, NotJson


def root(data: bytes) -> Node:
    return Document(data).root(lambda path: False)


def value_at(data: bytes, *path: str | int) -> Node:
    node = root(data)
    for step in path:
        node = node.members()[step] if isinstance(step, str) else node.elements()[step]
    return node


def lifted(data: bytes) -> dict[str, bytes]:
    """For each character of the string in `text`, the bytes of the file that write it."""
    node = value_at(data, "text")
    offsets, at, found = node.lift(), 0, {}
    assert len(offsets) == len(node.value.encode()) + 1
    for character in node.value:
        after = at + len(character.encode())
        found[character] = data[offsets[at] : offsets[after]]
        at = after
    return found


def test_a_member_takes_the_bytes_of_its_key_and_its_value() -> None:
    data = '{"é": 1,\n "list": [10, {"deep": "ü"}]}'.encode()
    start, end = value_at(data, "list", 1, "deep").span
    assert data[start:end] == '"deep": "ü"'.encode()
    start, end = value_at(data, "list", 0).span
    assert data[start:end] == b"10"


def test_plain_text_needs_no_table() -> None:
    node = value_at(b'{"text": "abc"}', "text")
    assert node.lift() == range(10, 14)


def test_each_escape_leads_back_to_all_of_itself() -> None:
    assert lifted(rb'{"text": "a\n\u003c\"\/\ud83d\ude00z"}') == {
        "a": b"a",
        "\n": rb"\n",
        "<": rb"\u003c",
        '"': rb"\"",
        "/": rb"\/",
        "\U0001f600": rb"\ud83d\ude00",
        "z": b"z",
    }


def test_characters_of_several_bytes_lead_back_to_them() -> None:
    data = '{"text": "é\\u00e8\U0001f600…"}'.encode()
    assert lifted(data) == {
        "é": "é".encode(),
        "è": rb"\u00e8",
        "\U0001f600": "\U0001f600".encode(),
        "…": "…".encode(),
    }


def test_half_a_character_and_broken_bytes_are_replaced_in_the_text_only() -> None:
    data = b'{"text": "\\ud83d", "next": "\xff", "last": 1}'
    assert value_at(data, "text").value == "\ufffd"
    assert value_at(data, "next").value == "\ufffd"
    start, end = value_at(data, "last").span
    assert data[start:end] == b'"last": 1'
    assert len(value_at(data, "text").lift()) == 4


def test_offsets_stay_true_far_into_a_file_that_is_not_ascii() -> None:
    data = json.dumps({"fill": "é…\U0001f600" * 5000, "end": "x"}, ensure_ascii=False).encode()
    start, end = value_at(data, "end").span
    assert data[start:end] == b'"end": "x"'


def test_a_byte_order_mark_counts_as_bytes() -> None:
    data = b'\xef\xbb\xbf{"a": 1}'
    assert value_at(data, "a").span == (4, 10)


def test_opened_and_unopened_parts_are_the_same() -> None:
    data = b' { "a" : [ 1 , {"b": [] } ] , "c" : { } , "a2": [ ] } '
    opened = Document(data).root(lambda path: True)
    assert opened.value == root(data).value == json.loads(data)
    assert opened.span == root(data).span
    assert [each.span for each in opened.members()["a"].elements()] == [
        each.span for each in value_at(data, "a").elements()
    ]


@pytest.mark.parametrize(
    ("data", "what", "at", "cut"),
    [
        (b'{"a": 1', "a comma is missing", 7, True),
        (b'{"a": "b', "a text does not end", 6, True),
        (b'{"a" 1}', "a colon is missing", 5, False),
        (b'{"a": 1,}', "a comma has nothing after it", 7, False),
        (b'{"a": [1 2]}', "a comma is missing", 9, False),
        (b"{a: 1}", "a name in double quotes is missing", 1, False),
        (b'{"a": }', "a value is missing", 6, False),
        (b"", "a value is missing", 0, True),
    ],
)
@pytest.mark.parametrize("opens", [True, False], ids=["opened", "whole"])
def test_an_error_says_what_is_missing_and_where(
    data: bytes, what: str, at: int, cut: bool, opens: bool
) -> None:
    with pytest.raises(NotJson) as error:
        Document(data).root(lambda path: opens)
    if opens or what != "a comma has nothing after it":  # older decoders say it in other words
        assert (error.value.what, error.value.at, error.value.cut) == (what, at, cut)
