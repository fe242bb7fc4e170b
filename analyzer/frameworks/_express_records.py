"""The words for what a Node server serves, and the names by which middleware asks for a login."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.model import Fact

NEEDS = re.compile(
    r"(?i)authenticat(?!ion\.init)|is_?auth|ensure_?auth|require_?(?:auth|log|user|role|admin|sign)|login_?required"
    r"|logged_?in|signed_?in|check_?(?:auth|log|jwt|perm|role)|verify_?(?:token|jwt|auth|log)|protect(?:ed)?$"
    r"|restrict|\bauth(?:orize\w*|guard|check|middleware|required)?$|\bis_?(?:admin|user|member|staff)\b"
    r"|(?:auth|role|session)_?guard$|\bjwt$"
)
EVERYBODY = re.compile(  # before a whole application only what says that it turns people away
    r"(?i)(?:ensure|require|must|force)_?\w*(?:auth|log|sign|user)|is_?auth|login_?required|protect(?:ed)?$"
)
NO_NEED = re.compile(
    r"(?i)limit|initiali[sz]e|\.session$|csrf|optional|callback|redirect_?if|not_?auth"
    r"|forward_?auth|un_?auth|guest"
)


@dataclass(frozen=True, slots=True)
class View:
    """A view that is shown: its name, and its layout, empty for none; `*` is made of the path."""

    name: str
    layout: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Fact):
    """An address of a router: its handlers by name, and the views that it shows itself."""

    owner: str
    pattern: str
    handlers: tuple[str, ...]
    views: tuple[View, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted(Fact):
    """A router of another name or file whose addresses stand below this one."""

    owner: str
    pattern: str
    target: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows(Fact):
    """A function by its name, and the views that it shows."""

    name: str
    views: tuple[View, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Fact):
    """What the names of a script mean: its imports, and what it exports under which name."""

    imports: tuple[tuple[str, str, str], ...]
    exports: tuple[tuple[str, str], ...]
