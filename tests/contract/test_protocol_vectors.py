"""The draw reproduces every file and figure of the protocol's section 18, and refuses each changed byte."""

import hashlib
from pathlib import Path

import pytest

from drawcore import bundle as bundles
from drawcore import ed25519, log, merkle, note
from drawcore import seed as seeds
from drawcore.allocation import sizes
from drawcore.bundle import CORE, Bundle
from drawcore.changes import Course
from drawcore.errors import NobodyLeft
from drawcore.outcome import outcome
from drawcore.plan import Allocation, Part, Plan, Stratum
from drawcore.receipt import is_member, member_proof, parse_receipt, qr_text, receipt
from drawcore.rows import list_root
from drawcore.seal import Seal, approval_code, approval_code_of, list_roots, seal_hash
from drawcore.sealing import check_sealing
from drawcore.seed import SeedText
from drawcore.suites import suite
from drawcore.verify import Known, Status, verify
from tests.builders import vectors

LOG_KEY = note.NoteKey("ssj.example.cn/log", note.LOG_KEY, vectors.LOG_PUBLIC)
all_vectors = pytest.mark.parametrize("number", vectors.NUMBERS)


@pytest.fixture
def document(real_data: Path) -> str:
    return (real_data.parent / "draw-protocol.md").read_text(encoding="utf-8")


def course(number: int) -> Course:
    sealed, keys = vectors.sealed(number), vectors.keys_of(number)
    member = sealed.membership()
    return Course(sealed, member, outcome(sealed, keys, member), keys)


@pytest.mark.real_data
def test_the_golden_files_are_the_fenced_files_of_the_protocol(document):
    fenced = vectors.fenced_files(document)
    golden = {f"v{n}/{name}": data for n in vectors.NUMBERS for name, data in vectors.bundle(n).files.items()}
    described = {"v1/events.jsonl", "v1/proofs.json", "v3/attempts/1/seal.json"}

    assert len(fenced) == 53
    assert {name: data for name, data in golden.items() if name in fenced} == fenced
    assert all(data == b"" for name, data in golden.items() if name not in fenced and name not in described)


@pytest.mark.real_data
def test_the_figures_of_the_tests_stand_in_the_protocol(document):
    for figures in (vectors.SEAL_HASHES, vectors.APPROVAL_CODES, vectors.SEEDS):
        for figure in figures:
            assert f"`{figure}`" in document
    assert vectors.FIRST_ENTRY.encode().decode() in document


@all_vectors
def test_a_vector_is_drawn_byte_for_byte(number):
    files = vectors.bundle(number)
    found = outcome(vectors.sealed(number), vectors.keys_of(number))

    assert found.result == files.core("result.tsv")
    assert found.assign == files.core("assign.tsv")


@all_vectors
def test_a_vector_has_the_protocols_hashes(number):
    files, seal = vectors.bundle(number), vectors.seal(number)
    kind, sealed = suite(seal.suite), vectors.sealed(number)
    roots = list_roots(sealed, kind)

    assert seal_hash(files.core("seal.json"), kind) == vectors.SEAL_HASHES[number - 1]
    assert {name: getattr(seal, name) for name in roots} == roots
    assert approval_code(kind, files.core("plan.json"), roots) == vectors.APPROVAL_CODES[number - 1]
    assert approval_code_of(seal) == vectors.APPROVAL_CODES[number - 1]
    assert seeds.seed_of(files.core("seed.txt"), kind).hex() == vectors.SEEDS[number - 1]


@all_vectors
def test_documents_of_a_vector_are_written_as_they_were_read(number):
    files = vectors.bundle(number)

    assert Plan.parse(files.core("plan.json")).encode() == files.core("plan.json")
    assert Seal.parse(files.core("seal.json")).encode() == files.core("seal.json")
    assert SeedText.parse(files.core("seed.txt")).encode() == files.core("seed.txt")


@all_vectors
def test_a_vector_passes_the_checks_of_sealing(number):
    seen = check_sealing(vectors.sealed(number))

    assert all(seen.drawn(part.part) for part in vectors.sealed(number).plan.parts)


def test_keys_of_vector_1_are_the_protocols():
    keys, kind = vectors.keys_of(1), suite("sha256")

    assert keys.key("object main").hex() == "63c7811e2ede12bcf4943df53876034ba4e7610bd8f27e809ef761174d85d7fb"
    assert keys.key("order").hex() == "25700142cd5ff65e6185d68c7e9ca98710331f828ea71edf2dd1ba18fc8eeac1"
    assert keys.key("officer").hex() == "0afa5d26c377adea30a8518f43d9ffbc836eedcb901f87c4eaa39361518b6552"
    assert (
        seeds.seed_hash(keys.seed, kind) == "dc5c54d8a9429173693e68c9b6d3b3325345eccf881bd3150b6e7b70923c622c"
    )


def test_the_invented_values_of_vector_1_come_from_their_labels():
    text = SeedText.parse(vectors.bundle(1).core("seed.txt"))

    assert text.server == vectors.invented("v1 server")
    assert text.persons["p2"] == seeds.Reveal(vectors.invented("v1 p2 salt")[:32], vectors.invented("v1 p2"))
    assert vectors.sealed(1).frame.blinds[0] == vectors.invented("blind E01")[:32]


