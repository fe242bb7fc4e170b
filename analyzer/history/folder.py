"""Where runs are kept unless somebody names a file: the user's own data folder, a file a site."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from analyzer.model import UserError

OWN = "TRACKERLINT_DATA_DIR"


def usual_file(root: Path) -> Path:
    """The file for what lies below a folder. Raises UserError where there is no place for one."""
    root = root.resolve()
    named = os.environ.get(OWN, "")
    folder = Path(named) if named else _usual()
    if not folder.is_absolute() and not named:  # nobody's home
        raise UserError("there is no folder of yours to keep runs in; name a file: --record=FILE")
    digest = hashlib.sha256(str(root).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    word = re.sub(r"[^A-Za-z0-9._-]+", "-", root.name).strip("-.") or "site"
    return folder / "history" / f"{word[:40]}-{digest}.sqlite"


def _usual() -> Path:
    from platformdirs import user_data_path  # here: only runs that are kept ask

    return user_data_path("trackerlint", appauthor=False)
