"""Files from a browser into the temporary folder, each known for what it is."""

from __future__ import annotations

import shutil
from pathlib import Path

from werkzeug.datastructures import FileStorage, MultiDict

from analyzer.model import UserError
from analyzer.serve import names
from analyzer.serve.given import Given, Kind, kind_of, refuse_nonsense
from analyzer.serve.limits import MB, Limits
from analyzer.serve.work import WORK

SETTINGS = "settings"  # beside the site and not above it: its paths are those of the site


def received(sent: MultiDict[str, FileStorage], folder: Path, limits: Limits) -> tuple[Given, ...]:
    """The files that were sent, in the folder of a check. Raises UserError where they are too many
    or too large, or make no check; nothing of them is left then.
    """
    try:
        given = _placed(sent, folder / WORK, limits)
        refuse_nonsense(given)
    except (UserError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return given


def _placed(sent: MultiDict[str, FileStorage], folder: Path, limits: Limits) -> tuple[Given, ...]:
    files = [each for each in sent.getlist("files") if each.filename]
    if len(files) > limits.files:
        raise UserError(
            f"these are {len(files)} files, and {limits.files} is the most; "
            "put the site's folder into one zip"
        )
    taken = {SETTINGS, ".git"}
    given = []
    for each in files:
        name = names.free(names.fit(each.filename or "", "file"), taken)
        path = folder / name
        each.save(path)
        if path.stat().st_size > limits.upload:
            raise UserError(
                f"{name} is larger than {limits.upload // MB} MB; leave out films and pictures, or "
                "ask a developer to run trackerlint scan on the folder"
            )
        kind = kind_of(path)
        if kind is Kind.SETTINGS:
            (folder / SETTINGS).mkdir(exist_ok=True)
            path = path.rename(folder / SETTINGS / name)
        if kind is Kind.SITE:
            taken.add(names.same(path.stem))  # the folder that it is unpacked into
        given.append(Given(kind, path))
    return tuple(given)