def test_the_receipt_of_vector_1_is_written_byte_for_byte():
    files, sealed, keys = vectors.bundle(1), vectors.sealed(1), vectors.keys_of(1)
    told = parse_receipt(files.core("receipt.json"))[1]
    seen = check_sealing(sealed)
    seed_hash = seeds.seed_hash(keys.seed, suite("sha256"))
    found = outcome(sealed, keys, seen.member)

    data = receipt(vectors.seal(1), vectors.SEAL_HASHES[0], seed_hash, found, seen, told)

    assert data == files.core("receipt.json")
    assert qr_text(vectors.seal(1), vectors.SEAL_HASHES[0], found.result_root.root, told.log) == (
        "VDRAW1|00000000-0000-4000-8000-000000000001|6bb811465ff13276|841bd925e3b19a82|8|204d8e2246a1a469"
    )


def test_the_log_of_vector_1_is_the_protocols():
    files, entries, kind = vectors.bundle(1), vectors.log_of_vector_1(), suite("sha256")
    tree = merkle.leaves(entries, kind)
    path = merkle.consistency_path(tree, 3, kind)

    assert b"".join(entry + b"\n" for entry in entries[1:]) == files.core("events.jsonl")
    assert (len(files.core("events.jsonl")), hashlib.sha256(files.core("events.jsonl")).hexdigest()) == (
        2162,
        "fffc0ac523a605246d5042c90ada9f0e62bd35237947788f10edc573854f5821",
    )
    assert vectors.proofs_of(entries, range(1, 8)) == files.core("proofs.json")
    assert (len(files.core("proofs.json")), hashlib.sha256(files.core("proofs.json")).hexdigest()) == (
        1562,
        "d78f7878100f57178313bded1244dadcb95c1d097f92dc6e741093a1933a3826",
    )
    assert merkle.root(tree[:3], kind).hex() == (
        "d42bd4b01818fefe9f60ec21256fd4420b0093847ec695bc806d7aa7b173f212"
    )
    assert merkle.root(tree, kind).hex() == "204d8e2246a1a46949266b29a4f00197e13023eaf4207b455dba75733d03bdb1"
    assert [step.hex() for step in path] == [
        "fd0ab8b1cfb582a772298f4549e4de12b9b41a44e53654d220286998f8b6ebf4",
        "72219c27d66dfcc9311be356152c659e2b51d27586b646700b9dd270d6cfcccb",
        "7e1eaceb458bad81b3e80ecfd30db49af236b1cdc9c70a57d12ebb66ea523f74",
        "f71d81cd0f02e3e0a921138c660f4c46a823780a10a9422f8285ef7e51a02381",
    ]
    assert merkle.is_consistent(3, merkle.root(tree[:3], kind), 8, merkle.root(tree, kind), path, kind)


def test_the_checkpoint_of_vector_1_is_signed_byte_for_byte():
    data = vectors.bundle(1).core("checkpoint.txt")
    checkpoint, signatures = note.parse_checkpoint(data)
    again = note.sign_checkpoint(checkpoint, LOG_KEY, lambda text: ed25519.sign(vectors.LOG_SECRET, text))

    assert ed25519.public_key(vectors.LOG_SECRET) == vectors.LOG_PUBLIC
    assert LOG_KEY.signs(checkpoint.text(), signatures)
    assert note.signed_note(checkpoint.text(), [again]) == data
    assert log.log_suite(checkpoint.origin).name == "sha256"


def test_the_first_attempt_of_vector_3_is_the_one_that_its_seal_names():
    data = vectors.first_attempt_of_vector_3()

    assert data == vectors.bundle(3).core("attempts/1/seal.json")
    assert seal_hash(data, suite("sm3")) == vectors.seal(3).prev


@pytest.mark.parametrize(
    ("target", "slot", "successor"), [("E05", "2", "P4"), ("E09", "1", "P1"), ("E09", "2", "P3")]
)
def test_officers_of_vector_1_are_replaced_as_the_protocol_says(target, slot, successor):
    seats = course(1).seats

    assert seats is not None
    assert seats.replace_officer(target, slot).officer == successor


def test_nobody_is_left_for_the_first_slot_of_e05():
    seats = course(1).seats

    assert seats is not None
    with pytest.raises(NobodyLeft):
        seats.replace_officer("E05", "1")


def test_teams_of_vector_4_are_the_protocols():
    teams = course(4).teams

    assert teams is not None
    assert {team.code: (team.units, [m.id for m in team.members]) for team in teams.teams.values()} == {
        "MR-1": ("*", ["M3", "M4"]),
        "MR-2": ("*", ["M1", "M5"]),
        "MR-3": ("S1", ["M7", "M6"]),
        "HLT-1": ("*", ["Y2", "Y3"]),
        "HLT-2": ("*", ["Y4", "Y1"]),
    }


