"""The reference server: right by construction, unless it is told to be wrong."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING, Mapping, NamedTuple, Sequence, TypedDict, cast

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
    api_body: int                   # the longest body of a request to the API, in bytes: 16 MiB


class RelayLimits(TypedDict, total=False):
    """Limits of a relay that differ from its usual ones. 1 Mb is 1048576 bits; both directions count."""

    session: float          # Mb/s through one session: 128
    total: float            # Mb/s through all of them: 1024
    slow: float             # Mb/s through a session that is slowed down: 32
    downgrade_at: float     # share of `session`; more on average slows a session down: 0.66
    downgrade_after: float  # seconds after which that is looked at: 1800


class KnownDevice(NamedTuple):
    """A device that has registered before: known, and offline until it comes again.

    Device(server, id=..., uuid=..., address=...) with the same three is this device. Key or address may be new,
    not both: without an address none that makes a key of its own can take it over."""

    id: str
    uuid: str
    address: str = ""  # where it came from; empty: nowhere
    pk: bytes = b""    # its public key, 32 bytes; empty: some key


def _numbers(limits: Limits | RelayLimits | None) -> dict[str, float]:
    return cast("dict[str, float]", dict(limits or {}))


class ReferenceServer:
    """A reference server that listens when it has been made, on loopback.

    faults: ids or globs of faults (see deskcheck.faults()) that it has.
    without: capabilities that it lacks, or globs over them, and all that needs them; as `--without` of
        `deskcheck serve`.
    profile: "full": everything that clients can use; "oss": what the open-source server does.
    port_base: its rendezvous port P; NAT test is P-1, the relay P+1, WebSockets P+2 and P+3, the API P-2. 0: free
        ports.
    data: a folder for key files and database, which survive it; empty: everything is in memory.
    key: "-": clients must send its public key; "": they need none; the text of a secret key: as "-",
        with this key; any other text: clients must send it, and nothing is signed.
    relay_key: what the relay asks for; "": nothing; None: the same as the rendezvous server.
    relay_servers: the relays that it proposes in turn, "host[:port]"; empty: itself.
    always_use_relay: no direct connections.
    limits: those that differ from the usual ones, see Limits: {"registrations_per_id": 100}.
    relay_limits: those of the relay that differ, see RelayLimits.
    relay_blacklist, relay_blocklist: addresses that the relay slows down, and that it refuses.
    accounts: passwords by the name of the account, {"alice": "s3cret"}: who signs in at `api` gets a token.
    tokens: access tokens that are valid without that.
    require_login: controllers without a valid token are refused.
    feedback: not 0: asks signed-in controllers to keep a connection open during their session.
    deploy_mode: devices that were never registered are told NOT_DEPLOYED, but those of `deployed`, a list of ids.
    secure_channel: KeyExchange is offered on TCP P; api: there is an HTTP API, also through the tunnel on TCP P.
        None: as the profile has it.
    trusted_proxies: whose X-Real-IP and X-Forwarded-For are believed on WebSockets: addresses or networks.
    keep_alive: announced to devices that register on connections: the server is heard at least so often, in seconds.
    console: the operator's consoles, for loopback only: "text" (commands are told from protocol), "loopback"
        (everything from there is a command), "none"; None: as the profile has it.
    mask, local_ip: the own network, "192.168.1.0/24", and the relay's address for those inside it; name
        it for those outside in relay_servers.
    serial, rendezvous_servers: the configuration that devices with a lower serial get.
    software_url: the download that is offered to clients that ask; ends with its version.
    control_permissions: what controllers may do, told to devices: two bits each; None: nothing is told.
    audit_reference: the text by which devices name sessions in their audit records.
    devices: known ones, see KnownDevice; they take the place of what `data` knows of the same ids.
    world: where it lives; without it in a world of its own.

    Use it in a with statement, or stop() it."""

    def __init__(self, *, faults: Sequence[str] = (), without: Sequence[str] = (), profile: str = "full", port_base: int = 0,
                 data: str | os.PathLike[str] = "", key: str = "-", relay_key: str | None = None,
                 relay_servers: Sequence[str] = (), always_use_relay: bool = False,
                 limits: Limits | None = None, relay_limits: RelayLimits | None = None,
                 relay_blacklist: Sequence[str] = (), relay_blocklist: Sequence[str] = (),
                 accounts: Mapping[str, str] | None = None, tokens: Sequence[str] = (),
                 require_login: bool = False, feedback: int = 0,
                 deploy_mode: bool = False, deployed: Sequence[str] = (),
                 secure_channel: bool | None = None, api: bool | None = None,
                 trusted_proxies: Sequence[str] = (), keep_alive: int = 30, console: str | None = None,
                 mask: str = "", local_ip: str = "", serial: int = 0, rendezvous_servers: Sequence[str] = (),
                 software_url: str = "", control_permissions: int | None = None, audit_reference: str = "",
                 devices: Sequence[KnownDevice] = (), world: World | None = None) -> None:
        from .worlds import RealWorld

        order = _deskcheck.ServerOrder(profile, list(faults))
        order.listen(port_base, console, secure_channel, api, list(trusted_proxies), keep_alive)
        order.leave_out(list(without))
        order.keys(os.fspath(data), key, relay_key)
        order.accounts(dict(accounts or {}), list(tokens), require_login, feedback)
        order.deploy(deploy_mode, list(deployed))
        order.relay(list(relay_servers), always_use_relay, _numbers(relay_limits), list(relay_blacklist),
                    list(relay_blocklist))
        order.network(mask, local_ip)
        order.push(serial, list(rendezvous_servers), software_url, control_permissions, audit_reference)
        order.limit(_numbers(limits))
        order.know([(device.id, device.uuid, device.address, device.pk) for device in devices])
        self._own_world = RealWorld() if world is None else None
        self.world: World = world or self._own_world or RealWorld()
        try:
            self._server = _deskcheck.Server(self.world._stage, order)
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
    def api(self) -> str:
        """The URL of its HTTP API; empty: it has none."""
        return self.target.api

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
