"""The reader of torch's files: what it reads, and all that it refuses."""

import contextlib
import os
import pickle
import struct
import tracemalloc
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anysound import ModelError
from anysound.models.files.mapped import as_float32
from anysound.models.files.torch_pickle import read_torch_file
from tests.models.files import torch_files
from tests.models.files.torch_files import (
    Call,
    Name,
    Persistent,
    Raw,
    archive,
    legacy,
    program,
    state_dict,
    storage,
    tensor,
)

ARRAYS: dict[str, NDArray[Any]] = {
    "audio_model.audio_encoder.layers.0.blocks.0.attention.self.query.weight": np.arange(
        12, dtype=np.float32
    ).reshape(3, 4),
    "half": np.array([1.5, -2.0], dtype=np.float16),
    "double": np.array([[[0.1]]]),
    "logit_scale_a": np.array(2.5, dtype=np.float32),
    "position_ids": np.arange(5),
    "empty": np.zeros((0, 4), dtype=np.float32),
}
ONE = np.ones(1, dtype=np.float32)
FOUR = storage("0", "Float", 4)
FOUR_BYTES = {"0": np.arange(4, dtype=np.float32).tobytes()}


def read(folder: Path, content: bytes) -> dict[str, NDArray[Any]]:
    path = folder / "pytorch_model.bin"
    path.write_bytes(content)
    return read_torch_file(path)


def read_or_refuse(folder: Path, content: bytes) -> None:
    """Read a file that may be damaged: ModelError, or arrays that are really there."""
    with contextlib.suppress(ModelError):
        for array in read(folder, content).values():
            assert array.copy().nbytes <= len(content)


@pytest.mark.parametrize("write", [state_dict, legacy])
def test_tensors_are_read_by_name(
    tmp_path: Path, write: Callable[[dict[str, NDArray[Any]]], bytes]
) -> None:
    arrays = read(tmp_path, write(ARRAYS))
    assert arrays.keys() == ARRAYS.keys()
    for name, expected in ARRAYS.items():
        assert arrays[name].dtype == expected.dtype
        np.testing.assert_array_equal(arrays[name], expected, strict=True)
        assert not arrays[name].flags.writeable  # it lies over the file


def test_views_of_one_storage(tmp_path: Path) -> None:
    values = {
        "transposed": tensor(FOUR, 0, (2, 2), (1, 2)),
        "last": tensor(FOUR, 3, (1,), (1,)),
        "every other": tensor(FOUR, 0, (2,), (2,)),
        "scalar": tensor(FOUR, 2, (), ()),
        "parameter": Call(
            Name("torch._utils", "_rebuild_parameter"),
            (tensor(FOUR, 1, (3,), (1,)), True, torch_files.ORDERED_DICT),
        ),
    }
    arrays = read(tmp_path, archive(program(values), FOUR_BYTES))
    assert {name: array.tolist() for name, array in arrays.items()} == {
        "transposed": [[0.0, 2.0], [1.0, 3.0]],
        "last": [3.0],
        "every other": [0.0, 2.0],
        "scalar": 2.0,
        "parameter": [1.0, 2.0, 3.0],
    }


def test_bfloat16(tmp_path: Path) -> None:
    values = {"b": tensor(storage("0", "BFloat16", 3), 0, (3,), (1,))}
    bits = np.array([0x3F80, 0xC040, 0x7F7F], dtype="<u2")
    array = read(tmp_path, archive(program(values), {"0": bits.tobytes()}))["b"]
    largest = np.array(0x7F7F0000, dtype=np.uint32).view(np.float32)
    np.testing.assert_array_equal(as_float32(array), np.array([1.0, -3.0, largest], np.float32))


def test_the_state_of_a_state_dict_is_dropped(tmp_path: Path) -> None:
    """Torch keeps the modules' versions there; nobody needs them."""
    items = torch_files.encode({"a": torch_files.whole("0", ONE)})
    state = torch_files.encode({"_metadata": {"": {"version": 1}}, "clear": None})
    assert read(
        tmp_path, archive(program(Raw(items + state + b"b")), {"0": ONE.tobytes()})
    ).keys() == {"a"}