def test_teams_of_vector_4_change_as_the_protocol_says():
    passing, dissolving, relieved = course(4).teams, course(4).teams, course(4).teams
    assert passing is not None
    assert dissolving is not None
    assert relieved is not None

    assert {seat.team for seat in passing.pass_target("H05", "MR-1")} == {"MR-3"}
    assert dissolving.replace_officer("MR-1", "M3").successor == ""
    assert relieved.replace_officer("MR-1", "M4").successor == "M2"


def test_the_member_proof_of_h08_is_the_protocols():
    proof = member_proof(vectors.sealed(4).frame, "H08", vectors.SEAL_HASHES[3], suite("sha256"))
    said = vectors.document_of(proof)
    path = said["path"]

    assert isinstance(path, list)
    assert (said["index"], said["blind"], len(path)) == (7, "b9ff13dcd1b36ce975e8f8110982a8dd", 4)
    assert path[0] == "48e95c945c1010605c425f48a533221fac72e8b94af14607265055aa7ea61fc0"
    assert is_member(proof, vectors.seal(4), vectors.SEAL_HASHES[3])


@pytest.mark.parametrize(("held", "drawn"), [(0, 0), (1, 1), (28, 1), (29, 2), (200, 7), (201, 8)])
def test_a_rate_of_35_in_1000_rounds_upwards(held, drawn):
    part = _part(Allocation("rate", (Stratum("A", num=35, den=1000), Stratum("N", num=1))))

    assert sizes(part, {"A": held})["A"].drawn == drawn


@pytest.mark.parametrize(
    ("held", "drawn"), [((5, 9, 9), (3, 4, 3)), ((1, 9, 9), (1, 5, 4)), ((1, 2, 3), (1, 2, 3))]
)
def test_a_total_of_10_is_spread_by_largest_remainder(held, drawn):
    strata = tuple(Stratum(code, weight=1) for code in "ABC")
    found = sizes(
        _part(Allocation("total", (*strata, Stratum("N")), total=10)), dict(zip("ABC", held, strict=True))
    )

    assert tuple(found[code].drawn for code in "ABC") == drawn


def test_sm3_is_the_national_standards():
    sm3 = suite("sm3")

    assert sm3.hex(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3.mac(bytes.fromhex("0b0b0b0b"))(b"abc").hex() == (
        "1fdd153fd344a4180b404edd2dd9decbc609abdd84e139c4647e1e6ec05414e5"
    )


def _part(alloc: Allocation) -> Part:
    return Part("T", "main", "*", "kind", "k", alloc)


@all_vectors
def test_a_vector_is_accepted(number):
    report = verify(vectors.bundle(number))

    assert report.failed is None
    assert report.exit_code() == 0
    assert [step.number for step in report.steps] == list(range(1, 14))


def test_vector_1_with_its_evidence_is_accepted_strictly():
    known = Known(seal_hash=vectors.SEAL_HASHES[0], approval_code=vectors.APPROVAL_CODES[0], keys=(LOG_KEY,))

    assert {step.status for step in verify(vectors.bundle(1), known).steps} == {Status.OK}


@all_vectors
def test_the_lowest_bit_of_no_byte_of_a_core_file_can_be_changed(number):
    files = {name: data for name, data in vectors.bundle(number).files.items() if name in CORE}
    count = 0
    for name, data in files.items():
        for place in range(len(data)):
            report = verify(Bundle({**files, name: _flipped(data, place)}))
            count += 1
            assert report.exit_code() == 1, f"{name} at {place}"
            assert report.failed is not None

    assert count == {1: 3494, 2: 4586, 3: 3595, 4: 6390, 5: 3910}[number]


@pytest.mark.parametrize("name", ["receipt.json", "events.jsonl", "proofs.json", "checkpoint.txt"])
def test_no_evidence_of_vector_1_can_be_changed_but_the_name_of_the_program(name):
    files = vectors.bundle(1).files
    data = files[name]
    free = (
        range(data.find(b'"reference"') + 1, data.find(b'"reference"') + 10) if name == "receipt.json" else ()
    )
    known = Known(keys=(LOG_KEY,) if name == "checkpoint.txt" else ())
    for place in range(len(data)):
        report = verify(Bundle({**files, name: _flipped(data, place)}), known)
        assert report.exit_code() == (0 if place in free else 1), f"{name} at {place}"


def test_the_earlier_seal_of_vector_3_cannot_be_changed():
    files = vectors.bundle(3).files
    name = "attempts/1/seal.json"
    for place in range(len(files[name])):
        assert verify(Bundle({**files, name: _flipped(files[name], place)})).exit_code() == 1


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_a_bundle_is_written_and_read_as_it_is(tmp_path):
    files = vectors.bundle(3).files
    bundles.write_bundle(tmp_path / "b", files)

    assert bundles.read_bundle(tmp_path / "b").files == files


def test_roots_of_result_and_assignment_are_the_receipts():
    files = vectors.bundle(1)

    assert list_root(files.core("result.tsv"), suite("sha256")).root.startswith("841bd925e3b19a82")
    assert list_root(files.core("assign.tsv"), suite("sha256")).n == 8
