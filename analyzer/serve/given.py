"""What people sent: which file is the export, which the site, which the list of pages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analyzer.model import UserError

HEAD = 4096
OFFICE = (".xlsx", ".docx", ".pptx", ".odt", ".ods")
PACKED = (".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz")
PAGES = (".html", ".htm", ".php", ".vue", ".jsx", ".tsx")
WANTED = "give an export of Tag Manager (.json), a zipped site (.zip), or both"


class Kind(StrEnum):
    """What a file is to a check."""

    EXPORT = "container export"
    SITE = "zipped site"
    LIST = "list of pages"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it lies in the temporary folder; its name is the one that people know."""

    kind: Kind
    path: Path

    @property
    def name(self) -> str:
        return self.path.name


def kind_of(path: Path) -> Kind:
    """What a file is, by its first bytes and its suffix. Raises UserError for anything else."""
    name = path.name
    suffix = os.path.splitext(name)[1].lower()
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise UserError(f"{name} is empty; {WANTED}")
    if suffix in OFFICE:
        raise UserError(f"{name} is a document and not a site; {WANTED}")
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.SITE
    if name.lower().endswith((".xml.gz", ".txt.gz")):
        return Kind.LIST
    if suffix in PACKED:
        raise UserError(f"{name} is packed, but not as a zip; make a .zip of the same folder")
    if suffix == ".zip":
        raise UserError(f"{name} is called a zip, but is none; make it anew and try again")
    if suffix in PAGES:
        raise UserError(f"{name} is a single page; put the site's folder into a .zip and give that")
    if suffix == ".toml":
        return Kind.SETTINGS
    if suffix in (".js", ".yaml", ".yml") or start[:1] in (b"{", b"["):
        return Kind.EXPORT
    if start[:1] == b"<" and suffix == ".xml":
        return Kind.LIST
    if suffix == ".json":
        raise UserError(
            f"{name} is no export of Tag Manager; in Tag Manager choose Admin, Export Container, "
            "and give the file that it saves"
        )
    if suffix in (".txt", ".csv", ".xml", "") and b"\0" not in head:
        return Kind.LIST
    raise UserError(f"{name} is a kind of file that cannot be read here; {WANTED}")


def refuse_nonsense(given: Sequence[Given]) -> None:
    """Raises UserError for files that make no check together."""
    kinds = [each.kind for each in given]
    if not kinds:
        raise UserError(f"no file was chosen; {WANTED}")
    if kinds.count(Kind.SITE) > 1:
        raise UserError("these are two zipped sites; check one after the other")
    if kinds.count(Kind.SETTINGS) > 1:
        raise UserError("these are two files of settings; give one")
    if Kind.SITE not in kinds and Kind.EXPORT not in kinds:
        what = "settings" if set(kinds) == {Kind.SETTINGS} else "a list of pages"
        raise UserError(f"{what} alone cannot be checked; add an export or a zipped site")
