import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.random_tokenizer import write_tokenizer

from anysound.errors import ModelError
from anysound.language import use
from anysound.models.clap.tokenizer import ClapTokenizer

LONGEST = 512
SIZE = 2000

TEXTS = [
    "",
    " ",
    "This is a sound of dog barking.",
    "This is a sound of 狗叫声，远处有雨声.",
    "  two  spaces \t tab \n line\r\n  ",
    "🐕‍🦺 barks 🔊 at the 👩🏽‍🚒",
    "it's, we'll; they'd -- 3.14 + 1,000 = ?",
    "control \x00 \x07 \x1b[31m \x7f \u200b \ufeff \u2028 end",
    "café, cafe\u0301, ﬁre, Ａ, ß, İ",
    "<s> <pad> </s> <unk>   <mask> after<mask>x < s>",
    "\u00a0\u3000no-break\u00a0space",
]

_characters = st.characters(exclude_categories=["Cs"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer(path, SIZE)
    return path


@pytest.fixture(scope="module")
def parts_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without tokenizer.json."""
    path = tmp_path_factory.mktemp("parts") / "tokenizer"
    shutil.copytree(folder, path, ignore=shutil.ignore_patterns("tokenizer.json"))
    return path


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> ClapTokenizer:
    return ClapTokenizer.load(folder, LONGEST)


@pytest.fixture(scope="module")
def of_parts(parts_folder: Path) -> ClapTokenizer:
    return ClapTokenizer.load(parts_folder, LONGEST)


def test_ids_lie_between_start_and_end(tokenizer: ClapTokenizer) -> None:
    ids = tokenizer.encode("This is a sound of rain.")
    assert ids.dtype == np.int64
    assert (ids[0], ids[-1]) == (0, 2)
    assert len(ids) > 3
    assert tokenizer.encode("").tolist() == [0, 2]


def test_ids_are_those_of_the_vocabulary(folder: Path, tokenizer: ClapTokenizer) -> None:
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    tokens = {id: token for token, id in vocabulary.items()}
    ids = tokenizer.encode("This is rain").tolist()
    assert "".join(tokens[id] for id in ids) == "<s>ThisĠisĠrain</s>"
    assert tokenizer.size == len(vocabulary) == SIZE


@given(st.text(_characters, max_size=80))
def test_both_kinds_of_folder_agree(
    tokenizer: ClapTokenizer, of_parts: ClapTokenizer, text: str
) -> None:
    assert tokenizer.encode(text).tolist() == of_parts.encode(text).tolist()


def test_what_tokenizer_json_says_beside_its_vocabulary_changes_nothing(
    folder: Path, tokenizer: ClapTokenizer, tmp_path: Path
) -> None:
    content = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    content["truncation"] = {
        "direction": "Right",
        "max_length": 4,
        "strategy": "LongestFirst",
        "stride": 0,
    }
    content["padding"] = {
        "strategy": {"Fixed": 77},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": 1,
        "pad_type_id": 0,
        "pad_token": "<pad>",
    }
    content["normalizer"] = {"type": "Lowercase"}
    content["pre_tokenizer"]["add_prefix_space"] = True
    content["model"]["dropout"] = 0.5
    (tmp_path / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    other = ClapTokenizer.load(tmp_path, LONGEST)
    for text in TEXTS:
        assert other.encode(text).tolist() == tokenizer.encode(text).tolist()


def test_a_text_may_be_as_long_as_the_model_takes(tokenizer: ClapTokenizer) -> None:
    assert len(tokenizer.encode(" sound" * (LONGEST - 2))) == LONGEST
    with pytest.raises(ModelError, match=r"too long: it makes 511 tokens.* takes 510 at most"):
        tokenizer.encode(" sound" * (LONGEST - 1))


def test_a_text_too_long_is_told_in_chinese(tokenizer: ClapTokenizer) -> None:
    with use("zh"), pytest.raises(ModelError) as raised:
        tokenizer.encode("雨" * 1000)
    with use("zh"):
        assert "过长" in str(raised.value)
        assert len(str(raised.value)) < 200


def test_half_a_character_is_refused(tokenizer: ClapTokenizer) -> None:
    with pytest.raises(ModelError, match="surrogate"):
        tokenizer.encode("rain \ud83d")


def _truncate(path: Path) -> None:
    whole = path.read_bytes()
    cut = whole.rfind(b" ", 0, 5000)  # within a line of merges.txt, which may well end at a line
    path.write_bytes(whole[: cut if cut > 0 else 5000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 8)


def _other_json(path: Path) -> None:
    path.write_text("[1, 2]", encoding="utf-8")


_DAMAGES = [
    (name, damage)
    for name in ("tokenizer.json", "vocab.json", "merges.txt")
    for damage in (Path.unlink, _truncate, _empty, _binary, _other_json)
    if (name, damage) != ("merges.txt", _empty)  # no merges at all is a tokenizer too
]


@pytest.mark.parametrize(("name", "damage"), _DAMAGES)
def test_damaged_files_are_one_clear_message(
    folder: Path, parts_folder: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    target = tmp_path / "model"
    shutil.copytree(folder if name == "tokenizer.json" else parts_folder, target)
    if name == "tokenizer.json":
        (target / "vocab.json").unlink()
    damage(target / name)
    with pytest.raises(ModelError) as raised:
        ClapTokenizer.load(target, LONGEST)
    message = str(raised.value)
    assert str(target) in message
    assert "Fetch the model again" in message
    assert len(message) < 500 + len(str(target))


def _without_end(content: dict[str, Any]) -> None:
    content["added_tokens"] = []
    vocabulary = content["model"]["vocab"]
    vocabulary["other"] = vocabulary.pop("</s>")


def _of_another_kind(content: dict[str, Any]) -> None:
    vocabulary = content["model"]["vocab"]
    content["model"] = {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"}


def _with_merges_of_nothing(content: dict[str, Any]) -> None:
    content["model"]["merges"].append(["nothing", "known"])


@pytest.mark.parametrize("change", [_without_end, _of_another_kind, _with_merges_of_nothing])
def test_tokenizers_that_are_not_robertas_are_refused(
    folder: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    content = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    change(content)
    (tmp_path / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ModelError, match="can't be used"):
        ClapTokenizer.load(tmp_path, LONGEST)


@pytest.fixture(scope="module", params=["whole", "parts"])
def pair(
    request: pytest.FixtureRequest, folder: Path, parts_folder: Path
) -> tuple[ClapTokenizer, Any]:
    """Our tokenizer and that of transformers."""
    transformers = pytest.importorskip("transformers")
    path = folder if request.param == "whole" else parts_folder
    reference = transformers.AutoTokenizer.from_pretrained(path)
    assert type(reference).__name__ == "RobertaTokenizer"
    return ClapTokenizer.load(path, LONGEST), reference


@pytest.mark.parity
@pytest.mark.parametrize("text", TEXTS)
def test_chosen_texts_give_the_ids_of_the_reference(
    pair: tuple[ClapTokenizer, Any], text: str
) -> None:
    ours, reference = pair
    assert ours.encode(text).tolist() == reference(text)["input_ids"]


_pieces = st.sampled_from([*TEXTS, "<mask>", " ", "\n", "rain", "雨"])


@pytest.mark.parity
@settings(max_examples=200)
@given(text=st.text(_characters, max_size=60) | st.lists(_pieces, max_size=8).map("".join))
def test_any_text_gives_the_ids_of_the_reference(
    pair: tuple[ClapTokenizer, Any], text: str
) -> None:
    ours, reference = pair
    assert ours.encode(text).tolist() == reference(text)["input_ids"]
