"""Canonical JSON and the forms of plan and lists: one allowed form, everything else refused."""

import pytest

from drawcore import canonical
from drawcore.errors import FileRefused, SuiteMissing
from drawcore.plan import Allocation, Assign, Floor, Part, Plan, Slot, Stratum
from drawcore.prf import prf
from drawcore.rows import Commitments, Exclusions, Frame, Officers, Recusals
from drawcore.suites import available, suite
from tests.builders import vectors
from tests.unit.drawcore import building


def reason(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        canonical.parse(data)
    return refused.value.reason


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a":1.0}', "number-not-an-integer"),
        (b'{"a":1e3}', "number-not-an-integer"),
        (b'{"a":NaN}', "number-not-an-integer"),
        (b'{"a":9007199254740992}', "number-too-large"),
        (b'{"a":1,"a":1}', "duplicate-key"),
        (b'{"A":1}', "key-not-allowed"),
        (b'{"a b":1}', "key-not-allowed"),
        (b'"\\ud800"', "lone-surrogate"),
        (b"[" * 16 + b"]" * 16, "nested-too-deeply"),
        (b"[" * 100000, "not-json"),
        (b"9" * 5000, "not-json"),
        (b"\xff", "not-json"),
        (b"\xef\xbb\xbf{}", "not-json"),
        (b"", "not-json"),
        (b'{"a": 1}', "not-canonical"),
        (b'{"b":1,"a":1}', "not-canonical"),
        (b'"\\u00e9"', "not-canonical"),
        (b"-0", "not-canonical"),
        (b"{}\n", "not-canonical"),
    ],
)
def test_a_document_in_another_form_is_refused(data, why):
    assert reason(data) == why


def test_nesting_of_fifteen_is_read():
    assert canonical.encode(canonical.parse(b"[" * 15 + b"]" * 15)) == b"[" * 15 + b"]" * 15


@pytest.mark.parametrize("value", [1.5, {"a": {1, 2}}, {1: 2}, b"bytes"])
def test_what_has_no_canonical_form_is_not_written(value):
    with pytest.raises(FileRefused):
        canonical.encode(value)


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"E1\tS1\t-\t-\t" + b"0" * 32, "1", "no-final-newline"),
        ("甲\n".encode(), "", "not-ascii"),
        (b"E1\tS1\t-\t-\n", "1", "bad-row"),
        (b"E1\tS1\t-\tfood,\t" + b"0" * 32 + b"\n", "1", "bad-row"),
        (b"E1\tS1\t-\ta.b.c\t" + b"0" * 32 + b"\n", "1", "bad-row"),
        (b"E1\tS1\t-\t-\t" + b"0" * 32 + b"\r\n", "1", "bad-row"),
        (b"E2\tS1\t-\t-\t" + b"0" * 32 + b"\nE1\tS1\t-\t-\t" + b"0" * 32 + b"\n", "2", "not-sorted"),
        ((b"E1\tS1\t-\t-\t" + b"0" * 32 + b"\n") * 2, "2", "key-twice"),
        (b"\n", "1", "bad-row"),
    ],
)
def test_a_frame_in_another_form_is_refused_with_its_line(data, line, why):
    with pytest.raises(FileRefused) as refused:
        Frame.parse(data)

    assert (refused.value.file, refused.value.where, refused.value.reason) == ("frame.tsv", line, why)


@pytest.mark.parametrize("load", ["-1", "01", "1.5", ""])
def test_a_load_that_is_no_plain_number_is_refused(load):
    with pytest.raises(FileRefused):
        Officers.parse(f"P1\tMR\t*\t-\t{load}\t{'0' * 32}\n".encode())


def test_rows_that_hold_a_line_break_are_not_written():
    with pytest.raises(FileRefused):
        building.frame(("E1\tS1\t-\t-\t" + "0" * 32 + "\nE2", "S1", "-", "-"))


def test_rows_with_one_key_twice_are_not_written():
    with pytest.raises(FileRefused) as refused:
        building.frame(("E1", "S1", "-", "-"), ("E1", "S2", "-", "-"))

    assert refused.value.reason == "key-twice"


def test_an_empty_list_is_an_empty_file():
    assert Exclusions.parse(b"").rows == ()
    assert Recusals.build([]).data == b""
    assert Commitments.build({}).data == b""
    assert len(Frame.parse(b"")) == 0


def test_exclusions_are_sorted_by_entity_then_part_with_the_whole_draw_first():
    rows = building.excluded(("E2", "T", "gone"), ("E1", "T", "gone"), ("E1", "*", "gone")).rows

    assert [row[:2] for row in rows] == [("E1", "*"), ("E1", "T"), ("E2", "T")]


def test_an_unknown_suite_is_refused_never_replaced():
    assert available("sm3")
    assert not available("md5")
    with pytest.raises(SuiteMissing):
        suite("md5")


def test_an_unknown_function_of_random_numbers_is_refused():
    with pytest.raises(ValueError, match=r"draw\.prf-unknown prf=dice"):
        prf("dice", bytes(32), building.SHA256)


