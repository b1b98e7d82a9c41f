"""Weights by name, from each of the hub's formats."""

import json
import struct
import subprocess
import sys
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.numpy import save, save_file

from anysound import ModelError
from anysound.models.files.checkpoint import Checkpoint, open_checkpoint
from tests.models.files.torch_files import state_dict

QUERY = "audio_model.audio_encoder.layers.0.blocks.0.attention.self.query.weight"
WEIGHTS: dict[str, NDArray[Any]] = {
    QUERY: np.arange(12, dtype=np.float32).reshape(3, 4),
    "text_model.embeddings.word_embeddings.weight": np.array([[0.5, -2.0]], dtype=np.float16),
    "double": np.array([0.1, 0.2]),
    "logit_scale_a": np.array(2.5, dtype=np.float32),
    "empty": np.zeros((0, 4), dtype=np.float32),
}
BUFFERS: dict[str, NDArray[Any]] = {
    "text_model.embeddings.position_ids": np.arange(5)[None],
    "audio_model.audio_encoder.batch_norm.num_batches_tracked": np.array(7),
    "mask": np.array([True]),
}


def write(folder: Path, format_name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a checkpoint in one of the formats."""
    if format_name == "pytorch_model.bin":
        (folder / format_name).write_bytes(state_dict(arrays))
    elif format_name == "model.safetensors":
        save_file(dict(arrays), folder / format_name, metadata={"format": "pt"})
    else:
        pieces = {name: f"model-{i:05}-of-00009.safetensors" for i, name in enumerate(arrays)}
        for name, piece in pieces.items():
            save_file({name: arrays[name]}, folder / piece)
        index = {"metadata": {"total_size": 1}, "weight_map": pieces}
        (folder / format_name).write_text(json.dumps(index))


FORMATS = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"]


def safetensors(header: object, body: bytes = b"") -> bytes:
    """Write a safetensors file by hand, its numbers at multiples of eight as is usual."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def assert_same(checkpoint: Checkpoint, weights: Mapping[str, NDArray[Any]]) -> None:
    assert set(checkpoint) == set(weights)
    assert len(checkpoint) == len(weights)
    for name, expected in weights.items():
        np.testing.assert_array_equal(checkpoint[name], expected.astype(np.float32), strict=True)
        assert checkpoint[name].flags.c_contiguous
        assert checkpoint[name].flags.aligned
        np.testing.assert_array_equal(checkpoint.take(name, expected.shape), checkpoint[name])


@pytest.mark.parametrize("format_name", FORMATS)
def test_weights_are_float32_by_name_and_buffers_are_left_out(
    tmp_path: Path, format_name: str
) -> None:
    write(tmp_path, format_name, WEIGHTS | BUFFERS)
    checkpoint = open_checkpoint(tmp_path)
    assert checkpoint.path == tmp_path / format_name
    assert_same(checkpoint, WEIGHTS)


def test_safetensors_are_preferred(tmp_path: Path) -> None:
    for value, name in enumerate(FORMATS):
        write(tmp_path, name, {"a": np.array([value], dtype=np.float32)})
    for value, name in enumerate(FORMATS):
        assert open_checkpoint(tmp_path)["a"] == [value]
        (tmp_path / name).unlink()


def test_bfloat16(tmp_path: Path) -> None:
    entry = {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]}
    bits = struct.pack("<4H", 0x3F80, 0xC040, 0x0001, 0x7F7F)
    (tmp_path / "model.safetensors").write_bytes(safetensors({"a": entry}, bits))
    expected = np.array([0x3F800000, 0xC0400000, 0x00010000, 0x7F7F0000], np.uint32)
    np.testing.assert_array_equal(
        open_checkpoint(tmp_path).take("a", (2, 2)), expected.view(np.float32).reshape(2, 2)
    )


