"""
The whole wording of every paper, against golden files: a changed word in a legal form is a decision.

``python -m tests.contract.documents.test_wording`` writes the golden files anew, for review in the diff.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from fairdraw.documents import pdf, word
from tests.unit.documents import papers

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "documents"


def lines_of(made: bytes) -> list[str]:
    """The lines of a PDF or a Word file, without blanks at their ends."""
    if made.startswith(b"%PDF"):
        pages = (page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
        return [line.strip() for page in pages for line in page.splitlines() if line.strip()]
    return [line.replace("\n", " / ") for line in papers.word_lines(made) if line]


PAPERS: dict[str, Callable[[], bytes]] = {
    "notice": lambda: pdf.notice_pdf(
        papers.visit((papers.REGISTRATION, papers.ADVERTISING)), mark=papers.MARK
    ),
    "record-sheet": lambda: pdf.record_sheet_pdf(
        papers.visit(), papers.CHOICES, task_number="2024-017", mark=papers.MARK
    ),
    "batch": lambda: pdf.task_batch_pdf(papers.BATCH, [papers.visit()], mark=papers.MARK),
    "approval-sheet": lambda: pdf.approval_sheet_pdf(papers.approval(), mark=papers.MARK),
    "draw-record": lambda: pdf.draw_record_pdf(papers.record(), mark=papers.MARK),
    "correction-order": lambda: pdf.correction_order_pdf(papers.order(), mark=papers.MARK),
    "scheme": lambda: word.scheme_docx(papers.scheme(), mark=papers.MARK),
    "task-summary": lambda: word.task_summary_docx(papers.task_summary(), mark=papers.MARK),
    "year-summary": lambda: word.year_summary_docx(papers.year_summary(), mark=papers.MARK),
}


@pytest.mark.parametrize("name", PAPERS)
def test_the_wording_of_every_paper_is_the_agreed_one(name):
    agreed = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    assert lines_of(PAPERS[name]()) == agreed


def test_no_paper_contains_an_address_of_the_internet():
    assert not [path.name for path in GOLDEN.glob("*.txt") if "://" in path.read_text(encoding="utf-8")]


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for paper, make in PAPERS.items():
        (GOLDEN / f"{paper}.txt").write_text("\n".join(lines_of(make())) + "\n", encoding="utf-8")
