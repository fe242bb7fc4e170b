"""Configuration files as facts: settings with a name and a literal value, GTM_ID=GTM-ABC1234."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from analyzer.model import Fact, Setting, Skip, Source, Vocabulary
from analyzer.parse.prefilter import engine_for, has_anchor

NAMES = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$|\.(?:ya?ml|properties|toml|ini|cfg|conf)$", re.I)
OBJECTS = re.compile(
    r"(?:^|/)appsettings(?:\.(?!dev|test)\w+)?\.json$"
    r"|(?:^|[/._-])(?:config|settings|environment|env|constants|site|analytics|tracking)\.json$",
    re.I,
)
MARKUP = re.compile(
    r"(?:^|/)(?:(?:web|app)(?:\.(?!debug)\w+)?|appsettings)\.config$|(?:^|/)[\w-]*info\.plist$"
    r"|(?:^|/)res/values/[\w-]+\.xml$|(?:^|/)global_tracker\.xml$|(?:^|/)androidmanifest\.xml$",
    re.I,
)
ELIXIR = re.compile(r"(?:^|/)config/(?!dev|test)[\w-]+\.exs$", re.I)
# What other environments are told never reaches a visitor.
REHEARSALS = re.compile(r"(?:^|/)\.env\.(?!prod)[\w.-]+$", re.I)
LOCKS = re.compile(r"lock\.ya?ml$|(?:^|/)(?:poetry|uv|Cargo|Pipfile)\.lock$", re.I)
ASSIGNED = re.compile(
    rb"""^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.\-]*)[ \t]*[:=][ \t]*"""
    rb"""(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"';,{}\[\]][^\s#;,]*))""",
    re.M,
)
JOINTS = bytes(each for each in range(128) if not chr(each).isalnum())
ENDLESS = "its aliases stand for more values than it has letters; what was read before counts"
LONGEST_KEY = 1_000  # characters of the way to a value
LONGEST = 300  # characters of a value that may be an id or an address
ADDRESS = re.compile(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+/[^\s\"'<>,;]+")
# What a script's or an endpoint's address is called, and what names hosts for another purpose.
ASKED_FOR = re.compile(
    r"(?i)ur[il]|src|source|script|\bjs\b|cdn|snippet|tag|pixel|endpoint|track|analytic"
)
BARE = frozenset({"url", "uri", "src", "source", "href", "script", "js", "endpoint", "tag"})
SCRIPTS = re.compile(r"(?i)(?:^|[._-])(?:extra_?)?(?:head_?)?(?:scripts?|js|javascripts?)$")
ONLY_NAMED = re.compile(
    r"(?i)csp|polic|secur|allow|permit|white|black|block|deny|reject|ignore|exclude|filter|trust|safe"
    r"|origin|domain|hosts?\b|proxy|redirect|privacy|terms|docs?\b|help|learn|home|reference|see_?also"
    r"|links?\b|social|share|mock|test|fixture|example|sample|stub|badge|image|schema|feed|licen[cs]e"
)


def is_config(path: str) -> bool:
    """Is the file one that holds settings, by its name?"""
    known = any(each.search(path) for each in (NAMES, OBJECTS, MARKUP, ELIXIR))
    return known and not LOCKS.search(path) and not REHEARSALS.search(path)


def is_wanted(key: str, value: str, vocabulary: Vocabulary, listed: bool = False) -> bool:
    """May the setting hold an id or an address of a vendor, by its name and its value?

    An address in a list is only named there, unless it is a list of scripts.
    """
    if not 0 < len(value) <= LONGEST:
        return False
    plain = plain_name(key)
    if any(word in plain for word in vocabulary.settings):
        return True
    return (
        is_asked_for(key, value)
        and (not listed or SCRIPTS.search(key) is not None)
        and has_anchor(value.encode(), vocabulary)
    )


def is_asked_for(key: str, value: str) -> bool:
    """Is the value an address that something is loaded from or sent to, by the setting's name?"""
    return (
        ADDRESS.fullmatch(value) is not None
        and key.lower() not in BARE
        and ASKED_FOR.search(key) is not None
        and ONLY_NAMED.search(re.sub(r"([a-z])([A-Z])", r"\1_\2", key)) is None
    )


def may_hold(data: bytes, vocabulary: Vocabulary) -> bool:
    """May the data hold such settings? Comments and texts are not told apart here."""
    plain = data.lower().translate(None, JOINTS)
    named = engine_for(_encoded(vocabulary.settings))(plain) if vocabulary.settings else ()
    return any(True for _ in named) or (b"//" in data and has_anchor(data, vocabulary))


@cache
def _encoded(words: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in words)


def plain_name(key: str) -> str:
    """A setting's name without case and joints: `GOOGLE_TAG-manager.Id` is `googletagmanagerid`."""
    return re.sub(r"[^a-z0-9]+", "", key.lower())


def facts_of(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    """The settings of a file whose names hold one of the signatures' words."""
    if not may_hold(source.data, vocabulary):
        return
    low = source.path.lower()
    if low.endswith((".yml", ".yaml")):
        yield from _yaml(source, vocabulary)
        return
    if low.endswith((".json", ".xml", ".plist", ".config")):
        from analyzer.parse import config_markup  # here: few sites have such a file

        yield from config_markup.facts_of(source, vocabulary)
        return
    for found in ASSIGNED.finditer(source.data):
        key = found[1].decode("ascii", "replace")
        group = next(number for number in (2, 3, 4) if found[number] is not None)
        value = found[group].decode("utf-8", "replace").strip()
        if is_wanted(key, value, vocabulary):
            yield Setting(place=source.place(found.start(1), found.end()), key=key, value=value)


def _yaml(source: Source, vocabulary: Vocabulary) -> Iterator[Fact | Skip]:
    """The scalars of a YAML file under their whole path, so that `googleAnalytics:` names the
    `id:` below it.
    """
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
    stack: list[tuple[str, bool, object]] = [("", False, each) for each in reversed(documents)]
    left = len(source.data) + 1  # more values than bytes there are only where aliases repeat them
    while stack:
        path, listed, node = stack.pop()
        left -= 1
        if left < 0:
            yield Skip(source.path, ENDLESS, kind="partly")
            return
        if len(path) > LONGEST_KEY:
            continue
        if isinstance(node, yaml.MappingNode):
            for key, value in reversed(node.value):
                stack.append((f"{path}.{getattr(key, 'value', '')}".lstrip("."), False, value))
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((path, True, each) for each in reversed(node.value))
        elif isinstance(node, yaml.ScalarNode) and is_wanted(path, node.value, vocabulary, listed):
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
