"""Fixtures for tests that talk to a server: target, reference_server, device, controller."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Callable, Iterator

import pytest

from . import Controller, Device, ReferenceServer, Target


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """The server under test, as the options name it; without them a reference server of this process."""
    from .pytest_plugin import plan_key

    plan = request.config.stash.get(plan_key, None)
    if plan and plan.target:
        yield plan.target
        return
    with ReferenceServer(faults=request.config.getoption("deskcheck_fault")) as server:
        yield server.target


@pytest.fixture
def reference_server() -> Iterator[ReferenceServer]:
    """A fresh reference server that is right."""
    with ReferenceServer() as server:
        yield server


@pytest.fixture
def device(request: pytest.FixtureRequest) -> Iterator[Callable[..., Device]]:
    """Makes devices, which are stopped after the test: device(server=None, **options). Without a server
    they register with `target`; options are those of deskcheck.Device."""
    with ExitStack() as stack:
        def make(server: ReferenceServer | Target | None = None, **options: Any) -> Device:
            where = server or request.getfixturevalue("target")
            return stack.enter_context(Device(where, **options))
        yield make


@pytest.fixture
def controller(request: pytest.FixtureRequest) -> Iterator[Callable[..., Controller]]:
    """Makes controllers, which are stopped after the test: controller(server=None, **options). Options
    are those of deskcheck.Controller."""
    with ExitStack() as stack:
        def make(server: ReferenceServer | Target | None = None, **options: Any) -> Controller:
            where = server or request.getfixturevalue("target")
            return stack.enter_context(Controller(where, **options))
        yield make
