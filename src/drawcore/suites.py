"""
The two hash suites of the draw (杂凑算法套件): ``sha256`` and the national ``sm3``.

The suite is named in the seal and governs every hash of that draw.

Source: vdraw/1 §3; FIPS 180-4, RFC 2104; GB/T 32905-2016.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from drawcore.errors import SuiteMissing

NAMES = ("sha256", "sm3")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _copying(name: str) -> Callable[[bytes], bytes]:
    """Hash by copying an empty state: asking OpenSSL for an algorithm by name costs more than hashing."""
    empty = hashlib.new(name)

    def hash_(data: bytes) -> bytes:
        running = empty.copy()
        running.update(data)
        return running.digest()

    return hash_


@dataclass(frozen=True)
class Suite:
    """A hash ``H`` of 32 bytes and the ``MAC`` made from it."""

    name: str
    hash: Callable[[bytes], bytes]

    def hex(self, data: bytes) -> str:
        """Hash *data* and write it in 64 lower-case hex digits."""
        return self.hash(data).hex()

    def mac(self, key: bytes) -> Callable[[bytes], bytes]:
        """Prepare ``MAC(key, ·)``: a function from data to 32 bytes."""
        keyed = hmac.new(key, digestmod=self.name)

        def digest(data: bytes) -> bytes:
            running = keyed.copy()
            running.update(data)
            return running.digest()

        return digest


def available(name: str) -> bool:
    """Tell whether this machine can compute the suite *name*."""
    return name in NAMES and name in hashlib.algorithms_available


@cache
def suite(name: str) -> Suite:
    """
    Give the suite called *name*.

    Raises:
        SuiteMissing: the name is unknown, or OpenSSL here lacks it. There is no fallback.

    Source: vdraw/1 §3.
    """
    if not available(name):
        raise SuiteMissing(suite=name)
    return Suite(name, _sha256 if name == "sha256" else _copying(name))
