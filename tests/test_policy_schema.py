"""The published schema is the one that the code reads by, and every key of it is explained."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from analyzer.cli import main
from analyzer.policy import schema

PUBLISHED = Path(schema.__file__).with_name("trackerlint.schema.json")


def tables(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield found
    yield from found.get("$defs", {}).values()


def test_the_published_schema_is_that_of_the_code(rewrite: bool) -> None:
    if rewrite:
        PUBLISHED.write_text(schema.json_schema_text(), encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == schema.json_schema_text(), (
        "pytest tests/test_policy_schema.py --rewrite writes the schema anew"
    )


def test_the_command_prints_it() -> None:
    done = CliRunner().invoke(main, ["schema"])
    assert done.exit_code == 0
    assert json.loads(done.output) == schema.json_schema()


def test_every_table_and_key_is_explained_and_none_is_open() -> None:
    found = schema.json_schema()
    jsonschema.Draft202012Validator.check_schema(found)
    for table in tables(found):
        assert table["additionalProperties"] is False
        assert table["description"]
        for name, each in table["properties"].items():
            assert each.get("description"), name


def test_every_example_is_valid() -> None:
    found = schema.json_schema()
    for table in tables(found):
        for each in table["properties"].values():
            for example in each.get("examples", ()):
                jsonschema.validate(example, {**each, "$defs": found["$defs"]})


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('exclude = ["a"]\n[[hosts]]\nhost = "a.example"', True),
        ('[[hosts]]\nhots = "a.example"', False),
        ('[severity]\nTL101 = "fatal"', False),
        ('[[ignore]]\nrules = ["TL1"]', False),
    ],
)
def test_an_editor_sees_the_same_mistakes(text: str, fits: bool) -> None:
    errors = list(
        jsonschema.Draft202012Validator(schema.json_schema()).iter_errors(tomllib.loads(text))
    )
    assert (not errors) is fits
