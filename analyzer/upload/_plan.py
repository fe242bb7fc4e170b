"""What an upload is about: what the user wants, and the one request that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analyzer.model import Checkout


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command, with what the environment and the work tree say.

    `repository`, `commit` and `ref` are for code scanning; `product`, `engagement`, `product_type`
    and `test` for DefectDojo, where `again` brings an earlier import up to date.
    """

    environment: Mapping[str, str] = field(repr=False)
    checkout: Checkout
    url: str = ""
    repository: str = ""
    commit: str = ""
    ref: str = ""
    product: str = ""
    product_type: str = ""
    engagement: str = ""
    test: str = ""
    again: bool = False
    wait: bool = False
    waiting: float = 300.0  # seconds for the processing
    patience: float = 120.0  # seconds for one answer


@dataclass(frozen=True, slots=True)
class Plan:
    """A request, all but the token; `told` is what a person may want to see before it is sent."""

    service: str
    method: str
    url: str
    path: str
    token: str  # the name of the environment variable
    content: Mapping[str, Any] = field(repr=False)
    told: Mapping[str, str] = field(default_factory=dict)
