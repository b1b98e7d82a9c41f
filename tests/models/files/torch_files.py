"""Files as ``torch.save`` writes them, made without torch."""

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STORAGES = {"<f4": "Float", "<f2": "Half", "<f8": "Double", "<i8": "Long", "|b1": "Bool"}


@dataclass(frozen=True)
class Name:
    """A reference to something of a module."""

    module: str
    name: str


@dataclass(frozen=True)
class Call:
    """A call that the reader of the pickle is to make."""

    function: object
    arguments: object


@dataclass(frozen=True)
class Persistent:
    """A reference to something outside the pickle."""

    identifier: object


@dataclass(frozen=True)
class Raw:
    """Instructions as they are."""

    code: bytes


def encode(value: object) -> bytes:
    """Write a value as instructions of pickle protocol 2, without those that begin and end it."""
    match value:
        case Raw(code):
            return code
        case None:
            return b"N"
        case bool():
            return b"\x88" if value else b"\x89"
        case int() if -(2**31) <= value < 2**31:
            return b"J" + struct.pack("<i", value)
        case int():
            size = value.bit_length() // 8 + 1
            return b"\x8a" + bytes([size]) + value.to_bytes(size, "little", signed=True)
        case str():
            return b"X" + struct.pack("<I", len(value.encode())) + value.encode()
        case tuple():
            return b"(" + b"".join(map(encode, value)) + b"t"
        case list():
            return b"](" + b"".join(map(encode, value)) + b"e"
        case dict():
            flat = (encode(part) for pair in value.items() for part in pair)
            return b"}(" + b"".join(flat) + b"u"
        case Name(module, name):
            return f"c{module}\n{name}\n".encode()
        case Call(function, arguments):
            return encode(function) + encode(arguments) + b"R"
        case Persistent(identifier):
            return encode(identifier) + b"Q"
    raise TypeError(value)


def program(value: object) -> bytes:
    """Write a whole pickle."""
    return b"\x80\x02" + encode(value) + b"."


ORDERED_DICT = Call(Name("collections", "OrderedDict"), ())


def storage(key: str, kind: str, length: int) -> Persistent:
    return Persistent(("storage", Name("torch", f"{kind}Storage"), key, "cpu", length))


def tensor(where: object, offset: object, shape: object, strides: object, *more: object) -> Call:
    """What ``torch.save`` writes for a tensor; offset and strides are counted in numbers."""
    function = Name("torch._utils", "_rebuild_tensor_v2")
    return Call(function, (where, offset, shape, strides, False, ORDERED_DICT, *more))


def whole(key: str, array: NDArray[np.generic]) -> Call:
    """A tensor that fills its storage."""
    kind = STORAGES[array.dtype.str]
    strides = tuple(step // array.itemsize for step in array.strides)
    return tensor(storage(key, kind, array.size), 0, array.shape, strides)


def archive(
    pickled: bytes,
    members: Mapping[str, bytes] | None = None,
    compression: int = zipfile.ZIP_STORED,
    byteorder: bytes | None = b"little",
) -> bytes:
    """Put a pickle and its storages into a zip archive, as torch does."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as output:
        output.writestr("pytorch_model/data.pkl", pickled)
        if byteorder is not None:
            output.writestr("pytorch_model/byteorder", byteorder)
        for key, data in (members or {}).items():
            output.writestr(f"pytorch_model/data/{key}", data)
        output.writestr("pytorch_model/version", "3\n")
    return file.getvalue()


def state_dict(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """Write whole tensors by name, as a zip archive."""
    values = {name: whole(str(i), array) for i, (name, array) in enumerate(arrays.items())}
    members = {str(i): array.tobytes() for i, array in enumerate(arrays.values())}
    return archive(program(values), members)


def legacy(arrays: Mapping[str, NDArray[np.generic]], little_endian: bool = True) -> bytes:
    """Write whole tensors by name, as torch did before 1.6."""
    magic = 0x1950A86A20F9469CFC6C
    system = {"protocol_version": 1001, "little_endian": little_endian, "type_sizes": {"int": 4}}
    values: dict[str, Call] = {}
    keys: list[str] = []
    rest = b""
    for name, array in arrays.items():
        key = f"9{len(keys)}"
        kind = STORAGES[array.dtype.str]
        where = ("storage", Name("torch", f"{kind}Storage"), key, "cpu", array.size, None)
        strides = tuple(step // array.itemsize for step in array.strides)
        values[name] = tensor(Persistent(where), 0, array.shape, strides)
        keys.append(key)
        rest += struct.pack("<q", array.size) + array.tobytes()
    return b"".join(map(program, (magic, 1001, system, values, keys))) + rest
