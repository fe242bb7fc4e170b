"""Folders of build output: what lies beside them, and which of their scripts pages ask for.

Output beside its source would tell everything twice, so it is left out; where only the output is
there, it is the site. A page that loads a script from left-out output still loads it: these scripts
are read, and what they share with their source is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from analyzer.model import Skip

BUILDS = frozenset(
    {
        "dist",
        "build",
        "out",
        "target",
        ".next",
        ".nuxt",
        ".output",
        ".svelte-kit",
        "_site",
        "coverage",
        ".cache",
        ".parcel-cache",
        "storybook-static",
    }
)
NEVER_A_SITE = frozenset({"coverage", ".cache", ".parcel-cache", "storybook-static"})
BUILD_FILES = (
    "package.json",
    "pom.xml",
    "build.gradle",
    "Gemfile",
    "setup.py",
    "pyproject.toml",
    "Cargo.toml",
    "composer.json",
    "_config.yml",
)
PAGE = re.compile(
    r"\.(?:x?html?|vue|svelte|astro|jsx|tsx|mdx?|php|phtml|erb|haml|slim|ejs|hbs|handlebars|mustache"
    r"|pug|jade|njk|liquid|twig|jinja2?|j2|jspx?|ftl|cshtml|vbhtml|razor|aspx|gohtml|tmpl|eex|leex|heex)$",
    re.I,
)
NO_PAGE = re.compile(
    r"(?:^|/)(?:readme|changelog|license|contributing|code_of_conduct|security|authors|history"
    r"|notice|todo|pull_request_template|issue_template)[\w.-]*\.(?:md|html?|txt)$|(?:^|/)\.github/",
    re.I,
)
SCRIPT = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte|coffee|elm|dart)$", re.I)
NO_SOURCE = re.compile(  # what sets tools up, and what serves a site
    r"(?:^|/)(?:[\w-]*\.?(?:config|conf|rc|setup)(?:\.[\w-]+)*|gulpfile(?:\.babel)?|gruntfile|karma\w*"
    r"|\.[\w.-]+|server|webpack[\w.-]*|rollup[\w.-]*|vite[\w.-]*|jest[\w.-]*)\.[cm]?[jt]s$",
    re.I,
)
OUTPUT = "build output beside its source"


class Beside:
    """What lies outside of folders of build output. `names` are the files of a scan, `aside` tells
    of a folder's name that what is in it belongs to others or to tests.
    """

    def __init__(self, names: Iterable[str], aside: Callable[[str], bool]) -> None:
        self.names = tuple(names)
        self.aside = aside
        self._known: dict[str, bool] = {}

    def has_source(self, folder: str) -> bool:
        """Is what a folder of build output was made from beside it?"""
        if folder not in self._known:
            self._known[folder] = self._look(folder)
        return self._known[folder]

    def _look(self, folder: str) -> bool:
        around, _, part = folder.rpartition("/")
        if part in NEVER_A_SITE:
            return True
        around = f"{around}/" if around else ""
        inside = [name for name in self.names if name.startswith(f"{folder}/")]
        wants_pages = any(PAGE.search(name) and not NO_PAGE.search(name) for name in inside)
        outside = (
            name
            for name in self.names
            if name.startswith(around) and not self._is_apart(name.removeprefix(around))
        )
        return any(_is_source(name, wants_pages) for name in outside)

    def _is_apart(self, name: str) -> bool:
        return any(part in BUILDS or self.aside(part) for part in name.split("/")[:-1])


def _is_source(name: str, wants_pages: bool) -> bool:
    if NO_PAGE.search(name):
        return False
    if PAGE.search(name):
        return True
    return not wants_pages and SCRIPT.search(name) is not None and not NO_SOURCE.search(name)


def is_output(name: str, folders: Sequence[str]) -> bool:
    """Is a file a script in one of these folders?"""
    return name.startswith(tuple(folders)) and re.search(r"\.[cm]?js(?:\.map)?$", name) is not None


def with_exceptions(skip: Skip, read: Collection[str]) -> Skip:
    """The skip of a folder of build output, with how many of its scripts are read all the same."""
    if not skip.reason.startswith(OUTPUT):
        return skip
    number = sum(name.startswith(skip.path) for name in read)
    if not number:
        return skip
    words = "the script that pages load from it was read"
    if number > 1:
        words = f"the {number} scripts that pages load from it were read"
    return replace(skip, reason=skip.reason.replace(OUTPUT, f"{OUTPUT} ({words})", 1))
