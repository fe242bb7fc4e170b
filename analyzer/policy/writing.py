"""How paths, addresses, hosts and ids are written, and what is wrong with one."""

from __future__ import annotations

import re

DRIVE = re.compile(r"[A-Za-z]:[\\/]|~|\\\\")
HOST = re.compile(r"(?:\*\.)?(?:[\w-]+\.)+[\w-]+\.?")
CONTAINER = re.compile(r"GTM-[A-Z0-9]{4,}")
GLUED = re.compile(r"[^/]\*\*|\*\*[^/]")


def pattern_wrong(pattern: str) -> str:
    """What is wrong with a pattern of files, or an empty text."""
    bare = pattern.removeprefix("!")
    if not bare.strip():
        return "this pattern is empty; name a file or a folder"
    if re.match(r"\w+://", bare):
        return f'"{pattern}" is an address; write routes = ["/..."] for pages by their addresses'
    if bare.startswith("/") or DRIVE.match(bare):
        tail = bare.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or "templates"
        return (
            f'"{pattern}" is an absolute path; write it from the folder of this file, such as '
            f'"./{tail}"'
        )
    if "\\" in bare:
        return f'"{pattern}" has a backslash; write "{pattern.replace(chr(92), "/")}"'
    if ".." in bare.split("/"):
        return (
            f'"{pattern}" leads out of the folder of this file; put the entry into a configuration '
            "further up"
        )
    if "//" in bare:
        return f'"{pattern}" has two slashes in a row; write "{re.sub("/+", "/", pattern)}"'
    return _stars(pattern, bare)


def route_wrong(route: str) -> str:
    """What is wrong with a pattern of addresses, or an empty text."""
    if not route.strip():
        return 'this address is empty; write "/" for the first page, "/**" for all'
    if found := re.match(r"\w*:?//[^/]*(?P<path>/[^?#]*)?", route):
        return f'"{route}" holds the host; write "{found["path"] or "/"}"'
    if "?" in route or "#" in route:
        return f'"{route}" holds more than the path; write "{re.split("[?#]", route)[0]}"'
    if not route.startswith("/"):
        return f'"{route}" is no address; write "/{route}"'
    return _stars(route, route)


def host_wrong(host: str) -> str:
    """What is wrong with a host, or an empty text."""
    if found := re.match(r"(?:\w+:)?//(?P<host>[^/:?#]+)", host):
        return f'"{host}" is an address; write the host alone, "{found["host"]}"'
    if "/" in host or ":" in host:
        return f'"{host}" holds more than a host; write "{re.split("[/:]", host)[0]}"'
    if host in ("*", "*.") or re.fullmatch(r"\*\.[\w-]+", host):
        return f'"{host}" would make every host yours; write a host such as "*.clinic.example"'
    if not HOST.fullmatch(host):
        return (
            f'"{host}" is no host; write one such as "static.clinic.example" or "*.clinic.example"'
        )
    return ""


def container_wrong(name: str) -> str:
    """What is wrong with the id of a container, or an empty text."""
    if CONTAINER.fullmatch(name):
        return ""
    if CONTAINER.fullmatch(name.strip().upper()):
        return f'"{name}" is no id of a container; write "{name.strip().upper()}"'
    return f'"{name}" is no id of a container; write one such as "GTM-ABC1234"'


def _stars(shown: str, bare: str) -> str:
    if GLUED.search(bare):
        mended = re.sub(r"([^/*])\*{2,}", r"\1*", re.sub(r"\*{2,}([^/*])", r"*\1", bare))
        return (
            f'"{shown}" joins ** with other letters; ** stands for whole folders, write "{mended}" '
            'or "a/**/b"'
        )
    return ""
