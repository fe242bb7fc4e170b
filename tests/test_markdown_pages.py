"""The reader of the Markdown pages: what is a case, what is a mistake, and rewriting settles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.markdown_pages import PageError, cases_of, rewrite_case

PAGE = """\
# a-rule

Prose.

## It reports this

More prose.

```html public/a.html
## no heading, but a line of a file
<html></html>
```

````markdown notes.md
```text
not what is seen
```
````

```text
old
```

Prose behind it.

## It leaves that alone

```json a.json
{}
```
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "a_rule.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_case_has_files_and_what_is_seen(page: Path, tmp_path: Path) -> None:
    first, second = cases_of(page)
    assert str(first) == "a_rule.md:5: It reports this"
    assert list(first.files) == ["public/a.html", "notes.md"]
    assert first.expected == ("old",)
    assert second.seen is None
    first.write(tmp_path / "case")
    written = (tmp_path / "case" / "notes.md").read_text(encoding="utf-8")
    assert written == "```text\nnot what is seen\n```\n"


def test_a_difference_names_the_case_and_both_sides(page: Path) -> None:
    first, second = cases_of(page)
    assert first.difference(["old"]) == ""
    lines = first.difference(["new", "more"]).splitlines()
    assert lines[0] == f"{page}:5: It reports this"
    assert {"-old", "+new", "+more"} <= set(lines)
    assert second.difference(["new"]) != ""


def test_rewriting_changes_the_blocks_only_and_settles(page: Path) -> None:
    for case in cases_of(page):
        rewrite_case(case, ["one", "two"])
    written = page.read_text(encoding="utf-8")
    assert written == PAGE.replace("\nold\n", "\none\ntwo\n") + "\n```text\none\ntwo\n```\n"
    for case in cases_of(page):
        assert case.difference(["one", "two"]) == ""
        rewrite_case(case, ["one", "two"])
    assert page.read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# a-rule\n", "no case"),
        ("## Claim\n", ":1: the case shows no file"),
        ("## Claim\n```text\n```\n", ":1: the case shows no file"),
        ("## Claim\n```html\n```\n", ":2: the fence says `html`; write a language and a path"),
        ("## Claim\n```html ../a.html\n```\n", ":2: the fence says `html ../a.html`"),
        ("## Claim\n```html /a.html\n```\n", ":2: the fence says `html /a.html`"),
        ("## Claim\n```html a.html\n", ":2: the block that opens here is never closed"),
        ("## Claim\n```html a.html\n```\n```html a.html\n```\n", ":4: a.html is there twice"),
        (
            "## Claim\n```html a.html\n```\n```text\n```\n```text\n```\n",
            "2 ```text blocks; keep one",
        ),
    ],
)
def test_a_mistake_is_a_sentence(page: Path, text: str, said: str) -> None:
    page.write_text(text, encoding="utf-8")
    with pytest.raises(PageError) as trouble:
        cases_of(page)
    assert said in str(trouble.value)
