"""What a container shows of itself at a glance: a few searches in the bytes of any file."""

from __future__ import annotations

import re

SNIFF = 1 << 20  # bytes in which data must show what it is
HEAD = 1 << 16  # bytes in which a script must

SECTIONS = {  # the lists of a container version, in the spellings that are met
    "tag": "tag",
    "tags": "tag",
    "trigger": "trigger",
    "triggers": "trigger",
    "rule": "trigger",
    "rules": "trigger",
    "variable": "variable",
    "variables": "variable",
    "macro": "variable",
    "macros": "variable",
    "customTemplate": "customTemplate",
    "customTemplates": "customTemplate",
    "builtInVariable": "builtInVariable",
    "builtInVariables": "builtInVariable",
    "client": "client",
    "clients": "client",
    "transformation": "transformation",
    "transformations": "transformation",
    "zone": "zone",
    "zones": "zone",
    "gtagConfig": "gtagConfig",
}
RECORDS = {  # the answers of the API name each record by its id
    "tagId": "tag",
    "triggerId": "trigger",
    "variableId": "variable",
    "templateId": "customTemplate",
    "clientId": "client",
    "transformationId": "transformation",
    "zoneId": "zone",
}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_WIDE = tuple("containerVersion".encode(name) for name in ("utf-16-le", "utf-16-be"))

_PUBLISHED = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|//[^\n]*+\n|/\*.*?\*/|[\"']use strict[\"'];?"
    # what stands before a container that runs custom JavaScript
    rb"|\(function\(\w,\s*\w\)\s*\{.{0,400}?\}\)\(window,\s*[\"']google_tag_manager[\"']\);"
    rb"|[!(]*function\s*\(\)\s*\{|\(\s*\(\)\s*=>\s*\{)*+"
    rb"(?:var|let|const)\s+data\s*=\s*(\{)\s*[\"']?resource[\"']?\s*:",
    re.S,
)
_YAML_HEAD = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*+|---[ \t]*)?\r?\n)*+"
    rb"(?:-[ ]+)?[\"']?(?:exportFormatVersion|exportTime|containerVersion|containerVersionId"
    rb"|accountId|containerId|container|path)[\"']?:",
)
_YAML_VERSION = re.compile(
    rb"^[ \t-]*[\"']?containerVersion(?:[\"']?:[ \t]*(?:\{|\r?$)|Id[\"']?:.*?^[ \t-]*tag:)",
    re.M | re.S,
)


def begins_as_json(data: bytes) -> bool:
    """Does the file begin with an object or a list?"""
    return data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def has(data: bytes, *keys: str) -> bool:
    """Do all of these keys stand near the start of the file?"""
    return all(data.find(b'"%s"' % key.encode(), 0, SNIFF) >= 0 for key in keys)


def is_exported(data: bytes) -> bool:
    """Is this worth reading as an exported container, or as an answer of the API?"""
    if data[:2] in UTF_16:
        return any(data.find(word, 0, SNIFF) >= 0 for word in _WIDE)
    if not begins_as_json(data):
        return False
    if has(data, "containerVersion"):
        return has(data, "exportFormatVersion") or any(has(data, key) for key in SECTIONS)
    if has(data, "containerVersionId") and any(has(data, key) for key in SECTIONS):
        return True
    return has(data, "containerId") and any(has(data, key) for key in RECORDS)


def published_at(data: bytes) -> int | None:
    """Where the container's data begins in a script that is a published container."""
    if data.find(b"resource", 0, HEAD) < 0:
        return None
    found = _PUBLISHED.match(data, 0, HEAD)
    return found.start(1) if found else None


def is_yaml(data: bytes) -> bool:
    """Does a text begin with the keys of an export, as YAML writes them?"""
    return (
        data.find(b"containerVersion", 0, HEAD) >= 0
        and _YAML_HEAD.match(data, 0, HEAD) is not None
        and _YAML_VERSION.search(data, 0, HEAD) is not None
    )
