"""Whatever is done to the files of a bundle: a step says so, nothing ever breaks (核验)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drawcore.bundle import Bundle
from drawcore.verify import Known, verify
from tests.builders import vectors

FILES = {number: dict(vectors.bundle(number).files) for number in vectors.NUMBERS}


@settings(max_examples=400)
@given(number=st.sampled_from(vectors.NUMBERS), data=st.data())
def test_no_damage_to_a_file_breaks_the_verifier_or_passes(number, data):
    name = data.draw(st.sampled_from(sorted(FILES[number])))
    before = FILES[number][name]
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, min(len(before), start + 40)))
    put = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"\n", b"\t", b'"', b"0", b"{}", before[:start]])
    )
    after = before[:start] + put + before[end:]

    report = verify(Bundle({**FILES[number], name: after}))

    if after == before:
        assert report.failed is None
    elif name not in ("checkpoint.txt", "receipt.json"):
        assert report.failed is not None


@settings(max_examples=60)
@given(number=st.sampled_from(vectors.NUMBERS), data=st.data())
def test_files_that_are_missing_exchanged_or_strange_never_break_the_verifier(number, data):
    files = dict(FILES[number])
    for name in data.draw(st.lists(st.sampled_from(sorted(files)), max_size=4, unique=True)):
        other = data.draw(st.none() | st.sampled_from(sorted(FILES[1])))
        if other is None:
            del files[name]
        else:
            files[name] = FILES[1][other]
    known = Known(data.draw(st.sampled_from(["", "0" * 16])), data.draw(st.sampled_from(["", "0" * 16])))

    report = verify(Bundle(files), known)

    assert [step.number for step in report.steps] == list(range(1, 14))
    assert report.exit_code() in (0, 1)
