"""A bundle's log: the order in time, its proofs, and the changes after the draw (先后次序、抽取之后)."""

from dataclasses import replace

import pytest

from drawcore import canonical, log, merkle, seed
from drawcore.bundle import Bundle
from drawcore.log import Entry
from drawcore.outcome import outcome
from drawcore.rows import Commitments
from drawcore.seed import Reveal, SeedText
from drawcore.verify import Known, Status, verify
from tests.builders import vectors
from tests.unit.drawcore.verifying import (
    FILES,
    LOG_KEY,
    SHA256,
    at,
    entry,
    failed,
    more,
    status,
    swapped,
    with_body,
    with_kind,
    with_log,
)


def test_a_log_rebuilt_as_it_was_is_accepted():
    assert {step.status for step in verify(Bundle(with_log(list)), Known(keys=(LOG_KEY,))).steps} == {
        Status.OK
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (swapped(3, 4), "次序"),
        (swapped(1, 2), "次序"),
        (swapped(6, 7), "次序"),
        (with_body(1, seal="0" * 64), "draw.sealed"),
        (with_body(1, draw="other"), "draw.sealed"),
        (with_body(2, commit="0" * 64), "draw.commit"),
        (with_body(2, envelope=7), "draw.commit"),
        (with_body(2, source="p9"), "人员"),
        (with_body(4, commits="0" * 64), "draw.reveals_open"),
        (with_body(5, salt="0" * 32), "draw.reveal"),
        (with_body(7, result="0" * 64), "draw.drawn"),
        (with_body(7, extra=1), "draw.drawn"),
        (at({0: 1714200601, 1: 1714200601, 2: 1714200601}), "次序"),
        (at(dict.fromkeys(range(2, 8), 1714200601)), "截止后锁定"),
        (at(dict.fromkeys(range(5, 8), 1714201201)), "截止后开启"),
        (with_kind(6, "draw.audited"), "人员"),
        (more(entry("draw.failed")), "draw.failed"),
        (more(entry("draw.drawn")), "draw.drawn"),
        (more(entry("draw.beacon")), "draw.beacon"),
    ],
)
def test_a_log_that_tells_another_story_fails_the_order_in_time(change, words):
    number, message = failed(with_log(change))

    assert number == 6
    assert words in message


def test_an_envelope_and_its_late_opening_are_part_of_the_story():
    def enveloped(entries: list[Entry]) -> list[Entry]:
        entries = with_body(2, envelope="0" * 64)(entries)
        return at(dict.fromkeys((6, 7), 1714201500))(with_body(6, by="envelope")(entries))

    assert verify(Bundle(with_log(enveloped))).failed is None


def test_an_entry_that_does_not_name_the_one_before_it_is_refused():
    lines = FILES["events.jsonl"].split(b"\n")
    lines[2] = replace(log.parse_entry(lines[2]), prev="0" * 64).encode()

    assert failed({**FILES, "events.jsonl": b"\n".join(lines)}) == (6, "日志前后条目没有衔接：3")


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"size":8', b'"size":9'), (b'"seq":7', b'"seq":9')],
)
def test_proofs_of_another_tree_or_other_entries_are_refused(old, new):
    assert failed({**FILES, "proofs.json": FILES["proofs.json"].replace(old, new)})[0] == 6


def test_a_receipt_names_the_entries_of_the_log():
    assert failed(with_log(list, sealed=2))[0] == 6
    assert failed(with_log(list, origin="other"))[0] == 6
    assert failed(with_log(list, size=9))[0] == 6
    assert failed(with_log(list, root="0" * 64))[0] == 6


def test_a_later_checkpoint_still_proves_the_receipts_root():
    place = {"size": 8, "root": merkle.root(merkle.leaves(vectors.log_of_vector_1(), SHA256), SHA256).hex()}
    files = with_log(more(entry("draw.disclosed"), entry("draw.audited")), **place)

    assert status(verify(Bundle(files), Known(keys=(LOG_KEY,))), 6) is Status.OK
    wrong = with_log(more(entry("draw.disclosed"), entry("draw.audited")), **{**place, "root": "0" * 64})
    assert failed(wrong)[0] == 6


