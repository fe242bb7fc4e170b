"""Containers from where they are published or kept: the only reading that uses the network.

Two hosts are ever asked, and only when a person says so: the one that serves published containers
to every visitor, and the interface of Tag Manager, with a token of the person's own. What is known
of their addresses: the Tag Manager snippet and the Tag Manager API, version 2 (versions:live).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.gtm import looks_like_container
from analyzer.model import UserError
from analyzer.web import Loaded, Service, checked, token_of

PUBLIC = "https://www.googletagmanager.com"
API = "https://tagmanager.googleapis.com"
HOSTS = (PUBLIC, API)
TOKEN = "GTM_ACCESS_TOKEN"
NEEDS = "may read containers (https://www.googleapis.com/auth/tagmanager.readonly)"
LARGEST = 20_000_000  # bytes: containers have a few hundred thousand
CONTAINER = re.compile(r"GTM-[A-Z0-9]{4,12}")
DESTINATION = re.compile(r"(?:G|AW|DC|GT)-[A-Z0-9]{4,20}")


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be asked of which host: `token` is the name of the variable that holds it."""

    service: str
    url: str
    path: str
    name: str
    token: str = ""


def public(container_id: str, url: str = "") -> Plan:
    """The published file of a container, or of a Google tag. Raises UserError for an id that is
    none.
    """
    name = container_id.strip().upper()
    if CONTAINER.fullmatch(name):
        path = f"/gtm.js?id={name}"
    elif DESTINATION.fullmatch(name):
        path = f"/gtag/js?id={name}"
    else:
        raise UserError(
            f"{container_id!r} is no id of a container; it is written as in GTM-ABC1234, and "
            "stands in the pages' source and at the top of Tag Manager"
        )
    return Plan("the published container", checked(url or PUBLIC, "--url"), path, name)


def live(account: str, container: str, url: str = "") -> Plan:
    """The live version of a container as Tag Manager keeps it. Raises UserError for numbers that
    are none.
    """
    for word, number in (("--account", account), ("--container", container)):
        if not re.fullmatch(r"\d{1,20}", number.strip()):
            raise UserError(
                f"{word} {number!r} is no number; both numbers stand in the address of Tag "
                "Manager, after accounts/ and containers/"
            )
    path = f"/tagmanager/v2/accounts/{account.strip()}/containers/{container.strip()}/versions:live"
    return Plan(
        "the live version of the container",
        checked(url or API, "--url"),
        path,
        f"container {container.strip()}",
        TOKEN,
    )


def fetched(plan: Plan, environment: Mapping[str, str], patience: float) -> bytes:
    """The container's file. Raises UserError with what to do where it cannot be had."""
    token = token_of(environment, plan.token, NEEDS) if plan.token else ""
    service = Service("Google Tag Manager", plan.url, "Bearer", token, patience)
    answer = service.load(plan.path, LARGEST)
    if answer.status != 200:
        raise UserError(_refused(plan, service.host, answer))
    if not looks_like_container(answer.data):
        raise UserError(
            f"{service.host} answered for {plan.name} with something that is no container; "
            "check the address, or whether a proxy on the way answers in its place"
        )
    return _written(answer.data) if plan.token else answer.data


def _refused(plan: Plan, host: str, answer: Loaded) -> str:
    said = f" ({answer.text})" if answer.text else ""
    match answer.status:
        case 400 | 404:
            return (
                f"{host} knows no {plan.name}{said}; check the id, and that a version of it has "
                "been published"
            )
        case 401:
            return f"{host} does not take the token in {plan.token or 'use'}{said}; make a new one"
        case 403:
            return (
                f"{host} refuses {plan.name}{said}; the token's owner needs at least the right to "
                "read the container"
            )
        case 429:
            return f"{host} asks for fewer requests{said}; try again in a few minutes"
    return f"{host} answered {answer.status} for {plan.name}{said}; try again later"


def _written(data: bytes) -> bytes:
    """The answer of the interface with its lines, so that findings have line numbers."""
    try:
        version = json.loads(data)
    except ValueError:
        return data
    return (json.dumps(version, indent=2, ensure_ascii=False) + "\n").encode()
