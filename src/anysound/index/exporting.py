"""An index as one file for other programs: its windows, their embeddings and whose they are."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from anysound.errors import MissingExtraError, UsageError
from anysound.index.sounds import Sounds, read_sounds
from anysound.index.store import Tables
from anysound.language import Text
from anysound.writing import WholeFile

Writer: TypeAlias = Callable[[Tables, WholeFile], None]


def check_export(output: Path) -> Writer:
    """Return what writes the format that an output's name asks for.

    Raises:
        UsageError: The name asks for none.
    """
    wanted = {".parquet": _write_parquet, ".npz": _write_npz}.get(output.suffix.lower())
    if wanted is None:
        raise UsageError(
            Text(
                en=f"{output}: an index is exported to .parquet or .npz, and the name tells which.",
                zh=f"{output}：索引可导出为 .parquet 或 .npz，格式由文件名决定。",
            )
        )
    return wanted


def export(tables: Tables, output: Path) -> None:
    """Write the windows with their embeddings, in half precision as they are stored.

    Parquet has a row a window: ``recordings`` (a list of paths), ``start``, ``end``, ``embedding``.
    NumPy's npz has ``embeddings``, shape ``(n, dim)``; ``spans``, ``(n, 2)``; ``sound``, ``(n,)``,
    a number for each sound; and ``recordings``, paths, with ``recording_sound``, their numbers.

    Raises:
        UsageError: The output's name asks for another format.
        OutputError: It can't be written.
        ArchiveError: A part of the index can't be read.
    """
    write = check_export(output)
    with WholeFile(output) as whole:
        write(tables, whole)


def _write_parquet(tables: Tables, whole: WholeFile) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:  # which Lance brings along
        raise MissingExtraError(Text(en="Exporting an index", zh="导出索引"), "index") from error
    dim = tables.description.model.dim
    schema = pa.schema(
        [
            ("recordings", pa.list_(pa.string())),
            ("start", pa.float64()),
            ("end", pa.float64()),
            ("embedding", pa.list_(pa.float16(), dim)),
        ]
    )
    with whole.reporting():
        writer = parquet.ParquetWriter(whole.file, schema)
    for sounds in read_sounds(tables.windows):
        paths = [
            [_printable(each.path) for each in tables.by_sound.get(name, ())]
            for name in sounds.names
        ]
        rows = np.repeat(np.arange(len(paths)), sounds.counts)
        columns = [
            pa.array([paths[row] for row in rows], schema.field("recordings").type),
            pa.array(sounds.spans[:, 0]),
            pa.array(sounds.spans[:, 1]),
            pa.FixedSizeListArray.from_arrays(pa.array(sounds.embeddings.ravel()), dim),
        ]
        with whole.reporting():
            writer.write_table(pa.table(columns, schema=schema))
    with whole.reporting():
        writer.close()


def _write_npz(tables: Tables, whole: WholeFile) -> None:
    count, dim = len(tables.windows), tables.description.model.dim
    numbers: dict[str, int] = {}

    def sound_of(sounds: Sounds) -> Any:
        each = [numbers.setdefault(name, len(numbers)) for name in sounds.names]
        return np.repeat(np.array(each, np.int64), sounds.counts)

    with whole.reporting():
        archive = zipfile.ZipFile(whole.file, "w")

    def write(name: str, dtype: type, shape: tuple[int, ...], parts: Iterator[Any]) -> None:
        """Write an array piece by piece; the index isn't held."""
        with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
            descr = np.lib.format.dtype_to_descr(np.dtype(dtype))
            header = {"descr": descr, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            for part in parts:
                file.write(np.ascontiguousarray(part, dtype).data)

    def sounds() -> Iterator[Sounds]:
        return read_sounds(tables.windows)

    with whole.reporting():
        write("embeddings", np.float16, (count, dim), (each.embeddings for each in sounds()))
        write("spans", np.float64, (count, 2), (each.spans for each in sounds()))
        write("sound", np.int64, (count,), (sound_of(each) for each in sounds()))
        recordings = list(tables.by_path.values())
        owners = np.array([numbers.get(each.sound, -1) for each in recordings], np.int64)
        write("recording_sound", np.int64, owners.shape, iter([owners]))
        with archive.open("recordings.npy", "w") as file:
            paths = np.array([_printable(each.path) for each in recordings], np.str_)
            np.lib.format.write_array(file, paths, allow_pickle=False)
        archive.close()


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()