def test_numbers_that_lie_crooked_in_the_file(tmp_path: Path) -> None:
    """Offsets are to be multiples of four, but nothing makes them so."""
    header = {
        "mask": {"dtype": "BOOL", "shape": [1], "data_offsets": [0, 1]},
        "a": {"dtype": "F32", "shape": [2], "data_offsets": [1, 9]},
    }
    body = b"\1" + struct.pack("<2f", 1.5, 2.5)
    (tmp_path / "model.safetensors").write_bytes(safetensors(header, body))
    assert_same(open_checkpoint(tmp_path), {"a": np.array([1.5, 2.5])})


@pytest.mark.parametrize(
    "metadata", [None, {}, {"dtype": "F32"}, {"dtype": "F32", "shape": "a", "data_offsets": "ab"}]
)
def test_metadata_is_no_tensor(tmp_path: Path, metadata: object) -> None:
    content = safetensors({"__metadata__": metadata, "a": ENTRY}, struct.pack("<2f", 1.5, 2.5))
    (tmp_path / "model.safetensors").write_bytes(content)
    assert_same(open_checkpoint(tmp_path), {"a": np.array([1.5, 2.5])})


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_tensor_that_does_not_fit_is_told(tmp_path: Path, format_name: str) -> None:
    bad = {"nan": np.nan, "infinite": np.inf, "minus": -np.inf, "too large": 1e300}
    arrays = {name: np.array([1.0, value, 2.0]) for name, value in bad.items()}
    both = {"both": np.array([np.inf, -np.inf]), "large": np.full(9, 3e38)}
    write(tmp_path, format_name, WEIGHTS | BUFFERS | arrays | both)
    checkpoint = open_checkpoint(tmp_path)
    assert checkpoint.take("large", (9,)).max() == np.float32(3e38)
    mask = "text_model.embeddings.position_ids"
    for name, shape, told in [
        ("absent", (7, 8), "(7, 8)"),
        (mask, (1, 5), mask),
        (QUERY, (4, 3), "(3, 4)"),
        (QUERY, (12,), "(12,)"),
        ("logit_scale_a", (1,), "()"),
        *((name, (3,), name) for name in bad),
        ("both", (2,), "both"),
    ]:
        with pytest.raises(ModelError) as caught:
            checkpoint.take(name, shape)
        for message in (caught.value.text.en, caught.value.text.zh):
            assert str(tmp_path / format_name) in message
            assert name in message
            assert told in message
    with pytest.raises(KeyError):
        checkpoint["absent"]


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    """A file of 1 GiB, nearly all of it a hole, is opened and used within a megabyte."""
    large = 1 << 30
    header = {
        "large": {"dtype": "F32", "shape": [large // 4], "data_offsets": [0, large]},
        "small": {"dtype": "F32", "shape": [2], "data_offsets": [large, large + 8]},
    }
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        begin = file.write(safetensors(header))
        file.truncate(begin + large)
        file.seek(begin + large)
        file.write(struct.pack("<2f", 1.5, 2.5))
    tracemalloc.start()
    try:
        checkpoint = open_checkpoint(tmp_path)
        assert checkpoint.take("small", (2,)).tolist() == [1.5, 2.5]
        assert checkpoint["large"][-1] == 0.0
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


def test_weights_outlive_their_checkpoint(tmp_path: Path) -> None:
    write(tmp_path, "model.safetensors", WEIGHTS)
    array = open_checkpoint(tmp_path)[QUERY]
    (tmp_path / "model.safetensors").unlink()
    assert array.sum() == 66.0


def test_neither_torch_nor_transformers_is_imported() -> None:
    code = (
        "import sys, anysound.models.files.checkpoint;"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


ENTRY = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
EMPTY = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
WHOLE = save(WEIGHTS | BUFFERS)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\1\2", id="no header"),
        pytest.param(b"version https://git-lfs.github.com/spec/v1\n", id="git-lfs"),
        pytest.param(WHOLE[:-1], id="truncated"),
        pytest.param(WHOLE + b"\0", id="too long"),
        pytest.param(struct.pack("<Q", 2**63) + b"{}", id="absurd header"),
        pytest.param(struct.pack("<Q", 5 << 20) + b"{}".ljust(5 << 20), id="large header"),
        pytest.param(safetensors(b"nonsense"), id="no JSON"),
        pytest.param(safetensors([1, 2]), id="a list"),
        pytest.param(safetensors({"a": 1}), id="a number"),
        pytest.param(safetensors({"a": ENTRY}), id="no body"),
        pytest.param(safetensors({"a": ENTRY | {"shape": [3]}}, bytes(8)), id="wrong shape"),
        pytest.param(safetensors({"a": ENTRY | {"dtype": "F77"}}, bytes(8)), id="unknown type"),
        pytest.param(safetensors({"a": ENTRY | {"shape": [-2]}}, bytes(8)), id="negative"),
        pytest.param(safetensors({"a": ENTRY | {"shape": [2**40] * 3}}, bytes(8)), id="overflow"),
        pytest.param(safetensors({"a": ENTRY | {"data_offsets": [0, 2**70]}}), id="far outside"),
        pytest.param(safetensors({"a": ENTRY, "b": ENTRY}, bytes(8)), id="overlapping"),
        pytest.param(safetensors(b'{"a":' * 100_000), id="deep"),
        # Sound to the library, but beyond numpy or not as the format has it.
        pytest.param(safetensors({"a": EMPTY | {"shape": [0, 2**62, 2**62]}}), id="huge, empty"),
        pytest.param(safetensors({"a": EMPTY | {"shape": [0, 2**64 - 1]}}), id="long, empty"),
        pytest.param(safetensors({"a": ENTRY | {"shape": [1] * 99 + [2]}}, bytes(8)), id="many"),
        pytest.param(safetensors({"a": ["F32", [2], [0, 8]]}, bytes(8)), id="no names"),
    ],
)
def test_a_damaged_safetensors_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelError) as caught:
        open_checkpoint(tmp_path)
    assert str(tmp_path / "model.safetensors") in caught.value.text.en
    assert "Fetch the model again" in caught.value.text.en
    assert "重新获取模型" in caught.value.text.zh


