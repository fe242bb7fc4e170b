"""Reads the findings of an earlier report, in each of the forms in which we write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analyzer.model import UserError
from analyzer.policy.tags import Record

SCHEMA = "trackerlint-baseline/1"
KNOWN = (SCHEMA, "trackerlint-report/1")
OURS = re.compile(r"trackerlint-(?:baseline|report)/\d+")
TOOL = "trackerlint"
FINGERPRINT = "trackerlint/finding/v1"
CONFLICT = re.compile(r"(?m)^(?:<{7}|>{7}) ")


def read_records(path: Path) -> Iterator[Record]:
    """Raises UserError for a file that is no report of ours."""
    data = _data(path)
    schema = data.get("schema")
    if isinstance(schema, str) and OURS.fullmatch(schema):
        if schema not in KNOWN:
            raise UserError(
                f"{path} has the form {schema}, and this trackerlint knows {' and '.join(KNOWN)}; "
                "use the same version for both, or write the baseline anew"
            )
        yield from _ours(path, data)
    elif isinstance(data.get("runs"), list):
        yield from _sarif(path, data["runs"])
    else:
        raise _foreign(path)


def is_baseline(path: Path) -> bool:
    """Is it what trackerlint baseline writes, whole or not? That may be written anew."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError:
        return False
    return not start.strip() or b'"trackerlint-baseline/' in start


def _data(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raise UserError(f"{path} is a folder; name the file with the earlier findings") from None
    except FileNotFoundError:
        raise UserError(
            f"{path} does not exist; write it first: trackerlint baseline PATHS -o {path}"
        ) from None
    except OSError as trouble:
        if path.is_dir():  # Windows calls that a matter of permission
            raise UserError(f"{path} is a folder; name the file with earlier findings") from None
        raise UserError(f"{path} cannot be read ({trouble.strerror or trouble})") from None
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # what some shells make of `>`
    text = data.decode("utf-16" if utf16 else "utf-8-sig", "replace")
    if not text.strip():
        raise UserError(f"{path} is empty; write it anew: trackerlint baseline PATHS -o {path}")
    if CONFLICT.search(text):
        raise UserError(
            f"{path} holds an unsettled merge; settle it, or write it anew: "
            f"trackerlint baseline PATHS -o {path}"
        )
    try:
        found = json.loads(text)
    except json.JSONDecodeError as trouble:
        raise UserError(
            f"{path}: line {trouble.lineno}: it is no JSON ({trouble.msg}); "
            "give a report that trackerlint wrote with -o, or a baseline"
        ) from None
    except (RecursionError, ValueError):
        raise _foreign(path) from None
    if not isinstance(found, dict):
        raise _foreign(path)
    return found


def _foreign(path: Path) -> UserError:
    return UserError(
        f"{path} holds no findings of trackerlint; give a report that it wrote as SARIF or JSON, "
        "or what trackerlint baseline wrote"
    )


def _ours(path: Path, data: dict[str, Any]) -> Iterator[Record]:
    """The rows of a baseline and of a JSON report."""
    for number, row in enumerate(_list(path, data.get("findings")), 1):
        if row.get("suppressed"):
            continue
        tag = row.get("container")
        container = _table(tag) if isinstance(tag, dict) else {"id": tag, **row}
        yield _record(
            path,
            number,
            fingerprint=row.get("fingerprint"),
            code=row.get("code"),
            rule=row.get("rule"),
            path=row.get("path"),
            message=row.get("message"),
            vendor=row.get("vendor"),
            container=container.get("id"),
            tag_id=container.get("tag_id"),
            tag_name=container.get("tag_name"),
            pages=_pages(row),
        )


def _pages(row: dict[str, Any]) -> tuple[str, ...] | None:
    """The pages of a finding about classes of pages; a baseline tells no others."""
    listed = row.get("pages")
    if not isinstance(listed, list) or row.get("classes") == []:
        return None
    return tuple(each for each in listed if isinstance(each, str))


def _sarif(path: Path, runs: list[Any]) -> Iterator[Record]:
    tools = [_tool(_table(run)) for run in runs]
    if TOOL not in tools:
        names = ", ".join(dict.fromkeys(tools)) or "nobody"
        raise UserError(
            f"{path} is a report of {names}, not of trackerlint; give one that trackerlint wrote"
        )
    for tool, run in zip(tools, runs, strict=True):
        if tool == TOOL:
            yield from _results(path, _table(run))


def _tool(run: dict[str, Any]) -> str:
    return str(_table(_table(run.get("tool")).get("driver")).get("name") or "an unnamed tool")


def _results(path: Path, run: dict[str, Any]) -> Iterator[Record]:
    for number, each in enumerate(_list(path, run.get("results") or []), 1):
        if each.get("baselineState") == "absent" or each.get("suppressions"):
            continue
        said = _table(each.get("properties"))
        tag = _table(said.get("gtm"))
        places = each.get("locations") or [{}]
        place = _table(places[0] if isinstance(places, list) else {})
        artifact = _table(_table(place.get("physicalLocation")).get("artifactLocation"))
        yield _record(
            path,
            number,
            fingerprint=_table(each.get("fingerprints")).get(FINGERPRINT),
            code=each.get("ruleId"),
            path=artifact.get("uri"),
            message=_table(each.get("message")).get("text"),
            vendor=said.get("vendor"),
            container=tag.get("containerId"),
            tag_id=tag.get("tagId"),
            tag_name=tag.get("tagName"),
        )


def _record(file: Path, number: int, pages: tuple[str, ...] | None = None, **said: Any) -> Record:
    words = {name: "" if value is None else value for name, value in said.items()}
    if (
        not words["fingerprint"]
        or not words["code"]
        or not all(isinstance(value, str) for value in words.values())
    ):
        raise UserError(
            f"{file}: finding {number} is not as trackerlint writes it (it needs a code and a "
            "fingerprint); write the file anew"
        )
    return Record(**words, pages=pages)


def _list(path: Path, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise _foreign(path)
    return [_table(each) for each in value]


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
