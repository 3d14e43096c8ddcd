"""
The one place that decides how random numbers are made (随机数函数).

Everything else uses only the contract: ``PRF(K, message)`` gives 24 bytes that depend on the key
and the message alone. Bytes 0-7 are the PRN, an unsigned big-endian number; the rest breaks ties.
Comparing two outputs as bytes compares (PRN, tie-break).

Source: vdraw/1 §8 (keys), §9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from drawcore.errors import PrfUnknown
from drawcore.suites import Suite

NAMES = ("keyhash", "hmac")
Ticket = bytes
Prf = Callable[[str], Ticket]


def prf(name: str, key: bytes, suite: Suite) -> Prf:
    """
    Prepare ``PRF(key, ·)``: a function from an ASCII message to a ticket of 24 bytes.

    Raises:
        PrfUnknown: *name* is not one of the protocol's.

    Source: vdraw/1 §9.
    """
    if name == "keyhash":
        hash_, head = suite.hash, key.hex()
        return lambda message: hash_((head + message).encode())[:24]
    if name == "hmac":
        mac = suite.mac(key)
        return lambda message: mac(message.encode())[:24]
    raise PrfUnknown(prf=name)


def prn(ticket: Ticket) -> int:
    """Give the PRN of a ticket as a number below 2^64."""
    return int.from_bytes(ticket[:8], "big")


def prn_hex(ticket: Ticket) -> str:
    """Give the PRN of a ticket in 16 hex digits, as result and assignment files show it."""
    return ticket[:8].hex()


@dataclass(frozen=True)
class Keys:
    """The keys of one draw, derived from its seed; equal labels give equal random numbers."""

    seed: bytes = field(repr=False)
    suite: Suite
    prf_name: str
    _made: dict[str, Prf] = field(default_factory=dict, compare=False, repr=False)

    def key(self, label: str) -> bytes:
        """Derive the key of *label*: ``MAC(seed, "vdraw/1 key " || label)``."""
        return self.suite.mac(self.seed)(b"vdraw/1 key " + label.encode())

    def tickets(self, label: str) -> Prf:
        """Give the ticket function under the key of *label*."""
        if label not in self._made:
            self._made[label] = prf(self.prf_name, self.key(label), self.suite)
        return self._made[label]
