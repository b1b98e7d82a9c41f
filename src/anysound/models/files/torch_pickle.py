"""Files of ``torch.save``, read by something that can build nothing but tensors.

Such a file holds a pickle, and a pickle is a program: Python's own reader finds and calls
whatever it names. The one here knows the few instructions that a dictionary of tensors is
written with, and the few names; it has no means to import or call anything, and refuses a file
at the first instruction or name beyond them. Its work and its memory are bounded by
:data:`_LARGEST_PICKLE`, and no tensor reaches outside its own storage.

The format is that of torch/serialization.py: since torch 1.6 a zip archive of ``data.pkl`` and
one uncompressed member a storage; before, pickles followed by the storages.
"""

import io
import math
import pickletools
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from anysound.errors import ModelError
from anysound.language import Text
from anysound.models.files.mapped import BFLOAT16, map_file

_LARGEST_PICKLE = 1 << 20  # bytes; the pickle of a CLAP checkpoint takes about 100 kB
_LARGEST_DIRECTORY = 4 << 20  # bytes, of a zip archive
_MOST_DIMENSIONS = 8

_ZIP = b"PK\x03\x04"
_LEGACY = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"  # torch's magic number


class _Function(Enum):
    """The functions that a state dict is rebuilt with; only their names are known here."""

    ORDERED_DICT = "collections OrderedDict"
    TENSOR = "torch._utils _rebuild_tensor_v2"
    PARAMETER = "torch._utils _rebuild_parameter"


_NAMES: Mapping[str, _Function | np.dtype[Any]] = {
    **{function.value: function for function in _Function},
    "torch FloatStorage": np.dtype("<f4"),
    "torch HalfStorage": np.dtype("<f2"),
    "torch BFloat16Storage": BFLOAT16,
    "torch DoubleStorage": np.dtype("<f8"),
    "torch LongStorage": np.dtype("<i8"),
    "torch IntStorage": np.dtype("<i4"),
    "torch ShortStorage": np.dtype("<i2"),
    "torch CharStorage": np.dtype("i1"),
    "torch ByteStorage": np.dtype("u1"),
    "torch BoolStorage": np.dtype("?"),
}
"""All that a file may name, and what stands for it."""


