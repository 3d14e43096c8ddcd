"""The key of the log is taken as the public page shows it, and as plain hex (复核工具: 日志公钥)."""

from __future__ import annotations

import argparse
import base64

import pytest

import verify

KEY = bytes(range(32))


def test_the_key_of_the_public_page_is_the_key_in_hex():
    shown = "ssj.example.cn/log+1be963e6+" + base64.b64encode(b"\x01" + KEY).decode()

    assert verify.public_key(shown) == KEY.hex()


@pytest.mark.parametrize("wrong", ["", "abc", "x+y+!!!", "n+1+" + base64.b64encode(b"\x02" + KEY).decode()])
def test_a_key_of_another_form_is_refused_in_words(wrong):
    with pytest.raises(argparse.ArgumentTypeError, match="公钥"):
        verify.public_key(wrong)
