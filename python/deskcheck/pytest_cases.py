"""One pytest item per case of the suite."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, Sequence

import pytest

from . import _deskcheck
from .errors import Error
from .pytest_run import SharedRun


class CaseFailed(Exception):
    """The text is the evidence."""


class CaseItem(pytest.Item):
    """A case; its result comes from the run that it shares with the others."""

    def __init__(self, *, case: _deskcheck.Case, shared_run: SharedRun, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        self.shared_run = shared_run

    def runtest(self) -> None:
        try:
            result = self.shared_run.result(self.case.id)
        except Error as error:
            self.session.shouldfail = str(error)  # no other case will have a result
            raise CaseFailed(str(error)) from error
        self.user_properties.append(("seconds", result["seconds"]))
        if result["status"] == "not run" and (result["beyond_effects"] or self.shared_run.has_budget):
            pytest.skip(result["why"])
        if result["status"] == "not applicable":
            pytest.skip(f"not applicable: {result['why']}" if result["why"] else "not applicable")
        known = result["status"] in ("expected failure", "known flaky")
        if known:
            why = result["reasons"] or result["why"]
            flaky = "flaky: " if result["status"] == "known flaky" else ""
            pytest.xfail(flaky + why)  # does nothing with --runxfail
        if result["unexpected"] or known:
            raise CaseFailed(result["evidence"] or f"{result['status']}: {result['reasons']}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException],
                     style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value).strip("\n")
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.case.id


def marker_of(area: str) -> str:
    """Areas are free text; a marker has no spaces."""
    return area.replace(" ", "-")


def by_id() -> dict[str, _deskcheck.Requirement]:
    return {requirement.id: requirement for requirement in _deskcheck.requirements()}


def describe_markers(cases: Sequence[_deskcheck.Case]) -> Iterator[str]:
    """Every marker that these cases have, for `pytest --markers`."""
    for level in ("must", "should", "may"):
        yield f"{level}: a case of the conformance suite that judges a {level.upper()} requirement"
    requirements = by_id()
    judged = sorted({id for case in cases for id in case.requirements})
    for area in sorted({requirements[id].area for id in judged}):
        yield f"{marker_of(area)}: a case of the conformance suite about {area}"
    for id in judged:
        yield f"{id}: {requirements[id].text}"


def make_items(session: pytest.Session, shared_run: SharedRun,
               cases: Sequence[_deskcheck.Case]) -> list[CaseItem]:
    """An item of each case, those that need the least time first."""
    requirements = by_id()
    items = []
    for case in sorted(cases, key=lambda c: (c.takes, c.id)):
        item = CaseItem.from_parent(session, name=case.id, nodeid=f"deskcheck::{case.id}", case=case,
                                    shared_run=shared_run)
        judged = [requirements[id] for id in case.requirements]
        item.add_marker("deskcheck")
        for name in dict.fromkeys([*(r.level.lower() for r in judged),
                                   *(marker_of(r.area) for r in judged), *case.requirements]):
            item.add_marker(name)
        items.append(item)
    return items
