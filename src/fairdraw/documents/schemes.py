"""
The papers of schemes: 抽查方案 (PDF) and 抽查方案审批表 (PDF, Word), one sheet for a batch with the list as its annex.

Source: 安市监〔2024〕26号 三（一）; domain workflow §8.2.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.documents import word
from fairdraw.documents.summaries import Scheme, SchemeSheet
from fairdraw.documents.typesetting import Plainer, day_text, typeset
from fairdraw.documents.wordpaper import Paper
from fairdraw.kernel.errors import InvalidInput

HEADS = ("序号", "方案编号和名称", "承办单位", "检查对象和事项", "抽查比例", "完成时间", "核对码")


def scheme_pdf(scheme: Scheme, *, mark: str = "") -> bytes:
    """
    Print a scheme (抽查方案), with the same words as its Word paper.

    Raises:
        IncompleteScheme: As for :func:`fairdraw.documents.word.scheme_docx`.
    """
    word.require_complete(scheme)
    plainer = Plainer()
    payload = {
        "title": f"{scheme.name} {scheme.number}",
        "mark": mark,
        "scheme": plainer.value(scheme),
        "opening": plainer.text(word.scheme_opening(scheme)),
        "ratio": plainer.text(word.ratio_words(scheme)),
        "steps": [plainer.text(step) for step in word.scheme_steps(scheme)],
        "missing": plainer.note(),
    }
    return typeset("scheme.typ", payload)


def sheet_pdf(sheet: SchemeSheet, *, mark: str = "") -> bytes:
    """
    Print the approval sheet of a batch (抽查方案审批表), to be signed, with the list of the schemes.

    Raises:
        InvalidInput: No scheme stands on it.
    """
    _require_schemes(sheet)
    plainer = Plainer()
    payload = {
        "title": f"抽查方案审批表 {sheet.number}",
        "mark": mark,
        "sheet": plainer.value(sheet),
        "missing": plainer.note(),
    }
    return typeset("scheme_sheet.typ", payload)


def sheet_docx(sheet: SchemeSheet, *, mark: str = "") -> bytes:
    """Write the same sheet as Word, for an office that signs in its own system."""
    _require_schemes(sheet)
    paper = Paper(f"抽查方案审批表 {sheet.number}", mark=mark)
    paper.title("抽查方案审批表", number=sheet.number)
    paper.table(
        ("项目", "内容"),
        [
            ("呈报机关", sheet.office.name),
            ("年度", f"{sheet.year}年"),
            ("依据", sheet.basis),
            ("方案份数", f"{len(sheet.schemes)}份，见附件"),
            ("经办人", sheet.drafted_by),
            ("承办部门负责人意见", "\n签名：　　　　　　　　　年　月　日"),
            ("审批意见", "\n签名：　　　　　　　　　年　月　日"),
        ],
        widths=(42, 114),
    )
    paper.heading("附件：抽查方案清单")
    rows = [
        (
            str(place),
            f"{one.name}\n{one.number}",
            one.unit,
            f"{one.targets}\n{one.items}",
            one.ratio,
            day_text(one.finish_on),
            one.code,
        )
        for place, one in enumerate(sheet.schemes, start=1)
    ]
    paper.table(HEADS, rows, widths=(10, 38, 20, 34, 22, 16, 16))
    paper.text("核对码由方案内容算出；方案改动后核对码随之改变，须重新审批。")
    paper.signature(sheet.office.name, day_text(sheet.made_on))
    return paper.to_bytes()


def _require_schemes(sheet: SchemeSheet) -> None:
    if not sheet.schemes:
        raise InvalidInput(_("审批表上没有方案，不能打印"))
