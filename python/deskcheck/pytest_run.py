"""One run of the suite for all items of a pytest session, also over the workers of pytest-xdist."""

from __future__ import annotations

import fcntl
import json
import threading
import time
from pathlib import Path
from typing import Any, IO

from . import _deskcheck
from .errors import Error

Result = dict[str, Any]


def as_dict(result: _deskcheck.CaseResult) -> Result:
    """What an item needs, as JSON takes it."""
    return {"id": result.id, "status": result.status, "unexpected": result.unexpected,
            "why": result.why, "beyond_effects": result.beyond_effects, "seconds": result.seconds,
            "evidence": result.evidence, "reasons": result.reasons}


class SharedRun:
    """Results go line by line into a file of a folder that all workers share. Who holds the lock makes
    the run; everybody reads the file, so a worker that dies takes nobody with it."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        self.ids: list[str] = []
        self._options = options
        self._results_file = folder / "results.jsonl"
        self._lock_file = folder / "lock"
        self._lock: IO[str] | None = None
        self._read_to = 0
        self._results: dict[str, Result] = {}
        self._end: Result | None = None
        self._running: _deskcheck.Run | None = None
        self._thread: threading.Thread | None = None

    def result(self, id: str) -> Result:
        """Waits for the result of one case. Raises Error if the run ended without it."""
        while True:
            self._read()
            if id in self._results:
                return self._results[id]
            if self._end:
                raise Error(self._end["error"] or f"the run ended without a result of {id}")
            if not self._thread:
                self._try_to_run()
            time.sleep(0.02)

    @property
    def has_budget(self) -> bool:
        """Whoever set one wants the cases left out that need more time."""
        return self._options["budget"] is not None

    def complaints(self) -> list[str]:
        """What is wrong with the baseline, after the run."""
        self._read()
        return list(self._end["complaints"]) if self._end else []

    def profiles(self) -> dict[str, tuple[str, str]]:
        """Core and extended verdict of profiles that belonged to the run, after it."""
        self._read()
        return dict(self._end["profiles"]) if self._end else {}

    def finish(self, early: bool) -> None:
        """Waits for the run, if it is ours: others may need it. `early` ends it at once."""
        if self._running and early:
            self._running.stop()
        if self._thread:
            self._thread.join()
        if self._lock:
            self._lock.close()

    def _read(self) -> None:
        try:
            with open(self._results_file, encoding="utf-8") as file:
                file.seek(self._read_to)
                while (line := file.readline()).endswith("\n"):
                    self._read_to = file.tell()
                    result = json.loads(line)
                    if result["id"]:
                        self._results[result["id"]] = result
                    else:
                        self._end = result
        except FileNotFoundError:
            pass  # nobody has begun

    def _try_to_run(self) -> None:
        lock = open(self._lock_file, "w", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return
        self._lock = lock  # held until the end of this worker
        self._read()
        if not self._end:
            self._running = _deskcheck.Run(filters=self.ids, **self._options)
            self._thread = threading.Thread(target=self._write_results, name="deskcheck run")
            self._thread.start()

    def _write_results(self) -> None:
        assert self._running
        with open(self._results_file, "a", encoding="utf-8") as file:
            def write(result: Result) -> None:
                file.write(json.dumps(result) + "\n")
                file.flush()

            end: Result = {"id": "", "error": "", "complaints": [], "profiles": {}}
            try:
                for result in self._running:
                    if result.final:
                        write(as_dict(result))
                report = self._running.report()
                for result in report.cases:  # those that were not run, too
                    write(as_dict(result))
                end["complaints"] = report.complaints
                end["profiles"] = report.profiles
            except (Error, KeyboardInterrupt) as caught:
                end["error"] = str(caught) or "interrupted"
            write(end)
