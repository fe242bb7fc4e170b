"""A folder is a registry: every module in it is one of the things it holds."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def modules(package: str) -> tuple[ModuleType, ...]:
    """The modules of `analyzer.<package>`, in the order of their names; those named _x are
    helpers.
    """
    room = import_module(f"analyzer.{package}")
    names = sorted(
        each.name for each in iter_modules(room.__path__) if not each.name.startswith("_")
    )
    return tuple(import_module(f"{room.__name__}.{name}") for name in names)


def title_of(module: ModuleType) -> str:
    """The module's name as people write it: `tracker_on_portal_page` is tracker-on-portal-page."""
    return module.__name__.rpartition(".")[2].replace("_", "-")
