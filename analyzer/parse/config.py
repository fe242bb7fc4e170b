"""Configuration files as facts: settings with a name and a literal value, GTM_ID=GTM-ABC1234."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.model import Fact, Setting, Skip, Source, Vocabulary

NAMES = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$|\.(?:ya?ml|properties|toml|ini|cfg|conf)$", re.I)
# What other environments are told never reaches a visitor.
REHEARSALS = re.compile(r"(?:^|/)\.env\.(?!prod)[\w.-]+$", re.I)
LOCKS = re.compile(r"lock\.ya?ml$|(?:^|/)(?:poetry|uv|Cargo|Pipfile)\.lock$", re.I)
ASSIGNED = re.compile(
    rb"""^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.\-]*)[ \t]*[:=][ \t]*"""
    rb"""(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"';,{}\[\]][^\s#;,]*))""",
    re.M,
)
LONGEST = 300  # characters of a value that may be an id or an address


def is_config(path: str) -> bool:
    """Is the file one that holds settings, by its name?"""
    return bool(NAMES.search(path)) and not LOCKS.search(path) and not REHEARSALS.search(path)


def is_wanted(key: str, vocabulary: Vocabulary) -> bool:
    """Does the setting's name hold one of the words of the signatures?"""
    plain = plain_name(key)
    return any(word in plain for word in vocabulary.settings)


def plain_name(key: str) -> str:
    """A setting's name without case and joints: `GOOGLE_TAG-manager.Id` is `googletagmanagerid`."""
    return re.sub(r"[^a-z0-9]+", "", key.lower())


def facts_of(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    """The settings of a file whose names hold one of the signatures' words."""
    if source.path.lower().endswith((".yml", ".yaml")):
        yield from _yaml(source, vocabulary)
        return
    for found in ASSIGNED.finditer(source.data):
        key = found[1].decode("ascii", "replace")
        group = next(number for number in (2, 3, 4) if found[number] is not None)
        value = found[group].decode("utf-8", "replace").strip()
        if 0 < len(value) <= LONGEST and is_wanted(key, vocabulary):
            yield Setting(place=source.place(found.start(1), found.end()), key=key, value=value)


def _yaml(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    """The scalars of a YAML file under their whole path, so that `googleAnalytics:` names the
    `id:` below it.
    """
    if not any(
        word.encode() in re.sub(rb"[^a-z0-9\n]+", b"", source.data.lower())
        for word in vocabulary.settings
    ):
        return
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        documents = list(yaml.compose_all(source.data.decode("utf-8", "replace"), Loader=loader))
    except yaml.YAMLError as trouble:
        line = getattr(getattr(trouble, "problem_mark", None), "line", 0) + 1
        yield Skip(source.path, "it is not valid YAML, so its settings were not read", line)
        return
    except RecursionError:
        yield Skip(source.path, "it is nested too deeply")
        return
    starts = [0, *(found.end() for found in re.finditer(rb"\n", source.data))]
    stack: list[tuple[str, object]] = [("", document) for document in reversed(documents)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in reversed(node.value):
                stack.append((f"{path}.{getattr(key, 'value', '')}".lstrip("."), value))
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((path, each) for each in reversed(node.value))
        elif (
            isinstance(node, yaml.ScalarNode)
            and 0 < len(node.value) <= LONGEST
            and is_wanted(path, vocabulary)
        ):
            line, end_line = node.start_mark.line, node.end_mark.line
            start = _offset(source.data, starts, line, node.start_mark.column)
            yield Setting(
                place=source.place(
                    start, _offset(source.data, starts, end_line, node.end_mark.column)
                ),
                key=path,
                value=node.value.strip(),
            )


def _offset(data: bytes, starts: list[int], line: int, column: int) -> int:
    """The byte offset of a line and a column in characters."""
    start = starts[min(line, len(starts) - 1)]
    return start + len(
        data[start : start + 4 * column].decode("utf-8", "replace")[:column].encode()
    )
