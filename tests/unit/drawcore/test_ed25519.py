"""Signatures agree with RFC 8032 and refuse what is not one."""

import pytest

from drawcore import ed25519

# RFC 8032 7.1: secret, public, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
PUBLIC, SIGNATURE = bytes.fromhex(VECTORS[0][1]), bytes.fromhex(VECTORS[0][3])
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_hold(secret, public, message, signature):
    assert ed25519.public_key(bytes.fromhex(secret)).hex() == public
    assert ed25519.sign(bytes.fromhex(secret), bytes.fromhex(message)).hex() == signature
    assert ed25519.verify(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_a_signature_or_key_of_another_length_is_refused():
    assert not ed25519.verify(PUBLIC[:31], b"", SIGNATURE)
    assert not ed25519.verify(PUBLIC, b"", SIGNATURE + b"\0")


def test_the_same_signature_with_a_larger_scalar_is_refused():
    scalar = int.from_bytes(SIGNATURE[32:], "little") + ORDER

    assert not ed25519.verify(PUBLIC, b"", SIGNATURE[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "point",
    [
        (2**255 - 19).to_bytes(32, "little"),  # y is not below p
        (1 | 1 << 255).to_bytes(32, "little"),  # x = 0 with the sign bit
        (2).to_bytes(32, "little"),  # not on the curve
    ],
)
def test_a_key_that_is_no_point_is_refused(point):
    assert not ed25519.verify(point, b"", SIGNATURE)
    assert not ed25519.verify(PUBLIC, b"", point + SIGNATURE[32:])


def test_a_key_of_small_order_signs_only_what_its_equation_holds_for():
    neutral = (1).to_bytes(32, "little")

    assert not ed25519.verify(neutral, b"", SIGNATURE)
    assert ed25519.verify(neutral, b"", neutral + bytes(32))
