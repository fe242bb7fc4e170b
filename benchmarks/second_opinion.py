"""Do our facts say what esprima's tree says, over every script that both read?

Walks folders, reads each script and each inline script of a page with both parsers, and compares
calls of vendors' names, assignments to them and their literal values, and whole addresses that are
written where something is loaded, shown or sent. Prints what ours lack and
how much agrees. esprima reads less than a megabyte in a second, so larger files than `--largest`
are left out. Run it in the project's folder, beside the tests:
`python -m benchmarks.second_opinion FOLDER...`; it ends with 1 where both differ.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from analyzer.parse.prefilter import has_anchor
from analyzer.signatures import load
from tests.second_opinion import inline_scripts, second_opinion

SCRIPTS = (".js", ".mjs", ".cjs", ".jsx")
PAGES = (".html", ".htm")
IGNORED = frozenset({".git", "node_modules"})


def main() -> None:
    """Compare what is in the folders, in an order that `--seed` decides."""
    given = arguments()
    vocabulary = load().vocabulary
    found = [path for folder in given.folders for path in scripts_in(folder)]
    random.Random(given.seed).shuffle(found)
    began, read, unread, agreed, asked, missing = monotonic(), 0, 0, 0, 0, 0
    sys.setrecursionlimit(5_000)
    for path in found:
        if monotonic() - began > given.seconds:
            break
        if path.stat().st_size > given.largest:
            continue
        data = path.read_bytes()
        if not has_anchor(data, vocabulary):
            continue
        text = data.decode("utf-8", "replace").removeprefix("\ufeff")
        is_page = path.suffix.lower() in PAGES
        for script in inline_scripts(text) if is_page else (text,):
            name = "inline.js" if is_page else f"file{path.suffix.lower()}"
            opinion = second_opinion(script, vocabulary, name)
            if opinion is None:
                unread += 1
                continue
            read += 1
            agreed += opinion.agreed
            asked += opinion.asked
            missing += len(opinion.missing)
            for each in opinion.missing:
                print(f"{path}: {str(each)[:160]}")
    print(
        f"{read:,} scripts that both read, {unread:,} that esprima cannot; "
        f"{agreed:,} calls and assignments and {asked:,} addresses agree, {missing:,} do not"
    )
    sys.exit(1 if missing else 0)


def arguments() -> argparse.Namespace:
    """What the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--largest", type=int, default=300_000, help="bytes of a file that is read")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def scripts_in(folder: Path) -> Iterator[Path]:
    """The scripts and pages of a folder."""
    for path in sorted(folder.rglob("*")):
        wanted = path.suffix.lower() in SCRIPTS + PAGES and not IGNORED & set(path.parts)
        if wanted and path.is_file():
            yield path


if __name__ == "__main__":
    main()