@settings(deadline=2000, max_examples=300)
@given(
    length=st.integers(0, len(WHOLE)),
    at=st.integers(0, len(WHOLE) - 1),
    data=st.binary(max_size=8),
)
def test_altered_bytes_raise_nothing_but_model_errors(
    tmp_path_factory: pytest.TempPathFactory, length: int, at: int, data: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    altered = WHOLE[:at] + data + WHOLE[at + len(data) :]
    (folder / "model.safetensors").write_bytes(altered[: max(length, len(WHOLE) // 2)])
    try:
        checkpoint = open_checkpoint(folder)
    except ModelError:
        return
    for name in checkpoint:
        assert checkpoint[name].dtype == np.float32


SIZES = st.integers(0, 3) | st.sampled_from([8, -1, 2**31, 2**62, 2**63, 2**64 - 1, 2**70])
ENTRIES = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["F32", "F16", "BF16", "F64", "I64", "BOOL", "F4", "C64", None]),
        "shape": st.lists(SIZES, max_size=4)
        | st.integers(0, 3).map(lambda count: [1] * 30 * count),
        "data_offsets": st.sampled_from([[0, 8], [0, 0], [0, 4]]) | st.lists(SIZES, max_size=3),
    }
)


@settings(deadline=2000, max_examples=300)
@given(
    header=st.dictionaries(
        st.sampled_from(["a", "b", "__metadata__"]),
        ENTRIES | ENTRIES.map(lambda entry: list(entry.values())) | st.none(),
        min_size=1,
    )
)
def test_any_header_raises_nothing_but_model_errors(
    tmp_path_factory: pytest.TempPathFactory, header: dict[str, object]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "model.safetensors").write_bytes(safetensors(header, bytes(8)))
    try:
        checkpoint = open_checkpoint(folder)
    except ModelError:
        return
    assert sum(checkpoint[name].size for name in checkpoint) <= 4


@pytest.mark.parametrize(
    "index",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        "[" * 100_000,
        '{"weight_map": []}',
        '{"weight_map": {}}',
        '{"weight_map": {"a": 1}}',
        '{"weight_map": {"a": null, "b": "b.safetensors"}}',
        '{"weight_map": {"a": ["a.safetensors"]}}',
        '{"weight_map": {"a": ""}}',
        '{"weight_map": {"a": ".."}}',
        '{"weight_map": {"a": "../a.safetensors"}}',
        '{"weight_map": {"a": "/a.safetensors"}}',
        '{"weight_map": {"a": "..\\\\a.safetensors"}}',
        '{"weight_map": {"a": "a.safetensors\\u0000"}}',
        '{"weight_map": {"a": "a.bin"}}',
        '{"weight_map": {"a": "absent.safetensors"}}',
    ],
)
def test_a_damaged_index_is_told(tmp_path: Path, index: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for place in (tmp_path, folder):
        save_file({"a": WEIGHTS[QUERY]}, place / "b.safetensors")
        save_file({"a": WEIGHTS[QUERY]}, place / "a.bin")
    (tmp_path / "b.safetensors").rename(tmp_path / "a.safetensors")  # outside, and sound
    (folder / "model.safetensors.index.json").write_text(index)
    with pytest.raises(ModelError, match=r"index\.json|absent\.safetensors|is empty"):
        open_checkpoint(folder)


def test_a_folder_without_weights_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"model\.safetensors.*pytorch_model\.bin"):
        open_checkpoint(tmp_path)


