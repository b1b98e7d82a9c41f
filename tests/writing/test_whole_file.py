from pathlib import Path

import pytest

from anysound import OutputError
from anysound.writing import WholeFile


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_replaces_what_was_there_when_all_went_well(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.write_bytes(b"old")
    with WholeFile(output) as whole:
        whole.file.write(b"new")
        whole.file.flush()
        assert output.read_bytes() == b"old"
    assert output.read_bytes() == b"new"
    assert names_in(tmp_path) == ["out"]


def test_it_leaves_no_trace_when_something_went_wrong(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.write_bytes(b"old")
    whole = WholeFile(output)
    whole.file.write(b"new")
    whole.__exit__(KeyError, KeyError(), None)
    assert output.read_bytes() == b"old"
    assert names_in(tmp_path) == ["out"]


def test_a_link_goes_on_pointing_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "out"
    link.symlink_to("there/real")
    with WholeFile(link) as whole:
        whole.file.write(b"new")
    assert link.is_symlink()
    assert (tmp_path / "there" / "real").read_bytes() == b"new"


def test_a_folder_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="can't be written"):
        WholeFile(tmp_path / "no" / "out")


def test_a_finished_file_that_cannot_take_its_place_is_kept(tmp_path: Path) -> None:
    output = tmp_path / "out"
    whole = WholeFile(output)
    whole.file.write(b"all the work")
    output.mkdir()
    with pytest.raises(OutputError, match="It is kept as") as caught:
        whole.finish()
    assert str(whole.part) in str(caught.value)
    assert whole.part.read_bytes() == b"all the work"
