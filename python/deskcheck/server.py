"""The reference server: right by construction, unless it is told to be wrong."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Sequence

from . import _deskcheck

if TYPE_CHECKING:
    from .worlds import World


class ReferenceServer:
    """A reference server that listens when it has been made, on loopback.

    faults: ids or globs of faults (see deskcheck.faults()) that it has.
    port_base: its rendezvous port P; NAT test is P-1, the relay P+1. 0: free ports.
    world: where it lives; without it in a world of its own.

    Use it in a with statement, or stop() it."""

    def __init__(self, *, faults: Sequence[str] = (), port_base: int = 0,
                 world: World | None = None) -> None:
        from .worlds import RealWorld

        self._own_world = RealWorld() if world is None else None
        self.world: World = world or self._own_world or RealWorld()
        try:
            self._server = _deskcheck.Server(self.world._stage, faults=list(faults),
                                             port_base=port_base)
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
        """The text of its id_ed25519.pub, which users paste into their clients."""
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
