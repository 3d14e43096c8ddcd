"""Seal, shares, public numbers and seed: who may do what by when, and what makes the seed (封存、种子)."""

from dataclasses import replace

import pytest

from drawcore import beacon, canonical
from drawcore import seed as seeds
from drawcore.errors import AttemptRefused, FileRefused, SealRefused, SeedRefused, SuiteMissing
from drawcore.rows import Commitments, ListRoot
from drawcore.seal import BeaconRound, Person, Seal, carries_over, check_repeat, seal_hash
from drawcore.seed import BeaconValue, Reveal, SeedText
from drawcore.shares import commitment, parse_server_text, server_text
from drawcore.suites import suite
from tests.builders import vectors

HASH_2 = vectors.SEAL_HASHES[1]
DRAND_TIME = 1694775603


def person(id_: str, office: str, role: str) -> Person:
    return Person(id_, office, role)


def with_sources(number: int, **changed: object) -> Seal:
    seal = vectors.seal(number)
    return replace(seal, sources=replace(seal.sources, **changed))


INITIATOR, SUPERVISOR = person("p1", "xyk", "initiator"), person("p2", "fgk", "supervisor")
WITNESS = person("p3", "jjz", "witness")


@pytest.mark.parametrize(
    ("seal", "rule"),
    [
        (replace(vectors.seal(1), prev="0" * 64), "first-attempt-without-prev"),
        (replace(vectors.seal(3), prev=""), "first-attempt-without-prev"),
        (replace(vectors.seal(1), commit_by=1714200000), "deadlines-ascending"),
        (replace(vectors.seal(1), reveal_by=1714200600), "deadlines-ascending"),
        (replace(vectors.seal(1), level=2), "level-needs-beacon"),
        (replace(vectors.seal(1), beacon_from=1814200000), "beacon-time"),
        (replace(vectors.seal(4), beacon_from=1816200000), "beacon-time"),
        (replace(vectors.seal(2), beacon_from=DRAND_TIME + 3), "beacon-time"),
        (replace(vectors.seal(2), reveal_by=DRAND_TIME - 59), "beacon-time"),
        (replace(vectors.seal(3), beacon_from=1714401799), "beacon-time"),
        (with_sources(3, beacon=BeaconRound("cwl-ssq", "24049")), "beacon-round"),
        (with_sources(1, persons=(INITIATOR, replace(SUPERVISOR, id="p1"))), "persons-distinct"),
        (with_sources(1, persons=(WITNESS, SUPERVISOR)), "one-initiating-office"),
        (
            with_sources(1, persons=(INITIATOR, person("p4", "other", "initiator"), SUPERVISOR)),
            "one-initiating-office",
        ),
        (with_sources(1, persons=(INITIATOR, WITNESS)), "supervisor-of-another-office"),
        (
            with_sources(1, persons=(INITIATOR, replace(SUPERVISOR, office="xyk"))),
            "supervisor-of-another-office",
        ),
        (with_sources(2, persons=(INITIATOR, SUPERVISOR)), "level-needs-witness"),
        (
            with_sources(2, persons=(INITIATOR, SUPERVISOR, replace(WITNESS, office="xyk"))),
            "witness-of-another-office",
        ),
        (with_sources(1, min_reveals=1), "enough-reveals"),
        (with_sources(1, min_reveals=3), "enough-reveals"),
        (with_sources(1, custodian=""), "level-1-needs-custodian"),
    ],
)
def test_a_seal_that_breaks_a_rule_is_neither_written_nor_read(seal, rule):
    with pytest.raises(SealRefused) as refused:
        seal.encode()

    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("level", 4),
        ("draw", "1"),
        ("prf", "dice"),
        ("number", "2024 017"),
        ("frame", {"n": 1}),
        ("prev", "abc"),
        ("disclosure", {"to": "everybody", "when": "draw"}),
        ("sources", {}),
    ],
)
def test_a_seal_in_another_form_is_refused(key, value):
    document = vectors.document_of(vectors.bundle(1).core("seal.json")) | {key: value}

    with pytest.raises(FileRefused):
        Seal.parse(canonical.encode(document))


def test_a_level_1_draw_may_use_a_public_number_and_a_witness():
    seal = replace(with_sources(2, custodian="0" * 64), level=1)

    assert Seal.parse(seal.encode()) == seal


def test_a_rehearsal_is_known_by_its_organisation():
    assert vectors.seal(5).rehearsal
    assert not vectors.seal(1).rehearsal


EARLIER, LATER = Seal.parse(vectors.bundle(3).core("attempts/1/seal.json")), vectors.seal(3)
EARLIER_HASH = seal_hash(EARLIER.encode(), suite("sm3"))


def test_a_repeated_attempt_carries_everything_over():
    check_repeat(EARLIER, LATER, EARLIER_HASH, voided=False)

    assert carries_over(EARLIER, LATER)


