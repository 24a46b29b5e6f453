"""The controlling side, which behaves as the real client does."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from . import _deskcheck
from .messages import Message, decode, encode
from .places import place_for

if TYPE_CHECKING:
    from .server import ReferenceServer
    from .worlds import World


class Controller:
    """A simulated controller. Give it to a with statement, or stop() it.

    server: a ReferenceServer, or the Target that tells where another server is.
    id, name: who it is; an empty id: somebody new.
    key: the server's public key as configured; None: that of `server`.
    token: of an account that is signed in, for every connect(); it makes the client insist on an encrypted
        connection to the server.
    transport: "tcp", or "websocket", which does without that encryption and meets devices by relay only.
    address: where its sockets are bound; empty: on one machine an own address, else any.
    world: where it lives; None: the world of `server`, or one of its own."""

    def __init__(self, server: ReferenceServer | _deskcheck.Target, *, id: str = "",
                 name: str = "Controller", key: str | None = None, token: str = "",
                 transport: str = "tcp", address: str = "", world: World | None = None) -> None:
        with place_for(server, world) as place:
            self._place = place
            self._token = token
            self._controller = _deskcheck.Controller(place.world._stage, place.target, id=id, name=name,
                                                     key=key, transport=transport, address=address)

    @property
    def world(self) -> World:
        """Where it lives."""
        return self._place.world

    @property
    def id(self) -> str:
        """Its own id, which it names when it logs in."""
        return self._controller.id

    @property
    def conversation(self) -> str:
        """What it has said and heard so far, decoded."""
        return self._controller.conversation

    def connect(self, device_id: str, *, password: str | None = None, force_relay: bool = False,
                nat_type: str = "asymmetric", conn_type: str = "default", token: str | None = None,
                timeout: float = 60) -> ConnectResult:
        """Asks for a device and opens a session, as the client does. A failure is a result.

        password: logs in once the session stands; None: the session is left before its login.
        force_relay: no direct attempt.
        nat_type: its own, as measured before: "asymmetric", "symmetric" or "unknown".
        conn_type: "default", "file transfer", "port forward", "rdp", "view camera" or "terminal".
        token: of an account; None: that of the controller; empty: nobody is signed in.
        timeout: no wait lasts beyond it; the client's own limits are shorter."""
        return ConnectResult(self._controller.connect(
            device_id, password=password, force_relay=force_relay, nat_type=nat_type,
            conn_type=conn_type, token=self._token if token is None else token, timeout=timeout))

    def stop(self) -> None:
        """Ends it; its sessions go on until they are closed, or their world is. May be called again."""
        self._controller.stop()
        self._place.leave()

    def __enter__(self) -> Controller:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()


class ConnectResult:
    """What came of an attempt to connect."""

    def __init__(self, connected: _deskcheck.Connected) -> None:
        self.path: str = connected.path
        """Over which way the session goes: "direct", "lan", "relay asked for by the controller", "relay
        started by the device" or "none"."""
        self.failure: str = connected.failure
        """What the user reads if there is no session."""
        self.retried: bool = connected.retried
        """The client would try again by itself."""
        self.login_error: str | None = connected.login_error
        """What the device said to the password; empty: logged in; None: there was no login."""
        self.feedback: int = connected.feedback
        """What the server asks signed-in controllers for; not 0: a connection that is kept during the session."""
        self.steps: list[tuple[str, float]] = connected.steps
        """What was done, and how many seconds each step took, in the order of time."""
        self._session = Session(connected.session) if connected.session else None

    @property
    def connected(self) -> bool:
        """There is a session."""
        return self._session is not None

    @property
    def encrypted(self) -> bool:
        """There is a session, and it is encrypted end to end."""
        return self._session is not None and self._session.encrypted

    @property
    def logged_in(self) -> bool:
        """The device has accepted the password."""
        return self.login_error == ""

    @property
    def session(self) -> Session:
        """The session. Raises ConnectionLost, with the failure, if there is none."""
        if self._session is None:
            from .errors import ConnectionLost

            raise ConnectionLost(f"there is no session: {self.failure}")
        return self._session

    def __repr__(self) -> str:
        what = self.path if self.connected else self.failure
        return f"<deskcheck.ConnectResult {what}{', encrypted' if self.encrypted else ''}>"


class Session:
    """A controller's session with a device: messages of the session protocol. For one thread."""

    def __init__(self, session: _deskcheck.Session) -> None:
        self._session = session

    @property
    def encrypted(self) -> bool:
        """What is said is encrypted end to end."""
        return self._session.encrypted

    @property
    def protection(self) -> str:
        """How the handshake ended, in words."""
        return self._session.protection

    def send(self, message: Message | bytes, timeout: float = 10) -> None:
        """Sends a message, or bytes that need not be one, as one frame. Raises ConnectionLost."""
        payload = message if isinstance(message, bytes) else encode(message, "session")
        self._session.send(payload, timeout)

    def receive(self, timeout: float = 10) -> bytes:
        """The next payload, whatever it is. Raises Timeout, ConnectionLost."""
        return self._session.receive(timeout)

    def receive_message(self, timeout: float = 10) -> Message:
        """The next payload as a message. Raises Timeout, ConnectionLost, and UsageError if it is none."""
        return decode(self.receive(timeout), "session")

    def idle(self, seconds: float) -> None:
        """Stays for so long, as a client whose user does nothing: answers delay tests and drops
        everything else. Raises ConnectionLost if the session ended before."""
        self._session.idle(seconds)

    def close(self) -> None:
        """Ends it politely. May be called again."""
        self._session.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()
