"""What a process of its own does with the files that were sent: unpack, scan, write down.

The page lives on whatever happens here, and this process is ended when nobody wants its result.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from analyzer import amending, files, pipeline, plugins, signatures
from analyzer.model import ContainerReport, Report, UserError
from analyzer.policy.config import Wanted
from analyzer.serve import told
from analyzer.serve.alone import Tell, alone
from analyzer.serve.given import Given, Kind
from analyzer.serve.limits import Limits
from analyzer.serve.unpacking import Unpacked, unpacked

SELDOM = (100_000, 20, 100)  # a scan makes trees, not cycles: looking for those takes long
PAUSE = 0.1  # seconds between two words about progress
FORMATS = ("html", "xlsx", "csv", "markdown", "sarif", "json")
RESULTS, WORK = "results", "work"
REPORT = "report.pickle"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked, and the folder of the check."""

    folder: Path
    given: tuple[Given, ...]
    limits: Limits

    def of(self, kind: Kind) -> tuple[Path, ...]:
        return tuple(each.path for each in self.given if each.kind is kind)

    @property
    def results(self) -> Path:
        return self.folder / RESULTS


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is asked of a container's export that a check has kept."""

    folder: Path
    kept: str
    path: str
    wanted: amending.Wanted


def check(order: Order, pipe: Connection) -> None:
    """Check what was sent, and tell how far it is, then the result or the trouble."""
    with alone(order.folder, pipe) as tell:
        # What lies around the temporary folder is none of this check's: neither the settings that
        # are looked for up to the top of a repository, nor a repository.
        work = order.folder / WORK
        (work / ".git").mkdir(exist_ok=True)
        os.environ["GIT_CEILING_DIRECTORIES"] = str(order.folder)
        os.chdir(work)
        gc.set_threshold(*SELDOM)
        tell({"result": _checked(order, tell)})


def amend(amendment: Amendment, pipe: Connection) -> None:
    """Write an amended export from what a check has kept, and tell its changes."""
    with alone(None, pipe) as tell:
        results = amendment.folder / RESULTS
        report: Report = pickle.loads((results / REPORT).read_bytes())
        text = (results / amendment.kept).read_bytes().decode("utf-8-sig", "replace")
        found = amending.amended(text, amendment.path, report, amendment.wanted)
        if found.changes:
            (results / f"amended-{amendment.kept}").write_text(
                found.text, encoding="utf-8", newline="\n"
            )
        tell({"result": {"changes": found.changes, "left": found.left}})


# ---------------------------------------------------------------- the check


def _checked(order: Order, tell: Tell) -> dict[str, Any]:
    site = _site(order, tell)
    exports = order.of(Kind.EXPORT)
    roots = (site.folder,) if site else ()
    every = (*roots, *exports)
    changes: tuple[told.Changed, ...] = ()
    about = ""
    report = _scan(order, every, tell)
    root = files.root_of(every)
    _refuse_nothing(order, report, exports, root)
    if len(exports) == 2:
        exports = tuple(sorted(exports, key=_exported_on))
        old, new = (_name(each, root) for each in exports)
        changes = (told.changed(report, old, new), told.changed(report, new, old))
        if _are_one_container(report, old, new):  # then the report is about the newer one
            about = new
            every = (*roots, exports[1])
            report, root = _scan(order, every, tell), files.root_of(every)
    if site:
        report = _with_left_out(report, site, root)
    tell({"words": "writing the report", "done": 0, "total": 0})
    order.results.mkdir()
    written, failed = _write(report, order.results)
    containers = _containers(report, root, order.results)
    (order.results / REPORT).write_bytes(pickle.dumps(report))
    return {
        "read": report.coverage.read,
        "skipped": len([each for each in report.coverage.skips if each.kind != "left-out"]),
        "left_out": site.left_out if site else (),
        "about": about,
        "changes": [asdict(each) for each in changes],
        "containers": [asdict(each) for each in containers],
        "files": written,
        "failed": failed,
    }


def _with_left_out(report: Report, site: Unpacked, root: Path) -> Report:
    """The report, which also tells what of the zip was not unpacked."""
    above = "" if site.folder == root else f"{_name(site.folder, root)}/"
    skips = {*report.coverage.skips, *site.skips(above)}
    ordered = sorted(skips, key=lambda each: (each.path, each.line, each.reason))
    return replace(report, coverage=replace(report.coverage, skips=tuple(ordered)))