@pytest.mark.parametrize(
    ("later", "rule"),
    [
        (replace(LATER, attempt=3), "attempt"),
        (replace(LATER, prev="0" * 64), "prev"),
        (replace(LATER, number="2024-020"), "number"),
        (replace(LATER, plan="0" * 64), "plan"),
        (replace(LATER, frame=ListRoot(8, LATER.frame.root)), "frame"),
        (replace(LATER, register_seq=4704), "register_seq"),
        (replace(LATER, level=1), "level"),
        (replace(LATER, draw=EARLIER.draw), "draw"),
        (replace(LATER, sources=EARLIER.sources), "server"),
    ],
)
def test_a_repeated_attempt_that_changes_something_is_refused(later, rule):
    with pytest.raises(AttemptRefused) as refused:
        check_repeat(EARLIER, later, EARLIER_HASH, voided=False)

    assert (refused.value.attempt, refused.value.rule) == (1, rule)


def test_only_a_voided_attempt_may_be_followed_by_other_lists():
    later = replace(LATER, frame=ListRoot(8, LATER.frame.root), register_seq=4704)

    check_repeat(EARLIER, later, EARLIER_HASH, voided=True)
    with pytest.raises(AttemptRefused):
        check_repeat(EARLIER, replace(later, org="other"), EARLIER_HASH, voided=True)


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("dice", "4" * 20, True),
        ("dice", "4" * 19, False),
        ("dice", "4" * 201, False),
        ("cwl-kl8", ",".join(f"{n:02d}" for n in range(1, 21)), True),
        ("cwl-kl8", ",".join(f"{n:02d}" for n in range(20)), False),
        ("cwl-kl8", ",".join(f"{n:02d}" for n in range(62, 82)), False),
        ("cwl-kl8", ",".join(f"{n:02d}" for n in range(1, 20)), False),
        ("cwl-ssq", "03,09,15,21,28,33+07", True),
        ("cwl-ssq", "09,03,15,21,28,33+07", False),
        ("cwl-ssq", "03,03,15,21,28,33+07", False),
        ("cwl-ssq", "03,09,15,21,28,33", False),
        ("cwl-ssq", "3,09,15,21,28,33+07", False),
        ("cwl-ssq", "03,09,15,21,28,33+17", False),
        ("tc-dlt", "01,02,03,04,35+01,12", True),
        ("tc-dlt", "01,02,03,04,36+01,12", False),
        ("cwl-3d", "0,0,9", True),
        ("cwl-3d", "009", False),
        ("tc-pl5", "1,2,3,4,5", True),
        ("drand-quicknet", "ab" * 48, True),
        ("drand-quicknet", "AB" * 48, False),
        ("nist2", "AB" * 64, True),
        ("nist2", "ab" * 64, False),
    ],
)
def test_a_public_number_is_accepted_in_its_own_form_alone(kind, value, fits):
    assert beacon.value_fits(kind, value) is fits


@pytest.mark.parametrize(
    ("kind", "round_", "fits"),
    [
        ("dice", "2024-P02", True),
        ("dice", "a b", False),
        ("cwl-kl8", "2024049", True),
        ("cwl-kl8", "24049", False),
        ("tc-dlt", "24049", True),
        ("drand-quicknet", "0657413", False),
        ("nist2", "2:1048576", True),
        ("nist2", "2", False),
    ],
)
def test_a_round_is_accepted_in_its_own_form_alone(kind, round_, fits):
    assert beacon.round_fits(kind, round_) is fits


def test_the_server_share_belongs_to_its_draw():
    text = server_text(LATER.draw, "ab" * 32)

    assert parse_server_text(text, draw=LATER.draw) == "ab" * 32
    for other in (text + b"\n", text.replace(b"share ab", b"share AB"), b"\xff"):
        with pytest.raises(SeedRefused):
            parse_server_text(other, draw=LATER.draw)
    with pytest.raises(SeedRefused):
        parse_server_text(text, draw=EARLIER.draw)


@pytest.mark.parametrize(("draw", "share"), [("1", "ab" * 32), (LATER.draw, "AB" * 32), (LATER.draw, "ab")])
def test_a_server_share_in_another_form_is_not_written(draw, share):
    with pytest.raises(SeedRefused):
        server_text(draw, share)


@pytest.mark.parametrize(
    ("salt", "share"), [("ab", "x" * 16), ("ab" * 16, "x" * 15), ("ab" * 16, "x" * 15 + "\n")]
)
def test_a_share_in_another_form_is_not_committed_to(salt, share):
    with pytest.raises(SeedRefused) as refused:
        commitment(suite("sha256"), seal=HASH_2, source="p1", salt=salt, share=share)

    assert refused.value.source == "p1"


