import io
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from anysound import RecordingError, UsageError
from anysound.batch import Found, SourceOptions, find_sources
from anysound.language import use


def touch(*names: str) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    touch("rec/a.wav", "rec/b/2.mp3", "rec/b/1.wav", "rec/notes.txt", "other/x.wav", "loose.dat")


def find(sources: Sequence[str], options: SourceOptions | None = None) -> Found:
    return find_sources(sources, options or SourceOptions())


def names(*sources: str, options: SourceOptions | None = None) -> list[str]:
    return list(find(sources, options).names)


def test_one_folder_gives_names_below_it() -> None:
    found = find(["rec"])
    assert list(found.names) == ["a.wav", "b/1.wav", "b/2.mp3"]
    assert found.root / "b/1.wav" == Path("rec/b/1.wav")
    assert found.other_files == 1


def test_several_sources_give_paths_in_their_order() -> None:
    assert names("other", "rec/") == ["other/x.wav", "rec/a.wav", "rec/b/1.wav", "rec/b/2.mp3"]
    assert names("rec/a.wav") == ["rec/a.wav"]


def test_a_file_is_taken_as_it_is() -> None:
    assert names("loose.dat", "rec/b") == ["loose.dat", "rec/b/1.wav", "rec/b/2.mp3"]


def test_an_absolute_source_gives_absolute_names(tmp_path: Path) -> None:
    found = find([str(tmp_path / "other"), str(tmp_path / "rec/*.wav")])
    first, second = found.names
    assert (first, second) == (f"{tmp_path}/other/x.wav", f"{tmp_path}/rec/a.wav")
    assert found.root / first == tmp_path / "other/x.wav"


def test_what_is_found_twice_is_there_once(tmp_path: Path) -> None:
    Path("way").symlink_to("rec")
    Path("again.wav").symlink_to("rec/a.wav")
    assert names("rec", "./rec/a.wav", f"{tmp_path}/rec/a.wav", "way/a.wav", "rec/*.wav") == [
        "rec/a.wav",
        "rec/b/1.wav",
        "rec/b/2.mp3",
    ]
    assert names("again.wav", "./again.wav", "rec/a.wav") == ["again.wav", "rec/a.wav"]


def test_patterns() -> None:
    assert names("rec/**/*.wav") == ["rec/a.wav", "rec/b/1.wav"]
    assert names("*/*.wav") == ["other/x.wav", "rec/a.wav"]
    assert names("re*") == ["rec/a.wav", "rec/b/1.wav", "rec/b/2.mp3"]
    assert names("re*", options=SourceOptions(recursive=False)) == ["rec/a.wav"]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file() -> None:
    touch("rec/take [1].wav", "rec/take 1.wav")
    assert names("rec/take [1].wav") == ["rec/take [1].wav"]
    assert names("rec/take [[]1].wav") == ["rec/take [1].wav"]


def test_a_listed_name_is_never_a_pattern_and_never_missed() -> None:
    touch("rec/take [1].wav")
    Path("list.txt").write_text("rec/take [1].wav\nrec/take [2].wav\nnowhere/[x].wav\n")
    assert names("@list.txt") == ["rec/take [1].wav", "rec/take [2].wav", "nowhere/[x].wav"]


def test_two_dots_behind_a_link_lead_where_the_system_says() -> None:
    touch("else/x.wav", "else/deep/list.txt")
    Path("lists").symlink_to("else/deep")
    Path("lists/list.txt").write_text("../x.wav")
    found = find(["@lists/list.txt"])
    assert all((found.root / name).is_file() for name in found.names)


def test_a_matched_folder_that_cannot_be_looked_into_is_a_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("anysound.batch.walk.os.scandir", refuse)
    found = find(["rec/**/*.wav"])
    assert list(found.names) == ["rec/a.wav", "rec/b/"]
    assert "Permission denied" in found.unreadable["rec/b/"].en


def test_linked_folders_are_never_entered() -> None:
    Path("rec/b/up").symlink_to(Path("rec").absolute())
    Path("rec/b/self").symlink_to("self")
    found = find(["rec/**/*.wav"])
    assert list(found.names) == ["rec/a.wav", "rec/b/1.wav"]
    assert found.linked_folders == 1


