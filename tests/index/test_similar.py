"""Groups of recordings that hold nearly the same sound."""

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from anysound.errors import OutputError, UsageError
from anysound.index import Compared, Index, groups_file, similar, write_groups
from anysound.index.description import StoredModel
from anysound.index.hearing import checksum
from anysound.index.store import Store, StoredRecording, StoredWindows
from tests.fakes import RATE, tone, wav_file
from tests.index.making import add


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Recordings of which two are alike, two the same, and some only look so."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    sound = np.concatenate([tone(250, 3), tone(4000, 3), tone(1000, 1.3)])
    for name, waveform in {
        "a.wav": sound,
        "b quieter.wav": 0.1 * sound,
        "b cut.wav": sound[RATE // 5 :],
        "first half.wav": sound[: len(sound) // 2],
        "twice.wav": np.tile(sound, 2),
        "more.wav": np.concatenate([sound, tone(125, 1.5)]),
        "other.wav": tone(2000, 7.3),
        "silence.wav": np.zeros(5 * RATE, np.float32),
        "silence too.wav": np.zeros(5 * RATE + 1, np.float32),
    }.items():
        (folder / name).write_bytes(wav_file(waveform))
    for name, like in {"z.wav": "other.wav", "silence again.wav": "silence.wav"}.items():
        (folder / name).write_bytes((folder / like).read_bytes())
    return folder


def names(compared: Compared) -> list[list[str]]:
    return [[Path(each.recording).name for each in group] for group in compared.groups]


def test_what_is_alike_and_what_only_looks_so(folder: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    add(index, folder)
    done: list[tuple[int, int]] = []
    compared = index.similar(on_compared=lambda *each: done.append(each))
    assert names(compared) == [
        ["a.wav", "b cut.wav", "b quieter.wav"],
        ["other.wav", "z.wav"],
        ["silence again.wav", "silence.wav"],
    ]
    alike, same, silent = compared.groups
    assert [each.same_bytes for each in (*alike, *same, *silent)] == [False] * 3 + [True] * 4
    assert [each.similarity for each in (*same, *silent)] == [1.0] * 4
    assert alike[0].similarity == alike[2].similarity > 0.999 > alike[1].similarity > 0.97
    assert alike[1].duration == pytest.approx(7.1)
    assert (compared.recordings, compared.silent, compared.at_least) == (11, 3, 0.95)
    assert done == [(7, 7)]
    assert names(index.similar(0.9999)) == [["a.wav", "b quieter.wav"], *names(compared)[1:]]
    index.remove([str(folder)])
    assert index.similar().groups == ()


def made(folder: Path, seed: int, backwards: bool = False) -> tuple[Store, list[StoredWindows]]:
    """Make an index of sounds of one to nine windows, many of them nearly alike."""
    random = np.random.default_rng(seed)
    kinds = random.standard_normal((6, 9, 16))
    sounds, recordings = [], []
    for number in range(40):
        count = int(random.integers(1, 10))
        kind = kinds[random.integers(6), :count]
        values = kind + random.choice([0.02, 0.3, 1.0]) * random.standard_normal(kind.shape)
        values = (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float16)
        spans = np.stack([np.arange(count), np.arange(count) + 2], axis=1).astype(float)
        name = f"{number:040x}"
        sounds.append(StoredWindows(name, spans, values))
        facts = (float(count + 1), False, count, checksum(values), ())
        recordings.append(StoredRecording(f"/{number:02d}.wav", "", name, *facts))
    store = Store(folder)
    store.create(StoredModel("made", "0", "fp32", 16, 2.0, 2.0, 1.0))
    step = -1 if backwards else 1
    with store.change() as tables:
        tables.add(recordings[::step], sounds[::step])
    return store, sounds


def one_by_one(sounds: list[StoredWindows], at_least: float) -> set[frozenset[int]]:
    """Group them the plain way."""
    group = {number: {number} for number in range(len(sounds))}
    for one, other in combinations(range(len(sounds)), 2):
        first, second = (sounds[each].embeddings.astype(float) for each in (one, other))
        shorter, longer = sorted((len(first) + 1, len(second) + 1))
        products = first @ second.T
        products /= np.outer(np.linalg.norm(first, axis=1), np.linalg.norm(second, axis=1))
        similarity = min(products.max(axis=1).mean(), products.max(axis=0).mean())
        if shorter >= 0.8 * longer and similarity >= at_least:
            joined = group[one] | group[other]
            group.update(dict.fromkeys(joined, joined))
    return {frozenset(each) for each in group.values() if len(each) > 1}


@pytest.mark.parametrize("at_least", [0.6, 0.9, 0.97, 0.9995])
@pytest.mark.parametrize("windows", [4, 4096])
def test_blocks_find_what_comparing_one_by_one_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windows: int, at_least: float
) -> None:
    monkeypatch.setattr(similar, "_WINDOWS", windows)
    monkeypatch.setattr(similar, "_PRODUCTS", 7 * windows)
    store, sounds = made(tmp_path / "index", seed=3)
    found = similar.find_similar(store.open(), at_least)
    expected = one_by_one(sounds, at_least)
    assert {frozenset(int(name[:2]) for name in group) for group in names(found)} == expected
    assert expected or at_least > 0.99
    assert [group[0].recording for group in found.groups] == sorted(
        min(each.recording for each in group) for group in found.groups
    )


def test_the_order_of_adding_changes_nothing(tmp_path: Path) -> None:
    forth, _ = made(tmp_path / "forth", seed=1)
    back, _ = made(tmp_path / "back", seed=1, backwards=True)
    found = similar.find_similar(forth.open(), 0.9)
    assert found.groups
    assert found == similar.find_similar(back.open(), 0.9)


@pytest.mark.parametrize("at_least", [0.0, -1.0, 1.01, float("nan")])
def test_no_such_similarity(tmp_path: Path, at_least: float) -> None:
    made(tmp_path / "index", seed=1)
    with pytest.raises(UsageError, match="must be above 0"):
        Index(tmp_path / "index").similar(at_least)


def test_groups_as_a_table(folder: Path, tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    add(index, folder)
    output = tmp_path / "groups.csv"
    with groups_file(output) as whole:
        write_groups(index.similar(), whole)
    assert output.read_bytes().startswith(b"\xef\xbb\xbfgroup,recording,")
    with output.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["group"] for row in rows] == ["1"] * 3 + ["2"] * 2 + ["3"] * 2
    assert rows[0]["recording"] == str(folder / "a.wav")
    assert (rows[0]["duration"], rows[0]["same_bytes"], rows[3]["same_bytes"]) == (
        *("7.300", "no", "yes"),
    )
    assert rows[3]["similarity"] == "1.00000"
    with pytest.raises(UsageError, match=r"\.csv"):
        groups_file(tmp_path / "groups.xlsx")
    with pytest.raises(OutputError):
        groups_file(tmp_path / "nowhere" / "groups.csv")
