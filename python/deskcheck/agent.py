"""A device's agent at the HTTP API, which behaves as the real client's does."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from . import _deskcheck
from .places import place_for

if TYPE_CHECKING:
    from .server import ReferenceServer
    from .worlds import World


class Agent:
    """An agent. It begins at once, in the background, with the real client's timers: heartbeats, sysinfo, what
    the answers ask for. Give it to a with statement, or stop() it.

    server: a ReferenceServer, or the Target that tells where another server is; it needs an HTTP API.
    id, uuid: of the device; empty: a new one. Give those of a Device to be its agent.
    release: of the client, "1.3.8" to "1.4.9", or "head".
    presets: members of its sysinfo such as "preset-user-name".
    address: where its connections come from; empty: on one machine an own address, else any.
    world: where it lives; None: the world of `server`, or one of its own."""

    def __init__(self, server: ReferenceServer | _deskcheck.Target, *, id: str = "", uuid: str = "",
                 release: str = "head", presets: dict[str, str] | None = None, address: str = "",
                 world: World | None = None) -> None:
        with place_for(server, world) as place:
            self._place = place
            self._agent = _deskcheck.Agent(place.world._stage, place.target, id=id, uuid=uuid,
                                           release=release, presets=presets or {}, address=address)

    @property
    def world(self) -> World:
        """Where it lives."""
        return self._place.world

    @property
    def id(self) -> str:
        """Of the device."""
        return self._agent.id

    @property
    def counters(self) -> dict[str, int]:
        """How often until now: "heartbeats" sent and "answers" heard to them, "sysinfos" uploaded or tried to,
        "sysinfo_versions" asked for, "strategies" applied, "disconnects" done because the server said so,
        "audits" delivered, "lost_audits" given up."""
        return self._agent.counters

    @property
    def options(self) -> dict[str, str]:
        """Of the device, as strategies have left them."""
        return self._agent.options

    @property
    def modified_at(self) -> int:
        """Of the last strategy; 0: there was none."""
        return self._agent.modified_at

    @property
    def is_pro(self) -> bool:
        """It takes the server for one with an API, which switches some features on."""
        return self._agent.is_pro

    @property
    def connections(self) -> set[int]:
        """The numbers of the sessions that live."""
        return self._agent.connections

    @property
    def conversation(self) -> str:
        """What it has asked and heard so far."""
        return self._agent.conversation

    def begin_session(self) -> int:
        """Somebody controls the device from here on: heartbeats come every 3 s, audits are sent. Its number."""
        return self._agent.begin_session()

    def end_session(self, number: int) -> None:
        """That one is over."""
        self._agent.end_session(number)

    def wait_for(self, counter: str, count: int = 1, timeout: float = 60) -> Agent:
        """Waits until a counter has come to `count`, and returns itself. Raises Timeout."""
        self._agent.wait_for(counter, count, timeout)
        return self

    def stop(self) -> None:
        """Ends it. May be called again."""
        self._agent.stop()
        self._place.leave()

    def __enter__(self) -> Agent:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()
