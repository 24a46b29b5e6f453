"""Messages of the two protocols as dicts, and as the bytes that travel."""

from __future__ import annotations

from typing import Any, Dict

from . import _deskcheck

Message = Dict[str, Any]


def encode(message: Message, protocol: str = "rendezvous") -> bytes:
    """A message as bytes, without frame.

        encode({"register_peer": {"id": "123456789", "serial": 3}})

    Fields have the names of the schema; bytes are bytes, enum values are names or numbers, repeated
    fields are lists. `protocol` is "rendezvous" (RendezvousMessage) or "session" (Message). Raises
    UsageError for a field that does not exist or cannot hold its value."""
    return _deskcheck.encode(message, protocol)


def decode(data: bytes, protocol: str = "rendezvous") -> Message:
    """The message that bytes are: only fields that are set. Raises UsageError if they are none."""
    return _deskcheck.decode(data, protocol)
