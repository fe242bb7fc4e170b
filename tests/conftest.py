"""What all tests share: the project's folder, and `--rewrite`, which writes down what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite",
        action="store_true",
        help="rewrite the expected output in README.md and fixtures/ instead of comparing with it",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """What is rewritten is rewritten by one process: two would write the same page at once."""
    if config.getoption("--rewrite"):
        config.option.numprocesses = 0
        config.option.dist = "no"


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The tests neither read nor fill the cache and the history of the person who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKERLINT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.setenv("TRACKERLINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def root() -> Path:
    """The project's top folder."""
    return ROOT


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether an expected block is to be rewritten rather than compared."""
    return bool(request.config.getoption("--rewrite"))