def test_a_file_without_byteorder_is_little_endian(tmp_path: Path) -> None:
    pickled = program({"a": torch_files.whole("0", ONE)})
    assert read(tmp_path, archive(pickled, {"0": ONE.tobytes()}, byteorder=None))["a"] == [1.0]


# What a pickle may do to its reader, and must not do here.


class Payload:
    """Leaves a mark where a reader runs it."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


class Key:
    """Runs its payload as a key of a dictionary."""

    def __init__(self, payload: Payload) -> None:
        self.payload = payload

    def __reduce__(self) -> tuple[type, tuple[object]]:
        return dict, ([(self.payload, 1)],)


class State(OrderedDict[str, object]):
    """A dictionary whose state is set by a payload."""

    payload: object = None

    def __reduce__(self) -> tuple[object, ...]:
        return OrderedDict, (), self.payload


def state(payload: Payload) -> State:
    value = State()
    value.payload = payload
    return value


WRAPPINGS: dict[str, Callable[[Payload], object]] = {
    "bare": lambda payload: payload,
    "value": lambda payload: OrderedDict(weight=payload),
    "deep": lambda payload: {"a": [({"b": (payload,)},)]},
    "beside": lambda payload: {"a": 1, "b": payload},
    "key": Key,
    "state": state,
    "arguments": lambda payload: Payload(OrderedDict, [("a", payload)]),
}


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("wrapping", WRAPPINGS.values(), ids=WRAPPINGS)
@pytest.mark.parametrize("function", [os.system, eval, exec], ids=["system", "eval", "exec"])
def test_a_malicious_pickle_is_refused_and_runs_nothing(
    tmp_path: Path,
    function: Callable[..., object],
    wrapping: Callable[[Payload], object],
    protocol: int,
) -> None:
    mark = tmp_path / "mark"
    code = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    argument = f"touch '{mark}'" if function is os.system else code
    pickled = pickle.dumps(wrapping(Payload(function, argument)), protocol)

    head = legacy({})[: -len(program({}) + program([]))]
    for content in (archive(pickled), head + pickled, head[:15] + pickled, pickled):
        with pytest.raises(ModelError, match="bin is refused: "):
            read(tmp_path, content)
    assert not mark.exists()

    with contextlib.suppress(Exception):  # the payload is live: Python's own reader runs it
        pickle.loads(pickled)
    assert mark.exists()


REBUILD = Name("torch._utils", "_rebuild_tensor_v2")
GOOD = tensor(FOUR, 0, (4,), (1,))


@pytest.mark.parametrize(
    "value",
    [
        Name("os", "system"),
        Name("torch.storage", "_load_from_bytes"),
        Name("torch", "load"),
        Name("torch._utils", "_rebuild_tensor_v2.__globals__"),
        Name("collections", "OrderedDict.__init__"),
        Name("torch", "Float Storage"),
        Call(Name("torch", "FloatStorage"), (10**9,)),
        Call(Name("collections", "OrderedDict"), ([("a", 1)],)),
        Call("collections OrderedDict", ()),
        Call(GOOD, ()),
        Call(REBUILD, ()),
        Call(REBUILD, {"a": 1}),
        Call(REBUILD, (1, 0, (4,), (1,), False, None)),
        tensor(FOUR, 0, (4,), (1,), {"neg": True}),
        Persistent("0"),
        Persistent(("module", Name("torch", "FloatStorage"), "0", "cpu", 4)),
        Persistent(("storage", REBUILD, "0", "cpu", 4)),
        Persistent(("storage", Name("torch", "FloatStorage"), "0", "cpu", 4, ("1", 0, 4))),
        Persistent(("storage", Name("torch", "FloatStorage"), ("0",), "cpu", 4)),
        # The state of anything but a dictionary.
        Raw(torch_files.encode(REBUILD) + torch_files.encode({"__code__": 1}) + b"b"),
        Raw(
            torch_files.encode(Name("torch", "FloatStorage"))
            + torch_files.encode((None, {}))
            + b"b"
        ),
        Raw(torch_files.encode(GOOD) + torch_files.encode({"shape": (9,)}) + b"b"),
        # Instructions that find classes in other ways.
        Raw(b"(S'touch mark'\nios\nsystem\n"),
        Raw(b"\x8c\x02os\x8c\x06system\x93"),
        Raw(b"(cos\nsystem\nX\x00\x00\x00\x00o"),
        Raw(b"\x82\x01"),
        Raw(b"P0\n"),
        # Keys that are no text: equal hashes, or hashes that take forever.
        {1: GOOD},
        {(): GOOD},
    ],
    ids=repr,
)
def test_anything_but_tensors_is_refused(tmp_path: Path, value: object) -> None:
    for wrapped in (value, {"a": GOOD, "b": value}):
        with pytest.raises(ModelError, match="bin is refused: "):
            read(tmp_path, archive(program(wrapped), FOUR_BYTES))


def test_a_refusal_tells_what_and_the_way_out(tmp_path: Path) -> None:
    content = archive(program(Name("os\x1b[31m", "system")))
    with pytest.raises(ModelError) as caught:
        read(tmp_path, content)
    for message in (caught.value.text.en, caught.value.text.zh):
        assert str(tmp_path / "pytorch_model.bin") in message
        assert "system" in message
        assert "model.safetensors" in message
        assert "\x1b" not in message  # no file writes to the terminal
    assert "拒绝" in caught.value.text.zh


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (0, (5,), (1,)),
        (1, (4,), (1,)),
        (0, (2, 2), (3, 1)),
        (0, (2,), (4,)),
        (-1, (1,), (1,)),
        (0, (-4,), (1,)),
        (3, (4,), (-1,)),
        (0, (10**6, 10**6), (0, 0)),
        (0, (5,), (0,)),
        (0, (4,), ()),
        (0, (), (1,)),
        (0, (0, 2**62, 2**62), (1, 1, 1)),
        (0, (0, 10**300), (1, 1)),
        (10**300, (0,), (1,)),
        (0, (1,) * 9, (1,) * 9),
        (0, (1,) * 100_000, (1,) * 100_000),
        (0, (True,), (1,)),
        (0, ("4",), (1,)),
        ("0", (4,), (1,)),
        (0, [4], [1]),
    ],
)
def test_no_tensor_reaches_outside_its_storage(
    tmp_path: Path, offset: object, shape: object, strides: object
) -> None:
    content = archive(program({"a": tensor(FOUR, offset, shape, strides)}), FOUR_BYTES)
    with pytest.raises(ModelError, match="bin is refused: "):
        read(tmp_path, content)


@given(
    offset=st.integers(-1, 5),
    dimensions=st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 5)), max_size=3),
)
def test_a_tensor_is_read_only_where_it_lies_within(
    tmp_path_factory: pytest.TempPathFactory,
    offset: int,
    dimensions: list[tuple[int, int]],
) -> None:
    shape = tuple(size for size, _ in dimensions)
    strides = tuple(stride for _, stride in dimensions)
    content = archive(program({"a": tensor(FOUR, offset, shape, strides)}), FOUR_BYTES)
    try:
        array = read(tmp_path_factory.getbasetemp(), content)["a"]
    except ModelError:
        return
    places = offset + sum(
        np.indices(shape)[axis] * stride for axis, stride in enumerate(strides)
    ) * np.ones(shape, dtype=int)
    np.testing.assert_array_equal(array, places.astype(np.float32))  # the numbers count places


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"version https://git-lfs.github.com/spec/v1\n", id="git-lfs"),
        pytest.param(b"PK\x03\x04", id="head alone"),
        pytest.param(archive(b""), id="no pickle"),
        pytest.param(archive(program({"a": GOOD})), id="no storage"),
        pytest.param(archive(program({"a": GOOD}), {"0": b"short"}), id="short storage"),
        pytest.param(archive(program({"a": GOOD}), {"0": bytes(17)}), id="long storage"),
        pytest.param(archive(program({"a": GOOD}), FOUR_BYTES, byteorder=b"big"), id="big-endian"),
        pytest.param(archive(program({})), id="no tensors"),
        pytest.param(archive(program(GOOD), FOUR_BYTES), id="no dictionary"),
        pytest.param(archive(program({"a": 1})), id="no tensor"),
        pytest.param(archive(program({"a": GOOD})[:-1], FOUR_BYTES), id="no end"),
        pytest.param(
            archive(
                program({"a": GOOD, "b": tensor(storage("0", "Half", 8), 0, (8,), (1,))}),
                FOUR_BYTES,
            ),
            id="one storage of two types",
        ),
        pytest.param(legacy({"a": ONE})[:-1], id="legacy, short"),
        pytest.param(legacy({"a": ONE}, little_endian=False), id="legacy, big-endian"),
        pytest.param(legacy({"a": ONE}).replace(b"](", b"]N("), id="legacy, no keys"),
    ],
)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ModelError, match=r"pytorch_model\.bin"):
        read(tmp_path, content)


def test_a_compressed_file_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    content = archive(program({"a": GOOD}), FOUR_BYTES, zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelError, match="it is compressed"):
        read(tmp_path, content)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"absent\.bin.*Fetch the model again"):
        read_torch_file(tmp_path / "absent.bin")


def nested(levels: int) -> bytes:
    return b")" + b"\x85" * levels


@pytest.mark.parametrize(
    "pickled",
    [
        # A text, a memo and a tuple said to be enormous.
        pytest.param(b"\x80\x02X\xff\xff\xff\x7fabc.", id="text"),
        pytest.param(b"\x80\x02\x8d" + b"\xff" * 7 + b"\x7fabc.", id="long text"),
        pytest.param(b"\x80\x02Nr\xff\xff\xff\xff.", id="memo"),
        pytest.param(b"\x80\x02\x8b\xff\xff\xff\x7f1.", id="number"),
        pytest.param(b"\x80\x04\x95" + b"\xff" * 8 + b"N.", id="frame"),
        # A tuple of itself twice, as a key: its hash takes 2**60 steps.
        pytest.param(b"\x80\x02})" + b"q\x00h\x00\x86" * 60 + b"Ns.", id="billion laughs"),
        pytest.param(b"\x80\x02}" + nested(300_000) + b"Ns.", id="deep key"),
        pytest.param(b"\x80\x02" + nested(300_000) + b".", id="deep tuple"),
        pytest.param(b"\x80\x02" + b"](" * 200_000 + b"e" * 200_000 + b".", id="deep list"),
        pytest.param(b"\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s.", id="of itself"),
        pytest.param(b"\x80\x02" + b"(" * (1 << 20) + b".", id="too long"),
        pytest.param(bytes(200 << 20), id="far too long"),
    ],
)
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_hostile_pickle_takes_little_memory(
    tmp_path: Path, pickled: bytes, compression: int
) -> None:
    content = archive(pickled, compression=compression)
    path = tmp_path / "pytorch_model.bin"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match="bin is refused: "):
            read_torch_file(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200 << 20


def test_a_hostile_zip_directory_takes_little_memory(tmp_path: Path) -> None:
    """A directory of 64 MiB, which zipfile alone would take for granted."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", *[0] * 18)
    count = (64 << 20) // len(entry)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, count * len(entry), 4, 0)
    path = tmp_path / "pytorch_model.bin"
    path.write_bytes(b"PK\3\4" + entry * count + end)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match="bin is refused: "):
            read_torch_file(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


WHOLE = {"zip": state_dict(ARRAYS), "legacy": legacy(ARRAYS)}


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_a_truncated_file_is_refused(tmp_path: Path, content: bytes) -> None:
    for length in range(0, len(content), 3):
        with pytest.raises(ModelError):
            read(tmp_path, content[:length])


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
@settings(deadline=2000, max_examples=300)
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)),
        min_size=1,
        max_size=4,
    )
)
def test_altered_bytes_raise_nothing_but_model_errors(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, changes: list[tuple[float, bytes]]
) -> None:
    altered = bytearray(content)
    for place, data in changes:
        at = int(place * len(content))
        altered[at : at + len(data)] = data
    read_or_refuse(tmp_path_factory.getbasetemp(), bytes(altered))