def test_a_commitment_holds_for_one_person_and_one_draw():
    given = {"salt": "ab" * 16, "share": "x" * 16}
    made = {
        commitment(suite("sha256"), seal=seal, source=source, **given)
        for seal in vectors.SEAL_HASHES[:2]
        for source in ("p1", "p2")
    }

    assert len(made) == 4


SEED_2 = SeedText.parse(vectors.bundle(2).core("seed.txt"))
COMMITS_2 = Commitments.parse(vectors.bundle(2).core("commits.tsv"))
REVEALS_2 = {id_: state for id_, state in SEED_2.persons.items() if isinstance(state, Reveal)}


def test_the_seed_text_is_put_together_from_its_sources():
    text = seeds.make_seed_text(
        vectors.seal(2),
        HASH_2,
        server=SEED_2.server,
        commits=COMMITS_2,
        reveals=REVEALS_2,
        number=SEED_2.beacon,
    )

    assert text.encode() == vectors.bundle(2).core("seed.txt")


def changed_persons(**persons: object) -> SeedText:
    return replace(SEED_2, persons={**SEED_2.persons, **persons})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (replace(SEED_2, suite="sm3"), "suite"),
        (replace(SEED_2, seal="0" * 64), "seal-hash"),
        (replace(SEED_2, persons=dict(reversed(SEED_2.persons.items()))), "persons-in-order"),
        (changed_persons(p3=None), "min-reveals"),
        (changed_persons(p1=Reveal("ab" * 16, "x" * 16)), "share-not-as-committed"),
        (changed_persons(p2=None), "commitment-differs"),
        (changed_persons(p2="0" * 64), "commitment-differs"),
        (replace(SEED_2, beacon=None), "beacon-kind"),
        (replace(SEED_2, beacon=BeaconValue("drand-quicknet", "657414", "ab" * 48)), "beacon-kind"),
        (replace(SEED_2, beacon=BeaconValue("drand-quicknet", "657413", "ab")), "beacon-value"),
    ],
)
def test_sources_that_do_not_fit_the_seal_make_no_seed(text, rule):
    with pytest.raises(SeedRefused) as refused:
        seeds.check_seed(text, vectors.seal(2), HASH_2, COMMITS_2)

    assert refused.value.rule == rule


def test_a_commitment_of_somebody_not_named_in_the_seal_is_refused():
    commits = Commitments.build({**COMMITS_2.by_source, "px": "0" * 64})

    with pytest.raises(SeedRefused) as refused:
        seeds.check_seed(SEED_2, vectors.seal(2), HASH_2, commits)

    assert refused.value.rule == "commitment-of-a-stranger"


def test_without_a_public_number_nobody_may_keep_a_committed_share_back():
    seal = with_sources(1, persons=(INITIATOR, SUPERVISOR, WITNESS))
    digest = seal_hash(seal.encode(), suite("sha256"))
    reveals = {id_: Reveal("ab" * 16, "x" * 16) for id_ in ("p1", "p2")}
    locked = {
        id_: commitment(suite("sha256"), seal=digest, source=id_, salt=given.salt, share=given.share)
        for id_, given in reveals.items()
    }
    commits = Commitments.build({**locked, "p3": "0" * 64})

    with pytest.raises(SeedRefused) as refused:
        seeds.make_seed_text(seal, digest, server="0" * 64, commits=commits, reveals=reveals, number=None)

    assert (refused.value.rule, refused.value.source) == ("absent-without-beacon", "p3")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "1"),
        (vectors.bundle(1).core("seed.txt")[:-1], "6"),
        (vectors.bundle(1).core("seed.txt").replace(b"seal 6", b"seal X"), "2"),
        (vectors.bundle(1).core("seed.txt").replace(b"person p1", b"person p1 "), "4"),
        (vectors.bundle(1).core("seed.txt").replace(b"person p2", b"person p1"), "5"),
        (vectors.bundle(1).core("seed.txt").replace(b"beacon none", b"beacon dice x"), "6"),
        ("vdraw/1 seed 甲\n".encode(), ""),
    ],
)
def test_a_seed_text_in_another_form_is_refused_with_its_line(data, line):
    with pytest.raises(FileRefused) as refused:
        SeedText.parse(data)

    assert (refused.value.file, refused.value.where) == ("seed.txt", line)


def test_a_suite_that_this_machine_lacks_is_never_replaced(monkeypatch):
    monkeypatch.setattr("hashlib.algorithms_available", {"sha256"})
    suite.cache_clear()

    with pytest.raises(SuiteMissing):
        vectors.seal(3)
    suite.cache_clear()


def test_what_is_secret_until_disclosure_does_not_show_in_logs():
    shown = repr(SEED_2) + repr(vectors.keys_of(2))

    assert SEED_2.server not in shown
    assert REVEALS_2["p1"].share not in shown
    assert repr(vectors.keys_of(2).seed) not in shown