def test_a_receipts_root_that_no_shown_entry_ends_is_not_shown():
    def stretched(entries: list[Entry]) -> list[Entry]:
        return [*entries, entry("draw.audited"), entry("draw.disclosed")]

    files = with_log(stretched, size=9)
    lines, proofs = files["events.jsonl"].split(b"\n"), vectors.document_of(files["proofs.json"])
    shown = proofs["entries"]
    assert isinstance(shown, list)
    del lines[7], shown[7]
    report = verify(
        Bundle({**files, "events.jsonl": b"\n".join(lines), "proofs.json": canonical.encode(proofs)})
    )

    assert report.failed is None
    assert status(report, 6) is Status.NOT_SHOWN


def test_the_public_number_comes_after_its_time_in_the_log():
    files, seal = vectors.bundle(2), vectors.seal(2)
    text, digest = SeedText.parse(files.core("seed.txt")), vectors.SEAL_HASHES[1]
    roots = outcome(vectors.sealed(2), vectors.keys_of(2))
    commits = Commitments.parse(files.core("commits.tsv"))
    assert text.beacon is not None

    def told(late: int) -> bytes:
        story = [("u:1", 0, "draw.sealed", {"seal": digest})]
        story += [("u:1", 9, "draw.commit", {"source": s, "commit": c}) for s, c in commits.by_source.items()]
        story.append(("u:1", 601, "draw.reveals_open", {"commits": SHA256.hex(commits.data)}))
        story += [
            ("u:1", 700, "draw.reveal", {"source": s, "salt": r.salt, "share": r.share})
            for s, r in text.persons.items()
            if isinstance(r, Reveal)
        ]
        number = {
            "name": "drand-quicknet",
            "round": "657413",
            "value": text.beacon.value if text.beacon else "",
        }
        story.append(("u:1", late, "draw.beacon", number))
        drawn = {
            "seed_hash": _seed_hash(2),
            "result": roots.result_root.root,
            "assign": roots.assign_root.root,
        }
        story.append(("u:1", late, "draw.drawn", drawn))
        entries = vectors.chained(
            [(a, t, k, dict(b)) for a, t, k, b in story], draw=seal.draw, start=seal.sealed_at
        )
        return b"".join(one + b"\n" for one in entries[1:])

    assert verify(Bundle({**files.files, "events.jsonl": told(1603)})).failed is None
    number, message = failed({**files.files, "events.jsonl": told(1602)})
    assert number == 6
    assert message.startswith("公开随机数早于规定时间")


def _seed_hash(number: int) -> str:
    return seed.seed_hash(vectors.keys_of(number).seed, SHA256)


def test_changes_after_the_draw_are_replayed_and_counted():
    moved = entry(
        "draw.object_replaced",
        part="2024-017",
        object="E03",
        reason="closed",
        approver="u:9",
        successor="E04",
    )
    report = verify(Bundle(with_log(more(moved))))

    assert report.failed is None
    assert "变更1次" in report.steps[11].message
    assert failed(with_log(more(replace(moved, body={**moved.body, "successor": "E06"}))))[0] == 12
    assert failed(with_log(more(replace(moved, body={**moved.body, "object": "E06"}))))[0] == 12


def test_more_than_two_replacements_at_one_target_are_pointed_out():
    def replaced(officer: str, successor: str, slot: str = "2") -> Entry:
        body = {"object": "E09", "slot": slot, "officer": officer, "successor": successor}
        return entry("draw.officer_replaced", reason="ill", approver="u:9", **body)

    changes = (replaced("P4", "P3"), replaced("P2", "P1", "1"))
    added = entry(
        "draw.officers_supplemented", rows=[f"P9\tMR\t*\t-\t0\t{'0' * 32}"], reason="ill", approver="u:9"
    )
    report = verify(Bundle(with_log(more(*changes, added, replaced("P3", "P9")))))

    assert report.failed is None
    assert "E09变更超过两次" in report.steps[11].message


def test_a_successor_that_does_not_exist_is_said_so():
    gone = entry(
        "draw.officer_replaced",
        object="E05",
        slot="1",
        officer="P2",
        reason="ill",
        approver="u:9",
        successor="P1",
    )

    assert failed(with_log(more(gone))) == (12, "变更不成立：E05 1 没有可以递补的")


def test_an_entry_that_is_not_in_the_tree_is_named():
    files = with_log(list)
    proofs = vectors.document_of(files["proofs.json"])
    entries = proofs["entries"]
    assert isinstance(entries, list)
    entries[2]["path"], entries[3]["path"] = entries[3]["path"], entries[2]["path"]

    assert failed({**files, "proofs.json": canonical.encode(proofs)}) == (6, "日志条目不在检查点之内：3")
