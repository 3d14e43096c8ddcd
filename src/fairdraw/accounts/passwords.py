"""Passwords and secrets that the product gives out once (初始密码、接口令牌): random, easy to copy from paper."""

from __future__ import annotations

import secrets

SIGNS = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679"  # none that is mistaken for another on paper
LENGTH = 14


def first_password() -> str:
    """A new random password: about 78 bits."""
    return "".join(secrets.choice(SIGNS) for _number in range(LENGTH))


def token_secret() -> str:
    """A new secret of a calling system: 256 bits."""
    return secrets.token_urlsafe(32)