PIECES = [
    b"N", b"\x88", b"}", b"]", b")", b"(", b"t", b"\x85", b"\x86", b"\x87", b"a", b"e", b"s",
    b"u", b"q\x00", b"h\x00", b"Q", b"R", b"b", b".", b"0", b"2",
    *map(torch_files.encode, (0, 4, 10**40, "a", "storage", "0")),
    *map(torch_files.encode, (REBUILD, Name("torch", "FloatStorage"), FOUR, GOOD, {"a": GOOD})),
]  # fmt: skip


@settings(deadline=2000, max_examples=300)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_instructions_raise_nothing_but_model_errors(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    content = archive(b"\x80\x02" + b"".join(pieces) + b".", FOUR_BYTES)
    read_or_refuse(tmp_path_factory.getbasetemp(), content)


# Against torch itself.


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch")


@pytest.mark.parity
@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "legacy"])
def test_torch_reads_the_same(tmp_path: Path, torch: Any, is_zip: bool) -> None:
    generator = torch.Generator().manual_seed(0)
    base = torch.randn(6, 8, generator=generator)
    state: dict[str, Any] = OrderedDict(
        plain=base.clone(),
        transposed=base.t(),
        sliced=base[1::2, 3:],
        shared=base,
        parameter=torch.nn.Parameter(base[2].clone()),
        scalar=torch.tensor(3.25),
        empty=torch.zeros(0, 4),
        half=base.half(),
        bfloat16=base.bfloat16(),
        double=base.double(),
        channels_last=torch.randn(2, 3, 4, 5, generator=generator).to(
            memory_format=torch.channels_last
        ),
        long=torch.arange(514).expand((1, -1)),
        int=torch.arange(3, dtype=torch.int32),
        short=torch.arange(3, dtype=torch.int16),
        char=torch.arange(3, dtype=torch.int8),
        byte=torch.arange(3, dtype=torch.uint8),
        bool=torch.tensor([True, False]),
    )
    path = tmp_path / "pytorch_model.bin"
    torch.save(state, path, _use_new_zipfile_serialization=is_zip)
    arrays = read_torch_file(path)
    assert arrays.keys() == state.keys()
    for name, expected in state.items():
        if expected.is_floating_point():
            np.testing.assert_array_equal(
                as_float32(arrays[name]), expected.detach().float().numpy(), strict=True
            )
        else:
            np.testing.assert_array_equal(arrays[name], expected.numpy(), strict=True)


