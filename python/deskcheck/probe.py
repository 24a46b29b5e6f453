"""What a server can do. docs/probe.md tells what is asked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import _deskcheck
from .places import order_for, world_for

if TYPE_CHECKING:
    from .server import ReferenceServer
    from .worlds import World


def probe(server: str | _deskcheck.Target | ReferenceServer, *, port_base: int | None = None, key: str = "",
          name: str = "", api: str = "", api_ca: str | os.PathLike[str] = "", user: str = "",
          password: str | None = None, password_env: str = "DESKCHECK_PASSWORD", admin: str = "",
          admin_password_env: str = "DESKCHECK_ADMIN_PASSWORD", download: str = "",
          world: World | None = None) -> _deskcheck.ProbeResult:
    """Asks a server what it can do, as `deskcheck probe` does: nothing that hurts. Registers one device, whose id
    begins with dcprobe and is the same at every probe from this machine.

    server: a host by name or address, a target, or a reference server.
    port_base: its rendezvous port P; None: as the target has it, else 21116.
    key: its public key as clients have it, the text of id_ed25519.pub; empty: that of the target.
    name: what reports will call it.
    api: the URL of its HTTP API; empty: that of the target, else P-2 is tried.
    api_ca: a file of certificates (PEM) that are trusted for https besides the system's own.
    user, password: an account that signs in to the API, and out again; without a password it is taken from the
        environment variable `password_env`, which the target file names.
    admin, admin_password_env: an administrator, for the target file: nobody signs in.
    download: the path of a file below the API that everybody may get, "/downloads/client.exe"; it is fetched once if it
        has at most 32 MiB. Empty: that of the target, else api.download.* stays unknown.
    world: where the questions come from; None: the world of a reference server, else one of its own.

    Raises TargetUnreachable, and UsageError also for a key that the server refuses."""
    order = order_for(server, user, password, password_env)
    order.reach(port_base, key, None, name)
    order.web(api, os.fspath(api_ca), "")
    order.fetch(download)
    with world_for(server, world) as inside:
        return _deskcheck.probe(inside._stage, order, admin, password_env, admin_password_env)
