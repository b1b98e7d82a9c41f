import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("sentencepiece")

from anysound.errors import MissingExtraError, ModelError
from anysound.models.marian.config import MarianConfig
from anysound.models.marian.tokenizer import MarianTokenizer
from tests.models.marian.making import vocabulary, write_texts


def load(folder: Path) -> MarianTokenizer:
    return MarianTokenizer.load(folder, MarianConfig.read(folder))


def test_a_text_comes_back(tmp_path: Path) -> None:
    write_texts(tmp_path)
    tokenizer = load(tmp_path)
    ids = tokenizer.encode("  狗叫  的声音 ")
    assert ids[-1] == 0
    assert ids.count(0) == 1
    assert tokenizer.decode(ids) == "狗叫 的声音"
    assert tokenizer.encode("") == [0]
    assert tokenizer.decode([0, vocabulary()["<pad>"], 1, 99_999]) == ""


@pytest.mark.parametrize("text", ["</s>", "狗</s>叫", "<pad>", "<unk>", ">>eng<<", "\0", "龘"])
def test_no_text_spells_a_special_token(tmp_path: Path, text: str) -> None:
    write_texts(tmp_path)
    ids = load(tmp_path).encode(text)
    assert 0 not in ids[:-1]
    assert vocabulary()["<pad>"] not in ids


@pytest.mark.parametrize("text", ["叫" * 200, "叫" * 3000, "叫" * 10**7], ids=len)
def test_a_text_that_is_too_long_is_refused(tmp_path: Path, text: str) -> None:
    write_texts(tmp_path)
    with pytest.raises(ModelError, match="too long") as caught:
        load(tmp_path).encode(text)
    assert len(str(caught.value)) < 500


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    write_texts(tmp_path)
    with pytest.raises(ModelError, match="surrogate"):
        load(tmp_path).encode("狗\ud800")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("source.spm", b""),
        ("source.spm", b"no model of SentencePiece"),
        ("vocab.json", b"{"),
        ("vocab.json", b"[]"),
        ("vocab.json", b"[" * 100_000),
        ("vocab.json", json.dumps({"</s>": 0, "<unk>": 1, "a": 10**6}).encode()),
        ("vocab.json", json.dumps({"</s>": 0, "<unk>": 1, "a": 1}).encode()),
        ("vocab.json", json.dumps({"</s>": 0, "<unk>": 1, "a": "2"}).encode()),
        ("vocab.json", json.dumps({"</s>": 0, "<unk>": 1, "a": [2]}).encode()),
        ("vocab.json", json.dumps({"</s>": 2, "<unk>": 1, "a": 0}).encode()),
        ("vocab.json", json.dumps({"</s>": 0, "a": 1}).encode()),
    ],
)
def test_files_that_are_none_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    write_texts(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        load(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write_texts(tmp_path)
    (tmp_path / "source.spm").unlink()
    with pytest.raises(ModelError, match=r"source\.spm"):
        load(tmp_path)


def test_without_sentencepiece_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_texts(tmp_path)
    config = MarianConfig.read(tmp_path)
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(MissingExtraError, match=r'pip install "anysound\[translate\]"'):
        MarianTokenizer.load(tmp_path, config)
