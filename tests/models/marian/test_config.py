import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sentencepiece")

from anysound.errors import ModelError
from anysound.models.marian.config import MarianConfig
from tests.models.marian.making import CONFIG, write_texts


def read(folder: Path, name: str = "config.json", **changed: Any) -> MarianConfig:
    write_texts(folder)
    values = json.loads((folder / name).read_text())
    (folder / name).write_text(json.dumps(values | changed))
    return MarianConfig.read(folder)


def test_all_is_read(tmp_path: Path) -> None:
    config = read(tmp_path)
    assert config.width == CONFIG["d_model"]
    assert config.is_scaled
    assert (config.encoder.depth, config.encoder.heads, config.encoder.hidden) == (2, 4, 64)
    assert (config.decoder.depth, config.decoder.heads, config.decoder.hidden) == (3, 2, 48)
    assert config.start == config.pad == config.vocabulary - 1
    assert config.end == 0
    assert (config.search.beams, config.search.banned) == (4, (config.pad,))
    assert config.search.renormalises
    assert config.search.longest == 128


def test_older_files_say_in_the_config_how_to_generate(tmp_path: Path) -> None:
    write_texts(tmp_path)
    (tmp_path / "generation_config.json").unlink()
    search = MarianConfig.read(tmp_path).search
    assert (search.beams, search.banned) == (6, (MarianConfig.read(tmp_path).pad,))
    assert not search.renormalises


def test_null_says_no_more_than_absence(tmp_path: Path) -> None:
    search = read(tmp_path, "generation_config.json", early_stopping=None, num_beams=None).search
    assert (search.stops_early, search.beams) == (False, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"model_type": "bart"},
        {"activation_function": "gelu"},
        {"share_encoder_decoder_embeddings": False},
        {"tie_word_embeddings": False},
        {"static_position_embeddings": False},
        {"normalize_before": True},
        {"normalize_embedding": True},
        {"add_final_layer_norm": True},
        {"decoder_vocab_size": 7},
        {"forced_eos_token_id": 3},
        {"encoder_attention_heads": 5},
        {"decoder_layers": 65},
        {"d_model": 0},
        {"d_model": "512"},
        {"encoder_ffn_dim": 10**9},
        {"eos_token_id": -1},
        {"eos_token_id": True},
        {"pad_token_id": 99_999},
    ],
    ids=str,
)
def test_what_cannot_be_built_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="opus-mt-zh-en") as caught:
        read(tmp_path, **changed)
    assert "config.json" in str(caught.value)


@pytest.mark.parametrize(
    "changed",
    [
        {"do_sample": True},
        {"no_repeat_ngram_size": 3},
        {"early_stopping": "never"},
        {"bad_words_ids": [[1, 2]]},
        {"bad_words_ids": [[99_999]]},
        {"bad_words_ids": 3},
        {"bad_words_ids": [[-1]]},
        {"num_beams": 33},
        {"num_beams": 0},
        {"length_penalty": -1},
    ],
    ids=str,
)
def test_another_way_to_generate_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="opus-mt-zh-en"):
        read(tmp_path, "generation_config.json", **changed)