@pytest.mark.parity
@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "legacy"])
def test_a_module_with_its_metadata(tmp_path: Path, torch: Any, is_zip: bool) -> None:
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    path = tmp_path / "pytorch_model.bin"
    torch.save(module.state_dict(), path, _use_new_zipfile_serialization=is_zip)
    arrays = read_torch_file(path)
    for name, expected in module.state_dict().items():
        np.testing.assert_array_equal(arrays[name], expected.numpy(), strict=True)


@pytest.mark.parity
@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "legacy"])
def test_what_torch_wrote_altered(tmp_path: Path, torch: Any, is_zip: bool) -> None:
    path = tmp_path / "whole.bin"
    torch.save(torch.nn.Linear(3, 2).state_dict(), path, _use_new_zipfile_serialization=is_zip)
    content = path.read_bytes()

    @settings(deadline=2000)
    @given(
        length=st.integers(1, len(content)),
        at=st.integers(0, len(content) - 1),
        data=st.binary(min_size=1, max_size=8),
    )
    def check(length: int, at: int, data: bytes) -> None:
        altered = content[:at] + data + content[at + len(data) :]
        read_or_refuse(tmp_path, altered[:length])

    check()


@pytest.mark.parity
def test_a_whole_module_is_refused(tmp_path: Path, torch: Any) -> None:
    path = tmp_path / "pytorch_model.bin"
    torch.save(torch.nn.Linear(3, 2), path)
    with pytest.raises(ModelError, match="bin is refused: "):
        read_torch_file(path)
