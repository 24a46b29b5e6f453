"""Somebody at the HTTP API, asked for as the real client's user interface does."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from . import _deskcheck
from .places import place_for

if TYPE_CHECKING:
    from .server import ReferenceServer
    from .worlds import World


class Account:
    """A person in a client: signs in and out, and reads address books. Calls wait as long as the client does,
    which is 12 s for an answer and 36 s more through the tunnel.

    server: a ReferenceServer, or the Target that tells where another server is; it needs an HTTP API.
    id, uuid: of the client; empty: a new one. Give those of a Controller to call with the same client.
    release: of the client, "1.3.8" to "1.4.9", or "head".
    token, user: as after a restart, what the client has remembered of a login.
    address: where its connections come from; empty: on one machine an own address, else any.
    world: where it lives; None: the world of `server`, or one of its own."""

    def __init__(self, server: ReferenceServer | _deskcheck.Target, *, id: str = "", uuid: str = "",
                 release: str = "head", token: str = "", user: str = "", address: str = "",
                 world: World | None = None) -> None:
        with place_for(server, world) as place:
            self._place = place
            self._account = _deskcheck.Account(place.world._stage, place.target, id=id, uuid=uuid,
                                               release=release, token=token, user=user, address=address)

    @property
    def world(self) -> World:
        """Where it lives."""
        return self._place.world

    @property
    def id(self) -> str:
        """Of the client."""
        return self._account.id

    @property
    def signed_in(self) -> bool:
        """There is a token, and a name to show."""
        return self._account.signed_in

    @property
    def user(self) -> str:
        """The name that the client shows; empty: nobody."""
        return self._account.user

    @property
    def token(self) -> str:
        """What Controller.connect() takes; empty: there is none."""
        return self._account.token

    @property
    def message(self) -> str:
        """What the person last read about signing in; empty: no complaint."""
        return self._account.message

    @property
    def asks(self) -> str:
        """What the person is asked for: "", "email code" or "totp code"."""
        return self._account.asks

    @property
    def books(self) -> str:
        """Of which kind the client takes the server's address books to be: "shared", "legacy" or "unknown"."""
        return self._account.books

    @property
    def peers(self) -> list[str]:
        """The ids in the person's own address book, as it was last read."""
        return self._account.peers

    @property
    def conversation(self) -> str:
        """What was asked and answered, without secrets."""
        return self._account.conversation

    def login(self, user: str, password: str) -> bool:
        """Signs in, and reads address books and group if that is all. False: see `message` and `asks`."""
        self._account.log_in(user, password)
        return self.signed_in

    def enter_code(self, code: str) -> bool:
        """Answers what login() was asked."""
        self._account.enter_code(code)
        return self.signed_in

    def refresh(self) -> bool:
        """Asks who is signed in, and reads all lists, as clients do when they start. False: nobody is any more."""
        self._account.refresh()
        return self.signed_in

    def add_peer(self, id: str, *, alias: str = "", note: str = "", tags: list[str] | None = None) -> str:
        """Into the person's own address book. Returns what the person reads then; empty: it is there."""
        members = {"id": id, "alias": alias} | ({"note": note} if note else {})
        return self._account.add_peer(members, tags or [])

    def logout(self) -> None:
        """Signs out; the client forgets the token whatever the answer is, after 2 s at the latest."""
        self._account.log_out()

    def stop(self) -> None:
        """Ends it, without signing out. May be called again."""
        self._account.stop()
        self._place.leave()

    def __enter__(self) -> Account:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()
