"""Which world a party lives in, and who ends that world."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Iterator

from . import _deskcheck
from .errors import UsageError

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


def order_for(server: str | _deskcheck.Target | ReferenceServer, user: str, password: str | None,
              password_env: str) -> _deskcheck.PatientOrder:
    """A server that is to be called on, and who signs in there. Raises UsageError."""
    order = _deskcheck.PatientOrder(server if isinstance(server, (str, _deskcheck.Target)) else server.target)
    if not user:
        return order
    if password is None:
        password = os.environ.get(password_env)
    if password is None:
        raise UsageError(f"user '{user}': the environment variable {password_env} is not set; give a password, put "
                         "it there, or name another variable as password_env")
    order.sign_in(user, password)
    return order


@contextmanager
def world_for(server: str | _deskcheck.Target | ReferenceServer, world: World | None) -> Iterator[World]:
    """The world from which a server is called on; one of its own is closed again."""
    from .worlds import RealWorld

    inside = world
    if inside is None and not isinstance(server, (str, _deskcheck.Target)):
        inside = server.world
    if inside is not None:
        yield inside
        return
    with RealWorld() as own:
        yield own


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