def test_not_recursive() -> None:
    assert names("rec", options=SourceOptions(recursive=False)) == ["a.wav"]


def test_include_and_exclude() -> None:
    assert names("rec", options=SourceOptions(include=("b/*",))) == ["b/1.wav", "b/2.mp3"]
    assert names("rec", options=SourceOptions(exclude=("1.wav",))) == ["a.wav", "b/2.mp3"]
    assert names("rec", "other", options=SourceOptions(exclude=("b/*",))) == [
        "rec/a.wav",
        "other/x.wav",
    ]
    both = SourceOptions(include=("*.wav", "*.mp3"), exclude=("*1*", "a*"))
    found = find(["rec"], both)
    assert (list(found.names), found.left_out) == (["b/2.mp3"], 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_relative_to_its_folder(encoding: str, end: str) -> None:
    touch("rec/狗 叫.wav")
    lines = ["# 星期一", "", "狗 叫.wav", "  b/1.wav ", "gone.wav", "../other"]
    Path("rec/list.txt").write_bytes(end.join(lines).encode(encoding))
    assert names("@rec/list.txt") == [
        "rec/狗 叫.wav",
        "rec/b/1.wav",
        "rec/gone.wav",
        "rec/../other/x.wav",
    ]


def listed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> Found:
    stdin = SimpleNamespace(buffer=io.BytesIO(content), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stdin)
    return find(["-"])


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    found = listed(monkeypatch, b"rec/a.wav\n./rec/b\ngone.wav\n@rec\n")
    assert list(found.names) == [
        *("rec/a.wav", "rec/b/1.wav", "rec/b/2.mp3", "gone.wav", "@rec"),
    ]
    with pytest.raises(RecordingError, match="-: no recording"), use("en"):
        listed(monkeypatch, b"")


def test_names_of_any_bytes_between_nul(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = b"rec/caf\xe9 \n 1.wav"
    Path(os.fsdecode(odd)).write_bytes(b"sound")
    found = listed(monkeypatch, odd + b"\0rec/a.wav\0#1.wav\0")
    first, *others = found.names
    assert (first, others) == (os.fsdecode(odd), ["rec/a.wav", "#1.wav"])
    assert (found.root / first).read_bytes() == b"sound"
    assert os.fsdecode(odd)[4:] in find(["rec"]).names


def test_sources_with_nothing_in_them_are_named() -> None:
    assert find(["rec", "rec/*.ogg"]).empty == ["rec/*.ogg"]


@pytest.mark.parametrize("source", ["nowhere", "nul\0", "@nowhere.txt", "@rec", "nowhere/*.wav"])
def test_a_source_that_is_not_there_is_refused(source: str) -> None:
    with pytest.raises(UsageError, match="Check the path"), use("en"):
        find(["rec", source])


def test_what_is_no_list_is_refused() -> None:
    Path("noise.txt").write_bytes(bytes(range(1, 256)))
    with pytest.raises(UsageError, match="a list of recordings is text"), use("en"):
        find(["@noise.txt"])


@pytest.mark.slow
def test_a_hundred_thousand_files(tmp_path: Path) -> None:
    for folder in range(100):
        (tmp_path / f"many/{folder}").mkdir(parents=True)
        for number in range(1000):
            (tmp_path / f"many/{folder}/{number:04}.wav").touch()
    begun = time.process_time()  # whatever else the machine does
    assert len(names("many")) == 100_000
    assert len(names("many", "many/**/*.wav", "@" + list_of(tmp_path))) == 100_000
    assert time.process_time() - begun < 30


def list_of(tmp_path: Path) -> str:
    path = tmp_path / "list.txt"
    path.write_text("\n".join(f"many/{name}" for name in names("many")))
    return str(path)


def test_a_source_that_is_empty_is_shown_as_such() -> None:
    with pytest.raises(UsageError, match=r"^'': there is no such file or folder"):
        find_sources([""], SourceOptions())
