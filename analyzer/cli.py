"""The command: arguments, progress and exit codes; the only place that speaks and exits."""

from __future__ import annotations

import gc
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

import click

from analyzer import __version__
from analyzer.model import SEVERITY_ORDER, Report, Severity, UserError

CLEAN, FOUND, FAILED, NOTHING = 0, 1, 2, 3
SELDOM = (100_000, 20, 100)  # a scan makes trees, not cycles: looking for those took its third
PROGRESS_AFTER = 1.0  # seconds before a terminal is told how far a scan is


def _scanning(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command that scans has."""
    for option in reversed(
        (
            click.option(
                "--gtm",
                "containers",
                multiple=True,
                metavar="EXPORT",
                type=click.Path(path_type=Path),
                help="A Google Tag Manager export that lies outside the scanned paths. "
                "May be repeated.",
            ),
            click.option(
                "--exclude",
                multiple=True,
                metavar="PATTERN",
                help="Leave out files and folders that match.",
            ),
            click.option(
                "--include",
                multiple=True,
                metavar="PATTERN",
                help="Read what is left out by default: dependencies, build output, tests.",
            ),
        )
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="trackerlint")
def main() -> None:
    """Find third-party trackers in the source of healthcare websites and in their tag-manager
    exports.
    """


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write to FILE; its suffix chooses the format (.sarif, .json, .txt). May be repeated.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    help="Run only these rules (name, code, or beginning of a code).",
)
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave these rules out.")
@_scanning
@click.option(
    "--fail-on",
    type=click.Choice([each.value for each in SEVERITY_ORDER]),
    default="note",
    show_default=True,
    help="Exit with 1 when there is a finding of this severity or worse.",
)
@click.option(
    "--fail-on-skipped",
    is_flag=True,
    help="Exit with 1 when a file could not be read, or not in full.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option(
    "--thorough",
    is_flag=True,
    help="Parse every script, also those that hold none of the signatures' words.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option(
    "--no-color",
    "--no-colour",
    "no_colour",
    is_flag=True,
    help="Print without colours (also: NO_COLOR).",
)
def scan(
    paths: tuple[Path, ...],
    outputs: tuple[str, ...],
    containers: tuple[Path, ...],
    fail_on: str,
    fail_on_skipped: bool,
    exit_zero: bool,
    quiet: bool,
    no_colour: bool,
    **chosen: Any,
) -> None:
    """Scan files and folders for trackers.

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the job could not be done, 3 nothing
    to read.
    """
    from analyzer import pipeline, signatures

    gc.set_threshold(*SELDOM)
    with _sentences():
        writers = [(Path(name), _writer(name)) for name in outputs]
        options = pipeline.Options(
            exclude=chosen["exclude"],
            include=chosen["include"],
            select=chosen["select"],
            ignore=chosen["ignore"],
            containers=containers,
            thorough=chosen["thorough"],
        )
        with _progress(quiet) as progress:
            report = pipeline.scan(paths, signatures.load(), options, progress=progress)
        for path, writer in writers:
            _write_whole(path, writer, report)
        if not quiet:
            _show(report, no_colour)
    sys.exit(_exit_code(report, Severity(fail_on), fail_on_skipped, exit_zero))


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--matching", "words", default="", metavar="WORDS", help="Only pages with WORDS.")
@click.option(
    "--class",
    "page_class",
    default="",
    metavar="CLASS",
    help="Only pages of this class, such as scheduling (trackerlint list pages shows them).",
)
@click.option("--tracked", is_flag=True, help="Only pages on which a tracker runs.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
    help="How the list is written.",
)
@_scanning
def pages(
    paths: tuple[Path, ...],
    words: str,
    page_class: str,
    tracked: bool,
    form: str,
    **chosen: Any,
) -> None:
    """List the pages of a site with their addresses, classes, layouts and trackers."""
    from analyzer import atlas, signatures

    with _sentences():
        known = [each.id for each in signatures.load().pages]
        if page_class and page_class not in known:
            raise UserError(
                f"there is no page class {page_class!r}; use one of {', '.join(sorted(known))}"
            )
        report = _scanned(paths, chosen)
        click.echo(
            atlas.pages_told(report, atlas.Wanted(words, page_class, tracked), form), nl=False
        )
    sys.exit(_exit_code(report, Severity.ERROR, False, True))


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.argument("page")
@_scanning
def why(paths: tuple[Path, ...], page: str, **chosen: Any) -> None:
    """Draw the way from one page to each of its trackers as a tree.

    PAGE is the path of a page, the end of its path, or its address.
    """
    from analyzer import atlas

    with _sentences():
        report = _scanned(paths, chosen)
        found = atlas.page_named(report.site, page)
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        _printed(lambda out: atlas.draw(report, found, out, colour=colour))


@main.command(name="list")
@click.argument(
    "what", type=click.Choice(["rules", "vendors", "pages", "engines", "frameworks", "outputs"])
)
@click.argument("words", required=False, default="")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "markdown"]),
    default="text",
    show_default=True,
    help="How the list is written.",
)
def list_(what: str, words: str, form: str) -> None:
    """List what trackerlint knows: rules, vendors, page classes, engines, frameworks or outputs.

    With WORDS only the entries that hold them are listed.
    """
    from analyzer import catalogue

    with _sentences():
        click.echo(catalogue.listed(what, words, form), nl=False)


@main.command()
@click.argument("name")
def explain(name: str) -> None:
    """Explain a rule, a vendor or a page class."""
    from analyzer import catalogue

    with _sentences():
        click.echo(catalogue.explained(name), nl=False)


# ---------------------------------------------------------------- helpers


@contextmanager
def _sentences() -> Iterator[None]:
    """The user's own trouble ends in one sentence and exit code 2."""
    try:
        yield
    except UserError as trouble:
        click.echo(f"trackerlint: {trouble}", err=True)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        click.echo("trackerlint: stopped; nothing was written", err=True)
        sys.exit(FAILED)


def _writer(name: str) -> ModuleType:
    from analyzer.plugins import modules

    known = {str(module.SUFFIX): module for module in modules("outputs")}
    for suffix in sorted(known, key=len, reverse=True):
        if name.endswith(suffix):
            folder = Path(name).absolute().parent
            if not folder.is_dir():
                raise UserError(
                    f"{name} cannot be written: the folder {folder} does not exist; make it first"
                )
            if Path(name).is_dir():
                raise UserError(f"{name} cannot be written: it is a folder; name a file")
            return known[suffix]
    raise UserError(f"{name}: no output has this suffix; use one of {', '.join(sorted(known))}")


def _write_whole(path: Path, writer: ModuleType, report: Report) -> None:
    """Write beside the file and rename, so that nobody ever reads a half report."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    except OSError as trouble:
        raise UserError(
            f"{path} cannot be written ({trouble.strerror}); choose another place"
        ) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            writer.write(report, out)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except OSError as trouble:
        raise UserError(
            f"{path} cannot be written ({trouble.strerror}); choose another place"
        ) from None
    finally:
        if os.path.exists(name):
            os.unlink(name)


def _scanned(paths: tuple[Path, ...], chosen: dict[str, Any]) -> Report:
    """The report that the commands about pages read; every page is read for its meaning."""
    from analyzer import pipeline, signatures

    gc.set_threshold(*SELDOM)
    options = pipeline.Options(
        exclude=chosen["exclude"],
        include=chosen["include"],
        containers=chosen["containers"],
        every_page=True,
    )
    with _progress(quiet=False) as progress:
        return pipeline.scan(paths, signatures.load(), options, progress=progress)


def _show(report: Report, no_colour: bool) -> None:
    from analyzer.outputs import text

    colour = sys.stdout.isatty() and not no_colour and not os.environ.get("NO_COLOR")
    _printed(lambda out: text.write(report, out, colour=colour))


def _printed(write: Callable[[TextIO], None]) -> None:
    """Write to the terminal or the pipe; a reader that goes away early ends it quietly."""
    out = io.TextIOWrapper(
        sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n", write_through=False
    )
    try:
        write(out)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        out.detach()


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """A bar on a terminal for a scan that takes longer than a second, silence anywhere else."""
    from analyzer.pipeline import Progress

    if quiet or not sys.stderr.isatty():
        yield Progress()
        return
    bar = _Bar()
    try:
        yield Progress(bar.start, bar.advance, bar.say)
    finally:
        bar.stop()


class _Bar:
    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.total = self.done = 0
        self.words = "reading files"
        self.shown: Any = None
        self.task: Any = None

    def start(self, total: int) -> None:
        self.total = total

    def advance(self, done: int) -> None:
        self.done += done
        self._draw()

    def say(self, words: str) -> None:
        self.words = words
        self._draw()

    def _draw(self) -> None:
        if self.shown is None:
            if time.monotonic() - self.begun < PROGRESS_AFTER:
                return
            from rich.console import Console
            from rich.progress import Progress

            self.shown = Progress(console=Console(stderr=True), transient=True)
            self.task = self.shown.add_task(self.words, total=self.total)
            self.shown.start()
        self.shown.update(self.task, completed=self.done, total=self.total, description=self.words)

    def stop(self) -> None:
        if self.shown is not None:
            self.shown.stop()


def _exit_code(report: Report, fail_on: Severity, fail_on_skipped: bool, exit_zero: bool) -> int:
    if report.coverage.read == 0:
        click.echo(
            "trackerlint: nothing was read; give a folder with pages, scripts or container exports",
            err=True,
        )
        return NOTHING
    limit = SEVERITY_ORDER.index(fail_on)
    found = any(
        finding.suppressed is None and SEVERITY_ORDER.index(finding.severity) <= limit
        for finding in report.findings
    )
    gaps = any(skip.kind != "left-out" for skip in report.coverage.skips)
    if exit_zero:
        return CLEAN
    return FOUND if found or (fail_on_skipped and gaps) else CLEAN
