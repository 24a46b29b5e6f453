"""Scenario files: scripted clients. docs/write-a-scenario.md tells how to write one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import _deskcheck
from .places import place_for
from .server import ReferenceServer

if TYPE_CHECKING:
    from .worlds import World


class Scenario:
    """A scenario that has no mistakes; Scenario.load reads one."""

    def __init__(self, scenario: _deskcheck.Scenario) -> None:
        self._scenario = scenario

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Scenario:
        """Reads a file. Raises UsageError with every mistake and its place."""
        return cls(_deskcheck.Scenario(os.fspath(path)))

    @property
    def id(self) -> str:
        """ "scenario/foreign-uuid" """
        return self._scenario.id

    @property
    def title(self) -> str:
        """What it is about."""
        return self._scenario.title

    @property
    def requirements(self) -> list[str]:
        """Ids of what its steps judge."""
        return self._scenario.requirements

    def run(self, server: ReferenceServer | _deskcheck.Target | None = None, *,
            world: World | None = None) -> _deskcheck.ScenarioResult:
        """Plays it once. A failure is a result.

        server: whom it is played against; None: a reference server, in `world` if that is given. A
            ReferenceServer lends the hooks of its admin API to `operator` steps, a Target those of its file.
        world: where its roles live; None: the world of `server`, or one of its own."""
        if server is None:
            with ReferenceServer(world=world) as reference:
                return self.run(reference)
        with place_for(server, world) as place:
            result = self._scenario.play(place.world._stage, place.target)
        place.leave()
        return result

    def __repr__(self) -> str:
        return f"<deskcheck.Scenario {self.id}>"
