import csv
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anysound import OutputError
from anysound.batch import Row
from anysound.batch.tables.csv_table import CsvTable as Table
from anysound.language import Text, use
from anysound.writing import disarmed
from tests.batch.making import names_in

ROW = Row(
    *("b/狗.wav", "狗叫", 0.9234567891, "match", "rain", 1.23456789e-7, 0.5, 12.3456),
    heard_as=("dog barking", "a bark"),
    telling=(2.5, 7.5),
)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_csv_contract(tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    with Table(output) as table, use("en"):
        table.add(ROW)
        table.add(Row("bad.wav", error=Text("bad.wav: empty", "bad.wav：空")))
    assert (
        output.read_bytes()
        == (
            "\ufeff"
            "recording,label,probability,verdict,runner_up,runner_up_probability,"
            "margin,duration,error,heard_as,telling_start,telling_end\r\n"
            "b/狗.wav,狗叫,0.923457,match,rain,1.23457e-07,0.5,12.346,,dog barking | a bark,"
            "2.500,7.500\r\n"
            "bad.wav,,,,,,,,bad.wav: empty,,,\r\n"
        ).encode()
    )
    assert names_in(tmp_path) == ["out.csv"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
arming = st.text("='+-@\t\r\n ＝＋－＠a", max_size=6)


@given(texts | arming)
@example("'=1")
@example("  =1")
def test_no_text_is_a_formula_and_each_can_be_had_back(text: str) -> None:
    cell = disarmed(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r", "\n"))
    undone = cell[1:] if cell.startswith("'") and disarmed(cell[1:]) != cell[1:] else cell
    assert undone == text


def test_a_path_that_looks_like_a_formula_still_opens(tmp_path: Path) -> None:
    (tmp_path / "-10 dB.wav").write_bytes(b"sound")
    with Table(tmp_path / "out.csv") as table:
        table.add(Row("-10 dB.wav", "=1+1"))
    (row,) = read(tmp_path / "out.csv")
    assert (row["recording"], row["label"]) == ("./-10 dB.wav", "'=1+1")
    assert (tmp_path / row["recording"]).read_bytes() == b"sound"


def test_a_name_that_is_no_unicode_is_written_so_that_it_can_be_read(tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    with Table(output) as table:
        table.add(Row(os.fsdecode(b"caf\xe9.wav")))
    assert read(output)[0]["recording"] == "caf\\udce9.wav"


def test_an_older_table_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    output.write_text("old")
    with suppress(KeyboardInterrupt), Table(output) as table:
        table.add(ROW)
        raise KeyboardInterrupt
    assert output.read_text() == "old"
    assert names_in(tmp_path) == ["out.csv"]
    with Table(output) as table:
        table.add(ROW)
        assert output.read_text() == "old"
    assert read(output)[0]["label"] == "狗叫"


def test_a_linked_output_goes_on_being_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out.csv").symlink_to(tmp_path / "elsewhere/real.csv")
    with Table(tmp_path / "out.csv"):
        pass
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "elsewhere/real.csv").is_file()


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    output = tmp_path / ("n" * 251 + ".csv")
    with Table(output):
        pass
    assert output.is_file()


def test_the_table_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with Table(tmp_path / "out.csv"):
        pass
    assert (tmp_path / "out.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("name", ["missing/out.csv", "folder.csv", "file/out.csv", "nul\0.csv"])
def test_an_impossible_output_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="can't be written"), use("en"):
        Table(tmp_path / name)
    assert names_in(tmp_path) == ["file", "folder.csv"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError):
        Table(tmp_path / "out.csv")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    table = Table(tmp_path / "out.csv")
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, table._whole.file.fileno())
    os.close(full)
    with pytest.raises(OutputError, match="No space left"), table:
        table.add(ROW)
    assert names_in(tmp_path) == []


def test_a_table_that_cannot_take_its_place_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Any:
        raise PermissionError(13, "open in another program")

    monkeypatch.setattr(Path, "replace", refuse)
    with (
        pytest.raises(OutputError, match="kept as") as caught,
        Table(tmp_path / "out.csv") as table,
    ):
        table.add(ROW)
    (kept,) = tmp_path.iterdir()
    assert str(kept) in str(caught.value)
    assert read(kept)[0]["label"] == "狗叫"
