"""What a checkpoint says about itself: what is understood, and all that is refused."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anysound import ModelError
from anysound.features import LogMelSpec
from anysound.models.clap.config import ClapConfig

Files = dict[str, Any]
"""``config.json`` as ``config`` and ``preprocessor_config.json`` as ``front``."""

# As the files of laion/clap-htsat-fused are, with fields of older releases.
FUSED: Files = {
    "config": {
        "architectures": ["ClapModel"],
        "model_type": "clap",
        "hidden_size": 768,
        "logit_scale_init_value": 14.285714285714285,
        "num_hidden_layers": 16,
        "projection_dim": 512,
        "projection_hidden_act": "relu",
        "torch_dtype": "float32",
        "transformers_version": None,
        "audio_config": {
            "model_type": "clap_audio_model",
            "aff_block_r": 4,
            "chunk_size_feed_forward": 0,
            "depths": [2, 2, 6, 2],
            "enable_fusion": True,
            "enable_patch_fusion": True,
            "enable_patch_layer_norm": True,
            "flatten_patch_embeds": True,
            "fusion_num_hidden_layers": 2,
            "fusion_type": None,
            "hidden_act": "gelu",
            "hidden_size": 768,
            "layer_norm_eps": 1e-05,
            "mlp_ratio": 4.0,
            "num_attention_heads": [4, 8, 16, 32],
            "num_classes": 527,
            "num_mel_bins": 64,
            "patch_embed_input_channels": 1,
            "patch_embeds_hidden_size": 96,
            "patch_size": 4,
            "patch_stride": [4, 4],
            "projection_hidden_size": 768,
            "qkv_bias": True,
            "spec_size": 256,
            "window_size": 8,
        },
        "text_config": {
            "model_type": "clap_text_model",
            "fusion_hidden_size": 768,
            "fusion_num_hidden_layers": 2,
            "hidden_act": "gelu",
            "hidden_size": 768,
            "intermediate_size": 3072,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": 514,
            "num_attention_heads": 12,
            "num_hidden_layers": 12,
            "pad_token_id": 1,
            "position_embedding_type": "absolute",
            "type_vocab_size": 1,
            "vocab_size": 50265,
        },
    },
    "front": {
        "chunk_length_s": 10,
        "feature_extractor_type": "ClapFeatureExtractor",
        "feature_size": 64,
        "fft_window_size": 1024,
        "frequency_max": 14000,
        "frequency_min": 50,
        "hop_length": 480,
        "max_length_s": 10,
        "n_fft": 1024,
        "nb_frequency_bins": 513,
        "nb_max_frames": 1000,
        "nb_max_samples": 480000,
        "padding": "repeatpad",
        "padding_side": "right",
        "padding_value": 0.0,
        "processor_class": "ClapProcessor",
        "return_attention_mask": False,
        "sampling_rate": 48000,
        "top_db": None,
        "truncation": "fusion",
    },
}

MISSING = object()


def changed(changes: dict[str, object], files: Files = FUSED) -> Files:
    """Set fields by their dotted names, or take them out."""
    files = deepcopy(files)
    for place, value in changes.items():
        *way, name = place.split(".")
        fields = files
        for step in way:
            fields = fields[step]
        if value is MISSING:
            del fields[name]
        else:
            fields[name] = value
    return files


UNFUSED = changed({"config.audio_config.enable_fusion": False, "front.truncation": "rand_trunc"})


def write(folder: Path, files: Files) -> Path:
    (folder / "config.json").write_text(json.dumps(files["config"]))
    (folder / "preprocessor_config.json").write_text(json.dumps(files["front"]))
    return folder


def refusal(folder: Path) -> tuple[str, str]:
    with pytest.raises(ModelError) as caught:
        ClapConfig.read(folder)
    return caught.value.text.en, caught.value.text.zh


def test_the_fused_model(tmp_path: Path) -> None:
    config = ClapConfig.read(write(tmp_path, FUSED))
    assert (config.dim, config.activation) == (512, "relu")

    audio = config.audio
    assert (audio.is_fused, audio.fusion_ratio) == (True, 4)
    assert (audio.n_mels, audio.spec_size, audio.patch, audio.window) == (64, 256, 4, 8)
    assert (audio.width, audio.depths, audio.heads) == (96, (2, 2, 6, 2), (4, 8, 16, 32))
    assert (audio.mlp_ratio, audio.norm_eps) == (4.0, 1e-5)
    assert audio.has_patch_norm
    assert audio.has_qkv_bias
    assert (audio.fold, audio.frames, audio.grid) == (4, 1024, 64)

    text = config.text
    assert (text.vocabulary, text.positions, text.kinds, text.pad) == (50265, 514, 1, 1)
    assert (text.width, text.depth, text.heads, text.hidden) == (768, 12, 12, 3072)
    assert text.norm_eps == 1e-12
    assert text.longest == 512

    front = config.front
    assert front.mel == LogMelSpec(48_000, 1024, 480, 64, 50.0, 14_000.0, "htk")
    assert (front.samples, front.seconds, front.frames) == (480_000, 10.0, 1001)
    assert front.padding == "repeatpad"


def test_an_unfused_sibling(tmp_path: Path) -> None:
    config = ClapConfig.read(write(tmp_path, UNFUSED))
    assert not config.audio.is_fused
    assert config.front.mel == LogMelSpec(48_000, 1024, 480, 64, 50.0, 14_000.0, "slaney")


def test_a_larger_sibling_whose_file_leaves_out_defaults(tmp_path: Path) -> None:
    """So wrote transformers for two years: of the towers only what is not its default."""
    files = changed(
        {
            "config.audio_config": {
                "depths": [2, 2, 12, 2],
                "hidden_size": 1024,
                "model_type": "clap_audio_model",
                "patch_embeds_hidden_size": 128,
            },
            "config.text_config": {"model_type": "clap_text_model"},
            "front.truncation": "rand_trunc",
        }
    )
    config = ClapConfig.read(write(tmp_path, files))
    base = ClapConfig.read(write(tmp_path, UNFUSED))
    assert (config.audio.width, config.audio.depths) == (128, (2, 2, 12, 2))
    assert config.audio.heads == (4, 8, 16, 32)
    assert config.text == base.text
    assert config.front == base.front


AUDIO, TEXT = "config.audio_config.", "config.text_config."

BAD: list[tuple[str, object]] = [
    ("config.model_type", "bert"),
    ("config.model_type", MISSING),
    ("config.model_type", ["clap"]),
    ("config.audio_config", MISSING),
    ("config.audio_config", []),
    ("config.text_config", None),
    ("config.projection_dim", MISSING),
    ("config.projection_dim", 0),
    ("config.projection_dim", 100_000),
    (TEXT + "type_vocab_size", 100_001),
    ("config.projection_hidden_act", "tanh"),
    (AUDIO + "depths", [10**9]),
    (AUDIO + "depths", [100, 100, 100, 100]),
    (AUDIO + "depths", [2, 2, 6]),
    (AUDIO + "depths", [2, 2, -6, 2]),
    (AUDIO + "depths", [2, 2, 6, "2"]),
    (AUDIO + "depths", [2, 2, 6, True]),
    (AUDIO + "depths", [2, 2, 6, 2.0]),
    (AUDIO + "depths", []),
    (AUDIO + "depths", [1] * 9),
    (AUDIO + "depths", [1] * 10_000),
    (AUDIO + "depths", 4),
    (AUDIO + "depths", {"0": 2}),
    (AUDIO + "num_attention_heads", [4, 8, 16, 33]),
    (AUDIO + "num_attention_heads", [4, 8, 16, 0]),
    (AUDIO + "num_attention_heads", 4),
    (AUDIO + "patch_embeds_hidden_size", 97),
    (AUDIO + "patch_embeds_hidden_size", True),
    (AUDIO + "patch_embeds_hidden_size", "96"),
    (AUDIO + "hidden_size", 512),
    (AUDIO + "hidden_size", 10**9),
    (AUDIO + "num_mel_bins", 48),
    (AUDIO + "num_mel_bins", float("nan")),
    (AUDIO + "spec_size", 255),
    (AUDIO + "spec_size", 65_536),
    (AUDIO + "spec_size", 10**400),
    (AUDIO + "window_size", 16),
    (AUDIO + "window_size", 128),
    (AUDIO + "window_size", 7),
    (AUDIO + "window_size", [8, 8]),
    (AUDIO + "patch_size", 3),
    (AUDIO + "patch_size", 8),
    (AUDIO + "patch_size", [4, 2]),
    (AUDIO + "patch_size", [4, "4"]),
    (AUDIO + "patch_size", []),
    (AUDIO + "patch_stride", 2),
    (AUDIO + "patch_embed_input_channels", 3),
    (AUDIO + "patch_embed_input_channels", True),
    (AUDIO + "mlp_ratio", 0),
    (AUDIO + "mlp_ratio", -4.0),
    (AUDIO + "mlp_ratio", float("inf")),
    (AUDIO + "mlp_ratio", False),
    (AUDIO + "aff_block_r", 97),
    (AUDIO + "layer_norm_eps", "1e-5"),
    (AUDIO + "layer_norm_eps", float("nan")),
    (AUDIO + "hidden_act", "relu"),
    (AUDIO + "fusion_type", "channel_map"),
    (AUDIO + "flatten_patch_embeds", False),
    (AUDIO + "enable_fusion", 1),
    (AUDIO + "enable_fusion", "true"),
    (AUDIO + "qkv_bias", None),
    (AUDIO + "enable_patch_layer_norm", 0),
    (TEXT + "vocab_size", 10**9),
    (TEXT + "vocab_size", 1.5),
    (TEXT + "hidden_size", 769),
    (TEXT + "num_attention_heads", 7),
    (TEXT + "num_hidden_layers", 257),
    (TEXT + "num_hidden_layers", 0),
    (TEXT + "intermediate_size", -1),
    (TEXT + "max_position_embeddings", 4),
    (TEXT + "type_vocab_size", 0),
    (TEXT + "pad_token_id", 50265),
    (TEXT + "pad_token_id", 513),
    (TEXT + "hidden_act", "gelu_new"),
    (TEXT + "layer_norm_eps", [1e-12]),
    ("front.truncation", "rand_trunc"),
    ("front.truncation", MISSING),
    ("front.feature_size", 80),
    ("front.feature_size", MISSING),
    ("front.sampling_rate", 0),
    ("front.sampling_rate", 4000),
    ("front.sampling_rate", 16_000),
    ("front.fft_window_size", 10**6),
    ("front.fft_window_size", 256),
    ("front.hop_length", 240),
    ("front.hop_length", 2048),
    ("front.hop_length", 0),
    ("front.max_length_s", 11),
    ("front.max_length_s", 0),
    ("front.max_length_s", 1e5),
    ("front.max_length_s", "10"),
    ("front.max_length_s", float("-inf")),
    ("front.frequency_min", MISSING),
    ("front.frequency_min", -1),
    ("front.frequency_min", 14_000),
    ("front.frequency_max", 24_001),
    ("front.frequency_max", float("nan")),
    ("front.top_db", 80),
    ("front.padding", "reflect"),
    ("front.padding", 1),
]


@pytest.mark.parametrize(
    ("place", "value"), BAD, ids=[f"{place}={str(value)[:20]}" for place, value in BAD]
)
def test_a_bad_value_is_told_with_file_and_field(tmp_path: Path, place: str, value: object) -> None:
    messages = refusal(write(tmp_path, changed({place: value})))
    file, *_, field = place.split(".")
    name = "config.json" if file == "config" else "preprocessor_config.json"
    for message in messages:
        assert str(tmp_path / name) in message
        assert field in message
        assert len(message) < 1000


def test_a_huge_model_is_refused(tmp_path: Path) -> None:
    sizes = {"hidden_size": 8192, "num_attention_heads": 64, "intermediate_size": 32_768}
    files = changed({TEXT + name: size for name, size in sizes.items()})
    for message in refusal(write(tmp_path, files)):
        assert str(tmp_path / "config.json") in message
        assert "intermediate_size" in message


def test_an_attention_window_over_the_whole_picture_is_refused(tmp_path: Path) -> None:
    """It divides the picture, but each of its heads would hold 16 million weights."""
    sizes = {"depths": [2], "num_attention_heads": [4], "hidden_size": 96, "window_size": 64}
    files = changed({AUDIO + name: size for name, size in sizes.items()})
    assert all("window_size" in message for message in refusal(write(tmp_path, files)))
    files = changed({AUDIO + "window_size": 32}, files)
    assert ClapConfig.read(write(tmp_path, files)).audio.window == 32


def test_an_unfused_model_wants_other_mel_bands(tmp_path: Path) -> None:
    files = changed({"front.truncation": "fusion"}, UNFUSED)
    en, zh = refusal(write(tmp_path, files))
    assert "truncation" in en
    assert "'rand_trunc'" in en
    assert "'rand_trunc'" in zh


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json"])
@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"nonsense",
        b"[1]",
        b"null",
        b"3",
        b"\xff\xfe\xff",
        b"{" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"model_type": ' + b"9" * 5000 + b"}",
        b" " * (2 << 20) + b"{}",
    ],
    ids=lambda content: repr(content)[:12],
)
def test_a_file_that_is_no_json_object_is_told(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    write(tmp_path, FUSED)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    assert all(str(tmp_path / name) in message for message in refusal(tmp_path))


def test_a_deeply_nested_value_is_refused(tmp_path: Path) -> None:
    """Such a value can be read, but not shown in full."""
    value: object = 1
    for _ in range(800):
        value = [value]
    for place in ("config.model_type", AUDIO + "patch_size", AUDIO + "depths"):
        refusal(write(tmp_path, changed({place: value})))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([1, 2, 4, 8, 64, 96, 256, 768, "clap", "gelu", "fusion"]),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
PLACES = [
    *(f"config.{name}" for name in FUSED["config"]),
    *(AUDIO + name for name in FUSED["config"]["audio_config"]),
    *(TEXT + name for name in FUSED["config"]["text_config"]),
    *(f"front.{name}" for name in FUSED["front"]),
]


@settings(deadline=2000, max_examples=300)
@given(changes=st.dictionaries(st.sampled_from(PLACES), JSON, min_size=1, max_size=3))
def test_any_value_is_understood_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, object]
) -> None:
    # Whole sections last, or there would be no place for their fields.
    by_depth = sorted(changes.items(), key=lambda change: -change[0].count("."))
    folder = write(tmp_path_factory.getbasetemp(), changed(dict(by_depth)))
    try:
        config = ClapConfig.read(folder)
    except ModelError as error:
        message = str(error)
    else:
        message = "config.json"
        assert config.audio.frames <= 1024 * 1024
        assert config.parameters <= 2_000_000_000
    assert "config.json" in message


@settings(deadline=2000)
@given(whole=JSON, is_front=st.booleans())
def test_any_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, whole: object, is_front: bool
) -> None:
    files = changed({"front" if is_front else "config": whole})
    refusal(write(tmp_path_factory.getbasetemp(), files))


# Against transformers.


@pytest.mark.parity
@pytest.mark.parametrize("is_fused", [True, False], ids=["fused", "unfused"])
def test_what_transformers_writes(tmp_path: Path, is_fused: bool) -> None:
    transformers = pytest.importorskip("transformers")
    transformers.ClapConfig(audio_config={"enable_fusion": is_fused}).save_pretrained(tmp_path)
    transformers.ClapFeatureExtractor(
        frequency_min=50, truncation="fusion" if is_fused else "rand_trunc"
    ).save_pretrained(tmp_path)
    config = ClapConfig.read(tmp_path)
    assert config == ClapConfig.read(write(tmp_path, FUSED if is_fused else UNFUSED))


@pytest.mark.parity
def test_left_out_fields_have_the_defaults_of_transformers(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    transformers.ClapConfig().save_pretrained(tmp_path)
    written = json.loads((tmp_path / "config.json").read_text())
    in_full = ClapConfig.read(write(tmp_path, UNFUSED | {"config": written}))
    files = UNFUSED | {"config": written | {"audio_config": {}, "text_config": {}}}
    assert ClapConfig.read(write(tmp_path, files)) == in_full


@pytest.mark.parity
@pytest.mark.parametrize("width", [96, 128])
def test_parameters_are_those_of_transformers(tmp_path: Path, width: int) -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    with torch.device("meta"):
        sizes = {"patch_embeds_hidden_size": width, "hidden_size": 8 * width}
        model = transformers.ClapModel(transformers.ClapConfig(audio_config=sizes))
    count = sum(parameter.numel() for parameter in model.parameters())
    files = changed({AUDIO + name: size for name, size in sizes.items()}, UNFUSED)
    assert ClapConfig.read(write(tmp_path, files)).parameters == pytest.approx(count, rel=0.01)
