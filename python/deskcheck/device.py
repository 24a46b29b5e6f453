"""The controlled side, which behaves as the real client does."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from . import _deskcheck
from .places import place_for

if TYPE_CHECKING:
    from .server import ReferenceServer
    from .worlds import World


class Device:
    """A simulated device. It registers at once, in the background, with the real client's timers;
    answers requests; serves sessions. Give it to a with statement, or stop() it.

    server: a ReferenceServer, or the Target that tells where another server is.
    password: lets controllers log in; empty: somebody would have to accept by hand.
    id, uuid: who it is; empty: somebody new.
    key: the server's public key as configured; None: that of `server`.
    nat_type: "asymmetric", "symmetric" or "unknown"; two symmetric ends meet by relay.
    relay_server: its own choice, "host[:port]"; empty: the server's.
    relay_only: takes every request by relay, as behind a proxy.
    firewalled: nobody gets through to it directly.
    address: where its sockets are bound; empty: on one machine an own address, else any.
    world: where it lives; None: the world of `server`, or one of its own."""

    def __init__(self, server: ReferenceServer | _deskcheck.Target, *, password: str = "", id: str = "",
                 uuid: str = "", key: str | None = None, nat_type: str = "asymmetric",
                 relay_server: str = "", relay_only: bool = False, firewalled: bool = False,
                 address: str = "", world: World | None = None) -> None:
        with place_for(server, world) as place:
            self._place = place
            self._device = _deskcheck.Device(
                place.world._stage, place.target, id=id, uuid=uuid, password=password, key=key,
                nat_type=nat_type, relay_server=relay_server, relay_only=relay_only,
                firewalled=firewalled, address=address)

    @property
    def world(self) -> World:
        """Where it lives."""
        return self._place.world

    @property
    def id(self) -> str:
        """What controllers ask for. A device whose id is taken changes it."""
        return self._device.id

    @property
    def uuid(self) -> str:
        """Its machine id."""
        return self._device.uuid

    @property
    def presence(self) -> str:
        """What its window shows: "online", "connecting" or "offline"."""
        return self._device.presence

    @property
    def registered(self) -> bool:
        """The server has confirmed its key and answers."""
        return self._device.registered

    @property
    def sessions(self) -> list[_deskcheck.DeviceSession]:
        """Oldest first, ended ones included; a copy of this moment."""
        return self._device.sessions

    @property
    def conversation(self) -> str:
        """What it has said and heard so far, decoded."""
        return self._device.conversation

    def wait_registered(self, timeout: float = 30) -> Device:
        """Waits until it is registered, and returns itself. Raises Timeout."""
        self._device.wait_registered(timeout)
        return self

    def wait_session(self, timeout: float = 30, *, logged_in: bool = False) -> _deskcheck.DeviceSession:
        """Waits until a session stands, or is logged in, and returns the newest such one. Raises
        Timeout."""
        return self._device.wait_session(timeout, logged_in)

    def stop(self) -> None:
        """Ends it and its sessions. May be called again."""
        self._device.stop()
        self._place.leave()

    def __enter__(self) -> Device:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()
