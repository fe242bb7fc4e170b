"""Are the vendors' own packages recognised as their libraries, and as nothing more?

Takes a folder of unpacked npm packages, reads every built script in them, and prints for each
package of a known vendor how many of its larger scripts are recognised as a library of the right
vendor, what else was found in them (set-ups, events and the like are no acts of a site there), and
libraries of other vendors. Run it in the project's folder, in an environment that has trackerlint's
packages:

    mkdir packages && cd packages && npm install --ignore-scripts mixpanel-browser posthog-js
    python -m benchmarks.libraries packages/node_modules
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from analyzer import signatures
from analyzer.index import PACKAGE
from analyzer.link.libraries import apart
from analyzer.match import Matcher
from analyzer.model import Role, Source
from analyzer.parse.files import parse

BUILT = (".js", ".mjs", ".cjs")
LARGEST = 4_000_000  # bytes of a script
LEFT_OUT = frozenset(
    {"node_modules", "test", "tests", "__tests__", "docs", "examples", "example", "src"}
)
SILENT = (Role.LIBRARY, Role.PACKAGE, Role.MARKER)


@dataclass
class Told:
    """What was found in one package."""

    scripts: int = 0
    libraries: int = 0
    others: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    where: dict[str, str] = field(default_factory=dict)


def main() -> None:
    """Read the arguments and the packages, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds packages, such as node_modules")
    parser.add_argument("--least", type=int, default=10_000, help="bytes of the scripts that count")
    parser.add_argument("--all", action="store_true", help="also packages of no known vendor")
    given = parser.parse_args()
    loaded = signatures.load()
    matcher = Matcher(loaded)
    owners: dict[str, set[str]] = {}
    for signal in loaded.signals:
        if signal.role is Role.PACKAGE and signal.text.startswith("npm:"):
            owners.setdefault(signal.key[1], set()).add(signal.vendor)
            assert signal.key[0] == PACKAGE
    recognised = wanted = acting = 0
    for name, folder in sorted(packages(given.folder)):
        vendors = owners.get(name, set())
        if not vendors and not given.all:
            continue
        told = read(folder, vendors, matcher, given.least)
        wanted += 1
        recognised += bool(told.libraries)
        acting += bool(told.acts)
        print(f"{name} ({', '.join(sorted(vendors)) or 'no known vendor'})")
        print(f"    {told.libraries} of {told.scripts} scripts are the library", flush=True)
        for word, found in (("other libraries", told.others), ("acts", told.acts)):
            for what, count in found.most_common():
                print(f"    {word}: {what}, {count} times, first in {told.where[what]}")
    print(f"{recognised} of {wanted} packages are recognised, {acting} of them also act")


def packages(folder: Path) -> Iterator[tuple[str, Path]]:
    """The packages below a folder, by the names that they give themselves."""
    for path, folders, files in os.walk(folder):
        if "package.json" in files:
            try:
                name = json.loads(Path(path, "package.json").read_text("utf-8")).get("name")
            except (ValueError, AttributeError):
                name = None
            if isinstance(name, str):
                yield name, Path(path)
                folders[:] = [each for each in folders if each == "node_modules"]


def read(folder: Path, vendors: set[str], matcher: Matcher, least: int) -> Told:
    """What the scripts of a package say."""
    told = Told()
    for path, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if each not in LEFT_OUT]
        for each in sorted(files):
            disk = Path(path, each)
            if not each.endswith(BUILT) or not disk.is_file() or disk.stat().st_size > LARGEST:
                continue
            name = disk.relative_to(folder).as_posix()
            parsed = parse(Source(name, disk.read_bytes()), matcher.signatures.vocabulary)
            (parsed,) = apart([parsed], matcher)
            found = [hit for fact in parsed.facts for hit in matcher.detect(fact)]
            strong = {hit.vendor for hit in found if not hit.weak}
            found = [hit for hit in found if hit.vendor in strong]
            own = any(hit.role is Role.LIBRARY and hit.vendor in vendors for hit in found)
            if disk.stat().st_size >= least or own:
                told.scripts += 1
                told.libraries += own
            for hit in found:
                said = f"{hit.vendor} {hit.role} {' '.join(hit.ids)}".strip()
                if hit.role is Role.LIBRARY and hit.vendor not in vendors:
                    told.others[said] += 1
                    told.where.setdefault(said, str(hit.place))
                elif hit.role not in SILENT:
                    told.acts[said] += 1
                    told.where.setdefault(said, str(hit.place))
    return told


if __name__ == "__main__":
    main()
