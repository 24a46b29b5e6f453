"""The small formats of the wire: addresses, frames, keys, signed identities."""

from __future__ import annotations

from . import _deskcheck
from ._deskcheck import FrameDecoder

__all__ = ["FrameDecoder", "decode_address", "encode_address", "encode_frame", "make_key_pair",
           "sign_identity", "verify_identity"]


def encode_address(host: str, port: int, mask: int = 0) -> bytes:
    """An address as it travels in fields of bytes ("AddrMangle").

    host: an IP address. mask: any 32 bits; real peers use the time. Different masks give different bytes,
    so decode before you compare."""
    return _deskcheck.encode_address(host, port, mask)


def decode_address(data: bytes) -> tuple[str, int]:
    """The address and port that bytes stand for. Never fails, as in clients: odd lengths are ("::", 0)."""
    return _deskcheck.decode_address(data)


def encode_frame(payload: bytes) -> bytes:
    """A payload with its header of 1 to 4 bytes, as TCP connections carry it."""
    return _deskcheck.encode_frame(payload)


def make_key_pair(seed: int | None = None) -> tuple[str, str]:
    """An Ed25519 key pair as texts: public (44 characters) and secret (88). seed: always the same pair."""
    return _deskcheck.make_key_pair(seed)


def sign_identity(id: str, pk: bytes, secret_key: str) -> bytes:
    """IdPk{id, pk} under the key of a server or device."""
    return _deskcheck.sign_identity(id, pk, secret_key)


def verify_identity(signed_identity: bytes, public_key: str) -> tuple[str, bytes]:
    """Id and key inside. Raises UsageError if the signature is not that of `public_key`, or the inside is no
    identity."""
    return _deskcheck.verify_identity(signed_identity, public_key)
