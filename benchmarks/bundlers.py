"""Does a page that a bundler has built say the same as its source?

Builds the pages in `bundled/` with webpack, Vite, Rollup, esbuild and Parcel, minified and not,
with and without source maps, scans each source and each result alone, and prints what only one of
both shows: trackers, ids, names of events, and data with its category and origin. It needs node,
and puts the bundlers that `bundled/package-lock.json` names into the folder given with `--work`,
where they stay for the next time. Run it in the project's folder: `python -m benchmarks.bundlers`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import gettempdir

from analyzer.model import Datum, OriginKind, Role, Tracker, options, source_of
from analyzer.pipeline import Options, scan
from analyzer.policy import config
from analyzer.signatures import Signatures, load

BUNDLED = Path(__file__).parent / "bundled"
PAGES = ("plain", "react", "typed", "shop", "split", "packages")
# What is only mentioned or present says nothing of what the page does with it.
SILENT = frozenset({Role.MARKER, Role.PACKAGE, Role.LIBRARY})
NOTHING_KEPT = Options(config=config.Wanted(ignored=True))

Said = frozenset[tuple[str, ...]]


def main() -> None:
    """Read the arguments, build what is wanted, and compare."""
    given = arguments()
    if not given.built:
        prepare(given.work)
    signatures = load()
    different = 0
    for page in given.pages:
        if not given.built:
            build(given.work, page)
        source = said(given.work / page, signatures)
        print(f"\n{page}: {len(source)} things said by the source")
        for way in sorted((given.work / "out" / page).iterdir()):
            if given.ways and not any(each in way.name for each in given.ways):
                continue
            result = said(way, signatures)
            lost, new = sorted(source - result), sorted(result - source)
            different += len(lost) + len(new)
            print(f"  {way.name:<30} {'the same' if lost == new else ''}")
            for sign, each in [*(("-", one) for one in lost), *(("+", one) for one in new)]:
                print(f"      {sign} {' '.join(each)}")
    print(f"\n{different} differences")


def arguments() -> argparse.Namespace:
    """What the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path(gettempdir()) / "trackerlint-bundlers")
    parser.add_argument("--built", action="store_true", help="compare what was built before")
    parser.add_argument("--pages", nargs="*", default=PAGES, choices=PAGES, metavar="PAGE")
    parser.add_argument("--ways", nargs="*", default=(), help="parts of names, such as webpack")
    return parser.parse_args()


def prepare(work: Path) -> None:
    """Copy the pages to a folder of their own and install the bundlers there."""
    if shutil.which("npm") is None:
        sys.exit("npm is missing: install node 20 or newer")
    shutil.copytree(BUNDLED, work, dirs_exist_ok=True)
    if not (work / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=work, check=True)


def build(work: Path, page: str) -> None:
    """Build one page in every way; a way that fails is named and left out."""
    target = work / "out" / page
    shutil.rmtree(target, ignore_errors=True)
    command = ["node", "build.mjs", page, str(work / page), str(target)]
    subprocess.run(command, cwd=work, check=True)


def said(folder: Path, signatures: Signatures) -> Said:
    """What a scan of a folder says, without places."""
    site = scan((folder,), signatures, NOTHING_KEPT).site
    # What a function is given is told with its calls, if these stand in another file.
    trackers: Sequence[Tracker] = [*site.trackers, *site.others, *site.uses]
    told = {
        step.place
        for each in trackers
        for step in each.detection.fact.through
        if step.place != each.place
    }
    return frozenset(
        each for tracker in trackers for each in _said_by(tracker, tracker.place in told)
    )


def _said_by(tracker: Tracker, by_callers: bool) -> Iterator[tuple[str, ...]]:
    hit = tracker.detection
    if hit.role in SILENT:
        return
    yield "tracker", hit.vendor, str(hit.role)
    for name in hit.ids:
        yield "id", hit.vendor, name
    for switch in hit.switches:
        yield "switch", hit.vendor, switch.name, str(switch.on)
    for datum in hit.data:
        if datum.name == "event":
            for option in options(datum.value):
                if isinstance(option, str):
                    yield "event", hit.vendor, option
        elif not by_callers or source_of(datum.origin) is None or _is_known(datum):
            yield "data", hit.vendor, datum.name, datum.category, _origin(datum)


def _is_known(datum: Datum) -> bool:
    source = source_of(datum.origin)
    return source is not None and source.kind not in (OriginKind.UNKNOWN, OriginKind.PARAMETER)


def _origin(datum: Datum) -> str:
    return str(source_of(datum.origin) or OriginKind.CONSTANT)


if __name__ == "__main__":
    main()
