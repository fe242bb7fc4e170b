"""The values of a configuration as the tables that the schema describes, or what is wrong with
them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from analyzer.model import UserError
from analyzer.policy.messages import one_of, path_in, unknown_key, written
from analyzer.policy.positions import At
from analyzer.policy.schema import Configuration
from analyzer.policy.sheet import Sheet

ANY_KEY = "..."  # how an error names the key of a table whose keys are free
NAMED = re.compile(r"`([^`]*)`")


def shaped(sheet: Sheet) -> Configuration:
    """The configuration of a file. Raises UserError for the first thing that does not fit."""
    try:
        return msgspec.convert(sheet.values, Configuration)
    except msgspec.ValidationError as trouble:
        raise _told(sheet, *path_in(str(trouble))) from None


def _told(sheet: Sheet, words: str, at: At) -> UserError:
    if at and at[-1] == ANY_KEY:
        at = (*at[:-1], _first_unfit(sheet.values, at[:-1]))
    if words.startswith("Object contains unknown field"):
        key = _first_unknown(sheet, at)
        return sheet.wrong((*at, key), unknown_key(key, _fields(at)))
    if words.startswith("Object missing required field"):
        missing = NAMED.findall(words)[0]
        return sheet.wrong(
            at, f'"{missing}" is missing; write {_example(missing, _field(at, missing))}'
        )
    key = next((each for each in reversed(at) if isinstance(each, str)), "")
    field = _field(at[: at.index(key)], key) if key in at else None
    if words.startswith("Invalid enum value"):
        found = _value(sheet.values, at)
        allowed = one_of(("error", "warning", "note", "off"))
        return sheet.wrong(at, f'"{found}" is no severity; write {allowed}')
    if field is None:  # a key of a table whose keys are free
        outer = str(at[0])
        example = written(_meta(_field((), outer)).get("examples", [{}])[0])
        return sheet.wrong(at, f'"{key}" must be a text in [{outer}]; write {outer} = {example}')
    if words.startswith("Invalid RFC3339"):
        return sheet.wrong(at, f'"{key}" is no day; write {_example(key, field)}')
    kind = _kind(field.type)
    if isinstance(kind, inspect.StructType):
        return sheet.wrong(at, f'"{key}" must be a table; write {sheet.header(key, many=False)}')
    if isinstance(kind, inspect.VarTupleType) and isinstance(
        _kind(kind.item_type), inspect.StructType
    ):
        return sheet.wrong(at, _blocks_wanted(sheet, key, at))
    if at[-1] != key:
        return sheet.wrong(at, f'"{key}" must hold texts only; write {_example(key, field)}')
    return sheet.wrong(at, f'"{key}" must be {_said(kind)}; write {_example(key, field)}')


def _blocks_wanted(sheet: Sheet, key: str, at: At) -> str:
    words = f'"{key}" must be blocks; begin each with {sheet.header(key)}'
    texts = _value(sheet.values, (key,))
    if key == "ignore" and isinstance(texts, list) and all(isinstance(each, str) for each in texts):
        rules = sheet.header("rules", many=False)
        words += f", or write {rules} ignore = {written(texts)} to leave rules out"
    return words


def _example(key: str, field: inspect.Field) -> str:
    example = _meta(field).get("examples", [""])[0]
    return f"{key} = {written(example, day=isinstance(_kind(field.type), inspect.DateType))}"


def _said(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType():
            return "a text in quotes"
        case inspect.BoolType():
            return "true or false"
        case inspect.DateType():
            return "a day"
        case inspect.VarTupleType():
            return "a list of texts"
        case inspect.DictType():
            return "a table of rules and severities"
    return "a text or a list of texts"


# ---------------------------------------------------------------- the schema as records


@cache
def _schema() -> inspect.Type:
    return inspect.type_info(Configuration)


def _kind(found: inspect.Type) -> inspect.Type:
    """A type without what is said of it."""
    return _kind(found.type) if isinstance(found, inspect.Metadata) else found


def _struct(at: At) -> inspect.StructType | None:
    """The table at a place of the schema; None where keys are free."""
    found = _schema()
    for each in at:
        found = _kind(found)
        if isinstance(found, inspect.StructType):
            inner = [field for field in found.fields if field.encode_name == each]
            found = inner[0].type if inner else found
        elif isinstance(found, inspect.VarTupleType):
            found = found.item_type
    found = _kind(found)
    return found if isinstance(found, inspect.StructType) else None


def _fields(at: At) -> tuple[str, ...]:
    struct = _struct(at)
    return tuple(each.encode_name for each in struct.fields) if struct else ()


def _field(at: At, name: str) -> Any:
    struct = _struct(at)
    return (
        next((each for each in struct.fields if each.encode_name == name), None) if struct else None
    )


def _meta(field: inspect.Field) -> dict[str, Any]:
    return (field.type.extra_json_schema or {}) if isinstance(field.type, inspect.Metadata) else {}


# ---------------------------------------------------------------- the values of the file


def _value(values: Any, at: At) -> Any:
    for each in at:
        try:
            values = values[each]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _first_unknown(sheet: Sheet, at: At) -> str:
    """The first key of a table, as the file has it, that the schema does not know."""
    known = _fields(at)
    return next(str(each) for each in _value(sheet.values, at) if each not in known)


def _first_unfit(values: Any, at: At) -> str:
    """The first key of a table of severities whose value is none."""
    table = _value(values, at)
    return next(
        str(each) for each in table if table[each] not in ("error", "warning", "note", "off")
    )