def _site(order: Order, tell: Tell) -> Unpacked | None:
    archives = order.of(Kind.SITE)
    if not archives:
        return None
    said = _Sparing(tell)
    said("unpacking the site")
    into = order.folder / "unpacking"
    found = unpacked(archives[0], into, order.limits, partial(said, "unpacking the site"))
    archives[0].unlink()
    return replace(found, folder=found.folder.rename(order.folder / WORK / archives[0].stem))


def _scan(order: Order, paths: tuple[Path, ...], tell: Tell) -> Report:
    said = _Sparing(tell)
    said("looking through the files")
    counted = [0, 0]

    def started(total: int) -> None:
        counted[:] = [0, total]
        said("reading files", 0, total)

    def advanced(done: int) -> None:
        counted[0] += done
        said("reading files", *counted)

    progress = pipeline.Progress(started, advanced, lambda words: said(words, *counted))
    settings = order.of(Kind.SETTINGS)
    options = pipeline.Options(
        addresses=order.of(Kind.LIST),
        every_page=True,
        config=Wanted(settings[0] if settings else None),
        cache=False,  # what was sent leaves no trace in the user's own folders
    )
    return pipeline.scan(paths, signatures.load(), options, progress=progress)


class _Sparing:
    """Tells the newest words, but not for every file."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.words = ""
        self.last = 0.0

    def __call__(self, words: str, done: int = 0, total: int = 0) -> None:
        now = time.monotonic()
        if words != self.words or done == total or now - self.last > PAUSE:
            self.words, self.last = words, now
            self.tell({"words": words, "done": done, "total": total})


# ---------------------------------------------------------------- what is refused, what is compared


def _refuse_nothing(order: Order, report: Report, exports: tuple[Path, ...], root: Path) -> None:
    """Raises UserError where there is nothing to report on: that is no good news."""
    held = {each.container.place.path for each in report.site.containers}
    for each in exports:
        name = _name(each, root)
        if name not in held:
            reasons = [skip.reason for skip in report.coverage.skips if skip.path == name]
            raise UserError(
                f"{name} holds no container{f' ({reasons[0]})' if reasons else ''}; in Tag Manager "
                "choose Admin, Export Container, and give the file that it saves"
            )
    if report.coverage.read == 0:
        raise UserError(
            f"{order.of(Kind.SITE)[0].name} holds no page, script or container that can be read; "
            "make a zip of the folder with the site's source"
        )


def _name(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root).as_posix()


def _exported_on(path: Path) -> str:
    """When Tag Manager saved an export, so that the older one comes first; else the order stays."""
    try:
        said = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return ""
    when = said.get("exportTime") if isinstance(said, dict) else None
    return when if isinstance(when, str) and re.match(r"\d{4}-\d\d-\d\d", when) else ""


def _are_one_container(report: Report, *names: str) -> bool:
    ids = [{each.container.container_id for each in _of(report, name)} for name in names]
    return ids[0] == ids[1]


def _of(report: Report, name: str) -> Iterator[ContainerReport]:
    return (each for each in report.site.containers if each.container.place.path == name)


# ---------------------------------------------------------------- what is kept


def _write(report: Report, folder: Path) -> tuple[dict[str, str], list[str]]:
    """The report in every format that there is: the file of each, and those that failed."""
    found: dict[str, str] = {}
    failed = []
    for name in FORMATS:
        if name not in plugins.names("outputs"):
            continue
        try:
            module = plugins.one("outputs", name)
            file = f"trackerlint{module.SUFFIX}"
            if getattr(module, "BINARY", False):
                with (folder / file).open("wb") as binary:
                    module.write(report, binary)
            else:
                with (folder / file).open("w", encoding="utf-8", newline="\n") as text:
                    module.write(report, text)
            found[name] = file
        except Exception as trouble:  # our own mistake must not take the other formats with it
            failed.append(f"{name} could not be written ({type(trouble).__name__})")
    return found, failed


def _containers(report: Report, root: Path, folder: Path) -> Iterator[told.Container]:
    """The containers whose exports can be amended; each export is kept for that."""
    done = set()
    for number, each in enumerate(report.site.containers):
        file = root / each.container.place.path
        if file in done or not file.is_file():
            continue
        done.add(file)
        text = file.read_bytes().decode("utf-8-sig", "replace")
        kept = f"container-{number}.json"
        if (found := told.container(report, each, text, kept)) is not None:
            shutil.copyfile(file, folder / kept)
            yield found
