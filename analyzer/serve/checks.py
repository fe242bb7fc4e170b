"""The checks of a session: one runs, others wait, results are kept until somebody removes them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from analyzer import amending
from analyzer.model import UserError
from analyzer.serve import processes, work
from analyzer.serve.given import Given
from analyzer.serve.limits import Limits


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


UNFINISHED = (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was given, how far it is, and what came of it."""

    number: int
    folder: Path
    given: tuple[str, ...]
    state: State = State.WAITING
    words: str = ""
    done: int = 0
    total: int = 0
    begun: float = 0.0
    trouble: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    amended: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def title(self) -> str:
        return " and ".join(self.given)


class Checks:
    """All checks of a session, and the thread that does them one after the other."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self.limits = limits
        self._all: dict[int, Check] = {}
        self._orders: dict[int, work.Order] = {}
        self._changed = Condition()
        self._number = 0
        self._closed = False
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def place(self) -> Path:
        """A new folder for the files of a check."""
        with self._changed:
            self._number += 1
            folder = self.folder / f"check-{self._number}"
        (folder / work.WORK).mkdir(parents=True)
        return folder

    def add(self, folder: Path, given: Sequence[Given]) -> Check:
        """Let a check wait for its turn. Raises UserError where too many wait."""
        try:
            check, over = self._added(folder, given)
        except UserError:
            _gone(folder)
            raise
        for each in over[: max(0, len(over) - self.limits.kept + 1)]:
            self.remove(each)
        return check

    def _added(self, folder: Path, given: Sequence[Given]) -> tuple[Check, list[int]]:
        """The new check, and the numbers of those that are over."""
        with self._changed:
            if self._closed:
                raise UserError("this page is being closed; start trackerlint serve again")
            waiting = sum(each.state is State.WAITING for each in self._all.values())
            if waiting >= self.limits.waiting:
                raise UserError("enough checks wait already; let one of them end first")
            number = int(folder.name.rpartition("-")[2])
            check = Check(number, folder, tuple(each.name for each in given))
            self._all[number] = check
            self._orders[number] = work.Order(folder, tuple(given), self.limits)
            over = [each.number for each in self._all.values() if each.is_over]
            self._changed.notify_all()
            return check, over

    def of(self, number: int) -> Check | None:
        with self._changed:
            return self._all.get(number)

    def all(self) -> tuple[Check, ...]:
        with self._changed:
            return tuple(self._all[number] for number in sorted(self._all))

    def before(self, number: int) -> int:
        """How many checks come first."""
        with self._changed:
            return sum(not each.is_over for each in self._all.values() if each.number < number)

    def stop(self, number: int) -> None:
        """End a check that waits or runs."""
        with self._changed:
            check = self._all.get(number)
            if check is None or check.is_over:
                return
            waited = check.state is State.WAITING
            self._all[number] = replace(check, state=State.STOPPED)
            self._changed.notify_all()
        if waited:
            _gone(check.folder)

    def remove(self, number: int) -> None:
        """Forget a check, and remove all its files."""
        self.stop(number)
        with self._changed:
            check = self._all.pop(number, None)
            self._orders.pop(number, None)
            self._changed.notify_all()
        if check is not None:
            _gone(check.folder)

    def amend(self, number: int, index: int, wanted: amending.Wanted) -> None:
        """Write the amended export of a check's container. Raises UserError where none can be."""
        check = self.of(number)
        containers = check.result.get("containers", ()) if check else ()
        if check is None or not 0 <= index < len(containers):
            raise UserError("this container is gone; check its export again")
        kept, path = containers[index]["kept"], containers[index]["path"]
        order = work.Amendment(check.folder, kept, path, wanted)
        for said in processes.messages(work.amend, order, lambda: self._is_there(number)):
            if "trouble" in said:
                raise UserError(said["trouble"])
            with self._changed:
                if (now := self._all.get(number)) is not None:
                    made = {**said["result"], "asked": wanted}
                    self._all[number] = replace(now, amended={**now.amended, kept: made})

    def close(self) -> None:
        """End all work and remove all files."""
        with self._changed:
            self._closed = True
            self._all.clear()
            self._changed.notify_all()
        self._thread.join()
        _gone(self.folder)

    # ---------------------------------------------------------------- the thread

    def _run(self) -> None:
        while (check := self._next()) is not None:
            self._do(check)

    def _next(self) -> Check | None:
        """The check whose turn it is; None when the session is over."""
        with self._changed:
            while not self._closed:
                for number in sorted(self._all):
                    if self._all[number].state is State.WAITING:
                        check = replace(
                            self._all[number], state=State.RUNNING, begun=time.monotonic()
                        )
                        self._all[number] = check
                        return check
                self._changed.wait()
        return None

    def _do(self, check: Check) -> None:
        with self._changed:
            order = self._orders.pop(check.number, None)
        said: Mapping[str, Any] = {}
        try:
            if order is not None:
                for said in processes.messages(
                    work.check, order, lambda: self._is_there(check.number)
                ):
                    if "words" in said:
                        self._hear(check.number, said)
        except OSError as trouble:  # such as no process can be started
            words = f"the check could not begin ({trouble.strerror}); close other programs"
            said = {"trouble": words}
        # Only then is it over for the page: what that says of the files is true when it says so.
        _gone(check.folder / work.WORK if "result" in said else check.folder)
        self._hear(check.number, said)
        if not self._is_there(check.number):
            _gone(check.folder)

    def _is_there(self, number: int) -> bool:
        with self._changed:
            check = self._all.get(number)
            return check is not None and check.state in (State.RUNNING, State.DONE)

    def _hear(self, number: int, said: Mapping[str, Any]) -> None:
        with self._changed:
            check = self._all.get(number)
            if check is None or check.state is not State.RUNNING:
                return
            match said:
                case {"result": result}:
                    check = replace(check, state=State.DONE, result=result)
                case {"trouble": trouble}:
                    check = replace(check, state=State.FAILED, trouble=trouble)
                case {"words": words, "done": done, "total": total}:
                    check = replace(check, words=words, done=done, total=total)
            self._all[number] = check


def _gone(folder: Path) -> None:
    """Remove a folder; what another program holds open, as on Windows, gets a moment."""
    for pause in (0.0, 0.2, 1.0):
        time.sleep(pause)
        with suppress(FileNotFoundError):
            shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
