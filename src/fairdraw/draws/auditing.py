"""
What an auditor says of a disclosed draw, signed and shown to everybody (审计复核声明; vdraw/1 §14, §15).

Where classes keep a bundle from the public, this is how the public learns that somebody has rechecked it. The
auditor signs :func:`statement` with a key of the auditing office, which publishes the key's other half itself.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from drawcore import ed25519, suites
from drawcore.shapes import HEX64, ORG
from fairdraw.audit import services as audit
from fairdraw.draws import permissions, rules, selectors
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable
from fairdraw.kernel.actor import Actor

VERDICTS = ("passed", "failed")


def bundle_hash(draw: Draw) -> str:
    """
    The hash that names the core files of a bundle in a statement (资料包核对值).

    It is the hash of the text that ``sha256sum`` writes of the eleven files in the order of their names.
    """
    suite = suites.suite(draw.suite)
    lines = (f"{suite.hex(selectors.content(draw, name))}  {name}\n" for name in sorted(selectors.CORE_FILES))
    return suite.hex("".join(lines).encode())


def statement(draw: Draw, *, auditor: str, bundle: str, verdict: str) -> bytes:
    """The text that is signed, byte for byte."""
    lines = (
        "vdraw/1 audit",
        f"draw {draw.pk}",
        f"bundle {bundle}",
        f"verdict {verdict}",
        f"auditor {auditor}",
    )
    return "".join(f"{line}\n" for line in lines).encode()


@transaction.atomic
def state_audit(
    *,
    draw_id: str,
    auditor: str,
    bundle: str,
    verdict: str,
    key: str,
    signature: str,
    actor: Actor,
    now: dt.datetime,
) -> Draw:
    """
    Enter an auditor's signed statement into the log (登记审计复核声明).

    Args:
        draw_id: A draw whose bundle auditors may have.
        auditor: Code of the auditing office, as in the statement.
        bundle: Hash of the core files that were rechecked, as :func:`bundle_hash` makes it.
        verdict: ``passed`` or ``failed``.
        key: The office's Ed25519 public key, 64 hex digits.
        signature: Of :func:`statement`, base64.
        actor: An auditor.
        now: When.

    Raises:
        NotDrawable: Not such a statement, a signature that does not hold, or other files that passed.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_state_audit(actor, draw).require()
    if not (ORG.fullmatch(auditor) and HEX64.fullmatch(bundle) and HEX64.fullmatch(key)):
        raise NotDrawable(_("声明的机关代码、资料包核对值或公钥的格式不符"))
    if verdict not in VERDICTS:
        raise NotDrawable(_("复核结论应为通过或不通过"))
    if verdict == "passed" and bundle != bundle_hash(draw):
        raise NotDrawable(_("声明所核的资料包与本次抽取的不符，不能登记为通过"))
    text = statement(draw, auditor=auditor, bundle=bundle, verdict=verdict)
    if not ed25519.verify(bytes.fromhex(key), text, _signature(signature)):
        raise NotDrawable(_("声明的签名不成立，请核对签名所用的文本和公钥"))
    body = {"draw": draw.pk, "auditor": auditor, "bundle": bundle, "verdict": verdict}
    body |= {"key": key, "signature": signature}
    audit.record("draw.audited", actor=actor, at=now, body={**body})
    audit.checkpoint(now, origin=rules.log_origin(draw.org))
    return draw


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
