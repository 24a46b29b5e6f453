"""The two kinds of worlds in which servers, devices and controllers live."""

from __future__ import annotations

import atexit
import weakref
from types import TracebackType
from typing import Any, TypeVar

from . import _deskcheck
from .account import Account
from .agent import Agent
from .controller import Controller
from .device import Device
from .server import ReferenceServer

WorldType = TypeVar("WorldType", bound="World")
_open_worlds: weakref.WeakSet[World] = weakref.WeakSet()


class World:
    """A world with a thread of its own; use RealWorld or VirtualWorld. Everything in it ends when it is
    closed, best by a with statement."""

    def __init__(self, stage: _deskcheck.Stage) -> None:
        self._stage = stage
        _open_worlds.add(self)

    def server(self, **options: Any) -> ReferenceServer:
        """A reference server in this world; `options` are those of ReferenceServer."""
        return ReferenceServer(world=self, **options)

    def device(self, server: ReferenceServer | _deskcheck.Target, **options: Any) -> Device:
        """A device in this world; `options` are those of Device."""
        return Device(server, world=self, **options)

    def controller(self, server: ReferenceServer | _deskcheck.Target, **options: Any) -> Controller:
        """A controller in this world; `options` are those of Controller."""
        return Controller(server, world=self, **options)

    def account(self, server: ReferenceServer | _deskcheck.Target, **options: Any) -> Account:
        """Somebody at the HTTP API, in this world; `options` are those of Account."""
        return Account(server, world=self, **options)

    def agent(self, server: ReferenceServer | _deskcheck.Target, **options: Any) -> Agent:
        """A device's agent in this world; `options` are those of Agent."""
        return Agent(server, world=self, **options)

    @property
    def now(self) -> float:
        """Seconds since the world was made."""
        return self._stage.now()

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self._stage.sleep(seconds)

    @property
    def closed(self) -> bool:
        """Nothing lives in it any more."""
        return self._stage.closed

    def close(self) -> None:
        """Ends everything in it. Calls that wait for something in it raise Closed."""
        self._stage.close()

    def __enter__(self: WorldType) -> WorldType:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()


class RealWorld(World):
    """Real sockets and the steady clock.

    seed: repeats random choices; without it they are made by the system."""

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(_deskcheck.Stage.real(seed))


class VirtualWorld(World):
    """A simulated network in virtual time, which goes on only while a call waits: hours take
    milliseconds, and equal seeds give equal runs. Calls of several threads run one after the other."""

    def __init__(self, seed: int) -> None:
        super().__init__(_deskcheck.Stage.virtual(seed))


def _end() -> None:
    # A thread of a world must not outlive the interpreter, nor a thread of Python wait in a world.
    _deskcheck.end_blocking_calls()
    for world in list(_open_worlds):
        world.close()


atexit.register(_end)