def read_torch_file(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a state dict as arrays over the mapped file.

    Args:
        path: A file of ``torch.save(model.state_dict(), path)``, in either of torch's formats.

    Raises:
        ModelError: The file can't be read, is damaged, or holds anything but a state dict.
            Nothing in it was run.
    """
    data = map_file(path)
    try:
        return _read(path, data)
    except _RefusedError as error:
        en, zh = error.text.en, error.text.zh
    except (ValueError, LookupError, OverflowError, struct.error):
        en, zh = "it is damaged or incomplete", "文件已损坏或不完整"
    raise ModelError(
        Text(
            en=f"{path} is refused: {en}. Only tensors are read from such a file, and nothing in "
            "it is run. Fetch the model again, or convert it to model.safetensors.",
            zh=f"已拒绝 {path}：{zh}。此类文件中只读取张量，不运行任何内容。"
            "请重新获取模型，或将其转换为 model.safetensors。",
        )
    )


class _RefusedError(Exception):
    """Why a file isn't read, to be told with its name."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en=en, zh=zh)


def _read(path: Path, data: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    if data[: len(_ZIP)].tobytes() == _ZIP:
        return _read_zip(_members(path), data)
    if data[: len(_LEGACY)].tobytes() == _LEGACY:
        return _read_legacy(data)
    raise _RefusedError("it is no file of torch.save", "它不是 torch.save 保存的文件")


def _read_zip(
    members: Mapping[str, zipfile.ZipInfo], data: NDArray[np.uint8]
) -> dict[str, NDArray[Any]]:
    pickles = [name for name in members if name.endswith("/data.pkl") and name.count("/") == 1]
    if len(pickles) != 1:
        raise _RefusedError("it holds no data.pkl of torch", "其中没有 torch 的 data.pkl")
    root = pickles[0].removesuffix("data.pkl")
    order = members.get(f"{root}byteorder")
    if order is not None and _stored(data, order).tobytes() != b"little":
        raise _RefusedError("its bytes are in big-endian order", "其字节序为大端")
    program = _stored(data, members[pickles[0]])
    if len(program) > _LARGEST_PICKLE:
        raise _RefusedError("its data.pkl is far too large", "其 data.pkl 过大")
    machine = _Machine()
    state = machine.run(io.BytesIO(program.tobytes()))
    buffers = {key: _stored(data, members[f"{root}data/{key}"]) for key in machine.storages}
    return _arrays(state, machine.storages, buffers)


class _Frugal(io.FileIO):
    """A file of which nothing large is read at once: zipfile trusts the sizes it finds."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LARGEST_DIRECTORY:
            raise zipfile.BadZipFile("the directory is far too large")
        return super().read(size) or b""


def _members(path: Path) -> dict[str, zipfile.ZipInfo]:
    try:
        with _Frugal(path) as file, zipfile.ZipFile(file) as archive:
            return {member.filename: member for member in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise ValueError from error


def _stored(data: NDArray[np.uint8], member: zipfile.ZipInfo) -> NDArray[np.uint8]:
    """Return the bytes of a member, in place (APPNOTE.TXT, 4.3.7)."""
    is_encrypted = member.flag_bits & 1
    if is_encrypted or member.compress_type != zipfile.ZIP_STORED:
        raise _RefusedError(
            "it is compressed, which torch never does", "其内容经过压缩，非 torch 所写"
        )
    at = member.header_offset
    header = data[at : at + 30].tobytes() if at >= 0 else b""
    if not header.startswith(_ZIP):
        raise ValueError
    begin = at + 30 + sum(struct.unpack("<HH", header[26:]))
    stored = data[begin : begin + member.file_size]
    if len(stored) != member.file_size:
        raise ValueError
    return stored


def _read_legacy(data: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Read magic number, protocol, system, state dict, storage keys, then the storages."""
    stream = io.BytesIO(data[:_LARGEST_PICKLE].tobytes())
    _, _, system = (_Machine().run(stream) for _ in range(3))
    match system:
        case {"little_endian": True}:
            pass
        case _:
            raise _RefusedError("its bytes are in big-endian order", "其字节序为大端")
    machine = _Machine()
    state = machine.run(stream)
    keys = _Machine().run(stream)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise ValueError
    at = stream.tell()
    buffers = {}
    for key in keys:
        storage = machine.storages[key]
        begin = at + 8
        if data[at:begin].tobytes() != struct.pack("<q", storage.length):
            raise ValueError
        at = begin + storage.size
        buffers[key] = data[begin:at]
    return _arrays(state, machine.storages, buffers)


@dataclass(frozen=True)
class _Storage:
    """One piece of memory that tensors lie in: ``length`` numbers of one type."""

    key: str
    dtype: np.dtype[Any]
    length: int

    @property
    def size(self) -> int:
        return self.length * self.dtype.itemsize


@dataclass(frozen=True)
class _Tensor:
    """Where a tensor lies in its storage, counted in numbers."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def over(self, buffer: NDArray[np.uint8]) -> NDArray[Any]:
        """Return the tensor as an array over its storage's bytes."""
        dtype = self.storage.dtype
        size = dtype.itemsize
        strides = [stride * size for stride in self.strides]
        return np.ndarray(self.shape, dtype, buffer, self.offset * size, strides)


def _arrays(
    state: object,
    storages: Mapping[str, _Storage],
    buffers: Mapping[str, NDArray[np.uint8]],
) -> dict[str, NDArray[Any]]:
    """Lay the tensors of a state dict over the bytes of their storages."""
    if any(len(buffers[key]) != storage.size for key, storage in storages.items()):
        raise ValueError
    tensors = state.items() if isinstance(state, dict) else ()
    arrays = {
        name: tensor.over(buffers[tensor.storage.key])
        for name, tensor in tensors
        if isinstance(tensor, _Tensor)
    }
    if not arrays:
        raise _RefusedError("it holds no dictionary of tensors", "其中没有张量字典")
    return arrays


class _Machine:
    """Runs the pickle instructions that a dictionary of tensors is written with.

    What they do is told in Python's pickletools; nothing else is understood.

    Attributes:
        storages: What the tensors lie in, by key.
    """

    def __init__(self) -> None:
        self.storages: dict[str, _Storage] = {}
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def run(self, stream: BinaryIO) -> object:
        """Run one pickle to its end, and return what it built."""
        for instruction, argument, _ in pickletools.genops(stream):
            if instruction.name == "STOP":
                break
            self._step(instruction.name, argument)
        return self._stack.pop()

    def _step(self, instruction: str, argument: Any) -> None:
        push = self._stack.append
        match instruction:
            case "PROTO":
                pass
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                push({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[instruction])
            case "BININT" | "BININT1" | "BININT2" | "LONG1" | "BINFLOAT" | "BINUNICODE":
                push(argument)
            case "EMPTY_TUPLE":
                push(())
            case "EMPTY_LIST":
                push([])
            case "EMPTY_DICT":
                push({})
            case "MARK":
                self._marks.append(len(self._stack))
            case "TUPLE":
                push(tuple(self._since_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                push(tuple(self._last(int(instruction[-1]))))
            case "APPEND":
                self._extend(self._last(1))
            case "APPENDS":
                self._extend(self._since_mark())
            case "SETITEM":
                self._set_items(self._last(2))
            case "SETITEMS":
                self._set_items(self._since_mark())
            case "BINPUT" | "LONG_BINPUT":
                self._memo[argument] = self._stack[-1]
            case "BINGET" | "LONG_BINGET":
                push(self._memo[argument])
            case "GLOBAL":
                push(_named(argument))
            case "BINPERSID":
                push(self._storage(self._stack.pop()))
            case "REDUCE":
                push(_rebuilt(*self._last(2)))
            case "BUILD":
                self._forget_state()
            case _:
                raise _unexpected(f"the instruction {instruction}", f"指令 {instruction}")

    def _last(self, count: int) -> list[Any]:
        """Take the topmost values off the stack."""
        if len(self._stack) < count:
            raise ValueError
        values = self._stack[-count:]
        del self._stack[-count:]
        return values

    def _since_mark(self) -> list[Any]:
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def _extend(self, values: list[Any]) -> None:
        if not isinstance(self._stack[-1], list):
            raise ValueError
        self._stack[-1].extend(values)

    def _set_items(self, flat: list[Any]) -> None:
        target = self._stack[-1]
        # Text alone: to hash nested tuples may take forever.
        if not isinstance(target, dict) or not all(isinstance(key, str) for key in flat[::2]):
            raise _unexpected("a dictionary whose keys aren't text", "键不是文本的字典")
        target.update(zip(flat[::2], flat[1::2], strict=True))

    def _forget_state(self) -> None:
        """Drop the attributes of a state dict (torch notes its modules' versions there)."""
        self._stack.pop()
        if not isinstance(self._stack[-1], dict):
            raise _unexpected("a value with a state of its own", "带自身状态的对象")

    def _storage(self, identifier: object) -> _Storage:
        match identifier:
            case (
                ("storage", np.dtype() as dtype, str(key), str(), int(length))
                | ("storage", np.dtype() as dtype, str(key), str(), int(length), None)  # legacy
            ):
                storage = _Storage(key, dtype, length)
            case _:
                raise _unexpected("an unknown kind of storage", "未知的存储类型")
        if self.storages.setdefault(key, storage) != storage:
            raise ValueError
        return storage


def _unexpected(en: str, zh: str) -> _RefusedError:
    return _RefusedError(
        f"it contains {en}, which no model's weights need", f"其中包含{zh}，模型权重不需要它"
    )


def _named(name: str) -> _Function | np.dtype[Any]:
    if name not in _NAMES:
        shown = repr(name.replace(" ", ".", 1)[:80])
        raise _unexpected(f"a reference to {shown}", f"对 {shown} 的引用")
    return _NAMES[name]


def _rebuilt(function: object, arguments: object) -> dict[str, object] | _Tensor:
    """Do what one of torch's functions would do."""
    match function, arguments:
        case _Function.ORDERED_DICT, ():
            return {}
        case _Function.PARAMETER, (_Tensor() as tensor, _, _):
            return tensor
        case (
            _Function.TENSOR,
            (_Storage() as storage, int(offset), tuple(shape), tuple(strides), _, _),
        ):
            return _checked(_Tensor(storage, offset, shape, strides))
    raise _unexpected("an unknown call", "未知的调用")


def _checked(tensor: _Tensor) -> _Tensor:
    """Refuse a tensor that reaches outside its storage or spreads it over more numbers."""
    shape, strides = tensor.shape, tensor.strides
    is_sound = (
        len(shape) == len(strides) <= _MOST_DIMENSIONS
        and all(type(n) is int and n >= 0 for n in (tensor.offset, *shape, *strides))
        and math.prod(shape) <= tensor.storage.length
        and _end(tensor) <= tensor.storage.length
    )
    if not is_sound:
        raise _RefusedError(
            "a tensor in it reaches outside its storage", "其中有张量超出自身的存储范围"
        )
    return tensor


def _end(tensor: _Tensor) -> int:
    """Return the first place of the storage that lies behind the tensor."""
    if 0 in tensor.shape:
        return tensor.offset
    steps = zip(tensor.shape, tensor.strides, strict=True)
    return tensor.offset + sum((size - 1) * stride for size, stride in steps) + 1
