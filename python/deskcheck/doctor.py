"""What is broken at a live server. docs/doctor.md tells what is looked at."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Collection

from . import _deskcheck
from .places import order_for, world_for

if TYPE_CHECKING:
    from .server import ReferenceServer
    from .worlds import World


def doctor(server: str | _deskcheck.Target | ReferenceServer, *, port_base: int | None = None, key: str = "",
           relay_key: str | None = None, api: str = "", api_ca: str | os.PathLike[str] = "", proxy: str = "",
           without: Collection[str] = (), user: str = "", password: str | None = None,
           password_env: str = "DESKCHECK_PASSWORD", world: World | None = None) -> _deskcheck.Diagnosis:
    """Examines a live server as its clients meet it, as `deskcheck doctor` does. Registers one device, whose id
    begins with dcdoctor and is the same at every examination from this machine.

    server: a host by name or address, a target, or a reference server.
    port_base: its rendezvous port P; None: as the target has it, else 21116.
    key: its public key as clients have it, the text of id_ed25519.pub; empty: that of the target.
    relay_key: what its relay asks for, if not the key; "": nothing; None: as the target has it.
    api: the URL of its HTTP API; empty: that of the target, else P-2 is tried, and may be missing.
    api_ca: a file of certificates (PEM) that are trusted for https besides the system's own.
    proxy: the URL below which a proxy has /ws/id and /ws/relay.
    without: capabilities that the server is not meant to have, or globs over them.
    user, password: an account that signs in to the API, and out again; without a password it is taken from the
        environment variable `password_env`. Without a user that of the target.
    world: where the doctor is; None: the world of a reference server, else one of its own.

    What is broken is a finding and raises nothing; UsageError is for wrong arguments."""
    order = order_for(server, user, password, password_env)
    order.reach(port_base, key, relay_key, "")
    order.web(api, os.fspath(api_ca), proxy)
    order.leave_out(set(without))
    with world_for(server, world) as inside:
        return _deskcheck.doctor(inside._stage, order)
