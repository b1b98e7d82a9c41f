import os
from pathlib import Path

import pytest

from anysound import UsageError
from anysound.batch.walk import find_recordings
from anysound.language import use


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_finds_recordings_by_extension_in_all_folders(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.MP3", "b/1.wav", "a.m4a", "b-c/x.Opus", "子/视频.mp4")
    touch(tmp_path, "notes.txt", "b/wav", "b/cover.jpg", "README")
    found = find_recordings(tmp_path)
    assert found.names == ("a.m4a", "b/1.wav", "b/2.MP3", "b-c/x.Opus", "子/视频.mp4")
    assert (found.other_files, found.linked_folders) == (4, 0)


def test_leaves_out_what_is_hidden(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "._a.wav", ".trash/b.wav", "c/.d.wav")
    found = find_recordings(tmp_path)
    assert found.names == ("a.wav",)
    assert found.other_files == 0


def test_a_folder_called_like_a_recording_is_a_folder(tmp_path: Path) -> None:
    touch(tmp_path, "x.wav/inside.wav")
    assert find_recordings(tmp_path).names == ("x.wav/inside.wav",)


def test_links_to_files_are_kept_and_linked_folders_counted(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "sub/b.wav")
    (tmp_path / "again.wav").symlink_to(tmp_path / "a.wav")
    (tmp_path / "dangling.wav").symlink_to(tmp_path / "gone.wav")
    (tmp_path / "sub/up").symlink_to(tmp_path)
    (tmp_path / "self.wav").symlink_to(tmp_path / "self.wav")
    found = find_recordings(tmp_path)
    assert found.names == ("a.wav", "again.wav", "dangling.wav", "self.wav", "sub/b.wav")
    assert found.linked_folders == 1


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    touch(tmp_path, "real/a.wav")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert find_recordings(tmp_path / "link").names == ("a.wav",)


def test_deep_folders_are_no_trouble(tmp_path: Path) -> None:
    deep = "d/" * 300 + "a.wav"
    touch(tmp_path, deep)
    assert find_recordings(tmp_path).names == (deep,)


def test_a_folder_that_cannot_be_looked_into_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a.wav", "locked/b.wav")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("anysound.batch.walk.os.scandir", refuse)
    found = find_recordings(tmp_path)
    assert found.names == ("a.wav", "locked/")
    assert "Permission denied" in found.unreadable["locked/"].en


@pytest.mark.parametrize("name", ["nowhere", "file.wav", "nul\0"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.wav").touch()
    with pytest.raises(UsageError, match="Check the path"), use("en"):
        find_recordings(tmp_path / name)
