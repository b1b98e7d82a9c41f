import glob
from pathlib import Path

import pytest

from anysound.batch.pattern import Pattern, is_pattern

NAMES = ["a.wav", "b/a.wav", "b/b.mp3", "b/c/a.wav", "b/c/d/e.wav", "x[1].wav", "bb/a.wav"]
PATTERNS = ["*.wav", "*/*.wav", "**/*.wav", "b/**/*.wav", "**/c/*", "b/?.mp3", "x[[]1].wav", "n*"]


def matched(text: str, *, recursive: bool = False) -> list[str]:
    pattern = Pattern(Path(), text.split("/"), recursive=recursive)
    return [name for name in NAMES if pattern.matches(name)]


@pytest.mark.parametrize("text", PATTERNS)
def test_a_pattern_matches_what_the_shell_does(text: str, tmp_path: Path) -> None:
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    shell = glob.glob(text, root_dir=tmp_path, recursive=True)  # noqa: PTH207
    files = {name for name in shell if (tmp_path / name).is_file()}
    assert files <= set(matched(text))
    inside = {name for name in shell if (tmp_path / name).is_dir()}
    assert all(
        name in files or str(Path(name).parent) in inside for name in matched(text, recursive=False)
    )


def test_a_matched_folder_gives_what_is_in_it() -> None:
    assert matched("b", recursive=True) == ["b/a.wav", "b/b.mp3", "b/c/a.wav", "b/c/d/e.wav"]
    assert matched("b", recursive=False) == ["b/a.wav", "b/b.mp3"]
    assert matched("b?", recursive=True) == ["bb/a.wav"]


@pytest.mark.parametrize("recursive", [True, False])
@pytest.mark.parametrize("text", [*PATTERNS, "b", "**", "b/*", "*/c/**/e.wav"])
def test_no_folder_is_passed_by_that_holds_a_match(text: str, recursive: bool) -> None:
    pattern = Pattern(Path(), text.split("/"), recursive=recursive)
    for name in matched(text, recursive=recursive):
        parts = name.split("/")
        assert all(pattern.enters("/".join(parts[:end])) for end in range(1, len(parts)))


def test_folders_that_cannot_match_are_not_entered() -> None:
    pattern = Pattern(Path(), ["b*", "*.wav"], recursive=True)
    assert pattern.enters("bb")
    assert not pattern.enters("c")
    assert not pattern.enters("b/c")


def test_the_folder_is_what_comes_before_the_first_sign() -> None:
    assert Pattern.parse("/data/rec/2024-*/x/*.wav", recursive=True).folder == Path("/data/rec")
    assert Pattern.parse("*.wav", recursive=True).folder == Path()
    assert is_pattern("a[0-9].wav")
    assert not is_pattern("a.wav")


def test_a_pattern_of_urls() -> None:
    pattern = Pattern.parse("s3://bucket/rec/**/*.wav", recursive=True)
    assert pattern.folder == "s3://bucket/rec/"
    assert pattern.matches("b/c/a.wav")
    assert Pattern.parse("memory://re?/*.wav", recursive=True).folder == "memory://"
    assert not is_pattern("https://host/a.wav?signed=1")
    assert is_pattern("https://host/*.wav")
    assert is_pattern("s3://bucket/?.wav")
