import os
from pathlib import Path

import pytest

from anysound import OutputError, UsageError
from anysound.batch import journal as module
from anysound.batch.journal import Journal
from anysound.language import use
from tests.batch.making import names_in

KEYS = [f"{number}.wav" for number in range(9)]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.csv"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".out.csv.journal"


def write(output: Path, keys: list[str], settings: str = "mine") -> None:
    with Journal(output, settings) as journal:
        for key in keys:
            journal.add(key, {"of": key})


def known(output: Path, settings: str = "mine") -> list[str]:
    with Journal(output, settings) as journal:
        kept = {key: journal.get(key) for key in KEYS}
        assert all(entry == {"of": key} for key, entry in kept.items() if entry)
        found = [key for key, entry in kept.items() if entry]
        assert len(journal) >= len(found)
        return found


def test_what_is_added_is_there_in_the_next_run(output: Path, tmp_path: Path) -> None:
    write(output, KEYS[:2])
    write(output, KEYS[2:3])
    assert known(output) == KEYS[:3]
    assert names_in(tmp_path) == [".out.csv.journal"]


def test_an_entry_is_with_the_system_at_once(output: Path, path: Path) -> None:
    with Journal(output, "mine") as journal:
        journal.add(KEYS[0], {"of": KEYS[0]})
        assert path.read_bytes().count(b"\n") == 2
        assert journal.get(KEYS[0]) == {"of": KEYS[0]}


def test_the_later_entry_counts(output: Path) -> None:
    write(output, KEYS[:1])
    with Journal(output, "mine") as journal:
        journal.add(KEYS[0], {"of": "later"})
    with Journal(output, "mine") as journal:
        assert journal.get(KEYS[0]) == {"of": "later"}


@pytest.mark.parametrize("torn", [1, 5, 40])
def test_a_torn_last_line_is_dropped_and_gone_on_behind(
    output: Path, path: Path, torn: int
) -> None:
    write(output, KEYS[:3])
    path.write_bytes(path.read_bytes()[:-torn])
    whole = KEYS[:3] if torn == 1 else KEYS[:2]  # all but the end of the line is there
    assert known(output) == whole
    write(output, KEYS[3:4])
    assert known(output) == [*whole, KEYS[3]]


def test_zeros_after_a_loss_of_power_are_passed_over(output: Path, path: Path) -> None:
    write(output, KEYS[:2])
    with path.open("ab") as file:
        file.write(b"\0" * 5000 + b"\n00000000 \n00000000\n\n")
    write(output, KEYS[2:3])
    assert known(output) == KEYS[:3]


def test_a_damaged_byte_costs_its_line_and_no_other(output: Path, path: Path) -> None:
    write(output, KEYS[:4])
    whole = path.read_bytes()
    for place in range(whole.index(b"\n") + 1, len(whole), 5):
        damaged = bytearray(whole)
        damaged[place] ^= 0x15
        path.write_bytes(damaged)
        is_end = whole[place : place + 1] == b"\n"
        assert len(known(output)) == (2 if is_end and place < len(whole) - 1 else 3)


@pytest.mark.parametrize("head", [b"", b"no journal at all", b"\xff" * 99])
def test_what_is_no_journal_is_not_believed(output: Path, path: Path, head: bytes) -> None:
    write(output, KEYS[:2])
    path.write_bytes(head + path.read_bytes()[10:])
    with Journal(output, "mine") as journal:
        assert (journal.restarted, len(journal)) == (True, 0)
        journal.add(KEYS[5], {"of": KEYS[5]})
    assert known(output) == [KEYS[5]]


def test_another_version_is_not_believed(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(output, KEYS[:2])
    monkeypatch.setattr(module, "_VERSION", 2)
    assert known(output) == []


def test_other_settings_cost_nothing_until_something_is_finished(output: Path) -> None:
    write(output, KEYS[:2])
    with Journal(output, "mistaken") as journal:
        assert (journal.restarted, journal.get(KEYS[0])) == (True, None)
    assert known(output) == KEYS[:2]
    write(output, KEYS[3:4], "others")
    assert known(output, "others") == [KEYS[3]]
    assert known(output) == []


def test_without_resuming_nothing_is_believed(output: Path) -> None:
    write(output, KEYS[:2])
    with Journal(output, "mine", resume=False) as journal:
        assert (journal.restarted, journal.get(KEYS[0])) == (False, None)
        journal.add(KEYS[4], {"of": KEYS[4]})
        assert journal.get(KEYS[4]) == {"of": KEYS[4]}
    assert known(output) == [KEYS[4]]


def test_a_second_batch_is_refused_while_the_first_one_goes_on(output: Path) -> None:
    with (
        Journal(output, "mine"),
        pytest.raises(UsageError, match="another batch"),
        use("en"),
    ):
        Journal(output, "mine")
    write(output, KEYS[:1])


def test_a_link_to_the_output_is_the_same_output(output: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(output)
    with Journal(output, "mine"), pytest.raises(UsageError):
        Journal(tmp_path / "link.csv", "mine")


def test_nothing_is_left_where_nothing_is_finished(output: Path, tmp_path: Path) -> None:
    write(output, [])
    assert names_in(tmp_path) == []


def test_a_worker_that_is_late_does_no_harm(output: Path) -> None:
    write(output, KEYS[:1])
    with Journal(output, "mine") as journal:
        pass
    journal.add(KEYS[1], {"of": KEYS[1]})
    assert journal.get(KEYS[0]) is None
    assert known(output) == KEYS[:1]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_ends_the_batch_and_costs_nothing_that_was_kept(output: Path) -> None:
    with Journal(output, "mine") as journal:
        journal.add(KEYS[0], {"of": KEYS[0]})
        file = os.dup(journal._file)
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, journal._file)
        with pytest.raises(OutputError), use("en"):
            journal.add(KEYS[1], {"of": KEYS[1]})
        with pytest.raises(OutputError):
            journal.get(KEYS[2])
        os.dup2(file, journal._file)
        os.close(file)
        os.close(full)
    write(output, KEYS[3:4])
    assert known(output) == [KEYS[0], KEYS[3]]


def test_a_line_that_was_half_written_is_taken_back(
    output: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_some = os.write
    with Journal(output, "mine") as journal:
        journal.add(KEYS[0], {"of": KEYS[0]})
        size = path.stat().st_size

        def nearly_full(file: int, content: bytes) -> int:
            room = size + 20 - os.fstat(file).st_size
            if room <= 0:
                raise OSError(28, "No space left on device")
            return write_some(file, content[:room])

        with monkeypatch.context() as patch:
            patch.setattr(module.os, "write", nearly_full)
            with pytest.raises(OutputError, match="No space left"):
                journal.add(KEYS[1], {"of": KEYS[1]})
        assert path.stat().st_size == size


@pytest.mark.parametrize("name", ["nowhere/out.csv", "file/out.csv"])
def test_a_place_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Check that the folder"), use("en"):
        Journal(tmp_path / name, "mine")
    assert names_in(tmp_path) == ["file"]


def test_a_folder_in_its_place_is_refused(output: Path, path: Path) -> None:
    path.mkdir()
    with pytest.raises(OutputError, match=r"\.out\.csv\.journal"):
        Journal(output, "mine")