@pytest.mark.parametrize("name", ["absent", "file"])
def test_a_folder_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match=name):
        open_checkpoint(tmp_path / name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        open_checkpoint(tmp_path)


# Against torch itself.


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch")


@pytest.mark.parity
def test_torch_writes_safetensors_of_any_type(tmp_path: Path, torch: Any) -> None:
    from safetensors.torch import save_file as save_torch_file

    base = torch.randn(6, 8, generator=torch.Generator().manual_seed(0))
    types = [torch.float32, torch.float16, torch.bfloat16, torch.float64]
    state = {str(kind): base.to(kind) for kind in types}
    state |= {"scalar": torch.tensor(2.5), "transposed": base.t().contiguous()}
    save_torch_file(state | {"long": torch.arange(3)}, tmp_path / "model.safetensors")
    checkpoint = open_checkpoint(tmp_path)
    assert set(checkpoint) == set(state)
    for name, expected in state.items():
        np.testing.assert_array_equal(checkpoint[name], expected.float().numpy(), strict=True)


@pytest.mark.parity
@pytest.mark.parametrize("format_name", FORMATS)
def test_a_clap_model_of_transformers(tmp_path: Path, torch: Any, format_name: str) -> None:
    transformers = pytest.importorskip("transformers")
    audio = {
        "patch_embeds_hidden_size": 16,
        "hidden_size": 128,
        "num_attention_heads": [1, 2, 4, 8],
    }
    text = {"hidden_size": 32, "num_attention_heads": 2, "num_hidden_layers": 1}
    config = transformers.ClapConfig(
        audio_config=audio | {"depths": [1, 1, 1, 1], "enable_fusion": True},
        text_config=text | {"intermediate_size": 48, "vocab_size": 300},
    )
    model = transformers.ClapModel(config)
    if format_name == "pytorch_model.bin":
        torch.save(model.state_dict(), tmp_path / format_name)
    else:
        small = "200KB" if "index" in format_name else "1GB"
        model.save_pretrained(tmp_path, max_shard_size=small)
    checkpoint = open_checkpoint(tmp_path)
    assert checkpoint.path.name == format_name
    assert {QUERY, "text_model.embeddings.word_embeddings.weight", "logit_scale_a"} <= set(
        checkpoint
    )
    weights = {
        name: tensor for name, tensor in model.state_dict().items() if tensor.is_floating_point()
    }
    assert set(checkpoint) == set(weights)
    for name, expected in weights.items():
        np.testing.assert_array_equal(
            checkpoint.take(name, tuple(expected.shape)), expected.numpy(), strict=True
        )