RATE = Allocation("rate", (Stratum("N", num=1, den=2),))


def plan_with(part: Part, *others: Part, slots: tuple[Slot, ...] = (Slot("1"),)) -> Plan:
    return Plan(("gone",), (part, *others), Assign("each", slots))


def code_of(plan: Plan) -> tuple[str, str]:
    with pytest.raises(FileRefused) as refused:
        plan.encode()
    return refused.value.where, refused.value.reason


def main_part(alloc: Allocation = RATE, code: str = "T", purpose: str = "main") -> Part:
    return Part(code, purpose, "*", "kind", "k", alloc)


def test_a_plan_of_each_mode_is_written_and_read():
    for number in vectors.NUMBERS:
        plan = vectors.sealed(number).plan
        assert Plan.parse(plan.encode()) == plan


def test_a_part_without_stratum_n_is_refused():
    assert code_of(plan_with(main_part(Allocation("rate", (Stratum("A"),))))) == (
        "parts[0].alloc.strata",
        "no-stratum-n",
    )


def test_a_stratum_named_twice_is_refused():
    alloc = Allocation("rate", (Stratum("N"), Stratum("N")))

    assert code_of(plan_with(main_part(alloc)))[1] == "code-twice"


def test_a_rate_above_the_whole_is_refused():
    assert (
        code_of(plan_with(main_part(Allocation("rate", (Stratum("N", num=3, den=2),)))))[1] == "rate-over-one"
    )


def test_a_rate_without_denominator_is_refused():
    assert code_of(plan_with(main_part(Allocation("rate", (Stratum("N", num=1, den=0),)))))[1] == "bad-number"


def test_a_floor_is_written_with_its_base():
    alloc = Allocation("rate", (Stratum("N", num=1, den=2),), floor=Floor(100, 3, 100))

    assert Plan.parse(plan_with(main_part(alloc)).encode()).parts[0].alloc.floor == Floor(100, 3, 100)


def test_a_list_received_from_elsewhere_names_its_source_and_is_taken_whole():
    assert code_of(plan_with(main_part(purpose="inspectors")))[1] == "list-only-for-inspectors"
    source = vectors.sealed(4).plan.parts[3].list
    received = Part("T", "inspectors", "*", "none", "k", RATE, source)
    assert code_of(plan_with(received))[1] == "received-list-not-taken-whole"
    assert (
        code_of(plan_with(Part("T", "main", "*", "none", "k", RATE, source)))[1] == "list-only-for-inspectors"
    )


def test_parts_of_one_task_have_one_purpose():
    other = main_part(code="T.b", purpose="recheck")

    assert code_of(plan_with(main_part(code="T.a"), other)) == ("parts", "task-with-two-purposes")


def test_one_part_code_stands_once():
    assert code_of(plan_with(main_part(), main_part()))[1] == "code-twice"


def test_a_slot_of_an_unknown_part_is_refused():
    assert code_of(plan_with(main_part(), slots=(Slot("1", part="X"),)))[1] == "slot-of-unknown-part"


def test_one_slot_code_stands_once():
    assert code_of(plan_with(main_part(), slots=(Slot("1"), Slot("1"))))[1] == "code-twice"


@pytest.mark.parametrize(
    "slots",
    [
        (Slot("1", "*"),),
        (Slot("1", "MR", when="food"), Slot("2", "MR")),
        (Slot("1", "MR", part="T"), Slot("2", "MR")),
    ],
)
def test_in_cluster_mode_a_department_has_one_team(slots):
    plan = Plan((), (main_part(),), Assign("cluster", slots, "unit", 2, "drawn"))

    assert code_of(plan)[1] == "department-not-one-team"


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("type", "vdraw.seal", "not-one-of"),
        ("v", 2, "bad-number"),
        ("v", True, "bad-number"),
        ("parts", {}, "bad-list"),
        ("parts", [], "bad-list"),
        ("parts", ["T"], "not-an-object"),
        ("reasons", ["gone", "gone"], "bad-list"),
        ("reasons", ["bad reason"], "bad-list"),
        ("assign", "each", "not-an-object"),
        ("extra", 1, "unknown-key"),
    ],
)
def test_a_plan_in_another_form_is_refused(key, value, why):
    document = vectors.document_of(vectors.bundle(1).core("plan.json")) | {key: value}

    with pytest.raises(FileRefused) as refused:
        Plan.parse(canonical.encode(document))

    assert refused.value.reason == why


def test_a_plan_that_lacks_a_key_is_refused():
    document = vectors.document_of(vectors.bundle(1).core("plan.json"))
    del document["reasons"]

    with pytest.raises(FileRefused) as refused:
        Plan.parse(canonical.encode(document))

    assert (refused.value.where, refused.value.reason) == ("reasons", "missing-key")


def test_a_field_of_another_form_is_named_with_its_place():
    part = Part("a b", "main", "*", "kind", "k", RATE)

    assert code_of(plan_with(part)) == ("parts[0].part", "bad-form")
