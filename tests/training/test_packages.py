"""What models are asked about is never trained on."""

from pathlib import Path

import pytest
from training.packages import _unpack_catalogue, asked_about, packages
from training.variants import EVALUATION


def test_no_package_that_models_are_asked_about_is_trained_on() -> None:
    assert len(asked_about()) > 30
    assert asked_about().isdisjoint(packages())


@pytest.mark.parametrize("entry", EVALUATION["elsewhere"], ids=lambda entry: entry["en"][0])
def test_each_kind_of_sound_is_one_of_five_labels(entry: dict[str, list[str]]) -> None:
    assert len(set(entry["en"])) == len(set(entry["zh"])) == 5
    assert entry["recordings"]


def test_the_sounds_of_a_catalogue_are_unpacked_by_their_numbers(tmp_path: Path) -> None:
    """Each has a name before it and remarks behind it; the highest bit of the first is a flag."""
    wavs = [b"RIFF" + len(body).to_bytes(4, "little") + body for body in (b"WAVE-one", b"WAVE-2")]
    entries = [b"\x05name\0" + wavs[0] + b"\x07remark\0", b"\x00" + wavs[1] + b"\x01\0"]
    places = [16, 16 + len(entries[0])]
    index = b"".join(
        place.to_bytes(4, "little") + len(entry).to_bytes(4, "little")
        for place, entry in zip((places[0] | 0x80000000, places[1]), entries, strict=True)
    )
    archive = tmp_path / "sounds.cat"
    archive.write_bytes(index + b"".join(entries))
    _unpack_catalogue(archive, tmp_path / "sounds")
    written = sorted((tmp_path / "sounds").iterdir())
    assert [path.name for path in written] == ["00.wav", "01.wav"]
    assert [path.read_bytes() for path in written] == wavs
