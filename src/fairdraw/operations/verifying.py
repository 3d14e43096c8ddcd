"""
``fairdraw verify``: the steps of vdraw/1 §16 on a bundle, as text or as one JSON object (复核资料包).

Needs no installation. The standalone ``verify.py`` reaches the same verdicts and exit statuses by other code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from drawcore.__main__ import text
from drawcore.errors import DrawError
from drawcore.messages import NOT_A_DIRECTORY
from drawcore.note import NoteKey
from drawcore.verify import Known, Report, Status, verify_directory
from fairdraw.kernel.errors import InvalidInput

CODES = {Status.OK: "pass", Status.NOT_SHOWN: "not_shown", Status.FAILED: "fail"}
VERDICTS = {"accepted": "核验通过", "strict": "核验不通过：有未出示的证据"}


def known(options: Mapping[str, Any]) -> Known:
    """
    What the verifying person knows from elsewhere.

    Raises:
        InvalidInput: A key is not in its form.
    """
    try:
        keys = tuple(NoteKey.parse(key) for key in options["key"])
    except DrawError as error:
        raise InvalidInput("--key 不是公钥，应为 name+id+base64") from error
    return Known(options["seal"], options["approval"], options["number"], keys)


def verify(bundle: Path, *, known: Known, strict: bool, as_json: bool) -> tuple[str, int]:
    """
    Verify a bundle.

    Returns:
        What to print, and the exit status: 0 accepted, 1 not.

    Raises:
        InvalidInput: There is no such directory, or it cannot be read.
    """
    try:
        report = verify_directory(bundle, known)
    except NotADirectoryError as error:
        raise InvalidInput(NOT_A_DIRECTORY.format(path=bundle)) from error
    except OSError as error:
        raise InvalidInput(f"没有这个目录，或不能读取：{bundle}") from error
    code = report.exit_code(strict=strict)
    return (_json(report, code) if as_json else _text(report, code)), code


def _text(report: Report, code: int) -> str:
    told = text(report)
    if code and report.failed is None:
        return told.rsplit("\n", 2)[0] + f"\n{VERDICTS['strict']}\n"
    return told


def _json(report: Report, code: int) -> str:
    failed = report.failed
    verdict = VERDICTS["strict" if code else "accepted"]
    if failed is not None:
        verdict = f"核验不通过：第{failed.number}步 {failed.name}"
    steps = [
        {"step": s.number, "title": s.name, "status": CODES[s.status], "message": s.message}
        for s in report.steps
    ]
    return json.dumps({"exit": code, "verdict": verdict, "steps": steps}, ensure_ascii=False, indent=1) + "\n"
