import json
import os
from dataclasses import fields, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anysound.batch import Row
from anysound.language import Text
from anysound.results import Classification, Score

names = st.text(st.characters(exclude_categories=["Cs"])) | st.binary().map(os.fsdecode)
seconds = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.none() | seconds
rows = st.builds(
    Row,
    recording=names,
    label=names,
    probability=numbers,
    verdict=st.sampled_from([None, "match", "ambiguous", "none"]),
    runner_up=names,
    runner_up_probability=numbers,
    margin=numbers,
    duration=numbers,
    warned=st.booleans(),
    error=st.none() | st.builds(Text, names, names),
    heard_as=st.lists(names).map(tuple),
    telling=st.none() | st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)),
)


def answer(telling: tuple[float, float] | None) -> Classification:
    return Classification(
        *("a.wav", 25.0, "model", "1", "fp32", "match", "dog", 0.75, 0.5, 0.2),
        scores=(Score("dog", 0.75, 0.4, ("a bark",)), Score("rain", 0.25, 0.1, ("rain",))),
        analysed=((0.0, 25.0),),
        telling=telling,
    )


@given(rows)
@example(Row(os.fsdecode(b"\xed\xa0\x80 \xff\xfe.wav"), probability=-0.0, margin=5e-324))
@example(Row("a.wav", error=Text("", ""), telling=(0.0, 0.0)))
def test_a_row_comes_out_of_json_as_it_went_in(row: Row) -> None:
    ascii_only = json.dumps(row.to_dict(), allow_nan=False)
    assert repr(Row.from_dict(json.loads(ascii_only))) == repr(row)  # tells -0.0 from 0.0
    in_utf8 = json.dumps(row.to_dict(), ensure_ascii=False).encode(errors="backslashreplace")
    assert Row.from_dict(json.loads(in_utf8)) == row
    assert Row.from_dict(row.to_dict()) == row


def test_every_field_goes_into_json() -> None:
    kept = Row("a.wav", error=Text(en="empty", zh="空")).to_dict()
    assert list(kept) == [field.name for field in fields(Row)]
    assert kept["error"] == {"en": "empty", "zh": "空"}


@pytest.mark.parametrize("change", [{"louder": 1}, {"recording": None}, {"error": None}])
def test_fields_of_another_kind_of_row_are_refused(change: dict[str, int | None]) -> None:
    given = Row("a.wav").to_dict()
    for name, value in change.items():
        given.pop(name) if value is None else given.update({name: value})
    with pytest.raises((TypeError, KeyError)):
        Row.from_dict(given)


def test_the_telling_window_is_in_the_row() -> None:
    row = Row.of("b/a.wav", answer((10.0, 20.0)))
    assert (row.recording, row.label, row.runner_up) == ("b/a.wav", "dog", "rain")
    assert row.heard_as == ("a bark",)
    assert row.telling == (10.0, 20.0)
    assert Row.of("b/a.wav", answer(None)) == replace(row, telling=None)
