"""The commands of a package.json that build: `esbuild src/app.js --outfile=public/app.js`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

COMMANDS = re.compile(r"&&|\|\|?|;")
TOOLS = frozenset(
    {
        "esbuild",
        "rollup",
        "browserify",
        "watchify",
        "webpack",
        "parcel",
        "terser",
        "uglifyjs",
        "uglify-js",
        "swc",
        "babel",
        "bun",
        "ncc",
        "tsup",
        "rspack",
        "rolldown",
    }
)
WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|(\S+)")
SCRIPT = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte|coffee)$")
OUTPUT = frozenset({"-o", "--output", "--outfile", "--out-file", "--file", "--output-path", ">"})
FOLDER = frozenset({"-d", "--outdir", "--out-dir", "--dir", "--dist-dir", "--output-path", "-o"})
MOST_COMMANDS = 200
LONGEST = 2_000  # characters of a command


def builds(package: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the commands of a package write, each with the scripts that it is made of."""
    scripts = package.get("scripts")
    if not isinstance(scripts, dict):
        return
    for line in list(scripts.values())[:MOST_COMMANDS]:
        for command in COMMANDS.split(line[:LONGEST]) if isinstance(line, str) else ():
            words = ["".join(found.groups("")) for found in WORD.finditer(command)]
            if any(posixpath.basename(word) in TOOLS for word in words):
                yield from _of_command(words)


def _of_command(words: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    inputs: list[str] = []
    output = folder = ""
    option = ""
    for word in words:
        if option and not word.startswith("-"):
            given, option = word, ""
        elif word.startswith("-") and "=" in word:
            option, _, given = word.partition("=")
        elif word.startswith("-") or word == ">":
            option = word
            continue
        else:
            if SCRIPT.search(word) and "*" not in word:
                inputs.append(word)
            continue
        name = option if "=" in word else _before(words, word)
        option = ""
        if name in OUTPUT and SCRIPT.search(given):
            output = given
        elif name in FOLDER and not SCRIPT.search(given):
            folder = given
        elif SCRIPT.search(given) and "=" not in word and name not in OUTPUT | FOLDER:
            inputs.append(given)  # behind a switch that takes no value
    if output and inputs:
        yield posixpath.normpath(output), tuple(map(posixpath.normpath, inputs))
    for each in inputs if folder and not output else ():
        stem = posixpath.splitext(posixpath.basename(each))[0]
        stem = "main" if "webpack" in words else stem
        yield posixpath.normpath(posixpath.join(folder, stem + ".js")), (each,)


def _before(words: list[str], word: str) -> str:
    at = words.index(word)
    return words[at - 1] if at else ""
