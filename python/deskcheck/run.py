"""Runs of the suite."""

from __future__ import annotations

import os
from typing import Callable, Sequence

from . import _deskcheck


def run(target: _deskcheck.Target | None = None, *, filters: Sequence[str] = (), level: str = "may",
        faults: Sequence[str] = (), seed: int | None = None, virtual_time: bool = False,
        jobs: int = 256, repeat: int = 1, until_failure: bool = False, baseline: str | None = None,
        cases: str | os.PathLike[str] = "", shard: tuple[int, int] = (1, 1), budget: float | None = None,
        effects: Sequence[str] = (), profiles: Sequence[str] = (), without: Sequence[str] = (),
        on_result: Callable[[_deskcheck.CaseResult], None] | None = None) -> _deskcheck.Report:
    """Runs the suite and returns its report, as `deskcheck run` does.

    target: the server; without one, a reference server of this process.
    filters: globs over case and requirement ids; empty: every case.
    level: the lowest level that is judged, "must", "should" or "may".
    faults: ids or globs of faults of the reference server.
    seed: repeats the random choices of an earlier run.
    virtual_time: a simulated network and clock for each case, with a reference server.
    jobs: cases side by side. repeat: runs every case so often.
    until_failure: stops at the first unexpected result.
    baseline: path of a file of known failures; None: that of the target file, "": none.
    cases: a folder of scenarios whose judged steps join the suite as cases.
    shard: (2, 4) is the second of four runs that share the cases.
    budget: leaves out what would not end within so many seconds.
    profiles: only the cases of these, as --profile of `deskcheck run`; the report judges them alone.
    without: capabilities that the reference server lacks, or globs over them.
    effects: what cases may do to the target, as --effects of `deskcheck run`.
    on_result: called with each result as it comes, in the calling thread.

    Raises UsageError and TargetUnreachable. Ctrl-C ends it with KeyboardInterrupt."""
    running = _deskcheck.Run(target, filters=list(filters), level=level, faults=list(faults),
                             seed=seed, virtual_time=virtual_time, jobs=jobs, repeat=repeat,
                             until_failure=until_failure, baseline=baseline, cases=os.fspath(cases),
                             shard=shard, budget=budget, effects=list(effects), profiles=list(profiles),
                             without=list(without))
    for result in running:
        if on_result is not None:
            on_result(result)
    return running.report()
