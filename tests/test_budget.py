"""What a file may cost: where it costs more, the run goes on, and the file is named with the reason."""

from __future__ import annotations

import pytest

from analyzer.model import Call, Parsed, ScriptLoad, Source, Vocabulary
from analyzer.parse import budget
from analyzer.parse.budget import Budget, Spent, TooSlow
from analyzer.parse.files import parse
from analyzer.parse.values.weights import HEAVIEST, Weights
from benchmarks.costs import PAGES, SHAPES

VOCABULARY = Vocabulary(names=frozenset({"fbq", "gtag", "dataLayer"}), words=(b"fbq", b"gtag"))
PIXEL = "fbq('init', '1');\n"
SIZE = 3_000  # bytes of each awkward script: enough to be taken apart, and soon read


def said(text: str, path: str = "page.js") -> Parsed:
    return parse(Source(path, text.encode()), VOCABULARY)


def reasons(parsed: Parsed) -> list[tuple[str, str]]:
    return [(skip.kind, skip.reason) for skip in parsed.skips]


def inits(parsed: Parsed) -> int:
    return sum(isinstance(fact, Call) and fact.args[:1] == ("init",) for fact in parsed.facts)


def test_time_that_is_used_up_is_a_skip_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = TooSlow.count
    monkeypatch.setattr(budget, "OFTEN", 1)
    monkeypatch.setattr(budget, "process_time", Clock(step=1.0))
    found = said(PIXEL + "gtag('event', 'a');\n" * 200)
    assert reasons(found) == [
        (
            "partly",
            "it took more than the 5 seconds that a file of its size may; "
            "what was read before counts",
        )
    ]
    assert TooSlow.count > counted  # a machine with less to do may read more: nothing is kept


def test_what_was_read_before_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    script = PIXEL + "gtag('event', 'a');\n" * 200
    monkeypatch.setattr(budget, "OFTEN", 1)
    counted = Clock(step=0.0)
    monkeypatch.setattr(budget, "process_time", counted)
    assert not said(script).skips
    midway = 0.35 * counted.asked
    monkeypatch.setattr(budget, "process_time", Clock(step=budget.SECONDS / midway))
    found = said(script)
    assert inits(found) == 1
    assert 0 < len(found.facts) < 201
    assert [kind for kind, _ in reasons(found)] == ["partly"]


def test_memory_that_is_used_up_is_a_skip_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "OFTEN", 1)
    monkeypatch.setattr(budget, "SELDOM", 0.0)
    monkeypatch.setattr(budget, "held_memory", Clock(step=10e6))
    (skip,) = said(PIXEL * 100).skips
    assert skip.kind == "partly"
    assert skip.reason.startswith("it took more than the 257 MB of memory that a file of its size")


def test_the_markup_around_a_script_that_costs_too_much_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, "SECONDS", -1.0)
    monkeypatch.setattr(budget, "SECONDS_PER_MEGABYTE", 0.0)
    page = f'<script>{PIXEL}</script><script src="https://x.example/a.js"></script><script>{PIXEL}</script>'
    found = said(page, "page.html")
    assert [fact.url for fact in found.facts if isinstance(fact, ScriptLoad)] == [
        "https://x.example/a.js"
    ]
    assert len(found.skips) == 1  # said once, however many scripts a page has


def test_a_budget_grows_with_the_file() -> None:
    small, large = Budget(0), Budget(2_000_000)
    assert small.seconds == budget.SECONDS
    assert large.seconds == budget.SECONDS + 2 * budget.SECONDS_PER_MEGABYTE
    assert large.memory - small.memory == 2_000_000 * budget.MEMORY_PER_BYTE


def test_who_asks_after_the_end_is_told_again() -> None:
    spent = Budget(0)
    spent.until = -1.0
    for _ in range(2):
        with pytest.raises(Spent, match="5 seconds"):
            spent.look()


@pytest.mark.parametrize("name", [*SHAPES, *PAGES])
def test_awkward_input_never_ends_a_run(name: str) -> None:
    make = SHAPES.get(name) or PAGES[name]
    path = "page.html" if name in PAGES else "page.ts" if name == "casts" else "page.js"
    found = said(make(SIZE), path)
    assert not any("please report" in skip.reason for skip in found.skips)
    assert all(skip.reason for skip in found.skips)
    assert found.facts or found.skips  # its first statement, or why it was not read


@pytest.mark.parametrize("kind", ["[a%d, a%d]", "{x: a%d, y: a%d}", "{...a%d, k: [a%d]}"])
def test_a_value_that_doubles_with_every_line_stays_a_hole(kind: str) -> None:
    lines = (f"var a{i + 1} = {kind % (i, i)};" for i in range(60))
    found = said("var a0 = 'x';\n" + "\n".join(lines) + "\nfbq('init', a2, a60);")
    assert inits(found) == 1
    assert not found.skips


def test_a_heavy_value_is_known() -> None:
    weights = Weights()
    value: tuple[object, ...] = ("x",)
    doubled = 0
    while weights.is_light(value):  # type: ignore[arg-type]
        value, doubled = (value, value), doubled + 1
    assert HEAVIEST // 4 < 2**doubled < HEAVIEST * 2


class Clock:
    """A clock that goes on only when somebody looks at it."""

    def __init__(self, step: float) -> None:
        self.step = step
        self.asked = 0

    def __call__(self) -> float:
        self.asked += 1
        return self.step * self.asked
