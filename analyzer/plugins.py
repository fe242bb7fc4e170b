"""A folder is a registry: every module in it is one of the things it holds."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


@cache
def names(package: str) -> tuple[str, ...]:
    """The names of the modules of `analyzer.<package>` in order; those named _x are helpers."""
    room = import_module(f"analyzer.{package}")
    return tuple(
        sorted(each.name for each in iter_modules(room.__path__) if not each.name.startswith("_"))
    )


@cache
def one(package: str, name: str) -> ModuleType:
    """The module of a name in `analyzer.<package>`."""
    return import_module(f"analyzer.{package}.{name}")


@cache
def modules(package: str) -> tuple[ModuleType, ...]:
    """The modules of `analyzer.<package>`, in the order of their names."""
    return tuple(one(package, name) for name in names(package))


_KNOWN: dict[str, tuple[Any, ...]] = {}


def remember(package: str, told: tuple[Any, ...]) -> None:
    """What an earlier run saw of the modules of `analyzer.<package>`, so that this one need not
    load them all; it holds for the process.
    """
    _KNOWN[package] = told


def remembered(package: str) -> tuple[Any, ...]:
    """That, or nothing where it is not known."""
    return _KNOWN.get(package, ())


def title_of(module: ModuleType) -> str:
    """The module's name as people write it: `tracker_on_portal_page` is tracker-on-portal-page."""
    return module.__name__.rpartition(".")[2].replace("_", "-")
