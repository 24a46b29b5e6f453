"""Which world a party lives in, and who ends that world."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Iterator

from . import _deskcheck

if TYPE_CHECKING:
    from .server import ReferenceServer
    from .worlds import World


class Place:
    """A world and a target in it."""

    def __init__(self, world: World, target: _deskcheck.Target, *, own: bool) -> None:
        self.world = world
        self.target = target
        self._own = own

    def leave(self) -> None:
        """Closes the world if it was made for the party."""
        if self._own:
            self.world.close()


@contextmanager
def place_for(server: ReferenceServer | _deskcheck.Target, world: World | None) -> Iterator[Place]:
    """The place of a party that is made in the with statement; left again if that fails."""
    from .worlds import RealWorld

    if isinstance(server, _deskcheck.Target):
        place = Place(world or RealWorld(), server, own=world is None)
    else:
        place = Place(world or server.world, server.target, own=False)
    try:
        yield place
    except BaseException:
        place.leave()
        raise
