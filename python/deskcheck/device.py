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
    transport: how it is registered: "udp", with datagrams; "tcp", on an encrypted connection that it keeps, as
        with UDP disabled; "websocket", on a WebSocket. The server needs a key for "tcp".
    serial: of the configuration that it knows; clients have 3 or more.
    address: where its sockets are bound; empty: on one machine an own address, else any.
    world: where it lives; None: the world of `server`, or one of its own."""

    def __init__(self, server: ReferenceServer | _deskcheck.Target, *, password: str = "", id: str = "",
                 uuid: str = "", key: str | None = None, nat_type: str = "asymmetric",
                 relay_server: str = "", relay_only: bool = False, firewalled: bool = False,
                 transport: str = "udp", serial: int = 3, address: str = "", world: World | None = None) -> None:
        with place_for(server, world) as place:
            self._place = place
            self._device = _deskcheck.Device(
                place.world._stage, place.target, id=id, uuid=uuid, password=password, key=key,
                nat_type=nat_type, relay_server=relay_server, relay_only=relay_only,
                firewalled=firewalled, transport=transport, serial=serial, address=address)

    @property
    def world(self) -> World:
        """Where it lives."""
        return self._place.world

    @property
    def id(self) -> str:
        """What controllers ask for. A device whose id is taken changes it, and so can its user."""
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
    def counters(self) -> dict[str, int]:
        """How often until now: "register_peer" and "register_pk" sent, "pushes" received and how many of them
        were "duplicates", "connections" of its registration made, "heartbeats" echoed on them."""
        return self._device.counters

    @property
    def needs_deploy(self) -> bool:
        """The server has said that its owner must deploy it first."""
        return self._device.needs_deploy

    @property
    def serial(self) -> int:
        """Of the configuration that it knows; a pushed one has its own."""
        return self._device.serial

    @property
    def pushed_servers(self) -> list[str]:
        """The rendezvous servers of the configuration that the server has pushed."""
        return self._device.pushed_servers

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

    def change_id(self, new_id: str, timeout: float = 60) -> str:
        """Its user gives it another id, in the dialog of the client. Returns what the user reads then; empty:
        it has that id, and registers under it within 15 s. Sessions go on.

        new_id: a letter, then 5 to 15 letters, digits, "-" or "_"; others are refused without a question.
        timeout: no wait lasts beyond it; the client's own limits, 18 s for each step, are shorter."""
        return self._device.change_id(new_id, timeout)

    def stop(self) -> None:
        """Ends it and its sessions. May be called again."""
        self._device.stop()
        self._place.leave()

    def __enter__(self) -> Device:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()
