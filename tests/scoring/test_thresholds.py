"""The file of thresholds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.errors import OutputError, UsageError
from anysound.scoring.thresholds import Thresholds, read_thresholds, write_thresholds


@given(
    st.builds(
        Thresholds,
        none_below=st.floats(-1, 1),
        ambiguous_within=st.floats(0, 1),
        model=st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
        revision=st.from_regex(r"[0-9a-f]{12}", fullmatch=True),
    )
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, thresholds: Thresholds
) -> None:
    path = tmp_path_factory.getbasetemp() / "阈值.yaml"
    write_thresholds(path, thresholds)
    assert read_thresholds(path) == thresholds


def test_what_a_person_writes(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(b"\xef\xbb\xbfnone_below: 0\nambiguous_within: 0.5\n")
    assert read_thresholds(path) == Thresholds(0.0, 0.5, "", "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[1, 2]",
        b"none_below: 0.2",
        b"none_below: x\nambiguous_within: 0.1",
        b"none_below: true\nambiguous_within: 0.1",
        b"none_below: .nan\nambiguous_within: 0.1",
        b"none_below: 2\nambiguous_within: 0.1",
        b"none_below: 0.2\nambiguous_within: -0.1",
        b"none_below: [",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_thresholds_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_thresholds(path)
    assert str(path) in str(caught.value)
    with pytest.raises(UsageError):
        read_thresholds(tmp_path)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "x.yaml", Path()):
        with pytest.raises(OutputError):
            write_thresholds(path, Thresholds(0.1, 0.1, "m", "r"))
    assert list(tmp_path.iterdir()) == []
