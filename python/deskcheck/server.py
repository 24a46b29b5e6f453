"""The reference server: right by construction, unless it is told to be wrong."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Sequence, TypedDict, cast

from . import _deskcheck

if TYPE_CHECKING:
    from .worlds import World


class Limits(TypedDict, total=False):
    """Limits of a reference server that differ from its usual ones."""

    registrations_per_address: int  # RegisterPk accepted in a row per source address: 32
    address_pause: float            # seconds without one that begin a new row: 61
    registrations_per_id: int       # RegisterPk accepted in a row per id: 3
    id_pause: float                 # seconds without one that begin a new row: 7
    ids_per_address: int            # different ids that register from one address in a day: 302
    frame: int                      # the longest frame on the rendezvous ports, in bytes: 8 MiB


class KnownDevice(NamedTuple):
    """A device that has registered before: known, and offline until it comes again.

    Device(server, id=..., uuid=..., address=...) with the same three is this device. Key or address may be new,
    not both: without an address none that makes a key of its own can take it over."""

    id: str
    uuid: str
    address: str = ""  # where it came from; empty: nowhere
    pk: bytes = b""    # its public key, 32 bytes; empty: some key


class ReferenceServer:
    """A reference server that listens when it has been made, on loopback.

    faults: ids or globs of faults (see deskcheck.faults()) that it has.
    port_base: its rendezvous port P; NAT test is P-1, the relay P+1. 0: free ports.
    data: a folder for key files and database, which survive it; empty: everything is in memory.
    key: "-": clients must send its public key; "": they need none; the text of a secret key: as "-",
        with this key; any other text: clients must send it, and nothing is signed.
    relay_key: what the relay asks for; "": nothing; None: the same as the rendezvous server.
    relay_servers: the relays that it proposes in turn, "host[:port]"; empty: itself.
    always_use_relay: no direct connections.
    limits: those that differ from the usual ones, see Limits: {"registrations_per_id": 100}.
    devices: known ones, see KnownDevice; they take the place of what `data` knows of the same ids.
    world: where it lives; without it in a world of its own.

    Use it in a with statement, or stop() it."""

    def __init__(self, *, faults: Sequence[str] = (), port_base: int = 0,
                 data: str | os.PathLike[str] = "", key: str = "-", relay_key: str | None = None,
                 relay_servers: Sequence[str] = (), always_use_relay: bool = False,
                 limits: Limits | None = None,
                 devices: Sequence[KnownDevice] = (), world: World | None = None) -> None:
        from .worlds import RealWorld

        self._own_world = RealWorld() if world is None else None
        self.world: World = world or self._own_world or RealWorld()
        try:
            self._server = _deskcheck.Server(
                self.world._stage, faults=list(faults), port_base=port_base, data=os.fspath(data), key=key,
                relay_key=relay_key, relay_servers=list(relay_servers), always_use_relay=always_use_relay,
                limits=cast("dict[str, float]", dict(limits or {})),
                devices=[(device.id, device.uuid, device.address, device.pk) for device in devices])
        except BaseException:
            if self._own_world:
                self._own_world.close()
            raise

    @property
    def target(self) -> _deskcheck.Target:
        """What the suite and clients need to know of it."""
        return self._server.target

    @property
    def port_base(self) -> int:
        """Its rendezvous port P, UDP and TCP."""
        return self.target.port_base

    @property
    def public_key(self) -> str:
        """What users paste into their clients: the text of its id_ed25519.pub, or the key it asks for."""
        return self.target.key

    def stop(self) -> None:
        """Ends every connection and frees the ports. May be called again."""
        self._server.stop()
        if self._own_world:
            self._own_world.close()

    def __enter__(self) -> ReferenceServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()
